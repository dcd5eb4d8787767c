"""Asking for files: which to open, where to save; each purpose remembers its folder."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from ui.kit.own_files import show
from ui.kit.preferences import FOLDERS, Preferences

Chosen = Callable[[Path], object]


def ask_open(
    parent: QWidget, title: str, kinds: Sequence[str], purpose: str, preferences: Preferences, chosen: Chosen
) -> QFileDialog:
    """Ask for a file to open; `kinds` are like "Tables (*.csv *.xlsx)", `purpose` names the remembered folder."""
    dialog = QFileDialog(parent, title, preferences.entry(FOLDERS, purpose) or "")
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.setNameFilters(list(kinds))
    return _open(dialog, purpose, preferences, chosen)


def ask_save(
    parent: QWidget,
    title: str,
    name: str,
    kinds: Sequence[str],
    purpose: str,
    preferences: Preferences,
    chosen: Chosen,
) -> QFileDialog:
    """Ask where to save a file called `name` unless the person says otherwise; the kind chosen gives its suffix."""
    dialog = QFileDialog(parent, title, preferences.entry(FOLDERS, purpose) or "")
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setFileMode(QFileDialog.FileMode.AnyFile)
    dialog.setNameFilters(list(kinds))
    dialog.setDefaultSuffix(_suffix(kinds[0]))
    dialog.filterSelected.connect(lambda kind: dialog.setDefaultSuffix(_suffix(kind)))
    dialog.selectFile(name)
    return _open(dialog, purpose, preferences, chosen)


def show_folder(path: Path) -> None:
    """Show the folder of a file in the computer's own file manager."""
    show(path.parent)


def _open(dialog: QFileDialog, purpose: str, preferences: Preferences, chosen: Chosen) -> QFileDialog:
    def take(name: str) -> None:
        path = Path(name)
        preferences.set_entry(FOLDERS, purpose, str(path.parent))
        chosen(path)

    dialog.fileSelected.connect(take)
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
    return dialog


def _suffix(kind: str) -> str:
    """The first suffix of a kind like "CSV (*.csv)", without its dot."""
    return kind.rpartition("*.")[2].rstrip(") ") if kind.count("*.") == 1 else ""
