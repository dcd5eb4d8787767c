"""A long list as pieces between remembered keys: the rows on hand of some pieces, the mere number of the others.

Pure bookkeeping without Qt: what is where. The changes are in `ui.kit.segments` and `ui.kit.outlining`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import accumulate, count
from typing import Any, Generic, Protocol, TypeVar

from cbo_desk.paging import Key, Line

RowT = TypeVar("RowT")
T = TypeVar("T")


class Watcher(Protocol):
    """Who is told of every change, in rows counted from 0; the first three enclose the change itself."""

    def inserting(self, first: int, last: int, /) -> AbstractContextManager[None]:
        """Rows `first` to `last` come into being."""

    def removing(self, first: int, last: int, /) -> AbstractContextManager[None]:
        """Rows `first` to `last` go."""

    def moving(self, row: int, before: int, /) -> AbstractContextManager[None]:
        """One row comes to stand before the row that now is `before`."""

    def replaced(self, first: int, last: int, /) -> None:
        """Rows `first` to `last` have other values, or are no longer on hand."""


@dataclass(eq=False)
class Piece(Generic[RowT]):
    """The rows from the key `start` on and before the next piece; `lines` is None while they are not on hand."""

    start: Key
    count: int
    lines: list[Line[RowT]] | None = None
    used: int = 0


class Pieces(Generic[RowT]):
    """The pieces of one list in their order."""

    def __init__(self, watcher: Watcher, *, descending: bool = False) -> None:
        self.pieces: list[Piece[RowT]] = []
        self.total = 0
        self._watcher = watcher
        self._descending = descending
        self._sums: list[int] = []  # Rows before each piece, for as many pieces as are up to date.
        self._lines: dict[int, Line[RowT]] = {}
        self._clock = count(1)

    def line_at(self, row: int) -> Line[RowT] | None:
        """The line of a row, if it is on hand."""
        piece, offset = self.at(row)
        if piece.lines is None:
            return None
        piece.used = next(self._clock)
        return piece.lines[offset]

    def at(self, row: int) -> tuple[Piece[RowT], int]:
        """The piece a row belongs to, and its place in it."""
        self._add_up()
        index = bisect_right(self._sums, row) - 1
        return self.pieces[index], row - self._sums[index]

    def known(self, ident: int) -> Line[RowT] | None:
        """The line with an id, if it is on hand."""
        return self._lines.get(ident)

    def row_of(self, ident: int) -> int | None:
        """The row of an id, if it is on hand."""
        line = self._lines.get(ident)
        if line is None:
            return None
        index, offset = self._find(line)
        return self._before(index) + offset

    def piece_for(self, key: Key) -> Piece[RowT] | None:
        """The piece a key belongs to; None in an empty list."""
        return self.pieces[self._index(key)] if self.pieces else None

    def piece_from(self, start: Key) -> Piece[RowT] | None:
        """The piece that begins with exactly this key."""
        piece = self.piece_for(start)
        return piece if piece is not None and piece.start == start else None

    def touching(self, pieces: Sequence[Piece[RowT]]) -> tuple[Piece[RowT], Piece[RowT]] | None:
        """Two pieces in their order, where they are two and one follows the other; None otherwise."""
        if len(pieces) != 2:
            return None
        first, second = sorted(map(self._index_of, pieces))
        return (self.pieces[first], self.pieces[second]) if second == first + 1 else None

    def reaching(self, start: Key, lines: Sequence[Line[RowT]]) -> list[Line[RowT]]:
        """Those of `lines` that stand at a key or after it."""
        return [line for line in lines if not self._precedes(line.key, start)]

    def row_in(self, piece: Piece[RowT], key: Key) -> int | None:
        """The row where a key stands, or would stand, in a piece on hand."""
        if piece.lines is None:
            return None
        return self.first_row(piece) + self._place(piece.lines, key)

    def first_row(self, piece: Piece[RowT]) -> int:
        """The row a piece begins with."""
        return self._before(self._index_of(piece))

    def whole(self) -> bool:
        """Whether every row is on hand, so that nothing can change unseen."""
        return len(self._lines) == self.total

    def newest(self, number: int) -> list[Piece[RowT]]:
        """The pieces on hand looked at last, the last one first."""
        on_hand = [piece for piece in self.pieces if piece.lines is not None]
        return sorted(on_hand, key=lambda piece: -piece.used)[:number]

    def _shift(self, index: int, place: int, more: int) -> None:
        """Let rows that are not on hand come (`more` > 0) or go at a place of a piece."""
        if not more:
            return
        row = self._before(index) + place
        change = self._watcher.inserting if more > 0 else self._watcher.removing
        with change(row, row + abs(more) - 1):
            self.pieces[index].count += more
            self.total += more
            del self._sums[index + 1 :]

    def _forget(self, piece: Piece[RowT]) -> None:
        """Keep only the number of a piece's rows."""
        for line in piece.lines or ():
            del self._lines[line.id]
        piece.lines = None

    def _blank(self, lo: int, hi: int) -> None:
        """Forget pieces that may be in sight."""
        for piece in self.pieces[lo:hi]:
            self._forget(piece)
        size = self._rows(lo, hi)
        if size:
            self._watcher.replaced(self._before(lo), self._before(lo) + size - 1)

    def _precedes(self, one: Key, other: Key) -> bool:
        return one > other if self._descending else one < other

    def _lower(self, items: Sequence[T], key: Key, of: Callable[[T], Key]) -> int:
        """How many of the items have a key before `key`."""
        low, high = 0, len(items)
        while low < high:
            middle = (low + high) // 2
            if self._precedes(of(items[middle]), key):
                low = middle + 1
            else:
                high = middle
        return low

    def _place(self, lines: Sequence[Line[RowT]], key: Key) -> int:
        return self._lower(lines, key, _key)

    def _index(self, key: Key) -> int:
        """The number of the piece a key belongs to; the first one also takes what comes before it."""
        place = self._lower(self.pieces, key, _start)
        if place < len(self.pieces) and self.pieces[place].start == key:
            return place
        return max(0, place - 1)

    def _index_of(self, piece: Piece[RowT]) -> int:
        return self._index(piece.start)

    def _find(self, line: Line[RowT]) -> tuple[int, int]:
        index = self._index(line.key)
        return index, self._place(self._on_hand(index), line.key)

    def _on_hand(self, index: int) -> list[Line[RowT]]:
        lines = self.pieces[index].lines
        assert lines is not None
        return lines

    def _rows(self, lo: int, hi: int) -> int:
        return sum(piece.count for piece in self.pieces[lo:hi])

    def _before(self, index: int) -> int:
        """How many rows stand before a piece."""
        if index >= len(self._sums):
            self._add_up()
        return self._sums[index] if index < len(self._sums) else self.total

    def _add_up(self) -> None:
        done = len(self._sums)
        if done < len(self.pieces):
            so_far = self._sums[-1] + self.pieces[done - 1].count if done else 0
            counts = [piece.count for piece in self.pieces[done:-1]]
            self._sums.extend(accumulate(counts, initial=so_far))


def runs(items: Sequence[T], wanted: Callable[[T], bool]) -> list[tuple[int, int]]:
    """Where the items that are wanted stand together, as half-open ranges."""
    runs: list[tuple[int, int]] = []
    for place, item in enumerate(items):
        if not wanted(item):
            continue
        if runs and runs[-1][1] == place:
            runs[-1] = (runs[-1][0], place + 1)
        else:
            runs.append((place, place + 1))
    return runs


def _key(line: Line[Any]) -> Key:
    return line.key


def _start(piece: Piece[Any]) -> Key:
    return piece.start
