"""What people do with the program on the office's server, each in their own name and with their own rights alone."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys

import psycopg
import pytest

from cbo_desk import audit, integrity
from cbo_desk.backup import backup, restore
from cbo_desk.compound import open_office
from cbo_desk.demo import make_demo
from cbo_desk.errors import Refusal, Trouble
from cbo_desk.imports import Rows
from cbo_desk.integrity import mend_rules
from cbo_desk.moving import move
from cbo_desk.office import Office
from cbo_desk.people import accounts, add_account, set_password, set_roles, turn_on_accounts
from cbo_desk.people.signing_in import sign_in
from cbo_desk.permissions import Role, administrator
from cbo_desk.property import figures
from cbo_desk.property.import_fields import FIELDS, AssetLookup
from cbo_desk.property.importing import import_assets
from cbo_desk.restoring import command_for
from cbo_desk.secret import Secret
from cbo_desk.tabular import Choices, check, open_table, suggest_mapping
from db import guard
from db.engine import open_engine
from tests.cli.conftest import ROOT
from tests.server.conftest import CLERKS, SECRET, other_compound

pytestmark = pytest.mark.may_skip("a computer without PostgreSQL of its own cannot serve an office")
REGISTER = "Asset Nr;Agency;Item description;Cost\rUNX-01;{agency};Tablet;598,00\rUNX-02;{agency};Chair;40,00\r"


@pytest.fixture(scope="module")
def fresh(served):
    """Another compound on the same server."""
    with other_compound(served, "moved") as address:
        yield address


def bring_in(office, agency, series="UNX"):
    table = open_table(REGISTER.format(agency=agency).replace("UNX", series).encode())
    found = check(table, suggest_mapping(table.names, FIELDS), FIELDS, Choices(), AssetLookup(office))
    return office.write(import_assets, Rows("register.csv", found.ready)).said


def test_from_a_file_to_the_office_s_server_and_back(served, fresh, sqlite_url, tmp_path):
    file = Office(open_engine(sqlite_url), administrator("clerk", "Local Clerk", "DESK-1"))
    file.write(make_demo, 0.05)
    file.write(turn_on_accounts, "ann", "Ann Wanjiru", Secret("wooden ladder moon"))
    file.write(add_account, "kim", "Kim Otieno", {"mail": Role.CLERK}, Secret("silver anchor rope"))
    before = file.read(figures).total
    with pytest.raises(Refusal, match="holds tables already"):
        move(file, served.url())  # somebody works there
    first = open_office(fresh())  # as `server init` leaves it: its administrator has a name already
    first.write(turn_on_accounts, "ada", "Ada Otieno", SECRET)
    first.close()
    move(file, fresh())
    file.close()
    ada = open_office(fresh())
    assert (ada.actor.name, ada.actor.roles["settings"]) == ("Ada Otieno", Role.ADMINISTRATOR)
    assert ada.read(figures).total == before
    assert ada.read(audit.verify).bad_seq is None
    # Who had an account in the file has it still, and comes in once the server knows a password.
    assert [(row.login, row.known) for row in ada.read(accounts)] == [("ada", True), ("ann", False), ("kim", False)]
    [kim] = [row.id for row in ada.read(accounts) if row.login == "kim"]
    ada.write(set_password, kim, CLERKS)
    open_office(fresh("kim", CLERKS)).close()
    [agency] = [row[0] for row in ada.engine.connect().exec_driver_sql("SELECT code FROM entity LIMIT 1")]
    daily(served, ada, open_office(fresh("kim", CLERKS)), agency, tmp_path)
    # And back into a file, which asks ada for the password that she has.
    back = tmp_path / "back.db"
    move(ada, str(back))
    ada.close()
    again = open_office(str(back))
    assert again.read(figures).total == before + 2
    assert sign_in(again, "ada", SECRET, "DESK-1").roles["settings"] == Role.ADMINISTRATOR
    with pytest.raises(Refusal):
        sign_in(again, "ada", Secret("something else"), "DESK-1")
    assert all(finding.ok for finding in integrity.check(again))
    again.close()


def daily(served, ada, kim, agency, tmp_path):
    """A register comes in by a clerk's hand, a backup is made and the rules are put back, with nobody a superuser."""
    with pytest.raises(Refusal):
        bring_in(kim, agency)
    kim.close()
    ada.write(set_roles, [row.id for row in ada.read(accounts) if row.login == "kim"][0], {"property": Role.CLERK})
    kim = open_office(ada.engine.url.set(username="kim", password=CLERKS.reveal()).render_as_string(False))
    assert bring_in(kim, agency) == "register.csv: 2 assets created, 0 updated."
    kim.close()
    assert backup(ada, tmp_path / "a.backup").rows > 100
    put_back(served, ada, agency, tmp_path / "a.backup")
    assert all(finding.ok for finding in integrity.check(ada))
    with served.as_superuser(dbname="moved") as owner:
        owner.execute("DROP TRIGGER tr_audit_entry_append_only ON audit_entry")
    assert "1 rule of the database put back" in ada.write(mend_rules).said
    assert all(finding.ok for finding in integrity.check(ada))


