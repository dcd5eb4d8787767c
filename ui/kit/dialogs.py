"""Boxes in front of the page: a form with its Save, and a question whose button says what will happen."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget
from shiboken6 import isValid

from cbo_desk.changes import Changes
from cbo_desk.errors import Conflict, Refusal, Trouble
from ui.kit.buttons import Button, Tool
from ui.kit.cards import ScrollCard, line, rule, stack
from ui.kit.forms import Form
from ui.kit.labels import Label
from ui.kit.meeting import Edited, Save, Standing
from ui.kit.presence import Presence, spoken
from ui.kit.shell import Shell
from ui.kit.theme import px

Done = Callable[[], object]
Failed = Callable[[Exception], object]


class FormBox(QFrame):
    """A form with its heading and buttons, for a dialog or a side panel.

    Ctrl+Enter saves, and so does Enter where one line is all there is to fill in; Esc closes and keeps the draft; a
    failed save keeps every input. Where it changes a record (`edited`), what somebody else saves meanwhile is put
    beside what is typed. `tell_elsewhere(error)` tells what no field can say, and everything that goes wrong after the
    box was left. Signals: `saved` after the save succeeded, `grew` when more stands in it, `closed` when all is done.
    """

    saved = Signal()
    grew = Signal()
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
        edited: Edited | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("look", "raised")
        self.setAccessibleName(heading)
        self.form, self._save, self._width = form, save, width
        self.tell_elsewhere = failed
        self.edited = edited
        self.saving = False
        self._reading, self._stale, self._wanted = False, False, False
        self._left = False
        self.save_button = Button(verb, "", "primary", self.save, "Ctrl+Enter")
        self.cancel_button = Button(self.tr("Cancel"), "", "plain", self.close_it, "Esc")
        close = Tool("x", self.tr("Close"), self.close_it)
        self.others = Label("", "amber", self, wrap=True)
        self.others.hide()
        words = [Label(summary, "muted", wrap=True)] if summary else []
        head = line(stack(Label(heading, "h2"), *words, self.others), close)
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
        form.offer_draft(of_record=edited is not None)

    def sizeHint(self) -> QSize:
        """As high as the fields need."""
        frame = super().sizeHint().height() - self._body.sizeHint().height()
        return QSize(px(self._width), frame + self.form.sizeHint().height() + px(76))

    def save(self) -> None:
        """Save, or show what is wrong beside the fields."""
        if self.saving:
            return
        if self._reading:
            self._wanted = True  # what somebody else changed is seen first, if there is anything
            return
        if self._must_choose():
            return
        try:
            values = self.form.values()
        except Refusal as refusal:
            self.form.show_error(refusal)
            return
        self.form.show_faults({})
        self.form.meeting.clear()
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

    def hear(self, changes: Changes) -> None:
        """Something was changed, here or elsewhere: where it is this record, it is read once more."""
        edited = self.edited
        if edited is None or self._left or not edited.is_touched_by(changes.touched()):
            return
        if self.saving:
            self._stale = True  # one's own deed, or one that the save is refused for
        else:
            self._read_again(self._meet)

    def tell_others(self, presence: Presence) -> None:
        """Say who else has the record open."""
        edited = self.edited
        there = presence.others(edited.kind, edited.ident) if edited is not None and edited.ident else []
        self.others.setText(spoken(there))
        self.others.setVisible(bool(there))

    def _read_again(self, then: Callable[[Standing], object]) -> None:
        if self.edited is None or self._reading:
            self._stale = self._reading
            return
        self._reading, self._stale = True, False
        self.edited.again(then, self._cannot_read)

    def _cannot_read(self, error: Exception) -> None:
        self._reading = self._wanted = False
        if self._left or not isValid(self):
            return
        if not self.form.show_error(error):
            self.form.say(str(error))

    def _meet(self, standing: Standing) -> tuple[list[str], list[str]]:
        """Put how the record stands now beside what is typed; the next save is of its new version."""
        self._reading = False
        if self._left or not isValid(self):
            return [], []
        self._save = standing.save
        found = self.form.meet(standing.values, standing.who)
        if standing.then is not None:
            standing.then()
        if any(found):
            who = standing.who or self.tr("Somebody else")
            words = self.tr("{who} changed this meanwhile: it stands below the fields. What you typed is kept.")
            self.form.say(words.format(who=who))
            self.grew.emit()
        wanted, self._wanted = self._wanted and not any(found), False
        if self._stale:
            self._wanted = wanted
            self._read_again(self._meet)
        elif wanted:
            self.save()
        return found

    def _met_late(self, standing: Standing) -> None:
        """The save was refused because somebody else was quicker: nothing is overwritten before it was seen."""
        self._wanted = True  # what they changed may stand in none of these fields
        self._meet(standing)

    def _must_choose(self) -> bool:
        names = self.form.meeting.undecided()
        if names:
            labels = ", ".join(self.form.editors[name].field.label for name in names)
            self.form.say(self.tr("Choose first whose stands: {fields}.").format(fields=labels))
            self.form.meeting.lead_to(names[0])
        return bool(names)

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
        if isinstance(error, Conflict) and self.edited is not None:
            self._read_again(self._met_late)
            return
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
    # Later: what was put into the form has no size before it is shown.
    box.grew.connect(overlay.arrange, Qt.ConnectionType.QueuedConnection)
    if box.edited is not None:
        shell.heard.connect(box.hear)
        if box.edited.ident:
            shell.presence.attend_form(box, box.edited.kind, box.edited.ident)
            overlay.closed.connect(lambda: shell.presence.leave_form(box))
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

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter cancels; what cannot be undone takes Space or a press: a scanner that types ends with Enter."""
        if is_enter(event) and self.cancel_button.hasFocus():
            self.cancel_button.click()
            return
        super().keyPressEvent(event)

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
