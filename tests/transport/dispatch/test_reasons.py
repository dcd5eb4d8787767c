"""Every reason that is given, proven by trying everything on small days."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cbo_desk.transport.checker import check
from cbo_desk.transport.day import Load, Window
from cbo_desk.transport.dispatch import checked, inserted, with_more
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


@st.composite
def skilled_plans(draw):
    """A small day of two vehicles and three drivers with languages and licences, planned, with somebody left over."""
    day = draw(small_days(requests=2, vehicles=2))
    words = st.sets(st.sampled_from(["fr", "aid"]), max_size=2).map(frozenset)
    drivers = tuple(
        replace(
            day.drivers[number % 2], id=number, name=f"Driver {number}", skills=draw(words),
            may_drive=draw(st.none() | st.sets(st.integers(0, 1)).map(frozenset)),
            barred=draw(st.sampled_from(["", "", "", "Licence ended."])),
        )
        for number in range(3)
    )  # fmt: skip
    requests = tuple(replace(each, driver_needs=draw(words)) for each in day.requests)
    day = replace(day, drivers=drivers, requests=requests)
    proposal = with_more(day, plain(day))
    assert check(day, proposal) == []
    assume(proposal.unassigned)
    return day, proposal, draw(st.sampled_from(proposal.unassigned))


@settings(max_examples=80, deadline=None)
@given(skilled_plans())
def test_no_vehicle_has_a_driver_who_could_go_and_the_reason_says_what_is_missing(case):
    day, proposal, left = case
    request, busy = day.request[left], {route.driver: route for route in proposal.routes}
    for reason in reasons(day, proposal, left):
        out = [route for route in proposal.routes if route.vehicle == reason.vehicle]
        home = day.vehicle[reason.vehicle].home
        routes = out or [
            Route(reason.vehicle, driver.id, (Stop(Doing.START, home), Stop(Doing.END, home)))
            for driver in day.drivers
            if driver.id not in busy and not driver.barred
            and (driver.may_drive is None or reason.vehicle in driver.may_drive)
        ]  # fmt: skip
        able = [route for route in routes if request.driver_needs <= day.driver[route.driver].skills]
        assert not any(fits(day, route, left) for route in able), reason
        if not routes:
            idle = [driver for driver in day.drivers if driver.id not in busy and not driver.barred]
            assert (reason.driver, reason.rule) == (None, Rule.LICENCE if idle else Rule.SHIFT)
        elif reason.rule is Rule.SKILL:
            assert not able
            assert reason.by == len(request.driver_needs - day.driver[reason.driver].skills)
            others = [each.name for each in day.drivers if request.driver_needs <= each.skills]
            assert all(name in reason.said for name in others[:2])
            assert others or "Nobody does" in reason.said
        elif reason.rule not in (Rule.SEATS, Rule.LUGGAGE):
            # Of a vehicle that is out, somebody may follow its first driver.
            assert request.driver_needs <= day.driver[reason.driver].skills
            assert out or reason.driver in {route.driver for route in able}


def test_whoever_is_asked_for_gets_the_vehicle_that_is_asked_for():
    """The only one who speaks French drives the Corolla today; somebody wants French and a 4x4."""
    day = compound_day(requests=2, vehicles=6, drivers=6)
    [spoken] = [driver.id for driver in day.drivers if driver.skills][:1]
    drivers = tuple(replace(each, skills=each.skills if each.id == spoken else frozenset(), may_drive=None,
                            shift=Window(0, 86_000), breaks=()) for each in day.drivers)  # fmt: skip
    wanted = replace(day.requests[0], needs=frozenset({"4x4"}), driver_needs=frozenset({"French"}), load=Load(1))
    proposal = plain(replace(day, drivers=drivers, requests=(wanted,)))
    [route] = proposal.routes
    assert (route.driver, "4x4" in day.vehicle[route.vehicle].skills) == (spoken, True)


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
