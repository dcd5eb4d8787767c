"""One look for every list: rows, header, columns that hide by priority, what is remembered, copying, the foot."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QEvent, QItemSelectionModel, QObject, Qt, QTimer
from PySide6.QtGui import QAction, QActionGroup, QGuiApplication, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QMenu,
    QStyleOptionHeader,
    QTableView,
    QWidget,
)

from cbo_desk.plurals import Count, Share
from ui.kit.bidi import isolate
from ui.kit.cards import line
from ui.kit.cells import RIGHT, ROW, Cells, Look
from ui.kit.labels import ElidedLabel, Label
from ui.kit.preferences import COLUMNS, Preferences
from ui.kit.tabs import count_in_words
from ui.kit.theme import changed, px

COPY_LIMIT = 10_000
"""Rows that Ctrl+C copies at most; more are exported instead."""


class Header(QHeaderView):
    """Column headings aligned as their columns are."""

    def __init__(self, table: QTableView) -> None:
        super().__init__(Qt.Orientation.Horizontal, table)
        self.setHighlightSections(False)
        self.setSectionsClickable(True)
        self.setSectionsMovable(True)
        self.setMinimumSectionSize(40)
        self.setSortIndicatorClearable(False)
        self._table = table

    def setSelectionModel(self, chosen: QItemSelectionModel) -> None:
        """Keep a selection of its own: with the table's, Qt asks of every row whether a column is selected whole.

        Measured with a million rows all selected: 109 s for one repaint, instead of milliseconds.
        """
        if chosen.parent() is self:
            super().setSelectionModel(chosen)

    def initStyleOptionForIndex(self, option: QStyleOptionHeader, section: int) -> None:
        """Align a heading as its column is."""
        super().initStyleOptionForIndex(option, section)
        cells = self._table.itemDelegate()
        right = isinstance(cells, Cells) and cells.look(section).kind in RIGHT
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        option.textAlignment = side | Qt.AlignmentFlag.AlignVCenter
        option.text = isolate(option.text)


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
        self._fitting = False
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
        self.table.verticalHeader().setDefaultSectionSize(px(ROW))
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
        if self._preferences is not None and self.name:
            kept = {"hidden": sorted(self._hidden), "widths": self._widths, "order": self._order}
            self._preferences.set_entry(COLUMNS, self.name, kept)

    def _recall(self) -> None:
        kept: Any = self._preferences.entry(COLUMNS, self.name) if self._preferences else None
        if not isinstance(kept, dict):
            return
        self._hidden = {str(key) for key in kept.get("hidden", [])}
        self._widths = {str(key): int(width) for key, width in kept.get("widths", {}).items()}
        self._order = [str(key) for key in kept.get("order", [])]


def dress(
    table: QTableView,
    looks: Sequence[Look] = (),
    name: str = "",
    preferences: Preferences | None = None,
    *,
    title: str = "",
    sortable: bool = False,
) -> Columns:
    """Give a list its look: whole-row selection, fixed heights (a million rows cost nothing), columns that fit.

    Call it after the model is set. `name` is where the columns are remembered, `title` is read aloud.
    """
    table.setAccessibleName(title or name)
    table.setHorizontalHeader(Header(table))
    table.setItemDelegate(Cells(table, looks))
    table.setShowGrid(False)
    table.setWordWrap(False)
    table.setTabKeyNavigation(False)
    table.setCornerButtonEnabled(False)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    rows = table.verticalHeader()
    rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    rows.hide()
    table.setSortingEnabled(sortable)
    copy = QAction(table.tr("Copy rows"), table)
    copy.setShortcut(QKeySequence.StandardKey.Copy)
    copy.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
    copy.triggered.connect(lambda: copy_rows(table))
    table.addAction(copy)
    return Columns(table, looks, name, preferences)


def rows_as_tsv(table: QTableView) -> str:
    """The selected rows with a line of headings, tabs between the columns that can be seen."""
    model, header = table.model(), table.horizontalHeader()
    columns = [header.logicalIndex(place) for place in range(header.count())]
    columns = [column for column in columns if not header.isSectionHidden(column)]
    across = Qt.Orientation.Horizontal
    lines = [[str(model.headerData(column, across) or "") for column in columns]]
    for row in _selected_rows(table):
        lines.append([str(model.index(row, column).data() or "") for column in columns])
    return "\n".join("\t".join(_one_line(cell) for cell in cells) for cells in lines)


def copy_rows(table: QTableView) -> None:
    """Put the selected rows on the clipboard, ready for a spreadsheet."""
    QGuiApplication.clipboard().setText(rows_as_tsv(table))


def _selected_rows(table: QTableView) -> list[int]:
    rows: list[int] = []
    selection = table.selectionModel().selection()
    parts = [selection.at(place) for place in range(selection.count())]
    for part in sorted(parts, key=lambda part: part.top()):
        rows.extend(range(part.top(), min(part.bottom() + 1, part.top() + COPY_LIMIT - len(rows))))
        if len(rows) >= COPY_LIMIT:
            break
    return rows


def _one_line(text: str) -> str:
    return " ".join(text.split())


class RowCount(QWidget):
    """The foot of a list: how many of how many, how they are ordered, how many are selected."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = Label("", "small-strong")
        self.how = ElidedLabel("", "small-muted")
        self.chosen = Label("", "small-muted")
        row = line(self.rows, self.how, self.chosen, margins=(14, 6, 14, 0), gap=10)
        row.setStretch(1, 1)
        self.setLayout(row)

    def say(self, shown: int, total: int, things: str, how: str = "") -> None:
        """So many `things` of all, such as "{count:asset|assets}", and how they stand.

        For instance 612,408 of 1,204,311 assets, "sorted by last change · found in 9 ms".
        """
        count = Count(total) if shown == total else Share(shown, total, self.tr("{some} of {whole}"))
        self.rows.setText(things.format(count=count))
        self.how.setText(how)

    def say_selected(self, count: int) -> None:
        """So many rows are selected; nothing for none."""
        self.chosen.setText(self.tr("{count} selected").format(count=count_in_words(count)) if count else "")
