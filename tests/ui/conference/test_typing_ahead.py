"""Keys typed while a form's choices are still being read, on a slow computer: none is lost, none runs a deed."""

from __future__ import annotations

import threading
from contextlib import contextmanager

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from cbo_desk.conference import Status, booking_card
from cbo_desk.errors import Refusal
from cbo_desk.permissions import reads
from ui.kit.dialogs import ask

CONTROL = Qt.KeyboardModifier.ControlModifier


@reads("conference", "look at bookings")
def look_once_it_may(_session, may):
    """A question of this test that is answered when the test lets it."""
    may.wait(30)


@reads("conference", "look at bookings")
def look_in_vain(_session):
    """A question of this test that is refused."""
    raise Refusal("There is nothing to see.")


@pytest.fixture
def slow(clerk):
    """Within it no question is answered."""

    @contextmanager
    def busy():
        may = threading.Event()
        clerk.window.runner.read(clerk.page, look_once_it_may, may, done=lambda _: None)
        try:
            yield
            assert clerk.window.shell._overlay is None
        finally:
            may.set()

    return busy


def type_on(words):
    """Type, wherever the keys go."""
    for letter in words:
        QTest.keyClicks(QApplication.focusWidget(), letter)


def test_what_is_typed_before_the_form_is_there_stands_in_it_and_runs_no_deed(clerk, slow):
    field = clerk.window.shell.top.field
    field.setFocus()
    with slow():
        clerk.press(Qt.Key.Key_N, CONTROL)
        type_on("Wetlands")
        clerk.press(Qt.Key.Key_Tab)
        clerk.press(Qt.Key.Key_Tab)
        type_on("Okoth")
        assert field.hasFocus()
        assert field.text() == ""
    form = clerk.form()
    assert (form.editors["title"].input.text(), form.editors["contact"].input.text()) == ("Wetlands", "Okoth")
    clerk.press(Qt.Key.Key_Escape)
    clerk.gone()
    assert field.hasFocus()
    type_on("B-1")
    assert field.text() == "B-1", "afterwards the field is as before"
    field.clear()

    # Letters run no deeds of the page, and the key that was hit twice is not typed.
    clerk.until(lambda: clerk.page.card.card is not None)
    before = clerk.page.card.card
    assert before.row.status is Status.HOLD
    clerk.board.setFocus()
    with slow():
        clerk.press(Qt.Key.Key_E)
        clerk.press(Qt.Key.Key_E)
        type_on("cxrw")
    form = clerk.form()
    assert form.editors["title"].input.text() == "cxrw"
    clerk.press(Qt.Key.Key_Escape)
    clerk.gone()
    clerk.still()
    assert clerk.window.runner.office.read(booking_card, before.row.id).row == before.row


def test_a_form_and_a_question_stay_away_once_the_person_has_gone_on(clerk, slow):
    shell = clerk.window.shell
    with slow():
        clerk.press(Qt.Key.Key_N, CONTROL)
        type_on("Lost")
        shell.go("places")
    clerk.still()
    assert shell._overlay is None
    shell.go("conference")
    asked = []

    def look(may):
        done = lambda _: asked.append(ask(shell, "Close it?", "For good.", "Close", lambda: None))  # noqa: E731
        clerk.window.runner.walk(clerk.page, look_once_it_may, may, done=done)

    for leaves in (True, False):
        asked.clear()
        may = threading.Event()
        shell.set_off(lambda may=may: look(may))
        if leaves:
            shell.go("places")
        may.set()
        clerk.until(lambda: asked)
        assert (shell._overlay is None) == leaves
    clerk.press(Qt.Key.Key_Escape)
    clerk.gone()


def test_what_is_typed_ahead_of_no_form_goes_where_the_focus_is(clerk, slow):
    """Given up with Esc, a deed that opens none, one that is refused, and a press of the mouse meanwhile."""
    field, runner = clerk.window.shell.top.field, clerk.window.runner
    field.setFocus()
    with slow():
        clerk.press(Qt.Key.Key_N, CONTROL)
        type_on("Not now")
        clerk.press(Qt.Key.Key_Escape)
        type_on("B-2")
        assert field.text() == "B-2", "from then on keys are as before"
        field.clear()
    clerk.still()
    assert clerk.window.shell._overlay is None
    with slow():
        clerk.window.shell.actions_.run("conference.later")
        type_on("B-3")
        assert field.text() == ""
    clerk.until(lambda: field.text() == "B-3")
    field.clear()
    with slow():
        clerk.window.shell.set_off(lambda: runner.read(clerk.page, look_in_vain, done=lambda _: None))
        type_on("cx")
    clerk.still()
    assert field.text() == "", "what was asked for was refused, and what was typed was meant for it"
    type_on("B-4")
    assert field.text() == "B-4"
    field.clear()

    clerk.board.setFocus()
    with slow():
        clerk.press(Qt.Key.Key_E)
        type_on("x")
        QTest.mouseClick(field, Qt.MouseButton.LeftButton)
        type_on("B-5")
        assert field.text() == "B-5"
        field.clear()
    form = clerk.form()
    assert form.editors["title"].input.text() == "Urban forum"


def test_a_deed_means_the_booking_chosen_last_while_its_card_is_on_its_way(clerk, slow):
    """And none that is out of sight: on the page of spaces a letter cancels nothing."""
    clerk.until(lambda: clerk.page.card.card is not None)
    shown, other = clerk.page.card.card, clerk.rooms.bookings["Budget review"]
    clerk.board.setFocus()
    with slow():
        clerk.board.choose(other)
        clerk.page.show_booking(other)
        clerk.press(Qt.Key.Key_E)
    assert clerk.form().editors["title"].input.text() == "Budget review"
    clerk.press(Qt.Key.Key_Escape)
    clerk.gone()
    clerk.page.card.show_nothing()
    clerk.page.show_booking(shown.row.id)
    clerk.page.show_view("spaces")
    clerk.still()
    assert not clerk.window.shell.actions_.run("conference.cancel")
