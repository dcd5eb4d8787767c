"""Hours of an ordinary day, with the server away now and then: does anything grow, and is everything there in the end?

`python -m benchmarks.soak [--minutes 1] [--leak memory|handles]`, or `make soak MINUTES=240`, has a workstation on a
server and one on a file do the counter's work without a pause but to let the tray empty; every half minute the server
goes away for some seconds. It prints a line each time it looked (memory, open handles, threads, the logs' size, median
and 99th percentile of a round of deeds), then the figures: acknowledged, lost, doubled, torn (chain and seals), and
what grew. Goals: nothing lost, doubled or growing. It looks while the server is there alone, at like moments: in an
outage there are fewer connections, and the last one waits. The controls plant a leak, which must be found.
"""

from __future__ import annotations

import argparse
import gc
import os
import socket
import statistics
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy import text

from benchmarks import report
from benchmarks.workstation import make_shelf
from cbo_desk import audit, seals, tray
from cbo_desk.compound import prepare
from cbo_desk.mail import Details, item_card, receive_item, shelve_items
from cbo_desk.office import Office
from cbo_desk.permissions import administrator
from cbo_desk.search import find
from db.engine import open_engine
from db.tidying import LOG_PAGES
from scripts.postgres import running
from scripts.wire import Wire

LOOKS = 30
"""So often the figures are looked at in a run."""
WARM = 0.3
"""The share of the looks in which memory may still grow: caches fill, modules are imported."""
MAY_GROW = {"memory_mb": 0.10, "handles": 0.10, "threads": 0.0, "log_mb": 0.50, "median_ms": 1.0}
"""By what share a figure may be higher in the last third of the run than after the warming up.

Whatever makes the work slower shows in its median; the 99th percentile of the few rounds of a short run shows what
else the computer did.
"""

PILE = 100
"""So many deeds may wait in the tray before the workstation pauses until they are at the server.

Without a pause new ones are put behind those that wait, for good: after half an hour on a busy computer there were
42,946, and the memory that holds what they look like had grown by as many.
"""

LOG_MB = LOG_PAGES * 4096 / 2**20
"""A file's log may be so long before it is folded in beside the work: a short run without a pause gets half-way."""


@dataclass(frozen=True)
class Look:
    """The figures at one moment."""

    memory_mb: float
    handles: int
    threads: int
    log_mb: float
    median_ms: float
    p99_ms: float = 0.0


