"""How long work tells what it has done so far, and hears that it should stop."""

from __future__ import annotations

import threading
from collections.abc import Callable


class Cancelled(Exception):
    """The person asked for the work to stop; nothing of it was kept."""


class Progress:
    """One piece of long work, watched: it reports, and it stops where it is told to.

    `tell` is called with the units done and the units in all (0 where that is not known yet), on the thread that
    does the work.
    """

    def __init__(self, tell: Callable[[int, int], object] | None = None) -> None:
        self._tell = tell
        self._stop = threading.Event()

    def cancel(self) -> None:
        """Ask the work to stop at its next report."""
        self._stop.set()

    def report(self, done: int, total: int = 0) -> None:
        """Say how far the work is; raises `Cancelled` when it should stop."""
        if self._stop.is_set():
            raise Cancelled
        if self._tell is not None:
            self._tell(done, total)
