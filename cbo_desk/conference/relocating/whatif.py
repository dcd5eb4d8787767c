"""What if a phase began some weeks earlier or later: displaced meetings, those unplaced, and the seat-hours lost.

Days on which nothing changes between two shifts need not be solved twice: meetings that share nothing with others are
solved in parts, and a part that was solved once is remembered by what it consists of. So half a year in either
direction costs little more than the year once with the rooms closed and once with them open.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Protocol

from cbo_desk.conference.relocating.basis import Basis, Span, problem_on
from cbo_desk.conference.relocating.field import Field
from cbo_desk.conference.relocating.greedy import Greedy
from cbo_desk.conference.relocating.model import Model
from cbo_desk.conference.relocating.problem import Goal, Problem, stages_of
from cbo_desk.conference.relocating.worth import Chosen, seat_minutes, worth

STAGES = stages_of(Goal.UNPLACED, Goal.LOST)
"""Everybody placed whom rank allows; and of plans that are alike in this, the one that loses the fewest seat-hours."""
_SECONDS, _LONGER = 1.0, 8.0
"""For one part: at first, so that every start is soon shown; and for those not proven then, with the time left over."""
_WALLS = ((Goal.WALLS, 1),)
_Known = dict[Hashable, tuple[tuple[int, ...], bool, int]]
"""Of each part: who finds no place, whether that is proven, and for how many walls are moved."""


@dataclass(frozen=True, slots=True)
class Start:
    """What comes of a start so many weeks later (earlier where negative); `proven` where it could not be less.

    `lost` are seat-hours: people times hours of the meetings that find no place, whose ids are `unplaced`. `walls` are
    the meetings in rooms joined for them by the plan behind it, which looks after places alone: fewer may do.
    """

    weeks: int
    displaced: int
    unplaced: tuple[int, ...]
    lost: float
    proven: bool
    walls: int = 0

    @property
    def harm(self) -> tuple[int, float, int]:
        """What makes one start worse than another."""
        return len(self.unplaced), self.lost, self.displaced


class Bench(Protocol):
    """Who watches and stops the work; see `cbo_desk.solving`."""

    def say(self, progress: Start) -> None:
        """Hear of one start."""

    def keep(self, best: tuple[Start, ...]) -> None:
        """Keep the starts so far."""

    @property
    def stopping(self) -> bool:
        """Whether to answer with what there is."""


def curve(bench: Bench, problems: Callable[[int], Problem], weeks: Sequence[int], seconds: float) -> tuple[Start, ...]:
    """What comes of each start, the nearest first; where time or patience ends, the rest is rough and not proven."""
    known: _Known = {}
    until = time.monotonic() + seconds
    found: dict[int, Start] = {}
    nearest = sorted(weeks, key=lambda each: (abs(each), each))
    for shift in nearest:
        if bench.stopping:
            break
        _hear(bench, found, _start(shift, problems(shift), known, until, _SECONDS))
    for shift in nearest:
        if bench.stopping or time.monotonic() >= until:
            break
        if not found[shift].proven:
            _hear(bench, found, _start(shift, problems(shift), known, until, _LONGER))
    return tuple(found[week] for week in sorted(found))


def _hear(bench: Bench, found: dict[int, Start], start: Start) -> None:
    found[start.weeks] = start
    bench.keep(tuple(found[week] for week in sorted(found)))
    bench.say(start)


def solve(bench: Bench, basis: Basis, span: Span, weeks: Sequence[int], seconds: float = 30.0) -> tuple[Start, ...]:
    """The curve of a phase that lasts some days when it is not shifted; the way for a process of its own."""
    return curve(bench, lambda shift: problem_on(basis, span.shifted(shift)), weeks, seconds)


def least_harmful(starts: Sequence[Start]) -> tuple[int, int] | None:
    """The first and last of the neighbouring starts that do the least harm: none unplaced more than the best has."""
    if not starts:
        return None
    best = min(starts, key=lambda each: (each.harm, abs(each.weeks)))
    place = starts.index(best)
    low = high = place
    alike = (len(best.unplaced), best.lost)
    while low > 0 and (len(starts[low - 1].unplaced), starts[low - 1].lost) == alike:
        low -= 1
    while high + 1 < len(starts) and (len(starts[high + 1].unplaced), starts[high + 1].lost) == alike:
        high += 1
    return starts[low].weeks, starts[high].weeks


def _start(shift: int, problem: Problem, known: _Known, until: float, seconds: float) -> Start:
    field = Field(problem)
    chosen = Greedy(field).run()
    unplaced: list[int] = []
    proven = True
    walls = 0
    for group in field.apart():
        missing = [each for each in group if chosen[each] is None]
        if all(not field.open[each] for each in missing):
            unplaced += [problem.meetings[each].id for each in missing]
            walls += worth(field, group, _WALLS, chosen)[0]
            continue
        key = _key(field, group)
        here = known.get(key)
        left = until - time.monotonic()
        if here is None or (seconds > _SECONDS and not here[1]):
            if left > 0:
                known[key] = _solve(field, group, chosen, min(seconds, left))
            rough = worth(field, group, _WALLS, chosen)[0]
            here = known.get(key, (tuple(problem.meetings[each].id for each in missing), False, rough))
        unplaced += here[0]
        proven = proven and here[1]
        walls += here[2]
    numbers = {meeting.id: number for number, meeting in enumerate(problem.meetings)}
    lost = sum(seat_minutes(field, numbers[ident]) for ident in unplaced) / 60
    displaced = sum(meeting.affected for meeting in problem.meetings)
    return Start(shift, displaced, tuple(sorted(unplaced)), lost, proven, walls)


def _solve(field: Field, group: list[int], chosen: Chosen, seconds: float) -> tuple[tuple[int, ...], bool, int]:
    chosen, proven = Model(field, group).together(STAGES, chosen, seconds)
    unplaced = tuple(field.problem.meetings[each].id for each in group if chosen[each] is None)
    return unplaced, proven, worth(field, group, _WALLS, chosen)[0]


def _key(field: Field, group: list[int]) -> Hashable:
    """What a part consists of: whoever is in it, whether they must move, and every place that is open to them."""
    return tuple(
        (field.problem.meetings[each].id, field.problem.meetings[each].affected,
         tuple((field.choices[n].placing.space_id, field.choices[n].placing.layout_id, field.choices[n].low)
               for n in field.open[each]))
        for each in sorted(group)
    )  # fmt: skip
