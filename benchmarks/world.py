"""The compounds that benchmarks measure: the demo at 10,000 to 1,000,000 assets, made once and kept."""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

from sqlalchemy import Connection, Engine, event, func, select, text
from sqlalchemy.orm import Session

from cbo_desk.compound import prepare
from cbo_desk.demo.make import make_demo
from cbo_desk.office import Office
from cbo_desk.permissions import administrator
from db.engine import read_url
from db.property import Asset

A_DEMO = 1200
"""Assets of the demo at scale 1."""
_FILE_INDEXES = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
_SERVER_INDEXES = """
SELECT indexname, indexdef FROM pg_indexes
WHERE schemaname = 'public' AND indexname NOT IN (SELECT conname FROM pg_constraint)
"""


def arguments(about: str) -> argparse.ArgumentParser:
    """The arguments that every benchmark on a large compound understands."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--rows", type=int, default=1_000_000, help="assets in the compound")
    parser.add_argument("--url", help="a server's URL without a database, for PostgreSQL; SQLite otherwise")
    parser.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir()) / "cbo-benchmarks")
    return parser


def open_world(rows: int, cache: Path, server: str | None) -> Office:
    """Open the compound with so many assets, made on first use: a file in `cache`, or a database of the server."""
    if server is None:
        cache.mkdir(parents=True, exist_ok=True)
        url = str(cache / f"compound-{rows}.db")
    else:
        url = _database_on(server, f"cbo_benchmark_{rows}")
    engine = prepare(url)
    office = Office(engine, administrator("bench", "Bench", "BENCH"))
    with Session(engine) as session:
        there = session.scalar(select(func.count()).select_from(Asset)) or 0
    if not there:
        made_again = _drop_indexes(engine)
        event.listen(engine, "begin", _take_time)
        try:
            office.write(make_demo, rows / A_DEMO)
        finally:  # else a second try would find none to make again
            event.remove(engine, "begin", _take_time)
            _run(engine, made_again)
        settle(engine)
    return office


def _take_time(connection: Connection) -> None:
    """One statement for a million rows takes longer than a server of ours allows in daily work."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL statement_timeout = 0")


def _drop_indexes(engine: Engine) -> list[str]:
    """Drop what only speeds up reading, so that a million rows are written in minutes; returns how to make it again."""
    server = engine.dialect.name == "postgresql"
    with engine.connect() as connection:
        rows = connection.execute(text(_SERVER_INDEXES if server else _FILE_INDEXES)).all()
    _run(engine, [f'DROP INDEX "{row[0]}"' for row in rows])
    return [row[1] for row in rows]


def _run(engine: Engine, statements: list[str]) -> None:
    with engine.execution_options(writes=True).begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL statement_timeout = 0"))
            connection.execute(text("SET LOCAL maintenance_work_mem = '512MB'"))
        for statement in statements:
            connection.exec_driver_sql(statement)


def settle(engine: Engine) -> None:
    """What an administrator does after a large import, so that the planner knows what is there."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SET statement_timeout = 0"))
            connection.execute(text("VACUUM ANALYZE"))
        else:
            connection.execute(text("ANALYZE"))


def _database_on(server: str, name: str) -> str:
    import psycopg

    url = read_url(server)
    plain = url.set(drivername="postgresql", database="postgres").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as connection:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone()
        if known is None:
            connection.execute(f'CREATE DATABASE "{name}"'.encode())
    return url.set(database=name).render_as_string(hide_password=False)


if __name__ == "__main__":
    given = arguments("Make a large compound.").parse_args()
    started = time.perf_counter()
    open_world(given.rows, given.cache, given.url).close()
    print(f"{given.rows} assets ready after {time.perf_counter() - started:.1f} s")
