"""One column of the counter's screen: a heading with its count over things of two lines each."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import (
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRectF,
    QSize,
    QStringListModel,
    Qt,
    Signal,
)
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPen
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
from ui.kit.labels import ElidedLabel, IconLabel, Label
from ui.kit.theme import Theme, colour, current, letters, px
from ui.property.counts import words

Index = QModelIndex | QPersistentModelIndex
AT_START = int(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)
AT_END = int(Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter)
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

    Letters are measured once for each theme and each word: at 50 scans a second all that is in sight is painted anew.
    """

    def __init__(self, view: QListView) -> None:
        super().__init__(view)
        self._theme: Theme | None = None

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """The same for all, so that thousands cost nothing."""
        return QSize(px(120), px(49))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one thing."""
        model = index.model()
        if not isinstance(model, Things):
            return
        self._refresh()
        box = QRectF(option.rect)
        state = option.state
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(box, self._chosen)
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(box, self._hover)
        painter.setPen(self._hairline)
        painter.drawLine(box.bottomLeft(), box.bottomRight())
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(self._ring)
            painter.drawRect(box.adjusted(1, 1, -1, -2))
        margin = self._wide if box.width() > self._roomy else self._narrow
        inner = box.adjusted(margin, self._above, -margin, -self._above)
        self._words(painter, inner, model.lines[index.row()])

    def _words(self, painter: QPainter, room: QRectF, one: RoomLine) -> None:
        upper, lower = QRectF(room), QRectF(room)
        upper.setHeight(room.height() / 2)
        lower.setTop(upper.bottom())
        unknown = one.what is What.UNKNOWN
        number = words.find(one.what).word if unknown else one.inventory_no
        time = words.clock_time(one.at)
        width = self._width(time)
        painter.setFont(self._small)
        painter.setPen(self._muted)
        told = one.inventory_no if unknown else words.about(one)
        painter.drawText(lower, AT_START, isolate(self._short(told, False, int(lower.width()))))
        if time and self._width(number, strong=True) + width + self._narrow <= room.width():
            painter.drawText(upper, AT_END, time)  # else the tooltip has it: a number cut short is of no use
            upper.setRight(upper.right() - width - self._narrow)
        if one.what in ODD:
            spot = QPointF(upper.left(), upper.center().y() - self._mark / 2)
            painter.drawPixmap(spot, pixmap(words.find(one.what).icon, "warn_text", self._mark))
            upper.setLeft(upper.left() + self._mark + self._narrow)
        painter.setFont(self._strong)
        painter.setPen(self._text)
        painter.drawText(upper, AT_START, identifier(self._short(number, True, int(upper.width()))))

    def _refresh(self) -> None:
        """Take the colours and letters of the theme in force, once for each theme."""
        if self._theme is current():
            return
        self._theme = current()
        self._chosen, self._hover = colour("sel"), colour("hover")
        self._muted, self._text = colour("muted"), colour("text")
        self._hairline, self._ring = QPen(colour("border"), 1), QPen(colour("accent"), 2)
        self._small, self._strong = letters(12, tabular=True), letters(13, QFont.Weight.DemiBold)
        self._measures = {False: QFontMetrics(self._small), True: QFontMetrics(self._strong)}
        self._wide, self._narrow, self._above = px(12), px(6), px(6)
        self._roomy, self._mark = px(140), px(14)
        self._widths: dict[tuple[str, bool], int] = {}
        self._shorts: dict[tuple[str, bool, int], str] = {}

    def _width(self, text: str, *, strong: bool = False) -> int:
        known = self._widths.get((text, strong))
        if known is None:
            known = self._widths[text, strong] = self._measures[strong].horizontalAdvance(text)
        return known

    def _short(self, text: str, strong: bool, width: int) -> str:
        known = self._shorts.get((text, strong, width))
        if known is None:
            known = self._measures[strong].elidedText(text, Qt.TextElideMode.ElideRight, width)
            self._shorts[text, strong, width] = known
        return known


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

    def chosen(self) -> RoomLine | None:
        """The thing that is chosen."""
        index = self.view.currentIndex()
        return self.model.lines[index.row()] if index.isValid() else None
