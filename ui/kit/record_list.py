"""A list of records with its foot and its empty states: ordered by its headings, narrowed by words, read by pages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QTableView, QVBoxLayout, QWidget

from cbo_desk.paging import Listing
from ui.kit.buttons import Button
from ui.kit.cards import frame, rule
from ui.kit.columns import Column
from ui.kit.cursor import Cursor
from ui.kit.preferences import Preferences
from ui.kit.runner import Runner
from ui.kit.saved_views import SavedView
from ui.kit.states import ListOrState, State
from ui.kit.tables import RowCount, dress
from ui.kit.window_model import WindowModel

MakeListing = Callable[[str, str, bool], Listing[Any]]
"""Makes the listing for (words, sort, descending)."""


class RecordList(QWidget):
    """One list; `total` is its length without a filter.

    Signals: `chosen(int)` a row's id after the eye has settled on it; `counted(int)` the total after it was counted;
    `all_asked` when the filter is to be taken off.
    """

    chosen = Signal(int)
    counted = Signal(int)
    all_asked = Signal()

    def __init__(
        self,
        runner: Runner,
        columns: Sequence[Column],
        make: MakeListing,
        *,
        name: str,
        title: str,
        things: str,
        sort: str,
        descending: bool = False,
        empty: Callable[[], State],
        preferences: Preferences,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._make, self._things, self._empty = make, things, empty
        self._words, self._sort, self._descending = "", sort, descending
        self.total = 0
        self._seconds = 0.0
        self.model = WindowModel(runner, columns, self)
        self.table = QTableView(self)
        self.table.setModel(self.model)
        self.columns = dress(self.table, [column.look for column in columns], name, preferences, title=title)
        header = self.table.horizontalHeader()
        header.setSectionsClickable(True)
        header.sectionClicked.connect(self._sort_by)
        # What stands in its frame before it is shown is styled once, not with every piece around it.
        whole = frame(margins=(1, 1, 1, 7), parent=self)
        self.states = ListOrState(self.table, whole)
        self.foot = RowCount(whole)
        column = whole.layout()
        assert column is not None
        for piece in (self.states, rule(whole), self.foot):
            column.addWidget(piece)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(whole)
        self.in_hand = Cursor(self.table, self.model, self)
        self.in_hand.settled.connect(self.chosen)
        self._recount = QTimer(self)
        self._recount.setSingleShot(True)
        self._recount.setInterval(0)
        self._recount.timeout.connect(self._changed)
        self.model.rowsInserted.connect(lambda: self._recount.start())
        self.model.rowsRemoved.connect(lambda: self._recount.start())
        self.model.counted.connect(self._say)
        self.model.not_known.connect(self._say_unread)
        self.model.loading_changed.connect(self._end_unread)
        self.refresh()

    def refresh(self) -> None:
        """Show the list anew for the words and the order in force."""
        self.model.show(self.listing())

    def listing(self) -> Listing[Any]:
        """What is listed now, for instance for an export."""
        return self._make(self._words, self._sort, self._descending)

    def view(self, **filters: Any) -> SavedView:
        """The list as it stands, to be kept: its words and its order, with what else of the page narrows it."""
        return SavedView("", {"words": self._words, **filters}, self._sort, self._descending)

    def take_view(self, view: SavedView) -> None:
        """Show the list as a kept view has it; an order that the list no longer knows is passed over."""
        self._words = str(view.filters.get("words", ""))
        section = next((at for at, one in enumerate(self.model.columns) if one.sort and one.sort == view.sort), None)
        if section is not None:
            self._sort, self._descending = view.sort, view.descending
            self._say_order(section)
        self.begin_anew()

    def narrowed(self, *parts: str) -> str:
        """What the list is narrowed to, for the head of a file: the view's words and those that are looked for."""
        return " · ".join(part for part in (*parts, f"“{self._words}”" if self._words else "") if part)

    def find_words(self, words: str) -> None:
        """Narrow the list to records that hold these words."""
        if words != self._words:
            self._words = words
            self.refresh()

    def show_record(self, ident: int) -> None:
        """Choose a record, wherever it stands in the list."""
        self.in_hand.name(ident)
        self.chosen.emit(ident)

    def begin_anew(self) -> None:
        """List something else: its first row will be chosen, not the record that was shown before."""
        self.in_hand.forget()
        self.refresh()

    def chosen_ids(self) -> list[int]:
        """The ids of the selected rows that are on hand."""
        rows = sorted(index.row() for index in self.table.selectionModel().selectedRows())
        return [ident for row in rows if (ident := self.model.id_at(row)) is not None]

    def _sort_by(self, section: int) -> None:
        wanted = self.model.columns[section].sort
        if not wanted:
            return
        self._descending = not self._descending if wanted == self._sort else False
        self._sort = wanted
        self._say_order(section)
        self.refresh()

    def _say_order(self, section: int) -> None:
        header = self.table.horizontalHeader()
        header.setSortIndicatorShown(True)
        down = Qt.SortOrder.DescendingOrder if self._descending else Qt.SortOrder.AscendingOrder
        header.setSortIndicator(section, down)

    def _changed(self) -> None:
        """A change brought rows or took some away: the first one takes the place of the empty state."""
        if self.model.length_known:
            self._say(self.model.rowCount(), self._seconds)

    def _end_unread(self, loading: bool) -> None:
        if not loading:
            self.states.end_unread()

    def _say_unread(self) -> None:
        self.foot.say_nothing()
        self.states.show_unread()

    def _say(self, shown: int, seconds: float) -> None:
        self._seconds = seconds
        self.total = max(self.total, shown) if self._words else shown
        orders = {column.sort: column.heading.lower() for column in self.model.columns}
        how = self.tr("sorted by {order} · counted in {ms} ms")
        self.foot.say(
            shown, self.total, self._things, how.format(order=orders.get(self._sort, ""), ms=round(seconds * 1000))
        )
        self.counted.emit(self.total)
        if shown:
            self.states.show_content()
        elif self._words:
            all_of_them = Button(self.tr("Show all"), run=self.all_asked.emit)
            words = self.tr("Nothing here holds the words “{words}”.").format(words=self._words)
            self.states.show_state(State("no-match", self.tr("Nothing fits"), words, all_of_them))
        else:
            self.states.show_state(self._empty())
