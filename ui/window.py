"""Puts a compound on the screen: the frame with its desks, the runner behind it, scans, toasts and problems."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal

import cbo_desk.property  # noqa: F401 - tells the desks below what of theirs holds assets
from cbo_desk.changes import Changes
from cbo_desk.compound import FACTS, about, inspect_schema
from cbo_desk.enlisting import later
from cbo_desk.errors import NotRead
from cbo_desk.office import Office
from cbo_desk.progress import Progress
from ui.bench import Bench
from ui.beside import Attending
from ui.frame import Frame
from ui.keeping import Keeping
from ui.kit.drafts import Drafts
from ui.kit.preferences import Preferences, folder
from ui.kit.runner import Runner
from ui.lapsing import Lapsing
from ui.leads import add_leads
from ui.locking import Locking
from ui.mailing import Mailing
from ui.outage import Outage
from ui.scanners import Scanners
from ui.scans import Scans
from ui.timekeeping import Timekeeping
from ui.unseen import Unseen
from ui.waiting import Waiting

if TYPE_CHECKING:
    from ui.kit.help import HelpWindow

SLOW_MS = 200
"""Saving that takes longer than this is told at the foot of the sidebar."""
# Mail carries tags, lies at places and with people; attachments declare a setting. Neither is on the first page.
later(partial(import_module, "cbo_desk.mail"))
later(partial(import_module, "cbo_desk.attachments"))


class Window(QObject):
    """One open compound: everything a workstation needs, and the order in which it is taken down again.

    Signals: `introduced(dict)` when the compound's name is known, and whether it is a demo.
    """

    introduced = Signal(dict)

    def __init__(
        self,
        office: Office,
        preferences: Preferences,
        parent: QObject | None = None,
        *,
        frame: Frame | None = None,
    ) -> None:
        super().__init__(parent)
        self.office = office
        self.shell = frame or Frame(preferences)
        self.runner = Runner(office, self)
        self.bench = Bench(self.runner, preferences, Drafts(folder() / "drafts"))
        self.bench.shell = self.shell
        self.shell.actions_.following = self.runner.following
        self.bench.print_tags = self._print_tags
        for desk in self.shell.desks.values():
            for kind in desk.kinds:
                self.bench.home(kind, desk.id)
        self.scans = Scans(self.bench, self)
        self.scanners = Scanners(self.bench, self.shell, self)
        self.waiting = Waiting(self.bench, self)
        self.mailing = Mailing(self.bench, self)
        self.keeping = Keeping(self.bench, self)
        self.lapsing = Lapsing(self.bench, self)
        self.outage = Outage(self.bench, folder() / "trays", self)
        self.shell.add_foot(self.outage.strip)
        self.unseen = Unseen(self.bench, self.outage, self)
        self.timekeeping = Timekeeping(self.bench, self)
        self.shell.add_foot(self.timekeeping.strip)
        self.attending = Attending(self.bench, self)
        self.problems = self.shell.problems
        self.locking: Locking | None = None
        self._help: HelpWindow | None = None
        self._slow = QTimer(self, singleShot=True, interval=SLOW_MS)
        self._connect()

    def show(self) -> None:
        """Open the window at the desk that was open last, and begin to hear of scanners and other workstations."""
        self.shell.set_person(self.office.actor.name)
        self._say_connection()
        self.shell.fill(self, self.scans.search)
        add_leads(self.bench)
        self.runner.listen()  # before the first list is read: what is changed after it arrives
        self.shell.go(self.shell.last_desk())
        self.runner.read(self, about, done=self._introduce)
        if not self.shell.isVisible():
            self.shell.show()
        self.outage.start()
        self.timekeeping.start()
        self.scanners.start()
        self.waiting.start()
        self.mailing.start()
        self.keeping.start()
        self.lapsing.start()
        self.attending.start()
        self.bench.feed.serve(self.scans.heard)

    def inspect(self) -> None:
        """Compare the schema with the code, behind everything else, and say what is not whole."""
        self.runner.job(self, self._compare, done=lambda _whole: None)

    def close(self) -> None:
        """Take everything down; what is under way is let finish."""
        self.leave()
        self.shell.close()
        self.shell.deleteLater()

    def leave(self) -> None:
        """Let go of scanners and the database, after what was ordered is carried out; the frame is left standing."""
        if self.locking is not None:
            self.locking.stop()
        self.scanners.stop()
        self.waiting.stop()
        self.mailing.stop()
        self.keeping.stop()
        self.lapsing.stop()
        self.outage.stop()
        self.timekeeping.stop()
        self.attending.stop()
        self.problems.remove()
        self.runner.finish()
        self._slow.stop()  # an order that was still to be given has started it
        self.outage.end()
        self.runner.blockSignals(True)  # what it has still to tell would reach a frame that is gone
        self.office.close()
        # Qt's connections hold it, which Python cannot see: without this no window ever died. Its frame goes first, for
        # pages may ask once more.
        self.shell.destroyed.connect(self.deleteLater)

    def _hear_of_the_compound(self, changes: Changes) -> None:
        """Its name may be another one, here or at another workstation."""
        if FACTS["name"] in changes.touched().get("settings.compound", ()):
            self.runner.read(self, about, done=self._introduce)

    def _renew_replica(self, changes: Changes) -> None:
        """Another server for reports may have been named, here or at another workstation."""
        if "settings.compound" in changes.touched() and self.office.engine.dialect.name == "postgresql":
            self.runner.job(self, self._follow_replica, lambda _done: None, lambda _error: None)

    def _follow_replica(self, _progress: Progress) -> None:
        from cbo_desk.replica import renewed

        self.office.replica = renewed(self.office.engine, self.office.replica)

    def _compare(self, _progress: Progress) -> None:
        inspect_schema(self.office)

    def _connect(self) -> None:
        self.problems.install()
        self.shell.entered.connect(self.scans.typed)
        self.shell.help_asked.connect(self._show_help)
        self.runner.did.connect(self._tell)
        self.runner.failed.connect(self._trouble)
        self.outage.stands.connect(lambda _standing: self._say_connection())
        self.outage.met.connect(self._meet)
        self.runner.changed.connect(self._renew_replica)
        self.runner.changed.connect(self._hear_of_the_compound)
        self.runner.changed.connect(self.shell.heard)
        self.runner.busy.connect(self._be_busy)
        self._slow.timeout.connect(lambda: self._say_connection(True))

    def _tell(self, changes: Changes) -> None:
        """Say what was done, with Undo where it can be undone."""
        if not changes.said:
            return
        if changes.undo is None:
            self.shell.toasts.say(changes.said)
        else:
            self.shell.toasts.say(changes.said, self.tr("Undo"), partial(self.runner.undo, changes.undo))

    def _trouble(self, error: Exception) -> None:
        """Say what went wrong; that a server is away, and how old the page is, stands below it already."""
        self.outage.missed |= isinstance(error, NotRead)
        if not isinstance(error, NotRead) or (self.outage.tray is None and self.office.proof is None):
            self.problems.show(error)

    def _meet(self) -> None:
        """A server answers that was away from the start, or when it was asked: read who works here, and the rest."""
        self.shell.set_person(self.office.actor.name)
        self.runner.read(self, about, done=self._introduce)
        self.inspect()
        for desk in self.shell.desks.values():
            for kind in desk.kinds:
                self.runner.changed.emit(Changes(kind, (), everything=True))

    def _introduce(self, facts: dict[str, Any]) -> None:
        self.shell.set_compound(str(facts.get("name", "")), demo=bool(facts.get("demo")))
        self.introduced.emit(facts)

    def _print_tags(self, kind: str, ids: Sequence[int]) -> None:
        # Printing brings heavy libraries: it is imported when it is first asked for.
        from ui.tags.print_window import open_print_window

        open_print_window(self.bench, kind, ids)

    def _show_help(self, page: str) -> None:
        if self._help is None:
            from ui.kit.help import HelpWindow

            self._help = HelpWindow(self.shell.actions_, self.shell)
        self._help.open_page(page, self.shell.desk())

    def _be_busy(self, busy: bool) -> None:
        """Say that something is being saved where it takes its time: scans are saved many times a second."""
        self.shell.toasts.note_saving(busy)
        if busy:
            self._slow.start()
        elif self._slow.isActive():
            self._slow.stop()  # nothing was told of it
        else:
            self._say_connection()

    def _say_connection(self, busy: bool = False) -> None:
        server = self.office.engine.dialect.name == "postgresql"
        where = self.tr("office server") if server else self.tr("this computer")
        away = self.outage.connection()
        if away is not None:
            self.shell.set_connection(*away, tone="warn")
            return
        words = self.tr("Saving · {where}") if busy else self.tr("Saved · {where}")
        self.shell.set_connection(words.format(where=where))
