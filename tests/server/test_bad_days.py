"""Bad days of a server, each a sentence, and nothing is lost: expired, full, too new, and clocks that disagree."""

from __future__ import annotations

import os
import socket
import threading
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


def test_no_place_left_at_the_server_is_no_server_that_is_away(served, office):
    with served.as_superuser() as connection:
        connection.execute("ALTER ROLE ben CONNECTION LIMIT 0")
    try:
        with pytest.raises(Trouble, match="Too many workstations are connected to the server localhost at once"):
            open_office(served.url("ben", CLERKS))
    finally:
        with served.as_superuser() as connection:
            connection.execute("ALTER ROLE ben CONNECTION LIMIT -1")


@pytest.mark.parametrize(
    ("answer", "how", "told"),
    [
        ("", "?sslmode=require", "does not answer"),  # it dies while TLS begins, which libpq calls an error of SSL
        ("", "", "does not answer"),
        ("the database system is starting up", "", "is being started or stopped"),
        ("sorry, too many clients already", "", "Too many workstations"),
    ],
)
def test_what_a_server_says_that_is_on_its_way(answer, how, told):
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve():
            while True:
                try:
                    met, _where = listening.accept()
                except OSError:
                    return
                with met:
                    met.recv(8)
                    met.sendall(b"N" if answer else b"S")
                    if answer:
                        met.recv(1000)
                        said = b"SFATAL\0VFATAL\0C57P03\0M" + answer.encode() + b"\0\0"
                        met.sendall(b"E" + (len(said) + 4).to_bytes(4, "big") + said)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            with pytest.raises(Trouble, match=told):
                open_office(f"postgresql://ben:x@127.0.0.1:{listening.getsockname()[1]}/compound{how}")
        finally:
            listening.shutdown(socket.SHUT_RDWR)
            thread.join(10)


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