def grew(looks: Sequence[Look]) -> list[str]:
    """What grew in a run beyond what it may, in words; the medians of the first and last third after warming up."""
    after = looks[int(len(looks) * WARM) :]
    third = max(1, len(after) // 3)
    found = []
    for name, share in MAY_GROW.items():
        first = statistics.median(getattr(look, name) for look in after[:third])
        last = statistics.median(getattr(look, name) for look in after[-third:])
        least = {"memory_mb": 4, "handles": 2, "log_mb": LOG_MB + 8, "median_ms": 50}.get(name, 0)
        if last > first * (1 + share) + least:
            found.append(f"{name} grew from {first:.1f} to {last:.1f}")
    return found


class Soak:
    """One workstation on a server behind a wire and one on a file, at work for so long."""

    def __init__(self, url: str, port: int, folder: Path) -> None:
        self.wire = Wire(port)
        head, _, name = url.rpartition("/")
        self.truth = Office(prepare(url), administrator("truth", "Truth", "SERVER"))
        self.shelf = make_shelf(self.truth)
        through = f"{head.rpartition(':')[0]}:{self.wire.port}/{name}"
        self.server = Office(open_engine(through), administrator("ada", "Ada", "DESK-1"))
        begun = tray.begin(self.server, folder / "trays")
        assert begun is not None
        self.tray = begun
        begun.link.again = 0.2
        begun.look()
        self.file = Office(prepare(str(folder / "compound.db")), administrator("ben", "Ben", "DESK-2"))
        self._logs = [folder / "compound.db-wal", begun.file.path.with_name(f"{begun.file.path.name}-wal")]
        # On the disk: hours of markers in memory would look like a leak of the program's.
        self._written = folder / "acknowledged"
        self._acknowledged = self._written.open("a")
        self.acknowledged = 0
        self.seconds: list[float] = []
        self.outages = 0
        self.recovered_s = self._mended = 0.0
        self._leaked: list[Any] = []
        self._ended = threading.Event()

    def run(self, seconds: float, leak: str = "") -> list[Look]:
        """Work for so long; answers what was looked at."""
        bringing = threading.Thread(target=self._bring)
        bringing.start()
        looks: list[Look] = []
        started = time.monotonic()
        every, away = seconds / LOOKS, min(30.0, seconds / 4)
        mend_at = due = 0.0
        while (now := time.monotonic() - started) < seconds:
            self._one()
            if mend_at and now > mend_at:
                self.wire.mend()
                self._mended, mend_at = time.monotonic(), 0.0
            elif not mend_at and now > away * (self.outages + 1):
                self.outages += 1
                self.wire.cut() if self.outages % 2 else self.wire.stall()
                mend_at = now + min(5.0, away / 3)
            if not mend_at and self.acknowledged % 20 == 0 and self.tray.file.count("waiting") > PILE:
                self._catch_up()
            if now >= due and not mend_at and not self.tray.link.away:
                missed = int((now - due) / every) + 1
                due += missed * every
                for _look in range(missed):
                    self._leak(leak)
                looks.append(self._look())
                report.line(what="look", at_s=round(now), **vars(looks[-1]))
        if mend_at:
            self.wire.mend()
            self._mended = time.monotonic()
        while self._mended or self.tray.file.first_waiting() is not None:
            time.sleep(0.05)
        self._ended.set()
        bringing.join()
        return looks

    def judge(self) -> tuple[int, int]:
        """How many acknowledged deeds are lost and how many are there twice."""
        with self.truth.engine.connect() as connection:
            there = Counter(connection.scalars(text("SELECT notes FROM mail_item")))
        self._acknowledged.flush()
        lost = sum(not there[marker] for marker in self._written.read_text().split())
        return lost, sum(count > 1 for count in there.values())

    def close(self) -> None:
        """Take all of it down."""
        self._ended.set()
        self._acknowledged.close()
        tray.end(self.server)
        for office in (self.server, self.file, self.truth):
            office.close()
        self.wire.close()
        for handle in self._leaked:
            if hasattr(handle, "close"):
                handle.close()

    def _one(self) -> None:
        marker, started, there = uuid4().hex, time.perf_counter(), not self.tray.link.away
        [item] = self.server.write(receive_item, "", Details(carrier="Hand delivery", notes=marker)).ids
        self._acknowledged.write(f"{marker}\n")
        self.acknowledged += 1
        self.server.write(shelve_items, [item], self.shelf)
        here = self.file.write(receive_item, "", Details(notes=marker)).ids[0]
        self.file.read(item_card, here)
        self.file.read(find, "delivery")
        self.file.hear()
        if there and not self.tray.link.away:
            self.seconds.append(time.perf_counter() - started)

    def _catch_up(self) -> None:
        """Wait until all is at the server, as people do who look at the strip, or until it is away again."""
        while self.tray.file.first_waiting() is not None and not self.tray.link.away:
            time.sleep(0.05)

    def _bring(self) -> None:
        while not self._ended.wait(0.1):
            if not self.tray.link.away and self.tray.file.first_waiting() is not None:
                tray.take_waiting(self.tray)
            mended = self._mended
            if mended and not self.tray.link.away and self.tray.file.first_waiting() is None:
                self.recovered_s = max(self.recovered_s, time.monotonic() - mended)
                self._mended = 0.0

    def _look(self) -> Look:
        gc.collect()
        with open("/proc/self/statm") as statm:
            memory = int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20
        # The wire's own sockets and threads come and go with the outages, and are no part of the program.
        handles = len(os.listdir("/proc/self/fd")) - self.wire.sockets
        logs = sum(log.stat().st_size for log in self._logs if log.exists()) / 2**20
        times, self.seconds = sorted(self.seconds), []
        median, p99 = (times[int(len(times) * share)] * 1000 if times else 0.0 for share in (0.5, 0.99))
        threads = sum(thread.name in ("link", "MainThread") for thread in threading.enumerate())
        return Look(round(memory, 1), handles, threads, round(logs, 1), round(median, 1), round(p99, 1))

    def _leak(self, what: str) -> None:
        """Lose as much at each look as a look may not find, however slow the computer is."""
        if what:
            self._leaked += [b"x" * 2_000_000] if what == "memory" else [socket.socket(), socket.socket()]


def main() -> None:
    """Soak, and print what grew."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=0.5)
    parser.add_argument("--leak", default="", choices=["", "memory", "handles"], help="a control: plant this leak")
    given = parser.parse_args()
    with running(durable=True) as server, tempfile.TemporaryDirectory() as folder:
        soak = Soak(server.url(), server.port, Path(folder))
        try:
            looks = soak.run(given.minutes * 60, given.leak)
            lost, doubled = soak.judge()
            chains = [office.read(audit.verify) for office in (soak.truth, soak.file)]
            facts = [office.read(seals.prove) for office in (soak.truth, soak.file)]
        finally:
            soak.close()
    found = grew(looks)
    torn = sum(chain.bad_seq is not None for chain in chains) + sum(len(sealed.broken) for sealed in facts)
    report.line(
        what=f"soak, with a planted leak of {given.leak}" if given.leak else "soak", minutes=given.minutes,
        acknowledged=soak.acknowledged, outages=soak.outages, lost=lost, doubled=doubled, torn=torn,
        recovered_s=round(soak.recovered_s, 1), grew=found,
        met=bool(found) if given.leak else not (lost or doubled or torn or found),
    )  # fmt: skip


if __name__ == "__main__":
    main()
