"""Carries every row of one database into another of the same schema, and compares the two row by row.

The engines differ in how they keep instants, numbers and plain values, so rows travel as Python's own values. Triggers
rest meanwhile: they judge deeds, and what is carried over was judged when it was done. Keys, checks and exclusions
stay awake, and prove the rows once more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice, zip_longest
from typing import Any

from sqlalchemy import Connection, Engine, String, Table, collate, func, insert, literal, select, text

from db import row_rules, tables, triggers  # noqa: F401 - every table must be known before rows are carried
from db.base import Base
from db.engine import as_ours
from db.records import AuditEntry
from db.roles import become_owner
from db.staff import is_administrator, knows_people

LEFT_BEHIND = frozenset({"change_log", "presence"})
"""The feed: it numbers the deeds of one server's transactions, and nobody listens to the new database yet."""
STEP = 5_000
Report = Callable[[int], object]


def carried() -> list[Table]:
    """The tables that are carried over, each behind those it refers to."""
    return [table for table in Base.metadata.sorted_tables if table.name not in LEFT_BEHIND]


def row_counts(connection: Connection) -> dict[str, int]:
    """How many rows each table has that is carried over."""
    return {table.name: connection.scalar(select(func.count()).select_from(table)) or 0 for table in carried()}


@contextmanager
def snapshot(engine: Engine) -> Iterator[Connection]:
    """A connection that sees one moment of a database for as long as it takes."""
    options = {"isolation_level": "REPEATABLE READ"} if engine.dialect.name == "postgresql" else {}
    with engine.connect().execution_options(**options) as connection:
        _take_time(connection)
        # Some rows are kept from whoever may not know them; of what is carried none may be left behind.
        become_owner(connection)
        yield connection
        connection.rollback()


@contextmanager
def filling(engine: Engine) -> Iterator[Connection]:
    """One transaction in which an empty database is filled; its triggers rest until the end."""
    with engine.execution_options(writes=True).begin() as connection:
        _take_time(connection)
        become_owner(connection)
        _let_triggers_rest(connection)
        for table in reversed(Base.metadata.sorted_tables):
            # What a new schema brings along stands in the other one too. Facts may not even be deleted by their owner.
            if connection.scalar(select(select(literal(1)).select_from(table).exists())):
                connection.execute(table.delete())
        yield connection
        _wake_triggers(connection)


def carry(source: Connection, target: Connection, report: Report) -> int:
    """Put every row of `source` into `target`, made by `filling`; tells after each stretch how many, returns all."""
    done = 0
    put = _put_on_server if target.dialect.name == "postgresql" else _put_into_file
    for table in carried():
        for count in put(target, table, _rows(source, table)):
            done += count
            report(done)
    _number_on(source, target)
    return done


def first_difference(source: Connection, target: Connection, report: Report) -> str:
    """Where two databases differ first, in words; empty where every row of the one is a row of the other."""
    done = 0
    for table in carried():
        names = [column.name for column in table.columns]
        for one, other in zip_longest(_rows(source, table), _rows(target, table)):
            if one is None or other is None:
                return f"{table.name} has more rows in {'the new' if one is None else 'the old'} database"
            if one != other:
                which = [name for name, mine, yours in zip(names, one, other, strict=True) if mine != yours]
                return f"{table.name}, row {_key(table, one)}: {', '.join(which)}"
            done += 1
            if done % STEP == 0:
                report(done)
    report(done)
    return ""


def is_untouched(connection: Connection) -> bool:
    """Whether nothing was done in a server's compound but to make it: name it, and let its administrator in."""
    if not (knows_people(connection) and is_administrator(connection)):
        return False
    done = set(connection.scalars(select(AuditEntry.command).limit(20)))
    return done <= {"settings.name_compound", "settings.turn_on_accounts"}


def take_away(engine: Engine) -> None:
    """Make a server's database as empty as before its schema was made: only ever after a move that did not succeed."""
    with engine.execution_options(writes=True).begin() as connection:
        _take_time(connection)
        become_owner(connection)
        row_rules.take_off(connection)
        Base.metadata.drop_all(connection)
        connection.execute(text("DROP TABLE IF EXISTS alembic_version"))
        for called in triggers.function_names():
            connection.execute(text(f"DROP FUNCTION IF EXISTS {called}"))


