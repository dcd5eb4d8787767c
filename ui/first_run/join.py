"""Opening a compound that exists: a file on this computer, or the office server."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QFileDialog, QFrame, QWidget

from cbo_desk.errors import Faults, Refusal
from ui.first_run.sign_in import hide_letters
from ui.kit.buttons import Button, Tool
from ui.kit.cards import line, rule, stack
from ui.kit.fields import Field
from ui.kit.forms import Form
from ui.kit.labels import Label


class JoinBox(QFrame):
    """A box for an overlay. Signals: `chosen(url)` for what is to be opened; `closed` when the box is done with."""

    chosen = Signal(str)
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
                Field("password", self.tr("Password"), longest=1000, beside=True),
            ]
        )
        self.password = hide_letters(self.form, "password")
        self.join_button = Button(self.tr("Join"), "log-in", "primary", self.join)
        close = Tool("x", self.tr("Close"), self.closed.emit)
        file_words = self.tr("It stays where it is. A backup is restored by opening its copy.")
        server_words = self.tr("Ask your administrator for these. Your password is not kept.")
        self.setLayout(
            stack(
                line(Label(self.tr("Open or join"), "h2"), None, close),
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

    def join(self) -> None:
        """Join the server, or say what is missing."""
        try:
            url = server_url(self.form.values(), self.password.text())
        except Refusal as refusal:
            self.form.show_error(refusal)
            return
        self.closed.emit()
        self.chosen.emit(url)


def server_url(values: dict[str, str], password: str) -> str:
    """The address of a server's database from what a person typed; raises Faults for a server with a scheme or path."""
    server = values["server"].strip()
    if "/" in server or "@" in server:
        words = QCoreApplication.translate("join", "Only the server's name, such as server.example or 10.0.0.5:5432.")
        raise Faults({"server": words})
    login = quote(values["login"], safe="")
    secret = f":{quote(password, safe='')}" if password else ""
    return f"postgresql://{login}{secret}@{server}/{quote(values['database'], safe='')}"
