"""One row of what was found: it takes the focus, and keys that choose, take, tick and go on."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QCheckBox, QFrame, QWidget

from ui.kit.cards import line


class ResultRow(QFrame):
    """One space. `tick`, where it has one, puts it beside others.

    Signals: `chosen` when it has the focus, `taken` on Enter, `stepped(int)` for the arrow keys.
    """

    chosen = Signal()
    taken = Signal()
    stepped = Signal(int)

    def __init__(self, name: str, pieces: Sequence[QWidget | None], parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("look", "plain")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(name)
        self.tick: QCheckBox | None = None
        self.setLayout(line(*pieces, margins=(14, 8, 14, 8), gap=14))

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Its card follows the focus."""
        super().focusInEvent(event)
        self.chosen.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A press chooses it."""
        super().mousePressEvent(event)
        self.setFocus(Qt.FocusReason.MouseFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows go on, Enter takes it, Space ticks it."""
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.stepped.emit(1 if event.key() == Qt.Key.Key_Down else -1)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.taken.emit()
        elif event.key() == Qt.Key.Key_Space and self.tick is not None:
            self.tick.click()
        else:
            super().keyPressEvent(event)

    def show_chosen(self, chosen: bool) -> None:
        """Show whether its card is the one shown."""
        self.setProperty("look", "chosen" if chosen else "plain")
        self.style().unpolish(self)
        self.style().polish(self)
