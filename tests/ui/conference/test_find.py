"""Finding a space and booking a series by the keyboard alone; the rooms' own page; every paper from the window."""

from __future__ import annotations

from datetime import date, timedelta

from icalendar import Calendar
from PySide6.QtCore import Qt

from cbo_desk.conference import BookingForm, BookingList, Status, book, booking_card
from tests.ui.conference.conftest import at, slot
from ui.conference.series import SeriesBox
from ui.kit.labels import Label


def rows(clerk):
    return clerk.window.runner.office.read(BookingList().first)


def test_a_sentence_finds_a_space_and_enter_holds_it(clerk):
    clerk.run("find")
    view = clerk.page.view
    assert view.sentence.hasFocus()
    clerk.type("90 people, classroom, 9-12, tomorrow, karaoke")
    clerk.press(Qt.Key.Key_Return)
    clerk.until(lambda: view.answer is not None)
    assert "karaoke" in view.unread.words()
    assert [hit.offer.space.name for hit in view.answer.hits][:2] == ["Room 2", "Room 3"]
    clerk.until(lambda: view.results.rows[0].hasFocus())
    clerk.press(Qt.Key.Key_Down)
    clerk.until(lambda: view.offer_card.hit is not None and view.offer_card.hit.offer.space.name == "Room 3")
    clerk.press(Qt.Key.Key_Return)
    form = clerk.form()
    clerk.type("Media training")
    form.set_values({"people": 90})
    clerk.save()
    clerk.gone()
    booked = next(line.row for line in rows(clerk) if line.row.title == "Media training")
    assert (booked.space, booked.status, booked.people) == ("R3", Status.HOLD, 90)


def test_nothing_to_go_by_is_said_in_words(clerk):
    clerk.run("find")
    clerk.type("hello")
    clerk.press(Qt.Key.Key_Return)
    clerk.until(lambda: "Say how many people" in clerk.page.summary.words())
    clerk.type("100000 people today 9-12")
    clerk.press(Qt.Key.Key_Return)
    clerk.until(lambda: clerk.page.view.answer is not None)
    clerk.still()


def test_a_series_is_reported_before_it_is_saved(clerk):
    clerk.window.shell.actions_.run("conference.new")
    form = clerk.form()
    clerk.type("Daily briefing")
    form.set_values({
        "people": 20, "kind": "boardroom", "space_id": clerk.rooms.spaces["R4"], "starts": "10", "ends": "11",
        "recurs": "WEEKDAYS", "times": 5,
    })  # fmt: skip
    clerk.save()
    clerk.until(lambda: isinstance(clerk.window.shell._overlay and clerk.window.shell._overlay.box, SeriesBox))
    box = clerk.window.shell._overlay.box
    assert (len(box.report.free), len(box.report.conflicts)) == (4, 1)
    assert "Budget review" in box.report.conflicts[0].sentence
    assert "4" in box.save_button.text()
    first = next(iter(box.skips.values()))
    first.setChecked(False)
    assert not box.save_button.isEnabled()
    first.setChecked(True)
    box.save_button.setFocus()
    clerk.press(Qt.Key.Key_Space)
    clerk.gone()
    clerk.still()
    made = [line.row for line in rows(clerk) if line.row.title == "Daily briefing"]
    assert sorted(row.status for row in made) == [Status.CANCELLED, *[Status.HOLD] * 4]


def test_the_rooms_are_entered_closed_and_counted(clerk):
    clerk.page.show_view("spaces")
    clerk.still()
    clerk.run("add_space")
    form = clerk.form()
    clerk.type("PAV")
    form.set_values({"name": "Pavilion", "cells": "P", "capacity": 400, "setup": 30})
    clerk.save()
    clerk.gone()
    clerk.page.view.list.show_record(7)
    clerk.until(lambda: clerk.page.view.shown is not None and clerk.page.view.shown.name == "Pavilion")
    clerk.run("close_space")
    form = clerk.form()
    clerk.type("24 Aug 2026")
    form.set_values({"last": None, "reason": "Carpet"})
    form.editors["last"].line.setText("30 Aug 2026")
    clerk.save()
    clerk.gone()
    clerk.until(lambda: len(clerk.page.view.shown.closures) == 1)
    clerk.run("set_ceiling")
    form = clerk.form()
    form.set_values({"kind": "parking", "most": 200})
    form.editors["start"].line.setText("1 Sep 2026")
    clerk.save()
    clerk.gone()
    clerk.run("set_ranks")
    form = clerk.form()
    form.editors["start"].line.setText("24 Aug 2026")
    form.set_values({"rank1": 2, "rank2": 2})
    clerk.save()
    assert "stands further up" in clerk.fault("rank2")
    form.set_values({"rank2": 1})
    clerk.save()
    clerk.gone()


