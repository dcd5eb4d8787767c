"""What people wait for while an office works, as the server tells it, and where the processor's time goes."""

from __future__ import annotations

import os
import resource
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any, Self

from scripts.postgres import Server

EVERY_S = 0.05
"""Seconds between two looks at the server."""
_TICKS = os.sysconf("SC_CLK_TCK")
_ASK = """
SELECT pid, state, wait_event_type, wait_event, query, pg_blocking_pids(pid) FROM pg_stat_activity
WHERE pid <> pg_backend_pid() AND backend_type = 'client backend' AND state <> 'idle'
"""


class Waits:
    """Watches a server for the length of a `with` block.

    `stand` tells, of all deeds and readings that were under way when it looked: how many there were on average, how
    many waited for another's lock and on which table, how many for their own workstation, how many for the disk; and
    what those who held others up were doing. Then the share of the processor that lay idle, and the processor time of
    server and workstations a second.
    """

    def __init__(self, server: Server) -> None:
        self._server = server
        self._looks = 0
        self._what: Counter[str] = Counter()
        self._held: Counter[str] = Counter()
        self._held_up_by: Counter[str] = Counter()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Self:
        """Begin to watch."""
        self._started, self._before = time.perf_counter(), self._processor()
        self._thread.start()
        return self

    def __exit__(self, *_told: object) -> None:
        """Look a last time."""
        self._ended.set()
        self._thread.join()
        self._seconds, after = time.perf_counter() - self._started, self._processor()
        self._spent = {name: after[name] - self._before[name] for name in after}

    def stand(self) -> dict[str, Any]:
        """What was seen."""
        share = {name: round(count / max(1, self._looks), 2) for name, count in self._what.most_common()}
        spent = {name: round(seconds / self._seconds, 2) for name, seconds in self._spent.items()}
        return {
            "under_way": share,
            "locks_waited_for": {name: round(n / max(1, self._looks), 2) for name, n in self._held.most_common(3)},
            "held_up_by": {name: round(n / max(1, self._looks), 2) for name, n in self._held_up_by.most_common(3)},
            "processors": {**spent, "of": os.cpu_count()},
        }

    def _watch(self) -> None:
        import psycopg

        with psycopg.connect(
            host="127.0.0.1", port=self._server.port, user="postgres", dbname="postgres", autocommit=True
        ) as connection:
            while not self._ended.wait(EVERY_S):
                self._note(connection.execute(_ASK).fetchall())

    def _note(self, rows: list[Any]) -> None:
        self._looks += 1
        doing = {}
        for pid, state, kind, _event, query, _blockers in rows:
            if kind == "Lock":
                what = "another's lock"
                self._held[_table(query)] += 1
            elif state.startswith("idle in transaction"):
                what = "its workstation"
            elif kind in ("IO", "LWLock"):
                what = "the disk" if kind == "IO" else "the server's own locks"
            else:
                what = "at work"
            self._what[what] += 1
            doing[pid] = f"{what}, {_table(query)}"
        waiting = {row[0] for row in rows if row[5]}
        roots = {blocker for row in rows for blocker in row[5]} - waiting
        for root in roots:
            self._held_up_by[doing.get(root, "gone")] += 1

    def _processor(self) -> dict[str, float]:
        """Seconds of the processor so far: idle, of the server's processes, of the workstations' that have ended."""
        idle = int(Path("/proc/stat").read_text(encoding="utf-8").split(maxsplit=5)[4]) / _TICKS
        ended = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent = {"server": self._server.processor_seconds(), "workstations": ended.ru_utime + ended.ru_stime}
        return {"idle": idle, **spent}


def _table(query: str) -> str:
    """The first words of a statement that say which table it is about."""
    words = query.split()
    for before in ("INTO", "FROM", "UPDATE"):
        if before in words[:-1]:
            return f"{words[0]} {words[words.index(before) + 1]}"
    return " ".join(words[:2])
