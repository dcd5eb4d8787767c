"""Catches what a keyboard scanner types, before any widget or shortcut sees it; a person's typing goes on unchanged.

The filter sits on the windows, not on the application: keys reach a window first, and nothing else in the program
pays for it. Keys held back are sent again to the widget that had the focus, past the windows, so that they are never
caught twice.
"""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Callable
from enum import Enum, auto

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QKeyEvent, QWindow
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from ui.kit.scanning.feed import ScanFeed
from ui.kit.scanning.keys import BARE, Pressed, character_of, is_f13, is_plain, pressed, suffix_of
from ui.kit.scanning.passing_on import focused, is_secret, send_again
from ui.kit.scanning.prefixed import SILENCE, Collector
from ui.kit.scanning.settings import ScannerSettings
from ui.kit.scanning.timing import ENTER, GROUP, TAB, Fate, Judge

TAIL = 50.0
"""A second line end this soon after a scan, in milliseconds, is the scanner's: it must press no dialog's button."""

_SUFFIXES = {"either": ENTER + TAB, "enter": ENTER, "tab": TAB}
_KEYS = frozenset({QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress, QEvent.Type.KeyRelease})
_OTHERS = frozenset({QEvent.Type.MouseButtonPress, QEvent.Type.TouchBegin, QEvent.Type.TabletPress})

_TOUCHES = frozenset({QEvent.Type.KeyPress, QEvent.Type.MouseMove, QEvent.Type.Wheel, *_OTHERS})
Listener = Callable[[QKeyEvent, float], bool]
"""Gets every key press and when it came; True keeps it from everybody else."""


class _Doing(Enum):
    """What becomes of a press."""

    EAT = auto()
    PASS = auto()


def event_stamp(event: QKeyEvent) -> float:
    """When a key was pressed, in milliseconds, by the computer's own stamp: a stalled window makes no typist fast."""
    return float(event.timestamp()) or time.monotonic() * 1000


