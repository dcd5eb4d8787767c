"""Checks a certificate from the problem alone, by going through every place: it shares no code with who found it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

from cbo_desk.conference.finding import Placing
from cbo_desk.conference.relocating import checker
from cbo_desk.conference.relocating.certificates import Crowd
from cbo_desk.conference.relocating.problem import Meeting, Plan, Problem


def crowd_holds(problem: Problem, crowd: Crowd) -> bool:
    """Whether it is true what a crowd says.

    Every place that any of its meetings could have, were it alone, is one of its spaces and blocks its instant; and no
    more of those spaces than it says can be had at once, which are fewer than the meetings.
    """
    meetings = {meeting.id: meeting for meeting in problem.meetings}
    if len(set(crowd.meetings)) != len(crowd.meetings) or not set(crowd.meetings) <= set(meetings):
        return False
    first, *others = (meetings[each] for each in crowd.meetings)
    if crowd.slot not in first.times:
        return False
    if any(each.affected and each.rank > first.rank for each in others):
        return False
    for meeting in (replace(first, times=(crowd.slot,)), *others):
        for place in _places(problem, meeting):
            if place.space_id not in crowd.spaces or not place.blocks.starts <= crowd.at < place.blocks.ends:
                return False
    return _at_once(problem, crowd) <= crowd.most < len(crowd.meetings)


def _places(problem: Problem, meeting: Meeting) -> Iterator[Placing]:
    """Every place a meeting could have if it were alone; teams and ceilings are not asked, which only adds places."""
    if not meeting.affected and meeting.stands is not None:
        yield meeting.stands
    alone = replace(meeting, wishes=(), affected=True)
    single = replace(problem, meetings=(alone,), ceilings=(), units_taken={}, stages=())
    for slot in meeting.times:
        for space in problem.spaces:
            for layout in space.layouts:
                blocks = slot.widened(layout.setup, layout.cleardown)
                place = Placing(slot, space.id, layout.id, layout.kind, blocks)
                if not checker.check(single, Plan({meeting.id: place})):
                    yield place


def _at_once(problem: Problem, crowd: Crowd) -> int:
    cells = [space.cells for space in problem.spaces if space.id in crowd.spaces]
    for count in range(len(cells), 0, -1):
        for chosen in combinations(cells, count):
            if sum(map(len, chosen)) == len(frozenset().union(*chosen)):
                return count
    return 0
