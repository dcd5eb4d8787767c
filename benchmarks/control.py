"""What a computer does to any program meanwhile: a fixed piece of work and a bare commit, timed beside a measurement.

Both run in a process of their own, so that nothing of the program that is measured stands in their way. Where their
slowest one in a hundred takes several times their median, no program on this computer has a better tail.
"""

from __future__ import annotations

import math
import statistics
import time
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType
from typing import Any

from benchmarks.pulse import Span
from db.engine import sqlite_module

EVERY_S = 0.04
WORK = 40_000
"""So many squares are added up: some two milliseconds."""


class Control:
    """Times the work and the commit as long as it is entered; `figures` says how long they took, in milliseconds."""

    def __init__(self, folder: Path) -> None:
        self._context = get_context("spawn")
        self._mine, theirs = self._context.Pipe()
        self._process = self._context.Process(target=_beat, args=(str(folder / "control.db"), theirs), daemon=True)
        self.figures: dict[str, float] = {}

    def __enter__(self) -> Control:
        """Begin."""
        self._process.start()
        self._mine.recv()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End, and say how long all took."""
        self._mine.send("stop")
        work, commits = self._mine.recv()
        self._process.join()
        self.figures = {**_told("work", work), **_told("commit", commits)}


def high(times: list[float]) -> float:
    """The 99th percentile."""
    return sorted(times)[math.ceil(0.99 * len(times)) - 1]


def bare_line(milliseconds: float, rate: int, times: int) -> list[Span]:
    """Bare work of so many milliseconds that is due `rate` times a second: each from when it was due until it was done.

    What waits behind a slow one counts its waiting, as scans do: a program whose scans take as long has no better tail.
    """
    amount = max(1, round(WORK * milliseconds / min(_spend(WORK) for _ in range(20))))
    found = []
    begun = time.perf_counter()
    for number in range(times):
        due = begun + number / rate
        while (ahead := due - time.perf_counter()) > 0:
            time.sleep(ahead)
        _spend(amount)
        found.append((due, time.perf_counter()))
    return found


def _spend(amount: int) -> float:
    """Add up so many squares; the milliseconds it took."""
    started = time.perf_counter()
    sum(value * value for value in range(amount))
    return (time.perf_counter() - started) * 1000


def _told(name: str, times: list[float]) -> dict[str, float]:
    return {f"{name}_median_ms": round(statistics.median(times), 2), f"{name}_p99_ms": round(high(times), 2)}


def _beat(path: str, line: Connection) -> None:
    module: Any = sqlite_module()
    own = module.connect(path, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL"):
        own.execute(f"PRAGMA {pragma}")
    own.execute("CREATE TABLE IF NOT EXISTS kept (words TEXT)")
    work: list[float] = []
    commits: list[float] = []
    line.send("ready")
    due = time.perf_counter()
    while not line.poll(max(0.0, due - time.perf_counter())):
        due += EVERY_S
        begun = time.perf_counter()
        sum(value * value for value in range(WORK))
        half = time.perf_counter()
        own.execute("INSERT INTO kept VALUES (?)", ("x" * 400,))
        commits.append((time.perf_counter() - half) * 1000)
        work.append((half - begun) * 1000)
    own.close()
    line.recv()
    line.send((work, commits))
