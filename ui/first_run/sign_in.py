"""The sign-in page: whose compound it is, login and password, and the sentence that says why not."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from cbo_desk.secret import Secret
from ui.first_run.drawings import paint_compound
from ui.first_run.front import FrontPage, Paint, Told
from ui.kit.buttons import Button
from ui.kit.cards import Piece, line, rule
from ui.kit.fields import Field
from ui.kit.forms import Form
from ui.kit.labels import KeyCap, Label
from ui.settings.passwords import password_line


class SignInPage(FrontPage):
    """Asks who is at work. Signals: `offered(login, Secret)`; `other_asked` for another compound.

    `where` is its file or its server; `told` is what is to be known beside the form. A page whose server may know who
    comes without a password takes an empty one (`password_needed`).
    """

    offered = Signal(str, object)
    other_asked = Signal()

    def __init__(
        self,
        compound: str,
        where: str,
        login: str = "",
        *,
        told: Told | None = None,
        paint: Paint = paint_compound,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(compound, where, paint, parent)
        self.password_needed = True
        fields = Field("login", self.tr("Login"), longest=100), Field("password", self.tr("Password"), longest=1000)
        self.form = Form(fields)
        self.password = password_line(self.form, "password")
        self.form.set_values({"login": login})
        self.told = told or Told("hard-drive", self.tr("Your data"), self.tr("A file on this computer."))
        self.button = Button(self.tr("Sign in"), "log-in", "primary", self.offer, "Enter")
        other = Button(self.tr("Open another compound"), "", "link", self.other_asked.emit)
        head = line(Label(self.tr("Sign in"), "h2"), None, KeyCap(self.tr("Enter")))
        card: list[Piece] = [head, 10, self.form, 16, self.button, 16, rule(), 14, self.told]
        self.fill(card, [other])
        self.setAccessibleName(self.tr("Sign in to {compound}").format(compound=compound))

    def focus_first(self) -> None:
        """Lead the keys to the first empty field."""
        self.form.editors["password" if self.form.editors["login"].value() else "login"].setFocus()

    def offer(self) -> None:
        """Hand over what was typed, unless a field is empty."""
        if not self.button.isEnabled():
            return
        login = str(self.form.editors["login"].typed()).strip()
        faults = {}
        if not login:
            faults["login"] = self.tr("Type the name of your account.")
        if self.password_needed and not self.password.text():
            faults["password"] = self.tr("Type your password.")
        self.form.show_faults(faults)
        if not faults:
            self.button.setEnabled(False)
            self.offered.emit(login, Secret(self.password.text()))

    def refuse(self, error: Exception) -> None:
        """Say why not; the login stays, the password is asked for anew unless it is the login that is not known."""
        self.button.setEnabled(True)
        if getattr(error, "field", None) != "login":
            self.password.clear()
        if not self.form.show_error(error):
            self.form.say(str(error))
        if getattr(error, "field", None) != "login":
            self.password.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter signs in."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.offer()
            return
        super().keyPressEvent(event)
