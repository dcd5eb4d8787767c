"""Saved views of a list: a name for filters, order and columns, remembered on this workstation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from ui.kit.preferences import VIEWS, Preferences


@dataclass(frozen=True)
class SavedView:
    """One saved view: plain values only; the page knows what its filters mean.

    `columns` is an arrangement of the list's columns, empty where the view leaves them as they are.
    """

    name: str
    filters: dict[str, Any] = field(default_factory=dict)
    sort: str = ""
    descending: bool = False
    columns: dict[str, Any] = field(default_factory=dict)


class SavedViews:
    """The saved views of one list, in the order they were made."""

    def __init__(self, preferences: Preferences, listing: str) -> None:
        self._preferences, self._listing = preferences, listing

    def all(self) -> Sequence[SavedView]:
        """Every saved view; a damaged one is left out."""
        kept = self._preferences.entry(VIEWS, self._listing)
        return tuple(view for entry in kept or () if (view := _read(entry)) is not None)

    def keep(self, view: SavedView) -> SavedView | None:
        """Keep a view; one of the same name is replaced where it stands, and is the answer, for Undo."""
        views = list(self.all())
        names = [known.name for known in views]
        replaced = None
        if view.name in names:
            replaced = views[names.index(view.name)]
            views[names.index(view.name)] = view
        else:
            views.append(view)
        self._write(views)
        return replaced

    def has(self, name: str) -> bool:
        """Whether there is a view of this name."""
        return any(view.name == name for view in self.all())

    def forget(self, name: str) -> SavedView | None:
        """Throw a view away; the answer can be kept again, for Undo."""
        views = {view.name: view for view in self.all()}
        gone = views.pop(name, None)
        self._write(views.values())
        return gone

    def _write(self, views: Any) -> None:
        self._preferences.set_entry(VIEWS, self._listing, [asdict(view) for view in views])


def _read(entry: Any) -> SavedView | None:
    try:
        columns = entry.get("columns")
        return SavedView(**{**entry, "columns": columns if isinstance(columns, dict) else {}})
    except (TypeError, AttributeError):
        return None
