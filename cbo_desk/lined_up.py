"""One list read from a lineup: which ids stand where in it, with the rows that changed since put in their places."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Generic, TypeVar

import numpy as np
from sqlalchemy.orm import Session

from cbo_desk.lineup import Mask
from cbo_desk.number_columns import Ids
from cbo_desk.paging import PAGE, Key, Line, Outline

if TYPE_CHECKING:
    from cbo_desk.paging import PagedList

RowT = TypeVar("RowT")
STRETCH = 65_536
"""Ids of an order that are looked through at once for those that belong to the list."""
PROBES = 48
"""Keys that are read at once to find the place of one: three rounds find it in a hundred thousand."""
TRIES = 5
"""Readings that a loose mask may cost before the exact one is asked for."""


class LooseError(Exception):
    """Too few of the rows that a loose mask lets through belong to the list."""


class LinedUp(Generic[RowT]):
    """A list's ids in its order; `fresh` are the lines whose rows changed since, which the mask leaves out.

    A mask that is not `exact` lets rows through that do not belong to the list, which are found out as they are read,
    or leaves out some that do.
    """

    def __init__(
        self, listing: PagedList[RowT], order: Ids, mask: Mask, fresh: Sequence[Line[RowT]], exact: bool
    ) -> None:
        self.exact = exact
        self._listing = listing
        self._order = order[::-1] if listing.descending else order
        self._mask = mask
        self._fresh = list(fresh)
        self._ids: Ids | None = None

    def first(self, session: Session) -> list[Line[RowT]]:
        """The first PAGE lines."""
        return self._read(session, self._from_the_top(), self._fresh, PAGE)

    def page(self, session: Session, start: Key, count: int) -> list[Line[RowT]]:
        """`count` lines from a key on."""
        ids = self._all()[self._place(session, start) :]
        fresh = self._fresh[self._fresh_before(start) :]
        return self._read(session, (ids[at : at + count] for at in range(0, len(ids), count)), fresh, count)

    def between(self, session: Session, start: Key, key: Key) -> int:
        """How many lines stand from one key on and before another."""
        ids = self._place(session, key) - self._place(session, start)
        return max(0, ids + self._fresh_before(key) - self._fresh_before(start))

    def outline(self, session: Session) -> Outline:
        """The length, and the key of every PAGE-th line."""
        ids = self._all()
        total = len(ids) + len(self._fresh)
        among = [place + n for n, place in enumerate(self._places(session))]
        fresh = dict(zip(among, self._fresh, strict=True))
        passed = np.searchsorted(among, np.arange(0, total, PAGE)) if among else np.zeros(-(-total // PAGE), np.int64)
        wanted = [int(at - past) for at, past in zip(range(0, total, PAGE), passed, strict=True) if at not in fresh]
        keys = iter(self._keys_at(session, wanted))
        return Outline(total, tuple(fresh[at].key if at in fresh else next(keys) for at in range(0, total, PAGE)))

    # --- Places ------------------------------------------------------------------------------------------------

    def _all(self) -> Ids:
        if self._ids is None:
            self._ids = self._order[self._mask[self._order]]
        return self._ids

    def _from_the_top(self) -> Iterator[Ids]:
        """The ids in order, in steps of a page: only as far as they are asked for."""
        left: Ids = self._order[:0]
        for at in range(0, len(self._order), STRETCH):
            some = self._order[at : at + STRETCH]
            left = np.concatenate([left, some[self._mask[some]]])
            while len(left) >= PAGE:
                yield left[:PAGE]
                left = left[PAGE:]
        yield left

    def _places(self, session: Session) -> list[int]:
        """Before which of the ids each of the fresh lines stands."""
        if not self._fresh:
            return []
        ids = self._all()
        pages = self._keys_at(session, range(0, len(ids), PAGE))
        found: dict[int, list[Key]] = {}
        places = []
        for line in self._fresh:
            page = max(0, self._rank(pages, line.key) - 1)
            if page not in found:
                first = page * PAGE
                found[page] = self._keys_at(session, range(first, min(first + PAGE, len(ids))))
            places.append(page * PAGE + self._rank(found[page], line.key))
        return places

    def _place(self, session: Session, key: Key) -> int:
        """Before which of the ids a key stands."""
        ids = self._all()
        known = self._place_of_row(session, key)
        if known is not None:
            return known
        low, high = 0, len(ids)
        while low < high:
            picks = sorted({low + (high - low - 1) * n // (PROBES - 1) for n in range(PROBES)})
            keys = self._keys_at(session, picks)
            rank = self._rank(keys, key)
            low, high = (picks[rank - 1] + 1 if rank else low), (picks[rank] if rank < len(picks) else high)
        return low

    def _place_of_row(self, session: Session, key: Key) -> int | None:
        """The same where the key is still that of its row: one question instead of a hundred and more keys."""
        ident = int(key[-1])
        if not 0 <= ident < len(self._mask) or not self._mask[ident]:
            return None
        if self._listing.keys(session, [ident]) != [key]:
            return None
        return int(np.argmax(self._all() == ident))

    def _fresh_before(self, key: Key) -> int:
        return self._rank([line.key for line in self._fresh], key)

    def _rank(self, keys: Sequence[Key], key: Key) -> int:
        """How many of some keys in the list's order stand before one."""
        return len(keys) - bisect_right(keys[::-1], key) if self._listing.descending else bisect_left(keys, key)

    # --- Reading -----------------------------------------------------------------------------------------------

    def _read(
        self, session: Session, steps: Iterator[Ids], fresh: Sequence[Line[RowT]], count: int
    ) -> list[Line[RowT]]:
        found: list[Line[RowT]] = []
        for tries, ids in enumerate(steps, 1):
            lines = self._listing.among(session, ids.tolist())
            if self.exact and len(lines) < len(ids):
                raise LookupError("A row is no longer as it was in memory.")
            found += lines
            if len(found) >= count:
                break
            if not self.exact and tries >= TRIES:
                raise LooseError
        if not self.exact and len(found) < count:
            raise LooseError  # it is not known whether these are all
        found += fresh
        found.sort(key=lambda line: line.key, reverse=self._listing.descending)
        return found[:count]

    def _keys_at(self, session: Session, places: Sequence[int]) -> list[Key]:
        ids = self._all()[np.asarray(places, np.int64)].tolist() if len(places) else []
        return self._listing.keys(session, ids)
