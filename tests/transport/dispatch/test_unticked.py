"""Vehicles on the road whose stops nobody ticks: they are taken to keep to their plans, said so, and planned with."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cbo_desk.transport import Hours, assign_request, day_picture, depart, lock_trips, request_card, set_hours
from cbo_desk.transport.checker import check, check_routes
from cbo_desk.transport.day import Hold
from cbo_desk.transport.difference import Turn, difference
from cbo_desk.transport.dispatch import plan_at_once
from cbo_desk.transport.driving import Halt
from cbo_desk.transport.expecting import expected
from cbo_desk.transport.holding import held_as_today
from cbo_desk.transport.journeys import BandStart, Journeys, Leg, ZonePoint
from cbo_desk.transport.picture import StopOfDay, TripOfDay
from cbo_desk.transport.plan import Doing
from cbo_desk.transport.proposing import Choice, accept_plan, basis_of_plan, taking_of
from cbo_desk.transport.road import pass_stop
from cbo_desk.transport.rules import TripState
from tests.rows import undo
from tests.transport.conftest import ASSUMED, DAY, at
from tests.transport.dispatch.test_taking import ask, trip_of


@pytest.fixture
def road(office, clock, fleet):
    """Out since half past nine, nobody ticks: one with a way back to come, one to the airport; a third goes at eleven.
    """
    clock.now = at(9)
    for driver in fleet.drivers:
        office.write(set_hours, driver, Hours("1234567", 360, 1080, 0), date(2026, 1, 1))
    [waited] = ask(office, fleet, ("GIG", "UH", 9.5), way_back="wait", return_at=at(11.5))
    airport, later = ask(office, fleet, ("GIG", "JKIA", 9.5), ("GIG", "CBD", 13))
    for number, ident in enumerate((waited, airport, later)):
        version = office.read(request_card, ident).version
        office.write(assign_request, ident, version, fleet.vehicles[number], fleet.drivers[number], 0)
    clock.now = at(9.4)
    for ident in (waited, airport):
        office.write(depart, trip_of(office, ident), 10)
    return SimpleNamespace(fleet=fleet, waited=waited, airport=airport, later=later)


def minute(number: int):
    """So many minutes of the tests' day."""
    return DAY + timedelta(minutes=number)


def planned(office, open_only: bool = True):
    basis = office.read(basis_of_plan)
    day = held_as_today(basis.day) if open_only else basis.day
    proposal = plan_at_once(day)
    assert check(day, proposal) == []
    return basis, proposal


def holds(basis):
    """How each leg is held, by the record and the leg."""
    return {
        (basis.day.request[lock.request].record, basis.day.request[lock.request].leg): (lock.hold, lock.assumed)
        for lock in basis.day.locks
    }


def stops_of(office, trip):
    [shown] = [each for each in office.read(day_picture).trips if each.id == trip]
    return shown.stops


# When it is planned; the airport's ride, and the two ways of the one who is waited for.
HOURS = [
    (9.45, (Hold.CONFIRMED, False), (Hold.CONFIRMED, False), (Hold.CONFIRMED, False)),
    (9.8, (Hold.ABOARD, True), (Hold.ABOARD, True), (Hold.CONFIRMED, False)),
    (10.2, (Hold.ABOARD, True), (Hold.DONE, True), (Hold.CONFIRMED, False)),
    (11.7, (Hold.DONE, True), (Hold.DONE, True), (Hold.ABOARD, True)),
    (12.5, (Hold.DONE, True), (Hold.DONE, True), (Hold.DONE, True)),
]


