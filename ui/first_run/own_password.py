"""The page for a password that somebody else gave: nobody works here before it is one that only its owner knows."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from cbo_desk.context import local
from cbo_desk.locations import file_of
from cbo_desk.secret import Secret
from ui.first_run.addresses import login_of, password_of, place_of, signed
from ui.first_run.drawings import paint_compound, paint_server
from ui.first_run.front import FrontPage, Paint, Told
from ui.first_run.host import Host
from ui.kit.buttons import Button
from ui.kit.cards import Piece, line, rule
from ui.kit.fields import Field
from ui.kit.forms import Form
from ui.kit.labels import KeyCap, Label
from ui.kit.phrases import day
from ui.settings.passwords import password_line

if TYPE_CHECKING:
    from cbo_desk.office import Office
    from cbo_desk.people.signing_in import Given


class OwnPasswordPage(FrontPage):
    """Asks for a password of one's own, twice. Signals: `offered(Secret)`; `left` for somebody else to sign in."""

    offered = Signal(object)
    left = Signal()

    def __init__(self, title: str, where: str, why: str, paint: Paint, parent: QWidget | None = None) -> None:
        super().__init__(title, where, paint, parent)
        self.form = Form(
            [
                Field("new", self.tr("New password"), longest=1000),
                Field("again", self.tr("The same again"), longest=1000),
            ]
        )
        self.new, self.again = password_line(self.form, "new"), password_line(self.form, "again")
        self.button = Button(self.tr("Set it and go on"), "key-round", "primary", self.offer, "Enter")
        self.why = Label(why, "muted", wrap=True)
        told = Told(
            "key-round",
            self.tr("At least 10 characters"),
            self.tr("Several words in a row are easy to remember. It is not kept on this computer."),
        )
        other = Button(self.tr("Sign in as somebody else"), "", "link", self.left.emit)
        head = line(Label(self.tr("Choose a password of your own"), "h2"), None, KeyCap(self.tr("Enter")))
        card: list[Piece] = [head, 6, self.why, 12, self.form, 16, self.button, 16, rule(), 14, told]
        self.fill(card, [other])
        self.setAccessibleName(self.tr("Choose a password of your own"))

    def focus_first(self) -> None:
        """Lead the keys to the new password."""
        self.new.setFocus()

    def offer(self) -> None:
        """Hand over what was typed, if it was typed the same twice; Enter in the first field leads to the second."""
        if not self.button.isEnabled():
            return
        faults = {}
        if not self.new.text():
            faults["new"] = self.tr("Type the password that you want.")
        elif not self.again.text() and self.new.hasFocus():
            self.again.setFocus()
            return
        elif self.new.text() != self.again.text():
            faults["again"] = self.tr("The two passwords differ. Type the same one twice.")
        self.form.show_faults(faults)
        if not faults:
            self.button.setEnabled(False)
            self.offered.emit(Secret(self.new.text()))

    def refuse(self, error: Exception) -> None:
        """Say why not; both are asked for anew."""
        self.button.setEnabled(True)
        self.new.clear()
        self.again.clear()
        if not self.form.show_error(error):
            self.form.say(str(error))
        self.new.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter sets it."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.offer()
            return
        super().keyPressEvent(event)


def ask_own(
    host: Host, office: Office, given: Given, password: Secret, enter: Callable[[], object], left: Callable[[], object]
) -> None:
    """Have whoever signed in with `password`, which somebody else gave, choose one of their own; then `enter`."""
    path = file_of(host.url)
    where = path.name if path else place_of(host.url)
    page = OwnPasswordPage(office.actor.name, where, "", paint_compound if path else paint_server, host.frame)
    words = page.tr("{name} gave you the one you signed in with, on {day}. So you are not the only one who knows it.")
    page.why.setText(words.format(name=given.by, day=day(local(given.at).date())))

    def is_set(new: Secret, _done: object) -> None:
        if password_of(host.url):
            host.url = signed(host.url, login_of(host.url), new)
        enter()

    def offered(new: Secret) -> None:
        host.run(partial(_give_own, office, password, new), partial(is_set, new), page.refuse)

    page.offered.connect(offered)
    page.left.connect(left)
    host.frame.show_front(page, page.tr("Not signed in"))
    page.focus_first()


def _give_own(office: Office, old: Secret, new: Secret) -> None:
    from cbo_desk.people.signing_in import change_password, renew

    office.write(change_password, old, new)
    renew(office, new)
