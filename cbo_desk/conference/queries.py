"""What the conference desk can look up: bookings, the day by room, spaces, and one booking's card."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select, true
from sqlalchemy.orm import QueryableAttribute, Session

from cbo_desk import audit, search
from cbo_desk.charges import ChargeLine, charges_of
from cbo_desk.conference.booking import KIND
from cbo_desk.conference.rules import Status, midnight
from cbo_desk.conference.spaces import SPACE
from cbo_desk.conference.waitlist_order import rank_name, turn_on
from cbo_desk.context import clock, local
from cbo_desk.errors import Refusal
from cbo_desk.paging import PagedList, Sort
from cbo_desk.permissions import reads
from db.conference import (
    Booking,
    BookingCell,
    BookingUnit,
    ConferenceCell,
    ConferenceSpace,
    ConferenceUnit,
    SpaceLayout,
)


@dataclass(frozen=True)
class BookingFilter:
    """Which bookings a list shows; empty parts leave everything in. Days are those of the start, at the site."""

    words: str = ""
    states: tuple[str, ...] = ()
    spaces: tuple[int, ...] = ()
    entities: tuple[str, ...] = ()
    first: date | None = None
    last: date | None = None

    def with_words(self, words: str) -> BookingFilter:
        """The same filter with other words."""
        return replace(self, words=words)


@dataclass(frozen=True)
class BookingRow:
    """One line of the list; `blocks_from` and `blocks_to` add set-up and clear-down."""

    id: int
    reference: str
    title: str
    entity: str
    people: int
    rank: int
    status: Status
    starts: datetime
    ends: datetime
    blocks_from: datetime
    blocks_to: datetime
    space: str
    layout: str
    hold_until: datetime | None
    in_series: bool


_CODE = select(ConferenceSpace.code).where(ConferenceSpace.id == Booking.space_id).scalar_subquery()
_COLUMNS = (
    Booking.id, Booking.reference, Booking.title, Booking.entity_code, Booking.people, Booking.rank, Booking.status,
    Booking.starts, Booking.ends, Booking.blocks_from, Booking.blocks_to, _CODE, Booking.layout_kind,
    Booking.hold_until, Booking.series_id,
)  # fmt: skip
SORTS: dict[str, tuple[QueryableAttribute[Any], ...]] = {
    "reference": (Booking.reference,),
    "title": (Booking.title,),
    "starts": (Booking.starts,),
    "people": (Booking.people,),
    "hold_until": (Booking.hold_until,),  # only of holds, which all have one
}
TURN = "turn"
"""The order in which those who wait are served: that of the ranks on a day, then who has waited longest."""


SPACE_SORTS: dict[str, tuple[QueryableAttribute[Any], ...]] = {
    "code": (ConferenceSpace.code,),
    "name": (ConferenceSpace.name,),
    "booths": (ConferenceSpace.booths,),
}


def _row(values: Any) -> BookingRow:
    parts = list(values[: len(_COLUMNS)])
    parts[3], parts[6], parts[11], parts[14] = parts[3] or "", Status(parts[6]), parts[11] or "", parts[14] is not None
    return BookingRow(*parts)


@reads("conference", "look at bookings")
class BookingList(PagedList[BookingRow]):
    """Bookings, filtered and ordered in SQL; in the order of their starts unless told otherwise.

    `day` is that whose order of ranks TURN follows, today where it is not given.
    """

    kind = KIND

    def __init__(
        self, wanted: BookingFilter | None = None, sort: str = "starts", descending: bool = False,
        day: date | None = None,
    ) -> None:  # fmt: skip
        self.filter = wanted or BookingFilter()
        turn = (turn_on(day or local(clock()).date()), Booking.made_at)
        columns: tuple[Any, ...] = turn if sort == TURN else SORTS[sort]
        super().__init__(
            select(*_COLUMNS), Booking.id, Sort((*columns, Booking.id), descending), _condition(self.filter)
        )

    def condition(self, session: Session) -> ColumnElement[bool]:
        """The filter's conditions; words are looked up the engine's own way."""
        found = search.matching(session, KIND, self.filter.words)
        return self._where if found is None else and_(self._where, Booking.id.in_(found))

    def row_of(self, values: Any) -> BookingRow:
        """One line."""
        return _row(values)


def _condition(wanted: BookingFilter) -> ColumnElement[bool]:
    parts: list[ColumnElement[bool]] = [true()]
    if wanted.states:
        parts.append(Booking.status.in_(wanted.states))
    if wanted.spaces:
        parts.append(Booking.space_id.in_(wanted.spaces))
    if wanted.entities:
        parts.append(Booking.entity_code.in_(wanted.entities))
    if wanted.first is not None:
        parts.append(Booking.starts >= midnight(wanted.first))
    if wanted.last is not None:
        parts.append(Booking.starts < midnight(wanted.last + timedelta(days=1)))
    return and_(*parts)


def booking_rows(
    session: Session, *wanted: ColumnElement[bool], extra: Sequence[QueryableAttribute[Any]] = ()
) -> list[tuple[BookingRow, tuple[Any, ...]]]:
    """Bookings as lines, in the order of their times, each with the `extra` columns."""
    found = session.execute(select(*_COLUMNS, *extra).where(*wanted).order_by(Booking.blocks_from, Booking.id))
    return [(_row(values), tuple(values[len(_COLUMNS) :])) for values in found]


@dataclass(frozen=True)
class SpaceRow:
    """A space as lists show it: its cells by code, and the building's and booths' numbers."""

    id: int
    code: str
    name: str
    booths: int
    features: str
    retired: bool


@reads("conference", "look at spaces")
class SpaceList(PagedList[SpaceRow]):
    """Spaces by code unless told otherwise; retired ones only where they are asked for.

    Every one of the `words` stands in the code, the name or the features.
    """

    kind = SPACE

    def __init__(self, retired: bool = False, words: str = "", sort: str = "code", descending: bool = False) -> None:
        columns = (
            ConferenceSpace.id, ConferenceSpace.code, ConferenceSpace.name, ConferenceSpace.booths,
            ConferenceSpace.features, ConferenceSpace.gone_at,
        )  # fmt: skip
        parts: list[ColumnElement[bool]] = [true() if retired else ConferenceSpace.gone_at.is_(None)]
        known = (ConferenceSpace.code, ConferenceSpace.name, ConferenceSpace.features)
        parts += [or_(*(column.icontains(word, autoescape=True) for column in known)) for word in words.split()]
        order = Sort((*SPACE_SORTS[sort], ConferenceSpace.id), descending)
        super().__init__(select(*columns), ConferenceSpace.id, order, and_(*parts))

    def row_of(self, values: Any) -> SpaceRow:
        """One line."""
        ident, code, name, booths, features, gone_at = values[:6]
        return SpaceRow(ident, code, name, booths, features, gone_at is not None)


@dataclass(frozen=True)
class BookingCard:
    """All that is known of a booking, with what was done to it."""

    row: BookingRow
    version: int
    contact: str
    notes: str
    registered: int
    entity_id: int | None
    space_id: int | None
    layout_id: int | None
    cells: tuple[str, ...]
    units: tuple[tuple[int, str], ...]
    history: tuple[audit.HistoryLine, ...]
    space_name: str = ""
    seats: int = 0
    cars: int = 0
    visitors: int = 0
    languages: str = ""
    equipment: str = ""
    no_show: bool = False
    charges: tuple[ChargeLine, ...] = ()
    rank: str = ""


@reads("conference", "look at bookings")
def booking_card(session: Session, booking_id: int) -> BookingCard:
    """One booking; refuses one that is not there."""
    values = session.execute(select(*_COLUMNS).where(Booking.id == booking_id)).first()
    booking = session.get(Booking, booking_id)
    if values is None or booking is None:
        raise Refusal("This booking is no longer there.")
    space = session.get(ConferenceSpace, booking.space_id) if booking.space_id else None
    layout = session.get(SpaceLayout, booking.layout_id) if booking.layout_id else None
    cells = select(ConferenceCell.code).join(BookingCell, BookingCell.cell_id == ConferenceCell.id)
    units = select(ConferenceUnit.id, ConferenceUnit.code).join(BookingUnit, BookingUnit.unit_id == ConferenceUnit.id)
    return BookingCard(
        _row(values),
        booking.version,
        booking.contact,
        booking.notes,
        booking.registered,
        booking.entity_id,
        booking.space_id,
        booking.layout_id,
        tuple(session.scalars(cells.where(BookingCell.booking_id == booking_id).order_by(ConferenceCell.code))),
        tuple((row[0], row[1]) for row in session.execute(units.where(BookingUnit.booking_id == booking_id))),
        tuple(audit.history(session, KIND, booking_id)),
        space.name if space is not None else "",
        layout.capacity if layout is not None else 0,
        booking.cars,
        booking.visitors,
        booking.languages,
        booking.equipment,
        booking.no_show,
        tuple(charges_of(session, KIND, booking_id)),
        rank_name(session, booking.rank),
    )