@pytest.mark.parametrize("open_only", [True, False])
def test_who_left_is_taken_to_keep_to_the_plan_and_is_planned_with(office, clock, road, open_only):
    late = ask(office, road.fleet, ("GIG", "UH", 14), ("CBD", "GIG", 15.5))
    for hour, airport, out, back in HOURS:
        clock.now = at(hour)
        basis, proposal = planned(office, open_only)
        held = holds(basis)
        assert (held[road.airport, 1], held[road.waited, 1], held[road.waited, 2]) == (airport, out, back), hour
        assert proposal.apart == (), (hour, proposal.said)
        assert proposal.unassigned == ()
        turns = {basis.day.request[c.request].record: c.turn for c in difference(basis.day, proposal)}
        assert {turns[ident] for ident in late} == {Turn.NEW}
        stays = {road.waited, road.airport} | ({road.later} if open_only else set())
        assert {turn for ident, turn in turns.items() if ident in stays} <= {Turn.SAME}
        # What is left of a trip is in the plan with its vehicle, and nothing of it lies in the past.
        for route in proposal.routes:
            assert all(stop.begins >= basis.day.now for stop in route.stops if stop.doing is not Doing.START)
        kept = {(route.vehicle, stop.request) for route in proposal.routes for stop in route.stops}
        for lock in basis.day.locks:
            assert ((lock.vehicle, lock.request) in kept) == (lock.hold is not Hold.DONE)
        if any(assumed for _, assumed in (airport, out, back)):
            assert "Nobody ticked the stops of" in proposal.said
            assert "taken to keep to" in proposal.said
            assert proposal.said.count("T-0001") <= 1, "said once, not for each of its ways"
        else:
            assert "ticked" not in proposal.said


def test_a_plan_taken_leaves_a_trip_under_way_as_one_with_all_its_stops(office, clock, road):
    before = {ident: stops_of(office, trip_of(office, ident)) for ident in (road.waited, road.airport)}
    trips = {ident: trip_of(office, ident) for ident in before}
    [late] = ask(office, road.fleet, ("GIG", "UH", 14))
    clock.now = at(10.2)
    basis, proposal = planned(office)
    changes = office.write(accept_plan, office.read(taking_of, basis, proposal, Choice()))
    assert trip_of(office, late) is not None
    for ident, trip in trips.items():
        assert trip_of(office, ident) == trip
        # The drop-off that is long over, and the way back, are on the ticket still.
        assert [stop.halt for stop in stops_of(office, trip)] == [stop.halt for stop in before[ident]]
    undo(office, changes)
    assert trip_of(office, late) is None
    # One vehicle alone is taken beside the others, of which one is late by now and no reason to refuse.
    clock.now = at(14)
    [last] = ask(office, road.fleet, ("GIG", "UH", 16))
    office.write(lock_trips, [trip_of(office, road.later)])
    basis, proposal = planned(office, open_only=False)
    wanted = next(one.id for one in basis.day.requests if one.record == last)
    route = next(each for each in proposal.routes if wanted in each.requests)
    office.write(accept_plan, office.read(taking_of, basis, proposal, Choice(vehicles=(route.vehicle,))))
    assert trip_of(office, last) is not None


def test_left_late_is_later_and_who_ticks_is_believed(office, clock, fleet):
    for driver in fleet.drivers:
        office.write(set_hours, driver, Hours("1234567", 360, 1080, 0), date(2026, 1, 1))
    [one] = ask(office, fleet, ("GIG", "JKIA", 9.5), pickup_to=at(10.5))
    office.write(assign_request, one, office.read(request_card, one).version, fleet.vehicles[0], None, 0)
    trip = trip_of(office, one)
    clock.now = at(10)
    office.write(depart, trip, 10)
    # Half an hour late: picked up at ten, there after three minutes of boarding and forty-five of driving.
    for minutes, hold in ((0, Hold.ABOARD), (47, Hold.ABOARD), (48, Hold.DONE)):
        clock.now = at(10) + timedelta(minutes=minutes)
        basis, proposal = planned(office)
        assert holds(basis)[one, 1] == (hold, True), minutes
        assert proposal.apart == ()
    # Ticked: they got in only now, and are aboard for as long as the ride takes from here, and a grace.
    clock.now = at(10) + timedelta(minutes=20)
    office.write(pass_stop, trip, 1)
    for minutes, hold in ((50, (Hold.ABOARD, False)), (69, (Hold.ABOARD, False)), (70, (Hold.DONE, True))):
        clock.now = at(10) + timedelta(minutes=minutes)
        assert holds(planned(office)[0])[one, 1] == hold, minutes
    # Who ticks only the last stop has passed the first as well.
    office.write(pass_stop, trip, 1, False)
    office.write(pass_stop, trip, 2)
    assert holds(planned(office)[0])[one, 1] == (Hold.DONE, False)


