"""Plain functions run off the GUI thread; their answers arrive on it."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, QThreadPool, Signal, Slot
from shiboken6 import isValid

T = TypeVar("T")
AHEAD = 1
"""The priority of work that goes before all that waits."""


class Background(QObject):
    """A pool of threads that never hold a widget: each gets a ticket number and plain work.

    Signals: `idle` when the last ticket has been answered.
    """

    idle = Signal()
    _answered = Signal(int, object, object)

    def __init__(self, threads: int, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(threads)
        self._ended = self._dropping = False
        self._tickets = count()
        self._waiting: dict[int, tuple[QObject, Callable[[Any], object], Callable[[Exception], object]]] = {}
        self._ahead: set[int] = set()
        self._answered.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    @property
    def busy(self) -> int:
        """How many tickets are not answered yet."""
        return len(self._waiting)

    @property
    def hurried(self) -> bool:
        """Whether something that goes ahead is not answered yet."""
        return bool(self._ahead)

    def run(
        self,
        owner: QObject,
        work: Callable[[], T],
        done: Callable[[T], object],
        failed: Callable[[Exception], object],
        *,
        ahead: bool = False,
    ) -> None:
        """Run `work`, then `done` or `failed` here, unless `owner` is gone by then; `ahead` of what waits otherwise."""
        if self._ended:
            return
        ticket = next(self._tickets)
        self._waiting[ticket] = (owner, done, failed)
        if ahead:
            self._ahead.add(ticket)

        def task() -> None:
            if self._dropping:
                return  # run for nothing: what a pool is told to forget it keeps for good, and this holds a window
            try:
                self._answered.emit(ticket, work(), None)
            except Exception as error:  # noqa: BLE001 - handed over, never swallowed
                self._answered.emit(ticket, None, error)

        self._pool.start(task, AHEAD if ahead else 0)

    def finish(self, *, all_of_it: bool = False, for_good: bool = False) -> None:
        """Wait for what has started, and forget what has not; `all_of_it` has the rest carried out too.

        After one `for_good` nothing is begun any more: whoever asks will not be told, and may be gone before it ends.
        """
        self._ended = for_good
        self._dropping = not all_of_it
        self._pool.waitForDone()
        self._dropping = False

    @Slot(int, object, object)
    def _deliver(self, ticket: int, answer: object, error: Exception | None) -> None:
        owner, done, failed = self._waiting.pop(ticket)
        self._ahead.discard(ticket)
        if isValid(owner):
            if error is None:
                done(answer)
            else:
                failed(error)
        if not self._waiting:
            self.idle.emit()
