"""Searches as they are on a computer without the wheel, and where the solver brings its process down."""

from __future__ import annotations

import os
import signal
import sys
from dataclasses import replace

from cbo_desk.routing import working


def absent(bench, problem, begun, budget, cool=False):
    sys.modules["vroom"] = sys.modules["numba"] = None  # type: ignore[assignment]
    return working.search(bench, problem, begun, replace(budget, until=None, seconds=0.3))


def crash(bench, problem, begun, budget, cool=False):
    os.kill(os.getpid(), signal.SIGSEGV)
