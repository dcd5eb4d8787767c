"""A physical count over 100,000 assets: opening, 50 scans a second, room view, closing.

`python -m benchmarks.verification [--rows 100000] [--seconds 20] [--url postgresql://…/] [--cache FOLDER]` prints a
JSON line a measurement. Scans are measured twice, through `Office.write` until they are saved, and through the screen
of a counter in a real window until they are saved and painted: door, then things, the largest store of some 3,200
things first; then bare work is timed the same way that takes as long as half of them did. Every line tells the 99th
percentile of all, and of those during which the computer was even (`benchmarks.pulse`). The compound is copied first,
since a count leaves its marks. Goals: 99 of 100 scans within 40 ms while 50 a second are sustained, a room's view
within 50 ms, closing within 10 s.
"""

from __future__ import annotations

import os
import random
import shutil
import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from benchmarks import report
from benchmarks.control import bare_line, high
from benchmarks.pulse import Pulse, Span, parted
from benchmarks.world import arguments, open_world
from cbo_desk.changes import Changes
from cbo_desk.context import now
from cbo_desk.office import Office
from cbo_desk.permissions import administrator, deed, reads
from cbo_desk.progress import Progress
from cbo_desk.property.verification import (
    CAMPAIGN,
    Scope,
    campaign_card,
    close_campaign,
    count_item,
    open_campaign,
    progress_by_room,
    room_view,
)
from cbo_desk.property.verification.rules import What
from db.engine import open_engine
from db.tags import Tag
from db.verification import CampaignCount, CampaignItem

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
RATE = 50
IN_A_ROOM = 200
"""So many things are scanned in a room at most before the next door is."""
SIZE = (1440, 900)
"""The window's size in pixels, that of the pictures in the design."""
SETTLED_S = 2.0
"""So long passes between opening the counter's screen and the first door."""
GOALS = {"scan": 40.0, "room": 50.0, "closing": 10.0}


@reads("property")
def to_scan(session: Session, campaign: int, most: int, chance: random.Random) -> list[tuple[int, str]]:
    """What a counter scans as (room, tag), the largest room first: one thing in twenty stands where another should."""
    wanted = (
        select(CampaignItem.room_id, Tag.code)
        .join(Tag, (Tag.subject_kind == "property.asset") & (Tag.subject_id == CampaignItem.asset_id) & Tag.ours)
        .where(CampaignItem.campaign_id == campaign, CampaignItem.room_id > 0)
        .order_by(CampaignItem.room_id, CampaignItem.asset_id)
    )
    rooms: dict[int, list[str]] = {}
    for room, code in session.execute(wanted):
        rooms.setdefault(room, []).append(code)
    largest = max(rooms, key=lambda room: len(rooms[room]))
    order = sorted(rooms, key=lambda room: (room != largest, room))
    found = [(room, code) for room in order for code in rooms[room][:IN_A_ROOM]][:most]
    for place in range(0, len(found), 20):
        other = chance.randrange(len(found))
        (here, code), (there, stray) = found[place], found[other]
        found[place], found[other] = (here, stray), (there, code)
    return found


@deed("property.count_the_rest", "count")
def count_the_rest(session: Session, campaign: int) -> Changes:
    """Count all that was not scanned, in one go: nine of ten are found, one is missing."""
    counted = select(CampaignCount.asset_id).where(CampaignCount.campaign_id == campaign)
    wanted = select(CampaignItem.asset_id, CampaignItem.room_id).where(
        CampaignItem.campaign_id == campaign, CampaignItem.asset_id.not_in(counted)
    )
    given = {"campaign_id": campaign, "at": now(session), "by": "bench", "workstation": "B"}
    rows = [
        {**given, "room_id": room, "asset_id": asset, "what": What.MISSING if asset % 10 == 0 else What.HERE}
        for asset, room in session.execute(wanted)
    ]
    session.execute(insert(CampaignCount), rows)
    return Changes(CAMPAIGN, (campaign,), f"{len(rows)} counted.")


