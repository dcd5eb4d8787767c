"""The orders about a server: what they print, and what they refuse."""

from __future__ import annotations

import subprocess
import sys

import psycopg
import pytest

from tests.cli.conftest import ROOT, environment, run
from tests.server.conftest import free_port


def test_the_script_makes_a_server_of_others_ready(make_database, postgres_server, tmp_path):
    """Each statement is run by a server; its roles and database are taken away again."""
    told = subprocess.run(
        [sys.executable, str(ROOT / "main.py"), "server", "script", "--login", "ann", "--compound", "theirs"],
        env=environment(tmp_path), capture_output=True, text=True, check=True,
    )  # fmt: skip
    first, second = told.stdout.split('\\connect "theirs"')
    where = {"host": "127.0.0.1", "port": postgres_server.port, "user": "postgres", "autocommit": True}
    try:
        with psycopg.connect(dbname="postgres", **where) as connection:
            for statement in statements(first):
                connection.execute(statement)
        with psycopg.connect(dbname="theirs", **where) as connection:
            for statement in statements(second):
                connection.execute(statement)
            assert connection.execute("SELECT pg_has_role('ann', 'cbo_admin', 'MEMBER')").fetchone() == (True,)
            # The owner's rights are only there when asked for.
            owns = "SELECT pg_has_role('ann', 'cbo_owner', 'MEMBER'), pg_has_role('ann', 'cbo_owner', 'USAGE')"
            assert connection.execute(owns).fetchone() == (True, False)
    finally:
        with psycopg.connect(dbname="postgres", **where) as connection:
            connection.execute("DROP DATABASE IF EXISTS theirs WITH (FORCE)")
            for role in ("ann", "cbo_staff", "cbo_admin", "cbo_builder", "cbo_owner", "cbo_keeper"):
                connection.execute(f"DROP ROLE IF EXISTS {role}")


def statements(script):
    """The statements of a script, whose function bodies hold semicolons of their own."""
    parts, inside = [""], False
    for line in script.splitlines():
        if line.startswith("--"):
            continue
        parts[-1] += line + "\n"
        inside ^= line.count("$cbo$") % 2 == 1
        if line.endswith(";") and not inside:
            parts.append("")
    return [part for part in parts if part.strip()]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("server", "status", "nowhere"), 1, "There is no server"),
        (("server", "stop", "nowhere"), 1, "There is no server"),
        (("server", "init", "new", "--login", "A B", "--port", "5"), 1, "A login has"),
        (("server", "init", "new", "--login", "ann", "--port", "99999"), 1, "is no port"),
        (("server", "init", "new", "--login", "ann", "--certificate", "a.crt", "--port", str(free_port())), 1, "both"),
        (("server", "init", "new"), 2, "--login"),
        (("server",), 2, "WHAT"),
        (("server", "script", "--login", "x"), 1, "A login has"),
    ],
)
def test_what_is_refused(tmp_path, words, code, said):
    told = run(*words, folder=tmp_path, env={"CBO_PASSWORD": "nine green bottles"})
    assert told.code == code, told
    assert said in told.said
    assert not (tmp_path / "new").exists()
