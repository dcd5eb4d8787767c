"""Instants, texts and engines keep their promises on both engines."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from threading import Timer

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import StatementError

from db.base import SortText, UTCDateTime
from db.engine import open_engine, read_url, sqlite_module, wal_is_sound

TABLE = sa.Table(
    "probe",
    sa.MetaData(),
    sa.Column("n", sa.Integer, primary_key=True),
    sa.Column("at", UTCDateTime),
    sa.Column("name", SortText),
)
INSTANTS = st.datetimes(
    min_value=datetime(1000, 1, 2),  # noqa: DTZ001
    max_value=datetime(9999, 12, 30),  # noqa: DTZ001
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=3)), timezone(timedelta(hours=-9, minutes=-30))]),
)
TEXTS = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=20)


@pytest.fixture
def probe(engine):
    TABLE.create(engine)
    return engine


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(INSTANTS, TEXTS), min_size=1, max_size=30))
def test_instants_and_texts_come_back_in_pythons_order(probe, rows):
    with probe.connect() as connection:
        connection.execute(sa.insert(TABLE), [{"n": n, "at": at, "name": name} for n, (at, name) in enumerate(rows)])
        by_time = connection.scalars(sa.select(TABLE.c.at).order_by(TABLE.c.at)).all()
        by_name = connection.scalars(sa.select(TABLE.c.name).order_by(TABLE.c.name)).all()
        connection.rollback()
    assert by_time == sorted(at for at, _ in rows)
    assert all(at.tzinfo is UTC or at.utcoffset() == timedelta(0) for at in by_time)
    assert by_name == sorted(name for _, name in rows)


def test_an_instant_without_a_zone_is_refused(probe):
    with probe.connect() as connection, pytest.raises(StatementError, match="needs a time zone"):
        connection.execute(sa.insert(TABLE), {"n": 1, "at": datetime(2026, 8, 24, 9, 0)})  # noqa: DTZ001


def test_sqlite_is_opened_as_promised(sqlite_url):
    engine = open_engine(sqlite_url)
    with engine.connect() as connection:
        asked = ("journal_mode", "synchronous", "foreign_keys", "recursive_triggers")
        found = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in asked}
    engine.dispose()
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "recursive_triggers": 1}
    assert wal_is_sound(sqlite_module().sqlite_version_info)


def test_a_server_is_opened_as_promised(postgres_url):
    engine = open_engine(postgres_url)
    with engine.connect() as connection:
        asked = ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout", "timezone")
        found = [connection.exec_driver_sql(f"SHOW {name}").scalar() for name in asked]
    engine.dispose()
    assert found == ["3s", "30s", "1min", "UTC"]


@pytest.mark.parametrize(
    ("version", "sound"),
    [((3, 40, 1), False), ((3, 44, 5), False), ((3, 44, 6), True), ((3, 50, 7), True), ((3, 51, 2), False),
     ((3, 51, 3), True), ((3, 53, 4), True)],
)  # fmt: skip
def test_which_sqlite_may_use_write_ahead_logging(version, sound):
    assert wal_is_sound(version) is sound


def test_an_unsound_sqlite_falls_back(sqlite_url, monkeypatch):
    monkeypatch.setattr("db.engine.wal_is_sound", lambda _version: False)
    engine = open_engine(sqlite_url)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "delete"
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 3
    engine.dispose()


def test_what_a_person_writes_is_read(tmp_path):
    assert read_url(str(tmp_path / "a.db")).database == str(tmp_path / "a.db")
    assert read_url("postgresql://ada@host/compound").drivername == "postgresql+psycopg"


def test_a_new_file_that_somebody_begins_to_write_to_is_waited_for(tmp_path):
    """SQLite itself waits for nobody before it changes how a file is written: it says at once that it is locked."""
    path, sqlite = tmp_path / "new.db", sqlite_module()
    with closing(sqlite.connect(path, isolation_level=None, check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        other.execute("CREATE TABLE first (n)")
        with closing(sqlite.connect(path)) as one, pytest.raises(sqlite.OperationalError, match="locked"):
            one.execute("PRAGMA journal_mode=WAL")  # the control: with a patience of five seconds
        Timer(0.2, other.execute, ["COMMIT"]).start()
        engine = open_engine(str(path))
        with engine.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
            assert connection.exec_driver_sql("SELECT count(*) FROM first").scalar() == 0
        engine.dispose()