def scan(office: Office, campaign: int, scans: list[tuple[int, str]]) -> tuple[list[Span], float]:
    """Write scans at RATE a second; returns from when to when each was due and saved, and the rate held.

    The time runs from when a scan was due: one that had to wait behind a slow one counts its waiting.
    """
    times = []
    begun = time.perf_counter()
    for number, (room, code) in enumerate(scans):
        due = begun + number / RATE
        while (ahead := due - time.perf_counter()) > 0:
            time.sleep(ahead)
        office.write(count_item, campaign, room, code)
        times.append((due, time.perf_counter()))
    return times, len(scans) / (time.perf_counter() - begun)


@reads("property")
def doors(session: Session) -> dict[int, str]:
    """The tags of the rooms' doors by room."""
    wanted = select(Tag.subject_id, Tag.code).where(Tag.subject_kind == "places.place", Tag.ours)
    return {row[0]: row[1] for row in session.execute(wanted)}


def show(office: Office, campaign: int, scans: list[tuple[int, str]], folder: Path) -> tuple[list[Span], float]:
    """The same through a real window: from each scan's due moment until it is saved and its outcome painted.

    Where the room changes its door is scanned first, in the same breath: doors are not measured, but the things behind
    them wait for them. They come from a thread of their own, as from a scanner at a serial port.
    """
    from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QTimer

    from ui.application import make_app
    from ui.kit.preferences import LAST_DESK, Preferences
    from ui.window import Window

    preferences = Preferences(folder / "count.ini")
    preferences.set(LAST_DESK, "property")
    app = make_app(preferences)
    paint = int(QEvent.Type.UpdateRequest.value)  # all that this scan has changed on the screen, and at once
    window = Window(office, preferences)
    window.show()
    window.shell.resize(*SIZE)  # the screen that is made up without one is narrower than any that is sold
    window.shell.go("property")
    page: Any = window.shell.go("property/counting", str(campaign))
    due: dict[str, float] = {}
    times: list[Span] = []

    def finished(scan: Any, _outcome: Any) -> None:
        QCoreApplication.sendPostedEvents(None, paint)
        if scan.text in due:
            times.append((due[scan.text], time.perf_counter()))

    def until(done: Callable[[], object]) -> None:
        while not done():
            app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)

    feed = window.bench.feed
    feed.finished.connect(finished)
    until(lambda: page.progress is not None)
    tags = office.read(doors)
    settled: list[bool] = []
    QTimer.singleShot(round(SETTLED_S * 1000), lambda: settled.append(True))
    until(lambda: settled)
    begun = time.perf_counter()
    line, here = [], 0
    for number, (room, code) in enumerate(scans):
        due[code] = begun + number / RATE
        line += [(due[code], tags[room])] if room != here else []
        line.append((due[code], code))
        here = room
    scanner = _scanner(partial(feed.put, "serial"), line)
    until(lambda: len(times) == len(scans))
    rate = len(scans) / (time.perf_counter() - begun)
    scanner.join()
    window.close()
    return times, rate


def _scanner(put: Callable[[str], object], line: list[tuple[float, str]]) -> threading.Thread:
    """A thread that has each text put, on the window's thread, when it is due."""
    from PySide6.QtCore import QCoreApplication, QObject, Qt, Signal

    class Port(QObject):
        read = Signal(str)

        def take(self, text: str) -> None:
            put(text)

    def scan_all() -> None:
        for due, text in line:
            time.sleep(max(0.0, due - time.perf_counter()))
            port.read.emit(text)

    port = Port(QCoreApplication.instance())  # it is there until the last text has arrived
    port.read.connect(port.take, Qt.ConnectionType.QueuedConnection)
    scanner = threading.Thread(target=scan_all, name="scanner")
    scanner.start()
    return scanner


def own_copy(world: Office, folder: Path) -> Office:
    """The same compound in a file of its own; a server's database is used as it is."""
    if world.engine.dialect.name != "sqlite":
        return world
    source = Path(str(world.engine.url.database))
    with world.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    world.close()
    copied = folder / "count.db"
    shutil.copyfile(source, copied)
    return Office(open_engine(str(copied)), administrator("bench", "Bench", "BENCH"))


