"""What is asked about the mail server: where it is, its password on this computer, and whether a message arrives."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal

from cbo_desk.changes import Changes
from cbo_desk.errors import Refusal
from cbo_desk.mail_server import KIND as SERVER
from cbo_desk.mail_server import PORTS, MailServer, keep_password, mail_server, set_mail_server
from cbo_desk.notifications import send_trial
from cbo_desk.progress import Progress
from cbo_desk.secret import Secret
from cbo_desk.versions import Unchanged
from ui.bench import Bench
from ui.kit.dialogs import Done, Failed, FormBox, open_form
from ui.kit.fields import Field
from ui.kit.forms import Form
from ui.kit.meeting import Standing
from ui.settings.passwords import hide_passwords


class MailForms(QObject):
    """The three boxes. `server` is the one named now; `kept` when something about it was kept."""

    kept = Signal()

    def __init__(self, bench: Bench, parent: QObject) -> None:
        super().__init__(parent)
        self._bench = bench
        self.server: MailServer | None = None

    def set_up(self) -> None:
        """Ask for the server."""
        kinds = [
            ("starttls", self.tr("STARTTLS, usually port 587")),
            ("tls", self.tr("TLS from the start, usually port 465")),
            ("none", self.tr("not secured: only inside one building")),
        ]
        form = Form(
            [
                Field("host", self.tr("Mail server"), required=True, hint="smtp.example.org"),
                Field("port", self.tr("Port"), "number", required=True, beside=True),
                Field("security", self.tr("The line is secured by"), "choice", choices=kinds),
                Field("sender", self.tr("Messages come from"), required=True, hint="Mailroom <mailroom@example.org>"),
                Field("login", self.tr("Login"), hint=self.tr("empty where none is asked for")),
                Field("password", self.tr("Password, kept on this computer only"), beside=True),
            ]
        )
        stands = self._standing(self.server)
        form.set_values(stands.values)
        hide_passwords(form, "password")
        edited = self._bench.edited(self, SERVER, 1, mail_server, self._standing, ())
        box = FormBox(self.tr("The mail server"), form, stands.save, self.tr("Save"), edited=edited)
        open_form(self._bench.shell, box)

    def _standing(self, now: MailServer | None) -> Standing:
        """How the server stands, and the save that is refused where it is another one by then."""

        def save(values: dict[str, Any], done: Done, failed: Failed) -> None:
            port = values["port"]
            if port is None or port != int(port):
                failed(Refusal(self.tr("A port is a whole number."), "port"))
                return
            server = MailServer(values["host"], int(port), values["security"], values["login"] or "", values["sender"])
            order = Unchanged(set_mail_server, mail_server, (), now)
            self._bench.runner.write(
                order, server, done=partial(self._keep, server, values["password"], done), failed=failed
            )

        shown = {
            "host": now.host if now else "",
            "port": now.port if now else PORTS["starttls"],
            "security": now.security if now else "starttls",
            "sender": now.sender if now else "",
            "login": now.login if now else "",
        }
        return Standing(shown, save)

    def ask_password(self) -> None:
        """Ask for the password alone: another computer is to send too."""
        server = self.server
        if server is None:
            return
        form = Form([Field("password", self.tr("Password of {login}").format(login=server.login), required=True)])
        hide_passwords(form, "password")

        def save(values: dict[str, Any], done: Done, failed: Failed) -> None:
            self._keep(server, values["password"], done, None, failed)

        open_form(self._bench.shell, FormBox(self.tr("Send from this computer too"), form, save, self.tr("Save")))

    def try_it(self) -> None:
        """Ask where a trial message goes."""
        form = Form([Field("to", self.tr("To"), required=True, hint="ada@example.org")])

        def save(values: dict[str, Any], done: Done, failed: Failed) -> None:
            self._bench.runner.write(send_trial, values["to"], done=lambda _changes: done(), failed=failed)

        open_form(self._bench.shell, FormBox(self.tr("Send a trial message"), form, save, self.tr("Send"), width=420))

    def _keep(
        self,
        server: MailServer,
        password: str | None,
        done: Done,
        _changes: object = None,
        failed: Failed | None = None,
    ) -> None:
        """Keep the password off the GUI thread: it goes onto a disk."""
        if not password:
            done()
            self.kept.emit()
            return

        def kept(_nothing: object) -> None:
            done()
            self.kept.emit()
            self._bench.runner.changed.emit(Changes(SERVER, (1,)))

        def work(_progress: Progress) -> None:
            keep_password(server, Secret(password))

        self._bench.runner.job(self, work, kept, failed or self._bench.runner.failed.emit)
