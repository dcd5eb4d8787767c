"""The list of what waits: ↑ and ↓ choose, Enter does it; one verb a line."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from ui.kit.buttons import Button
from ui.kit.cards import clear, line, rule, stack
from ui.kit.chips import Chip
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
        self.button.setAccessibleName(f"{worded.verb}: {worded.title}")
        self.button.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        words = stack(ElidedLabel(worded.title, "h3"), ElidedLabel(worded.detail, "small-muted"), gap=1)
        row = line(IconLabel(worded.icon, "muted", 18), words, Chip(worded.status), self.button, gap=14)
        row.setContentsMargins(16, 6, 12, 6)
        row.setStretch(1, 1)
        self.setLayout(row)
        self.set_chosen(False)
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
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Needs you now"))
        self._inner = QWidget()
        self._column = QVBoxLayout(self._inner)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self.setWidget(self._inner)

    def show_needs(self, needs: Sequence[Worded]) -> None:
        """Show these lines; the one that was chosen stays chosen if it is still there."""
        before = self.chosen()
        if [row.worded for row in self.rows] == list(needs):
            return
        clear(self._column)
        self.rows = []
        for number, worded in enumerate(needs):
            if number:
                self._column.addWidget(rule(self._inner))
            row = NeedRow(worded, self._inner)
            row.done.connect(lambda row=row: self._do(row))
            row.pressed.connect(lambda number=number: self.choose(number))
            self._column.addWidget(row)
            self.rows.append(row)
        self._column.addStretch(1)
        titles = [worded.need for worded in needs]
        self._chosen = titles.index(before.need) if before is not None and before.need in titles else 0
        self._show_chosen()

    def chosen(self) -> Worded | None:
        """The line that Enter does."""
        return self.rows[self._chosen].worded if self._chosen < len(self.rows) else None

    def choose(self, number: int) -> None:
        """Choose a line, counted from 0; beyond the ends stay at the ends."""
        self._chosen = max(0, min(number, len(self.rows) - 1))
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

    def _show_chosen(self) -> None:
        for number, row in enumerate(self.rows):
            row.set_chosen(number == self._chosen and self.hasFocus())
        if self._chosen < len(self.rows):
            self.ensureWidgetVisible(self.rows[self._chosen], 0, 4)

    def _do(self, row: NeedRow) -> None:
        self._chosen = self.rows.index(row)
        self.done.emit(row.worded)
