"""What a person sees of scanning: the strip, the self-test, the list of codes."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from ui.kit.scanning.code_list import CodeList
from ui.kit.scanning.feed import Outcome, ScanFeed
from ui.kit.scanning.images import Code, find_codes
from ui.kit.scanning.last_scan import LOOKED_UP_MS, LastScan
from ui.kit.scanning.self_test import TEST_TEXT, SelfTest
from ui.kit.scanning.settings import ScannerSettings
from ui.kit.scanning.sounds import Sounds
from ui.kit.theme import apply_theme

from .conftest import Alarm


class Heard(Sounds):
    def __init__(self) -> None:
        super().__init__()
        self.heard = []

    def play(self, name) -> None:
        self.heard.append(name)


@pytest.fixture
def still_feed(qapp):
    return ScanFeed(clock=lambda: 0.0, now=lambda: datetime(2026, 8, 24, 10, 42, 6, tzinfo=UTC))


@pytest.fixture
def pictures(tmp_path):
    folder = Path(os.environ.get("CBO_PICTURES", tmp_path))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture
def strip(app, still_feed, qtbot):
    strip = LastScan(still_feed, Heard())
    qtbot.addWidget(strip)
    strip.resize(1100, 36)
    strip.show()
    return strip


def test_the_strip_says_what_when_and_what_became_of_it(strip, still_feed, qtbot):
    assert strip.code.words() == "Nothing scanned yet"
    still_feed.put("keyboard", "INV-20391")
    qtbot.waitUntil(lambda: strip.code.words() == "INV-20391")
    assert (strip.code.words(), strip.when.words()) == ("INV-20391", "13:42:06 · scanner")
    assert strip.outcome.status.word == "Being looked up"
    still_feed.put("keyboard", "INV-20391")
    assert strip.repeats.words() == "1 repeat dropped"
    still_feed.put("keyboard", "INV-20391")
    assert strip.repeats.words() == "2 repeats dropped"
    still_feed.put("serial", "INV-20392")
    still_feed.put("serial", "INV-20393")
    qtbot.waitUntil(lambda: strip.code.words() == "INV-20393")
    qtbot.waitUntil(lambda: strip.queue.words() == "2 waiting")
    assert strip.repeats.words() == ""
    first = still_feed.take()
    still_feed.done(first, Outcome(True, "Laptop opened"))
    assert strip.code.words() == "INV-20393"
    second = still_feed.take()
    still_feed.done(second, Outcome(False, "No asset has the number INV-20392."))
    assert (strip.code.words(), strip.outcome.status.word) == ("INV-20392", "Not done")
    assert strip.said.words() == "No asset has the number INV-20392."
    third = still_feed.take()
    still_feed.done(third, Outcome(True, "Chair opened"))
    assert (strip.code.words(), strip.outcome.status.word, strip.queue.words()) == ("INV-20393", "Done", "")
    assert strip._sounds.heard == ["good", "bad", "good"]
    assert strip.accessibleName() == "Last scan: INV-20393, Done, Chair opened"
    assert strip.outcome.status.icon == "circle-check"


def test_a_scan_that_is_dealt_with_at_once_is_told_once(strip, still_feed, qtbot, monkeypatch):
    shown = []
    monkeypatch.setattr(strip.outcome, "show_status", lambda status: shown.append(status.word))
    still_feed.put("serial", "INV-1")
    still_feed.done(still_feed.take(), Outcome(True, "Laptop opened"))
    qtbot.wait(2 * LOOKED_UP_MS)
    still_feed.put("serial", "INV-2")
    qtbot.waitUntil(lambda: len(shown) == 2)  # this one takes long
    assert shown == ["Done", "Being looked up"]


def test_good_outcomes_of_a_burst_are_shown_some_times_a_second_and_bad_ones_at_once(
    strip, still_feed, qtbot, monkeypatch
):
    shown = []
    monkeypatch.setattr(strip.code, "setText", shown.append)

    def scan(text, good):
        still_feed.put("serial", text)
        still_feed.done(still_feed.take(), Outcome(good, "Something"))

    for text in ("INV-1", "INV-2", "INV-3"):
        scan(text, True)
    assert shown == ["INV-1"]
    scan("INV-4", False)
    assert shown == ["INV-1", "INV-4"]
    scan("INV-5", True)
    scan("INV-6", True)
    qtbot.waitUntil(lambda: len(shown) == 3)
    assert shown == ["INV-1", "INV-4", "INV-6"]
    assert strip._sounds.heard == ["good", "good", "good", "bad", "good", "good"]


def test_the_strip_bears_anything(strip, still_feed, pictures):
    for text in ("x" * 10_000, "a\x00\x1d\u202e", "<b>bold</b>", "ا" * 300):
        still_feed.put("camera", text)
        scan = still_feed.take()
        still_feed.done(scan, Outcome(False, text))
        assert not strip.grab().isNull()
    assert strip.sizeHint().width() < 1366
    still_feed.put("keyboard", "1Z999AA10123456784")
    scan = still_feed.take()
    still_feed.done(scan, Outcome(True, "Parcel M-004512 received"))
    QCoreApplication.processEvents()
    strip.grab().save(str(pictures / "last_scan.png"))
    assert strip.when.width() >= strip.when.sizeHint().width()


@pytest.fixture
def self_test(app, wedge, keyboard, show):
    silence = Alarm()
    silence.keyboard = keyboard
    page = QWidget()
    column = QVBoxLayout(page)
    page.field = QLineEdit()
    page.panel = SelfTest(wedge, ScannerSettings(), timer=silence)
    column.addWidget(page.field)
    column.addWidget(page.panel)
    page.advice = []
    page.panel.suggested.connect(page.advice.append)
    page.silence = silence
    page.resize(900, 560)
    show(page)
    return page


def scan(page, keyboard, text, gap):
    keyboard.run(text, gap)
    page.silence.run_until(keyboard.now + 1000)
    keyboard.rest()


def test_the_symbol_on_the_screen_can_be_scanned(self_test):
    picture = self_test.panel.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    assert [code.text for code in find_codes(picture)] == [TEST_TEXT]


def test_a_scan_is_shown_with_its_rhythm_and_the_advice_taken(self_test, keyboard, scans, pictures):
    panel = self_test.panel
    panel.area.setFocus()
    assert panel.area.words.words().startswith("Scan the symbol now")
    scan(self_test, keyboard, TEST_TEXT + "\r", 7)
    assert panel.finding.text == TEST_TEXT
    assert panel.finding.gaps == (7.0,) * len(TEST_TEXT)
    assert panel.verdict.words() == "Works by timing."
    assert panel.advice.words().startswith("Your scanner types one key in 7 ms. Programme the prefix F13")
    panel.grab().save(str(pictures / "self_test.png"))
    QTest.mouseClick(panel.use, Qt.MouseButton.LeftButton)
    assert self_test.advice == [ScannerSettings(suffix="enter", max_gap_ms=16.0)]
    assert not panel.use.isEnabled()
    assert scans == []


@pytest.mark.parametrize(
    ("text", "gap", "words"),
    [
        (TEST_TEXT + "\r", 80, "Too slow for timing."),
        (TEST_TEXT, 5, "The end of a code cannot be seen."),
        ("cbo'self\r", 5, "This text does not look like a code."),
        ("a", 5, "Nothing to judge yet."),
    ],
)
def test_every_verdict_has_its_words(self_test, keyboard, text, gap, words):
    self_test.panel.area.setFocus()
    scan(self_test, keyboard, text, gap)
    assert self_test.panel.verdict.words() == words
    assert self_test.panel.advice.words().endswith(".")


def test_a_prefix_is_seen(self_test, keyboard):
    self_test.panel.area.setFocus()
    keyboard.click(Qt.Key.Key_F13)
    scan(self_test, keyboard, TEST_TEXT + "\t", 5)
    assert self_test.panel.verdict.words() == "Certain: your scanner sends the prefix F13."
    assert self_test.panel.area.hasFocus()


def test_leaving_the_field_gives_the_keys_back(self_test, keyboard, scans):
    self_test.panel.area.setFocus()
    keyboard.click(Qt.Key.Key_Escape)
    assert not self_test.panel.area.hasFocus()
    self_test.field.setFocus()
    keyboard.rest()
    keyboard.run("INV-20391\r", 5)
    assert scans == ["INV-20391"]
    self_test.panel.area.setFocus()
    self_test.panel.hide()
    self_test.field.setFocus()
    keyboard.rest()
    keyboard.run("INV-20392\r", 5)
    QCoreApplication.processEvents()
    assert scans == ["INV-20391", "INV-20392"]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_panel_in_both_themes(app, self_test, keyboard, theme, pictures):
    apply_theme(app, theme, 1.25)
    self_test.panel.area.setFocus()
    scan(self_test, keyboard, TEST_TEXT + "\r", 30)
    assert self_test.panel.grab().save(str(pictures / f"self_test_{theme}_125.png"))


def test_one_of_several_codes_is_chosen_by_digit_click_or_enter(app, qtbot):
    codes = [Code("INV-1", "QR Code", (1, 1)), Code("INV-2", "Code 128", (1, 9))]
    box, chosen = CodeList(codes), []
    qtbot.addWidget(box)
    box.chosen.connect(chosen.append)
    box.show()
    QTest.keyClick(box.list, Qt.Key.Key_2)
    QTest.keyClick(box.list, Qt.Key.Key_9)
    QTest.keyClick(box.list, Qt.Key.Key_Return)
    assert [code.text for code in chosen] == ["INV-2", "INV-1"]
    assert box.accessibleName() == "2 codes in this picture. Which one?"
