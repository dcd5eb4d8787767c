"""Keys on real windows: typing arrives unchanged, scans are caught before any field, shortcut or button."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QAction, QInputMethodEvent, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLineEdit,
    QPlainTextEdit,
    QTableWidget,
    QVBoxLayout,
    QWidget,
)

from ui.kit.scanning.feed import Outcome
from ui.kit.scanning.keys import is_f13
from ui.kit.scanning.settings import ScannerSettings
from ui.kit.scanning.wedge import event_stamp

from .conftest import CONTROL, NONE, SHIFT

RECORDINGS = Path(__file__).parent / "recordings"
CODE = "cboa7k3m9xhmpr4"


def recordings(name: str, who: str) -> list[dict]:
    lines = (RECORDINGS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [one for one in map(json.loads, lines) if one["who"] == who]


class Card(QWidget):
    """A field, a text, a list without text, and deeds on single letters, as a card has them."""

    def __init__(self) -> None:
        super().__init__()
        self.field, self.text, self.table = QLineEdit(), QPlainTextEdit(), QTableWidget(3, 3)
        self.table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        column = QVBoxLayout(self)
        for widget in (self.field, self.text, self.table):
            column.addWidget(widget)
        self.deeds: list[str] = []
        self.pressed: list[str] = []
        self.field.returnPressed.connect(lambda: self.deeds.append("enter"))
        for key in ("H", "M", "P", "Ctrl+S"):
            action = QAction(key, self)
            action.setShortcut(key)
            action.triggered.connect(lambda checked=False, key=key: self.deeds.append(key))
            self.addAction(action)


class Recorder(QWidget):
    """Writes down every key it gets."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.events: list[tuple[str, int, str]] = []

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self.events.append(("down", event.key(), event.text()))

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        self.events.append(("up", event.key(), event.text()))


@pytest.fixture
def card(wedge, show):
    card = show(Card())
    card.field.setFocus()
    return card


@pytest.mark.parametrize("who", ["fast", "rolling", "numbers"])
def test_a_fast_typists_text_arrives_unchanged(card, keyboard, scans, who):
    card.text.setFocus()
    for person in recordings("typists", who)[:12]:
        card.text.clear()
        keyboard.type(person["strokes"])
        keyboard.rest()
        typed = "".join(key for key, _ in person["strokes"]).replace("\r", "\n")
        assert card.text.toPlainText() == typed
    assert scans == []
    assert card.deeds == []


@pytest.mark.parametrize("who", ["fast", "slow", "stutter", "coarse", "bluetooth"])
def test_a_scan_leaves_the_field_untouched(card, keyboard, scans, who):
    card.field.setText("half a word")
    codes = []
    for scan in recordings("scanners", who)[::4]:
        keyboard.type(scan["strokes"])
        keyboard.rest()
        keyboard.wait(1000)
        codes.append(scan["code"])
    assert scans == codes
    assert len(codes) == 12
    assert card.field.text() == "half a word"
    assert card.field.hasFocus()
    assert card.deeds == []


def test_a_scan_triggers_no_shortcut_but_a_finger_does(card, keyboard, scans):
    card.table.setFocus()
    keyboard.run(CODE + "\r", 12)
    keyboard.rest()
    assert (scans, card.deeds) == ([CODE], [])
    for key in "hmp":
        keyboard.click(key)
        keyboard.rest()
    assert card.deeds == ["H", "M", "P"]
    keyboard.click("s", CONTROL)
    assert card.deeds[-1] == "Ctrl+S"


def test_without_the_wedge_the_same_scan_would_have_triggered_them(show, keyboard):
    """The control: the shortcuts are real."""
    card = show(Card())
    card.table.setFocus()
    keyboard.run(CODE + "\r", 12)
    assert card.deeds == ["M", "H", "M", "P"]


def test_every_press_and_release_arrives_once_and_in_order(wedge, show, keyboard, scans):
    recorder = show(Recorder())
    recorder.setFocus()
    keyboard.press(Qt.Key.Key_Shift, SHIFT)
    keyboard.press("A", SHIFT)
    keyboard.wait(20)
    keyboard.press("b", NONE)
    keyboard.release("A", NONE)
    keyboard.release(Qt.Key.Key_Shift, NONE)
    keyboard.wait(15)
    keyboard.press("é")
    keyboard.release("b")
    keyboard.release("é")
    keyboard.rest()
    shift = Qt.Key.Key_Shift.value
    assert recorder.events == [
        ("down", shift, ""),
        ("down", 65, "A"),
        ("down", 66, "b"),
        ("up", 65, "A"),
        ("up", shift, ""),
        ("down", ord("É"), "é"),
        ("up", 66, "b"),
        ("up", ord("É"), "é"),
    ]
    assert scans == []


