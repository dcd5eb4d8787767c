"""Fits a list's outline, read behind its rows, to what is on hand: rows come and go only between the blocks on hand."""

from __future__ import annotations

from cbo_desk.paging import PAGE, Key, Outline
from ui.kit.pieces import Piece, Pieces, RowT, runs


class Outlined(Pieces[RowT]):
    """Pieces that can take a new outline."""

    def redraw(self, outline: Outline) -> list[Key]:
        """Take the list's true length and its pages' keys; what is on hand stays on hand and in place.

        Rows come and go only between the blocks on hand. A block that contradicts the outline is forgotten. Returns
        the starts of pieces to be read (again), because a block's place is a guess or its lines are in doubt.
        """
        kept, doubtful = self._fit_blocks(outline)
        bounds = [(0, 0), *((hi, rank + self._rows(lo, hi)) for lo, hi, rank in kept)]
        nexts = [*((lo, rank) for lo, hi, rank in kept), (len(self.pieces), outline.total)]
        for (lo, rank), (hi, limit) in reversed(list(zip(bounds, nexts, strict=True))):
            self._refill(lo, hi, self._cut_up(outline, lo, hi, rank, limit))
        wanted: list[Key] = []
        for pieces in doubtful:
            index = self._index_of(pieces[0])
            if index and self.pieces[index - 1].lines is None:
                wanted.append(self.pieces[index - 1].start)
            wanted += [piece.start for piece in pieces]
        return wanted

    def _fit_blocks(self, outline: Outline) -> tuple[list[tuple[int, int, int]], list[list[Piece[RowT]]]]:
        """The runs of pieces on hand with the row each begins with by the outline, and those to be looked at again."""
        kept: list[tuple[int, int, int]] = []
        doubtful: list[list[Piece[RowT]]] = []
        reached = 0
        for lo, hi in runs(self.pieces, lambda piece: piece.lines is not None):
            rank, sure = self._rank(outline, lo, hi)
            size = self._rows(lo, hi)
            if rank is None or rank < reached or rank + size > outline.total:
                self._blank(lo, hi)
            elif hi == len(self.pieces) and rank + size < outline.total:
                # Rows stand behind it whose first key nobody knows.
                self._blank(lo, hi)
            else:
                kept.append((lo, hi, rank))
                reached = rank + size
                if not sure:
                    doubtful.append(self.pieces[lo:hi])
        return kept, doubtful

    def _rank(self, outline: Outline, lo: int, hi: int) -> tuple[int | None, bool]:
        """The row a block begins with, and whether that is certain; None where block and outline contradict."""
        lines = [line for piece in self.pieces[lo:hi] for line in piece.lines or ()]
        if not lines:
            return None, False
        first = self._lower(outline.starts, lines[0].key, tuple)
        ranks: list[int] = []
        sure = True
        for page in range(first, len(outline.starts)):
            if self._precedes(lines[-1].key, outline.starts[page]):
                break
            place = self._place(lines, outline.starts[page])
            sure = sure and lines[place].key == outline.starts[page]
            ranks.append(page * PAGE - place)
        if ranks:
            return max(0, ranks[0]), sure and len(set(ranks)) == 1
        if first == 0:
            return None, False
        least = (first - 1) * PAGE + 1
        most = min(first * PAGE, outline.total) - len(lines)
        if most < least:
            return None, False
        return min(max(self._before(lo), least), most), least == most

    def _cut_up(self, outline: Outline, lo: int, hi: int, rank: int, limit: int) -> list[Piece[RowT]]:
        """New pieces for the rows `rank` to `limit`, which stand between two blocks; none is shorter than need be."""
        if limit <= rank:
            return []
        end = self.pieces[hi].start if hi < len(self.pieces) else None
        marks = [(rank, self.pieces[lo].start if lo else outline.starts[0])]
        for page in range(rank // PAGE + 1, min(-(-limit // PAGE), len(outline.starts))):
            key = outline.starts[page]
            long_enough = min(page * PAGE - marks[-1][0], limit - page * PAGE) >= PAGE // 2
            if long_enough and self._precedes(marks[-1][1], key) and (end is None or self._precedes(key, end)):
                marks.append((page * PAGE, key))
        ends = [*(place for place, _ in marks[1:]), limit]
        return [Piece(key, upto - place) for (place, key), upto in zip(marks, ends, strict=True)]

    def _refill(self, lo: int, hi: int, pieces: list[Piece[RowT]]) -> None:
        """Put pieces in the place of others that are not on hand either, telling only of the difference."""
        before, now = self._rows(lo, hi), sum(piece.count for piece in pieces)
        row = self._before(lo) + min(before, now)

        def change() -> None:
            self.pieces[lo:hi] = pieces
            self.total += now - before
            del self._sums[lo:]

        if now == before:
            change()
        elif now > before:
            with self._watcher.inserting(row, row + now - before - 1):
                change()
        else:
            with self._watcher.removing(row, row + before - now - 1):
                change()
