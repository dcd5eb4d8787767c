"""A generated year of meetings in fourteen rooms, of which a building phase closes six: fictitious throughout."""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from cbo_desk.conference.finding import Placing, Space, Taken, Unit, UnitWish
from cbo_desk.conference.relocating.basis import Basis
from cbo_desk.conference.relocating.problem import KEEP_TIMES, Meeting, Problem, Stage
from cbo_desk.conference.rules import Ceiling, Layout, Slot
from cbo_desk.zone import ZONE

FIRST = date(2027, 1, 4)
WEEKS = 50
SEATS = (1000, 640, 400, 320, 260, 220, 180, 150, 120, 100, 80, 60, 40, 30)
"""Theatre seats of each room; a classroom has six tenths, a boardroom a third of them."""
KINDS = (("theatre", 10, 30), ("classroom", 6, 30), ("boardroom", 3, 15))
CLOSED = (0, 2, 4, 6, 9, 12)
"""The rooms that the phase closes."""
JOINED = ((5, 6), (8, 9), (10, 11))
HOURS = ((9, 11), (10, 13), (11, 13), (14, 16), (15, 18), (16, 18))
EPOCH = date(2026, 1, 1)


def spaces() -> tuple[Space, ...]:
    """The rooms and what can be joined, with booths in the larger ones."""
    found = []
    rooms: list[tuple[tuple[int, ...], int]] = [((number,), seats) for number, seats in enumerate(SEATS)]
    rooms += [(pair, SEATS[pair[0]] + SEATS[pair[1]] - 20) for pair in JOINED]
    for number, (cells, seats) in enumerate(rooms, 1):
        layouts = tuple(
            Layout(number * 10 + place, kind, max(8, seats * tenths // 10), setup, 15, EPOCH, None)
            for place, (kind, tenths, setup) in enumerate(KINDS)
        )
        code = "+".join(str(cell + 1) for cell in cells)
        features = frozenset({"streaming"} if seats >= 180 else ())
        booths = 6 if seats >= 400 else 3 if seats >= 150 else 0
        found.append(Space(number, code, f"Room {code}", frozenset(cells), layouts, 1, booths, features))
    return tuple(found)


@dataclass
class _Year:
    """Meetings in the open house, each placed where it was free."""

    rng: random.Random
    rooms: tuple[Space, ...]
    units: tuple[Unit, ...]
    meetings: list[Meeting] = field(default_factory=list)
    busy: defaultdict[tuple[str, int, date], list[Slot]] = field(default_factory=lambda: defaultdict(list))

    def free(self, what: str, ident: int, blocks: Slot) -> bool:
        return not any(each.overlaps(blocks) for each in self.busy[what, ident, blocks.starts.date()])

    def place(self, meeting: Meeting, likes: Space | None) -> Space | None:
        """Book a meeting where it fits, first in the room it likes; answers where."""
        slot = meeting.times[0]
        rooms = sorted(self.rooms, key=lambda room: (room is not likes, len(room.cells), self.rng.random()))
        for room in rooms:
            layout = next((each for each in room.layouts if each.kind == meeting.kind), None)
            if layout is None or not meeting.people <= layout.capacity <= 4 * meeting.people + 40:
                continue
            if meeting.booths > room.booths or not meeting.features <= room.features:
                continue
            blocks = slot.widened(layout.setup, layout.cleardown)
            if not all(self.free("cell", cell, blocks) for cell in room.cells):
                continue
            units = tuple(self._unit(wish, blocks) for wish in meeting.wishes)
            if None in units:
                return None
            self._book(replace(meeting, stands=Placing(
                slot, room.id, layout.id, layout.kind, blocks, tuple(unit for unit in units if unit is not None)
            )), room)  # fmt: skip
            return room
        return None

    def _unit(self, wish: UnitWish, blocks: Slot) -> int | None:
        fits = (unit.id for unit in self.units if wish.is_met_by(unit) and self.free("unit", unit.id, blocks))
        return next(fits, None)

    def _book(self, meeting: Meeting, room: Space) -> None:
        assert meeting.stands is not None
        day = meeting.stands.blocks.starts.date()
        for cell in room.cells:
            self.busy["cell", cell, day].append(meeting.stands.blocks)
        for unit in meeting.stands.units:
            self.busy["unit", unit, day].append(meeting.stands.blocks)
        self.meetings.append(replace(meeting, id=len(self.meetings) + 1))


def year(wanted: int = 4000, seed: int = 1) -> tuple[tuple[Space, ...], tuple[Unit, ...], list[Meeting]]:
    """Rooms, teams, and so many meetings, six in ten of them in weekly or daily series."""
    units = tuple(Unit(n, f"T{n}", "interpretation", frozenset({"en", "fr"})) for n in range(1, 9))
    made = _Year(random.Random(seed), spaces(), units)
    days = [FIRST + timedelta(days=7 * week + day) for week in range(WEEKS) for day in range(5)]
    series = 0
    misses = 0
    while len(made.meetings) < wanted and misses < 4000:
        rng = made.rng
        pattern = _meeting(rng)
        if rng.random() < 0.25:
            series += 1
            step = 5 if rng.random() < 0.7 else 1
            first = rng.randrange(len(days))
            on = days[first : first + step * rng.randint(3, 20 if step == 5 else 5) : step]
            pattern = replace(pattern, series=series)
        else:
            on = [rng.choice(days)]
        likes = None
        hours = rng.choice(HOURS)
        moves = rng.random() < 0.3
        for day in on[: wanted - len(made.meetings)]:
            times = [_at(day, hours)]
            if moves:
                other = 15 if hours[0] < 12 else 10
                times.append(_at(day, (other, other + hours[1] - hours[0])))
            room = made.place(replace(pattern, times=tuple(times)), likes)
            misses += room is None
            likes = likes or room
    return made.rooms, units, made.meetings


def _meeting(rng: random.Random) -> Meeting:
    people = min(900, max(6, int(rng.lognormvariate(3.6, 0.9))))
    kind = rng.choices(("theatre", "classroom", "boardroom"), (3, 5, 4 if people < 120 else 0))[0]
    if kind == "classroom":
        people = min(people, 560)
    interpreted = people > 60 and rng.random() < 0.3
    return Meeting(
        0, people, rng.choices(range(1, 8), (1, 2, 4, 5, 9, 12, 6))[0], (), kind,
        wishes=(UnitWish("interpretation", frozenset({"en", "fr"})),) if interpreted else (),
        booths=2 if interpreted else 0, features=frozenset({"streaming"} if rng.random() < 0.1 and people > 60 else ()),
        confirmed=rng.random() < 0.8,
    )  # fmt: skip


def _at(day: date, hours: tuple[int, int]) -> Slot:
    start = datetime(day.year, day.month, day.day, hours[0], tzinfo=ZONE)
    return Slot(start, start + timedelta(hours=hours[1] - hours[0]))


def basis(made: tuple[tuple[Space, ...], tuple[Unit, ...], list[Meeting]], people: int = 4000) -> Basis:
    """The year with the rooms that a phase closes, whenever it begins."""
    rooms, units, meetings = made
    ceilings = (Ceiling("people", None, people, EPOCH, None),)
    return Basis("phase", frozenset(CLOSED), (), rooms, tuple(meetings), {}, units, {}, (), ceilings, KEEP_TIMES)


def closing(
    made: tuple[tuple[Space, ...], tuple[Unit, ...], list[Meeting]], first: date, last: date,
    stages: tuple[Stage, ...] = KEEP_TIMES, people: int = 4000,
) -> Problem:  # fmt: skip
    """What a phase that closes the rooms from a day to a day asks of the planner; nobody else moves outside of it."""
    rooms, units, meetings = made
    shut = Slot(_at(first, (0, 1)).starts, _at(last, (23, 24)).ends)
    taken: defaultdict[int, list[Taken]] = defaultdict(list)
    taken_units: defaultdict[int, list[Taken]] = defaultdict(list)
    cells = {room.id: room.cells for room in rooms}
    for cell in CLOSED:
        taken[cell].append(Taken(shut, None, "building phase"))
    moving = []
    for meeting in meetings:
        assert meeting.stands is not None
        if meeting.stands.blocks.overlaps(shut):
            moving.append(replace(meeting, affected=not cells[meeting.stands.space_id].isdisjoint(CLOSED)))
            continue
        for cell in cells[meeting.stands.space_id]:
            taken[cell].append(Taken(meeting.stands.blocks, meeting.id))
        for unit in meeting.stands.units:
            taken_units[unit].append(Taken(meeting.stands.blocks, meeting.id))
    return Problem(
        rooms, tuple(moving), {cell: tuple(each) for cell, each in taken.items()}, units,
        {unit: tuple(each) for unit, each in taken_units.items()},
        ceilings=(Ceiling("people", None, people, EPOCH, None),), stages=stages,
    )  # fmt: skip
