"""Tells a scanner's burst of keys from a person's typing by its rhythm alone; times are in milliseconds.

A first key after a pause is held back until the next one shows who is typing. A burst is a scan if it has at least
six characters of the strict grammar, ends with Enter or Tab and has a median gap of at most `max_gap`. Anything else
is let go, in order. While a person types on, nothing is held: only a pause opens the door to a scan again.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto
from statistics import median
from string import ascii_letters, digits

MIN_CHARACTERS = 6
MAX_GAP = 35.0
FIRST_MARGIN = 25.0
"""A burst's first keys are waited for this much longer than the median gap allowed: slow scanners stutter."""

LATER = 120.0
"""How long to wait within what already looks like a scan: Bluetooth hands characters over in clumps."""

CLUMP = 10.0
"""Keys this close together come from a machine, or from two fingers at once."""

LEAD = 200.0
"""Quiet time after a person's key before a scan may begin; fast typing is not held back at all."""

TORN = 500.0
"""Quiet time after a burst of scanner speed was let go, so that its rest is never taken for a shorter code."""

ENTER, TAB, GROUP = "\r", "\t", "\x1d"
FIRST = frozenset(ascii_letters + digits + "(]")
BODY = frozenset(ascii_letters + digits + "-._/:+$%()*=?&#]")
_OWN_TAG = re.compile(r"CBO(?:[0-9A-Z]{12}|X[A-Z]{4,10}[0-9A-Z])", re.IGNORECASE)
"""Our tags, and the command tags that say Done or Signed on paper: these may hold letters alone."""


class Fate(Enum):
    """What becomes of the key just pressed."""

    HOLD = auto()
    PASS = auto()
    SCAN = auto()


@dataclass(frozen=True)
class Verdict:
    """What to do now: first let go of the keys held before, if `let_go`, then deal with the new one.

    For `Fate.SCAN` the held keys and the new one are a scan: `text` without its suffix, `gaps` with the one to it.
    """

    fate: Fate
    let_go: bool = False
    text: str = ""
    gaps: tuple[float, ...] = ()


def fits_grammar(text: str) -> bool:
    """Whether a text may be a code told by rhythm: a tag of ours in any case, or barcode characters with a digit.

    At least two different characters are asked for: a key held down where repeats are not marked as such is no code.
    """
    if _OWN_TAG.fullmatch(text):
        return True
    return (
        len(text) >= MIN_CHARACTERS
        and text[0] in FIRST
        and all(character in BODY or character == GROUP for character in text)
        and any(character in digits for character in text)
        and len(set(text)) > 1
    )


def is_scan(text: str, gaps: Sequence[float], max_gap: float = MAX_GAP) -> bool:
    """Whether characters that ended with a suffix are a scan; `gaps` are those between all keys, suffix included."""
    return len(gaps) == len(text) and fits_grammar(text) and median(gaps) <= max_gap


class Judge:
    """Looks at one key after the other and decides what is held, let go, or a scan."""

    def __init__(self, max_gap: float = MAX_GAP, suffixes: str = ENTER + TAB) -> None:
        self._max_gap = max_gap
        self._suffixes = suffixes
        self._held: list[str] = []
        self._gaps: list[float] = []
        self._quick = 0
        self._clumped = True
        self._last = 0.0
        self._door: float | None = None

    @property
    def holding(self) -> bool:
        """Whether keys are held back at the moment."""
        return bool(self._held)

    @property
    def patience(self) -> float:
        """How long to wait for the next key after the last held one."""
        count = len(self._held)
        if count > 1 and self._clumped:
            return LATER
        if count >= 4 and self._at_scanner_speed():
            return LATER
        return self._max_gap + FIRST_MARGIN

    def offer(self, text: str, at: float) -> Verdict:
        """Decide about one key: its single character (Enter is CR) and when it was pressed."""
        late = self.holding and not 0 <= at - self._last <= self.patience
        if late:
            self.let_go()
        if text in self._suffixes:
            return self._end(at, late)
        if self.holding:
            if text in BODY or (text == GROUP and self._at_scanner_speed()):
                self._hold(text, at)
                return Verdict(Fate.HOLD)
            self.interrupt(at)
            return Verdict(Fate.PASS, let_go=True)
        if text in FIRST and (self._door is None or at >= self._door or at < self._last):
            self._hold(text, at)
            return Verdict(Fate.HOLD, let_go=late)
        self.interrupt(at)
        return Verdict(Fate.PASS, let_go=late)

    def let_go(self) -> None:
        """Forget the held keys: they were a person's, or patience ran out."""
        torn = len(self._held) >= 4 and self._at_scanner_speed()
        self._door = self._last + (TORN if torn else LEAD)
        self._empty()

    def interrupt(self, at: float) -> None:
        """Something that belongs to no scan was pressed; held keys are to be let go before it."""
        if self.holding:
            self.let_go()
        # A burst that was torn stays shut for its own time, however quickly its rest comes.
        went_back = self._door is None or at < self._last
        self._door = at + LEAD if went_back else max(self._door or 0.0, at + LEAD)
        self._last = at

    def _end(self, at: float, late: bool) -> Verdict:
        if not self.holding:
            self._door = at + LEAD
            self._last = at
            return Verdict(Fate.PASS, let_go=late)
        text, gaps = "".join(self._held), (*self._gaps, at - self._last)
        if is_scan(text, gaps, self._max_gap):
            self._empty()
            self._door = None
            self._last = at
            return Verdict(Fate.SCAN, text=text, gaps=gaps)
        self._empty()
        self._door = at + LEAD
        self._last = at
        return Verdict(Fate.PASS, let_go=True)

    def _hold(self, text: str, at: float) -> None:
        if self._held:
            gap = at - self._last
            self._gaps.append(gap)
            self._quick += gap <= self._max_gap
            self._clumped = self._clumped and gap <= CLUMP
        self._held.append(text)
        self._last = at

    def _at_scanner_speed(self) -> bool:
        return 2 * self._quick > len(self._gaps)

    def _empty(self) -> None:
        self._held, self._gaps = [], []
        self._quick, self._clumped = 0, True
