"""Which schema this program knows last and which a database has, without the machinery that changes one."""

from __future__ import annotations

import os
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

MIGRATIONS = Path(__file__).parent / "migrations" / "versions"

NEWEST = max(name[:4] for name in os.listdir(MIGRATIONS) if name[:4].isdigit())
"""The newest migration, by its file's name; a test holds it equal to alembic's head, which takes a third of a second
to ask."""


LEAST_SERVER = 15
"""The oldest version of PostgreSQL that serves a compound; newer ones all do, as far as there are any."""


class OldServerError(Exception):
    """The server is older than any that serves a compound: its version."""


class NewerSchemaError(Exception):
    """The database was made by a newer version of the program."""


class ForeignSchemaError(Exception):
    """The database holds another program's tables."""


class NotOwnerError(Exception):
    """The server lets only its administrators change the schema."""


def server_version(connection: Connection) -> int | None:
    """The first number of a server's version, as it said when it was connected to; None for a file."""
    told = connection.dialect.server_version_info if connection.dialect.name == "postgresql" else None
    return int(told[0]) if told else None


def current(engine: Engine) -> str | None:
    """The schema the database has, or None for an empty one. Raises OldServerError."""
    with engine.connect() as connection:
        version = server_version(connection)
        if version is not None and version < LEAST_SERVER:
            raise OldServerError(version)
        if not inspect(connection).has_table("alembic_version"):
            return None
        found = connection.scalar(text("SELECT version_num FROM alembic_version"))
        return None if found is None else str(found)
