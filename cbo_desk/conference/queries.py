"""What the conference desk can look up: bookings, the day by room, spaces, and one booking's card."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select, true
from sqlalchemy.orm import QueryableAttribute, Session

from cbo_desk import audit, search
from cbo_desk.conference.booking import KIND
from cbo_desk.conference.rules import LIVE, Status, midnight
from cbo_desk.conference.spaces import SPACE
from cbo_desk.errors import Refusal
from cbo_desk.paging import PagedList, Sort
from cbo_desk.permissions import reads
from db.conference import (
    Booking,
    BookingCell,
    BookingUnit,
    CellClosure,
    ConferenceCell,
    ConferenceSpace,
    ConferenceUnit,
    SpaceCell,
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
SORTS: dict[str, QueryableAttribute[Any]] = {
    "reference": Booking.reference,
    "title": Booking.title,
    "starts": Booking.starts,
}


def _row(values: Any) -> BookingRow:
    parts = list(values[: len(_COLUMNS)])
    parts[3], parts[6], parts[11], parts[14] = parts[3] or "", Status(parts[6]), parts[11] or "", parts[14] is not None
    return BookingRow(*parts)


@reads("conference", "look at bookings")
class BookingList(PagedList[BookingRow]):
    """Bookings, filtered and ordered in SQL; in the order of their starts unless told otherwise."""

    kind = KIND

    def __init__(self, wanted: BookingFilter | None = None, sort: str = "starts", descending: bool = False) -> None:
        self.filter = wanted or BookingFilter()
        super().__init__(
            select(*_COLUMNS), Booking.id, Sort((SORTS[sort], Booking.id), descending), _condition(self.filter)
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


@dataclass(frozen=True)
class Bar:
    """What stands in a room's row of the timeline: a booking, or, without one, a closure with its reason."""

    starts: datetime
    ends: datetime
    booking: BookingRow | None = None
    closed: str = ""


@dataclass(frozen=True)
class TimelineRow:
    """A space with its bars, in order; `through` are bookings of other spaces that share its floor."""

    id: int
    code: str
    name: str
    seats: int
    bars: tuple[Bar, ...]
    through: tuple[Bar, ...]


@reads("conference", "look at bookings")
def timeline(session: Session, first: date, days: int = 1) -> list[TimelineRow]:
    """Every space with what occupies it on some days, set-up and clear-down included."""
    low, high = midnight(first), midnight(first + timedelta(days=days))
    cells: defaultdict[int, set[int]] = defaultdict(set)
    for space_id, cell_id in session.execute(select(SpaceCell.space_id, SpaceCell.cell_id)):
        cells[space_id].add(cell_id)
    wanted = select(*_COLUMNS, Booking.space_id).where(
        Booking.status.in_(LIVE), Booking.blocks_from < high, Booking.blocks_to > low
    )
    booked = [(_row(values), values[-1]) for values in session.execute(wanted.order_by(Booking.blocks_from))]
    shut = session.execute(
        select(CellClosure.cell_id, CellClosure.starts, CellClosure.ends, CellClosure.reason).where(
            CellClosure.starts < high, CellClosure.ends > low
        )
    ).all()
    found = []
    for space_id, code, name, seats in session.execute(_with_seats(first)):
        own = [Bar(row.blocks_from, row.blocks_to, row) for row, where in booked if where == space_id]
        others = [
            Bar(row.blocks_from, row.blocks_to, row)
            for row, where in booked
            if where != space_id and cells[where] & cells[space_id]
        ]
        others += [Bar(starts, ends, closed=why) for cell, starts, ends, why in shut if cell in cells[space_id]]
        others.sort(key=lambda bar: bar.starts)
        found.append(TimelineRow(space_id, code, name, seats or 0, tuple(own), tuple(others)))
    return found


def _with_seats(day: date) -> Any:
    valid = and_(
        SpaceLayout.space_id == ConferenceSpace.id,
        SpaceLayout.valid_from <= day,
        (SpaceLayout.valid_to.is_(None)) | (SpaceLayout.valid_to >= day),
    )
    most = select(func.max(SpaceLayout.capacity)).where(valid).scalar_subquery()
    spaces = select(ConferenceSpace.id, ConferenceSpace.code, ConferenceSpace.name, most)
    return spaces.where(ConferenceSpace.gone_at.is_(None)).order_by(ConferenceSpace.code)


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
    """Spaces by code; retired ones only where they are asked for."""

    kind = SPACE

    def __init__(self, retired: bool = False) -> None:
        columns = (
            ConferenceSpace.id, ConferenceSpace.code, ConferenceSpace.name, ConferenceSpace.booths,
            ConferenceSpace.features, ConferenceSpace.gone_at,
        )  # fmt: skip
        where = true() if retired else ConferenceSpace.gone_at.is_(None)
        order = Sort((ConferenceSpace.code, ConferenceSpace.id))
        super().__init__(select(*columns), ConferenceSpace.id, order, where)

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


@reads("conference", "look at bookings")
def booking_card(session: Session, booking_id: int) -> BookingCard:
    """One booking; refuses one that is not there."""
    values = session.execute(select(*_COLUMNS).where(Booking.id == booking_id)).first()
    booking = session.get(Booking, booking_id)
    if values is None or booking is None:
        raise Refusal("This booking is no longer there.")
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
    )