def test_a_scan_leaves_no_key_half_pressed(wedge, show, keyboard, scans):
    recorder = show(Recorder())
    recorder.setFocus()
    keyboard.press(Qt.Key.Key_Shift, SHIFT)
    for key in "INV-20391":
        keyboard.press(key, SHIFT)
        keyboard.wait(3)
        keyboard.release(key, SHIFT)
    keyboard.release(Qt.Key.Key_Shift)
    keyboard.press("\r")
    keyboard.wait(2)
    keyboard.release("\r")
    keyboard.rest()
    shift = Qt.Key.Key_Shift.value
    assert scans == ["INV-20391"]
    assert recorder.events == [("down", shift, ""), ("up", shift, "")]
    keyboard.click("1")
    keyboard.rest()
    assert recorder.events[2:] == [("down", 49, "1"), ("up", 49, "1")]


def test_held_keys_go_to_the_widget_that_had_the_focus(card, keyboard):
    keyboard.press("a")
    card.text.setFocus()
    keyboard.rest()
    assert (card.field.text(), card.text.toPlainText()) == ("a", "")


def test_held_keys_survive_their_widget(card, keyboard, qtbot):
    keyboard.press("a")
    card.text.setFocus()
    card.field.deleteLater()
    QCoreApplication.sendPostedEvents(None, 52)
    keyboard.rest()
    assert card.text.toPlainText() == "a"


def test_a_click_comes_after_the_keys_before_it(card, keyboard):
    keyboard.press("a")
    QTest.mouseClick(card.windowHandle(), Qt.MouseButton.LeftButton, NONE, card.text.geometry().center())
    assert card.field.text() == "a"


def test_text_of_an_input_method_does_not_overtake(card, keyboard):
    keyboard.press("a")
    commit = QInputMethodEvent()
    commit.setCommitString("é")
    QCoreApplication.sendEvent(card.field, commit)
    assert card.field.text() == "aé"


def test_dead_keys_arrows_and_repeats_pass(wedge, show, keyboard, scans):
    recorder = show(Recorder())
    recorder.setFocus()
    keyboard.press("a")
    keyboard.wait(10)
    keyboard.click(Qt.Key.Key_Dead_Acute)
    assert [one[0] for one in recorder.events] == ["down", "down", "up"]
    keyboard.rest()
    for _ in range(20):
        keyboard.press("1", repeat=True)
        keyboard.wait(30)
    keyboard.click("\r")
    assert scans == []
    assert len(recorder.events) == 3 + 20 + 2


def test_a_password_filled_in_by_a_program_is_no_scan(card, keyboard, scans):
    card.field.setEchoMode(QLineEdit.EchoMode.Password)
    keyboard.run("s3cretPassword1\r", 2)
    keyboard.rest()
    assert (card.field.text(), scans) == ("s3cretPassword1", [])


def test_keys_typed_while_the_window_was_stalled_are_judged_by_their_own_times(card, keyboard, scans):
    keyboard.stalled = True
    keyboard.run("INV-20391\r", 75)
    keyboard.stalled = False
    keyboard.rest()
    assert (card.field.text(), scans, card.deeds) == ("INV-20391", [], ["enter"])


def test_stamps_are_the_computers_own():
    event = QKeyEvent(QKeyEvent.Type.KeyPress, 65, NONE, "a")
    event.setTimestamp(4711)
    assert event_stamp(event) == 4711.0
    event.setTimestamp(0)
    assert event_stamp(event) > 0


def test_a_second_line_end_presses_no_button(wedge, show, keyboard, scans):
    dialog = QDialog()
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok)
    buttons.accepted.connect(dialog.accept)
    QVBoxLayout(dialog).addWidget(buttons)
    show(dialog)
    keyboard.run(CODE + "\r", 5)
    keyboard.wait(3)
    keyboard.click("\n")
    keyboard.click("\r")
    assert (scans, dialog.isVisible()) == ([CODE], True)
    keyboard.rest()
    keyboard.click("\r")
    assert not dialog.isVisible()


def test_a_modal_dialog_that_asks_gets_the_scans(card, feed, keyboard, show, qtbot):
    got: dict[str, list[str]] = {"window": [], "dialog": []}

    def into(name):
        def handler(scan):
            got[name].append(scan.text)
            feed.done(scan, Outcome(True, "Found"))

        return handler

    feed.serve(into("window"))
    dialog = QDialog(card)
    dialog.setModal(True)
    field = QLineEdit(dialog)
    feed.ask(dialog, into("dialog"))
    dialog.show()
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    field.setFocus()
    keyboard.run("INV-20391\r", 5)
    keyboard.rest()
    dialog.hide()
    card.activateWindow()
    qtbot.waitUntil(card.isActiveWindow)
    keyboard.rest()
    keyboard.wait(1000)
    keyboard.run("INV-20392\r", 5)
    keyboard.rest()
    assert got == {"window": ["INV-20392"], "dialog": ["INV-20391"]}
    assert field.text() == ""


