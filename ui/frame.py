"""The window's frame: it stands on the screen before a compound is open, and fills when one is."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtWidgets import QWidget

from cbo_desk.context import clock, local
from ui import desks
from ui.bench import Bench
from ui.kit.palette import Search
from ui.kit.preferences import LAST_DESK, Preferences
from ui.kit.shell import Shell
from ui.kit.topbar import TopBar

FIRST_DESK = "today"


class Opened(Protocol):
    """What fills the frame: the window of one open compound."""

    @property
    def bench(self) -> Bench:
        """What its pages are given."""


class Frame(Shell):
    """The shell with every desk greyed and a front page, until `fill` gives it a compound."""

    def __init__(self, preferences: Preferences) -> None:
        self._opened: Opened | None = None
        super().__init__(
            desks.desks(self._bench),
            preferences,
            settings=desks.settings(self._bench),
            now=lambda: local(clock()),
        )
        self._front: QWidget | None = None
        self._grey(True)

    @property
    def filled(self) -> bool:
        """Whether a compound is open in it."""
        return self._opened is not None

    def show_front(self, page: QWidget, compound: str) -> None:
        """Show a page of the time before a compound is open; `compound` says so below the name."""
        self._drop_front()
        self._front = page
        self.pages.addWidget(page)
        self.pages.setCurrentWidget(page)
        self.sidebar.set_chosen("")
        self.sidebar.compound.setText(compound)

    def fill(self, opened: Opened, search: Search) -> None:
        """A compound is open: the desks come alive."""
        self._opened = opened
        self.search = search
        self._drop_front()
        self._grey(False)

    def last_desk(self) -> str:
        """The desk that was open last on this workstation."""
        last = self.preferences.get(LAST_DESK)
        return last if last in self.desks else FIRST_DESK

    def go(self, desk: str, detail: str = "", *, remember: bool = True) -> QWidget:
        """Open a desk's page; before a compound is open there is none, and the front page stays."""
        if self._opened is None:
            return self._front or self
        return super().go(desk, detail, remember=remember)

    def add_foot(self, strip: QWidget) -> None:
        """Put a strip below every page."""
        right = self.pages.parentWidget()
        column = right.layout() if right is not None else None
        assert column is not None
        column.addWidget(strip)

    def _bench(self) -> Bench:
        assert self._opened is not None, "no desk opens before a compound does"
        return self._opened.bench

    def _grey(self, grey: bool) -> None:
        for name, entry in self.sidebar.entries.items():
            entry.setEnabled(not grey or name == "help")
        bar: TopBar = self.top
        for part in (bar.clock, bar.bell, bar.person):
            part.setVisible(not grey)

    def _drop_front(self) -> None:
        if self._front is not None:
            self.pages.removeWidget(self._front)
            self._front.deleteLater()
            self._front = None
