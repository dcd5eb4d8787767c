"""How long a scan takes from its text to the card on the screen, through the real window.

`python -m benchmarks.scan [--scales 8,833] [--scans 200] [--every 0.3] [--server URL]`: a demo compound per scale (1
is 1,200 assets), random assets scanned one upon the other, or one in so many seconds; told are the median and the 99th
percentile in milliseconds, from the text's arrival until Qt has painted the card. With `--server` the same on a
PostgreSQL database per scale, made empty by hand and named URL0, URL1 and so on.

Beside runs a pulse (`benchmarks.pulse`): the 99th percentile is told of all scans, and of those during which the
computer was even.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.control import high
from benchmarks.pulse import Pulse, parted
from benchmarks.report import line

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
GOAL_MS = 50.0


def main(arguments: list[str]) -> int:
    """Measure; the answer is JSON lines."""
    parser = argparse.ArgumentParser(prog="benchmarks.scan")
    parser.add_argument("--scales", default="8", help="numbers with commas; 833 is a million assets")
    parser.add_argument("--scans", type=int, default=200)
    parser.add_argument("--every", type=float, default=0.0, help="seconds from scan to scan; 0 for a burst")
    parser.add_argument("--server", help="the beginning of the addresses of empty databases on a server")
    parser.add_argument("--database", help="one existing database instead")
    wanted = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="cbo-scan-") as folder:
        os.environ.update(CBO_DATA=folder, XDG_DATA_HOME=folder, XDG_CONFIG_HOME=folder)
        if wanted.database:
            measure(wanted.database, wanted.scans, wanted.every, Path(folder))
            return 0
        for number, scale in enumerate(float(part) for part in wanted.scales.split(",")):
            urls = [str(Path(folder) / f"{number}.db")]
            urls += [f"{wanted.server}{number}"] if wanted.server else []
            for url in urls:
                _fill(url, scale)
                measure(url, wanted.scans, wanted.every, Path(folder))
    return 0


def measure(url: str, scans: int, every: float, folder: Path) -> None:
    """Scan random assets of a compound and print what it took."""
    from PySide6.QtCore import QEventLoop, QTimer

    from cbo_desk.compound import open_office
    from cbo_desk.property import figures
    from ui.application import make_app
    from ui.kit.preferences import LAST_DESK, Preferences
    from ui.window import Window

    preferences = Preferences(folder / "scan.ini")
    preferences.set(LAST_DESK, "property")
    app = make_app(preferences)
    office = open_office(url, check=False)
    window = Window(office, preferences)
    window.show()
    assets = office.read(figures).total
    codes = _codes(office, scans)

    def until(done: Callable[[], object]) -> None:
        """Sleep in Qt's own loop between events: a loop that spins would take the workers' turn."""
        while not done():
            app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)

    heart = QTimer(app, interval=50)  # so that nothing is waited for in vain
    heart.start()
    page = window.shell.page()
    register = page.register  # type: ignore[union-attr]
    until(lambda: register.model.rowCount() > 0 and register.total > 0)
    until(lambda: window.bench.feed.pending == 0)
    eye = _eye_on(register.card)
    spans, worked = [], []
    with Pulse() as pulse:
        for ident, code in codes:
            end = time.perf_counter() + every
            until(lambda end=end: time.perf_counter() >= end)  # type: ignore[misc]
            eye.begin(ident)
            begun, used = time.perf_counter(), time.process_time()
            window.bench.feed.put("keyboard", code)
            until(eye.has_seen)
            spans.append((begun, time.perf_counter()))
            worked.append((time.process_time() - used) * 1000)
            until(lambda: window.bench.feed.pending == 0)
    heart.stop()
    window.close()
    times, steady = parted(spans, pulse)
    line(
        benchmark="scan",
        engine=office.engine.dialect.name,
        assets=assets,
        scans=len(times),
        every_s=every,
        first_ms=round(times[0], 1),
        median_ms=round(statistics.median(times), 1),
        p99_ms=round(high(times), 1),
        goal_p99_ms=GOAL_MS,
        slow_share=round(pulse.share, 3),
        even=len(steady),
        even_p99_ms=round(high(steady), 1),
        even_worst_ms=round(max(steady), 1),
        median_cpu_ms=round(statistics.median(worked), 1),
    )


def _eye_on(card: Any) -> Any:
    """Sees when a card's number is painted, which Qt does with all the rest of it."""
    from PySide6.QtCore import QEvent, QObject

    class Eye(QObject):
        """Notes the first painting of an asset's card."""

        _ident, _seen = 0, False

        def begin(self, ident: int) -> None:
            """Wait for this asset."""
            self._ident, self._seen = ident, False

        def has_seen(self) -> bool:
            """Whether it was painted."""
            return self._seen

        def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802
            """Something is painted."""
            if event.type() == QEvent.Type.Paint and card.card is not None and card.card.id == self._ident:
                self._seen = True
            return False

    eye = Eye(card)
    card._cap.installEventFilter(eye)
    return eye


def _fill(url: str, scale: float) -> None:
    from cbo_desk.compound import open_office
    from cbo_desk.demo import make_demo

    office = open_office(url, check=False)
    office.write(make_demo, scale)
    office.close()


def _codes(office: object, count: int) -> list[tuple[int, str]]:
    """Random assets of the compound with the codes of their tags."""
    from cbo_desk.office import Office
    from cbo_desk.property import AssetList
    from cbo_desk.tags import tags_of

    assert isinstance(office, Office)
    ids = office.read(AssetList(sort="inventory_no", descending=False).ids, 1_000_000)
    some = random.Random(1).sample(ids, min(count, len(ids)))
    return [(tag.subject_id, tag.code) for tag in office.read(tags_of, "property.asset", some)]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