# --- Programmed prefix -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("prefix", ["F13", "STX"])
def test_between_prefix_and_suffix_everything_is_a_scan(make_wedge, show, keyboard, scans, prefix):
    make_wedge(prefix=prefix, timing=False, suffix="enter")
    card = show(Card())
    card.table.setFocus()

    def begin():
        if prefix == "F13":
            keyboard.click(Qt.Key.Key_F13)
        else:
            keyboard.click("b", CONTROL)

    for text in ("hmp", "two words é", "A\tB"):
        begin()
        keyboard.wait(40)
        keyboard.run(text + "\r", 60)
        keyboard.rest()
    assert scans == ["hmp", "two words é", "A\tB"]
    assert card.deeds == []
    card.field.setFocus()
    keyboard.run("typed at once\r", 1)
    assert card.field.text() == "typed at once"


def test_f13_is_known_by_every_name_it_has():
    """Linux calls it Tools, and a layout without it calls it nothing; its key code stays."""

    def event(key, code):
        return QKeyEvent(QKeyEvent.Type.KeyPress, key, NONE, code, 0, 0, "")

    assert is_f13(event(Qt.Key.Key_F13.value, 0))
    assert is_f13(event(Qt.Key.Key_Tools.value, 191))
    assert is_f13(event(0, 191)) is (sys.platform == "linux")
    assert not is_f13(event(0, 190))
    assert not is_f13(event(Qt.Key.Key_A.value, 191))


def test_a_line_feed_key_ends_a_scan(card, keyboard, scans):
    keyboard.run("INV-20391", 5)
    QTest.simulateEvent(card.windowHandle(), True, 10, NONE, "\n", False)
    assert (scans, card.field.text()) == (["INV-20391"], "")


def test_control_characters_stay_in_a_prefixed_scan(make_wedge, show, keyboard, scans):
    make_wedge(prefix="F13")
    show(Card()).table.setFocus()
    keyboard.click(Qt.Key.Key_F13)
    keyboard.run("0109506000134352", 5)
    keyboard.click("]", CONTROL)
    keyboard.run("21A\r", 5)
    assert scans == ["0109506000134352\x1d21A"]


def test_group_separators_stay_in_a_scan_told_by_rhythm(card, keyboard, scans):
    keyboard.run("0109506000134352", 5)
    keyboard.wait(5)
    keyboard.click("]", CONTROL)
    keyboard.wait(5)
    keyboard.run("21A\r", 5)
    assert scans == ["0109506000134352\x1d21A"]
    assert card.field.text() == ""


def test_a_prefix_without_suffix_ends_in_silence(make_wedge, show, keyboard, scans):
    make_wedge(prefix="F13")
    show(Card())
    keyboard.click(Qt.Key.Key_F13)
    keyboard.run("INV20391", 10)
    assert scans == []
    keyboard.rest()
    assert scans == ["INV20391"]


def test_two_prefixes_are_two_scans(make_wedge, show, keyboard, scans):
    make_wedge(prefix="F13")
    show(Card())
    for code in ("AAA111", "BBB222"):
        keyboard.click(Qt.Key.Key_F13)
        keyboard.run(code, 5)
    keyboard.rest()
    assert scans == ["AAA111", "BBB222"]


def test_a_prefix_struck_by_hand_eats_no_text(make_wedge, show, keyboard, scans):
    make_wedge(prefix="STX")
    card = show(Card())
    card.field.setFocus()
    keyboard.click("b", CONTROL)
    keyboard.wait(200)
    keyboard.run("hello there\r", 140)
    assert (card.field.text(), scans, card.deeds) == ("hello there", [], ["enter"])


# --- Other matters -----------------------------------------------------------------------------------------------


def test_ten_thousand_characters_are_one_scan(card, keyboard, scans):
    code = "A1B2C3D4E5" * 1000
    keyboard.run(code + "\r", 2)
    keyboard.rest()
    assert scans == [code]
    assert card.field.text() == ""


def test_five_hundred_scans_at_twenty_a_second(card, keyboard, scans):
    codes = [f"INV-{number:05}" for number in range(500)]
    for code in codes:
        start = keyboard.now
        keyboard.run(code + "\r", 2)
        keyboard.wait(50 - (keyboard.now - start))
    assert scans == codes
    assert (card.field.text(), card.deeds) == ("", [])


def test_settings_change_while_keys_are_held(card, wedge, keyboard, scans):
    keyboard.press("a")
    wedge.apply(ScannerSettings(timing=False))
    assert card.field.text() == "a"
    keyboard.run("INV-20391\r", 2)
    assert (card.field.text(), scans) == ("aINV-20391", [])


def test_a_listener_sees_keys_before_all_others(card, wedge, keyboard, scans):
    heard: list[str] = []
    wedge.listen(lambda event, at: heard.append(event.text()) is None)
    keyboard.run("INV-20391\t", 2)
    wedge.listen(None)
    assert "".join(heard) == "INV-20391\t"
    assert (card.field.text(), card.field.hasFocus(), scans) == ("", True, [])
