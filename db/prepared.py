"""Statements that every deed runs: put together once, and on a file given to SQLite without SQLAlchemy's way there.

That way takes ten times as long as SQLite itself (50 µs against 5 where nothing else is done, and several times that in
a deed, between which the processor's memory was used for other things), and a scan runs eight such statements. What is
bound and answered is converted by the same types, so that both ways give the same rows.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Dialect
from sqlalchemy.sql.dml import UpdateBase

Values = Mapping[str, Any]
_Convert = Callable[[Any], Any]


class Prepared:
    """One statement that is always the same; its values are told by name.

    A statement that fails is run again by SQLAlchemy, which names the failure; so is one that somebody listens to.
    """

    def __init__(self, statement: Any) -> None:
        self._statement = statement
        self._ways: dict[tuple[str, ...], _Way | None] = {}

    def rows(self, connection: Connection, values: Values) -> Sequence[Any]:
        """All rows that it answers, each with its columns by name."""
        found = self._straight(connection, values)
        return connection.execute(self._statement, dict(values)).all() if found is None else found

    def one(self, connection: Connection, values: Values) -> Any:
        """The one row that it answers; ValueError where there is none."""
        [row] = self.rows(connection, values)
        return row

    def one_or_none(self, connection: Connection, values: Values) -> Any:
        """The row that it answers, if any."""
        rows = self.rows(connection, values)
        return rows[0] if rows else None

    def columns(self, connection: Connection, values: Values) -> list[Sequence[Any]]:
        """All rows that it answers, column by column: thousands of them are dealt with a column at a time."""
        way = self._way(connection, values)
        found = None if way is None else way.answered(connection, values)
        rows = connection.execute(self._statement, dict(values)).all() if found is None else found
        if not rows:
            return [()] * len(self._statement.exported_columns)
        columns: list[Any] = list(zip(*rows, strict=True))
        for place, convert in way.converted if way is not None and found is not None else ():
            columns[place] = list(map(convert, columns[place]))
        return columns

    def run(self, connection: Connection, values: Sequence[Values]) -> None:
        """Run it once with each of these values."""
        for number, some in enumerate(values):
            if self._straight(connection, some) is None:
                connection.execute(self._statement, [dict(one) for one in values[number:]])
                return

    def goes_straight(self, dialect: Dialect, names: Sequence[str] = ()) -> bool:
        """Whether it asks for nothing that only SQLAlchemy does, such as a default of ours for a column without value.

        `names` are those of its values.
        """
        return _way(self._statement, dialect, tuple(names)) is not None

    def _straight(self, connection: Connection, values: Values) -> Sequence[Any] | None:
        """The rows it answered on a file; None where SQLAlchemy is to run it."""
        way = self._way(connection, values)
        return None if way is None else way.rows(connection, values)

    def _way(self, connection: Connection, values: Values) -> _Way | None:
        """How it goes to a file; None where SQLAlchemy is to run it."""
        dialect = connection.dialect
        if dialect.name != "sqlite" or connection.dispatch.before_cursor_execute:
            return None
        names = tuple(values)
        if names not in self._ways:
            self._ways[names] = _way(self._statement, dialect, names)
        return self._ways[names]


@dataclass(frozen=True)
class _Way:
    """The words of a statement for SQLite, with what converts its values and its answers.

    `bound` are the values in their order: by name or as they are, and their conversion. `row` is the kind of its
    answers, None where it has none; `converted` are the columns that are converted before.
    """

    words: str
    bound: tuple[tuple[str, Any, _Convert | None], ...]
    row: Any
    converted: tuple[tuple[int, _Convert], ...]

    def rows(self, connection: Connection, values: Values) -> Sequence[Any] | None:
        """The rows; None where it failed."""
        found = self.answered(connection, values)
        return None if found is None else [self._made(row) for row in found]

    def answered(self, connection: Connection, values: Values) -> Sequence[Any] | None:
        """What SQLite answered, not converted yet; None where it failed."""
        given = [values[name] if name else constant for name, constant, _convert in self.bound]
        for place, (_name, _constant, convert) in enumerate(self.bound):
            if convert is not None:
                given[place] = convert(given[place])
        try:
            cursor = connection.connection.cursor()
            cursor.execute(self.words, given)
            return cursor.fetchall() if self.row is not None else ()
        except connection.dialect.loaded_dbapi.Error:
            return None

    def _made(self, row: Any) -> Any:
        if self.converted:
            row = list(row)
            for place, convert in self.converted:
                row[place] = convert(row[place])
        return self.row._make(row)


def _way(statement: Any, dialect: Dialect, names: tuple[str, ...]) -> _Way | None:
    """How a statement with values of these names goes to SQLite; None where it cannot without SQLAlchemy."""
    compiled = statement.compile(dialect=dialect, column_keys=names if isinstance(statement, UpdateBase) else None)
    if compiled.insert_prefetch or compiled.update_prefetch or compiled.post_compile_params:
        return None
    bound = []
    for name in compiled.positiontup:
        bind = compiled.binds[name]
        convert = bind.type.dialect_impl(dialect).bind_processor(dialect)
        told = bind.required or name in names
        bound.append((name if told else "", None if told else bind.effective_value, convert))
    columns = statement.exported_columns
    converted = []
    for place, column in enumerate(columns):
        convert = column.type.dialect_impl(dialect).result_processor(dialect, None)
        if convert is not None:
            converted.append((place, convert))
    row: Any = namedtuple("row", columns.keys(), rename=True) if len(columns) else None
    return _Way(str(compiled), tuple(bound), row, tuple(converted))
