"""The changes of a long list: single lines that come, go and move, and whole pieces that were read.

Every change of a row's position is told to a watcher before and after it happens, so that a view loses neither
selection nor scroll position.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cbo_desk.paging import PAGE, Key, Line
from ui.kit.outlining import Outlined
from ui.kit.pieces import Piece, RowT, Watcher, runs

KEPT = 20 * PAGE
"""Lines kept on hand at most; the pieces looked at longest ago go first."""


class Segments(Outlined[RowT]):
    """A long list, some of it on hand."""

    def __init__(self, watcher: Watcher, *, descending: bool = False, kept: int = KEPT) -> None:
        super().__init__(watcher, descending=descending)
        self._kept = kept

    # --- Single lines ------------------------------------------------------------------------------------------

    def begin(self, lines: Sequence[Line[RowT]], complete: bool) -> None:
        """Start from a list's first lines; unless these are all, the last of them begins the unread rest."""
        own = list(lines) if complete else list(lines[:-1])
        self._sums.clear()
        self.pieces = [Piece(lines[0].key, len(own), own, next(self._clock))] if own else []
        if lines and not complete:
            self.pieces.append(Piece(lines[-1].key, 1))
        self._lines = {line.id: line for line in own}
        self.total = len(lines)

    def put(self, line: Line[RowT]) -> bool:
        """Show a line with its values and at its place of now; False where that place is not on hand."""
        old = self._lines.get(line.id)
        if old is None:
            return self._add(line)
        index, offset = self._find(old)
        if old.key == line.key:
            self._set(index, offset, line)
            return True
        return self._move(index, offset, line)

    def drop(self, ident: int) -> bool:
        """Take a line out of the list; False where it is not on hand."""
        line = self._lines.get(ident)
        if line is None:
            return False
        index, offset = self._find(line)
        self._cut(index, offset, offset + 1)
        return True

    def _add(self, line: Line[RowT]) -> bool:
        if not self.pieces:
            self.pieces.append(Piece(line.key, 0, [], next(self._clock)))
        index = self._index(line.key)
        piece = self.pieces[index]
        if self._precedes(line.key, piece.start):
            piece.start = line.key
        if piece.lines is None:
            return False
        self._paste(index, self._place(piece.lines, line.key), [line])
        return True

    def _set(self, index: int, offset: int, line: Line[RowT]) -> None:
        lines = self._on_hand(index)
        same = lines[offset] == line
        lines[offset] = self._lines[line.id] = line
        if not same:
            row = self._before(index) + offset
            self._watcher.replaced(row, row)

    def _move(self, index: int, offset: int, line: Line[RowT]) -> bool:
        goal = self._index(line.key)
        target = self.pieces[goal]
        if self._precedes(line.key, target.start):
            target.start = line.key
        row = self._before(index) + offset
        place = target.count if goal < index else 0
        if target.lines is not None:
            place = self._place(target.lines, line.key)
        before = self._before(goal) + place
        if before in (row, row + 1):
            self._rehang(index, offset, goal, place, line)
            settled = row
        else:
            with self._watcher.moving(row, before):
                self._rehang(index, offset, goal, place, line)
            settled = before if before < row else before - 1
        self._watcher.replaced(settled, settled)
        return target.lines is not None

    def _rehang(self, index: int, offset: int, goal: int, place: int, line: Line[RowT]) -> None:
        source, target = self.pieces[index], self.pieces[goal]
        del self._on_hand(index)[offset]
        if source is target and place > offset:
            place -= 1
        if target.lines is None:
            del self._lines[line.id]
        else:
            target.lines.insert(place, line)
            self._lines[line.id] = line
        source.count -= 1
        target.count += 1
        del self._sums[min(index, goal) + 1 :]

    # --- Whole pieces ------------------------------------------------------------------------------------------

    def fill(self, start: Key, lines: Sequence[Line[RowT]], asked: int, fresh: Iterable[int] = ()) -> bool:
        """Take the answer to a reading of `asked` lines from `start` on; True where the numbers were as expected.

        `fresh` are ids known to be new: where they explain the difference they come at their exact rows. Lines beyond
        the piece are left aside; where the answer does not reach its end, the rest becomes a piece of its own.
        """
        piece = self.piece_from(start)
        if piece is None:
            return True
        index = self._index_of(piece)
        end = self.pieces[index + 1].start if index + 1 < len(self.pieces) else None
        own = [line for line in lines if end is None or self._precedes(line.key, end)]
        expected = piece.count
        if len(own) == len(lines) == asked:
            rest = own.pop()
            expected = self._split(index, rest.key, len(own))
        for line in own:
            old = self._lines.get(line.id)
            if old is not None and self._find(old)[0] != index:
                self.drop(line.id)
        index = self._index_of(piece)
        if piece.lines is None:
            self._hand_in(index, own, set(fresh))
        else:
            self._compare(index, own)
        piece.used = next(self._clock)
        self._forget_oldest()
        return len(own) == expected

    def _split(self, index: int, start: Key, size: int) -> int:
        """Cut a piece before `start`; the part before keeps up to `size` rows, whose number is returned."""
        piece = self.pieces[index]
        rest: Piece[RowT]
        if piece.lines is None:
            first = min(size, max(0, piece.count - 1))
            rest = Piece(start, piece.count - first)
        else:
            first = self._place(piece.lines, start)
            rest = Piece(start, piece.count - first)
            for line in piece.lines[first:]:
                del self._lines[line.id]
            piece.lines = piece.lines[:first]
        piece.count = first
        self.pieces.insert(index + 1, rest)
        del self._sums[index + 1 :]
        if rest.count:
            self._blank(index + 1, index + 2)
        else:
            self._shift(index + 1, 0, 1)
        return first

    def _hand_in(self, index: int, lines: list[Line[RowT]], fresh: set[int]) -> None:
        """Put lines where only a number was known."""
        piece = self.pieces[index]
        more = len(lines) - piece.count
        new = [place for place, line in enumerate(lines) if line.id in fresh]
        if more < 0:
            self._shift(index, len(lines), more)
        elif more and len(new) == more:
            for place in new:
                self._shift(index, place, 1)
        elif more:
            self._shift(index, piece.count, more)
        piece.lines = lines
        self._lines.update((line.id, line) for line in lines)
        if lines:
            first = self._before(index)
            self._watcher.replaced(first, first + len(lines) - 1)

    def _compare(self, index: int, lines: list[Line[RowT]]) -> None:
        """Turn the lines on hand into the ones read, by the smallest steps."""
        have = self._on_hand(index)
        stay = {line.id for line in lines}
        for first, last in reversed(runs(have, lambda line: line.id not in stay)):
            self._cut(index, first, last)
        for line in lines:
            old = self._lines.get(line.id)
            if old is not None and old.key != line.key:
                self._move(*self._find(old), line)
        for first, last in runs(lines, lambda line: line.id not in self._lines):
            self._paste(index, first, lines[first:last])
        have = self._on_hand(index)
        other = [offset for offset, line in enumerate(lines) if have[offset] != line]
        have[:] = lines
        self._lines.update((line.id, line) for line in lines)
        first = self._before(index)
        for place, last in runs(range(len(lines)), set(other).__contains__):
            self._watcher.replaced(first + place, first + last - 1)

    def _cut(self, index: int, first: int, last: int) -> None:
        lines, row = self._on_hand(index), self._before(index)
        with self._watcher.removing(row + first, row + last - 1):
            for line in lines[first:last]:
                del self._lines[line.id]
            del lines[first:last]
            self._count(index, first - last)

    def _paste(self, index: int, place: int, new: Sequence[Line[RowT]]) -> None:
        lines, row = self._on_hand(index), self._before(index)
        with self._watcher.inserting(row + place, row + place + len(new) - 1):
            lines[place:place] = new
            self._lines.update((line.id, line) for line in new)
            self._count(index, len(new))

    def _count(self, index: int, more: int) -> None:
        self.pieces[index].count += more
        self.total += more
        del self._sums[index + 1 :]

    def forget_but(self, number: int) -> None:
        """Keep on hand only so many pieces, those looked at last."""
        stay = self.newest(number)
        for index, piece in enumerate(self.pieces):
            if piece.lines is not None and piece not in stay:
                self._blank(index, index + 1)

    def _forget_oldest(self) -> None:
        if len(self._lines) <= self._kept:
            return
        for piece in reversed(self.newest(len(self.pieces))[2:]):
            if len(self._lines) <= self._kept:
                return
            self._forget(piece)
