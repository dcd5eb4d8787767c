"""Whoever takes signs: on the screen, or with one key (or command tag) on paper."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit

from cbo_desk.errors import Refusal
from cbo_desk.plurals import Count
from cbo_desk.property.custody import sign_handover
from cbo_desk.tags.orders import Order, order_of
from ui.bench import Bench
from ui.kit.buttons import Button
from ui.kit.cards import line, rule, stack
from ui.kit.dialogs import is_save_key
from ui.kit.labels import Label
from ui.kit.scanning.feed import Outcome, Scanned
from ui.kit.signature import SignaturePad
from ui.kit.theme import px


class SignBox(QFrame):
    """Asks for the signature of one handover. `closed` tells that it is done with, signed or not."""

    closed = Signal()

    def __init__(self, bench: Bench, handover_id: int, reference: str, who: str, items: int, back: bool) -> None:
        super().__init__()
        self.setProperty("look", "raised")
        self._bench, self._handover = bench, handover_id
        heading = self.tr("Sign {reference}").format(reference=reference)
        self.setAccessibleName(heading)
        self.name = QLineEdit(who, self)
        self.name.setAccessibleName(self.tr("Who signs"))
        self.name.setMaxLength(200)
        self.pad = SignaturePad(self.tr("Signature"), self.tr("Sign here with pen, finger or mouse"), self)
        self.fault = Label("", "fault", self, wrap=True)
        self.fault.hide()
        self.sign_button = Button(self.tr("Sign"), "signature", "primary", self.sign, "Ctrl+Enter")
        self.paper_button = Button(self.tr("Signed on paper"), "file-text", "plain", self.sign_on_paper, "F8")
        self.later_button = Button(self.tr("Sign later"), "", "plain", self.closed.emit, "Esc")
        undo = Button(self.tr("Undo stroke"), "undo-2", "link", self.pad.undo_stroke)
        clear = Button(self.tr("Clear"), "eraser", "link", self.pad.clear)
        assets = self.tr("{count:asset|assets}").format(count=Count(items))
        caption = Label(self.tr("Who signs"), "cap")
        caption.setBuddy(self.name)
        words = self.tr("I have received {assets} as listed.")
        if back:
            words = self.tr("I have given back {assets} as listed.")
        self.setLayout(
            stack(
                Label(heading, "h2"),
                2,
                Label(words.format(assets=assets), "muted", wrap=True),
                12,
                caption,
                2,
                self.name,
                10,
                self.pad,
                line(undo, clear, None, gap=4),
                self.fault,
                8,
                rule(self),
                12,
                line(self.later_button, None, self.paper_button, self.sign_button),
                margins=(20, 16, 20, 16),
            )
        )
        self._saving = False
        self.pad.changed.connect(lambda: self._say(""))  # what was missing is there
        bench.feed.ask(self, self._heard)

    def sizeHint(self) -> QSize:
        """Wide enough to sign in."""
        return QSize(px(560), max(px(400), super().sizeHint().height()))

    def sign(self) -> None:
        """Add what was drawn."""
        self._save(on_paper=False)

    def sign_on_paper(self) -> None:
        """Say that the sheet is signed on paper."""
        self.pad.clear()
        self._save(on_paper=True)

    def event(self, event: QEvent) -> bool:
        """While the box is there its keys are its own, not the page's behind it."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _is_own(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+Enter signs, F8 is for paper."""
        if is_save_key(event):
            self.sign()
        elif event.key() == Qt.Key.Key_F8:
            self.sign_on_paper()
        else:
            super().keyPressEvent(event)

    def _save(self, *, on_paper: bool) -> None:
        if self._saving:
            return
        self._saving = True
        order = (sign_handover, self._handover, self.name.text(), self.pad.strokes(), on_paper)
        self._bench.runner.write(*order, done=lambda _changes: self.closed.emit(), failed=self._failed, owner=self)

    def _failed(self, error: Exception) -> None:
        self._saving = False
        self._say(str(error))
        if not isinstance(error, Refusal):
            self._bench.runner.failed.emit(error)

    def _say(self, sentence: str) -> None:
        self.fault.setText(sentence)
        self.fault.setVisible(bool(sentence))

    def _heard(self, scan: Scanned) -> None:
        """The command tags work here too; anything else waits for the order behind."""
        command = order_of(scan.text)
        if command is None:
            self._bench.feed.hold(scan)
            return
        deeds = {Order.DONE: self.sign, Order.PAPER: self.sign_on_paper, Order.UNDO: self.pad.undo_stroke}
        words = self.tr("First sign, or scan Signed on paper.")
        good = command is not Order.DONE or not self.pad.is_empty()
        self._bench.feed.done(scan, Outcome(good, "" if good else words))
        if good:
            deeds[command]()
        else:
            self._say(words)


def _is_own(event: QKeyEvent) -> bool:
    return is_save_key(event) or event.key() == Qt.Key.Key_F8


def open_sign_box(
    bench: Bench, handover_id: int, reference: str, who: str, items: int, *, back: bool = False
) -> SignBox:
    """Put the question for a signature in front of the page; `back`: who signs gives the assets back."""
    box = SignBox(bench, handover_id, reference, who, items, back)
    overlay = bench.shell.open_overlay(box)
    box.closed.connect(overlay.close_it)
    (box.pad if who else box.name).setFocus()
    return box
