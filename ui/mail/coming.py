"""Receipts on their way: what a clerk orders meanwhile is kept for the item that comes, never for the one before."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence

Run = Callable[[int], object]
"""Something to be done with an item, given its id."""


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
