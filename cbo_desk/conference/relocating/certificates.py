"""Why a meeting finds no place, so that a person can check it.

Where it can be said so, by counting: at one instant so many meetings can only be in so few spaces (a violator in the
sense of Hall's theorem, 1935, with joined spaces counted as what fits side by side). Else by a smallest set of things
that cannot all be had: leave any one of them out, and the rest is possible.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import combinations

from cbo_desk.conference.finding import Placing, Taken
from cbo_desk.conference.relocating.choices import Choosing
from cbo_desk.conference.relocating.field import Field
from cbo_desk.conference.relocating.greedy import Greedy
from cbo_desk.conference.relocating.model import Model
from cbo_desk.conference.relocating.problem import Goal, Meeting, Problem, stages_of
from cbo_desk.conference.rules import Load, Slot

MOST_REQUIREMENTS = 40
"""More than this nobody checks; and each is one small problem to solve."""
_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Crowd:
    """At an instant these meetings all need one of these spaces, of which at most so many can be had side by side.

    `slot` is the time of the unplaced meeting that it rules out; that meeting is the first.
    """

    slot: Slot
    at: datetime
    meetings: tuple[int, ...]
    spaces: tuple[int, ...]
    most: int


@dataclass(frozen=True, slots=True)
class Requirement:
    """Something that is wanted: `what` of a meeting.

    "seats", "layout", "booths", "features" and "units" are the unplaced meeting's own; "placed" says that another one
    has some place, "stays" that it keeps its own; "closures" and "ceilings" belong to no meeting.
    """

    what: str
    meeting: int = 0


@dataclass(frozen=True, slots=True)
class Certificate:
    """Why a meeting is unplaced: a crowd for each of its times, or requirements that cannot all be had.

    Neither where the time for looking was too short: then nothing is claimed.
    """

    meeting: int
    crowds: tuple[Crowd, ...] = ()
    conflict: tuple[Requirement, ...] = ()


def certify(problem: Problem, places: Mapping[int, Placing | None], meeting_id: int) -> Certificate:
    """Why a plan finds no place for a meeting."""
    meeting = next(each for each in problem.meetings if each.id == meeting_id)
    crowds = _crowds(problem, meeting)
    if crowds:
        return Certificate(meeting_id, crowds)
    return Certificate(meeting_id, conflict=_conflict(problem, places, meeting))


def _crowds(problem: Problem, meeting: Meeting) -> tuple[Crowd, ...]:
    """A crowd for every time of a meeting, or nothing."""
    near = [each for each in problem.meetings if _near(each, meeting)]
    choosing = Choosing(replace(problem, meetings=tuple(near)))
    places: dict[int, list[tuple[Slot, int]]] = {
        each.id: [
            (choosing.choices[n].placing.blocks, choosing.choices[n].placing.space_id)
            for n in choosing.of_meeting[number]
        ]
        for number, each in enumerate(near)
    }
    own = choosing.of_meeting[near.index(meeting)]
    found = []
    for slot in meeting.times:
        mine = {choosing.choices[n].placing.space_id for n in own if choosing.choices[n].placing.slot == slot}
        # Crowds are thickest where a meeting begins.
        begins = {each.starts for other in near for each in other.times if slot.starts < each.starts < slot.ends}
        tried = (_crowd(problem, meeting, slot, at, mine, near, places) for at in (slot.starts, *sorted(begins)))
        crowd = next((each for each in tried if each is not None), None)
        if crowd is None:
            return ()
        found.append(crowd)
    return tuple(found)


def _near(other: Meeting, meeting: Meeting) -> bool:
    if other is meeting:
        return True
    # Whoever is affected and ranks lower would give way; whoever is not affected keeps some place whatever its rank.
    counts = not other.affected or other.rank <= meeting.rank
    return counts and any(one.overlaps(two) for one in other.times for two in meeting.times)


def _crowd(
    problem: Problem, meeting: Meeting, slot: Slot, at: datetime, mine: set[int], near: Sequence[Meeting],
    places: Mapping[int, list[tuple[Slot, int]]],
) -> Crowd | None:  # fmt: skip
    bound = [
        each.id
        for each in near
        if each is not meeting and places[each.id] and all(b.starts <= at < b.ends for b, _ in places[each.id])
    ]
    wants = {each: {space for _, space in places[each]} for each in bound}
    spaces = set(mine)
    while True:
        inside = tuple(each for each in bound if wants[each] <= spaces)
        most = _side_by_side(problem, spaces)
        if most < len(inside) + 1:
            return Crowd(slot, at, (meeting.id, *inside), tuple(sorted(spaces)), most)
        # The next space that lets the most meetings in for the fewest spaces.
        more = [wants[each] - spaces for each in bound if wants[each] - spaces and wants[each] & spaces]
        if not more:
            return None
        spaces |= min(more, key=lambda each: (len(each), sorted(each)))


def _side_by_side(problem: Problem, spaces: Iterable[int]) -> int:
    """How many of some spaces can be had at once: those joined take the rooms they are made of."""
    cells = [space.cells for space in problem.spaces if space.id in set(spaces)]
    single = {cell for each in cells if len(each) == 1 for cell in each}
    # A joined space all of whose rooms are there by themselves is never worth more than one of them.
    joined = [each for each in cells if len(each) > 1 and not each & single]
    for count in range(len(joined), 0, -1):
        for chosen in combinations(joined, count):
            if sum(map(len, chosen)) == len(frozenset().union(*chosen)):
                return len(single) + count
    return len(single)


def _conflict(problem: Problem, places: Mapping[int, Placing | None], meeting: Meeting) -> tuple[Requirement, ...]:
    """Requirements that cannot all be had, none of which can be left out; empty where nothing was proven."""
    wanted = _requirements(problem, places, meeting)
    if len(wanted) > MOST_REQUIREMENTS or _possible(problem, places, meeting, wanted) is not False:
        return ()
    kept = list(wanted)
    for each in wanted:
        fewer = [other for other in kept if other != each]
        if _possible(problem, places, meeting, fewer) is False:
            kept = fewer
    return tuple(kept)


def _requirements(problem: Problem, places: Mapping[int, Placing | None], meeting: Meeting) -> list[Requirement]:
    found = [
        Requirement("placed" if other.affected or other.rank > meeting.rank else "stays", other.id)
        for other in problem.meetings
        if other is not meeting and _near(other, meeting) and places[other.id] is not None
    ]
    found += [Requirement("ceilings")] if problem.ceilings else []
    found += [Requirement("closures")] if problem.taken else []
    found += [Requirement("units", meeting.id)] if meeting.wishes else []
    found += [Requirement("features", meeting.id)] if meeting.features else []
    found += [Requirement("booths", meeting.id)] if meeting.booths else []
    found += [Requirement("layout", meeting.id)] if meeting.kind else []
    return [*found, Requirement("seats", meeting.id)]


def relaxed(
    problem: Problem, places: Mapping[int, Placing | None], meeting: Meeting, wanted: Sequence[Requirement]
) -> Problem:
    """The problem in which only what is wanted counts: everybody in it is to be placed."""
    what = {(each.what, each.meeting) for each in wanted}
    own = replace(
        meeting,
        people=meeting.people if ("seats", meeting.id) in what else 1,
        kind=meeting.kind if ("layout", meeting.id) in what else "",
        booths=meeting.booths if ("booths", meeting.id) in what else 0,
        features=meeting.features if ("features", meeting.id) in what else frozenset(),
        wishes=meeting.wishes if ("units", meeting.id) in what else (),
    )
    taken = {cell: list(each) for cell, each in problem.taken.items()} if ("closures", 0) in what else {}
    units_taken = {unit: list(each) for unit, each in problem.units_taken.items()}
    loads = list(problem.loads)
    cells = {space.id: space for space in problem.spaces}
    moving = [own]
    for other in problem.meetings:
        if ("placed", other.id) in what:
            moving.append(other)
        elif ("stays", other.id) in what and (there := places[other.id]) is not None:
            for cell in cells[there.space_id].cells:
                taken.setdefault(cell, []).append(Taken(there.blocks, other.id))
            for unit in there.units:
                units_taken.setdefault(unit, []).append(Taken(there.blocks, other.id))
            loads.append(Load(there.slot, other.people, cells[there.space_id].building_id, other.cars))
    return replace(
        problem, meetings=tuple(replace(each, rank=1) for each in moving),
        taken={cell: tuple(sorted(each, key=lambda t: t.slot)) for cell, each in taken.items()},
        units_taken={unit: tuple(each) for unit, each in units_taken.items()}, loads=tuple(loads),
        ceilings=problem.ceilings if ("ceilings", 0) in what else (), stages=stages_of(Goal.UNPLACED),
    )  # fmt: skip


def _possible(
    problem: Problem, places: Mapping[int, Placing | None], meeting: Meeting, wanted: Sequence[Requirement]
) -> bool | None:
    """Whether all that is wanted can be had; None where that was not settled in time."""
    field = Field(relaxed(problem, places, meeting, wanted))
    chosen = Greedy(field).run()
    if all(pick is not None for pick in chosen.values()):
        return True
    chosen, proven = Model(field, range(len(field.open))).together(field.problem.stages, chosen, _SECONDS)
    if all(pick is not None for pick in chosen.values()):
        return True
    return False if proven else None
