"""The messenger's window: stops and items with targets for fingers, one signature for all that is handed over."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QMainWindow, QVBoxLayout, QWidget

from cbo_desk.changes import Changes
from cbo_desk.context import clock, local
from cbo_desk.mail import (
    KIND,
    Reasons,
    RoundCard,
    RoundItem,
    State,
    Stop,
    deliver_items,
    fail_delivery,
    reasons,
    refuse_items,
    round_card,
)
from cbo_desk.plurals import Count, Share
from cbo_desk.tags import Opened
from ui.bench import Bench
from ui.kit.cards import frame, line, rule, stack, upright_rule
from ui.kit.chips import Chip, Status
from ui.kit.labels import IconLabel, Label
from ui.kit.scanning.feed import Scanned
from ui.kit.scanning.showing import visible
from ui.kit.theme import px
from ui.mail.scans import MailScans
from ui.mail.taking import Taking
from ui.mail.touch import TouchButton, TouchRow, empty, scrolled
from ui.mail.way import RoundWay


class MessengerWindow(QMainWindow):
    """One round in the messenger's hands. `shown` after a card was read and is on the screen."""

    shown = Signal()

    def __init__(self, bench: Bench, round_id: int, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.bench, self._round = bench, round_id
        self.card: RoundCard | None = None
        self.stop: Stop | None = None
        self.rows: dict[int, TouchRow] = {}
        self._along: Stop | None = None
        self._left_out: set[int] = set()
        self._reasons = Reasons((), ())
        self.scans = MailScans(bench, self, None, self._scanned, self._unknown)
        self._build()
        self.resize(px(1180), px(800))
        bench.feed.ask(self, self.scans.heard)
        bench.runner.changed.connect(self._hear)
        bench.shell.connection_told.connect(self._say_connection)
        self._say_connection(bench.shell.trouble)
        QShortcut(QKeySequence("Ctrl+K"), self, self._find)
        bench.runner.read(self, reasons, done=self._take_reasons)
        self._read()

    def choose_stop(self, seq: int) -> None:
        """Show a stop with its items, all of them ticked."""
        if self.card is None:
            return
        self.stop = next((stop for stop in self.card.stops if stop.seq == seq), None)
        self._begin_anew()
        self.way.show_round(self.card, seq)
        self._show_items()

    def take_along(self) -> None:
        """What the next stop gets is signed for here, too."""
        self._along = self._next_stop()
        self._show_items()

    def chosen(self) -> list[int]:
        """The items that are ticked."""
        return [ident for ident, row in self.rows.items() if row.isChecked()]

    def deliver(self) -> None:
        """Hand over what is ticked, with one signature for all."""
        self._order(deliver_items, self.chosen(), self.taking.taken())

    # --- parts

    def _build(self) -> None:
        self.title, self.summary = Label("", "h1"), Label("", "muted")
        self.connection = Chip(Status("", "warn", "cloud-off"))
        self.way = RoundWay(self)
        self.way.setFixedWidth(px(346))
        self.way.chosen.connect(self.choose_stop)
        self.way.asked.connect(self._go_to)
        self._where, self._where_about = Label("", "h2"), Label("", "muted")
        head = stack(self._where_about, self._where, margins=(18, 14, 18, 12))
        self.taking = Taking(self)
        self.taking.delivered.connect(self.deliver)
        self.taking.failed.connect(self._fail)
        self.taking.refused.connect(self._refuse)
        chosen, taken = QWidget(), QWidget()
        chosen.setLayout(stack(self._build_items(), margins=(18, 14, 18, 14)))
        taken.setLayout(stack(self.taking, margins=(18, 14, 18, 14)))
        both = line(chosen, upright_rule(), taken, gap=0)
        both.setStretch(0, 1)
        both.setStretch(2, 1)
        right = frame(head, rule(), both)
        body = line(self.way, right, gap=12)
        body.setStretch(1, 1)
        whole = QWidget(self)
        top = line(stack(self.title, self.summary), None, self.connection)
        layout = stack(top, 10, line(self.way.tabs, None), 8, body, margins=(18, 14, 18, 14))
        layout.setStretch(4, 1)
        whole.setLayout(layout)
        self.setCentralWidget(whole)

    def _build_items(self) -> QVBoxLayout:
        self._count = Label("", "h3")
        self._items_box = QVBoxLayout()
        self._items_box.setContentsMargins(0, 0, 0, 0)
        self._items_box.setSpacing(0)
        self.along_button = TouchButton("", "plus", "plain", self.take_along)
        self._along_name, self._along_about = Label("", "h3"), Label("", "small-muted", wrap=True)
        row = line(IconLabel("layers", "muted", 22), stack(self._along_name, self._along_about), self.along_button)
        row.setStretch(1, 1)
        self._along_box = frame(row, look="sunk", margins=(14, 8, 10, 8))
        return stack(line(self._count, None, Label(self.tr("tap one to leave it out"), "small-muted")), 8,
                     scrolled(self._items_box, self.tr("Items")), 8, self._along_box)  # fmt: skip

    def _take_reasons(self, found: Reasons) -> None:
        self._reasons = found

    def _read(self) -> None:
        self.bench.runner.read(self, round_card, self._round, done=self._show)

    def _show(self, card: RoundCard) -> None:
        self.card = card
        self.setWindowTitle(f"{card.number} · {card.name}")
        self.title.setText(card.name)
        delivered = sum(item.state is State.DELIVERED for item in card.items)
        done = sum(stop.done for stop in card.stops)
        words = self.tr("{who} · {stops:stop|stops} done · {items:item|items} · {back} to bring back")
        self.summary.setText(
            words.format(
                who=card.messenger or card.number, stops=Share(done, len(card.stops)),
                items=Share(delivered, len(card.items)), back=len(card.comes_back),
            )
        )  # fmt: skip
        seq = self.stop.seq if self.stop is not None else 0
        now = next((stop for stop in card.stops if stop.seq == seq and not stop.done), None)
        fresh = now is None or self.stop is None
        self.stop = now or next((stop for stop in card.stops if not stop.done and stop.items), None)
        if fresh:
            self._begin_anew()
        if self._along is not None:  # as it stands now
            self._along = next((stop for stop in card.stops if stop.seq == self._along.seq and stop.aboard), None)
        self.way.show_round(card, self.stop.seq if self.stop is not None else 0)
        self._show_items()
        self.shown.emit()

    def _begin_anew(self) -> None:
        """Nobody has signed for anything yet."""
        self._along = None
        self._left_out.clear()
        self.taking.begin()

    def _next_stop(self) -> Stop | None:
        """The next stop with something to hand over, after the one in front."""
        if self.card is None or self.stop is None:
            return None
        return next((stop for stop in self.card.stops if stop.seq > self.stop.seq and stop.aboard), None)

    def _show_items(self) -> None:
        empty(self._items_box)
        self.rows = {}
        stop = self.stop
        self._where.setText(stop.name if stop else self.tr("All stops are done"))
        about = self.tr("Stop {seq} of {all} · {code}")
        if stop is not None and stop.code == stop.name:
            about = self.tr("Stop {seq} of {all}")
        stops = len(self.card.stops) if self.card else 0
        self._where_about.setText(about.format(seq=stop.seq, all=stops, code=stop.code) if stop else "")
        items = [*(stop.aboard if stop else ()), *(self._along.aboard if self._along else ())]
        signs = Status(self.tr("Accountable"), "info", "shield-check")
        for item in items:
            parts = (item.number, item.carrier, item.entity)
            about = " · ".join(part for part in parts if part)
            row = TouchRow(item.addressee, about, "tick", chip=signs if item.accountable else None)
            row.setCheckable(True)
            row.setChecked(item.id not in self._left_out)
            row.toggled.connect(partial(self._tick, item.id))
            self.rows[item.id] = row
            self._items_box.addWidget(row)
        self._items_box.addStretch()
        self.taking.show_names(list(dict.fromkeys(item.addressee for item in items if item.person_id)))
        self._offer_along()
        self._say_deed()

    def _offer_along(self) -> None:
        """What the next stop gets may be signed for here, as where somebody takes the mail of a whole house."""
        further = self._next_stop() if self._along is None and self.rows else None
        self._along_box.setVisible(further is not None)
        if further is not None:
            count = Count(len(further.aboard))
            self._along_name.setText(self.tr("Next stop: {name}").format(name=further.name))
            words = self.tr("its {count:item|items} may be signed for here")
            self._along_about.setText(words.format(count=count))
            self.along_button.set_words(self.tr("Add {count}").format(count=int(count)))

    def _tick(self, ident: int, on: bool) -> None:
        (self._left_out.discard if on else self._left_out.add)(ident)
        self._say_deed()

    def _say_deed(self) -> None:
        count = len(self.chosen())
        self._count.setText(self.tr("{count:item|items}").format(count=Count(count)))
        self.taking.say_count(count, of=len(self.rows))

    def _say_connection(self, trouble: str) -> None:
        """What is wrong with the connection: what is done meanwhile is kept on this computer."""
        self.connection.setVisible(bool(trouble))
        self.connection.show_status(Status(trouble, "warn", "cloud-off"))

    # --- orders

    def _fail(self) -> None:
        question = self.tr("Why could it not be delivered?")
        self.taking.ask(question, self._reasons.failed, lambda why: self._order(fail_delivery, self.chosen(), why))

    def _refuse(self) -> None:
        question = self.tr("Why is it refused?")
        self.taking.ask(question, self._reasons.refused, lambda why: self._order(refuse_items, self.chosen(), why))

    def _find(self) -> None:
        """Ctrl+K is the whole program's: it opens in the main window, which comes to the front."""
        self.bench.shell.raise_()
        self.bench.shell.activateWindow()
        self.bench.shell.open_palette()

    def _order(self, command: Callable[..., Changes], *args: Any) -> None:
        def failed(error: Exception) -> None:
            self.summary.setText(str(error))
            self.bench.runner.failed.emit(error)

        # What was signed for is done: the next signature is another one, for what was left out before as well.
        self.bench.runner.write(command, *args, done=lambda _changes: self._begin_anew(), failed=failed, owner=self)

    def _hear(self, changes: Changes) -> None:
        if KIND in changes.touched():
            self._read()

    def _unknown(self, scan: Scanned, why: str) -> None:
        """What nothing here has must not become incoming mail by the way."""
        words = self.tr("No item has {code}. The scan is kept; the mailroom has to receive the item first.")
        self.scans.say_refused(scan, why or words.format(code=visible(scan.text.strip(), 40)))

    def _scanned(self, scan: Scanned, opened: Opened) -> bool:
        """An item leads to its stop and is ticked; a badge says who takes it."""
        if opened.kind == "people.person":
            self.taking.show_badge(opened.title, opened.record_id)
            self.scans.done(scan, True, opened.title)
            return True
        items = self.card.items if self.card is not None else ()
        found = next((item for item in items if item.id == opened.record_id and opened.kind == KIND), None)
        if found is None:
            return False
        self._go_to(found)
        said = self.tr("{number} · {name} · {time}")
        self.scans.done(
            scan, True, said.format(number=found.number, name=found.addressee, time=f"{local(clock()):%H:%M}")
        )
        return True

    def _go_to(self, item: RoundItem) -> None:
        assert self.card is not None
        stop = next(stop for stop in self.card.stops if item in stop.items)
        if item.id not in self.rows and (self.stop is None or stop.seq != self.stop.seq):
            self.choose_stop(stop.seq)
        if item.id in self.rows:
            self.rows[item.id].setChecked(True)
            self.rows[item.id].setFocus()
