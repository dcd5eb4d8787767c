"""From a request to a trip that is back: asked, approved, assigned, driven, charged, undone; and everything refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select, text

from cbo_desk.charges import ChargeFilter, charge_totals
from cbo_desk.errors import Faults, Refusal
from cbo_desk.notifications import outbox
from cbo_desk.office import Office
from cbo_desk.permissions import Actor, Role
from cbo_desk.transport import (
    DRIVER,
    VEHICLE,
    PaperForm,
    Passenger,
    RequestFilter,
    RequestForm,
    RequestList,
    State,
    Step,
    add_paper,
    approve_requests,
    assign_request,
    cancel_requests,
    day_of_plan,
    day_picture,
    decline_requests,
    depart,
    edit_request,
    figures,
    join_trip,
    lock_trips,
    make_requests,
    move_trip,
    note_no_show,
    note_outage,
    note_time,
    pass_stop,
    read_odometer,
    release_passengers,
    request_card,
    retire_vehicles,
    return_trip,
    set_chain,
    suggestions,
    take_off,
    take_return_back,
)
from db.fleet import OdometerReading, TransportPaper
from db.transport import Trip, TripEvent, TripRequest
from tests.rows import undo
from tests.transport.conftest import at
from tests.writing import insert, rows


def form(fleet, start="GIG", end="UH", hour=11.0, **more):
    return RequestForm(
        fleet.entities[0], "Okafor, N.", "Site meeting", fleet.zones[start], fleet.zones[end], at(hour),
        email="ngozi@example.org", **more,
    )  # fmt: skip


def ask(office, *forms):
    return office.write(make_requests, forms).ids


def approved(office, *forms):
    ids = ask(office, *forms)
    office.write(approve_requests, ids)
    return ids


def card(office, ident):
    return office.read(request_card, ident)


def assign(office, ident, vehicle, driver=None, minutes=0):
    return office.write(assign_request, ident, card(office, ident).version, vehicle, driver, minutes)


@pytest.fixture
def weekly(office, fleet):
    """Every driver is on duty from six to six."""
    from cbo_desk.transport import Hours, set_hours

    for driver in fleet.drivers:
        office.write(set_hours, driver, Hours("1234567", 360, 1080, 0), date(2026, 1, 1))
    return fleet


def test_from_asking_to_the_charge_and_back(office, clock, weekly):
    fleet = weekly
    people = (Passenger("Ngozi Okafor"), Passenger("Iris Bello", of_un=False))
    [ident] = ask(office, form(fleet, people=3, passengers=people, way_back="wait", return_at=at(13.5)))
    assert card(office, ident).due == "Transport desk"
    office.write(approve_requests, [ident])
    assert [m.subject for m in office.read(outbox)] == ["Your trip request T-0001 is approved"]
    done = assign(office, ident, fleet.vehicles[0])
    assert done.said.startswith("T-0001 on UN 041 with ")
    told = office.read(outbox)[0]
    assert told.subject == "Your trip T-0001 has a vehicle"
    assert "UN 041 with Mwangi, Peter comes at 24 Aug 11:00" in told.body
    shown = card(office, ident)
    assert shown.row.state is State.PLANNED
    assert shown.row.vehicle == "UN 041 · Hiace"
    # Out at eleven, half an hour's drive, three minutes to get in and out; back from half past one.
    [trip] = office.read(day_picture).trips
    assert [(s.halt.kind, s.arrives) for s in trip.stops] == [
        ("pickup", at(11) + timedelta(0)),
        ("dropoff", at(11) + timedelta(minutes=33)),
        ("pickup", at(13.5)),
        ("dropoff", at(13.5) + timedelta(minutes=33)),
    ]
    assert trip.ends == at(13.5) + timedelta(minutes=36)
    clock.now = at(11)
    office.write(read_odometer, fleet.vehicles[0], 41_000)
    with pytest.raises(Refusal, match="Iris Bello on T-0001 is not of the UN and has signed no release form"):
        office.write(depart, trip.id)
    office.write(release_passengers, ident)
    office.write(depart, trip.id, 41_001)
    office.write(pass_stop, trip.id, 1)
    clock.now = at(14)
    with pytest.raises(Refusal, match="goes backwards"):
        office.write(return_trip, trip.id, 40_990)
    with pytest.raises(Refusal, match="61 km were driven in all"):
        office.write(return_trip, trip.id, 41_062, 70)
    back = office.write(return_trip, trip.id, 41_062, 6)
    # 55 official km at 0.60 and 3 hours at 4.50; 6 private km at 0.95.
    total = Decimal("33.00") + Decimal("13.50") + Decimal("5.70")
    assert f"USD {total} charged" in back.said
    [sum_] = office.read(charge_totals, ChargeFilter(desk="transport"))
    assert (sum_.entity, sum_.amount) == ("UNEP", total)
    assert card(office, ident).row.state is State.DONE
    undo(office, back)
    assert card(office, ident).row.state is State.ON_ROAD
    [sum_] = office.read(charge_totals, ChargeFilter(desk="transport"))
    assert sum_.amount == 0
    office.write(return_trip, trip.id, 41_062)
    assert [line.what for line in card(office, ident).log][:2] == ["charged", "returned"]
    with pytest.raises(Refusal, match="is not on the road"):
        office.write(return_trip, trip.id, 41_070)


def test_pooled_trips_are_split_exactly(office, clock, weekly):
    fleet = weekly
    one, two, three = approved(
        office, form(fleet, people=2), form(fleet, "GIG", "CBD", 11.1, people=1),
        replace(form(fleet, "GIG", "UH", 11, people=3), entity_id=fleet.entities[1]),
    )  # fmt: skip
    assign(office, one, fleet.vehicles[0])
    trip = card(office, one)
    for other in (two, three):
        office.write(join_trip, other, trip.row.trip_id, card(office, one).trip_version)
    assert card(office, two).row.trip_id == card(office, three).row.trip_id == trip.row.trip_id
    clock.now = at(11)
    office.write(read_odometer, fleet.vehicles[0], 1000)
    office.write(depart, trip.row.trip_id)
    clock.now = at(12.3333333)
    office.write(return_trip, trip.row.trip_id, 1037)
    parts = office.read(charge_totals, ChargeFilter(desk="transport"))
    whole = Decimal(37) * Decimal("0.60") + Decimal("5.99")
    assert sum(each.amount for each in parts) == whole
    # Upper Hill is 18 km, the centre 15: 36 and 15 against 54 of 105 passenger kilometres.
    assert {each.entity: each.amount for each in parts} == {
        "UNEP": (whole * 51 / 105).quantize(Decimal("0.01")),
        "UNON": (whole * 54 / 105).quantize(Decimal("0.01")),
    }


def test_bad_requests_are_told_beside_the_field(office, fleet):
    cases = {
        "drop_by": (form(fleet, drop_by=at(10.5)), "The drop-off comes after the pick-up"),
        "drop_by ": (form(fleet, drop_by=at(11.25)), r"takes about 30 min, so they arrive at 11:30.*pick-up at 10:45"),
        "pickup_to": (form(fleet, pickup_to=at(10)), "The latest pick-up comes after the earliest"),
        "people": (form(fleet, people=26), "No vehicle takes 26 passengers; the largest takes 25"),
        "people ": (form(fleet, people=0), "one at least"),
        "wheelchairs": (form(fleet, people=4, wheelchairs=3), "No vehicle takes 3 wheelchairs; the most is 2"),
        "return_at": (form(fleet, way_back="wait", return_at=at(11.2)), "They only arrive at 11:30"),
        "return_at ": (form(fleet, way_back="wait"), "Say when the way back starts"),
        "pickup_from": (form(fleet, hour=-20), "This day is over"),
        "from_zone_id": (replace(form(fleet), from_zone_id=99), "This zone is not known"),
        "entity_id": (replace(form(fleet), entity_id=0), "Say which entity"),
        "requester": (replace(form(fleet), requester=" "), "Say who asks"),
        "purpose": (replace(form(fleet), purpose=""), "Say what the trip is for"),
        "passengers": (form(fleet, passengers=(Passenger("A"), Passenger("B"))), "2 passengers are named, but 1"),
        "passengers ": (form(fleet, passengers=(Passenger(" "),)), "Every passenger has a name"),
        "priority": (form(fleet, priority=9), "from 1 to 5"),
    }
    for field, (wrong, sentence) in cases.items():
        with pytest.raises(Refusal, match=sentence) as caught:
            office.write(make_requests, [form(fleet), wrong])
        if isinstance(caught.value, Faults):
            assert field.strip() in caught.value.faults
        else:
            assert caught.value.field == field.strip()
    assert rows(office, select(TripRequest.id)) == []


def test_a_way_back_of_its_own_and_taking_back(office, fleet):
    done = office.write(make_requests, [form(fleet, way_back="separate", return_at=at(15))])
    out, back = (card(office, ident) for ident in done.ids)
    assert (back.row.route, back.row.pickup_from) == ("Upper Hill → Gigiri", at(15))
    undo(office, undo(office, undo(office, done)))
    assert card(office, out.id).row.state is State.CANCELLED
    with pytest.raises(Refusal, match="can no longer be changed"):
        office.write(edit_request, out.id, card(office, out.id).version, form(fleet))


def test_chains_of_approval(office, fleet, clock):
    office.write(set_chain, fleet.entities[0], [Step("Head of unit", "grace"), Step("Transport desk")])
    [ident] = ask(office, form(fleet))

    def as_(login, role):
        return Office(office.engine, Actor(login, login, {"transport": role, "people": Role.VIEWER}), clock)

    clerk, grace, boss = as_("tom", Role.CLERK), as_("grace", Role.VIEWER), as_("eva", Role.SUPERVISOR)
    for wrong in (clerk, boss):
        with pytest.raises(Refusal, match="T-0001 waits for the word of: Head of unit"):
            wrong.write(approve_requests, [ident])
    assert "the next step is due" in grace.write(approve_requests, [ident]).said
    assert card(office, ident).due == "Transport desk"
    with pytest.raises(Refusal, match="Transport desk"):
        grace.write(approve_requests, [ident])
    done = boss.write(approve_requests, [ident])
    undo(boss, done)
    assert card(office, ident).row.state is State.REQUESTED
    with pytest.raises(Refusal, match="Say why"):
        boss.write(decline_requests, [ident], " ")
    boss.write(decline_requests, [ident], "No budget")
    assert "No budget" in office.read(outbox)[0].body
    with pytest.raises(Refusal, match="nothing to approve"):
        boss.write(approve_requests, [ident])


def test_upcountry_needs_a_clearance(office, fleet):
    with office.engine.begin() as connection:
        connection.execute(text("UPDATE zone SET upcountry = true WHERE code = 'JKIA'"))
    [ident] = ask(office, form(fleet, "GIG", "JKIA"))
    with pytest.raises(Refusal, match="goes to JKIA: it needs a security clearance"):
        office.write(approve_requests, [ident])
    office.write(edit_request, ident, card(office, ident).version, form(fleet, "GIG", "JKIA", clearance="SC-77"))
    office.write(approve_requests, [ident])


def test_the_second_dispatcher_is_told(office, clock, weekly):
    fleet = weekly
    one, two = approved(office, form(fleet), form(fleet, hour=11.2))
    version = card(office, one).version
    other = Office(office.engine, office.actor, clock)
    other.write(assign_request, one, version, fleet.vehicles[0], fleet.drivers[0])
    with pytest.raises(Refusal, match="T-0001 is planned already"):
        office.write(assign_request, one, version, fleet.vehicles[1], fleet.drivers[1])
    with pytest.raises(Refusal, match=r"UN 041 is on TT-0001 from 11:00 to 12:06\. Choose another one") as caught:
        office.write(assign_request, two, card(office, two).version, fleet.vehicles[0], fleet.drivers[1])
    assert caught.value.field == "vehicle_id"
    with pytest.raises(Refusal, match="Otieno, Joseph is on TT-0001"):
        office.write(assign_request, two, card(office, two).version, fleet.vehicles[1], fleet.drivers[0])
    # Without the friendly word the database says it.
    with pytest.raises(Refusal, match="Choose another one"):
        office.write(_blunt, fleet.vehicles[0], fleet.drivers[1])


def _blunt(session, vehicle, driver):
    from cbo_desk.changes import Changes

    session.add(
        Trip(reference="X", vehicle_id=vehicle, driver_id=driver, starts=at(11), ends=at(12), state="planned",
             made_at=at(0), made_by="x")
    )  # fmt: skip
    session.flush()
    return Changes("transport.trip", ())


_blunt.rule = assign_request.rule


def test_moving_swapping_pooling_and_undo(office, weekly):
    fleet = weekly
    one, two = approved(office, form(fleet, people=5), form(fleet, hour=14, people=2))
    first = assign(office, one, fleet.vehicles[0], fleet.drivers[0])
    assign(office, two, fleet.vehicles[1], fleet.drivers[1])
    before = {row[0]: row[1:] for row in rows(office, select(Trip.id, Trip.vehicle_id, Trip.driver_id, Trip.starts))}
    moved = office.write(
        move_trip, card(office, two).row.trip_id, card(office, two).trip_version, fleet.vehicles[0], fleet.drivers[0],
        at(15),
    )  # fmt: skip
    assert moved.said == "T-0002 moved to UN 041, 15:00."
    with pytest.raises(Refusal, match="UN 022 takes 4 passengers|was changed"):
        office.write(move_trip, card(office, one).row.trip_id, 1, fleet.vehicles[1], fleet.drivers[1], at(11))
    undo(office, moved)
    after = {row[0]: row[1:] for row in rows(office, select(Trip.id, Trip.vehicle_id, Trip.driver_id, Trip.starts))}
    assert after == before
    off = office.write(take_off, [one])
    assert card(office, one).row.state is State.APPROVED
    undo(office, off)
    assert card(office, one).row.state is State.PLANNED
    undo(office, first)
    assert card(office, one).row.state is State.APPROVED
    office.write(lock_trips, [card(office, two).row.trip_id])
    assert card(office, two).row.locked
    shifted = assign(office, one, fleet.vehicles[2], fleet.drivers[2], 30)
    assert "Pick-up at 11:30" in shifted.said
    undo(office, shifted)
    assert card(office, one).row.pickup_from == at(11)
    assert [row[0] for row in rows(office, select(TripEvent.what).order_by(TripEvent.id))][:3] == [
        "planned", "planned", "changed",
    ]  # fmt: skip


def test_who_may_not_be_planned(office, weekly):
    fleet = weekly
    [one] = approved(office, form(fleet, people=2))
    two, three = fleet.vehicles[1:]

    def expire(session):
        session.query(TransportPaper).filter_by(vehicle_id=two, kind="insurance").update({"expires": date(2026, 8, 20)})
        session.query(TransportPaper).filter_by(driver_id=fleet.drivers[1]).update({"expires": date(2026, 8, 20)})

    insert(office, expire)
    office.write(note_outage, three, at(10), at(12.5), "Workshop")
    office.write(note_time, fleet.drivers[2], "leave", at(0), at(24))
    for vehicle, driver, sentence in (
        (two, fleet.drivers[0], "UN 022 cannot be planned: Insurance ended on 20 Aug 2026"),
        (fleet.vehicles[0], fleet.drivers[1], "Mwangi, Peter cannot be planned: Driving licence ended on 20 Aug 2026"),
        (three, fleet.drivers[0], "UN 117: Workshop until 12:30"),
        (fleet.vehicles[0], fleet.drivers[2], "Njeri, Lucy is on leave"),
    ):
        with pytest.raises(Refusal, match=sentence):
            assign(office, one, vehicle, driver)
    found = {each.name: each for each in office.read(suggestions, one)}
    assert found["UN 041 · Hiace"].fits
    assert found["UN 041 · Hiace"].driver == "Otieno J."
    assert found["UN 022 · Prado"].cons == ("Insurance ended on 20 Aug 2026.",)
    assert (found["UN 117 · Coaster"].fits, found["UN 117 · Coaster"].minutes) == (True, 90)
    assert found["UN 117 · Coaster"].cons[:2] == ("Workshop until 12:30", "90 min later")
    # Renewed, they are back in the plans at once, and the planner sees the same.
    assert {v.name: v.barred for v in office.read(day_of_plan).vehicles}["UN 022 · Prado"] != ""
    office.write(add_paper, VEHICLE, two, PaperForm("insurance", date(2026, 8, 21), date(2027, 8, 20)))
    office.write(add_paper, DRIVER, fleet.drivers[1], PaperForm("licence", date(2026, 8, 21), date(2027, 8, 20)))
    assign(office, one, two, fleet.drivers[1])
    with pytest.raises(Refusal, match="TT-0001 is still to be driven with it"):
        office.write(retire_vehicles, [two])


def test_readings_that_are_odd_are_explained_not_lost(office, fleet):
    vehicle = fleet.vehicles[0]
    office.write(read_odometer, vehicle, 41_000)
    with pytest.raises(Refusal, match=r"showed 41,000 km before, so 40,000 goes backwards") as caught:
        office.write(read_odometer, vehicle, 40_000)
    assert caught.value.field == "km"
    with pytest.raises(Refusal, match=r"That is 1,000 km more than the last reading"):
        office.write(read_odometer, vehicle, 42_000)
    office.write(read_odometer, vehicle, 12, "Odometer replaced")
    office.write(read_odometer, vehicle, 90)
    assert [row[0] for row in rows(office, select(OdometerReading.km).order_by(OdometerReading.id))] == [41_000, 12, 90]


def test_lists_views_and_lateness(office, clock, weekly):
    fleet = weekly
    one, two, three = approved(office, form(fleet), form(fleet, hour=12), form(fleet, hour=15))
    [four] = ask(office, form(fleet, hour=16))
    office.write(cancel_requests, ask(office, form(fleet, hour=17)))
    assign(office, one, fleet.vehicles[0], fleet.drivers[0])
    clock.now = at(11)
    office.write(depart, card(office, one).row.trip_id, 10)
    clock.now = at(12.5)

    def names(view, **more):
        listing = RequestList(RequestFilter(day=date(2026, 8, 24), view=view, **more))
        return [line.row.reference for line in office.read(listing.first)]

    assert names("all") == ["T-0001", "T-0002", "T-0003", "T-0004"]
    assert names("needs") == ["T-0002", "T-0003"]
    assert names("road") == ["T-0001"]
    assert names("late") == ["T-0001", "T-0002"]
    assert names("requests") == ["T-0004"]
    assert names("gone") == ["T-0005"]
    assert names("all", words="okafor t-0003") == ["T-0003"]
    told = office.read(figures)
    assert (told.total, told.needs, told.road, told.late, told.requests) == (4, 2, 1, 2, 1)
    office.write(note_no_show, one, "Waited a quarter of an hour")
    assert card(office, one).row.state is State.NO_SHOW
    assert {two, three, four} <= {line.id for line in office.read(RequestList().first)}


def test_clashes_are_shown_with_their_minutes(office, clock, weekly):
    fleet = weekly
    one, two, three = approved(office, form(fleet), form(fleet, hour=13), form(fleet, hour=17.5, people=2))
    assign(office, one, fleet.vehicles[0], fleet.drivers[0])
    assign(office, two, fleet.vehicles[0], fleet.drivers[0])
    assign(office, three, fleet.vehicles[1], fleet.drivers[1])
    moved = card(office, two)
    office.write(note_outage, fleet.vehicles[1], at(18), at(20), "Brakes")
    office.write(depart, card(office, one).row.trip_id, 10)
    office.write(
        move_trip, moved.row.trip_id, moved.trip_version, fleet.vehicles[0], fleet.drivers[0], at(13.5)
    )  # fmt: skip
    clock.now = at(14)
    words = {(each.rule, each.minutes): each.words for each in office.read(day_picture).clashes}
    assert words == {
        ("window", 15): "T-0002 is picked up 15 min late.",
        ("overdue", 30): "T-0002 waits 30 min for the vehicle of T-0001.",
        ("outage", 36): "UN 022: Brakes until 20:00, 36 min of T-0003.",
        ("shift", 36): "Mwangi P.: 36 min of T-0003 off shift.",
    }


def test_the_day_of_the_planner(office, clock, weekly):
    fleet = weekly
    one, two, three = approved(
        office, form(fleet), form(fleet, "GIG", "JKIA", 12, people=2, pooled=False),
        form(fleet, hour=14, way_back="wait", return_at=at(15)),
    )  # fmt: skip
    assign(office, one, fleet.vehicles[0], fleet.drivers[0])
    assign(office, three, fleet.vehicles[1], fleet.drivers[1])
    office.write(lock_trips, [card(office, three).row.trip_id])
    clock.now = at(11)
    office.write(depart, card(office, one).row.trip_id, 10)
    office.write(pass_stop, card(office, one).row.trip_id, 1)
    day = office.read(day_of_plan)
    by_record = {(each.record, each.leg): each for each in day.requests}
    assert set(by_record) == {(one, 1), (two, 1), (three, 1), (three, 2)}
    assert not by_record[two, 1].pooled
    assert by_record[three, 2].waits
    assert by_record[three, 2].back_of == by_record[three, 1].id
    assert by_record[two, 1].pickup_window.earliest == 12 * 3600
    assert day.now == 11 * 3600
    locks = {each.request: each.hold for each in day.locks}
    assert locks == {by_record[one, 1].id: "aboard", by_record[three, 1].id: "frozen", by_record[three, 2].id: "frozen"}
    [position] = day.positions
    assert (position.vehicle, position.at, position.since) == (fleet.vehicles[0], 11 * 3600, 11 * 3600)
    [route] = day.today
    assert route.requests == (by_record[three, 1].id, by_record[three, 2].id)
    there = day.matrix.places.index("JKIA")
    assert day.matrix.bands[0].seconds[day.matrix.places.index("Gigiri")][there] == 45 * 60


def test_taking_a_return_back_needs_a_trip_that_is_over(office, weekly):
    [one] = approved(office, form(weekly))
    assign(office, one, weekly.vehicles[0])
    with pytest.raises(Refusal, match="is not over"):
        office.write(take_return_back, card(office, one).row.trip_id)
