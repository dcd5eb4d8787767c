"""The time without the server, as a window lives through it: what is kept, what is taken, and how old the screen is."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from cbo_desk.changes import Changes
from cbo_desk.context import clock, local
from cbo_desk.errors import Trouble
from cbo_desk.plurals import Count
from ui.bench import Bench
from ui.kit.actions import Action
from ui.kit.background import Background
from ui.kit.buttons import Button
from ui.kit.cards import frame, line
from ui.kit.labels import IconLabel, Label
from ui.kit.toasts import Notice

if TYPE_CHECKING:  # over a file of one's own there is no tray, and a start has no time for it
    from cbo_desk.office import Office
    from cbo_desk.tray import Standing, Taking, Tray

PAGE = "today/kept"
BEAT_MS = 2_000
LOOK_AFTER_MS, LOOK_EVERY_MS = 4_000, 120_000
"""The mailroom is read again so long after a change, and so often without one: what an outage would begin with."""
UNSAVED = "Nothing was saved."
"""What a trouble says of a deed that is not kept; what waits is."""
PICTURED = ("mail.item", "mail.round", "places.place", "people.person", "tags.tag")


class Outage(QObject):
    """The tray of one window. Signals: `stands(Standing)` after every change, on the window's thread; `met()` when a
    server answers for the first time that was away from the start, or while something was asked of it in vain.

    Over a file of one's own it does nothing.
    """

    stands = Signal(object)
    met = Signal()
    _stirred = Signal()

    def __init__(self, bench: Bench, folder: Path, parent: QObject) -> None:
        super().__init__(parent)
        self._bench, self._folder = bench, folder
        self._own = Background(1, self)
        self._looks = Background(1, self)
        self.tray: Tray | None = None
        self.standing: Standing | None = None
        self._stopped = ""
        self._going, self._ended = False, False
        self.missed = False
        """Whether something could not be read while the server was away, and is to be read once it is back."""
        self.strip = OutageStrip(self)
        self._beat = QTimer(self, interval=BEAT_MS)
        self._beat.timeout.connect(self._tick)
        self._look_soon = QTimer(self, singleShot=True, interval=LOOK_AFTER_MS)
        self._look_soon.timeout.connect(self._look)
        self._look_again = QTimer(self, interval=LOOK_EVERY_MS)
        self._look_again.timeout.connect(self._look)
        self._stirred.connect(self.look_at_it)

    @property
    def busy(self) -> int:
        """How much is under way."""
        return self._own.busy + self._looks.busy

    def start(self) -> None:
        """Begin with a tray where there is a server."""
        office = self._bench.runner.office
        if office.engine.dialect.name != "postgresql":
            return
        self._own.run(self, partial(_begin, office, self._folder), self._begun, self._bench.runner.failed.emit)

    def stop(self) -> None:
        """Bring nothing more; what waits stays in the tray."""
        self._ended = True
        for timer in (self._beat, self._look_soon, self._look_again):
            timer.stop()
        self._own.finish()
        self._looks.finish()

    def end(self) -> None:
        """Let go of the tray, after every order is carried out."""
        if self.tray is not None:
            from cbo_desk.tray import end

            self.tray = None
            end(self._bench.runner.office)

    def give_up(self) -> None:
        """Wait no longer for a server that hangs."""
        if self.tray is not None:
            self.tray.give_up()

    def ask_now(self) -> None:
        """Ask at once whether the server is back; where it is, bring what waits."""
        if self.tray is not None:
            self.tray.link.ask_now()
            if not self.tray.link.away:
                self.bring()

    def bring(self) -> None:
        """Bring what waits to the server, unless that is being done."""
        from cbo_desk.tray import take_waiting

        if self.tray is not None and not self._going:
            self._going = True
            self._own.run(self, partial(take_waiting, self.tray), self._brought, self._not_brought)

    def look_at_it(self) -> None:
        """See how the tray stands, and say so."""
        if self.tray is None:
            return
        was, self.standing = self.standing, self.tray.standing()
        self._bench.shell.sidebar.set_foot_deed(self._foot_words(), partial(self._bench.shell.go, PAGE))
        self.strip.show_standing(self.standing, self._stopped)
        self.stands.emit(self.standing)
        if was is not None and was.away_since is not None and self.standing.away_since is None:
            self._back()
            if was.unseen or self.missed:
                self.missed = False
                self.met.emit()

    def connection(self) -> tuple[str, str] | None:
        """What the foot of the sidebar says of the connection; None while all is as ever."""
        if self.standing is None or (self.standing.away_since is None and not self.standing.waiting):
            return None
        count = f"{self.standing.waiting:,}"
        if self.standing.away_since is None:
            return self.tr("{count} kept here").format(count=count), self.tr("on the way to the server")
        first = self.tr("Server away since {time}").format(time=f"{local(self.standing.away_since):%H:%M}")
        return first, self.tr("{count} kept, not yet sent").format(count=count) if self.standing.waiting else ""

    # --- parts

    def _begun(self, tray: Tray | None) -> None:
        if tray is None:
            return
        if self._ended:  # the person left before it was begun with
            from cbo_desk.tray import end

            end(self._bench.runner.office)
            return
        self.tray = tray
        tray.told = self._stirred.emit
        tray.link.told = lambda _away: self._stirred.emit()
        for words in tray.notes:
            self._bench.shell.toasts.notices.add(Notice(words, "warn"))
        shell = self._bench.shell
        shell.add_page(PAGE, self._make_page)
        say, add = self.tr, shell.actions_.add
        add(shell, Action("tray.review", say("Kept on this workstation"), partial(shell.go, PAGE), "inbox"))
        add(shell, Action("tray.give_up", say("Stop waiting for the server"), self.give_up, "cloud-off"))
        self._bench.runner.changed.connect(self._hear)
        self._beat.start()
        self._look_again.start()
        self._look()
        self.look_at_it()

    def _make_page(self, parent: QWidget) -> QWidget:
        from ui.kept.page import KeptPage

        return KeptPage(self._bench, self, parent)

    def _tick(self) -> None:
        if self.standing is None:
            return
        if self.standing.away_since is None and self.standing.waiting:
            self.bring()
        elif self.standing.away_since is not None:
            self.strip.show_standing(self.standing)  # a minute older, perhaps

    def _back(self) -> None:
        self.bring()
        self._look_soon.start()

    def _brought(self, went: Taking) -> None:
        self._going = False
        self._stopped = went.stopped
        if went.ended:
            self._bench.runner.settled.emit(went.ended)
        for changes in went.changes:
            self._bench.runner.changed.emit(changes)
        if went.ended or went.refused:
            self._tell(went)
        self.look_at_it()
        if went.left and not went.stopped:
            self.bring()

    def _not_brought(self, error: Exception) -> None:
        self._going = False
        self._bench.runner.failed.emit(error)

    def _tell(self, went: Taking) -> None:
        words = [self.tr("{count:deed|deeds} kept here went to the server.").format(count=Count(len(went.ended)))]
        toasts = self._bench.shell.toasts
        if not went.refused:
            toasts.say(words[0])
            return
        words.append(self.tr("{count:deed was|deeds were} refused.").format(count=Count(went.refused)))
        said = " ".join(words if went.ended else words[1:])
        toasts.say(said, self.tr("Look"), partial(self._bench.shell.go, PAGE), tone="warn")

    def _hear(self, changes: Changes) -> None:
        if set(PICTURED) & set(changes.touched()) and not self._look_soon.isActive():
            self._look_soon.start()

    def _look(self) -> None:
        """Read what an outage would begin with, beside everything else; a server that is away is said already."""
        tray = self.tray
        if tray is not None and self.standing is not None and self.standing.away_since is not None:
            return
        if tray is not None and not self._looks.busy:
            self._looks.run(self, tray.look, lambda _done: None, lambda _error: None)

    def _foot_words(self) -> str:
        if self.standing is None or not (self.standing.waiting or self.standing.refused):
            return ""
        if self.standing.refused:
            return self.tr("{count} to look at").format(count=f"{self.standing.refused:,}")
        return self.tr("Show what is kept")


class OutageStrip(QWidget):
    """Below every page while the server is away: since when, how old what is shown is, and what is kept."""

    def __init__(self, outage: Outage) -> None:
        super().__init__()
        self.words = Label("", wrap=True)
        self.words.setAccessibleName(self.tr("The server is away"))
        stop = Button(self.tr("Try now"), "refresh-cw", "link", outage.ask_now)
        row = line(IconLabel("cloud-off", "warn_text", 16), self.words, stop, gap=10)
        row.setStretch(1, 1)
        whole = line(frame(row, look="notice", margins=(12, 6, 8, 6)), margins=(0, 0, 16, 10))
        whole.setStretch(0, 1)
        self.setLayout(whole)
        self.hide()

    def show_standing(self, standing: Standing, stopped: str = "") -> None:
        """Say how it stands; nothing while the server answers and takes what it is brought.

        `stopped` says why it took nothing when it was last tried.
        """
        full = bool(stopped) and standing.waiting > 0 and standing.away_since is None
        self.setVisible(standing.away_since is not None or full)
        if full:
            words = self.tr("{why} Nothing is lost: {count:deed is|deeds are} kept here and tried again by itself.")
            self.words.setText(words.format(why=stopped.removesuffix(UNSAVED).strip(), count=Count(standing.waiting)))
        if standing.away_since is None:
            return
        if standing.unseen or standing.barred:
            self.words.setText(self._unseen_words(standing))
            return
        minutes = int((clock() - standing.away_since).total_seconds() // 60)
        age = self.tr("{count:minute|minutes} ago").format(count=Count(minutes)) if minutes else self.tr("just now")
        words = self.tr(
            "The office server is away. What you see is as it was at {time}, {age}; what was not open before is not "
            "known. Mail rounds and counts go on; {count:deed is|deeds are} kept here."
        )
        said = words.format(time=f"{local(standing.away_since):%H:%M}", age=age, count=Count(standing.waiting))
        if said != self.words.text():
            self.words.setText(said)

    def _unseen_words(self, standing: Standing) -> str:
        """The server was away from the start, or does not let this person in any more."""
        count = Count(standing.waiting)
        if standing.barred:
            words = self.tr("The office server answers again, but: {why} {count:deed is|deeds are} kept here.")
            return words.format(why=standing.barred, count=count)
        words = self.tr(
            "The office server was away when this window was opened. Mail that comes in and is put on shelves is kept "
            "here: {count:deed|deeds}. Lists come once it answers."
        )
        return words.format(count=count)


def _begin(office: Office, folder: Path) -> Tray | None:
    """Begin with a tray; where the server is there, note who works here for a start without it."""
    from cbo_desk.people.without_server import remember
    from cbo_desk.tray import begin

    import_module("cbo_desk.property.verification")  # what a count keeps, and its doors, before its page is opened
    tray = begin(office, folder)
    if tray is not None and office.proof is None:
        with suppress(Trouble):  # it is away already
            remember(office, tray)
    return tray
