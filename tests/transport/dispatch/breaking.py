"""Searches as they are on a computer without the wheel, and where the solver brings its process down."""

from __future__ import annotations

import os
import resource
import signal
import sys
import tempfile
from dataclasses import replace

from cbo_desk.routing import working


def absent(bench, problem, begun, budget, cool=False):
    sys.modules["vroom"] = sys.modules["numba"] = None  # type: ignore[assignment]
    return working.search(bench, problem, begun, replace(budget, until=None, seconds=0.3))


def crash(bench, problem, begun, budget, cool=False):
    os.kill(os.getpid(), signal.SIGSEGV)


def plain(bench, problem, begun, budget, cool=False):
    """On a computer without numba alone."""
    sys.modules["numba"] = None  # type: ignore[assignment]
    return working.search(bench, problem, begun, replace(budget, until=None, seconds=0.3), cool)


def full(bench, problem, begun, budget, cool=False):
    """Where the machine code finds no room to be kept: no file can grow, and none was made before."""
    with tempfile.TemporaryDirectory() as empty:
        os.environ["NUMBA_CACHE_DIR"] = empty
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))
        return working.search(bench, problem, begun, replace(budget, until=None, seconds=0.3), cool)
