"""What the card suggests and what a plan allows are the same: a free suggestion, once assigned, breaks no rule."""

from __future__ import annotations

from datetime import date
from random import Random

import pytest

from cbo_desk.transport import (
    Hours,
    RequestForm,
    approve_requests,
    assign_request,
    cancel_requests,
    day_picture,
    join_trip,
    make_requests,
    request_card,
    set_hours,
    suggestions,
)
from cbo_desk.transport.checker import check_routes
from cbo_desk.transport.day_query import day_of_plan
from cbo_desk.transport.judging import AGAINST
from tests.rows import undo
from tests.transport.conftest import at


def broken(office):
    """What the planner's checker says of the day as it stands."""
    day = office.read(day_of_plan)
    return {violation.said for violation in check_routes(day, day.today)}


def ask(office, fleet, start, end, hour, people, **more):
    form = RequestForm(fleet.entities[0], "Okafor, N.", "Visit", fleet.zones[start], fleet.zones[end], at(hour), people,
                       **more)  # fmt: skip
    [ident] = office.write(make_requests, [form]).ids
    office.write(approve_requests, [ident])
    return ident


def take(office, ident, one):
    if one.trip_id:
        # Each suggestion is tried and taken back, which counts as a change of the trip.
        version = next(trip.version for trip in office.read(day_picture).trips if trip.id == one.trip_id)
        return office.write(join_trip, ident, one.trip_id, version)
    version = office.read(request_card, ident).version
    return office.write(assign_request, ident, version, one.vehicle_id, one.driver_id, one.minutes)


@pytest.mark.parametrize("seed", range(3))
def test_a_free_suggestion_is_accepted_by_the_checker_and_another_breaks_what_it_says(sqlite_office, small_fleet, seed):
    office, fleet, drawn = sqlite_office, small_fleet, Random(seed)
    for driver in fleet.drivers:
        start = drawn.choice((360, 540))
        office.write(set_hours, driver, Hours("1234567", start, start + drawn.choice((300, 540, 720)),
                     drawn.choice((0, 60))), date(2026, 1, 1))  # fmt: skip
    free = told = 0
    for _ in range(5):
        start, end = drawn.sample(("GIG", "UH", "CBD", "JKIA"), 2)
        ident = ask(office, fleet, start, end, drawn.randrange(40, 68) / 4, drawn.randint(1, 4))
        before = broken(office)
        found = [each for each in office.read(suggestions, ident) if each.fits]
        for one in found:
            said = {con.removeprefix(AGAINST) for con in one.cons if con.startswith(AGAINST)}
            changes = take(office, ident, one)
            assert {each.removeprefix(f"{one.name}: ") for each in broken(office) - before} == said
            free, told = free + (not said), told + bool(said)
            undo(office, changes)
        if found:
            take(office, ident, found[0])
    assert free > 3, (free, told)
    assert told or seed


def test_a_driver_who_waits_has_the_break_meanwhile(office, fleet):
    """Two hours at the airport are time for a break: no objection, unless the wait is too short for it."""
    for driver in fleet.drivers:
        office.write(set_hours, driver, Hours("1234567", 420, 960, 45), date(2026, 1, 1))
    for back, objects in ((13.5, False), (11.75, True)):
        [ident] = office.write(make_requests, [RequestForm(
            fleet.entities[0], "Okafor, N.", "Site meeting", fleet.zones["GIG"], fleet.zones["UH"], at(10.5), 2,
            way_back="wait", return_at=at(back),
        )]).ids  # fmt: skip
        office.write(approve_requests, [ident])
        found = [each for each in office.read(suggestions, ident) if each.fits]
        assert found
        told = [con for each in found for con in each.cons if "has no break of 45 min" in con]
        assert bool(told) is objects
        office.write(cancel_requests, [ident])
