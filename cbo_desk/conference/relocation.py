"""Where the meetings go that a building phase displaces: the best plan, with what is proven of it.

`relocate` takes a `Problem` and answers with a `Plan`; it knows no database. A first plan stands within seconds; then
one stage of the objective after another is solved and frozen at what it came to. Meetings that share no space, team or
ceiling at any time are planned apart: lexicographic optima of such parts add up to that of the whole, since a sum is
least where each of its parts is. Only what counts rooms across a series ties weeks together again.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from cbo_desk.conference.finding import Placing
from cbo_desk.conference.relocating.field import Field
from cbo_desk.conference.relocating.greedy import Greedy
from cbo_desk.conference.relocating.model import Model
from cbo_desk.conference.relocating.problem import Goal, Measure, Plan, Problem, Stage
from cbo_desk.conference.relocating.worth import Chosen, Reached, worth

__all__ = ["Bench", "Step", "first_plan", "relocate"]

SMALL = 2.0
"""Seconds for one part's first stages as a single sum, before they are solved one by one."""


class Bench(Protocol):
    """What the planner is given: to tell how far it is, to hand over its best so far, to hear that it should stop."""

    def say(self, progress: Step) -> None:
        """Hear a step."""

    def keep(self, best: Plan) -> None:
        """Keep a plan in case the work ends now."""

    @property
    def stopping(self) -> bool:
        """Whether to answer with the best so far."""


@dataclass(frozen=True, slots=True)
class Step:
    """How far the planner is: which stage (from 0) of how many, its value and bound, seconds since the start."""

    stage: int
    stages: int
    value: int
    bound: int
    seconds: float


def first_plan(problem: Problem) -> Plan:
    """A plan that breaks no rule, quickly made and with nothing proven."""
    field = Field(problem)
    return _plan(field, Greedy(field).run(), {}, 0.0)


def relocate(bench: Bench, problem: Problem, seconds: float = 60.0, workers: int = 2) -> Plan:
    """The best plan that is found within some seconds of thought; each stage says whether it is proven."""
    return _Planner(bench, problem, seconds, workers).run()


