"""The timeline while it is scrolled, dragged and looked at anew: 40 rooms over a week, a month, a season; 60 vehicles.

`python -m benchmarks.timeline [--steps 200]` prints a JSON line a board and deed: median and longest time of one step,
on the wall and of this process alone (another program's work counts in the former, not in the latter). Goal: no step
over 50 ms. The last board paints every bar whether it is seen or not, as the naive way does.
"""

from __future__ import annotations

import argparse
import gc
import os
import random
import statistics
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from benchmarks import report
from cbo_desk.context import ZONE
from ui.kit.chips import Tone
from ui.kit.theme import apply_theme
from ui.kit.timeline import Timeline
from ui.kit.timeline_parts import Axis, Bar, Column, Look, Placed, Row

GOAL_MS = 50
MONDAY = date(2026, 7, 13)
TONES: tuple[Tone, ...] = ("info", "live", "idle", "warn", "ok")


def bars(rows: int, count: int, days: int, minutes: int) -> list[Bar]:
    """So many bars over the rows and days, one in eight across two rows, one in four hatched."""
    random_ = random.Random(8)
    start = datetime.combine(MONDAY, datetime.min.time(), ZONE)
    found = []
    for n in range(count):
        begins = start + timedelta(days=n % days, hours=7 + random_.randrange(0, 44) / 4)
        ends = begins + timedelta(minutes=random_.choice((minutes, 2 * minutes)))
        look = Look(random_.choice(TONES), "circle-check", n % 4 == 0)
        row = random_.randrange(rows - 1)
        found.append(
            Bar(n, row, begins, ends, f"Committee number {n}", f"Classroom · {n} of 400", look,
                begins - timedelta(minutes=30), ends + timedelta(minutes=15), 2 if n % 8 == 0 else 1, said=f"{n}")
        )  # fmt: skip
    return found


def board(rows: int, count: int, days: int, minutes: int) -> Timeline:
    """A board of a window's size over so much."""
    shown = Timeline("Board", row_height=40)
    shown.resize(1120, 700)
    lines = [Row(n, f"Room {n}", ("190", "96", "44"), n % 3) for n in range(rows)]
    gutter = (Column("Theatre"), Column("Class"), Column("Board"))
    shown.show_board(Axis(MONDAY, days, (7, 20)), lines, bars(rows, count, days, minutes), gutter)
    shown.show_now(datetime(2026, 7, 14, 10, 42, tzinfo=ZONE))
    shown.show()
    QApplication.processEvents()
    return shown


def measure(name: str, deed: str, steps: int, step: Callable[[int], object]) -> None:
    """Do one thing over and over, painted each time, and say how long each took."""
    wall, own = [], []
    gc.collect()
    gc.disable()  # as in the window, which collects between deeds: ui/kit/garbage.py
    for n in range(steps):
        began, worked = time.perf_counter(), time.process_time()
        step(n)
        QApplication.processEvents()
        own.append((time.process_time() - worked) * 1000)
        wall.append((time.perf_counter() - began) * 1000)
    gc.enable()
    report.line(
        benchmark="timeline", board=name, deed=deed, steps=steps, median_ms=round(statistics.median(wall), 2),
        longest_ms=round(max(wall), 1), own_median_ms=round(statistics.median(own), 2),
        own_longest_ms=round(max(own), 1), goal_ms=GOAL_MS,
        met=max(own) <= GOAL_MS,
    )  # fmt: skip


def run(name: str, shown: Timeline, steps: int) -> None:
    """Scroll down and across, carry a bar, and show everything anew."""
    down, across = shown.verticalScrollBar(), shown.horizontalScrollBar()
    high = max(down.maximum(), 1)
    measure(name, "scroll down", steps, lambda n: down.setValue(n * 17 % high))
    shown.zoom(3.0)
    wide = max(across.maximum(), 1)
    measure(name, "scroll across", steps, lambda n: across.setValue(n * 29 % wide))
    shown.zoom(1 / 3)
    down.setValue(0)
    bar = min(shown.bars(), key=lambda each: (each.row, each.begins))
    shown.choose(bar.key)
    spot = shown.box_of(bar.key).center()
    QTest.mousePress(shown.viewport(), Qt.MouseButton.LeftButton, pos=spot.toPoint())
    measure(
        name, "drag", steps,
        lambda n: QTest.mouseMove(shown.viewport(), (spot + QPointF(20 + n % 300, n % 200)).toPoint()),
    )  # fmt: skip
    shown.put_back()
    axis, rows, everything = shown.axis, shown.rows(), shown.bars()
    measure(name, "show anew", max(steps // 4, 5), lambda _n: shown.show_board(axis, rows, everything))


def naive(shown: Timeline, steps: int) -> None:
    """The same scrolling where every bar is painted, seen or not."""
    Placed.within = lambda self, *_: iter(self.bars)  # type: ignore[method-assign]
    down = shown.verticalScrollBar()
    high = max(down.maximum(), 1)
    measure("40 rooms, a week, all painted", "scroll down", steps, lambda n: down.setValue(n * 17 % high))


def main() -> None:
    """Measure the boards in turn."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--steps", type=int, default=200)
    steps = asked.parse_args().steps
    application = QApplication.instance() or QApplication([])
    assert isinstance(application, QApplication)
    apply_theme(application, "light", 1.0)
    rooms = board(40, 2000, 7, 60)
    run("40 rooms, a week, 2,000 bookings", rooms, steps)
    fleet = board(60, 60 * 300, 31, 90)
    run("60 vehicles, a month, 300 bars each", fleet, steps)
    run("40 rooms, a month, 8,600 bookings", board(40, 8600, 30, 60), steps)
    run("40 rooms, a season, 26,000 bookings", board(40, 26_000, 91, 60), steps)
    naive(rooms, steps)


if __name__ == "__main__":
    main()
