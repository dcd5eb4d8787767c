"""Brings a database to the schema of this program, and tells which schema it has."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect

from db import roles, triggers
from db.schema import ForeignSchemaError, NewerSchemaError, NotOwnerError, current
from db.staff import knows_people

__all__ = ["ForeignSchemaError", "NewerSchemaError", "NotOwnerError", "configuration", "current", "newest", "upgrade"]

MIGRATIONS = Path(__file__).parent / "migrations"

# The number of the lock that lets one program at a time change a server's schema.
_LOCK = 0xCB0DE5C


def configuration() -> Config:
    """Alembic's configuration, made here so that no ini file can drift from the code."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config


def revisions() -> list[str]:
    """The name of every step this program knows, the newest first."""
    return [script.revision for script in ScriptDirectory.from_config(configuration()).walk_revisions()]


def schema_of(connection: Connection) -> str | None:
    """The schema a database has, or None for an empty one."""
    return MigrationContext.configure(connection).get_current_revision()


def newest() -> str:
    """The schema this program knows last."""
    head = ScriptDirectory.from_config(configuration()).get_current_head()
    assert head is not None
    return head


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the database up to `revision` in one transaction, then put the triggers back.

    Raises NewerSchemaError or ForeignSchemaError where it must not touch what it finds, NotOwnerError where the
    server knows the person and lets only administrators change the schema.
    """
    with engine.execution_options(writes=True).begin() as connection:
        if connection.dialect.name == "postgresql":
            # Two workstations may start a new version at once: one upgrades, the other finds it done.
            connection.exec_driver_sql("SET LOCAL lock_timeout = 0")
            connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
        _refuse_others(connection)
        if knows_people(connection) and not roles.become_owner(connection):
            raise NotOwnerError
        config = configuration()
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        if revision in ("head", newest()):
            triggers.install(connection)
            roles.install(connection)


def _refuse_others(connection: Connection) -> None:
    """Stop before a schema of the future, and before tables that are not ours."""
    known = revisions()
    have = schema_of(connection)
    if have is not None and have not in known:
        raise NewerSchemaError(have)
    if have is None:
        tables = [name for name in inspect(connection).get_table_names() if name != "alembic_version"]
        if tables:
            raise ForeignSchemaError(", ".join(sorted(tables)[:3]))
