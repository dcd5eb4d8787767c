"""What can be looked up of outgoing mail: the list with its views, and one item with its way.

Of what goes by pouch, whoever lacks the right sees number, weight and state: here, in files and in searches alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select, type_coerce
from sqlalchemy.orm import QueryableAttribute, Session

from cbo_desk.audit import HistoryLine, history
from cbo_desk.charges import ChargeLine, charges_of
from cbo_desk.context import ZONE, actor
from cbo_desk.errors import Refusal
from cbo_desk.mail.outgoing import rules
from cbo_desk.mail.outgoing.handing_in import form_of, wanted_of
from cbo_desk.mail.outgoing.rates import compare
from cbo_desk.mail.outgoing.rules import Handed, Offer, State, What
from cbo_desk.mail.outgoing.standing import LOOK_INSIDE, OUTGOING
from cbo_desk.mail.outgoing.way import OutgoingEvent, way_of
from cbo_desk.mail.secrets import HIDDEN as HIDDEN
from cbo_desk.paging import Key, Line, Outline, PagedList, Sort
from cbo_desk.permissions import reads
from db.mail_outgoing import MailManifest, MailOutgoing
from db.mail_pouch import MailBag, MailSecret
from db.tags import Tag

WAITING = tuple(sorted(str(state) for state in rules.WAITING))


@dataclass(frozen=True)
class OutgoingFilter:
    """Which items a list shows; empty parts leave everything in. Dates are days of handing in at the site."""

    words: str = ""
    states: tuple[str, ...] = ()
    entities: tuple[str, ...] = ()
    carriers: tuple[str, ...] = ()
    way: str = ""
    no_carrier: bool = False
    since: date | None = None
    until: date | None = None

    def with_words(self, words: str) -> OutgoingFilter:
        """The same filter with other words."""
        return replace(self, words=words)


@dataclass(frozen=True)
class OutgoingRow:
    """One line of the list; what the person may not know is HIDDEN. Weight in grams, price in hundredths."""

    id: int
    number: str
    way: str
    recipient: str
    country: str
    entity: str
    item_class: str
    weight_g: int
    carrier: str
    carrier_number: str
    price_cents: int | None
    currency: str
    state: State
    handed_in_at: datetime
    manifest: str
    bag: str


_OF_ITEM = (MailSecret.kind == "outgoing", MailSecret.record_id == MailOutgoing.id)
_RECIPIENT, _PURPOSE = (
    func.coalesce(select(column).where(*_OF_ITEM).correlate(MailOutgoing).scalar_subquery(), otherwise)
    for column, otherwise in (
        (MailSecret.addressee, MailOutgoing.secret_recipient), (MailSecret.purpose, MailOutgoing.purpose)
    )
)  # fmt: skip
_COLUMNS = (
    MailOutgoing.id, MailOutgoing.number, MailOutgoing.way, _RECIPIENT, MailOutgoing.country,
    MailOutgoing.entity_code, MailOutgoing.item_class, MailOutgoing.weight_g, MailOutgoing.carrier,
    MailOutgoing.carrier_number, MailOutgoing.price_cents, MailOutgoing.currency, MailOutgoing.state,
    MailOutgoing.handed_in_at,
    select(MailManifest.number).where(MailManifest.id == MailOutgoing.manifest_id).scalar_subquery(),
    select(MailBag.number).where(MailBag.id == MailOutgoing.bag_id).scalar_subquery(),
)  # fmt: skip
SORTS: dict[str, QueryableAttribute[Any]] = {
    "number": MailOutgoing.number,
    "handed_in": MailOutgoing.handed_in_at,
    "entity": MailOutgoing.entity_code,
}
_SHOWN = case((MailOutgoing.way == "pouch", ""), else_=MailOutgoing.entity_code)
_ENTITY_SHOWN: Any = type_coerce(_SHOWN, MailOutgoing.entity_code.type).label("entity_shown")
"""The entity as who may not look inside sees it: what goes by pouch stands together, wherever it comes from."""


def sees_inside(session: Session) -> bool:
    """Whether the person at work may know what is in the pouch."""
    return actor(session).may(LOOK_INSIDE)


@reads("mail", "look at outgoing mail")
class OutgoingList(PagedList[OutgoingRow]):
    """Outgoing items, filtered and ordered in SQL; the newest first unless told otherwise."""

    kind = OUTGOING

    def __init__(self, wanted: OutgoingFilter | None = None, sort: str = "handed_in", descending: bool = True) -> None:
        self.filter = wanted or OutgoingFilter()
        order = Sort((SORTS.get(sort, _ENTITY_SHOWN), MailOutgoing.id), descending)
        super().__init__(select(*_COLUMNS), MailOutgoing.id, order, _condition(self.filter))
        self._sees = False
        self._shut = OutgoingList(self.filter, "entity_shown", descending) if sort == "entity" else None

    def _other(self, session: Session) -> OutgoingList | None:
        """The list in the order that this person may see, where it is another: a place among entities is a hint."""
        return None if sees_inside(session) else self._shut

    def first(self, session: Session, /, *, exact: bool = False) -> list[Line[OutgoingRow]]:
        """The first lines."""
        other = self._other(session)
        return super().first(session, exact=exact) if other is None else other.first(session, exact=exact)

    def page(self, session: Session, start: Key, count: int, /) -> list[Line[OutgoingRow]]:
        """`count` lines from the key `start` on."""
        other = self._other(session)
        return super().page(session, start, count) if other is None else other.page(session, start, count)

    def among(self, session: Session, ids: Sequence[int], /) -> list[Line[OutgoingRow]]:
        """Those of `ids` that belong to the list now, in its order."""
        other = self._other(session)
        return super().among(session, ids) if other is None else other.among(session, ids)

    def between(self, session: Session, start: Key, key: Key, /) -> int:
        """How many lines stand from `start` on and before `key`."""
        other = self._other(session)
        return super().between(session, start, key) if other is None else other.between(session, start, key)

    def outline(self, session: Session, /) -> Outline:
        """How long the list is, and where its pages begin."""
        other = self._other(session)
        return super().outline(session) if other is None else other.outline(session)

    def ids(self, session: Session, most: int, /) -> list[int]:
        """The ids of the first `most` rows, in order."""
        other = self._other(session)
        return super().ids(session, most) if other is None else other.ids(session, most)

    def condition(self, session: Session) -> ColumnElement[bool]:
        """The filter's conditions; words find what goes by pouch by its number alone, unless one may know more."""
        self._sees = sees_inside(session)
        parts = [self._where]
        for word in self.filter.words.split():
            like = f"%{word}%"
            open_ones = MailOutgoing.way == "carrier"
            known = [
                _RECIPIENT, MailOutgoing.country, MailOutgoing.entity_code, MailOutgoing.carrier,
                MailOutgoing.carrier_number, _PURPOSE,
            ]  # fmt: skip
            anywhere = or_(*(column.ilike(like) for column in known))
            parts.append(or_(MailOutgoing.number.ilike(like), anywhere if self._sees else and_(open_ones, anywhere)))
        if self.filter.entities and not self._sees:
            parts.append(MailOutgoing.way == "carrier")
        return and_(*parts)

    def row_of(self, values: Any) -> OutgoingRow:
        """One line."""
        return _row(values, self._sees)

    def _read(self, session: Session, wanted: Any) -> Any:
        self._sees = sees_inside(session)
        return super()._read(session, wanted)