def belongs(connection):
    """What a database on the server is: who owns it and every object in it, with which rights, kept by which rules."""
    # Rights are told in the order in which they were given.
    told = "ARRAY(SELECT one::text FROM unnest({}) AS one ORDER BY 1)"
    asked = (
        f"SELECT datdba::regrole::text, {told.format('datacl')} FROM pg_database WHERE datname = current_database()",
        f"SELECT nspowner::regrole::text, {told.format('nspacl')} FROM pg_namespace WHERE nspname = 'public'",
        f"SELECT relname, relkind::text, relowner::regrole::text, {told.format('relacl')}, relrowsecurity, "
        "relforcerowsecurity FROM pg_class WHERE relnamespace = 'public'::regnamespace ORDER BY 1",
        f"SELECT proname, proargtypes::text, proowner::regrole::text, {told.format('proacl')}, prosecdef, "
        "proconfig::text, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND NOT EXISTS "
        "(SELECT 1 FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e') ORDER BY 1, 2",
        "SELECT polname, polrelid::regclass::text, polcmd::text, pg_get_expr(polqual, polrelid), "
        "pg_get_expr(polwithcheck, polrelid) FROM pg_policy WHERE polrelid IN "
        "(SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace) ORDER BY 1",
        "SELECT tgname, tgenabled::text, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal AND tgrelid IN "
        "(SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace) ORDER BY 1",
    )
    return [connection.execute(one).fetchall() for one in asked]


def same(served, one, there):
    """Whether the database of that name is in owners, rights and rules what the one connected to is."""
    with served.as_superuser(dbname=there) as other:
        differ = [set(map(str, a)) ^ set(map(str, b)) for a, b in zip(belongs(one), belongs(other), strict=True)]
        assert differ == [set()] * 6


def put_back(served, ada, agency, file):
    """The backup of an account with a password goes into a database that is not there yet, by the copied command."""
    words = shlex.split(command_for(ada, file).replace("SUPERUSER", "cbo_superuser"))
    secret = (served.cluster.folder / "superuser.secret").read_text()
    environment = {**os.environ, "PGPASSWORD": secret, "CBO_DATA": str(file.parent / "data")}
    told = subprocess.run(
        [sys.executable, str(ROOT / words[0]), *words[1:]],
        cwd=file.parent, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert told.returncode == 0, told.stderr
    there = ada.engine.url.database + "_restored"
    with served.as_superuser(dbname=ada.engine.url.database) as one:
        same(served, one, there)
        # The control: what the comparison sees.
        one.execute("GRANT DELETE ON audit_entry TO cbo_staff")
        with pytest.raises(AssertionError, match="audit_entry"):
            same(served, one, there)
        one.execute("REVOKE DELETE ON audit_entry FROM cbo_staff")
        # In the place of what stands there it is the same; without a superuser's rights it is nothing at all.
        again = ada.engine.url.set(username="cbo_superuser", password=secret, database=there)
        assert restore(file, again.render_as_string(False), overwrite=True).kept_aside
        same(served, one, there)
        with pytest.raises((Refusal, Trouble), match=r"Nothing was changed\."):
            restore(file, ada.engine.url.set(database="nowhere").render_as_string(False))
    try:
        url = ada.engine.url.set(database=there)
        again = open_office(url.render_as_string(False))
        assert again.read(figures) == ada.read(figures)
        assert guard.deviations(again.engine) == []
        assert all(finding.ok for finding in integrity.check(again))
        kim = open_office(url.set(username="kim", password=CLERKS.reveal()).render_as_string(False))
        assert bring_in(kim, agency, "UNY") == "register.csv: 2 assets created, 0 updated."
        kim.close()
        assert again.read(audit.verify).bad_seq is None
        again.close()
        with served.connect("kim", CLERKS, dbname=there) as clerk:
            for attack in ("DELETE FROM audit_entry", "UPDATE asset_event SET at = now()", "SET ROLE cbo_owner",
                           "ALTER TABLE mail_secret DISABLE ROW LEVEL SECURITY", "CREATE TABLE mine (n int)",
                           "SELECT cbo_let_in('ada', false)"):  # fmt: skip
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    clerk.execute(attack)
    finally:
        with served.as_superuser() as owner:
            owner.execute(f"DROP DATABASE {there} WITH (FORCE)")
