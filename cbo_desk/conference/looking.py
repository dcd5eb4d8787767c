"""Reads from the database what finding needs: spaces, what occupies their cells and units, people there, ceilings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Date,
    Integer,
    Row,
    Select,
    Text,
    and_,
    bindparam,
    cast,
    literal_column,
    null,
    select,
    union_all,
)  # fmt: skip
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeEngine

from cbo_desk.conference import finding
from cbo_desk.conference.finding import Calendar, Found, Need, Space, Taken, Unit
from cbo_desk.conference.rules import LIVE, LONGEST, Ceiling, Layout, Load, Slot, check_day
from cbo_desk.errors import Refusal
from cbo_desk.permissions import reads
from db.base import UTCDateTime, table_of
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
_USUAL = timedelta(hours=3)
"""What set-up and clear-down together last at most in most compounds; where they last longer, it is asked again."""


@reads("conference", "look for space")
def find_space(session: Session, need: Need) -> Found:
    """Every space that fits, best first, with near misses and what blocks every space."""
    check_need(need)
    ask_apart(session)
    return finding.find(calendar_around(session, need.times), need)


def ask_apart(session: Session) -> None:
    """Let a reading that has not begun go without a transaction around its questions.

    What it finds is an offer, which is judged anew when it is taken, so that its questions need not be of one moment;
    to begin and to end a transaction would be two journeys more.
    """
    if not session.in_transaction() and session.get_bind().dialect.name == "postgresql":
        session.connection(execution_options={"isolation_level": "AUTOCOMMIT"})


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
    for instant, field in ((slot.starts, "starts"), (slot.ends, "ends")):
        check_day(instant.date(), field)
    if slot.ends <= slot.starts:
        raise Refusal("The end comes after the start.", "ends")
    if slot.ends - slot.starts > LONGEST:
        raise Refusal(f"One booking lasts {LONGEST.days} days at most. Book a series instead.", "ends")
    if any(instant.second or instant.microsecond for instant in (slot.starts, slot.ends)):
        raise Refusal("Times are whole minutes.", "starts")


def calendar_around(session: Session, times: Sequence[Slot], without: Iterable[int] = ()) -> Calendar:
    """What is known around some times; the bookings `without` are taken as gone."""
    rows = _read(session, times, _USUAL)
    longest = timedelta(minutes=max((row.d + row.e for row in rows[_LAYOUTS]), default=0))
    if longest > _USUAL:
        rows = _read(session, times, longest)
    cells, units, loads = _taken(rows, frozenset(without))
    return Calendar(
        _spaces(rows),
        cells,
        [Unit(row.a, row.x, row.y, frozenset(row.z.split())) for row in sorted(rows[_UNITS], key=_by_a)],
        units,
        loads,
        [Ceiling(row.x, row.b, row.c, row.first, row.last) for row in sorted(rows[_CEILINGS], key=_by_a)],
    )


# --- One question for rows of several kinds: `what` says of which kind a row is, and so what its columns mean.

_SPACES, _SPACE_CELLS, _LAYOUTS, _UNITS, _CEILINGS, _CELLS_TAKEN, _UNITS_TAKEN, _PEOPLE, _CLOSURES = range(9)
_COLUMNS: dict[str, TypeEngine[Any]] = {
    **dict.fromkeys("abcde", Integer()), **dict.fromkeys("xyz", Text()), "first": Date(), "last": Date(),
    "starts": UTCDateTime(), "ends": UTCDateTime(),
}  # fmt: skip
_Rows = dict[int, list[Row[Any]]]


def _row(what: int, **columns: ColumnElement[Any]) -> Select[Any]:
    """The rows of one kind; what it does not say is nothing, of the column's type in the first of them."""
    said = [
        columns[name] if name in columns else cast(null(), kind) if what in (_SPACES, _CELLS_TAKEN) else null()
        for name, kind in _COLUMNS.items()
    ]
    named = [column.label(name) for name, column in zip(_COLUMNS, said, strict=True)]
    return select(literal_column(str(what), Integer()).label("what"), *named)


def _meets(starts: ColumnElement[datetime], ends: ColumnElement[datetime]) -> ColumnElement[bool]:
    """What shares an instant with the window; nothing lasts longer than LONGEST, so the index need not go back far."""
    return and_(starts >= _LOW, starts < _TO, ends > _FROM)


