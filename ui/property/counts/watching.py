"""Keeps knowing how far a campaign is, without taking the scans' time for it."""

from __future__ import annotations

from functools import partial
from time import perf_counter

from PySide6.QtCore import QObject, QTimer, Signal

from cbo_desk.property.verification import CampaignProgress, campaign_progress
from ui.bench import Bench

PAUSE_MS = 1500
PATIENCE = 6
"""How far all is is asked for in one part of the time at most; the other five are for scanning."""


class ProgressWatch(QObject):
    """Reads how far a campaign is. `told(CampaignProgress)` tells what was read."""

    told = Signal(object)

    def __init__(self, bench: Bench, parent: QObject) -> None:
        super().__init__(parent)
        self._bench = bench
        self._campaign = 0
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self._read)

    def look(self, campaign: int) -> None:
        """Read it now."""
        self._campaign = campaign
        self._read()

    def later(self) -> None:
        """Something changed: read it when there is time."""
        if self._campaign and not self._pause.isActive():
            self._pause.start()

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
