"""Plain functions that behave as solvers do, well and badly; a spawned process imports them by name."""

from __future__ import annotations

import os
import signal
import threading
import time
from typing import Any

from cbo_desk.errors import Refusal
from cbo_desk.solving import Bench


def add(bench: Bench, a: int, b: int = 1) -> int:
    bench.say("adding")
    return a + b


def listen(bench: Bench) -> int:
    best = 0
    while not bench.stopping:
        best += 1
        bench.keep(best)
        bench.say(best)
        time.sleep(0.01)
    return -best


def deaf(bench: Bench, keep: bool) -> int:
    """Never looks up from its work."""
    if keep:
        bench.keep(41)
    bench.say("deaf")
    while True:
        pass


def crash(bench: Bench, keep: bool) -> int:
    if keep:
        bench.keep(41)
    bench.say(os.getpid())
    os.kill(os.getpid(), signal.SIGSEGV)
    return 0


def fail(bench: Bench) -> int:
    raise ZeroDivisionError("of the work")


def refuse(bench: Bench) -> int:
    raise Refusal("No vehicle has seven seats.", "seats")


def unpicklable(bench: Bench) -> Any:
    return threading.Lock()


def wait(bench: Bench, keep: bool) -> int:
    if keep:
        bench.keep(41)
    bench.say(os.getpid())
    time.sleep(60)
    return 0


def large(bench: Bench) -> bytes:
    for size in range(20):
        bench.keep(bytes(size * 100_000))
    return bytes(3_000_000)
