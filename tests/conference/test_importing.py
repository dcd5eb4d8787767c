"""Calendars and schedules are read as other programs mean them; overlaps are exact; hostile files do no harm."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from itertools import combinations, takewhile
from zoneinfo import ZoneInfo

import pytest
import recurring_ical_events
from dateutil.rrule import rrulestr
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from icalendar import Calendar
from sqlalchemy import func, select

from benchmarks import booking_race as race
from cbo_desk.conference import LayoutForm, SpaceForm, add_space, import_bookings
from cbo_desk.conference.calendars import Event, Written, overlaps, read, write
from cbo_desk.conference.rules import Slot
from cbo_desk.context import ZONE
from cbo_desk.errors import Refusal
from db.conference import Booking, BookingCell
from db.records import Notification
from tests.writing import rows

ZURICH = """BEGIN:VTIMEZONE
TZID:Somewhere
BEGIN:DAYLIGHT
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
DTSTART:19700329T020000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
BEGIN:STANDARD
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
DTSTART:19701025T030000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
END:STANDARD
END:VTIMEZONE
"""


def calendar(*events: str, zones: str = "") -> bytes:
    bodies = "".join(f"BEGIN:VEVENT\n{event.strip()}\nEND:VEVENT\n" for event in events)
    text = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\n{zones}{bodies}END:VCALENDAR\n"
    return text.replace("\n", "\r\n").encode()


def event(uid: str, start: str, end: str, room: str = "CR-3", more: str = "") -> str:
    return f"UID:{uid}\nSUMMARY:{uid}\nDTSTART:{start}\nDTEND:{end}\nLOCATION:{room}\n{more}"


MONDAY = calendar(
    event("a", "20260907T070000Z", "20260907T080000Z"),
    event("b", "20260907T080000Z", "20260907T090000Z"),
    event("c", "20260907T083000Z", "20260907T093000Z"),
    event("d", "20260907T083000Z", "20260907T093000Z", "Nowhere"),
    event("e", "20260907T093000Z", "20260907T083000Z"),
)


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


# --- reading


def test_times_without_zone_are_the_sites_and_a_day_begins_at_midnight():
    found = read(calendar("UID:a\nDTSTART:20260907T100000\nDURATION:PT90M", "UID:b\nDTSTART;VALUE=DATE:20260908"))
    assert [each.slot for each in found.events] == [
        Slot(local("2026-09-07T10:00"), local("2026-09-07T11:30")),
        Slot(local("2026-09-08T00:00"), local("2026-09-09T00:00")),
    ]


def test_a_zone_of_the_files_own_is_followed_over_its_change_of_clocks():
    times = "DTSTART;TZID=Somewhere:20261016T100000\nDTEND;TZID=Somewhere:20261016T110000"
    weekly = f"UID:a\n{times}\nRRULE:FREQ=WEEKLY;COUNT=4"
    found = read(calendar(weekly, zones=ZURICH))
    assert [each.slot.starts.astimezone(UTC).hour for each in found.events] == [8, 8, 9, 9]
    assert len({each.key for each in found.events}) == 4


@settings(max_examples=40, deadline=None)
@example("America/New_York", "DAILY", 2, 188)  # one of its days has no two o'clock
@example("Europe/Zurich", "WEEKLY", 2, 49)  # one of its days has two
@given(
    st.sampled_from(["Europe/Zurich", "America/New_York", "Africa/Nairobi", "Pacific/Kiritimati", "Pacific/Niue", ""]),
    st.sampled_from(["DAILY", "WEEKLY;BYDAY=MO,TH", "WEEKLY", "MONTHLY;BYMONTHDAY=1,15,25"]),
    st.integers(0, 23), st.integers(0, 200),
)  # fmt: skip
def test_a_rule_that_ends_on_a_day_holds_the_whole_of_it(zone, rule, hour, days):
    """RFC 5545 wants an instant there; who writes a day means its meeting. dateutil counts without an end, we compare
    days; the library is given the same rule with the last instant of that day, in UTC as it should be."""
    first = datetime(2026, 9, 7, hour)  # noqa: DTZ001 - a rule counts on its zone's clock
    last = first.date() + timedelta(days=days)
    where = f";TZID={zone}" if zone else ""
    start = f"UID:s\nSUMMARY:s\nDTSTART{where}:{first:%Y%m%dT%H%M%S}\nDURATION:PT1H\n"
    found = read(calendar(f"{start}RRULE:FREQ={rule};UNTIL={last:%Y%m%d}"))
    own = ZoneInfo(zone) if zone else ZONE
    endless = takewhile(lambda at: at.date() <= last, rrulestr(f"FREQ={rule}", dtstart=first))
    expected = {at.replace(tzinfo=own).astimezone(UTC) for at in endless} | {first.replace(tzinfo=own).astimezone(UTC)}
    starts = [each.slot.starts.astimezone(UTC) for each in found.events]
    assert (found.faults, starts) == ([], sorted(expected))
    until = datetime.combine(last, time(23, 59, 59), own).astimezone(UTC)
    if zone:
        text = calendar(f"{start}RRULE:FREQ={rule};UNTIL={until:%Y%m%dT%H%M%SZ}")
        theirs = recurring_ical_events.of(Calendar.from_ical(text)).between(first.date(), last + timedelta(days=2))
        assert sorted(each["DTSTART"].dt.astimezone(UTC) for each in theirs) == starts
    assert bool(found.remarks) == any(each.astimezone(own).date() == last for each in starts)


def test_a_rule_of_whole_days_and_one_with_its_hour_end_where_they_say():
    days = read(calendar("UID:a\nDTSTART;VALUE=DATE:20260907\nRRULE:FREQ=DAILY;UNTIL=20260909"))
    timed = event("b", "20260907T070000Z", "20260907T080000Z", more="RRULE:FREQ=DAILY;UNTIL=20260909T065959Z")
    assert (len(days.events), days.remarks) == (3, [])
    hours = read(calendar(timed))
    assert (len(hours.events), hours.remarks) == (2, [])


def test_a_day_whose_clocks_leave_out_the_hour_keeps_its_meeting_and_its_length():
    """At two in the morning of 14 March 2027 New York's clocks go to three: an hour from then on is one from three."""
    times = "DTSTART;TZID=America/New_York:20270313T{}\nDTEND;TZID=America/New_York:20270313T{}"
    for start, end, minutes in (("020000", "030000", 60), ("023000", "033000", 60), ("013000", "033000", 120)):
        found = read(calendar(f"UID:s\n{times.format(start, end)}\nRRULE:FREQ=DAILY;COUNT=3"))
        assert found.faults == []
        assert [each.slot.ends - each.slot.starts for each in found.events] == [timedelta(minutes=minutes)] * 3
    alone = read(calendar(f"UID:a\n{times.format('020000', '030000').replace('0313T', '0314T')}"))
    at = datetime(2027, 3, 14, 7, tzinfo=UTC)
    assert [each.slot for each in alone.events] == [Slot(at, at + timedelta(hours=1))]


