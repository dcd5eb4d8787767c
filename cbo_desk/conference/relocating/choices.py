"""Every place that a meeting could have, for the planner's greedy start and its model."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from cbo_desk.conference.finding import Placing, Space, Taken
from cbo_desk.conference.relocating.problem import Goal, Meeting, Problem
from cbo_desk.conference.rules import HOUR, LONGEST, MINUTE, Ceiling, Layout, Slot, day_of, midnight

MINUTES_LONGEST = int(LONGEST.total_seconds()) // 60


@dataclass(frozen=True, slots=True)
class Choice:
    """One place for a meeting (both by their numbers), blocked from a minute to another, and what it costs."""

    meeting: int
    space: int
    placing: Placing
    low: int
    high: int
    seats: int
    moves_time: bool
    moves_room: bool
    joined: bool
    stays: bool

    def cost(self, goal: Goal) -> int:
        """What it adds to a goal that is a sum over places."""
        if goal is Goal.SEATS:
            return self.seats
        if goal is Goal.TIMES:
            return int(self.moves_time)
        if goal is Goal.ROOMS:
            return int(self.moves_room)
        return int(self.joined) if goal is Goal.WALLS else 0


@dataclass(frozen=True)
class Limit:
    """People, or cars, of choices that may not exceed `most` together, at one instant."""

    most: int
    terms: tuple[tuple[int, int], ...]


def minute(instant: datetime) -> int:
    """An instant as a number of minutes."""
    return int(instant.timestamp()) // 60


class Stretches:
    """Stretches of time, sorted, that a new one may not overlap."""

    def __init__(self, stretches: Iterable[tuple[int, int]] = ()) -> None:
        self._all = sorted(stretches)
        # They may overlap each other: what matters is how far those that begin before reach.
        self._reach: list[int] = []
        for _low, high in self._all:
            self._reach.append(max(high, self._reach[-1]) if self._reach else high)

    def is_free(self, low: int, high: int) -> bool:
        """Whether nothing lies between two minutes."""
        place = bisect_left(self._all, (high, 0))
        return place == 0 or self._reach[place - 1] <= low


def taken_stretches(taken: Iterable[Taken]) -> Stretches:
    """What is taken, as stretches."""
    return Stretches((minute(each.slot.starts), minute(each.slot.ends)) for each in taken)


class Choosing:
    """The places for all meetings of a problem."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self._taken = {cell: taken_stretches(each) for cell, each in problem.taken.items()}
        self._number = {space.id: number for number, space in enumerate(problem.spaces)}
        # The layouts of a kind that a space has from a day to a day, the smallest first: asked again and again.
        self._valid: dict[tuple[int, str, date, date], list[Layout]] = {}
        self.choices: list[Choice] = []
        self.of_meeting: list[range] = []
        for number, meeting in enumerate(problem.meetings):
            first = len(self.choices)
            self.choices += self._of(number, meeting)
            self.of_meeting.append(range(first, len(self.choices)))

    def _of(self, number: int, meeting: Meeting) -> list[Choice]:
        found = []
        stands = meeting.stands
        if stands is not None and not meeting.affected:
            here = self._number[stands.space_id]
            # What a meeting that keeps its place wastes is no fault of the plan.
            between = (minute(stands.blocks.starts), minute(stands.blocks.ends))
            found.append(self._choice(number, meeting, here, stands, 0, True, between))
        for turn, slot in enumerate(meeting.times):
            starts, ends = minute(slot.starts), minute(slot.ends)
            days = (day_of(slot.starts), day_of(slot.ends - MINUTE))
            blocked: dict[tuple[int, int], Slot] = {}
            for space_number, space in enumerate(self.problem.spaces):
                if meeting.booths > space.booths or not meeting.features <= space.features:
                    continue
                if not meeting.affected and turn == 0 and stands is not None and stands.space_id == space.id:
                    continue
                for layout in self._layouts(space_number, meeting, days):
                    low, high = starts - layout.setup, ends + layout.cleardown
                    if high - low > MINUTES_LONGEST or not self._is_free(space, low, high):
                        continue
                    lasts = (layout.setup, layout.cleardown)
                    blocks = blocked.get(lasts) or blocked.setdefault(lasts, slot.widened(*lasts))
                    placing = Placing(slot, space.id, layout.id, layout.kind, blocks)
                    seats = self._cost_of_seats(layout.capacity, meeting.people)
                    found.append(self._choice(number, meeting, space_number, placing, seats, False, (low, high)))
        return found

    def _choice(
        self, number: int, meeting: Meeting, space: int, placing: Placing, seats: int, stays: bool,
        between: tuple[int, int],
    ) -> Choice:  # fmt: skip
        stands = meeting.stands
        return Choice(
            number, space, placing, *between, seats,
            moves_time=placing.slot != meeting.times[0],
            moves_room=stands is not None and stands.space_id != placing.space_id,
            joined=len(self.problem.spaces[space].cells) > 1, stays=stays,
        )  # fmt: skip

    def _cost_of_seats(self, capacity: int, people: int) -> int:
        return max(0, people - capacity) if self.problem.short else capacity - people

    def _is_free(self, space: Space, low: int, high: int) -> bool:
        return all(self._taken[cell].is_free(low, high) for cell in space.cells if cell in self._taken)

    def _layouts(self, space: int, meeting: Meeting, days: tuple[date, date]) -> list[Layout]:
        """The layouts worth a thought: none that another beats in seats, set-up and clear-down at once."""
        key = (space, meeting.kind, *days)
        valid = self._valid.get(key)
        if valid is None:
            every = self.problem.spaces[space].layouts
            here = [each for each in every if meeting.kind in ("", each.kind) and each.is_valid_on(*days)]
            valid = sorted(here, key=lambda each: (each.capacity, each.setup + each.cleardown, each.id))
            self._valid[key] = valid
        large = valid if self.problem.short else [each for each in valid if each.capacity >= meeting.people]
        if len(large) < 2:
            return large
        best: list[Layout] = []
        for layout in large:
            if not any(each.setup <= layout.setup and each.cleardown <= layout.cleardown for each in best):
                best.append(layout)
        return best


