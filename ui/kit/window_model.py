"""A table model over a list too long to hold: it keeps the pages in sight and the number of the rest.

The first page appears at once; the outline is walked behind it. What changes is read again by id and shown by exact
row signals, so that selection and scroll position stay. Reads have one queue of one thread, so a page asked for before
a change is answered before the changed rows are: older answers never overwrite newer rows.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, QTimer, Signal, Slot

from cbo_desk.changes import Changes
from cbo_desk.paging import PAGE, Key, Line, Listing, Outline
from ui.kit.cells import MARK_ROLE, RIGHT, VALUE_ROLE
from ui.kit.columns import Column
from ui.kit.pieces import Piece
from ui.kit.runner import Runner
from ui.kit.segments import Segments
from ui.kit.showing import Showing

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
UNREAD = "…"
PAUSE_MS = 15
"""Rows wanted within this time are asked for together; those scrolled past in it are never asked for."""
SLACK = 20
"""Lines read beyond a page's expected number, in case some came."""
MOST_NAMED = 500
"""More changed rows than this at once: everything in sight is read anew."""
MOST_PAGES = 4
"""Unread pages read at once to give new rows their exact place; beyond that the outline tells their number."""
WALK_AGAIN_MS = (250, 10_000)
"""Least and most time between two walks; in between, four times what the last one took."""
MISSED_WALKS = 5
"""An outline older than the last change is not taken, except so many times in a row."""


