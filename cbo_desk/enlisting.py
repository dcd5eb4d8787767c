"""Desks that enlist when somebody first looks: what they add to those below is loaded then, and no start waits for it.

A desk tells those below it what can carry a tag, what stands at a place, what follows a renaming, which settings there
are. Whoever opens a window names the desks with `later`; each register of such things calls `enlist_all` before it
is read, on whichever thread asks.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import RLock

_later: list[Callable[[], object]] = []
_lock = RLock()
_loading = False


def later(load: Callable[[], object]) -> None:
    """Have something loaded that enlists itself, before anybody looks for what it enlists."""
    with _lock:
        _later.append(load)


def enlist_all() -> None:
    """Load everything that was named; others that ask meanwhile wait until it is there."""
    global _loading
    if not _later:
        return
    with _lock:
        if _loading:  # what is being loaded looks itself
            return
        _loading = True
        try:
            while _later:
                _later[0]()
                del _later[0]
        finally:
            _loading = False
