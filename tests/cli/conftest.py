"""A small demo compound on each engine, and two ways to give an order: in this process, or as a person does."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import traceback
import warnings
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

    def fork(self, *words: str, first: Callable[[], object] = list) -> Told:
        """Give an order to a copy of this process, without the second that a program takes to start.

        `first` is done in the copy before the order: its rights, limits and signals are its own.
        """
        import main

        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as said, warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # of other threads: the copy needs none of them
            child = os.fork()
            if child == 0:
                code = 99
                try:
                    os.dup2(out.fileno(), 1)
                    os.dup2(said.fileno(), 2)
                    sys.stdout, sys.stderr = (open(to, "w", closefd=False) for to in (1, 2))  # noqa: SIM115
                    os.chdir(self.folder)
                    os.environ.update(environment(self.folder))
                    first()
                    code = main.main(["--database", str(self.url), *words])
                except BaseException:  # noqa: BLE001 - this copy of the tests ends here, whatever comes
                    traceback.print_exc()
                finally:
                    sys.stdout.flush()
                    sys.stderr.flush()
                    os._exit(code)
            code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
            out.seek(0)
            said.seek(0)
            told = Told(code, [json.loads(line) for line in out], said.read().decode().strip())
        assert "Traceback" not in told.said, told.said
        return told

    def rows(self, table: str = "asset") -> int:
        """How many rows a table has, asked past the program."""
        return int(self.ask(f"SELECT count(*) FROM {table}")[0][0])

    def ask(self, statement: str) -> list[tuple[Any, ...]]:
        """What a statement answers, asked past the program."""
        return self.ask_all(statement)[0]

    def ask_all(self, *statements: str) -> list[list[tuple[Any, ...]]]:
        """What each statement answers, asked past the program."""
        from db.engine import open_engine

        engine = open_engine(self.url)
        with engine.begin() as connection:
            found = [connection.exec_driver_sql(statement) for statement in statements]
            answers = [[tuple(row) for row in each] if each.returns_rows else [] for each in found]
        engine.dispose()
        return answers

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
