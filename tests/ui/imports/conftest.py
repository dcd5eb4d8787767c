"""A window on a small compound, with the import page in front, and registers as they really come."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from db.people import Entity, Person
from db.places import Place
from tests.furnished import made_once
from tests.writing import insert
from ui.kit.preferences import LAST_DESK, Preferences
from ui.kit.theme import apply_theme
from ui.window import Window


@made_once
def furnish(office: Any) -> None:
    """Two entities, two rooms, a store and one person."""

    def fill(session: Any) -> None:
        unep, wfp = Entity(code="UNEP", name="Environment"), Entity(code="WFP", name="Food")
        session.add_all([unep, wfp])
        site = Place(place_kind="site", code="GIGIRI", name="Gigiri")
        session.add(site)
        session.flush()
        site.path = f"/{site.id}/"
        for code, kind in (("M-214", "room"), ("M-118", "room"), ("S1", "store")):
            place = Place(place_kind=kind, code=code, name=code, parent_id=site.id)
            session.add(place)
            session.flush()
            place.path = f"/{site.id}/{place.id}/"
        person = {"family_name": "Lindqvist", "given_name": "Erik", "sort_name": "Lindqvist, Erik"}
        session.add(Person(entity_id=unep.id, entity_code="UNEP", **person))

    insert(office, fill)


@pytest.fixture
def open_window(qapp: QApplication, qtbot: Any, tmp_path: Path) -> Iterator[Callable[[Any], Window]]:
    """Opens the real window over an office; it is taken down after the test."""
    apply_theme(qapp, "light", 1.0)
    opened: list[Window] = []

    def make(office: Any) -> Window:
        furnish(office)
        preferences = Preferences(tmp_path / "preferences.ini")
        preferences.set(LAST_DESK, "property")
        window = Window(office, preferences)
        window.show()
        opened.append(window)
        qtbot.waitUntil(window.shell.isActiveWindow)
        return window

    yield make
    for window in opened:
        window.close()


@pytest.fixture
def window(open_window: Callable[[Any], Window], sqlite_office: Any) -> Window:
    """The window on SQLite."""
    return open_window(sqlite_office)


@pytest.fixture
def page(window: Window) -> Any:
    """The import page of assets, in front."""
    window.shell.go("property")
    return window.shell.go("property/import")


@pytest.fixture
def settled(qtbot: Any) -> Callable[[Any], None]:
    """Waits until a page's file is read and checked, and all reads of the window are answered."""

    def wait(page: Any) -> None:
        runner = page.bench.runner
        queues = (runner._jobs, runner._reads, runner._writes, runner._walks)
        qtbot.waitUntil(lambda: not page.task.busy() and not any(queue.busy for queue in queues), timeout=20_000)

    return wait


@pytest.fixture
def press(qtbot: Any) -> Callable[..., None]:
    """Presses a key on whatever has the focus."""

    def key(code: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        qtbot.waitUntil(lambda: QApplication.focusWidget() is not None)
        qtbot.keyClick(QApplication.focusWidget(), code, modifiers)

    return key