class WindowModel(QAbstractTableModel):
    """Shows `…` for a row not read yet, and reads its page in the background.

    Signals: `counted(total, seconds)` when the true length is known; `found(id, row)` answers `position_of`, row -1
    for an id that is not in the list; `order_wanted(sort, descending)` when the person clicks a heading: the owner
    shows a listing of that order; `loading_changed(bool)`; `settled` when nothing is under way any more.
    """

    counted = Signal(int, float)
    found = Signal(object, int)
    order_wanted = Signal(str, bool)
    loading_changed = Signal(bool)
    settled = Signal()

    def __init__(self, runner: Runner, columns: Sequence[Column], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self._runner = runner
        self._showing: Showing[Any] | None = None
        self._next: Showing[Any] | None = None
        self._segments: Segments[Any] = Segments(self)
        self._wanted: OrderedDict[Key, None] = OrderedDict()
        self._sought: set[int] = set()
        self._pause = self._timer(PAUSE_MS, self._ask_wanted)
        self._rest = self._timer(WALK_AGAIN_MS[0], self._walk)
        runner.changed.connect(self._hear)

    # --- What pages use ----------------------------------------------------------------------------------------

    def show(self, listing: Listing[Any]) -> None:
        """Show another listing; the rows of the one before stay until its first page is there."""
        if self._next is not None:
            self._next.live = False
        showing = Showing(listing)
        self._next = showing
        self.loading_changed.emit(True)
        self._runner.read(
            self, showing.query(listing.first), done=partial(self._begin, showing), failed=partial(self._fail, showing)
        )

    @property
    def listing(self) -> Listing[Any] | None:
        """The listing that is shown."""
        return self._showing.listing if self._showing else None

    @property
    def loading(self) -> bool:
        """Whether a listing's first page is awaited."""
        return self._next is not None

    @property
    def length_known(self) -> bool:
        """Whether the row count is the list's own, not only that of the rows read so far."""
        return self._showing is not None and self._showing.counted and self._next is None

    @property
    def idle(self) -> bool:
        """Whether all that is shown is read, and no news is under way."""
        showing = self._showing
        busy = self._pause.isActive() or self._rest.isActive() or self._sought
        if self._next is not None or busy:
            return False
        return showing is None or (showing.quiet() and not showing.walking and not showing.doubtful)

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
        return self._segments.row_of(ident)

    def position_of(self, ident: int) -> None:
        """Look for the row of an id; `found` tells it."""
        row = self._segments.row_of(ident)
        if self._next is None and row is not None:
            QTimer.singleShot(0, self, partial(self.found.emit, ident, row))
            return
        self._sought.add(ident)
        self._seek()

    def stretches(self, first: int, last: int) -> list[int | tuple[Key, int, int]]:
        """The ids of a range of rows: known ones, and for what is not on hand (start, lines to skip, lines to take)."""
        parts: list[int | tuple[Key, int, int]] = []
        row = first
        while row <= last:
            piece, offset = self._segments.at(row)
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
        return 0 if parent.isValid() else self._segments.total

    def columnCount(self, parent: Index = _ROOT) -> int:
        """How many columns."""
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What a cell says in a role; … for a row not read yet, whose page is then asked for."""
        if not index.isValid():
            return None
        column = self.columns[index.column()]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if column.look.kind in RIGHT else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        if role not in _ROLES:
            return None
        line = self._line(index.row())
        if line is None:
            return self._unread(role)
        return _ROLES[role](column, line.row)

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
        self.endInsertRows()

    @contextmanager
    def removing(self, first: int, last: int) -> Iterator[None]:
        """Rows go."""
        self.beginRemoveRows(QModelIndex(), first, last)
        yield
        self.endRemoveRows()

    @contextmanager
    def moving(self, row: int, before: int) -> Iterator[None]:
        """One row comes to stand before another."""
        self.beginMoveRows(QModelIndex(), row, row, QModelIndex(), before)
        yield
        self.endMoveRows()

    def replaced(self, first: int, last: int) -> None:
        """Rows have other values."""
        self.dataChanged.emit(self.index(first, 0), self.index(last, len(self.columns) - 1))

    # --- Reading -----------------------------------------------------------------------------------------------

    def _begin(self, showing: Showing[Any], lines: Sequence[Line[Any]] | None) -> None:
        if showing is not self._next or lines is None:
            return
        if self._showing is not None:
            self._showing.live = False
        self._next, self._showing = None, showing
        self._wanted.clear()
        self._rest.stop()
        self.beginResetModel()
        self._segments = Segments(self, descending=showing.listing.descending)
        showing.counted = len(lines) < PAGE
        self._segments.begin(lines, complete=showing.counted)
        self.endResetModel()
        self.loading_changed.emit(False)
        if showing.counted:
            self.counted.emit(len(lines), showing.seconds())
        else:
            self._walk()
        self._go_on(showing)

    def _line(self, row: int) -> Line[Any] | None:
        """The line of a row; if it is not on hand its page is asked for."""
        if not 0 <= row < self._segments.total:
            return None
        line = self._segments.line_at(row)
        if line is None:
            start = self._segments.at(row)[0].start
            self._wanted[start] = None
            self._wanted.move_to_end(start)
            if not self._pause.isActive():
                self._pause.start()
        return line

    @Slot()
    def _ask_wanted(self) -> None:
        """Ask for the two pages looked at last; forget those scrolled past."""
        starts = list(self._wanted)[-2:]
        self._wanted.clear()
        for start in starts:
            piece = self._segments.piece_from(start)
            if piece is not None and piece.lines is None:
                self._ask(piece)
        self._go_on(self._showing)

    def _ask(self, piece: Piece[Any], fresh: tuple[int, ...] = (), again: bool = False) -> None:
        showing = self._showing
        assert showing is not None
        if piece.start in showing.asked and not again:
            return
        count = min(max(piece.count, PAGE), 2 * PAGE) + SLACK
        showing.asked.append(piece.start)
        self._runner.read(
            self,
            showing.query(showing.listing.page),
            piece.start,
            count,
            done=partial(self._fill, showing, piece.start, count, fresh),
            failed=partial(self._fail_page, showing, piece.start),
        )

    def _fill(
        self,
        showing: Showing[Any],
        start: Key,
        asked: int,
        fresh: tuple[int, ...],
        lines: Sequence[Line[Any]] | None,
    ) -> None:
        showing.asked.remove(start)
        if showing is not self._showing or lines is None:
            return
        if self._segments.piece_from(start) is None:
            # The outline drew this part anew in the meantime; whoever still looks at it asks again.
            if self._segments.total:
                self.replaced(0, self._segments.total - 1)
        elif not self._segments.fill(start, lines, asked, fresh):
            showing.doubtful = True
        self._go_on(showing)

    # --- The outline -------------------------------------------------------------------------------------------

    @Slot()
    def _walk(self) -> None:
        showing = self._showing
        if showing is None or showing.walking:
            return
        showing.walking, showing.doubtful = True, False
        self._runner.walk(
            self,
            showing.query(showing.listing.outline),
            done=partial(self._redraw, showing, showing.heard, showing.seconds()),
            failed=partial(self._fail_walk, showing),
        )

    def _redraw(self, showing: Showing[Any], heard: int, begun: float, outline: Outline | None) -> None:
        showing.walking = False
        if showing is not self._showing or outline is None:
            return
        showing.walk_seconds = showing.seconds() - begun
        if heard != showing.heard and showing.counted and showing.missed_walks < MISSED_WALKS:
            showing.missed_walks += 1
            showing.doubtful = True
        else:
            showing.missed_walks = 0
            showing.doubtful = showing.doubtful or heard != showing.heard
            for start in self._segments.redraw(outline):
                piece = self._segments.piece_from(start)
                if piece is not None:
                    self._ask(piece)
            showing.counted = True
            self.counted.emit(self._segments.total, showing.seconds())
        self._go_on(showing)

    def _go_on(self, showing: Showing[Any] | None) -> None:
        """After every answer: the next thing to do, until all is quiet."""
        if showing is None or showing is not self._showing:
            return
        self._reread(showing)
        self._seek()
        if showing.doubtful and showing.quiet() and not showing.walking and not self._rest.isActive():
            least, most = WALK_AGAIN_MS
            self._rest.start(min(most, max(least, int(4000 * showing.walk_seconds))))
        if self.idle:
            self.settled.emit()

    # --- News --------------------------------------------------------------------------------------------------

    @Slot(object)
    def _hear(self, changes: Changes) -> None:
        """Changed rows are read again; a listing still on its way remembers them for its arrival."""
        if self._next is not None:
            self._next.hear(changes, MOST_NAMED)
        if self._showing is not None and self._showing.hear(changes, MOST_NAMED):
            self._go_on(self._showing)

    def _reread(self, showing: Showing[Any]) -> None:
        if showing.everything:
            showing.everything = False
            showing.news.clear()
            showing.doubtful = True
            self._segments.forget_but(2)
            for piece in self._segments.newest(2):
                self._ask(piece, again=True)
        if not showing.news or showing.rereading:
            return
        ids = tuple(showing.news)
        showing.news.clear()
        if len(ids) > MOST_NAMED:
            showing.everything = True
            self._reread(showing)
            return
        showing.rereading = True
        self._runner.read(
            self,
            showing.query(showing.listing.among),
            ids,
            done=partial(self._replace, showing, ids),
            failed=partial(self._fail_news, showing, ids),
        )

    def _replace(self, showing: Showing[Any], ids: tuple[int, ...], lines: Sequence[Line[Any]] | None) -> None:
        showing.rereading = False
        if showing is not self._showing or lines is None:
            return
        was_whole = self._segments.whole()
        for ident in set(ids) - {line.id for line in lines}:
            if not self._segments.drop(ident) and not was_whole:
                showing.doubtful = True
        unread: dict[Key, list[int]] = {}
        for line in lines:
            known = self._segments.known(line.id) is not None
            placed = self._segments.put(line)
            if not placed and not known:
                piece = self._segments.piece_for(line.key)
                assert piece is not None
                unread.setdefault(piece.start, []).append(line.id)
            # A row that was not on hand is new, or has left another page: the outline tells.
            showing.doubtful = showing.doubtful or not (known or was_whole)
        for start, fresh in list(unread.items())[:MOST_PAGES]:
            piece = self._segments.piece_from(start)
            if piece is not None:
                self._ask(piece, tuple(fresh))
        self._go_on(showing)

    # --- Positions ---------------------------------------------------------------------------------------------

    def _seek(self) -> None:
        """Look for sought ids, once the length is known."""
        showing = self._showing
        if not self._sought or self._next is not None or showing is None or not showing.counted:
            return
        ids = tuple(self._sought)
        self._sought.clear()
        self._runner.read(self, showing.query(showing.listing.among), ids, done=partial(self._place, showing, ids))

    def _place(self, showing: Showing[Any], ids: tuple[int, ...], lines: Sequence[Line[Any]] | None) -> None:
        if showing is not self._showing or lines is None:
            self._sought.update(ids)
            self._seek()
            return
        for ident in set(ids) - {line.id for line in lines}:
            self.found.emit(ident, -1)
        for line in lines:
            piece = self._segments.piece_for(line.key)
            row = None if piece is None else self._segments.row_in(piece, line.key)
            if piece is None or row is not None:
                self.found.emit(line.id, -1 if row is None else row)
                continue
            self._runner.read(
                self,
                showing.query(showing.listing.between),
                piece.start,
                line.key,
                done=partial(self._find, showing, piece.start, line),
            )
        self._go_on(showing)

    def _find(self, showing: Showing[Any], start: Key, line: Line[Any], offset: int | None) -> None:
        piece = self._segments.piece_from(start)
        if showing is not self._showing or offset is None or piece is None:
            self.position_of(line.id)
            return
        row = self._segments.row_in(piece, line.key)
        if row is None:
            row = self._segments.first_row(piece) + min(offset, piece.count - 1)
        self.found.emit(line.id, row)

    # --- Trouble -----------------------------------------------------------------------------------------------

    def _fail(self, showing: Showing[Any], error: Exception) -> None:
        """The listing before stays where the next one cannot be read."""
        if showing is self._next:
            self._next = None
            self.loading_changed.emit(False)
            self._runner.failed.emit(error)

    def _fail_page(self, showing: Showing[Any], start: Key, error: Exception) -> None:
        showing.asked.remove(start)
        self._runner.failed.emit(error)

    def _fail_walk(self, showing: Showing[Any], error: Exception) -> None:
        showing.walking, showing.doubtful = False, True
        self._runner.failed.emit(error)

    def _fail_news(self, showing: Showing[Any], ids: tuple[int, ...], error: Exception) -> None:
        """What could not be read again is not forgotten: the next change or page asks for it too."""
        showing.rereading = False
        showing.news.update(ids)
        self._runner.failed.emit(error)

    def _timer(self, milliseconds: int, run: Any) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(milliseconds)
        timer.timeout.connect(run)
        return timer


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
