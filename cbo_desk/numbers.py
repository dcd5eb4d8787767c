"""References that people read out: one series a desk, safe under many writers."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from sqlalchemy import Connection, bindparam, text
from sqlalchemy.orm import Session

from db.base import table_of
from db.records import NumberSeries

Apart = Callable[[Callable[[Connection], int]], int]
"""How the office does something in a transaction beside the deed's."""
_HELD = "series held"
_NOT_ON_DISK = text("SET LOCAL synchronous_commit = off")


def next_reference(session: Session, series: str, width: int = 4) -> str:
    """The next reference of a series, such as "T-2291".

    The row stays locked until the deed commits, so a deed that fails leaves no gap.
    """
    last = session.connection().execute(_give(session.get_bind().dialect.name), {"series": series}).scalar_one()
    _hold(session, series)
    return f"{series}-{last:0{width}}"


def begin_series(session: Session, series: str, last: int) -> None:
    """Let a series go on after numbers that were given elsewhere."""
    session.add(NumberSeries(series=series, last=last))
    session.flush()
    _hold(session, series)


def next_reference_at_once(session: Session, series: str, width: int = 4) -> str:
    """The same for a deed that many do at the same moment: on a server the row is free again at once.

    The number is taken in a transaction of its own, so a deed that fails leaves a gap. It need not wait for the disk:
    the deed's own commit comes behind it in the server's log, and a number that nobody used may be given again.
    """
    held = series in session.info.get(_HELD, ())  # by this very deed: another transaction would wait for it for ever
    apart: Apart | None = session.info.get("apart")
    if held or apart is None or session.get_bind().dialect.name != "postgresql":
        return next_reference(session, series, width)

    def take(connection: Connection) -> int:
        connection.execute(_NOT_ON_DISK)
        return int(connection.execute(_give("postgresql"), {"series": series}).scalar_one())

    return f"{series}-{apart(take):0{width}}"


def _hold(session: Session, series: str) -> None:
    session.info.setdefault(_HELD, set()).add(series)


@cache
def _give(engine: str) -> Any:
    """The statement that gives the next number out, built once for each engine."""
    series = table_of(NumberSeries)
    given = _insert(engine)(series).values(series=bindparam("series"), last=1)
    given = given.on_conflict_do_update(index_elements=["series"], set_={"last": series.c.last + 1})
    return given.returning(series.c.last)


def _insert(engine: str) -> Any:
    """The engine's own INSERT; imported when it is needed, since each engine's words are a large library."""
    if engine == "postgresql":
        from sqlalchemy.dialects.postgresql import insert as server_insert

        return server_insert
    from sqlalchemy.dialects.sqlite import insert as file_insert

    return file_insert
