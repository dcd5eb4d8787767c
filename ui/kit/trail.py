"""Where the person has been: the trail that Alt+← and Alt+→ walk."""

from __future__ import annotations

from dataclasses import dataclass

LONGEST = 100


@dataclass(frozen=True)
class Stop:
    """A place in the program: a desk and, where it matters, what was open there."""

    desk: str
    detail: str = ""


class Trail:
    """The stops in order, with a mark on the present one."""

    def __init__(self) -> None:
        self._stops: list[Stop] = []
        self._at = -1

    def visit(self, stop: Stop) -> None:
        """Add a stop after the present one; what lay ahead is forgotten."""
        if self._stops and self._stops[self._at] == stop:
            return
        self._stops = [*self._stops[: self._at + 1], stop][-LONGEST:]
        self._at = len(self._stops) - 1

    def back(self) -> Stop | None:
        """Step back; None at the beginning."""
        return self._step(-1)

    def forth(self) -> Stop | None:
        """Step forth; None at the end."""
        return self._step(1)

    def present(self) -> Stop | None:
        """The present stop."""
        return self._stops[self._at] if self._stops else None

    def _step(self, way: int) -> Stop | None:
        if not 0 <= self._at + way < len(self._stops):
            return None
        self._at += way
        return self._stops[self._at]
