"""Scans wait for their turn: none is lost, none overtakes, repeats are dropped and counted."""

from __future__ import annotations

import sys
from collections import deque
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QDialog, QWidget

from ui.kit.background import Background
from ui.kit.scanning.feed import REPEAT_S, Outcome, ScanFeed

NOON = datetime(2026, 8, 24, 9, 0, tzinfo=UTC)
SAVED = Outcome(True, "Saved")


class Time:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def time():
    return Time()


@pytest.fixture
def feed(qapp, time):
    return ScanFeed(clock=time, now=lambda: NOON)


def settle() -> None:
    """Let queued signals arrive."""
    for _ in range(3):
        QCoreApplication.processEvents()


class SlowDesk:
    """Saves one scan at a time; a save ends when the test says so."""

    def __init__(self, feed: ScanFeed) -> None:
        self.feed, self.saved, self.saving = feed, [], deque()
        feed.serve(self.saving.append)

    def save_ends(self) -> None:
        assert len(self.saving) <= 1, "one at a time"
        if self.saving:
            scan = self.saving.popleft()
            self.saved.append(scan.text)
            self.feed.done(scan, SAVED)
            settle()


def test_a_burst_outruns_slow_saves_and_loses_nothing(feed, time):
    """500 scans at 20 a second, each save 200 ms: the desk is 75 s behind at the end, and catches up."""
    desk = SlowDesk(feed)
    codes = [f"INV-{number:05}" for number in range(500)]
    longest = 0
    for number, code in enumerate(codes):
        time.now = number * 0.05
        assert feed.put("keyboard", code)
        settle()
        if number % 4 == 3:
            desk.save_ends()
        longest = max(longest, feed.pending)
    assert longest > 370
    while feed.pending:
        desk.save_ends()
    assert desk.saved == codes


def test_the_same_burst_from_a_real_keyboard_with_saves_in_a_real_thread(feed, wedge, keyboard, show, qtbot, tmp_path):
    """Through window, wedge, feed and a worker thread that writes each scan to a file."""
    window, path = show(QWidget()), tmp_path / "saved.txt"
    worker = Background(1)
    finished = []

    def handler(scan):
        def save():
            with path.open("a", encoding="utf-8") as file:
                file.write(scan.text + "\n")
            return scan

        worker.run(feed, save, lambda saved: feed.done(saved, SAVED), pytest.fail)

    feed.finished.connect(lambda scan, outcome: finished.append(scan.text))
    feed.serve(handler)
    codes = [f"INV-{number:05}" for number in range(500)]
    for code in codes:
        start = keyboard.now
        keyboard.run(code + "\r", 2)
        keyboard.wait(50 - (keyboard.now - start))
    qtbot.waitUntil(lambda: feed.pending == 0, timeout=20_000)
    worker.finish()
    assert path.read_text(encoding="utf-8").split() == codes == finished
    assert window.isVisible()


def test_a_scanner_that_sends_everything_twice(feed, time):
    desk, dropped = SlowDesk(feed), []
    feed.repeated.connect(lambda scan, times: dropped.append((scan.text, times)))
    for number in range(20):
        for _ in range(2):
            feed.put("serial", f"INV-{number}")
            time.now += 0.04
        settle()
        desk.save_ends()
    assert desk.saved == [f"INV-{number}" for number in range(20)]
    assert dropped == [(f"INV-{number}", 1) for number in range(20)]


def test_a_code_left_under_a_standing_scanner_is_one_scan(feed, time):
    counts = []
    feed.repeated.connect(lambda scan, times: counts.append(times))
    for _ in range(30):
        feed.put("keyboard", "INV-1")
        time.now += 0.5
    assert (feed.pending, counts) == (1, list(range(1, 30)))
    time.now += REPEAT_S
    assert feed.put("keyboard", "INV-1")
    assert feed.pending == 2


