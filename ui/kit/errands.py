"""What a person set off and waits for: keys typed before its form is there belong to the form, and to nothing else.

A form's choices are read before it opens. On a busy computer that takes long enough to type the first words, which
would land in the scan field, or run the page's letter keys.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from ui.kit.scanning.keys import Pressed, is_plain, pressed
from ui.kit.scanning.passing_on import focused, send_again

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_EDITING = (
    QKeySequence.StandardKey.Paste,
    QKeySequence.StandardKey.SelectAll,
    QKeySequence.StandardKey.DeleteStartOfWord,
)


class Errand:
    """One deed with the questions that it asked: `page` is where its answer belongs.

    `is_wanted` is False once the person gave it up or went elsewhere: then its form stays away.
    """

    def __init__(self) -> None:
        self.page: QWidget | None = None
        self.asked = 0
        self.failed = False
        self.given_up = False
        self.over: Callable[[], object] = lambda: None

    def carry(self, run: Callable[[Any], object], *, failing: bool = False) -> Callable[[Any], object]:
        """An answer's function that still belongs to this errand when it is called."""

        def carried(answer: Any) -> None:
            self.failed = self.failed or failing
            with within(self):
                run(answer)

        return carried

    def ask(self, owner: QObject, run: Callable[[Any], object], *, failing: bool = False) -> Callable[[Any], object]:
        """The same for a question that is waited for; not run where the owner is gone by then."""
        carried = self.carry(run, failing=failing)

        def answered(answer: Any) -> None:
            self.asked -= 1
            try:
                if isValid(owner):
                    carried(answer)
            finally:
                if self.asked == 0:
                    self.over()

        return answered


_under_way: list[Errand] = []


def errand_under_way() -> Errand | None:
    """The errand whose deed or answer is being run just now."""
    return _under_way[-1] if _under_way else None


@contextmanager
def within(errand: Errand) -> Iterator[None]:
    """All that is asked meanwhile belongs to the errand."""
    _under_way.append(errand)
    try:
        yield
    finally:
        _under_way.pop()


class TypeAhead(QObject):
    """Holds keys while an errand waits for its answers, and gives them to the form, or to whatever has the focus then.

    Esc gives the errand up. A box that is no form gets none of them: nobody answers a question before it is read.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._errand: Errand | None = None
        self._watched: QWidget | None = None
        self._held: deque[Pressed] = deque()
        self._trigger = QKeySequence()

    def set_off(self, deed: Callable[[], object], page: Callable[[], QWidget | None], shortcut: str = "") -> None:
        """Run a deed; keys are held from now on if it asks something and leaves page and focus where they are."""
        errand = Errand()
        before, focus = page(), QApplication.focusWidget()
        with within(errand):
            deed()
        errand.page = page()
        stays = focus is not None and isValid(focus) and QApplication.focusWidget() is focus
        if errand.asked and stays and errand.page is before:
            assert focus is not None
            self._hold(errand, focus, shortcut)

    def is_wanted(self, page: QWidget | None) -> bool:
        """Whether what is about to be shown in front of a page is still waited for."""
        errand = errand_under_way()
        return errand is None or not (errand.given_up or (errand.page is not None and errand.page is not page))

    def go(self, page: QWidget) -> None:
        """A page comes to the front: an errand may lead there, any other is given up."""
        errand = errand_under_way()
        if errand is not None:
            errand.page = page
        if self._errand is not None and self._errand is not errand:
            self.give_up()

    def give_up(self) -> None:
        """What was asked for is no longer wanted, nor what was typed for it."""
        if self._errand is not None:
            self._errand.given_up = True
        self.drop()

    def drop(self) -> None:
        """Forget what was typed, and hold no more."""
        self._release()
        self._held.clear()

    def pass_on(self) -> None:
        """Give what was typed to what has the focus now."""
        self._release()
        while self._held and self._watched is None:
            target = focused()
            one = self._held.popleft()
            if target is not None:
                send_again(replace(one, target=target))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Hold the keys that reach the watched widget; a press of the mouse elsewhere means something else."""
        if watched is not self._watched:
            return False
        kind = event.type()
        if kind == QEvent.Type.FocusOut and isinstance(event, QFocusEvent):
            if event.reason() == Qt.FocusReason.MouseFocusReason:
                self.drop()
            return False
        if not isinstance(event, QKeyEvent):
            return False
        if kind == QEvent.Type.KeyRelease:
            return True
        if not _is_typing(event):
            return False
        if kind == QEvent.Type.ShortcutOverride:
            event.accept()
        elif event.key() == Qt.Key.Key_Escape:
            self.give_up()
        elif not self._is_trigger_again(event):
            assert self._watched is not None
            self._held.append(pressed(event, self._watched))
        return True

    def _hold(self, errand: Errand, focus: QWidget, shortcut: str) -> None:
        self._release()
        self._errand, self._watched, self._trigger = errand, focus, QKeySequence(shortcut)
        errand.over = self._over
        focus.installEventFilter(self)

    def _release(self) -> None:
        if self._watched is not None and isValid(self._watched):
            self._watched.removeEventFilter(self)
        if self._errand is not None:
            self._errand.over = lambda: None
        self._errand = self._watched = None

    def _over(self) -> None:
        """Everything is answered. Where that went wrong, the page's letter keys must not run instead."""
        if self._errand is not None and self._errand.failed:
            self.drop()
        else:
            self.pass_on()

    def _is_trigger_again(self, event: QKeyEvent) -> bool:
        """Whether the key that set the errand off was hit twice, or is held down."""
        again = QKeySequence(event.keyCombination()) == self._trigger
        return again and (not self._held or event.isAutoRepeat())


def _is_typing(event: QKeyEvent) -> bool:
    """Whether a key is meant for a field of a form; those with Ctrl or Alt mostly mean something else."""
    control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
    return is_plain(event) or (control and event.key() in _ENTER) or any(event.matches(each) for each in _EDITING)
