"""How long a scan takes from its text to the card on the screen, through the real window.

`python -m benchmarks.scan [--scales 8,833] [--scans 200] [--server URL]`: a demo compound per scale (1 is 1,200
assets), random assets scanned one after the other; told are the median and the 99th percentile in milliseconds. With
`--server` the same on a PostgreSQL database per scale, made empty by hand and named URL0, URL1 and so on.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.report import line

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
GOAL_MS = 50.0


def main(arguments: list[str]) -> int:
    """Measure; the answer is JSON lines."""
    parser = argparse.ArgumentParser(prog="benchmarks.scan")
    parser.add_argument("--scales", default="8", help="numbers with commas; 833 is a million assets")
    parser.add_argument("--scans", type=int, default=200)
    parser.add_argument("--server", help="the beginning of the addresses of empty databases on a server")
    parser.add_argument("--database", help="one existing database instead")
    wanted = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="cbo-scan-") as folder:
        os.environ.update(CBO_DATA=folder, XDG_DATA_HOME=folder, XDG_CONFIG_HOME=folder)
        if wanted.database:
            measure(wanted.database, wanted.scans, Path(folder))
            return 0
        for number, scale in enumerate(float(part) for part in wanted.scales.split(",")):
            urls = [str(Path(folder) / f"{number}.db")]
            urls += [f"{wanted.server}{number}"] if wanted.server else []
            for url in urls:
                _fill(url, scale)
                measure(url, wanted.scans, Path(folder))
    return 0


def measure(url: str, scans: int, folder: Path) -> None:
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
    times = []
    for ident, code in codes:
        begun = time.perf_counter()
        window.bench.feed.put("keyboard", code)
        until(partial(_shows, register, ident))
        register.card.repaint()
        times.append((time.perf_counter() - begun) * 1000)
        until(lambda: window.bench.feed.pending == 0)
    heart.stop()
    window.close()
    times.sort()
    line(
        benchmark="scan",
        engine=office.engine.dialect.name,
        assets=assets,
        scans=len(times),
        median_ms=round(times[len(times) // 2], 1),
        p99_ms=round(times[min(len(times) - 1, int(len(times) * 0.99))], 1),
        goal_p99_ms=GOAL_MS,
    )


def _shows(register: Any, ident: int) -> bool:
    return register.card.card is not None and register.card.card.id == ident


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
