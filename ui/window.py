"""Puts a compound on the screen: the shell with its desks, the runner behind it, scans, toasts and problems."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import QObject

from cbo_desk.changes import Changes
from cbo_desk.compound import about
from cbo_desk.context import clock, local
from cbo_desk.office import Office
from ui import desks
from ui.bench import Bench
from ui.kit.drafts import Drafts
from ui.kit.preferences import LAST_DESK, Preferences, folder
from ui.kit.problems import Problems
from ui.kit.runner import Runner
from ui.kit.shell import Shell
from ui.scans import Scans


class Window(QObject):
    """One open compound: everything a workstation needs, and the order in which it is taken down again."""

    def __init__(self, office: Office, preferences: Preferences, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.office = office
        self.runner = Runner(office, self)
        self.bench = Bench(self.runner, preferences, Drafts(folder() / "drafts"))
        self.scans = Scans(self.bench, self)
        self.shell = Shell(
            desks.desks(self.bench),
            preferences,
            settings=desks.settings(self.bench),
            search=self.scans.search,
            now=lambda: local(clock()),
        )
        self.bench.shell = self.shell
        self.problems = Problems(self.shell.toasts)
        self._connect()

    def show(self) -> None:
        """Open the window at the desk that was open last, and begin to hear of other workstations."""
        self.shell.set_person(self.office.actor.name)
        self._say_connection()
        self.runner.read(self, about, done=self._introduce)
        last = self.bench.preferences.get(LAST_DESK)
        self.shell.go(last if last in self.shell.desks else "today")
        self.shell.show()
        self.runner.listen()

    def close(self) -> None:
        """Take everything down; what is under way is let finish."""
        self.problems.remove()
        self.runner.finish()
        self.shell.close()
        self.shell.deleteLater()
        self.office.close()

    def _connect(self) -> None:
        self.problems.install()
        self.shell.entered.connect(self.scans.typed)
        self.runner.did.connect(self._tell)
        self.runner.failed.connect(self.problems.show)
        self.runner.busy.connect(self._say_connection)

    def _tell(self, changes: Changes) -> None:
        """Say what was done, with Undo where it can be undone."""
        if not changes.said:
            return
        if changes.undo is None:
            self.shell.toasts.say(changes.said)
        else:
            self.shell.toasts.say(changes.said, self.tr("Undo"), partial(self.runner.undo, changes.undo))

    def _introduce(self, facts: dict[str, Any]) -> None:
        self.shell.set_compound(str(facts.get("name", "")), demo=bool(facts.get("demo")))

    def _say_connection(self, busy: bool = False) -> None:
        server = self.office.engine.dialect.name == "postgresql"
        where = self.tr("office server") if server else self.tr("this computer")
        words = self.tr("Saving · {where}") if busy else self.tr("Saved · {where}")
        self.shell.set_connection(words.format(where=where))
