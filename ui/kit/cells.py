"""How a list paints its cells: by kind of column, with row hover, selection bar, focus ring and fault marks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTableView

from ui.kit.chips import Status, paint_chip
from ui.kit.drawings import paint_share
from ui.kit.icons import pixmap
from ui.kit.inks import RIGHT, Inks, shade_of
from ui.kit.theme import colour, px

__all__ = ["MARK_ROLE", "RIGHT", "ROW", "UNREAD", "VALUE_ROLE", "Cells", "Index", "Kind", "Look"]

Index = QModelIndex | QPersistentModelIndex
CellReader = Callable[[int, int], tuple[str, str]]
"""A model's `cell(row, column)`: the words and the fault ("bad", "warn" or empty) of a cell."""
RowQuestion = Callable[[int], bool]
"""A model's `unread(row)`: whether a row's values are still being read."""
UNREAD = "…"
"""What stands for values that are still being read."""
Kind = Literal["ref", "text", "muted", "num", "money", "date", "chip", "link", "icon", "share"]
PICTURES = ("chip", "icon", "share")
BAR = 0.46
"""So much of its cell a bar takes; the words beside it need the rest, and bars of all rows are equally long."""
ROW = 34
"""Height of a row in pixels at 100 %."""

VALUE_ROLE = Qt.ItemDataRole.UserRole
"""What a cell holds beside its text: a `Status` for a chip, an icon's name, a share (0 to 1, tone) for a bar."""
MARK_ROLE = Qt.ItemDataRole.UserRole + 1
""" "bad" or "warn" where the cell is at fault; its tooltip says why."""


@dataclass(frozen=True)
class Look:
    """How one column of a list looks.

    `key` names it in memory and in SQL order; `width` is in pixels at 100 %; columns of the highest `priority` hide
    first when the list is narrow (0 never hides); at most one column takes the free width (`stretch`). `status` turns a
    chip column's text into its chip where the model gives no `Status` itself.
    """

    key: str
    kind: Kind = "text"
    width: int = 100
    priority: int = 0
    stretch: bool = False
    sortable: bool = True
    status: Callable[[str], Status] | None = None


class _Hover(QObject):
    """Knows which row the mouse is over, and tells when the list is about to be painted.

    It is no part of the delegate: a delegate asked for events while its view is being taken apart crashes Qt.
    """

    def __init__(self, table: QTableView, painting: Callable[[], None]) -> None:
        super().__init__(table.viewport())
        self._table, self._painting = table, painting
        self.row = -1
        table.setMouseTracking(True)
        table.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind == QEvent.Type.Paint:
            self._painting()
        elif kind == QEvent.Type.MouseMove and isinstance(event, QMouseEvent):
            self._go_to(self._table.rowAt(int(event.position().y())))
        elif kind in (QEvent.Type.Leave, QEvent.Type.Wheel) and self.row >= 0:
            self._go_to(-1)
        return False

    def _go_to(self, row: int) -> None:
        if row != self.row:
            self.row = row
            self._table.viewport().update()


