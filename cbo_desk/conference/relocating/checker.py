"""Checks a relocation plan from the problem alone: every rule and every figure, reckoned anew in the plainest way.

It shares no code with the planner: neither its choices nor its sets, only the words of problem and plan, and it looks
at instants where the planner counts minutes. A plan is shown only after it was checked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from cbo_desk.conference.finding import Placing, Space
from cbo_desk.conference.relocating.problem import Goal, Meeting, Plan, Problem, Stage
from cbo_desk.zone import ZONE

MOST_DAYS = 31


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a plan: a word for the rule, the meeting it is about (0 for the plan as a whole), and how."""

    rule: str
    meeting: int
    told: str


def check(problem: Problem, plan: Plan) -> list[Fault]:
    """Everything that is wrong with a plan; an empty list says it can be carried out, and its figures are true."""
    faults = list(_places(problem, plan.places))
    if not faults:
        # Sums and figures make sense only where each place does.
        faults += _cells(problem, plan.places)
        faults += _units(problem, plan.places)
        faults += _ceilings(problem, plan.places)
        faults += _ranks(problem, plan.places)
        faults += _figures(problem, plan)
    return faults


def figures(problem: Problem, places: Mapping[int, Placing | None]) -> list[tuple[int, ...]]:
    """What each stage of the problem comes to for some places, reckoned from nothing else."""
    return [_figure(problem, places, stage) for stage in problem.stages]


def _places(problem: Problem, places: Mapping[int, Placing | None]) -> Iterator[Fault]:
    """Each place on its own: it is the meeting's, in an open space, at an allowed time, in a layout that is there."""
    known = {meeting.id for meeting in problem.meetings}
    for stranger in set(places) - known:
        yield Fault("unknown", stranger, "The plan moves a meeting that nobody asked about.")
    spaces = {space.id: space for space in problem.spaces}
    for meeting in problem.meetings:
        if meeting.id not in places:
            yield Fault("missing", meeting.id, "The plan says nothing of it.")
            continue
        placing = places[meeting.id]
        if placing is None:
            if not meeting.affected:
                yield Fault("dropped", meeting.id, "It need not move, and must not lose its place.")
            continue
        if not meeting.affected and _same(placing, meeting.stands):
            continue
        space = spaces.get(placing.space_id)
        if space is None:
            yield Fault("space", meeting.id, "There is no such space.")
        else:
            yield from _place(problem, meeting, placing, space)


def _same(one: Placing, other: Placing | None) -> bool:
    return other is not None and (one.space_id, one.layout_id, one.slot, one.blocks, sorted(one.units)) == (
        other.space_id, other.layout_id, other.slot, other.blocks, sorted(other.units),
    )  # fmt: skip


def _place(problem: Problem, meeting: Meeting, placing: Placing, space: Space) -> Iterator[Fault]:
    if placing.slot not in meeting.times:
        yield Fault("time", meeting.id, "Its client does not allow this time.")
    layout = next((each for each in space.layouts if each.id == placing.layout_id), None)
    if layout is None or layout.kind != placing.kind:
        yield Fault("layout", meeting.id, f"{space.code} has no such layout.")
        return
    if meeting.kind and layout.kind != meeting.kind:
        yield Fault("layout", meeting.id, f"It needs the layout {meeting.kind}.")
    first = placing.slot.starts.astimezone(ZONE).date()
    last = (placing.slot.ends - timedelta(microseconds=1)).astimezone(ZONE).date()
    if first < layout.valid_from or (layout.valid_to is not None and last > layout.valid_to):
        yield Fault("layout", meeting.id, f"{space.code} has this layout on other days.")
    if layout.capacity < meeting.people and not problem.short:
        yield Fault("seats", meeting.id, f"{space.code} seats {layout.capacity}, not {meeting.people}.")
    before = placing.slot.starts - timedelta(minutes=layout.setup)
    after = placing.slot.ends + timedelta(minutes=layout.cleardown)
    if (placing.blocks.starts, placing.blocks.ends) != (before, after):
        yield Fault("blocks", meeting.id, "Set-up and clear-down are not those of the layout.")
    if placing.blocks.ends - placing.blocks.starts > timedelta(days=MOST_DAYS):
        yield Fault("blocks", meeting.id, f"It blocks more than {MOST_DAYS} days.")
    if space.booths < meeting.booths:
        yield Fault("booths", meeting.id, f"{space.code} has {space.booths} booths, not {meeting.booths}.")
    if meeting.features - space.features:
        yield Fault(
            "features", meeting.id, f"{space.code} lacks {', '.join(sorted(meeting.features - space.features))}."
        )


