"""Bad input at the conference desk, on either engine: each is said where it happened, and nothing is half saved."""

from __future__ import annotations

from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest
from PySide6.QtCore import Qt
from sqlalchemy import func, select

from cbo_desk.conference import (
    BookingForm,
    Status,
    book,
    booking_card,
    cancel_bookings,
    choose_units,
    close_cells,
    end_layout,
)
from cbo_desk.conference.project import PhaseForm, add_phase, make_effective
from db.conference import Booking, BookingCell, BookingSeries, BookingUnit, CellClosure, SpaceLayout
from db.records import Notification
from tests.furnished import made_once
from tests.ui.conference.conftest import Clerk, furnish, slot
from tests.writing import rows
from ui.conference.bringing import bring_in
from ui.conference.series import SeriesBox

TABLES = (Booking, BookingCell, BookingUnit, BookingSeries, CellClosure, SpaceLayout, Notification)


def held(office):
    """How much there is, by every table that a deed of this desk could half write."""
    return [rows(office, select(func.count()).select_from(each))[0][0] for each in TABLES]


@made_once
def furnish_traps(office) -> SimpleNamespace:
    """The rooms with a carpet being laid in Room 3 on this morning, a team that is out, a layout that ended, and two
    phases: one that has closed Room 4 from Thursday on, and one that would close the hall where somebody still is."""
    made = furnish(office)
    budget = made.bookings["Budget review"]
    office.write(close_cells, ["3"], slot(7, 10), "Carpet")
    office.write(choose_units, budget, office.read(booking_card, budget).version, [made.teams[0]])
    wanted = select(SpaceLayout.id).where(SpaceLayout.space_id == made.spaces["R2"], SpaceLayout.kind == "boardroom")
    office.write(end_layout, rows(office, wanted)[0][0], date(2026, 8, 25))
    first = PhaseForm("Phase 1", "Room 4", date(2026, 8, 27), date(2026, 12, 31), cells=("4",))
    office.write(make_effective, office.write(add_phase, first).ids[0], 1)
    office.write(add_phase, PhaseForm("Phase 2", "The hall", date(2026, 9, 7), date(2026, 12, 31), cells=("A",)))
    form = BookingForm("Plenary", 500, kind="theatre")
    made.left = office.write(book, form, slot(10, 13, 15), made.spaces["HALL-A"], Status.CONFIRMED).ids[0]
    return made


@pytest.fixture
def clerk(qtbot, open_window, office):
    """A clerk at the day, once on each engine."""
    made = furnish_traps(office)
    clerk = Clerk(qtbot, open_window(office, "conference"))
    clerk.rooms = made
    clerk.still()
    return clerk


def test_bad_input_stands_beside_its_field_and_nothing_is_saved(clerk, office):
    before = held(office)
    room, joined, four = (clerk.rooms.spaces[code] for code in ("R2", "R2+3", "R4"))
    clerk.window.shell.actions_.run("conference.new")
    form = clerk.form()
    clerk.type("Trouble")
    good = {"people": 20, "kind": "classroom", "day": date(2026, 8, 24), "starts": "8", "ends": "9", "space_id": room}
    for values, field, words in (
        ({"people": 500}, "people", "Room 2 seats 96 as classroom, not 500"),
        ({"people": 1_000_001}, "people", "seats 96 as classroom, not 1000001"),
        ({"people": 99_999_999_999}, "people", "seats 96 as classroom, not 99999999999"),
        ({"people": 0}, "people", "one at least"),
        ({"visitors": 21}, "visitors", "Of 20 people, none to all are visitors"),
        ({"starts": "12", "ends": "9"}, "ends", "The end comes after the start"),
        ({"starts": "9", "ends": "9"}, "ends", "The end comes after the start"),
        ({"starts": "noon"}, "starts", "Give a time such as 10:00"),
        ({"starts": "15", "ends": "16"}, "space_id", "taken by B-000003 Urban forum"),
        ({"kind": "plenary"}, "kind", "has no layout plenary on that day"),
        ({"kind": "boardroom", "day": date(2026, 8, 26)}, "kind", "Room 2 has no layout boardroom on that day"),
        ({"space_id": joined}, "space_id", "a part of R2+3 is closed (Carpet)"),
        # Its clear-down reaches into the day on which the phase begins.
        ({"space_id": four, "day": date(2026, 8, 26), "starts": "22", "ends": "23:50"}, "space_id", "closed (Phase 1"),
        ({"space_id": four, "day": date(2026, 8, 27)}, "space_id", "closed (Phase 1"),
        ({"starts": "10", "ends": "11", "units": "EN-FR 1"}, "space_id", "EN-FR 1 is with B-000002"),
        ({"units": "EN-FR 9"}, "units", "No team or set is called EN-FR 9"),
        ({"recurs": "DAILY", "times": 1}, "times", "Say how often"),
        ({"recurs": "DAILY", "times": 401}, "times", "a number from 2 to 400"),
        ({"recurs": "DAILY", "times": 3, "space_id": None}, "space_id", "A series needs its space"),
    ):  # fmt: skip
        form.set_values({"units": "", "recurs": "", "times": None, "visitors": None, **good, **values})
        clerk.save()
        clerk.until(lambda field=field, words=words: words in clerk.fault(field))
        assert held(office) == before, (values, words)
    # A series of which some days cannot be had is shown before anything is saved, and nothing is.
    form.set_values({**good, "space_id": four, "recurs": "DAILY", "times": 5, "visitors": None})
    clerk.save()
    clerk.until(lambda: isinstance(clerk.window.shell._overlay.box, SeriesBox))
    box = clerk.window.shell._overlay.box
    assert (len(box.report.free), len(box.report.conflicts)) == (3, 2)
    assert all("closed (Phase 1" in each.sentence for each in box.report.conflicts)
    box.close_it()
    clerk.still()
    assert held(office) == before


