"""The orders about a server: what they print, and what they refuse."""

from __future__ import annotations

import subprocess
import sys

import psycopg
import pytest

from cbo_desk.compound import open_office
from cbo_desk.errors import Refusal
from cbo_desk.people import EntityForm, add_account, add_entity, disable_account, turn_on_accounts
from cbo_desk.permissions import Role
from cbo_desk.secret import Secret
from tests.cli.conftest import ROOT, environment, run
from tests.server.conftest import free_port


def test_the_script_makes_a_server_of_others_ready(make_database, postgres_server, tmp_path):
    """Each statement is run by a server, by somebody who is no superuser of it; then people work there.

    Its roles and database are taken away again.
    """
    told = subprocess.run(
        [sys.executable, str(ROOT / "main.py"), "server", "script", "--login", "ann", "--compound", "theirs"],
        env=environment(tmp_path), capture_output=True, text=True, check=True,
    )  # fmt: skip
    first, second = told.stdout.split('\\connect "theirs"')
    where = {"host": "127.0.0.1", "port": postgres_server.port, "user": "theirs_it", "autocommit": True}
    with psycopg.connect(dbname="postgres", **{**where, "user": "postgres"}) as connection:
        connection.execute("CREATE ROLE theirs_it LOGIN CREATEROLE CREATEDB")
        connection.execute("GRANT pg_signal_backend TO theirs_it WITH ADMIN OPTION")
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
            # Who made it keeps none of the rights that were needed for it.
            left = "SELECT pg_has_role('cbo_owner', 'USAGE'), has_schema_privilege('cbo_keeper', 'public', 'CREATE')"
            assert connection.execute(left).fetchone() == (False, False)
        url = postgres_server.url("theirs")
        ann = open_office(url.replace("postgres@", "ann@"))
        assert ann.actor.roles["settings"] == Role.ADMINISTRATOR
        ann.write(turn_on_accounts, "ann", "Ann Wanjiru", Secret("wooden ladder moon"))
        kim = ann.write(add_account, "kim", "Kim Otieno", {"people": Role.SUPERVISOR}, Secret("silver anchor")).ids[0]
        clerk = open_office(url.replace("postgres@", "kim@"))
        clerk.write(add_entity, EntityForm("IOM", "Migration"))
        ann.write(disable_account, kim)
        with pytest.raises(Refusal, match="disabled"):
            open_office(url.replace("postgres@", "kim@"))
        ann.close()
        clerk.close()
    finally:
        with psycopg.connect(dbname="postgres", **{**where, "user": "postgres"}) as connection:
            connection.execute("DROP DATABASE IF EXISTS theirs WITH (FORCE)")
            connection.execute("DROP OWNED BY theirs_it")
            for role in ("theirs_it", "ann", "kim", "cbo_staff", "cbo_admin", "cbo_builder", "cbo_owner", "cbo_keeper"):
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
