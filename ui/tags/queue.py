"""The left of the print window: what is chosen, what was never printed, what is to be printed again."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import QListView, QMenu, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QVBoxLayout, QWidget

from cbo_desk.context import clock
from cbo_desk.plurals import Count
from cbo_desk.tags import Delivery, Queues, TagLine, deliveries, never_printed, tags_of_delivery, to_reprint
from ui.kit.bidi import identifier, isolate
from ui.kit.buttons import Button
from ui.kit.cards import line, rule
from ui.kit.chips import Status, chip_width, paint_chip
from ui.kit.icons import pixmap
from ui.kit.labels import Label
from ui.kit.phrases import when
from ui.kit.runner import Runner
from ui.kit.states import ListOrState, State
from ui.kit.tabs import Tab, Tabs
from ui.kit.theme import colour, letters, px
from ui.tags.choice import Choice

FIRST = 500
MOST = 100_000
Index = QModelIndex | QPersistentModelIndex
_ROW = 47
_LINE = Qt.ItemDataRole.UserRole


class TagModel(QAbstractListModel):
    """The tags of one tab; a tick says that a tag is chosen for the print."""

    def __init__(self, choice: Choice, parent: QWidget) -> None:
        super().__init__(parent)
        self._choice = choice
        self.lines: list[TagLine] = []

    def show_lines(self, lines: Sequence[TagLine]) -> None:
        """Show these tags; where they are the same ones only their ticks are drawn anew."""
        if [old.tag_id for old in self.lines] == [new.tag_id for new in lines]:
            self.lines = list(lines)
            if lines:
                self.dataChanged.emit(self.index(0), self.index(len(lines) - 1))
            return
        self.beginResetModel()
        self.lines = list(lines)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """How many tags there are."""
        return 0 if parent.isValid() else len(self.lines)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What a row holds."""
        tag = self.lines[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return tag.subject.number or tag.subject.name
        if role == Qt.ItemDataRole.CheckStateRole:
            ticked = self._choice.is_ticked(tag.tag_id)
            return Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return f"{tag.subject.number} {tag.subject.name}".strip()
        return tag if role == _LINE else None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Every row can be ticked."""
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable


class _Rows(QStyledItemDelegate):
    """Paints a tag: tick, number, name, and a chip where it is printed again."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """The size it would like."""
        return QSize(px(120), px(_ROW))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one row."""
        tag: TagLine = index.data(_LINE)
        painter.save()
        try:
            room = option.rect
            if option.state & QStyle.StateFlag.State_Selected:
                painter.fillRect(room, colour("sel" if option.state & QStyle.StateFlag.State_HasFocus else "hover"))
            elif option.state & QStyle.StateFlag.State_MouseOver:
                painter.fillRect(room, colour("hover"))
            painter.setPen(QPen(colour("border"), 1))
            painter.drawLine(room.bottomLeft(), room.bottomRight())
            mirrored = option.direction == Qt.LayoutDirection.RightToLeft
            self._paint_row(painter, room, tag, index.data(Qt.ItemDataRole.CheckStateRole), mirrored)
        finally:
            painter.restore()

    def _paint_row(self, painter: QPainter, room: QRect, tag: TagLine, ticked: Qt.CheckState, mirrored: bool) -> None:
        on = ticked == Qt.CheckState.Checked
        size, edge = px(18), px(24)
        left = room.right() - edge - size if mirrored else room.left() + edge
        mark = pixmap("square-check" if on else "square", "accent" if on else "strong", size)
        painter.drawPixmap(left, room.center().y() - size // 2, mark)
        text = (
            room.adjusted(px(16), 0, -edge - size - px(12), 0)
            if mirrored
            else room.adjusted(edge + size + px(12), 0, -px(16), 0)
        )
        if tag.reprint:
            again = Status(self.tr("Reprint"), "info", "rotate-ccw")
            wide = chip_width(again)
            chip = QRect(text.left() if mirrored else text.right() - wide, text.top(), wide, text.height())
            paint_chip(painter, chip.toRectF(), again)
            text.adjust(wide + px(8) if mirrored else 0, 0, 0 if mirrored else -wide - px(8), 0)
        side = (
            Qt.AlignmentFlag.AlignRight if mirrored else Qt.AlignmentFlag.AlignLeft
        ) | Qt.AlignmentFlag.AlignAbsolute
        strong, small = letters(13, letters().Weight.DemiBold), letters(12)
        half = text.height() // 2
        first = tag.subject.number or tag.subject.name
        second = tag.subject.name if tag.subject.number else tag.subject.entity
        rows = (
            (strong, "text", identifier(self._short(first, strong, text)), Qt.AlignmentFlag.AlignBottom, 0),
            (small, "muted", isolate(self._short(second, small, text)), Qt.AlignmentFlag.AlignTop, half),
        )
        for font, token, words, upright, down in rows:
            painter.setFont(font)
            painter.setPen(colour(token))
            place = QRect(text.left(), text.top() + down, text.width(), half)
            painter.drawText(place, int(side | upright), words)

    def _short(self, words: str, font: Any, room: QRect) -> str:
        return QFontMetrics(font).elidedText(words, Qt.TextElideMode.ElideRight, room.width())


class TagList(QListView):
    """The tags of a tab. Space ticks the row under the cursor, Ctrl+A all of them; a click ticks its row."""

    def __init__(self, model: TagModel, choice: Choice, parent: QWidget) -> None:
        super().__init__(parent)
        self._tags, self._choice = model, choice
        self.setModel(model)
        self.setItemDelegate(_Rows(self))
        self.setMouseTracking(True)
        self.setUniformItemSizes(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setAccessibleName(self.tr("Tags"))
        self.clicked.connect(self._tick)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Hear a key."""
        if event.key() == Qt.Key.Key_Space and self.currentIndex().isValid():
            self._tick(self.currentIndex())
        elif event.key() == Qt.Key.Key_A and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            every = all(self._choice.is_ticked(tag.tag_id) for tag in self._tags.lines)
            if every:
                self._choice.tick_all(False)
            else:
                self._choice.put(self._tags.lines)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def _tick(self, index: Index) -> None:
        self._choice.toggle(self._tags.lines[index.row()])


class QueuePanel(QWidget):
    """Tabs, list and foot. `looked_at(tag_id)` tells which tag the cursor is on."""

    looked_at = Signal(int)

    def __init__(self, runner: Runner, kind: str, choice: Choice, parent: QWidget) -> None:
        super().__init__(parent)
        self._runner, self._kind, self._choice = runner, kind, choice
        self._counts = Queues(0, 0)
        self.tabs = Tabs(look="pill", parent=self)
        self.model = TagModel(choice, self)
        self.list = TagList(self.model, choice, self)
        self.states = ListOrState(self.list, self)
        self.add_button = Button(self.tr("Add a delivery"), "plus", "link", self._ask_delivery)
        self.all_button = Button(self.tr("Choose all"), "list-checks", "link", self._choose_all)
        self.clear_button = Button(self.tr("Clear"), "", "link", choice.clear)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 14, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(line(Label(self.tr("Queue"), "h2"), None, margins=(24, 0, 16, 8)))
        whole.addLayout(line(self.tabs, margins=(14, 0, 8, 8)))
        whole.addWidget(rule(self))
        whole.addWidget(self.states, 1)
        whole.addWidget(rule(self))
        whole.addLayout(line(self.add_button, self.all_button, None, self.clear_button, margins=(20, 8, 16, 8)))
        self.tabs.chosen.connect(self.show_tab)
        choice.changed.connect(self._choice_changed)
        self.list.selectionModel().currentChanged.connect(self._moved)
        self.show_counts(self._counts)
        self.show_tab("chosen")

    def show_counts(self, counts: Queues) -> None:
        """Say how many wait, and read the open queue anew."""
        self._counts = counts
        self.tabs.show_tabs(
            [
                Tab("chosen", self.tr("Chosen"), len(self._choice.lines())),
                Tab("fresh", self.tr("Never printed"), counts.never_printed),
                Tab("again", self.tr("Reprint"), counts.reprint),
            ]
        )
        self._say_all()
        if self.tabs.current() != "chosen":
            self._read()

    def open_tab(self, name: str) -> None:
        """Show a tab as if it had been pressed."""
        self.tabs.choose(name)
        self.show_tab(name)

    def show_tab(self, name: str) -> None:
        """Show the tags of a tab."""
        self.add_button.setVisible(name == "chosen")
        self.all_button.setVisible(name != "chosen")
        self._say_all()
        if name == "chosen":
            self._show(self._choice.lines())
        else:
            self._read()

    # --- reading

    def _read(self) -> None:
        name = self.tabs.current()
        done = partial(self._show_if, name)
        if name == "fresh":
            self._runner.read(self, never_printed, self._kind, FIRST, done=done)
        elif name == "again":
            self._runner.read(self, to_reprint, FIRST, done=done)

    def _show_if(self, name: str, lines: list[TagLine]) -> None:
        if self.tabs.current() == name:
            self._show(lines)

    def _show(self, lines: list[TagLine]) -> None:
        self.model.show_lines(lines)
        if lines:
            self.states.show_content()
            return
        heading, words = {
            "chosen": (self.tr("Nothing chosen"), self.tr("Add a delivery, or tick tags in the two queues.")),
            "fresh": (self.tr("All printed"), self.tr("Every tag has been printed at least once.")),
            "again": (self.tr("None damaged"), self.tr("Queue a tag for reprint from the card of its record.")),
        }[self.tabs.current() or "chosen"]
        if self.states.state is None or self.states.state.heading.words() != heading:
            self.states.show_state(State("empty", heading, words, icon="tags"))

    def _choice_changed(self) -> None:
        self.tabs.set_count("chosen", len(self._choice.lines()))
        if self.tabs.current() == "chosen":
            self._show(self._choice.lines())
        else:
            self.model.show_lines(self.model.lines)

    def _moved(self, current: QModelIndex, _before: QModelIndex) -> None:
        if current.isValid():
            self.looked_at.emit(self.model.lines[current.row()].tag_id)

    # --- choosing

    def _say_all(self) -> None:
        count = self._counts.never_printed if self.tabs.current() == "fresh" else self._counts.reprint
        self.all_button.set_words(self.tr("Choose all {count}").format(count=f"{count:,}"))
        self.all_button.setEnabled(count > 0)

    def _choose_all(self) -> None:
        if self.tabs.current() == "fresh":
            self._runner.walk(self, never_printed, self._kind, MOST, done=self._choice.put)
        else:
            self._runner.walk(self, to_reprint, MOST, done=self._choice.put)

    def _ask_delivery(self) -> None:
        self._runner.walk(self, deliveries, self._kind, done=self._offer_deliveries)

    def _offer_deliveries(self, found: list[Delivery]) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        now = clock()
        for delivery in found:
            told = {"when": when(delivery.made_at, now), "first": isolate(delivery.first)}
            words = self.tr("{when} · {count:tag|tags} from {first}").format(count=Count(delivery.tags), **told)
            menu.addAction(words).triggered.connect(partial(self.add_delivery, delivery))
        if not found:
            menu.addAction(self.tr("Every delivery has been printed")).setEnabled(False)
        menu.popup(self.add_button.mapToGlobal(self.add_button.rect().topLeft()))

    def add_delivery(self, delivery: Delivery, *_: object) -> None:
        """Choose the tags of a delivery."""
        self._runner.walk(self, tags_of_delivery, self._kind, delivery.made_at, done=self._choice.put)
