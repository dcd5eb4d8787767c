"""The throw-away server starts, survives a crash, leaves nothing behind, and runs from a home closed to others."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from scripts.postgres import NoPostgresError, find_programs, running

ROOT = Path(__file__).resolve().parents[2]


def ask(server, sql):
    with psycopg.connect(host="127.0.0.1", port=server.port, user="postgres", autocommit=True) as connection:
        cursor = connection.execute(sql)
        return cursor.fetchone()[0] if cursor.description else None


def test_what_was_acknowledged_survives_a_crash_and_nothing_is_left_behind():
    with running(durable=True) as server:
        assert ask(server, "SHOW fsync") == "on"
        ask(server, "CREATE EXTENSION btree_gist")
        ask(server, "CREATE EXTENSION pg_trgm")
        ask(server, "CREATE TABLE kept AS SELECT 7 AS n")
        server.kill()
        server.start()
        assert ask(server, "SELECT n FROM kept") == 7
        folder = server.folder
    assert not folder.exists()


def test_programs_in_a_closed_home_run_from_a_copy(tmp_path, monkeypatch):
    installed = find_programs().parent
    home = tmp_path / installed.parent.name
    shutil.copytree(installed, home / "pg", symlinks=True)
    libraries = installed.parents[1] / f"{installed.parent.name}.libs"
    if libraries.is_dir():
        shutil.copytree(libraries, tmp_path / libraries.name)
    tmp_path.chmod(0o700)
    monkeypatch.setenv("CBO_PG_BIN", str(home / "pg" / "bin"))
    with running() as server:
        assert ask(server, "SELECT 1") == 1


def test_programs_that_do_not_start_are_named_with_their_complaint(tmp_path, monkeypatch):
    tmp_path.chmod(0o755)
    (tmp_path / "initdb").write_text("#!/bin/sh\necho no room >&2\nexit 1\n", encoding="utf-8")
    (tmp_path / "initdb").chmod(0o755)
    monkeypatch.setenv("CBO_PG_BIN", str(tmp_path))
    with pytest.raises(NoPostgresError, match="no room"), running():
        pass


def test_a_killed_test_run_takes_its_server_with_it():
    with subprocess.Popen(
        [sys.executable, "-m", "scripts.postgres"], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as program:
        assert program.stdout is not None
        port = int(program.stdout.readline().rsplit(":", 1)[1].split("/")[0])
        psycopg.connect(host="127.0.0.1", port=port, user="postgres").close()
        program.kill()
    until = time.monotonic() + 10
    while time.monotonic() < until and (_answers(port) or _folders(port)):
        for folder in _folders(port):
            if not (folder / "data" / "postmaster.pid").exists():
                shutil.rmtree(folder, ignore_errors=True)
    assert not _answers(port)
    assert _folders(port) == []


def _answers(port: int) -> bool:
    try:
        psycopg.connect(host="127.0.0.1", port=port, user="postgres").close()
    except psycopg.OperationalError:
        return False
    return True


def _folders(port: int) -> list[Path]:
    """The folder of the server on a port: PostgreSQL writes down what it was started with."""
    found = []
    for options in Path(tempfile.gettempdir()).glob("cbo-pg-*/data/postmaster.opts"):
        # Another test run may delete its own at this moment.
        with suppress(FileNotFoundError):
            if f'"{port}"' in options.read_text(encoding="utf-8"):
                found.append(options.parents[1])
    return found
