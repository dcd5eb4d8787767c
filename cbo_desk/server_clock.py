"""The server's clock as a workstation knows it, without asking for every instant: workstations' clocks are wrong.

What the server said last is carried on by a counter that nobody can set and that goes on while the computer sleeps. So
a clock that is put forward, put back, or set right in the middle of the work moves no deed (docs/decisions/0099).
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

ASK_S = 60.0
"""So long what the server said is believed before it is asked anew."""
MOST_AHEAD = timedelta(minutes=1)
"""A workstation's clock that differs by more from the server's is wrong."""
RUN = os.urandom(16).hex()
"""This run of the program: its counters can be compared with each other, and with no other run's."""


def own_clock() -> datetime:
    """This workstation's own clock, in UTC, right or wrong."""
    return datetime.now(UTC)


def steady() -> float:
    """Seconds since some moment, which go on while the computer sleeps and which nobody can set."""
    if hasattr(time, "CLOCK_BOOTTIME"):  # Linux, whose monotonic clock sleeps with the computer
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.monotonic()


@dataclass(frozen=True)
class Reading:
    """What the clocks of a workstation said at a moment: its `own`, whether the server's was `known`, and the counter
    of which `run` of the program."""

    own: datetime
    known: bool
    run: str
    steady: float


class ServerClock:
    """What time it is at one server; this workstation's own clock where the server has not said yet."""

    def __init__(self) -> None:
        self._told: tuple[datetime, float] | None = None
        self._ask_again = 0.0

    @property
    def known(self) -> bool:
        """Whether the server has said what time it is."""
        return self._told is not None

    @property
    def due(self) -> bool:
        """Whether the server is to be asked anew."""
        return steady() > self._ask_again

    @property
    def ahead(self) -> timedelta:
        """By how much this workstation's clock is ahead of the server's, at this moment; nothing where it is not known.
        """
        return own_clock() - self.now() if self.known else timedelta(0)

    def tell(self, instant: datetime) -> None:
        """The server has said what time it is."""
        self._told = instant, steady()
        self._ask_again = steady() + ASK_S

    def ask_soon(self) -> None:
        """Ask the server anew at the next opportunity."""
        self._ask_again = 0.0

    def now(self) -> datetime:
        """The instant, in UTC."""
        if self._told is None:
            return own_clock()
        instant, counted = self._told
        return instant + timedelta(seconds=steady() - counted)

    def reading(self) -> Reading:
        """What the clocks say at this moment."""
        return Reading(own_clock(), self.known, RUN, steady())
