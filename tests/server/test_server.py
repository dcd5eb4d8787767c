"""The office's own server: only known people over TLS, each under their own name, and nobody who was sent away."""

from __future__ import annotations

import psycopg
import pytest
import sqlalchemy as sa

from cbo_desk import audit
from cbo_desk.compound import needs_sign_in, open_office, prepare
from cbo_desk.errors import Refusal, Trouble
from cbo_desk.people import (
    EntityForm,
    accounts,
    add_account,
    add_entity,
    change_password,
    disable_account,
    enable_account,
    remove_account,
    set_password,
    set_roles,
)
from cbo_desk.permissions import DESKS, Role
from cbo_desk.secret import Secret
from cbo_desk.server.certificates import fingerprint_at, same_fingerprint
from cbo_desk.server.cluster import Cluster, init_server, start_server, status_of, stop_server
from db import guard
from tests.server.conftest import CLERKS, SECRET, free_port

pytestmark = pytest.mark.may_skip("a computer without PostgreSQL of its own cannot serve an office")


@pytest.fixture
def office(served):
    opened = open_office(served.url())
    yield opened
    opened.close()


def test_what_was_made(served, office):
    assert guard.deviations(office.engine) == []
    assert office.actor.login == "ada"
    assert office.actor.roles["settings"] == Role.ADMINISTRATOR
    assert not needs_sign_in(office.engine)
    assert office.read(audit.verify).bad_seq is None
    with served.as_superuser() as connection:
        settings = {name: connection.execute(f"SHOW {name}").fetchone()[0] for name in ("ssl", "data_checksums")}
        assert settings == {"ssl": "on", "data_checksums": "on"}
        hashes = connection.execute("SELECT rolname, left(rolpassword, 14) FROM pg_authid WHERE rolcanlogin").fetchall()
        assert set(dict(hashes)) >= {"ada", "ben", "cbo_superuser"}
        assert set(dict(hashes).values()) == {"SCRAM-SHA-256$"}
        owners = connection.execute("SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'").fetchall()
        assert owners == [("cbo_owner",)]
    for secret in (served.cluster.folder / "superuser.secret", served.cluster.data / "server.key"):
        assert secret.stat().st_mode & 0o077 == 0


def test_only_with_a_password_over_tls(served):
    with pytest.raises(psycopg.OperationalError, match="pg_hba"):
        served.connect(sslmode="disable")
    with pytest.raises(psycopg.OperationalError, match="password authentication"):
        served.connect(password=Secret("something else"))
    with pytest.raises(psycopg.OperationalError, match="certificate"):
        served.connect(sslrootcert="/etc/ssl/certs/ca-certificates.crt")


def test_the_fingerprint_is_the_servers(served):
    shown = fingerprint_at("localhost", served.cluster.port)
    assert same_fingerprint(shown.fingerprint, served.made.fingerprint.lower().replace(":", " "))
    assert shown.names == ("localhost",)
    with pytest.raises(Trouble, match="No server answers"):
        fingerprint_at("localhost", free_port())


def test_a_clerk_works_under_their_own_name(served):
    office = open_office(served.url("ben", CLERKS))
    assert (office.actor.login, office.actor.name) == ("ben", "Ben Wafula")
    office.write(add_entity, EntityForm("ZZZ", "Office of tests"))
    with office.engine.connect() as connection:
        wanted = "SELECT actor FROM audit_entry ORDER BY seq DESC LIMIT 1"
        assert connection.exec_driver_sql(wanted).scalar() == "ben"
    with pytest.raises(Refusal, match="administrator"):
        office.write(add_account, "eve", "Eve", {}, CLERKS)
    office.close()


