"""A table model over a list too long to hold: it keeps the pages in sight and the number of the rest.

The first page appears at once; the outline is walked behind it. What changes is read again by id and shown by exact
row signals, so that selection and scroll position stay.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from cbo_desk.paging import Key, Line, Listing
from ui.kit.cells import MARK_ROLE, RIGHT, UNREAD, VALUE_ROLE
from ui.kit.columns import Column
from ui.kit.following import Following
from ui.kit.list_reader import ListReader
from ui.kit.runner import Runner
from ui.kit.seeker import Seeker

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


class WindowModel(QAbstractTableModel):
    """Shows `…` for a row not read yet, and reads its page in the background.

    Signals: `counted(total, seconds)` when the true length is known; `found(id, row)` answers `position_of`, row -1
    for an id that is not in the list; `order_wanted(sort, descending)` when the person clicks a heading: the owner
    shows a listing of that order; `loading_changed(bool)`; `settled` when nothing is under way any more;
    `not_known` where nothing is known of a listing, for the server is away.
    """

    counted = Signal(int, float)
    found = Signal(object, int)
    order_wanted = Signal(str, bool)
    loading_changed = Signal(bool)
    settled = Signal()
    not_known = Signal()

    def __init__(self, runner: Runner, columns: Sequence[Column], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self._reader = ListReader(runner, self, self)
        self._seeker = Seeker(self._reader)
        # The row looked up last: a view asks for its cells one after the other.
        self._last: tuple[int, Line[Any] | None] = (-1, None)
        self._reader.counted.connect(self.counted)
        self._reader.loading_changed.connect(self.loading_changed)
        self._reader.settled.connect(self.settled)
        self._reader.unread.connect(self.not_known)
        self._seeker.found.connect(self.found)

    # --- What pages use ----------------------------------------------------------------------------------------

    def show(self, listing: Listing[Any]) -> None:
        """Show another listing; the rows of the one before stay until its first page is there."""
        self._reader.show(listing)

    @property
    def following(self) -> Following:
        """What tells whether the card of the row in hand is still to follow."""
        return self._reader.runner.following

    @property
    def listing(self) -> Listing[Any] | None:
        """The listing that is shown."""
        return self._reader.showing.listing if self._reader.showing else None

    @property
    def loading(self) -> bool:
        """Whether a listing's first page is awaited."""
        return self._reader.loading

    @property
    def length_known(self) -> bool:
        """Whether the row count is the list's own, not only that of the rows read so far."""
        showing = self._reader.showing
        return showing is not None and showing.counted and not self.loading

    @property
    def idle(self) -> bool:
        """Whether all that is shown is read, and no news is under way."""
        return self._reader.idle and self._seeker.idle

    def row_at(self, row: int) -> Any | None:
        """The row's values, or None while they are still being read."""
        line = self._line(row)
        return None if line is None else line.row

    def id_at(self, row: int) -> int | None:
        """The id of a row, or None while it is still being read."""
        line = self._line(row)
        return None if line is None else line.id

    def row_of(self, ident: int) -> int | None:
        """The row of an id that is on hand; `position_of` finds any."""
        return self._reader.segments.row_of(ident)

    def position_of(self, ident: int) -> None:
        """Look for the row of an id; `found` tells it."""
        self._seeker.seek(ident)

    def stretches(self, first: int, last: int) -> list[int | tuple[Key, int, int]]:
        """The ids of a range of rows: known ones, and for what is not on hand (start, lines to skip, lines to take)."""
        parts: list[int | tuple[Key, int, int]] = []
        row = first
        while row <= last:
            piece, offset = self._reader.segments.at(row)
            take = min(piece.count - offset, last - row + 1)
            if piece.lines is not None:
                parts += [line.id for line in piece.lines[offset : offset + take]]
            else:
                parts.append((piece.start, offset, take))
            row += take
        return parts

    # --- What Qt asks ------------------------------------------------------------------------------------------

    def rowCount(self, parent: Index = _ROOT) -> int:
        """How many rows there are, read or not."""
        return 0 if parent.isValid() else self._reader.segments.total

    def columnCount(self, parent: Index = _ROOT) -> int:
        """How many columns."""
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What a cell says in a role; … for a row not read yet, whose page is then asked for."""
        read = _ROLES.get(role)
        if read is not None and index.isValid():
            line = self._line(index.row())
            return self._unread(role) if line is None else read(self.columns[index.column()], line.row)
        if role == Qt.ItemDataRole.TextAlignmentRole and index.isValid():
            right = self.columns[index.column()].look.kind in RIGHT
            return (
                Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
            ) | Qt.AlignmentFlag.AlignVCenter
        return None

    def cell(self, row: int, column: int) -> tuple[str, str]:
        """The words and the fault of a cell, for whoever paints it: `data` without Qt in between."""
        line = self._line(row)
        if line is None:
            return UNREAD, ""
        shown = self.columns[column]
        return shown.text(line.row), (shown.fault(line.row) or "") if shown.fault else ""

    def value(self, row: int, column: int) -> Any:
        """What a cell holds beside its words (VALUE_ROLE), for whoever paints it."""
        line, of = self._line(row), self.columns[column].value
        return None if line is None or of is None else of(line.row)

    def unread(self, row: int) -> bool:
        """Whether a row is still being read, for whoever paints it; its page is then asked for."""
        return self._line(row) is None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """A column's heading."""
        across = orientation == Qt.Orientation.Horizontal
        if across and role == Qt.ItemDataRole.DisplayRole and section < len(self.columns):
            return self.columns[section].heading
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """A click on a heading: the owner is asked for that order."""
        if 0 <= column < len(self.columns) and self.columns[column].sort:
            self.order_wanted.emit(self.columns[column].sort, order == Qt.SortOrder.DescendingOrder)

    def _unread(self, role: int) -> str | None:
        if role == Qt.ItemDataRole.DisplayRole:
            return UNREAD
        return self.tr("Still being read") if role == Qt.ItemDataRole.AccessibleTextRole else None

    # --- What the segments tell (ui.kit.pieces.Watcher) --------------------------------------------------------

    @contextmanager
    def inserting(self, first: int, last: int) -> Iterator[None]:
        """Rows come into being."""
        self.beginInsertRows(QModelIndex(), first, last)
        yield
        self._last = (-1, None)
        self.endInsertRows()

    @contextmanager
    def removing(self, first: int, last: int) -> Iterator[None]:
        """Rows go."""
        self.beginRemoveRows(QModelIndex(), first, last)
        yield
        self._last = (-1, None)
        self.endRemoveRows()

    @contextmanager
    def moving(self, row: int, before: int) -> Iterator[None]:
        """One row comes to stand before another."""
        self.beginMoveRows(QModelIndex(), row, row, QModelIndex(), before)
        yield
        self._last = (-1, None)
        self.endMoveRows()

    def replaced(self, first: int, last: int) -> None:
        """Rows have other values."""
        self._last = (-1, None)
        self.dataChanged.emit(self.index(first, 0), self.index(last, len(self.columns) - 1))

    @contextmanager
    def resetting(self) -> Iterator[None]:
        """All rows are exchanged."""
        self.beginResetModel()
        yield
        self._last = (-1, None)
        self.endResetModel()

    def _line(self, row: int) -> Line[Any] | None:
        if row == self._last[0]:
            return self._last[1]
        line = self._reader.line(row)
        if line is not None:
            self._last = (row, line)
        return line


def role_of(column: Column, row: Any, role: int) -> Any:
    """What a cell says of its row in a role: for a model that holds its rows itself."""
    read = _ROLES.get(role)
    return None if read is None else read(column, row)


def _spoken(column: Column, row: Any) -> str:
    tip = column.tip(row) if column.tip and column.fault and column.fault(row) else ""
    return f"{column.text(row)}: {tip}" if tip else column.text(row)


_ROLES: dict[int, Any] = {
    Qt.ItemDataRole.DisplayRole: lambda column, row: column.text(row),
    VALUE_ROLE: lambda column, row: column.value(row) if column.value else None,
    MARK_ROLE: lambda column, row: (column.fault(row) or None) if column.fault else None,
    Qt.ItemDataRole.ToolTipRole: lambda column, row: (column.tip(row) or None) if column.tip else None,
    Qt.ItemDataRole.AccessibleTextRole: _spoken,
}
