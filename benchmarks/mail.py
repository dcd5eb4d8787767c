"""The mail desk: whose parcel is it, whom is it for, how soon is a scan saved and shown, where has an item been.

`python -m benchmarks.mail [--codes 40000] [--lines 1000] [--people 6000] [--items 1000000] [--receive 10000]
[--outgoing 400]` prints a
JSON line for each. Goals: 20,000 codes a second; the one who is meant among the first three for 98 of 100 misspelt
lines, 99 of 100 lines answered within 30 ms; from a scan until the item is saved and read back for the screen 20 ms in
the middle and 40 ms for 99 of 100, with a million items and five million events in SQLite; any item's whole way by a
scan of its tag within 20 ms; a scan onto a manifest or into a pouch bag, until its card is read back, as soon as a
receipt. Beside receipts and ways stands how long fixed work and a bare commit took meanwhile. Of the first two and of
the answers (a month, a year, all days) the times are the processor's own, since this computer may be shared; of the
others by the clock, and `--items 0` leaves them out.
"""

from __future__ import annotations

import argparse
import math
import random
import statistics
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir

from benchmarks import report
from benchmarks.control import Control
from benchmarks.mailroom import EVENTS_EACH, open_mailroom, postal
from benchmarks.misspelt import compound, lines
from benchmarks.outgoing import outgoing_scans
from cbo_desk.context import clock
from cbo_desk.demo.words import ENTITIES
from cbo_desk.mail import (
    KIND,
    Addressees,
    MailFilter,
    answers,
    get_ready,
    identify,
    item_card,
    receive_item,
    rows_of,
)
from cbo_desk.office import Office
from cbo_desk.tags import resolve, tags_of
from cbo_desk.tags.carriers import formats

CODES_A_SECOND = 20_000
FIRST_THREE = 0.98
LONGEST_MS = 30


def carriers(count: int) -> None:
    """Identify the formats' own test numbers, right ones and wrong ones, over and over."""
    numbers = [number for form in formats() for number in (*form.valid, *form.invalid)]
    asked = [numbers[place % len(numbers)] for place in range(count)]
    started = time.process_time()
    found = sum(1 for code in asked if identify(code))
    speed = count / (time.process_time() - started)
    report.line(
        what="carriers", formats=len(formats()), n=count, identified=found, codes_a_second=round(speed),
        goal=CODES_A_SECOND, met=speed >= CODES_A_SECOND,
    )  # fmt: skip


def addressees(people: int, count: int) -> None:
    """Ask for people by misspelt lines and see at which place each stands."""
    everybody = compound(people)
    known = Addressees(everybody, dict(ENTITIES))
    first: Counter[str] = Counter()
    three: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    times = []
    for line in lines(everybody, count):
        started = time.process_time()
        found = known.suggest(line.text)
        times.append((time.process_time() - started) * 1000)
        places = [one.addressee for one in found[:3]]
        asked[line.kind] += 1
        first[line.kind] += places[:1] == [everybody[line.meant]]
        three[line.kind] += everybody[line.meant] in places
    share, high = three.total() / count, sorted(times)[math.ceil(0.99 * count) - 1]
    report.line(
        what="addressees", people=people, n=count, first=first.total() / count, first_three=share,
        median_ms=round(statistics.median(times), 2), p99_ms=round(high, 2), longest_ms=round(max(times), 2),
        goal={"first_three": FIRST_THREE, "p99_ms": LONGEST_MS}, met=share >= FIRST_THREE and high <= LONGEST_MS,
        by_kind={kind: round(three[kind] / asked[kind], 3) for kind in asked},
    )  # fmt: skip


def receipts(office: Office, items: int, count: int) -> None:
    """Receive items by the real command, each read back as the counter shows it."""
    first = random.randrange(20_000_000, 80_000_000)
    saved, spent = [], []
    for place in range(count):
        started, worked = time.perf_counter(), time.process_time()
        ids = office.write(receive_item, postal(first + place)).ids
        office.read(rows_of, ids)
        saved.append((time.perf_counter() - started) * 1000)
        spent.append((time.process_time() - worked) * 1000)
    _tell_times("scan to saved and shown", saved, {"median_ms": 20, "p99_ms": 40}, items=items, events=items * 5,
                spent=spent)  # fmt: skip


def chains(office: Office, items: int) -> None:
    """Look up items by their tags, each with its whole way."""
    # The demo's own items come first; what was received just now comes last.
    some = random.sample(range(items // 10, items), min(items // 2, 500))
    codes = [line.code for line in office.read(tags_of, KIND, some)]
    office.read(get_ready)  # as the desk does in a rest after it was opened
    ways, spent = [], []
    for code in codes:
        started, worked = time.perf_counter(), time.process_time()
        opened = office.read(resolve, code).opened
        assert opened is not None
        assert len(office.read(item_card, opened.record_id).events) == EVENTS_EACH
        ways.append((time.perf_counter() - started) * 1000)
        spent.append((time.process_time() - worked) * 1000)
    _tell_times("an item's way by its tag", ways, {"p99_ms": 20}, items=items, events=items * 5, spent=spent)


def figures(office: Office) -> None:
    """The answers of a month, a year and all days."""
    for what, days in (("a month", 31), ("a year", 365), ("all", 1500)):
        until = clock().date()
        wanted = MailFilter(received_from=until - timedelta(days=days - 1), received_to=until)
        worked = time.process_time()
        found = office.read(answers, wanted)
        report.line(what="answers", period=what, n=found.total, processor_s=round(time.process_time() - worked, 2))


def _tell_times(what: str, times: list[float], goal: dict[str, float], spent: list[float], **more: object) -> None:
    """Print how long it took by the clock, and beside it what the processor worked of that."""
    found = {
        "median_ms": round(statistics.median(times), 2),
        "p99_ms": _p99(times),
        "longest_ms": round(max(times), 2),
    }
    work = {"processor_median_ms": round(statistics.median(spent), 2), "processor_p99_ms": _p99(spent)}
    met = all(found[name] <= limit for name, limit in goal.items())
    report.line(what=what, n=len(times), **found, **work, goal=goal, met=met, **more)


def _p99(times: list[float]) -> float:
    return round(sorted(times)[math.ceil(0.99 * len(times)) - 1], 2)


def main() -> None:
    """Measure all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--codes", type=int, default=40_000)
    parser.add_argument("--lines", type=int, default=1_000)
    parser.add_argument("--people", type=int, default=6_000)
    parser.add_argument("--items", type=int, default=1_000_000, help="items of mail; 0 leaves the scans out")
    parser.add_argument("--receive", type=int, default=10_000)
    parser.add_argument("--cache", type=Path, default=Path(gettempdir()) / "cbo-benchmarks")
    parser.add_argument("--outgoing", type=int, default=400, help="scans onto a manifest and into a bag; 0: none")
    given = parser.parse_args()
    carriers(given.codes)
    addressees(given.people, given.lines)
    if given.items:
        office = open_mailroom(given.items, given.cache)
        if given.receive:
            with TemporaryDirectory(dir=given.cache) as folder, Control(Path(folder)) as control:
                receipts(office, given.items, given.receive)
            report.line(what="this computer meanwhile", beside="receipts", **control.figures)
        with TemporaryDirectory(dir=given.cache) as folder, Control(Path(folder)) as control:
            chains(office, given.items)
        report.line(what="this computer meanwhile", beside="ways by tag", **control.figures)
        figures(office)
        if given.outgoing:
            outgoing_scans(office, given.outgoing, _tell_times, items=given.items)
        office.close()


if __name__ == "__main__":
    main()
