"""Finding space in five years of bookings, next to a naive scan; and eight processes that book at once on each engine.

`python -m benchmarks.rooms [--bookings 20000] [--asked 300] [--attempts 5000] [--engines sqlite postgresql]` prints a
JSON line each. Goals: an answer within 10 ms; of overlapping bookings exactly a set without overlaps, all acknowledged
ones kept, no sum over its ceiling, and a control without the constraints that finds both. `--attempts 0` leaves the
race out. The naive scan loads the bookings once and compares each with what is
asked, as programs without an index of their own do; it knows nothing of layouts, teams and ceilings. Garbage is
collected between the questions, as the window does (`ui/kit/garbage.py`): a look at all that is in memory takes 100 ms,
and whichever answer it falls into waits for it. The very first question opens the connection and is told by itself.
"""

from __future__ import annotations

import argparse
import gc
import math
import random
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from benchmarks import booking_race, report
from benchmarks.world import settle
from cbo_desk.compound import prepare
from cbo_desk.conference import (
    LayoutForm,
    Need,
    Slot,
    SpaceForm,
    UnitWish,
    add_space,
    add_unit,
    find_space,
    set_ceiling,
)
from cbo_desk.office import Office
from cbo_desk.permissions import administrator
from db.base import table_of
from db.conference import Booking, BookingCell, BookingUnit, SpaceCell, SpaceLayout

GOAL_MS = 10
ROUNDS = 3
START = datetime(2026, 1, 5, tzinfo=UTC)
YEARS = 5
PEOPLE, GATE = 200, 250
"""Ceilings in the race: eight bookings at once, ten that start within an hour."""
SESSIONS = ((7, 10), (12, 15))
"""The compound's own: 10 to 13 and 15 to 18 at the site, in UTC."""