def _clashes(
    stretches: dict[int, list[tuple[datetime, datetime, int | None]]], rule: str, what: str
) -> Iterator[Fault]:
    """Two stretches of the same thing that share an instant, one of a meeting (the others have no number)."""
    for numbered in stretches.values():
        for place, (starts, ends, meeting) in enumerate(numbered):
            for other_starts, other_ends, other in numbered[place + 1 :]:
                if starts < other_ends and other_starts < ends and (meeting is not None or other is not None):
                    yield Fault(rule, meeting if meeting is not None else other or 0, what)


def _cells(problem: Problem, places: Mapping[int, Placing | None]) -> Iterator[Fault]:
    stretches: defaultdict[int, list[tuple[datetime, datetime, int | None]]] = defaultdict(list)
    cells = {space.id: space.cells for space in problem.spaces}
    for meeting, placing in places.items():
        if placing is not None:
            for cell in cells[placing.space_id]:
                stretches[cell].append((placing.blocks.starts, placing.blocks.ends, meeting))
    for cell, taken in problem.taken.items():
        if cell in stretches:
            stretches[cell] += [(each.slot.starts, each.slot.ends, None) for each in taken]
    yield from _clashes(_by_day(stretches), "cell", "Its space is closed, or taken, at that time.")


def _by_day(
    stretches: Mapping[int, list[tuple[datetime, datetime, int | None]]],
) -> dict[int, list[tuple[datetime, datetime, int | None]]]:
    """The same in smaller lists: what overlaps shares a day at least; long closures are in the list of each day."""
    found: dict[int, list[tuple[datetime, datetime, int | None]]] = {}
    for number, each in enumerate(stretches.values()):
        days = {day for starts, ends, meeting in each if meeting is not None for day in _days(starts, ends)}
        for starts, ends, meeting in each:
            low, high = _ordinal(starts), _ordinal(ends)
            for day in _days(starts, ends) if high - low < 40 else (day for day in days if low <= day <= high):
                if day in days:
                    found.setdefault(number * 10_000_000 + day, []).append((starts, ends, meeting))
    return found


def _days(starts: datetime, ends: datetime) -> range:
    return range(_ordinal(starts), _ordinal(ends) + 1)


def _ordinal(instant: datetime) -> int:
    return instant.astimezone(ZONE).toordinal()


def _units(problem: Problem, places: Mapping[int, Placing | None]) -> Iterator[Fault]:
    known = {unit.id: unit for unit in problem.units}
    stretches: defaultdict[int, list[tuple[datetime, datetime, int | None]]] = defaultdict(list)
    for meeting in problem.meetings:
        placing = places[meeting.id]
        if placing is None:
            continue
        if not (not meeting.affected and _same(placing, meeting.stands)):
            served = [known.get(unit) for unit in placing.units]
            met = len(served) == len(meeting.wishes) == len(set(placing.units)) and all(
                unit is not None and wish.kind == unit.kind and not wish.speaks - unit.speaks
                for wish, unit in zip(meeting.wishes, served, strict=False)
            )
            if not met:
                yield Fault("units", meeting.id, "It does not get the teams or sets it needs.")
        for unit in placing.units:
            stretches[unit].append((placing.blocks.starts, placing.blocks.ends, meeting.id))
    for ident, taken in problem.units_taken.items():
        if ident in stretches:
            stretches[ident] += [(each.slot.starts, each.slot.ends, None) for each in taken]
    yield from _clashes(_by_day(stretches), "units", "Its team or set is elsewhere at that time.")


