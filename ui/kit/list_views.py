"""The row of views above a list: shipped ones and those that a person saved, with what can be done with the latter."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from cbo_desk.errors import Refusal
from ui.kit.actions import Action
from ui.kit.buttons import Tool
from ui.kit.cards import line
from ui.kit.dialogs import FormBox, open_form
from ui.kit.fields import Field
from ui.kit.forms import Form
from ui.kit.own_columns import Columns
from ui.kit.preferences import Preferences
from ui.kit.saved_views import SavedView, SavedViews
from ui.kit.shell import Shell
from ui.kit.tabs import Tab, Tabs

SAVED = "saved:"
LONGEST_NAME = 60


class ListViews(QObject):
    """Views of one list or of a few lists on one page.

    They stand in `tabs`, for instance a page's own, or in a row of their own.
    Signals: `shown(str)` a shipped view was chosen; `taken(SavedView)` a saved one; `renewed` the row has other views.
    """

    shown = Signal(str)
    taken = Signal(object)
    renewed = Signal()

    def __init__(
        self, shell: Shell, preferences: Preferences, listing: str, shipped: Sequence[Tab], parent: QObject,
        tabs: Tabs | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._shell, self._shipped = shell, list(shipped)
        self.saved = SavedViews(preferences, listing)
        self.tabs = Tabs(look="pill") if tabs is None else tabs
        self.tool = Tool("bookmark", self.tr("All saved views"), self.open_menu)
        self._now: Callable[[], SavedView] | None = None
        self._columns: Callable[[], Columns] | None = None
        self.tabs.chosen.connect(self.choose)
        self.show_views()

    def keep_from(self, now: Callable[[], SavedView], columns: Callable[[], Columns] | None = None) -> None:
        """Let the person save what `now` tells of the list as it stands; its name is asked for.

        `columns` tells those of the list in front: a saved view has its own, others leave them to the person.
        """
        self._now, self._columns = now, columns

    def row(self) -> QHBoxLayout:
        """The menu of saved views and the views, in one line."""
        whole = line(self.tool, self.tabs, gap=2)
        whole.setStretch(1, 1)
        return whole

    def show_views(self, chosen: str = "") -> None:
        """Show the shipped and the saved views."""
        tabs = [*self._shipped, *(Tab(SAVED + view.name, view.name) for view in self.saved.all())]
        self.tabs.show_tabs(tabs, chosen)
        self.renewed.emit()

    def choose(self, name: str) -> None:
        """Show a view."""
        self.tabs.choose(name)
        view = self.find(name)
        if view is not None:
            self.taken.emit(view)
        else:
            self.shown.emit(name)
        if self._columns is not None:
            self._columns().borrow(view.columns if view is not None else None)

    def title(self) -> str:
        """The words of the view that is chosen."""
        view, chosen = self.current(), self.tabs.current()
        return view.name if view is not None else next((tab.title for tab in self._shipped if tab.id == chosen), "")

    def current(self) -> SavedView | None:
        """The saved view that is chosen, None for a shipped one."""
        return self.find(self.tabs.current())

    def find(self, name: str) -> SavedView | None:
        """A saved view by the name of its tab."""
        return next((view for view in self.saved.all() if SAVED + view.name == name), None)

    def add_actions(self, page: QWidget, prefix: str, desk: str) -> None:
        """What can be done with views, each an action: "PREFIX.keep_view" and so on."""
        for name, label, run, icon, possible in (
            ("keep_view", self.tr("Save as view"), self.keep, "bookmark", lambda: True),
            ("rename_view", self.tr("Rename this view"), self.rename, "pencil", self._on_saved),
            ("forget_view", self.tr("Delete this view"), self.forget, "trash-2", self._on_saved),
        ):
            action = Action(f"{prefix}.{name}", label, run, icon, "", desk, enabled=possible)
            self._shell.actions_.add(page, action)

    def keep(self) -> None:
        """Ask what the list as it stands is to be called, and keep it."""
        if self._now is not None:
            self.ask_name(self._now())

    def ask_name(self, view: SavedView) -> None:
        """Ask how a view is to be called, and keep it with the columns as they stand."""

        def keep(name: str) -> None:
            columns = self._columns().arrangement() if self._columns is not None else {}
            replaced = self.saved.keep(replace(view, name=name, columns=columns))
            self.show_views(SAVED + name)
            if self._columns is not None:
                self._columns().borrow(columns)
            if replaced is not None:
                said = self.tr("The view {view} was replaced").format(view=name)
                self._shell.toasts.say(said, self.tr("Undo"), partial(self._bring_back, replaced))

        self._ask(self.tr("Save as view"), self.tr("Save"), "", keep)

    def rename(self) -> None:
        """Ask for another name of the saved view that is chosen."""
        view = self.current()
        if view is None:
            return

        def call(name: str) -> None:
            if name != view.name:
                self.saved.forget(view.name)
                self.saved.keep(replace(view, name=name))
            self.show_views(SAVED + name)

        self._ask(self.tr("Rename {view}").format(view=view.name), self.tr("Rename"), view.name, call)

    def forget(self) -> None:
        """Throw the saved view that is chosen away; the toast brings it back."""
        view = self.current()
        if view is None:
            return
        self.saved.forget(view.name)
        self.show_views()
        self.choose(self._shipped[0].id)
        said = self.tr("The view {view} is gone").format(view=view.name)
        self._shell.toasts.say(said, self.tr("Undo"), partial(self._bring_back, view))

    def open_menu(self) -> None:
        """Every saved view, and what can be done with the chosen one."""
        menu = QMenu(self.tool)
        for view in self.saved.all():
            menu.addAction(view.name, partial(self.choose, SAVED + view.name))
        if not self.saved.all():
            menu.addAction(self.tr("No saved views yet")).setEnabled(False)
        current = self.current()
        if current is not None or self._now is not None:
            menu.addSeparator()
        if self._now is not None:
            menu.addAction(self.tr("Save as view"), self.keep)
        if current is not None:
            menu.addAction(self.tr("Rename {view}").format(view=current.name), self.rename)
            menu.addAction(self.tr("Delete {view}").format(view=current.name), self.forget)
        menu.popup(self.tool.mapToGlobal(self.tool.rect().bottomLeft()))

    def _on_saved(self) -> bool:
        return self.current() is not None

    def _bring_back(self, view: SavedView) -> None:
        self.saved.keep(view)
        self.show_views()
        self.choose(SAVED + view.name)

    def _ask(self, heading: str, verb: str, before: str, then: Callable[[str], object]) -> None:
        form = Form([Field("name", self.tr("Name of the view"), required=True, longest=LONGEST_NAME)])
        form.set_values({"name": before})

        def save(values: Mapping[str, Any], done: Callable[[], object], failed: Callable[[Exception], object]) -> None:
            name = values["name"]
            if before and name != before and self.saved.has(name):
                failed(Refusal(self.tr("There is a view of this name already. Choose another."), "name"))
                return
            done()
            then(name)

        open_form(self._shell, FormBox(heading, form, save, verb, width=420))
