"""Many rows from the database in one step: SQLite's driver gives other threads their turn with every row.

A walk through a list brings thousands of keys. Row by row, each of them took the turn from the window and from whoever
read beside it, and asked for it back: scans took twice as long meanwhile.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Integer, Select, any_, bindparam, column, func, select
from sqlalchemy.orm import Session


def one_of(session: Session, ident: Any, ids: Sequence[int]) -> ColumnElement[bool]:
    """Whether an id is among some, which are given as one value: a mark for each would be written anew every time."""
    if session.get_bind().dialect.name != "sqlite":
        found: ColumnElement[bool] = ident == any_(bindparam(None, list(ids), type_=ARRAY(Integer)))
    else:
        some = func.json_each(json.dumps(list(ids))).table_valued(column("value", Integer))
        found = ident.in_(select(some.c.value))
    return found


class Rows:
    """The rows of a query, in its order; a value becomes what its column says when its row is asked for."""

    def __init__(self, session: Session, wanted: Select[Any]) -> None:
        dialect = session.get_bind().dialect
        self._made: list[Callable[[Any], Any] | None] = [None] * len(wanted.selected_columns)
        if dialect.name != "sqlite":
            self._rows: list[Any] = list(session.connection().execute(wanted).all())
            return
        some = wanted.subquery().c
        # SQLite joins what it finds in the order of the query within, as with group_concat.
        found = session.connection().scalar(select(func.json_group_array(func.json_array(*some))))
        self._rows = json.loads(found) if found else []
        self._made = [column.type.dialect_impl(dialect).result_processor(dialect, None) for column in some]

    def __len__(self) -> int:
        """How many rows there are."""
        return len(self._rows)

    def all(self) -> list[Sequence[Any]]:
        """Every row: for values that JSON can carry, so that none is bytes."""
        made = [(place, make) for place, make in enumerate(self._made) if make is not None]
        if made:
            for row in self._rows:
                for place, make in made:
                    row[place] = make(row[place])
        self._made = [None] * len(self._made)
        return self._rows

    def every(self, step: int) -> tuple[tuple[Any, ...], ...]:
        """The first row and every `step`-th after it."""
        return tuple(
            tuple(value if make is None else make(value) for value, make in zip(row, self._made, strict=True))
            for row in self._rows[::step]
        )
