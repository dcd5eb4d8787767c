"""From the painted frame to an open compound: first run, sign-in, trouble, and the way back to choose again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal

from cbo_desk.context import clock, local
from cbo_desk.errors import Refusal, Trouble
from cbo_desk.locations import default_url, demo_url, file_of
from cbo_desk.secret import Secret
from ui.first_run.addresses import password_of, place_of, without_password
from ui.first_run.without import open_for, sign_in_at
from ui.frame import Frame
from ui.kit.actions import Action
from ui.kit.background import Background
from ui.kit.phrases import day
from ui.kit.preferences import COMPOUND, DOORS, LAST_DESK, Preferences

if TYPE_CHECKING:  # all of this is imported behind the first picture, off the GUI thread
    from cbo_desk.opening import Opened
    from cbo_desk.people.signing_in import Given
    from cbo_desk.people.without_server import Known
    from cbo_desk.permissions import Actor
    from ui.first_run.sign_in import SignInPage
    from ui.window import Window

SOON = timedelta(days=14)
"""So long before a password runs out its owner is told."""
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
        self._background, self._beside = Background(1, self), Background(1, self)
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
        self._beside.finish()
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
        """Open a compound behind the frame; where it is known to ask for a password, its door stands there at once."""
        self.url = url
        if file_of(url) is None and not password_of(url) and self._door_of(url).get("asks") == "password":
            from ui.first_run.door import Door

            Door(self)
            return
        self.frame.sidebar.compound.setText(self.tr("Opening…"))
        self.run(partial(open_for, url, self.frame.last_desk()), self.arrived, self.failed)

    def run(
        self, work: Callable[[], Any], done: Callable[[Any], object], failed: Callable[[Exception], object]
    ) -> None:
        """Run one step of the opening off the GUI thread."""
        self._background.run(self, work, done, failed)

    def ask(
        self, owner: QObject, work: Callable[[], Any], done: Callable[[Any], object], failed: Callable[[Any], object]
    ) -> None:
        """Ask something beside the opening, unless `owner` is gone by then."""
        self._beside.run(owner, work, done, failed)

    def arrived(self, opened: Opened) -> None:
        """A compound is at hand: show it, or ask who is at work."""
        self._office = opened.office
        self.preferences.set(COMPOUND, without_password(self.url))
        if file_of(self.url) is None:
            self._note_door(asks="password" if password_of(self.url) else "ticket")
        if opened.locked:
            self._ask_who()
        elif opened.given is not None:
            self._ask_own(opened.given, Secret(password_of(self.url)))
        else:
            self._enter()
            self._say_until(opened.good_until)

    def failed(self, error: Exception) -> None:
        """It cannot be opened: say why in the frame, with what can be done."""
        from ui.first_run.refused import tell_why

        if not isinstance(error, Refusal | Trouble):
            self.frame.problems.show(error)
            words = self.tr("The fault is ours; it is noted in the log. Try again, or open another compound.")
            error = Refusal(words)
        tell_why(self, error)

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
        name = path.name if path else self.tr("Office server")
        where = str(path.parent) if path else place_of(self.url)
        page = SignInPage(name, where, parent=self.frame)
        page.offered.connect(partial(self._sign_in, page))
        page.other_asked.connect(self.choose_again)
        self.frame.show_front(page, self.tr("Not signed in"))
        page.focus_first()

    def begun_without(self, known: Known, office: Any) -> None:
        """Somebody works without the server."""
        self._office = office
        self._enter()
        self.frame.set_compound(known.compound, demo=known.demo)

    def _sign_in(self, page: SignInPage, login: str, password: Secret) -> None:
        work = partial(sign_in_at, self._office, login, password)
        self._background.run(page, work, partial(self._let_in, password), page.refuse)

    def _let_in(self, password: Secret, who: tuple[Actor, Given | None]) -> None:
        self._office.actor, given = who
        if given is None:
            self._enter()
        else:
            self._ask_own(given, password)

    def _ask_own(self, given: Given, password: Secret) -> None:
        """Let nobody work with a password that somebody else knows."""
        from ui.first_run.own_password import ask_own

        ask_own(self, self._office, given, password, self._enter, self.sign_out)

    def _say_until(self, until: datetime | None) -> None:
        """A password that runs out soon is told of while it is still good."""
        if until is not None and until - clock() < SOON:
            words = self.tr("Your password runs out on {day}. Ask an administrator for a new one before.")
            self.frame.toasts.say(words.format(day=day(local(until).date())), tone="warn")

    def _door_of(self, url: str) -> dict[str, str]:
        return self.preferences.entry(DOORS, place_of(url)) or {}

    def _note_door(self, **facts: str) -> None:
        """Remember of a server what its door shows before anybody signs in."""
        self.preferences.set_entry(DOORS, place_of(self.url), {**self._door_of(self.url), **facts})

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
        if file_of(self.url) is not None:
            self._switch(self.url)
            return
        from ui.first_run.door import Door

        self.choose_again()
        self.url = without_password(self.url)
        Door(self, by_itself=False)

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

    def _introduced(self, facts: dict[str, Any]) -> None:
        if self.window is None:
            return
        self.frame.set_person(self._office.actor.name)
        if file_of(self.url) is None and facts.get("name"):
            self._note_door(name=str(facts["name"]))

    def _inspect_now(self) -> None:
        if self.window is not None:
            self.window.inspect()


def _is_there(url: str) -> bool:
    path = file_of(url)
    return path is None or path.exists()
