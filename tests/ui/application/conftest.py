"""Starting the program as it is started: its own data folder, its own preferences, the real opening."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication

from ui.kit.preferences import Preferences
from ui.kit.theme import apply_theme
from ui.opening import Opening


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A person's empty data folder."""
    folder = tmp_path / "home"
    folder.mkdir()
    for name in ("CBO_DATA", "XDG_DATA_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, str(folder))
    return folder


@pytest.fixture(scope="session")
def demo_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small demo compound, made once."""
    from cbo_desk.compound import open_office
    from cbo_desk.demo import make_demo

    path = tmp_path_factory.mktemp("demo") / "demo.db"
    office = open_office(str(path), check=False)
    office.write(make_demo, 0.1)
    with office.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    office.close()
    return path


@pytest.fixture
def demo(home: Path, demo_file: Path) -> Path:
    """The demo compound at the usual place."""
    path = home / "compound.db"
    shutil.copyfile(demo_file, path)
    return path


def _in_front(frame: Any) -> bool:
    """Whether a frame is the active window; asked of it again and again, for one just closed may go behind it late."""
    frame.activateWindow()
    return bool(frame.isActiveWindow())


@pytest.fixture
def start(qapp: QApplication, qtbot: Any, home: Path) -> Iterator[Callable[..., Opening]]:
    """Starts the program; everything is closed at the end."""
    apply_theme(qapp, "light", 1.0)
    begun: list[Opening] = []

    def begin(url: str = "", wait: str = "window") -> Opening:
        preferences = Preferences(home / "preferences.ini")
        opening = Opening(url or str(home / "compound.db"), preferences)
        opening.url = url or opening.url
        begun.append(opening)
        opening.begin()
        qtbot.waitUntil(lambda: _in_front(opening.frame))
        if wait == "window":
            qtbot.waitUntil(lambda: opening.window is not None, timeout=30_000)
        return opening

    yield begin
    for opening in begun:
        opening.finish()
        opening.frame.deleteLater()
        opening.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
