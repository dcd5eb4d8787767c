"""Boxes in front of the page: a form with its Save, and a question whose button says what will happen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget
from shiboken6 import isValid

from cbo_desk.errors import Refusal, Trouble
from ui.kit.buttons import Button, Tool
from ui.kit.cards import ScrollCard, line, rule, stack
from ui.kit.forms import Form
from ui.kit.labels import Label
from ui.kit.shell import Shell
from ui.kit.theme import px

Done = Callable[[], object]
Failed = Callable[[Exception], object]
Save = Callable[[dict[str, Any], Done, Failed], object]
"""Orders the values saved; calls `done()` or `failed(error)` later, on the GUI thread."""


class FormBox(QFrame):
    """A form with its heading and buttons, for a dialog or a side panel.

    Ctrl+Enter saves, and so does Enter where one line is all there is to fill in; Esc closes and keeps the draft; a
    failed save keeps every input. `tell_elsewhere(error)` tells what no field can say, and everything that goes wrong
    after the box was left. Signals: `saved` after the save succeeded, `closed` when the box is done with.
    """

    saved = Signal()
    closed = Signal()

    def __init__(
        self,
        heading: str,
        form: Form,
        save: Save,
        verb: str,
        *,
        summary: str = "",
        width: int = 520,
        failed: Callable[[Exception], object] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("look", "raised")
        self.setAccessibleName(heading)
        self.form, self._save, self._width = form, save, width
        self.tell_elsewhere = failed
        self.saving = False
        self._left = False
        self.save_button = Button(verb, "", "primary", self.save, "Ctrl+Enter")
        self.cancel_button = Button(self.tr("Cancel"), "", "plain", self.close_it, "Esc")
        close = Tool("x", self.tr("Close"), self.close_it)
        head = line(stack(Label(heading, "h2"), *([Label(summary, "muted", wrap=True)] if summary else [])), close)
        head.setStretch(0, 1)
        head.setContentsMargins(20, 16, 16, 12)
        self._body = ScrollCard(self, look="plain")
        self._body.show_content(form, margins=(20, 14, 20, 14))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(1, 1, 1, 1)
        whole.setSpacing(0)
        whole.addLayout(head)
        whole.addWidget(rule(self))
        whole.addWidget(self._body, 1)
        whole.addWidget(rule(self))
        whole.addLayout(line(None, self.cancel_button, self.save_button, margins=(20, 12, 20, 14)))
        form.offer_draft()

    def sizeHint(self) -> QSize:
        """As high as the fields need."""
        frame = super().sizeHint().height() - self._body.sizeHint().height()
        return QSize(px(self._width), frame + self.form.sizeHint().height() + px(76))

    def save(self) -> None:
        """Save, or show what is wrong beside the fields."""
        if self.saving:
            return
        try:
            values = self.form.values()
        except Refusal as refusal:
            self.form.show_error(refusal)
            return
        self.form.show_faults({})
        self.form.keep_draft()
        self._wait(True)
        self._save(values, self._was_saved, self._was_not)

    def close_it(self) -> None:
        """Close; what was typed stays as a draft."""
        self.form.keep_draft()
        self.closed.emit()

    def leave(self) -> None:
        """The box went from the screen, by whatever way; an order under way is still heard of."""
        if not self._left:
            self._left = True
            self.form.keep_draft()

    def event(self, event: QEvent) -> bool:
        """While the box is there Ctrl+Enter is its own, not the page's behind it."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and is_save_key(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+Enter saves, and Enter in a form of one line."""
        if is_save_key(event) or (self.form.is_one_line and is_enter(event)):
            self.save()
            return
        super().keyPressEvent(event)

    def _wait(self, saving: bool) -> None:
        self.saving = saving
        self.save_button.setEnabled(not saving)

    def _was_saved(self) -> None:
        if self._left or not isValid(self):
            self.form.forget_draft()
            return
        self._wait(False)
        self.form.saved()
        self.saved.emit()
        self.closed.emit()

    def _was_not(self, error: Exception) -> None:
        if self._left or not isValid(self):
            if self.tell_elsewhere is not None:
                self.tell_elsewhere(error)
            return
        self._wait(False)
        if self.form.show_error(error):
            return
        if isinstance(error, Trouble):
            self.form.say(str(error), self.tr("Try again"), self.save)
        elif self.tell_elsewhere is not None:
            self.tell_elsewhere(error)


def open_form(shell: Shell, box: FormBox) -> FormBox:
    """Put a form in front of the page; Esc, Cancel and a successful save take it away.

    Nothing happens while another box is there: a key was hit twice while the form's choices were still being read; nor
    where the person has left the page meanwhile. What was typed since the form was asked for is typed into it.
    """
    if not shell.is_free_for():
        box.deleteLater()
        return box
    overlay = shell.open_overlay(box, takes_keys=True)
    box.closed.connect(overlay.close_it)
    overlay.closed.connect(box.leave)
    if box.tell_elsewhere is None:
        box.tell_elsewhere = shell.problems.show
    box.form.focus_first()
    shell.type_ahead.pass_on()
    return box


class Question(QFrame):
    """A question before what cannot be undone: the button says the verb, and Cancel has the focus."""

    closed = Signal()

    def __init__(self, question: str, consequence: str, verb: str, run: Callable[[], object]) -> None:
        super().__init__()
        self.setProperty("look", "raised")
        self.setAccessibleName(question)
        self._run = run
        self.cancel_button = Button(self.tr("Cancel"), "", "plain", self.closed.emit)
        self.verb_button = Button(verb, "", "danger", self._go)
        self.setLayout(
            stack(
                Label(question, "h2", wrap=True),
                6,
                Label(consequence, "muted", wrap=True),
                None,
                16,
                line(None, self.cancel_button, self.verb_button),
                margins=(20, 18, 20, 16),
            )
        )

    def sizeHint(self) -> QSize:
        """Wide enough for two lines."""
        layout = self.layout()
        width = px(440)
        # A little more than the words need: letters below the last line are not counted.
        return QSize(width, layout.heightForWidth(width) + px(8) if layout is not None else 0)

    def _go(self) -> None:
        self.closed.emit()
        self._run()


def ask(shell: Shell, question: str, consequence: str, verb: str, run: Callable[[], object]) -> Question:
    """Ask before what cannot be undone; anything that can be undone is done at once and offers Undo instead.

    Not asked where the person has left the page, or opened another box, while its consequences were being read.
    """
    box = Question(question, consequence, verb, run)
    if not shell.is_free_for():
        box.deleteLater()
        return box
    overlay = shell.open_overlay(box)
    box.closed.connect(overlay.close_it)
    box.cancel_button.setFocus()
    return box


def is_save_key(event: QKeyEvent) -> bool:
    """Ctrl+Enter, on either Enter key."""
    return _is_enter_key(event) and bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)


def is_enter(event: QKeyEvent) -> bool:
    """Enter by itself, on either Enter key; one that is held down does not count."""
    held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    return _is_enter_key(event) and held == Qt.KeyboardModifier.NoModifier and not event.isAutoRepeat()


def _is_enter_key(event: QKeyEvent) -> bool:
    return event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
