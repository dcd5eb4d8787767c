"""How a list paints its cells: by kind of column, with row hover, selection bar, focus ring and fault marks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTableView

from ui.kit.bidi import identifier, isolate
from ui.kit.chips import Status, paint_chip
from ui.kit.drawings import paint_share
from ui.kit.icons import pixmap
from ui.kit.theme import Theme, colour, current, letters, px

Index = QModelIndex | QPersistentModelIndex
Kind = Literal["ref", "text", "muted", "num", "money", "date", "chip", "link", "icon", "share"]
RIGHT = ("num", "money")
TABULAR = ("num", "money", "date", "ref")
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
    """Knows which row the mouse is over.

    It is no part of the delegate: a delegate asked for events while its view is being taken apart crashes Qt.
    """

    def __init__(self, table: QTableView) -> None:
        super().__init__(table.viewport())
        self._table = table
        self.row = -1
        table.setMouseTracking(True)
        table.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.MouseMove and isinstance(event, QMouseEvent):
            self._go_to(self._table.rowAt(int(event.position().y())))
        elif event.type() in (QEvent.Type.Leave, QEvent.Type.Wheel) and self.row >= 0:
            self._go_to(-1)
        return False

    def _go_to(self, row: int) -> None:
        if row != self.row:
            self.row = row
            self._table.viewport().update()


class Cells(QStyledItemDelegate):
    """Paints every cell of a list by its column's `Look`."""

    def __init__(self, table: QTableView, looks: Sequence[Look]) -> None:
        super().__init__(table)
        self.table = table
        self.looks = list(looks)
        self._hover = _Hover(table)
        self._theme: Theme | None = None
        self._fonts: dict[Kind, QFont] = {}
        self._metrics: dict[Kind, QFontMetrics] = {}
        self._shades: dict[str, QColor] = {}
        self._hairline = QPen()
        self._known_ends: tuple[int, int] | None = None
        header = table.horizontalHeader()
        header.sectionMoved.connect(self._forget_ends)
        header.sectionResized.connect(self._forget_ends)
        header.sectionCountChanged.connect(self._forget_ends)

    def look(self, column: int) -> Look:
        """The look of a column; plain text where none was declared."""
        return self.looks[column] if column < len(self.looks) else Look(str(column))

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """The size it would like."""
        return QSize(px(60), px(ROW))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one cell."""
        self._refresh()
        painter.save()
        try:
            self._ground(painter, option, index)
            look = self.look(index.column())
            mark = index.data(MARK_ROLE)
            if mark in ("bad", "warn"):
                self._fault(painter, option.rect, mark)
            room = option.rect.adjusted(10, 0, -10, 0)
            text = str(index.data() or "")
            if look.kind == "chip":
                self._chip(painter, room, look, index, text)
            elif look.kind == "icon":
                self._icon(painter, room, index)
            elif look.kind == "share":
                self._share(painter, room, index, text)
            else:
                self._words(painter, room, look, text, mark)
        finally:
            painter.restore()

    def _ground(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        table, box, row = self.table, option.rect, index.row()
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.fillRect(box, self._shades["sel" if chosen else "hover" if row == self._hover.row else "surface"])
        painter.setPen(self._hairline)
        painter.drawLine(box.bottomLeft(), box.bottomRight())
        mirrored = self._mirrored()
        place = table.horizontalHeader().visualIndex(index.column())
        first, last = self._ends()
        if chosen and place == first:
            x = box.right() - 2 if mirrored else box.left()
            painter.fillRect(QRect(x, box.top(), 3, box.height()), colour("accent"))
        if table.hasFocus() and row == table.currentIndex().row():
            accent = colour("accent")
            painter.fillRect(QRect(box.left(), box.top(), box.width(), 2), accent)
            painter.fillRect(QRect(box.left(), box.bottom() - 1, box.width(), 2), accent)
            if place == last:
                x = box.left() if mirrored else box.right() - 1
                painter.fillRect(QRect(x, box.top(), 2, box.height()), accent)

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
            if not text or text == "…":
                return
            status = look.status(text) if look.status else Status(text)
        paint_chip(painter, QRectF(room), status, mirrored=self._mirrored())

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
        bar = QRectF(room.left(), room.center().y() - 2, room.width() * 0.62, 5)
        words = room.adjusted(int(room.width() * 0.62) + 8, 0, 0, 0)
        if self._mirrored():
            bar.moveRight(room.right())
            words = room.adjusted(0, 0, -int(room.width() * 0.62) - 8, 0)
        paint_share(painter, bar, share, tone)
        painter.setFont(self._fonts["num"])
        painter.setPen(colour("muted" if tone == "idle" else f"{tone}_text"))
        painter.drawText(words, int(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter), text)

    def _words(self, painter: QPainter, room: QRect, look: Look, text: str, mark: Any) -> None:
        kind = look.kind
        painter.setFont(self._fonts[kind])
        painter.setPen(colour(_shade(kind, text, mark)))
        side = Qt.AlignmentFlag.AlignRight if kind in RIGHT else Qt.AlignmentFlag.AlignLeft
        if self._mirrored():
            other = {
                Qt.AlignmentFlag.AlignRight: Qt.AlignmentFlag.AlignLeft,
                Qt.AlignmentFlag.AlignLeft: Qt.AlignmentFlag.AlignRight,
            }
            side = other[side]
        short = self._metrics[kind].elidedText(text, Qt.TextElideMode.ElideRight, room.width())
        short = identifier(short) if kind in TABULAR else isolate(short)
        flags = side | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(room, int(flags | Qt.TextFlag.TextSingleLine), short)

    def _ends(self) -> tuple[int, int]:
        """The visual positions of the first and last column that can be seen."""
        if self._known_ends is None:
            header = self.table.horizontalHeader()
            places = range(header.count())
            shown = [place for place in places if not header.isSectionHidden(header.logicalIndex(place))]
            self._known_ends = (shown[0], shown[-1]) if shown else (0, 0)
        return self._known_ends

    def _forget_ends(self) -> None:
        self._known_ends = None

    def _mirrored(self) -> bool:
        return self.table.layoutDirection() == Qt.LayoutDirection.RightToLeft

    def _refresh(self) -> None:
        """Make the fonts anew when the theme or text size has changed."""
        if self._theme is current():
            return
        self._theme = current()
        self._shades = {token: colour(token) for token in ("sel", "hover", "surface")}
        self._hairline = QPen(colour("border"), 1)
        kinds: tuple[Kind, ...] = (
            "ref", "text", "muted", "num", "money", "date", "chip", "link", "icon", "share",
        )  # fmt: skip
        for kind in kinds:
            weight = QFont.Weight.DemiBold if kind in ("ref", "link") else QFont.Weight.Normal
            self._fonts[kind] = letters(weight=weight, tabular=kind in ("num", "money", "date"))
            self._metrics[kind] = QFontMetrics(self._fonts[kind])


def _shade(kind: Kind, text: str, mark: Any) -> str:
    if mark in ("bad", "warn"):
        return f"{mark}_text"
    if text in ("—", "…"):
        return "faint"
    if kind == "link":
        return "accent"
    return "text" if kind in ("ref", "text", "date") else "muted"
