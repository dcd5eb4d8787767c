"""At the server's door: one that is too old is refused before anything is made, one that lets nobody in is named."""

from __future__ import annotations

import subprocess
import time
from urllib.parse import quote

import psycopg
import pytest

from cbo_desk.compound import open_office
from cbo_desk.errors import Refusal
from cbo_desk.secret import Secret
from cbo_desk.server import cluster
from db import schema
from db.engine import open_engine
from db.schema import server_version
from tests.cli.conftest import run
from tests.server.conftest import CLERKS
from tests.ui.application.conftest import home, start  # noqa: F401 - fixtures
from ui.first_run.trouble import TroublePage

pytestmark = pytest.mark.may_skip("a computer without PostgreSQL of its own cannot serve an office")


def test_a_server_older_than_any_that_serves_a_compound(served, start, qtbot, tmp_path, monkeypatch):  # noqa: F811
    # Its programs: nothing is made. They are asked for their version, and nothing else.
    programs = tmp_path / "bin"
    programs.mkdir()
    initdb = programs / "initdb"
    initdb.write_text('#!/bin/sh\n[ "$1" = --version ] && echo "initdb (PostgreSQL) 14.23" && exit 0\nexit 9\n')
    initdb.chmod(0o755)
    secrets = {"CBO_PG_BIN": str(programs), "CBO_PASSWORD": "nine green bottles"}
    told = run("server", "init", "new", "--login", "ada", "--name", "Ada Otieno", folder=tmp_path, env=secrets)
    assert told.code == 1
    assert f"{programs} holds PostgreSQL 14. CBO Desk needs version 15 or newer: install that" in told.said
    assert not (tmp_path / "new").exists()
    # One that runs already, here the newest there is, held against a program that asks for a newer one: the workstation
    # that joins is told so, and the server is left as it was.
    with served.as_superuser() as owner:
        [before] = owner.execute("SELECT max(seq) FROM audit_entry").fetchone()
    engine = open_engine(served.url("ben", CLERKS))
    with engine.connect() as connection:
        version = server_version(connection)
    engine.dispose()
    assert version is not None
    assert version >= schema.LEAST_SERVER == cluster.LEAST_SERVER
    monkeypatch.setattr(schema, "LEAST_SERVER", version + 1)
    opening = start(served.url("ben", CLERKS), wait="")
    qtbot.waitUntil(lambda: bool(opening.frame.findChildren(TroublePage)), timeout=30_000)
    words = opening.frame.findChildren(TroublePage)[-1].sentence.words()
    assert f"The server is PostgreSQL {version}. CBO Desk needs version {version + 1} or newer" in words
    with served.as_superuser() as owner:
        assert owner.execute("SELECT max(seq) FROM audit_entry").fetchone() == (before,)


def test_the_command_line_knows_the_password_or_says_that_it_is_refused(served, tmp_path):
    where = served.url("ben", CLERKS).replace(quote(CLERKS.reveal()), "").replace("ben:@", "ben@")
    assert "lantern" not in where
    told = run("--database", where, "find", "nothing", folder=tmp_path, env={"CBO_PASSWORD": CLERKS.reveal()})
    assert (told.code, told.said) == (0, "Nothing here holds these words.")
    refused, asked = "The server refuses this name or password.", "The server asks for your password."
    for wrong, words in (({"CBO_PASSWORD": "not a word"}, refused), ({}, asked)):
        told = run("--database", where, "find", "nothing", folder=tmp_path, env=wrong, stdin=subprocess.DEVNULL)
        assert told.code == 1
        assert words in told.said


def said_at_the_door(served, sslmode="verify-full"):
    url = served.url("ben", CLERKS)
    with pytest.raises(Refusal) as refused:
        open_office(url.replace("sslmode=verify-full", f"sslmode={sslmode}")).close()
    return str(refused.value)


def reloaded(served, right, seconds=20):
    """Let the server read who may come in, and wait until it does."""
    with served.as_superuser() as owner:
        owner.execute("SELECT pg_reload_conf()")
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            served.connect("ben", Secret("not a word")).close()
        except psycopg.OperationalError as error:
            if right == ("pg_hba" in str(error)):
                return
        time.sleep(0.05)
    raise AssertionError("the server did not read its settings anew")


def test_a_server_that_lets_nobody_in_from_here(served):
    door = served.cluster.data / "pg_hba.conf"
    before = door.read_text()
    told = "The server localhost lets nobody in from this computer's address, or not without encryption. Ask who keeps"
    assert told in said_at_the_door(served, "disable")
    door.write_text(f"hostssl all ben all reject\n{before}")
    try:
        reloaded(served, right=True)
        assert told in said_at_the_door(served)
        door.write_text("hostssl all ada,cbo_superuser all scram-sha-256\n")
        reloaded(served, right=True)
        assert told in said_at_the_door(served)
    finally:
        door.write_text(before)
        reloaded(served, right=False)
    open_office(served.url("ben", CLERKS)).close()
