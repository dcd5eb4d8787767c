"""The register of a million assets on screen: the real model in a real table, on either engine.

`python -m benchmarks.lists [--rows 1000000] [--url postgresql://…/] [--cache FOLDER] [--quick]` prints a JSON line a
measure: median and 99th percentile of the time from a deed to its rows painted, and the longest the window stood still
meanwhile (gaps of a 1 ms timer); of all, and of what ran while the computer was even (`benchmarks.pulse`). Goals: 60 ms
to the rows, 50 ms standing still. "lined up" is what is made in memory behind the first list (decision 34), after which
orders and filters are measured. The naive ways run in the same process: OFFSET paging on the same rows, and
QSortFilterProxyModel on 20,000 rows, scaled, which its line says.
"""

from __future__ import annotations

import math
import os
import random
import statistics
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NamedTuple

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
    QEventLoop,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
    QTimer,
)
from PySide6.QtWidgets import QApplication, QTableView

from benchmarks import report
from benchmarks.control import high
from benchmarks.pulse import Pulse, parted
from benchmarks.world import arguments, open_world
from cbo_desk.office import Office
from cbo_desk.paging import PAGE
from cbo_desk.permissions import reads
from cbo_desk.property import AssetFilter, AssetList, State
from cbo_desk.property.queries import SORTS
from ui.kit.cells import Look
from ui.kit.columns import Column
from ui.kit.garbage import Garbage
from ui.kit.runner import Runner
from ui.kit.tables import dress
from ui.kit.theme import apply_theme
from ui.kit.window_model import WindowModel

GOAL_MS = 60
STALL_MS = 50
PROXY_ROWS = 20_000

COLUMNS = (
    Column(Look("inventory_no", "ref", 120), "Number", lambda row: row.inventory_no, sort="inventory_no"),
    Column(Look("description", "text", 260), "Description", lambda row: row.description, sort="description"),
    Column(Look("place", "text", 90), "Place", lambda row: row.place_code, sort="place"),
    Column(Look("custodian", "text", 140), "Custodian", lambda row: row.custodian_name, sort="custodian"),
    Column(Look("entity", "text", 90), "Entity", lambda row: row.entity_code, sort="entity"),
    Column(Look("cost", "money", 100), "Cost", lambda row: f"{row.cost_cents / 100:,.2f}", sort="cost"),
    Column(Look("state", "chip", 120), "State", lambda row: str(row.state), sort="state"),
    Column(Look("serial", "ref", 110), "Serial", lambda row: row.serial, sort="serial"),
    Column(Look("changed", "date", 110), "Changed", lambda row: f"{row.changed_at:%d %b %Y}", sort="changed"),
)
FILTERS: dict[str, AssetFilter] = {
    "missing": AssetFilter(states=(State.MISSING,)),
    "in service": AssetFilter(states=(State.IN_SERVICE,)),
    "without disposed": AssetFilter(without_disposed=True),
    "one entity": AssetFilter(entities=("UNEP",)),
    "dear": AssetFilter(cost_from=500_000_00),
    "one word, broad": AssetFilter(words="laptop"),
    "two words": AssetFilter(words="chair mesh"),
    "one number": AssetFilter(words="UNEP-1048"),
    "nothing": AssetFilter(words="zzqxy"),
}



class Taken(NamedTuple):
    """From when to when, the longest standstill, and the processor time of the window's own thread, all in seconds.

    The last does not depend on how busy the computer is.
    """

    begin: float
    end: float
    gap: float
    work: float

    @property
    def took(self) -> float:
        """Seconds in all."""
        return self.end - self.begin


class Heartbeat:
    """Notes the longest time in which the window's thread did nothing else."""

    def __init__(self) -> None:
        self.longest = 0.0
        self._last = time.perf_counter()
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(1)
        self._timer.timeout.connect(self._beat)

    def start(self) -> None:
        """Begin to measure."""
        self.longest, self._last = 0.0, time.perf_counter()
        self._timer.start()

    def stop(self) -> float:
        """End, and return the longest gap in seconds."""
        self._beat()
        self._timer.stop()
        return self.longest

    def _beat(self) -> None:
        now = time.perf_counter()
        self.longest = max(self.longest, now - self._last)
        self._last = now


class Eye(QObject):
    """Sees whether the table is painted with every row in sight read."""

    def __init__(self, bench: Bench) -> None:
        super().__init__(bench.table.viewport())
        self._bench = bench
        self.seen = False
        bench.table.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """A paint that is about to be carried out at once."""
        if event.type() == QEvent.Type.Paint:
            self.seen = self._bench.ready()
        return False


