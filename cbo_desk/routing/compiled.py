"""The search in machine code (`kernel.py`), with the face of the plain one: about a hundred times as many steps.

What it finds is priced, filled and told like any other plan. Without numba nobody asks for it. The first process on a
computer that does makes the machine code, a quarter of a minute's work or more; the next ones find it on disk.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import numpy as np

from cbo_desk.routing import compiling, kernel
from cbo_desk.routing.insertion import Insertion, Tour
from cbo_desk.routing.kernel import BEST, KEY, KIND, LOADS, NEXT, NOW, OFTEN, ONE, SIZE, TWO, UNKNOWN, Bench, Field
from cbo_desk.routing.problem import Problem
from cbo_desk.routing.searching import BLINK, Plan, Search

HOT, COLD = 1.0, 0.02
"""Temperatures at the beginning and the end, as shares of what driving costs per ride."""
REMOVED, STRING = 6.0, 8.0
SLOTS, POOL, LONGEST = 1 << 13, 1 << 14, 160
"""Tours about which is known what a ride costs, tours kept for combining, and their most stops."""
STRETCH = 0.02
"""Seconds between two looks at the clock."""
MOST_TASKS, MOST_METRES = 2000, 1 << 33
"""What a place and what a way remembered have room for."""


def usable(problem: Problem) -> bool:
    """Whether numba is there and the problem is of a size that its tables hold."""
    if not compiling.is_compiled(kernel.anneal) or not problem.tasks or not problem.crews:
        return False
    return len(problem.tasks) <= MOST_TASKS and max(max(row) for row in problem.metres) < MOST_METRES


def ready() -> bool:
    """Whether the machine code is on disk already: then it is there in a moment."""
    return compiling.is_compiled(kernel.anneal) and _mark().exists()


def _mark() -> Path:
    """The file that says that the machine code was made here, from just this source."""
    import numba

    stats: Any = kernel.anneal.stats  # type: ignore[attr-defined]
    source = os.stat(kernel.__file__)
    return Path(stats.cache_path) / f"kernel-{numba.__version__}-{source.st_mtime_ns}-{source.st_size}.made"


def prepare() -> None:
    """Make the machine code, or read it where it was made before."""
    problem = _smallest()
    own = CompiledSearch(problem, 1)
    plan = own.priced({})
    own.run(plan, _once())
    own.with_fewer(own.priced({0: (0, 1)}), _once())
    mark = _mark()
    if not mark.exists():
        for old in mark.parent.glob("kernel-*.made"):
            old.unlink(missing_ok=True)
        mark.touch()


def _once() -> Callable[[], float]:
    """A share of time that is over after one look."""
    left = [0.5, 0.0, 0.0]
    return lambda: left.pop(0) if left else 0.0


def _smallest() -> Problem:
    from cbo_desk.routing.problem import Crew, Task

    table = tuple(tuple(0 if a == b else 1 for a in range(4)) for b in range(4))
    task = Task((0, 9), (0, 9), 0, 0, (1,), None, frozenset({0}))
    return Problem((task,), (Crew((0, 99), (1,)),), table, table)


def laid(own: Search) -> Field:
    """The tables of a search's problem."""
    problem, insertion = own.problem, own.insertion
    tasks, crews, clock, windows = problem.tasks, problem.crews, insertion.clock, problem.windows
    rooms = insertion.rooms or [0]
    luck = Random(7)
    nodes = [[*window, clock.service[node], luck.getrandbits(62)] for node, window in enumerate(windows)]
    nodes += [[0, 0, 0, luck.getrandbits(62)] for _ in range(2 * len(crews))]
    rides = [[clock.longest[t], own.price(t), int(t in problem.held), *own.orders[t]] for t in range(len(tasks))]
    hours = [
        [*c.window, -1 if c.duty is None else c.duty, c.fixed * 1000, c.per_km, len(c.breaks), insertion.kind[number]]
        for number, c in enumerate(crews)
    ]
    breaks = np.zeros((len(crews), max(1, *(len(crew.breaks) for crew in crews)) if crews else 1, 3), dtype=np.int64)
    for number, crew in enumerate(crews):
        for rest, times in enumerate(crew.breaks):
            breaks[number, rest] = times
    seconds = _whole(problem.seconds)
    return Field(
        seconds, _whole(problem.metres), seconds if problem.rested is None else _whole(problem.rested), _whole(nodes),
        _whole(rides), _whole(hours), _whole([[task.amounts[room] for room in rooms] for task in tasks]),
        _whole([[crew.capacity[room] for room in rooms] for crew in crews]),
        np.array([[number in task.crews for task in tasks] for number in range(len(crews))]), breaks,
        _whole([own.near(task) for task in range(len(tasks))]),
    )  # fmt: skip


def _whole(rows: Any) -> Any:
    return np.array(rows, dtype=np.int64)


