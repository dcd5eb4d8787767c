"""The columns of a list as a person wants them: widths, order and choice, and what hides for want of room."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QTableView, QWidget

from ui.kit.cells import ROW, Look
from ui.kit.preferences import COLUMNS, Preferences
from ui.kit.theme import changed, px


class Columns(QObject):
    """Keeps a list's columns: widths, order and choice are remembered; on little room the least needed hide."""

    def __init__(
        self, table: QTableView, looks: Sequence[Look], name: str, preferences: Preferences | None = None
    ) -> None:
        super().__init__(table)
        self.table, self.looks, self.name = table, list(looks), name
        self._preferences = preferences
        self._hidden: set[str] = set()
        self._widths: dict[str, int] = {}
        self._order: list[str] = []
        self._own: dict[str, Any] | None = None
        self._fitting = False
        self._row = ROW
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(300)
        self._pause.timeout.connect(self._remember)
        self._recall()
        header = table.horizontalHeader()
        header.sectionResized.connect(self._resized)
        header.sectionMoved.connect(lambda *_: self._moved())
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(lambda place: self.menu(table).popup(header.mapToGlobal(place)))
        table.viewport().installEventFilter(self)
        changed.connect(self._rescale)
        self._arrange()
        self._rescale()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Look at what happens to a watched widget, and let it pass."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Show):
            self.fit()
        return False

    def make_rows(self, height: int) -> None:
        """Make rows so many pixels high at 100 %, also after another theme or text size, for instance for fingers."""
        self._row = height
        self._rescale()

    def arrangement(self) -> dict[str, Any]:
        """How the columns stand, as plain values: what is hidden, widths in pixels at 100 %, and the order."""
        header = self.table.horizontalHeader()
        order = [self.looks[header.logicalIndex(place)].key for place in range(header.count())]
        return {"hidden": sorted(self._hidden), "widths": dict(self._widths), "order": order}

    def borrow(self, kept: Mapping[str, Any] | None) -> None:
        """Stand as a saved view has it, or, for nothing, as the person had the list before.

        What is changed meanwhile belongs to the view, and is kept where the view is saved again.
        """
        if kept and self._own is None:
            if self._pause.isActive():
                self._pause.stop()
                self._remember()
            self._own = self.arrangement()
        stand = kept or self._own
        if stand is not None:
            self._stand(stand)
            self._arrange()
            self.fit()
        if not kept:
            self._own = None

    def shown(self, key: str) -> bool:
        """Whether the person wants a column; it may still be hidden for want of room."""
        return key not in self._hidden

    def show_column(self, key: str, wanted: bool) -> None:
        """Show or hide a column."""
        (self._hidden.discard if wanted else self._hidden.add)(key)
        self.fit()
        self._pause.start()

    def menu(self, parent: QWidget) -> QMenu:
        """The choice of columns, ticked where shown."""
        menu = QMenu(parent)
        group = QActionGroup(menu)
        group.setExclusive(False)
        for number, look in enumerate(self.looks):
            entry = QAction(self._heading(number), menu)
            entry.setCheckable(True)
            entry.setChecked(self.shown(look.key))
            entry.setEnabled(look.priority > 0)
            entry.toggled.connect(lambda on, key=look.key: self.show_column(key, on))
            menu.addAction(group.addAction(entry))
        return menu

    def fit(self) -> None:
        """Hide the wanted columns that find no room, least needed first; the stretching one takes the rest."""
        if self._fitting or not self.looks or self.table.model() is None:
            return
        self._fitting = True
        try:
            for _ in range(3):  # fitting may itself change the room, for instance by a scroll bar that comes or goes
                room = self.table.viewport().width()
                self._fit_into(room)
                if self.table.viewport().width() == room:
                    break
        finally:
            self._fitting = False

    def _fit_into(self, room: int) -> None:
        out = self._without_room(room)
        header = self.table.horizontalHeader()
        looks = self.looks[: header.count()]
        free = room
        for number, look in enumerate(looks):
            hidden = look.key in self._hidden or look.key in out
            header.setSectionHidden(number, hidden)
            if not hidden and not look.stretch:
                header.resizeSection(number, self._width(look))
                free -= self._width(look)
        for number, look in enumerate(looks):
            if look.stretch and not header.isSectionHidden(number):
                header.resizeSection(number, max(self._width(look), free))

    def _rescale(self) -> None:
        """Take the text size in force."""
        self.table.verticalHeader().setDefaultSectionSize(px(self._row))
        self.fit()

    def _without_room(self, room: int) -> set[str]:
        out: set[str] = set()
        wanted = [look for look in self.looks if look.key not in self._hidden]
        need = sum(self._width(look) for look in wanted)
        for look in sorted(wanted, key=lambda look: -look.priority):
            if need <= room or look.priority == 0:
                break
            out.add(look.key)
            need -= self._width(look)
        return out

    def _width(self, look: Look) -> int:
        """A column's width in pixels on this screen; for the stretching column the least that it needs."""
        return px(self._widths.get(look.key, look.width) if not look.stretch else look.width)

    def _heading(self, number: int) -> str:
        model = self.table.model()
        return str(model.headerData(number, Qt.Orientation.Horizontal) or self.looks[number].key)

    def _resized(self, number: int, _before: int, now: int) -> None:
        if self._fitting or number >= len(self.looks) or now == 0:
            return
        self._widths[self.looks[number].key] = round(now / px(100) * 100)
        self._pause.start()

    def _moved(self) -> None:
        header = self.table.horizontalHeader()
        self._order = [self.looks[header.logicalIndex(place)].key for place in range(header.count())]
        self._pause.start()

    def _arrange(self) -> None:
        header = self.table.horizontalHeader()
        keys = [look.key for look in self.looks]
        for place, key in enumerate(key for key in self._order if key in keys):
            header.moveSection(header.visualIndex(keys.index(key)), place)

    def _remember(self) -> None:
        if self._preferences is not None and self.name and self._own is None:
            kept = {"hidden": sorted(self._hidden), "widths": self._widths, "order": self._order}
            self._preferences.set_entry(COLUMNS, self.name, kept)

    def _recall(self) -> None:
        kept: Any = self._preferences.entry(COLUMNS, self.name) if self._preferences else None
        if isinstance(kept, dict):
            self._stand(kept)

    def _stand(self, kept: Mapping[str, Any]) -> None:
        self._hidden = {str(key) for key in kept.get("hidden", [])}
        self._widths = {str(key): int(width) for key, width in kept.get("widths", {}).items()}
        self._order = [str(key) for key in kept.get("order", [])]
