"""The sign-in page: login and password, and the sentence that says why not."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from cbo_desk.errors import Refusal
from cbo_desk.secret import Secret
from ui.kit.buttons import Button
from ui.kit.cards import frame, line, stack
from ui.kit.fields import Field, LineField
from ui.kit.forms import Form
from ui.kit.labels import IconLabel, Label
from ui.kit.theme import px


class SignInPage(QWidget):
    """Asks who is at work. Signals: `offered(login, Secret)`; `other_asked` for another compound."""

    offered = Signal(str, object)
    other_asked = Signal()

    def __init__(self, compound: str, login: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "plain")
        self.form = Form(
            [
                Field("login", self.tr("Login"), required=True, longest=100),
                Field("password", self.tr("Password"), required=True, longest=1000),
            ]
        )
        self.password = hide_letters(self.form, "password")
        self.form.set_values({"login": login})
        self.button = Button(self.tr("Sign in"), "log-in", "primary", self.offer, "Enter")
        other = Button(self.tr("Open another compound"), "", "link", self.other_asked.emit)
        card = frame(
            line(None, IconLabel("lock", "muted", 28), None),
            10,
            Label(self.tr("Sign in"), "h1", centred=True),
            4,
            Label(compound, "muted", centred=True),
            16,
            self.form,
            16,
            self.button,
            10,
            line(None, other, None),
            margins=(36, 30, 36, 26),
        )
        card.setFixedWidth(px(380))
        self.setLayout(stack(None, line(None, card, None), None))
        self.setAccessibleName(self.tr("Sign in to {compound}").format(compound=compound))

    def focus_first(self) -> None:
        """Lead the keys to the first empty field."""
        self.form.editors["password" if self.form.editors["login"].value() else "login"].setFocus()

    def offer(self) -> None:
        """Hand over what was typed, unless a field is empty."""
        if not self.button.isEnabled():
            return
        try:
            values = self.form.values()
        except Refusal as refusal:
            self.form.show_error(refusal)
            return
        self.form.show_faults({})
        self.form.say("")
        self.button.setEnabled(False)
        self.offered.emit(values["login"], Secret(self.password.text()))

    def refuse(self, error: Exception) -> None:
        """Say why not; the login stays, the password is asked for anew."""
        self.button.setEnabled(True)
        self.password.clear()
        if not self.form.show_error(error):
            self.form.say(str(error))
        self.password.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter signs in."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.offer()
            return
        super().keyPressEvent(event)


def hide_letters(form: Form, name: str) -> QLineEdit:
    """Let a field show dots, and answer its line; scanners leave such a field alone."""
    editor = form.editors[name]
    assert isinstance(editor, LineField)
    editor.line.setEchoMode(QLineEdit.EchoMode.Password)
    return editor.line