def _rows(connection: Connection, table: Table) -> Iterator[tuple[Any, ...]]:
    """Every row in the order of its key, the same on both engines."""
    server = connection.dialect.name == "postgresql"
    keys: list[Any] = [
        collate(column, "C") if server and isinstance(_plain(column.type), String) else column
        for column in table.primary_key
    ]
    wanted = select(table).order_by(*keys).execution_options(stream_results=True, yield_per=STEP)
    for row in connection.execute(wanted):
        yield tuple(row)


def _plain(kind: Any) -> Any:
    """The type that the engine itself knows of a column."""
    return getattr(kind, "impl_instance", kind)


def _key(table: Table, row: tuple[Any, ...]) -> str:
    names = [column.name for column in table.columns]
    return ", ".join(str(row[names.index(column.name)]) for column in table.primary_key)


def _put_into_file(target: Connection, table: Table, rows: Iterator[tuple[Any, ...]]) -> Iterator[int]:
    names = [column.name for column in table.columns]
    while some := list(islice(rows, STEP)):
        target.execute(insert(table), [dict(zip(names, row, strict=True)) for row in some])
        yield len(some)


def _put_on_server(target: Connection, table: Table, rows: Iterator[tuple[Any, ...]]) -> Iterator[int]:
    """One COPY a table: a row may refer to a later one of its own table, which is asked for only at the end."""
    turns = [column.type.dialect_impl(target.dialect).bind_processor(target.dialect) for column in table.columns]
    # Nothing at all is NULL, except where it is a value of its own: JSON's null.
    keep = [column.type.should_evaluate_none for column in table.columns]
    names = ", ".join(target.dialect.identifier_preparer.format_column(column) for column in table.columns)
    put = f"COPY {table.name} ({names}) FROM STDIN"
    driver: Any = target.connection.driver_connection
    with as_ours(target, put), driver.cursor() as cursor, cursor.copy(put) as copy:
        while some := list(islice(rows, STEP)):
            for row in some:
                values = zip(turns, keep, row, strict=True)
                copy.write_row([value if turn is None or (value is None and not own) else turn(value)
                                for turn, own, value in values])  # fmt: skip
            yield len(some)


def _number_on(source: Connection, target: Connection) -> None:
    """Let new rows take numbers that were never given out, not even to rows that are gone."""
    given = _given_numbers(source)
    for table in carried():
        last = given.get(table.name)
        if not last:
            continue
        if target.dialect.name == "postgresql":
            key = next(iter(table.primary_key)).name
            target.execute(
                text("SELECT setval(pg_get_serial_sequence(:table, :key), :last)"),
                {"table": table.name, "key": key, "last": last},
            )
        elif table.dialect_options["sqlite"]["autoincrement"]:
            target.execute(text("DELETE FROM sqlite_sequence WHERE name = :name"), {"name": table.name})
            target.execute(
                text("INSERT INTO sqlite_sequence(name, seq) VALUES (:name, :last)"),
                {"name": table.name, "last": last},
            )


def _given_numbers(source: Connection) -> dict[str, int]:
    """The last number given out in every table that numbers its rows."""
    numbered = [table for table in carried() if table.autoincrement_column is not None]
    given = {table.name: source.scalar(select(func.max(next(iter(table.primary_key))))) or 0 for table in numbered}
    if source.dialect.name == "sqlite":
        told = {row.name: row.seq for row in source.execute(text("SELECT name, seq FROM sqlite_sequence"))}
        return {name: max(last, told.get(name, 0)) for name, last in given.items()}
    for table in numbered:
        sequence = source.scalar(
            text("SELECT pg_get_serial_sequence(:table, :key)"),
            {"table": table.name, "key": next(iter(table.primary_key)).name},
        )
        if sequence:
            used = source.scalar(text(f"SELECT last_value FROM {sequence} WHERE is_called"))
            given[table.name] = max(given[table.name], used or 0)
    return given


def _take_time(connection: Connection) -> None:
    """Whole tables take longer than the moments that a deed is given."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
        connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")


def _let_triggers_rest(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        for table in Base.metadata.sorted_tables:
            connection.exec_driver_sql(f"ALTER TABLE {table.name} DISABLE TRIGGER USER")
        return
    connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
    for item in reversed(list(triggers.for_sqlite())):
        what = "TABLE" if item.make.startswith("CREATE VIRTUAL") else "TRIGGER"
        connection.exec_driver_sql(f"DROP {what} IF EXISTS {item.name}")


def _wake_triggers(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        for table in Base.metadata.sorted_tables:
            connection.exec_driver_sql(f"ALTER TABLE {table.name} ENABLE TRIGGER USER")
        return
    triggers.install(connection)  # with the search's index, made from what is there now
