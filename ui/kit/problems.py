"""Bad news on the screen, in plain words: a rule's no, trouble, our own bugs. The program goes on."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from types import TracebackType

from PySide6.QtCore import QObject, Qt, Signal, qVersion
from PySide6.QtGui import QGuiApplication

from cbo_desk.bugs import LOG, details_of, reference_of
from cbo_desk.errors import Refusal, Trouble
from cbo_desk.progress import Cancelled
from ui.kit.toasts import Toast, Toasts

QUIET_SECONDS = 30
"""The same bug is not told twice within so long; a list that fails to paint would otherwise cover the screen."""


class Problems(QObject):
    """Shows what went wrong. Refusals and trouble belong beside the field where there is one; this is for the rest."""

    _found = Signal(object)

    def __init__(self, toasts: Toasts) -> None:
        super().__init__(toasts)
        self._toasts = toasts
        self._told: dict[str, float] = {}
        self._before = (sys.excepthook, threading.excepthook)
        self._found.connect(self.show, Qt.ConnectionType.QueuedConnection)

    def show(self, error: BaseException, again: Callable[[], object] | None = None) -> Toast | None:
        """Tell a person; `again` is offered as "Try again" for trouble. None where it was told a moment ago."""
        if isinstance(error, Cancelled):
            return self._toasts.say(self.tr("Stopped. Nothing of it was kept."), tone="warn")
        if isinstance(error, Refusal):
            return self._toasts.say(str(error), tone="warn")
        if isinstance(error, Trouble):
            verb = self.tr("Try again") if again else ""
            return self._toasts.say(str(error), verb, again, tone="bad")
        return self._bug(error)

    def install(self) -> None:
        """Hear of every exception that nobody caught, on any thread."""
        sys.excepthook = self._caught
        threading.excepthook = self._caught_in_thread

    def remove(self) -> None:
        """Hear no longer."""
        sys.excepthook, threading.excepthook = self._before

    def _bug(self, error: BaseException) -> Toast | None:
        number = reference_of(error)
        details = details_of(error, f"Qt {qVersion()}")
        LOG.error("%s", details)
        now = time.monotonic()
        if now - self._told.get(number, -QUIET_SECONDS) < QUIET_SECONDS:
            return None
        self._told[number] = now
        words = self.tr("This did not work; the fault is ours. You can go on. It is noted as {number}.")
        return self._toasts.say(
            words.format(number=number),
            self.tr("Copy details"),
            lambda: QGuiApplication.clipboard().setText(details),
            tone="bad",
        )

    def _caught(self, _kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
        if isinstance(error, KeyboardInterrupt):
            self._before[0](_kind, error, _trace)
            return
        self._found.emit(error)

    def _caught_in_thread(self, found: threading.ExceptHookArgs) -> None:
        if found.exc_value is not None:
            self._found.emit(found.exc_value)
