"""From the painted frame to an open compound: first run, sign-in, trouble, and the way back to choose again."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal

from cbo_desk.locations import default_url, demo_url, file_of
from ui.desks import page_module
from ui.frame import Frame
from ui.kit.actions import Action
from ui.kit.background import Background
from ui.kit.preferences import COMPOUND, LAST_DESK, Preferences

if TYPE_CHECKING:  # all of this is imported behind the first picture, off the GUI thread
    from cbo_desk.opening import Opened
    from cbo_desk.people.without_server import Known
    from cbo_desk.permissions import Actor
    from cbo_desk.secret import Secret
    from ui.window import Window

INSPECT_AFTER_MS = 1500
"""The schema is compared with the code when the person has begun to work, not before."""


class Opening(QObject):
    """Brings one frame to an open compound, and after "choose another" the next one.

    Signals: `opened(Window)` when a compound is open and its last desk shown.
    """

    opened = Signal(object)

    def __init__(self, url: str, preferences: Preferences, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.url, self.preferences = url, preferences
        self.frame = Frame(preferences)
        self.window: Window | None = None
        self._background = Background(1, self)
        self._office: Any = None
        self._inspect = QTimer(self)
        self._inspect.setSingleShot(True)
        self._inspect.setInterval(INSPECT_AFTER_MS)
        self._inspect.timeout.connect(self._inspect_now)

    def begin(self) -> None:
        """Paint the frame, then open what was open last, what the address names, or ask how to begin."""
        self.frame.problems.install()
        self.frame.show()
        self.frame.top.field.setFocus()
        found = self._find()
        if found:
            QTimer.singleShot(0, self, partial(self.open, found))
        else:
            self.welcome()

    def finish(self) -> None:
        """Let everything under way end and let go of the database; the frame is closed."""
        self._inspect.stop()
        self._background.finish(all_of_it=True)
        if self.window is not None:
            self.window.leave()
            self.window = None
        elif self._office is not None:
            self._office.close()
        self._office = None
        self.frame.problems.remove()
        self.frame.close()

    # --- ways to begin

    def welcome(self) -> None:
        """Ask how to begin."""
        from ui.first_run.choosing import Choosing

        choosing = Choosing(self)
        self.frame.show_front(choosing.page, self.tr("No compound open"))
        self.frame.top.field.textEdited.connect(choosing.typed)
        self.frame.top.field.setFocus()

    def open(self, url: str) -> None:
        """Open a compound behind the frame."""
        self.url = url
        self.frame.sidebar.compound.setText(self.tr("Opening…"))
        self.run(partial(_open, url, self.frame.last_desk()), self.arrived, self.failed)

    def run(
        self, work: Callable[[], Any], done: Callable[[Any], object], failed: Callable[[Exception], object]
    ) -> None:
        """Run one step of the opening off the GUI thread."""
        self._background.run(self, work, done, failed)

    def arrived(self, opened: Opened) -> None:
        """A compound is at hand: show it, or ask who is at work."""
        self._office = opened.office
        self.preferences.set(COMPOUND, without_password(self.url))
        if opened.locked:
            self._ask_who()
        else:
            self._enter()

    def failed(self, error: Exception) -> None:
        """It cannot be opened: say why in the frame, with what can be done."""
        from cbo_desk.errors import Refusal, Trouble

        if not isinstance(error, Refusal | Trouble):
            self.frame.problems.show(error)
            error = Trouble(self.tr("The fault is ours; it is noted in the log. Try again, or open another compound."))
        if file_of(self.url) is not None or isinstance(error, Refusal):
            self._show_trouble(error, [])
            return
        from ui.first_run.without import who_may_begin

        shown = partial(self._show_trouble, error)
        self.run(partial(who_may_begin, self.url), shown, lambda _why: shown([]))

    def _show_trouble(self, error: Exception, known: list[Known]) -> None:
        from cbo_desk.errors import Refusal
        from ui.first_run.choosing import Choosing
        from ui.first_run.trouble import TroublePage
        from ui.first_run.without import ask_without, is_back, kept_words

        choosing = Choosing(self)
        ways: list[tuple[str, str, Callable[[], object]]] = [
            (self.tr("Try again"), "refresh-cw", partial(self.open, self.url)),
            (self.tr("Open another"), "folder-open", self.welcome),
        ]
        if file_of(self.url) is None:
            sign_in = partial(choosing.join, without_password(self.url))
            # What the server refused is likeliest a password; a server that is away is likeliest there again.
            ways.insert(0 if isinstance(error, Refusal) else 1, (self.tr("Sign in"), "log-in", sign_in))
            if known:
                ask = partial(ask_without, self, known, self._begun_without)
                ways.insert(1, (self.tr("Work without the server"), "cloud-off", ask))
        else:
            ways.append((self.tr("Restore a backup"), "rotate-ccw", choosing.restore))
        where = without_password(self.url).partition("?")[0]  # how the server is trusted is nobody's trouble here
        page = TroublePage(where, error, ways, self.frame, more=kept_words(known))
        choosing.setParent(page)
        self.frame.show_front(page, self.tr("No compound open"))
        page.focus_first()
        if file_of(self.url) is None and not isinstance(error, Refusal):
            page.wait_for(partial(is_back, self.url), partial(self.open, self.url))

    def choose_again(self) -> None:
        """Close the compound that is open and ask anew; a new frame takes the place of the old one."""
        old, window = self.frame, self.window
        self.preferences.flush()
        self._inspect.stop()
        self.window = None
        if window is not None:
            window.leave()
        elif self._office is not None:
            self._office.close()
        self._office = None
        self.frame = Frame(self.preferences)
        self.frame.problems.install()
        self.frame.show()
        self.welcome()
        old.close()
        old.deleteLater()
        if window is not None:
            window.deleteLater()

    # --- parts

    def _find(self) -> str:
        """The address to open at the start, "" to ask. One given on the command line comes before the last one."""
        if self.url != default_url():
            return self.url if _is_there(self.url) else ""
        last = self.preferences.get(COMPOUND)
        return next((url for url in (last, self.url) if url and _is_there(url)), "")

    def _ask_who(self) -> None:
        from ui.first_run.sign_in import SignInPage

        path = file_of(self.url)
        page = SignInPage(path.name if path else without_password(self.url), parent=self.frame)
        page.offered.connect(partial(self._sign_in, page))
        page.other_asked.connect(self.choose_again)
        self.frame.show_front(page, self.tr("Not signed in"))
        page.focus_first()

    def _begun_without(self, known: Known, office: Any) -> None:
        self._office = office
        self._enter()
        self.frame.set_compound(known.compound, demo=known.demo)

    def _sign_in(self, page: Any, login: str, password: Secret) -> None:
        from cbo_desk.compound import workstation
        from cbo_desk.people.signing_in import sign_in

        work = partial(sign_in, self._office, login, password, workstation())
        self._background.run(page, work, self._signed_in, page.refuse)

    def _signed_in(self, actor: Actor) -> None:
        self._office.actor = actor
        self._enter()

    def _enter(self) -> None:
        from ui.window import Window

        self.window = Window(self._office, self.preferences, self, frame=self.frame)
        self._add_actions()
        self.window.introduced.connect(self._introduced)
        self.window.show()
        self.frame.top.field.setFocus()
        self._inspect.start()
        self.opened.emit(self.window)

    def _add_actions(self) -> None:
        frame, say = self.frame, self.tr
        switch = Action("compound.switch", say("Open or make another compound"), self.choose_again, "building-2")
        names = [switch.id]
        frame.switch_asked.connect(self._switch)
        frame.actions_.add(frame, switch)
        if self._is_demo_file():
            forget = Action("compound.delete_demo", say("Delete the demo compound"), self.delete_demo, "trash-2")
            frame.actions_.add(frame, forget)
            names.append(forget.id)
        from ui.locking import Locking
        from ui.settings.person_menu import PersonMenu

        assert self.window is not None
        self.window.locking = Locking(self.window.bench, self.sign_out, self.window)
        names += PersonMenu(self.window.bench, self.sign_out, self.window).actions
        frame.set_person(self._office.actor.name, frame.actions_.menu(frame, names))

    def sign_out(self) -> None:
        """Close the compound and ask at its door who is at work."""
        self._switch(self.url)

    def _switch(self, url: str) -> None:
        """Close the compound and open another one in its place."""
        self.choose_again()
        self.open(url)

    def delete_demo(self) -> None:
        """Delete the demo compound, which can be made again at any time, and ask how to begin."""
        if not self._is_demo_file():
            return
        from cbo_desk.errors import Trouble
        from cbo_desk.locations import forget_file

        self.choose_again()
        try:
            forget_file(Path(demo_url()))
        except Trouble as trouble:
            self.frame.problems.show(trouble)
            return
        self.preferences.set(COMPOUND, "")
        self.preferences.set(LAST_DESK, "")
        self.frame.toasts.say(self.tr("The demo compound was deleted."))

    def _is_demo_file(self) -> bool:
        return file_of(self.url) == Path(demo_url())

    def _introduced(self, _facts: dict[str, Any]) -> None:
        if self.window is not None:
            self.frame.set_person(self._office.actor.name)

    def _inspect_now(self) -> None:
        if self.window is not None:
            self.window.inspect()


def without_password(url: str) -> str:
    """An address as it may be shown and remembered."""
    head, at, tail = url.rpartition("@")
    scheme, _, who = head.partition("://")
    return f"{scheme}://{who.partition(':')[0]}{at}{tail}" if at and scheme.startswith("postgres") else url


def _is_there(url: str) -> bool:
    path = file_of(url)
    return path is None or path.exists()


def _open(url: str, desk: str) -> Opened:
    """Open a compound, and import what its first page needs while the frame stands there already."""
    from cbo_desk.opening import open_compound

    opened = open_compound(url)
    if not opened.locked:
        import_module("ui.window")
        import_module(page_module(desk))
    return opened
