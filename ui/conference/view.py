"""What the page of the conference desk is made of: its views, one behind each tab, made when they are first looked at.

A further view is a class here or in a package below, and one line in `places`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cbo_desk.changes import Changes
from ui.bench import Bench

if TYPE_CHECKING:  # the page makes its views, which know it
    from ui.conference.page import ConferencePage


class View(QWidget):
    """One view. `card` stands at the right of the page while the view is in front; None for the whole width.

    `box` is where it puts what it shows; `tools` stand at the right of the tabs while it is in front.
    """

    card: QWidget | None = None

    def __init__(self, page: ConferencePage) -> None:
        super().__init__(page)
        self.page = page
        self.bench: Bench = page.bench
        self.box = QVBoxLayout(self)
        self.box.setContentsMargins(0, 0, 0, 0)
        self.box.setSpacing(10)

    def heading(self) -> str:
        """The page's title while the view is in front; "" for the desk's own."""
        return ""

    def tools(self) -> Sequence[QWidget]:
        """Small tools at the right of the tabs."""
        return ()

    @property
    def in_front(self) -> bool:
        """Whether it is what the page shows: an answer that comes late is not said over that of another view."""
        return self.page.view is self

    def tell(self, summary: str) -> None:
        """Say below the title what the view shows, while it is in front."""
        if self.in_front:
            self.page.say(summary)

    def enter(self) -> None:
        """The view comes to the front: read what it shows."""

    def hear(self, changes: Changes) -> None:
        """Something changed, here or elsewhere; only told while the view is in front."""

    def open_at(self, detail: str) -> bool:
        """Show one thing in particular; False where this is not the place for it."""
        del detail
        return False

    def chosen_ids(self) -> list[int]:
        """The bookings that are chosen, for the deeds of the page."""
        return []

    @property
    def may_wait(self) -> bool:
        """Whether something is looked for here that could wait."""
        return False

    def wait(self) -> None:
        """Put what is looked for on the waitlist."""

    def filter_words(self, words: str) -> None:
        """Narrow what is shown to what holds these words."""

    has_filter = False
    heading_in_title = False


@dataclass(frozen=True)
class Place:
    """A view as the tabs know it: its id, its words, and the class that shows it."""

    id: str
    title: str
    module: str
    name: str

    def make(self, page: ConferencePage) -> View:
        """The view itself."""
        made = getattr(import_module(self.module), self.name)(page)
        assert isinstance(made, View)
        return made


def places() -> tuple[Place, ...]:
    """Every view in the order of the tabs. One line a view."""
    translate = QCoreApplication.translate
    return (
        Place("day", translate("conference", "Day"), "ui.conference.days", "DayView"),
        Place("week", translate("conference", "Week"), "ui.conference.days", "WeekView"),
        Place("month", translate("conference", "Month"), "ui.conference.days", "MonthView"),
        Place("season", translate("conference", "Season"), "ui.conference.season", "SeasonView"),
        Place("find", translate("conference", "Find"), "ui.conference.find", "FindView"),
        Place("bookings", translate("conference", "Bookings"), "ui.conference.lists", "BookingsView"),
        Place("holds", translate("conference", "Holds"), "ui.conference.lists", "HoldsView"),
        Place("waitlist", translate("conference", "Waitlist"), "ui.conference.lists", "WaitlistView"),
        Place("spaces", translate("conference", "Spaces"), "ui.conference.spaces", "SpacesView"),
        Place("project", translate("conference", "Capital project"), "ui.conference.project.view", "ProjectView"),
        Place("use", translate("conference", "Use"), "ui.conference.use", "UseView"),
    )
