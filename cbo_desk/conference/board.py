"""The rooms against time: which rows a board has, what stands in them, and what is closed."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cbo_desk.conference.queries import BookingRow, booking_rows
from cbo_desk.conference.rules import LIVE, MINUTE, Layout, Slot, Status, check_day, day_of, midnight
from cbo_desk.context import now
from cbo_desk.permissions import reads
from db.conference import Booking, CellClosure, ConferenceCell, ConferenceSpace, SpaceCell, SpaceLayout


@dataclass(frozen=True)
class BoardSpace:
    """A space with its cells, its layouts that are valid on some day shown, and its features."""

    id: int
    code: str
    name: str
    cells: frozenset[int]
    layouts: tuple[Layout, ...]
    booths: int
    features: frozenset[str]
    building_id: int | None = None

    def seats(self, kind: str, day: date) -> int | None:
        """How many it seats in a layout on a day; None where it has no such layout then."""
        fits = [each.capacity for each in self.layouts if each.kind == kind and _is_valid(each, day)]
        return max(fits, default=None)

    def kinds(self, day: date) -> dict[str, int]:
        """Seats by layout on a day."""
        return {each.kind: each.capacity for each in self.layouts if _is_valid(each, day)}


@dataclass(frozen=True)
class BoardBooking:
    """A booking on the board: where it is, and in which cells."""

    row: BookingRow
    space_id: int
    cells: frozenset[int]
    registered: int
    version: int

    @property
    def blocks(self) -> Slot:
        """Its time, set-up and clear-down included."""
        return Slot(self.row.blocks_from, self.row.blocks_to)


@dataclass(frozen=True)
class BoardClosure:
    """A cell that is closed for a time."""

    id: int
    cell_id: int
    slot: Slot
    reason: str


@dataclass(frozen=True)
class BoardRow:
    """One row: a room, or a cell that is only booked with others. `group` is the same for rows that can be joined."""

    key: int
    name: str
    space: BoardSpace | None
    cells: frozenset[int]
    group: int


@dataclass(frozen=True)
class Board:
    """Some days of every space."""

    first: date
    days: int
    now: datetime
    spaces: tuple[BoardSpace, ...]
    rows: tuple[BoardRow, ...]
    bookings: tuple[BoardBooking, ...]
    closures: tuple[BoardClosure, ...]
    cell_names: Mapping[int, str] = field(default_factory=dict)

    def space(self, ident: int) -> BoardSpace | None:
        """A space by its id."""
        return next((each for each in self.spaces if each.id == ident), None)

    def rows_of(self, cells: Iterable[int]) -> list[list[int]]:
        """The rows that some cells stand in, by their places, as runs of rows below each other."""
        wanted = set(cells)
        places = [at for at, row in enumerate(self.rows) if row.cells & wanted]
        runs: list[list[int]] = []
        for place in places:
            if runs and place == runs[-1][-1] + 1:
                runs[-1].append(place)
            else:
                runs.append([place])
        return runs

    def in_the_way(self, cells: frozenset[int], blocks: Slot, without: int = 0) -> str:
        """What occupies some cells at a time, in words; "" for nothing. Answers from what is shown alone."""
        for booking in self.bookings:
            if booking.row.id != without and booking.cells & cells and booking.blocks.overlaps(blocks):
                return f"{booking.row.reference} {booking.row.title}"
        for closure in self.closures:
            if closure.cell_id in cells and closure.slot.overlaps(blocks):
                return closure.reason
        return ""


@reads("conference", "look at bookings")
def board(session: Session, first: date, days: int = 1) -> Board:
    """Every space with what occupies it on some days, set-up and clear-down included."""
    check_day(first, "first")
    whole = Slot(midnight(first), midnight(first + timedelta(days=days)))
    cells: defaultdict[int, set[int]] = defaultdict(set)
    for space_id, cell_id in session.execute(select(SpaceCell.space_id, SpaceCell.cell_id)):
        cells[space_id].add(cell_id)
    spaces = _spaces(session, cells, day_of(whole.starts), day_of(whole.ends - MINUTE))
    wanted = (Booking.status.in_(LIVE), Booking.blocks_from < whole.ends, Booking.blocks_to > whole.starts)
    bookings = [
        BoardBooking(row, space_id, frozenset(cells[space_id]), registered, version)
        for row, (space_id, registered, version) in booking_rows(
            session, *wanted, extra=(Booking.space_id, Booking.registered, Booking.version)
        )
    ]
    shut = select(CellClosure.id, CellClosure.cell_id, CellClosure.starts, CellClosure.ends, CellClosure.reason)
    shut = shut.where(CellClosure.starts < whole.ends, CellClosure.ends > whole.starts).order_by(CellClosure.starts)
    closures = [BoardClosure(row[0], row[1], Slot(row[2], row[3]), row[4]) for row in session.execute(shut)]
    names = {row[0]: row[1] for row in session.execute(select(ConferenceCell.id, ConferenceCell.code))}
    return Board(
        first, days, now(session), tuple(spaces), tuple(_rows(spaces, names)), tuple(bookings), tuple(closures), names
    )


@reads("conference", "look at spaces")
def spaces_on(session: Session, day: date) -> list[BoardSpace]:
    """Every space that can be booked, with its layouts of a day: the choices of a form."""
    cells: defaultdict[int, set[int]] = defaultdict(set)
    for space_id, cell_id in session.execute(select(SpaceCell.space_id, SpaceCell.cell_id)):
        cells[space_id].add(cell_id)
    return _spaces(session, cells, day, day)


@dataclass(frozen=True)
class DeskFigures:
    """What waits at the desk: holds, those of them that end within a day, who waits for space; and how many spaces."""

    holds: int
    ending: int
    waiting: int
    spaces: int


@reads("conference", "look at bookings")
def desk_figures(session: Session) -> DeskFigures:
    """What waits at the desk."""
    held = select(func.count()).where(Booking.status == Status.HOLD)
    soon = held.where(Booking.hold_until < now(session) + timedelta(days=1))
    waits = select(func.count()).where(Booking.status == Status.WAITLIST)
    spaces = select(func.count()).select_from(ConferenceSpace).where(ConferenceSpace.gone_at.is_(None))
    found = [session.scalar(each) or 0 for each in (held, soon, waits, spaces)]
    return DeskFigures(*found)


def natural(text: str) -> list[tuple[int, int, str]]:
    """A key by which Room 9 comes before Room 10."""
    return [(0, int(part), "") if part.isdigit() else (1, 0, part.casefold()) for part in re.split(r"(\d+)", text)]


def _is_valid(layout: Layout, day: date) -> bool:
    return layout.valid_from <= day and (layout.valid_to is None or day <= layout.valid_to)


def _spaces(session: Session, cells: Mapping[int, set[int]], first: date, last: date) -> list[BoardSpace]:
    layouts: defaultdict[int, list[Layout]] = defaultdict(list)
    wanted = select(SpaceLayout).where(
        SpaceLayout.valid_from <= last, (SpaceLayout.valid_to.is_(None)) | (SpaceLayout.valid_to >= first)
    )
    for each in session.scalars(wanted.order_by(SpaceLayout.id)):
        layouts[each.space_id].append(
            Layout(each.id, each.kind, each.capacity, each.setup_minutes, each.cleardown_minutes, each.valid_from,
                   each.valid_to)
        )  # fmt: skip
    found = [
        BoardSpace(
            each.id,
            each.code,
            each.name,
            frozenset(cells.get(each.id, ())),
            tuple(layouts[each.id]),
            each.booths,
            frozenset(each.features.split()),
            each.building_id,
        )  # fmt: skip
        for each in session.scalars(select(ConferenceSpace).where(ConferenceSpace.gone_at.is_(None)))
    ]
    return sorted(found, key=lambda space: natural(space.code))


def _rows(spaces: Sequence[BoardSpace], names: Mapping[int, str]) -> list[BoardRow]:
    """A row for every room of one cell, and for every cell that is only booked together with others."""
    single = {next(iter(each.cells)): each for each in spaces if len(each.cells) == 1}
    shared = {cell for each in spaces for cell in each.cells if len(each.cells) > 1}
    group = _groups(spaces)
    rows = [BoardRow(each.id, each.name, each, each.cells, group.get(cell, 0)) for cell, each in single.items()]
    rows += [
        BoardRow(-cell, names.get(cell, ""), None, frozenset((cell,)), group.get(cell, 0))
        for cell in shared
        if cell not in single
    ]
    first = {number: min(natural(row.name) for row in rows if row.group == number) for number in set(group.values())}
    rows.sort(key=lambda row: (first.get(row.group, natural(row.name)), natural(row.name)))
    return rows


def _groups(spaces: Sequence[BoardSpace]) -> dict[int, int]:
    """Cells that can be joined, directly or through others, under one number; the others have none."""
    number: dict[int, int] = {}
    for space in spaces:
        if len(space.cells) > 1:
            known = {number[cell] for cell in space.cells if cell in number}
            lowest = min(space.cells)
            for cell in [cell for cell, each in number.items() if each in known] + list(space.cells):
                number[cell] = lowest
    return number
