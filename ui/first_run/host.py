"""Who opens a compound: what the pages before one is open ask of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import QObject

from ui.kit.preferences import Preferences

if TYPE_CHECKING:
    from cbo_desk.opening import Opened
    from cbo_desk.people.without_server import Known
    from ui.frame import Frame


class Host(Protocol):
    """Brings one frame to an open compound; `url` is its address."""

    url: str
    frame: Frame
    preferences: Preferences

    def run(
        self, work: Callable[[], Any], done: Callable[[Any], object], failed: Callable[[Exception], object]
    ) -> None:
        """Run one step off the GUI thread."""

    def ask(
        self,
        owner: QObject,
        work: Callable[[], Any],
        done: Callable[[Any], object],
        failed: Callable[[Exception], object],
    ) -> None:
        """Ask something beside the opening, unless `owner` is gone by then."""

    def open(self, url: str) -> None:
        """Open a compound."""

    def arrived(self, opened: Opened) -> None:
        """A compound is at hand."""

    def failed(self, error: Exception) -> None:
        """It cannot be opened."""

    def begun_without(self, known: Known, office: Any) -> None:
        """Somebody works without the server."""

    def welcome(self) -> None:
        """Ask how to begin."""