def bench_for(p: Field, seed: int) -> Bench:
    """An empty bench for a problem."""
    tasks, crews, room = len(p.rides), len(p.crews), 2 * len(p.rides) + 2
    tally = np.zeros(8, dtype=np.int64)
    tally[ONE], tally[TWO] = seed % 2147483562 + 1, seed * 7919 % 2147483398 + 1
    return Bench(
        np.zeros((3, crews, room), dtype=np.int64),
        np.zeros((3, crews, 2), dtype=np.int64),
        np.full((3, tasks), -1, dtype=np.int64),
        np.zeros(3, dtype=np.int64),
        np.zeros((OFTEN + 1, room + 2 + p.breaks.shape[1]), dtype=np.int64),
        np.zeros((crews, LOADS + p.capacity.shape[1], room), dtype=np.int64),
        np.full((crews, 3), -1, dtype=np.int64),
        tally,
        np.full(SLOTS, -1, dtype=np.int64),
        np.full((SLOTS, tasks), UNKNOWN, dtype=np.int64),
        np.full((POOL, 3), -1, dtype=np.int64),
        np.zeros((POOL, min(room, LONGEST)), dtype=np.int16),
    )


def _annealed(p: Field, b: Bench, heat: float, fleet: int, steps: int) -> int:
    return kernel.anneal(p, b, steps, heat, REMOVED, STRING, BLINK, fleet)


class CompiledSearch(Search):
    """A search whose steps are machine code."""

    def __init__(self, problem: Problem, seed: int, insertion: Insertion | None = None) -> None:
        super().__init__(problem, seed, insertion)
        self.field = laid(self)
        self.bench = bench_for(self.field, seed)
        self.quick = True
        self._stretch = 8

    def lay(self, plan: Plan) -> None:
        """Lay a plan on the bench, as the present one and the best."""
        p, b = self.field, self.bench
        for which in (NOW, NEXT, BEST):
            b.where[which, :] = -1
            for crew in range(len(p.crews)):
                tour = plan.tours.get(crew, ())
                b.heads[which, crew, SIZE] = len(tour)
                b.tours[which, crew, : len(tour)] = tour
                b.heads[which, crew, KEY] = kernel.key_of(p.nodes, p.crews[crew, KIND], b.tours, which, crew, len(tour))
                b.where[which, [node >> 1 for node in tour]] = crew
            b.costs[which] = plan.cost

    def plan(self, which: int) -> Plan:
        """One of the plans on the bench."""
        b = self.bench
        heads = b.heads[which, :, SIZE].tolist()
        tours = {crew: tuple(b.tours[which, crew, :size].tolist()) for crew, size in enumerate(heads) if size}
        return self.priced(tours)

    def _steps(self, work: Callable[[int], Any]) -> Any:
        """Work so many steps that the clock is looked at often enough."""
        began, steps = time.perf_counter(), self._stretch
        answer = work(steps)
        self.steps += steps
        took = time.perf_counter() - began
        self._stretch = max(1, min(int(steps * STRETCH / max(took, 1e-6)), 4 * steps, 4096))
        return answer

    def run(self, plan: Plan, left: Callable[[], float], found: Callable[[Plan], None] | None = None) -> Plan:
        """As `Search.run`."""
        p, b = self.field, self.bench
        self.lay(plan)
        crews, driven = self.problem.crews, self.problem.tour_metres
        ways = sum(crews[crew].per_km * driven(crew, tour) for crew, tour in plan.tours.items())
        scale = max(ways, 1) / max(len(self.problem.tasks), 1)
        while (share := left()) > 0:
            heat = self.warmth * scale * HOT * (COLD / HOT) ** (1 - share)
            better = self._steps(partial(_annealed, p, b, heat, self.fleet))
            if better and found is not None:
                found(self.plan(BEST))
        self._gather()
        return self.plan(BEST)

    def with_all(self, plan: Plan, left: Callable[[], float], allowed: int, fleet: int) -> Plan | None:
        """As `Search.with_all`."""
        p, b = self.field, self.bench
        self.lay(plan)
        b.lanes[OFTEN, :] = 0
        while left() > 0:
            if self._steps(lambda steps: kernel.save(p, b, steps, allowed, fleet, REMOVED, STRING, BLINK)):
                return self.plan(NOW)
        return None

    def _gather(self) -> None:
        """The tours kept for combining, into the pool."""
        b, problem = self.bench, self.problem
        for slot in np.flatnonzero(b.pool_heads[:, KEY] >= 0).tolist():
            size, _, kind = b.pool_heads[slot].tolist()
            tour: Tour = tuple(b.pool[slot, :size].tolist())
            self.pool[kind, tour] = problem.tour_cost(kind, tour)
        for crew, tour in self.plan(BEST).tours.items():
            self.pool[self.insertion.kind[crew], tour] = problem.tour_cost(crew, tour)


if __name__ == "__main__" and not ready() and compiling.is_compiled(kernel.anneal):
    prepare()

__all__ = ["CompiledSearch", "bench_for", "laid", "prepare", "ready", "usable"]
