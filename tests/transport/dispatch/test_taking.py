"""From the records to a plan and back, on both engines: taken whole, by vehicle, by trip; two dispatchers at once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cbo_desk.errors import Refusal
from cbo_desk.transport import (
    RequestForm,
    State,
    approve_requests,
    assign_request,
    day_picture,
    depart,
    lock_trips,
    make_requests,
    move_trip,
    pass_stop,
    request_card,
    take_off,
)
from cbo_desk.transport.checker import check
from cbo_desk.transport.difference import Turn, difference
from cbo_desk.transport.dispatch import plan_at_once
from cbo_desk.transport.holding import held_as_today
from cbo_desk.transport.plan import Proposal
from cbo_desk.transport.proposing import Choice, accept_plan, basis_of_plan, taking_of
from db.trip_loads import TripLoad
from tests.rows import undo
from tests.transport.conftest import at
from tests.writing import insert

ALL = Choice()


def ask(office, fleet, *wishes, **more) -> list[int]:
    forms = [
        RequestForm(fleet.entities[0], "Okafor, N.", "Site meeting", fleet.zones[start], fleet.zones[end], at(hour),
                    email="ngozi@example.org", **more)
        for start, end, hour in wishes
    ]  # fmt: skip
    ids = list(office.write(make_requests, forms).ids)
    office.write(approve_requests, ids)
    return ids


def planned(office):
    basis = office.read(basis_of_plan)
    proposal = plan_at_once(basis.day)
    assert check(basis.day, proposal) == []
    return basis, proposal


def accept(office, basis, proposal, choice=ALL):
    return office.write(accept_plan, office.read(taking_of, basis, proposal, choice))


def trip_of(office, ident):
    return office.read(request_card, ident).row.trip_id


def test_a_whole_plan_is_written_undone_and_seen_as_it_stands(office, duty):
    ids = ask(office, duty, ("GIG", "UH", 11), ("GIG", "UH", 11), ("UH", "GIG", 14), ("GIG", "JKIA", 11))
    waited = ask(office, duty, ("GIG", "CBD", 15), way_back="wait", return_at=at(16))
    basis, proposal = planned(office)
    assert proposal.unassigned == ()
    assert {change.turn for change in difference(basis.day, proposal)} == {Turn.NEW}
    changes = accept(office, basis, proposal)
    assert changes.said.endswith("planned, as proposed.")
    cards = [office.read(request_card, ident) for ident in (*ids, *waited)]
    assert {card.row.state for card in cards} == {State.PLANNED}
    trips = {trip.id: trip for trip in office.read(day_picture).trips}
    assert len(trips[trip_of(office, waited[0])].stops) == 4
    # Planned again at once, nothing would change, and it is said.
    again = office.read(basis_of_plan)
    held = replace(again, day=held_as_today(again.day))
    same = plan_at_once(held.day)
    assert check(held.day, same) == []
    assert {change.turn for change in difference(again.day, same)} == {Turn.SAME}
    with pytest.raises(Refusal, match="Nothing changes"):
        accept(office, again, same)
    undo(office, changes)
    assert office.read(request_card, ids[0]).row.state is State.APPROVED


def test_one_vehicle_or_one_trip_alone(office, duty):
    ids = ask(office, duty, ("GIG", "UH", 11), ("GIG", "JKIA", 11), pooled=False)
    basis, proposal = planned(office)
    first = next(route for route in proposal.routes if len(route.requests) >= 1)
    accept(office, basis, proposal, Choice(vehicles=(first.vehicle,)))
    records = {basis.day.request[one].record for one in first.requests}
    states = {ident: office.read(request_card, ident).row.state for ident in ids}
    assert {ident for ident, state in states.items() if state is State.PLANNED} == records
    rest = next(ident for ident in ids if ident not in records)
    basis = office.read(basis_of_plan)
    proposal = plan_at_once(held_as_today(basis.day))
    wanted = next(request.id for request in basis.day.requests if request.record == rest)
    accept(office, basis, proposal, Choice(request=wanted))
    assert office.read(request_card, rest).row.state is State.PLANNED


def test_two_dispatchers_at_once_the_second_is_told(office, duty):
    one, two = ask(office, duty, ("GIG", "UH", 11), ("GIG", "JKIA", 13))
    basis, proposal = planned(office)
    mine = office.read(taking_of, basis, proposal, ALL)
    # Meanwhile another dispatcher assigns the first of them by hand.
    vehicle = next(route.vehicle for route in proposal.routes if route.requests)
    office.write(assign_request, one, office.read(request_card, one).version, vehicle, None, 0)
    with pytest.raises(Refusal):
        office.write(accept_plan, mine)
    assert office.read(request_card, two).row.state is State.APPROVED
    # And a trip that a plan would move, changed since:
    basis = office.read(basis_of_plan)
    standing = next(route.vehicle for route in basis.day.today)
    barred = [replace(v, barred="In the workshop.") if v.id == standing else v for v in basis.day.vehicles]
    proposal = plan_at_once(replace(basis.day, vehicles=tuple(barred)))
    assert standing not in {route.vehicle for route in proposal.routes}
    mine = office.read(taking_of, basis, proposal, ALL)
    office.write(lock_trips, [trip_of(office, one)])
    with pytest.raises(Refusal, match="changed by somebody else in the meantime"):
        office.write(accept_plan, mine)


def test_whoever_is_aboard_or_frozen_stays_and_a_late_request_moves_nobody(office, clock, duty):
    aboard, frozen = ask(office, duty, ("GIG", "JKIA", 9.5), ("GIG", "UH", 12))
    office.write(assign_request, aboard, office.read(request_card, aboard).version, duty.vehicles[0], None, 0)
    office.write(assign_request, frozen, office.read(request_card, frozen).version, duty.vehicles[1], None, 0)
    office.write(lock_trips, [trip_of(office, frozen)])
    clock.now = at(9.5)
    office.write(depart, trip_of(office, aboard), 10)
    office.write(pass_stop, trip_of(office, aboard), 1)
    [late] = ask(office, duty, ("GIG", "CBD", 10))
    basis = office.read(basis_of_plan)
    held = held_as_today(basis.day)
    proposal = plan_at_once(held)
    assert check(held, proposal) == []
    turns = {basis.day.request[change.request].record: change.turn for change in difference(basis.day, proposal)}
    assert turns[late] is Turn.NEW
    assert turns[frozen] is Turn.SAME
    assert turns[aboard] is Turn.SAME  # on the road, and no new trip
    before = trip_of(office, aboard), trip_of(office, frozen)
    accept(office, basis, proposal)
    assert (trip_of(office, aboard), trip_of(office, frozen)) == before
    assert office.read(request_card, late).row.state is State.PLANNED
    assert office.read(request_card, aboard).row.state is State.ON_ROAD


def test_a_part_that_does_not_go_alone_is_refused_with_the_reason(office, duty):
    one, two = ask(office, duty, ("GIG", "UH", 11), ("GIG", "JKIA", 11), pooled=False)
    for ident, place in ((one, 0), (two, 1)):
        card = office.read(request_card, ident)
        office.write(assign_request, ident, card.version, duty.vehicles[place], duty.drivers[place], 0)
    basis = office.read(basis_of_plan)
    # Proposed: the first driver takes the second request, in another vehicle: alone, in two places at once.
    route = next(route for route in basis.day.today if route.vehicle == duty.vehicles[1])
    moved = replace(route, vehicle=duty.vehicles[2], driver=duty.drivers[0])
    proposal = Proposal((moved,))
    part = Choice(vehicles=(duty.vehicles[2],))
    with pytest.raises(Refusal, match=r"cannot be taken alone: UN \d+ · \w+: its driver is out until"):
        office.read(taking_of, basis, proposal, part)


def test_one_trip_alone_that_travels_on_with_those_on_the_road(office, clock, duty):
    """The late request is put on the vehicle that is out already: its trip grows, and whoever is aboard stays."""
    [aboard] = ask(office, duty, ("GIG", "JKIA", 9.5))
    office.write(assign_request, aboard, office.read(request_card, aboard).version, duty.vehicles[0], None, 0)
    trip = trip_of(office, aboard)
    clock.now = at(9.5)
    office.write(depart, trip, 10)
    office.write(pass_stop, trip, 1)
    late, other = ask(office, duty, ("GIG", "JKIA", 9.6), ("GIG", "CBD", 14))
    basis = office.read(basis_of_plan)
    # No other vehicle can be had, so that the request goes with those on the road.
    only = [replace(v, barred="" if v.id == duty.vehicles[0] else "In the workshop.") for v in basis.day.vehicles]
    day = held_as_today(replace(basis.day, vehicles=tuple(only)))
    proposal = plan_at_once(day)
    assert check(day, proposal) == []
    wanted = next(request.id for request in basis.day.requests if request.record == late)
    changes = accept(office, basis, proposal, Choice(request=wanted))
    assert trip_of(office, late) == trip_of(office, aboard) == trip
    assert {office.read(request_card, ident).row.state for ident in (late, aboard)} == {State.ON_ROAD}
    assert office.read(request_card, other).row.state is State.APPROVED, "the rest of the plan was not taken"
    [shown] = [each for each in office.read(day_picture).trips if each.id == trip]
    assert shown.stops[0].done_at is not None, "who boarded has boarded"
    undo(office, changes)
    assert trip_of(office, late) is None
    assert office.read(request_card, aboard).row.state is State.ON_ROAD


def test_a_trip_with_mail_keeps_its_vehicle_and_takes_others_along(office, duty):
    """No plan dissolves it: the mail was signed for with that driver. It can be moved by hand, and be shared."""
    one, two = ask(office, duty, ("GIG", "UH", 11), ("GIG", "UH", 11.1))
    for number, ident in enumerate((one, two)):
        version = office.read(request_card, ident).version
        office.write(assign_request, ident, version, duty.vehicles[number], duty.drivers[number], 0)
    trip, other = trip_of(office, one), trip_of(office, two)

    def put_aboard(session):
        session.add(TripLoad(trip_id=trip, kind="mail.round", record_id=1, number="R-0001", at=at(9), by="root",
                             workstation="desk"))  # fmt: skip

    insert(office, put_aboard)
    basis, proposal = planned(office)
    locks = {basis.day.request[lock.request].record: lock.vehicle for lock in basis.day.locks}
    assert locks == {one: duty.vehicles[0]}
    accept(office, basis, proposal)  # both in one vehicle: the one with the mail
    assert trip_of(office, one) == trip_of(office, two) == trip
    [shown] = office.read(day_picture).trips
    assert (shown.id, shown.vehicle_id, shown.loaded) == (trip, duty.vehicles[0], True)
    # By hand it goes with another vehicle, and back; taken off, it would be cancelled, which is refused.
    moved = office.write(move_trip, trip, shown.version, duty.vehicles[2], duty.drivers[2], at(11.25))
    undo(office, moved)
    assert office.read(day_picture).trips[0].vehicle_id == duty.vehicles[0]
    office.write(take_off, [two])
    with pytest.raises(Refusal, match="This trip carries mail"):
        office.write(take_off, [one])
    assert trip_of(office, one) == trip != other
