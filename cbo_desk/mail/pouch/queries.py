"""What can be looked up of the pouch: bags, and one bag with what is in it, for those who have the right to know."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, func, or_, select
from sqlalchemy.orm import Session

from cbo_desk.audit import HistoryLine, history
from cbo_desk.errors import Refusal
from cbo_desk.mail.outgoing.queries import sees_inside
from cbo_desk.mail.pouch.packing import BAG, state_of
from cbo_desk.mail.pouch.rules import BagState, CaseWhat, SealFound
from cbo_desk.paging import PagedList, Sort
from cbo_desk.permissions import reads
from cbo_desk.tags import tag_of
from db.mail_outgoing import MailOutgoing
from db.mail_pouch import MailBag, MailBagCase, MailBagLine, MailPouchDestination, MailSecret


@dataclass(frozen=True)
class Destination:
    """Where the pouch goes to and comes from."""

    id: int
    code: str
    name: str


@reads("mail", "look at the pouch")
def destinations(session: Session) -> list[Destination]:
    """Every destination, by code."""
    wanted = select(MailPouchDestination).where(MailPouchDestination.gone_at.is_(None))
    rows = session.scalars(wanted.order_by(MailPouchDestination.code))
    return [Destination(row.id, row.code, row.name) for row in rows]


@dataclass(frozen=True)
class BagRow:
    """One line of the list of bags: what everybody may know. Weights in grams."""

    id: int
    number: str
    direction: str
    destination: str
    state: BagState
    count: int
    weight_g: int
    limit_g: int
    seal: str
    cut_off_at: datetime
    their_number: str
    cases: int


@dataclass(frozen=True)
class BagLine:
    """One package in a bag, as those may see it who have the right. Weight in grams."""

    id: int
    outgoing_id: int | None
    reference: str
    addressee: str
    contents: str
    entity: str
    weight_g: int
    found: str
    item_id: int | None


@dataclass(frozen=True)
class BagCase:
    """One case of a bag."""

    id: int
    number: str
    what: CaseWhat
    note: str
    opened_at: datetime
    opened_by: str
    closed_at: datetime | None
    outcome: str


@dataclass(frozen=True)
class BagCard:
    """One bag. `lines` are empty and `hidden` is set where the person may not know what is in it.

    `waits` are packages that wait here for this destination; `left` how many are not counted yet.
    """

    row: BagRow
    package_most_g: int
    made_at: datetime
    certified_at: datetime | None
    certified_by: str
    sealed_at: datetime | None
    dispatched_at: datetime | None
    carried_by: str
    arrived_at: datetime | None
    seal_found: SealFound | None
    confirmed_at: datetime | None
    confirmed_by: str
    code: str
    lines: tuple[BagLine, ...]
    hidden: bool
    left: int
    waits: tuple[int, ...]
    cases: tuple[BagCase, ...]
    deeds: tuple[HistoryLine, ...]


_of_bag = MailBagLine.bag_id == MailBag.id
_INSIDE = select(func.count()).where(_of_bag).scalar_subquery()
_WEIGHS = select(func.coalesce(func.sum(MailBagLine.weight_g), 0)).where(_of_bag).scalar_subquery()
_CASES = select(func.count()).where(MailBagCase.bag_id == MailBag.id, MailBagCase.closed_at.is_(None)).scalar_subquery()


@reads("mail", "look at the pouch")
class BagList(PagedList[BagRow]):
    """Bags by their cut-off, the newest first; `which` is "", "out", "in", "packing" or "counting"."""

    kind = BAG

    def __init__(self, words: str = "", which: str = "", sort: str = "cut_off", descending: bool = True) -> None:
        column = MailBag.number if sort == "number" else MailBag.cut_off_at
        parts: list[ColumnElement[bool]] = [MailBag.id.is_not(None)]
        if which in ("out", "in"):
            parts.append(MailBag.direction == which)
        elif which == "packing":
            parts += [MailBag.direction == "out", MailBag.dispatched_at.is_(None)]
        elif which == "counting":
            parts += [MailBag.direction == "in", MailBag.confirmed_at.is_(None)]
        for word in words.split():
            known = (MailBag.number, MailBag.destination, MailBag.seal, MailBag.their_number)
            parts.append(or_(*(one.ilike(f"%{word}%") for one in known)))
        order = Sort((column, MailBag.id), descending)
        super().__init__(select(MailBag.id, MailBag, _INSIDE, _WEIGHS, _CASES), MailBag.id, order, and_(*parts))

    def row_of(self, values: Any) -> BagRow:
        """One line."""
        return _row(values[1], values[2], values[3], values[4])


def _row(bag: MailBag, count: int, weight: int, cases: int) -> BagRow:
    return BagRow(
        bag.id, bag.number, bag.direction, bag.destination, state_of(bag), int(count), int(weight), bag.limit_g,
        bag.seal, bag.cut_off_at, bag.their_number, int(cases),
    )  # fmt: skip


@reads("mail", "look at the pouch")
def bags_between(session: Session, starts: datetime, ends: datetime) -> list[BagRow]:
    """The bags whose cut-off, or expected arrival, is from an instant to another, the end not included, by its time."""
    due = (MailBag.cut_off_at >= starts, MailBag.cut_off_at < ends)
    wanted = select(MailBag, _INSIDE, _WEIGHS, _CASES).where(*due).order_by(MailBag.cut_off_at, MailBag.id)
    return [_row(*found) for found in session.execute(wanted)]


# Deeds whose sentence names a single package of a bag that came in.
_NAMING = frozenset({"pouch.count", "pouch.uncount"})
DEEDS_SHOWN = 12


@reads("mail", "look at the pouch")
def bag_card(session: Session, bag_id: int) -> BagCard:
    """One bag, with what is in it for those who may know."""
    found = session.execute(select(MailBag, _INSIDE, _WEIGHS, _CASES).where(MailBag.id == bag_id)).first()
    if found is None:
        raise Refusal("This bag is no longer there.")
    bag: MailBag = found[0]
    hidden = not sees_inside(session)
    left = session.scalar(select(func.count()).where(MailBagLine.bag_id == bag_id, MailBagLine.found == ""))
    return BagCard(
        row=_row(*found),
        package_most_g=bag.package_most_g,
        made_at=bag.made_at,
        certified_at=bag.certified_at,
        certified_by=bag.certified_by,
        sealed_at=bag.sealed_at,
        dispatched_at=bag.dispatched_at,
        carried_by=bag.carried_by,
        arrived_at=bag.arrived_at,
        seal_found=SealFound(bag.seal_found) if bag.seal_found else None,
        confirmed_at=bag.confirmed_at,
        confirmed_by=bag.confirmed_by,
        code=tag_of(session, BAG, bag_id),
        lines=() if hidden else _lines(session, bag_id),
        hidden=hidden,
        left=int(left or 0) if bag.direction == "in" else 0,
        waits=_waits(session, bag) if state_of(bag) is BagState.OPEN else (),
        cases=_cases(session, bag_id),
        deeds=_deeds(session, bag_id, hidden),
    )


def _deeds(session: Session, bag_id: int, hidden: bool) -> tuple[HistoryLine, ...]:
    """The newest deeds on a bag; those that name a package are left out for who may not know what is in it."""
    if not hidden:
        return tuple(history(session, BAG, bag_id, DEEDS_SHOWN))
    return tuple(one for one in history(session, BAG, bag_id) if one.command not in _NAMING)[:DEEDS_SHOWN]


def _lines(session: Session, bag_id: int) -> tuple[BagLine, ...]:
    return tuple(BagLine(*line) for line in session.connection().execute(_LINES, {"bag": bag_id}))


# Built once: it is asked after every scan into a bag.
_LINE = MailBagLine
_LINES = (
    select(
        _LINE.id, _LINE.outgoing_id, _LINE.reference, func.coalesce(MailSecret.addressee, ""),
        func.coalesce(MailSecret.contents, ""),
        func.coalesce(MailOutgoing.entity_code, ""), _LINE.weight_g, _LINE.found, _LINE.item_id,
    )
    .join_from(_LINE, MailOutgoing, MailOutgoing.id == _LINE.outgoing_id, isouter=True)
    .join(MailSecret, and_(MailSecret.kind == "line", MailSecret.record_id == _LINE.id), isouter=True)
    .where(_LINE.bag_id == bindparam("bag"))
    .order_by(_LINE.id)
)  # fmt: skip


def _waits(session: Session, bag: MailBag) -> tuple[int, ...]:
    code = session.scalar(select(MailPouchDestination.code).where(MailPouchDestination.id == bag.destination_id))
    wanted = select(MailOutgoing.id).where(
        MailOutgoing.way == "pouch", MailOutgoing.state == "handed_in", MailOutgoing.country == code
    )
    return tuple(session.scalars(wanted.order_by(MailOutgoing.id)))


def _cases(session: Session, bag_id: int) -> tuple[BagCase, ...]:
    rows = session.scalars(select(MailBagCase).where(MailBagCase.bag_id == bag_id).order_by(MailBagCase.id))
    return tuple(
        BagCase(
            row.id, row.number, CaseWhat(row.what), row.note, row.opened_at, row.opened_by, row.closed_at, row.outcome
        )
        for row in rows
    )


@dataclass(frozen=True)
class PouchFigures:
    """Bags that are packed, that are expected or to be counted, and cases that are open."""

    packing: int
    coming: int
    cases: int


@reads("mail", "look at the pouch")
def pouch_figures(session: Session) -> PouchFigures:
    """Count what waits at the pouch."""
    packing = and_(MailBag.direction == "out", MailBag.dispatched_at.is_(None))
    coming = and_(MailBag.direction == "in", MailBag.confirmed_at.is_(None))
    cases = select(func.count()).select_from(MailBagCase).where(MailBagCase.closed_at.is_(None))
    packed, expected = (
        int(session.scalar(select(func.count()).select_from(MailBag).where(where)) or 0) for where in (packing, coming)
    )
    return PouchFigures(packed, expected, int(session.scalar(cases) or 0))
