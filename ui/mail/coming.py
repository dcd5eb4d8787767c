"""Receipts on their way: what a clerk orders meanwhile is kept for the item that comes, never for the one before."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QTimer

from ui.kit.scanning.feed import ScanFeed

Run = Callable[[int], object]
"""Something to be done with an item, given its id."""
BURST, GATHER_MS = 3, 50
"""With so many scans waiting, what was received is shown in lots, as often as the eye can follow."""


class Coming:
    """One line for each receipt that was ordered and is not saved yet, in the order of scanning."""

    def __init__(self) -> None:
        self._waiting: deque[list[Run]] = deque()

    def __bool__(self) -> bool:
        """Whether a receipt is on its way."""
        return bool(self._waiting)

    def ordered(self) -> None:
        """A receipt was ordered: what is ordered from now on is for its item."""
        self._waiting.append([])

    def keep(self, run: Run) -> bool:
        """Keep something for the newest item that is on its way; False where none is."""
        if self._waiting:
            self._waiting[-1].append(run)
        return bool(self._waiting)

    def came(self, ids: Sequence[int]) -> None:
        """The first receipt is saved: do what was kept for its item."""
        for run in self._waiting.popleft() if self._waiting else ():
            for ident in ids:
                run(ident)

    def failed(self) -> bool:
        """The first receipt was refused; whether something had been ordered for its item."""
        return bool(self._waiting and self._waiting.popleft())


class Gathering(QObject):
    """What was received and is not on the screen yet: `read(ids, hint)` item by item, in a burst several together."""

    def __init__(self, feed: ScanFeed, read: Callable[[list[int], str], object], parent: QObject) -> None:
        super().__init__(parent)
        self._feed, self._read = feed, read
        self._fresh: list[int] = []
        self._pause = QTimer(self, singleShot=True, interval=GATHER_MS)
        self._pause.timeout.connect(self._give)

    def add(self, ids: Sequence[int], hint: str) -> None:
        """These were received; `hint` is whom the label names."""
        self._fresh += ids
        if self._feed.pending < BURST:
            self._give(hint)
        elif not self._pause.isActive():
            self._pause.start()

    def _give(self, hint: str = "") -> None:
        ids, self._fresh = self._fresh, []
        if ids:
            self._read(ids, hint)
