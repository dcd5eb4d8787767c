"""When pages of a campaign read again what counting changes, without taking the scans' time for it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from math import inf
from time import monotonic, perf_counter

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from cbo_desk.changes import Changes
from cbo_desk.property.verification import CAMPAIGN, CampaignProgress, campaign_progress
from ui.bench import Bench

PAUSE_MS = 1500
LATEST_S = 5.0
"""In a burst without a pause what others did is read after this time."""
FIGURES_S = 60.0
"""In a burst without a pause it is read again after this time how far all is: it holds up four scans."""
PATIENCE = 6
"""How far all is is asked for in one part of the time at most; the other five are for scanning."""

READ_AGAIN_MS = 400
"""So long after the last scan the room is read again, with what others did there."""


class ReadPause(QTimer):
    """When something is read again that scans change: in their pauses, and in a burst without one when it is due."""

    def __init__(self, read: Callable[[], object], parent: QObject, pause: int = READ_AGAIN_MS) -> None:
        super().__init__(parent, singleShot=True, interval=pause)
        self._latest = inf
        self.timeout.connect(read)

    def later(self, within: float = inf) -> None:
        """Something changed: read when there is a pause, or at the latest within so many seconds from the first time.

        One's own scans are shown already, and reading a store takes the time of several: only a pause is for that.
        """
        if not self.isActive():
            self._latest = inf
        self._latest = min(self._latest, monotonic() + within)
        if not self.isActive() or monotonic() < self._latest:
            self.start()


class CampaignEar(QTimer):
    """Has a page read again what counting changed: after a pause while it is in front, else when it comes there."""

    def __init__(self, bench: Bench, page: QWidget, read: Callable[[], object], pause: int = PAUSE_MS) -> None:
        super().__init__(page, singleShot=True, interval=pause)
        self._page = page
        self._missed = False
        self.timeout.connect(read)
        bench.runner.changed.connect(self._hear)
        page.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The page comes to the front: what was done meanwhile is read."""
        if event.type() == QEvent.Type.Show and self._missed:
            self._missed = False
            self.start()
        return False

    def _hear(self, changes: Changes) -> None:
        if CAMPAIGN in changes.touched() and not self.isActive():
            self._missed = not self._page.isVisible()
            if not self._missed:
                self.start()


class ProgressWatch(QObject):
    """Reads how far a campaign is. `told(CampaignProgress)` tells what was read."""

    told = Signal(object)

    def __init__(self, bench: Bench, parent: QObject) -> None:
        super().__init__(parent)
        self._bench = bench
        self._campaign = 0
        self._pause = ReadPause(self._read, self, PAUSE_MS)

    def look(self, campaign: int) -> None:
        """Read it now."""
        self._campaign = campaign
        self._read()

    def later(self) -> None:
        """Something changed: read it when there is time."""
        if self._campaign:
            self._pause.later(FIGURES_S)

    def _read(self) -> None:
        self._pause.stop()
        if self._campaign:
            done = partial(self._was_read, perf_counter())
            self._bench.runner.walk(self, campaign_progress, self._campaign, done=done)

    def _was_read(self, asked: float, progress: CampaignProgress) -> None:
        took = round((perf_counter() - asked) * 1000)
        self._pause.setInterval(max(PAUSE_MS, took * PATIENCE))
        if progress.card.line.id == self._campaign:
            self.told.emit(progress)
