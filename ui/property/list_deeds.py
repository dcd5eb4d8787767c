"""What can be done with the register as a list: filter it, keep views, order it, write it to a file."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from ui.bench import Bench
from ui.kit.actions import Action
from ui.kit.export import Export
from ui.kit.states import ProgressStrip
from ui.property.filter_form import FilterForm
from ui.property.filters import in_words
from ui.property.register import Register


class ListDeeds(QObject):
    """The deeds on the list, each an action; `strip` shows how far an export is."""

    def __init__(self, bench: Bench, register: Register, page: QWidget) -> None:
        super().__init__(page)
        self.bench, self.register, self._page = bench, register, page
        self.strip = ProgressStrip(page)
        self.export = Export(bench.runner, bench.preferences, bench.shell.toasts, page, self.strip)
        self.filter_form = FilterForm(bench, register.set_filter, self)
        register.filter_asked.connect(self._ask_filter)
        register.view_asked.connect(register.views.keep)

    def add_actions(self) -> None:
        """What can be done with the list itself: filter, views, order, export."""
        self._list_action("filter", self.tr("Filter assets"), self._ask_filter, "list-filter", "Ctrl+Shift+F")
        self.register.views.add_actions(self._page, "property", "property")
        self._list_action("export", self.tr("Export this view"), self._export, "download", "Ctrl+Shift+E")
        self._list_action(
            "export_chosen",
            self.tr("Export the selected assets"),
            self._export_chosen,
            "download",
            when=lambda: self.register.chosen_count() > 0,
        )
        self._list_action("newest", self.tr("Sort by last change"), self.register.show_newest, "arrow-up-down")
        for column in self.register.model.columns:
            if column.sort:
                label = self.tr("Sort by {column}").format(column=column.heading.lower())
                run = partial(self.register.sort_by, column.sort)
                self._list_action(f"sort.{column.sort}", label, run, "arrow-up-down")

    def _list_action(
        self,
        name: str,
        label: str,
        run: Callable[[], object],
        icon: str,
        key: str = "",
        when: Callable[[], bool] = lambda: True,
    ) -> None:
        action = Action(f"property.{name}", label, run, icon, key, "property", enabled=when)
        self.bench.shell.actions_.add(self._page, action)

    def _ask_filter(self) -> None:
        self.filter_form.open(self.register.filter, self.register.names)

    def _export(self) -> None:
        """Write the list as it is filtered and ordered on the screen."""
        from cbo_desk.property.exporting import AssetTable, asset_table, rows

        register, office = self.register, self.bench.runner.office
        listing = register.listing()
        narrowed = in_words(register.filter, register.names)
        total = register.model.rowCount()

        def write(table: AssetTable) -> None:
            written = partial(rows, office, listing, table)
            self.export.ask(self.tr("Assets"), table.columns, written, total=total, narrowed=narrowed)

        self.bench.runner.read(self, asset_table, done=write)

    def _export_chosen(self) -> None:
        """Write the selected assets."""
        from cbo_desk.property.exporting import AssetTable, asset_table, chosen_rows

        office = self.bench.runner.office

        def order(ids: list[int]) -> None:
            def write(table: AssetTable) -> None:
                some = partial(chosen_rows, office, ids, table)
                self.export.ask(self.tr("Selected assets"), table.columns, some, total=len(ids))

            self.bench.runner.read(self, asset_table, done=write)

        self.register.with_chosen(order)
