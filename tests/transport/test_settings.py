"""Numbers that a transport head would change are dated settings: each is shown with its source, and each is heeded."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import update

from cbo_desk.dated import list_settings, set_value
from cbo_desk.errors import Refusal
from cbo_desk.transport import (
    Fill,
    RequestFilter,
    RequestList,
    assign_request,
    day_of_plan,
    day_picture,
    depart,
    note_fuel,
    pass_stop,
    read_odometer,
    request_card,
    return_trip,
    suggestions,
)
from cbo_desk.transport.fleet_queries import vehicle_card
from cbo_desk.transport.learning import learn_times
from db.travel import TravelTime
from tests.transport.conftest import DAY, at
from tests.transport.dispatch.test_taking import ask, trip_of
from tests.writing import insert

NAMES = {
    "late_minutes": 5, "early_hours": 12, "gap_km": 3, "learn_days": 180, "learn_weight": 5, "suggest_minutes": 120,
    "fuel_far": 3.5, "aboard_later_minutes": 10,
}  # fmt: skip


@pytest.fixture
def say(office):
    """Let a setting be so from the tests' day on."""
    return lambda name, value: office.write(set_value, f"transport.{name}", DAY.date(), value)


def late(office):
    listing = RequestList(RequestFilter(day=DAY.date(), view="late"))
    return [line.row.reference for line in office.read(listing.first)]


def test_each_is_on_the_page_with_its_source(office):
    shown = {line.declared.name.removeprefix("transport."): line for line in office.read(list_settings)}
    for name, value in NAMES.items():
        assert (shown[name].current.value, shown[name].to_confirm) == (value, True)
        assert shown[name].current.source
        assert shown[name].declared.unit


def test_when_a_trip_is_late_or_too_early_and_which_gap_is_believed(office, clock, duty, say):
    one, two = ask(office, duty, ("GIG", "UH", 11), ("GIG", "UH", 23))
    office.write(assign_request, one, office.read(request_card, one).version, duty.vehicles[0], duty.drivers[0], 0)
    clock.now = at(11.5)
    assert late(office) == ["T-0001"]
    assert office.read(request_card, one).row.late(clock.now)
    [trip] = office.read(day_picture).trips
    assert trip.is_late(clock.now)
    say("late_minutes", 45)
    assert late(office) == []
    assert not office.read(request_card, one).row.late(clock.now)
    [trip] = office.read(day_picture).trips
    assert not trip.is_late(clock.now)
    # A ticket of the evening: too early in the morning, unless the site says otherwise.
    office.write(assign_request, two, office.read(request_card, two).version, duty.vehicles[1], duty.drivers[1], 0)
    clock.now = at(9)
    with pytest.raises(Refusal, match="so nothing was noted"):
        office.write(depart, trip_of(office, two), 10)
    say("early_hours", 20)
    office.write(depart, trip_of(office, two), 10)
    office.write(read_odometer, duty.vehicles[0], 41_000)
    with pytest.raises(Refusal, match="20 km were driven since the last reading"):
        office.write(depart, trip_of(office, one), 41_020)
    say("gap_km", 20)
    office.write(depart, trip_of(office, one), 41_020)
    say("aboard_later_minutes", 25)
    assert office.read(day_of_plan).detour == 1500


def test_how_far_suggestions_go_what_is_learnt_and_which_fuel_is_looked_at(office, clock, duty, say):
    first, second = ask(office, duty, ("GIG", "UH", 11), ("GIG", "UH", 11.5), pooled=False)
    office.write(assign_request, first, office.read(request_card, first).version, duty.vehicles[0], None, 0)
    moved = {each.minutes for each in office.read(suggestions, second) if each.fits}
    assert max(moved) > 0
    say("suggest_minutes", 0)
    assert {each.minutes for each in office.read(suggestions, second) if each.fits} == {0}
    # One closed trip of 50 minutes where 30 were held: five parts to one, or one to one.
    insert(office, lambda session: session.execute(update(TravelTime).values(source="assumed")))
    trip = trip_of(office, first)
    clock.now = at(11)
    office.write(read_odometer, duty.vehicles[0], 10)
    office.write(depart, trip)
    office.write(pass_stop, trip, 1)
    clock.now = at(11) + timedelta(minutes=50)
    office.write(pass_stop, trip, 2)
    office.write(return_trip, trip, 30)
    clock.now = at(11, day=10)
    say_later = date(2026, 9, 3)
    office.write(set_value, "transport.learn_days", say_later, 7)
    with pytest.raises(Refusal, match="Nothing new to learn"):
        office.write(learn_times)
    office.write(set_value, "transport.learn_days", say_later, 30)
    office.write(set_value, "transport.learn_weight", say_later, 1)
    office.write(learn_times)
    seconds = insert(office, lambda session: [
        row.seconds for row in session.query(TravelTime).filter_by(source="learnt")
    ])  # fmt: skip
    assert seconds == [(3000 + 1800) // 2]
    # Ten litres for a hundred kilometres, then twice as much: odd by the shipped distance, not by a wide one.
    km = 30
    for litres in (40, 40, 41, 39, 40, 80):
        km += 400
        office.write(note_fuel, duty.vehicles[0], Fill(litres * 1000, 100, km, full=True))
    assert any(leg.odd for leg in office.read(vehicle_card, duty.vehicles[0]).fuel.legs)
    office.write(set_value, "transport.fuel_far", say_later, 20.0)
    assert not any(leg.odd for leg in office.read(vehicle_card, duty.vehicles[0]).fuel.legs)
