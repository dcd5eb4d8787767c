"""Every reason that is given, proven by trying everything on small days."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cbo_desk.transport.checker import check
from cbo_desk.transport.day import Window
from cbo_desk.transport.dispatch import checked, inserted
from cbo_desk.transport.framing import frame
from cbo_desk.transport.plan import Doing, Route, Rule, Stop
from cbo_desk.transport.reasons import insertions, moved_by, reasons
from tests.transport.dispatch.days import compound_day, has_schedule, seats_hold, small_days


def plain(day):
    framed = frame(day)
    return checked(framed, inserted(framed.problem, {}), {})


@st.composite
def small_plans(draw):
    """A small day planned by plain insertion, with somebody left over."""
    day = draw(small_days(requests=3, vehicles=2))
    day = replace(day, drivers=tuple(replace(d, shift=Window(d.shift.earliest, 20)) for d in day.drivers))
    proposal = plain(day)
    assume(proposal.unassigned)
    return day, proposal, draw(st.sampled_from(proposal.unassigned))


def fits(day, route, request) -> bool:
    """Whether some pair of places takes the request with the others in their order: by trying every time."""
    for longer in insertions(route, [day.request[request]]):
        order = tuple((stop.doing, stop.request) for stop in longer.stops[1:-1])
        if seats_hold(day, route.vehicle, order) and has_schedule(day, longer):
            return True
    return False


def route_in(day, proposal, reason) -> Route:
    for route in proposal.routes:
        if route.vehicle == reason.vehicle:
            return route
    home = day.vehicle[reason.vehicle].home
    return Route(reason.vehicle, reason.vehicle, (Stop(Doing.START, home), Stop(Doing.END, home)))


def eased(day, reason):
    """The days in which the named rule is eased by a unit less than was said: one for each way to ease it."""
    less = reason.by - 1
    request = day.request[reason.request]
    if reason.rule is Rule.DUTY:
        easier = [replace(d, duty=d.duty + less) if d.id == reason.driver else d for d in day.drivers]
        return [replace(day, drivers=tuple(easier))]
    if reason.rule is Rule.SHIFT:
        return [
            replace(day, drivers=tuple(replace(d, shift=shift(d)) if d.id == reason.driver else d for d in day.drivers))
            for shift in (
                lambda d: Window(d.shift.earliest - less, d.shift.latest),
                lambda d: Window(d.shift.earliest, d.shift.latest + less),
            )
        ]
    if reason.rule is Rule.WINDOW:
        up, down = request.pickup_window, request.dropoff_window
        wider = [
            replace(request, pickup_window=Window(up.earliest, up.latest + less)),
            replace(request, dropoff_window=Window(down.earliest, down.latest + less)),
        ]
        return [replace(day, requests=tuple(w if r.id == w.id else r for r in day.requests)) for w in wider]
    return []


@settings(max_examples=60, deadline=None)
@given(small_plans())
def test_every_reason_is_true(case):
    day, proposal, request = case
    told = reasons(day, proposal, request)
    assert {reason.vehicle for reason in told} == {vehicle.id for vehicle in day.vehicles}
    for reason in told:
        route = route_in(day, proposal, reason)
        assert not fits(day, route, request)
        load, capacity = day.request[request].load.seats, day.vehicle[reason.vehicle].capacity.seats
        if load > capacity:
            assert (reason.rule, reason.by) == (Rule.SEATS, load - capacity)
            continue
        assert reason.driver == reason.vehicle
        assert reason.said
        alone = replace(route, stops=(route.stops[0], route.stops[-1]))
        even = not fits(day, alone, request)
        assert reason.said.startswith("Even with nothing else to do") == even
        route = alone if even else route
        for easier in eased(day, reason):
            assert not fits(easier, route, request), reason
        who = [day.request[request]]
        if reason.shift is not None:
            assert fits(moved_by(day, who, reason.shift), route, request)
        nearer = range(1, 12 if reason.shift is None else abs(reason.shift))
        for move in (sign * size for size in nearer for sign in (1, -1)):
            assert not fits(moved_by(day, who, move), route, request), (reason, move)
        if reason.displaces is not None:
            stops = tuple(stop for stop in route.stops if stop.request != reason.displaces)
            assert fits(day, replace(route, stops=stops), request)
        elif not even:
            for other in route.requests:
                stops = tuple(stop for stop in route.stops if stop.request != other)
                assert not fits(day, replace(route, stops=stops), request)


def test_reasons_of_a_real_day_are_said_in_words_for_every_vehicle():
    day = compound_day(requests=60, vehicles=6, drivers=7)
    proposal = plain(day)
    assert check(day, proposal) == []
    left = [request for request in proposal.unassigned if not day.request[request].waits]
    told = reasons(day, proposal, left[0])
    assert {reason.vehicle for reason in told} == set(day.vehicle)
    by_vehicle = {reason.vehicle: reason for reason in told}
    assert by_vehicle[105].said == "Insurance ended on 3 Jul 2026."
    assert by_vehicle[105].rule is Rule.BARRED
    assert all(reason.said.endswith(".") for reason in told)
