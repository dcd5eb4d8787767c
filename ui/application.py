"""The program as a person meets it: it starts, finds the compound or asks how to begin, and ends in order."""

from __future__ import annotations

import gc
import sys
from pathlib import Path

from PySide6 import __version__ as qt_version
from PySide6.QtCore import QLibraryInfo, QLocale, QTimer, QTranslator
from PySide6.QtWidgets import QApplication

from cbo_desk.bugs import LOG, write_log_to
from ui.kit.garbage import Garbage
from ui.kit.preferences import SCALE, THEME, Preferences, folder
from ui.kit.shipped import SHIPPED
from ui.kit.theme import apply_theme

REFUSED = 1
SWITCH_S = 0.0001
"""A thread that reckons gives way after this time. With Python's own 5 ms each of the dozen statements of a scan waited
so long for a room that was being read beside it, and a table that was painted while a file was checked stood still for
over a second: Qt asks ours for each cell, and every answer waited."""


def unfit(python: tuple[int, int], qt: str) -> str:
    """Why this Qt must not run under this Python, in a sentence; empty where all is well.

    PySide6 6.12.0 drops a reference to True with every signal under Python 3.10 and 3.11 and aborts after some
    thousand of them: docs/decisions/0003-pyside6-version.md.
    """
    if qt.startswith("6.12.0") and python < (3, 12):
        return (
            f"PySide6 {qt} crashes under Python {python[0]}.{python[1]}. "
            'Install another one: pip install "PySide6-Essentials<6.12", or use Python 3.12.'
        )
    return ""


def open_window(url: str) -> int:
    """Open the window on the compound at `url`, or on the choice of how to begin; the exit code when it is closed."""
    gc.disable()  # nothing made while starting is garbage
    fault = unfit(sys.version_info[:2], qt_version)
    if fault:
        print(fault, file=sys.stderr)  # noqa: T201 - there is no window to say it in
        return REFUSED
    app = make_app()
    from ui.opening import Opening

    opening = Opening(url, Preferences(parent=app), app)
    # The event loop runs first: the frame is painted before anything is opened.
    QTimer.singleShot(0, opening.begin)
    code = app.exec()
    opening.finish()
    return code


def make_app(preferences: Preferences | None = None) -> QApplication:
    """Qt's application with our name, words, letters and colours, its garbage collected where widgets may die."""
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = QApplication([])
    app.setApplicationName("CBO Desk")
    app.setApplicationDisplayName("CBO Desk")
    chosen = preferences or Preferences()
    load_words(app, QLocale())
    apply_theme(app, chosen.get(THEME), chosen.get(SCALE))  # type: ignore[arg-type]
    Garbage(app)
    sys.setswitchinterval(SWITCH_S)
    write_log_to(_log_file())
    return app


def load_words(app: QApplication, locale: QLocale, places: tuple[Path, ...] | None = None) -> list[QTranslator]:
    """Load our own catalogue and Qt's for a language, where there is one; they live as long as the program."""
    own, qt = SHIPPED / "translations", Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath))
    loaded = []
    for place, name in zip(places or (qt, own), ("qtbase", "cbo_desk"), strict=True):
        translator = QTranslator(app)
        if translator.load(locale, name, "_", str(place)):
            app.installTranslator(translator)
            loaded.append(translator)
    return loaded


def _log_file() -> Path:
    """Where our own faults are written down; a folder that cannot be made costs the log only."""
    try:
        return folder() / "faults.log"
    except OSError as error:
        LOG.warning("No log is kept: %s", error)
        return Path("faults.log")
