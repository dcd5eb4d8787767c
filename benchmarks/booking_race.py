"""Eight processes that book overlapping slots as fast as they can: what the test and `benchmarks.rooms` both run."""

from __future__ import annotations

import json
import multiprocessing
import random
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, insert, select, text
from sqlalchemy.exc import DBAPIError

from db.base import Base, table_of
from db.conference import Booking, BookingCell, BookingUnit
from db.engine import open_engine

ROOT = Path(__file__).resolve().parents[1]
START = datetime(2026, 9, 7, 5, 0, tzinfo=UTC)
PEOPLE = 25


Told = dict[str, Any]
"""What one process was told: `won` are ids acknowledged, `refused` counts refusals by word."""


def attempt(
    writer: Engine, random_: random.Random, name: str, days: int, spaces: Sequence[Any], units: Sequence[int]
) -> int:
    """Try one booking of a random space and time; returns its id where it was acknowledged."""
    space, layout = random_.choice(spaces)
    start = START + timedelta(days=random_.randrange(days), minutes=15 * random_.randrange(40))
    end = start + timedelta(minutes=15 * random_.randint(1, 8))
    with writer.begin() as connection:
        made = connection.execute(
            insert(table_of(Booking)).values(
                reference=name, title="Race", people=PEOPLE, rank=6, status="confirmed", starts=start,
                ends=end, blocks_from=start, blocks_to=end, space_id=space, layout_id=layout, made_at=START,
                made_by="race",
            )
        )  # fmt: skip
        key = made.inserted_primary_key
        assert key is not None
        ident = int(key[0])
        if units and random_.random() < 0.3:
            values = {"booking_id": ident, "unit_id": random_.choice(units), "starts": start, "ends": end, "live": True}
            connection.execute(insert(table_of(BookingUnit)).values(values))
    return ident


def run(url: str, number: int, attempts: int, seed: int, days: int) -> Told:
    """All attempts of one process: ids acknowledged, refusals by word, troubles."""
    engine = open_engine(url)
    writer = engine.execution_options(writes=True)
    with engine.connect() as connection:
        spaces = list(connection.execute(text("SELECT space_id, min(id) FROM space_layout GROUP BY space_id")))
        units = list(connection.execute(text("SELECT id FROM conference_unit")).scalars())
    random_ = random.Random(f"{seed}-{number}")
    won: list[int] = []
    refused: dict[str, int] = {}
    for count in range(attempts):
        try:
            won.append(attempt(writer, random_, f"{number}-{count}", days, spaces, units))
        except DBAPIError as error:
            said = str(error.orig)
            names = ("ex_booking_cell", "ex_booking_unit", "booking_over_people", "booking_over_gate", "deadlock")
            word = next((name for name in names if name in said), said.splitlines()[0])
            refused[word] = refused.get(word, 0) + 1
    engine.dispose()
    return {"won": won, "refused": refused}


def race(url: str, attempts: int, processes: int = 8, seed: int = 1, days: int = 3) -> list[Told]:
    """Let the processes run against each other; what each was told. They are forked from one that has all imported."""
    numbers = map(str, (processes, attempts, seed, days))
    command = [sys.executable, "-c", f"from {__name__} import main; main()", url, *numbers]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True)
    told: list[Told] = json.loads(done.stdout)
    return told


def overlaps(engine: Engine, model: type[Base] = BookingCell, of: str = "cell_id") -> int:
    """Pairs of live rows of one cell or unit that share an instant, counted by a sweep that trusts no constraint."""
    columns = table_of(model).c
    wanted = select(columns[of], columns.starts, columns.ends).where(columns.live.is_(True))
    with engine.connect() as connection:
        rows = sorted((row[0], row[1], row[2]) for row in connection.execute(wanted))
    return count_overlaps(rows)


def count_overlaps(rows: Sequence[tuple[int, datetime, datetime]]) -> int:
    """Pairs of (what, starts, ends), sorted, that overlap."""
    found = 0
    open_: list[tuple[int, datetime]] = []
    for what, starts, ends in rows:
        open_ = [(other, end) for other, end in open_ if other == what and end > starts]
        found += len(open_)
        open_.append((what, ends))
    return found


def peaks(engine: Engine) -> tuple[int, int]:
    """The most people there at once, and the most who start in any one hour, by brute force over all starts."""
    columns = table_of(Booking).c
    wanted = select(columns.starts, columns.ends, columns.people).where(columns.status == "confirmed")
    with engine.connect() as connection:
        rows = [tuple(row) for row in connection.execute(wanted)]
    points = {row[0] for row in rows}
    hour = timedelta(hours=1)
    at_once = max((sum(p for s, e, p in rows if s <= point < e) for point in points), default=0)
    gate = max((sum(p for s, _, p in rows if point <= s < point + hour) for point in points), default=0)
    return at_once, gate


def live_ids(engine: Engine) -> set[int]:
    """The bookings that are there."""
    with engine.connect() as connection:
        return set(connection.execute(select(table_of(Booking).c.id)).scalars())


def disarm(engine: Engine) -> None:
    """Take away what keeps overlaps and sums in order: the control, which must then find some of both."""
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql("ALTER TABLE booking_cell DROP CONSTRAINT ex_booking_cell_no_overlap")
            connection.exec_driver_sql("DROP TRIGGER tr_booking_follow ON booking")
            # Cells as the program would write them, without the sums.
            connection.exec_driver_sql(
                "CREATE FUNCTION only_cells() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN INSERT INTO booking_cell "
                "SELECT NEW.id, cell_id, NEW.blocks_from, NEW.blocks_to, true FROM space_cell "
                "WHERE space_id = NEW.space_id; RETURN NULL; END$$"
            )
            connection.exec_driver_sql(
                "CREATE TRIGGER only_cells AFTER INSERT ON booking FOR EACH ROW EXECUTE FUNCTION only_cells()"
            )
        else:
            connection.exec_driver_sql("DROP TRIGGER tr_booking_cell_refuse_overlap_insert")
            connection.exec_driver_sql("DROP TRIGGER tr_booking_sums_insert")


def main() -> None:
    """Race with the arguments of `race` from the command line, and print what each was told."""
    url = sys.argv[1]
    count, attempts, seed, days = map(int, sys.argv[2:])
    with multiprocessing.get_context("fork").Pool(count) as pool:
        told = pool.starmap(run, [(url, number, attempts, seed, days) for number in range(count)], chunksize=1)
    sys.stdout.write(json.dumps(told))
