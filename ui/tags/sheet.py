"""A picture of the sheet: which cells are gone, which this print fills, which stay free."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from cbo_desk.tags.encoder import QUIET, SIDE
from cbo_desk.tags.plan import PrintPlan
from cbo_desk.tags.stocks import Cell, LabelStock, cells
from ui.kit.theme import colour, px
from ui.tags.label_painting import paint_symbol

# The sheet is paper in every theme.
_PAPER, _GONE, _CROSS, _FREE, _PRINT = (
    QColor(shade) for shade in ("#FFFFFF", "#E3E7EC", "#AEB7C2", "#DDE2E8", "#0B66B0")
)
_WORDS = QColor("#3A4452")
_LEAST_SYMBOL = 10.0  # pixels; a smaller one is a blot


class SheetPicture(QWidget):
    """One page of a stock. Arrow keys move over its cells, Space or a click marks one used or free: `marked(cell)`.

    Cells can be marked on the first page only: the further ones come fresh out of the packet.
    """

    marked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.stock: LabelStock | None = None
        self.plan: PrintPlan | None = None
        self.page = 1
        self.cursor_cell = 1
        self._used: frozenset[int] = frozenset()
        self._looked_at = 0
        self._cells: tuple[Cell, ...] = ()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMouseTracking(True)
        self.setAccessibleName(self.tr("Picture of the sheet"))

    def sizeHint(self) -> QSize:
        """The size it would like."""
        return QSize(px(372), px(507))

    def minimumSizeHint(self) -> QSize:
        """The least size at which it can be used."""
        return QSize(px(220), px(150))

    def show_sheet(
        self, stock: LabelStock, used: Collection[int], plan: PrintPlan | None, page: int, spot: int
    ) -> None:
        """Show a page; `spot` is the cell of the previewed tag, 0 for none."""
        if self.stock != stock:
            self.stock, self._cells = stock, cells(stock)
            self.cursor_cell = 1
        self._used, self.plan, self.page, self._looked_at = frozenset(used), plan, page, spot
        self._tell_cursor()
        self.update()

    def is_used(self, cell: int) -> bool:
        """Whether a cell is gone before this print."""
        return self.page == 1 and cell in self._used

    def place_of(self, cell: int) -> QRectF:
        """Where a cell is painted, in the widget's coordinates."""
        assert self.stock is not None
        paper, unit = self._paper(), self._unit()
        found = self._cells[cell - 1]
        return QRectF(paper.x() + found.x * unit, paper.y() + found.y * unit, found.width * unit, found.height * unit)

    # --- what Qt asks

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint it as it stands now."""
        painter = QPainter(self)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour("sunken"))
            painter.drawRoundedRect(QRectF(self.rect()), 8, 8)
            if self.stock is not None:
                painter.setPen(QPen(colour("border"), 1))
                painter.setBrush(_PAPER)
                painter.drawRect(self._paper())
                self._paint_cells(painter)
            if self.hasFocus():
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(colour("accent"), 2))
                painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 8, 8)
        finally:
            painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Mark the cell under the mouse."""
        cell = self._cell_at(event.position())
        if cell and event.button() == Qt.MouseButton.LeftButton:
            self.cursor_cell = cell
            self._mark()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Say which cell the mouse is over."""
        cell = self._cell_at(event.position())
        self.setToolTip(self.words_of(cell) if cell else "")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move over the cells, or mark one."""
        step = self._step(Qt.Key(event.key()))
        if step:
            self._move(step)
        elif event.key() == Qt.Key.Key_Space:
            self._mark()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show where the keys lead."""
        super().focusInEvent(event)
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take the new room."""
        super().resizeEvent(event)
        self.update()

    def changeEvent(self, event: QEvent) -> None:
        """Take a change of letters, theme or direction."""
        super().changeEvent(event)
        self.update()

    # --- parts

    def words_of(self, cell: int) -> str:
        """A cell in words: which it is and whether it is used."""
        if self.stock is None:
            return ""
        row, column = divmod(cell - 1, self.stock.columns)
        if self.is_used(cell):
            state = self.tr("used")
        elif self.plan is not None and (self.page, cell) in self.plan.spots:
            state = self.tr("this print")
        else:
            state = self.tr("free")
        words = self.tr("Cell {cell}, row {row} column {column}: {state}")
        return words.format(cell=cell, row=row + 1, column=column + 1, state=state)

    def _step(self, key: Qt.Key) -> int:
        across = self.stock.columns if self.stock is not None else 1
        one = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1, Qt.Key.Key_Down: across, Qt.Key.Key_Up: -across}
        return one.get(key, 0)

    def _move(self, step: int) -> None:
        target = self.cursor_cell + step
        if self.stock is not None and 1 <= target <= self.stock.per_page:
            self.cursor_cell = target
            self._tell_cursor()
            self.update()

    def _mark(self) -> None:
        if self.stock is not None and not self.stock.is_roll and self.page == 1:
            self.marked.emit(self.cursor_cell)

    def _tell_cursor(self) -> None:
        self.setAccessibleDescription(self.words_of(self.cursor_cell))

    def _cell_at(self, place: QPointF) -> int:
        hits = (cell.number for cell in self._cells if self.place_of(cell.number).contains(place))
        return next(hits, 0)

    def _unit(self) -> float:
        """Pixels a millimetre."""
        assert self.stock is not None
        width, height = self.stock.page
        return min((self.width() - 32) / width, (self.height() - 32) / height, px(8))

    def _paper(self) -> QRectF:
        assert self.stock is not None
        unit = self._unit()
        width, height = self.stock.page[0] * unit, self.stock.page[1] * unit
        return QRectF((self.width() - width) / 2, (self.height() - height) / 2, width, height)

    def _paint_cells(self, painter: QPainter) -> None:
        assert self.stock is not None
        mine: dict[int, int] = {}
        if self.plan is not None:
            mine = {cell: place for place, (page, cell) in enumerate(self.plan.spots) if page == self.page}
        corner = max(1.0, self.stock.corner * self._unit())
        for cell in self._cells:
            room = self.place_of(cell.number).adjusted(0.75, 0.75, -0.75, -0.75)
            if self.is_used(cell.number):
                self._paint_used(painter, room, corner)
            elif cell.number in mine:
                self._paint_mine(painter, room, mine[cell.number])
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(_PRINT, 2.5 if cell.number == self._looked_at else 1))
                painter.drawRoundedRect(room, corner, corner)
            else:
                painter.setPen(QPen(_FREE, 1))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRoundedRect(room, corner, corner)
            if self.hasFocus() and cell.number == self.cursor_cell:
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(_WORDS, 2, Qt.PenStyle.DashLine))
                painter.drawRoundedRect(room.adjusted(2, 2, -2, -2), corner, corner)

    def _paint_used(self, painter: QPainter, room: QRectF, corner: float) -> None:
        painter.setPen(QPen(_CROSS, 1))
        painter.setBrush(_GONE)
        painter.drawRoundedRect(room, corner, corner)
        inner = room.adjusted(4, 4, -4, -4)
        painter.drawLine(inner.topLeft(), inner.bottomRight())
        painter.drawLine(inner.topRight(), inner.bottomLeft())

    def _paint_mine(self, painter: QPainter, room: QRectF, place: int) -> None:
        """Paint a label as small as it is: its symbol where it will stand, bars for its lines of text."""
        assert self.plan is not None
        composer, unit = self.plan.composer, self._unit()
        side = SIDE * composer.module * unit
        quiet = QUIET * composer.module
        left = room.x() + (composer.symbol_x + quiet) * unit
        top = room.y() + (composer.symbol_y + quiet) * unit
        if side < _LEAST_SYMBOL:
            painter.fillRect(QRectF(left, top, side, side), _WORDS)
        else:
            paint_symbol(painter, self.plan.labels[place].code, left, top, side)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(_WORDS)
        for words in self.plan.composed[place].lines:
            high = max(1.0, words.size * unit * 0.45)
            long = min(len(words.text) * words.size * 0.55 * unit, room.right() - room.x() - words.x * unit - 2)
            painter.drawRect(QRectF(room.x() + words.x * unit, room.y() + words.y * unit - high, max(2.0, long), high))
