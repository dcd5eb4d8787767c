"""Shelving by scanner alone: a shelf, then items, the next shelf. Every scan is saved at once, and none is lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

from PySide6.QtCore import QModelIndex, QObject
from PySide6.QtWidgets import QTableView, QWidget

from cbo_desk.changes import Changes
from cbo_desk.context import clock, local
from cbo_desk.mail import KIND, shelf_code, shelve_items
from cbo_desk.plurals import Count
from cbo_desk.tags import Opened
from cbo_desk.tray import KeptHere
from ui import picks
from ui.bench import Bench, record_of
from ui.kit.actions import Action
from ui.kit.buttons import Button
from ui.kit.cards import frame, line, stack
from ui.kit.cells import Look
from ui.kit.chips import Status
from ui.kit.columns import Column
from ui.kit.dialogs import FormBox, open_form
from ui.kit.fields import Field
from ui.kit.forms import Form
from ui.kit.labels import KeyCap, Label
from ui.kit.lines import Lines
from ui.kit.page import Page
from ui.kit.scanning.feed import Scanned
from ui.kit.scanning.showing import visible
from ui.kit.tables import dress
from ui.mail.scans import MailScans

PLACE = "places.place"


@dataclass(frozen=True)
class Put:
    """One scan of this session: what it was, where it was put, and why not where `good` is False."""

    at: datetime
    number: str
    about: str
    shelf: str
    good: bool
    item: int | None = None
    taken_back: bool = False


class PutModel(Lines):
    """The scans of this session, newest first."""

    def __init__(self, parent: QObject) -> None:
        super().__init__((), parent)
        self.rows: list[Put] = []
        self.columns = [
            Column(Look("time", "date", 80, sortable=False), self.tr("Time"), lambda row: f"{local(row.at):%H:%M:%S}"),
            Column(Look("number", "ref", 140, sortable=False), self.tr("Scan"), lambda row: row.number),
            Column(Look("about", "text", 240, stretch=True, sortable=False), self.tr("What it is"),
                   lambda row: row.about, tip=lambda row: row.about),
            Column(Look("shelf", "muted", 120, sortable=False), self.tr("Shelf"), lambda row: row.shelf or "—"),
            Column(Look("state", "chip", 150, sortable=False), self.tr("Status"), lambda row: self._status(row).word,
                   value=self._status),
        ]  # fmt: skip

    def add(self, row: Put) -> None:
        """Show another scan on top."""
        self.beginInsertRows(QModelIndex(), 0, 0)
        self.rows.insert(0, row)
        self.endInsertRows()

    def change(self, at: int, row: Put) -> None:
        """Show a scan anew where it stands."""
        self.rows[at] = row
        self.dataChanged.emit(self.index(at, 0), self.index(at, len(self.columns) - 1))

    def _status(self, row: Put) -> Status:
        if row.taken_back:
            return Status(self.tr("Taken back"), "idle", "undo-2")
        if not row.good:
            return Status(self.tr("Not shelved"), "warn", "triangle-alert")
        return Status(self.tr("Shelved"), "ok", "archive")


class ShelvingPage(Page):
    """The shelves. `shelf` is the one scanned last: everything scanned after it is put there."""

    goes_on = True

    def __init__(self, bench: Bench, parent: QWidget) -> None:
        super().__init__(self.tr("Shelving"), parent, help_page="mail")
        self.bench = bench
        self.shelf: tuple[int, str] | None = None
        self._undo: list[tuple[int, Changes]] = []
        self.scans = MailScans(bench, self, None, self._known, self._unknown)
        self._build()
        self._add_actions()
        bench.feed.ask(self, self.scans.heard)
        self._say()

    def open_at(self, detail: str) -> None:
        """Begin at a shelf."""
        record = record_of(detail)
        if record is not None and record[0] == PLACE:
            self.bench.runner.read(self, shelf_code, record[1], done=self.take_shelf)

    def take_shelf(self, shelf: tuple[int, str]) -> None:
        """Everything scanned from now on is put on this shelf: its id and code."""
        self.shelf = shelf
        self.code.setText(shelf[1])
        self.fault.setText("")
        self.hint.setText(self.tr("Scan the items that lie here, then the next shelf."))
        self._say()

    def undo_last(self) -> bool:
        """Take the last item off its shelf again."""
        if not self._undo:
            return False
        ident, done = self._undo.pop()
        assert done.undo is not None
        self.bench.runner.undo(done.undo)
        for at, row in enumerate(self.model.rows):
            if row.item == ident and row.good and not row.taken_back:
                self.model.change(at, replace(row, taken_back=True))
                break
        self._say()
        return True

    # --- scans

    def _known(self, scan: Scanned, opened: Opened) -> bool:
        if opened.kind == PLACE:
            begun, failed = partial(self._at_shelf, scan), partial(self._refused, scan, opened)
            self.bench.runner.read(self, shelf_code, opened.record_id, done=begun, failed=failed)
            return True
        if opened.kind != KIND:
            why = self.tr("This is no mail. Nothing was done with it.")
            self._keep(scan, opened.title, why)
            return True
        if self.shelf is None:
            self._keep(scan, opened.title, self.tr("Scan the shelf first."))
            return True
        shelf = self.shelf
        self.bench.runner.write(
            shelve_items,
            [opened.record_id],
            shelf[0],
            done=partial(self._shelved, scan, opened, shelf),
            failed=partial(self._refused, scan, opened),
            owner=self,
        )
        return True

    def _at_shelf(self, scan: Scanned, shelf: tuple[int, str]) -> None:
        self.take_shelf(shelf)
        self.scans.done(scan, True, self.tr("Shelf {code}").format(code=shelf[1]))

    def _unknown(self, scan: Scanned, why: str) -> None:
        """What no item has: it stays in this list, and with the unknown scans."""
        self._keep(scan, visible(scan.text, 40), why or self.tr("It has not been received yet."))

    def _shelved(self, scan: Scanned, opened: Opened, shelf: tuple[int, str], changes: Changes) -> None:
        kept = isinstance(changes, KeptHere)
        if changes.undo is not None:
            self._undo.append((opened.record_id, changes))
        about = changes.said if kept else opened.detail
        self.model.add(Put(clock(), opened.title, about, shelf[1], True, opened.record_id))
        self.fault.setText("")
        self._say()
        self.scans.done(scan, True, changes.said)

    def _refused(self, scan: Scanned, opened: Opened, error: Exception) -> None:
        self._keep(scan, opened.title, str(error), opened.record_id if opened.kind == KIND else None)

    def _keep(self, scan: Scanned, number: str, why: str, item: int | None = None) -> None:
        shelf = self.shelf[1] if self.shelf else ""
        self.model.add(Put(clock(), number, why, shelf, False, item))
        self.fault.setText(f"{number}: {why}")
        self._say()
        self.scans.done(scan, False, why)

    # --- parts

    def _build(self) -> None:
        self.add_buttons(
            Button(self.tr("Type a shelf"), "keyboard", "plain", partial(self._run, "mail.shelving_type"), "F5"),
            Button(self.tr("Done"), "check", "primary", partial(self._run, "mail.shelving_end")),
        )
        self.code, self.hint = Label("—", "big"), Label(self.tr("Scan the shelf first."), "muted")
        self.fault = Label("", "fault", wrap=True)
        head = stack(Label(self.tr("Shelf"), "small-strong"), self.code, self.hint, self.fault, gap=4)
        self.body.addWidget(frame(head, margins=(18, 14, 18, 14)))
        self.model = PutModel(self)
        self.table = QTableView(self)
        self.table.setModel(self.model)
        title = self.tr("This session")
        looks = [column.look for column in self.model.columns]
        dress(self.table, looks, "mail.shelving", self.bench.preferences, title=title, sortable=False)
        above = line(Label(title, "h3"), Label(self.tr("newest first"), "small-muted"), None, margins=(14, 10, 14, 6))
        self.body.addWidget(frame(above, self.table, margins=(1, 1, 1, 1)), 1)
        keys = ((self.tr("Scan"), self.tr("shelf, items, next shelf")), ("Ctrl+Z", self.tr("take the last one back")))
        pieces: list[Any] = []
        for key, words in keys:
            pieces += [KeyCap(key), Label(words, "small-muted"), 8]
        self.body.addWidget(frame(line(*pieces, None, margins=(14, 8, 14, 8), gap=6)))

    def _add_actions(self) -> None:
        add = self._action
        add("shelving_type", self.tr("Type the shelf"), self._type, "keyboard", "F5")
        add("shelving_end", self.tr("End shelving"), lambda: self.bench.shell.go("mail"), "check", "")

    def _action(self, name: str, label: str, run: Callable[[], object], icon: str, key: str) -> None:
        self.bench.shell.actions_.add(self, Action(f"mail.{name}", label, run, icon, key, "mail"))

    def _run(self, action: str) -> None:
        self.bench.shell.actions_.run(action)

    def _type(self) -> None:
        """Ask for the shelf by its code: its tag may be torn."""
        field = Field("shelf", self.tr("Shelf"), "pick", required=True, suggest=picks.places(self.bench))

        def save(values: dict[str, Any], done: Callable[[], object], failed: Callable[[Exception], object]) -> None:
            def begun(shelf: tuple[int, str]) -> None:
                done()
                self.take_shelf(shelf)

            self.bench.runner.read(self, shelf_code, values["shelf"].id, done=begun, failed=failed)

        heading = self.tr("On which shelf do they lie?")
        open_form(self.bench.shell, FormBox(heading, Form([field]), save, self.tr("Begin"), width=420))

    def _say(self) -> None:
        good = sum(row.good and not row.taken_back for row in self.model.rows)
        kept = sum(not row.good for row in self.model.rows)
        words = self.tr("{good} put on shelves").format(good=good)
        if kept:
            words += " · " + self.tr("{count:scan|scans} to look at").format(count=Count(kept))
        self.say(words)