def cliques(stretches: Iterable[tuple[int, int, int, int]]) -> list[tuple[int, ...]]:
    """The largest sets that block one instant together, of stretches (low, high, owner, number) of one cell or unit.

    Stretches of time form an interval graph: "at most one of each such set" is the whole truth about them. Sets of a
    single owner are left out.
    """
    events = []
    owners = {}
    for low, high, owner, number in stretches:
        events += [(low, 1, number), (high, 0, number)]
        owners[number] = owner
    events.sort()
    found = []
    active: dict[int, None] = {}
    grown = False
    for _at, begins, number in events:
        if begins:
            active[number] = None
            grown = True
            continue
        if grown and len({owners[each] for each in active}) > 1:
            found.append(tuple(active))
        grown = False
        del active[number]
    return found


def limits(choosing: Choosing) -> list[Limit]:
    """The ceilings as sums over choices, where they could be exceeded at all."""
    found: list[Limit] = []
    for ceiling in choosing.problem.ceilings:
        here = [
            number
            for number, choice in enumerate(choosing.choices)
            if ceiling.building_id in (None, choosing.problem.spaces[choice.space].building_id)
        ]
        loads = [each for each in choosing.problem.loads if ceiling.building_id in (None, each.building_id)]
        slots = {choosing.choices[number].placing.slot for number in here}
        points = {slot.starts for slot in slots} | {load.slot.starts for load in loads}
        if ceiling.kind != "gate":
            points.add(midnight(ceiling.valid_from))
        days: defaultdict[date, list[datetime]] = defaultdict(list)
        for point in points:
            if ceiling.holds_on(day_of(point)):
                days[day_of(point)].append(point)
        counted: defaultdict[datetime, list[int]] = defaultdict(list)
        at = {slot: tuple(_counted_at(ceiling.kind, slot, days)) for slot in slots}
        for number in here:
            for point in at[choosing.choices[number].placing.slot]:
                counted[point].append(number)
        there: defaultdict[datetime, int] = defaultdict(int)
        for load in loads:
            for point in _counted_at(ceiling.kind, load.slot, days):
                there[point] += load.cars if ceiling.kind == "parking" else load.people
        for point, numbers in counted.items():
            brought = ((number, _counts(ceiling, choosing, number)) for number in numbers)
            terms = tuple((number, count) for number, count in brought if count)
            most = ceiling.most - there[point]
            if sum({choosing.choices[number].meeting: count for number, count in terms}.values()) > most:
                found.append(Limit(most, terms))
    return found


def _counts(ceiling: Ceiling, choosing: Choosing, number: int) -> int:
    """What a choice brings of what a ceiling counts."""
    meeting = choosing.problem.meetings[choosing.choices[number].meeting]
    return meeting.cars if ceiling.kind == "parking" else meeting.people


def _counted_at(kind: str, slot: Slot, days: dict[date, list[datetime]]) -> Iterable[datetime]:
    """The points at which the people or cars of a slot count."""
    if kind != "gate":
        day, last = day_of(slot.starts), day_of(slot.ends)
        while day <= last:
            yield from (point for point in days.get(day, ()) if slot.starts <= point < slot.ends)
            day = date.fromordinal(day.toordinal() + 1)
    else:
        for day in {day_of(slot.starts - HOUR), day_of(slot.starts)}:
            yield from (point for point in days.get(day, ()) if point <= slot.starts < point + HOUR)
