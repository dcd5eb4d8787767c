"""Compares a database with what the code expects of it: tables, columns, constraints, indexes and triggers."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Connection, Engine, UniqueConstraint, inspect

import db  # noqa: F401 - every table must be known before the comparison
from db import triggers
from db.base import Base


def deviations(engine: Engine) -> list[str]:
    """What is missing or different, a sentence each; empty when the database is whole."""
    with engine.connect() as connection:
        return [*_tables(connection), *_objects(connection)]


def _tables(connection: Connection) -> list[str]:
    """Tables, columns, checks, keys and indexes that the database lacks."""
    inspector = inspect(connection)
    have = set(inspector.get_table_names())
    found: list[str] = []
    for table in Base.metadata.sorted_tables:
        if table.name not in have:
            found.append(f"Table {table.name} is missing.")
            continue
        columns = {column["name"] for column in inspector.get_columns(table.name)}
        found += [f"Column {table.name}.{c.name} is missing." for c in table.columns if c.name not in columns]
        names = _names(inspector, table.name)
        wanted = {
            str(item.name)
            for item in table.constraints
            if isinstance(item, CheckConstraint | UniqueConstraint) and item.name
        }
        wanted |= {str(key.name) for key in table.foreign_key_constraints if key.name}
        wanted |= {str(i.name) for i in table.indexes if _for_this_engine(i, connection.dialect.name)}
        found += [f"Constraint or index {name} is missing." for name in sorted(wanted - names)]
    return found


def _for_this_engine(index: object, dialect: str) -> bool:
    rule = getattr(index, "_ddl_if", None)
    return rule is None or rule.dialect is None or rule.dialect == dialect


def _names(inspector: object, table: str) -> set[str]:
    names: set[str] = set()
    for read in ("get_check_constraints", "get_unique_constraints", "get_foreign_keys", "get_indexes"):
        names |= {str(item["name"]) for item in getattr(inspector, read)(table)}
    return names


def _objects(connection: Connection) -> list[str]:
    """Triggers and search tables that are missing, altered or switched off."""
    if connection.dialect.name == "sqlite":
        rows = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")
        have = {row.name: row.sql for row in rows}
        wanted = {item.name: item.make for item in triggers.for_sqlite()}
        missing = [f"{name} is missing." for name in wanted if name not in have]
        altered = [f"{name} was altered." for name, make in wanted.items() if have.get(name, make) != make]
        return missing + altered
    rows = connection.exec_driver_sql("SELECT tgname, tgenabled FROM pg_trigger WHERE NOT tgisinternal")
    enabled = {name: (state if isinstance(state, str) else state.decode()) for name, state in rows}
    found = []
    for item in triggers.for_server():
        if item.name not in enabled:
            found.append(f"{item.name} is missing.")
        elif enabled[item.name] not in ("O", "A"):
            found.append(f"{item.name} is switched off.")
    return found
