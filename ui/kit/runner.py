"""The one object a page is given: it asks, it orders, it hears of changes."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from functools import partial
from math import ceil
from time import monotonic
from typing import Any, TypeVar

from PySide6.QtCore import QObject, QTimer, Signal
from shiboken6 import isValid

from cbo_desk.changes import Changes, Deed
from cbo_desk.office import Office
from cbo_desk.progress import Progress
from ui.kit.background import Background
from ui.kit.errands import errand_under_way
from ui.kit.following import Following

T = TypeVar("T")
Asked = tuple[Callable[..., Any], *tuple[Any, ...]]
"""A query and what it is given."""
LISTEN_MS = 1000
REST_S = 0.15
"""Nobody has asked for so long: between two scans of somebody who scans one thing after the other."""
SERIES_S = 1.5
"""So long after a scan the next one may come, of somebody who scans one thing after the other."""
LOOK_MS, MOST_S = 30, 15.0
"""What waits for a rest looks so often whether there is one, and waits no longer than this unless somebody scans."""
BEHIND_S = 0.3
"""An order behind the scans waits no longer than this: shorter than a pause in which the file is put in order."""


class Runner(QObject):
    """Four queues of one thread each, so that answers come in the order of asking.

    Signals: `changed(Changes)` for every deed, this workstation's own and those of others; `heard(Changes)` before it
    for those of others; `did(Changes)` for own deeds only (the toast shows them); `failed(Exception)` for what no
    caller took care of; `progressed(int, int)` of the long job under way; `busy(bool)` while orders are being carried
    out; `settled(list[Ended])` when deeds that were kept while the server was away have been taken, and their
    stand-ins have become records.
    """

    changed = Signal(object)
    heard = Signal(object)
    did = Signal(object)
    failed = Signal(object)
    progressed = Signal(int, int)
    busy = Signal(bool)
    settled = Signal(object)

    def __init__(self, office: Office, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.office = office
        self._writes = Background(1, self)
        self._reads = Background(1, self)
        self._walks = Background(1, self)
        self._jobs = Background(1, self)
        self._asked = self._hurried = self._scanned = -MOST_S
        self._brought: tuple[Asked, Any] | None = None
        self._wanting: list[tuple[QObject, Callable[[Any], object]]] = []
        self._behind: deque[Callable[[], object]] = deque()
        self._behind_since = 0.0
        self.following = Following(self)
        self._watch = QTimer(self, interval=LOOK_MS)
        self._watch.timeout.connect(self._look_behind)
        self._listening = False
        self._ear = QTimer(self)
        self._ear.setInterval(LISTEN_MS)
        self._ear.timeout.connect(self._listen)
        self._writes.idle.connect(lambda: self.busy.emit(False))

    def read(
        self,
        owner: QObject,
        query: Callable[..., T],
        *args: Any,
        done: Callable[[T], object],
        failed: Callable[[Exception], object] | None = None,
        ahead: bool = False,
        along: Callable[[T], Asked | None] | None = None,
    ) -> None:
        """Look something up; `done` gets the answer, unless `owner` is gone by then.

        `ahead` of what lists still read, for what a scan opens; readings that are ahead keep their order, too. What
        `done` will ask next may be read `along` with it, in one way to the thread and back: it is told of the answer,
        on that thread, and names a query. If `done` asks just that, it is answered as soon as it has returned.
        """
        self._asked = max(self._asked, monotonic())
        if ahead:
            self.hurry(scanned=along is not None)
            done = partial(self._show_ahead, done, along is not None)
        failing = failed or self.failed.emit
        errand = errand_under_way()
        if errand is not None:
            errand.asked += 1
            done, failing, owner = errand.ask(owner, done), errand.ask(owner, failing, failing=True), self
        if self._brought is not None and self._brought[0] == (query, *args):
            self._wanting.append((owner, done))
        elif along is not None:
            work = partial(self._read_along, query, args, along)
            self._reads.run(owner, work, partial(self._bring, done), failing, ahead=ahead)
        else:
            self._reads.run(owner, partial(self.office.read, query, *args), done, failing, ahead=ahead)

    @property
    def answered(self) -> bool:
        """Whether everything that was asked and ordered is answered."""
        return not any(queue.busy for queue in (self._jobs, self._reads, self._writes, self._walks))

    @property
    def resting(self) -> bool:
        """Whether nobody waits for an answer to `read`, nor did until just now, nor scanned."""
        return self._reads.busy == 0 and monotonic() - self._asked >= REST_S

    @property
    def scanning(self) -> bool:
        """Whether something is looked up ahead of the lists, or was shown or saved quietly until just now, as scans."""
        return self._reads.hurried or monotonic() - self._hurried < REST_S

    @property
    def resting_from_scans(self) -> bool:
        """Whether there is a rest, and nobody scans one thing after the other."""
        return self.resting and monotonic() - self._scanned >= SERIES_S

    def hurry(self, seconds: float = 0.0, *, scanned: bool = False) -> None:
        """Somebody scans, or is about to for so many seconds: what waits for a rest goes on waiting."""
        until = monotonic() + seconds
        self._asked, self._hurried = max(self._asked, until), max(self._hurried, until)
        if scanned:
            self._scanned = until

    def in_a_rest(
        self, owner: QObject, work: Callable[[], object], *, of_scans: bool = False, waited: float = 0.0
    ) -> None:
        """Run what nobody waits for, here, once nobody asks for anything: it takes the processor from whoever does.

        `of_scans`: what a person looks at, so that it gives way to scans alone. It waits for a rest at most MOST_S, but
        for as long as somebody scans one thing after the other; what a person looks at comes between two scans. It does
        not wait where there is a rest, and not after `owner` is gone.
        """
        late = waited >= MOST_S and not self.scanning and monotonic() - self._scanned >= SERIES_S
        if not self.scanning if of_scans else late or self.resting_from_scans:
            work()
            return
        asked = self._hurried if of_scans or waited >= MOST_S else self._asked
        # No rest comes before this: in a burst of scans each look that is none would take its part of their time.
        pause = max(LOOK_MS, ceil(1000 * (asked + REST_S - monotonic())))
        again = partial(self.in_a_rest, owner, work, of_scans=of_scans, waited=waited + pause / 1000)
        QTimer.singleShot(pause, owner, again)

    def behind(self, order: Callable[[], object]) -> None:
        """Give an order once no scan is looked up or was until just now: both at once would share the processor.

        It is given within BEHIND_S of a burst of scans, and although the window closes meanwhile.
        """
        self._behind.append(order)
        if not self._watch.isActive():
            self._behind_since = monotonic()
            self._watch.start()

    def walk(
        self,
        owner: QObject,
        query: Callable[..., T],
        *args: Any,
        done: Callable[[T], object],
        failed: Callable[[Exception], object] | None = None,
    ) -> None:
        """Look up something that takes long, without holding up the rest."""
        errand, failing = errand_under_way(), failed or self.failed.emit
        if errand is not None:
            done, failing = errand.carry(done), errand.carry(failing)
        self._walks.run(owner, partial(self.office.read, query, *args), done, failing)

    def write(
        self,
        command: Callable[..., Changes],
        *args: Any,
        done: Callable[[Changes], object] | None = None,
        failed: Callable[[Exception], object] | None = None,
        owner: QObject | None = None,
        quiet: bool = False,
    ) -> None:
        """Order something done; every list hears what changed, then `done` gets the changes.

        A `quiet` deed makes no toast: whoever ordered it says on the page itself what became of it. Scans are such
        deeds, so that what nobody waits for waits for a rest of them, too.
        """
        self.busy.emit(True)
        if quiet:
            self.hurry(scanned=True)

        def finished(changes: Changes) -> None:
            if quiet:
                self.hurry(scanned=True)
            self.changed.emit(changes)
            if not quiet:
                self.did.emit(changes)
            if done is not None:
                done(changes)

        self._writes.run(
            owner or self, partial(self.office.write, command, *args), finished, failed or self.failed.emit
        )

    def undo(self, deed: Deed) -> None:
        """Order a deed taken back."""
        self.write(deed.command, *deed.args)

    def job(
        self,
        owner: QObject,
        work: Callable[[Progress], T],
        done: Callable[[T], object],
        failed: Callable[[Exception], object] | None = None,
    ) -> Progress:
        """Run long work beside everything else; the answer's `cancel` stops it.

        `work` is plain Python without widgets; it may call `office.read` and `office.write` itself.
        """
        progress = Progress(self.progressed.emit)
        self._jobs.run(owner, partial(work, progress), done, failed or self.failed.emit)
        return progress

    def listen(self) -> None:
        """Begin to hear of what other workstations change: at once, so that nothing done after it is missed."""
        self._ear.start()
        self._listen()

    def finish(self) -> None:
        """Carry out every order given before the program ends; questions that nobody waits for any more are dropped."""
        self._ear.stop()
        self._give_behind()
        self._jobs.finish(all_of_it=True)
        self._writes.finish(all_of_it=True)
        self._walks.finish(for_good=True)  # pages may ask once more until they are gone
        self._reads.finish(for_good=True)

    def _read_along(
        self, query: Callable[..., T], args: tuple[Any, ...], along: Callable[[T], Asked | None]
    ) -> tuple[T, tuple[Asked, Any] | None]:
        """The answer, and what will be asked next with its answer; on the thread that reads."""
        answer = self.office.read(query, *args)
        following = along(answer)
        if following is None:
            return answer, None
        try:
            another, *given = following
            return answer, (following, self.office.read(another, *given))
        except Exception:  # noqa: BLE001 - whoever asks it is told
            return answer, None

    def _bring(self, done: Callable[[T], object], found: tuple[T, tuple[Asked, Any] | None]) -> None:
        """Show the answer, and then at once what was brought with it to whoever asked for it."""
        answer, self._brought = found
        try:
            done(answer)
        finally:
            brought, self._brought = self._brought, None
            wanting, self._wanting = self._wanting, []
        for owner, show in wanting:
            if brought is not None and isValid(owner):
                show(brought[1])

    def _look_behind(self) -> None:
        if not self.scanning or monotonic() - self._behind_since >= BEHIND_S:
            self._give_behind()

    def _give_behind(self) -> None:
        self._watch.stop()
        while self._behind:
            self._behind.popleft()()

    def _show_ahead(self, done: Callable[[T], object], scanned: bool, answer: T) -> None:
        """Show what was looked up ahead; the rest begins when it stands there."""
        try:
            done(answer)
        finally:
            self.hurry(scanned=scanned)

    def _listen(self) -> None:
        if self._listening:
            return
        self._listening = True
        self._walks.run(self, self.office.hear, self._heard, self._deaf)

    def _heard(self, news: list[Changes]) -> None:
        self._listening = False
        for changes in news:
            self.heard.emit(changes)
            self.changed.emit(changes)

    def _deaf(self, error: Exception) -> None:
        self._listening = False
        self.failed.emit(error)