def test_whoever_drives_a_vehicle_under_way_drives_no_other_and_nobody_else_drives_it(office, clock, road):
    """Also on the way home with nobody aboard; the checker refuses what the planner does not do."""
    ask(office, road.fleet, ("GIG", "CBD", 10.5), ("GIG", "UH", 10.5), ("UH", "GIG", 10.7), pooled=False)
    clock.now = at(10.4)
    basis, proposal = planned(office, open_only=False)
    out = {position.vehicle: position for position in basis.day.positions}
    assert len(out) == 2
    for route in proposal.routes:
        for position in out.values():
            if (route.vehicle == position.vehicle) != (route.driver == position.driver):
                assert route.stops[0].leaves >= position.at
    position = out[road.fleet.vehicles[1]]
    route = next(route for route in basis.day.today if route.vehicle not in out)
    # Ten past one is late enough; at half past ten, with the driver who is at the airport, it is not.
    stops = tuple(
        type(stop)(stop.doing, stop.place, stop.arrives - 8400, stop.begins - 8400, stop.leaves - 8400, stop.request)
        for stop in route.stops
    )
    for own, clashes in ((route.stops, False), (stops, True)):
        found = check_routes(basis.day, [type(route)(route.vehicle, position.driver, own)])
        assert any("its driver is out until" in each.said for each in found) is clashes




def test_the_card_says_which_stops_are_over_by_plan_alone(office, clock, road):
    for hour, over in ((9.45, []), (9.8, [1]), (10.2, [1, 2]), (11.7, [1, 2, 3])):
        clock.now = at(hour)
        stops = office.read(request_card, road.waited).stops
        assert [stop.seq for stop in stops if stop.by_plan] == over
    office.write(pass_stop, trip_of(office, road.waited), 2)
    assert [stop.seq for stop in office.read(request_card, road.waited).stops if stop.by_plan] == [1]
    assert not any(stop.by_plan for stop in office.read(request_card, road.later).stops)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_who_keeps_to_the_plan_is_where_driving_it_minute_by_minute_leads(data):
    """Unticked, however late it left; drives of a straight road, waits and stays drawn at random."""
    points = data.draw(st.lists(st.integers(0, 30), min_size=3, max_size=5))
    cells = {(a, b, 1): Leg(60 * abs(p - q), 0, "given") for a, p in enumerate(points) for b, q in enumerate(points)}
    table = Journeys([ZonePoint(n, str(n), str(n)) for n in range(len(points))], [BandStart(1, "day", 0, 23)], cells,
                     ASSUMED)  # fmt: skip
    zones = data.draw(st.lists(st.integers(1, len(points) - 1), min_size=1, max_size=5))
    stops, here, clock = [], 0, 0
    for seq, zone in enumerate(zones):
        arrives = clock + abs(points[here] - points[zone]) + data.draw(st.integers(0, 20))
        leaves = arrives + data.draw(st.integers(0, 5))
        halt = Halt(1, 1, "pickup", zone, "", minute(arrives), None, 1, 0, 0)
        stops.append(StopOfDay(seq, "T-1", halt, "", minute(arrives), minute(leaves), None))
        here, clock = zone, leaves
    left, now = data.draw(st.integers(0, 30)), data.draw(st.integers(0, clock + 60))
    trip = TripOfDay(1, "TT-1", 1, 1, minute(0), minute(clock + 60), TripState.ON_ROAD, False, minute(left), None, 1,
                     (), (), 1, tuple(stops))  # fmt: skip
    # Driven one minute after the other: to the stop, waiting for its time, standing there, on to the next one.
    over, ahead = 0, list(stops)
    where, stands = points[0], 0
    for at_minute in range(left, 10_000):
        while ahead and where == points[ahead[0].halt.zone_id] and minute(at_minute) >= ahead[0].arrives:
            if not stands:
                over += 1
            if stands < round((ahead[0].leaves - ahead[0].arrives).total_seconds() / 60):
                stands += 1
                break
            ahead.pop(0)
            stands = 0
        else:
            if ahead:
                goal = points[ahead[0].halt.zone_id]
                where += (goal > where) - (goal < where)
        if at_minute >= now or not ahead:
            break
    known = expected(trip, 0, table, minute(now), timedelta())
    assert sum(each.passed for each in known) == (over if now >= left else 0)
    assert [each.passed for each in known] == sorted((each.passed for each in known), reverse=True)
    ahead_of_now = [each for each in known if not each.passed]
    assert all(each.begins >= minute(now) for each in ahead_of_now)
