"""Public instances in moments, the same plan from the same seed, real processes, and what becomes of broken ones."""

from __future__ import annotations

from pathlib import Path

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
from tests.transport.dispatch import breaking
from tests.transport.dispatch.days import compound_day

INSTANCES = Path(__file__).parent / "instances"


class Quiet:
    """A bench whose work nobody watches."""

    stopping = False

    def keep(self, best: object) -> None:
        """Forget it."""

    def say(self, progress: object) -> None:
        """Forget it."""


def instance(name: str, read):
    return read((INSTANCES / f"{name}.txt").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("name", "best"), [("a2-16", 294.25), ("pr01", 190.02)])
def test_dial_a_ride_instances_come_within_two_percent_of_the_best_known(name, best):
    given = instance(name, read_darp)
    day = day_of(given)
    framed = frame(day)
    found = working.search(Quiet(), framed.problem, {}, Budget(steps=500, seed=1))
    proposal = checked(framed, found.tours, {})
    assert check(day, proposal) == []
    assert proposal.unassigned == ()
    assert distance(given, proposal.routes) <= best * 1.02
    again = working.search(Quiet(), framed.problem, {}, Budget(steps=500, seed=1))
    assert (again.tours, again.steps) == (found.tours, found.steps)


def test_vehicles_are_saved_where_they_cost_most():
    given = instance("lc103", read_lilim)
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
    framed = frame(day_of(instance("a2-16", read_darp)))
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
    proposal = plan(day, Budget(seconds=1.0))
    assert check(day, proposal) == []
    assert proposal.said.startswith("VROOM is missing on this computer")
    assert proposal.solver == "search"


def test_a_crash_is_said_and_plain_insertion_plans(monkeypatch):
    monkeypatch.setattr(dispatch, "search", breaking.crash)
    day = compound_day(requests=10, vehicles=3, drivers=3)
    proposal = plan(day, Budget(seconds=1.0))
    assert check(day, proposal) == []
    assert proposal.said.endswith("its process ended unexpectedly. This plan was made by plain insertion.")
    assert proposal.routes == plan_at_once(day).routes
