"""Views of one list whose shipped ones narrow it by a word each, for instance the state of a record."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QLineEdit

from ui.kit.list_views import ListViews
from ui.kit.preferences import Preferences
from ui.kit.record_list import RecordList
from ui.kit.saved_views import SavedView
from ui.kit.shell import Shell
from ui.kit.tabs import Tab, Tabs


class WordedViews(ListViews):
    """The word in force is `view`. A saved view keeps it with what is looked for and the order of the list."""

    def __init__(
        self,
        shell: Shell,
        preferences: Preferences,
        listing: str,
        shipped: Sequence[Tab],
        tabs: Tabs,
        parent: QObject,
    ) -> None:
        self.view = shipped[0].id
        super().__init__(shell, preferences, listing, shipped, parent, tabs)

    def narrow(self, records: RecordList, filter_box: QLineEdit | None = None) -> None:
        """Let the views narrow this list, which asks for `view`; what is looked for is typed in `filter_box`."""

        def show(name: str) -> None:
            self.view = name
            records.begin_anew()

        def take(view: SavedView) -> None:
            kept = view.filters.get("view")
            self.view = next((tab.id for tab in self._shipped if tab.id == kept), self._shipped[0].id)
            records.take_view(view)
            if filter_box is not None:
                filter_box.setText(str(view.filters.get("words", "")))

        def now() -> SavedView:
            words = {} if filter_box is None else {"words": filter_box.text().strip()}
            return records.view(**words, view=self.view)

        self.shown.connect(show)
        self.taken.connect(take)
        self.keep_from(now, lambda: records.columns)

    def whole(self) -> bool:
        """Whether the first view is in force, which shows everything."""
        return self.view == self._shipped[0].id
