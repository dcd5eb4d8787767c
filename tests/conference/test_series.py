"""Series: rules bounded and followed on their zone's clock, conflicts before saving, skipped, added again, split."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from icalendar import Calendar
from sqlalchemy import func, select

from cbo_desk.conference import (
    BookingForm,
    Recurrence,
    Status,
    add_again,
    book,
    cancel_bookings,
    cancel_occurrences,
    change_status,
    edit_booking,
    make_bookings,
    make_series,
    move_occurrences,
    note_bookings,
    preview_series,
    skip_occurrence,
)
from cbo_desk.conference.calendars import read, write
from cbo_desk.conference.recurrence import occurrences, read_rule, split
from cbo_desk.conference.series_events import Occurrence, series_events
from cbo_desk.conference.series_rule import recurrence_of
from cbo_desk.errors import Refusal
from db.conference import Booking, BookingSeries, BookingUnit
from db.records import Notification
from tests.conference.conftest import DAY, FORM, slot
from tests.writing import insert, rows

TEN = datetime(2026, 9, 7, 10, 0)  # noqa: DTZ001 - on a zone's clock
WEEKLY = Recurrence("FREQ=WEEKLY;COUNT=10", TEN, 120)
CLASS = BookingForm("Contact group", 30, kind="classroom")


def starts(office, *where):
    wanted = select(Booking.starts).where(Booking.series_id.is_not(None), Booking.status.in_(("hold", "confirmed")))
    return [row[0] for row in rows(office, wanted.where(*where).order_by(Booking.starts))]


def test_ten_oclock_stays_ten_over_the_change_of_clocks():
    geneva = Recurrence("FREQ=WEEKLY;COUNT=4", datetime(2026, 10, 16, 10, 0), 60, "Europe/Zurich")  # noqa: DTZ001
    slots = geneva.slots()
    assert {each.starts.astimezone(ZoneInfo("Europe/Zurich")).hour for each in slots} == {10}
    assert [each.starts.astimezone(UTC).hour for each in slots] == [8, 8, 9, 9]
    # An occurrence over the change itself lasts as long as it lasts.
    night = Recurrence("FREQ=DAILY;COUNT=2", datetime(2026, 10, 24, 23, 0), 240, "Europe/Zurich")  # noqa: DTZ001
    assert all(each.ends - each.starts == timedelta(hours=4) for each in night.slots())


def test_exceptions_and_additions_count():
    known = Recurrence(
        "FREQ=DAILY;COUNT=4", TEN, 60, skipped=frozenset({TEN + timedelta(days=1)}),
        added=frozenset({TEN + timedelta(days=9)}),
    )  # fmt: skip
    assert [(each - TEN).days for each in occurrences(known)] == [0, 2, 3, 9]


@pytest.mark.parametrize(
    ("rule", "minutes", "sentence"),
    [
        ("FREQ=DAILY;COUNT=3", 25 * 60, "lasts longer than until the next one"),
        ("FREQ=SECONDLY", 1, "recurs by days, weeks, months or years"),
        ("FREQ=DAILY;INTERVAL=0", 1, "is no rule"),
        ("FREQ=DAILY;COUNT=99999999999", 1, "is no rule"),
        ("FREQ=DAILY", 1, "at most 1,000 occurrences"),
        ("FREQ=DAILY;BYMONTHDAY=99", 1, "is no rule"),
        ("FREQ=DAILY;UNTIL=tomorrow", 1, "is no day"),
        ("FREQ=WEEKLY;BYDAY=XX", 1, "is no rule"),
        ("", 0, None),
    ],
)
def test_rules_that_cannot_be_followed_are_refused_in_words(rule, minutes, sentence):
    if sentence is None:
        with pytest.raises(Refusal, match="it is empty"):
            read_rule(rule)
        return
    with pytest.raises(Refusal, match=sentence):
        Recurrence(rule, TEN, minutes).slots()


def test_a_rule_that_never_meets_a_day_ends():
    assert occurrences(Recurrence("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", TEN, 60)) == []


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]), st.integers(1, 6), st.integers(1, 30),
    st.sampled_from(["", ";BYDAY=MO,WE", ";BYDAY=1MO", ";BYMONTHDAY=31", ";BYMONTHDAY=-1", ";BYSETPOS=1;BYDAY=FR"]),
    st.integers(0, 29),
)  # fmt: skip
def test_a_series_split_in_two_has_the_same_occurrences(frequency, interval, count, more, place):
    if more.startswith(";BYDAY=1") and frequency in ("DAILY", "WEEKLY"):
        more = ""
    known = Recurrence(f"FREQ={frequency};INTERVAL={interval};COUNT={count}{more}", TEN, 60)
    found = occurrences(known)
    if not found:
        return
    at = found[min(place, len(found) - 1)]
    # A rule with an interval counts from its start: only from an occurrence of it on is it the same rule.
    before, after = split(known, at)
    kept = occurrences(before)
    assert kept == [each for each in found if each < at]
    if not more:
        assert kept + occurrences(after) == found


def test_conflicts_are_told_before_saving_and_named(office, rooms, at):
    board = BookingForm("Board of Trustees", 30, entity_id=rooms.unep)
    office.write(make_bookings, board, [at("CR-3", slot(11, 13, 14))])
    report = office.read(preview_series, CLASS, WEEKLY, rooms.spaces["CR-3"])
    assert (len(report.free), len(report.conflicts)) == (9, 1)
    [conflict] = report.conflicts
    assert conflict.sentence == (
        "Mon 21 Sep 2026, 10:00-12:00: CR-3 is taken by B-000001 Board of Trustees, UNEP (11:00-13:00)."
    )
    with pytest.raises(Refusal, match="B-000001 Board of Trustees.* 1 of 10 occurrences have something in the way"):
        office.write(make_series, CLASS, WEEKLY, rooms.spaces["CR-3"])
    assert starts(office) == []
    office.write(make_series, CLASS, WEEKLY, rooms.spaces["CR-3"], [conflict.slot.starts])
    assert len(starts(office)) == 9


def test_a_skipped_one_is_added_again(office, rooms, at):
    made = office.write(make_series, CLASS, WEEKLY, rooms.spaces["CR-3"])
    third = made.ids[2]
    done = office.write(skip_occurrence, third)
    assert len(starts(office)) == 9
    [series] = rows(office, select(BookingSeries.skipped))
    assert series[0] == ["2026-09-21T10:00:00"]
    other = office.write(make_bookings, FORM, [at("CR-3", slot(11, 12, 14))])
    with pytest.raises(Refusal, match="CR-3 is taken by B-000011"):
        office.write(add_again, third)
    office.write(other.undo.command, *other.undo.args)
    office.write(done.undo.command, *done.undo.args)
    assert len(starts(office)) == 10
    assert rows(office, select(BookingSeries.skipped)) == [([],)]
    # One that was confirmed is confirmed again, and who was given its space meanwhile waits again.
    office.write(change_status, [third], Status.CONFIRMED)
    waits = BookingForm("Waits", 20, kind="classroom")
    for code in ("CR-2", "CR-4"):
        office.write(make_bookings, FORM, [at(code, slot(9, 13, 14))])
    [waiting] = office.write(note_bookings, waits, [slot(10, 12, 14)]).ids
    done = office.write(skip_occurrence, third)
    assert done.said.endswith("is skipped. B-000014 from the waitlist has space.")
    office.write(done.undo.command, *done.undo.args)
    stood = rows(office, select(Booking.status).where(Booking.id.in_((third, waiting))).order_by(Booking.id))
    assert stood == [("confirmed",), ("waitlist",)]
    assert rows(office, select(BookingSeries.skipped)) == [([],)]


def teams_of(office):
    wanted = select(BookingUnit.booking_id, BookingUnit.starts, BookingUnit.live).order_by(BookingUnit.starts)
    series = rows(office, wanted.join(Booking, Booking.id == BookingUnit.booking_id).where(Booking.series_id > 0))
    return [starts for _id, starts, live in series if live], [ident for ident, _starts, live in series if not live]


def test_every_occurrence_has_its_interpreters_wherever_it_moves(office, rooms, at):
    [other] = office.write(make_bookings, FORM, [at("CR-4", slot(11, 12, 14), (rooms.teams[0],))]).ids
    asked = (CLASS, WEEKLY, rooms.spaces["CR-3"])
    with pytest.raises(Refusal, match=r"No team or set is called AR-EN. There are: EN-FR 1, EN-FR 2"):
        office.read(preview_series, *asked, ["AR-EN"])
    report = office.read(preview_series, *asked, ["en-fr 1"])
    [conflict] = report.conflicts
    assert conflict.sentence == (
        "Mon 21 Sep 2026, 10:00-12:00: EN-FR 1 is with B-000001 Committee. Choose another one."
    )
    assert (len(report.free), {placing.units for placing in report.free}) == (9, {(rooms.teams[0],)})
    with pytest.raises(Refusal, match=r"EN-FR 1 is with B-000001 .* 1 of 10 occurrences"):
        office.write(make_series, *asked, units=["EN-FR 1"])
    assert starts(office) == []
    made = office.write(make_series, *asked, [conflict.slot.starts], units=["EN-FR 1"])
    assert teams_of(office) == (starts(office), [made.ids[-1]])
    with pytest.raises(Refusal, match="EN-FR 1 is with B-000001"):
        office.write(add_again, made.ids[-1])
    # An hour later their team goes with them; onto a time at which it is elsewhere, none of them goes.
    moved = office.write(move_occurrences, made.ids[5], "future", 60)
    assert teams_of(office)[0] == starts(office)
    assert len(starts(office)) == 9
    office.write(moved.undo.command, *moved.undo.args)
    assert teams_of(office)[0] == starts(office)
    with pytest.raises(Refusal, match="EN-FR 1 is with B-000001"):
        office.write(move_occurrences, made.ids[0], "this", 14 * 24 * 60 + 60)
    office.write(cancel_bookings, [other])
    office.write(add_again, made.ids[-1])
    assert teams_of(office) == (starts(office), [])
    assert len(starts(office)) == 10
    skipped = office.write(skip_occurrence, made.ids[3])
    assert len(teams_of(office)[0]) == 9
    office.write(skipped.undo.command, *skipped.undo.args)
    assert teams_of(office) == (starts(office), [])


def test_this_one_alone_moves(office, rooms):
    made = office.write(make_series, CLASS, WEEKLY, rooms.spaces["CR-3"])
    office.write(move_occurrences, made.ids[4], "this", 60)
    hours = [(each - DAY).total_seconds() // 3600 % 24 for each in starts(office)]
    assert hours == [10] * 4 + [11] + [10] * 5


@pytest.mark.parametrize("minutes", [20, -20, 24 * 60, -24 * 60, 7 * 24 * 60])
def test_this_and_future_become_a_series_of_their_own(office, rooms, minutes):
    daily = Recurrence("FREQ=DAILY;INTERVAL=7;COUNT=8", TEN, 120)
    made = office.write(make_series, CLASS, daily, rooms.spaces["CR-3"])
    before = starts(office)
    office.write(move_occurrences, made.ids[3], "future", minutes, rooms.spaces["CR-4"])
    after = starts(office)
    assert sorted(before[:3] + [each + timedelta(minutes=minutes) for each in before[3:]]) == after

    # What the two rules say is what the bookings are.
    def fill(session):
        both = session.scalars(select(BookingSeries).order_by(BookingSeries.id))
        return [recurrence_of(each).slots() for each in both]

    first, second = insert(office, fill)
    assert sorted(each.starts for each in (*first, *second)) == after
    assert (len(first), len(second)) == (3, 5)


def test_all_of_them_or_none_move(office, rooms, at):
    made = office.write(make_series, CLASS, WEEKLY, rooms.spaces["CR-3"])
    office.write(make_bookings, FORM, [at("CR-4", slot(10, 11, 21))])
    with pytest.raises(Refusal, match="1 of 10 occurrences"):
        office.write(move_occurrences, made.ids[0], "all", 0, rooms.spaces["CR-4"])
    spaces = rows(office, select(Booking.space_id).where(Booking.series_id.is_not(None)).distinct())
    assert spaces == [(rooms.spaces["CR-3"],)]


def test_a_daily_series_moves_by_a_day_over_its_own_bookings(office, rooms):
    daily = Recurrence("FREQ=DAILY;COUNT=5", TEN, 120)
    made = office.write(make_series, CLASS, daily, rooms.spaces["CR-3"])
    office.write(change_status, made.ids, Status.CONFIRMED)
    before = starts(office)
    for minutes in (24 * 60, -24 * 60):
        office.write(move_occurrences, made.ids[0], "all", minutes)
    assert starts(office) == before


def test_this_and_those_to_come_are_cancelled_told_given_away_and_taken_back(office, rooms, clock):
    told = replace(CLASS, contact="class@un.example")
    made = office.write(make_series, told, WEEKLY, rooms.spaces["CR-3"])
    office.write(change_status, made.ids[:6], Status.CONFIRMED)
    skipped = office.write(skip_occurrence, made.ids[8])
    assert skipped.said.endswith("is skipped.")

    def count(session):
        [series] = session.scalars(select(BookingSeries))
        return session.query(Notification).count(), len(recurrence_of(series).slots())

    def stood():
        found = rows(office, select(Booking.id, Booking.status, Booking.hold_until).order_by(Booking.id))
        return [row for row in found if row[0] in made.ids]

    letters, _ = insert(office, count)
    before = stood()
    done = office.write(cancel_occurrences, made.ids[3], "future")
    assert done.said == f"6 occurrences of {told.title} are cancelled."
    assert [status for _id, status, _until in stood()] == [*["confirmed"] * 3, *["cancelled"] * 7]
    assert insert(office, count) == (letters + 1, 3), "one message withdraws them all, and the rule knows"
    [calendar] = rows(office, select(Notification.calendar).order_by(Notification.id.desc()).limit(1))[0]
    assert times_in(calendar) == [starts_of(office, ident) for ident in made.ids[:3]], "the series goes on without them"
    with pytest.raises(Refusal, match="is left to cancel"):
        office.write(cancel_occurrences, made.ids[3], "future")
    again = office.write(done.undo.command, *done.undo.args)
    assert [row[:2] for row in stood()] == [row[:2] for row in before]
    assert insert(office, count) == (letters + 3, 9), "those that are confirmed in one message, those held in another"
    office.write(again.undo.command, *again.undo.args)
    assert insert(office, count)[1] == 3
    # Somebody else has one of the days by now: none comes back, and the rule stays.
    [wanted] = [day for day in WEEKLY.slots() if day.starts == starts_of(office, made.ids[4])]
    office.write(book, FORM, wanted, rooms.spaces["CR-3"], Status.HOLD)
    with pytest.raises(Refusal, match="is taken by"):
        office.write(done.undo.command, *done.undo.args)
    assert insert(office, count)[1] == 3
    # What is past is past: of all of them, only those to come are cancelled.
    clock.now = starts_of(office, made.ids[1])
    assert office.write(cancel_occurrences, made.ids[2], "all").ids == (made.ids[2],)
    assert [status for _id, status, _until in stood()][:3] == ["confirmed", "confirmed", "cancelled"]


def test_a_moved_series_is_told_to_each_contact_in_one_message(office, rooms):
    told = replace(CLASS, contact="class@un.example")
    made = office.write(make_series, told, WEEKLY, rooms.spaces["CR-3"])
    office.write(change_status, made.ids[:5], Status.CONFIRMED)
    office.write(edit_booking, made.ids[4], 2, replace(told, contact="other@un.example"))
    ended = insert(office, lambda session: session.query(func.max(Notification.id)).scalar())

    def since():
        wanted = select(Notification.to, Notification.subject, Notification.body, Notification.calendar)
        return rows(office, wanted.where(Notification.id > ended).order_by(Notification.id))

    office.write(move_occurrences, made.ids[2], "future", 0)
    assert since() == [], "nothing is elsewhere"
    moved = office.write(move_occurrences, made.ids[2], "future", 30)
    [several, one, rest, none] = since()
    assert several[:2] == ("class@un.example", f"Moved: {told.title}, 7 meetings"), "and those held, which it knows of"
    assert one[:2] == ("other@un.example", f"Moved: {told.title}")
    assert several[2].count("has moved: it is now in Conference Room 3") == 7
    assert rest[:2] == ("class@un.example", f"Changed: {told.title}"), "the two that stay are a series of their own"
    assert (none[0], str(Calendar.from_ical(none[3])["METHOD"])) == ("other@un.example", "CANCEL"), (
        "who had the one alone"
    )
    later, alone, early = (Calendar.from_ical(each[3]) for each in (several, one, rest))
    assert {str(each["METHOD"]) for each in (later, alone, early)} == {"REQUEST"}
    assert times_in(several[3]) == [starts_of(office, ident) for ident in (*made.ids[2:4], *made.ids[5:])]
    assert times_in(rest[3]) == [starts_of(office, ident) for ident in made.ids[:2]]
    [event] = alone.walk("VEVENT")
    new_uid, old_uid = str(later.walk("VEVENT")[0]["UID"]), str(early.walk("VEVENT")[0]["UID"])
    assert str(event["UID"]) == new_uid != old_uid
    assert event["RECURRENCE-ID"].dt == starts_of(office, made.ids[4])
    office.write(moved.undo.command, *moved.undo.args)
    *again, gone, other_gone = since()[4:]
    assert [each[1] for each in again] == [f"Moved: {told.title}, 7 meetings", f"Moved: {told.title}"]
    assert times_in(again[0][3]) == [starts_of(office, ident) for ident in (*made.ids[:4], *made.ids[5:])]
    assert str(Calendar.from_ical(again[0][3]).walk("VEVENT")[0]["UID"]) == old_uid
    for each, to in ((gone, "class@un.example"), (other_gone, "other@un.example")):
        [event] = Calendar.from_ical(each[3]).walk("VEVENT")
        assert (each[0], str(Calendar.from_ical(each[3])["METHOD"])) == (to, "CANCEL")
        assert (str(event["UID"]), str(event["STATUS"]), "RECURRENCE-ID" in event) == (new_uid, "CANCELLED", False)
    office.write(move_occurrences, made.ids[0], "this", 0, rooms.spaces["CR-4"])
    [*_, last] = since()
    assert last[1] == f"Moved: {told.title}"
    [event] = Calendar.from_ical(last[3]).walk("VEVENT")
    assert (str(event["UID"]), event["RECURRENCE-ID"].dt) == (old_uid, starts_of(office, made.ids[0]))
    numbers: dict[str, list[int]] = {}
    for each in since():
        for uid, number in {(str(e["UID"]), int(e["SEQUENCE"])) for e in Calendar.from_ical(each[3]).walk("VEVENT")}:
            numbers.setdefault(uid, []).append(number)
    assert all(each == sorted(set(each)) for each in numbers.values()), "a calendar follows a higher number only"
    assert len(numbers[old_uid]) > len(numbers[new_uid]) > 2


def times_in(calendar):
    """When the meetings of a message are, as another program counts them."""
    return [event.slot.starts for event in read(calendar.encode()).events]


def test_a_message_about_a_series_is_followed_like_one_about_a_meeting(office, rooms):
    """What a contact's calendar holds after each message is what is booked for them (RFC 5546, 3.2)."""
    told = replace(CLASS, contact="class@un.example")
    made = office.write(make_series, told, WEEKLY, rooms.spaces["CR-3"]).ids
    holds: dict[str, datetime] = {}
    heard = 0

    def listen():
        nonlocal heard
        for ident, text in rows(office, select(Notification.id, Notification.calendar).order_by(Notification.id)):
            if ident > heard:
                heard = ident
                follow(holds, text)
        return sorted(holds.values())

    def booked():
        return starts(office)

    office.write(change_status, made, Status.CONFIRMED)
    assert listen() == booked() != []
    office.write(move_occurrences, made[4], "this", 60)
    assert listen() == booked()
    office.write(cancel_occurrences, made[7], "this")
    assert listen() == booked()
    moved = office.write(move_occurrences, made[5], "future", 30)
    assert listen() == booked()
    office.write(moved.undo.command, *moved.undo.args)
    assert listen() == booked()
    gone = office.write(cancel_occurrences, made[2], "future")
    assert len(listen()) == len(booked()) == 2
    office.write(gone.undo.command, *gone.undo.args)
    assert listen() == booked()
    office.write(move_occurrences, made[0], "all", -15)
    assert listen() == booked()
    office.write(cancel_bookings, [each for each in made if each != made[7]])
    assert listen() == booked() == []


