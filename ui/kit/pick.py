"""A field that finds a record while one types: a place, a person, an entity."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget
from shiboken6 import isValid

from ui.kit.fields import Editor, Field, Pick, Unclear
from ui.kit.icons import put_icon
from ui.kit.shadow import cast_shadow
from ui.kit.theme import px

PAUSE_MS = 60
SHOWN = 8


class PickField(Editor):
    """Type letters, choose with ↑ ↓ and Enter. What was typed and not chosen is a fault that says so."""

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self.line = QLineEdit(self)
        self.line.setPlaceholderText(field.hint)
        self.line.setClearButtonEnabled(True)
        mark = QAction(self.line)
        put_icon(mark, "search", "faint")
        self.line.addAction(mark, QLineEdit.ActionPosition.LeadingPosition)
        self.chosen: Pick | None = None
        self.found: list[Pick] = []
        self._asked = 0
        self._list: _Found | None = None
        self._take(self.line)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self._look_up)
        self.line.textEdited.connect(self._typed)
        self.line.installEventFilter(self)

    def value(self) -> Pick | None:
        """The chosen record, None for an empty field."""
        text = self.line.text().strip()
        if self.chosen is not None and text == self.chosen.name:
            return self.chosen
        if not text:
            return None
        raise Unclear(self.tr("Nothing was chosen for “{text}”. Choose one of the list.").format(text=text))

    def set_value(self, value: Any) -> None:
        """Show a record."""
        self.chosen = value
        self.line.setText(value.name if value else "")
        self._say(value.detail if value else "")

    def typed(self) -> Any:
        """The text, and the record it stands for if one was chosen."""
        pick = self.chosen
        return {"text": self.line.text(), "pick": [pick.id, pick.name, pick.detail] if pick else None}

    def set_typed(self, typed: Any) -> None:
        """Put a draft back."""
        kept = typed.get("pick") if isinstance(typed, dict) else None
        self.set_value(Pick(*kept) if kept else None)
        self.line.setText(str(typed.get("text", "")) if isinstance(typed, dict) else "")

    def words(self) -> str:
        """The name of the record."""
        return self.line.text()

    def choose(self, pick: Pick) -> None:
        """Take a record."""
        self.close_list()
        self.set_value(pick)
        self.edited.emit()

    def close_list(self) -> bool:
        """Close the list of suggestions; False where it is not open."""
        self._asked += 1
        if self._list is None:
            return False
        self._list.hide()
        self._list.deleteLater()
        self._list = None
        return True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Lead the arrow keys and Enter to the suggestions while they are open."""
        if event.type() == QEvent.Type.FocusOut:
            self.close_list()
            self._say_unchosen()
        elif event.type() in (QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride) and isinstance(event, QKeyEvent):
            return self._key(event)
        return False

    def _key(self, event: QKeyEvent) -> bool:
        key, press = event.key(), event.type() == QEvent.Type.KeyPress
        if self._list is None:
            if press and key == Qt.Key.Key_Down:
                self._look_up()
                return True
            return False
        enter = key in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:  # what is marked is taken, and saved
            if press:
                self.choose(self.found[max(0, self._list.rows.currentRow())])
            return False
        if key not in (Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape):
            return False
        if not press:
            event.accept()
        elif key == Qt.Key.Key_Escape:
            self.close_list()
        elif enter:
            self.choose(self.found[max(0, self._list.rows.currentRow())])
        else:
            self._list.step(1 if key == Qt.Key.Key_Down else -1)
        return True

    def _typed(self) -> None:
        if self.chosen is not None and self.line.text() != self.chosen.name:
            self.chosen = None
        if self.chosen is None:
            self._say("")
        self.edited.emit()
        self._pause.start()

    def _look_up(self) -> None:
        if self.field.suggest is None:
            return
        self._asked += 1
        asked = self._asked

        def answer(picks: Sequence[Pick]) -> None:
            if isValid(self) and asked == self._asked and self.line.hasFocus():
                self._show(list(picks)[:SHOWN])

        self.field.suggest(self.line.text().strip(), answer)

    def _show(self, picks: list[Pick]) -> None:
        self.close_list()
        self.found = picks
        typed = self.line.text().strip()
        if picks:
            self._say("")
            self._list = _Found(self, picks)
        elif typed:
            self._say(self.tr("Nothing is called “{text}”. Try other letters, or fewer.").format(text=typed))

    def _say_unchosen(self) -> None:
        """Who goes on to the next field hears at once that nothing was chosen in this one."""
        try:
            self.value()
        except Unclear as unclear:
            self._say(str(unclear))


class _Found(QFrame):
    """The suggestions below the field, within the window, so that the field keeps the keys."""

    def __init__(self, field: PickField, picks: list[Pick]) -> None:
        super().__init__(field.window())
        self.setProperty("look", "raised")
        self.rows = QListWidget(self)
        self.rows.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.rows.setAccessibleName(field.tr("Suggestions"))
        for pick in picks:
            self.rows.addItem(QListWidgetItem(f"{pick.name}   {pick.detail}" if pick.detail else pick.name))
        self.rows.setCurrentRow(0)
        self.rows.itemPressed.connect(lambda item: field.choose(picks[self.rows.row(item)]))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 4, 4, 4)
        layout.addWidget(self.rows)
        cast_shadow(self, 28, 6)
        window = field.window()
        height = max(px(24), self.rows.sizeHintForRow(0)) * len(picks) + 12
        below = field.line.mapTo(window, QPoint(0, field.line.height() + 2))
        if below.y() + height > window.height():
            below.setY(field.line.mapTo(window, QPoint(0, 0)).y() - height - 2)
        self.setGeometry(below.x(), below.y(), field.line.width(), height)
        self.show()
        self.raise_()

    def step(self, way: int) -> None:
        """Move the choice."""
        self.rows.setCurrentRow((self.rows.currentRow() + way) % self.rows.count())
