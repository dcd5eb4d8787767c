"""References that people read out: one series a desk, safe under many writers."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from db.records import NumberSeries


def next_reference(session: Session, series: str, width: int = 4) -> str:
    """The next reference of a series, such as "T-2291".

    The row stays locked until the deed commits, so a deed that fails leaves no gap.
    """
    given = _insert(session)(NumberSeries).values(series=series, last=1)
    given = given.on_conflict_do_update(index_elements=["series"], set_={"last": NumberSeries.last + 1})
    last = session.execute(given.returning(NumberSeries.last)).scalar_one()
    return f"{series}-{last:0{width}}"


def _insert(session: Session) -> Any:
    """The engine's own INSERT; imported when it is needed, since each engine's words are a large library."""
    if session.get_bind().dialect.name == "postgresql":
        from sqlalchemy.dialects.postgresql import insert as server_insert

        return server_insert
    from sqlalchemy.dialects.sqlite import insert as file_insert

    return file_insert
