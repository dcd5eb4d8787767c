"""How a list paints its cells: by kind of column, with row hover, selection bar, focus ring and fault marks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QTableView

from ui.kit.chips import Status, paint_chip
from ui.kit.drawings import paint_share
from ui.kit.icons import pixmap
from ui.kit.inks import RIGHT, Inks, shade_of
from ui.kit.theme import colour, px

__all__ = ["MARK_ROLE", "RIGHT", "ROW", "UNREAD", "VALUE_ROLE", "Cells", "Index", "Kind", "Look"]

Index = QModelIndex | QPersistentModelIndex
CellReader = Callable[[int, int], tuple[str, str]]
"""A model's `cell(row, column)`: the words and the fault ("bad", "warn" or empty) of a cell."""
ValueReader = Callable[[int, int], Any]
"""A model's `value(row, column)`: what a cell holds beside its words, see VALUE_ROLE."""
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
    """Knows which row the mouse is over, and has the list painted.

    It is no part of the delegate: a delegate asked for events while its view is being taken apart crashes Qt.
    """

    def __init__(self, table: QTableView, paint: Callable[[QPaintEvent], bool]) -> None:
        super().__init__(table.viewport())
        self._table, self._paint = table, paint
        self.row = -1
        table.setMouseTracking(True)
        table.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind == QEvent.Type.Paint and isinstance(event, QPaintEvent):
            return self._paint(event)
        if kind == QEvent.Type.MouseMove and isinstance(event, QMouseEvent):
            self._go_to(self._table.rowAt(int(event.position().y())))
        elif kind in (QEvent.Type.Leave, QEvent.Type.Wheel) and self.row >= 0:
            self._go_to(-1)
        return False

    def _go_to(self, row: int) -> None:
        if row != self.row:
            self.row = row
            self._table.viewport().update()


class _Place(NamedTuple):
    """Where a column stands in the viewport, and how it looks."""

    column: int
    left: int
    width: int
    look: Look


