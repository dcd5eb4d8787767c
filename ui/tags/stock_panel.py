"""The middle of the print window: which label stock, and which of its cells."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from cbo_desk.tags.plan import PrintPlan
from cbo_desk.tags.stocks import LabelStock
from ui.kit.bidi import isolate
from ui.kit.buttons import Button, Tool
from ui.kit.cards import line
from ui.kit.drawings import Drawing
from ui.kit.labels import Label
from ui.kit.theme import colour
from ui.tags.sheet import SheetPicture


class StockPanel(QWidget):
    """Signals: `chosen(name)` of another stock, `edit_asked`, `new_asked`, `marked(cell)`, `page_asked(page)`."""

    chosen = Signal(str)
    edit_asked = Signal()
    new_asked = Signal()
    marked = Signal(int)
    page_asked = Signal(int)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.box = QComboBox(self)
        self.box.setAccessibleName(self.tr("Label stock"))
        self.box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.box.setMinimumContentsLength(12)
        self.edit_button = Button(self.tr("Edit"), "", "link", self.edit_asked.emit)
        self.new_button = Button(self.tr("New"), "", "link", self.new_asked.emit)
        self.fault = Label("", "fault", self, wrap=True)
        self.fault.hide()
        self.picture = SheetPicture(self)
        self._keys = [_Key("used", self), _Key("print", self), _Key("free", self)]
        self._before = Tool("chevron-left", self.tr("Sheet before"), partial(self._turn, -1), self, size=16)
        self._after = Tool("chevron-right", self.tr("Next sheet"), partial(self._turn, 1), self, size=16)
        self._sheet = Label("", "small-muted")
        self.hint = Label("", "small-muted", wrap=True)
        keys: list[QWidget | None] = [*self._keys, None, self._before, self._sheet, self._after]
        whole = QVBoxLayout(self)
        whole.setContentsMargins(20, 14, 20, 12)
        whole.setSpacing(0)
        whole.addLayout(line(Label(self.tr("Label stock"), "h2"), None, self.new_button, self.edit_button))
        whole.addSpacing(8)
        whole.addWidget(self.box)
        whole.addWidget(self.fault)
        whole.addSpacing(12)
        whole.addWidget(self.picture, 1)
        whole.addSpacing(10)
        whole.addLayout(line(*keys, gap=12))
        whole.addSpacing(2)
        whole.addWidget(self.hint)
        self.box.activated.connect(lambda _index: self.chosen.emit(self.box.currentData()))
        self.picture.marked.connect(self.marked)
        self._page, self._pages = 1, 1

    def show_stocks(self, stocks: Sequence[LabelStock], chosen: str) -> None:
        """Offer these stocks."""
        self.box.clear()
        for stock in stocks:
            self.box.addItem(isolate(stock.words), stock.name)
        self.box.setCurrentIndex(max(0, self.box.findData(chosen)))

    def show_fault(self, sentence: str) -> None:
        """Say below the stock what is wrong with it; nothing for an empty sentence."""
        self.fault.setText(sentence)
        self.fault.setVisible(bool(sentence))

    def show_sheet(self, stock: LabelStock, used: Sequence[int], plan: PrintPlan | None, page: int, cell: int) -> None:
        """Show a page of the print and count its cells."""
        self._page, self._pages = page, max(1, plan.pages if plan is not None else 1)
        self.picture.show_sheet(stock, used, plan, page, cell)
        gone = len(used) if page == 1 else 0
        mine = len(plan.cells_of(page)) if plan is not None else 0
        words = (self.tr("Used, {count}"), self.tr("This print, {count}"), self.tr("Free, {count}"))
        counts = (gone, mine, stock.per_page - gone - mine)
        for key, sentence, count in zip(self._keys, words, counts, strict=True):
            key.say(sentence.format(count=count))
            key.setVisible(not stock.is_roll)
        many = self._pages > 1
        for tool in (self._before, self._after):
            tool.setVisible(many)
        self._before.setEnabled(page > 1)
        self._after.setEnabled(page < self._pages)
        kind = self.tr("Label {page} of {pages}") if stock.is_roll else self.tr("Sheet {page} of {pages}")
        self._sheet.setText(kind.format(page=page, pages=self._pages) if many else "")
        self.hint.setText(self._hint(stock, page))

    def _hint(self, stock: LabelStock, page: int) -> str:
        if stock.is_roll:
            return self.tr("A roll: one label follows the other.")
        if page > 1:
            return self.tr("A fresh sheet. Used cells can be marked on the first one.")
        return self.tr("Click a cell, or use the arrow keys and Space, to mark it used or free; it is remembered.")

    def _turn(self, step: int) -> None:
        self.page_asked.emit(min(self._pages, max(1, self._page + step)))


class _Key(QWidget):
    """One entry of the legend: a small cell and a count."""

    def __init__(self, kind: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._words = Label("", "small-muted")
        box = Drawing(partial(_paint_key, kind), "", self)
        box.setFixedSize(17, 12)
        self.setLayout(line(box, self._words, gap=6))

    def say(self, words: str) -> None:
        """Say another count."""
        self._words.setText(words)


def _paint_key(kind: str, painter: QPainter, room: QRectF) -> None:
    fill, edge = {
        "used": (QColor("#E3E7EC"), QColor("#AEB7C2")),
        "print": (QColor("#FFFFFF"), QColor("#0B66B0")),
        "free": (QColor("#FFFFFF"), colour("strong")),
    }[kind]
    painter.setPen(QPen(edge, 1))
    painter.setBrush(fill)
    painter.drawRoundedRect(room.adjusted(0.5, 0.5, -0.5, -0.5), 2, 2)
