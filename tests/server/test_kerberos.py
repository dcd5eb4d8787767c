"""Signing in with the ticket of the site's Kerberos instead of a password: a real KDC on this computer.

Without MIT Kerberos's own programs (apt install krb5-kdc krb5-admin-server krb5-user) there is none to ask.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from pathlib import Path

import psycopg
import pytest

from cbo_desk.compound import open_office
from cbo_desk.errors import Refusal
from cbo_desk.people import EntityForm, add_entity
from cbo_desk.people.signing_in import unlock
from cbo_desk.secret import Secret
from tests.server.conftest import free_port
from tests.ui.application.conftest import home, start
from ui.first_run.sign_in import SignInPage
from ui.first_run.trouble import TroublePage

pytestmark = pytest.mark.may_skip("a computer without Kerberos's programs, or without PostgreSQL of its own")
REALM = "OFFICE.TEST"
__all__ = ["home", "start"]


def program(name):
    return shutil.which(name) or shutil.which(name, path="/usr/sbin:/sbin")


def run(*command, **more):
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=30, **more)


@pytest.fixture
def kdc(tmp_path, monkeypatch, served, run_as):
    """A realm with ben in it, and the office's server as one of its services."""
    needed = ("krb5kdc", "kdb5_util", "kadmin.local", "kinit")
    if not all(map(program, needed)):
        pytest.skip("there is no Kerberos here")
    port = free_port()
    monkeypatch.setenv("KRB5_CONFIG", str(tmp_path / "krb5.conf"))
    monkeypatch.setenv("KRB5_KDC_PROFILE", str(tmp_path / "kdc.conf"))
    monkeypatch.setenv("KRB5CCNAME", f"FILE:{tmp_path / 'tickets'}")
    (tmp_path / "krb5.conf").write_text(
        f"[libdefaults]\n default_realm = {REALM}\n dns_lookup_kdc = false\n rdns = false\n"
        f" dns_canonicalize_hostname = false\n[realms]\n {REALM} = {{\n  kdc = 127.0.0.1:{port}\n }}\n"
        f"[domain_realm]\n localhost = {REALM}\n"
    )
    (tmp_path / "kdc.conf").write_text(
        f"[kdcdefaults]\n kdc_listen = 127.0.0.1:{port}\n kdc_tcp_listen = 127.0.0.1:{port}\n[realms]\n {REALM} = {{\n"
        f"  database_name = {tmp_path / 'principals'}\n  key_stash_file = {tmp_path / 'stash'}\n"
        f"  acl_file = {tmp_path / 'acl'}\n }}\n"
    )
    run(program("kdb5_util"), "create", "-s", "-r", REALM, "-P", "master key of tests")
    keytab = served.cluster.data / "krb5.keytab"
    for asked in ("addprinc -pw greenbottles ben", "addprinc -randkey postgres/localhost",
                  f"ktadd -k {keytab} postgres/localhost"):  # fmt: skip
        run(program("kadmin.local"), "-r", REALM, "-q", asked)
    if run_as:
        shutil.chown(keytab, run_as)
    server = subprocess.Popen([program("krb5kdc"), "-n", "-r", REALM], stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL)  # fmt: skip
    door = served.cluster.data / "pg_hba.conf"
    before = door.read_text()
    door.write_text(f"hostssl all ben all gss include_realm=0 krb_realm={REALM}\n{before}")
    with served.as_superuser() as owner:
        owner.execute(f"ALTER SYSTEM SET krb_server_keyfile = '{keytab}'")
        owner.execute("SELECT pg_reload_conf()")
    yield tmp_path
    server.terminate()
    server.wait(10)
    door.write_text(before)
    with served.as_superuser() as owner:
        owner.execute("ALTER SYSTEM RESET krb_server_keyfile")
        owner.execute("SELECT pg_reload_conf()")
    keytab.unlink()


def ticket(seconds=20):
    """A ticket for ben, as signing in to the computer gives one; the KDC may take a moment to listen."""
    end = time.monotonic() + seconds
    while True:
        try:
            return run(program("kinit"), "ben", input="greenbottles\n")
        except subprocess.CalledProcessError:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)


def reloaded(served, seconds=20):
    """Wait until the server asks for tickets: it reads its settings anew a moment after it was told."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            served.connect("ben", Secret("not a word"), gssencmode="disable").close()
        except psycopg.OperationalError as error:
            if "gss" in str(error).lower():
                return
        time.sleep(0.1)


def test_a_ticket_opens_the_compound_and_its_absence_is_said(served, kdc):
    reloaded(served)
    url = f"postgresql://ben@localhost:{served.cluster.port}/{served.made.database}"
    url += f"?sslmode=verify-full&sslrootcert={served.made.certificate}&gssencmode=disable"
    with pytest.raises(Refusal, match="ticket"):
        open_office(url)
    ticket()
    office = open_office(url)
    assert (office.actor.login, office.actor.name) == ("ben", "Ben Wafula")
    office.write(add_entity, EntityForm("KRB", "By ticket"))
    with office.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT actor FROM audit_entry ORDER BY seq DESC LIMIT 1").scalar() == "ben"
    # Any word would do where the ticket lets in: this screen is locked by the computer's own lock alone.
    with pytest.raises(Refusal, match="the computer's own"):
        unlock(office, Secret("any word at all"))
    office.close()
    Path(os.environ["KRB5CCNAME"].removeprefix("FILE:")).unlink()
    with pytest.raises(Refusal, match="ticket"):
        open_office(url)


def test_a_ticket_is_no_question_in_the_window(served, kdc, start, qtbot, monkeypatch):
    reloaded(served)
    ticket()
    url = f"postgresql://ben@localhost:{served.cluster.port}/{served.made.database}"
    url += f"?sslmode=verify-full&sslrootcert={served.made.certificate}&gssencmode=disable"
    opening = start(url)
    qtbot.waitUntil(lambda: bool(opening.frame.sidebar.compound.words()), timeout=30_000)
    opening.finish()
    asked = []
    monkeypatch.setattr(SignInPage, "focus_first", lambda page: asked.append(page))
    opening = start(wait="")  # the next day, by what this workstation remembers
    qtbot.waitUntil(lambda: opening.window is not None, timeout=30_000)
    assert asked == []
    # Who signs out comes to the door; without a password it is the ticket again.
    assert opening.frame.actions_.run("person.sign_out")
    qtbot.waitUntil(lambda: isinstance(opening.frame.pages.currentWidget(), SignInPage), timeout=30_000)
    page = opening.frame.pages.currentWidget()
    page.offer()
    qtbot.waitUntil(lambda: opening.window is not None, timeout=30_000)
    opening.finish()
    Path(os.environ["KRB5CCNAME"].removeprefix("FILE:")).unlink()
    opening = start(wait="")
    qtbot.waitUntil(lambda: isinstance(opening.frame.pages.currentWidget(), TroublePage), timeout=30_000)
    page = opening.frame.pages.currentWidget()
    assert "Kerberos ticket, which is missing or has run out" in page.sentence.words()
    assert [button.accessibleName() for button in page.buttons] == ["Try again", "Sign in", "Open another"]
