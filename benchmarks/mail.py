"""The mail desk's two questions: whose parcel is it, and whom is it for.

`python -m benchmarks.mail [--codes 40000] [--lines 1000] [--people 6000]` prints a JSON line for the carriers and one
for the addressees. Goals: 20,000 codes a second; the one who is meant among the first three for 98 of 100 misspelt
lines, 99 of 100 lines answered within 30 ms. Times are the processor's own, since this computer may be shared.
"""

from __future__ import annotations

import argparse
import math
import statistics
import time
from collections import Counter

from benchmarks import report
from benchmarks.misspelt import compound, lines
from cbo_desk.demo.words import ENTITIES
from cbo_desk.mail import Addressees, identify
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


def main() -> None:
    """Measure both."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--codes", type=int, default=40_000)
    parser.add_argument("--lines", type=int, default=1_000)
    parser.add_argument("--people", type=int, default=6_000)
    given = parser.parse_args()
    carriers(given.codes)
    addressees(given.people, given.lines)


if __name__ == "__main__":
    main()
