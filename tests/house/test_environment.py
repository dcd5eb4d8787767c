"""The environment is made once, found ready the second time, and made again when the lock changes."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from scripts import environment
from scripts.environment import Told, ask, build, choose, fastest, interpreter, is_ready

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def house(tmp_path):
    """A repository whose locks name no package at all, so that nothing is fetched."""
    (tmp_path / "requirements").mkdir()
    for kind in ("run", "dev"):
        (tmp_path / "requirements" / f"{kind}.txt").write_text("# nothing\n", encoding="utf-8")
    return tmp_path


def test_made_once_found_ready_made_again_when_the_lock_changes(house, capfd):
    venv, lock = house / ".venv", house / "requirements" / "run.txt"
    assert not is_ready(house, venv, "run")
    assert build(house, venv, "dev") == 0
    assert is_ready(house, venv, "run")
    assert is_ready(house, venv, "dev")
    assert subprocess.run([interpreter(venv), "-c", "import pip"], check=False).returncode == 0

    lock.write_text("no-such-package-of-ours\n", encoding="utf-8")
    assert not is_ready(house, venv, "run")
    assert build(house, venv, "run") == 3
    assert "could not be installed" in capfd.readouterr().err
    assert not is_ready(house, venv, "run")
    assert is_ready(house, venv, "dev")


def test_the_fastest_of_the_same_form_is_taken_and_the_named_one_where_none_is_faster_by_more_than_chance():
    named = Told("/a/python3", "cpython-311", True, 1.0)
    half = Told("/b/python3", "cpython-311", True, 0.5)
    assert fastest(named, [named, half, half._replace(where="/c/python3", seconds=0.7)]) is half
    for unfit in ({"form": "cpython-312"}, {"makes_environments": False}, {"seconds": 0.9}, {"where": named.where}):
        assert fastest(named, [named, half._replace(**unfit)]) is named
    assert fastest(named, []) is named


def test_each_python_on_the_path_is_asked_and_one_that_is_broken_is_none(tmp_path, monkeypatch):
    for name, does in (("python3", "exit 127"), (f"python3.{sys.version_info[1]}", "echo no Python")):
        (tmp_path / name).write_text(f"#!/bin/sh\n{does}\n", encoding="utf-8")
        (tmp_path / name).chmod(0o755)
    (tmp_path / "python3.9").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path))
    assert environment.on_the_path() == {str(tmp_path / "python3"), str(tmp_path / f"python3.{sys.version_info[1]}")}
    assert [ask(python) for python in environment.on_the_path()] == [None, None]
    told = ask(sys.executable)
    assert (told.where, told.makes_environments) == (os.path.realpath(sys.executable), False)  # an environment itself
    assert told.seconds > 0
    monkeypatch.setattr(environment, "ask", lambda python: told if python == sys.executable else ask(python))
    assert choose() == sys.executable


def test_make_hands_on_that_a_python_was_named():
    def order(*named):
        words = ["make", "-n", "-C", str(ROOT), "environment-run", *named]
        home = {name: value for name, value in os.environ.items() if name != "PYTHON"}
        return subprocess.run(words, capture_output=True, text=True, check=True, env=home).stdout

    assert "environment.py run as-named" in order("PYTHON=python3")
    assert "environment.py run" in order()
    assert "as-named" not in order()


def test_a_python_without_venv_is_told_what_to_install(house, monkeypatch, capsys):
    monkeypatch.setattr(environment.importlib.util, "find_spec", lambda name: None if name == "ensurepip" else name)
    assert build(house, house / ".venv", "run") == 3
    assert "sudo apt-get install python3-venv" in capsys.readouterr().err


def test_an_old_python_is_refused_in_words(tmp_path):
    old = tmp_path / "python3.9"
    old.write_text('#!/bin/sh\n[ "$1" = --version ] && echo "Python 3.9.2" && exit 0\nexit 1\n', encoding="utf-8")
    old.chmod(0o755)
    command = ["make", "-C", str(ROOT), "run", f"PYTHON={old}"]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    assert answer.returncode != 0
    assert "CBO Desk needs Python 3.11 or newer" in answer.stderr
    assert "Python 3.9.2" in answer.stderr
    assert "make PYTHON=python3.12 run" in answer.stderr


def pins(kind: str) -> dict[str, str]:
    """Each locked package with its version and hashes."""
    text = (ROOT / "requirements" / f"{kind}.txt").read_text(encoding="utf-8")
    entries = re.findall(r"^(\S+)==(\S+)((?:.*\\\n)*.*)", text, re.MULTILINE)
    return {f"{name} {version}": "".join(sorted(re.findall(r"sha256:\w+", rest))) for name, version, rest in entries}


def test_the_lock_of_the_tests_holds_the_lock_of_the_program():
    run, dev = pins("run"), pins("dev")
    assert len(run) > 15
    assert all(run.values())
    assert all(dev.values())
    assert run.items() <= dev.items()
