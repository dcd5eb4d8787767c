"""How every benchmark answers: one JSON object a line on standard output."""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable
from typing import Any


def line(**values: Any) -> None:
    """Print one line of the answer."""
    print(json.dumps(values, ensure_ascii=False), flush=True)


def seconds(work: Callable[[], object]) -> float:
    """Return how long one run of `work` takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def medians(runs: int, contenders: dict[str, Callable[[], object]]) -> dict[str, float]:
    """Return each contender's median time over `runs` rounds, in seconds.

    The contenders take turns in every round, so that a machine that slows down slows all of them.
    """
    times: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(runs):
        for name, work in contenders.items():
            times[name].append(seconds(work))
    return {name: statistics.median(values) for name, values in times.items()}
