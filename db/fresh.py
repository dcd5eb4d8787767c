"""Whether a file has just the schema that all migrations made, so that nobody need compare it with the code.

The comparison (`db.guard`) loads every table of every desk and asks the file a thousand questions: half a second of
every command, and as much beside the first scans of every window.
"""

from __future__ import annotations

from hashlib import sha256

from sqlalchemy import Connection, Engine

from db.schema import NEWEST

FRESH = ("0029", "97c7b931712600551c1899f46de00baff900343011b9cdc5d6a60fdc9a1599b8")
"""The newest migration, and what `told_by_file` tells of a file that all of them made, one after the other, with the
SQLite that we lock. After a new one tests/db/test_guard.py, which compares such a file all the same, says what stands
here; until then, and for a file that tells something else, the comparison is made."""


def is_fresh(engine: Engine) -> bool:
    """Whether a database is a file with exactly the schema of FRESH, its triggers and search tables included."""
    if engine.dialect.name != "sqlite":
        return False
    with engine.connect() as connection:
        return (NEWEST, told_by_file(connection)) == FRESH


def told_by_file(connection: Connection) -> str | None:
    """All that SQLite knows of its tables, in short; a server tells it in no such short way."""
    if connection.dialect.name != "sqlite":
        return None
    rows = connection.exec_driver_sql("SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY name").all()
    return sha256(repr([tuple(row) for row in rows]).encode()).hexdigest()
