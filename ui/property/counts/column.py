"""One column of the counter's screen: a heading with its count over things of two lines each."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import (
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRectF,
    QSize,
    QSizeF,
    QStringListModel,
    Qt,
    Signal,
)
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent, QPen, QPixmap, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QListView,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from cbo_desk.property.verification import RoomLine, What
from ui.kit.bidi import identifier, isolate
from ui.kit.buttons import Button
from ui.kit.cards import line, rule, stack
from ui.kit.icons import pixmap
from ui.kit.labels import ElidedLabel, Figure, IconLabel
from ui.kit.theme import Theme, colour, current, letters, px
from ui.property.counts import words

Index = QModelIndex | QPersistentModelIndex
AT_START = int(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)
AT_END = int(Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter)
AT_RIGHT = Qt.TextElideMode.ElideRight
SHOWN = QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver | QStyle.StateFlag.State_HasFocus
KEPT = 200
"""So many things are kept as pictures; four columns show some fifty."""
NARROW = 150
"""A column narrower than this, in pixels at 100 %, has no room for its icon."""
ODD = (What.UNKNOWN, What.EXCEPTION)


class Things(QStringListModel):
    """The things of a column. How many there are Qt counts by itself: a list of ours would be asked once a row, and a
    store of thousands takes 30 ms then whenever something is scanned."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.lines: Sequence[RoomLine] = ()

    def show_lines(self, lines: Sequence[RoomLine]) -> None:
        """Show other things."""
        self.lines = lines
        self.setStringList([""] * len(lines))

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The thing in words, for whoever reads the screen aloud and as the tooltip."""
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        one = self.lines[index.row()]
        parts = [one.inventory_no, words.about(one), one.by, words.clock_time(one.at), one.note]
        return " · ".join(dict.fromkeys(part for part in parts if part))


class ThingPainter(QStyledItemDelegate):
    """Paints a thing in two lines: its number with the time, then what it is.

    Each thing is painted once and kept as a picture: at 50 scans a second all that is in sight moves by a row again and
    again, and with every letter that Qt is asked to paint a thread that saves a scan may come first.
    """

    def __init__(self, view: QListView) -> None:
        super().__init__(view)
        self._theme: Theme | None = None
        self._pictures: dict[tuple[object, ...], QPixmap] = {}

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """The same for all, so that thousands cost nothing."""
        return QSize(px(120), px(49))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one thing."""
        model = index.model()
        if not isinstance(model, Things):
            return
        if self._theme is not current():
            self._theme = current()
            self._pictures.clear()
        one, box, device = model.lines[index.row()], option.rect, painter.device()
        ratio = device.devicePixelRatioF() if device is not None else 1.0
        state = option.state & SHOWN
        key = (one, box.width(), box.height(), ratio, state.value, option.direction)
        picture = self._pictures.pop(key, None)
        if picture is None:
            picture = self._picture(one, box.size(), ratio, option)
            if len(self._pictures) >= KEPT:
                del self._pictures[next(iter(self._pictures))]  # the one that was not shown for longest
        self._pictures[key] = picture
        painter.drawPixmap(box.topLeft(), picture)

    def _picture(self, one: RoomLine, size: QSize, ratio: float, option: QStyleOptionViewItem) -> QPixmap:
        picture = QPixmap(size * ratio)
        picture.setDevicePixelRatio(ratio)
        picture.fill(colour("surface"))
        painter = QPainter(picture)
        try:
            painter.setLayoutDirection(option.direction)
            box, state = QRectF(QPointF(), QSizeF(size)), option.state
            if state & QStyle.StateFlag.State_Selected:
                painter.fillRect(box, colour("sel"))
            elif state & QStyle.StateFlag.State_MouseOver:
                painter.fillRect(box, colour("hover"))
            painter.setPen(QPen(colour("border"), 1))
            below = box.bottom() - 0.5
            painter.drawLine(QPointF(box.left(), below), QPointF(box.right(), below))
            if state & QStyle.StateFlag.State_HasFocus:
                painter.setPen(QPen(colour("accent"), 2))
                painter.drawRect(box.adjusted(1, 1, -1, -2))
            margin = px(12) if box.width() > px(140) else px(6)
            self._words(painter, box.adjusted(margin, px(6), -margin, -px(6)), one)
        finally:
            painter.end()
        return picture

    def _words(self, painter: QPainter, room: QRectF, one: RoomLine) -> None:
        upper, lower = QRectF(room), QRectF(room)
        upper.setHeight(room.height() / 2)
        lower.setTop(upper.bottom())
        small, strong = letters(12, tabular=True), letters(13, QFont.Weight.DemiBold)
        measure, measure_strong = QFontMetrics(small), QFontMetrics(strong)
        unknown = one.what is What.UNKNOWN
        number = words.find(one.what).word if unknown else one.inventory_no
        time = words.clock_time(one.at)
        width = measure.horizontalAdvance(time)
        painter.setFont(small)
        painter.setPen(colour("muted"))
        told = one.inventory_no if unknown else words.about(one)
        painter.drawText(lower, AT_START, isolate(measure.elidedText(told, AT_RIGHT, int(lower.width()))))
        if time and measure_strong.horizontalAdvance(number) + width + px(6) <= room.width():
            painter.drawText(upper, AT_END, time)  # else the tooltip has it: a number cut short is of no use
            upper.setRight(upper.right() - width - px(6))
        if one.what in ODD:
            spot = QPointF(upper.left(), upper.center().y() - px(14) / 2)
            painter.drawPixmap(spot, pixmap(words.find(one.what).icon, "warn_text", px(14)))
            upper.setLeft(upper.left() + px(14) + px(6))
        painter.setFont(strong)
        painter.setPen(colour("text"))
        painter.drawText(upper, AT_START, identifier(measure_strong.elidedText(number, AT_RIGHT, int(upper.width()))))


class _Ground(QListView):
    """A list that paints its own ground: else Qt paints the card, the page and the window behind it with each scan."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ground, and the things on it."""
        painter = QPainter(self.viewport())
        try:
            painter.fillRect(event.rect(), colour("surface"))
        finally:
            painter.end()
        super().paintEvent(event)


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
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)  # all alike, whatever is in them
        self.count = Figure("0", "h2")
        self.caption = ElidedLabel("", "small-muted")
        self._title, self._empty = title, empty
        self._icon = IconLabel(icon, tone, 18)
        head = line(self._icon, ElidedLabel(title, "h3"), self.count)
        head.setStretch(1, 1)
        self.model = Things(self)
        self.view = _Ground(self)
        self.view.setModel(self.model)
        self.view.setItemDelegate(ThingPainter(self.view))
        self.view.setUniformItemSizes(True)
        self.view.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
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

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room the word is worth more than its icon."""
        super().resizeEvent(event)
        self._icon.setVisible(self.width() >= px(NARROW))

    def chosen(self) -> RoomLine | None:
        """The thing that is chosen."""
        index = self.view.currentIndex()
        return self.model.lines[index.row()] if index.isValid() else None
