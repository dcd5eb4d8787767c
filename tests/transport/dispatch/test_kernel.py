"""The search in machine code against the plain one: the same places for the same rides, whatever binds them."""

from __future__ import annotations

import importlib.util
import time
from types import SimpleNamespace

import numpy as np
import pytest

from benchmarks.dispatching import day_of, read_darp
from cbo_desk.routing import compiled, compiling, kernel
from cbo_desk.routing.insertion import without
from cbo_desk.routing.kernel import BEST, NOW, NOWHERE
from cbo_desk.routing.searching import Search
from cbo_desk.routing.timing import feasible
from cbo_desk.transport.framing import frame
from tests.transport.dispatch.days import compound_day
from tests.transport.dispatch.generated import scattered

needs_numba = pytest.mark.skipif(not compiling.is_compiled(kernel.anneal), reason="no wheel of numba here")


@pytest.fixture(scope="module")
def plainly():
    """The kernel as it is where numba is missing."""
    spec = importlib.util.spec_from_file_location("tests.kernel_as_written", kernel.__file__)
    module = importlib.util.module_from_spec(spec)
    njit, compiling.njit = compiling.njit, None
    try:
        spec.loader.exec_module(module)
    finally:
        compiling.njit = njit
    assert not compiling.is_compiled(module.anneal)
    return module


def problems():
    yield frame(day_of(read_darp(scattered(5, vehicles=2, rides=7)))).problem
    # Seats, wheelchairs, luggage and company; skills, shifts, duty and breaks.
    yield frame(compound_day(requests=14, vehicles=5, drivers=6)).problem


def begun(problem, seed=1, steps=12):
    """A search of the compiled kind, a plan of the plain one laid on its bench, and that plan."""
    own = compiled.CompiledSearch(problem, seed)
    plain = Search(problem, seed)
    plan = plain.filled(plain.priced({}))
    for _ in range(steps):
        plan = plain.step(plan)
    own.lay(plan)
    return own, plan


def test_the_kernel_places_every_ride_where_the_plain_insertion_does(plainly):
    """As it is written; what is compiled from it is compared with it below."""
    seen = {"fits": 0, "does not": 0, "rests": 0}
    for problem in problems():
        own, plan = begun(problem)
        some = set(range(0, len(problem.tasks), 2))
        plan = own.priced({crew: without(tour, some) for crew, tour in plan.tours.items()})
        own.lay(plan)
        p, b = own.field, own.bench
        for crew in range(len(problem.crews)):
            tour = plan.tours.get(crew, ())
            assert plainly.stand(p, b, NOW, crew)
            for task in range(len(problem.tasks)):
                if 2 * task in tour:
                    continue
                more, way = plainly.best_places(p, b, NOW, crew, task)
                own_best = own.insertion.best(crew, tour, task)
                if own_best is None:
                    seen["does not"] += 1
                    assert more == NOWHERE
                    continue
                seen["fits"] += 1
                seen["rests"] += bool(problem.crews[crew].breaks)
                up, down = way >> 12, way & 4095
                longer = (*tour[:up], 2 * task, *tour[up:down], 2 * task + 1, *tour[down:])
                fixed = 0 if tour else problem.crews[crew].fixed * 1000
                assert (more * problem.crews[crew].per_km + fixed, longer) == own_best
    assert min(seen.values()) > 10


def test_steps_keep_their_books(plainly):
    """After many steps the plans on the bench cost what they are said to, and hold; numbers never overflow."""
    for problem in problems():
        own, plan = begun(problem)
        p, b = own.field, own.bench
        with np.errstate(over="raise"):
            plainly.anneal(p, b, 25, 1e6, 6.0, 8.0, 0.02, len(problem.crews))
        for which in (NOW, BEST):
            there = own.plan(which)
            assert there.cost == b.costs[which]
            assert all(feasible(problem, crew, tour) for crew, tour in there.tours.items())
            assert there.absent == set(np.flatnonzero(b.where[which] < 0).tolist())
        assert b.costs[BEST] <= plan.cost


@needs_numba
@pytest.mark.may_skip("numba has no wheel for every computer")
def test_machine_code_takes_the_very_steps_that_are_written(plainly):
    compiled.prepare()
    assert compiled.ready()
    for problem in problems():
        benches = []
        for module in (plainly, kernel):
            own, _ = begun(problem, seed=3)
            p, b = own.field, own.bench
            module.anneal(p, b, 25, 1e6, 6.0, 8.0, 0.02, len(problem.crews))
            module.save(p, b, 6, -1, len(problem.crews) - 1, 6.0, 8.0, 0.02)
            benches.append(b)
        for name, one, other in zip(kernel.Bench._fields, *benches, strict=True):
            assert np.array_equal(one, other), name


@needs_numba
@pytest.mark.may_skip("numba has no wheel for every computer")
def test_the_search_in_machine_code_serves_and_saves_as_the_plain_one_does():
    for problem in problems():
        own = compiled.CompiledSearch(problem, 1)
        plan = own.filled(own.priced({}))
        until = time.monotonic() + 0.2
        heard = []
        better = own.run(plan, lambda until=until: until - time.monotonic(), heard.append)
        plain = Search(problem, 1)
        assert better.cost <= plain.filled(plain.priced({})).cost
        assert all(feasible(problem, crew, tour) for crew, tour in better.tours.items())
        assert all(one.cost > other.cost for one, other in zip(heard, heard[1:], strict=False))
        assert own.pool[own.insertion.kind[min(better.tours)], better.tours[min(better.tours)]] > 0
        assert all(feasible(problem, crew, tour) for crew, tour in own.pool)
        # One more ride may stay at home than does: that is found at once, and by no more crews.
        fewer = own.with_all(better, lambda: 1.0, len(better.absent) + 2, len(better.tours))
        assert fewer is not None
        assert len(fewer.tours) <= len(better.tours)


def test_without_numba_nobody_asks_for_it(monkeypatch):
    problem = next(problems())
    monkeypatch.setattr(compiled, "kernel", SimpleNamespace(anneal=lambda: None))
    assert not compiled.usable(problem)
    assert not compiled.ready()

