"""Rapid receive: scan, scan, scan. Every scan is an item at once; whom it is for is one more key, or later."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QModelIndex, QTimer
from PySide6.QtWidgets import QTableView, QWidget

from cbo_desk.changes import Changes
from cbo_desk.context import clock, local
from cbo_desk.errors import Refusal
from cbo_desk.mail import (
    KIND,
    Candidate,
    Details,
    ItemCard,
    MailRow,
    SameNumber,
    address_item,
    item_card,
    receive_item,
    recognise,
    rows_of,
)
from cbo_desk.tags import Opened
from cbo_desk.tray import Ended, KeptHere
from ui.bench import Bench, record_of
from ui.kit.cursor import choose_row
from ui.kit.labels import Label
from ui.kit.page import Page
from ui.kit.scanning.feed import Scanned
from ui.mail.coming import Coming, Gathering
from ui.mail.completing import Completing
from ui.mail.labels import LabelsAtOnce
from ui.mail.rapid_keys import add_keys
from ui.mail.rapid_parts import build
from ui.mail.scans import MailScans
from ui.mail.session import SessionModel
from ui.mail.strip import ScanStrip
from ui.mail.who import WhoBox

TAG_PAUSE_MS = 60
"""So long after the last scan our tag is drawn: in a burst only the last one's."""