def _row(values: Any, sees: bool) -> OutgoingRow:
    parts = list(values[: len(_COLUMNS)])
    parts[12] = State(parts[12])
    parts[14], parts[15] = parts[14] or "", parts[15] or ""
    if parts[2] == "pouch" and not sees:
        parts[3] = parts[5] = HIDDEN
    return OutgoingRow(*parts)


def _condition(wanted: OutgoingFilter) -> ColumnElement[bool]:
    hidden = (State.WITHDRAWN, State.NEW)
    chosen = MailOutgoing.state.in_(wanted.states) if wanted.states else MailOutgoing.state.not_in(hidden)
    parts: list[ColumnElement[bool]] = [chosen]
    if wanted.entities:
        parts.append(MailOutgoing.entity_code.in_(wanted.entities))
    if wanted.carriers:
        parts.append(MailOutgoing.carrier.in_(wanted.carriers))
    if wanted.way:
        parts.append(MailOutgoing.way == wanted.way)
    if wanted.no_carrier:
        parts += [MailOutgoing.way == "carrier", MailOutgoing.carrier_id.is_(None)]
    if wanted.since is not None:
        parts.append(MailOutgoing.handed_in_at >= _midnight(wanted.since))
    if wanted.until is not None:
        parts.append(MailOutgoing.handed_in_at < _midnight(wanted.until + timedelta(days=1)))
    return and_(*parts)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), ZONE)


