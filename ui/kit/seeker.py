"""Finds the row of an id in a list too long to hold."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from cbo_desk.paging import Key, Line
from ui.kit.list_reader import ListReader
from ui.kit.showing import Showing


class Seeker(QObject):
    """Asks where ids stand. Signal: `found(id, row)`, row -1 for an id that is not in the list."""

    found = Signal(object, int)

    def __init__(self, reader: ListReader) -> None:
        super().__init__(reader)
        self._reader = reader
        self._sought: set[int] = set()
        self._counting = False
        self._waiting: tuple[Showing[Any], Key, Line[Any]] | None = None
        reader.went_on.connect(self._seek)

    @property
    def idle(self) -> bool:
        """Whether nothing is sought."""
        return not self._sought

    def seek(self, ident: int) -> None:
        """Look for the row of an id; `found` tells it."""
        row = self._reader.segments.row_of(ident)
        if not self._reader.loading and row is not None:
            QTimer.singleShot(0, self, partial(self.found.emit, ident, row))
            return
        self._sought.add(ident)
        self._seek()

    def _seek(self) -> None:
        """Look for sought ids, once the length is known."""
        showing = self._reader.showing
        if not self._sought or self._reader.loading or showing is None or not showing.counted:
            return
        ids = tuple(self._sought)
        self._sought.clear()
        self._reader.runner.read(
            self, showing.query(showing.listing.among), ids, done=partial(self._place, showing, ids)
        )

    def _place(self, showing: Showing[Any], ids: tuple[int, ...], lines: Sequence[Line[Any]] | None) -> None:
        if showing is not self._reader.showing or lines is None:
            self._sought.update(ids)
            self._seek()
            return
        for ident in set(ids) - {line.id for line in lines}:
            self.found.emit(ident, -1)
        for line in lines:
            piece = self._reader.segments.piece_for(line.key)
            row = None if piece is None else self._reader.segments.row_in(piece, line.key)
            if piece is None or row is not None:
                self.found.emit(line.id, -1 if row is None else row)
                continue
            self._count(showing, piece.start, line)
        self._reader.go_on(showing)

    def _count(self, showing: Showing[Any], start: Key, line: Line[Any]) -> None:
        """Ask how far from a key on a line stands: beside the readings, which a long way would hold up.

        One after the other; of those that wait meanwhile only the last is still looked for.
        """
        if self._counting:
            self._waiting = (showing, start, line)
            return
        self._counting = True
        self._reader.runner.walk(
            self,
            showing.query(showing.listing.between),
            start,
            line.key,
            done=partial(self._find, showing, start, line),
            failed=self._fail,
        )

    def _counted(self) -> None:
        self._counting = False
        if self._waiting is not None:
            waiting, self._waiting = self._waiting, None
            self._count(*waiting)

    def _fail(self, error: Exception) -> None:
        self._counted()
        self._reader.runner.failed.emit(error)

    def _find(self, showing: Showing[Any], start: Key, line: Line[Any], offset: int | None) -> None:
        self._counted()
        piece = self._reader.segments.piece_from(start)
        if showing is not self._reader.showing or offset is None or piece is None:
            self.seek(line.id)
            return
        row = self._reader.segments.row_in(piece, line.key)
        if row is None:
            row = self._reader.segments.first_row(piece) + min(offset, piece.count - 1)
        self.found.emit(line.id, row)