class RapidPage(Page):
    """The counter. `item` is the item in hand: the last one scanned, or the one chosen in the running list."""

    goes_on = True

    def __init__(self, bench: Bench, parent: QWidget) -> None:
        super().__init__(self.tr("Rapid receive"), parent, help_page="mail")
        self.bench = bench
        self.item: MailRow | None = None
        self._began = clock()
        self._undo: list[Changes] = []
        self._older: set[int] = set()
        self._coming = Coming()
        self._text = ""
        self.completing = Completing(bench, self, self._addressed)
        self.model, self.table = SessionModel(self), QTableView(self)
        self.who, self.waiting = WhoBox(bench, self), Label("", "small-strong")
        self.labels = LabelsAtOnce(bench, self)
        self.strip = ScanStrip(self)
        self.scans = MailScans(bench, self, self.receive, self._known)
        self._settling = QTimer(self)
        self._settling.setSingleShot(True)
        self._settling.setInterval(TAG_PAUSE_MS)
        self._settling.timeout.connect(self._read_tag)
        self._fresh = Gathering(bench.feed, self._read, self)
        build(self)
        add_keys(self)
        self._connect()
        self._say()

    def open_at(self, detail: str) -> None:
        """Take an item of ours in hand."""
        record = record_of(detail)
        if record is not None and record[0] == KIND:
            self._read([record[1]])

    def receive(self, scan: Scanned) -> None:
        """Receive what was scanned; the next scan waits its turn until this one is saved."""
        self.order(scan.text, Details(), False, scan)

    def undo_last(self) -> bool:
        """Take back the last receipt of this session."""
        if not self._undo:
            return False
        done = self._undo.pop()
        assert done.undo is not None
        self.bench.runner.undo(done.undo)
        self.model.drop(done.ids)
        self._take(self.model.rows[0] if self.model.rows else None)
        self._say()
        return True

    def order(self, text: str, details: Details, again: bool, scan: Scanned | None = None) -> None:
        """Receive a number, or an item without one."""
        # What is typed from now on is about what comes.
        self._coming.ordered()
        self.who.begin()
        self.bench.runner.write(
            receive_item,
            text,
            details,
            again,
            done=partial(self._received, text, scan),
            failed=partial(self._refused, text, scan),
            owner=self,
        )

    def _received(self, text: str, scan: Scanned | None, changes: Changes) -> None:
        if changes.undo is not None:
            self._undo.append(changes)
        read = recognise(text) if text.strip() else None
        self.strip.tell(text, read, "")
        if self.labels.is_set() and not isinstance(changes, KeptHere):
            self.labels.add(changes.ids)
        if scan is not None:
            self.scans.done(scan, True, changes.said)
        self._fresh.add(changes.ids, read.addressee if read else "")
        self._coming.came(changes.ids)

    def _refused(self, text: str, scan: Scanned | None, error: Exception) -> None:
        again = isinstance(error, SameNumber)
        self.strip.tell(text, None, str(error), again)
        self._text = text if again else ""
        if isinstance(error, SameNumber):
            self._take_known(error.item_id)  # what the clerk holds is that item: its tag and addressee are meant
        else:
            self._take(None, kept=self.who.is_busy())
        if not isinstance(error, Refusal):
            self.bench.runner.failed.emit(error)
        if self._coming.failed():
            words = self.tr("Nothing was received, so nothing is noted about it. Scan it again.")
            self.bench.shell.toasts.say(words, tone="warn")
        if scan is not None:
            self.scans.done(scan, False, str(error))

    def receive_again(self) -> None:
        """Receive the number once more that was refused because it came in lately."""
        if self._text:
            self.order(self._text, Details(), True)

    def _missed(self, text: str, why: str) -> None:
        """A scan came to nothing: no other item is in hand then, unless a name is being typed for it."""
        if not self.who.is_busy() and not self._coming:
            self._text = ""
            self.strip.tell(text, None, why)
            self._take(None)

    def _known(self, scan: Scanned, opened: Opened) -> bool:
        """One of our own items was scanned: it is taken in hand. A badge says whom the item in hand is for."""
        if opened.kind == KIND:
            self._take_known(opened.record_id)
            self.strip.tell(scan.text, None, "")
            self.strip.heading.setText(self.tr("{number} is here already.").format(number=opened.title))
            self.scans.done(scan, True, self.tr("{number} is here already.").format(number=opened.title))
            return True
        return False

    def _take_known(self, ident: int) -> None:
        """Take an item in hand that was here before; it does not count as received in this session."""
        if self.model.place_of(ident) is None:
            self._older.add(ident)
        self._read([ident])

    def _read(self, ids: list[int], hint: str = "") -> None:
        self.bench.runner.read(self, rows_of, ids, done=partial(self._seen, hint))

    def _seen(self, hint: str, rows: list[MailRow]) -> None:
        self.model.put(rows)
        if rows:
            self._take(rows[-1], hint, kept=self.who.is_busy())
        self._say()

    def _take(self, row: MailRow | None, hint: str = "", kept: bool = False) -> None:
        """Take an item in hand; `kept` leaves what is being typed, which is about it already."""
        self.item = row
        self.strip.show_item(row)
        if row is None:
            self.table.setCurrentIndex(QModelIndex())
        else:
            at = self.model.place_of(row.id)
            if at is not None and self.table.currentIndex().row() != at:
                choose_row(self.table, at)
            if row.id > 0:  # before the server has it, it has no tag
                self._settling.start()
        if not kept:
            self.who.begin(hint)
        shell = self.bench.shell
        if shell.page() is self and shell.isActiveWindow() and not shell.actions_.covered():
            self.who.field.setFocus()

    def _read_tag(self) -> None:
        """Read the tag of the item in hand, once the scans have paused."""
        if self.item is not None:
            self.bench.runner.read(self, item_card, self.item.id, done=self._show_tag)

    def _show_tag(self, card: ItemCard) -> None:
        if self.item is not None and card.id == self.item.id and card.code:
            self.strip.show_tag(card, self.labels.is_set())

    def _label_failed(self, why: str) -> None:
        self.bench.shell.toasts.say(self.tr("The label waits in the queue: {why}").format(why=why), tone="warn")

    def _address(self, one: Candidate) -> None:
        if self.item is None and not self._coming:
            self.bench.shell.toasts.say(self.tr("Scan an item first."), tone="warn")
            return
        self.with_item(partial(self._order_address, one))
        self.who.begin()

    def _order_address(self, one: Candidate, ident: int) -> None:
        self.bench.runner.write(address_item, ident, one.addressed, done=lambda _changes: self._addressed(ident))

    def _addressed(self, ident: int) -> None:
        self.bench.runner.read(self, rows_of, [ident], done=self._told)

    def _told(self, rows: list[MailRow]) -> None:
        self.model.put(rows)
        if self.item is not None and rows and rows[0].id == self.item.id:
            self.item = rows[0]
            self.strip.show_completed(rows[0])
        self._say()

    def _later(self) -> None:
        """Leave the item to the queue; the next scan may come."""
        self.who.begin()
        self.strip.heading.setText(self.tr("Left for later. Scan the next item."))

    def with_item(self, run: Callable[[int], object]) -> None:
        """Do something with the item that comes, or with the one in hand."""
        if not self._coming.keep(run) and self.item is not None:
            run(self.item.id)

    def ask_details(self, *names: str) -> None:
        """Ask for some details of the item in hand."""
        self.with_item(lambda ident: self.completing.details(ident, names))

    # --- parts

    def _connect(self) -> None:
        self.strip.again.connect(self.receive_again)
        self.scans.refused.connect(self._missed)
        self.labels.printed.connect(self._settling.start)
        self.labels.failed.connect(self._label_failed)
        self.who.addressed.connect(self._address)
        self.who.later.connect(self._later)
        self.table.selectionModel().currentRowChanged.connect(self._chose)
        self.bench.feed.ask(self, self.scans.heard)
        self.bench.runner.changed.connect(self._hear)
        self.bench.runner.settled.connect(self._settled)

    def _settled(self, ended: list[Ended]) -> None:
        """What was kept has its number now: its row shows the item itself, and stays in hand if it was."""
        found = {one.stand_in: one.changes.ids[0] for one in ended if one.changes.ids}
        gone = [ident for ident in found if self.model.place_of(ident) is not None]
        in_hand = self.item is not None and self.item.id in gone
        self.model.drop(gone)
        if not gone:
            return
        done = partial(self._seen, "") if in_hand else self.model.put
        if self.labels.is_set():
            self.labels.add([found[ident] for ident in gone])
        self.bench.runner.read(self, rows_of, [found[ident] for ident in gone], done=done)

    def _chose(self, current: QModelIndex, _before: QModelIndex) -> None:
        if current.isValid() and (self.item is None or self.model.rows[current.row()].id != self.item.id):
            self._take(self.model.rows[current.row()])

    def _hear(self, changes: Changes) -> None:
        ids = [ident for ident in changes.touched().get(KIND, ()) if self.model.place_of(ident) is not None]
        if ids:
            self.bench.runner.read(self, rows_of, ids, done=self.model.put)

    def print_label(self) -> None:
        """Print the label of the item in hand."""
        self.with_item(lambda ident: self.bench.print_tags(KIND, [ident]))

    def end(self) -> None:
        """End the session."""
        self._undo.clear()
        self.bench.shell.go("mail")

    def _say(self) -> None:
        rows = [row for row in self.model.rows if row.id not in self._older]
        complete = sum(not row.missing for row in rows)
        words = self.tr("{count} received since {time} · {complete} complete")
        self.say(words.format(count=len(rows), time=f"{local(self._began):%H:%M}", complete=complete))
        self.waiting.setText(self.tr("{count} of this session to be completed").format(count=len(rows) - complete))