class Bench:
    """The window, and how long what takes in it."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.runner = Runner(office)
        self.model = WindowModel(self.runner, COLUMNS)
        self.table = QTableView()
        self.table.setModel(self.model)
        dress(self.table, [column.look for column in COLUMNS])
        self.table.resize(1300, 700)
        self.table.show()
        self.eye = Eye(self)
        self.heart = Heartbeat()
        self.awake = QTimer()
        self.awake.start(50)
        self.told = {"engine": office.engine.dialect.name}
        self.said: list[tuple[Sequence[Taken], float | None, dict[str, Any]]] = []

    def until(self, ready: Callable[[], bool]) -> None:
        """Let the window live until something is so; a minute at most."""
        loop = QApplication.instance()
        assert loop is not None
        end = time.perf_counter() + 60
        # Waiting, not asking again and again: a loop that never sleeps would keep Python from the reading thread.
        while not ready():
            loop.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
            if time.perf_counter() > end:
                raise TimeoutError("The window did not get there within a minute.")

    def shown(self) -> bool:
        """Whether every row in sight was there when the table was painted last."""
        return self.eye.seen

    def ready(self) -> bool:
        """Whether every row in sight is read."""
        if self.model.loading:
            return False
        first, last = self.table.rowAt(0), self.table.rowAt(self.table.viewport().height() - 1)
        last = self.model.rowCount() - 1 if last < 0 else last
        return first < 0 or all(self.model.row_at(row) is not None for row in range(first, last + 1))

    def measure(self, deed: Callable[[], object], ready: Callable[[], bool] | None = None) -> Taken:
        """What passes from a deed to its rows (or `ready`)."""
        self.eye.seen = False
        self.heart.start()
        begun, worked = time.perf_counter(), time.thread_time()
        deed()
        self.until(ready or self.shown)
        return Taken(begun, time.perf_counter(), self.heart.stop(), time.thread_time() - worked)

    def rest(self) -> None:
        """Let everything under way end, and be painted."""
        self.until(lambda: self.model.idle)
        QApplication.processEvents()
        QApplication.processEvents()

    def show(self, listing: AssetList) -> tuple[Taken, Taken]:
        """Seconds and standstill to the first rows, and from there on to the true length."""
        first = self.measure(lambda: self.model.show(listing))
        count = self.measure(lambda: None, lambda: self.model.length_known)
        self.rest()
        return first, count._replace(begin=first.begin)

    def say(self, what: str, found: Sequence[Taken], goal: float | None = GOAL_MS, **more: Any) -> None:
        """Keep one measure, to be told once it is known when the computer was even."""
        self.said.append((found, goal, {"what": what, **self.told, "rows": self.model.rowCount(), **more}))

    def tell(self, pulse: Pulse) -> None:
        """Print all that was measured, and what is to be seen within the goal taken together."""
        together: list[Taken] = []
        for found, goal, named in self.said:
            report.line(**named, **_figures(found, goal, pulse))
            together += found if goal else []
        every, steady = parted([(one.begin, one.end) for one in together], pulse)
        report.line(
            what="all that is to be seen within the goal", **self.told, goal_ms=GOAL_MS,
            slow_share=round(pulse.share, 3), n=len(every), over=sum(took > GOAL_MS for took in every),
            p99_ms=round(high(every), 1),
            even=len(steady), even_over=sum(took > GOAL_MS for took in steady), even_p99_ms=round(high(steady), 1),
            stall_ms=round(max(one.gap for one in together) * 1000, 1),
        )  # fmt: skip


def _figures(found: Sequence[Taken], goal: float | None, pulse: Pulse) -> dict[str, Any]:
    times, steady = parted([(one.begin, one.end) for one in found], pulse)
    stall = max(one.gap for one in found) * 1000
    verdict = {} if goal is None else {"goal_ms": goal, "met": high(times) <= goal and stall <= STALL_MS}
    return {
        "n": len(times), "median_ms": round(statistics.median(times), 2), "p99_ms": round(high(times), 2),
        "even": len(steady), "even_p99_ms": round(high(steady), 2) if steady else None, "stall_ms": round(stall, 1),
        "window_cpu_ms": round(statistics.median(one.work for one in found) * 1000, 1), **verdict,
    }  # fmt: skip


def opening(bench: Bench, runs: int) -> None:
    """The first page and the true length of the whole register."""
    firsts, counts = [], []
    for _ in range(runs):
        first, count = bench.show(AssetList())
        firsts.append(first)
        counts.append(count)
    bench.say("first page", firsts)
    bench.say("true length", counts, None)


def jumping(bench: Bench, jumps: int) -> None:
    """Any place of the scroll bar, against OFFSET to the same rows."""
    chance = random.Random(7)
    bar = bench.table.verticalScrollBar()
    places = [chance.randrange(bar.maximum()) for _ in range(jumps)]
    bench.rest()
    ours = [bench.measure(partial(bar.setValue, place)) for place in places]
    bench.rest()
    listing = AssetList()

    @reads("property")
    def by_offset(session: Any, place: int) -> int:
        return len(session.execute(listing._in_order(session, listing._lines).offset(place).limit(PAGE)).all())

    naive = [report.seconds(partial(bench.office.read, by_offset, place)) for place in places[:25]]
    ratio = statistics.median(naive) / statistics.median(one.took for one in ours)
    bench.say("jump anywhere", ours, offset_median_ms=round(statistics.median(naive) * 1000, 1), ratio=round(ratio, 1))


def lining_up(bench: Bench) -> None:
    """How long after the first list its lineup is there, and how long the window stood still meanwhile."""
    bench.model.show(AssetList())
    found = bench.measure(lambda: None, lambda: AssetList.kind in bench.office.lineups.ready)
    bench.say("lined up", [found], None)


def sorting(bench: Bench, runs: int) -> None:
    """Every column up and down."""
    for sort in SORTS:
        for descending in (False, True):
            shown = [bench.show(AssetList(sort=sort, descending=descending)) for _ in range(runs)]
            way = "down" if descending else "up"
            counts = [round(count.took * 1000) for _, count in shown]
            stall = round(max(count.gap for _, count in shown) * 1000, 1)
            bench.say(
                f"sort by {sort} {way}", [first for first, _ in shown], length_ms=counts[0], length_stall_ms=stall
            )


def filtering(bench: Bench, runs: int) -> None:
    """Filters that leave few rows and many, in three orders."""
    for name, wanted in FILTERS.items():
        for sort, descending in (("changed", True), ("inventory_no", False), ("cost", True)):
            shown = [bench.show(AssetList(wanted, sort, descending)) for _ in range(runs)]
            counts = [round(count.took * 1000) for _, count in shown]
            stall = round(max(count.gap for _, count in shown) * 1000, 1)
            bench.say(
                f"filter {name}, by {sort}", [first for first, _ in shown], length_ms=counts[0], length_stall_ms=stall
            )


_ROOT = QModelIndex()


class _Plain(QAbstractTableModel):
    """All rows in memory, as tutorials do it."""

    def __init__(self, rows: Sequence[tuple[Any, ...]]) -> None:
        super().__init__()
        self._rows = rows

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _ROOT) -> int:  # noqa: N802
        """How many rows."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex = _ROOT) -> int:  # noqa: N802
        """How many columns."""
        return 0 if parent.isValid() else 2

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """A cell's text."""
        return self._rows[index.row()][index.column()] if role == Qt.ItemDataRole.DisplayRole else None


