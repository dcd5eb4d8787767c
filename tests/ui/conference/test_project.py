"""The capital project on the screen: from a phase to rooms that are closed, by keys alone."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from cbo_desk.conference import BookingForm, LayoutForm, Slot, SpaceForm, Status, add_space, book, cancel_bookings
from cbo_desk.conference.project import PhaseForm, SeatsForm, add_phase, plans
from cbo_desk.context import ZONE
from tests.furnished import made_once
from tests.ui.conference.conftest import FIRST, Clerk, furnish, open_window  # noqa: F401
from ui.kit.buttons import Button
from ui.kit.labels import Label
from ui.kit.theme import apply_theme, px


def at(hour: float, day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=ZONE) + timedelta(hours=hour)


@pytest.fixture
def project(office):
    """See `furnish_project`."""
    return furnish_project(office)


@made_once
def furnish_project(office):
    """Rooms 5 and a pavilion besides; phase 2 closes Hall A and Room 2 in autumn, where eight meetings are."""
    furnish(office)
    for code, name, cells, seats in (("R5", "Room 5", ("5",), 130), ("PAV", "Pavilion", ("P",), 380)):
        forms = (LayoutForm("theatre", seats * 3 // 2, 30, 15, FIRST), LayoutForm("classroom", seats, 30, 15, FIRST))
        office.write(add_space, SpaceForm(code, name, cells, forms))
    spaces = {code: office.read(_space_id, code) for code in ("HALL-A", "R2", "PAV")}
    monday = date(2026, 10, 5)
    for number, (title, people, code, day, hour) in enumerate((
        ("Governing council", 350, "HALL-A", 0, 10), ("Energy ministers’ dialogue", 320, "HALL-A", 1, 10),
        ("Oceans working group", 88, "R2", 1, 10), ("Donor round table", 52, "R2", 2, 15),
        ("Air quality panel", 60, "R2", 3, 10), ("Cities forum", 370, "HALL-A", 8, 10),
    )):  # fmt: skip
        start = monday + timedelta(days=day)
        form = BookingForm(title, people, 3 + number % 3, kind="classroom", contact="desk@example.org")
        slot = Slot(at(hour, start), at(hour + 3, start))
        office.write(book, form, slot, spaces[code], Status.CONFIRMED)
    slot = Slot(at(10, monday + timedelta(days=1)), at(13, monday + timedelta(days=1)))
    office.write(
        book, BookingForm("Statutory session", 300, 1, kind="classroom"), slot, spaces["PAV"], Status.CONFIRMED
    )
    seats = (SeatsForm("HALL-A", "theatre", 1600, True), SeatsForm("HALL-A", "classroom", 1000, True))
    office.write(add_phase, PhaseForm("Phase 1", "Room 5", date(2026, 6, 1), date(2026, 8, 30), cells=("5",)))
    return office.write(add_phase, PhaseForm(
        "Phase 2", "Hall A and Room 2", date(2026, 9, 7), date(2027, 2, 28), date(2026, 9, 28), date(2027, 3, 21),
        date(2026, 9, 7), date(2026, 12, 7), cells=("A", "2"), seats=seats,
    )).ids[0]  # fmt: skip


def _space_id(session, code):
    from sqlalchemy import select

    from db.conference import ConferenceSpace

    return session.scalar(select(ConferenceSpace.id).where(ConferenceSpace.code == code))


_space_id.rule = plans.rule


SOLVED_MS = 90_000
"""A plan is computed beside the window, which on a busy computer takes its time."""


class Planner(Clerk):
    """Hands that wait for what a solver makes."""

    patience_ms = SOLVED_MS


@pytest.fixture
def clerk(sqlite_office, project, open_window, qtbot):  # noqa: F811
    window = open_window(sqlite_office, "conference")
    hands = Planner(qtbot, window)
    hands.page.show_view("project")
    hands.still()
    return hands


def picture(clerk, name: str) -> None:
    """Leave pictures where somebody wants to look at them: light, dark, and on the smallest screen at 125 %."""
    folder = os.environ.get("CBO_PICTURES")
    if not folder:
        return  # every widget of the window would be polished anew for nobody, four times
    window, app = clerk.window.shell, QApplication.instance()
    for theme, scale, size in (("light", 1.0, (1440, 900)), ("dark", 1.0, (1440, 900)), ("light", 1.25, (1366, 768))):
        apply_theme(app, theme, scale)
        window.resize(*size)
        for _ in range(4):
            QApplication.processEvents()
        Path(folder).mkdir(parents=True, exist_ok=True)
        window.grab().save(f"{folder}/{name}_{theme}_{scale}.png")
    apply_theme(app, "light", 1.0)


def assert_legend_ends_above_the_foot(clerk):
    """On the smallest screen at 125 %, with three phases and a month short of seats: a legend at its longest."""
    picture, app, window = clerk.page.view.picture, QApplication.instance(), clerk.window.shell
    apply_theme(app, "light", 1.25)
    window.resize(1366, 768)
    app.processEvents()
    known = picture.outlook
    months = (replace(known.months[0], short=1), *known.months[1:])
    picture.outlook = replace(known, months=months, phases=(*known.phases, known.phases[0]))
    drawn = picture.grab().toImage()
    foot = picture.height() - px(22)
    assert len({drawn.pixel(x, y) for x in range(px(14), px(120)) for y in range(foot - 4, foot)}) == 1
    picture.outlook = known
    apply_theme(app, "light", 1.0)
    window.resize(1440, 900)
    app.processEvents()


@pytest.fixture
def office(sqlite_office):
    return sqlite_office


def test_from_the_picture_to_a_closed_hall_by_keys(clerk, office, project):
    view = clerk.page.view
    assert view.phase_id == project
    assert "6 bookings to move before Phase 2" in clerk.page.summary.text()
    view.picture.setFocus()
    before = view.picture.words()
    clerk.press(Qt.Key.Key_Right)
    clerk.press(Qt.Key.Key_Right)
    assert view.picture.words() != before
    assert "rooms" in view.picture.words()
    picture(clerk, "capacity")
    assert_legend_ends_above_the_foot(clerk)
    clerk.press(Qt.Key.Key_Return)
    clerk.still()
    clerk.press(Qt.Key.Key_S)
    # What had the key keeps the keys: they do not go to the sidebar while the plan is made.
    assert view.isAncestorOf(QApplication.focusWidget())
    clerk.until(lambda: view.relocation.strip.isVisible() or bool(view.relocation.plans))
    assert view.isAncestorOf(QApplication.focusWidget())
    clerk.until(lambda: bool(view.relocation.plans))
    clerk.still()
    [plan] = view.relocation.plans
    assert plan.counts == {"proposed": 5, "unplaced": 1}
    assert all(value == bound for _, value, bound in plan.measures)
    picture(clerk, "relocation")
    clerk.until(lambda: view.relocation.card.row and view.relocation.card.row.decision == "unplaced")
    row = view.relocation.card.row
    assert "two meetings need at least 300 classroom seats" in row.why
    assert any("is free" in way for way in row.instead)
    clerk.press(Qt.Key.Key_O)
    clerk.form().set_values({"other_time": "day", "booths": 0, "features": ""})
    clerk.save()
    assert "allows another time of the same day" in clerk.told()
    view.relocation.list.table.setFocus()
    clerk.press(Qt.Key.Key_Down)
    clerk.still()
    clerk.press(Qt.Key.Key_L)
    clerk.still()
    [plan] = view.relocation.plans
    assert plan.counts.get("declined") == 1, clerk.told()
    clerk.undo()
    clerk.until(lambda: view.relocation.plans[0].counts == {"proposed": 5, "unplaced": 1})
    clerk.still()
    # One by its key, the others together; then one is taken back and everything accepted again.
    view.relocation.list.table.setFocus()
    clerk.press(Qt.Key.Key_Up)
    clerk.press(Qt.Key.Key_Up)
    first = view.relocation.list.chosen_ids()
    clerk.until(lambda: [view.relocation.card.row.id] == first and view.relocation.card.row.decision == "proposed")
    clerk.press(Qt.Key.Key_A)
    clerk.still()
    [plan] = view.relocation.plans
    assert plan.counts.get("accepted") == 1, (clerk.told(), view.relocation.list.chosen_ids(), plan.counts)
    clerk.press(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    clerk.still()
    [plan] = view.relocation.plans
    assert plan.counts == {"accepted": 5, "unplaced": 1}
    assert view.phase().affected == 1
    clerk.run("project.effective")
    assert "would lose their place" in clerk.told() or "Relocate them first" in clerk.told()
    # Whoever finds no place is given up; then the hall is closed, and opened again by the key that takes back.
    office.write(cancel_bookings, [row.id])
    view.enter()
    clerk.until(lambda: view.phase().affected == 0 and view.phase_card.card.row.affected == 0)
    clerk.run("project.effective")
    clerk.until(lambda: view.phase().state == "under way")
    assert "Phase 2 is effective from 28 Sep 2026" in clerk.told()
    view.show_pane("capacity")
    clerk.until(lambda: view.phase_card.card.row.state == "under way")
    picture(clerk, "effective")
    clerk.undo()
    clerk.until(lambda: view.phase().state == "planned")
    assert "its rooms are open again" in clerk.told()


def test_the_charts_name_the_least_harmful_start_and_it_is_adopted(clerk, project):
    view = clerk.page.view
    view.show_pane("whatif")
    clerk.until(lambda: view.whatif.watch is None)
    clerk.still()
    starts = view.whatif.curves.starts
    assert [start.weeks for start in starts] == list(range(-26, 27))
    assert all(start.proven for start in starts)
    here = view.whatif.curves.start_at(0)
    assert (here.displaced, len(here.unplaced)) == (6, 1)
    assert here.lost == 320 * 3
    view.whatif.curves.setFocus()
    clerk.press(Qt.Key.Key_Right)
    clerk.press(Qt.Key.Key_Right)
    picture(clerk, "whatif")
    clerk.press(Qt.Key.Key_End)
    assert view.whatif.curves.weeks == view.whatif.curves.best()
    view.whatif.curves.choose(2)
    # Two weeks later the hall is still open on the day of the dialogue, and the card says who has a place by that.
    clerk.until(lambda: "finds a place" in " ".join(each.words() for each in view.whatif.card.findChildren(Label)))
    [said] = [each.words() for each in view.whatif.card.findChildren(Label) if "finds a place" in each.words()]
    assert "Energy ministers’ dialogue" in said
    told = " ".join(each.words() for each in view.whatif.card.findChildren(Label))
    assert "no other phase has to wait" in told
    assert "Wall moves, at most" in told
    assert "53 starts tried in" in told
    assert view.whatif.curves._marks == (("Planned", -3), ("Forecast", 0))
    assert len(view.whatif.curves.start_at(2).unplaced) == 0
    [adopt] = [each for each in view.whatif.card.findChildren(Button) if each.accessibleName() == "Adopt as forecast"]
    adopt.click()
    # The new forecast is solved anew at once, in a process of its own; once it is under way it may as well stop.
    adopted = date(2026, 10, 12)
    curves = view.whatif.curves
    clerk.until(lambda: curves.span.first == adopted and curves.start_at(0) is not None)
    assert curves.start_at(0).unplaced == ()
    if view.whatif.watch is not None:
        view.whatif.watch.stop()
    clerk.until(lambda: view.whatif.watch is None)
    clerk.still()


def test_the_form_of_a_phase_says_its_faults_beside_the_field_and_keeps_what_was_typed(clerk, office):
    control = Qt.KeyboardModifier.ControlModifier
    clerk.press(Qt.Key.Key_N, control)
    form = clerk.form()
    assert "seats" in form.editors, "on this tab Ctrl+N makes a phase"
    assert clerk.page._new.accessibleName() == "New phase"
    form.set_values({
        "code": "Phase 3", "name": "Room 4", "planned_from": date(2027, 5, 3), "planned_to": date(2027, 4, 1),
        "cells": "4, 77", "seats": "HALL-A seats many",
    })  # fmt: skip
    clerk.save()
    assert "is not understood" in clerk.fault("seats")
    form.set_values({**_typed(form), "seats": "PAV: theatre 700\nR4: classroom 120 after"})
    clerk.save()
    assert "The end comes on or after the start" in clerk.fault("planned_to")
    form.set_values({**_typed(form), "planned_to": date(2027, 9, 30)})
    clerk.save()
    assert "There is no room 77" in clerk.fault("cells")
    form.set_values({**_typed(form), "cells": "4"})
    clerk.save()
    clerk.still()
    view = clerk.page.view
    assert view.phase().code == "Phase 3"
    assert view.phase_card.card.row.cells == ("4",)
    clerk.run("project.edit")
    assert _typed(clerk.form())["seats"] == "PAV: theatre 700\nR4: classroom 120 after"
    clerk.press(Qt.Key.Key_Escape)
    clerk.page.show_view("day")
    clerk.still()
    assert clerk.page._new.accessibleName() == "New booking"
    clerk.press(Qt.Key.Key_N, control)
    assert "title" in clerk.form().editors, "and elsewhere a booking"
    clerk.press(Qt.Key.Key_Escape)


def _typed(form):
    return {name: editor.value() for name, editor in form.editors.items()}
