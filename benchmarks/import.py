"""Import of a register: rows a second through the real command path against the raw driver's own speed.

`python -m benchmarks.import [--rows 1000000] [--engine sqlite|postgresql]`

The floor writes the very same rows into the very same tables (assets, events, tags, search, with all their indexes
and triggers), already made, by the driver's bulk path alone: executemany on SQLite, COPY on PostgreSQL. On SQLite the
index of words is filled by one statement behind its rows, as ours does it: by the trigger of each row it took the
floor longer than all of an import. Ours reads the file, finds its form, judges every row and writes it, in one
transaction with audit and feed.
"""

from __future__ import annotations

import argparse
import csv
import gc
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from benchmarks.report import line
from cbo_desk.compound import open_office
from cbo_desk.demo import DemoSize, make_demo, world
from cbo_desk.imports import Rows
from cbo_desk.office import Office
from cbo_desk.permissions import administrator
from cbo_desk.property.importing import ASSETS
from cbo_desk.tabular import Choices, check_in_batches, suggest_mapping

# What an import fills, and which rows of it are assets'.
TABLES = {
    "asset": "1 = 1",
    "asset_event": "1 = 1",
    "tag": "subject_kind = 'property.asset'",
    "search_entry": "kind = 'property.asset'",
}
BY_ROW = "tr_search_entry_insert"
INDEX_WORDS = "INSERT INTO search_fts(rowid, folded) SELECT id, folded FROM search_entry WHERE id > ?"
BARE = 0.999
"""Just below the demo's own size, at which nothing of its desks' work refers to its assets: these are taken out."""
HEAD = ("Entity", "Inventory no.", "Description", "Category", "Maker", "Model", "Serial", "Cost", "Currency",
        "Acquired", "Warranty until", "Place", "Custodian", "Purchase order")  # fmt: skip


def write_register(path: Path, rows: int) -> None:
    """A clean register of so many assets, as an agency would send it."""
    size = DemoSize(people=60, assets=rows)
    rooms = [place.code for place in world.places(size) if place.kind == "room"]
    staff = world.people(size, rooms, 1)
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(HEAD)
        for asset in world.assets(size, staff, rooms, date(2026, 7, 14), 7):
            model = asset.model
            holder = staff[asset.person].index_number if asset.person is not None else ""
            out.writerow(
                (asset.entity, f"I{asset.number}", model.description, model.category, model.maker, model.model,
                 asset.serial, f"{asset.cost_cents / 100:.2f}", "USD", asset.acquired_on, asset.warranty_until or "",
                 asset.place, holder, asset.order)
            )  # fmt: skip


def bring(office: Office, path: Path) -> None:
    """The import as the command line does it."""
    table = ASSETS.open(path)
    lookup = ASSETS.lookup(office)
    mapping = suggest_mapping(table.names, ASSETS.fields)
    stream = check_in_batches(table, mapping, ASSETS.fields, Choices(), lookup, rules=lookup.rule)

    def batches() -> Iterator[Any]:
        for batch in stream.batches():
            if batch.faults:
                raise AssertionError(f"A clean file has a fault: {batch.faults[0]}")
            yield batch.ready

    office.write(ASSETS.command, Rows(path.name, batches))


def contents(office: Office) -> dict[str, tuple[list[str], list[tuple[Any, ...]]]]:
    """All rows of the tables an import fills: what the floor will write again."""
    found = {}
    with office.engine.connect() as connection:
        _take_time(connection)
        for table, assets in TABLES.items():
            answer = connection.exec_driver_sql(f"SELECT * FROM {table} WHERE {assets}")
            found[table] = (list(answer.keys()), [tuple(row) for row in answer])
    return found


