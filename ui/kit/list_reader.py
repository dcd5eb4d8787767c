"""Reads a listing for a window: its first page, its outline behind that, pages as they come in sight, and what changes.

Reads have one queue of one thread, so a page asked for before a change is answered before the changed rows are: older
answers never overwrite newer rows.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from contextlib import AbstractContextManager
from functools import partial
from time import monotonic
from typing import Any, Protocol

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from cbo_desk.changes import Changes
from cbo_desk.errors import NotRead
from cbo_desk.paging import PAGE, Key, Line, Listing, Outline
from ui.kit.pieces import Piece, Watcher
from ui.kit.runner import Runner
from ui.kit.segments import Segments
from ui.kit.showing import Showing

PAUSE_MS = 15
"""While somebody scrolls, rows wanted within this time are asked for together; those scrolled past in it never."""
STILL_S = 0.05
"""Nothing was asked for in so long: a single jump, whose rows are asked for as soon as the painting has named them."""
SLACK = 20
"""Lines read beyond a page's expected number, in case some came."""
MOST_NAMED = 500
"""More changed rows than this at once: everything in sight is read anew."""
MOST_PAGES = 4
"""Unread pages read at once to give new rows their exact place; beyond that the outline tells their number."""
PAINT_FIRST_MS = 30
"""The first page is painted before the rest is counted: both at once would share the processor."""
WALK_AGAIN_MS = (250, 10_000)
"""Least and most time between two walks; in between, four times what the last one took."""
MISSED_WALKS = 5
"""An outline older than the last change is not taken, except so many times in a row."""


class Window(Watcher, Protocol):
    """Who shows the rows: a watcher that can also begin anew."""

    def resetting(self) -> AbstractContextManager[None]:
        """All rows are exchanged."""


