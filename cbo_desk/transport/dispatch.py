"""Plan the day: from what there is and what is wanted to routes that the checker has passed.

Two processes search from VROOM's tours, one of them cooler (`cbo_desk.routing.working`); a third
combines the tours of both, and the checker looks at whatever comes out. Where a solver is missing or breaks, our own
insertion plans, and says so.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from cbo_desk.errors import Trouble
from cbo_desk.routing.problem import Problem, Tours
from cbo_desk.routing.searching import Search
from cbo_desk.routing.working import MADE, MAKING, Budget, Found, put_together, search
from cbo_desk.solving import Solved, Watch, Work, solve_beside
from cbo_desk.transport.checker import check, violations_said
from cbo_desk.transport.day import Day
from cbo_desk.transport.framing import Frame
from cbo_desk.transport.holding import Begun, apart_said, assumed_said, held_as_today, without_hopeless
from cbo_desk.transport.idle import with_idle
from cbo_desk.transport.plan import Proposal, Route
from cbo_desk.transport.timing import timed

COMBINE = 0.12
"""Share of the time in which the tours of all processes are combined."""
START = 0.4
"""Seconds that a process and its solver need before they work."""
BESIDE = 2
"""Processes that search at once."""
SPARE = 10.0
"""Seconds after its budget when a process that does not listen is stopped."""


@dataclass(frozen=True)
class Progress:
    """How far planning is: requests placed of those wanted, metres driven, seconds gone.

    `making` while machine code is made for this computer, as its first plan does.
    """

    placed: int
    wanted: int
    metres: int
    seconds: float
    making: bool = False


def plan(day: Day, budget: Budget | None = None, watch: Watch | None = None) -> Proposal:
    """The best plan found for a day within a budget; stopped at any moment, the best so far.

    Every proposal has passed the checker. Raises Trouble only where not even our own insertion gives a sound plan.
    """
    budget, started = budget or Budget(), time.monotonic()
    begun = without_hopeless(day)
    tours, said, solver = best_tours(begun.framed.problem, begun.kept, budget, _watching(watch, started))
    return _proposed(day, begun, tours, (said, solver), started)


def plan_at_once(day: Day) -> Proposal:
    """A plan by plain insertion alone, in this process and in a moment, after the checker like any other.

    Together with `held_as_today` it places a late request without moving anybody.
    """
    started = time.monotonic()
    begun = without_hopeless(day)
    tours = inserted(begun.framed.problem, begun.kept)
    return _proposed(day, begun, tours, ("", "insertion"), started)


def _proposed(day: Day, begun: Begun, tours: Tours, how: tuple[str, str], started: float) -> Proposal:
    """Tours as a proposal, beside the routes that stay as they are; `how` is what to know of it, and the machinery."""
    framed = begun.framed
    proposal = with_more(framed.day, checked(framed, tours, begun.kept))
    apart = (*begun.apart, *proposal.apart)
    whole = replace(proposal, routes=(*proposal.routes, *begun.stays), apart=apart)
    if begun.stays and check(day, whole):
        apart = (*apart, *sorted({route.vehicle for route in begun.stays}))
        whole = replace(proposal, apart=apart)
    said = " ".join(part for part in (apart_said(day, apart), assumed_said(day, apart), how[0]) if part)
    metres, cost = sum(metres_of(day, route) for route in whole.routes), _cost(day, whole.routes)
    seconds = time.monotonic() - started
    return replace(whole, metres=metres, cost=cost, said=said, solver=how[1], seconds=seconds)


def _watching(watch: Watch | None, started: float) -> Watch:
    """A watch that hears `Progress`, and stops when the caller's does."""
    watch = watch or Watch()
    told = watch.told
    last, making = (0, 0, 0), False

    def tell(said: tuple[int, int, int] | str) -> None:
        nonlocal last, making
        if isinstance(said, tuple):
            last = said
        else:
            making = {MAKING: True, MADE: False}.get(said, making)
        if told is not None and last[1]:
            told(Progress(*last, time.monotonic() - started, making))

    return _Within(watch, tell)


class _Within(Watch):
    """A watch inside another one."""

    def __init__(self, outer: Watch, told: object) -> None:
        super().__init__(told)  # type: ignore[arg-type]
        self.outer = outer

    @property
    def stopping(self) -> bool:
        """Whether the outer one wants to stop, or this one."""
        return self.outer.stopping or super().stopping


