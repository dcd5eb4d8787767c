"""What this workstation remembers for its person: theme, text size, window, columns, saved views, habits.

Nothing here is a record of the compound; losing it costs convenience only, so a damaged value reads as its default.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QObject, QSettings, QStandardPaths, Signal

T = TypeVar("T")
NAME = "CBO Desk"


@dataclass(frozen=True)
class Setting(Generic[T]):
    """One remembered thing: its key, what holds before anybody chose, and what it means."""

    key: str
    default: T
    meaning: str


THEME: Setting[str] = Setting("look/theme", "system", "light, dark, or as the computer is set")
SCALE: Setting[float] = Setting("look/scale", 1.0, "size of text: 1, 1.25 or 1.5")
GEOMETRY: Setting[str] = Setting("window/geometry", "", "where the window stood, as Qt writes it, in base 64")
SPLITS: Setting[dict[str, list[int]]] = Setting("window/splits", {}, "widths of list and card by page")
LAST_DESK: Setting[str] = Setting("window/desk", "", "the desk that was open last")
COLUMNS: Setting[dict[str, Any]] = Setting("tables/columns", {}, "widths, order and hidden columns by table")
VIEWS: Setting[dict[str, Any]] = Setting("tables/views", {}, "saved views by table")
FOLDERS: Setting[dict[str, str]] = Setting("files/folders", {}, "the folder last used, by purpose of the file")
SCANNER: Setting[dict[str, Any]] = Setting("scanner/settings", {}, "how this workstation's scanner sends")
COMPOUND: Setting[str] = Setting("compound/last", "", "the address of the compound that was open last, no password")
DOORS: Setting[dict[str, dict[str, str]]] = Setting(
    "compound/doors", {}, "by server and database: the compound's name, and what its door asks for"
)
BACKUPS: Setting[dict[str, Any]] = Setting("compound/backups", {}, "backups made by themselves, by compound's address")
LOCK_MINUTES: Setting[int] = Setting("door/lock_minutes", 15, "minutes until an untouched screen locks, 0 for never")
HABITS: Setting[dict[str, int]] = Setting("palette/habits", {}, "how often each action was run from Ctrl+K")


def folder() -> Path:
    """Where this program keeps files of its own for the person: drafts and the log of our own faults."""
    place = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.GenericDataLocation)
    path = Path(place) / NAME
    path.mkdir(parents=True, exist_ok=True)
    return path


class Preferences(QObject):
    """Reads and writes settings; `changed(key)` tells of each write."""

    changed = Signal(str)

    def __init__(self, file: Path | None = None, parent: QObject | None = None) -> None:
        """Settings from the person's usual place, or from `file`."""
        super().__init__(parent)
        if file is None:
            kind, scope = QSettings.Format.IniFormat, QSettings.Scope.UserScope
            self._store = QSettings(kind, scope, NAME, NAME, self)
        else:
            self._store = QSettings(str(file), QSettings.Format.IniFormat, self)

    def get(self, setting: Setting[T]) -> T:
        """What was remembered, or the default where nothing was, or nothing readable."""
        raw = self._store.value(setting.key)
        if not isinstance(raw, str):
            return setting.default
        try:
            value = json.loads(raw)
        except ValueError:
            return setting.default
        kind = type(setting.default)
        if kind is float and isinstance(value, int) and not isinstance(value, bool):
            value = float(value)
        return value if isinstance(value, kind) else setting.default

    def set(self, setting: Setting[T], value: T) -> None:
        """Remember a value."""
        self._store.setValue(setting.key, json.dumps(value))
        self.changed.emit(setting.key)

    def entry(self, setting: Setting[dict[str, T]], name: str) -> T | None:
        """One entry of a remembered table, for instance the columns of one list."""
        entries: dict[str, T] = self.get(setting)
        return entries.get(name)

    def set_entry(self, setting: Setting[dict[str, T]], name: str, value: T) -> None:
        """Remember one entry of a table."""
        entries: dict[str, T] = self.get(setting)
        self.set(setting, {**entries, name: value})

    def flush(self) -> None:
        """Write what is remembered to disk now."""
        self._store.sync()