def write_raw(office: Office, rows: dict[str, tuple[list[str], list[tuple[Any, ...]]]]) -> None:
    """The floor: the driver's bulk path in one transaction."""
    on_file = office.engine.dialect.name == "sqlite"
    with office.engine.execution_options(writes=True).begin() as connection:
        _take_time(connection)
        if on_file:
            connection.exec_driver_sql(f"DROP TRIGGER {BY_ROW}")
            known = connection.exec_driver_sql("SELECT coalesce(max(id), 0) FROM search_entry").scalar_one()
        driver: Any = connection.connection.driver_connection
        for table, (names, values) in rows.items():
            columns = ", ".join(f'"{name}"' for name in names)
            with _cursor(driver) as cursor:
                if on_file:
                    marks = ", ".join("?" * len(names))
                    cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", values)
                    continue
                with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                    for row in values:
                        copy.write_row([_text(value) for value in row])
        if on_file:
            from db import triggers

            connection.exec_driver_sql(INDEX_WORDS, (known,))
            triggers.install(connection)


def _take_time(connection: Connection) -> None:
    """One statement for all rows takes longer than a server of ours allows in daily work."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL statement_timeout = 0")


def _text(value: Any) -> Any:
    return "{}" if isinstance(value, dict) else value


@contextmanager
def _cursor(driver: Any) -> Iterator[Any]:
    cursor = driver.cursor()
    try:
        yield cursor
    finally:
        cursor.close()


def fresh(url: str) -> Office:
    """A compound with places, people and categories, and without assets."""
    office = open_office(url, actor=administrator("bench", "Bench"), check=False)
    office.write(make_demo, BARE)
    with office.engine.execution_options(writes=True).begin() as connection:
        if office.engine.dialect.name == "sqlite":
            for trigger in ("no_update", "no_delete", "no_replace"):
                connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS tr_asset_event_{trigger}")
        else:
            connection.exec_driver_sql("ALTER TABLE asset_event DISABLE TRIGGER USER")
        for table, assets in (("asset_repair", "1 = 1"), *reversed(TABLES.items())):
            connection.exec_driver_sql(f"DELETE FROM {table} WHERE {assets}")
        if office.engine.dialect.name == "sqlite":
            from db import triggers

            triggers.install(connection)
        else:
            connection.exec_driver_sql("ALTER TABLE asset_event ENABLE TRIGGER USER")
    return office


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds of one run, and of the processor: those of this process do not depend on how busy the computer is."""
    gc.collect()
    started, worked = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - started, time.process_time() - worked


def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--engine", choices=("sqlite", "postgresql"), default="sqlite")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, databases(given.engine, Path(folder)) as make:
        register = Path(folder) / "register.csv"
        write_register(register, given.rows)
        office = fresh(make("ours"))
        ours, ours_cpu = timed(lambda: bring(office, register))
        rows = contents(office)
        office.close()
        floor_office = fresh(make("floor"))
        floor, floor_cpu = timed(lambda: write_raw(floor_office, rows))
        floor_office.close()
    line(
        benchmark="import",
        engine=given.engine,
        rows=given.rows,
        ours_seconds=round(ours, 2),
        floor_seconds=round(floor, 2),
        ours_rows_a_second=round(given.rows / ours),
        floor_rows_a_second=round(given.rows / floor),
        ratio=round(ours / floor, 2),
        goal=2.5,
        ours_cpu_seconds=round(ours_cpu, 2),
        floor_cpu_seconds=round(floor_cpu, 2),
        cpu_ratio=round(ours_cpu / floor_cpu, 2),
    )


@contextmanager
def databases(engine: str, folder: Path) -> Iterator[Callable[[str], str]]:
    """A function that names a new database; a server of its own where one is needed."""
    if engine == "sqlite":
        yield lambda name: str(folder / f"{name}.db")
        return
    import psycopg

    from scripts.postgres import running

    with running(durable=True) as server:

        def make(name: str) -> str:
            with psycopg.connect(
                host="127.0.0.1", port=server.port, user="postgres", dbname="postgres", autocommit=True
            ) as connection:
                connection.execute(f"CREATE DATABASE {name}".encode())
            return str(server.url(name))

        yield make


if __name__ == "__main__":
    main()
