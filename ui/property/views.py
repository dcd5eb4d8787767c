"""The register's views: the shipped and the saved ones, how many assets each holds, and what can be done with them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QMenu

from cbo_desk.changes import Changes
from cbo_desk.context import clock, local
from cbo_desk.property import AssetFilter, AssetList
from ui.bench import Bench
from ui.kit.buttons import Tool
from ui.kit.dialogs import FormBox, open_form
from ui.kit.fields import Field
from ui.kit.forms import Form
from ui.kit.saved_views import SavedView, SavedViews
from ui.kit.tabs import Tab, Tabs
from ui.property import filters

COUNT_PAUSE_MS = 400
SAVED = "saved:"


class Views(QObject):
    """The row of views above the register. `chosen(filter, sort, descending)`; the sort is "" where a view has none."""

    chosen = Signal(object, str, bool)

    def __init__(self, bench: Bench, listing: str, parent: QObject) -> None:
        super().__init__(parent)
        self._bench = bench
        self.saved = SavedViews(bench.preferences, listing)
        self.tabs = Tabs(look="pill")
        self.tool = Tool("bookmark", self.tr("All saved views"), self.open_menu)
        self._shipped = filters.shipped_views(local(clock()).date())
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(COUNT_PAUSE_MS)
        self._pause.timeout.connect(self._count)
        self.tabs.chosen.connect(self.choose)
        bench.runner.changed.connect(self._hear)
        self.show_views()

    def show_views(self) -> None:
        """Show the shipped and the saved views, and count them in the background."""
        tabs = [Tab(name, words) for name, (words, _wanted) in self._shipped.items()]
        tabs += [Tab(SAVED + view.name, view.name) for view in self.saved.all()]
        self.tabs.show_tabs(tabs)
        self._pause.start()

    def choose(self, name: str) -> None:
        """Show a view."""
        self.tabs.choose(name)
        if name in self._shipped:
            self.chosen.emit(self._shipped[name][1], "", False)
            return
        view = self._find(name)
        if view is not None:
            self.chosen.emit(filters.from_plain(view.filters), view.sort, view.descending)

    def current(self) -> SavedView | None:
        """The saved view that is chosen, None for a shipped one."""
        return self._find(self.tabs.current())

    def ask_name(self, wanted: AssetFilter, sort: str, descending: bool) -> None:
        """Ask what the filter and the order in force are to be called, and keep them."""

        def keep(name: str) -> None:
            self.saved.keep(SavedView(name, filters.to_plain(wanted), sort, descending))
            self.show_views()
            self.tabs.choose(SAVED + name)

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
            self.show_views()
            self.tabs.choose(SAVED + name)

        self._ask(self.tr("Rename {view}").format(view=view.name), self.tr("Rename"), view.name, call)

    def forget(self) -> None:
        """Throw the saved view that is chosen away; the toast brings it back."""
        view = self.current()
        if view is None:
            return
        self.saved.forget(view.name)
        self.show_views()
        self.choose("all")
        said = self.tr("The view {view} is gone").format(view=view.name)
        self._bench.shell.toasts.say(said, self.tr("Undo"), partial(self._bring_back, view))

    def open_menu(self) -> None:
        """Every saved view, and what can be done with the chosen one."""
        menu = QMenu(self.tool)
        for view in self.saved.all():
            menu.addAction(view.name, partial(self.choose, SAVED + view.name))
        if not self.saved.all():
            menu.addAction(self.tr("No saved views yet")).setEnabled(False)
        current = self.current()
        if current is not None:
            menu.addSeparator()
            menu.addAction(self.tr("Rename {view}").format(view=current.name), self.rename)
            menu.addAction(self.tr("Delete {view}").format(view=current.name), self.forget)
        menu.popup(self.tool.mapToGlobal(self.tool.rect().bottomLeft()))

    def _bring_back(self, view: SavedView) -> None:
        self.saved.keep(view)
        self.show_views()
        self.choose(SAVED + view.name)

    def _find(self, name: str) -> SavedView | None:
        return next((view for view in self.saved.all() if SAVED + view.name == name), None)

    def _ask(self, heading: str, verb: str, before: str, then: Callable[[str], object]) -> None:
        form = Form([Field("name", self.tr("Name of the view"), required=True, longest=60)])
        form.set_values({"name": before})

        def save(values: Mapping[str, Any], done: Callable[[], object], _failed: Callable[[Exception], object]) -> None:
            done()
            then(values["name"])

        open_form(self._bench.shell, FormBox(heading, form, save, verb, width=420))

    def _count(self) -> None:
        wanted = {name: found for name, (_words, found) in self._shipped.items()}
        wanted |= {SAVED + view.name: filters.from_plain(view.filters) for view in self.saved.all()}
        for name, one in wanted.items():
            self._bench.runner.walk(self, AssetList(one).count, done=partial(self._counted, name))

    def _counted(self, name: str, count: int) -> None:
        if name in self._shipped or self._find(name) is not None:
            self.tabs.set_count(name, count)

    def _hear(self, changes: Changes) -> None:
        if {AssetList.kind, "tags.tag"} & set(changes.touched()):
            self._pause.start()