def with_proxy(bench: Bench) -> None:
    """Qt's own sorting and filtering of rows in memory."""

    @reads("property")
    def some(session: Any) -> list[tuple[Any, ...]]:
        listing = AssetList()
        rows = session.execute(listing._in_order(session, listing._lines).limit(PROXY_ROWS))
        return [(row.inventory_no, row.description) for row in rows]

    plain = _Plain(bench.office.read(some))
    proxy = QSortFilterProxyModel()
    proxy.setSourceModel(plain)
    total = bench.model.rowCount()
    factor = total * math.log2(max(2, total)) / (plain.rowCount() * math.log2(max(2, plain.rowCount())))
    sort = report.seconds(lambda: proxy.sort(1))
    proxy.setFilterKeyColumn(1)
    choose = report.seconds(lambda: proxy.setFilterFixedString("Laptop"))
    for what, seconds, scale in (("sort", sort, factor), ("filter", choose, total / plain.rowCount())):
        report.line(
            what=f"QSortFilterProxyModel {what}", **bench.told, rows=plain.rowCount(), ms=round(seconds * 1000, 1),
            scaled_to=total, scaled_ms=round(seconds * scale * 1000), note="measured on fewer rows, scaled",
        )  # fmt: skip


def main() -> None:
    """Measure everything on one engine."""
    parser = arguments(__doc__ or "")
    parser.add_argument("--quick", action="store_true", help="one run of each")
    given = parser.parse_args()
    runs = 1 if given.quick else 5
    app = QApplication([])
    apply_theme(app, "light", 1.0)
    garbage = Garbage(app)
    bench = Bench(open_world(given.rows, given.cache, given.url))
    with Pulse() as pulse:
        opening(bench, 3 * runs)
        jumping(bench, 50)
        with_proxy(bench)
        lining_up(bench)
        sorting(bench, runs)
        filtering(bench, runs)
    bench.tell(pulse)
    bench.runner.finish()
    bench.office.close()
    garbage.deleteLater()


if __name__ == "__main__":
    main()