def best_tours(problem: Problem, kept: Tours, budget: Budget, watch: Watch) -> tuple[Tours, str, str]:
    """The best tours found, what a person should know of how, and by which machinery."""
    if not problem.tasks or not problem.crews:
        return kept, "", "insertion"
    searching = replace(budget, until=time.time() + max(budget.seconds * (1 - COMBINE) - START, 0.1))
    works = [
        Work(search, (problem, kept, replace(searching, seed=budget.seed * 1000 + number), number > 0))
        for number in range(BESIDE)
    ]
    watch.limit = budget.seconds + SPARE if budget.steps is None else None
    answers = solve_beside(watch, works)
    found = [answer for answer in answers if isinstance(answer, Solved)]
    bad = [str(answer) for answer in answers if isinstance(answer, Trouble)]
    bad += [answer.said for answer in found if answer.said]
    if not found:
        said = bad[0] if bad else "The solver failed."
        return inserted(problem, kept), f"{said} This plan was made by plain insertion.", "insertion"
    own = Search(problem, 1)
    best = min((answer.best for answer in found), key=lambda one: own.priced(one.tours).cost)
    said = next((answer.best.missing for answer in found if answer.best.missing), bad[0] if bad else "")
    tours = best.tours
    pool = {key: cost for answer in found for key, cost in answer.best.pool.items()}
    if pool and not watch.stopping:
        tours, missing = _combined(problem, pool, tours, budget, watch)
        said = said or missing
    return tours, said, "search"


def _combined(
    problem: Problem, pool: dict[tuple[int, tuple[int, ...]], int], tours: Tours, budget: Budget, watch: Watch
) -> tuple[Tours, str]:
    seconds = max(budget.seconds * COMBINE - START, 0.2) if budget.steps is None else 30.0
    [answer] = solve_beside(watch, [Work(put_together, (problem, pool, tours, seconds))])
    if isinstance(answer, Solved):
        return answer.best.tours, ""
    return tours, ""


def inserted(problem: Problem, kept: Tours) -> Tours:
    """A plan by plain insertion, in this process and at once: what serves where no solver does."""
    if not problem.tasks or not problem.crews:
        return kept
    own = Search(problem, 1)
    return own.filled(own.priced(kept)).tours


def checked(framed: Frame, tours: Tours, kept: Tours) -> Proposal:
    """The tours as a proposal with its times, after the checker.

    A tour that it refuses is taken back to what is held in it (`kept`), and if not even that can be driven, its vehicle
    is set apart. Raises Trouble where nothing sound is left, which would be our own fault.
    """
    day, tours = framed.day, dict(tours)
    apart: set[int] = set()
    for _ in range(2 * len(tours) + 1):
        routes = {crew: timed(day, route) for crew, route in framed.by_crew(tours)}
        proposal = _proposal(day, [route for route in routes.values() if route is not None], apart)
        wrong = check(day, proposal)
        bad = {crew for crew, route in routes.items() if route is None}
        bad |= {crew for crew in tours if framed.pairs[crew].vehicle in {violation.vehicle for violation in wrong}}
        if not wrong and not bad:
            return proposal
        if not bad:
            break
        # A vehicle with two drivers has two tours: what was added to either goes before either is given up.
        added = {framed.pairs[crew].vehicle for crew in bad if tours[crew] != kept.get(crew, ())}
        for crew in bad:
            held = kept.get(crew, ())
            if framed.pairs[crew].vehicle in added:
                tours[crew] = held
            else:
                apart.add(framed.pairs[crew].vehicle)
        tours = {crew: tour for crew, tour in tours.items() if tour}
        for crew in [crew for crew in tours if framed.pairs[crew].vehicle in apart]:
            del tours[crew]
    raise Trouble(f"No sound plan was found: {violations_said(wrong[:3])}")


def with_more(day: Day, proposal: Proposal) -> Proposal:
    """The plan with those left over whom idle vehicles and drivers can take, after the checker like any other."""
    more = with_idle(day, proposal)
    if more is proposal:
        return proposal
    # By the table's slowest times, which held trips are later reckoned with, an added one must be kept as well.
    lost = set(without_hopeless(held_as_today(replace(day, today=more.routes))).apart)
    routes = (*proposal.routes, *(one for one in more.routes[len(proposal.routes) :] if one.vehicle not in lost))
    served = {request for route in routes for request in route.requests}
    left = tuple(one for one in proposal.unassigned if one not in served)
    more = replace(more, routes=routes, unassigned=left)
    if check(day, more):
        return proposal
    return replace(more, metres=sum(metres_of(day, route) for route in more.routes), cost=_cost(day, more.routes))


def _cost(day: Day, routes: Sequence[Route]) -> int:
    return sum(
        day.vehicle[route.vehicle].fixed_cost + day.vehicle[route.vehicle].km_cost * metres_of(day, route) // 1000
        for route in routes
    )


def _proposal(day: Day, routes: Sequence[Route], apart: set[int]) -> Proposal:
    served = {request for route in routes for request in route.requests}
    over = {lock.request for lock in day.locks if lock.hold.value == "done"}
    over |= {lock.request for lock in day.locks if lock.vehicle in apart}
    left = tuple(request.id for request in day.requests if request.id not in served and request.id not in over)
    metres = sum(metres_of(day, route) for route in routes)
    return Proposal(tuple(routes), left, tuple(sorted(apart)), metres, _cost(day, routes))


def metres_of(day: Day, route: Route) -> int:
    """How far a route drives."""
    places = [stop.place for stop in route.stops]
    return sum(day.matrix.metres[a][b] for a, b in zip(places, places[1:], strict=False))


__all__ = ["Budget", "Found", "Progress", "best_tours", "checked", "inserted", "metres_of", "plan", "plan_at_once"]