def test_exceptions_additions_changes_and_this_and_future():
    master = (
        "UID:s\nDTSTART:20260907T070000Z\nDTEND:20260907T080000Z\nRRULE:FREQ=DAILY;COUNT=8\n"
        "EXDATE:20260908T070000Z\nRDATE:20260920T070000Z"
    )
    moved = "UID:s\nRECURRENCE-ID:20260909T070000Z\nDTSTART:20260909T120000Z\nDTEND:20260909T130000Z"
    gone = "UID:s\nRECURRENCE-ID:20260910T070000Z\nDTSTART:20260910T070000Z\nDTEND:20260910T080000Z\nSTATUS:CANCELLED"
    later = (
        "UID:s\nRECURRENCE-ID;RANGE=THISANDFUTURE:20260912T070000Z\nDTSTART:20260912T090000Z\nDTEND:20260912T100000Z"
    )
    found = read(calendar(master, moved, gone, later))
    assert found.faults == []
    hours = {(each.slot.starts.day, each.slot.starts.astimezone(UTC).hour) for each in found.events}
    assert hours == {(7, 7), (9, 12), (11, 7), (12, 9), (13, 9), (14, 9), (20, 9)} or hours == {
        (7, 7), (9, 12), (11, 7), (12, 9), (13, 9), (14, 9), (20, 7)
    }  # fmt: skip


