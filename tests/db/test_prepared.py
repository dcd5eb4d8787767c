"""Statements that go past SQLAlchemy on a file answer, refuse and can be listened to as if they did not."""

from __future__ import annotations

import sys
from datetime import UTC, date
from decimal import Decimal
from enum import StrEnum

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError
from sqlalchemy.sql.dml import Insert

import cbo_desk.property.verification  # noqa: F401 - brings the statements of a count
from db.base import Json, SortText, UTCDateTime
from db.prepared import Prepared

THING = sa.Table(
    "thing",
    sa.MetaData(),
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", SortText, nullable=False),
    sa.Column("at", UTCDateTime),
    sa.Column("on", sa.Date),
    sa.Column("told", Json),
    sa.Column("cost", sa.Numeric(12, 2)),
    sa.Column("good", sa.Boolean, default=True),
    sa.CheckConstraint("name <> ''", name="ck_thing_name_given"),
)
ADD = Prepared(sa.insert(THING).returning(THING.c.id))
ADD_QUIETLY = Prepared(sa.insert(THING))
FIND = Prepared(
    sa.select(THING, sa.literal("so").label("said"), THING.c.id.label("number"))
    .where(THING.c.id == sa.bindparam("ident"), THING.c.name != "nobody")
    .limit(sa.literal_column("1"))
    .offset(sa.literal_column("0"))
)
ALL = Prepared(sa.select(THING).where(THING.c.id > sa.bindparam("least")).order_by(THING.c.id))
RENAME = Prepared(sa.update(THING).values(name=sa.bindparam("new")).where(THING.c.id == sa.bindparam("ident")))


class Word(StrEnum):
    HERE = "here"


@pytest.fixture
def connection(engine):
    """A transaction in which there is a table of things."""
    with engine.execution_options(writes=True).begin() as connection:
        THING.create(connection)
        yield connection
        THING.drop(connection)


plain = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00"), max_size=8)
values = st.fixed_dictionaries({
    "name": st.one_of(plain.filter(bool), st.just(Word.HERE)),
    "at": st.none() | st.datetimes(timezones=st.just(UTC)),
    "on": st.none() | st.dates(date(1900, 1, 1)),
    "told": st.recursive(st.none() | st.booleans() | st.integers(-9, 9) | plain, lambda of: st.lists(of, max_size=2)),
    "cost": st.none() | st.decimals(-10**6, 10**6, places=2),
    "good": st.booleans() | st.none(),
})  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(values, min_size=1, max_size=3))
def test_the_rows_are_those_of_sqlalchemy(connection, rows):
    idents = [ADD.one(connection, row).id for row in rows]
    wanted = sa.select(THING, sa.literal("so").label("said"), THING.c.id.label("number")).order_by(THING.c.id)
    plainly = {row.id: row for row in connection.execute(wanted)}
    for ident, row in zip(idents, rows, strict=True):
        found = FIND.one(connection, {"ident": ident})
        assert tuple(found) == tuple(plainly[ident])
        assert [type(value) for value in found] == [type(value) for value in plainly[ident]]
        assert found._fields == tuple(plainly[ident]._fields)
        assert {name: getattr(found, name) for name in row} == row
    columns = ALL.columns(connection, {"least": 0})
    assert list(zip(*columns, strict=True)) == [tuple(row)[:-2] for row in plainly.values()]
    connection.execute(sa.delete(THING))
    ADD_QUIETLY.run(connection, rows)
    both = connection.execute(sa.select(*(THING.c[name] for name in rows[0])).order_by(THING.c.id)).all()
    assert [row._asdict() for row in both] == rows
    connection.execute(sa.delete(THING))


def test_what_is_not_there_and_what_is_changed(connection):
    assert FIND.one_or_none(connection, {"ident": 7}) is None
    assert ALL.columns(connection, {"least": 0}) == [()] * len(THING.c)
    with pytest.raises(ValueError, match="not enough values"):
        FIND.one(connection, {"ident": 7})
    ident = ADD.one(connection, {"name": "chair", "cost": Decimal("1.50")}).id
    RENAME.run(connection, [{"new": "desk", "ident": ident}, {"new": "lamp", "ident": ident}])
    assert FIND.one(connection, {"ident": ident}).name == "lamp"
    assert FIND.one(connection, {"ident": ident}).good is True  # a default of ours, which SQLAlchemy alone knows
    ADD_QUIETLY.run(connection, [])
    with pytest.raises(KeyError if connection.dialect.name == "sqlite" else sa.exc.StatementError):
        FIND.rows(connection, {})


def test_a_rule_refuses_in_the_same_words(connection):
    for broken in (lambda: ADD.one(connection, {"name": ""}), lambda: ADD_QUIETLY.run(connection, [{"name": ""}])):
        with connection.begin_nested() as point:
            with pytest.raises(IntegrityError, match="ck_thing_name_given"):
                broken()
            point.rollback()
    with connection.begin_nested() as point:
        with pytest.raises(IntegrityError, match="ck_thing_name_given"):
            ADD_QUIETLY.run(connection, [{"name": "kept"}, {"name": ""}, {"name": "never"}])
        point.rollback()
    assert connection.scalar(sa.select(sa.func.count()).select_from(THING)) == 0


def test_who_listens_hears_each_statement(connection):
    heard = []
    ADD.one(connection, {"name": "before", "good": False})
    sa.event.listen(connection, "before_cursor_execute", lambda *told: heard.append(told[2].split()[0]))
    ident = ADD.one(connection, {"name": "chair", "good": False}).id
    RENAME.run(connection, [{"new": "desk", "ident": ident}])
    assert FIND.one(connection, {"ident": ident}).name == "desk"
    assert len(ALL.columns(connection, {"least": ident - 1})) == len(THING.c)
    assert heard == ["INSERT", "UPDATE", "SELECT", "SELECT"]


def test_nothing_that_many_run_takes_the_long_way(sqlite_office):
    """A default of ours or a list of values would have SQLAlchemy run it, without a word."""
    dialect = sqlite_office.engine.dialect
    assert not ADD.goes_straight(dialect, ["name"])
    assert not Prepared(sa.select(THING).where(THING.c.id.in_([1, 2]))).goes_straight(dialect)
    found = {
        f"{name}.{told}": statement
        for name, module in sorted(sys.modules.items()) if name.startswith("cbo_desk.")
        for told, statement in vars(module).items() if isinstance(statement, Prepared)
    }  # fmt: skip
    assert len(found) >= 9
    for name, statement in found.items():
        added = statement._statement.table.c if isinstance(statement._statement, Insert) else ()
        names = [column.key for column in added if column is not added.get("id")]
        assert statement.goes_straight(dialect, names), name
