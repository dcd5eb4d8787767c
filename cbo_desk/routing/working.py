"""What a process does for a plan: begin with VROOM's tours, search on, and in the end combine all tours found."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from cbo_desk.routing import by_ortools, by_vroom
from cbo_desk.routing.combining import combine
from cbo_desk.routing.insertion import Tour
from cbo_desk.routing.problem import Problem, Tours
from cbo_desk.routing.searching import Plan, Search
from cbo_desk.routing.timing import feasible
from cbo_desk.solving import Bench

FEWER, FEWEST = 0.3, 0.7
"""Shares of the time in which vehicles are saved: where one costs about what it drives, and where it costs far more."""
ALL = 0.12
"""Share of the time in which places are sought for all who found none at once."""
COOL = 0.1
"""How warm a search is beside another one that is not cool."""
BEGIN = 0.15
"""Share of the time that VROOM may take to begin with."""
THOROUGH, MANY = 3, 60
"""How thoroughly VROOM explores, and for how many tasks it may: beyond, its time is better spent by our own search."""
ROUNDS, BEST = 8, 3
"""Plans that VROOM makes while windows are cut, and how many of the best of them are filled up."""
TELL = 0.25
"""Seconds between two reports of a better plan."""
MAKING, MADE = "making", "made"
"""What is said while one process makes the machine code, which it does once on each computer."""


@dataclass(frozen=True)
class Budget:
    """How long to search: so many `seconds`, or so many `steps`, which lead as far on every computer.

    `until` is the instant (of the system's clock) at which the seconds are over, however late a process starts.
    """

    seconds: float = 10.0
    steps: int | None = None
    seed: int = 1
    until: float | None = None


@dataclass(frozen=True)
class Found:
    """What one process found: tours, the pool they come from, what could not be used, steps taken."""

    tours: Tours
    pool: dict[tuple[int, Tour], int] = field(default_factory=dict)
    missing: str = ""
    steps: int = 0


def search(bench: Bench, problem: Problem, begun: Tours, budget: Budget, cool: bool = False) -> Found:
    """Search from tours that must stay (`begun`) for the best tours of a problem; `cool`, with fewer detours."""
    with _unswept():
        return _searched(bench, problem, begun, budget, cool)


@contextmanager
def _unswept() -> Iterator[None]:
    """No garbage is looked for: what a search remembers holds no cycles, and is too much to look through."""
    sweeping = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if sweeping:
            gc.enable()


def _searched(bench: Bench, problem: Problem, begun: Tours, budget: Budget, cool: bool) -> Found:
    begun_at = time.time()
    until = budget.until if budget.until is not None else begun_at + budget.seconds
    own = _searcher(bench, problem, begun, budget, cool)

    def share() -> float:
        """What is left of the time, from 1 to 0; nothing once somebody wants to stop."""
        if bench.stopping:
            return 0.0
        if budget.steps is not None:
            return 1 - own.steps / budget.steps
        return (until - time.time()) / (until - begun_at) if until > begun_at else 0.0

    told = [0.0]

    def tell(plan: Plan, always: bool = False) -> None:
        if always or time.monotonic() - told[0] > TELL:
            told[0] = time.monotonic()
            bench.keep(Found(dict(plan.tours), steps=own.steps))
            bench.say((len(problem.tasks) - len(plan.absent), len(problem.tasks), problem.metres_of(plan.tours)))

    plan = own.filled(own.priced(begun))
    tell(plan, always=True)
    missing = ""
    if not own.quick:
        plan, missing = _begun(own, plan, begun, budget)
    plan = _with_all(own, plan, share)
    plan = _with_fewer(own, plan, share)
    tell(plan, always=True)
    plan = own.filled(own.run(plan, share, tell))
    bench.keep(Found(dict(plan.tours), steps=own.steps))
    return Found(dict(plan.tours), own.pool, missing, own.steps)


def _searcher(bench: Bench, problem: Problem, begun: Tours, budget: Budget, cool: bool) -> Search:
    """The search to use: machine code where that is at hand, the plain one otherwise.

    A budget in steps is for the plain one, which takes the same steps on every computer. Where the machine code has
    still to be made, one process makes it while the other searches plainly; it hands a plan over first, since it
    hears no wish to stop meanwhile and is then ended.
    """
    own = Search(problem, budget.seed)
    own.warmth = COOL if cool else 1.0
    if budget.steps is not None:
        return own
    from cbo_desk.routing import compiled

    if not compiled.usable(problem):
        return own
    ready = compiled.ready()
    if not ready and not cool:
        return own
    if not ready:
        bench.keep(Found(dict(own.filled(own.priced(begun)).tours)))
        bench.say(MAKING)
    try:
        compiled.prepare()
        return compiled.CompiledSearch(problem, budget.seed)
    except OSError:  # no room to keep the machine code, or a file of it cannot be read
        return own
    finally:
        bench.say(MADE)


def _begun(own: Search, plan: Plan, begun: Tours, budget: Budget) -> tuple[Plan, str]:
    """The plan or VROOM's, whichever is better, and what is to be said of VROOM; a quick search needs no other's."""
    try:
        limit = budget.seconds * BEGIN if budget.steps is None else 60.0
        return min(plan, _by_vroom(own, begun, limit), key=lambda one: one.cost), ""
    except ImportError:
        return plan, "VROOM is missing on this computer: the plan was begun by our own insertion."
    except (RuntimeError, ValueError) as error:
        return plan, f"VROOM could not take this day ({error}): the plan was begun by our own insertion."


def _with_all(own: Search, plan: Plan, share: Callable[[], float]) -> Plan:
    """The plan with everybody in, as far as that is found in the time for it, where steps are quick."""
    crews = len(own.problem.crews)
    while own.quick and plan.absent:
        fuller = own.with_all(plan, lambda: share() - (1 - ALL), len(plan.absent) - 1, crews)
        if fuller is None:
            break
        plan = fuller
    return plan


def _by_vroom(own: Search, begun: Tours, seconds: float) -> Plan:
    """VROOM's plan around the crews that are held, as far as it holds; who fell out is inserted again."""
    problem, until = own.problem, time.monotonic() + seconds
    if problem.held:
        return own.priced(begun) if begun else own.priced({})
    exploration = THOROUGH if len(problem.tasks) <= MANY else 0
    plans = by_vroom.solve_lazily(problem, exploration, seconds, lambda: until - time.monotonic(), ROUNDS)
    holding = [own.priced({crew: _as_far_as_it_holds(own, crew, tour) for crew, tour in p.items()}) for p in plans]
    best = None
    for plan in sorted(holding, key=lambda one: one.cost)[:BEST]:
        plan = own.filled(plan)
        if best is None or plan.cost < best.cost:
            best = plan
        if time.monotonic() > until + seconds:
            break
    return best or own.priced({})


def _as_far_as_it_holds(own: Search, crew: int, tour: Tour) -> Tour:
    """A tour without those who cannot ride in it with the others that board before them."""
    if feasible(own.problem, crew, tour):
        return tour
    kept: set[int] = set()
    holding: Tour = ()
    for node in tour:
        if node & 1:
            continue
        part = tuple(one for one in tour if one >> 1 in kept or one >> 1 == node >> 1)
        if feasible(own.problem, crew, part):
            kept.add(node >> 1)
            holding = part
    return holding


def _with_fewer(own: Search, plan: Plan, share: Callable[[], float]) -> Plan:
    """The plan with as few vehicles as can be found in the time for it, where a vehicle costs more than its way."""
    problem = own.problem
    tours = [problem.tour_cost(crew, tour) for crew, tour in plan.tours.items()]
    fixed = [problem.crews[crew].fixed * 1000 for crew in plan.tours]
    if not tours or sum(fixed) * 2 < sum(tours):
        return plan
    best, part = plan, FEWEST if sum(fixed) > 0.9 * sum(tours) else FEWER
    while len(plan.tours) > 1 and (fewer := own.with_fewer(plan, lambda: share() - (1 - part))) is not None:
        plan = fewer
        best = min(best, plan, key=lambda one: one.cost)
    return best


def put_together(
    bench: Bench, problem: Problem, pool: dict[tuple[int, Tour], int], best: Tours, seconds: float
) -> Found:
    """The best combination of all tours that several processes found."""
    kinds = Search(problem, 1).insertion.kind
    return Found(combine(problem, pool, kinds, best, seconds))


def vroom_alone(bench: Bench, problem: Problem, budget: Budget) -> Found:
    """VROOM by itself, at its most thorough, for the comparison: longest rides are not its business."""
    return Found(by_vroom.solve(problem, 5, budget.seconds))


def ortools_alone(bench: Bench, problem: Problem, budget: Budget) -> Found:
    """OR-Tools by itself, for the comparison."""

    def found(tours: Tours) -> bool:
        bench.keep(Found(tours))
        return bench.stopping

    return Found(by_ortools.solve(problem, budget.seconds, None, found))
