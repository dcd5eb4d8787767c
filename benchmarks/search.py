"""Finding one of a million records by what a person types: `cbo_desk.search.find` on either engine.

`python -m benchmarks.search [--rows 1000000] [--url postgresql://…/] [--cache FOLDER] [--each 100]` prints a JSON line
a kind of question and one for all together. Goal: 99 of 100 answers within 50 ms. The naive way, LIKE '%words%' over
every record, answers one question of each kind in the same process.
"""

from __future__ import annotations

import math
import random
import statistics
from functools import partial
from typing import Any

from sqlalchemy import func, select

from benchmarks import report
from benchmarks.world import arguments, open_world
from cbo_desk import search
from cbo_desk.office import Office
from cbo_desk.permissions import reads
from db.property import Asset
from db.records import SearchEntry

GOAL_MS = 50
LETTERS = "abcdefghijklmnopqrstuvwxyz"


@reads("property")
def some_assets(session: Any, count: int, chance: random.Random) -> list[Any]:
    """Assets drawn by chance."""
    last = session.scalar(select(func.max(Asset.id)))
    wanted = select(Asset.inventory_no, Asset.description, Asset.serial, Asset.maker, Asset.entity_code)
    ids = [chance.randrange(1, last + 1) for _ in range(count)]
    return [
        row
        for start in range(0, count, 500)
        for row in session.execute(wanted.where(Asset.id.in_(ids[start : start + 500])))
    ]


@reads("property")
def by_like(session: Any, words: str) -> int:
    """The naive way."""
    found = select(SearchEntry.id).where(SearchEntry.folded.contains(search.fold(words), autoescape=True))
    return len(session.execute(found.limit(20)).all())


def questions(office: Office, each: int) -> dict[str, list[str]]:
    """What people type, by kind."""
    chance = random.Random(5)
    rows = office.read(some_assets, each * 2, chance)[:each]
    asked: dict[str, list[str]] = {
        "whole number": [row.inventory_no for row in rows],
        "start of a number": [row.inventory_no[: chance.randint(6, 9)] for row in rows],
        "serial": [row.serial or row.inventory_no for row in rows],
        "one word": [chance.choice(row.description.replace(",", "").split()) for row in rows],
        "two words": [" ".join(chance.sample((row.description.replace(",", "") + " x").split(), 2)) for row in rows],
        "maker and entity": [f"{row.maker} {row.entity_code}" for row in rows],
        "word and number": [f"{row.description.split()[0]} {row.inventory_no[-4:]}" for row in rows],
        "two letters": [row.description[:2] for row in rows],
        "absent": ["".join(chance.choices(LETTERS, k=8)) for _ in rows],
        "word with a slip": [_slip(row.description.split()[0], chance) for row in rows],
    }
    return asked


def _slip(word: str, chance: random.Random) -> str:
    place = chance.randrange(max(1, len(word) - 1))
    return word[:place] + chance.choice(LETTERS) + word[place + 1 :]


def _high(times: list[float]) -> float:
    return sorted(times)[math.ceil(0.99 * len(times)) - 1]


def main() -> None:
    """Ask everything on one engine."""
    parser = arguments(__doc__ or "")
    parser.add_argument("--each", type=int, default=100, help="questions of each kind")
    given = parser.parse_args()
    office = open_world(given.rows, given.cache, given.url)
    told = {"engine": office.engine.dialect.name, "records": office.read(_records)}
    every: list[float] = []
    for kind, asked in questions(office, given.each).items():
        office.read(search.find, asked[0])
        times = [report.seconds(partial(office.read, search.find, words)) * 1000 for words in asked]
        naive = report.seconds(partial(office.read, by_like, asked[-1])) * 1000
        worst = asked[times.index(max(times))]
        every += times
        report.line(
            what=kind, **told, n=len(times), median_ms=round(statistics.median(times), 2),
            p99_ms=round(_high(times), 2), worst=worst, worst_ms=round(max(times), 1), like_ms=round(naive, 1),
        )  # fmt: skip
    high = _high(every)
    report.line(
        what="all", **told, n=len(every), median_ms=round(statistics.median(every), 2), p99_ms=round(high, 2),
        goal_ms=GOAL_MS, met=high <= GOAL_MS,
    )  # fmt: skip
    office.close()


@reads("property")
def _records(session: Any) -> int:
    return search.count(session)


if __name__ == "__main__":
    main()