def test_a_move_and_a_phase_that_a_rule_forbids_are_refused_in_words(clerk, office):
    before = held(office)
    budget = clerk.rooms.bookings["Budget review"]
    clerk.page.show_booking(budget)
    clerk.until(lambda: clerk.page.card.card is not None and clerk.page.card.card.row.id == budget)
    clerk.run("place")
    clerk.form().set_values({"day": date(2026, 8, 27)})
    clerk.save()
    clerk.until(lambda: "closed (Phase 1" in clerk.fault("space_id"))
    clerk.press(Qt.Key.Key_Escape)
    clerk.gone()
    clerk.page.show_view("project")
    clerk.until(lambda: clerk.page.view.phase() is not None and clerk.page.view.phase().code == "Phase 2")
    clerk.until(
        lambda: clerk.page.view.phase_card.card is not None and clerk.page.view.phase_card.card.row.affected == 1
    )
    clerk.run("project.effective")
    clerk.until(lambda: "B-000004 Plenary would lose their place. Relocate them first" in clerk.told())
    assert clerk.page.view.phase().state == "planned"
    assert held(office) == before
    # The negative control: with nobody left, the same key closes the hall.
    office.write(cancel_bookings, [clerk.rooms.left])
    clerk.page.view.enter()
    clerk.until(lambda: clerk.page.view.phase_card.card.row.affected == 0)
    clerk.run("project.effective")
    clerk.until(lambda: clerk.page.view.phase().state != "planned")
    assert held(office)[4] == before[4] + 1


HEAD = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//T//T//EN\r\n"


def ics(*events):
    """A calendar of events, a text each."""
    body = "".join(
        f"BEGIN:VEVENT\r\nUID:{n}\r\nSUMMARY:m{n}\r\nDTSTAMP:20260801T000000Z\r\n{event}\r\nEND:VEVENT\r\n"
        for n, event in enumerate(events)
    )
    return f"{HEAD}{body}END:VCALENDAR\r\n".encode()


