"""What Today asks first, and when all the rest: a start is over once the first lines are on the screen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QObject, QTimer

from cbo_desk.reports.need import Need
from ui.kit.runner import Runner

FIRST, LATEST_MS = 2, 400
"""So many questions are asked before the page is painted, and the others after so many milliseconds at the latest."""

Query = Callable[..., list[Need]]


class Beginning(QObject):
    """Asks the first questions, and calls `rest` once an answer with lines is painted, all are there, or it lasts.

    Everything else that Today shows loads modules of every desk: beside the first painting it took a third of a start.
    """

    def __init__(self, page: QObject, rest: Callable[[], object]) -> None:
        super().__init__(page)
        self._soon = QTimer(self, singleShot=True)
        self._soon.timeout.connect(rest)

    def ask(self, runner: Runner, queries: Sequence[Query], take: Callable[[Query, list[Need]], bool]) -> None:
        """Begin; `take` is given each answer until the rest is asked, and tells whether there is something to see."""
        waiting = list(queries[:FIRST])
        self._soon.start(LATEST_MS if waiting else 0)

        def answered(query: Query, found: list[Need]) -> None:
            if not self._soon.isActive():
                return
            waiting.remove(query)
            if take(query, found) or not waiting:
                self._soon.start(0)

        for query in list(waiting):
            runner.walk(self, query, done=partial(answered, query))