_LOW, _FROM, _TO = (bindparam(name, type_=UTCDateTime()) for name in ("low", "from_", "to"))
_STANDING_PARTS = (
    _row(_SPACES, a=_SPACE.id, b=_SPACE.building_id, c=_SPACE.booths, x=_SPACE.code, y=_SPACE.name, z=_SPACE.features)
    .where(_SPACE.gone_at.is_(None)),
    _row(_SPACE_CELLS, a=_SPACE_CELL.space_id, b=_SPACE_CELL.cell_id),
    _row(_LAYOUTS, a=_LAYOUT.id, b=_LAYOUT.space_id, c=_LAYOUT.capacity, d=_LAYOUT.setup_minutes,
         e=_LAYOUT.cleardown_minutes, x=_LAYOUT.kind, first=_LAYOUT.valid_from, last=_LAYOUT.valid_to),
    _row(_UNITS, a=_NAMED.id, x=_NAMED.code, y=_NAMED.kind, z=_NAMED.speaks).where(_NAMED.gone_at.is_(None)),
    _row(_CEILINGS, a=_CEILING.id, b=_CEILING.building_id, c=_CEILING.ceiling, x=_CEILING.kind,
         first=_CEILING.valid_from, last=_CEILING.valid_to),
)  # fmt: skip
_TAKEN_PARTS = (
    _row(_CELLS_TAKEN, a=_CELL.cell_id, b=_CELL.booking_id, starts=_CELL.starts, ends=_CELL.ends)
    .where(_CELL.live.is_(True), _meets(_CELL.starts, _CELL.ends)),
    _row(_UNITS_TAKEN, a=_UNIT.unit_id, b=_UNIT.booking_id, starts=_UNIT.starts, ends=_UNIT.ends)
    .where(_UNIT.live.is_(True), _meets(_UNIT.starts, _UNIT.ends)),
    _row(_PEOPLE, a=_BOOKING.id, b=_SPACE.building_id, c=_BOOKING.people, d=_BOOKING.cars, starts=_BOOKING.starts,
         ends=_BOOKING.ends)
    .join_from(Booking, ConferenceSpace, _SPACE.id == _BOOKING.space_id)
    .where(_BOOKING.status.in_(LIVE), _meets(_BOOKING.starts, _BOOKING.ends)),
    _row(_CLOSURES, a=_CLOSURE.cell_id, x=_CLOSURE.reason, starts=_CLOSURE.starts, ends=_CLOSURE.ends)
    .where(_CLOSURE.ends > _FROM, _CLOSURE.starts < _TO),
)  # fmt: skip
_STANDING = union_all(*_STANDING_PARTS)
_TAKEN = union_all(*_TAKEN_PARTS)
_EVERYTHING = union_all(*_STANDING_PARTS, *_TAKEN_PARTS)
_TakenBy = dict[int, list[Taken]]


def _read(session: Session, times: Sequence[Slot], longest: timedelta) -> _Rows:
    """All rows that matter, if set-up and clear-down together last no longer than this.

    All of it is asked at once where the times lie near each other: to a server, each question is a journey.
    """
    windows = _windows(times, _REACH + longest)
    if len(windows) == 1:
        return _asked(session, _EVERYTHING, windows[0])
    rows = _sorted(session.execute(_STANDING))
    for window in windows:
        for what, found in _asked(session, _TAKEN, window).items():
            rows[what] += found
    return rows


def _asked(session: Session, question: CompoundSelect[Any], window: Slot) -> _Rows:
    asked = {"low": window.starts - LONGEST, "from_": window.starts, "to": window.ends}
    return _sorted(session.execute(question, asked))


def _sorted(rows: Iterable[Row[Any]]) -> _Rows:
    """Rows by what they are."""
    found: _Rows = defaultdict(list)
    for row in rows:
        found[row[0]].append(row)
    return found


def _by_a(row: Row[Any]) -> int:
    return int(row.a)


def _spaces(rows: _Rows) -> list[Space]:
    """Every space that has a layout."""
    cells: defaultdict[int, set[int]] = defaultdict(set)
    for row in rows[_SPACE_CELLS]:
        cells[row.a].add(row.b)
    layouts: defaultdict[int, list[Layout]] = defaultdict(list)
    for row in sorted(rows[_LAYOUTS], key=_by_a):
        layouts[row.b].append(Layout(row.a, row.x, row.c, row.d, row.e, row.first, row.last))
    return [
        Space(row.a, row.x, row.y, frozenset(cells[row.a]), tuple(layouts[row.a]), row.b, row.c,
              frozenset(row.z.split()))
        for row in sorted(rows[_SPACES], key=_by_a)
        if layouts[row.a]
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


def _taken(rows: Mapping[int, Sequence[Row[Any]]], gone: frozenset[int]) -> tuple[_TakenBy, _TakenBy, list[Load]]:
    """What occupies cells and units in the windows, and the people there."""
    cells: _TakenBy = defaultdict(list)
    units: _TakenBy = defaultdict(list)
    for what, taken in ((_CELLS_TAKEN, cells), (_UNITS_TAKEN, units)):
        for row in rows.get(what, ()):
            if row.b not in gone:
                taken[row.a].append(Taken(Slot(row.starts, row.ends), row.b))
    for row in rows.get(_CLOSURES, ()):
        cells[row.a].append(Taken(Slot(row.starts, row.ends), None, row.x))
    for each in cells.values():
        each.sort(key=lambda taken: taken.slot)
    loads = [
        Load(Slot(row.starts, row.ends), row.c, row.b, row.d) for row in rows.get(_PEOPLE, ()) if row.a not in gone
    ]
    return cells, units, loads
