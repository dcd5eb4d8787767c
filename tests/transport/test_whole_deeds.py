"""A deed of transport is kept whole or not at all, whichever of its statements fails, on both engines."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from cbo_desk.transport import (
    Hours,
    RequestForm,
    State,
    approve_requests,
    assign_request,
    depart,
    make_requests,
    read_odometer,
    request_card,
    return_trip,
    set_hours,
)
from cbo_desk.transport.dispatch import plan_at_once
from cbo_desk.transport.proposing import Choice, accept_plan, basis_of_plan, taking_of
from db.base import Base
from tests.transport.conftest import at

WRITTEN = {
    "trip", "trip_stop", "trip_request", "trip_event", "odometer_reading", "charge", "audit", "outbox", "number_series",
    "search_entry", "tag",
}  # fmt: skip
"""What planning a trip and its return write to, as far as a table has that name."""


def stands(engine):
    """The rows of every table that the deeds write to."""
    tables = [t for t in Base.metadata.sorted_tables if any(t.name.startswith(name) for name in WRITTEN)]
    assert len(tables) >= 9
    with engine.connect() as connection:
        return {t.name: sorted(str(tuple(row)) for row in connection.execute(sa.select(t))) for t in tables}


def fail_at_every_statement(office, command, *args):
    """Let the n-th statement fail that writes, for every n there is, the commit included; how many times it failed.

    One that reads leaves what the one that writes after it finds.
    """
    before, told = stands(office.engine), {"left": 0}

    def fail(_connection, _cursor=None, statement="COMMIT", *_more):
        told["left"] -= not statement.lstrip().startswith("SELECT")
        if told["left"] == 0 and not statement.lstrip().startswith("SELECT"):
            raise OSError("the disk went away")

    sa.event.listen(office.engine, "before_cursor_execute", fail)
    if office.engine.dialect.name == "sqlite":  # on a server the commit goes along with the last statement
        sa.event.listen(office.engine, "commit", fail)
    for n in range(1, 400):
        told["left"] = n
        try:
            office.write(command, *args)
        except OSError:
            told["left"] = 0
            assert stands(office.engine) == before, f"after statement {n}"
        else:
            told["left"] = 0
            assert stands(office.engine) != before
            return n - 1
    raise AssertionError("it never went through")


@pytest.fixture
def asked(office, fleet):
    """Three approved requests, and drivers on duty from six to six."""
    for driver in fleet.drivers:
        office.write(set_hours, driver, Hours("1234567", 360, 1080, 0), date(2026, 1, 1))
    wishes = (("UH", 11), ("UH", 11), ("JKIA", 13))
    forms = [
        RequestForm(fleet.entities[0], "Okafor, N.", "Site meeting", fleet.zones["GIG"], fleet.zones[end], at(hour))
        for end, hour in wishes
    ]
    ids = office.write(make_requests, forms).ids
    office.write(approve_requests, ids)
    return ids


def test_trips_are_put_whole_whichever_statement_fails(office, fleet, asked):
    first = asked[0]
    office.write(assign_request, first, office.read(request_card, first).version, fleet.vehicles[1], None, 0)
    basis = office.read(basis_of_plan)
    # The trip that stands is let go of and written anew with somebody more: the longest of the deeds.
    proposal = plan_at_once(basis.day)
    taking = office.read(taking_of, basis, proposal, Choice())
    assert fail_at_every_statement(office, accept_plan, taking) > 15
    assert {office.read(request_card, ident).row.state for ident in asked} == {State.PLANNED}


def test_a_return_is_noted_whole_whichever_statement_fails(office, clock, fleet, asked):
    first = asked[0]
    office.write(assign_request, first, office.read(request_card, first).version, fleet.vehicles[0], None, 0)
    trip = office.read(request_card, first).row.trip_id
    clock.now = at(11)
    office.write(read_odometer, fleet.vehicles[0], 41_000)
    office.write(depart, trip, 41_000)
    clock.now = at(12.5)
    assert fail_at_every_statement(office, return_trip, trip, 41_040, 3) > 8
    assert office.read(request_card, first).row.state is State.DONE
