"""Each rule broken on purpose is named, with its minutes; the sound plan beside it passes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cbo_desk.transport.checker import check
from cbo_desk.transport.day import (
    Break,
    Day,
    Driver,
    Hold,
    Load,
    Lock,
    Position,
    Request,
    Vehicle,
    Window,
)
from cbo_desk.transport.plan import Doing, Proposal, Route, Rule, Stop
from cbo_desk.transport.timing import timed
from tests.transport.dispatch.days import line_matrix

NINE = 9 * 3600
TWO = (Doing.PICKUP, 1), (Doing.PICKUP, 2), (Doing.DROPOFF, 1), (Doing.DROPOFF, 2)


def a_day(**changes) -> Day:
    """Two requests along one way, one vehicle, one driver: places 0, 10, 20 and 30 minutes along a road."""
    requests = (
        Request(1, "T-2291", 1, 2, Window(NINE, NINE + 900), Window(), Load(3, 0, 2), 120, 60, 3600),
        Request(2, "T-2292", 1, 3, Window(NINE, NINE + 900), Window(latest=NINE + 3600), Load(2, 1, 1), 120, 60, 3600),
    )
    vehicle = Vehicle(7, "UN 033", Load(7, 1, 4), 0, frozenset({"4x4"}), (Window(6 * 3600, 18 * 3600),))
    driver = Driver(5, "Njeri L.", Window(7 * 3600, 16 * 3600), 8 * 3600, skills=frozenset({"French"}))
    return replace(Day(line_matrix([0, 10, 20, 30], 60), (vehicle,), (driver,), requests), **changes)


def stops_of(day: Day, order=TWO) -> Route:
    stops = [
        Stop(doing, day.request[one].pickup if doing is Doing.PICKUP else day.request[one].dropoff, request=one)
        for doing, one in order
    ]
    return Route(7, 5, (Stop(Doing.START, 0), *stops, Stop(Doing.END, 0)))


def rules(day: Day, *routes: Route, unassigned=()) -> set[Rule]:
    return {violation.rule for violation in check(day, Proposal(routes, tuple(unassigned)))}


def sound(day: Day, order=TWO) -> Route:
    route = timed(day, stops_of(day, order))
    assert route is not None
    return route


def changed(day: Day, request: int, **changes) -> Day:
    return replace(day, requests=tuple(replace(r, **changes) if r.id == request else r for r in day.requests))


def of_vehicle(day: Day, **changes) -> Day:
    return replace(day, vehicles=(replace(day.vehicles[0], **changes),))


def of_driver(day: Day, **changes) -> Day:
    return replace(day, drivers=(replace(day.drivers[0], **changes),))


def test_a_sound_plan_passes():
    day = a_day()
    assert check(day, Proposal((sound(day),))) == []


RULED = {
    Rule.BARRED: of_vehicle(a_day(), barred="Insurance ended on 3 Jul 2026."),
    Rule.LICENCE: of_driver(a_day(), may_drive=frozenset({8})),
    Rule.SKILL: changed(a_day(), 1, needs=frozenset({"armoured"})),
    Rule.SEATS: of_vehicle(a_day(), capacity=Load(4, 1, 4)),
    Rule.WHEELCHAIRS: of_vehicle(a_day(), capacity=Load(7, 0, 4)),
    Rule.LUGGAGE: of_vehicle(a_day(), capacity=Load(7, 1, 2)),
    Rule.WINDOW: changed(a_day(), 2, dropoff_window=Window(latest=NINE + 600)),
    Rule.RIDE: changed(a_day(), 2, max_ride=1200),
    Rule.POOL: changed(a_day(), 1, pooled=False),
    Rule.SHIFT: of_driver(a_day(), shift=Window(NINE, 16 * 3600)),
    Rule.DUTY: of_driver(a_day(), duty=3600),
    Rule.FREE: of_vehicle(a_day(), free=(Window(6 * 3600, NINE + 600), Window(12 * 3600, 18 * 3600))),
    Rule.BREAK: of_driver(a_day(), breaks=(Break(Window(NINE, NINE + 1200), 1800),)),
    Rule.LOCK: a_day(locks=(Lock(1, 7, 5, Hold.FROZEN, NINE + 600, 60),)),
}


@pytest.mark.parametrize("rule", sorted(RULED))
def test_a_broken_rule_is_named_and_no_other(rule):
    assert rules(RULED[rule], sound(a_day())) == {rule}


def test_a_route_leaves_where_its_vehicle_is_and_comes_home():
    day = a_day()
    route = sound(day)
    first, *between, last = route.stops
    for stops, said in (
        (between, "does not begin with a start"),
        ((first, *between), "does not begin with a start and end with an end"),
        ((first, replace(last), *between, last), "starts or ends in its middle"),
        ((replace(first, place=1), *between, last), "starts elsewhere than at"),
        ((first, *between, replace(last, place=3)), "does not end at"),
    ):
        wrong = check(day, Proposal((replace(route, stops=tuple(stops)),)))
        assert any(each.rule is Rule.ORDER and said in each.said for each in wrong), said
    # Where it stands on the road is where it leaves from.
    there = replace(day, positions=(Position(7, 5, 1, first.leaves, first.leaves),))
    assert Rule.ORDER in rules(there, route)


def test_a_driver_must_have_what_is_asked_and_a_vehicle_does_not_speak():
    """The driver of `a_day` speaks French; the vehicle has 4x4. Neither has what is the other's."""
    fine = changed(changed(a_day(), 1, driver_needs=frozenset({"French"})), 2, needs=frozenset({"4x4"}))
    assert rules(fine, sound(a_day())) == set()
    for wrong in (
        changed(a_day(), 1, driver_needs=frozenset({"French", "VIP"})),
        changed(a_day(), 1, driver_needs=frozenset({"4x4"})),
        changed(a_day(), 1, needs=frozenset({"French"})),
        of_driver(fine, skills=frozenset()),
        of_vehicle(fine, skills=frozenset()),
    ):
        assert rules(wrong, sound(a_day())) == {Rule.SKILL}
    [violation] = check(changed(a_day(), 1, driver_needs=frozenset({"VIP"})), Proposal((sound(a_day()),)))
    assert violation.said == "T-2291 needs a driver who has VIP; Njeri L. does not."


