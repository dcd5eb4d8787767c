"""A working day in one office: many workstations on one PostgreSQL server, each on a connection of its own.

`python -m benchmarks.office [--workstations 1,5,20,50] [--seconds 20] [--pause 3] [--paced 50]` lets the workstations
work as people do first, who think for some seconds between two things, and then as fast as the computer can, which
takes a minute at the most (`--ceiling`): 300 seconds with 50 workstations are some seven minutes in all. For each
number of workstations and kind of work there is a line (how many a second, median and 99th percentile in milliseconds,
processor time of the workstation itself, refused), and one of what was waited for. At the end it says what became of
all: acknowledged deeds that are missing, parcels that are there twice, overlaps of rooms, vehicles and drivers counted
without trusting any constraint, links of the audit chain that are torn. Goals: 0 of each, and no errors. Refusals are
right answers: two people want the same room. Server and workstations share this computer: workstations that never pause
fill any number of processors, and wait for those first. So the paced lines say what a clerk waits, the others where the
ceiling is.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import statistics
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from benchmarks import report
from benchmarks.booking_race import count_overlaps, overlaps
from benchmarks.mailroom import postal
from benchmarks.office_waits import Waits
from benchmarks.office_world import furnish, slots
from cbo_desk import audit
from cbo_desk.changes import Changes
from cbo_desk.compound import prepare
from cbo_desk.conference import BookingForm, Placing, Status, board, make_bookings
from cbo_desk.errors import Refusal, Trouble
from cbo_desk.mail import item_card, receive_item
from cbo_desk.office import Office
from cbo_desk.permissions import administrator
from cbo_desk.property import asset_card, move_assets
from cbo_desk.search import find
from cbo_desk.tags import resolve
from cbo_desk.transport import RequestForm, approve_requests, assign_request, make_requests
from db.base import table_of
from db.engine import open_engine
from db.records import AuditEntry
from db.transport import LIVE, Trip
from scripts.postgres import Server, running

# Of a hundred things done: how many of each kind.
MIX = {"scan": 30, "look": 25, "search": 20, "hear": 10, "move": 6, "book": 5, "day": 2, "dispatch": 2}
WORDS = ("laptop", "chair", "dell", "monitor 24", "otieno", "unep 0001", "printr", "desk oak")


@dataclass
class Told:
    """What a workstation measured of each kind of work, in seconds; refusals, and the deeds it was promised."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    processor: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    refused: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    words: dict[str, str] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    promised: int = 0


