"""References that people read out: one series a desk, safe under many writers."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as server_insert
from sqlalchemy.dialects.sqlite import insert as file_insert
from sqlalchemy.orm import Session

from db.records import NumberSeries


def next_reference(session: Session, series: str, width: int = 4) -> str:
    """The next reference of a series, such as "T-2291".

    The row stays locked until the deed commits, so a deed that fails leaves no gap.
    """
    insert = server_insert if session.get_bind().dialect.name == "postgresql" else file_insert
    # Two first deeds of a series at once: one row is made, and both then wait for it.
    session.execute(insert(NumberSeries).values(series=series, last=0).on_conflict_do_nothing())
    row = session.scalars(select(NumberSeries).where(NumberSeries.series == series).with_for_update()).one()
    row.last += 1
    session.flush()
    return f"{series}-{row.last:0{width}}"
