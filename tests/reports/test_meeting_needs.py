"""What of the meetings waits on Today: holds that end, rooms to be set up; counted once they are many."""

from __future__ import annotations

from datetime import date, timedelta

from cbo_desk.conference import BookingForm, LayoutForm, Slot, SpaceForm, Status, add_space, book, extend_hold
from cbo_desk.reports import What, meeting_needs
from tests.conftest import MORNING
from ui.today.words import worded


def test_holds_that_end_and_rooms_to_be_set_up(office, clock):
    layouts = (LayoutForm("classroom", 60, 60, 15, date(2026, 1, 1)),)
    spaces = [office.write(add_space, SpaceForm(f"R{n}", f"Room {n}", (f"{n}",), layouts)).ids[0] for n in range(5)]
    slot = Slot(MORNING + timedelta(hours=2), MORNING + timedelta(hours=4))
    office.write(book, BookingForm("Soon", 20), slot, spaces[0], Status.CONFIRMED)
    later = Slot(MORNING + timedelta(days=9), MORNING + timedelta(days=9, hours=2))
    held = [office.write(book, BookingForm(f"Held {n}", 20), later, space).ids[0] for n, space in enumerate(spaces[:4])]
    assert [(need.what, need.name) for need in office.read(meeting_needs)] == [(What.SETUP_DUE, "Room 0")]
    for ident in held[:2]:
        office.write(extend_hold, ident, MORNING + timedelta(hours=3))
    found = office.read(meeting_needs)
    assert [(need.what, need.name) for need in found[:2]] == [
        (What.HOLD_ENDS, "Room 0"),
        (What.HOLD_ENDS, "Room 1"),
    ]
    assert found[0].detail == "Wed 2 Sep 09:00 · Held 0 · B-000002"
    shown = worded(found[0], clock.now)
    assert (shown.title, shown.status.word) == ("Hold on Room 0 runs out at 12:00", "In 3 h")
    assert worded(found[0], clock.now + timedelta(minutes=102)).status.word == "In 1 h 18 min"
    for ident in held[2:]:
        office.write(extend_hold, ident, MORNING + timedelta(hours=4))
    assert [need.count for need in office.read(meeting_needs)] == [4, 1]
    clock.now += timedelta(days=3)
    assert office.read(meeting_needs) == []
