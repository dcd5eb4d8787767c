"""A day of 120 requests, 24 vehicles and 30 drivers with 40 events: every proposal on the way passes the checker."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cache
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cbo_desk.transport.checker import check, check_routes
from cbo_desk.transport.day import Day, Hold, Lock
from cbo_desk.transport.difference import Turn, difference
from cbo_desk.transport.dispatch import plan_at_once
from cbo_desk.transport.events import at
from cbo_desk.transport.holding import held_as_today
from cbo_desk.transport.plan import Doing, Proposal, Rule
from cbo_desk.transport.proposing import with_short_rides
from tests.transport.dispatch.days import HOUR, a_request, compound_day

EVENTS = 40


def next_day(day: Day, proposal: Proposal, now: int) -> Day:
    return at(day, proposal.routes, now)


def waiting(day: Day) -> list[int]:
    """Requests that stand in today's routes and are not held."""
    return [request for route in day.today for request in route.requests if request not in day.lock]


def late(day: Day, random: Random) -> Day:
    number = max(day.request) + 2
    return replace(day, requests=(*day.requests, *a_request(random, number, 14, day.now + 1800)))


def cancelled(day: Day, random: Random) -> Day:
    gone = random.choice(waiting(day) or [0])
    going = {gone, *(request.id for request in day.requests if request.back_of == gone)}
    today = tuple(
        replace(route, stops=tuple(stop for stop in route.stops if stop.request not in going)) for route in day.today
    )
    return replace(day, requests=tuple(r for r in day.requests if r.id not in going), today=today)


def broken_down(day: Day, random: Random) -> Day:
    """A vehicle at home stays there; its requests need another one."""
    out = {position.vehicle for position in day.positions} | {lock.vehicle for lock in day.locks}
    idle = [vehicle.id for vehicle in day.vehicles if vehicle.id not in out]
    if not idle:
        return day
    broken = random.choice(idle)
    barred = "In the workshop since this morning."
    vehicles = tuple(replace(vehicle, barred=barred) if vehicle.id == broken else vehicle for vehicle in day.vehicles)
    return replace(day, vehicles=vehicles, today=tuple(route for route in day.today if route.vehicle != broken))


def ill(day: Day, random: Random) -> Day:
    busy = {position.driver for position in day.positions} | {lock.driver for lock in day.locks}
    idle = [driver.id for driver in day.drivers if driver.id not in busy]
    if not idle:
        return day
    gone = random.choice(idle)
    drivers = tuple(replace(d, barred="Ill today.") if d.id == gone else d for d in day.drivers)
    return replace(day, drivers=drivers, today=tuple(route for route in day.today if route.driver != gone))


def confirmed(day: Day, random: Random) -> Day:
    routes = [route for route in day.today if any(request not in day.lock for request in route.requests)]
    if not routes:
        return day
    route = random.choice(routes)
    request = random.choice([request for request in route.requests if request not in day.lock])
    begins = next(stop.begins for stop in route.stops if stop.request == request)
    hold = random.choice([Hold.CONFIRMED, Hold.FROZEN])
    return replace(day, locks=(*day.locks, Lock(request, route.vehicle, route.driver, hold, begins, 600)))


@dataclass
class Replayed:
    """What became of a day with its events: who was served at first, moved or set apart later, and how it ended."""

    served: int = 0
    moved: int = 0
    apart: int = 0
    wrong: list[str] = field(default_factory=list)
    day: Day | None = None


