"""What the mail desk can look up: the list of items with its views, and figures over them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, func, or_, select
from sqlalchemy.orm import QueryableAttribute, Session

from cbo_desk import search
from cbo_desk.context import ZONE, local, today
from cbo_desk.mail import limits, rules
from cbo_desk.mail.rules import State
from cbo_desk.mail.standing import KIND, shelf_of
from cbo_desk.paging import PagedList, Sort
from cbo_desk.permissions import reads
from db.mail import MailItem

IN_HAND = tuple(str(state) for state in sorted(rules.IN_OUR_HANDS))


@dataclass(frozen=True)
class MailFilter:
    """Which items a list shows; empty parts leave everything in. Dates are days of receipt at the site."""

    words: str = ""
    states: tuple[str, ...] = ()
    entities: tuple[str, ...] = ()
    carriers: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    accountable: bool = False
    incomplete: bool = False
    received_from: date | None = None
    received_to: date | None = None

    def with_words(self, words: str) -> MailFilter:
        """The same filter with other words."""
        return replace(self, words=words)


@dataclass(frozen=True)
class MailRow:
    """One line of the list."""

    id: int
    number: str
    addressee: str
    entity: str
    shelf: str
    received_at: datetime
    state: State
    carrier: str
    carrier_number: str
    item_class: str
    accountable: bool
    missing: str
    damage: str
    holder: str


_COLUMNS = (
    MailItem.id, MailItem.number, MailItem.addressee, MailItem.entity_code, MailItem.shelf_code, MailItem.received_at,
    MailItem.state, MailItem.carrier, MailItem.carrier_number, MailItem.item_class, MailItem.accountable,
    MailItem.missing, MailItem.damage, MailItem.holder,
)  # fmt: skip
# Built once: it is asked after every scan.
_SOME_ROWS = select(*_COLUMNS).where(MailItem.id.in_(bindparam("ids", expanding=True)))
SORTS: dict[str, QueryableAttribute[Any]] = {
    "number": MailItem.number,
    "addressee": MailItem.addressee,
    "shelf": MailItem.shelf_code,
    "received": MailItem.received_at,
}


@reads("mail", "look at mail")
class MailList(PagedList[MailRow]):
    """Items of mail, filtered and ordered in SQL; longest with us first unless told otherwise."""

    kind = KIND
    plain = True

    def __init__(self, wanted: MailFilter | None = None, sort: str = "received", descending: bool = False) -> None:
        self.filter = wanted or MailFilter()
        super().__init__(
            select(*_COLUMNS), MailItem.id, Sort((SORTS[sort], MailItem.id), descending), condition_of(self.filter)
        )

    def condition(self, session: Session) -> ColumnElement[bool]:
        """The filter's conditions; words are looked up the engine's own way."""
        found = search.matching(session, KIND, self.filter.words)
        return self._where if found is None else and_(self._where, MailItem.id.in_(found))

    def condition_by_row(self, session: Session) -> ColumnElement[bool]:
        """The same, words looked for in each item's own entry."""
        if search.matching(session, KIND, self.filter.words) is None:
            return self._where
        return and_(self._where, search.held_by(session, KIND, self.filter.words, MailItem.id))

    def is_long(self, session: Session) -> bool:
        """Words decide first: only where very many items hold them do the other conditions."""
        if search.matching(session, KIND, self.filter.words) is not None:
            rows = session.scalar(select(func.max(MailItem.id))) or 0
            if not search.many_hold(session, self.filter.words, self.many_of(rows)):
                return False
        return self.lets_many_through(session, self._where)

    def row_of(self, values: Any) -> MailRow:
        """One line."""
        return _row(values)


def _row(values: Any) -> MailRow:
    parts = list(values[: len(_COLUMNS)])
    parts[3] = parts[3] or ""
    parts[6] = State(parts[6])
    return MailRow(*parts)


def condition_of(wanted: MailFilter) -> ColumnElement[bool]:
    """What a filter lets through, words left aside."""
    if wanted.states:
        parts: list[ColumnElement[bool]] = [MailItem.state.in_(wanted.states)]
    else:
        parts = [MailItem.state.not_in((State.WITHDRAWN, State.NEW))]
    if wanted.entities:
        parts.append(MailItem.entity_code.in_(wanted.entities))
    if wanted.carriers:
        parts.append(MailItem.carrier.in_(wanted.carriers))
    if wanted.classes:
        parts.append(MailItem.item_class.in_(wanted.classes))
    if wanted.accountable:
        parts.append(MailItem.accountable.is_(True))
    if wanted.incomplete:
        parts += [MailItem.missing > "", MailItem.state.in_(IN_HAND)]
    if wanted.received_from is not None:
        parts.append(MailItem.received_at >= _midnight(wanted.received_from))
    if wanted.received_to is not None:
        parts.append(MailItem.received_at < _midnight(wanted.received_to + timedelta(days=1)))
    return and_(*parts)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), ZONE)


