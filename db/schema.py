"""Which schema this program knows last and which a database has, without the machinery that changes one."""

from __future__ import annotations

from sqlalchemy import Engine, inspect, text

NEWEST = "0002"
"""The newest migration; a test holds it equal to alembic's head, which takes a third of a second to ask."""


class NewerSchemaError(Exception):
    """The database was made by a newer version of the program."""


class ForeignSchemaError(Exception):
    """The database holds another program's tables."""


def current(engine: Engine) -> str | None:
    """The schema the database has, or None for an empty one."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        found = connection.scalar(text("SELECT version_num FROM alembic_version"))
        return None if found is None else str(found)