def test_every_paper_and_the_use_of_rooms(clerk, tmp_path, monkeypatch):
    paths = []

    def save(_parent, _title, name, _kinds, _what, _preferences, chosen):
        paths.append(tmp_path / name)
        chosen(paths[-1])

    monkeypatch.setattr("ui.conference.papers.ask_save", save)
    clerk.page.show_booking(clerk.rooms.bookings["Urban forum"])
    clerk.until(lambda: clerk.page.card.card is not None)
    for name in ("sheet", "sign", "quotation", "calendar", "day_sheet", "export_desk"):
        clerk.run(name)
    clerk.until(lambda: len(paths) == 6 and all(path.exists() for path in paths))
    clerk.page.show_view("spaces")
    clerk.page.view.list.show_record(clerk.rooms.spaces["HALL-A"])
    clerk.until(lambda: clerk.page.view.shown is not None)
    clerk.run("space_calendar")
    clerk.until(lambda: len(paths) == 7 and paths[-1].exists())
    [event] = Calendar.from_ical(paths[-1].read_bytes()).walk("VEVENT")
    assert (str(event["SUMMARY"]), event.decoded("DTSTART")) == ("Governing committee", at(10))
    for view in ("season", "use"):
        clerk.page.show_view(view)
        clerk.still()
    assert "100 %" not in clerk.page.summary.words()


def test_a_scanned_door_opens_the_room_s_day(clerk):
    clerk.page.show_view("bookings")
    late = clerk.page.view.list
    clerk.window.bench.open_record("conference.space", clerk.rooms.spaces["R4"])
    clerk.until(lambda: clerk.page.card.card is not None and clerk.page.card.card.row.title == "Budget review")
    assert clerk.page.tabs.current() == "day"
    assert "Room 4: Budget review" in clerk.page.summary.words()
    # A row of the list that the eye settles on only now, behind the day, does not take the card away.
    late.chosen.emit(clerk.rooms.bookings["Urban forum"])
    clerk.still()
    assert clerk.page.card.card.row.title == "Budget review"
    assert booking_card


def test_a_number_out_of_all_bounds_is_said_beside_its_field(clerk):
    clerk.run("find")
    view = clerk.page.view
    for typed, words in (
        ("99,999,999 people, today", "At most 1,000,000 people"), ("9" * 400 + " people, today", "At most 1,000,000"),
        ("90 people, today, 12-9", "The end comes after the start"),
    ):  # fmt: skip
        clerk.type(typed)
        clerk.press(Qt.Key.Key_Return)
        clerk.until(lambda words=words: view.fault.isVisible() and words in view.fault.words())
    clerk.run("find_fields")
    form = clerk.form()
    good = {"people": 90, "kind": "classroom", "starts": "9", "ends": "12", "languages": "", "count": 1, "cars": None}
    for values, field, words in (
        ({"people": 99_999_999}, "people", "At most 1,000,000 people"),
        ({"people": 0}, "people", "Say how many"), ({"starts": "12", "ends": "9"}, "ends", "after the start"),
        ({"ends": "25"}, "ends", "Give a time"), ({"count": 32}, "count", "31 at most"),
        ({"languages": "Klingon"}, "languages", "klingon"), ({"cars": 10**7}, "cars", "At most 100,000 cars"),
    ):  # fmt: skip
        form.set_values(good | values)
        clerk.save()
        assert words in clerk.fault(field), field
    form.set_values(good)
    clerk.save()
    clerk.gone()
    clerk.until(lambda: view.answer is not None and view.answer.hits)
    assert view.sentence.text().startswith("90 people, classroom, 09:00-12:00, 24 Aug 2026")
    assert not view.fault.isVisible()


def test_a_search_is_kept_and_asked_again_on_days_that_are_to_come(clerk, clock):
    clerk.run("find")
    view = clerk.page.view
    clerk.type("90 people, classroom, 9-12, 25 Aug 2026")
    clerk.press(Qt.Key.Key_Return)
    clerk.until(lambda: view.answer is not None)
    clerk.run("find.keep_view")
    clerk.form().set_values({"name": "Tuesdays"})
    clerk.save()
    clerk.gone()
    view.searches.choose("new")
    assert (view.sentence.text(), view.answer) == ("", None)
    clock.now += timedelta(days=8)
    view.searches.choose("saved:Tuesdays")
    clerk.until(lambda: view.answer is not None and view.answer.request.days == (date(2026, 9, 1),))
    clerk.still()
    assert "same weekdays from Tue 1 Sep" in view.unread.words()
    assert view.answer.hits


def test_spaces_are_compared_side_by_side_and_held_by_their_number(clerk):
    clerk.run("find")
    view = clerk.page.view
    clerk.type("90 people, classroom, 9-12, tomorrow")
    clerk.press(Qt.Key.Key_Return)
    clerk.until(lambda: view.answer is not None and view.results.rows and view.results.rows[0].hasFocus())
    clerk.press(Qt.Key.Key_Space)
    for _ in range(3):
        clerk.press(Qt.Key.Key_Down)
    clerk.press(Qt.Key.Key_Space)
    assert "2 spaces to compare" in clerk.page.summary.words()
    clerk.press(Qt.Key.Key_V)
    box = clerk.window.shell._overlay.box
    assert [hit.offer.space.name for hit in box.hits] == ["Room 2", "Hall A"]
    assert dict(box.rows())["Seats"] == ["96", "600"]
    clerk.press(Qt.Key.Key_2)
    form = clerk.form()
    clerk.until(lambda: "title" in clerk.form().editors)
    form = clerk.form()
    clerk.type("Side by side")
    assert form.editors["title"].value() == "Side by side"
    clerk.save()
    clerk.gone()
    booked = next(line.row for line in rows(clerk) if line.row.title == "Side by side")
    assert booked.space == "HALL-A"


