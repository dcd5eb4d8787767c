"""Instances with a proven or public best, the same plan from the same seed, and what becomes of broken processes."""

from __future__ import annotations

import math
import threading
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from benchmarks.dispatching import day_of, distance, read_darp, read_lilim
from cbo_desk.routing import by_vroom, working
from cbo_desk.routing.searching import Search
from cbo_desk.routing.timing import feasible
from cbo_desk.routing.working import Budget
from cbo_desk.solving import Watch
from cbo_desk.transport import dispatch
from cbo_desk.transport.checker import check
from cbo_desk.transport.dispatch import Progress, checked, plan, plan_at_once
from cbo_desk.transport.framing import frame
from cbo_desk.transport.timing import timed
from tests.transport.dispatch import breaking
from tests.transport.dispatch.days import compound_day, orders, route_of
from tests.transport.dispatch.generated import best_distance, scattered, starred

INSTANCES = Path(__file__).parent / "instances"


class Quiet:
    """A bench whose work nobody watches."""

    stopping = False

    def keep(self, best: object) -> None:
        """Forget it."""

    def say(self, progress: object) -> None:
        """Forget it."""


def test_trying_every_order_leaves_none_out_that_can_be_driven():
    given = read_darp(scattered(3, rides=3))
    day = day_of(given)

    def length(chosen):
        found = [timed(day, route_of(day, 0, order)) for order in orders(chosen)]
        return min((distance(given, [route]) for route in found if route), default=math.inf) if chosen else 0.0

    splits = [[n for n in range(3) if number >> n & 1] for number in range(8)]
    shortest = min(length(some) + length([n for n in range(3) if n not in some]) for some in splits)
    assert best_distance(given) == pytest.approx(shortest)


@pytest.mark.parametrize(
    "made", [scattered(1), scattered(2), starred(0), starred(1)], ids=["at random 1", "at random 2", "star 0", "star 1"]
)
def test_dial_a_ride_instances_reach_the_distance_that_is_proven_best(made):
    text, best = made if isinstance(made, tuple) else (made, None)
    given = read_darp(text)
    best = best_distance(given) if best is None else best
    day = day_of(given)
    framed = frame(day)
    found = working.search(Quiet(), framed.problem, {}, Budget(steps=500, seed=1))
    proposal = checked(framed, found.tours, {})
    assert check(day, proposal) == []
    assert proposal.unassigned == ()
    assert best - 0.01 <= distance(given, proposal.routes) <= best + 0.01
    again = working.search(Quiet(), framed.problem, {}, Budget(steps=500, seed=1))
    # The arms of a star are alike: which crew takes which is no difference, and VROOM does not always begin alike.
    assert framed.problem.cost_of(again.tours) == framed.problem.cost_of(found.tours)


def test_vehicles_are_saved_where_they_cost_most():
    given = read_lilim((INSTANCES / "lc103.txt").read_text(encoding="utf-8"))
    framed = frame(day_of(given))
    own = Search(framed.problem, 2)
    start = own.filled(own.priced({}))
    steps = own.steps
    fewer = start
    while (next_one := own.with_fewer(fewer, lambda: 1 - (own.steps - steps) / 2500)) is not None:
        fewer = next_one
    assert len(fewer.tours) == 9  # the fewest known
    assert all(feasible(framed.problem, crew, tour) for crew, tour in fewer.tours.items())


def test_vroom_alone_breaks_longest_rides_and_cut_windows_mend_it():
    framed = frame(day_of(read_darp(scattered(0))))
    problem = framed.problem
    alone = by_vroom.solve(problem, 3, 5)
    assert not all(feasible(problem, crew, tour) for crew, tour in alone.items())
    plans = by_vroom.solve_lazily(problem, 3, 5, lambda: 5)
    assert all(feasible(problem, crew, tour) for crew, tour in plans[-1].items())


def test_planned_in_processes_of_its_own_with_progress():
    day = compound_day(requests=14, vehicles=4, drivers=5)
    said = []
    proposal = plan(day, Budget(seconds=1.2, seed=3), Watch(said.append))
    assert check(day, proposal) == []
    assert proposal.solver == "search"
    assert all(isinstance(each, Progress) for each in said)
    assert proposal.cost <= plan_at_once(day).cost or len(proposal.unassigned) < len(plan_at_once(day).unassigned)


def test_a_missing_wheel_is_said_and_the_plan_is_made_all_the_same(monkeypatch):
    monkeypatch.setattr(dispatch, "search", breaking.absent)
    day = compound_day(requests=10, vehicles=3, drivers=3)
    proposal = plan(day, Budget(seconds=30.0))
    assert check(day, proposal) == []
    assert proposal.said.startswith("VROOM is missing on this computer")
    assert proposal.solver == "search"


@pytest.mark.our_bug
def test_a_crash_is_said_and_plain_insertion_plans(monkeypatch):
    monkeypatch.setattr(dispatch, "search", breaking.crash)
    day = compound_day(requests=10, vehicles=3, drivers=3)
    proposal = plan(day, Budget(seconds=30.0))
    assert check(day, proposal) == []
    assert proposal.said.endswith("its process ended unexpectedly. This plan was made by plain insertion.")
    assert proposal.routes == plan_at_once(day).routes


@pytest.mark.our_bug
@pytest.mark.parametrize("early", [True, False], ids=["before it found anything", "amid its search"])
def test_killed_from_outside_it_is_said_and_there_is_a_plan(early):
    """The system takes the real processes away (SIGKILL), as where memory runs out: insertion, or the best so far."""
    day, budget = compound_day(requests=10, vehicles=3, drivers=3), Budget(seconds=30.0)
    over, killed = threading.Event(), set()

    def kill(_=None):
        for child in psutil.Process().children():
            with suppress(psutil.Error):  # gone between two looks
                if "spawn_main" in " ".join(child.cmdline()):
                    child.kill()
                    killed.add(child.pid)

    def hunt():
        while not over.wait(0.02) and len(killed) < dispatch.BESIDE:
            kill()

    hunter = threading.Thread(target=hunt)
    if early:
        hunter.start()
    try:
        proposal = plan(day, budget, Watch(None if early else kill))
    finally:
        over.set()
        if early:
            hunter.join()
    assert len(killed) >= dispatch.BESIDE
    assert check(day, proposal) == []
    assert "its process ended unexpectedly." in proposal.said
    assert proposal.seconds < budget.seconds / 2
    assert proposal.said.endswith("This plan was made by plain insertion.") is early
    assert proposal.solver == ("insertion" if early else "search")
    assert proposal.routes == plan_at_once(day).routes or not early
