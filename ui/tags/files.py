"""Asks for the file that tags are saved in, beginning in the folder used last."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QStandardPaths, Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from ui.kit.preferences import Preferences
from ui.tags.habits import FOLDER


def ask_file(parent: QWidget, preferences: Preferences, name: str, then: Callable[[Path], object]) -> QFileDialog:
    """Ask where to save a file of this name, and go on with its path; nothing happens where the person says no."""
    documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    kept = preferences.get(FOLDER)
    folder = Path(kept) if kept and Path(kept).is_dir() else Path(documents)
    dialog = QFileDialog(parent, QCoreApplication.translate("files", "Save tags as"))
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setFileMode(QFileDialog.FileMode.AnyFile)
    suffix = Path(name).suffix
    dialog.setDefaultSuffix(suffix.lstrip("."))
    dialog.setNameFilter(f"{suffix.lstrip('.').upper()} (*{suffix})")
    dialog.setDirectory(str(folder))
    dialog.selectFile(name)

    def chosen(file: str) -> None:
        path = Path(file)
        if path.suffix.lower() != suffix:
            path = path.with_name(path.name + suffix)
        preferences.set(FOLDER, str(path.parent))
        then(path)

    dialog.fileSelected.connect(chosen)
    dialog.open()
    return dialog
