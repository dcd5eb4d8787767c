"""The window of a test is shown some fifty times a second, as a screen shows it, and not after each answer.

Offscreen, Qt paints a window as soon as it has nothing else to do. A test that waits for six answers had it painted six
times, for a tenth of its processor time; nobody could have seen five of them.
"""

from __future__ import annotations

import time
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimerEvent
from PySide6.QtWidgets import QWidget

REFRESH_S = 0.02


class Display(QObject):
    """Holds back what would be painted too soon after the last time, and paints it together."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._painted = 0.0
        self._due = 0
        window.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """A painting that comes too soon waits for the next one."""
        if event.type() != QEvent.Type.UpdateRequest:
            return False
        wait = self._painted + REFRESH_S - time.monotonic()
        if wait > 0:
            self._due = self._due or self.startTimer(int(1000 * wait) + 1)
            return True
        self._painted = time.monotonic()
        return False

    def timerEvent(self, _event: QTimerEvent) -> None:
        """It is time."""
        self.killTimer(self._due)
        self._due = 0
        QCoreApplication.postEvent(self._window, QEvent(QEvent.Type.UpdateRequest))


def show_as_screens_do(kind: Any) -> None:
    """Have every window of a kind that is made from now on shown so."""
    make = kind.__init__

    def made(self: Any, *given: Any, **named: Any) -> None:
        make(self, *given, **named)
        Display(self)

    kind.__init__ = made