def replay(seed: int, happening_seed: int, events: int = EVENTS, open_only: bool = True) -> Replayed:
    """Plan a compound's day, drive it, and plan it anew at each event; each plan goes through the checker.

    `open_only` holds all that stands, so that only what is open is placed; otherwise whatever may move is planned anew.
    """
    random = Random(happening_seed)
    day, found = compound_day(seed=seed), Replayed()
    proposal = plan_at_once(day)
    found.wrong += [each.said for each in check(day, proposal)]
    found.served = len(day.requests) - len(proposal.unassigned)
    happenings = [late, late, cancelled, broken_down, ill, confirmed, confirmed]
    for number in range(events):
        now = 6 * HOUR + number * 12 * HOUR // EVENTS
        day = random.choice(happenings)(next_day(day, proposal, now), random)
        before, asked = day, held_as_today(day, slack=900) if open_only else day
        proposal = plan_at_once(asked)
        found.wrong += [f"{number}: {each.said}" for each in check(asked, proposal)]
        found.apart += len(proposal.apart)
        found.moved += [change.turn for change in difference(before, proposal)].count(Turn.MOVED)
    found.day = day
    return found


@pytest.mark.parametrize(("seed", "happening_seed", "events"), [(12, 6, EVENTS), (13, 8, 6), (31, 4, 3)])
def test_a_day_with_forty_events(seed, happening_seed, events):
    """A whole day, and the mornings of two others in which vehicles that can keep what they promised were set apart."""
    found = replay(seed, happening_seed, events)
    assert found.wrong == []
    assert found.served > 90
    assert (found.moved, found.apart) == (0, 0)
    if events == EVENTS:
        assert any(lock.hold is Hold.DONE for lock in found.day.locks)
        assert any(lock.hold is Hold.ABOARD for lock in found.day.locks)


@cache
def morning(seed: int) -> tuple[Day, Proposal]:
    """A small day as it was planned before it began."""
    day = compound_day(requests=16, vehicles=4, drivers=5, seed=seed)
    return day, plan_at_once(day)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 3), st.integers(6 * HOUR, 19 * HOUR), st.integers(0, 90 * 60), st.booleans(), st.randoms())
def test_nothing_is_planned_before_now(seed, seen, silent, open_only, random):
    """Nobody noted anything for a while: vehicles that should be elsewhere by now are still where they were seen."""
    day, proposal = morning(seed)
    day = replace(at(day, proposal.routes, seen), now=seen + silent)
    day = replace(day, requests=(*day.requests, *a_request(random, max(day.request) + 2, 14, seen)))
    asked = held_as_today(day, slack=900) if open_only else day
    proposal = plan_at_once(asked)
    assert check(asked, proposal) == []
    left = {change.request for change in difference(asked, proposal) if change.turn is Turn.LEFT}
    assert left == set(proposal.unassigned)
    ahead = [stop for route in proposal.routes for stop in route.stops if stop.doing is not Doing.START]
    assert all(stop.begins >= day.now for stop in ahead)
    # The checker sees it too: the same routes are no plan any more once their first stop is over.
    for route in proposal.routes:
        first = next((stop.begins for stop in route.stops if stop.request is not None), None)
        if first is not None:
            later = replace(asked, now=first + 1)
            assert Rule.PAST in {each.rule for each in check_routes(later, [route])}


def test_nobody_sits_in_a_vehicle_much_longer_than_their_way_takes():
    """Half as long again and ten minutes, waiting for others included, whatever kilometres more would be saved."""

    def longest(day: Day) -> float:
        worst = 0.0
        for route in plan_at_once(day).routes:
            left = {stop.request: stop.leaves for stop in route.stops if stop.doing is Doing.PICKUP}
            for stop in route.stops:
                if stop.doing is Doing.DROPOFF and stop.request is not None and day.request[stop.request].pooled:
                    request = day.request[stop.request]
                    direct = max(band.seconds[request.pickup][request.dropoff] for band in day.matrix.bands)
                    worst = max(worst, stop.begins - left[stop.request] - 1.5 * direct - 600)
        return worst

    days = [morning(seed)[0] for seed in range(4)]
    assert max(longest(with_short_rides(day, 1.5, 600)) for day in days) <= 0
    assert max(longest(day) for day in days) > 0  # the setting alone lets people sit longer
