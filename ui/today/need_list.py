"""The list of what waits: ↑ and ↓ choose, Enter does it; one verb a line."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from ui.kit.buttons import Button
from ui.kit.cards import line, rule, stack
from ui.kit.chips import Chip
from ui.kit.icons import put_icon
from ui.kit.labels import ElidedLabel, IconLabel
from ui.kit.theme import px
from ui.today.words import Worded


class NeedRow(QFrame):
    """One line. Signals: `done` when its verb was pressed, `pressed` when it was chosen with the mouse."""

    done = Signal()
    pressed = Signal()

    def __init__(self, worded: Worded, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.worded = worded
        self.button = Button(worded.verb, "", "plain", self.done.emit)
        self.button.setFixedWidth(px(104))
        self.button.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._icon = IconLabel(worded.icon, "muted", 18)
        self._title, self._detail = ElidedLabel("", "h3"), ElidedLabel("", "small-muted")
        self._chip = Chip(worded.status)
        row = line(self._icon, stack(self._title, self._detail, gap=1), self._chip, self.button, gap=14)
        row.setContentsMargins(16, 5, 12, 6)
        row.setStretch(1, 1)
        self.setLayout(row)
        self.set_chosen(False)
        self.show_need(worded)

    def show_need(self, worded: Worded) -> None:
        """Show another need in this line: cheaper by far than a new line."""
        self.worded = worded
        put_icon(self._icon, worded.icon, "muted", 18)
        self._title.setText(worded.title)
        self._detail.setText(worded.detail)
        self._chip.show_status(worded.status)
        self.button.set_words(worded.verb)
        self.button.setAccessibleName(f"{worded.verb}: {worded.title}")
        self.setAccessibleName(f"{worded.title}. {worded.detail}. {worded.status.word}")

    def set_chosen(self, chosen: bool) -> None:
        """Show whether Enter does this one."""
        look = "row-chosen" if chosen else "row"
        if self.property("look") != look:
            self.setProperty("look", look)
            self.style().unpolish(self)
            self.style().polish(self)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A press chooses; the verb is a button of its own."""
        self.pressed.emit()


class NeedList(QScrollArea):
    """The lines below each other. Signals: `done(Worded)` when a line's verb is to be carried out."""

    done = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: list[NeedRow] = []
        self._chosen = 0
        self._by_hand = False
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Needs you now"))
        self._inner = QWidget()
        self._column = QVBoxLayout(self._inner)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addStretch(1)
        self.setWidget(self._inner)

    def show_needs(self, needs: Sequence[Worded]) -> None:
        """Show these lines; the one that a person chose stays chosen if it is still there, else it is the first."""
        before = self.chosen()
        if [row.worded for row in self.rows] == list(needs):
            return
        for row, worded in zip(self.rows, needs, strict=False):
            row.show_need(worded)
        for worded in needs[len(self.rows) :]:
            self._add(worded)
        while len(self.rows) > len(needs):
            self._take_last()
        titles = [worded.need for worded in needs]
        self._by_hand = self._by_hand and before is not None and before.need in titles
        self._chosen = titles.index(before.need) if self._by_hand and before is not None else 0
        self._show_chosen()

    def chosen(self) -> Worded | None:
        """The line that Enter does."""
        return self.rows[self._chosen].worded if self._chosen < len(self.rows) else None

    def choose(self, number: int) -> None:
        """Choose a line, counted from 0; beyond the ends stay at the ends."""
        self._chosen, self._by_hand = max(0, min(number, len(self.rows) - 1)), True
        self.setFocus()
        self._show_chosen()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """↑ ↓ Home End choose, Enter does it."""
        steps = {
            Qt.Key.Key_Down: self._chosen + 1,
            Qt.Key.Key_Up: self._chosen - 1,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: len(self.rows) - 1,
        }
        key = Qt.Key(event.key())
        if key in steps and self.rows:
            self.choose(steps[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.rows:
            self._do(self.rows[self._chosen])
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The chosen line shows that the keys come here."""
        super().focusInEvent(event)
        self._show_chosen()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The keys go elsewhere."""
        super().focusOutEvent(event)
        self._show_chosen()

    def changeEvent(self, event: QEvent) -> None:
        """Another size of letters makes higher lines."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            for row in self.rows:
                row.button.setFixedWidth(px(104))

    def _add(self, worded: Worded) -> None:
        row = NeedRow(worded, self._inner)
        row.done.connect(lambda: self._do(row))
        row.pressed.connect(lambda: self.choose(self.rows.index(row)))
        self.rows.append(row)
        self._column.insertWidget(2 * len(self.rows) - 2, row)
        self._column.insertWidget(2 * len(self.rows) - 1, rule(self._inner))

    def _take_last(self) -> None:
        for _ in range(2):  # the line and the rule below it
            item = self._column.takeAt(2 * len(self.rows) - 2)
            gone = item.widget() if item is not None else None
            if gone is not None:
                gone.hide()
                gone.deleteLater()
        self.rows.pop()

    def _show_chosen(self) -> None:
        for number, row in enumerate(self.rows):
            row.set_chosen(number == self._chosen and self.hasFocus())
        if self._chosen < len(self.rows):
            self.ensureWidgetVisible(self.rows[self._chosen], 0, 4)

    def _do(self, row: NeedRow) -> None:
        self._chosen = self.rows.index(row)
        self.done.emit(row.worded)