HOSTILE = (
    (b"", "neither an iCalendar file nor"),
    (b"hello", "neither an iCalendar file nor"),
    (b"\x00\xff" * 1000, "neither an iCalendar file nor"),
    (b"BEGIN:VCALENDAR\r\n" * 2000, "cut off"),
    (b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART", "cut off"),
    (b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "no events in this calendar"),
    (ics("LOCATION:R2\r\nDTSTART:20260907T060000Z\r\nDURATION:PT1H", "LOCATION:R2")[:-30], "cut off"),
    (b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'c'>]><schedule>&b;</schedule>", "declares entities"),
    (b"<schedule><day>", "damaged"),
    (b" " * 20_000_001, "larger than 20 MB"),
)
AT = "LOCATION:R2\r\nDTSTART:20260907T{}00Z\r\nDTEND:20260907T{}00Z"
UNSAVED = (
    (AT.format("1000", "0900"), "ends before it starts"),
    ("LOCATION:R2\r\nDTSTART:20260908T100000Z\r\nDTEND:20261231T100000Z", "31 days"),
    ("LOCATION:R2\r\nDTSTART:20260907T130000Z\r\nDURATION:PT2H\r\nRRULE:FREQ=SECONDLY", "by days, weeks, months"),
    ("LOCATION:R2\r\nDTSTART:20260907T130000Z\r\nDURATION:PT2H\r\nRRULE:FREQ=DAILY", "more than 1,000 occurrences"),
    ("LOCATION:R2\r\nDTSTART:20260907T130000Z\r\nDURATION:PT25H\r\nRRULE:FREQ=DAILY;COUNT=9", "lasts longer than"),
    ("LOCATION:R2\r\nDTSTART:99999999T999999Z", "damaged"),
    ("LOCATION:Nowhere\r\nDTSTART:20260907T130000Z\r\nDURATION:PT1H", "No space is called Nowhere"),
    ("LOCATION:R4\r\nDTSTART:20260826T200000Z\r\nDTEND:20260826T220000Z", "closed (Phase 1"),
    ("LOCATION:R2+3\r\nDTSTART:20260824T050000Z\r\nDTEND:20260824T060000Z", "closed (Carpet)"),
    ("LOCATION:R2\r\nDTSTART:20260824T120000Z\r\nDTEND:20260824T130000Z", "taken by B-000003"),
    ("LOCATION:R2\r\n" + "ATTENDEE:mailto:a@b.example\r\n" * 191 + "DTSTART:20260907T060000Z\r\nDURATION:PT1H",
     "R2 seats 190, not 191"),
)  # fmt: skip


def test_a_broken_or_hostile_calendar_is_said_and_what_fits_of_others_keeps_its_hours(clerk, office, tmp_path):
    before = held(office)
    for number, (content, words) in enumerate(HOSTILE):
        file = tmp_path / f"bad{number}.ics"
        file.write_bytes(content)
        bring_in(clerk.page.bench, clerk.page, file)
        clerk.until(lambda words=words: words in clerk.told())
        assert clerk.window.shell._overlay is None
        clerk.window.shell.toasts.close_it()
    assert held(office) == before
    file = tmp_path / "unsaved.ics"
    file.write_bytes(ics(*(event for event, _words in UNSAVED)))
    bring_in(clerk.page.bench, clerk.page, file)
    clerk.until(lambda: clerk.window.shell._overlay is not None)
    box = clerk.window.shell._overlay.box
    assert box.summary.words() == f"0 bookings saved · {len(UNSAVED)} not saved"
    told = {row.title: row.why for row in box.model.rows}
    for number, (_event, words) in enumerate(UNSAVED):
        assert words in told[f"m{number}"]
    assert held(office) == before
    clerk.press(Qt.Key.Key_Escape)
    clerk.gone()
    # A room that nobody knows can be made from here, with what is for it; the rest is refused as before.
    bring_in(clerk.page.bench, clerk.page, file)
    clerk.until(lambda: clerk.window.shell._overlay is not None)
    again = clerk.window.shell._overlay.box
    assert again.make_button.accessibleName() == "Make 1 space and bring in the rest"
    again.make_button.click()
    clerk.until(lambda: clerk.window.shell._overlay is not None and clerk.window.shell._overlay.box is not again)
    box = clerk.window.shell._overlay.box
    assert box.summary.words() == f"1 booking saved · {len(UNSAVED) - 1} not saved"
    assert box.make_button is None
    clerk.press(Qt.Key.Key_Escape)
    clerk.gone()
    # A guest's series over the change of clocks: ten in Geneva stays ten there, and two real hours stay two.
    zone = "LOCATION:R2\r\nDTSTART;TZID=Europe/Zurich:{}\r\nDURATION:PT2H\r\nRRULE:FREQ=WEEKLY;COUNT=2"
    file = tmp_path / "guest.ics"
    until = zone.format("20261019T100000").replace("COUNT=2", "UNTIL=20261026")
    file.write_bytes(ics(until, zone.format("20261018T013000")))
    bring_in(clerk.page.bench, clerk.page, file)
    clerk.until(lambda: clerk.window.shell._overlay is not None)
    box = clerk.window.shell._overlay.box
    assert box.summary.words() == "4 bookings saved · 0 not saved"
    # Its rule names a day where it should name an instant: the day is in it, and that is said.
    assert [(row.title, row.saved) for row in box.model.rows] == [("m0", True)]
    assert "ends on Mon 26 Oct 2026 without an hour" in box.model.rows[0].why
    box.close_it()
    clerk.gone()
    wanted = select(Booking.starts, Booking.ends).where(Booking.title.in_(("m0", "m1"))).order_by(Booking.starts)
    assert rows(office, wanted) == [
        (datetime(2026, 10, 17, 23, 30, tzinfo=UTC), datetime(2026, 10, 18, 1, 30, tzinfo=UTC)),
        (datetime(2026, 10, 19, 8, tzinfo=UTC), datetime(2026, 10, 19, 10, tzinfo=UTC)),
        (datetime(2026, 10, 24, 23, 30, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)),
        (datetime(2026, 10, 26, 9, tzinfo=UTC), datetime(2026, 10, 26, 11, tzinfo=UTC)),
    ]
    clerk.undo()
    clerk.until(
        lambda: rows(office, select(Booking.status).where(Booking.title == "m0").distinct()) == [("cancelled",)]
    )
