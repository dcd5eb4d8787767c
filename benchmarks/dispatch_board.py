"""The dispatch board of a crowded day: 60 vehicles, 300 trips; shown, scrolled, a bar dragged over every row, chosen.

`python -m benchmarks.dispatch_board [--rounds 10]` prints a JSON line a deed: median and longest time of one step by
the clock, beside those of a fixed piece of work that this process does between any two steps: a computer that is busy
shows there. Goal: no step over 50 ms.
"""

from __future__ import annotations

import argparse
import gc
import os
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication

from benchmarks import report
from cbo_desk.context import ZONE
from cbo_desk.transport import TripState
from cbo_desk.transport.clashing import clashes
from cbo_desk.transport.duty import Duty
from cbo_desk.transport.journeys import Assumed, Journeys
from cbo_desk.transport.picture import DayPicture, DriverOfDay, TripOfDay, VehicleOfDay
from ui.kit.theme import apply_theme
from ui.kit.timeline_parts import Move
from ui.transport.board import Board

GOAL_MS = 50
MONDAY = datetime(2026, 8, 24, tzinfo=ZONE)
WORK = 40_000
"""So many squares are added up for comparison: some two milliseconds."""


def crowded() -> DayPicture:
    """60 vehicles with five trips each, 60 drivers on duty all day."""

    def at(hours: float) -> datetime:
        return MONDAY + timedelta(hours=hours)

    vehicles = tuple(VehicleOfDay(n, f"UN {n:03}", "Toyota Hiace", 12, 0, 12, "", None) for n in range(60))
    drivers = tuple(DriverOfDay(n, f"Driver {n}", (Duty(at(5), at(22)),)) for n in range(60))
    trips = tuple(
        TripOfDay(n, f"TT-{n}", n % 60, n % 60, at(6 + n // 60 * 2.4), at(8 + n // 60 * 2.4), TripState.PLANNED, False,
                  None, None, 1, (f"T-{n}",), (n,), 2)
        for n in range(300)
    )  # fmt: skip
    table = Journeys([], [], {}, Assumed(1.35, 23, timedelta(minutes=3)))
    picture = DayPicture(date(2026, 8, 24), MONDAY, vehicles, drivers, trips, (), (), table, 12)
    return replace(picture, clashes=tuple(clashes(picture)))


def deeds(board: Board, picture: DayPicture) -> dict[str, Sequence[Callable[[], object]]]:
    """What is done with the board, step by step; the picture is shown already."""
    bar = board.timeline.bars()[137]
    scroll = board.timeline.verticalScrollBar()

    def scrolled(by: int) -> None:
        scroll.setValue(by)
        board.timeline.viewport().repaint()

    moves = [
        Move(bar.key, ("vehicle", n), bar.starts + timedelta(minutes=5 * n), bar.ends + timedelta(minutes=5 * n))
        for n in range(60)
    ]
    return {
        "shown": [partial(board.show_day, picture)] * 3,
        "scrolled": [partial(scrolled, by) for by in range(0, 1200, 60)],
        "dragged": [partial(board._clash, move) for move in moves],
        "chosen": [partial(board.choose_request, n) for n in range(0, 300, 29)],
    }


def main() -> None:
    """Measure each deed, and the fixed work beside it."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--rounds", type=int, default=10)
    rounds = asked.parse_args().rounds
    application = QApplication.instance() or QApplication([])
    assert isinstance(application, QApplication)
    apply_theme(application, "light", 1.0)
    board, picture = Board(), crowded()
    board.resize(1100, 600)
    board.show()
    board.show_day(picture)
    while not board.timeline.whole():
        application.processEvents()
    for name, steps in deeds(board, picture).items():
        times, control = [], []
        gc.collect()
        gc.disable()  # as in the window, which collects between deeds: ui/kit/garbage.py
        for step in [*steps] * rounds:
            control.append(report.seconds(lambda: sum(n * n for n in range(WORK))))
            began = time.perf_counter()
            step()
            application.processEvents()
            times.append(time.perf_counter() - began)
        gc.enable()
        report.line(
            deed=name, steps=len(times), median_ms=round(1000 * statistics.median(times), 2),
            longest_ms=round(1000 * max(times), 1), over_goal=sum(1000 * one > GOAL_MS for one in times),
            control_median_ms=round(1000 * statistics.median(control), 2),
            control_longest_ms=round(1000 * max(control), 1),
        )  # fmt: skip


if __name__ == "__main__":
    main()
