"""What happens by the clock while the program is open: holds whose time is up are let go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from ui.bench import Bench
from ui.kit.background import Background

if TYPE_CHECKING:  # imported when it first strikes, not when the window opens
    from cbo_desk.conference import HoldClock

FIRST_MS, EVERY_MS, LEAST_MS = 2_000, 30_000, 100


class Lapsing(QObject):
    """Lets holds go as their time is up, and looks every half minute for those that others made; what changed arrives
    by the feed as from elsewhere."""

    def __init__(self, bench: Bench, parent: QObject) -> None:
        super().__init__(parent)
        self._bench = bench
        self._queue = Background(1, self)
        self._clock: HoldClock | None = None
        self._watching = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._strike)

    @property
    def busy(self) -> int:
        """How much is under way."""
        return self._queue.busy

    def start(self) -> None:
        """Begin to watch the clock."""
        self._watching = True
        self._timer.start(FIRST_MS)

    def stop(self) -> None:
        """Watch no more; what is under way is finished, and its answer winds nothing up again."""
        self._watching = False
        self._timer.stop()
        self._queue.finish(all_of_it=True)

    def _strike(self) -> None:
        if self._clock is None:  # what it needs is imported first, beside everything else
            self._bench.runner.in_a_rest(self, self._run)
        else:
            self._run()

    def _run(self) -> None:
        if not self._watching:
            return
        # An answer, or a database that is away, which the window says already: in both cases the next stroke.
        self._queue.run(self, self._tick, self._again, self._again)

    def _again(self, answer: object) -> None:
        if self._watching:
            self._timer.start(answer if isinstance(answer, int) else EVERY_MS)

    def _tick(self) -> int:
        """Let go of what is over; in how many milliseconds to look again."""
        from cbo_desk.conference import HoldClock

        if self._clock is None:
            self._clock = HoldClock(self._bench.runner.office)
        self._clock.tick()
        following = self._clock.seconds_to_next()
        if following is None:
            return EVERY_MS
        return round(min(max(following * 1000 + 1, LEAST_MS), EVERY_MS))