class ListReader(QObject):
    """Keeps the pages in sight of one listing after the other.

    Signals: `counted(total, seconds)` when the true length is known, and how long the counting took;
    `loading_changed(bool)`; `went_on` after every answer; `settled` when nothing is under way any more; `unread` where
    the server is away and nothing is known.
    """

    counted = Signal(int, float)
    loading_changed = Signal(bool)
    went_on = Signal()
    settled = Signal()
    unread = Signal()

    def __init__(self, runner: Runner, window: Window, parent: QObject) -> None:
        super().__init__(parent)
        self.showing: Showing[Any] | None = None
        self.segments: Segments[Any] = Segments(window)
        self.runner = runner
        self._watcher = window
        self._next: Showing[Any] | None = None
        self._unread: Listing[Any] | None = None
        self._wanted: OrderedDict[Key, None] = OrderedDict()
        self._pause = self._timer(PAUSE_MS, self._ask_wanted)
        self._asked_at = -STILL_S
        self._rest = self._timer(WALK_AGAIN_MS[0], self._walk)
        runner.changed.connect(self._hear)

    def show(self, listing: Listing[Any]) -> None:
        """Show another listing; the rows of the one before stay until its first page is there."""
        if self._next is not None:
            self._next.live = False
        showing = Showing(listing)
        self._next, self._unread = showing, None
        self.loading_changed.emit(True)
        self.runner.read(
            self, showing.query(listing.first), done=partial(self._begin, showing), failed=partial(self._fail, showing)
        )

    @property
    def loading(self) -> bool:
        """Whether a listing's first page is awaited."""
        return self._next is not None

    @property
    def idle(self) -> bool:
        """Whether all that was asked for is read, and no news is under way."""
        showing = self.showing
        if self._next is not None or self._pause.isActive() or self._rest.isActive():
            return False
        return showing is None or (showing.quiet() and not showing.walking and not showing.doubtful)

    # --- Reading -----------------------------------------------------------------------------------------------

    def _begin(self, showing: Showing[Any], lines: Sequence[Line[Any]] | None) -> None:
        if showing is not self._next or lines is None:
            return
        if self.showing is not None:
            self.showing.live = False
        self._next, self.showing = None, showing
        self._wanted.clear()
        self._rest.stop()
        showing.counted = len(lines) < PAGE
        with self._watcher.resetting():
            self.segments = Segments(self._watcher, descending=showing.listing.descending)
            self.segments.begin(lines, complete=showing.counted)
        self.loading_changed.emit(False)
        if showing.counted:
            self.counted.emit(len(lines), showing.seconds())
        else:
            self._rest.start(PAINT_FIRST_MS)
        self.go_on(showing)

    def line(self, row: int) -> Line[Any] | None:
        """The line of a row; if it is not on hand its page is asked for."""
        if not 0 <= row < self.segments.total:
            return None
        line = self.segments.line_at(row)
        if line is None:
            start = self.segments.at(row)[0].start
            self._wanted[start] = None
            self._wanted.move_to_end(start)
            if not self._pause.isActive():
                self._pause.start(0 if monotonic() - self._asked_at > STILL_S else PAUSE_MS)
        return line

    @Slot()
    def _ask_wanted(self) -> None:
        """Ask for the two pages looked at last; forget those scrolled past."""
        self._asked_at = monotonic()
        found = map(self.segments.piece_from, list(self._wanted)[-2:])
        pieces = [piece for piece in found if piece is not None and piece.lines is None]
        self._wanted.clear()
        if not self._ask_both(pieces):
            for piece in pieces:
                self._ask(piece)
        self.go_on(self.showing)

    def _ask_both(self, pieces: Sequence[Piece[Any]]) -> bool:
        """Ask for two pages that touch each other in one reading, as a screen across both needs them."""
        showing = self.showing
        pair = self.segments.touching(pieces)
        if showing is None or pair is None or any(piece.start in showing.asked for piece in pair):
            return False
        first, second = pair
        if max(first.count, second.count) > PAGE + SLACK:
            return False
        starts, count = (first.start, second.start), first.count + max(second.count, PAGE) + SLACK
        showing.asked += starts
        self.runner.read(
            self,
            showing.query(showing.listing.page),
            first.start,
            count,
            done=partial(self._fill_both, showing, showing.era, starts, count),
            failed=partial(self._fail_pages, showing, starts),
        )
        return True

    def _fill_both(
        self, showing: Showing[Any], era: int, starts: tuple[Key, Key], asked: int, lines: Sequence[Line[Any]] | None
    ) -> None:
        stays = showing is self.showing and lines is not None
        rest = self.segments.reaching(starts[1], lines) if stays and lines else lines
        self._fill(showing, era, starts[0], asked, (), lines)
        left = asked - (len(lines or ()) - len(rest or ()))
        if stays and left < PAGE:
            # So many lines came before the second page that hardly any of its own were read.
            showing.asked.remove(starts[1])
            self._ask_covering(starts[1], unread=True)
            self.go_on(showing)
        else:
            self._fill(showing, era, starts[1], left, (), rest)

    def _ask(self, piece: Piece[Any], fresh: tuple[int, ...] = (), again: bool = False) -> None:
        showing = self.showing
        assert showing is not None
        if piece.start in showing.asked and not again:
            return
        count = min(max(piece.count, PAGE), 2 * PAGE) + SLACK
        showing.asked.append(piece.start)
        self.runner.read(
            self,
            showing.query(showing.listing.page),
            piece.start,
            count,
            done=partial(self._fill, showing, showing.era, piece.start, count, fresh),
            failed=partial(self._fail_pages, showing, (piece.start,)),
        )

    def _fill(
        self,
        showing: Showing[Any],
        era: int,
        start: Key,
        asked: int,
        fresh: tuple[int, ...],
        lines: Sequence[Line[Any]] | None,
    ) -> None:
        showing.asked.remove(start)
        if showing is not self.showing or lines is None:
            return
        if era != showing.era or self.segments.piece_from(start) is None:
            self._ask_covering(start)
        elif not self.segments.fill(start, lines, asked, fresh):
            showing.doubtful = True
        self.go_on(showing)

    def _ask_covering(self, start: Key, unread: bool = False) -> None:
        """An answer came too late for its page: it was read before everything changed, or the page begins elsewhere.

        A page has another beginning when the outline drew it anew, and when a row came before its first one; lines
        that are on hand would keep their old values then.
        """
        assert self.showing is not None
        piece = self.segments.piece_for(start)
        if piece is not None and (unread or piece.lines is not None):
            self._ask(piece)
        elif self.segments.total:
            # Whoever still looks at it asks again.
            self._watcher.replaced(0, self.segments.total - 1)

    # --- The outline -------------------------------------------------------------------------------------------

    @Slot()
    def _walk(self) -> None:
        showing = self.showing
        if showing is None or showing.walking:
            return
        showing.walking = True
        self.runner.in_a_rest(self, partial(self._walk_now, showing), of_scans=True)

    def _walk_now(self, showing: Showing[Any]) -> None:
        showing.doubtful = False
        self.runner.walk(
            self,
            showing.query(showing.listing.outline),
            done=partial(self._redraw, showing, showing.heard, showing.seconds()),
            failed=partial(self._fail_walk, showing),
        )

    def _redraw(self, showing: Showing[Any], heard: int, begun: float, outline: Outline | None) -> None:
        showing.walking = False
        if showing is not self.showing or outline is None:
            return
        showing.walk_seconds = showing.seconds() - begun
        if heard != showing.heard and showing.counted and showing.missed_walks < MISSED_WALKS:
            showing.missed_walks += 1
            showing.doubtful = True
        else:
            showing.missed_walks = 0
            showing.doubtful = showing.doubtful or heard != showing.heard
            for start in self.segments.redraw(outline):
                piece = self.segments.piece_from(start)
                if piece is not None:
                    self._ask(piece)
            self._complete(showing)
            showing.counted = True
            self.counted.emit(self.segments.total, showing.walk_seconds)
            self._prepare(showing)
        self.go_on(showing)

    def _complete(self, showing: Showing[Any]) -> None:
        """Read the first page again where it was made of what was known at once: it may lack rows in between."""
        piece = self.segments.pieces[0] if self.segments.pieces else None
        if piece is not None and getattr(showing.listing, "provisional", False):
            showing.listing.provisional = False  # type: ignore[attr-defined]
            self._ask(piece)

    def _prepare(self, showing: Showing[Any]) -> None:
        """Behind everything else: what makes the readings to come quick, a part at a time, in the rests between them.
        """
        self.runner.in_a_rest(self, partial(self._prepare_part, showing))

    def _prepare_part(self, showing: Showing[Any]) -> None:
        self.runner.walk(
            self,
            showing.query(showing.listing.prepare),
            done=lambda more: self._prepare(showing) if more else None,
            failed=self.runner.failed.emit,
        )

    def go_on(self, showing: Showing[Any] | None) -> None:
        """After every answer: the next thing to do, until all is quiet."""
        if showing is None or showing is not self.showing:
            return
        self._reread(showing)
        self.went_on.emit()
        if showing.doubtful and showing.quiet() and not showing.walking and not self._rest.isActive():
            least, most = WALK_AGAIN_MS
            self._rest.start(min(most, max(least, int(4000 * showing.walk_seconds))))
        if self.idle:
            self.settled.emit()

    # --- News --------------------------------------------------------------------------------------------------

    @Slot(object)
    def _hear(self, changes: Changes) -> None:
        """Changed rows are read again; a listing still on its way remembers them for its arrival."""
        if self._unread is not None and changes.everything:  # the server is back
            self.show(self._unread)
            return
        if self._next is not None:
            self._next.hear(changes, MOST_NAMED)
        if self.showing is not None and self.showing.hear(changes, MOST_NAMED):
            self.go_on(self.showing)

    def _reread(self, showing: Showing[Any]) -> None:
        if showing.everything:
            showing.everything = False
            showing.era += 1
            showing.news.clear()
            showing.doubtful = True
            self.segments.forget_but(2)
            # A page on its way may have been read before the change: it is asked for again like those on hand.
            starts = [*showing.asked, *(piece.start for piece in self.segments.newest(2))]
            for start in dict.fromkeys(starts):
                found = self.segments.piece_from(start)
                if found is not None:
                    self._ask(found, again=True)
        if not showing.news or showing.rereading:
            return
        ids = tuple(showing.news)
        showing.news.clear()
        if len(ids) > MOST_NAMED:
            showing.everything = True
            self._reread(showing)
            return
        showing.rereading = True
        self.runner.read(
            self,
            showing.query(showing.listing.among),
            ids,
            done=partial(self._replace, showing, ids),
            failed=partial(self._fail_news, showing, ids),
        )

    def _replace(self, showing: Showing[Any], ids: tuple[int, ...], lines: Sequence[Line[Any]] | None) -> None:
        showing.rereading = False
        if showing is not self.showing or lines is None:
            return
        was_whole = self.segments.whole()
        for ident in set(ids) - {line.id for line in lines}:
            if not self.segments.drop(ident) and not was_whole:
                showing.doubtful = True
        unread: dict[Key, list[int]] = {}
        for line in lines:
            known = self.segments.known(line.id) is not None
            placed = self.segments.put(line)
            if not placed and not known:
                piece = self.segments.piece_for(line.key)
                assert piece is not None
                unread.setdefault(piece.start, []).append(line.id)
            # A row that was not on hand is new, or has left another page: the outline tells.
            showing.doubtful = showing.doubtful or not (known or was_whole)
        for start, fresh in list(unread.items())[:MOST_PAGES]:
            piece = self.segments.piece_from(start)
            if piece is not None:
                self._ask(piece, tuple(fresh))
        self.go_on(showing)

    # --- Trouble -----------------------------------------------------------------------------------------------

    def _fail(self, showing: Showing[Any], error: Exception) -> None:
        """The listing before stays where the next one cannot be read; while the server is away, nothing is known of it.
        """
        if showing is self._next:
            self._next = None
            self.loading_changed.emit(False)
            if isinstance(error, NotRead):
                self._unread = showing.listing
                self.unread.emit()
            self.runner.failed.emit(error)

    def _fail_pages(self, showing: Showing[Any], starts: Sequence[Key], error: Exception) -> None:
        for start in starts:
            showing.asked.remove(start)
        self.runner.failed.emit(error)

    def _fail_walk(self, showing: Showing[Any], error: Exception) -> None:
        showing.walking, showing.doubtful = False, True
        self.runner.failed.emit(error)

    def _fail_news(self, showing: Showing[Any], ids: tuple[int, ...], error: Exception) -> None:
        """What could not be read again is not forgotten: the next change or page asks for it too."""
        showing.rereading = False
        showing.news.update(ids)
        self.runner.failed.emit(error)

    def _timer(self, milliseconds: int, run: Any) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(milliseconds)
        timer.timeout.connect(run)
        return timer