class Wedge(QObject):
    """Finds scans among key strokes by a programmed prefix or by their rhythm, and puts them into the feed."""

    def __init__(
        self,
        feed: ScanFeed,
        settings: ScannerSettings,
        parent: QObject | None = None,
        *,
        stamp: Callable[[QKeyEvent], float] = event_stamp,
        timer: QTimer | None = None,
    ) -> None:
        super().__init__(parent)
        self._feed, self._stamp = feed, stamp
        self._timer = timer or QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._patience_ran_out)
        self._one_more_turn = False
        self._queue: deque[Pressed] = deque()
        self._swallowed: set[int] = set()
        self._watched: QWidget | None = None
        self._foreseen: tuple[int, str, float, bool] | None = None
        self._collector: Collector | None = None
        self._listener: Listener | None = None
        self._scan_end = float("-inf")
        self._judge = Judge()
        self.last_used = time.monotonic()  # when a key, the mouse or the screen was last touched
        self.apply(settings)

    def apply(self, settings: ScannerSettings) -> None:
        """Work by other settings from now on; keys held back are let go."""
        self.let_go()
        self._prefix = settings.prefix
        self._timing = settings.timing
        self.tells_scans = settings.timing or settings.prefix != "none"  # wherever the focus is
        self._suffixes = _SUFFIXES[settings.suffix]
        self._judge = Judge(settings.max_gap_ms, self._suffixes)

    def watch(self, app: QGuiApplication) -> None:
        """Watch every window of the program from the moment it gets the focus."""
        app.focusWindowChanged.connect(self._watch_window)
        self._watch_window(app.focusWindow())

    def unwatch(self, app: QGuiApplication) -> None:
        """Leave the windows alone again; keys held back are let go."""
        self.let_go()
        app.focusWindowChanged.disconnect(self._watch_window)
        for window in app.allWindows():
            window.removeEventFilter(self)

    def listen(self, listener: Listener | None) -> None:
        """Let the self-test see every key as it comes; None ends it."""
        self.let_go()
        self._listener = listener

    def let_go(self) -> None:
        """Send every key held back to the widget it was meant for, in order."""
        self._timer.stop()
        self._collector = None
        if self._judge.holding:
            self._judge.let_go()
        self._send_all()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Look at keys on their way into a window; everything else passes."""
        kind = event.type()
        if kind in _TOUCHES:
            self.last_used = time.monotonic()
        if kind in _KEYS:
            if watched.isWidgetType() or not isinstance(event, QKeyEvent):
                return False
            if kind == QEvent.Type.KeyRelease:
                return self._release(event)
            return self._press(event, override=kind == QEvent.Type.ShortcutOverride)
        if self._queue and (kind in _OTHERS or kind == QEvent.Type.InputMethod):
            self.let_go()
        return False

    def _watch_window(self, window: QWindow | None) -> None:
        if window is not None:
            window.installEventFilter(self)

    def _press(self, event: QKeyEvent, override: bool) -> bool:
        """Decide once about a press, although Qt shows it twice: as a possible shortcut, then as a key."""
        mark = (event.key(), event.text(), self._stamp(event))
        if not override and self._foreseen is not None and self._foreseen[:3] == mark:
            eaten = self._foreseen[3]
            self._foreseen = None
            return eaten
        eaten = self._decide(event, mark[2]) is _Doing.EAT
        self._foreseen = (*mark, eaten) if override else None
        if eaten:
            event.accept()
        return eaten

    def _decide(self, event: QKeyEvent, at: float) -> _Doing:
        target = focused()
        if target is None:
            return _Doing.PASS
        if self._listener is not None:
            return self._hear(event, at)
        if self._collector is not None and at - self._collector.last > SILENCE:
            self._collected_in_silence()
        if event.isAutoRepeat():
            return self._repeat(event)
        self._swallowed.discard(event.key())
        if self._collector is not None or self._is_prefix(event):
            return self._collect(event, at, target)
        if at - self._scan_end <= TAIL and (suffix_of(event) or character_of(event) == "\n"):
            self._swallowed.add(event.key())
            return _Doing.EAT
        if event.key() not in BARE:
            self._scan_end = float("-inf")
        elif self._queue:
            return self._keep(event, target)
        else:
            return _Doing.PASS
        return self._judge_it(event, at, target)

    def _judge_it(self, event: QKeyEvent, at: float, target: QWidget) -> _Doing:
        """Ask the rhythm."""
        character = suffix_of(event) or character_of(event)
        wanted = is_plain(event) or (character == GROUP and self._judge.holding)
        if not (self._timing and wanted and character) or is_secret(target):
            self._judge.interrupt(at)
            self.let_go()
            return _Doing.PASS
        verdict = self._judge.offer(character, at)
        if verdict.let_go or verdict.fate is Fate.PASS:
            self._timer.stop()
            self._send_all()
        if verdict.fate is Fate.PASS:
            return _Doing.PASS
        self._keep(event, target)
        if verdict.fate is Fate.SCAN:
            self._is_a_scan(verdict.text, verdict.gaps, at)
        else:
            self._wait(self._judge.patience)
        return _Doing.EAT

    def _is_prefix(self, event: QKeyEvent) -> bool:
        if self._prefix == "F13":
            return is_f13(event)
        return self._prefix == "STX" and character_of(event) == "\x02"

    def _collect(self, event: QKeyEvent, at: float, target: QWidget) -> _Doing:
        """Between prefix and suffix everything is the scanner's."""
        if self._is_prefix(event):
            if self._collector is not None:
                self._collected_in_silence()
            self.let_go()
            self._collector = Collector(at)
            self._keep(event, target)
        elif self._collector is not None and (ending := suffix_of(event)) and ending in self._suffixes:
            collected = self._collector
            self._keep(event, target)
            if collected.ended():
                self._is_a_scan(collected.text, collected.gaps(), at)
            else:
                self.let_go()
            return _Doing.EAT
        elif self._collector is not None:
            self._keep(event, target)
            character = character_of(event) or ending
            if character:
                self._collector.add(character, at)
            else:
                self._collector.touch(at)
        self._wait(SILENCE)
        return _Doing.EAT

    def _collected_in_silence(self) -> None:
        collected = self._collector
        if collected is not None and collected.fell_silent():
            self._is_a_scan(collected.text, collected.gaps(), collected.last)
        else:
            self.let_go()

    def _is_a_scan(self, text: str, gaps: tuple[float, ...], at: float) -> None:
        self._timer.stop()
        self._collector = None
        self._scan_end = at
        kept, self._queue = self._queue, deque()
        self._stop_minding()
        down: Counter[int] = Counter()
        for one in kept:
            if one.down:
                down[one.key] += 1
            elif down[one.key]:
                down[one.key] -= 1
            else:
                send_again(one)  # the release of a key that was let through before the scan began
        self._swallowed.update(key for key, times in down.items() if times)
        self._feed.put("keyboard", text, gaps)

    def _release(self, event: QKeyEvent) -> bool:
        if event.key() in self._swallowed:
            if not event.isAutoRepeat():
                self._swallowed.discard(event.key())
            return True
        if not self._queue or self._listener is not None:
            return False
        if event.isAutoRepeat():
            return self._collector is not None
        target = focused()
        if target is not None:
            self._keep(event, target)
        return target is not None

    def _repeat(self, event: QKeyEvent) -> _Doing:
        """A key held down: never a scanner's, so it ends what was held, except between prefix and suffix."""
        if self._collector is not None or event.key() in self._swallowed:
            return _Doing.EAT
        self.let_go()
        return _Doing.PASS

    def _hear(self, event: QKeyEvent, at: float) -> _Doing:
        if self._listener is None or event.isAutoRepeat() or not self._listener(event, at):
            return _Doing.PASS
        self._swallowed.add(event.key())
        return _Doing.EAT

    def _keep(self, event: QKeyEvent, target: QWidget) -> _Doing:
        self._queue.append(pressed(event, target))
        if self._watched is None:
            # Text from an input method goes straight to the widget: it must not overtake the keys held.
            self._watched = target
            target.installEventFilter(self)
        return _Doing.EAT

    def _stop_minding(self) -> None:
        if self._watched is not None and isValid(self._watched):
            self._watched.removeEventFilter(self)
        self._watched = None

    def _send_all(self) -> None:
        self._stop_minding()
        while self._queue:
            send_again(self._queue.popleft())

    def _wait(self, milliseconds: float) -> None:
        self._one_more_turn = False
        self._timer.start(round(milliseconds))

    def _patience_ran_out(self) -> None:
        # After a stall of the window keys may be waiting behind this timer: let them in first.
        if not self._one_more_turn:
            self._one_more_turn = True
            self._timer.start(0)
        elif self._collector is not None:
            self._collected_in_silence()
        else:
            self.let_go()
