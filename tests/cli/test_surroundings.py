"""Servers that are away, rights that are missing, others at work, and ends that nobody wanted."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
from pathlib import Path

import psycopg
import pytest

from tests.cli.conftest import ASSETS, Desk, command, environment
from tests.cli.test_bad_input import DONE, REFUSED, TROUBLE, contents, is_a_sentence

PASSWORD = "correct horse battery"


# --- Servers -----------------------------------------------------------------------------------------------------


def test_a_server_that_is_away(home, capsys):
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        url = f"postgresql://ada@127.0.0.1:{nobody.getsockname()[1]}/compound"
        for words in (("find", "laptop"), ("check",), ("demo",)):
            told = Desk(url, home, capsys).order(*words)
            assert (told.code, told.lines) == (TROUBLE, [])
            assert told.said.startswith("The server 127.0.0.1 does not answer."), told.said
        doctor = Desk(url, home, capsys).order("doctor")
        assert doctor.code == REFUSED
        assert any(line["what"] == "database" and not line["ok"] and line["mend"] for line in doctor.lines)


@pytest.fixture
def guarded(make_database, demo_template, postgres_server):
    """A database whose server asks the account clerk for its password; the URL with a place for name and password."""
    url = make_database(demo_template)
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute("SET password_encryption = 'scram-sha-256'")
        connection.execute("DROP ROLE IF EXISTS clerk")
        connection.execute("CREATE ROLE clerk LOGIN PASSWORD 'right'")
        [file] = connection.execute("SHOW hba_file").fetchone()
        before = Path(file).read_text()
        Path(file).write_text(f"host all clerk 127.0.0.1/32 scram-sha-256\n{before}")
        connection.execute("SELECT pg_reload_conf()")
        yield url.replace("postgres@", "{}@")
        Path(file).write_text(before)
        connection.execute("SELECT pg_reload_conf()")
        connection.execute("DROP OWNED BY clerk")
        connection.execute("DROP ROLE clerk")
    make_database.drop(url)


def test_passwords_of_a_server(guarded, home, capsys):
    refused = "The server refuses this name or password. A password may also have run out"
    for who, words in (("clerk:wrong", refused), ("clerk", "The server asks for your password.")):
        told = Desk(guarded.format(who), home, capsys).order("find", "laptop")
        assert (told.code, told.lines) == (REFUSED, []), told
        assert told.said.startswith(words)
    told = Desk(guarded.format("clerk:right"), home, capsys).order("find", "laptop")
    assert told.code == TROUBLE  # a name that has no rights on any table
    assert is_a_sentence(told.said), told.said
    away = Desk(guarded.format("postgres") + "_no", home, capsys).order("find", "laptop")
    assert away.code == REFUSED
    assert "has no database called" in away.said


# --- Accounts ----------------------------------------------------------------------------------------------------


@pytest.fixture
def accounts(either):
    """Accounts are on: ada may do everything, vi may look."""
    from cbo_desk import people
    from cbo_desk.compound import open_office
    from cbo_desk.permissions import DESKS, Role
    from cbo_desk.secret import Secret

    office = open_office(either.url, check=False)
    office.write(people.turn_on_accounts, "ada", "Ada Achieng", Secret(PASSWORD))
    viewer = dict.fromkeys(DESKS, Role.VIEWER)
    office.write(people.add_account, "vi", "Vi Viewer", viewer, Secret(PASSWORD))
    office.close()
    return either


def test_signing_in_and_roles(accounts, monkeypatch):
    desk = accounts
    file = desk.file("a.csv", "Code,Name,Kind\nZ,Far site,Site\n")
    out = str(desk.folder / "t.pdf")
    monkeypatch.setattr("sys.stdin", None)
    told = desk.order("find", "laptop")
    assert (told.code, told.lines) == (REFUSED, [])
    assert told.said == "This compound asks for a password: set CBO_LOGIN and CBO_PASSWORD."
    monkeypatch.setenv("CBO_LOGIN", "vi")
    monkeypatch.setenv("CBO_PASSWORD", "wrong")
    wrong = desk.order("find", "laptop")
    assert (wrong.code, wrong.lines) == (REFUSED, [])
    monkeypatch.setenv("CBO_PASSWORD", PASSWORD)
    assert desk.order("find", "laptop").code == DONE
    assert desk.order("export", "assets", str(desk.folder / "a.xlsx")).code == DONE
    before = contents(desk)[:5]
    for words, needed in {
        ("import", "places", file): "import places",
        ("import", "places", file, "--dry-run"): "import places",
        ("tags", "--stock", "L7651", "--out", out): "print tags",
        ("backup", str(desk.folder / "a.backup")): "make a backup",
        ("demo",): "make the demo compound",
    }.items():
        refused = desk.order(*words)
        assert (refused.code, refused.lines) == (REFUSED, []), words
        assert refused.said.startswith(f"You may not {needed}: it needs the role"), refused.said
    assert contents(desk)[:5] == before
    assert desk.left() == {"a.csv", "a.xlsx"}
    monkeypatch.setenv("CBO_LOGIN", "ada")
    assert desk.order("import", "places", file).lines[-1]["created"] == 1
    assert desk.ask("SELECT actor FROM audit_entry WHERE command = 'places.import_places'") == [("ada",)]
    assert desk.order("backup", str(desk.folder / "a.backup")).code == DONE
    monkeypatch.setenv("CBO_LOGIN", "vi")
    restored = desk.order("restore", str(desk.folder / "a.backup"), "--overwrite")
    assert restored.code == REFUSED
    assert "You may not replace this compound by a backup" in restored.said
    monkeypatch.setenv("CBO_LOGIN", "ada")
    assert desk.order("restore", str(desk.folder / "a.backup"), "--overwrite").code == DONE


# --- Others at work ----------------------------------------------------------------------------------------------


def many(desk, rows=3000):
    """A register of many new assets."""
    entity = desk.ask("SELECT code FROM entity ORDER BY id LIMIT 1")[0][0]
    lines = "".join(f"NEW-{n},{entity},A thing\n" for n in range(rows))
    return desk.file("many.csv", "Inventory no.,Entity,Description\n" + lines)


def start(desk, *words, **how):
    """Start the program and go on."""
    return subprocess.Popen(
        command("--database", desk.url, *words),
        env=environment(desk.folder),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=desk.folder,
        text=True,
        **how,
    )


def test_two_imports_at_once(either):
    """One goes in; the other finds it there, or is told that it is: never twice, never half."""
    file = many(either, 300)
    both = [start(either, "import", "assets", file) for _ in range(2)]
    answers = [(*process.communicate(), process.returncode) for process in both]
    assert either.rows() == ASSETS + 300
    tallies = [json.loads(out.splitlines()[-1]) for out, _said, code in answers if code == DONE]
    assert sum(tally["created"] for tally in tallies) == 300
    for out, said, code in answers:
        assert code in (DONE, REFUSED, TROUBLE)
        if code != DONE:
            assert (out, is_a_sentence(said.strip())) == ("", True), said
    assert either.order("check").code == DONE


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_an_import_that_is_ended_in_the_middle_keeps_nothing(desk, end):
    """The program stops itself after thousands of rows are in the transaction, and is ended there."""
    file = many(desk)

    def end_in_the_middle():
        from cbo_desk import bulk

        signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background begins without it
        write = bulk.enter_new

        def halt(*words):
            write(*words)
            os.kill(os.getpid(), end)

        bulk.enter_new = halt

    ended = desk.fork("import", "assets", file, first=end_in_the_middle)
    assert ended.lines == []
    if end == signal.SIGKILL:
        assert ended.code == -signal.SIGKILL
    else:
        assert (ended.code, ended.said) == (TROUBLE, "Stopped. Nothing half-done was kept.")
    assert desk.rows() == ASSETS
    assert desk.order("check").code == DONE
    assert desk.left() == {"many.csv"}
    assert desk.order("import", "assets", file).lines[-1]["created"] == 3000


# --- Whoever reads the answers -----------------------------------------------------------------------------------


def test_a_reader_who_has_seen_enough(desk):
    """`| head -1`: the program ends without complaint."""
    process = start(desk, "find", "a")
    assert process.stdout is not None
    assert process.stdout.readline().startswith("{")
    process.stdout.close()
    assert process.stderr is not None
    said = process.stderr.read()
    assert process.wait() in (DONE, TROUBLE)
    assert said == ""
    process.stderr.close()


def test_a_pipe_that_is_broken_from_the_start(desk):
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        command("stocks"), env=environment(desk.folder), stdout=write, stderr=subprocess.PIPE, check=False
    )
    os.close(write)
    assert (done.returncode, done.stderr) == (TROUBLE, b"")


def test_answers_that_cannot_be_written(desk):
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            command("stocks"), env=environment(desk.folder), stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert done.returncode == TROUBLE
    assert done.stderr.decode().strip() == "The answer cannot be written: no space left on device."


def test_without_standard_output_nothing_is_begun(desk):
    file = many(desk, 5)
    words = " ".join(f"'{word}'" for word in command("--database", desk.url, "import", "assets", file))
    done = subprocess.run(
        ["/bin/sh", "-c", f"{words} >&-"], env=environment(desk.folder), capture_output=True, check=False
    )
    assert done.returncode == TROUBLE
    assert b"Standard output is closed" in done.stderr
    assert desk.rows() == ASSETS


@pytest.mark.our_bug
def test_our_own_fault_is_told_with_its_number_and_kept(desk, monkeypatch):
    def fall(*_words):
        raise ZeroDivisionError("our own")

    monkeypatch.setattr("cbo_desk.cli.finding.find", fall)
    fall.rule = __import__("cbo_desk.search").search.find.rule
    told = desk.order("find", "laptop")
    assert (told.code, told.lines) == (TROUBLE, [])
    assert told.said.startswith("This did not work; the fault is ours. It is noted as B-")
    log = (desk.folder / "home" / "faults.log").read_text()
    assert "ZeroDivisionError: our own" in log
    assert told.said.split("B-")[1][:6] in log