def test_pentabarf_and_frab():
    schedule = """<?xml version="1.0"?><schedule><day date="2026-09-07"><room name="CR-3">
    <event id="1"><start>10:00</start><duration>00:45</duration><title>Opening</title></event>
    <event guid="g2"><date>2026-09-07T08:45:00+01:00</date><start>x</start><duration>01:00</duration><title>Two</title>
    </event><event id="3"><start>late</start><duration>1</duration><title>Three</title></event>
    </room></day></schedule>"""
    found = read(schedule.encode())
    assert [(each.title, each.room) for each in found.events] == [("Opening", "CR-3"), ("Two", "CR-3")]
    assert found.events[0].slot == Slot(local("2026-09-07T10:00"), local("2026-09-07T10:45"))
    assert found.events[1].slot == Slot(local("2026-09-07T10:45"), local("2026-09-07T11:45"))
    assert [each.title for each in found.faults] == ["Three"]
    assert overlaps(found.events) == []


HOSTILE = {
    "no calendar": b"Dear Sir",
    "empty": b"",
    "cut off": MONDAY[:150],
    "a bomb": b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "cccc"><!ENTITY d "&b;&b;&b;">]><schedule>&d;</schedule>',
    "no schedule": b"<html><body/></html>",
    "broken xml": b"<schedule><day>",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_schedule_is_refused_in_words(name):
    with pytest.raises(Refusal, match=r"^The|^This|^There"):
        read(HOSTILE[name])


@pytest.mark.parametrize(
    "rule",
    ["FREQ=SECONDLY", "FREQ=DAILY;INTERVAL=0", "FREQ=MINUTELY;COUNT=999999999", "FREQ=DAILY", "FREQ=DAILY;BYHOUR=1,2",
     "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;BYSETPOS=400", "nonsense"],
)  # fmt: skip
def test_a_hostile_rule_costs_its_event_alone(rule):
    bad = event("bad", "20260907T070000Z", "20260907T080000Z", more=f"RRULE:{rule}")
    found = read(calendar(bad, event("good", "20260907T070000Z", "20260907T080000Z")))
    assert [each.title for each in found.events] == ["good"]
    assert [each.title for each in found.faults] == ["bad"]


def test_an_occurrence_longer_than_its_period_is_refused():
    found = read(calendar(event("long", "20260907T070000Z", "20260909T080000Z", more="RRULE:FREQ=DAILY;COUNT=3")))
    assert found.events == []
    assert "lasts longer than until the next" in found.faults[0].why