def test_a_meeting_that_no_room_seats_is_held_in_two(clerk):
    clerk.run("find")
    view = clerk.page.view
    clerk.type("700 people, classroom, 9-12, tomorrow")
    clerk.press(Qt.Key.Key_Return)
    clerk.until(lambda: view.answer is not None)
    both = view.answer.splits[0].split
    assert (both.main.space.name, both.main.people, both.overflow.people) == ("Hall A", 600, 100)
    clerk.until(lambda: view.results.rows[0].hasFocus())
    clerk.press(Qt.Key.Key_Return)
    clerk.until(lambda: clerk.window.shell._overlay is not None)
    clerk.type("Town hall")
    clerk.save()
    clerk.gone()
    made = {line.row.space: line.row for line in rows(clerk) if line.row.title.startswith("Town hall")}
    assert {code: row.people for code, row in made.items()} == {"HALL-A": 600, both.overflow.space.code: 100}
    notes = clerk.window.runner.office.read(booking_card, made["HALL-A"].id).notes
    assert f"The overflow is {made[both.overflow.space.code].reference}" in notes
    clerk.still()
    clerk.until(lambda: view.results.rows and view.results.rows[0].hasFocus())
    assert not view.answer.hits
    assert clerk.window.shell.actions_.run("undo")
    clerk.still()
    assert {line.row.status for line in rows(clerk) if line.row.title.startswith("Town hall")} == {Status.CANCELLED}


def test_where_nothing_fits_the_page_says_what_helps_and_w_lets_it_wait(clerk):
    office = clerk.window.runner.office
    for n, code in enumerate(("R2", "R3", "R4", "HALL-A")):
        form = BookingForm(f"Retreat {n}", 40, kind="theatre")
        office.write(book, form, slot(6, 21, 1), clerk.rooms.spaces[code], Status.CONFIRMED)
    clerk.run("find")
    view = clerk.page.view
    clerk.type("90 people, classroom, 9-12, tomorrow")
    clerk.press(Qt.Key.Key_Return)
    clerk.until(lambda: view.answer is not None and view.results.rows)
    answer = view.answer
    assert not answer.hits
    said = " ".join(label.words() for label in view.results.findChildren(Label))
    # What was asked for, why no space fits it, each by its name, and the day after.
    assert "No single space fits 90 people · classroom · Tue 25 Aug, 09:00–12:00" in said
    assert dict(answer.refused) == {"taken": 6}
    assert {miss.space.code for miss in (*answer.misses, *answer.others)} == set(clerk.rooms.spaces)
    assert "R2 is taken by B-000004 Retreat 0 (05:15-21:30)" in said
    assert [each.request.days for each in answer.other_times][0] == (date(2026, 8, 26),)
    # Another day is one press away, and is met.
    clerk.until(lambda: view.results.rows[0].hasFocus())
    other = next(row for row in view.results.rows if "Wed 26 Aug" in row.accessibleName())
    other.setFocus()
    clerk.press(Qt.Key.Key_Return)
    clerk.until(lambda: view.answer is not None and view.answer.hits)
    assert "26 Aug 2026" in view.sentence.text()
    assert not clerk.window.shell.actions_.run("conference.wait"), "what can be had need not wait"
    # Or it waits: W, who meets, saved; and is given the room that frees.
    view.sentence.setFocus()
    clerk.type("90 people, classroom, 9-12, tomorrow")
    clerk.press(Qt.Key.Key_Return)
    clerk.until(lambda: view.answer is not None and view.may_wait and view.results.rows[0].hasFocus())
    clerk.press(Qt.Key.Key_W)
    clerk.form()
    clerk.type("Patient people")
    clerk.save()
    clerk.gone()
    clerk.still()
    [waits] = [line.row for line in rows(clerk) if line.row.title == "Patient people"]
    assert (waits.status, waits.people, waits.starts) == (Status.WAITLIST, 90, at(9, 1))
    # What no room will ever seat is not put on the waitlist, and says so.
    view.sentence.setFocus()
    clerk.type("5000 people, tomorrow, 9-12")
    clerk.press(Qt.Key.Key_Return)
    clerk.until(lambda: view.answer is not None and view.answer.request.people == 5000)
    assert not view.may_wait
    assert view.results.wait_button is None
    assert dict(view.answer.refused) == {"seats": 6}
    assert "4,100 seats short" in {miss.words for miss in view.answer.others}
