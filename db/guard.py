"""Compares a database with what the code expects of it: tables, columns, constraints, indexes and triggers.

Alembic's own comparison sees neither a lost trigger nor an altered check, so this is what start-up and `check` ask.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Connection,
    Engine,
    ForeignKeyConstraint,
    Index,
    Table,
    UniqueConstraint,
    inspect,
)

from db import row_rules, tables, triggers  # noqa: F401 - every table must be known before the comparison
from db.base import Base
from db.fresh import told_by_file

Found = dict[str, dict[str, Any]]


def deviations(engine: Engine) -> list[str]:
    """What is missing or different, a sentence each; empty when the database is whole."""
    with engine.connect() as connection:
        told = told_by_file(connection)
        found = [] if told in _whole else list(_tables(connection))
        if told is not None and not found:
            _whole.add(told)
        return [*found, *lost_rules(connection)]


_whole: set[str] = set()
"""Schemas of SQLite files whose tables this process has found whole: compared once, however often one is opened."""


def lost_rules(connection: Connection) -> list[str]:
    """What of the list of triggers is missing, altered or switched off: `triggers.install` puts it back."""
    return list(_sqlite_objects(connection) if connection.dialect.name == "sqlite" else _server_objects(connection))


def strangers(connection: Connection) -> list[str]:
    """Triggers of a file that are not on our list, a sentence each: one more can swallow what is written.

    On a server nobody but the owner makes one.
    """
    if connection.dialect.name != "sqlite":
        return []
    ours = {item.name for item in triggers.for_sqlite()}
    rows = connection.exec_driver_sql("SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger' ORDER BY name")
    return [f"Trigger {row.name} of {row.tbl_name} is not ours." for row in rows if row.name not in ours]


def _tables(connection: Connection) -> Iterator[str]:
    """Tables, columns, checks, keys and indexes that the database lacks or has in another form."""
    inspector = inspect(connection)
    columns = inspector.get_multi_columns()
    kinds = {kind: getattr(inspector, f"get_multi_{kind}")() for kind in _KINDS}
    for table in Base.metadata.sorted_tables:
        key = (None, table.name)
        if key not in columns:
            yield f"Table {table.name} is missing."
            continue
        have = {column["name"]: column for column in columns[key]}
        for column in table.columns:
            if column.name not in have:
                yield f"Column {table.name}.{column.name} is missing."
            elif bool(have[column.name]["nullable"]) != bool(column.nullable):
                yield f"Column {table.name}.{column.name} was altered: it may be empty, or may no longer be."
        found = {kind: {str(item["name"]): item for item in kinds[kind].get(key, [])} for kind in _KINDS}
        yield from _named(table, found, connection.dialect.name)
    if connection.dialect.name == "postgresql":
        yield from _unsound(connection)


_KINDS = ("check_constraints", "unique_constraints", "foreign_keys", "indexes")


def _named(table: Table, found: Found, dialect: str) -> Iterator[str]:
    for kind, item in _wanted(table, dialect):
        have = found[kind].get(str(item.name))
        if have is None:
            yield f"Constraint or index {item.name} is missing."
        elif not _same(item, have):
            yield f"Constraint or index {item.name} was altered."


def _wanted(table: Table, dialect: str) -> Iterator[tuple[str, Any]]:
    for item in sorted(table.constraints, key=lambda each: str(each.name)):
        if isinstance(item, CheckConstraint):
            yield "check_constraints", item
        elif isinstance(item, UniqueConstraint):
            yield "unique_constraints", item
        elif isinstance(item, ForeignKeyConstraint):
            yield "foreign_keys", item
    for index in sorted(table.indexes, key=lambda each: str(each.name)):
        rule = getattr(index, "_ddl_if", None)
        if rule is None or rule.dialect == dialect:
            yield "indexes", index


def _same(item: Any, have: dict[str, Any]) -> bool:
    if isinstance(item, CheckConstraint):
        return said(str(item.sqltext)) == said(have["sqltext"])
    if isinstance(item, UniqueConstraint):
        return [column.name for column in item.columns] == list(have["column_names"])
    if isinstance(item, ForeignKeyConstraint):
        here = [element.parent.name for element in item.elements]
        there = [element.column.name for element in item.elements]
        options = (have.get("options") or {}).get("onupdate")
        told = (have["constrained_columns"], have["referred_table"], have["referred_columns"], options)
        return bool((here, item.referred_table.name, there, item.onupdate) == told)
    assert isinstance(item, Index)
    named = [getattr(part, "name", None) for part in item.expressions]
    return bool(item.unique) == bool(have["unique"]) and (None in named or named == have["column_names"])


def said(check: str) -> tuple[set[str], set[str]]:
    """The literals, and the names and numbers, of a check: each engine puts them in words of its own.

    PostgreSQL tells `a IN ('x')` back as `a = ANY (ARRAY['x'::text])`, so operators and brackets are left aside.
    """
    check = re.sub(r"::(character varying|double precision|\w+)(\[\])?", "", check)
    literals = set(re.findall(r"'((?:[^']|'')*)'", check))
    words = set(re.findall(r"\w+", re.sub(r"'(?:[^']|'')*'", " ", check.lower())))
    return literals, words - {"in", "any", "array", "and", "or", "not", "is", "null", "between"}


def _unsound(connection: Connection) -> Iterator[str]:
    """Constraints that were never proven against the rows, and indexes that are not in use."""
    for name in connection.exec_driver_sql(
        "SELECT conname FROM pg_constraint WHERE NOT convalidated AND connamespace = current_schema()::regnamespace"
    ).scalars():
        yield f"Constraint {name} was never checked against the rows."
    for name in connection.exec_driver_sql(
        "SELECT indexrelid::regclass::text FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid "
        "WHERE NOT (indisvalid AND indisready) AND relnamespace = current_schema()::regnamespace"
    ).scalars():
        yield f"Index {name} is not in use."


def _sqlite_objects(connection: Connection) -> Iterator[str]:
    """Triggers and search tables that are missing or altered."""
    rows = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")
    have = {row.name: row.sql for row in rows}
    for item in triggers.for_sqlite():
        if item.name not in have:
            yield f"{item.name} is missing."
        elif have[item.name] != item.make:
            yield f"{item.name} was altered."


def _server_objects(connection: Connection) -> Iterator[str]:
    """Triggers and their functions that are missing, altered or switched off."""
    rows = connection.exec_driver_sql(
        "SELECT tgname, tgenabled::text, pg_get_triggerdef(pg_trigger.oid, true) FROM pg_trigger "
        "JOIN pg_class ON pg_class.oid = tgrelid "
        "WHERE NOT tgisinternal AND relnamespace = current_schema()::regnamespace"
    )
    have = {name: (enabled, said) for name, enabled, said in rows}
    for item in triggers.for_server():
        enabled, said = have.get(item.name, ("", ""))
        if not enabled:
            yield f"{item.name} is missing."
        elif enabled not in ("O", "A"):
            yield f"{item.name} is switched off."
        elif said != item.make:
            yield f"{item.name} was altered."
    excluded = triggers.constraints(connection)
    for name, (_table, definition) in triggers.EXCLUSIONS.items():
        if excluded.get(name) != definition:
            yield f"Constraint or index {name} is missing or was altered."
    bodies = connection.exec_driver_sql(
        "SELECT proname, prosrc FROM pg_proc WHERE pronamespace = current_schema()::regnamespace"
    )
    told = {row.proname: row.prosrc for row in bodies}
    helpers = {called.partition("(")[0]: body for called, (_answers, body) in triggers.HELPERS.items()}
    for name, body in {**triggers.FUNCTIONS, **helpers}.items():
        if told.get(name) != body:
            yield f"Function {name} is missing or was altered."
    yield from row_rules.lost(connection)
