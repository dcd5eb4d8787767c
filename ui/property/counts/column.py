"""One column of the counter's screen: a heading with its count over things of two lines each."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QFrame, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QVBoxLayout, QWidget

from cbo_desk.property.verification import RoomLine, What
from ui.kit.bidi import identifier, isolate
from ui.kit.buttons import Button
from ui.kit.cards import line, rule, stack
from ui.kit.icons import pixmap
from ui.kit.labels import ElidedLabel, IconLabel, Label
from ui.kit.theme import colour, letters, px
from ui.property.counts import words

Index = QModelIndex | QPersistentModelIndex
ODD = (What.UNKNOWN, What.EXCEPTION)


class Things(QAbstractListModel):
    """The things of a column."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.lines: Sequence[RoomLine] = ()

    def show_lines(self, lines: Sequence[RoomLine]) -> None:
        """Show other things."""
        self.beginResetModel()
        self.lines = lines
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """How many things there are."""
        return 0 if parent.isValid() else len(self.lines)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The thing in words, for whoever reads the screen aloud and as the tooltip."""
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        one = self.lines[index.row()]
        parts = [one.inventory_no, words.about(one), one.by, words.clock_time(one), one.note]
        return " · ".join(dict.fromkeys(part for part in parts if part))


class ThingPainter(QStyledItemDelegate):
    """Paints a thing in two lines: its number with the time, then what it is."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """The same for all, so that thousands cost nothing."""
        return QSize(px(120), px(49))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one thing."""
        model = index.model()
        if not isinstance(model, Things):
            return
        one = model.lines[index.row()]
        painter.save()
        try:
            box = QRectF(option.rect)
            state = option.state
            if state & QStyle.StateFlag.State_Selected:
                painter.fillRect(box, colour("sel"))
            elif state & QStyle.StateFlag.State_MouseOver:
                painter.fillRect(box, colour("hover"))
            painter.setPen(QPen(colour("border"), 1))
            painter.drawLine(box.bottomLeft(), box.bottomRight())
            if state & QStyle.StateFlag.State_HasFocus:
                painter.setPen(QPen(colour("accent"), 2))
                painter.drawRect(box.adjusted(1, 1, -1, -2))
            margin = px(12) if box.width() > px(140) else px(6)
            self._words(painter, box.adjusted(margin, px(7), -margin, -px(6)), one)
        finally:
            painter.restore()

    def _words(self, painter: QPainter, room: QRectF, one: RoomLine) -> None:
        upper, lower = QRectF(room), QRectF(room)
        upper.setHeight(room.height() / 2)
        lower.setTop(upper.bottom())
        at_end = Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter
        at_start = Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter
        small, strong = letters(12, tabular=True), letters(13, QFont.Weight.DemiBold)
        time = words.clock_time(one)
        needed = QFontMetrics(strong).horizontalAdvance(one.inventory_no) + QFontMetrics(small).horizontalAdvance(time)
        if needed + px(6) > room.width():
            time = ""  # the tooltip has it; a number cut short is of no use
        painter.setFont(small)
        painter.setPen(colour("muted"))
        painter.drawText(upper, int(at_end), time)
        upper.setRight(upper.right() - QFontMetrics(small).horizontalAdvance(time) - px(6))
        if one.what in ODD:
            size = px(14)
            spot = QPointF(upper.left(), upper.center().y() - size / 2)
            painter.drawPixmap(spot, pixmap(words.find(one.what).icon, "warn_text", size))
            upper.setLeft(upper.left() + size + px(6))
        painter.setFont(strong)
        painter.setPen(colour("text"))
        number = words.find(one.what).word if one.what is What.UNKNOWN else one.inventory_no
        painter.drawText(upper, int(at_start), identifier(_short(number, strong, upper)))
        painter.setFont(small)
        painter.setPen(colour("muted"))
        told = one.inventory_no if one.what is What.UNKNOWN else words.about(one)
        painter.drawText(lower, int(at_start), isolate(_short(told, small, lower)))


def _short(text: str, font: QFont, room: QRectF) -> str:
    return QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, int(room.width()))


class Column(QFrame):
    """One column. `picked(RoomLine)` tells of Enter or a double click on a thing."""

    picked = Signal(object)

    def __init__(
        self,
        icon: str,
        tone: str,
        title: str,
        parent: QWidget,
        *,
        deed: Button | None = None,
        empty: Callable[[], str] = str,
    ) -> None:
        super().__init__(parent)
        self.setProperty("look", "card")
        self.count = Label("0", "h2", at_end=True)
        self.caption = ElidedLabel("", "small-muted")
        self._title, self._empty = title, empty
        head = line(IconLabel(icon, tone, 18), ElidedLabel(title, "h3"), self.count)
        head.setStretch(1, 1)
        self.model = Things(self)
        self.view = QListView(self)
        self.view.setModel(self.model)
        self.view.setItemDelegate(ThingPainter(self.view))
        self.view.setUniformItemSizes(True)
        self.view.setFrameShape(QFrame.Shape.NoFrame)
        self.view.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.setMouseTracking(True)
        self.view.activated.connect(lambda index: self.picked.emit(self.model.lines[index.row()]))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(1, 1, 1, 1)
        whole.setSpacing(0)
        whole.addLayout(stack(head, self.caption, margins=(12, 10, 12, 8), gap=2))
        whole.addWidget(rule(self))
        whole.addWidget(self.view, 1)
        if deed is not None:
            whole.addLayout(line(deed, margins=(11, 8, 11, 11)))
        self.show_lines(())

    def show_lines(self, lines: Sequence[RoomLine], caption: str = "") -> None:
        """Show these things; the one that was chosen stays chosen if it is still there."""
        chosen = self.chosen()
        if lines != self.model.lines:
            self.model.show_lines(lines)
            row = next((at for at, one in enumerate(lines) if chosen and one.asset_id == chosen.asset_id), -1)
            if row >= 0:
                self.view.setCurrentIndex(self.model.index(row))
        self.count.setText(f"{len(lines):,}")
        self.caption.setText(caption)
        self.view.setAccessibleName(f"{self._title}, {len(lines):,}")

    def chosen(self) -> RoomLine | None:
        """The thing that is chosen."""
        index = self.view.currentIndex()
        return self.model.lines[index.row()] if index.isValid() else None
