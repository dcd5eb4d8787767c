"""The last scan as the largest thing: what was scanned, why we believe it, our number and its label."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QFont, QPainter
from PySide6.QtWidgets import QWidget

from cbo_desk.context import clock, local
from cbo_desk.mail import ItemCard, MailRow, Recognised
from cbo_desk.tags.codes import grouped
from cbo_desk.tags.encoder import matrix
from ui.kit.buttons import Button
from ui.kit.cards import line, stack, upright_rule
from ui.kit.chips import Chip, Status
from ui.kit.drawings import Drawing, Symbol
from ui.kit.flow import Flow
from ui.kit.icons import pixmap
from ui.kit.labels import ElidedLabel, KeyCap, Label
from ui.kit.scanning.showing import visible
from ui.kit.theme import colour, letters, px
from ui.kit.toasts import InSight
from ui.mail.looks import class_word


class ScanStrip(InSight):
    """What was scanned last, and the item it became. `again` when a number that came in lately is to be received."""

    again = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("look", "card")
        mark = Drawing(_paint_mark, self.tr("Scanner"))
        mark.setFixedSize(px(92), px(92))
        self.heading = ElidedLabel(self.tr("Scan the first item."), "small-strong")
        self._scan = ElidedLabel("—")
        self._scan.setFont(letters(30, QFont.Weight.DemiBold, tabular=True))
        self._carrier, self._why = Label("", "h3"), ElidedLabel("", "muted")
        self._class, self._class_about = Label("", "h3"), Label("", "small-muted")
        self.fault = Label("", "fault", wrap=True)
        self.again_button = Button(self.tr("Receive it again"), "repeat", "plain", self.again.emit, "Ctrl+R")
        self.again_button.hide()
        self._rule = upright_rule()
        self._rule.hide()
        believed = line(
            stack(self._carrier, self._why, gap=2), self._rule, stack(self._class, self._class_about, gap=2), gap=16
        )
        believed.setStretch(0, 1)
        left = stack(self.heading, self._scan, believed, line(self.fault, self.again_button), gap=4)
        self._number = Label("—", "big")
        self._label = Chip(Status(self.tr("Label in the queue"), "idle", "printer"))
        self._symbol = Symbol([[False]], "")
        self._symbol.hide()
        self._code = Label("", "small-muted")
        self._prints = Label(self.tr("F7 prints it"), "small-muted")
        self._label.hide()
        self._prints.hide()
        ours = stack(
            Label(self.tr("Our number"), "small-strong"), self._number, line(self._label, None), self._prints, gap=4
        )
        white = stack(self._symbol, self._code, gap=2)
        row = line(mark, left, upright_rule(), ours, white, margins=(18, 14, 18, 14), gap=16)
        row.setStretch(1, 1)
        self.setLayout(row)

    def tell(self, text: str, read: Recognised | None, fault: str, again: bool = False) -> None:
        """Say what was scanned and how it was read, or why nothing came of it; `again` offers to receive it again."""
        self.again_button.setVisible(again)
        self.heading.setText(self.tr("Last scan  {time}").format(time=f"{local(clock()):%H:%M:%S}"))
        self._scan.setText(visible(read.number if read and read.number else text, 40) or self.tr("without a barcode"))
        self._carrier.setText((read.carrier or self.tr("Carrier to be chosen: F6")) if read else "")
        self._why.setText(read.why if read else "")
        self._rule.setVisible(read is not None)
        self._class.setText(class_word(read.item_class) if read else "")
        self._class_about.setText(self.tr("accountable by itself") if read and read.accountable else "")
        self.fault.setText(fault)

    def show_item(self, row: MailRow | None) -> None:
        """Show our number; the tag follows when it was read."""
        self._number.setText(row.number if row else "—")
        self._symbol.setVisible(False)
        self._label.setVisible(row is not None)
        self._prints.setVisible(row is not None)
        self._code.setText("")

    def show_completed(self, row: MailRow) -> None:
        """Show carrier and class as they are written down by now, where they were not sure before."""
        if row.carrier and row.carrier != self._carrier.words():
            self._carrier.setText(row.carrier)
            self._why.setText(self.tr("chosen by hand"))
        self._class.setText(class_word(row.item_class))
        self._class_about.setText(self.tr("accountable") if row.accountable else "")

    def show_tag(self, card: ItemCard, at_once: bool = False) -> None:
        """Show the item's tag, and whether its label was printed; `at_once` where a label printer is set."""
        rows = matrix(card.code)
        modules = [[bool(row >> (len(rows) - 1 - column) & 1) for column in range(len(rows))] for row in rows]
        self._symbol.show_matrix(modules, self.tr("Tag {code}").format(code=grouped(card.code)))
        self._symbol.setVisible(True)
        self._code.setText(grouped(card.code))
        printed = Status(self.tr("Label printed"), "ok", "printer")
        queued = self.tr("Label in the queue") if at_once else self.tr("Queued: no label printer")
        waits = Status(queued, "idle", "printer")
        self._prints.setText(self.tr("F7 prints it again") if at_once else self.tr("F7 prints it"))
        self._label.show_status(printed if card.printed_at else waits)


class KeyBar(InSight):
    """The keys of the counter, at its foot."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("look", "card")
        known = (
            ("Scan", self.tr("next item")), ("1 2 3", self.tr("addressee")), ("Enter", self.tr("first")),
            ("0", self.tr("later")), ("F9", self.tr("damage")), ("F4", self.tr("weight")), ("F6", self.tr("class")),
            ("F7", self.tr("label")), ("F3", self.tr("photo")), ("F8", self.tr("complete")),
            ("Ctrl+Z", self.tr("undo")),
        )  # fmt: skip
        # Where the room ends the keys go on in a second row: with large letters they must not make the window wider.
        row = Flow(gap=px(14))
        for key, words in known:
            pair = QWidget(self)
            pair.setLayout(line(KeyCap(key), Label(words, "small-muted"), gap=6))
            row.addWidget(pair)
        row.setContentsMargins(px(14), px(8), px(14), px(8))
        self.setLayout(row)


def _paint_mark(painter: QPainter, room: QRectF) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour("sunken"))
    painter.drawRoundedRect(room, 6, 6)
    size = px(40)
    painter.drawPixmap(room.center() - QPointF(size / 2, size / 2), pixmap("scan-barcode", "text", size))
