"""The background work of one import: one long piece at a time, the one before given up and its answer not heard."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from cbo_desk.progress import Cancelled, Progress
from ui.bench import Bench

CHECK_PAUSE_MS = 250
"""So long after the last choice the file is checked anew."""


class Jobs(QObject):
    """Runs the work.

    Signals: `began(words)` and `ended` around long work, `progressed(done, total)` in between; `cancelled(bool)` when
    the person stopped it, true for the writing.
    """

    began = Signal(str)
    ended = Signal()
    progressed = Signal(int, int)
    cancelled = Signal(bool)

    def __init__(self, bench: Bench, parent: QObject) -> None:
        super().__init__(parent)
        self.bench = bench
        self.writing = False
        self._progress: Progress | None = None
        self._turn = 0
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(CHECK_PAUSE_MS)
        bench.runner.progressed.connect(self._report)
        bench.shell.closing.connect(self.stop)

    def stop(self) -> None:
        """Stop what is under way; nothing of it is kept."""
        self._pause.stop()
        if self._progress is not None:
            self._progress.cancel()

    def busy(self) -> bool:
        """Whether the file is being read, checked or written, or is about to be."""
        return self._progress is not None or self._pause.isActive()

    def _soon(self) -> None:
        """Check anew once the person has paused; a check under way is given up."""
        if self.writing:
            return
        if self._progress is not None:
            self._progress.cancel()
        self._pause.start()

    def _quietly(self, work: Callable[[Progress], Any], done: Callable[[Any], object]) -> None:
        """Short work on the rows held in memory, in turn with the long."""
        self.bench.runner.job(self, work, done)

    def _next_turn(self) -> int:
        if self._progress is not None:
            self._progress.cancel()
            self._progress = None
        self._turn += 1
        return self._turn

    def _run(
        self,
        words: str,
        work: Callable[[Progress], Any],
        done: Callable[[Any], object],
        failed: Callable[[Exception], object],
    ) -> None:
        """Long work; what was under way before is given up, and its answer is not heard any more."""
        self._pause.stop()
        turn = self._next_turn()

        def finished(answer: object) -> None:
            if turn == self._turn:
                self._progress = None
                self.ended.emit()
                done(answer)

        def stopped(error: Exception) -> None:
            if turn != self._turn:
                return
            self._progress = None
            self.ended.emit()
            if isinstance(error, Cancelled):
                self._was_stopped()
            else:
                failed(error)

        self._progress = self.bench.runner.job(self, work, finished, stopped)
        self.began.emit(words)

    def _was_stopped(self) -> None:
        """The person stopped it: whether it was the writing, of which nothing was kept."""
        writing, self.writing = self.writing, False
        self.cancelled.emit(writing)

    def _report(self, done: int, total: int) -> None:
        if self._progress is not None:
            self.progressed.emit(done, total)
