"""Opens a database the way this product needs it; the reasons are in docs/decisions/0002-engines.md."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError

from db.connections import note_connections
from db.tidying import LOG_PAGES, Tidier

WAIT_S = 30
"""So many seconds a SQLite file that others write to is waited for."""
# The WAL-reset bug (two connections writing and checkpointing one file can corrupt it) is fixed from these on.
_SOUND = ((3, 51, 3), (3, 50, 7), (3, 44, 6))
SERVER_OPTIONS = (
    "-c lock_timeout=3s -c statement_timeout=30s -c idle_in_transaction_session_timeout=60s -c timezone=UTC"
)


def sqlite_module() -> Any:
    """The newest SQLite at hand: the packaged one, else Python's own."""
    try:
        from pysqlite3 import dbapi2
    except ImportError:
        import sqlite3

        return sqlite3
    return dbapi2


def wal_is_sound(version: tuple[int, ...]) -> bool:
    """Whether this SQLite may use write-ahead logging with two connections writing."""
    if version >= _SOUND[0]:
        return True
    return any(version[:2] == fixed[:2] and version >= fixed for fixed in _SOUND)


def read_url(text: str) -> URL:
    """The URL of a database from what a person writes: a URL, or the path of a file."""
    if "://" not in text:
        return URL.create("sqlite", database=str(Path(text).expanduser()))
    url = make_url(text)
    if url.drivername in ("postgresql", "postgres"):
        url = url.set(drivername="postgresql+psycopg")
    return url


def open_engine(text: str | URL) -> Engine:
    """Return an engine for a SQLite file or a PostgreSQL server.

    A connection whose execution option `writes` is true begins IMMEDIATE on SQLite: a read that turns into a write
    half-way is refused under load, a write from the start waits its turn.
    """
    url = text if isinstance(text, URL) else read_url(text)
    return _open_sqlite(url) if url.get_backend_name() == "sqlite" else _open_server(url)


def _open_sqlite(url: URL) -> Engine:
    module = sqlite_module()
    wal = wal_is_sound(module.sqlite_version_info)
    # Only a file of its own has a log, and only the log's sound form may be folded in beside a writer.
    tidied = wal and bool(url.database) and url.database != ":memory:" and not url.query
    # The driver keeps 100 statements ready and forgets the newest first: after a start that is full of others, every
    # deed had its own prepared anew, for a fifth of its time.
    ways = {"timeout": WAIT_S, "isolation_level": None, "check_same_thread": False, "cached_statements": 1000}
    engine = create_engine(url, module=module, connect_args=ways)

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        _set_mode(connection, "WAL" if wal else "DELETE", module)
        kept = "FULL" if wal else "EXTRA"
        modes = (f"synchronous={kept}", "foreign_keys=ON", "recursive_triggers=ON")
        for pragma in (*modes, "cache_size=-65536", "temp_store=MEMORY"):
            connection.execute(f"PRAGMA {pragma}")
        if tidied:
            connection.execute(f"PRAGMA wal_autocheckpoint={LOG_PAGES}")

    if tidied:
        Tidier(engine, module, str(url.database))  # first, so that it has stood aside before a write begins

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes")
        words = "BEGIN IMMEDIATE" if writes else "BEGIN"
        if connection.dispatch.before_cursor_execute:  # somebody listens
            connection.exec_driver_sql(words)
            return
        try:
            connection.connection.cursor().execute(words)
        except module.Error as error:
            raise DBAPIError.instance(words, None, error, module.Error) from error

    return engine


def reading(engine: Engine) -> Engine:
    """An engine whose transactions see one moment, however many questions they ask: on a file they always do.

    A page of a list is asked for in two or three. On a server a row that others moved between them stood in it twice.
    """
    return engine if engine.dialect.name == "sqlite" else engine.execution_options(isolation_level="REPEATABLE READ")


def renew_password(engine: Engine, password: str) -> None:
    """Make the further connections of a server's engine with another password: whose it is gave it to themselves."""
    engine.url = engine.url.set(password=password)


def _set_mode(connection: Any, mode: str, module: Any) -> None:
    """Set how a file is written. SQLite waits for nobody here: of programs that open a new file at once all but one
    are told that it is locked, and find it set a moment later.
    """
    until = time.monotonic() + WAIT_S
    while True:
        try:
            connection.execute(f"PRAGMA journal_mode={mode}")
            return
        except module.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > until:
                raise
            time.sleep(0.02)


def _open_server(url: URL) -> Engine:
    engine = create_engine(
        url,
        pool_pre_ping=True,
        pool_size=5,
        connect_args={"connect_timeout": 3, "tcp_user_timeout": 10_000, "options": SERVER_OPTIONS},
    )

    @event.listens_for(engine, "do_connect")
    def as_of_now(_dialect: Any, _record: Any, _args: Any, given: dict[str, Any]) -> None:
        if engine.url.password is not None:
            given["password"] = str(engine.url.password)

    return note_connections(engine)


@contextmanager
def as_ours(connection: Connection, statement: str) -> Iterator[None]:
    """The driver's own errors as SQLAlchemy tells them, which is how everybody above knows them."""
    errors: Any = connection.dialect.dbapi
    try:
        yield
    except errors.Error as error:
        raise DBAPIError.instance(statement, None, error, errors.Error, dialect=connection.dialect) from error