class Cells(QStyledItemDelegate):
    """Paints a list, a row at a time, every cell by its column's `Look`.

    Qt would ask for each cell by itself and hand over a description of it, which nobody reads and which takes as long
    as painting what is in it.
    """

    def __init__(self, table: QTableView, looks: Sequence[Look]) -> None:
        super().__init__(table)
        self.table = table
        self.looks = list(looks)
        self._hover = _Hover(table, self._paint)
        self._inks = Inks()
        self._mirrored = False
        self._cell: CellReader | None = None
        self._value: ValueReader | None = None

    def look(self, column: int) -> Look:
        """The look of a column; plain text where none was declared."""
        return self.looks[column] if column < len(self.looks) else Look(str(column))

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """The size it would like."""
        return QSize(px(60), px(ROW))

    def paint_over(self, painter: QPainter, box: QRect, row: int, column: int) -> None:
        """Paint over a cell what a derived list shows there besides."""

    # --- The list ----------------------------------------------------------------------------------------------

    def _paint(self, event: QPaintEvent) -> bool:
        """Paint what of the list is to be seen; False where another delegate does."""
        table, model = self.table, self.table.model()
        if table.itemDelegate() is not self or model is None:
            return False
        room = event.rect()
        first, last = table.rowAt(room.top()), table.rowAt(room.bottom())
        last = model.rowCount() - 1 if last < 0 else last
        places = self._places(room)
        if first < 0 or not places:
            return True
        self._inks.renew()
        self._mirrored = table.layoutDirection() == Qt.LayoutDirection.RightToLeft
        self._cell, self._value = getattr(model, "cell", None), getattr(model, "value", None)
        unread: RowQuestion | None = getattr(model, "unread", None)
        header = table.horizontalHeader()
        width = header.length()
        left = table.viewport().width() - width + header.offset() if self._mirrored else -header.offset()
        painter = QPainter(table.viewport())
        try:
            for row in range(first, last + 1):
                if table.isRowHidden(row):
                    continue
                whole = QRect(left, table.rowViewportPosition(row), width, table.rowHeight(row))
                self._ground(painter, whole, row, places[0].column)
                if unread is not None and unread(row):
                    self._await(painter, whole)
                    continue
                for place in places:
                    self._paint_cell(painter, QRect(place.left, whole.top(), place.width, whole.height()), row, place)
        finally:
            painter.end()
        return True

    def _places(self, room: QRect) -> list[_Place]:
        """The columns that are to be seen in a part of the viewport."""
        header, found = self.table.horizontalHeader(), []
        for visual in range(header.count()):
            column = header.logicalIndex(visual)
            left, width = header.sectionViewportPosition(column), header.sectionSize(column)
            if width and not header.isSectionHidden(column) and left <= room.right() and left + width > room.left():
                found.append(_Place(column, left, width, self.look(column)))
        return found

    def _ground(self, painter: QPainter, whole: QRect, row: int, column: int) -> None:
        """Paint what is under the cells of a row: its colour, its line, the selection's bar, the focus ring."""
        table, inks = self.table, self._inks
        chosen = table.selectionModel().isSelected(table.model().index(row, column, table.rootIndex()))
        painter.fillRect(whole, inks.shade("sel" if chosen else "hover" if row == self._hover.row else "surface"))
        painter.setPen(inks.hairline)
        painter.drawLine(whole.bottomLeft(), whole.bottomRight())
        accent = inks.shade("accent")
        if chosen:
            x = whole.right() - 2 if self._mirrored else whole.left()
            painter.fillRect(QRect(x, whole.top(), 3, whole.height()), accent)
        if table.hasFocus() and row == table.currentIndex().row():
            painter.fillRect(QRect(whole.left(), whole.top(), whole.width(), 2), accent)
            painter.fillRect(QRect(whole.left(), whole.bottom() - 1, whole.width(), 2), accent)
            x = whole.left() if self._mirrored else whole.right() - 1
            painter.fillRect(QRect(x, whole.top(), 2, whole.height()), accent)

    def _await(self, painter: QPainter, whole: QRect) -> None:
        """One sign for a whole row that is still being read: its cells are painted when they are there."""
        painter.setFont(self._inks.fonts["text"])
        painter.setPen(self._inks.pen("faint"))
        room = whole.intersected(self.table.viewport().rect()).adjusted(10, 0, -10, 0)
        painter.drawText(room, self._inks.side("text", self._mirrored), UNREAD)

    # --- Its cells ---------------------------------------------------------------------------------------------

    def _paint_cell(self, painter: QPainter, box: QRect, row: int, place: _Place) -> None:
        column, kind = place.column, place.look.kind
        text, mark = self._read(row, column)
        if mark:
            self._fault(painter, box, mark)
        room = box.adjusted(10, 0, -10, 0)
        if kind == "chip":
            self._chip(painter, room, place.look, self._held(row, column), text)
        elif kind == "icon":
            self._icon(painter, room, self._held(row, column))
        elif kind == "share":
            self._share(painter, room, self._held(row, column), text)
        elif text:
            painter.setFont(self._inks.fonts[kind])
            painter.setPen(self._inks.pen(shade_of(kind, text, mark)))
            painter.drawText(room, self._inks.side(kind, self._mirrored), self._inks.fitted(kind, text, room.width()))
        self.paint_over(painter, box, row, column)

    def _read(self, row: int, column: int) -> tuple[str, str]:
        """A cell's words and fault; our own models are asked directly, past Qt's wrapping of every answer."""
        if self._cell is not None:
            return self._cell(row, column)
        index = self._index(row, column)
        mark = index.data(MARK_ROLE)
        return str(index.data() or ""), mark if mark in ("bad", "warn") else ""

    def _held(self, row: int, column: int) -> Any:
        """What a cell holds beside its words."""
        return self._value(row, column) if self._value is not None else self._index(row, column).data(VALUE_ROLE)

    def _index(self, row: int, column: int) -> QModelIndex:
        return self.table.model().index(row, column, self.table.rootIndex())

    def _fault(self, painter: QPainter, box: QRect, mark: str) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(colour(f"{mark}_text"), 1))
        painter.setBrush(colour(f"{mark}_back"))
        painter.drawRoundedRect(QRectF(box).adjusted(3.5, 3.5, -3.5, -4.5), 4, 4)
        painter.restore()

    def _chip(self, painter: QPainter, room: QRect, look: Look, status: Any, text: str) -> None:
        if not isinstance(status, Status):
            if not text or text == UNREAD:
                return
            status = look.status(text) if look.status else Status(text)
        paint_chip(painter, QRectF(room), status, mirrored=self._mirrored)

    def _icon(self, painter: QPainter, room: QRect, name: Any) -> None:
        if name:
            size = px(16)
            target = QRect(0, 0, size, size)
            target.moveCenter(room.center())
            painter.drawPixmap(target, pixmap(str(name), "muted", size))

    def _share(self, painter: QPainter, room: QRect, value: Any, text: str) -> None:
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