class _Planner:
    """One problem at work: the best so far, what each part came to, and the time that is left."""

    def __init__(self, bench: Bench, problem: Problem, seconds: float, workers: int) -> None:
        self._bench, self._problem, self._workers = bench, problem, workers
        self._began = time.monotonic()
        self._until = self._began + seconds
        self._field = Field(problem)
        self._chosen: Chosen = {}
        # What each part came to, by stage.
        self._reached: defaultdict[int, list[Reached]] = defaultdict(list)

    def run(self) -> Plan:
        self._chosen = self._start()
        self._keep()
        tied = self._tied()
        apart = self._first_tied_stage() if tied else len(self._problem.stages)
        groups = self._field.apart()
        loose, bound = self._divide(groups, tied)
        for number, group in enumerate([*loose, *bound]):
            self._solve_apart(group, range(len(self._problem.stages) if number < len(loose) else apart))
        if bound and apart < len(self._problem.stages):
            self._solve_tied(bound, tied, range(apart, len(self._problem.stages)))
        return self._keep()

    def _start(self) -> Chosen:
        """The better of two quick plans: everybody's best place in turn, or their present one wherever it is open."""
        plans = [Greedy(self._field, keep).run() for keep in (False, True)]
        everyone = range(len(self._problem.meetings))
        return min(
            plans, key=lambda plan: [worth(self._field, everyone, stage, plan) for stage in self._problem.stages]
        )

    def _tied(self) -> list[list[int]]:
        """The meetings of each series that has several which may move."""
        series: defaultdict[int, list[int]] = defaultdict(list)
        for number, meeting in enumerate(self._problem.meetings):
            if meeting.series is not None:
                series[meeting.series].append(number)
        return [each for each in series.values() if len(each) > 1]

    def _first_tied_stage(self) -> int:
        stages = self._problem.stages
        tying = (place for place, stage in enumerate(stages) if any(goal is Goal.SERIES for goal, _ in stage))
        return next(tying, len(stages))

    def _divide(
        self, groups: Sequence[list[int]], tied: Sequence[list[int]]
    ) -> tuple[list[list[int]], list[list[int]]]:
        """The groups that no series ties to another, and the others."""
        group_of = {meeting: place for place, group in enumerate(groups) for meeting in group}
        bound = {group_of[each] for series in tied for each in series if len({group_of[e] for e in series}) > 1}
        loose = [group for place, group in enumerate(groups) if place not in bound]
        return loose, [group for place, group in enumerate(groups) if place in bound]

    def _solve_apart(self, group: list[int], stages: range) -> None:
        """Solve the first stages of one group to the end; quickly, where they fit into one sum."""
        wanted = [self._problem.stages[place] for place in stages]
        at_best = self._at_best(group, wanted)
        if at_best is not None:
            for place, reached in zip(stages, at_best, strict=True):
                self._reached[place].append(reached)
            return
        if self._left() <= 0:
            for place in stages:
                self._reached[place].append(self._unknown(group, place))
            return
        model = Model(self._field, group)
        chosen, proven = model.together(wanted, self._chosen, min(SMALL, self._left()))
        if proven:
            self._chosen.update(chosen)
            for place, stage in zip(stages, wanted, strict=True):
                value = worth(self._field, group, stage, self._chosen)
                self._reached[place].append(Reached(value, value))
            return
        self._one_by_one(model, group, stages)

    def _one_by_one(self, model: Model, group: list[int], stages: range) -> None:
        for place in stages:
            if self._left() <= 0:
                self._reached[place].append(self._unknown(group, place))
                continue
            share = self._left() / (1 + (stages.stop - 1 - place) * 0.7)
            self._chosen, reached = self._stage(model, place, share)
            self._reached[place].append(reached)

    def _stage(self, model: Model, place: int, seconds: float) -> tuple[Chosen, Reached]:
        def told(chosen: Chosen, value: int, bound: int) -> bool:
            self._chosen = {**self._chosen, **chosen}
            self._keep()
            spent = time.monotonic() - self._began
            self._bench.say(Step(place, len(self._problem.stages), value, bound, spent))
            return not self._bench.stopping

        chosen, reached = model.stage(self._problem.stages[place], self._chosen, seconds, self._workers, told)
        self._keep()
        return {**self._chosen, **chosen}, reached

    def _solve_tied(self, groups: list[list[int]], tied: Sequence[list[int]], stages: range) -> None:
        """Solve the later stages of groups that series tie together, with the earlier ones frozen in each."""
        members = {meeting for group in groups for meeting in group}
        joined = self._field.apart([[each for each in series if each in members] for series in tied])
        for together in joined:
            if together[0] not in members:
                continue
            if self._left() <= 0:
                for place in stages:
                    self._reached[place].append(self._unknown(together, place))
                continue
            placed = Goal.UNPLACED in {goal for stage in self._problem.stages[: stages.start] for goal, _ in stage}
            model = Model(self._field, together, placed and all(self._chosen[each] for each in together))
            mine = set(together)
            for group in groups:
                if group[0] in mine:
                    for stage in self._problem.stages[: stages.start]:
                        model.freeze(group, stage, worth(self._field, group, stage, self._chosen))
            self._one_by_one(model, together, stages)

    def _at_best(self, group: list[int], stages: Sequence[Stage]) -> list[Reached] | None:
        """What the stages came to, where nothing could be better whoever looked: then no solver is asked."""
        found = []
        for stage in stages:
            value = worth(self._field, group, stage, self._chosen)
            if sum(value) > self._least(group, stage):
                return None
            found.append(Reached(value, value))
        return found

    def _least(self, group: list[int], stage: Stage) -> int:
        """What a stage costs at least: the cheapest place of each meeting, were it alone. Nothing may be unplaced."""
        if any(self._chosen[each] is None and self._field.open[each] for each in group):
            return -1
        if stage[0][0] is Goal.UNPLACED:
            return sum(not self._field.open[each] for each in group)
        choices = self._field.choices
        return sum(
            min((sum(weight * choices[n].cost(goal) for goal, weight in stage) for n in self._field.open[each]),
                default=0)
            for each in group
        )  # fmt: skip

    def _unknown(self, group: list[int], place: int) -> Reached:
        value = worth(self._field, group, self._problem.stages[place], self._chosen)
        return Reached(value, (0,) * len(value))

    def _left(self) -> float:
        return 0.0 if self._bench.stopping else self._until - time.monotonic()

    def _keep(self) -> Plan:
        plan = _plan(self._field, self._chosen, self._reached, time.monotonic() - self._began)
        self._bench.keep(plan)
        return plan


def _plan(field: Field, chosen: Chosen, reached: dict[int, list[Reached]], seconds: float) -> Plan:
    problem = field.problem
    everyone = range(len(problem.meetings))
    places: dict[int, Placing | None] = {}
    for number in everyone:
        pick = chosen.get(number)
        placing = field.choices[pick.choice].placing if pick is not None else None
        if pick is not None and placing is not None:
            placing = replace(placing, units=tuple(problem.units[unit].id for unit in pick.units))
        places[problem.meetings[number].id] = placing
    measures = []
    for place, stage in enumerate(problem.stages):
        value = worth(field, everyone, stage, chosen)
        parts = [each.bound for each in reached.get(place, ())]
        known = tuple(map(sum, zip(*parts, strict=True))) if parts else (0,) * len(value)
        measures.append(Measure(stage, value, tuple(map(min, known, value))))
    return Plan(places, tuple(measures), seconds)