@dataclass(frozen=True)
class MailFigures:
    """Figures of the page's head: items by state, and what waits to be completed or to go back."""

    by_state: dict[str, int]
    in_hands: int
    exceptions: int
    to_complete: int
    going_back: int
    accountable: int
    lying_long: int
    ageing: limits.Ageing

    @property
    def waiting(self) -> int:
        """What waits for a person: the count beside the desk."""
        return self.to_complete + self.exceptions


@reads("mail", "look at mail")
def figures(session: Session) -> MailFigures:
    """Count what is in our hands."""
    wanted = select(MailItem.state, func.count()).group_by(MailItem.state)
    by_state = {row[0]: int(row[1]) for row in session.execute(wanted)}
    lying = limits.ageing(session)
    day = today(session)
    here = MailItem.state.in_((State.RECEIVED, State.SHELVED, State.HELD))
    # A limit in working days is longer in calendar days, so nothing younger than this can be near it.
    old_enough = _midnight(day - timedelta(days=max(lying.back - 7, 0)) + timedelta(days=1))
    old = session.scalars(select(MailItem.received_at).where(here, MailItem.received_at < old_enough))
    week = sum(limits.day_after(local(at).date(), lying.back) <= day + timedelta(days=7) for at in old)
    open_ones = MailItem.state.in_(IN_HAND)
    long = limits.day_before(day, lying.remind)
    return MailFigures(
        by_state,
        sum(by_state.get(state, 0) for state in IN_HAND),
        sum(by_state.get(state, 0) for state in rules.EXCEPTIONS),
        _count(session, and_(MailItem.missing > "", open_ones)),
        week,
        _count(session, and_(MailItem.accountable, open_ones)),
        _count(session, and_(here, MailItem.received_at < _midnight(long + timedelta(days=1)))),
        lying,
    )


def return_due(session: Session, day: date) -> ColumnElement[bool]:
    """The items that have lain with us for as long as they may by a day."""
    waits = MailItem.state.in_((State.RECEIVED, State.SHELVED, State.HELD))
    last = limits.day_before(day, limits.ageing(session).back)
    return and_(waits, MailItem.received_at < _midnight(last + timedelta(days=1)))


@reads("mail", "look at mail")
def shelf_code(session: Session, place_id: int) -> tuple[int, str]:
    """Id and code of a place that mail can be put on; Refusal where it is gone or too large to find anything in."""
    shelf = shelf_of(session, place_id)
    return shelf.id, shelf.code


@reads("mail", "look at mail")
def rows_of(session: Session, ids: Iterable[int]) -> list[MailRow]:
    """Rows of certain items, in the order of the ids; one that is gone is left out."""
    wanted = list(ids)
    found: dict[int, MailRow] = {}
    for start in range(0, len(wanted), 500):
        rows = session.connection().execute(_SOME_ROWS, {"ids": wanted[start : start + 500]})
        found |= {values[0]: _row(values) for values in rows}
    return [found[ident] for ident in wanted if ident in found]


@reads("mail", "look at mail")
def carriers_seen(session: Session) -> list[str]:
    """The carriers that have brought mail so far, by name."""
    return [name for name in session.scalars(select(MailItem.carrier).distinct().order_by(MailItem.carrier)) if name]


@reads("mail", "look at mail")
def by_carrier_number(session: Session, code: str) -> list[tuple[int, str]]:
    """Items with this carrier's number, the newest first: id and our number."""
    wanted = select(MailItem.id, MailItem.number).where(
        or_(MailItem.carrier_number == code), MailItem.state != State.WITHDRAWN
    )
    return [(row.id, row.number) for row in session.execute(wanted.order_by(MailItem.received_at.desc()).limit(20))]


def _count(session: Session, condition: ColumnElement[bool]) -> int:
    return int(session.scalar(select(func.count()).select_from(MailItem).where(condition)) or 0)
