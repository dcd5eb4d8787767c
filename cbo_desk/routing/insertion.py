"""Where a ride goes best into a tour: every pair of places for its two stops, exactly, and remembered.

This is our own planner's one move; everything else is which rides to take out first. For many rides at once numpy says
what each would cost a tour at least, looking at its two stops one by one; only what can still be the best is then tried
exactly. No solver's wheel is needed, so it also serves where there is none.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from cbo_desk.routing.problem import Problem
from cbo_desk.routing.timing import Clockwork, rested

Tour = tuple[int, ...]
NOWHERE = 1 << 60
"""Metres that no way has: what stands where a stop does not fit."""
_REMEMBERED = 300_000
_STANDING = 6_000

Numbers = Any
"""An array of whole numbers."""
Way = tuple[int, int, int]
"""Metres more, and before which places of the tour to pick up and to set down."""


@dataclass(slots=True)
class Standing:
    """A tour as it stands, between its start and end: leg by leg when it can leave, by when it is due, what is free.

    `least` is what each ride that was looked at costs at least, in metres more; `best` what is known exactly.
    """

    nodes: list[int]
    before: Numbers
    after: Numbers
    leaves: Numbers
    due: Numbers
    metres: Numbers
    loads: list[list[int]]
    seen: int = 0
    whole: bool = False
    least: dict[int, int] = field(default_factory=dict)
    rows: dict[int, tuple[Numbers, Numbers, Numbers]] = field(default_factory=dict)
    ways: dict[int, list[Way]] = field(default_factory=dict)
    tried: dict[int, int] = field(default_factory=dict)
    best: dict[int, tuple[int, Tour] | None] = field(default_factory=dict)


class Insertion:
    """Best insertions into the tours of one problem; crews that are alike share what is remembered."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.windows = problem.windows
        self.kind = self._kinds()
        self.clock = Clockwork(problem)
        self._standing: dict[tuple[int, Tour], Standing | None] = {}
        self._holds: dict[tuple[int, Tour], bool] = {}
        self.rooms = self._binding()
        self._amounts = [[task.amounts[kind] for kind in self.rooms] for task in problem.tasks]
        self._arrays()

    def _kinds(self) -> list[int]:
        """For each crew the first one that is like it in every respect."""
        first: dict[object, int] = {}
        kinds = []
        for number, crew in enumerate(self.problem.crews):
            start = self.problem.start(number)
            way = tuple(self.problem.seconds[start]), tuple(row[start + 1] for row in self.problem.seconds)
            may = tuple(number in task.crews for task in self.problem.tasks)
            kinds.append(first.setdefault((crew, way, may), number))
        return kinds

    def _binding(self) -> list[int]:
        """The kinds of room that can run short: not those of which nobody takes more than of a scarcer one."""
        tasks, crews = self.problem.tasks, self.problem.crews
        kinds = [kind for kind in range(len(crews[0].capacity) if crews else 0) if any(t.amounts[kind] for t in tasks)]

        def covers(one: int, other: int) -> bool:
            return all(task.amounts[one] >= task.amounts[other] for task in tasks) and all(
                crew.capacity[one] <= crew.capacity[other] for crew in crews
            )

        binding = list(kinds)
        for kind in kinds:
            if any(other != kind and covers(other, kind) for other in binding):
                binding.remove(kind)
        return binding

    def _arrays(self) -> None:
        problem = self.problem
        count = 2 * len(problem.tasks)
        seconds, metres = np.array(problem.seconds, dtype=np.int64), np.array(problem.metres, dtype=np.int64)
        if not count:
            return
        self._metres = metres
        self._early = np.array([window[0] for window in self.windows], dtype=np.int64)
        self._late = np.array([window[1] for window in self.windows], dtype=np.int64)
        self._service = np.array([problem.service(node) for node in range(count)], dtype=np.int64)
        # By node: seconds and metres to it from everywhere, and from it, its own service included.
        self._to = np.stack([seconds.T[:count], metres.T[:count]])
        self._from = np.stack([seconds[:count] + self._service[:, None], metres[:count]])
        up = np.arange(0, count, 2)
        self._direct = self._service[up] + seconds[up, up + 1]
        self._direct_metres = metres[up, up + 1]
        self._takes = np.array(self._amounts, dtype=np.int64).reshape(len(problem.tasks), len(self.rooms))
        self._most = self._takes.max(axis=0).tolist()
        self._barred = {
            kind: np.array([kind not in task.crews for task in problem.tasks]) for kind in dict.fromkeys(self.kind)
        }
        self._choosy = {kind: bool(barred.any()) for kind, barred in self._barred.items()}

    def holds(self, crew: int, tour: Tour) -> bool:
        """Whether a tour keeps to every window, longest ride, duty and break; loads are not looked at."""
        key = self.kind[crew], tour
        known = self._holds.get(key)
        if known is None:
            if len(self._holds) > _REMEMBERED:
                self._holds.clear()
            known = self.clock.holds(crew, tour)
            if known and self.problem.crews[crew].breaks:
                known = rested(self.problem, crew, tour) is not None
            self._holds[key] = known
        return known

    def best(self, crew: int, tour: Tour, task: int) -> tuple[int, Tour] | None:
        """What serving a task more would cost a tour at least, and the tour then; None where it does not fit."""
        own = self.stand(crew, tour)
        if own is None:
            return None
        self.look(own, crew, [task])
        return self.below(own, crew, tour, task, None) if own.least[task] < NOWHERE else None

    def below(self, own: Standing, crew: int, tour: Tour, task: int, limit: int | None) -> tuple[int, Tour] | None:
        """The same for a tour that was looked at for the task; None also where it costs `limit` or more."""
        if task in own.best:
            return own.best[task]
        ways = own.ways.get(task)
        if ways is None:
            ways = own.ways[task] = self._ways(own, crew, task)
        crews = self.problem.crews[crew]
        fixed = 0 if tour else crews.fixed * 1000
        for number in range(own.tried.get(task, 0), len(ways)):
            more, up, down = ways[number]
            cost = more * crews.per_km + fixed
            if limit is not None and cost >= limit:
                own.tried[task], own.least[task] = number, more
                return None
            if not self._carries(own, crew, task, up, down):
                continue
            longer = (*tour[:up], 2 * task, *tour[up:down], 2 * task + 1, *tour[down:])
            if self.holds(crew, longer):
                own.best[task] = cost, longer
                return own.best[task]
        own.best[task] = None
        return None

    def _carries(self, own: Standing, crew: int, task: int, up: int, down: int) -> bool:
        capacity = self.problem.crews[crew].capacity
        for kind, loads, takes in zip(self.rooms, own.loads, self._amounts[task], strict=True):
            if takes and max(loads[up : down + 1]) + takes > capacity[kind]:
                return False
        return True

    def _ways(self, own: Standing, crew: int, task: int) -> list[Way]:
        """Every pair of places at which the two stops fit one by one, the shortest way first."""
        if task not in own.rows:
            self._look(own, crew, [task])
        ups, downs, boths = (row.tolist() for row in own.rows.pop(task))
        ways = [(more, place, place) for place, more in enumerate(boths) if more < NOWHERE]
        fitting = [(place, more) for place, more in enumerate(downs) if more < NOWHERE]
        for place, more in enumerate(ups):
            if more < NOWHERE:
                ways += [(more + further, place, stop) for stop, further in fitting if stop > place]
        ways.sort()
        return ways

    def look(self, own: Standing, crew: int, tasks: Iterable[int]) -> None:
        """Note what rides would cost a tour at least; a tour that is seen often is looked at for all of them."""
        own.seen += 1
        if own.whole:
            return
        if own.seen > 2:
            own.whole = True
            self._look(own, crew, range(len(self.problem.tasks)), keep=False)
            return
        missing = [task for task in tasks if task not in own.least]
        if missing:
            self._look(own, crew, missing)

    def _look(self, own: Standing, crew: int, tasks: Sequence[int], keep: bool = True) -> None:
        which = np.array(tasks, dtype=np.intp)
        count = len(which)
        nodes = np.concatenate([2 * which, 2 * which + 1])
        rows = nodes[:, None]
        early, late, due = self._early[rows], self._late[rows], own.due
        seconds_to, metres_to = self._to[:, rows, own.before]
        seconds_from, metres_from = self._from[:, rows, own.after]
        metres_from -= own.metres
        # When each stop can begin on each leg by itself, and what it would add there.
        at = np.maximum(own.leaves + seconds_to, early)
        fits = at <= late
        goes_on = fits & (at + seconds_from <= due)
        alone = np.where(goes_on, metres_to + metres_from, NOWHERE)
        ups, downs, fits = alone[:count], alone[count:], fits[:count]
        lacks = self._lacks(own, crew, which)
        if lacks is not None:
            ups[lacks] = NOWHERE
            fits = fits & ~lacks
        # And both stops at once.
        arrives = np.maximum(at[:count] + self._direct[which][:, None], early[count:])
        fits = fits & (arrives <= late[count:]) & (arrives + seconds_from[count:] <= due)
        boths = np.where(
            fits, metres_to[:count] + self._direct_metres[which][:, None] + metres_from[count:], NOWHERE
        )  # fmt: skip
        least = boths.min(axis=1)
        if ups.shape[1] > 1:
            later = np.minimum.accumulate(downs[:, :0:-1], axis=1)[:, ::-1]
            least = np.minimum(least, (ups[:, :-1] + later).min(axis=1))
        exact = own.best
        for row, (task, more) in enumerate(zip(tasks, least.tolist(), strict=True)):
            if task not in exact and own.least.get(task, -NOWHERE) < more:
                own.least[task] = more
            if keep:
                own.rows[task] = ups[row], downs[row], boths[row]

    def _lacks(self, own: Standing, crew: int, which: Numbers) -> Numbers:
        """On which legs there is no room for which rides, or None where there always is."""
        capacity, lacks = self.problem.crews[crew].capacity, None
        for column, (kind, loads) in enumerate(zip(self.rooms, own.loads, strict=True)):
            if max(loads) + self._most[column] > capacity[kind]:
                short = self._takes[which, column][:, None] > capacity[kind] - np.array(loads)
                lacks = short if lacks is None else lacks | short
        kind = self.kind[crew]
        if self._choosy[kind]:
            barred = np.broadcast_to(self._barred[kind][which][:, None], (len(which), len(own.nodes) - 1))
            lacks = barred if lacks is None else lacks | barred
        return lacks

    def stand(self, crew: int, tour: Tour) -> Standing | None:
        """A tour as it stands; None where it cannot be driven."""
        key = self.kind[crew], tour
        if key in self._standing:
            return self._standing[key]
        if len(self._standing) > _STANDING:
            self._standing.clear()
        answer = self._standing[key] = self._stood(crew, tour)
        return answer

    def _stood(self, crew: int, tour: Tour) -> Standing | None:
        start, clock, window = self.problem.start(crew), self.clock, self.problem.crews[crew].window
        seconds, early, late, services = clock.seconds, clock.early, clock.late, clock.service
        time, before = window[0], start
        leaves = [time]
        for node in tour:
            time += seconds[before][node]
            if time < early[node]:
                time = early[node]
            if time > late[node]:
                return None
            time += services[node]
            leaves.append(time)
            before = node
        if time + seconds[before][start + 1] > window[1]:
            return None
        due, after = [window[1]], start + 1
        for node in reversed(tour):
            latest = due[-1] - seconds[node][after] - services[node]
            due.append(latest if latest < late[node] else late[node])
            after = node
        due.reverse()
        loads = []
        for column, _ in enumerate(self.rooms):
            load, own = 0, [0]
            for node in tour:
                takes = self._amounts[node >> 1][column]
                load += -takes if node & 1 else takes
                own.append(load)
            loads.append(own)
        nodes = [start, *tour, start + 1]
        ends = np.array(nodes, dtype=np.intp)
        return Standing(
            nodes, ends[:-1], ends[1:], np.array(leaves, dtype=np.int64), np.array(due, dtype=np.int64),
            self._metres[ends[:-1], ends[1:]], loads,
        )  # fmt: skip


def without(tour: Sequence[int], tasks: set[int]) -> Tour:
    """A tour without some of its tasks; what holds with them holds without them where ways are shortest ways."""
    return tuple(node for node in tour if node >> 1 not in tasks)
