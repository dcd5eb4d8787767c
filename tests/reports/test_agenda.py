"""The day by the hour: what stands on its lines, on both engines, and how many lines are shown of many."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cbo_desk.conference import BookingForm, LayoutForm, Slot, SpaceForm, Status, add_space, book
from cbo_desk.errors import Refusal
from cbo_desk.mail import plan_round
from cbo_desk.permissions import Actor, Role
from cbo_desk.property.gate import LINE, PassForm, Personal, issue_pass, let_in, let_out, pass_card
from cbo_desk.reports import AGENDA, FOCUS, DayEntry, DayLine, Line, Stand, in_focus, lanes, next_up
from cbo_desk.reports.agenda import LANES, mail_of_day, meetings_of_day, property_of_day, trips_of_day
from cbo_desk.transport import approve_requests, assign_request, depart, make_requests, request_card, return_trip
from db.mail import MailRound
from db.mail_outgoing import MailCarrier, MailManifest
from db.mail_pouch import MailBag, MailPouchDestination
from db.verification import Campaign, CampaignRoom
from tests.conftest import MORNING
from tests.transport.conftest import at, fleet
from tests.transport.test_planning import form
from tests.writing import insert

__all__ = ["fleet"]
TODAY = date(2026, 8, 24)


def told(office, query, day=TODAY):
    """Each line with its entries: name, and what is said of them."""
    return [
        (line.what, line.name, [(entry.title, entry.stand) for entry in line.entries])
        for line in office.read(query, day)
    ]


def rooms(office, *codes):
    layouts = (LayoutForm("classroom", 60, 0, 0, date(2026, 1, 1)),)
    return [office.write(add_space, SpaceForm(code, code, (code,), layouts)).ids[0] for code in codes]


def test_meetings_stand_by_room_and_cross_midnight_on_both_days(office, clock):
    ten, nine = rooms(office, "Room 10", "Room 9")
    for title, space, hours, status in (
        ("Briefing", nine, (9, 10), Status.CONFIRMED), ("Bureau", nine, (10, 12), Status.HOLD),
        ("Assembly", ten, (22, 26), Status.CONFIRMED),
    ):  # fmt: skip
        office.write(book, BookingForm(title, 20, contact="Ada Achieng, 4411"), Slot(*map(at, hours)), space, status)
    assert told(office, meetings_of_day) == [
        (Line.ROOM, "Room 9", [("Briefing", Stand.LIVE), ("Bureau", Stand.HELD)]),
        (Line.ROOM, "Room 10", [("Assembly", Stand.AHEAD)]),
    ]
    assert all(entry.mine for line in office.read(meetings_of_day, TODAY) for entry in line.entries)
    clock.now = at(24.5)  # it is half past midnight, and the assembly goes on
    assert told(office, meetings_of_day, TODAY + timedelta(days=1)) == [
        (Line.ROOM, "Room 10", [("Assembly", Stand.LIVE)])
    ]
    assert office.read(meetings_of_day, TODAY - timedelta(days=1)) == []


def test_trips_stand_by_vehicle_and_what_has_none_by_itself(office, clock, fleet):
    ids = office.write(make_requests, [form(fleet), form(fleet, hour=14), form(fleet, hour=35)]).ids
    office.write(approve_requests, ids[:2])
    card = office.read(request_card, ids[0])
    office.write(assign_request, ids[0], card.version, fleet.vehicles[0], fleet.drivers[0])
    vehicle, waits = "UN 041 · Hiace", (Line.NO_VEHICLE, "", [("T-0002 · Upper Hill", Stand.WAITS)])
    assert told(office, trips_of_day) == [(Line.VEHICLE, vehicle, [("T-0001 · Upper Hill", Stand.AHEAD)]), waits]
    clock.now = at(10.9)
    trip = office.read(request_card, ids[0]).row.trip_id
    office.write(depart, trip, 41_000)
    assert told(office, trips_of_day)[0][2] == [("T-0001 · Upper Hill", Stand.LIVE)]
    clock.now = at(20)
    line = office.read(trips_of_day, TODAY)[0]
    assert (line.entries[0].stand, line.entries[0].ends) == (Stand.LATE, at(20))  # its bar reaches the now-line
    office.write(return_trip, trip, 41_020)
    assert told(office, trips_of_day)[0][2] == [("T-0001 · Upper Hill", Stand.OVER)]
    tomorrow = told(office, trips_of_day, TODAY + timedelta(days=1))
    assert tomorrow == [(Line.NO_VEHICLE, "", [("T-0003 · Upper Hill", Stand.HELD)])]


def test_mail_gate_and_counts_of_a_day(office, clock):
    first, second, third = (office.write(plan_round, f"Round {n}", "Kamau S.").ids[0] for n in (1, 2, 3))

    def fill(session):
        session.get(MailRound, first).left_at = at(7)
        session.get(MailRound, first).closed_at, session.get(MailRound, first).closed_by = at(8), "ada"
        session.get(MailRound, second).left_at = at(8.5)
        carrier = MailCarrier(name="DHL")
        place = MailPouchDestination(code="GVA", name="Geneva")
        session.add_all([carrier, place])
        session.flush()
        session.add(MailManifest(number="MF-1", carrier_id=carrier.id, carrier="DHL", pickup_at=at(15), made_at=at(7)))
        for number, direction, hour in (("PB-1", "out", 10), ("PB-2", "in", 8)):
            session.add(
                MailBag(number=number, direction=direction, destination_id=place.id, destination="Geneva",
                        made_at=at(7), cut_off_at=at(hour), limit_g=16_000, package_most_g=9_000)
            )  # fmt: skip
        count = Campaign(reference="V-1", name="All", scope={}, opened_at=at(-30), opened_by="ada", expected=1)
        session.add(count)
        session.flush()
        session.add(CampaignRoom(campaign_id=count.id, place_id=7, place_code="M-214", counting_by="ben",
                                 counting_at=at(8)))  # fmt: skip

    insert(office, fill)
    for crossings in ((), (let_out,), (let_out, let_in)):
        wanted = PassForm((), TODAY, TODAY, None, "Tanaka, R.", "", "KICC", (Personal("Laptop"),))
        ident = office.write(issue_pass, wanted).ids[0]
        for cross in crossings:
            office.write(cross, ident, LINE, office.read(pass_card, ident).lines[0].id)
    assert told(office, mail_of_day) == [
        (Line.ROUND, "Kamau S.", [("Round 1", Stand.OVER), ("Round 2", Stand.LIVE), ("Round 3", Stand.HELD)]),
        (Line.PICK_UP, "", [("DHL", Stand.AHEAD)]),
        (Line.POUCH, "", [("Geneva", Stand.LATE), ("Geneva", Stand.WAITS)]),
    ]
    assert told(office, property_of_day) == [
        (Line.GATE, "", [("GP-0002 · Tanaka, R.", Stand.AHEAD), ("GP-0003 · Tanaka, R.", Stand.OVER)]),
        (Line.COUNT, "", [("M-214", Stand.LIVE)]),
    ]
    found, upcoming = next_up([line for query in AGENDA for line in office.read(query, TODAY)], clock.now)
    assert (found.what, upcoming.title) == (Line.PICK_UP, "DHL")
    clock.now = at(40)
    assert told(office, mail_of_day)[0][2] == [("Round 1", Stand.OVER), ("Round 2", Stand.LIVE)]  # the third never went
    assert told(office, property_of_day)[0][2][0] == ("GP-0002 · Tanaka, R.", Stand.LATE)
    assert third


def test_a_person_is_told_of_her_own_desks_alone(office):
    mailroom = office.signed_in(Actor("eve", "Eve", {"mail": Role.VIEWER}, "DESK-3"))
    assert mailroom.read(mail_of_day, TODAY) == []
    for query in (meetings_of_day, trips_of_day, property_of_day):
        with pytest.raises(Refusal, match="You may not"):
            mailroom.read(query, TODAY)


def entry(start, hours=1.0, stand=Stand.AHEAD, **more):
    begins = MORNING + timedelta(hours=start)
    return DayEntry("conference.booking", 1, begins, begins + timedelta(hours=hours), stand, "Meeting", **more)


def line(name, *entries):
    return DayLine("conference", Line.ROOM, name, entries)


def test_what_is_running_late_or_ones_own_comes_first_and_what_begins_next_fills_up():
    quiet = [line(f"Room {n}", entry(2 + n)) for n in range(12)]
    busy = [
        line("Late", entry(-3, 1, Stand.LATE)), line("Live", entry(-1, 2, Stand.LIVE)), line("Over", entry(-3, 1)),
        line("Mine", entry(9, 1, mine=True)),
    ]  # fmt: skip
    shown = [each.name for each in in_focus([*quiet, *busy], MORNING)]
    assert shown == [*(f"Room {n}" for n in range(6)), "Late", "Live", "Mine"]
    running = [line(f"R{n}", entry(-1, 2, Stand.LIVE)) for n in range(40)]
    assert in_focus([*running, *quiet], MORNING) == running  # none of them is left out
    assert in_focus(quiet[:3], MORNING) == quiet[:3]
    assert len(in_focus(quiet, MORNING + timedelta(days=9))) == FOCUS


@given(st.lists(st.tuples(st.integers(0, 200), st.integers(1, 90)), max_size=300))
def test_no_two_entries_lie_over_each_other_and_none_is_lost(times):
    origin = datetime(2026, 8, 24, tzinfo=MORNING.tzinfo)
    entries = tuple(
        DayEntry("k", n, origin + timedelta(minutes=a), origin + timedelta(minutes=a + b), Stand.AHEAD, "x")
        for n, (a, b) in enumerate(times, 1)
    )
    found = lanes(DayLine("transport", Line.NO_VEHICLE, "", entries))
    assert len(found) <= LANES + 1
    assert sum(each.count for lane in found for each in lane) == len(entries)
    for lane in found:
        assert all(a.ends <= b.starts for a, b in pairwise(lane))
    alone = {each.record_id for lane in found for each in lane if each.count == 1}
    assert len(alone) == sum(1 for lane in found for each in lane if each.count == 1)
