"""Several processes that give vehicles and drivers to trips as fast as they can: what the test of the race runs."""

from __future__ import annotations

import json
import multiprocessing
import random
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine, insert, select, text
from sqlalchemy.exc import DBAPIError

from benchmarks.booking_race import Told, count_overlaps
from db.base import table_of
from db.engine import open_engine
from db.transport import Trip

ROOT = Path(__file__).resolve().parents[1]
START = datetime(2026, 9, 7, 5, 0, tzinfo=UTC)
WORDS = ("ex_trip_vehicle", "ex_trip_driver", "deadlock")


def run(url: str, number: int, attempts: int, seed: int) -> Told:
    """All attempts of one process: ids acknowledged, refusals by word."""
    engine = open_engine(url)
    writer = engine.execution_options(writes=True)
    with engine.connect() as connection:
        vehicles = list(connection.execute(text("SELECT id FROM vehicle")).scalars())
        drivers = list(connection.execute(text("SELECT id FROM driver")).scalars())
    random_ = random.Random(f"{seed}-{number}")
    won: list[int] = []
    refused: dict[str, int] = {}
    for count in range(attempts):
        start = START + timedelta(minutes=15 * random_.randrange(40))
        values = {
            "reference": f"{number}-{count}", "vehicle_id": random_.choice(vehicles),
            "driver_id": random_.choice(drivers), "starts": start,
            "ends": start + timedelta(minutes=15 * random_.randint(1, 8)), "state": "planned", "made_at": START,
            "made_by": "race",
        }  # fmt: skip
        try:
            with writer.begin() as connection:
                key = connection.execute(insert(table_of(Trip)).values(values)).inserted_primary_key
            assert key is not None
            won.append(int(key[0]))
        except DBAPIError as error:
            said = str(error.orig)
            word = next((name for name in WORDS if name in said), said.splitlines()[0])
            refused[word] = refused.get(word, 0) + 1
    engine.dispose()
    return {"won": won, "refused": refused}


def race(url: str, attempts: int, processes: int = 4, seed: int = 1) -> list[Told]:
    """Let the processes run against each other; what each was told."""
    command = [
        sys.executable,
        "-c",
        f"from {__name__} import main; main()",
        url,
        *map(str, (processes, attempts, seed)),
    ]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True)
    told: list[Told] = json.loads(done.stdout)
    return told


def overlaps(engine: Engine, of: str) -> int:
    """Pairs of trips of one vehicle (or driver) that share an instant, by a sweep that trusts no constraint."""
    columns = table_of(Trip).c
    wanted = select(columns[of], columns.starts, columns.ends).where(columns.state != "cancelled")
    with engine.connect() as connection:
        return count_overlaps(sorted((row[0], row[1], row[2]) for row in connection.execute(wanted)))


def main() -> None:
    """Race with the arguments of `race` from the command line, and print what each was told."""
    count, attempts, seed = map(int, sys.argv[2:])
    with multiprocessing.get_context("fork").Pool(count) as pool:
        told = pool.starmap(run, [(sys.argv[1], number, attempts, seed) for number in range(count)], chunksize=1)
    sys.stdout.write(json.dumps(told))
