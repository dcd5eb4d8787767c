"""The restore wizard: choose a backup, see it proven and what would be lost, put it into a new file, then switch."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QApplication, QFrame, QWidget

from cbo_desk.compound import BACK_UP
from cbo_desk.context import clock, local
from cbo_desk.plurals import Count
from cbo_desk.progress import Progress
from ui.bench import Bench
from ui.kit.buttons import Button, Tool
from ui.kit.cards import Fact, Facts, History, ScrollCard, line, rule, stack
from ui.kit.files import ask_open
from ui.kit.labels import Label
from ui.kit.phrases import day, when
from ui.kit.states import ProgressStrip
from ui.kit.theme import px
from ui.settings.backups import plan_of

if TYPE_CHECKING:  # backups bring the machinery of migrations, which the settings page has no time for
    from cbo_desk.backup import Restored
    from cbo_desk.restoring import Kept, Offered

SHOWN = 8


class RestoreBox(QFrame):
    """One box, three steps; the compound that is open stays as it is throughout. Signals: `closed`."""

    closed = Signal()

    def __init__(self, bench: Bench) -> None:
        super().__init__()
        self.setProperty("look", "raised")
        self._bench = bench
        self.setAccessibleName(self.tr("Restore a backup"))
        self.step = Label("", "muted", self, wrap=True)
        self.fault = Label("", "fault", self, wrap=True)
        self.fault.setContentsMargins(px(20), px(10), px(20), 0)
        self.fault.hide()
        self.body = ScrollCard(self, look="plain")
        self.strip = ProgressStrip(self)
        self.buttons = line(None, gap=8)
        close = Tool("x", self.tr("Close"), self.closed.emit)
        head = line(stack(Label(self.tr("Restore a backup"), "h2"), self.step), close, margins=(20, 16, 16, 12))
        head.setStretch(0, 1)
        foot = stack(self.buttons, margins=(20, 12, 20, 14))
        column = stack(head, rule(self), self.fault, self.strip, self.body, rule(self), foot)
        column.setStretch(4, 1)
        self.setLayout(column)
        self._read()

    def sizeHint(self) -> QSize:
        """Room for the list and for what was done since."""
        return QSize(px(620), px(520))

    # --- first: which

    def _read(self) -> None:
        from cbo_desk.restoring import choices

        plan = plan_of(self._bench.preferences, self._bench.runner.office)
        self.step.setText(self.tr("1 of 3 · Which backup? The compound that is open stays as it is."))
        self._bench.runner.job(self, lambda _progress: choices(plan), self._choose, self._failed)

    def _choose(self, found: Sequence[Kept]) -> None:
        rows: list[QWidget] = [
            Button(f"{when(kept.made_at, clock())} · {kept.file.name}", "archive", run=partial(self.look_at, kept.file))
            for kept in found[:SHOWN]
        ]
        if not rows:
            words = self.tr("This workstation has made none by itself. Choose the file of one.")
            rows = [Label(words, "muted", wrap=True)]
        self.body.show_content(*rows)
        self._offer(Button(self.tr("Another file…"), "folder-open", "primary", self._ask_file))

    def _ask_file(self) -> None:
        kinds = [self.tr("Backups (*.db *.backup *.cbo)"), self.tr("All files (*)")]
        title = self.tr("Restore a backup")
        ask_open(self, title, kinds, "backup", self._bench.preferences, lambda name: self.look_at(Path(name)))

    def look_at(self, file: Path) -> None:
        """Prove a backup and show what it would cost to put it back."""
        from cbo_desk.restoring import look_at

        office = self._bench.runner.office
        job = self._bench.runner.job(
            self, lambda progress: look_at(office, file, progress), self._show, self._failed
        )
        self._begin(self.tr("Proving the backup"), job)

    # --- second: what it holds, and what would be lost

    def _show(self, offered: Offered) -> None:
        self._end()
        self.step.setText(self.tr("2 of 3 · It is proven. This is what it holds, and what was done since."))
        made = local(offered.made_at)
        facts = Facts(
            [
                Fact("archive", self.tr("Backup"), offered.file.name),
                Fact("clock", self.tr("Made"), f"{day(made.date())} {made:%H:%M}"),
                Fact("database", self.tr("Holds"), self.tr("{rows:row|rows}, {deeds:deed|deeds} in the audit").format(
                    rows=Count(offered.rows), deeds=Count(offered.audit_entries))),
            ]
        )  # fmt: skip
        since = offered.since
        if not since.same:
            words = self.tr("It is not of this compound as it is now: its newest deed is none of ours.")
        elif not since.deeds:
            words = self.tr("Nothing was done since: nothing would be lost.")
        else:
            told = self.tr("{deeds:deed|deeds} by {people:person|people} since then would not be in it. The newest:")
            words = told.format(deeds=Count(since.deeds), people=Count(since.people))
        lines = History((when(at, clock()), f"{who}: {said}") for at, who, said in since.newest)
        lost = Label(words, "amber" if since.deeds or not since.same else "muted", wrap=True)
        self.body.show_content(facts, rule(), lost, lines)
        if self._bench.runner.office.engine.dialect.name == "sqlite":
            put = Button(self.tr("Put into a new file"), "rotate-ccw", "primary", partial(self._put, offered.file))
        else:
            put = Button(self.tr("Copy the command"), "copy", "primary", partial(self._copy, offered.file))
        self._offer(Button(self.tr("Back"), "arrow-left", run=self._read), put)

    def _copy(self, file: Path) -> None:
        """A server's databases are made by whoever keeps it: they get the very command."""
        from cbo_desk.restoring import command_for

        QApplication.clipboard().setText(command_for(self._bench.runner.office, file))
        words = self.tr("Copied. Whoever keeps the server runs it there; the compound that is open stays as it is.")
        self.step.setText(words)

    def _put(self, file: Path) -> None:
        from cbo_desk.restoring import put_beside

        office = self._bench.runner.office
        job = self._bench.runner.job(
            self, lambda progress: put_beside(office, file, progress), self._done, self._failed
        )
        self._begin(self.tr("Putting it into a new file, and proving that"), job)

    # --- third: switch

    def _done(self, restored: Restored) -> None:
        self._end()
        self.step.setText(self.tr("3 of 3 · It is back, proven row by row, in a file of its own."))
        file = Path(restored.database)
        facts = Facts(
            [
                Fact("hard-drive", self.tr("New file"), str(file)),
                Fact("database", self.tr("Holds"), self.tr("{rows:row|rows}").format(rows=Count(restored.rows))),
            ]
        )
        words = self.tr("The file that is open now stays where it is. Other workstations and commands go on with it.")
        self.body.show_content(facts, rule(), Label(words, "muted", wrap=True))
        switch = Button(self.tr("Open it now"), "folder-open", "primary", partial(self._switch, str(file)))
        self._offer(Button(self.tr("Not now"), run=self.closed.emit), switch)

    def _switch(self, url: str) -> None:
        self.closed.emit()
        self._bench.shell.switch_asked.emit(url)

    # --- parts

    def _offer(self, *buttons: Button) -> None:
        while (item := self.buttons.takeAt(1)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for button in buttons:
            self.buttons.addWidget(button)
            button.show()
        buttons[-1].setFocus()

    def _begin(self, words: str, job: Progress) -> None:
        self.fault.hide()
        self.body.setEnabled(False)
        self.strip.begin(words, job.cancel)

    def _end(self) -> None:
        self.strip.end()
        self.body.setEnabled(True)

    def _failed(self, error: Exception) -> None:
        """A damaged backup is refused in a sentence; another one can be chosen at once."""
        self._end()
        self.fault.setText(str(error))
        self.fault.show()


def open_restoring(bench: Bench) -> RestoreBox:
    """Put the wizard in front of the page."""
    box = RestoreBox(bench)
    overlay = bench.shell.open_overlay(box)
    box.closed.connect(overlay.close_it)
    return box


def may_restore(bench: Bench) -> bool:
    """Whether the person at work may put a backup back."""
    return bench.runner.office.actor.may(BACK_UP)
