"""Which schema this program knows last and which a database has, without the machinery that changes one."""

from __future__ import annotations

import os
from pathlib import Path

from sqlalchemy import Engine, inspect, text

MIGRATIONS = Path(__file__).parent / "migrations" / "versions"

NEWEST = max(name[:4] for name in os.listdir(MIGRATIONS) if name[:4].isdigit())
"""The newest migration, by its file's name; a test holds it equal to alembic's head, which takes a third of a second
to ask."""


class NewerSchemaError(Exception):
    """The database was made by a newer version of the program."""


class ForeignSchemaError(Exception):
    """The database holds another program's tables."""


class NotOwnerError(Exception):
    """The server lets only its administrators change the schema."""


def current(engine: Engine) -> str | None:
    """The schema the database has, or None for an empty one."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        found = connection.scalar(text("SELECT version_num FROM alembic_version"))
        return None if found is None else str(found)
