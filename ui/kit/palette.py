"""Ctrl+K: every action and every record from one field; the first hit is preselected and keys are shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QFrame,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from ui.kit.actions import Action, Actions, keys_in_words
from ui.kit.bidi import isolate
from ui.kit.cards import line, rule
from ui.kit.icons import pixmap
from ui.kit.labels import IconLabel, KeyCap, Label
from ui.kit.preferences import HABITS, Preferences
from ui.kit.ranking import score
from ui.kit.theme import colour, letters, px

SHOWN = 40
SEARCH_PAUSE_MS = 40
ROW = 44
Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


@dataclass(frozen=True)
class Hit:
    """One line of the list: an action or a record, and what opens it."""

    icon: str
    title: str
    detail: str
    open: Callable[[], object]
    key: str = ""


Search = Callable[[str, Callable[[Sequence[Hit]], object]], object]
"""Looks for records off the GUI thread: `search(typed, answer)` calls `answer(hits)` later, on the GUI thread."""


class Hits(QAbstractListModel):
    """The hits as a list."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.hits: list[Hit] = []

    def show_hits(self, hits: list[Hit]) -> None:
        """Show these hits instead."""
        self.beginResetModel()
        self.hits = hits
        self.endResetModel()

    def rowCount(self, parent: Index = _ROOT) -> int:
        """How many rows there are."""
        return 0 if parent.isValid() else len(self.hits)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """What Qt asks about a cell."""
        hit = self.hits[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return hit.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{hit.title}, {hit.detail}"
        return hit if role == Qt.ItemDataRole.UserRole else None


class HitRow(QStyledItemDelegate):
    """Paints one hit: icon, title, detail, key."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """The size it would like."""
        return QSize(px(200), px(ROW) + 2)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one cell."""
        hit: Hit = index.data(Qt.ItemDataRole.UserRole)
        box: QRect = option.rect.adjusted(0, 1, 0, -1)
        on = bool(option.state & QStyle.StateFlag.State_Selected)
        mirrored = option.direction == Qt.LayoutDirection.RightToLeft
        painter.save()
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if on:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(colour("sel"))
                painter.drawRoundedRect(QRectF(box), 6, 6)
            self._words(painter, box, hit, on, mirrored)
        finally:
            painter.restore()

    def _words(self, painter: QPainter, box: QRect, hit: Hit, on: bool, mirrored: bool) -> None:
        icon, gap = px(18), 10
        left, right = box.left() + gap, box.right() - gap

        def place(x: int, width: int) -> QRect:
            room = QRect(x, box.top(), width, box.height())
            if mirrored:
                room.moveRight(box.right() - (x - box.left()))
            return room

        spot = place(left, icon)
        painter.drawPixmap(spot.x(), spot.center().y() - icon // 2, pixmap(hit.icon, "accent" if on else "muted", icon))
        if hit.key:
            font = letters(11)
            width = QFontMetrics(font).horizontalAdvance(hit.key) + 16
            right -= width
            cap = QRectF(place(right, width).x(), box.center().y() - px(10) + 0.5, width, px(20))
            painter.setPen(QPen(colour("border"), 1))
            painter.setBrush(colour("sunken"))
            painter.drawRoundedRect(cap, 4, 4)
            painter.setFont(font)
            painter.setPen(colour("muted"))
            painter.drawText(cap, int(Qt.AlignmentFlag.AlignCenter), hit.key)
            right -= gap
        side = Qt.AlignmentFlag.AlignRight if mirrored else Qt.AlignmentFlag.AlignLeft
        flags = int(side | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter)
        x = left + icon + gap
        for text, font, token in (
            (hit.title, letters(weight=QFont.Weight.DemiBold), "text"),
            (hit.detail, letters(), "muted"),
        ):
            room = max(0, right - x)
            metrics = QFontMetrics(font)
            short = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
            painter.setFont(font)
            painter.setPen(colour(token))
            painter.drawText(place(x, room), flags, isolate(short))
            x += metrics.horizontalAdvance(short) + gap


class PaletteBox(QFrame):
    """The field and its hits. `done` tells that something was run."""

    done = Signal()

    def __init__(
        self,
        actions: Actions,
        preferences: Preferences,
        scope: str,
        desks: dict[str, str],
        search: Search | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("look", "raised")
        self._actions, self._preferences, self._scope = actions, preferences, scope
        self._desks, self._search = desks, search
        self._habits = preferences.get(HABITS)
        self._records: list[Hit] = []
        self._asked = 0
        self.field = QLineEdit(self)
        self.field.setProperty("look", "bare")
        self.field.setAccessibleName(self.tr("Command or search"))
        self.field.setPlaceholderText(self.tr("Type what you want to do or find"))
        self.hits = Hits(self)
        self.list = QListView(self)
        self.list.setModel(self.hits)
        self.list.setItemDelegate(HitRow(self.list))
        self.list.setAccessibleName(self.tr("Hits"))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setUniformItemSizes(True)
        self.list.setMouseTracking(True)
        self.list.clicked.connect(lambda index: self.run(index.row()))
        self.nothing = Label(self.tr("Nothing is called that. Try fewer letters."), "muted", self)
        self._arrange()
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(SEARCH_PAUSE_MS)
        self._pause.timeout.connect(self._look_up)
        self.field.textChanged.connect(self._typed)
        self.field.installEventFilter(self)
        self.refresh()

    def sizeHint(self) -> QSize:
        """The size it would like."""
        return QSize(px(640), px(408))

    def begin(self, typed: str) -> None:
        """Take over what was typed already."""
        self.field.setText(typed)
        self.field.setFocus()

    def refresh(self) -> None:
        """Rank the actions anew and show them with the records found so far; the first is preselected."""
        typed = self.field.text()
        ranked = []
        for place, action in enumerate(self._actions.offered()):
            if not action.listed or not action.enabled():
                continue
            worth = score(typed, action.label, action.hint, self._habits.get(action.id, 0))
            if worth:
                ranked.append((-worth - (5 if action.scope == self._scope else 0), place, action))
        ranked.sort(key=lambda entry: entry[:2])
        hits = [self._hit(action) for _, _, action in ranked[:SHOWN]]
        strong = sum(1 for entry in ranked if -entry[0] >= 60) if typed else len(hits)
        self.hits.show_hits([*hits[:strong], *self._records, *hits[strong:]])
        self.nothing.setVisible(not self.hits.hits)
        if self.hits.hits:
            self.list.setCurrentIndex(self.hits.index(0, 0))

    def run(self, row: int) -> None:
        """Close and run a hit."""
        if 0 <= row < len(self.hits.hits):
            hit = self.hits.hits[row]
            self.done.emit()
            hit.open()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Look at what happens to a watched widget, and let it pass."""
        if watched is self.field and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._key(event)
        return False

    def _key(self, event: QKeyEvent) -> bool:
        row, last = self.list.currentIndex().row(), len(self.hits.hits) - 1
        key = event.key()
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 7, Qt.Key.Key_PageUp: -7}
        if key in steps:
            step = steps[Qt.Key(key)]
            row = (row + step) % (last + 1) if abs(step) == 1 and last >= 0 else min(max(row + step, 0), last)
            self.list.setCurrentIndex(self.hits.index(row, 0))
            return True
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.run(row)
            return True
        if key == Qt.Key.Key_Tab and row >= 0:
            self.field.setText(self.hits.hits[row].title)
            return True
        return False

    def _hit(self, action: Action) -> Hit:
        def run() -> None:
            counts = self._preferences.get(HABITS)
            self._preferences.set_entry(HABITS, action.id, counts.get(action.id, 0) + 1)
            self._actions.run(action.id)

        detail = action.hint or self._desks.get(action.scope, "")
        return Hit(action.icon, action.label, detail, run, keys_in_words(action.shortcut))

    def _typed(self) -> None:
        self._records = []
        self._asked += 1
        self.refresh()
        self._pause.start()

    def _look_up(self) -> None:
        typed = self.field.text().strip()
        if self._search is None or not typed:
            return
        asked = self._asked

        def answer(hits: Sequence[Hit]) -> None:
            if isValid(self) and asked == self._asked:
                self._records = list(hits)
                self.refresh()

        self._search(typed, answer)

    def _arrange(self) -> None:
        whole = QVBoxLayout(self)
        whole.setContentsMargins(12, 8, 12, 8)
        whole.setSpacing(4)
        escape = KeyCap(self.tr("Esc"))
        whole.addLayout(line(IconLabel("search", "faint", 18), self.field, escape, margins=(6, 0, 4, 0)))
        whole.addWidget(rule(self))
        whole.addWidget(self.nothing)
        whole.addWidget(self.list, 1)
        hints = [Label(words, "cap") for words in (self.tr("↑↓ move"), self.tr("Enter run"), self.tr("Tab fill in"))]
        learns = Label(self.tr("Commands learn what you use most"), "cap")
        whole.addLayout(line(*hints, None, learns, margins=(6, 2, 6, 2), gap=14))