def test_minutes_are_told():
    late = changed(a_day(), 2, dropoff_window=Window(latest=NINE + 600))
    [violation] = check(late, Proposal((sound(a_day()),)))
    assert violation.said == "T-2292 drop-off is 15 min late."
    assert (violation.minutes, violation.vehicle, violation.request) == (15, 7, 2)
    [duty] = check(RULED[Rule.DUTY], Proposal((sound(a_day()),)))
    assert duty.said == "UN 033: Njeri L. is on duty 6 min too long."


def test_times_that_no_car_can_keep():
    day, route = a_day(), sound(a_day())
    stops = list(route.stops)
    stops[3] = replace(
        stops[3], arrives=stops[3].arrives - 120, begins=stops[3].begins - 120, leaves=stops[3].leaves - 120
    )
    assert rules(day, replace(route, stops=tuple(stops))) == {Rule.TRAVEL}
    stops = list(route.stops)
    stops[1] = replace(stops[1], leaves=stops[1].begins + 30)
    [violation] = check(day, Proposal((replace(route, stops=tuple(stops)),)))
    assert violation.said == "UN 033: the stop at 09:00 is 2 min short."


BROKEN_ORDERS = {
    Rule.ORDER: ((Doing.DROPOFF, 1), (Doing.PICKUP, 1), (Doing.PICKUP, 2), (Doing.DROPOFF, 2)),
    Rule.PAIRING: ((Doing.PICKUP, 1), (Doing.PICKUP, 2), (Doing.DROPOFF, 2)),
}


@pytest.mark.parametrize("rule", sorted(BROKEN_ORDERS))
def test_who_is_picked_up_is_set_down_afterwards(rule):
    day = a_day()
    wide = tuple(replace(r, pickup_window=Window(), dropoff_window=Window(), max_ride=None) for r in day.requests)
    day = replace(day, requests=wide)
    assert rules(day, sound(day, BROKEN_ORDERS[rule])) == {rule}


def test_nobody_is_forgotten_doubled_or_both():
    day = a_day()
    one = sound(day, TWO[:1] + TWO[2:3])
    assert rules(day, one) == {Rule.PAIRING}
    assert rules(day, one, unassigned=[2]) == set()
    assert rules(day, sound(day), unassigned=[2]) == {Rule.TWICE}
    assert Rule.TWICE in rules(day, sound(day), sound(day))