@given(st.lists(st.tuples(st.sampled_from("ABC"), st.floats(0, 3)), max_size=40))
@settings(max_examples=150, deadline=None)
def test_repeats_by_brute_force(qapp, arrivals):
    time = Time()
    feed = ScanFeed(clock=time, now=lambda: NOON)
    kept, last = [], {}
    for text, pause in arrivals:
        time.now += pause
        if text not in last or time.now - last[text] > REPEAT_S:
            kept.append(text)
        last[text] = time.now
        feed.put("keyboard", text)
    taken = []
    while (scan := feed.take()) is not None:
        taken.append(scan.text)
        feed.done(scan, SAVED)
    assert taken == kept


def test_scans_wait_until_somebody_serves(feed):
    for text in ("A1", "A2", "A3"):
        feed.put("keyboard", text)
    settle()
    assert feed.pending == 3
    desk = SlowDesk(feed)
    settle()
    for _ in range(3):
        desk.save_ends()
    assert desk.saved == ["A1", "A2", "A3"]


def test_take_gives_one_at_a_time(feed):
    feed.put("image", "A1")
    feed.put("image", "A2")
    first = feed.take()
    assert (first.text, first.source, first.at) == ("A1", "image", NOON)
    assert feed.take() is None
    feed.done(first, SAVED)
    feed.done(first, SAVED)
    second = feed.take()
    assert second.text == "A2"
    feed.done(first, SAVED)
    assert feed.take() is None


def test_whatever_is_scanned_arrives_as_it_is(feed):
    texts = ["x" * 10_000, "a\x00b\x1d\x1b[2J", "../../etc/passwd", "'; DROP TABLE tag; --", "\u202eabc"]
    for text in texts:
        assert feed.put("keyboard", text + "\r\n")
    assert not feed.put("keyboard", "\r\n")
    got = []
    while (scan := feed.take()) is not None:
        got.append(scan.text)
        feed.done(scan, SAVED)
    assert got == texts


def test_a_handler_that_fails_does_not_stop_the_line(feed, monkeypatch):
    errors, outcomes = [], []
    monkeypatch.setattr(sys, "excepthook", lambda kind, error, trace: errors.append(error))
    feed.finished.connect(lambda scan, outcome: outcomes.append((scan.text, outcome.good)))

    def handler(scan):
        if scan.text == "bad":
            raise KeyError("our bug")
        feed.done(scan, SAVED)

    feed.serve(handler)
    for text in ("A1", "bad", "A2"):
        feed.put("keyboard", text)
    for _ in range(5):
        settle()
    assert outcomes == [("A1", True), ("bad", False), ("A2", True)]
    assert [type(error) for error in errors] == [KeyError]


def test_the_topmost_dialog_that_is_shown_gets_the_scan(feed, qtbot, time):
    got = []

    def into(name):
        def handler(scan):
            got.append((name, scan.text))
            feed.done(scan, SAVED)

        return handler

    feed.serve(into("window"))
    below, above = QDialog(), QDialog()
    for name, dialog in (("below", below), ("above", above)):
        qtbot.addWidget(dialog)
        feed.ask(dialog, into(name))
    feed.put("keyboard", "A1")
    settle()
    below.show()
    above.show()
    feed.put("keyboard", "A2")
    settle()
    above.close()
    feed.put("keyboard", "A3")
    settle()
    assert got == [("window", "A1"), ("above", "A2"), ("below", "A3")]


def test_a_dialog_that_dies_with_a_scan_in_hand_does_not_stop_the_line(feed):
    dialog, held, outcomes = QDialog(), [], []
    feed.ask(dialog, held.append)
    feed.finished.connect(lambda scan, outcome: outcomes.append((scan.text, outcome.good)))
    dialog.show()
    feed.put("keyboard", "A1")
    feed.put("keyboard", "A2")
    settle()
    assert [scan.text for scan in held] == ["A1"]
    dialog.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    desk = SlowDesk(feed)
    settle()
    desk.save_ends()
    assert outcomes == [("A1", False), ("A2", True)]
