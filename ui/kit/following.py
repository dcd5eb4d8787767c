"""What a person's eye has gone to and whose card is not there yet: a key hit meanwhile means that record.

An arrow and a letter follow each other faster than a row settles and its card is read. The deed of the letter is about
what is chosen, so that it waits for the card; on a page that shows the record of before it would be done to that one.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid


class Following(QObject):
    """Tells whether a card that can be seen is still to follow, and runs what waits for it."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tickets = count(1)
        self._going: dict[int, QWidget] = {}
        self._then: list[Callable[[], object]] = []

    @property
    def under_way(self) -> bool:
        """Whether something that can be seen has not caught up."""
        return any(isValid(towards) and towards.isVisible() for towards in self._going.values())

    def set_out(self, towards: QWidget) -> int:
        """The eye went to what a widget does not show yet; the ticket is for `arrive`."""
        ticket = next(self._tickets)
        self._going[ticket] = towards
        return ticket

    def arrive(self, ticket: int) -> None:
        """It is there, or it is known that it will not come."""
        self._going.pop(ticket, None)
        while self._then and not self.under_way:
            self._then.pop(0)()

    def then(self, run: Callable[[], object]) -> None:
        """Run something as soon as what is under way has arrived."""
        self._then.append(run)