def test_neither_vehicle_nor_driver_is_in_two_places():
    day = a_day()
    other = replace(day.vehicles[0], id=8, name="UN 071")
    day = replace(day, vehicles=(*day.vehicles, other))
    first, second = (
        sound(day, ((Doing.PICKUP, 1), (Doing.DROPOFF, 1))),
        sound(day, ((Doing.PICKUP, 2), (Doing.DROPOFF, 2))),
    )
    assert rules(day, first, replace(second, vehicle=8)) == {Rule.CLASH}


def test_whoever_is_aboard_is_only_set_down_and_their_ride_counts_from_boarding():
    day = a_day(
        locks=(Lock(1, 7, 5, Hold.ABOARD, boarded=NINE),),
        positions=(Position(7, 5, 1, NINE + 300, NINE - 600),),
        now=NINE + 300,
    )
    stops = (
        Stop(Doing.START, 1),
        Stop(Doing.PICKUP, 1, request=2),
        Stop(Doing.DROPOFF, 2, request=1),
        Stop(Doing.DROPOFF, 3, request=2),
        Stop(Doing.END, 0),
    )
    route = timed(day, Route(7, 5, stops))
    assert route is not None
    assert rules(day, route) == set()
    short = changed(day, 1, max_ride=900)
    assert rules(short, route) == {Rule.RIDE}
    full = of_vehicle(day, capacity=Load(4, 1, 4))
    assert rules(full, route) == {Rule.SEATS}


def test_a_vehicle_that_waits_does_nothing_else_and_takes_them_back():
    day = a_day()
    back = Request(3, "T-2291 back", 2, 1, Window(NINE + 7200, NINE + 9000), Window(), Load(3), back_of=1, waits=True)
    day = replace(day, requests=(day.requests[0], replace(day.requests[1], pickup_window=Window(NINE, NINE + 9000),
                  dropoff_window=Window()), back))  # fmt: skip
    waited = ((Doing.PICKUP, 1), (Doing.DROPOFF, 1), (Doing.PICKUP, 3), (Doing.DROPOFF, 3))
    assert rules(day, sound(day, waited), unassigned=[2]) == set()
    between = (*waited[:2], (Doing.PICKUP, 2), (Doing.DROPOFF, 2), *waited[2:])
    assert rules(day, sound(day, between)) == {Rule.WAIT}
    assert rules(day, sound(day, waited[2:]), unassigned=[1, 2]) == {Rule.BACK, Rule.WAIT}


def test_a_break_is_a_stop_at_a_standstill_or_falls_before_or_after():
    rest = Break(Window(NINE, NINE + 1500), 1800)
    day = of_driver(a_day(), breaks=(rest,))
    assert rules(day, sound(a_day())) == {Rule.BREAK}
    early = of_driver(a_day(), breaks=(Break(Window(8 * 3600, 9 * 3600), 1800),))
    assert rules(early, sound(a_day())) == set()
    route = stops_of(day, TWO[:1] + TWO[2:3])
    stops = (*route.stops[:3], Stop(Doing.BREAK, 2, rest=0), *route.stops[3:])
    inside = timed(day, replace(route, stops=stops))
    assert inside is not None
    assert rules(day, inside, unassigned=[2]) == set()
    aboard = (*route.stops[:2], Stop(Doing.BREAK, 1, rest=0), *route.stops[2:])
    with_somebody = timed(day, replace(route, stops=aboard))
    assert with_somebody is not None
    assert rules(day, with_somebody, unassigned=[2]) == {Rule.BREAK}


def test_what_nobody_knows_is_said_and_breaks_nothing():
    day = a_day()
    wrongs = (
        Route(9, 5, ()),
        Route(7, 9, ()),
        Route(7, 5, (Stop(Doing.PICKUP, 99, request=1),)),
        Route(7, 5, (Stop(Doing.PICKUP, 1, request=77),)),
        Route(7, 5, (Stop(Doing.BREAK, 1, rest=0),)),
    )
    for wrong in wrongs:
        assert Rule.UNKNOWN in rules(day, wrong)
