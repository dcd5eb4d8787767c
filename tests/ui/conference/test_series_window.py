"""A series from the booking form to its last occurrence, by the keyboard alone."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QComboBox

from cbo_desk.conference import BookingForm, BookingList, Recurrence, Status, booking_card, make_series
from tests.ui.conference.conftest import at
from ui.conference.offering import offered
from ui.conference.series import SeriesBox

CONTROL = Qt.KeyboardModifier.ControlModifier


def rows(clerk):
    found = clerk.window.runner.office.read(BookingList().first)
    return sorted((line.row for line in found if line.row.title.startswith("Daily")), key=lambda row: row.starts)


def fill(clerk, form, **words):
    """Go from field to field by Tab, and type."""
    for name, typed in words.items():
        editor = form.editors[name]
        for _ in range(60):
            if editor.isAncestorOf(QApplication.focusWidget()):
                break
            clerk.press(Qt.Key.Key_Tab)
        focus = QApplication.focusWidget()
        assert editor.isAncestorOf(focus), name
        if isinstance(focus, QComboBox):
            clerk.press(Qt.Key.Key_Home)
            while typed.casefold() not in focus.currentText().casefold() and focus.currentIndex() < focus.count() - 1:
                clerk.press(Qt.Key.Key_Down)
            assert typed.casefold() in focus.currentText().casefold(), name
        else:
            clerk.type(typed)


def test_a_series_is_booked_reported_and_changed_from_one_on_by_keys(clerk):
    clerk.press(Qt.Key.Key_N, CONTROL)
    form = clerk.form()
    fill(clerk, form, title="Daily briefing", people="20", kind="Board", starts="10", ends="11", space_id="Room 4",
         recurs="every weekday", times="5")  # fmt: skip
    clerk.press(Qt.Key.Key_Return, CONTROL)
    shell = clerk.window.shell
    clerk.until(lambda: shell._overlay is not None and isinstance(shell._overlay.box, SeriesBox))
    box = shell._overlay.box
    assert (len(box.report.free), len(box.report.conflicts)) == (4, 1), "this one cannot be had, those four can"
    [conflict] = box.skips.values()
    for _ in range(9):
        if conflict.hasFocus():
            break
        clerk.press(Qt.Key.Key_Tab)
    clerk.press(Qt.Key.Key_Space)
    assert not box.save_button.isEnabled()
    clerk.press(Qt.Key.Key_Space)
    for _ in range(9):
        if box.save_button.hasFocus():
            break
        clerk.press(Qt.Key.Key_Tab)
    clerk.press(Qt.Key.Key_Space)
    clerk.gone()
    clerk.still()
    assert [row.status for row in rows(clerk)] == [Status.CANCELLED, *[Status.HOLD] * 4]

    second = rows(clerk)[2].id
    clerk.window.bench.open_record("conference.booking", second)
    clerk.until(lambda: clerk.page.card.card is not None and clerk.page.card.card.row.id == second)
    clerk.still()
    clerk.board.setFocus()
    clerk.press(Qt.Key.Key_E)
    form = clerk.form()
    fill(clerk, form, scope="this one and", title="Daily stand-up")
    clerk.save()
    clerk.gone()
    assert [row.title for row in rows(clerk)] == ["Daily briefing"] * 2 + ["Daily stand-up"] * 3
    assert clerk.window.runner.office.read(booking_card, second).row.people == 20
    clerk.board.setFocus()
    clerk.undo()
    assert {row.title for row in rows(clerk)} == {"Daily briefing"}


def test_the_rest_of_a_series_is_cancelled_and_taken_back_by_keys(clerk):
    office, room = clerk.window.runner.office, clerk.rooms.spaces["R3"]
    daily = Recurrence("FREQ=DAILY;COUNT=4", at(8).replace(tzinfo=None), 60)
    form = BookingForm("Daily round-up", 20, kind="boardroom")
    made = office.write(make_series, form, daily, room)
    clerk.still()
    clerk.window.bench.open_record("conference.booking", made.ids[1])
    clerk.until(lambda: clerk.page.card.card is not None and clerk.page.card.card.row.id == made.ids[1])
    clerk.still()
    clerk.board.setFocus()
    clerk.press(Qt.Key.Key_Delete)
    asked = clerk.form()
    assert asked.editors["scope"].value() == "this", "what costs least stands first"
    fill(clerk, asked, scope="this one and")
    clerk.save()
    clerk.gone()
    gone = [Status.HOLD, *[Status.CANCELLED] * 3]
    clerk.until(lambda: [row.status for row in rows(clerk)] == gone)
    clerk.until(lambda: "3 occurrences of Daily round-up are cancelled" in clerk.told())
    clerk.board.setFocus()
    clerk.undo()
    clerk.until(lambda: [row.status for row in rows(clerk)] == [Status.HOLD] * 4)
    # One is left out, and its card offers to take it up again: H does so.
    clerk.until(lambda: clerk.page.card.card.row.status is Status.HOLD)
    clerk.run("skip")
    clerk.until(lambda: clerk.page.card.card.row.status is Status.CANCELLED)
    assert clerk.told() == f"{clerk.page.card.card.row.reference} is skipped."
    assert offered(clerk.page.card.card)[0] == ["again"]
    clerk.board.setFocus()
    clerk.press(Qt.Key.Key_H)
    clerk.until(lambda: [row.status for row in rows(clerk)] == [Status.HOLD] * 4)
