"""The door of an office's server: who is at work signs in, also while the server is away, or does not fit."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer
from shiboken6 import isValid

from cbo_desk.errors import NotLetIn, PasswordAsked, Refusal, Trouble
from cbo_desk.secret import Secret
from ui.first_run.addresses import login_of, password_of, place_of, signed, without_password
from ui.first_run.drawings import paint_server
from ui.first_run.front import Told
from ui.first_run.host import Host
from ui.first_run.sign_in import SignInPage
from ui.first_run.without import begin_without, is_back, kept_words, open_signed, who_may_begin
from ui.kit.preferences import DOORS

if TYPE_CHECKING:
    from cbo_desk.opening import Opened
    from cbo_desk.people.without_server import Known

AGAIN_MS = 3_000
"""So long between two questions whether a server is back."""


class Door(QObject):
    """Lets one person in at a server. It asks by itself whether a server that is away is back, and goes on then.

    `why` is what went wrong when it was tried before; `kept_out` says why a server that answers cannot be worked with,
    so that only work without it is left. `by_itself`: somebody whom the server knows without a password is let in as
    soon as it is there.
    """

    def __init__(
        self, host: Host, why: Exception | None = None, *, kept_out: str = "", by_itself: bool = True
    ) -> None:
        super().__init__(host.frame)
        self._host, self._url, self._kept_out = host, without_password(host.url), kept_out
        remembered = host.preferences.entry(DOORS, place_of(self._url)) or {}
        words = self.tr("It stays on the server. Your password is not kept on this computer.")
        self._usual = "server", self.tr("Your data"), words
        self.page = SignInPage(
            remembered.get("name") or self.tr("Office server"), place_of(self._url), login_of(self._url),
            told=Told(*self._usual), paint=paint_server, parent=host.frame,
        )  # fmt: skip
        self.setParent(self.page)
        asks_password = remembered.get("asks") == "password" or isinstance(why, NotLetIn)
        self.page.password_needed = asks_password
        self._lets_in = by_itself and not asks_password
        self._beat = QTimer(self, interval=AGAIN_MS)
        self._beat.timeout.connect(self._ask)
        self._there: bool | None = None
        self._asking = False
        self._wanted = False
        self._known: Sequence[Known] = ()
        self.page.offered.connect(self._offered)
        self.page.other_asked.connect(host.welcome)
        self.page.form.changed.connect(self._typed)
        self._begin(why)

    def _begin(self, why: Exception | None) -> None:
        self._host.frame.show_front(self.page, self.tr("Not signed in"))
        self._host.frame.set_connection(self.tr("Not signed in"), tone="idle", icon="server")
        self.page.focus_first()
        if self._kept_out:
            self._there = False
            self._look_who()
        elif isinstance(why, Trouble):
            self.page.password.setText(password_of(self._host.url))
            self._wanted = bool(self.page.password.text())
            self._go_away(str(why))
        else:
            if why is not None:
                self._refuse(why)
            self._ask()

    # --- whether the server is there

    def _ask(self) -> None:
        if self.page.isVisible() and not self._asking:
            self._asking = True
            self._host.ask(self, partial(is_back, self._url), self._heard, lambda _error: self._heard(False))

    def _heard(self, there: bool) -> None:
        self._asking = False
        if there == self._there:
            return
        if not there:
            self._go_away(self.tr("The server does not answer. Is it on, and is this workstation on the network?"))
            return
        was, self._there = self._there, True
        self._beat.stop()
        self.page.told.say(*self._usual)
        self.page.button.set_words(self.tr("Sign in"), "Enter")
        # Nothing happens by itself while the person is somewhere else, as in the form of another server.
        if was is None or not self.page.isVisible() or not self.page.isAncestorOf(self.page.window().focusWidget()):
            return
        if self._wanted:
            self.page.offer()
        elif self._lets_in and not self.page.password.text():
            self._host.open(self._url)

    def _go_away(self, words: str) -> None:
        self._there = False
        self._said = words
        self._beat.start()
        self._tell()
        self._look_who()

    def _look_who(self) -> None:
        self._host.run(partial(who_may_begin, self._url), self._know, lambda _error: None)

    def _know(self, known: Sequence[Known]) -> None:
        if not self._stands() or self._there is not False:
            return
        self._known = known
        if known:
            self._wanted = False
            self.page.password_needed = True
            self.page.button.set_words(self.tr("Work without the server"), "Enter")
            if not self.page.form.editors["login"].typed():
                self.page.form.set_values({"login": known[0].login})
            self.page.title.setText(known[0].compound or self.page.title.words())
        self._tell()

    def _tell(self) -> None:
        """Say how it stands, what is kept here, and what will happen by itself."""
        heading = self.tr("Without the server") if self._kept_out else self.tr("The server is away")
        words = [self._kept_out or self._said]
        if not self._kept_out:
            words.append(self.tr("It is asked again every few seconds."))
        if self._known:
            words.append(self.tr("Mail that comes in and is shelved meanwhile is kept here, and goes there by itself."))
        elif not self._kept_out and self._wanted:
            words.append(self.tr("You are signed in as soon as it answers."))
        if kept := kept_words(self._known):
            words.append(kept)
        self.page.told.say("cloud-off", heading, " ".join(words), amber=True)

    def _stands(self) -> bool:
        """Whether this page is still the one before the compound."""
        return isValid(self.page) and self._host.frame.pages.indexOf(self.page) >= 0

    # --- letting in

    def _typed(self) -> None:
        if self._wanted:
            self._wanted = False
            self._tell()

    def _offered(self, login: str, password: Secret) -> None:
        if self._there is False and self._known:
            work = partial(begin_without, self._url, login, password)
            self._host.run(work, partial(self._begun, self._known), self._refused_without)
        elif self._there is False and not self._wanted:
            self._wanted = True
            self.page.button.setEnabled(True)
            self._tell()
            self._ask()
        else:
            url = signed(self._url, login, password)
            work = partial(open_signed, url, self._host.frame.last_desk())
            self._host.run(work, partial(self._in, url), partial(self._refused, url))

    def _in(self, url: str, opened: Opened) -> None:
        if not self._stands():  # the person went somewhere else meanwhile
            opened.office.close()
            return
        self._host.url = url
        self._host.arrived(opened)

    def _begun(self, known: Sequence[Known], office: Any) -> None:
        if not self._stands():
            office.close()
            return
        self._host.begun_without(next(one for one in known if one.login == office.actor.login), office)

    def _refused(self, url: str, error: Exception) -> None:
        if not self._stands():
            return
        if isinstance(error, Trouble):
            self.page.button.setEnabled(True)
            self._wanted = True
            self._go_away(str(error))
        elif isinstance(error, NotLetIn):
            self.page.button.setEnabled(True)
            self._refuse(error)
        else:
            self._host.url = url  # what was typed is tried again once it is put right
            self._host.failed(error)

    def _refused_without(self, error: Exception) -> None:
        if self._stands():
            self.page.refuse(error)

    def _refuse(self, error: Exception) -> None:
        """Say beside the password what the server said of it; that it asks for one is no fault."""
        if isinstance(error, PasswordAsked):
            self.page.password_needed = True
            self.page.focus_first()
        else:
            self.page.refuse(Refusal(str(error), "password"))
