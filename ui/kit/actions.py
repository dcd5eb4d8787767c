"""Everything a person can do, as one list: menus, keys, Ctrl+K and the help page all read it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget
from shiboken6 import isValid

from ui.kit.errands import errand_under_way
from ui.kit.following import Following
from ui.kit.icons import put_icon


def _always() -> bool:
    return True


@dataclass(frozen=True)
class Action:
    """One deed: `id` like "property.hand_over", its words, icon and key, and what runs it.

    `scope` is the desk's id, or "" for what can be done everywhere. `hint` is said behind the label in Ctrl+K.
    `listed` is False for what only makes sense by its key (such as moving the focus).
    """

    id: str
    label: str
    run: Callable[[], object]
    icon: str = "command"
    shortcut: str = ""
    scope: str = ""
    hint: str = ""
    enabled: Callable[[], bool] = _always
    listed: bool = True


def keys_in_words(shortcut: str) -> str:
    """A shortcut as it stands on this computer's keyboard."""
    return QKeySequence(shortcut).toString(QKeySequence.SequenceFormat.NativeText)


class Actions(QObject):
    """The registry. `changed` tells that actions came or went; `ran(id)` that one was run."""

    changed = Signal()
    ran = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._actions: dict[str, Action] = {}
        self._bound: dict[str, QAction] = {}
        self.covered: Callable[[], bool] = lambda: False
        """Whether a box stands in front of the page."""
        self.set_off: Callable[[Callable[[], object], str], object] = lambda run, _shortcut: run()
        """Runs a deed; the window holds what is typed until its form is there."""
        self.following: Following | None = None
        """Tells whether the card of what a person chose is still to follow."""
        self.locked = False
        """Whether the screen is locked: no action can be run then."""

    def add(self, owner: QWidget, *actions: Action) -> None:
        """Make actions known while `owner` lives.

        A key with Ctrl or Alt and a function key work while the owner can be seen, wherever the focus is (it begins in
        the scan field); a bare letter works while the focus is within the owner.
        """
        for action in actions:
            if action.id in self._actions and isValid(self._bound[action.id]):
                raise ValueError(f"Two actions have the id {action.id}.")
            self._actions[action.id] = action
            self._bound[action.id] = self._bind(owner, action)
        self.changed.emit()

    def remove(self, *ids: str) -> None:
        """Forget actions before their owner goes."""
        for name in ids:
            self._actions.pop(name, None)
            bound = self._bound.pop(name, None)
            if bound is not None and isValid(bound):
                bound.deleteLater()
        self.changed.emit()

    def give_key(self, name: str, shortcut: str) -> None:
        """Let an action have another key from now on, or none: of views that share one, the one in front has it."""
        self._actions[name] = replace(self._actions[name], shortcut=shortcut)
        _put_key(self._bound[name], self._actions[name])
        self.changed.emit()

    def all(self) -> Sequence[Action]:
        """Every action whose owner is alive, in the order they were added."""
        for name in [name for name, bound in self._bound.items() if not isValid(bound)]:
            del self._bound[name], self._actions[name]
        return tuple(self._actions.values())

    def of(self, scope: str) -> Sequence[Action]:
        """The actions of one desk, then those that work everywhere."""
        known = self.all()
        return (*(a for a in known if a.scope == scope), *(a for a in known if not a.scope and scope))

    def offered(self) -> Sequence[Action]:
        """Every action once: of several that are called the same on one desk, that of the page in front."""
        best: dict[tuple[str, str], Action] = {}
        for action in self.all():
            called = (action.scope, action.label)
            if called not in best or (self._in_front(action) and not self._in_front(best[called])):
                best[called] = action
        return tuple(best.values())

    def get(self, name: str) -> Action:
        """The action with this id; KeyError where there is none."""
        return self._actions[name]

    def run(self, name: str) -> bool:
        """Run an action; False where it is not possible just now."""
        action = self._actions[name]
        if self.locked or not action.enabled():
            return False
        self.ran.emit(name)
        self.set_off(action.run, action.shortcut)
        return True

    def menu(self, parent: QWidget, names: Sequence[str]) -> QMenu:
        """A menu of actions by id; "" makes a separator."""
        menu = QMenu(parent)
        for name in names:
            if not name:
                menu.addSeparator()
                continue
            action = self._actions[name]
            entry = QAction(action.label, menu)
            put_icon(entry, action.icon)
            if action.shortcut:
                entry.setText(f"{action.label}\t{keys_in_words(action.shortcut)}")
            entry.setEnabled(action.enabled())
            entry.triggered.connect(lambda _=False, name=name: self.run(name))
            menu.addAction(entry)
        return menu

    def _in_front(self, action: Action) -> bool:
        owner = self._bound[action.id].parent()
        return isinstance(owner, QWidget) and owner.isVisible()

    def _pressed(self, action: Action) -> None:
        """A key was hit: while a box stands in front of the page, the page's own keys rest.

        A letter's deed is about the record in hand: it waits until that record's card is there.
        """
        if action.scope and self.covered():
            return
        if action.scope and _is_letter(action.shortcut) and self.following is not None and self.following.under_way:
            self.set_off(partial(self._run_then, action.id, self.following), action.shortcut)
        else:
            self.run(action.id)

    def _run_then(self, name: str, following: Following) -> None:
        errand = errand_under_way()
        assert errand is not None, "whoever knows what follows sets deeds off as errands"

        def caught_up(_: object) -> None:
            action = self._actions.get(name)
            if action is not None and not errand.given_up and self._in_front(action):
                self.run(name)

        errand.asked += 1
        following.then(partial(errand.ask(self, caught_up), None))

    def _bind(self, owner: QWidget, action: Action) -> QAction:
        bound = QAction(action.label, owner)
        bound.setObjectName(action.id)
        bound.setAutoRepeat(False)
        _put_key(bound, action)
        bound.triggered.connect(lambda _=False: self._pressed(self._actions[action.id]))
        owner.addAction(bound)
        return bound


def _put_key(bound: QAction, action: Action) -> None:
    everywhere = Qt.ShortcutContext.WindowShortcut
    within = Qt.ShortcutContext.WidgetWithChildrenShortcut
    bound.setShortcutContext(within if action.scope and _is_letter(action.shortcut) else everywhere)
    bound.setShortcut(QKeySequence(action.shortcut))


def _is_letter(shortcut: str) -> bool:
    """Whether a key, with Shift at most, could be typed where text is entered."""
    *held, key = shortcut.split("+")
    return not {"Ctrl", "Alt", "Meta"} & set(held) and not re.fullmatch(r"F\d+", key)
