"""Reads from the database what finding needs: spaces, what occupies their cells and units, people there, ceilings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, bindparam, select
from sqlalchemy.orm import Session

from cbo_desk.conference import finding
from cbo_desk.conference.finding import Calendar, Found, Need, Space, Taken, Unit
from cbo_desk.conference.rules import LIVE, LONGEST, Ceiling, Layout, Load, Slot
from cbo_desk.errors import Refusal
from cbo_desk.permissions import reads
from db.base import table_of
from db.conference import (
    Booking,
    BookingCell,
    BookingUnit,
    CellClosure,
    ConferenceSpace,
    ConferenceUnit,
    SiteCeiling,
    SpaceCell,
    SpaceLayout,
)

MOST_TIMES = 1000
_CELL, _UNIT, _BOOKING = table_of(BookingCell).c, table_of(BookingUnit).c, table_of(Booking).c
_SPACE, _LAYOUT, _CLOSURE = table_of(ConferenceSpace).c, table_of(SpaceLayout).c, table_of(CellClosure).c
_SPACE_CELL, _CEILING, _NAMED = table_of(SpaceCell).c, table_of(SiteCeiling).c, table_of(ConferenceUnit).c
# How far from what is asked something may lie that still matters: near misses, the hour at the gates, and set-up.
_REACH = timedelta(minutes=finding.FURTHEST) + timedelta(hours=1)
_APART = timedelta(days=2)


@reads("conference", "look for space")
def find_space(session: Session, need: Need) -> Found:
    """Every space that fits, best first, with near misses and what blocks every space."""
    check_need(need)
    return finding.find(calendar_around(session, need.times), need)


def check_need(need: Need) -> None:
    """Refuse what makes no sense whatever the space."""
    if need.people < 1:
        raise Refusal("Say how many people come: one at least.", "people")
    if not need.times:
        raise Refusal("Say when.", "starts")
    if len(need.times) > MOST_TIMES:
        raise Refusal(f"A series has at most {MOST_TIMES:,} times. Make it shorter.", "rule")
    for slot in need.times:
        check_slot(slot)


def check_slot(slot: Slot) -> None:
    """Refuse a time that ends before it starts, lasts too long, or is not in whole minutes."""
    if slot.ends <= slot.starts:
        raise Refusal("The end comes after the start.", "ends")
    if slot.ends - slot.starts > LONGEST:
        raise Refusal(f"One booking lasts {LONGEST.days} days at most. Book a series instead.", "ends")
    if any(instant.second or instant.microsecond for instant in (slot.starts, slot.ends)):
        raise Refusal("Times are whole minutes.", "starts")


def calendar_around(session: Session, times: Sequence[Slot], without: Iterable[int] = ()) -> Calendar:
    """What is known around some times; the bookings `without` are taken as gone."""
    spaces = _spaces(session)
    longest = max((layout.setup + layout.cleardown for space in spaces for layout in space.layouts), default=0)
    windows = _windows(times, _REACH + timedelta(minutes=longest))
    gone = frozenset(without)
    cells, units, loads = _taken(session, windows, gone)
    named = select(_NAMED.id, _NAMED.code, _NAMED.kind, _NAMED.speaks).where(_NAMED.gone_at.is_(None))
    return Calendar(
        [space for space in spaces if space.layouts],
        cells,
        [Unit(row[0], row[1], row[2], frozenset(row[3].split())) for row in session.execute(named.order_by(_NAMED.id))],
        units,
        loads,
        [Ceiling(*row) for row in session.execute(_CEILINGS)],
    )


_CEILINGS = select(
    _CEILING.kind, _CEILING.building_id, _CEILING.ceiling, _CEILING.valid_from, _CEILING.valid_to
).order_by(_CEILING.id)
_LAYOUTS = select(
    _LAYOUT.space_id, _LAYOUT.id, _LAYOUT.kind, _LAYOUT.capacity, _LAYOUT.setup_minutes, _LAYOUT.cleardown_minutes,
    _LAYOUT.valid_from, _LAYOUT.valid_to,
).order_by(_LAYOUT.id)  # fmt: skip
_SPACES = select(
    _SPACE.id, _SPACE.code, _SPACE.name, _SPACE.building_id, _SPACE.booths, _SPACE.features
).where(_SPACE.gone_at.is_(None))  # fmt: skip


def _spaces(session: Session) -> list[Space]:
    cells: defaultdict[int, set[int]] = defaultdict(set)
    for space, cell in session.execute(select(_SPACE_CELL.space_id, _SPACE_CELL.cell_id)):
        cells[space].add(cell)
    layouts: defaultdict[int, list[Layout]] = defaultdict(list)
    for row in session.execute(_LAYOUTS):
        layouts[row[0]].append(Layout(*row[1:]))
    return [
        Space(row[0], row[1], row[2], frozenset(cells[row[0]]), tuple(layouts[row[0]]), row[3], row[4],
              frozenset(row[5].split()))
        for row in session.execute(_SPACES)
    ]  # fmt: skip


def _windows(times: Sequence[Slot], reach: timedelta) -> list[Slot]:
    """The stretches to look at: times that lie near each other are looked at together."""
    windows: list[Slot] = []
    for slot in sorted(times):
        wide = Slot(slot.starts - reach, slot.ends + reach)
        if windows and wide.starts - windows[-1].ends < _APART:
            windows[-1] = Slot(windows[-1].starts, max(windows[-1].ends, wide.ends))
        else:
            windows.append(wide)
    return windows


def _meets(starts: ColumnElement[datetime], ends: ColumnElement[datetime]) -> ColumnElement[bool]:
    """What shares an instant with the window; nothing lasts longer than LONGEST, so the index need not go back far."""
    low, high = bindparam("low", type_=starts.type), bindparam("to", type_=starts.type)
    return and_(starts >= low, starts < high, ends > bindparam("from_", type_=starts.type))


_CELLS_TAKEN = select(_CELL.cell_id, _CELL.booking_id, _CELL.starts, _CELL.ends).where(
    _CELL.live.is_(True), _meets(_CELL.starts, _CELL.ends)
)
_UNITS_TAKEN = select(_UNIT.unit_id, _UNIT.booking_id, _UNIT.starts, _UNIT.ends).where(
    _UNIT.live.is_(True), _meets(_UNIT.starts, _UNIT.ends)
)
_PEOPLE_THERE = (
    select(_BOOKING.id, _BOOKING.starts, _BOOKING.ends, _BOOKING.people, _SPACE.building_id, _BOOKING.cars)
    .join_from(Booking, ConferenceSpace, _SPACE.id == _BOOKING.space_id)
    .where(_BOOKING.status.in_(LIVE), _meets(_BOOKING.starts, _BOOKING.ends))
)
_TakenBy = dict[int, list[Taken]]


def _taken(session: Session, windows: Iterable[Slot], gone: frozenset[int]) -> tuple[_TakenBy, _TakenBy, list[Load]]:
    """What occupies cells and units in the windows, and the people there."""
    cells: _TakenBy = defaultdict(list)
    units: _TakenBy = defaultdict(list)
    loads: list[Load] = []
    for window in windows:
        asked = {"low": window.starts - LONGEST, "from_": window.starts, "to": window.ends}
        for wanted, taken in ((_CELLS_TAKEN, cells), (_UNITS_TAKEN, units)):
            for row in session.execute(wanted, asked):
                if row[1] not in gone:
                    taken[row[0]].append(Taken(Slot(row[2], row[3]), row[1]))
        for ident, starts, ends, people, building, cars in session.execute(_PEOPLE_THERE, asked):
            if ident not in gone:
                loads.append(Load(Slot(starts, ends), people, building, cars))
        shut = select(_CLOSURE.cell_id, _CLOSURE.starts, _CLOSURE.ends, _CLOSURE.reason)
        for row in session.execute(shut.where(_CLOSURE.ends > window.starts, _CLOSURE.starts < window.ends)):
            cells[row[0]].append(Taken(Slot(row[1], row[2]), None, row[3]))
    for each in cells.values():
        each.sort(key=lambda taken: taken.slot)
    return cells, units, loads
