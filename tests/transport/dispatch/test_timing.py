"""Bellman and Ford against trying every time there is."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cbo_desk.transport.checker import check_route, why_impossible
from cbo_desk.transport.day import FOREVER, Band, Day, Driver, Load, Matrix, Position, Vehicle, Window
from cbo_desk.transport.plan import Doing, Route, Stop
from cbo_desk.transport.timing import bounds_of, earliest_times, missing, timed
from tests.transport.dispatch.days import all_schedules, orders, route_of, small_days


@st.composite
def small_routes(draw):
    day = draw(small_days())
    every = list(orders([request.id for request in day.requests]))
    return day, route_of(day, 0, draw(st.sampled_from(every)))


@settings(max_examples=150, deadline=None)
@given(small_routes())
def test_a_route_gets_the_earliest_times_there_are_or_none(case):
    day, route = case
    schedules = list(all_schedules(day, route))
    told = timed(day, route)
    if not schedules:
        assert told is None
        assert why_impossible(day, route)
        return
    assert told is not None
    begins = [stop.begins for stop in told.stops]
    assert begins[1:] == [min(times[place] for times in schedules) for place in range(1, len(begins))]
    assert begins in schedules
    assert not any(
        violation.rule in ("window", "ride", "shift", "duty", "travel") for violation in check_route(day, told)
    )


@settings(max_examples=150, deadline=None)
@given(small_routes())
def test_what_is_missing_is_exactly_what_makes_a_route_possible(case):
    day, route = case
    bounds, stops = bounds_of(day, route), len(route.stops)
    assume(earliest_times(bounds, stops) is None)
    alone = missing(bounds, stops)
    assert alone
    assert all(seconds > 0 for _, seconds in alone)
    bound, seconds = alone[0]
    relaxed = [replace(one, gap=one.gap - seconds) if one is bound else one for one in bounds]
    less = [replace(one, gap=one.gap - seconds + 1) if one is bound else one for one in bounds]
    assert earliest_times(less, stops) is None
    others = [one for one in bounds if one is not bound]
    if earliest_times(others, stops) is not None:
        assert earliest_times(relaxed, stops) is not None


@settings(max_examples=100, deadline=None)
@given(small_routes(), st.lists(st.integers(0, 20), min_size=6, max_size=6))
def test_the_checker_believes_stated_times_only_where_trying_finds_them_too(case, times):
    day, route = case
    times = sorted(times)[: len(route.stops)]
    stops = []
    for stop, time in zip(route.stops, times, strict=False):
        own = None if stop.request is None else day.request[stop.request]
        taken = 0 if own is None else own.boarding if stop.doing == "pickup" else own.alighting
        stops.append(replace(stop, arrives=time, begins=time, leaves=time + taken))
    stated = replace(route, stops=tuple(stops))
    times_wrong = {"window", "ride", "shift", "travel"}
    found = {violation.rule for violation in check_route(day, stated)} & times_wrong
    duty = day.driver[0].duty
    free = replace(day, drivers=(replace(day.drivers[0], duty=10**9),))
    del duty
    assert (not found) == (times in list(all_schedules(free, route)))


def test_a_leg_is_planned_in_the_slowest_band_it_may_fall_into():
    quick, slow = ((0, 600), (600, 0)), ((0, 1500), (1500, 0))
    matrix = Matrix(
        ("Gigiri", "JKIA"), ((0, 9000), (9000, 0)), (Band(7 * 3600, quick), Band(9 * 3600, slow), Band(86_400, quick))
    )
    assert matrix.leg(0, 1, Window(5 * 3600, 6 * 3600)) == 600
    assert matrix.leg(0, 1, Window(6 * 3600, 7 * 3600)) == 1500
    assert matrix.leg(0, 1, Window(8 * 3600, 12 * 3600)) == 1500
    assert matrix.leg(0, 1, Window(9 * 3600, 12 * 3600)) == 600
    assert matrix.leg(0, 1, Window(30 * 3600, 31 * 3600)) == 600


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(1, 25), min_size=2, max_size=4), st.data())
def test_a_vehicle_seen_before_the_roads_changed_is_timed_as_the_checker_drives_it(drives, data):
    """It stood or drove since then: no later than leaving now or then on the slowest roads, and never in the past."""
    untils = data.draw(st.lists(st.integers(1, 60), min_size=len(drives) - 1, max_size=len(drives) - 1, unique=True))
    bands = [Band(u, ((0, d), (d, 0))) for u, d in zip([*sorted(untils), FOREVER], drives, strict=True)]
    seen = data.draw(st.integers(0, 60))
    now = seen + data.draw(st.integers(0, 30))
    matrix = Matrix(("Gigiri", "JKIA"), ((0, 9000), (9000, 0)), tuple(bands))
    driver = Driver(0, "Driver", Window(0, 1000), FOREVER, may_drive=frozenset({0}))
    day = Day(matrix, (Vehicle(0, "UN 0", Load(4), 1),), (driver,), (), now=now)
    day = replace(day, positions=(Position(0, 0, 0, seen, 0),))
    told = timed(day, Route(0, 0, (Stop(Doing.START, 0), Stop(Doing.END, 1))))
    assert told is not None
    assert [each.said for each in check_route(day, told)] == []
    ahead = matrix.leg(0, 1, Window(now, FOREVER))
    assert told.stops[1].begins <= max(now, min(now + ahead, seen + max(drives)))