def test_who_comes_and_goes(served, office):
    first, second = Secret("copper kettle song"), Secret("wooden ladder moon")
    ident = office.write(add_account, "cyd", "Cyd Njeri", {"mail": Role.CLERK}, first).ids[0]
    served.connect("cyd", first).close()
    office.write(set_password, ident, second)
    with pytest.raises(psycopg.OperationalError):
        served.connect("cyd", first)
    theirs = open_office(served.url("cyd", second))
    with pytest.raises(Refusal, match="not your password"):
        theirs.write(change_password, first, Secret("silver anchor rope"))
    theirs.write(change_password, second, first)
    served.connect("cyd", first).close()
    office.write(disable_account, ident)
    with pytest.raises((Refusal, Trouble)):
        theirs.write(add_entity, EntityForm("YYY", "Nobody"))  # sent away in the middle of work
    theirs.close()
    with pytest.raises(psycopg.OperationalError, match="not permitted to log in"):
        served.connect("cyd", first)
    office.write(enable_account, ident)
    office.write(set_roles, ident, dict.fromkeys(DESKS, Role.ADMINISTRATOR))
    theirs = open_office(served.url("cyd", first))
    theirs.write(set_roles, ident, {"mail": Role.CLERK})  # as an administrator may, for the last time
    with pytest.raises(sa.exc.ProgrammingError, match="permission denied"), theirs.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE account_role SET role = 4")
    theirs.close()
    assert [row.login for row in office.read(accounts)] == ["ada", "ben", "cyd"]


def test_a_login_that_was_just_made_can_be_taken_back(served, office):
    made = office.write(add_account, "dot", "Dot Achieng", {"mail": Role.CLERK}, CLERKS)
    office.write(remove_account, *made.ids)
    with served.as_superuser() as connection:
        assert connection.execute("SELECT 1 FROM pg_roles WHERE rolname = 'dot'").fetchone() is None


def test_somebody_without_an_account_is_told_so(served):
    with served.as_superuser() as connection:
        connection.execute("CREATE ROLE gus LOGIN PASSWORD 'a long enough word' IN ROLE cbo_staff")
    with pytest.raises(Refusal, match="no account of that name"):
        open_office(served.url("gus", Secret("a long enough word")))


def test_passwords_never_reach_the_log(served, office):
    office.write(set_password, [row.id for row in office.read(accounts) if row.login == "ben"][0], CLERKS)
    log = (served.cluster.data / "log.txt").read_text()
    for secret in (SECRET, CLERKS):
        assert secret.reveal() not in log


def test_a_newer_form_of_the_tables_is_an_administrators_matter(served, monkeypatch):
    with served.as_superuser() as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0001'")
    try:
        with pytest.raises(Refusal, match=r"An administrator \(ada\) opens it once with this version"):
            prepare(served.url("ben", CLERKS))
    finally:
        from db.schema import NEWEST

        with served.as_superuser() as connection:
            connection.execute("UPDATE alembic_version SET version_num = %s", (NEWEST,))


def test_stopping_and_starting(served, office):
    stop_server(served.cluster)
    assert not status_of(served.cluster).running
    with pytest.raises(Trouble):
        office.read(accounts)
    start_server(served.cluster)
    start_server(served.cluster)  # a second time does nothing
    assert status_of(served.cluster).running
    assert len(office.read(accounts)) >= 2


def test_what_makes_no_server_is_refused_and_leaves_nothing(place, run_as, tmp_path):
    held = place / "held"
    held.mkdir(exist_ok=True)
    (held / "letter.txt").write_text("keep me")
    with pytest.raises(Refusal, match="holds something"):
        init_server(Cluster(held, run_as=run_as))
    with pytest.raises(Refusal, match="give both"):
        init_server(Cluster(place / "half", run_as=run_as), certificate=tmp_path / "a.crt")
    wrong = tmp_path / "a.crt"
    wrong.write_text("no certificate")
    with pytest.raises(Refusal, match="no certificate in PEM form"):
        init_server(Cluster(place / "wrong", free_port(), run_as=run_as), wrong, wrong)
    assert not (place / "wrong").exists()
    with pytest.raises(Refusal, match="There is no server"):
        status_of(Cluster(place / "nowhere", run_as=run_as))
    assert sorted(path.name for path in held.iterdir()) == ["letter.txt"]
