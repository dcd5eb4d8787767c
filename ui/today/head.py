"""What stands beside the title of Today: the day as a paper, and what people come to begin."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, QPoint, Signal
from PySide6.QtWidgets import QWidget

from ui.bench import Bench
from ui.kit.actions import Action
from ui.kit.buttons import Button

NEW = ("conference.new", "transport.new", "mail.receive", "mail.hand_in", "property.receive")
"""What people come to begin, by the actions of its pages."""


class Head(QObject):
    """Two buttons and their actions. Signals: `printed` the day is wanted as a paper."""

    printed = Signal()

    def __init__(self, bench: Bench, page: QWidget) -> None:
        super().__init__(page)
        self._page, self._actions = page, bench.shell.actions_
        said = self.tr("Print day sheet")
        self._add("print", said, self.printed.emit, "printer", "Ctrl+Shift+D")
        run = self._actions.run
        self.buttons = [Button(said, "printer", "plain", partial(run, "today.print"), "Ctrl+Shift+D")]
        if self._beginnings():
            words = self.tr("New")
            self._add("new", words, self._offer, "plus", "Ctrl+N")
            self.buttons.append(Button(words, "plus", "primary", partial(run, "today.new"), "Ctrl+N"))

    def _add(self, name: str, label: str, run: object, icon: str, key: str) -> None:
        assert callable(run)
        self._actions.add(self._page, Action(f"today.{name}", label, run, icon, key, "today"))

    def _beginnings(self) -> list[str]:
        """The ways to what the person at work may begin."""
        known = {action.id for action in self._actions.all()}
        return [f"lead.{name}" for name in NEW if f"lead.{name}" in known]

    def _offer(self) -> None:
        button = self.buttons[-1]
        menu = self._actions.menu(self._page, self._beginnings())
        menu.popup(button.mapToGlobal(button.rect().bottomLeft() + QPoint(0, 2)))
