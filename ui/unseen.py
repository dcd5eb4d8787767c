"""Pages that were first opened while the server is away: nothing is known of them, and they say so until it is back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from ui.bench import Bench
from ui.kit.buttons import Button
from ui.kit.page import Page
from ui.kit.states import State
from ui.outage import Outage

if TYPE_CHECKING:
    from cbo_desk.tray import Standing


class Unseen(QObject):
    """Covers such pages: a list that was never read would say that there is nothing, and a count that it is none."""

    def __init__(self, bench: Bench, outage: Outage, parent: QObject) -> None:
        super().__init__(parent)
        self._bench, self._outage = bench, outage
        self._covered: list[Page] = []
        bench.shell.made.connect(self._made)
        outage.stands.connect(self._stands)

    def _made(self, page: QWidget) -> None:
        office = self._bench.runner.office
        away = office.proof is not None or (office.link is not None and office.link.away)
        if not away or not isinstance(page, Page) or page.goes_on:
            return
        words = self.tr(
            "This page was not opened before the server went away, so this computer does not know what stands on it. "
            "It is read as soon as the server is back. Mail rounds and counts go on."
        )
        again = Button(self.tr("Try now"), "refresh-cw", run=self._outage.ask_now)
        page.cover(State("offline", self.tr("Not known on this computer"), words, again))
        self._covered.append(page)
        self._outage.missed = True

    def _stands(self, standing: Standing) -> None:
        if standing.away_since is None:
            for page in filter(isValid, self._covered):
                page.uncover()
            self._covered.clear()
