"""A box of choices that changes only when one is confirmed: passing over the others must not take effect."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QWidget

_LEAVING = (
    Qt.Key.Key_Tab,
    Qt.Key.Key_Backtab,
    Qt.Key.Key_Escape,
    Qt.Key.Key_Control,
    Qt.Key.Key_Alt,
    Qt.Key.Key_Shift,
    Qt.Key.Key_Meta,
)


class Choice(QComboBox):
    """Arrows, letters and Enter open the list; Enter there chooses, Esc leaves all as it was. The wheel scrolls on."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Hear a key."""
        other = event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier)
        if other or event.key() in _LEAVING:
            event.ignore()
            return
        self.showPopup()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll what the box stands on, not the choice."""
        event.ignore()
