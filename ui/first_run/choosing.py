"""Carries out what was chosen on the first page: the demo, an empty compound, or one that exists."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QFileDialog

from cbo_desk.errors import Refusal, Trouble
from cbo_desk.locations import default_url, demo_url, file_of
from cbo_desk.progress import Progress
from ui.first_run.host import Host
from ui.first_run.join import JoinBox
from ui.first_run.welcome import WelcomePage
from ui.kit.dialogs import Done, Failed, FormBox, open_form
from ui.kit.fields import Field
from ui.kit.forms import Form
from ui.kit.preferences import LAST_DESK

if TYPE_CHECKING:
    from cbo_desk.opening import Opened


class Choosing(QObject):
    """The first page and what its choices lead to."""

    _told = Signal(int, int)

    def __init__(self, host: Host) -> None:
        self.page = WelcomePage()
        super().__init__(self.page)
        self._host = host
        self.page.chosen.connect(self.choose)
        self._told.connect(self.page.progress.report)

    def choose(self, choice: str) -> None:
        """Begin what was chosen."""
        {"demo": self.explore, "empty": self.start_empty, "open": self.join}[choice]()

    def typed(self, text: str) -> None:
        """A digit typed into the field at the top chooses too: the focus is there."""
        if self.page.choose(text.strip()):
            self._host.frame.top.field.clear()

    def explore(self) -> None:
        """Make the demo compound, or open it where it is there."""
        self.page.begin(self.page.tr("Making the demo compound…"))
        self._host.url = demo_url()
        self._host.preferences.set(LAST_DESK, "today")
        self._host.run(partial(_make_demo, Progress(self._told.emit)), self._arrived, self._failed)

    def start_empty(self) -> None:
        """Ask for a name, then make an empty compound."""
        form = Form([Field("name", self.tr("Name of the compound"), hint=self.tr("Gigiri compound"), required=True)])
        place = self._place()
        summary = self.tr("It is kept in {file}.").format(file=place)
        box = FormBox(self.tr("Start empty"), form, partial(self._make, place), self.tr("Start"), summary=summary)
        open_form(self._host.frame, box)

    def join(self, server: str = "") -> None:
        """Ask for a file or a server; of one that is known only the password is asked."""
        box = JoinBox()
        overlay = self._host.frame.open_overlay(box)
        box.closed.connect(overlay.close_it)
        box.grew.connect(overlay.arrange, Qt.ConnectionType.QueuedConnection)
        box.chosen.connect(self._open)
        box.trust_asked.connect(partial(self._trust, box))
        if server:
            box.show_server(server)
        box.focus_first()

    def restore(self) -> None:
        """Put a backup in the place of a compound that cannot be opened."""
        kinds = self.tr("Backups (*.db *.backup *.cbo);;All files (*)")
        shell = self._host.frame
        name, _kind = QFileDialog.getOpenFileName(shell, self.tr("Restore a backup"), str(Path.home()), kinds)
        if name:
            self.put_back(Path(name))

    def put_back(self, backup: Path) -> None:
        """Restore this backup, then open it."""
        host = self._host
        host.run(partial(_restore, backup, host.url), lambda _answer: host.open(host.url), host.failed)

    def _make(self, place: str, values: dict[str, Any], done: Done, failed: Failed) -> None:
        host = self._host
        self.page.begin(self.tr("Making your compound…"))

        def arrived(opened: Opened) -> None:
            host.url = place
            host.preferences.set(LAST_DESK, "property")
            done()
            self._arrived(opened)

        def not_made(error: Exception) -> None:
            self.page.say("")
            failed(error)

        host.run(partial(_make_empty, place, values["name"]), arrived, not_made)

    def _place(self) -> str:
        """Where an empty compound goes: the address asked for, unless that is the demo's or a server's."""
        url = self._host.url
        usual = default_url()
        return url if file_of(url) is not None and url != demo_url() and not Path(url).exists() else usual

    def _trust(self, box: JoinBox, server: str, fingerprint: str) -> None:
        self._host.run(partial(_trust, server, fingerprint), box.trusted, box.refuse)

    def _open(self, url: str) -> None:
        self.page.begin(self.tr("Opening…"))
        self._host.open(url)

    def _arrived(self, opened: Opened) -> None:
        self.page.progress.end()
        self._host.arrived(opened)

    def _failed(self, error: Exception) -> None:
        if isinstance(error, Refusal | Trouble):
            self.page.say(str(error))
        else:
            self._host.failed(error)


def _trust(server: str, fingerprint: str) -> Any:
    from cbo_desk.server.joining import trust

    return trust(server, fingerprint)


def _make_demo(progress: Progress) -> Opened:
    from cbo_desk.opening import make_demo_file

    return make_demo_file(demo_url(), progress)


def _make_empty(url: str, name: str) -> Opened:
    from cbo_desk.opening import make_empty

    return make_empty(url, name)


def _restore(backup: Path, url: str) -> Any:
    from cbo_desk.backup import restore

    return restore(backup, url, overwrite=True)
