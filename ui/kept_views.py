"""What narrows a list beside its tabs: a filter as chips, and views that a person saved."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date
from functools import partial
from typing import Any, Generic, TypeVar, cast

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMenu, QWidget

from ui.bench import Bench
from ui.kit.buttons import Tool
from ui.kit.dialogs import FormBox, open_form
from ui.kit.fields import Field
from ui.kit.forms import Form
from ui.kit.saved_views import SavedView, SavedViews
from ui.kit.tabs import FilterChips, FilterWord

FilterT = TypeVar("FilterT")


class KeptViews(QObject, Generic[FilterT]):
    """The filter in force, a frozen dataclass with defaults, and the saved ones; what it can be is a subclass's.

    `changed(filter)` tells of another filter, `opened(str)` of a view that was opened.
    """

    changed = Signal(object)
    opened = Signal(str)

    def __init__(self, bench: Bench, parent: QWidget, listing: str, plain: FilterT, view: str) -> None:
        super().__init__(parent)
        self._bench, self._plain = bench, plain
        self.filter: FilterT = plain
        self.view = view
        self._first = view
        self.saved = SavedViews(bench.preferences, listing)
        self.chips = FilterChips(parent)
        self.tool = Tool("bookmark", self.tr("Saved views"), self.open_menu, parent)
        self.chips.removed.connect(self._take_off)
        self.chips.add_asked.connect(self.ask)
        self.chips.save_asked.connect(self.keep)
        self._show()

    def ask(self) -> None:
        """Ask what the list is to be narrowed to."""
        raise NotImplementedError

    def words(self) -> Sequence[FilterWord]:
        """The filter in force, part by part; parts without a demand are not shown."""
        raise NotImplementedError

    def set_filter(self, wanted: FilterT) -> None:
        """Narrow the list to something else."""
        self.filter = wanted
        self._show()
        self.changed.emit(wanted)

    def keep(self) -> None:
        """Ask what the filter in force is to be called, and keep it as a view."""
        form = Form([Field("name", self.tr("Name of the view"), required=True, longest=60)])

        def save(values: Mapping[str, Any], done: Callable[[], object], _failed: Callable[[Exception], object]) -> None:
            parts = asdict(cast(Any, self.filter))
            plain = {name: str(value) if isinstance(value, date) else value for name, value in parts.items()}
            replaced = self.saved.keep(SavedView(values["name"], {**plain, "view": self.view}))
            done()
            if replaced is not None:
                said = self.tr("The view {view} was replaced").format(view=replaced.name)
                self._bench.shell.toasts.say(said, self.tr("Undo"), partial(self.saved.keep, replaced))

        open_form(self._bench.shell, FormBox(self.tr("Save as view"), form, save, self.tr("Save"), width=420))

    def open_menu(self) -> None:
        """Every saved view, to open or to throw away."""
        menu = QMenu(self.tool)
        for view in self.saved.all():
            menu.addAction(view.name, partial(self.open_view, view))
        if not self.saved.all():
            menu.addAction(self.tr("No saved views yet")).setEnabled(False)
        else:
            menu.addSeparator()
            for view in self.saved.all():
                menu.addAction(self.tr("Delete {view}").format(view=view.name), partial(self.forget, view))
        menu.popup(self.tool.mapToGlobal(self.tool.rect().bottomLeft()))

    def open_view(self, view: SavedView) -> None:
        """Show a saved view; days of a filter were kept as text."""
        kept = dict(view.filters)
        self.opened.emit(str(kept.pop("view", self._first)))
        known: dict[str, Any] = {}
        for name, value in asdict(cast(Any, self._plain)).items():
            found = kept.get(name, value)
            if isinstance(found, list):
                found = tuple(found)
            elif value is None and isinstance(found, str):
                found = date.fromisoformat(found) if found and found != "None" else None
            known[name] = found
        self.set_filter(replace(cast(Any, self._plain), **known))

    def forget(self, view: SavedView) -> None:
        """Throw a saved view away; the toast brings it back."""
        self.saved.forget(view.name)
        said = self.tr("The view {view} is gone").format(view=view.name)
        self._bench.shell.toasts.say(said, self.tr("Undo"), partial(self.saved.keep, view))

    def in_words(self) -> str:
        """What the list is narrowed to, for the head of a paper."""
        return ", ".join(f"{word.about} {word.demand}" for word in self.words() if word.demand)

    def _take_off(self, part: str) -> None:
        plain = asdict(cast(Any, self._plain))
        self.set_filter(replace(cast(Any, self.filter), **{part: plain[part]}))

    def _show(self) -> None:
        self.chips.show_filters([word for word in self.words() if word.demand])
