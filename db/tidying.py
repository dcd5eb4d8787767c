"""Puts a SQLite file in order while nobody writes: what would otherwise make one scan in sixty wait.

SQLite folds its log into the file, and FTS5 merges the pieces of the search index, inside whichever write happens to
come next. Both are put off here: a thread that lives only as long as there is something to do waits until no deed has
been saved for a moment, merges in small steps, each a transaction of its own, and then folds the log in beside the
readers and writers that may have come back. Nothing is weakened: a deed is on the disk when it is answered, as before.
"""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from typing import Any

from sqlalchemy import Connection, Engine, event

IDLE_S = 0.4
"""So long nothing was saved: the counter's next scan is not coming right now."""
MOST_DEEDS = 200
"""After so many deeds without a pause the log is folded in beside them; this holds up nobody."""
LOG_PAGES = 40_000
"""Pages of the log after which SQLite itself folds it in, should the thread never get to it: 160 MB.

Far more than MOST_DEEDS write, some 45 pages each with a million items. A log of which the last deed is not folded in
goes on growing, and in a long flood SQLite does the rest inside a deed: what came since the thread's last time.
"""
MERGED_AT_ONCE = 16
"""Pages of the search index that one step merges, in about a millisecond."""
MERGES = 400
"""Steps in one pause at most."""


class Tidier:
    """Watches an engine's deeds and puts its file in order in their pauses; stops when the engine is disposed of."""

    def __init__(self, engine: Engine, module: Any, path: str) -> None:
        self._module, self._path = module, path
        self._lock = threading.Lock()
        self._step = threading.Lock()
        self._over = threading.Event()
        self._thread: threading.Thread | None = None
        self._last = 0.0
        self._deeds = 0
        event.listen(engine, "begin", self._stand_aside)
        event.listen(engine, "commit", self._saved)
        event.listen(engine, "engine_disposed", self._stop)

    def _stand_aside(self, connection: Connection) -> None:
        """Somebody is about to write: no step more is begun, and the one under way is waited for to the moment.

        Left to SQLite, a write that meets a step asks again after ever longer sleeps, and may find the next step there.
        """
        if connection.get_execution_options().get("writes"):
            self._last = time.monotonic()
            with self._step:
                pass

    def _saved(self, connection: Connection) -> None:
        if not connection.get_execution_options().get("writes"):
            return
        with self._lock:
            self._last = time.monotonic()
            self._deeds += 1
            if self._thread is None:
                self._over.clear()
                self._thread = threading.Thread(target=self._work, name="tidying", daemon=True)
                self._thread.start()

    def _stop(self, _engine: Engine) -> None:
        """Wait for the step under way: who closes the file may copy it afterwards, and must find all of it there."""
        self._over.set()
        with self._lock:  # not between its being named and its beginning
            thread = self._thread
        if thread is not None and thread is not threading.current_thread():
            thread.join()

    def _work(self) -> None:
        while not self._over.wait(IDLE_S):
            with self._lock:
                before, busy = self._last, time.monotonic() - self._last < IDLE_S
                many = self._deeds >= MOST_DEEDS
            if busy and not many:
                continue
            # Another program has the file, or the disk is full: SQLite's own time comes all the same.
            with suppress(self._module.Error):
                self._tidy(before, merging=not busy)
            with self._lock:
                self._deeds = 0
                if self._last == before:
                    self._thread = None
                    return
        with self._lock:
            self._thread = None

    def _tidy(self, before: float, *, merging: bool) -> None:
        own = self._module.connect(self._path, timeout=0.05, isolation_level=None)
        try:
            own.execute("PRAGMA synchronous=FULL")
            own.execute("PRAGMA wal_autocheckpoint=0")  # a step that others wait for would fold the whole log in
            step = f"INSERT INTO search_fts(search_fts, rank) VALUES ('merge', {MERGED_AT_ONCE})"
            for _ in range(MERGES if merging and _has_search(own) else 0):
                with self._step:
                    if self._last != before or self._over.is_set():  # somebody is back
                        break
                    count = own.total_changes
                    own.execute(step)
                if own.total_changes - count < 2:  # FTS5's own sign that there was nothing to merge
                    break
            own.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
        finally:
            own.close()


def _has_search(own: Any) -> bool:
    wanted = "SELECT 1 FROM sqlite_master WHERE name = 'search_fts'"
    return own.execute(wanted).fetchone() is not None
