"""The register's views, the shipped and the saved ones, and how many assets each holds."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from cbo_desk.changes import Changes
from cbo_desk.context import clock, local
from cbo_desk.property import AssetFilter, AssetList
from ui.bench import Bench
from ui.kit.list_views import SAVED, ListViews
from ui.kit.saved_views import SavedView
from ui.kit.tabs import Tab
from ui.property import filters

COUNT_PAUSE_MS = 400


class Views(ListViews):
    """The row of views above the register. `chosen(filter, sort, descending)`; the sort is "" where a view has none."""

    chosen = Signal(object, str, bool)

    def __init__(self, bench: Bench, listing: str, parent: QObject) -> None:
        self._bench = bench
        self._filters = filters.shipped_views(local(clock()).date())
        shipped = [Tab(name, words) for name, (words, _wanted) in self._filters.items()]
        self._uncounted: dict[str, AssetFilter] = {}
        self._counting = False
        super().__init__(bench.shell, bench.preferences, listing, shipped, parent)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(COUNT_PAUSE_MS)
        self._pause.timeout.connect(self._count)
        self.shown.connect(lambda name: self.chosen.emit(self._filters[name][1], "", False))
        self.taken.connect(self._take)
        self.renewed.connect(self._pause.start)
        bench.runner.changed.connect(self._hear)
        self._pause.start()

    def _take(self, view: SavedView) -> None:
        self.chosen.emit(filters.from_plain(view.filters), view.sort, view.descending)

    def _count(self) -> None:
        wanted = {name: found for name, (_words, found) in self._filters.items()}
        wanted |= {SAVED + view.name: filters.from_plain(view.filters) for view in self.saved.all()}
        self._uncounted = wanted
        if not self._counting:
            self._count_next()

    def _count_next(self) -> None:
        """Count one view after the other, each in a rest of its own: scans come between two of them."""
        self._counting = bool(self._uncounted)
        if self._counting:
            self._bench.runner.in_a_rest(self, self._count_one)

    def _count_one(self) -> None:
        name = next(iter(self._uncounted))
        count = AssetList(self._uncounted.pop(name)).count
        self._bench.runner.walk(self, count, done=partial(self._counted, name), failed=self._not_counted)

    def _counted(self, name: str, count: int) -> None:
        if name in self._filters or self.find(name) is not None:
            self.tabs.set_count(name, count)
        self._count_next()

    def _not_counted(self, error: Exception) -> None:
        self._bench.runner.failed.emit(error)
        self._count_next()

    def _hear(self, changes: Changes) -> None:
        if {AssetList.kind, "tags.tag"} & set(changes.touched()):
            self._pause.start()