@reads("mail", "look at outgoing mail")
def outgoing_rows(session: Session, ids: Iterable[int]) -> list[OutgoingRow]:
    """Rows of certain items, in the order of the ids; one that is gone is left out."""
    wanted = list(ids)
    sees = sees_inside(session)
    found: dict[int, OutgoingRow] = {}
    for start in range(0, len(wanted), 500):
        rows = session.execute(select(*_COLUMNS).where(MailOutgoing.id.in_(wanted[start : start + 500])))
        found |= {values[0]: _row(values, sees) for values in rows}
    return [found[ident] for ident in wanted if ident in found]


@dataclass(frozen=True)
class OutgoingCard:
    """One outgoing item as its card shows it; `hidden` where the person may not know what it is.

    `broken` says where its way was changed from outside, empty where it is whole. `offers` is
    what each carrier would take it for today, as long as it waits here.
    """

    id: int
    number: str
    version: int
    way: str
    form: Handed
    entity: str
    zone: str
    state: State
    handed_in_at: datetime
    handed_in_by: str
    holder: str
    carrier_id: int | None
    carrier: str
    carrier_number: str
    price_cents: int | None
    currency: str
    manifest_id: int | None
    manifest: str
    bag_id: int | None
    bag: str
    code: str
    printed_at: datetime | None
    events: tuple[OutgoingEvent, ...]
    charges: tuple[ChargeLine, ...]
    offers: tuple[Offer, ...]
    deeds: tuple[HistoryLine, ...]
    hidden: bool
    broken: str


@reads("mail", "look at outgoing mail")
def outgoing_card(session: Session, item_id: int) -> OutgoingCard:
    """The whole way of one item, and what it costs."""
    item = session.get(MailOutgoing, item_id)
    if item is None:
        raise Refusal("This item of mail is no longer there.")
    hidden = item.way == "pouch" and not sees_inside(session)
    tag = session.scalars(
        select(Tag).where(Tag.subject_kind == OUTGOING, Tag.subject_id == item_id, Tag.ours, Tag.retired_at.is_(None))
    ).first()
    steps, broken = way_of(session, item)
    waits = State(item.state) is State.HANDED_IN and item.way == "carrier"
    form = Handed(weight_g=item.weight_g, item_class=item.item_class) if hidden else form_of(session, item)
    return OutgoingCard(
        id=item.id,
        number=item.number,
        version=item.version,
        way=item.way,
        form=form,
        entity=HIDDEN if hidden else item.entity_code,
        zone=item.zone,
        state=State(item.state),
        handed_in_at=item.handed_in_at,
        handed_in_by=item.handed_in_by,
        holder=item.holder,
        carrier_id=item.carrier_id,
        carrier=item.carrier,
        carrier_number=item.carrier_number,
        price_cents=item.price_cents,
        currency=item.currency,
        manifest_id=item.manifest_id,
        manifest=next((step.manifest for step in reversed(steps) if step.manifest), "") if item.manifest_id else "",
        bag_id=item.bag_id,
        bag=next((step.bag for step in reversed(steps) if step.bag), "") if item.bag_id else "",
        code=tag.code if tag else "",
        printed_at=tag.printed_at if tag else None,
        events=tuple(_shown(step, hidden) for step in steps),
        charges=() if hidden else tuple(charges_of(session, OUTGOING, item_id)),
        offers=tuple(compare(session, wanted_of(item))) if waits else (),
        deeds=tuple(history(session, OUTGOING, item_id)),
        hidden=hidden,
        broken=broken,
    )


def _shown(step: OutgoingEvent, hidden: bool) -> OutgoingEvent:
    return replace(step, from_hand=HIDDEN) if hidden and step.what is What.HAND_IN else step
