"""One showing of a listing: what was asked for it, what was heard meanwhile, and whether it still matters."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter
from typing import Any, Generic, TypeVar

from cbo_desk.changes import Changes
from cbo_desk.paging import Key, Listing

RowT = TypeVar("RowT")


class Showing(Generic[RowT]):
    """A listing from the moment it is asked for until another takes its place."""

    def __init__(self, listing: Listing[RowT]) -> None:
        self.listing = listing
        self.live = True
        self.asked: list[Key] = []
        """Starts of the pages asked for and not answered yet; one asked for again after news stands here twice."""
        self.news: set[int] = set()
        """Ids that changed and were not read again yet."""
        self.everything = False
        """So much changed that nothing on hand is certain."""
        self.era = 0
        """How often everything changed: a page asked for in an earlier era may hold what was before."""
        self.heard = 0
        self.rereading = False
        self.walking = False
        self.counted = False
        self.doubtful = False
        """Rows may have come or gone unseen: the outline is to be walked again."""
        self.missed_walks = 0
        self.walk_seconds = 0.0
        self._begun = perf_counter()

    def seconds(self) -> float:
        """How long ago it was asked for."""
        return perf_counter() - self._begun

    def hear(self, changes: Changes, most: int) -> bool:
        """Note what changed of this listing's kind; whether anything did."""
        touched = changes.touched()
        if self.listing.kind not in touched:
            return False
        ids = touched[self.listing.kind]
        if changes.everything or len(ids) > most:
            self.everything = True
        elif not ids:
            return False
        self.news.update(() if self.everything else ids)
        self.heard += 1
        return True

    def quiet(self) -> bool:
        """Whether no read is under way and no news waits to be read."""
        return not (self.asked or self.rereading or self.news or self.everything)

    def query(self, work: Callable[..., Any]) -> Query:
        """A query of the listing that costs nothing once the showing is over."""
        return Query(self, work)


class Query:
    """A listing's query that is not run for a showing nobody waits for any more; it answers None then."""

    def __init__(self, showing: Showing[Any], work: Callable[..., Any]) -> None:
        self.rule = showing.listing.rule
        self._showing = showing
        self._work = work

    def __call__(self, session: Any, *args: Any) -> Any:
        """Run it, on whatever thread reads."""
        return self._work(session, *args) if self._showing.live else None
