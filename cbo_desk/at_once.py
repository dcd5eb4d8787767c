"""Many rows from the database in one step: SQLite's driver gives other threads their turn with every row.

A walk through a list brings thousands of keys. Row by row, each of them took the turn from the window and from whoever
read beside it, and asked for it back: scans took twice as long meanwhile.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session


class Rows:
    """The rows of a query, in its order; a value becomes what its column says when its row is asked for."""

    def __init__(self, session: Session, wanted: Select[Any]) -> None:
        dialect = session.get_bind().dialect
        self._made: list[Callable[[Any], Any] | None] = [None] * len(wanted.selected_columns)
        if dialect.name != "sqlite":
            self._rows: list[Any] = list(session.execute(wanted).all())
            return
        some = wanted.subquery().c
        # SQLite joins what it finds in the order of the query within, as with group_concat.
        found = session.scalar(select(func.json_group_array(func.json_array(*some))))
        self._rows = json.loads(found) if found else []
        self._made = [column.type.dialect_impl(dialect).result_processor(dialect, None) for column in some]

    def __len__(self) -> int:
        """How many rows there are."""
        return len(self._rows)

    def every(self, step: int) -> tuple[tuple[Any, ...], ...]:
        """The first row and every `step`-th after it."""
        return tuple(
            tuple(value if make is None else make(value) for value, make in zip(row, self._made, strict=True))
            for row in self._rows[::step]
        )