def build(office: Office, bookings: int) -> None:
    """Fourteen rooms, six pairs of them that can be joined, teams, ceilings, and so many bookings over five years."""
    first = date(2026, 1, 1)
    for n in range(14):
        layouts = tuple(
            LayoutForm(kind, (20 + 20 * n) * more // 2, 30, 15, first)
            for kind, more in (("theatre", 3), ("classroom", 2), ("boardroom", 1))
        )
        office.write(add_space, SpaceForm(f"CR-{n + 1:02}", f"Conference Room {n + 1}", (f"{n + 1}",), layouts))
    for n in range(6):
        cells = (f"{2 * n + 1}", f"{2 * n + 2}")
        layout = LayoutForm("theatre", 120 + 100 * n, 60, 30, first)
        office.write(add_space, SpaceForm(f"CR-{'+'.join(cells)}", f"Joined {n + 1}", cells, (layout,)))
    for n in range(6):
        office.write(add_unit, f"T-{n + 1}", "interpretation", "", "en fr" if n % 2 else "en es")
    if bookings:
        office.write(set_ceiling, "people", 100_000, first)
        office.write(set_ceiling, "gate", 100_000, first)
    with Session(office.engine) as session:
        rows = [(row[0], row[1]) for row in session.execute(select(SpaceLayout.space_id, SpaceLayout.id))]
    with office.engine.execution_options(writes=True).begin() as connection:
        if bookings:
            connection.execute(insert(table_of(Booking)), list(_bookings(rows[: 14 * 3], bookings)))
    settle(office.engine)


def _bookings(rows: list[tuple[int, int]], count: int) -> Iterator[dict[str, object]]:
    """Random sessions of random rooms, none twice."""
    random_ = random.Random(5)
    layouts = dict(reversed(rows))
    days = [day for day in range(YEARS * 365) if (START + timedelta(days=day)).weekday() < 5]
    every = [(space, day, part) for space in layouts for day in days for part in SESSIONS]
    for number, (space, day, (opens, closes)) in enumerate(random_.sample(every, count)):
        starts = START + timedelta(days=day, hours=opens)
        ends = START + timedelta(days=day, hours=closes)
        yield {
            "reference": f"B-{number:06}", "title": f"Meeting {number}", "people": 10, "rank": 6, "status": "confirmed",
            "starts": starts, "ends": ends, "blocks_from": starts - timedelta(minutes=30),
            "blocks_to": ends + timedelta(minutes=15), "space_id": space, "layout_id": layouts[space],
            "made_at": START, "made_by": "bench",
        }  # fmt: skip


def _read(office: Office, wanted: object) -> list[tuple[object, ...]]:
    with Session(office.engine) as session:
        return [tuple(row) for row in session.execute(wanted)]  # type: ignore[call-overload]


def needs(count: int) -> list[Need]:
    """Questions as they are asked: one to three days, nine to twelve or a session, some with interpreters."""
    random_ = random.Random(6)
    asked = []
    for _ in range(count):
        day = START + timedelta(days=random_.randrange(YEARS * 365))
        opens, closes = random_.choice([*SESSIONS, (6, 9)])
        times = tuple(
            Slot(day + timedelta(days=more, hours=opens), day + timedelta(days=more, hours=closes))
            for more in range(random_.randint(1, 3))
        )
        wishes = (UnitWish("interpretation", frozenset({"en", "fr"})),) if random_.random() < 0.5 else ()
        kind = random_.choice(("", "theatre", "classroom"))
        asked.append(Need(random_.choice((12, 40, 120, 250)), times, kind, wishes))
    return asked


def finding(office: Office, name: str, count: int, bookings: int) -> None:
    """Ask everything in ROUNDS rounds, in turn with the naive scan and a loop, and say how long each took.

    A question's time is the middle one of its rounds: what is slow by itself is slow each time, what the computer did
    meanwhile is not. The loop, which asks nothing, tells how steady the computer was.
    """
    cells = _read(office, select(SpaceCell.space_id, SpaceCell.cell_id))
    taken = _read(office, select(BookingCell.cell_id, BookingCell.starts, BookingCell.ends))
    asked = needs(count)
    ours: list[list[float]] = [[] for _ in asked]
    own, naive, idle, offers = [], [], [], 0
    gc.collect()
    gc.freeze()
    gc.disable()
    first = report.seconds(lambda: office.read(find_space, asked[0])) * 1000
    for _ in range(ROUNDS):
        for number, need in enumerate(asked):
            gc.collect(0)
            idle.append(report.seconds(_nothing) * 1000)
            started, busy = time.perf_counter(), time.process_time()
            found = office.read(find_space, need)
            ours[number].append((time.perf_counter() - started) * 1000)
            own.append((time.process_time() - busy) * 1000)
            started = time.perf_counter()
            free = scan(cells, taken, need)
            naive.append((time.perf_counter() - started) * 1000)
            offers += len(found.offers)
            assert {offer.space.id for offer in found.offers} <= free
    gc.enable()
    gc.unfreeze()
    middle = sorted(statistics.median(each) for each in ours)
    every = sorted(each for rounds in ours for each in rounds)
    report.line(
        what="finding", engine=name, bookings=bookings, n=count, rounds=ROUNDS, offers=offers // ROUNDS,
        median_ms=_ms(middle), p99_ms=_p99(middle), longest_ms=round(middle[-1], 2), any_round_p99_ms=_p99(every),
        any_round_longest_ms=round(every[-1], 2), first_ms=round(first, 2), processor_median_ms=_ms(own),
        idle_median_ms=_ms(idle), idle_longest_ms=round(max(idle), 2), naive_median_ms=_ms(naive),
        goal_ms=GOAL_MS, met=middle[-1] <= GOAL_MS,
    )  # fmt: skip


def _p99(ordered: list[float]) -> float:
    return round(ordered[math.ceil(0.99 * len(ordered)) - 1], 2)


def _nothing() -> int:
    """Some 2 ms of work that asks nobody."""
    return sum(n * n for n in range(40_000))


def scan(cells: list[tuple[object, ...]], taken: list[tuple[object, ...]], need: Need) -> set[object]:
    """The spaces none of whose cells is taken at the times themselves, by looking at every booking."""
    busy = {
        cell
        for cell, starts, ends in taken
        for slot in need.times
        if starts < slot.ends and slot.starts < ends  # type: ignore[operator]
    }
    return {space for space, _ in cells} - {space for space, cell in cells if cell in busy}


def racing(office: Office, name: str, attempts: int) -> None:
    """Eight processes × attempts on the same weeks: what was won, kept, and lost, and how high the sums went."""
    engine = office.engine
    office.write(set_ceiling, "people", PEOPLE, date(2026, 1, 1))
    office.write(set_ceiling, "gate", GATE, date(2026, 1, 1))
    before = booking_race.live_ids(engine)
    started = time.perf_counter()
    told = booking_race.race(engine.url.render_as_string(hide_password=False), attempts, days=20)
    took = time.perf_counter() - started
    won = [ident for each in told for ident in each["won"]]
    kept = booking_race.live_ids(engine) - before
    refused: dict[str, int] = {}
    for each in told:
        for word, many in each["refused"].items():
            refused[word] = refused.get(word, 0) + many
    cells, units = booking_race.overlaps(engine), booking_race.overlaps(engine, BookingUnit, "unit_id")
    lost = len(set(won) - kept)
    at_once, gate = booking_race.peaks(engine)
    report.line(
        what="race", engine=name, processes=8, attempts=8 * attempts, won=len(won), lost=lost,
        kept_unasked=len(kept - set(won)), overlaps=cells, units_twice=units, refused=refused,
        most_people=at_once, people_ceiling=PEOPLE, most_an_hour=gate, gate_ceiling=GATE,
        attempts_a_second=round(8 * attempts / took),
        met=lost == cells == units == 0 and kept == set(won) and at_once <= PEOPLE and gate <= GATE,
    )  # fmt: skip


def control(office: Office, name: str, attempts: int) -> None:
    """The same without what keeps order: it must find overlaps and sums too high, or the race is worth nothing."""
    office.write(set_ceiling, "people", PEOPLE, date(2026, 1, 1))
    booking_race.disarm(office.engine)
    booking_race.race(office.engine.url.render_as_string(hide_password=False), min(attempts, 100), days=2)
    found, (at_once, _gate) = booking_race.overlaps(office.engine), booking_race.peaks(office.engine)
    report.line(
        what="control", engine=name, overlaps=found, most_people=at_once, people_ceiling=PEOPLE,
        met=found > 0 and at_once > PEOPLE,
    )  # fmt: skip


def _ms(times: list[float]) -> float:
    return round(statistics.median(times), 2)


@contextmanager
def opened(name: str) -> Iterator[Office]:
    """An office over an empty database of an engine, gone afterwards."""
    actor = administrator("bench", "Bench", "BENCH")
    if name == "sqlite":
        with tempfile.TemporaryDirectory() as folder:
            office = Office(prepare(str(Path(folder) / "rooms.db")), actor)
            yield office
            office.close()
        return
    from scripts.postgres import running

    with running() as server:
        office = Office(prepare(server.url("postgres")), actor)
        yield office
        office.close()


def main() -> None:
    """Measure both on each engine."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bookings", type=int, default=20_000)
    parser.add_argument("--asked", type=int, default=300)
    parser.add_argument("--attempts", type=int, default=5_000)
    parser.add_argument("--engines", nargs="+", default=["sqlite", "postgresql"], choices=["sqlite", "postgresql"])
    given = parser.parse_args()
    for name in given.engines:
        with opened(name) as office:
            build(office, given.bookings)
            finding(office, name, given.asked, given.bookings)
        if given.attempts:
            with opened(name) as office:
                build(office, 0)
                racing(office, name, given.attempts)
            with opened(name) as office:
                build(office, 0)
                control(office, name, given.attempts)


if __name__ == "__main__":
    main()
