"""Reports are answered by a real streaming replica, unless it is behind, away, or follows nobody; with their age."""

from __future__ import annotations

import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from cbo_desk import tray
from cbo_desk.errors import NotRead, Refusal
from cbo_desk.office import Office
from cbo_desk.people import entities
from cbo_desk.permissions import administrator
from cbo_desk.replica import Standing, renewed, replica_of, reports_server, set_reports_server, standing_at
from cbo_desk.reports import NEEDS
from db.engine import open_engine
from scripts.wire import Wire
from tests.tray.conftest import beyond, until

NEAR = timedelta(minutes=2)


@pytest.fixture(scope="module")
def url(make_database, postgres_template):
    """One database for all: the replica copies each that is made."""
    made = make_database(postgres_template)
    yield made
    make_database.drop(made)


@contextmanager
def working(url, address):
    """An office whose reports go to a replica, on which each statement is counted."""
    office = Office(open_engine(url), administrator("ada", "Ada", "DESK-1"))
    office.write(set_reports_server, address)
    office.replica = replica_of(office.engine)
    office.asked = []
    sa.event.listen(office.replica._engine, "before_cursor_execute", lambda *given: office.asked.append(given[2]))
    # One that has not heard of a new database yet does not answer there, and one that does not answer is not behind.
    until(lambda: (now := office.replica.standing()).answers and not now.behind)
    office.asked.clear()
    yield office
    office.close()


@pytest.fixture
def at_work(url, standby):
    with working(url, f"127.0.0.1:{standby.port}") as office:
        yield office


@contextmanager
def paused(standby):
    """The replica gets what the server writes, and does not replay it."""
    engine = open_engine(standby.url())
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text("SELECT pg_wal_replay_pause()"))
        try:
            yield
        finally:
            connection.execute(sa.text("SELECT pg_wal_replay_resume()"))
    engine.dispose()


def test_only_reports_go_there_and_say_how_old_they_are(at_work):
    assert at_work.as_of(NEEDS[0]) is None
    at_work.read(NEEDS[0])
    assert at_work.asked
    assert datetime.now(UTC) - at_work.as_of(NEEDS[0]) < NEAR
    at_work.asked.clear()
    at_work.read(reports_server)
    assert not at_work.asked
    assert at_work.as_of(reports_server) is None


def test_one_that_is_behind_is_not_believed_until_it_knows_the_deed(at_work, standby):
    at_work.read(NEEDS[0])
    with paused(standby):
        at_work.write(set_reports_server, "")
        at_work.asked.clear()
        at_work.read(NEEDS[0])
        # It was asked how it stands, and nothing else; the office's server answered, and that is as of now.
        assert ["pg_last_wal_replay_lsn" in words for words in at_work.asked] == [True]
        assert at_work.as_of(NEEDS[0]) is None
        until(lambda: at_work.replica.standing().behind_s > 0.2)
        assert at_work.replica.standing().behind
    until(lambda: not at_work.replica.standing().behind)
    at_work.read(NEEDS[0])
    assert at_work.as_of(NEEDS[0]) is not None


def test_one_that_has_not_heard_of_the_database_yet_does_not_answer(make_database, postgres_template, standby):
    with paused(standby):
        made = make_database(postgres_template)
        engine = open_engine(made)
        there = f"127.0.0.1:{standby.port}"
        assert standing_at(engine, there) == Standing(answers=False)
    until(lambda: standing_at(engine, there).answers)
    engine.dispose()
    make_database.drop(made)


def test_one_that_is_away_or_hangs_costs_one_question(url, standby):
    wire = Wire(standby.port)
    with working(url, f"127.0.0.1:{wire.port}") as office:
        link = office.replica.link
        link.patience, link.answer, link.again = 0.3, 0.3, 0.1
        wire.stall()
        began = time.monotonic()
        for _ in range(3):
            office.read(NEEDS[0])
        assert time.monotonic() - began < 15  # as long as the link is patient, and not three times
        assert office.as_of(NEEDS[0]) is None
        assert link.away
        wire.mend()
        until(lambda: not link.away)
        office.replica._not_before = 0.0
        office.read(NEEDS[0])
        assert office.as_of(NEEDS[0]) is not None
    wire.close()


def test_reports_go_on_while_the_office_s_server_is_away(url, postgres_server, standby, tmp_path):
    wire = Wire(postgres_server.port)
    with working(beyond(url, wire), f"127.0.0.1:{standby.port}") as office:
        tray.begin(office, tmp_path).look()
        wire.cut()
        office.link.lost()
        office.read(NEEDS[0])
        assert office.as_of(NEEDS[0]) is not None
        with pytest.raises(NotRead):
            office.read(entities)
        tray.end(office)
    wire.close()


def test_a_server_that_follows_nobody_is_no_replica(url, postgres_server, standby):
    """As one that was promoted: it goes its own way from there."""
    own = f"127.0.0.1:{postgres_server.port}"
    with working(url, own) as office:
        office.read(NEEDS[0])
        assert office.as_of(NEEDS[0]) is None
        assert not office.replica.standing().follows
        assert not standing_at(office.engine, own).follows
        there = standing_at(office.engine, f"127.0.0.1:{standby.port}")
        assert (there.answers, there.follows) == (True, True)
        assert standing_at(office.engine, "127.0.0.1:1") == Standing(answers=False)


def test_another_one_is_followed_without_a_new_start(at_work, postgres_server):
    first = at_work.replica
    assert renewed(at_work.engine, first) is first
    at_work.write(set_reports_server, f"127.0.0.1:{postgres_server.port}")
    second = renewed(at_work.engine, first)
    assert second.address.endswith(str(postgres_server.port))
    at_work.write(set_reports_server, "")
    at_work.replica = renewed(at_work.engine, second)
    assert at_work.replica is None
    at_work.read(NEEDS[0])


def test_a_report_is_read_only(at_work):
    """Whatever a report does there, it changes nothing."""
    with at_work.replica.engine.connect() as connection, pytest.raises(sa.exc.DBAPIError, match="read-only"):
        connection.execute(sa.text("DELETE FROM change_log"))


def test_what_is_no_address(url):
    office = Office(open_engine(url), administrator("ada", "Ada"))
    for address in ("a b", "postgresql://x/y", "ada@host", "host:port"):
        with pytest.raises(Refusal, match="Write the server's name"):
            office.write(set_reports_server, address)
    office.close()


def test_a_file_has_no_replica(sqlite_office):
    assert replica_of(sqlite_office.engine) is None
    sqlite_office.write(set_reports_server, "replica.example:5433")  # as one that was moved here from a server
    assert replica_of(sqlite_office.engine) is None
    assert renewed(sqlite_office.engine, None) is None
