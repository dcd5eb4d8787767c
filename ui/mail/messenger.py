"""The messenger's window: stops and items with targets for fingers, one signature for all that is handed over."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QLineEdit, QMainWindow, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from cbo_desk.changes import Changes
from cbo_desk.context import clock, local
from cbo_desk.mail import (
    KIND,
    Reasons,
    RoundCard,
    RoundItem,
    State,
    Stop,
    Taken,
    deliver_items,
    fail_delivery,
    reasons,
    refuse_items,
    round_card,
)
from cbo_desk.plurals import Count, Share
from cbo_desk.tags import Opened
from ui.bench import Bench
from ui.kit.buttons import Button
from ui.kit.cards import frame, line, stack
from ui.kit.labels import Label
from ui.kit.scanning.feed import Scanned
from ui.kit.signature import SignaturePad
from ui.kit.theme import px
from ui.mail.deeds import taken_by
from ui.mail.scans import MailScans
from ui.mail.touch import NameButton, TouchButton, TouchChoices, TouchRow, empty, scrolled


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
        self.names: list[Button] = []
        self._badge: tuple[str, int] | None = None
        self._reasons = Reasons((), ())
        self.scans = MailScans(bench, self, None, self._scanned, self._unknown)
        self._build()
        self.resize(px(1180), px(800))
        bench.feed.ask(self, self.scans.heard)
        bench.runner.changed.connect(self._hear)
        QShortcut(QKeySequence("Ctrl+K"), self, self._find)
        bench.runner.read(self, reasons, done=self._take_reasons)
        self._read()

    def choose_stop(self, seq: int) -> None:
        """Show a stop with its items, all of them ticked."""
        if self.card is None:
            return
        self.stop = next((stop for stop in self.card.stops if stop.seq == seq), None)
        self._taking.setCurrentIndex(0)
        self.name.clear()
        self._badge = None
        self.pad.clear()
        self._show_stops()
        self._show_items()

    def chosen(self) -> list[int]:
        """The items that are ticked."""
        return [ident for ident, row in self.rows.items() if row.isChecked()]

    def deliver(self) -> None:
        """Hand over what is ticked, with one signature for all."""
        taken = self.taken()
        self._order(deliver_items, self.chosen(), taken)

    def taken(self) -> Taken:
        """Who takes it, and by what that is proven."""
        name = self.name.text().strip()
        badge = self._badge is not None and self._badge[0] == name
        person = self._badge[1] if badge and self._badge is not None else None
        return taken_by(name, self.pad, person, badge)

    # --- parts

    def _build(self) -> None:
        self.title, self.summary = Label("", "h1"), Label("", "muted")
        self._stops_box, self._items_box = QVBoxLayout(), QVBoxLayout()
        self._names_box = QVBoxLayout()
        for box in (self._stops_box, self._items_box, self._names_box):
            box.setContentsMargins(0, 0, 0, 0)
            box.setSpacing(0)
        self._names_box.setSpacing(8)
        self._where, self._where_about = Label("", "h2"), Label("", "muted")
        self._count = Label("", "h3")
        self.name = QLineEdit()
        self.name.setAccessibleName(self.tr("Who takes them?"))
        self.name.setPlaceholderText(self.tr("Somebody else: their name, or scan a badge"))
        self.name.setTextMargins(0, px(9), 0, px(9))  # a finger's height, which the stylesheet does not know
        self.name.textChanged.connect(self._say_deed)
        self.pad = SignaturePad(self.tr("Signature"), self.tr("Sign here with pen, finger or mouse"))
        self.pad.setMinimumHeight(px(120))
        self.pad.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.clear_button = Button(self.tr("Clear"), "eraser", "plain", self.pad.clear)
        self.deliver_button = TouchButton(self.tr("Deliver"), "check", "primary", self.deliver)
        self.fail_button = TouchButton(self.tr("Could not deliver"), "triangle-alert", "plain", self._fail)
        self.refuse_button = TouchButton(self.tr("Refused"), "ban", "plain", self._refuse)
        left = frame(scrolled(self._stops_box, self.tr("Stops")))
        left.setFixedWidth(px(330))
        items = stack(line(self._count, None, Label(self.tr("tap one to leave it out"), "small-muted")), 8,
                      scrolled(self._items_box, self.tr("Items")))  # fmt: skip
        taking = stack(
            Label(self.tr("Who takes them?"), "h3"), 8, self._names_box, 8, self.name, 12, self.pad, 6,
            line(None, self.clear_button), 6, self.deliver_button, 8, line(self.fail_button, self.refuse_button),
        )  # fmt: skip
        taking.setStretch(taking.indexOf(self.pad), 1)
        self._taking = QStackedWidget()
        side = QWidget()
        side.setLayout(taking)
        self.why = TouchChoices(partial(self._taking.setCurrentIndex, 0))
        self._taking.addWidget(side)
        self._taking.addWidget(self.why)
        both = line(items, self._taking, gap=20)
        both.setStretch(0, 1)
        both.setStretch(1, 1)
        right = frame(stack(self._where, self._where_about), 12, both, margins=(18, 14, 18, 14))
        body = line(left, right, gap=12)
        body.setStretch(1, 1)
        whole = QWidget(self)
        layout = stack(self.title, self.summary, 12, body, margins=(18, 14, 18, 14))
        layout.setStretch(3, 1)
        whole.setLayout(layout)
        self.setCentralWidget(whole)

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
            self.name.clear()
            self.pad.clear()
            self._badge = None
        self._show_stops()
        self._show_items()
        self.shown.emit()

    def _show_stops(self) -> None:
        assert self.card is not None
        empty(self._stops_box)
        for stop in self.card.stops:
            delivered = sum(item.state is State.DELIVERED for item in stop.items)
            about = self.tr("{count} to deliver").format(count=len(stop.aboard))
            if not stop.items:
                about = self.tr("nothing to deliver")
            if stop.done:
                about = self.tr("{count} delivered").format(count=delivered)
                if delivered < len(stop.items):
                    about += self.tr(", {count} not").format(count=len(stop.items) - delivered)
            row = TouchRow(stop.name, about, "check" if stop.done else str(stop.seq), str(len(stop.items)))
            row.setCheckable(True)
            row.setChecked(self.stop is not None and stop.seq == self.stop.seq)
            row.clicked.connect(partial(self.choose_stop, stop.seq))
            self._stops_box.addWidget(row)
        self._stops_box.addStretch()

    def _show_items(self) -> None:
        empty(self._items_box)
        empty(self._names_box)
        self.rows, self.names = {}, []
        stop = self.stop
        self._where.setText(stop.name if stop else self.tr("All stops are done"))
        about = self.tr("Stop {seq} of {all} · {code}")
        if stop is not None and stop.code == stop.name:
            about = self.tr("Stop {seq} of {all}")
        stops = len(self.card.stops) if self.card else 0
        self._where_about.setText(about.format(seq=stop.seq, all=stops, code=stop.code) if stop else "")
        for item in stop.aboard if stop else ():
            about = " · ".join(part for part in (item.number, item.carrier) if part)
            row = TouchRow(item.addressee, about, "tick", self.tr("signs") if item.accountable else "")
            row.setCheckable(True)
            row.setChecked(True)
            row.toggled.connect(self._say_deed)
            self.rows[item.id] = row
            self._items_box.addWidget(row)
        self._items_box.addStretch()
        for name in list(dict.fromkeys(item.addressee for item in (stop.aboard if stop else ()) if item.person_id))[:4]:
            button = NameButton(name, "user", "plain", partial(self.name.setText, name))
            self.names.append(button)
            self._names_box.addWidget(button)
        self._say_deed()

    def _say_deed(self, *_changed: Any) -> None:
        count = len(self.chosen())
        self._count.setText(self.tr("{count:item|items}").format(count=Count(count)))
        words = self.tr("Deliver {count}").format(count=count)
        if count and count == len(self.rows):
            words = self.tr("Deliver all {count}").format(count=count)
        self.deliver_button.set_words(words)
        self.deliver_button.setEnabled(bool(count) and bool(self.name.text().strip()))
        self.fail_button.setEnabled(bool(count))
        self.refuse_button.setEnabled(bool(count))

    # --- orders

    def _fail(self) -> None:
        self._ask_why(self.tr("Why could it not be delivered?"), self._reasons.failed, fail_delivery)

    def _refuse(self) -> None:
        self._ask_why(self.tr("Why is it refused?"), self._reasons.refused, refuse_items)

    def _ask_why(self, question: str, reasons: Sequence[str], command: Callable[..., Changes]) -> None:
        """Show the reasons as large buttons where the signature was."""
        self.why.ask(question, reasons, lambda why: self._order(command, self.chosen(), why))
        self._taking.setCurrentWidget(self.why)

    def _find(self) -> None:
        """Ctrl+K is the whole program's: it opens in the main window, which comes to the front."""
        self.bench.shell.raise_()
        self.bench.shell.activateWindow()
        self.bench.shell.open_palette()

    def _order(self, command: Callable[..., Changes], *args: Any) -> None:
        def failed(error: Exception) -> None:
            self.summary.setText(str(error))
            self.bench.runner.failed.emit(error)

        self.bench.runner.write(command, *args, failed=failed, owner=self)

    def _hear(self, changes: Changes) -> None:
        if KIND in changes.touched():
            self._read()

    def _unknown(self, scan: Scanned, why: str) -> None:
        """What nothing here has must not become incoming mail by the way."""
        words = self.tr("No item has {code}. The scan is kept; the mailroom has to receive the item first.")
        self.scans.say_refused(scan, why or words.format(code=scan.text.strip()))

    def _scanned(self, scan: Scanned, opened: Opened) -> bool:
        """An item leads to its stop and is ticked; a badge says who takes it."""
        if opened.kind == "people.person":
            self._badge = (opened.title if "," in opened.title else opened.detail, opened.record_id)
            self.name.setText(self._badge[0])
            self.scans.done(scan, True, self._badge[0])
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
        if self.stop is None or stop.seq != self.stop.seq:
            self.choose_stop(stop.seq)
        if item.id in self.rows:
            self.rows[item.id].setChecked(True)
            self.rows[item.id].setFocus()