class Workstation:
    """One person at work, who thinks for `pause` seconds on average between two things."""

    def __init__(self, url: str, number: int, pause: float) -> None:
        self.pause = pause
        self.office = Office(open_engine(url), administrator(f"w{number:02}", f"Worker {number}", f"DESK-{number:02}"))
        self.chance = random.Random(number)
        self.number, self.count = number, 0
        self.told = Told()
        with Session(self.office.engine) as session:
            tags = "SELECT code FROM tag WHERE subject_kind = 'property.asset' LIMIT 500"
            self.codes = list(session.scalars(text(tags)))
            self.rooms = list(session.scalars(text("SELECT id FROM place WHERE place_kind = 'room' LIMIT 50")))
            self.spaces = [tuple(row) for row in session.execute(text("SELECT space_id, id FROM space_layout"))]
            self.zones = list(session.scalars(text("SELECT id FROM zone ORDER BY id")))
            self.vehicles = list(session.scalars(text("SELECT id FROM vehicle ORDER BY id")))
            self.entity = session.scalar(text("SELECT min(id) FROM entity"))

    def work(self, seconds: float) -> Told:
        """Do one thing after the other for so long."""
        self.office.hear()
        until = time.perf_counter() + seconds
        kinds, weights = list(MIX), list(MIX.values())
        self.think(0)  # nobody begins in step with the others
        while time.perf_counter() < until:
            self.one(self.chance.choices(kinds, weights)[0])
            self.think(0.5)
        self.office.close()
        return self.told

    def think(self, least: float) -> None:
        """Pause for `least` to one and a half times the usual pause."""
        if self.pause:
            time.sleep(self.pause * self.chance.uniform(least, 1.5))

    def one(self, kind: str) -> None:
        """Do one thing, and note how long it took and how it ended."""
        started, spent = time.perf_counter(), time.thread_time()
        try:
            getattr(self, f"_{kind}")()
        except Refusal as refusal:
            self.told.refused[kind] += 1
            self.told.words.setdefault(kind, str(refusal))
        except Trouble as trouble:
            self.told.errors.append(f"{kind}: {trouble}")
        except Exception as error:  # noqa: BLE001 - whatever it is, it is what the benchmark is to find
            self.told.errors.append(f"{kind}: {type(error).__name__}: {error}"[:300])
        self.told.seconds[kind].append(time.perf_counter() - started)
        self.told.processor[kind].append(time.thread_time() - spent)

    def write(self, command: Callable[..., Changes], *args: Any) -> Changes:
        """One deed that was acknowledged."""
        changes = self.office.write(command, *args)
        self.told.promised += 1
        return changes

    def _scan(self) -> None:
        self.count += 1
        ids = self.write(receive_item, postal(self.number * 20_000 + self.count % 20_000)).ids
        self.office.read(item_card, ids[0])

    def _look(self) -> None:
        answer = self.office.read(resolve, self.chance.choice(self.codes))
        assert answer.opened is not None
        self.office.read(asset_card, answer.opened.record_id)

    def _search(self) -> None:
        self.office.read(find, self.chance.choice(WORDS))

    def _hear(self) -> None:
        self.office.hear()

    def _move(self) -> None:
        self.write(move_assets, [self.chance.randint(1, 1000)], self.chance.choice(self.rooms))

    def _book(self) -> None:
        space, layout = self.chance.choice(self.spaces)
        slot = self.chance.choice(slots())
        placing = Placing(slot, space, layout, "classroom", slot)
        self.write(make_bookings, BookingForm("Meeting", 10), [placing], Status.CONFIRMED)

    def _day(self) -> None:
        self.office.read(board, self.chance.choice(slots()).starts.date())

    def _dispatch(self) -> None:
        workdays = [slot.starts for slot in slots() if slot.starts.weekday() < 5]
        start = self.chance.choice(workdays) + timedelta(minutes=15 * self.chance.randint(-8, 8))
        here, there = self.chance.sample(self.zones, 2)
        latest = start + timedelta(minutes=15)
        form = RequestForm(self.entity or 0, "Worker", "Meeting", here, there, start, pickup_to=latest)
        [request] = self.write(make_requests, [form]).ids
        state, version = self._request(request)
        if state == "requested":
            self.write(approve_requests, [request])
            state, version = self._request(request)
        self.write(assign_request, request, version, self.chance.choice(self.vehicles))

    def _request(self, ident: int) -> tuple[str, int]:
        with Session(self.office.engine) as session:
            row = session.execute(text("SELECT state, version FROM trip_request WHERE id = :id"), {"id": ident}).one()
        return row.state, row.version


