"""A plan with all a person wants to know of it: what was checked, why somebody is unplaced, what would help."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time
from typing import Protocol

from cbo_desk.conference.finding import Placing, Taken
from cbo_desk.conference.relocating import checker
from cbo_desk.conference.relocating.certificates import Certificate, certify
from cbo_desk.conference.relocating.choices import Choosing, limits
from cbo_desk.conference.relocating.problem import Meeting, Plan, Problem
from cbo_desk.conference.relocation import Step, relocate
from cbo_desk.conference.rules import Load, Slot, day_of
from cbo_desk.zone import ZONE

MOST_WAYS = 4
_HOURS = range(8, 20)
_LATEST = time(20)


@dataclass(frozen=True, slots=True)
class Way:
    """What would let a meeting fit beside all others: a change of its "time", "layout", "booths" or "features"."""

    what: str
    placing: Placing


@dataclass(frozen=True)
class Solution:
    """A plan, what the checker found (nothing, or it is not to be used), and for the unplaced why, and ways out."""

    plan: Plan
    faults: tuple[checker.Fault, ...] = ()
    certificates: Mapping[int, Certificate] | None = None
    ways: Mapping[int, tuple[Way, ...]] | None = None


class Bench(Protocol):
    """Who watches and stops the work; see `cbo_desk.solving`."""

    def say(self, progress: Step) -> None:
        """Hear a step."""

    def keep(self, best: Solution) -> None:
        """Keep a solution in case the work ends now."""

    @property
    def stopping(self) -> bool:
        """Whether to answer with the best so far."""


def solve(bench: Bench, problem: Problem, seconds: float = 60.0, workers: int = 2) -> Solution:
    """Plan, check, and explain; the way for a process of its own."""
    plan = relocate(_Plans(bench, problem), problem, seconds, workers)
    found = Solution(plan, tuple(checker.check(problem, plan)))
    bench.keep(found)
    certificates, ways = {}, {}
    meetings = {meeting.id: meeting for meeting in problem.meetings}
    for ident, place in plan.places.items():
        if place is None and not bench.stopping:
            certificates[ident] = certify(problem, plan.places, ident)
            ways[ident] = ways_out(problem, plan.places, meetings[ident])
    return replace(found, certificates=certificates, ways=ways)


@dataclass(frozen=True)
class _Plans:
    """The planner's bench: what it keeps is a whole solution for whoever watches."""

    bench: Bench
    problem: Problem

    def say(self, progress: Step) -> None:
        self.bench.say(progress)

    def keep(self, best: Plan) -> None:
        self.bench.keep(Solution(best, tuple(checker.check(self.problem, best))))

    @property
    def stopping(self) -> bool:
        return self.bench.stopping


def ways_out(problem: Problem, places: Mapping[int, Placing | None], meeting: Meeting) -> tuple[Way, ...]:
    """What, changed by itself, would let an unplaced meeting fit while all others stay where a plan has them."""
    around = _others(problem, places)
    found: dict[tuple[str, Slot, str], Way] = {}
    for what, asked in _softer(meeting):
        choosing = Choosing(replace(around, meetings=(replace(asked, affected=True, wishes=()),)))
        # A way out that the gates, the compound or the car park would refuse is none.
        full = {number for limit in limits(choosing) for number, count in limit.terms if count > limit.most}
        open_ = (choice for number, choice in enumerate(choosing.choices) if number not in full)
        for choice in sorted(open_, key=lambda each: each.seats):
            placing = choice.placing
            found.setdefault((what, placing.slot, placing.kind if what == "layout" else ""), Way(what, placing))
    near = meeting.times[0].starts
    order = ("time", "layout", "booths", "features")
    ways = sorted(found.values(), key=lambda w: (order.index(w.what), abs(w.placing.slot.starts - near)))
    return tuple(ways[:MOST_WAYS])


def _softer(meeting: Meeting) -> Iterator[tuple[str, Meeting]]:
    slot = meeting.times[0]
    lasts = slot.ends - slot.starts
    day = day_of(slot.starts)
    hours = [datetime.combine(day, time(hour), ZONE) for hour in _HOURS]
    others = tuple(
        Slot(start, start + lasts)
        for start in hours
        if Slot(start, start + lasts) not in meeting.times
        and day_of(start + lasts) == day
        and (start + lasts).astimezone(ZONE).time() <= _LATEST
    )
    if others:
        yield "time", replace(meeting, times=others)
    # One change at a time: everything else at the time that was asked for.
    asked = replace(meeting, times=meeting.times[:1])
    if meeting.kind:
        yield "layout", replace(asked, kind="")
    if meeting.booths:
        yield "booths", replace(asked, booths=0)
    if meeting.features:
        yield "features", replace(asked, features=frozenset())


def _others(problem: Problem, places: Mapping[int, Placing | None]) -> Problem:
    """The problem in which everybody who has a place keeps it."""
    cells = {space.id: space for space in problem.spaces}
    taken = defaultdict(list, {cell: list(each) for cell, each in problem.taken.items()})
    loads = list(problem.loads)
    meetings = {meeting.id: meeting for meeting in problem.meetings}
    for ident, place in places.items():
        if place is not None:
            for cell in cells[place.space_id].cells:
                taken[cell].append(Taken(place.blocks, ident))
            moves = meetings[ident]
            loads.append(Load(place.slot, moves.people, cells[place.space_id].building_id, moves.cars))
    return replace(problem, meetings=(), taken={cell: tuple(each) for cell, each in taken.items()}, loads=tuple(loads))
