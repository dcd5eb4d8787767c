"""How full each room is, week by week, over a season."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from cbo_desk.conference.board import board
from cbo_desk.conference.rules import LIVE, Slot, check_day, midnight
from cbo_desk.conference.use import HOURS
from cbo_desk.errors import Refusal
from cbo_desk.permissions import reads
from db.conference import Booking, BookingCell, CellClosure

MOST_WEEKS = 60


@dataclass(frozen=True)
class SeasonRow:
    """A room over some weeks: of each the meetings and the share of its open hours; and whether it is closed."""

    key: int
    name: str
    weeks: tuple[tuple[int, float], ...]
    closed: tuple[bool, ...]


@dataclass(frozen=True)
class Season:
    """Every room over some weeks, from a Monday on."""

    first: date
    rows: tuple[SeasonRow, ...]


@reads("conference", "look at bookings")
def season(session: Session, first: date, weeks: int) -> Season:
    """How full the rooms are in some weeks; set-up and clear-down count, since nobody else can have the room then."""
    if not 1 <= weeks <= MOST_WEEKS:
        raise Refusal(f"A season has {MOST_WEEKS} weeks at most.", "weeks")
    check_day(first, "first")
    start = first - timedelta(days=first.weekday())
    whole = Slot(midnight(start), midnight(start + timedelta(days=7 * weeks)))
    taken: defaultdict[int, list[tuple[datetime, datetime]]] = defaultdict(list)
    held = select(BookingCell.cell_id, BookingCell.starts, BookingCell.ends).join(
        Booking, Booking.id == BookingCell.booking_id
    )
    for cell, starts, ends in session.execute(
        held.where(Booking.status.in_(LIVE), BookingCell.starts < whole.ends, BookingCell.ends > whole.starts)
    ):
        taken[cell].append((starts, ends))
    shut: defaultdict[int, list[Slot]] = defaultdict(list)
    wanted = select(CellClosure.cell_id, CellClosure.starts, CellClosure.ends)
    for cell, starts, ends in session.execute(
        wanted.where(CellClosure.starts < whole.ends, CellClosure.ends > whole.starts)
    ):
        shut[cell].append(Slot(starts, ends))
    rows = []
    open_hours = len(HOURS) * 5
    for room in board(session, start, 7 * weeks).rows:
        found, closed = [], []
        for week in range(weeks):
            low = midnight(start + timedelta(days=7 * week))
            high = midnight(start + timedelta(days=7 * week + 7))
            here = [each for cell in room.cells for each in taken[cell] if each[0] < high and each[1] > low]
            hours = sum((min(ends, high) - max(starts, low)) / timedelta(hours=1) for starts, ends in here)
            found.append((len(here), hours / open_hours))
            closed.append(any(each.starts <= low and each.ends >= high for cell in room.cells for each in shut[cell]))
        rows.append(SeasonRow(room.key, room.name, tuple(found), tuple(closed)))
    return Season(start, tuple(rows))
