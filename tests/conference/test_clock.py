"""What the clock does to bookings: holds let go once, whoever watches; meetings that end early; who is told of it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from icalendar import Calendar
from sqlalchemy import select

from cbo_desk.conference import (
    BookingFilter,
    BookingForm,
    BookingList,
    HoldClock,
    Status,
    booking_card,
    cancel_bookings,
    change_status,
    drop_rank_order,
    end_session,
    make_bookings,
    move_booking,
    note_bookings,
    note_no_show,
    rank_orders,
    set_ceiling,
    set_rank_order,
)
from cbo_desk.conference.rules import RANKS
from cbo_desk.errors import Refusal
from cbo_desk.office import Office
from db.records import AuditEntry, Notification
from tests.conference.conftest import FORM, slot
from tests.writing import rows

NINE = slot(9, 12)


def state(office, ident):
    return office.read(booking_card, ident).row.status


def undo(office, changes):
    return office.write(changes.undo.command, *changes.undo.args)


def test_eight_workstations_let_a_hold_go_once_and_the_first_in_line_is_served_once(office, rooms, at, clock):
    held = BookingForm("Held", 30, contact="held@un.example")
    [one] = office.write(make_bookings, held, [at("CR-3", NINE)]).ids
    office.write(make_bookings, FORM, [at("CR-2", NINE)], Status.CONFIRMED)
    office.write(make_bookings, FORM, [at("CR-4", NINE)], Status.CONFIRMED)
    waits = BookingForm("Waits", 30, kind="classroom", contact="waits@un.example")
    [two] = office.write(note_bookings, waits, [NINE]).ids
    assert HoldClock(office).tick() == 0, "it is not time yet"
    clock.now += timedelta(days=7, minutes=1)
    others = [Office(office.engine, office.actor, clock) for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda other: HoldClock(other).tick(), others))
    assert (state(office, one), state(office, two)) == (Status.ENQUIRY, Status.HOLD)
    said = rows(office, select(AuditEntry.said).where(AuditEntry.command == "conference.expire_holds"))
    assert [words for (words,) in said if "expired" in words and "No hold" not in words] == [
        "B-000001: the hold has expired. B-000004 from the waitlist has space."
    ]
    told = rows(office, select(Notification.to, Notification.calendar).order_by(Notification.to))
    assert [to for to, _ in told] == ["held@un.example", "waits@un.example"]
    methods = [str(Calendar.from_ical(text)["METHOD"]) for _, text in told]
    assert methods == ["CANCEL", "REQUEST"]


def test_what_is_told_of_a_booking_follows_on_what_was_told_before(office, rooms, at):
    form = BookingForm("Told", 30, contact="Haddad, S., ext. 24420 <s.haddad@un.example>")
    waits = BookingForm("Waits", 30, kind="classroom", contact="waits@un.example")
    [one] = office.write(make_bookings, form, [at("CR-3", NINE)]).ids
    for code in ("CR-2", "CR-4"):
        office.write(make_bookings, FORM, [at(code, NINE)], Status.CONFIRMED)
    office.write(change_status, [one], Status.CONFIRMED)
    office.write(note_bookings, waits, [NINE])
    cancelled = office.write(cancel_bookings, [one])
    undo(office, cancelled)
    office.write(move_booking, one, office.read(booking_card, one).version, at("CR-3", slot(14, 16)))
    office.write(cancel_bookings, [one])
    told = rows(office, select(Notification.to, Notification.subject, Notification.calendar).order_by(Notification.id))
    mine = [(subject, calendar) for to, subject, calendar in told if to == "s.haddad@un.example"]
    assert [subject for subject, _ in mine] == [
        "Confirmed: Told", "Cancelled: Told", "Confirmed: Told", "Moved: Told", "Cancelled: Told"
    ]  # fmt: skip
    assert [subject for to, subject, _ in told if to == "waits@un.example"] == [
        "Space for Waits", "On the waitlist again: Waits", "Space for Waits"
    ]  # fmt: skip
    for whose in (mine, [(subject, calendar) for to, subject, calendar in told if to == "waits@un.example"]):
        calendars = [Calendar.from_ical(text) for _, text in whose]
        withdrawn = [subject.startswith(("Cancelled", "On the waitlist")) for subject, _ in whose]
        assert [str(each["METHOD"]) for each in calendars] == ["CANCEL" if each else "REQUEST" for each in withdrawn]
        events = [event for each in calendars for event in each.walk("VEVENT")]
        assert [str(each["STATUS"]) == "CANCELLED" for each in events] == withdrawn
        assert len({str(each["UID"]) for each in events}) == 1
        # A calendar follows a message only if its number is higher than that of the one before (RFC 5546, 2.1.4).
        numbers = [int(each["SEQUENCE"]) for each in events]
        assert numbers == sorted(set(numbers)), numbers
    assert str(events[0]["ATTENDEE"]) == "mailto:waits@un.example"
    [moved] = Calendar.from_ical(mine[3][1]).walk("VEVENT")
    assert moved["DTSTART"].dt == slot(14, 16).starts


def test_an_early_end_frees_the_rest_and_is_taken_back_while_that_is_free(office, rooms, at, clock):
    [one] = office.write(make_bookings, FORM, [at("CR-3", NINE)], Status.CONFIRMED).ids
    clock.now = slot(10.5, 11).starts
    with pytest.raises(Refusal, match="confirmed, so it cannot become over"):
        office.write(end_session, one)
    office.write(change_status, [one], Status.IN_SESSION)
    ended = office.write(end_session, one)
    assert office.read(booking_card, one).row.ends == slot(10, 10.5).ends
    undo(office, ended)
    card = office.read(booking_card, one)
    assert (card.row.ends, card.row.status) == (NINE.ends, Status.IN_SESSION)
    again = office.write(end_session, one)
    office.write(make_bookings, FORM, [at("CR-3", slot(11, 12))])
    with pytest.raises(Refusal, match="taken by B-000002"):
        undo(office, again)


def test_nobody_came(office, rooms, at, clock):
    [one] = office.write(make_bookings, FORM, [at("CR-3", NINE)], Status.CONFIRMED).ids
    with pytest.raises(Refusal, match="has not begun yet"):
        office.write(note_no_show, one)
    clock.now = slot(9.5, 10).starts
    done = office.write(note_no_show, one)
    assert (done.said, state(office, one)) == ("Nobody came to B-000001.", Status.DONE)
    undo(office, done)
    assert state(office, one) is Status.CONFIRMED


def test_ranks_are_served_in_the_order_of_their_day(office, rooms, at):
    for code in ("CR-2", "CR-3", "CR-4"):
        office.write(make_bookings, FORM, [at(code, NINE)])
    [low] = office.write(note_bookings, BookingForm("Low", 30, rank=7, kind="classroom"), [NINE]).ids
    [high] = office.write(note_bookings, BookingForm("High", 30, rank=1, kind="classroom"), [NINE]).ids
    turned = [(number, f"Rank {number}") for number in reversed(RANKS)]
    with pytest.raises(Refusal, match="Every rank comes once"):
        office.write(set_rank_order, date(2026, 8, 24), turned[1:])
    with pytest.raises(Refusal, match="begins today or later"):
        office.write(set_rank_order, date(2026, 8, 23), turned)

    def listed(day=date(2026, 8, 24), descending=False):
        waiting = BookingList(BookingFilter(states=(Status.WAITLIST,)), "turn", descending, day)
        [first, second] = office.read(waiting.first)
        assert office.read(waiting.page, second.key, 1) == [second]
        assert office.read(waiting.between, first.key, second.key) == 1
        assert office.read(waiting.keys, [second.id]) == [second.key]
        return [first.id, second.id]

    assert listed() == [high, low]
    done = office.write(set_rank_order, date(2026, 8, 24), turned)
    assert (listed(), listed(descending=True)) == ([low, high], [high, low]), "the list shows who is served next"
    assert listed(date(2026, 8, 23)) == [high, low]
    office.write(cancel_bookings, [2])
    assert (state(office, low), state(office, high)) == (Status.HOLD, Status.WAITLIST)
    assert [start for start, _ in office.read(rank_orders)] == [date(2026, 8, 24), None]
    undo(office, done)
    assert len(office.read(rank_orders)) == 1
    assert done.undo.command is drop_rank_order


def test_cars_are_counted_against_the_parking_places(office, rooms, at):
    office.write(set_ceiling, "parking", 50, date(2026, 1, 1))
    office.write(make_bookings, BookingForm("One", 30, cars=30), [at("CR-2", NINE)])
    with pytest.raises(Refusal, match=r"55 cars would be parked, and there is room for at most 50"):
        office.write(make_bookings, BookingForm("Two", 30, cars=25), [at("CR-3", NINE)])
    office.write(make_bookings, BookingForm("Two", 30, cars=20), [at("CR-3", NINE)])
    office.write(make_bookings, BookingForm("Later", 30, cars=50), [at("CR-3", slot(12, 13))])
