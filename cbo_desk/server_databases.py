"""A database of its own on a server, for a backup that is put back: made where there is none, given to who owns it.

An office's server knows everybody by name. What is put back there belongs to the owner of the tables and not to
whoever puts it back, or no clerk could work with it and no administrator bring it up to date.
"""

from __future__ import annotations

from sqlalchemy import Connection
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError

from cbo_desk.errors import Refusal
from db import roles
from db.engine import open_engine
from db.staff import OWNER, knows_people

_ELSEWHERE = "postgres"


def make_where_missing(target: URL) -> bool:
    """Make the database where the server has none of that name; whether it was made.

    Raises DBAPIError where the server cannot be reached, or lets this person make none.
    """
    engine = open_engine(target)
    try:
        with engine.connect():
            return False
    except DBAPIError:
        if _is_there(target):
            raise
    finally:
        engine.dispose()
    words = f"CREATE DATABASE {roles.quoted(str(target.database))} ENCODING 'UTF8' TEMPLATE template0 LOCALE 'C.UTF-8'"
    _beside(target, words)
    return True


def take_away(target: URL) -> None:
    """Drop a database that `make_where_missing` made, when nothing came of it."""
    _beside(target, f"DROP DATABASE {roles.quoted(str(target.database))} WITH (FORCE)")


def make_ready(connection: Connection, of_office: bool) -> bool:
    """Make an empty database ready for a backup; whether its tables are to belong to the server's owner.

    `of_office` says that the backup is of a server that knows people by name. Raises Refusal where such a one cannot
    be put back with its rights: on a server without those roles, or by who may neither give nor take them.
    """
    if connection.exec_driver_sql("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").scalar():
        if not of_office and not knows_people(connection):
            return False
        if not connection.exec_driver_sql("SELECT 1 FROM pg_roles WHERE rolname = %s", (OWNER,)).scalar():
            raise Refusal(
                "This is a backup of an office's server, and this server has none of its roles. Make it ready "
                "first: main.py server init, or the SQL of main.py server script."
            )
        for statement in roles.adopt_database(str(connection.engine.url.database)):
            connection.exec_driver_sql(statement.replace("%", "%%"))
        return True
    if knows_people(connection) and roles.become_owner(connection):
        return True
    if of_office:
        raise Refusal("A backup of an office's server is put back by a superuser of the server.")
    return False


def _is_there(target: URL) -> bool:
    """Whether the server has this database; True as well where it cannot be asked."""
    engine = open_engine(target.set(database=_ELSEWHERE))
    try:
        with engine.connect() as connection:
            asked = "SELECT 1 FROM pg_database WHERE datname = %s"
            return bool(connection.exec_driver_sql(asked, (target.database,)).scalar())
    except DBAPIError:
        return True
    finally:
        engine.dispose()


def _beside(target: URL, statement: str) -> None:
    engine = open_engine(target.set(database=_ELSEWHERE)).execution_options(isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql(statement.replace("%", "%%"))
    finally:
        engine.dispose()
