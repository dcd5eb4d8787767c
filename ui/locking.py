"""The screen that locks: by key, or when nobody has touched keyboard, mouse or scanner for so many minutes.

What was typed and scanned stays where it is, behind the lock; nothing of it is seen or reached until the person who is
at work gives the password, or signs out for somebody else.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QFrame, QWidget
from shiboken6 import isValid

from cbo_desk.compound import CHANGE_PASSWORD
from cbo_desk.secret import Secret
from ui.bench import Bench
from ui.kit.actions import Action
from ui.kit.background import Background
from ui.kit.buttons import Button
from ui.kit.cards import frame, line, stack
from ui.kit.fields import Field
from ui.kit.forms import Form
from ui.kit.labels import IconLabel, Label
from ui.kit.preferences import LOCK_MINUTES
from ui.kit.scanning.feed import Outcome, Scanned
from ui.kit.theme import px
from ui.settings.passwords import hide_passwords

LOOK_MS = 5_000
KEY = "Ctrl+Alt+L"


class LockScreen(QFrame):
    """What stands in front of everything while the screen is locked. Signals: `offered(Secret)`, `left`."""

    offered = Signal(object)
    left = Signal()

    def __init__(self, window: QWidget, name: str) -> None:
        super().__init__(window)
        self.setProperty("look", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAutoFillBackground(True)
        self.setAccessibleName(self.tr("Locked"))
        self._window = window
        self.form = Form([Field("password", self.tr("Password of {name}").format(name=name), required=True)])
        hide_passwords(self.form, "password")
        self.button = Button(self.tr("Unlock"), "lock", "primary", self.offer, "Enter")
        other = Button(self.tr("Sign out, or let somebody else sign in"), "", "link", self.left.emit)
        words = Label(self.tr("What was typed and scanned is kept as it is."), "muted", centred=True, wrap=True)
        head = Label(self.tr("Locked"), "h1", centred=True)
        card = frame(
            line(None, IconLabel("lock", "muted", 28), None), 10, head, 4, words, 16, self.form, 16, self.button, 10,
            line(None, other, None), margins=(36, 30, 36, 26),
        )  # fmt: skip
        card.setFixedWidth(px(380))
        self.setLayout(stack(None, line(None, card, None), None))
        window.installEventFilter(self)
        self.cover()

    def cover(self) -> None:
        """Stand in front of everything, as large as the window."""
        self.setGeometry(self._window.rect())
        self.show()
        self.raise_()

    def offer(self) -> None:
        """Hand over what was typed, unless it is being looked at already."""
        password = str(self.form.editors["password"].typed())
        if self.button.isEnabled() and password:
            self.button.setEnabled(False)
            self.form.show_faults({})
            self.offered.emit(Secret(password))

    def refuse(self, error: Exception) -> None:
        """Say why not, and ask anew."""
        self.button.setEnabled(True)
        self.form.editors["password"].set_value("")
        if not self.form.show_error(error):
            self.form.say(str(error))
        self.focus_password()

    def focus_password(self) -> None:
        """Lead the keys to the password."""
        self.form.editors["password"].setFocus(Qt.FocusReason.OtherFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Grow with the window."""
        if event.type() == QEvent.Type.Resize:
            self.cover()
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter unlocks; no other key goes on to the window behind."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.offer()
        event.accept()

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab stays in front."""
        stops = [self.form.editors["password"].input, *self.findChildren(Button)]
        now = QApplication.focusWidget()
        at = stops.index(now) if now in stops else -1
        stops[(at + (1 if forward else -1)) % len(stops)].setFocus(Qt.FocusReason.TabFocusReason)
        return True


class Locking(QObject):
    """Locks and unlocks one window. Without accounts, or by a ticket, there is no password to ask: nothing locks."""

    def __init__(self, bench: Bench, sign_out: Callable[[], object], parent: QObject) -> None:
        super().__init__(parent)
        self._bench, self._sign_out = bench, sign_out
        self._queue = Background(1, self)
        self.screen: LockScreen | None = None
        self._hidden: list[QWidget] = []
        self._before: QWidget | None = None
        self._look = QTimer(self)
        self._look.setInterval(LOOK_MS)
        self._look.timeout.connect(self.look)
        url = bench.runner.office.engine.url
        by_ticket = url.get_backend_name() == "postgresql" and url.password is None
        if bench.may(CHANGE_PASSWORD) and not by_ticket:
            action = Action("person.lock", self.tr("Lock the screen"), self.lock, "lock", KEY)
            bench.shell.actions_.add(bench.shell, action)
            self._look.start()

    def stop(self) -> None:
        """Look no more; a password that is being looked at is let finish."""
        self._look.stop()
        self._queue.finish()

    def look(self) -> None:
        """Lock where nobody has touched anything for as long as the settings say."""
        minutes = self._bench.preferences.get(LOCK_MINUTES)
        idle = time.monotonic() - self._bench.wedge.last_used
        if minutes and idle >= 60 * minutes and not any(map(_is_public, _others(self._bench.shell))):
            self.lock()

    def lock(self) -> None:
        """Cover everything, and ask for the password."""
        if self.screen is not None:
            return
        shell = self._bench.shell
        self._before = QApplication.focusWidget()
        self._hidden = [window for window in _others(shell) if not _is_public(window)]
        for window in self._hidden:
            window.hide()
        self.screen = LockScreen(shell, self._bench.runner.office.actor.name)
        shell.lock(self.screen)
        self._bench.feed.ask(self.screen, self._scanned)
        self.screen.offered.connect(self._try)
        self.screen.left.connect(self._leave)
        shell.toasts.notices.changed.connect(self.screen.raise_)
        self.screen.focus_password()

    def _scanned(self, scan: Scanned) -> None:
        self._bench.feed.done(scan, Outcome(False, self.tr("The screen is locked: nothing was done.")))

    def _try(self, password: Secret) -> None:
        from cbo_desk.people.signing_in import unlock

        assert self.screen is not None
        office = self._bench.runner.office
        self._queue.run(self.screen, lambda: unlock(office, password), self._open, self.screen.refuse)

    def _open(self, _right: object) -> None:
        screen = self._take_away()
        for window in self._hidden:
            window.show()
        self._hidden = []
        if self._before is not None and isValid(self._before) and self._before.isVisible():
            self._before.setFocus()
        self._bench.wedge.last_used = time.monotonic()
        screen.deleteLater()

    def _leave(self) -> None:
        """What is typed stays as drafts; the compound is closed and its door asks who is at work."""
        self._take_away().deleteLater()
        for window in self._hidden:
            window.close()
        self._hidden = []
        self._sign_out()

    def _take_away(self) -> LockScreen:
        screen = self.screen
        assert screen is not None
        shell = self._bench.shell
        shell.toasts.notices.changed.disconnect(screen.raise_)
        shell.removeEventFilter(screen)
        screen.hide()
        shell.lock(None)
        self.screen = None
        return screen


def _others(shell: QWidget) -> list[QWidget]:
    return [one for one in QApplication.topLevelWidgets() if one is not shell and one.isVisible()]


def _is_public(window: QWidget) -> bool:
    """Whether everybody may see a window, such as a room's door sign."""
    return bool(window.property("public"))
