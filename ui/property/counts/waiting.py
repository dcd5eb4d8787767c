"""Scans that could not be saved: kept on this computer, in their order, until they are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QObject, Signal

from cbo_desk.errors import Trouble
from cbo_desk.property.verification import CountMade, count_item
from ui.bench import Bench

DRAFT = "property.counts.waiting"


@dataclass(frozen=True)
class Waiting:
    """One scan with the campaign and room that it was made in."""

    campaign: int
    room: int
    text: str


class WaitingScans(QObject):
    """The scans that wait. `changed(int)` tells how many; `saved(CountMade)` one that was saved at last."""

    changed = Signal(int)
    saved = Signal(object)

    def __init__(self, bench: Bench, parent: QObject) -> None:
        super().__init__(parent)
        self._bench = bench
        self._under_way = False
        kept = bench.drafts.find(DRAFT)
        self._line = [Waiting(*one) for one in kept.typed.get("scans", [])] if kept else []

    def count(self) -> int:
        """How many scans wait."""
        return len(self._line)

    def keep(self, campaign: int, room: int, text: str) -> None:
        """Keep a scan, also through a crash."""
        self._line.append(Waiting(campaign, room, text))
        self._remember()

    def save(self, failed: Callable[[Exception], object] | None = None) -> None:
        """Save what waits, the oldest first; it stops at the first one that cannot be saved either."""
        if self._under_way or not self._line:
            return
        self._under_way = True
        one = self._line[0]
        order = (count_item, one.campaign, one.room, one.text)
        done = partial(self._went, failed)
        self._bench.runner.write(*order, done=done, failed=partial(self._stopped, failed), quiet=True)

    def _went(self, failed: Callable[[Exception], object] | None, made: CountMade) -> None:
        self._under_way = False
        self._line.pop(0)
        self._remember()
        self.saved.emit(made)
        self.save(failed)

    def _stopped(self, failed: Callable[[Exception], object] | None, error: Exception) -> None:
        self._under_way = False
        if not isinstance(error, Trouble):
            # A rule refuses it, and would for ever: its text is told, and it waits no longer.
            refused = self._line.pop(0)
            self._remember()
            self._bench.shell.toasts.say(f"{refused.text}: {error}", tone="warn")
            self.save(failed)
        elif failed is not None:
            failed(error)

    def _remember(self) -> None:
        if self._line:
            rows = [[one.campaign, one.room, one.text] for one in self._line]
            self._bench.drafts.keep(DRAFT, {"scans": rows})
        else:
            self._bench.drafts.forget(DRAFT)
        self.changed.emit(len(self._line))
