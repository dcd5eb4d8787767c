"""Opening a compound that exists: a file on this computer, or the office server."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFileDialog, QFrame, QWidget

from cbo_desk.errors import Faults, Refusal
from ui.kit.buttons import Button, Tool
from ui.kit.cards import line, rule, stack
from ui.kit.dialogs import is_enter, is_save_key
from ui.kit.fields import Field
from ui.kit.forms import Form
from ui.kit.labels import Label
from ui.settings.passwords import password_line


class JoinBox(QFrame):
    """A box for an overlay.

    Signals: `chosen(url)` for what is to be opened; `trust_asked(server, fingerprint)` before that, where a server's
    fingerprint was given: answered by `trusted` or `refuse`; `grew` when more stands in it; `closed` when it is
    done with. Enter in a field joins, as it signs in elsewhere.
    """

    chosen = Signal(str)
    trust_asked = Signal(str, str)
    grew = Signal()
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "raised")
        self.setAccessibleName(self.tr("Open or join a compound"))
        self.file_button = Button(self.tr("Choose a file…"), "folder-open", "plain", self.choose_file)
        self.form = Form(
            [
                Field("server", self.tr("Server"), hint="server.example", required=True, longest=200),
                Field("database", self.tr("Database"), hint="compound", required=True, longest=100),
                Field("login", self.tr("Your name on the server"), required=True, longest=100),
                Field("password", self.tr("Password"), hint=self.tr("empty with Kerberos"), longest=1000, beside=True),
                Field("fingerprint", self.tr("Fingerprint"), hint=self.tr("Once: AB:CD:… from your administrator")),
            ]
        )
        self.password = password_line(self.form, "password")
        self.join_button = Button(self.tr("Join"), "log-in", "primary", self.join)
        self._close = Tool("x", self.tr("Close"), self.closed.emit)
        self._asking = False
        file_words = self.tr("It stays where it is. A backup is restored by opening its copy.")
        server_words = self.tr("Ask your administrator for these. Your password is not kept.")
        self.setLayout(
            stack(
                line(Label(self.tr("Open or join"), "h2"), None, self._close),
                10,
                Label(self.tr("A file on this computer"), "h3"),
                Label(file_words, "small-muted", wrap=True),
                8,
                line(self.file_button, None),
                16,
                rule(self),
                14,
                Label(self.tr("Your office server"), "h3"),
                Label(server_words, "small-muted", wrap=True),
                8,
                self.form,
                14,
                line(None, self.join_button),
                margins=(22, 16, 22, 18),
            )
        )

    def choose_file(self) -> None:
        """Let the person choose a file."""
        kinds = self.tr("Compounds (*.db);;All files (*)")
        name, _kind = QFileDialog.getOpenFileName(self, self.tr("Open a compound"), str(Path.home()), kinds)
        if name:
            self.open_file(Path(name))

    def open_file(self, path: Path) -> None:
        """Open a file that was chosen."""
        self.closed.emit()
        self.chosen.emit(str(path))

    def show_server(self, url: str) -> None:
        """Fill in a server that is known, so that only the password is left to be typed."""
        from urllib.parse import unquote, urlsplit

        parts = urlsplit(url)
        server = parts.netloc.rpartition("@")[2]
        known = {"server": server, "database": parts.path.lstrip("/"), "login": parts.username or ""}
        self.form.set_values({name: unquote(value) for name, value in known.items()})

    def focus_first(self) -> None:
        """Put the focus on what is still to be typed."""
        known = bool(self.form.editors["login"].value())
        (self.password if known else self.file_button).setFocus()

    def join(self) -> None:
        """Join the server, or say what is missing; a fingerprint is compared first, and once at a time."""
        if self._asking:
            return
        try:
            values = self.form.values()
            server_url(values, self.password.text())
        except Refusal as refusal:
            self._show(refusal)
            return
        if values.get("fingerprint"):
            self._asking = True
            self.join_button.setEnabled(False)
            self.trust_asked.emit(values["server"].strip(), values["fingerprint"])
        else:
            self.trusted()

    def trusted(self, _answer: object = None) -> None:
        """The server is the right one, or was before: open it."""
        from cbo_desk.server.joining import trusting

        self._answered()
        values = self.form.values()
        try:
            url = trusting(server_url(values, self.password.text()), values["server"])
        except Refusal as refusal:
            self._show(refusal)
            return
        self.closed.emit()
        self.chosen.emit(url)

    def refuse(self, error: Exception) -> None:
        """The server is another one, or away: say so where it was typed."""
        self._answered()
        self._show(error)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter joins, from every field."""
        if is_save_key(event) or (is_enter(event) and not self.file_button.hasFocus() and not self._close.hasFocus()):
            self.join()
            return
        super().keyPressEvent(event)

    def _answered(self) -> None:
        self._asking = False
        self.join_button.setEnabled(True)

    def _show(self, error: Exception) -> None:
        """Say it at its field; a server that does not answer, at the address that was typed."""
        if not self.form.show_error(error):
            self.form.show_faults({"server": str(error)})
        self.grew.emit()


def server_url(values: Mapping[str, Any], password: str) -> str:
    """The address of a server's database from what a person typed; raises Faults for a server with a scheme or path."""
    server = values["server"].strip()
    if "/" in server or "@" in server:
        words = QCoreApplication.translate("join", "Only the server's name, such as server.example or 10.0.0.5:5432.")
        raise Faults({"server": words})
    login = quote(values["login"], safe="")
    secret = f":{quote(password, safe='')}" if password else ""
    return f"postgresql://{login}{secret}@{server}/{quote(values['database'], safe='')}"