# Pieces of calendars, whole and broken, in any order.
piece = st.sampled_from([
    "BEGIN:VCALENDAR", "END:VCALENDAR", "BEGIN:VEVENT", "END:VEVENT", "BEGIN:VTIMEZONE", "END:VTIMEZONE",
    "TZID:Somewhere", "BEGIN:STANDARD", "END:STANDARD", "TZOFFSETFROM:+9999", "TZOFFSETTO:+0200", "UID:a", "UID:b",
    "SUMMARY:\u202ex\x00", "DTSTART:20260907T070000Z", "DTSTART;TZID=Somewhere:20260907T070000",
    "DTSTART;VALUE=DATE:20260907", "DTSTART:99999999", "DTSTART:00010101T000000Z", "DTEND:99991231T235959Z",
    "DTEND:20260907T080000Z", "DURATION:-PT1H", "DURATION:P99999999W", "RRULE:FREQ=DAILY;COUNT=3",
    "RRULE:FREQ=DAILY;UNTIL=99991231", "RRULE:FREQ=YEARLY;BYEASTER=1", "RDATE;VALUE=PERIOD:20260907T070000Z/PT1H",
    "RDATE:20260907T070000Z,x", "EXDATE:20260908T070000Z", "EXRULE:FREQ=DAILY", "RECURRENCE-ID:20260908T070000Z",
    "RECURRENCE-ID;RANGE=THISANDFUTURE:20260908T070000Z", "STATUS:CANCELLED", "LOCATION:CR-3",
    "ATTENDEE:mailto:a@b", "ATTENDEE:mailto:c@d", "ORGANIZER:mailto:x", "X-WR-TIMEZONE:Mars/Phobos",
])  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.lists(piece | st.text(max_size=30), max_size=40), st.booleans())
def test_any_file_is_read_or_refused_in_words(lines, framed):
    if framed:
        lines = ["BEGIN:VCALENDAR", "BEGIN:VEVENT", *lines, "END:VEVENT", "END:VCALENDAR"]
    try:
        found = read("\r\n".join(lines).encode("utf-8", "surrogatepass"))
    except Refusal:
        return
    for each in found.events:
        assert each.slot.starts < each.slot.ends
        assert each.title


@st.composite
def damaged(draw) -> bytes:
    """A good calendar, some stretches of which were written over, cut out or repeated."""
    content = bytearray(calendar(
        event("a", "20260907T070000Z", "20260907T080000Z", more="RRULE:FREQ=DAILY;COUNT=4"),
        event("b", "20260907T073000Z", "20260907T083000Z"), event("c", "20260908T070000Z", "20260908T080000Z", "CR-2"),
    ))  # fmt: skip
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(30, len(content)))
        end = at + draw(st.integers(0, 60))
        written = st.binary(max_size=12) | st.sampled_from([bytes(content[at:end]) * 2, b"\r\n", b"9", b":", b"\x00"])
        content[at:end] = draw(written)
    return bytes(content)


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(damaged())
def test_of_a_damaged_file_each_event_is_saved_or_refused_and_none_twice(sqlite_office, content):
    office = sqlite_office
    layout = LayoutForm("theatre", 10, valid_from=date(2026, 1, 1))
    for name in ("CR-2", "CR-3"):
        with suppress(Refusal):  # there from the example before
            office.write(add_space, SpaceForm(name, name, (name,), (layout,)))
    try:
        schedule = read(content)
    except Refusal:
        return
    done = office.write(import_bookings, schedule)
    assert len(done.ids) + len(done.refused) + done.unchanged == len(schedule.events)
    assert all(each.why for each in (*done.refused, *schedule.faults))
    assert race.overlaps(office.engine) == 0
    again = office.write(import_bookings, schedule)
    assert (again.ids, again.unchanged) == ((), len(done.ids) + done.unchanged)
    if done.undo is not None:
        office.write(done.undo.command, *done.undo.args)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 40), st.integers(1, 10), st.sampled_from("ab")), max_size=25))
def test_overlaps_are_those_of_brute_force(spans):
    start = datetime(2026, 9, 7, tzinfo=UTC)
    events = [
        Event(str(n), str(n), Slot(start + timedelta(hours=at), start + timedelta(hours=at + length)), room)
        for n, (at, length, room) in enumerate(spans)
    ]
    told = {frozenset((each.first.key, each.second.key)) for each in overlaps(events)}
    assert told == {
        frozenset((one.key, other.key)) for one, other in combinations(events, 2)
        if one.room == other.room and one.slot.overlaps(other.slot)
    }  # fmt: skip


