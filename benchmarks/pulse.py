"""When the computer itself was slow: a pulse in a process of its own, a fixed piece of work every few milliseconds.

A virtual computer may run at a tenth of its speed for some fifty milliseconds, every second or two, on all of its cores
at once, and its clocks of processor time go on meanwhile. Whatever happens then takes ten times as long. The pulse says
when that was, so that what a program takes on an even computer can be told apart: `p99 of all` is what this computer
gave, `p99 when even` what the program is.

The work is timed by the processor's time of its own thread: a pulse that only had to wait for a core, because the
measured program used both, is no slow one, and excuses nothing.
"""

from __future__ import annotations

import statistics
import time
from bisect import bisect_left
from collections.abc import Sequence
from multiprocessing import get_context
from multiprocessing.connection import Connection
from types import TracebackType

Span = tuple[float, float]
"""From when to when, in seconds of `time.perf_counter`, which all processes of a computer share."""

EVERY_S = 0.004
WORK = 3_000
"""So many squares: some 0.15 ms, a twenty-fifth of one core."""
TIMES = 2.5
"""A beat is a slow one that takes so many times as much as half of them do."""


class Pulse:
    """Beats as long as it is entered; `slow` tells afterwards when the computer was slow, `share` how much of it."""

    def __init__(self) -> None:
        context = get_context("spawn")
        self._mine, theirs = context.Pipe()
        self._process = context.Process(target=_beat, args=(theirs,), daemon=True)
        self.slow: list[Span] = []
        self.share = 0.0

    def __enter__(self) -> Pulse:
        """Begin."""
        self._process.start()
        self._mine.recv()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End."""
        self._mine.send("stop")
        beats = self._mine.recv()
        self._process.join()
        self.slow = slow_spans(beats)
        self.share = sum(end - begin for begin, end in self.slow) / (beats[-1][0] - beats[0][0])


def slow_spans(beats: Sequence[tuple[float, float]]) -> list[Span]:
    """The stretches in which beats, each an instant and what it took, were slow: from good one to good one."""
    most = TIMES * statistics.median(took for _at, took in beats)
    found: list[Span] = []
    begin, open_ = beats[0][0], False
    for at, took in beats:
        if took > most:
            open_ = True
        else:
            if open_:
                found.append((begin, at))
            begin, open_ = at, False
    if open_:
        found.append((begin, beats[-1][0] + beats[-1][1]))
    return found


def even(spans: Sequence[Span], slow: Sequence[Span]) -> list[bool]:
    """Which of the spans, in order, ran while the computer was even.

    One that touches a slow stretch did not, nor one that began before such a one was done: it waited for it.
    """
    ends = [end for _begin, end in slow]
    told, held = [], float("-inf")
    for begin, end in spans:
        at = bisect_left(ends, begin)
        touched = at < len(slow) and slow[at][0] < end
        if touched or begin < held:
            held = max(held, end)
        told.append(not touched and begin >= held)
    return told


def parted(spans: Sequence[Span], pulse: Pulse) -> tuple[list[float], list[float]]:
    """How long each of the spans took, in milliseconds: of all, and of those that ran while the computer was even."""
    times = [(end - begin) * 1000 for begin, end in spans]
    return times, [took for took, so in zip(times, even(spans, pulse.slow), strict=True) if so]


def _beat(line: Connection) -> None:
    beats: list[tuple[float, float]] = []
    line.send("ready")
    due = time.perf_counter()
    while not line.poll(max(0.0, due - time.perf_counter())):
        at, used = time.perf_counter(), time.thread_time()
        sum(value * value for value in range(WORK))
        beats.append((at, time.thread_time() - used))
        due = max(due + EVERY_S, at)
    line.recv()
    line.send(beats)