class Cells(QStyledItemDelegate):
    """Paints every cell of a list by its column's `Look`; the ground of a row is painted with its first cell."""

    def __init__(self, table: QTableView, looks: Sequence[Look]) -> None:
        super().__init__(table)
        self.table = table
        self.looks = list(looks)
        self._hover = _Hover(table, self._forget_row)
        self._inks = Inks()
        self._row, self._began = -1, -1
        self._mirrored = False
        self._cell: CellReader | None = None
        self._is_unread: RowQuestion | None = None
        self._unread = False

    def look(self, column: int) -> Look:
        """The look of a column; plain text where none was declared."""
        return self.looks[column] if column < len(self.looks) else Look(str(column))

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """The size it would like."""
        return QSize(px(60), px(ROW))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one cell."""
        row, column, box = index.row(), index.column(), option.rect
        if row != self._row or column == self._began:
            self._begin_row(painter, option, row, column)
        if self._unread:
            return
        look = self.look(column)
        text, mark = self._read(index, row, column)
        if mark:
            self._fault(painter, box, mark)
        kind = look.kind
        room = box.adjusted(10, 0, -10, 0)
        if kind in PICTURES:
            painter.save()
            try:
                if kind == "chip":
                    self._chip(painter, room, look, index, text)
                elif kind == "icon":
                    self._icon(painter, room, index)
                else:
                    self._share(painter, room, index, text)
            finally:
                painter.restore()
        elif text:
            painter.setFont(self._inks.fonts[kind])
            painter.setPen(self._inks.pen(shade_of(kind, text, mark)))
            painter.drawText(room, self._inks.side(kind, self._mirrored), self._inks.fitted(kind, text, room.width()))

    def _read(self, index: Index, row: int, column: int) -> tuple[str, str]:
        """A cell's words and fault; our own models are asked directly, past Qt's wrapping of every answer."""
        if self._cell is not None:
            return self._cell(row, column)
        mark = index.data(MARK_ROLE)
        return str(index.data() or ""), mark if mark in ("bad", "warn") else ""

    def _forget_row(self) -> None:
        """A new painting begins."""
        self._row = -1

    def _begin_row(self, painter: QPainter, option: QStyleOptionViewItem, row: int, column: int) -> None:
        """Paint what is under the cells of a row: its colour, its line, the selection's bar, the focus ring."""
        if self._row < 0:
            self._inks.renew()
            self._mirrored = self.table.layoutDirection() == Qt.LayoutDirection.RightToLeft
            model = self.table.model()
            self._cell, self._is_unread = getattr(model, "cell", None), getattr(model, "unread", None)
        self._row, self._began = row, column
        header, box, inks = self.table.horizontalHeader(), option.rect, self._inks
        width = header.length()
        left = self.table.viewport().width() - width + header.offset() if self._mirrored else -header.offset()
        whole = QRect(left, box.top(), width, box.height())
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.fillRect(whole, inks.shade("sel" if chosen else "hover" if row == self._hover.row else "surface"))
        painter.setPen(inks.hairline)
        painter.drawLine(whole.bottomLeft(), whole.bottomRight())
        accent = inks.shade("accent")
        if chosen:
            x = whole.right() - 2 if self._mirrored else whole.left()
            painter.fillRect(QRect(x, box.top(), 3, box.height()), accent)
        if self.table.hasFocus() and row == self.table.currentIndex().row():
            painter.fillRect(QRect(whole.left(), box.top(), width, 2), accent)
            painter.fillRect(QRect(whole.left(), box.bottom() - 1, width, 2), accent)
            x = whole.left() if self._mirrored else whole.right() - 1
            painter.fillRect(QRect(x, box.top(), 2, box.height()), accent)
        self._unread = self._is_unread is not None and self._is_unread(row)
        if self._unread:
            self._await(painter, whole)

    def _await(self, painter: QPainter, whole: QRect) -> None:
        """One sign for a whole row that is still being read: its cells are painted when they are there."""
        painter.setFont(self._inks.fonts["text"])
        painter.setPen(self._inks.pen("faint"))
        room = whole.intersected(self.table.viewport().rect()).adjusted(10, 0, -10, 0)
        painter.drawText(room, self._inks.side("text", self._mirrored), UNREAD)

    def _fault(self, painter: QPainter, box: QRect, mark: str) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(colour(f"{mark}_text"), 1))
        painter.setBrush(colour(f"{mark}_back"))
        painter.drawRoundedRect(QRectF(box).adjusted(3.5, 3.5, -3.5, -4.5), 4, 4)
        painter.restore()

    def _chip(self, painter: QPainter, room: QRect, look: Look, index: Index, text: str) -> None:
        status = index.data(VALUE_ROLE)
        if not isinstance(status, Status):
            if not text or text == UNREAD:
                return
            status = look.status(text) if look.status else Status(text)
        paint_chip(painter, QRectF(room), status, mirrored=self._mirrored)

    def _icon(self, painter: QPainter, room: QRect, index: Index) -> None:
        name = index.data(VALUE_ROLE)
        if name:
            size = px(16)
            target = QRect(0, 0, size, size)
            target.moveCenter(room.center())
            painter.drawPixmap(target, pixmap(str(name), "muted", size))

    def _share(self, painter: QPainter, room: QRect, index: Index, text: str) -> None:
        value: Any = index.data(VALUE_ROLE)
        share, tone = value if isinstance(value, tuple) else (float(value or 0), "idle")
        bar = QRectF(room.left(), room.center().y() - 2, room.width() * BAR, 5)
        words = room.adjusted(int(room.width() * BAR) + 8, 0, 0, 0)
        if self._mirrored:
            bar.moveRight(room.right())
            words = room.adjusted(0, 0, -int(room.width() * BAR) - 8, 0)
        paint_share(painter, bar, share, tone)
        painter.setFont(self._inks.fonts["num"])
        painter.setPen(colour("muted" if tone == "idle" else f"{tone}_text"))
        painter.drawText(words, int(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter), text)
