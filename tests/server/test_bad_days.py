"""Bad days of a server, each a sentence, and nothing is lost: expired, full, too new, and clocks that disagree."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from cbo_desk import audit, doctor, server_clock
from cbo_desk.attachments import attach
from cbo_desk.compound import open_office
from cbo_desk.errors import Refusal, Trouble
from cbo_desk.people import EntityForm, accounts, add_entity, entities, set_password
from db.schema import NEWEST
from tests.server.conftest import CLERKS

pytestmark = pytest.mark.may_skip("a computer without PostgreSQL of its own cannot serve an office")


@pytest.fixture
def office(served):
    office = open_office(served.url())
    yield office
    office.close()


def codes(office):
    return [row.code for row in office.read(entities)]


def paper():
    """A paper of a megabyte and a half that no server can pack smaller."""
    return b"%PDF-1.4\n" + os.urandom(1_500_000)


def test_a_password_that_has_run_out_is_said_and_a_new_one_lets_in(served, office):
    with served.as_superuser() as connection:
        connection.execute("ALTER ROLE ben VALID UNTIL '2020-01-01'")
    with pytest.raises(Refusal, match="may also have run out: an administrator gives a new one"):
        open_office(served.url("ben", CLERKS))
    [ben] = [row.id for row in office.read(accounts) if row.login == "ben"]
    office.write(set_password, ben, CLERKS)
    open_office(served.url("ben", CLERKS)).close()


def fill(office, ident, saved):
    while next(saved) < 6:
        office.write(attach, "people.entity", ident, "plan.pdf", paper())


def test_a_full_disk_is_said_nothing_is_half_saved_and_work_goes_on(office, small_disk):
    before = codes(office)
    ident = office.write(add_entity, EntityForm("FULL", "Full disk")).ids[0]
    head = office.read(audit.verify).entries
    saved = count()
    with pytest.raises(Trouble, match=r"The server's disk is full: tell its administrator\. Nothing was saved\."):
        fill(office, ident, saved)
    saved = next(saved) - 1
    # Neither half a paper nor an entry of it; what needs no room on that disk goes on.
    assert office.read(audit.verify) == audit.Proof(head + saved)
    office.write(add_entity, EntityForm("GOES", "Goes on"))
    assert codes(office) == sorted([*before, "FULL", "GOES"])
    small_disk()
    office.write(attach, "people.entity", ident, "plan.pdf", paper())
    assert office.read(audit.verify) == audit.Proof(head + saved + 2)


def test_a_server_of_a_newer_program_is_refused_in_words(served):
    with served.as_superuser() as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    try:
        with pytest.raises(Refusal, match=r"made by a newer CBO Desk \(schema 9999\)"):
            open_office(served.url("ben", CLERKS))
    finally:
        with served.as_superuser() as connection:
            connection.execute("UPDATE alembic_version SET version_num = %s", (NEWEST,))


def test_a_workstation_whose_clock_is_an_hour_off_writes_the_servers_time(served, monkeypatch):
    ahead = lambda: datetime.now(UTC) + timedelta(hours=1)  # noqa: E731
    monkeypatch.setattr(server_clock, "own_clock", ahead)
    monkeypatch.setattr(doctor, "own_clock", ahead)
    office = open_office(served.url("ben", CLERKS))
    office.write(add_entity, EntityForm("HOUR", "An hour ahead"))
    with office.engine.connect() as connection:
        [at] = connection.exec_driver_sql("SELECT at FROM audit_entry ORDER BY seq DESC LIMIT 1").one()
    assert abs(datetime.now(UTC) - at) < timedelta(minutes=5)
    office.close()
    [told] = [one for one in doctor.examine(served.url("ben", CLERKS)) if one.what == "clock"]
    assert not told.ok
    assert abs(float(told.found.split()[0]) + 3600) < 300
