"""The list to choose from where a picture holds several codes."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QListWidget, QListWidgetItem, QWidget

from ui.kit.bidi import identifier
from ui.kit.cards import stack
from ui.kit.labels import Label
from ui.kit.scanning.images import Code
from ui.kit.scanning.showing import visible


class CodeList(QFrame):
    """A box for an overlay: a digit, Enter or a click chooses. Signals: `chosen(Code)`."""

    chosen = Signal(object)

    def __init__(self, codes: Sequence[Code], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "raised")
        self._codes = list(codes)
        self.list = QListWidget(self)
        self.list.setAccessibleName(self.tr("Codes in the picture"))
        for number, code in enumerate(self._codes, 1):
            lead = f"{number}  " if number <= 9 else ""
            QListWidgetItem(f"{lead}{identifier(visible(code.text, 60))}  ·  {code.format}", self.list)
        self.list.setCurrentRow(0)
        self.list.itemActivated.connect(lambda item: self._choose(self.list.row(item)))
        heading = self.tr("%1 codes in this picture. Which one?").replace("%1", str(len(self._codes)))
        self.setAccessibleName(heading)
        self.setLayout(stack(Label(heading, "h2", self), self.list, margins=(20, 16, 20, 16), gap=12))
        self.setFocusProxy(self.list)
        self.list.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Choose by the digit before a code; the list itself would look for rows that begin with it."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            number = event.key() - Qt.Key.Key_1.value
            if 0 <= number < min(9, len(self._codes)):
                self._choose(number)
                return True
        return False

    def _choose(self, number: int) -> None:
        self.chosen.emit(self._codes[number])