def follow(holds, text):
    """Do with a message what RFC 5546 says that a calendar does with it."""
    calendar = Calendar.from_ical(text)
    events = calendar.walk("VEVENT")
    [uid] = {str(each["UID"]) for each in events}
    invited = str(calendar["METHOD"]) == "REQUEST"
    if all("RECURRENCE-ID" in each for each in events):
        for each in events:
            key = f"{uid}|{each['RECURRENCE-ID'].dt.astimezone(UTC):%Y%m%dT%H%MZ}"
            holds.pop(key, None)
            if invited:
                holds[key] = each["DTSTART"].dt.astimezone(UTC)
        return
    for key in [key for key in holds if key.startswith(uid)]:
        del holds[key]
    if invited:
        holds.update({each.key: each.slot.starts for each in read(text.encode()).events})


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(["DAILY", "WEEKLY", "WEEKLY;BYDAY=TU,TH", "MONTHLY;BYDAY=2MO", ""]), st.integers(1, 9),
    st.sets(st.integers(0, 8)), st.dictionaries(st.integers(0, 8), st.sampled_from([0, 30, -45, 1500])),
    st.sets(st.tuples(st.integers(0, 9), st.sampled_from([-3, -2, 2, 3]))),
    st.sampled_from(["Africa/Nairobi", "Europe/Zurich"]),
)  # fmt: skip
@example("DAILY", 9, {1}, {}, {(1, 3)}, "Africa/Nairobi")  # as many hours after one left out as its zone is before UTC
@example("DAILY", 9, set(), {1: 1500}, {(1, 3)}, "Africa/Nairobi")  # the same after one that was moved
@example("DAILY", 9, {1}, {}, {(1, 2)}, "Europe/Zurich")
def test_some_meetings_of_a_series_are_read_by_others_as_they_are(rule, count, left_out, moved, added, zone):
    """Over the change of clocks, too: the series begins some days before it."""
    begins = datetime(2026, 10, 19, 10, 0)  # noqa: DTZ001 - on a zone's clock
    extra = frozenset(begins + timedelta(days=day, hours=hours) for day, hours in added)
    known = Recurrence(f"FREQ={rule};COUNT={count}" if rule else "", begins, 60, zone, added=extra)
    meetings = []
    for number, start in enumerate(occurrences(known)):
        if number not in left_out:
            slot_ = known.slot(start).moved(moved.get(number, 0))
            room = "CR-4" if moved.get(number) else "CR-3"
            meetings.append(Occurrence(start, slot_, "Weekly", room, status="TENTATIVE" if number % 3 else "CONFIRMED"))
    items = series_events("u@x", known, meetings, 7)
    assert (items == []) == (meetings == [])
    assert {(each.uid, each.sequence) for each in items} <= {("u@x", 7)}
    if not items:
        return
    found = read(write(items, begins.replace(tzinfo=UTC)))
    assert found.faults == []
    assert sorted((each.slot, each.room) for each in found.events) == sorted(
        (each.slot, each.room) for each in meetings
    )


def starts_of(office, ident):
    [(found,)] = rows(office, select(Booking.starts).where(Booking.id == ident))
    return found
