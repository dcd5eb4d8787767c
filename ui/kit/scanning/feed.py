"""Where every scan arrives, whatever read it, and waits for its turn: none is lost, and the order is kept."""

from __future__ import annotations

import sys
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

Source = Literal["keyboard", "serial", "image", "camera"]

REPEAT_S = 1.5
"""The same text again within this time after it was last heard is the scanner repeating itself."""


@dataclass(frozen=True)
class Scanned:
    """One scan as it was read: nothing is taken off it but line ends. `gaps` between its keys in milliseconds."""

    source: Source
    text: str
    at: datetime
    gaps: tuple[float, ...] = ()


@dataclass(frozen=True)
class Outcome:
    """What became of a scan: whether all is well, and the word or sentence for the person."""

    good: bool
    words: str


Handler = Callable[[Scanned], object]


class ScanFeed(QObject):
    """The queue between readers and the one who acts on scans.

    Readers `put`. The window `serve`s with a handler, a dialog may `ask` for the scans while it is open; the handler
    gets one scan at a time and says `done` when it is dealt with, later if it has to save. Without a handler scans
    wait, and `take` gets the next by hand.

    A scan belongs to what is in front. `in_front` gives the box that stands before the page of `home`, the window;
    while there is one, the page behind hears nothing: what the box does not ask for, or says `hold` of, is held, and
    `release` gives it to the page when the box is gone.

    Signals: `scanned(Scanned)` the moment a scan was heard; `repeated(Scanned, int)` for a dropped repeat with the
    number dropped so far of this text; `finished(Scanned, Outcome)`; `waiting(int)` scans not dealt with yet, without
    those that are held; `held(list)` all that are held now.
    """

    scanned = Signal(object)
    repeated = Signal(object, int)
    finished = Signal(object, object)
    waiting = Signal(int)
    held = Signal(object)
    _turn = Signal()

    def __init__(
        self,
        parent: QObject | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = lambda: datetime.now().astimezone(),
    ) -> None:
        super().__init__(parent)
        self._clock, self._now = clock, now
        self.in_front: Callable[[], QWidget | None] = lambda: None
        self.home: QWidget | None = None
        self._line: deque[Scanned] = deque()
        self._held: list[Scanned] = []
        self._in_hand: Scanned | None = None
        self._heard: dict[str, tuple[float, int]] = {}
        self._standing: Handler | None = None
        self._asking: list[tuple[QWidget, Handler]] = []
        self._answering: QWidget | None = None
        self._turn.connect(self._next, Qt.ConnectionType.QueuedConnection)

    @property
    def pending(self) -> int:
        """How many scans are not dealt with yet, the one in hand included."""
        return len(self._line) + (self._in_hand is not None)

    def put(self, source: Source, text: str, gaps: tuple[float, ...] = ()) -> bool:
        """Take in what was read; False if there was nothing in it or it was a repeat."""
        text = text.strip("\r\n")
        if not text:
            return False
        scan = Scanned(source, text, self._now(), gaps)
        again = self._count_repeat(text) or sum(one.text == text for one in self._held)
        if again:
            self.repeated.emit(scan, again)
            return False
        self._line.append(scan)
        self.scanned.emit(scan)
        self.waiting.emit(self.pending)
        self._turn.emit()
        return True

    def serve(self, handler: Handler) -> None:
        """Give every scan that no dialog asks for to `handler`, those that are waiting first."""
        self._standing = handler
        self._turn.emit()

    def ask(self, owner: QWidget, handler: Handler) -> None:
        """Give scans to `handler` for as long as `owner` is shown; the latest one shown comes first."""
        self._asking.append((owner, handler))
        owner.destroyed.connect(self._owner_gone)

    def asked_by_page(self) -> bool:
        """Whether something that is shown asks for the scans now."""
        return self._receiver()[1] is not None

    def asks_in(self, box: QWidget) -> bool:
        """Whether a box, or something in it, asks for the scans."""
        return any(isValid(owner) and _is_within(owner, box) for owner, _handler in self._asking)

    def hold(self, scan: Scanned) -> None:
        """The box in front has no use for the scan in hand: it waits until the box is gone."""
        if scan is self._in_hand:
            self._in_hand = self._answering = None
            self._held.append(scan)
            self.waiting.emit(self.pending)
            self.held.emit(list(self._held))
            self._turn.emit()

    def release(self) -> None:
        """The box in front is gone: what was held comes next, in its order."""
        if self._held:
            self._line.extendleft(reversed(self._held))
            self._held = []
            self.held.emit([])
            self.waiting.emit(self.pending)
        self._turn.emit()

    def leave_out(self) -> list[Scanned]:
        """Take what is held out of the line, on the person's word; each is finished without anything done."""
        scans, self._held = self._held, []
        self.held.emit([])
        for scan in scans:
            self.finished.emit(scan, Outcome(False, self.tr("Left out: nothing was done.")))
        return scans

    def take_up(self, scans: Sequence[Scanned]) -> None:
        """Put scans that were left out into the line again."""
        self._line.extend(scans)
        self.waiting.emit(self.pending)
        self._turn.emit()

    def take(self) -> Scanned | None:
        """Take the next scan in hand; None if there is none, or the last one is not done with."""
        if self._in_hand is not None or not self._line:
            return None
        self._in_hand = self._line.popleft()
        return self._in_hand

    def done(self, scan: Scanned, outcome: Outcome) -> None:
        """Say what became of the scan in hand; the next one follows. Any other scan is passed over."""
        if scan is not self._in_hand:
            return
        self._in_hand = None
        self._answering = None
        self.finished.emit(scan, outcome)
        self.waiting.emit(self.pending)
        self._turn.emit()

    def _count_repeat(self, text: str) -> int:
        now = self._clock()
        self._heard = {kept: seen for kept, seen in self._heard.items() if now - seen[0] <= REPEAT_S}
        times = self._heard[text][1] + 1 if text in self._heard else 0
        self._heard[text] = (now, times)
        return times

    def _next(self) -> None:
        handler, owner = self._receiver()
        if handler is None and owner is None:
            return
        scan = self.take()
        if scan is None:
            return
        if handler is None:
            self.hold(scan)
            return
        self._answering = owner
        try:
            handler(scan)
        except Exception:  # noqa: BLE001 - the scans behind this one must not wait for our bug
            sys.excepthook(*sys.exc_info())
            self.done(scan, Outcome(False, self.tr("This scan could not be dealt with. Scan it again.")))

    def _receiver(self) -> tuple[Handler | None, QWidget | None]:
        """Who gets the next scan; an owner without a handler is a box that does not ask for it."""
        self._asking = [(owner, handler) for owner, handler in self._asking if isValid(owner)]
        shown = [(handler, owner) for owner, handler in reversed(self._asking) if owner.isVisible()]
        active = QApplication.activeWindow() if self.home is not None else None
        here = [(handler, owner) for handler, owner in shown if owner.window() is active]
        if active is not self.home and here:
            return here[0]  # a window of its own, such as the messenger's
        box = self.in_front()
        if box is not None:
            return next(((handler, owner) for handler, owner in shown if _is_within(owner, box)), (None, box))
        of_home = here if active is not None and active is self.home else shown
        return next(iter(of_home), (self._standing, None))

    def _owner_gone(self) -> None:
        """A dialog went away with a scan in hand: the feed goes on."""
        if self._in_hand is not None and self._answering is not None and not isValid(self._answering):
            words = self.tr("The dialog was closed before this scan was dealt with.")
            self.done(self._in_hand, Outcome(False, words))


def _is_within(widget: QWidget, box: QWidget) -> bool:
    return widget is box or box.isAncestorOf(widget)
