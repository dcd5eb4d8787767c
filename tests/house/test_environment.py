"""The environment is made once, found ready the second time, and made again when the lock changes."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from scripts import environment
from scripts.environment import build, interpreter, is_ready

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
