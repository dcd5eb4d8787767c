"""Reports are answered by a replica, unless it is behind or away; the streaming itself is in benchmarks/replica.py."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from cbo_desk.errors import Refusal
from cbo_desk.office import Office
from cbo_desk.permissions import administrator
from cbo_desk.replica import Replica, replica_of, reports_server, set_reports_server
from cbo_desk.reports import NEEDS
from db.engine import open_engine


@pytest.fixture
def at_work(postgres_url, postgres_server):
    """An office whose reports go through a second way to its server, on which each statement is counted."""
    office = Office(open_engine(postgres_url), administrator("ada", "Ada", "DESK-1"))
    office.write(set_reports_server, f"127.0.0.1:{postgres_server.port}")
    office.replica = replica_of(office.engine)
    office.asked = []
    sa.event.listen(office.replica._engine, "before_cursor_execute", lambda *given: office.asked.append(given[2]))
    yield office
    office.close()


def test_only_reports_go_there(at_work):
    at_work.read(NEEDS[0])
    assert at_work.asked
    at_work.asked.clear()
    at_work.read(reports_server)
    assert not at_work.asked


def test_one_that_is_behind_is_not_believed(at_work):
    at_work.replica._place = "FFFFFFFF/0"
    at_work.asked.clear()
    at_work.read(NEEDS[0])
    # It was asked how far it is, and nothing else.
    assert ["pg_last_wal_replay_lsn" in words for words in at_work.asked] == [True]


def test_a_deed_must_be_known_before_it_answers_again(at_work):
    before = at_work.replica._place
    at_work.write(set_reports_server, "")
    assert at_work.replica._place != before


def test_one_that_is_away_costs_one_question(at_work):
    engine = open_engine(at_work.engine.url.set(port=1))
    at_work.replica.close()
    at_work.replica = Replica(engine)
    at_work.replica.note(at_work.engine)
    tried = []
    sa.event.listen(engine, "do_connect", lambda *given: tried.append(given))
    for _ in range(3):
        at_work.read(NEEDS[0])
    assert len(tried) == 1


def test_a_report_is_read_only(at_work):
    """Whatever a report does there, it changes nothing."""
    with at_work.replica.engine.connect() as connection, pytest.raises(sa.exc.DBAPIError, match="read-only"):
        connection.execute(sa.text("DELETE FROM change_log"))


@pytest.mark.parametrize("address", ["a b", "postgresql://x/y", "ada@host", "host:port"])
def test_what_is_no_address(postgres_url, address):
    office = Office(open_engine(postgres_url), administrator("ada", "Ada"))
    with pytest.raises(Refusal, match="Write the server's name"):
        office.write(set_reports_server, address)
    office.close()


def test_a_file_has_no_replica(sqlite_office):
    assert replica_of(sqlite_office.engine) is None