def shift(url: str, numbers: list[int], seconds: float, pause: float) -> list[Told]:
    """Several workstations, each on a thread of its own, in one process."""
    desks = [Workstation(url, number, pause) for number in numbers]
    threads = [threading.Thread(target=desk.work, args=(seconds,)) for desk in desks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    told = [desk.told for desk in desks]
    for one in told:
        one.seconds, one.processor, one.refused = dict(one.seconds), dict(one.processor), dict(one.refused)
    return told


def measure(server: Server, numbers: list[int], given: argparse.Namespace, pause: float) -> int:
    """Let so many work at once, print a line for each kind; returns how many deeds were acknowledged."""
    parts = [numbers[start :: given.processes] for start in range(given.processes) if numbers[start :: given.processes]]
    seconds = given.seconds if pause else given.ceiling
    orders = [(part, seconds, pause) for part in parts]
    with Waits(server) as waits, multiprocessing.get_context("spawn").Pool(len(parts)) as pool:
        told = [one for part in pool.starmap(partial(shift, server.url()), orders) for one in part]
        pool.close()
        pool.join()  # what their processors spent is known when they have ended
    named: dict[str, Any] = {"workstations": len(numbers), "pause_s": pause}
    for kind in MIX:
        times = sorted(time for one in told for time in one.seconds.get(kind, ()))
        if times:
            own = statistics.median(time for one in told for time in one.processor.get(kind, ()))
            report.line(
                **named, what=kind, n=len(times), a_second=round(len(times) / seconds, 1),
                median_ms=round(statistics.median(times) * 1000, 1), p99_ms=round(at(times, 0.99) * 1000, 1),
                own_processor_ms=round(own * 1000, 1), refused=sum(one.refused.get(kind, 0) for one in told),
                for_instance=next((one.words[kind] for one in told if kind in one.words), ""),
            )  # fmt: skip
    done = sum(len(times) for one in told for times in one.seconds.values())
    errors = [error for one in told for error in one.errors]
    report.line(
        **named, what="all", a_second=round(done / seconds, 1), errors=len(errors),
        first_errors=sorted(set(errors))[:3], met=not errors, **waits.stand(),
    )  # fmt: skip
    return sum(one.promised for one in told)


def at(times: list[float], share: float) -> float:
    """The time within which so great a share of sorted times lies."""
    return times[min(len(times) - 1, int(share * len(times)))]


def prove(url: str, promised: int) -> None:
    """Print what became of it all, found without asking any constraint."""
    office = Office(open_engine(url), administrator("bench", "Bench", "BENCH"))
    with Session(office.engine) as session:
        kept = session.query(AuditEntry).filter(AuditEntry.actor.like("w%")).count()
        trips = table_of(Trip).c
        wanted = [trips.vehicle_id, trips.driver_id]
        doubled = 0
        for column in wanted:
            live = select(column, trips.starts, trips.ends).where(column.is_not(None), trips.state.in_(LIVE))
            doubled += count_overlaps(sorted((row[0], row[1], row[2]) for row in session.execute(live)))
        parcels = "SELECT count(*) - count(DISTINCT carrier_number) FROM mail_item WHERE carrier_number <> ''"
        twice = session.scalar(text(parcels))
    proof = office.read(audit.verify)
    rooms = overlaps(office.engine)
    report.line(
        what="in the end", acknowledged=promised, kept=kept, lost=promised - kept, parcels_doubled=twice,
        overlaps_of_rooms=rooms, overlaps_of_vehicles_and_drivers=doubled, audit_torn=proof.bad_seq is not None,
        met=promised == kept and not twice and not rooms and not doubled and proof.bad_seq is None,
    )  # fmt: skip
    office.close()


def main() -> None:
    """Measure as people work and from few to many without a pause, then look at what is there."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workstations", default="1,5,20,50", help="that never pause, one number after the other")
    parser.add_argument("--paced", default="50", help="that pause as people do; empty for none")
    parser.add_argument("--pause", type=float, default=3, help="seconds of it on average")
    parser.add_argument("--seconds", type=float, default=20, help="for each number of workstations")
    parser.add_argument("--ceiling", type=float, help="seconds for those that never pause; as long, a minute at most")
    parser.add_argument("--assets", type=float, default=2, help="times the demo's 1,200")
    parser.add_argument("--processes", type=int, default=2)
    given = parser.parse_args()
    given.ceiling = min(60.0, given.seconds) if given.ceiling is None else given.ceiling
    started = time.perf_counter()
    with running(durable=True) as server:
        prepare(server.url()).dispose()
        furnish(server.url(), given.assets)
        report.line(what="made ready", seconds=round(time.perf_counter() - started, 1))
        shifts = [(int(many), given.pause) for many in given.paced.split(",") if many]
        shifts += [(int(many), 0.0) for many in given.workstations.split(",") if many]
        promised, first = 0, 1
        for many, pause in shifts:
            promised += measure(server, list(range(first, first + many)), given, pause)
            first += many
        prove(server.url(), promised)


if __name__ == "__main__":
    main()
