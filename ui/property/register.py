"""The register: saved views, filters as chips, the list, its foot, and the card of the chosen asset."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QTableView, QVBoxLayout, QWidget

from cbo_desk.changes import Changes
from cbo_desk.property import AssetCard, AssetFilter, AssetList, asset_card, receive_assets
from ui.bench import Bench
from ui.kit.buttons import Button
from ui.kit.cards import frame, line, rule
from ui.kit.cursor import Cursor
from ui.kit.page import Split
from ui.kit.saved_views import SavedView
from ui.kit.states import ListOrState, State
from ui.kit.tables import RowCount, dress
from ui.kit.tabs import FilterChips
from ui.kit.window_model import WindowModel
from ui.property import filters
from ui.property.card import AssetCardView
from ui.property.choosing import chosen_rows, read_chosen
from ui.property.columns import columns
from ui.property.filter_names import FilterNames
from ui.property.views import Views

LISTING = "property.register"


class Register(QWidget):
    """The list of assets with the card of the chosen one.

    Signals: `shown(int, AssetCard)` when a card was read and shown; `filter_asked` when another filter is wanted;
    `view_asked` when the filter in force is to be kept as a view.
    """

    shown = Signal(object)
    filter_asked = Signal()
    view_asked = Signal()

    def __init__(self, bench: Bench, parent: QWidget) -> None:
        super().__init__(parent)
        self.bench = bench
        self.filter = AssetFilter(without_disposed=True)
        self.names: dict[str, str] = {}
        self.sort, self.descending = "changed", True
        self.total = 0
        self._owes_card = False
        self._build()
        self._connect()
        self.refresh()

    # --- what the page asks

    def with_chosen(self, then: Callable[[list[int]], object]) -> None:
        """Tell the ids of all selected rows, in the order of the list; Ctrl+A selects every row there is."""
        read_chosen(self.bench.runner, self.table, self.model, then)

    def chosen_ids(self) -> list[int]:
        """The ids of the selected rows that are on hand."""
        return [ident for first, last in chosen_rows(self.table) for ident in self._on_hand(first, last)]

    def _on_hand(self, first: int, last: int) -> list[int]:
        return [part for part in self.model.stretches(first, last) if isinstance(part, int)]

    def chosen_count(self) -> int:
        """How many rows are selected."""
        return sum(last - first + 1 for first, last in chosen_rows(self.table))

    def listing(self) -> AssetList:
        """The list as it is filtered and ordered on the screen."""
        return AssetList(self.filter, self.sort, self.descending)

    def sort_by(self, sort: str) -> None:
        """Order the list by a column; by the same one again turns it round."""
        self._sort_by(next(at for at, column in enumerate(self.model.columns) if column.sort == sort))

    def set_filter(self, wanted: AssetFilter, names: dict[str, str] | None = None) -> None:
        """Show what a filter leaves; `names` says how its place and person are called."""
        self.filter = wanted
        self.in_hand.named = False
        self.names = {**self.names, **(names or {})}
        self._called.look_up(wanted, self.names, names or {})
        self.refresh()

    def find_words(self, words: str) -> None:
        """Narrow the list to assets that hold these words."""
        if words != self.filter.words:
            self.set_filter(self.filter.with_words(words))

    def open_asset(self, asset_id: int) -> None:
        """Show an asset's card, and its row where the list holds it; a deed means this asset from now on."""
        self._read_card(asset_id)  # the card first: where its row stands can wait
        self.in_hand.name(asset_id)

    def show_newest(self) -> None:
        """Show every asset, what was changed last on top."""
        self.sort, self.descending = "changed", True
        self.views.choose("all")

    def refresh(self) -> None:
        """Show the list anew for filter and order in force."""
        self.chips.show_filters(filters.chips(self.filter, self.names))
        self.model.show(self.listing())

    # --- parts

    def _build(self) -> None:
        self.views = Views(self.bench, LISTING, self)
        self._called = FilterNames(self.bench.runner, self._name, self)
        self.chips = FilterChips(self)
        margins = self.chips.layout()
        assert margins is not None
        margins.setContentsMargins(12, 8, 8, 8)
        self.model = WindowModel(self.bench.runner, columns(), self)
        self.table = QTableView(self)
        self.table.setModel(self.model)
        looks = [column.look for column in self.model.columns]
        self.columns = dress(
            self.table, looks, LISTING, self.bench.preferences, title=self.tr("Assets"), sortable=False
        )
        header = self.table.horizontalHeader()
        header.setSectionsClickable(True)
        header.sectionClicked.connect(self._sort_by)
        self.states = ListOrState(self.table)
        self.foot = RowCount(self)
        head = line(self.views.tool, self.views.tabs, margins=(8, 6, 12, 0), gap=2)
        head.setStretch(1, 1)
        left = frame(head, self.chips, rule(), self.states, rule(), self.foot, margins=(1, 1, 1, 7))
        self.card = AssetCardView(self.bench, self)
        self.split = Split(left, self.card, LISTING, self.bench.preferences)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.split)
        self.in_hand = Cursor(self.table, self.model, self)

    def _connect(self) -> None:
        self.bench.cards[AssetList.kind] = asset_card
        self.model.counted.connect(self._counted)
        self.model.not_known.connect(self.foot.say_nothing)
        self.model.not_known.connect(self.states.show_unread)
        self.model.loading_changed.connect(lambda loading: self.states.end_unread() if not loading else None)
        self.views.chosen.connect(self._choose_view)
        self.views.keep_from(
            lambda: SavedView("", filters.to_plain(self.filter), self.sort, self.descending), lambda: self.columns
        )
        self.chips.removed.connect(lambda part: self.set_filter(filters.without(self.filter, part)))
        self.chips.add_asked.connect(self.filter_asked)
        self.chips.save_asked.connect(self.view_asked)
        self.in_hand.settled.connect(self._settled)
        self.bench.runner.changed.connect(self._hear)
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._say_selected())

    def _choose_view(self, wanted: AssetFilter, sort: str, descending: bool) -> None:
        if sort:
            self.sort, self.descending = sort, descending
        self.set_filter(wanted)

    def _sort_by(self, section: int) -> None:
        wanted = self.model.columns[section].sort
        if wanted:
            self.descending = not self.descending if wanted == self.sort else wanted in ("cost", "changed")
            self.sort = wanted
            self._say_order(section)
            self.refresh()

    def _name(self, names: dict[str, str]) -> None:
        """How the place and the person of the filter are called was looked up."""
        self.names = {**self.names, **names}
        self.chips.show_filters(filters.chips(self.filter, self.names))

    def _say_order(self, section: int) -> None:
        header = self.table.horizontalHeader()
        header.setSortIndicatorShown(True)
        order = Qt.SortOrder.DescendingOrder if self.descending else Qt.SortOrder.AscendingOrder
        header.setSortIndicator(section, order)

    def _counted(self, total: int, seconds: float) -> None:
        words = {column.sort: column.heading.lower() for column in self.model.columns}
        order = words.get(self.sort, self.tr("last change"))
        how = self.tr("sorted by {order} · counted in {ms} ms").format(order=order, ms=round(seconds * 1000))
        self.foot.say(total, max(total, self.total), self.tr("{count:asset|assets}"), how)
        if total == 0:
            if not self.in_hand.named:  # a card that was scanned stays, whatever the list holds
                self.in_hand.forget()
                self.card.show_nothing()
            self.foot.say_selected(0)
            self._show_why_empty()
        else:
            self.states.show_content()

    def _show_why_empty(self) -> None:
        if self.filter == AssetFilter() or (self.total == 0 and not self.filter.words):
            words = self.tr("Receive the first asset, or import a register from CSV or Excel.")
            bring = receive = None
            if self.bench.may(receive_assets):
                run = self.bench.shell.actions_.run
                bring = Button(self.tr("Import a register"), "upload", "primary", partial(run, "property.import"))
                receive = Button(self.tr("Receive assets"), "plus", "plain", partial(run, "property.receive"))
            self.states.show_state(State("empty", self.tr("No assets yet"), words, bring, receive, icon="package"))
            return
        clear = Button(self.tr("Take off all filters"), run=lambda: self.set_filter(AssetFilter()))
        words = self.tr("No asset fits all filters. Take one off, or all.")
        self.states.show_state(State("no-match", self.tr("Nothing fits"), words, clear))

    def _say_selected(self) -> None:
        self.foot.say_selected(self.chosen_count())

    def showEvent(self, event: QShowEvent) -> None:
        """The page comes to the front: the card that nobody would have seen is read now."""
        super().showEvent(event)
        if self._owes_card and self.in_hand.ident is not None:
            self._read_card(self.in_hand.ident)

    def _settled(self, asset_id: int) -> None:
        """Another row is in hand. Behind another page its card waits: whoever scans there comes first."""
        if self.isVisible():
            self._read_card(asset_id)
        else:
            self._owes_card = True

    def _read_card(self, asset_id: int) -> None:
        self._owes_card = False
        self.bench.read_card(self, self.card, asset_card, asset_id,
                  done=partial(self._show_card, asset_id), failed=self._gone, ahead=True)  # fmt: skip

    def _show_card(self, asset_id: int, card: AssetCard) -> None:
        if asset_id == self.in_hand.ident:
            self.shown.emit(card)

    def _gone(self, error: Exception) -> None:
        self.card.show_nothing()
        self.bench.runner.failed.emit(error)

    def _hear(self, changes: Changes) -> None:
        shown = self.card.card
        touched = changes.touched().get(AssetList.kind)
        if shown is not None and touched is not None and (changes.everything or shown.id in touched):
            self._read_card(shown.id)