def _ceilings(problem: Problem, places: Mapping[int, Placing | None]) -> Iterator[Fault]:
    buildings = {space.id: space.building_id for space in problem.spaces}
    brought = {meeting.id: (meeting.people, meeting.cars) for meeting in problem.meetings}
    there = [(load.slot.starts, load.slot.ends, (load.people, load.cars), load.building_id) for load in problem.loads]
    there += [
        (placing.slot.starts, placing.slot.ends, brought[ident], buildings[placing.space_id])
        for ident, placing in places.items()
        if placing is not None
    ]
    for ceiling in problem.ceilings:
        which = 1 if ceiling.kind == "parking" else 0
        here = sorted(
            (starts, ends, both[which])
            for starts, ends, both, building in there
            if ceiling.building_id is None or building == ceiling.building_id
        )
        points = {starts for starts, _, _ in here}
        points.add(datetime.combine(ceiling.valid_from, datetime.min.time(), ZONE))
        for point in sorted(points):
            day = point.astimezone(ZONE).date()
            if day < ceiling.valid_from or (ceiling.valid_to is not None and day > ceiling.valid_to):
                continue
            if ceiling.kind in ("people", "parking"):
                total = sum(count for starts, ends, count in here if starts <= point < ends)
            else:
                total = sum(count for starts, _, count in here if point <= starts < point + timedelta(hours=1))
            if total > ceiling.most:
                what = "cars" if which else "people"
                yield Fault("ceiling", 0, f"{total} {what} where {ceiling.most} may be, at {point:%d %b %Y %H:%M}.")


def _ranks(problem: Problem, places: Mapping[int, Placing | None]) -> Iterator[Fault]:
    """Whoever need not move gave their place up to a meeting of higher rank that is there now."""
    cells = {space.id: space.cells for space in problem.spaces}
    for meeting in problem.meetings:
        placing, stood = places[meeting.id], meeting.stands
        if meeting.affected or placing is None or stood is None or _same(placing, stood):
            continue
        for other in problem.meetings:
            there = places[other.id]
            if (
                other.rank < meeting.rank and there is not None
                and cells[there.space_id] & cells[stood.space_id]
                and there.blocks.starts < stood.blocks.ends and stood.blocks.starts < there.blocks.ends
            ):  # fmt: skip
                break
        else:
            yield Fault("rank", meeting.id, "It gives up its place, and nobody of higher rank takes it.")


def _figures(problem: Problem, plan: Plan) -> Iterator[Fault]:
    if [measure.stage for measure in plan.measures] != list(problem.stages):
        yield Fault("figures", 0, "The plan's figures are not those that were asked for.")
        return
    for measure, true in zip(plan.measures, figures(problem, plan.places), strict=True):
        if measure.value != true:
            goals = ", ".join(goal.value for goal, _ in measure.stage)
            yield Fault("figures", 0, f"The plan says {measure.value} of {goals}, and it is {true}.")
        if measure.bound > measure.value:
            yield Fault("figures", 0, "A bound lies above the value it bounds.")


def _figure(problem: Problem, places: Mapping[int, Placing | None], stage: Stage) -> tuple[int, ...]:
    if any(goal is Goal.UNPLACED for goal, _ in stage):
        ranks = sorted({meeting.rank for meeting in problem.meetings})
        return tuple(
            len([each for each in problem.meetings if each.rank == rank and places[each.id] is None]) for rank in ranks
        )
    return (sum(weight * _count(problem, places, goal) for goal, weight in stage),)


def _count(problem: Problem, places: Mapping[int, Placing | None], goal: Goal) -> int:
    total = 0
    rooms: defaultdict[int, set[int]] = defaultdict(set)
    for meeting in problem.meetings:
        placing = places[meeting.id]
        if placing is None:
            if goal is Goal.LOST:
                lasts = meeting.times[0].ends - meeting.times[0].starts
                total += meeting.people * (lasts // timedelta(minutes=1))
            continue
        if meeting.series is not None:
            rooms[meeting.series].add(placing.space_id)
        total += _one(problem, meeting, placing, goal)
    return total + (sum(len(each) - 1 for each in rooms.values()) if goal is Goal.SERIES else 0)


def _one(problem: Problem, meeting: Meeting, placing: Placing, goal: Goal) -> int:
    stays = not meeting.affected and _same(placing, meeting.stands)
    space = next(each for each in problem.spaces if each.id == placing.space_id)
    if goal is Goal.BUMPED:
        return int(meeting.confirmed and not meeting.affected and not stays)
    if goal is Goal.TIMES:
        return int(placing.slot != meeting.times[0])
    if goal is Goal.ROOMS:
        return int(meeting.stands is not None and meeting.stands.space_id != placing.space_id)
    if goal is Goal.WALLS:
        return int(len(space.cells) > 1)
    if goal is Goal.SEATS and not stays:
        capacity = next(each.capacity for each in space.layouts if each.id == placing.layout_id)
        return max(0, meeting.people - capacity) if problem.short else capacity - meeting.people
    return 0
