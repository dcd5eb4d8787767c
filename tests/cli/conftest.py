"""A small demo compound on each engine, and two ways to give an order: in this process, or as a person does."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCALE = 0.05
ASSETS = 60


@dataclass(frozen=True)
class Told:
    """What an order answered: its exit code, its JSON lines, its sentences."""

    code: int
    lines: list[Any]
    said: str


@dataclass
class Desk:
    """A compound and the command line in front of it; without an address (None) it is the workstation's own."""

    url: str | None
    folder: Path
    capture: Any

    def order(self, *words: str) -> Told:
        """Give an order in this process."""
        from cbo_desk.cli import carry_out, parse

        self.capture.readouterr()
        named = ["--database", self.url] if self.url is not None else []
        code = carry_out(parse([*named, *words]))
        told = self.capture.readouterr()
        return Told(code, [json.loads(line) for line in told.out.splitlines()], told.err.strip())

    def run(self, *words: str, **how: Any) -> Told:
        """Give an order to a program of its own, as a person does."""
        return run("--database", self.url, *words, folder=self.folder, **how)

    def rows(self, table: str = "asset") -> int:
        """How many rows a table has, asked past the program."""
        return int(self.ask(f"SELECT count(*) FROM {table}")[0][0])

    def ask(self, statement: str) -> list[tuple[Any, ...]]:
        """What a statement answers, asked past the program."""
        from db.engine import open_engine

        engine = open_engine(self.url)
        with engine.begin() as connection:
            found = connection.exec_driver_sql(statement)
            answer = [tuple(row) for row in found] if found.returns_rows else []
        engine.dispose()
        return answer

    def file(self, name: str, text: str | bytes) -> str:
        """A file with a text or bytes; its path."""
        path = self.folder / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return str(path)

    def left(self) -> set[str]:
        """The names of the files in the folder, those of the database left out."""
        return {path.name for path in self.folder.iterdir() if not path.name.startswith(("compound.db", "home"))}


def environment(folder: Path, **more: str) -> dict[str, str]:
    """The surroundings of an order: a home of its own, nobody signed in."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("CBO_L", "CBO_PASS"))}
    return {**kept, "CBO_DATA": str(folder / "home"), **more}


def command(*words: str) -> list[str]:
    """The words that start the program."""
    return [sys.executable, str(ROOT / "main.py"), *words]


def run(*words: str, folder: Path, env: dict[str, str] | None = None, **how: Any) -> Told:
    """Run the program until it ends."""
    done = subprocess.run(
        command(*words), env=environment(folder, **(env or {})), capture_output=True, check=False, cwd=folder, **how
    )
    lines = [json.loads(line) for line in done.stdout.decode().splitlines()]
    assert b"Traceback" not in done.stderr, done.stderr.decode()
    return Told(done.returncode, lines, done.stderr.decode().strip())


@pytest.fixture(scope="session")
def small_demo() -> Callable[[str], None]:
    """A function that fills an empty compound with the demo."""

    def fill(url: str) -> None:
        from cbo_desk.compound import open_office
        from cbo_desk.demo import make_demo

        office = open_office(url, check=False)
        office.write(make_demo, SCALE)
        office.close()

    return fill


@pytest.fixture(scope="session")
def demo_file(tmp_path_factory: pytest.TempPathFactory, small_demo: Any) -> Path:
    """A SQLite file with the demo, to be copied."""
    path = tmp_path_factory.mktemp("demo") / "compound.db"
    small_demo(str(path))
    return path


@pytest.fixture(scope="session")
def demo_template(make_database: Any, small_demo: Any) -> str:
    """The name of a PostgreSQL database with the demo, to be copied."""
    url: str = make_database()
    small_demo(url)
    return url.rsplit("/", 1)[1]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """This test's own folder, which is also where the program keeps its things."""
    monkeypatch.setenv("CBO_DATA", str(tmp_path / "home"))
    monkeypatch.delenv("CBO_LOGIN", raising=False)
    monkeypatch.delenv("CBO_PASSWORD", raising=False)
    return tmp_path


@pytest.fixture
def desk(home: Path, demo_file: Path, capsys: Any) -> Desk:
    """The demo on SQLite."""
    shutil.copyfile(demo_file, home / "compound.db")
    return Desk(str(home / "compound.db"), home, capsys)


@pytest.fixture(params=["sqlite", "postgresql"])
def either(request: pytest.FixtureRequest, home: Path, capsys: Any) -> Iterator[Desk]:
    """The demo, once on each engine."""
    if request.param == "sqlite":
        yield request.getfixturevalue("desk")
        return
    make = request.getfixturevalue("make_database")
    url = make(request.getfixturevalue("demo_template"))
    yield Desk(url, home, capsys)
    make.drop(url)