def main() -> None:
    """Measure everything on one engine."""
    parser = arguments(__doc__ or "")
    parser.set_defaults(rows=100_000)
    parser.add_argument("--seconds", type=int, default=20, help="how long scans are sustained")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(CBO_DATA=folder, XDG_DATA_HOME=folder, XDG_CONFIG_HOME=folder)
        world = open_world(given.rows, given.cache, given.url)
        measure(own_copy(world, Path(folder)), given.seconds, Path(folder))


def measure(office: Office, duration: int, folder: Path) -> None:
    """One count from opening to closing, a line a measurement."""
    engine = office.engine.dialect.name
    made: list[Changes] = []
    opening = report.seconds(lambda: made.append(office.write(open_campaign, "Bench", Scope())))
    campaign = made[0].ids[0]
    expected = office.read(campaign_card, campaign).line.expected
    report.line(what="opening", engine=engine, expected=expected, seconds=round(opening, 2))
    scans = office.read(to_scan, campaign, 2 * duration * RATE + 20, random.Random(5))
    for room, code in scans[:20]:
        office.write(count_item, campaign, room, code)
    with Pulse() as pulse:
        times, rate = scan(office, campaign, scans[-duration * RATE :])
    _line("scan to saved", engine, times, GOALS["scan"], pulse, rate=round(rate, 1), wanted_rate=RATE)
    with Pulse() as pulse:
        times, rate = show(office, campaign, scans[20 : -duration * RATE], folder)
    _line("scan to saved and shown", engine, times, GOALS["scan"], pulse, rate=round(rate, 1), wanted_rate=RATE)
    took = statistics.median(end - begin for begin, end in times) * 1000
    with Pulse() as pulse:
        times = bare_line(took, RATE, len(times))
    _line("bare work that takes as long", engine, times, GOALS["scan"], pulse, work_ms=took)
    office.write(count_the_rest, campaign)
    rooms = office.read(progress_by_room, campaign)
    asked = [partial(office.read, room_view, campaign, room.place_id) for room in rooms]
    with Pulse() as pulse:
        views = [_span(ask) for ask in asked]
    largest = max(rooms, key=lambda room: room.expected)
    _line("room view", engine, views, GOALS["room"], pulse, rooms=len(rooms), largest_room=largest.expected)
    with Pulse() as pulse:
        views = [_span(partial(office.read, room_view, campaign, largest.place_id)) for _ in range(50)]
    _line("room view of the largest room", engine, views, GOALS["room"], pulse)
    figures = report.seconds(lambda: office.read(progress_by_room, campaign))
    report.line(what="progress of all rooms", engine=engine, seconds=round(figures, 2))
    told: list[int] = []
    closing = report.seconds(
        lambda: office.write(close_campaign, campaign, Progress(lambda done, _total: told.append(done)))
    )
    report.line(
        what="closing", engine=engine, expected=expected, seconds=round(closing, 2), goal_s=GOALS["closing"],
        met=closing <= GOALS["closing"], reports=len(told),
    )  # fmt: skip
    office.close()


def _span(work: Callable[[], object]) -> Span:
    begun = time.perf_counter()
    work()
    return begun, time.perf_counter()


def _line(what: str, engine: str, spans: list[Span], goal: float, pulse: Pulse, **more: Any) -> None:
    """Of all, as this computer gave them; and of those in which it was even, as the program is."""
    times, steady = parted(spans, pulse)
    told = {name: round(value, 2) if isinstance(value, float) else value for name, value in more.items()}
    report.line(
        what=what, engine=engine, n=len(times), median_ms=round(statistics.median(times), 2),
        p99_ms=round(high(times), 2), worst_ms=round(max(times), 2), goal_ms=goal, slow_share=round(pulse.share, 3),
        even=len(steady), even_p99_ms=round(high(steady), 2), even_worst_ms=round(max(steady), 2),
        met=high(times) <= goal, even_met=high(steady) <= goal, **told,
    )  # fmt: skip


if __name__ == "__main__":
    main()
