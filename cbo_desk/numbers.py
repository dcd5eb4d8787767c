"""References that people read out: one series a desk, safe under many writers."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import bindparam
from sqlalchemy.orm import Session

from db.base import table_of
from db.records import NumberSeries


def next_reference(session: Session, series: str, width: int = 4) -> str:
    """The next reference of a series, such as "T-2291".

    The row stays locked until the deed commits, so a deed that fails leaves no gap.
    """
    last = session.connection().execute(_give(session.get_bind().dialect.name), {"series": series}).scalar_one()
    return f"{series}-{last:0{width}}"


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
