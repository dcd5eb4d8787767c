"""The real window on a small compound that was built by commands, so that it has tags, history and search."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from cbo_desk.office import Office
from cbo_desk.people import EntityForm, PersonForm, add_entity, add_person
from cbo_desk.permissions import DESKS, Actor, Role
from cbo_desk.places import PlaceForm, add_place
from cbo_desk.property import AssetForm, State, change_state, receive_assets
from tests.furnished import made_once
from tests.waiting import bury, comes_to_hold
from ui.kit.preferences import LAST_DESK, Preferences
from ui.kit.theme import apply_theme
from ui.window import Window

CONTROL = Qt.KeyboardModifier.ControlModifier
SETTLED_MS = 30_000


@made_once
def furnish(office: Office) -> SimpleNamespace:
    """Two entities, a site with a block of two floors, rooms, a store, two people and three assets; ids by name."""
    made = SimpleNamespace()

    def write(name: str, command: Callable[..., Any], *args: Any) -> int:
        ident = int(office.write(command, *args).ids[0])
        setattr(made, name, ident)
        return ident

    unep = write("unep", add_entity, EntityForm("UNEP", "Environment"))
    write("wfp", add_entity, EntityForm("WFP", "Food"))
    site = write("site", add_place, PlaceForm("GIGIRI", "site", "Gigiri compound"))
    block = write("block", add_place, PlaceForm("M", "building", "Block M"), site)
    first = write("first", add_place, PlaceForm("M-1", "floor", "floor 1"), block)
    second = write("second", add_place, PlaceForm("M-2", "floor", "floor 2"), block)
    write("m118", add_place, PlaceForm("M-118", "room", "Mail room"), first)
    m214 = write("m214", add_place, PlaceForm("M-214", "room", "Registry", 23.5, unep), second)
    write("m215", add_place, PlaceForm("M-215", "room", "Law Division"), second)
    write("store", add_place, PlaceForm("S1", "store", "Store S1"), site)
    erik = write("erik", add_person, PersonForm("Lindqvist", "Erik", unep, "104882", "Law", place_id=m214))
    write("wafula", add_person, PersonForm("Wafula", "Grace", unep, "104883"))
    for number in range(3):
        form = AssetForm(unep, f"UNEP-{number:03}", "Laptop, Latitude", place_id=m214, custodian_id=erik)
        write(f"asset{number}", receive_assets, form)
    office.write(change_state, [made.asset0], State.MISSING)
    return made


def viewer() -> Actor:
    """Somebody who may look at everything and change nothing."""
    return Actor("vi", "Vi Viewer", dict.fromkeys(DESKS, Role.VIEWER), "DESK-2")


def idle(window: Window) -> bool:
    """Whether everything asked and ordered has been answered, and the card is that of the row in hand."""
    return window.runner.answered and not window.runner.following.under_way


@pytest.fixture
def open_window(qapp: QApplication, qtbot: Any, tmp_path: Path, monkeypatch: Any) -> Iterator[Callable[..., Window]]:
    """Opens the real window over an office at a desk; it is taken down after the test."""
    apply_theme(qapp, "light", 1.0)
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    monkeypatch.setattr("ui.window.folder", lambda: tmp_path)
    opened: list[Window] = []

    def make(office: Any, desk: str = "places") -> Window:
        preferences = Preferences(tmp_path / "preferences.ini")
        preferences.set(LAST_DESK, desk)
        window = Window(office, preferences)
        window.show()
        opened.append(window)
        hands = Hands(qtbot, window)
        hands.until(window.shell.isActiveWindow)
        hands.still()
        return window

    yield make
    for window in opened:
        window.close()
    bury()
    apply_theme(qapp, "light", 1.0)


@pytest.fixture
def made(sqlite_office: Office) -> SimpleNamespace:
    """The compound on SQLite."""
    return furnish(sqlite_office)


@pytest.fixture
def window(open_window: Callable[..., Window], sqlite_office: Office, made: SimpleNamespace) -> Window:
    """The window on SQLite, at Places."""
    return open_window(sqlite_office)


def _holds(right: Callable[[], Any]) -> bool:
    """Whether something holds by now; what it asserts may come to hold, too."""
    try:
        return bool(right())
    except AssertionError:
        return False


class Hands:
    """What a person does at a window: presses, types, waits until it is still, reads toasts and forms."""

    patience_ms = SETTLED_MS

    def __init__(self, qtbot: Any, window: Window) -> None:
        self.qtbot, self.window = qtbot, window

    def still(self) -> None:
        """Wait until all is answered."""
        self.until(lambda: idle(self.window))

    def until(self, right: Callable[[], Any]) -> None:
        """Wait until something holds; only the time in which this program could run counts."""
        if not comes_to_hold(lambda: _holds(right), self.patience_ms / 1000):
            raise self.qtbot.TimeoutError(f"This did not come to hold: {self._standing()}")

    def _standing(self) -> str:
        """What a wait that came to nothing was left with."""
        runner, shell = self.window.runner, self.window.shell
        queues = {name: getattr(runner, f"_{name}").busy for name in ("reads", "writes", "walks", "jobs")}
        said = shell.toasts.now.notice.said if shell.toasts.now is not None else ""
        focus, box = QApplication.focusWidget(), shell._overlay.box if shell._overlay is not None else None
        return f"scans {self.window.bench.feed.pending}, {queues}, on {shell.page()}, {focus=}, {box=}, {said=}"

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Press a key on whatever has the focus."""
        self.until(lambda: QApplication.focusWidget() is not None)
        self.qtbot.keyClick(QApplication.focusWidget(), key, modifiers)

    def type(self, text: str) -> None:
        """Type over what stands in the field that has the focus."""
        focus = QApplication.focusWidget()
        assert focus is not None
        if hasattr(focus, "selectAll"):
            focus.selectAll()
        self.qtbot.keyClicks(focus, text)

    def form(self) -> Any:
        """The form in front, once it is there."""
        self.until(lambda: self.window.shell._overlay is not None)
        return self.window.shell._overlay.box.form

    def save(self) -> None:
        """Press Ctrl+Enter and wait."""
        self.press(Qt.Key.Key_Return, CONTROL)
        self.still()

    def gone(self) -> None:
        """Wait until the box in front is gone."""
        self.until(lambda: self.window.shell._overlay is None)

    def fault(self, name: str) -> str:
        """The sentence below a field of the form in front."""
        label = self.form()._faults[name]
        return str(label.words()) if label.isVisible() else ""

    def pick(self, words: str) -> None:
        """Type into a pick field and take its first suggestion."""
        field = QApplication.focusWidget().parentWidget()
        self.type(words)
        self.until(lambda: field._list is not None)
        self.press(Qt.Key.Key_Return)

    def told(self) -> str:
        """What the toast says."""
        self.until(lambda: self.window.shell.toasts.now is not None)
        return str(self.window.shell.toasts.now.notice.said)

    def undo(self) -> None:
        """Press Ctrl+Z."""
        self.press(Qt.Key.Key_Z, CONTROL)
        self.still()


@pytest.fixture
def hands(qtbot: Any, window: Window) -> Hands:
    """Hands at the window on SQLite."""
    return Hands(qtbot, window)
