"""Brings a database to the schema of this program, and tells which schema it has."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from db import triggers

MIGRATIONS = Path(__file__).parent / "migrations"


class NewerSchemaError(Exception):
    """The database was made by a newer version of the program."""


def configuration() -> Config:
    """Alembic's configuration, made here so that no ini file can drift from the code."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config


def newest() -> str:
    """The schema this program knows last."""
    head = ScriptDirectory.from_config(configuration()).get_current_head()
    assert head is not None
    return head


def current(engine: Engine) -> str | None:
    """The schema the database has, or None for an empty one."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the database up to `revision` in one transaction, then put the triggers back."""
    known = {script.revision for script in ScriptDirectory.from_config(configuration()).walk_revisions()}
    have = current(engine)
    if have is not None and have not in known:
        raise NewerSchemaError(have)
    with engine.execution_options(writes=True).begin() as connection:
        _upgrade(connection, revision)


def _upgrade(connection: Connection, revision: str) -> None:
    config = configuration()
    config.attributes["connection"] = connection
    command.upgrade(config, revision)
    if revision in ("head", newest()):
        triggers.install(connection)
