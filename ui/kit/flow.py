"""A row of widgets that goes on in the next line where the room ends."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QApplication, QLayout, QLayoutItem, QWidget


class Flow(QLayout):
    """Widgets one after the other, wrapped like words; mirrored with the window."""

    def __init__(self, parent: QWidget | None = None, gap: int = 8) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._gap = gap
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:
        """Take one more item."""
        self._items.append(item)

    def count(self) -> int:
        """How many items there are."""
        return len(self._items)

    def itemAt(self, place: int) -> QLayoutItem | None:
        """The item at a place, None past the end."""
        return self._items[place] if 0 <= place < len(self._items) else None

    def takeAt(self, place: int) -> QLayoutItem | None:
        """Give an item away, None past the end."""
        return self._items.pop(place) if 0 <= place < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        """The item at a place, None past the end."""
        """Give an item away, None past the end."""
        """It never grows of itself."""
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        """Its height follows from its width."""
        return True

    def heightForWidth(self, width: int) -> int:
        """The height at a width, in pixels."""
        return self._lay(QRect(0, 0, width, 0), move=False)

    def setGeometry(self, room: QRect) -> None:
        """Lay the items out in this room."""
        super().setGeometry(room)
        self._lay(room, move=True)

    def sizeHint(self) -> QSize:
        """The size it would like."""
        margins = self.contentsMargins()
        sizes = [item.sizeHint() for item in self._items if not _hidden(item)]
        width = sum(size.width() for size in sizes) + self._gap * max(0, len(sizes) - 1)
        height = max((size.height() for size in sizes), default=0)
        return QSize(width + margins.left() + margins.right(), height + margins.top() + margins.bottom())

    def minimumSize(self) -> QSize:
        """The least size at which it can be used."""
        margins = self.contentsMargins()
        sizes = [item.minimumSize() for item in self._items if not _hidden(item)]
        width = max((size.width() for size in sizes), default=0)
        height = max((size.height() for size in sizes), default=0)
        return QSize(width + margins.left() + margins.right(), height + margins.top() + margins.bottom())

    def _lay(self, room: QRect, *, move: bool) -> int:
        """Put every widget at its place; answers the height that all lines take together."""
        inner = room.marginsRemoved(self.contentsMargins())
        mirrored = QApplication.layoutDirection() == Qt.LayoutDirection.RightToLeft
        x, y, tall = inner.x(), inner.y(), 0
        for item in self._items:
            if _hidden(item):
                continue
            size = item.sizeHint()
            if x > inner.x() and x + size.width() > inner.right() + 1:
                x, y, tall = inner.x(), y + tall + self._gap, 0
            if move:
                left = inner.right() - (x - inner.x()) - size.width() + 1 if mirrored else x
                item.setGeometry(QRect(QPoint(left, y), size))
            x += size.width() + self._gap
            tall = max(tall, size.height())
        margins = self.contentsMargins()
        return y + tall - room.y() + margins.bottom()


def _hidden(item: QLayoutItem) -> bool:
    widget = item.widget()
    return widget is not None and widget.isHidden()


def wrapped(*widgets: QWidget, gap: int = 8) -> QWidget:
    """Some widgets in a flow, for instance the buttons of a card."""
    box = QWidget()
    flow = Flow(box, gap)
    for widget in widgets:
        flow.addWidget(widget)
    return box
