"""A keyboard with a clock of its own, pressed on real windows: nothing waits, and Qt takes its whole real path."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import pytest
from PySide6.QtCore import QCoreApplication, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from ui.kit.scanning.feed import ScanFeed
from ui.kit.scanning.settings import ScannerSettings
from ui.kit.scanning.wedge import Wedge

KEYS = {"\r": Qt.Key.Key_Return, "\t": Qt.Key.Key_Tab, " ": Qt.Key.Key_Space, "\n": Qt.Key.Key_J}
CONTROL = Qt.KeyboardModifier.ControlModifier
NONE = Qt.KeyboardModifier.NoModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


class Alarm(QTimer):
    """A timer that goes off when the keyboard's clock reaches its time."""

    def __init__(self) -> None:
        super().__init__()
        self.due: float | None = None
        self.keyboard: Keyboard | None = None

    def start(self, milliseconds: int = 0) -> None:
        self.due = self.keyboard.now + milliseconds

    def stop(self) -> None:
        self.due = None

    def run_until(self, now: float) -> None:
        while self.due is not None and self.due <= now:
            self.keyboard.now, self.due = max(self.keyboard.now, self.due), None
            self.timeout.emit()


@dataclass
class Keyboard:
    """Presses keys on whatever window has the focus, at the times it is told."""

    alarm: Alarm
    now: float = 1_000_000.0
    stalled: bool = False
    down: list[int] = field(default_factory=list)

    def stamp(self, event: object) -> float:
        return self.now

    def wait(self, milliseconds: float) -> None:
        until = self.now + milliseconds
        if not self.stalled:
            self.alarm.run_until(until)
        self.now = until

    def press(self, key: str | Qt.Key, modifiers: Qt.KeyboardModifier = NONE, repeat: bool = False) -> None:
        self._send(True, key, modifiers, repeat)

    def release(self, key: str | Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
        self._send(False, key, modifiers, False)

    def click(self, key: str | Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
        self.press(key, modifiers)
        self.release(key, modifiers)

    def type(self, strokes: Iterable[tuple[str, float]]) -> None:
        """Type keys at their times, counted from now."""
        start = self.now
        for key, at in strokes:
            self.wait(start + at - self.now)
            self.click(key, SHIFT if len(key) == 1 and key.isupper() else NONE)

    def run(self, text: str, gap: float) -> None:
        """Type a text at one speed."""
        self.type((key, number * gap) for number, key in enumerate(text))

    def rest(self) -> None:
        """Leave the keyboard alone for a second."""
        self.wait(1000)
        QCoreApplication.processEvents()

    def _send(self, down: bool, key: str | Qt.Key, modifiers: Qt.KeyboardModifier, repeat: bool) -> None:
        code = KEYS.get(key) or (Qt.Key(ord(key.upper())) if isinstance(key, str) else key)
        text = key if isinstance(key, str) else ""
        if text and modifiers & CONTROL:
            text = chr(ord(text.upper()) - 0x40)
        if key == "\n":
            modifiers |= CONTROL
        window = QCoreApplication.instance().focusWindow()
        QTest.simulateEvent(window, down, code.value, modifiers, text, repeat)


@pytest.fixture
def keyboard(qapp):
    alarm = Alarm()
    keyboard = Keyboard(alarm)
    alarm.keyboard = keyboard
    return keyboard


@pytest.fixture
def feed(qapp, keyboard):
    return ScanFeed(clock=lambda: keyboard.now / 1000)


@pytest.fixture
def scans(feed):
    """The texts of the scans that were heard."""
    texts: list[str] = []
    feed.scanned.connect(lambda scan: texts.append(scan.text))
    return texts


@pytest.fixture
def make_wedge(qapp, feed, keyboard):
    made: list[Wedge] = []

    def make(**changes) -> Wedge:
        wedge = Wedge(feed, ScannerSettings(**changes), stamp=keyboard.stamp, timer=keyboard.alarm)
        wedge.watch(qapp)
        made.append(wedge)
        return wedge

    yield make
    for wedge in made:
        wedge.unwatch(qapp)


@pytest.fixture
def wedge(make_wedge):
    return make_wedge()


@pytest.fixture
def show(qtbot):
    def show(window: QWidget) -> QWidget:
        qtbot.addWidget(window)
        window.show()
        window.activateWindow()
        qtbot.waitUntil(lambda: window.isActiveWindow())
        return window

    return show