def test_what_is_written_is_read_back_the_same():
    start = datetime(2026, 10, 20, 8, 0, tzinfo=UTC)
    items = [
        Written("one", "Café, größer; 中", Slot(start, start + timedelta(hours=1)), "CR-3", "Notes"),
        Written("many", "Weekly", Slot(start, start + timedelta(hours=2)), zone="Europe/Zurich",
                rule="FREQ=WEEKLY;COUNT=3", skipped=(datetime(2026, 10, 27, 10, 0),)),  # noqa: DTZ001
    ]  # fmt: skip
    found = read(write(items, start))
    assert found.faults == []
    assert {each.title for each in found.events} == {"Café, größer; 中", "Weekly"}
    weekly = [each.slot.starts for each in found.events if each.title == "Weekly"]
    assert weekly == [start, start + timedelta(days=14, hours=1)]


# --- saving


def test_what_fits_is_saved_and_the_rest_says_why(office, rooms):
    schedule = read(MONDAY)
    done = office.write(import_bookings, schedule)
    assert [row[0] for row in rows(office, select(Booking.title).order_by(Booking.title))] == ["a", "b"]
    assert [(each.event.title, each.why) for each in done.refused] == [
        ("c", "Mon 7 Sep 2026, 11:30-12:30: CR-3 is taken by B-000002 b (11:00-12:00)."),
        ("d", "No space is called Nowhere. Add it, or let the import make spaces."),
    ]
    assert [(each.title, each.why) for each in schedule.faults] == [
        ("e", "This event ends before it starts, or as it starts.")
    ]
    assert [(each.first.title, each.second.title) for each in overlaps(schedule.events)] == [("b", "c")]
    again = office.write(import_bookings, schedule)
    assert (again.ids, again.unchanged) == ((), 2)


def test_spaces_are_made_where_that_is_asked(office, rooms):
    done = office.write(import_bookings, read(MONDAY), True)
    assert [each.event.title for each in done.refused] == ["c"]
    assert rows(office, select(func.count()).select_from(BookingCell)) == [(3,)]
    withdrawn = office.write(done.undo.command, *done.undo.args)
    assert rows(office, select(Booking.status).distinct()) == [("cancelled",)]
    assert rows(office, select(func.count()).select_from(Notification)) == [(0,)]
    back = office.write(withdrawn.undo.command, *withdrawn.undo.args)
    assert rows(office, select(Booking.status).distinct()) == [("confirmed",)]
    again = office.write(import_bookings, read(MONDAY))
    assert (again.ids, again.unchanged) == ((), len(done.ids))
    # What was taken back gave up its keys: the same file can be brought in again, and is there once.
    withdrawn = office.write(back.undo.command, *back.undo.args)
    again = office.write(import_bookings, read(MONDAY))
    assert (len(again.ids), again.unchanged) == (len(done.ids), 0)
    assert rows(office, select(func.count()).select_from(Booking).where(Booking.status == "confirmed")) == [(3,)]
    with pytest.raises(Refusal, match="brought in again since then"):
        office.write(withdrawn.undo.command, *withdrawn.undo.args)


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(st.integers(0, 60), st.integers(1, 8), st.integers(0, 2)), max_size=25))
def test_of_random_schedules_what_is_saved_never_overlaps(sqlite_office, spans):
    office = sqlite_office
    start = datetime(2026, 9, 7, tzinfo=UTC)
    events = [
        event(f"{n}", f"{start + timedelta(minutes=15 * at):%Y%m%dT%H%M%SZ}",
              f"{start + timedelta(minutes=15 * (at + length)):%Y%m%dT%H%M%SZ}", f"Room {room}")
        for n, (at, length, room) in enumerate(spans)
    ]  # fmt: skip
    layout = LayoutForm("theatre", 10, valid_from=date(2026, 1, 1))
    for name in ("Room 0", "Room 1", "Room 2"):
        with suppress(Refusal):  # there from the example before
            office.write(add_space, SpaceForm(name, name, (name,), (layout,)))
    schedule = read(calendar(*events)) if events else None
    if schedule is None:
        return
    done = office.write(import_bookings, schedule)
    assert len(done.ids) + len(done.refused) + done.unchanged == len(schedule.events)
    assert race.overlaps(office.engine) == 0
    # What was refused has something of those saved in its way.
    for each in done.refused:
        assert "is taken by" in each.why
