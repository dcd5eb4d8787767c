"""Collects what a scanner sends between its programmed prefix and its suffix; times are in milliseconds."""

from __future__ import annotations

from statistics import median

SILENCE = 500.0
"""After this much silence a scan without suffix has ended."""

HAND_GAP = 100.0
"""A median gap above this is a person's, even after a prefix: nobody's text is eaten for a key struck by mistake."""

MACHINE_GAP = 50.0
"""A median gap of at most this is a scanner's, even where the suffix is missing."""


class Collector:
    """The characters after one prefix, and when they came."""

    def __init__(self, at: float) -> None:
        self._characters: list[str] = []
        self._times = [at]

    @property
    def last(self) -> float:
        """When the last key came."""
        return self._times[-1]

    @property
    def text(self) -> str:
        """What came after the prefix."""
        return "".join(self._characters)

    def add(self, character: str, at: float) -> None:
        """Take one more character."""
        self._characters.append(character)
        self._times.append(at)

    def touch(self, at: float) -> None:
        """A key without a character came, for instance Shift: the scanner is still sending."""
        self._times[-1] = max(self.last, at)

    def gaps(self) -> tuple[float, ...]:
        """The gaps from the prefix to the last character."""
        return tuple(late - early for early, late in zip(self._times, self._times[1:], strict=False))

    def ended(self) -> bool:
        """The suffix came: whether this is a scan; otherwise a person typed it."""
        return bool(self._characters) and median(self.gaps()) <= HAND_GAP

    def fell_silent(self) -> bool:
        """No suffix came: whether this is a scan all the same."""
        return len(self._characters) >= 3 and median(self.gaps()) <= MACHINE_GAP
