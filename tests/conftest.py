"""What every test stands on: both databases, the office, the runner, and the house's habits enforced.

Habits: no test is skipped unless it carries `@pytest.mark.may_skip("reason")`; none leaves a thread, a timer or a
task behind; none reaches a network beyond this computer; garbage is looked for by the GUI's thread alone.
"""

from __future__ import annotations

import os

os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["OPENBLAS_NUM_THREADS"] = "1"  # its threads wait by looking; here workers are beside each other already
os.environ.pop("QT_STYLE_OVERRIDE", None)

import gc

gc.disable()  # what is loaded from here on stays: see pytest_collection_finish

import logging
import shutil
import sys
import tempfile
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import argon2.profiles
import pytest
import sqlalchemy
from hypothesis import HealthCheck, settings
from PySide6.QtCore import QCoreApplication, QEvent, QThread, QThreadPool, QTimer
from pytestqt.qtbot import QtBot
from shiboken6 import isValid
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.util import LRUCache

import db.engine
from cbo_desk.bugs import LOG
from tests.dear import DEAR
from tests.display import show_as_screens_do
from tests.furnished import by_one_worker, new_database, note_new
from tests.waiting import PATIENCE_MS, wait_until
from ui.kit.shell import Shell

pytest_plugins = ["pytester"]

# How fast examples come is the computer's business: a busy one is no fault of what is tested.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")
LOOPBACK = ("127.", "::1", "localhost")
MORNING = datetime(2026, 8, 24, 6, 0, tzinfo=UTC)
"""Nine o'clock in Nairobi on a Monday: the time it is in tests."""


# --- Where files lie ---------------------------------------------------------------------------------------------

MEMORY = Path("/dev/shm")
ROOM = 3 * 1024**3
"""Bytes that the files of a run may take; two workers used 0.6 GB."""


def stay_in_memory() -> None:
    """Let temporary files lie in memory where there is room, unless TMPDIR says where.

    A database of PostgreSQL is a thousand files, made anew for every test: measured 1.4 s on a busy disk and 0.1 s in
    memory. SQLite waits for the disk at each commit, as it promises; in memory it waits for nothing.
    """
    if "TMPDIR" in os.environ or not os.access(MEMORY, os.W_OK | os.X_OK):
        return
    if shutil.disk_usage(MEMORY).free >= ROOM:
        os.environ["TMPDIR"] = str(MEMORY)
        tempfile.tempdir = None


stay_in_memory()


# --- Databases ---------------------------------------------------------------------------------------------------


def prepare_schema(url: str) -> None:
    """Give an empty database the schema of this program."""
    from db.engine import open_engine
    from db.migrate import upgrade

    engine = open_engine(url)
    try:
        upgrade(engine)
    finally:
        engine.dispose()


def put_statements_into_words_once() -> None:
    """Let all engines of a run share the SQL that their statements were put into.

    An engine remembers it for as long as it lives: at a workstation all day, in a test for a second. Measured, a third
    of a test's processor time went into the same words again. What is executed, and how, is each engine's own.
    """

    def alike(dialect: Any) -> tuple[Any, ...]:
        return type(dialect), dialect.dbapi, getattr(dialect, "server_version_info", None)

    DefaultDialect.__hash__ = lambda self: hash(alike(self))  # type: ignore[method-assign]
    DefaultDialect.__eq__ = lambda self, other: (  # type: ignore[method-assign]
        self is other or (isinstance(other, DefaultDialect) and alike(self) == alike(other))
    )
    words: LRUCache[Any, Any] = LRUCache(4000)

    def create_engine(*where: Any, **how: Any) -> Any:
        engine = sqlalchemy.create_engine(*where, **how)
        engine._compiled_cache = words
        return engine

    db.engine.create_engine = create_engine


put_statements_into_words_once()

REAL_COST = argon2.profiles.RFC_9106_LOW_MEMORY
"""What it costs to try a password: 0.3 s of processor, in a run some hundred times. Tests pay less of the same."""
argon2.profiles.RFC_9106_LOW_MEMORY = replace(REAL_COST, time_cost=1, memory_cost=64, parallelism=1)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Any]:
    """A PostgreSQL server of this test process alone, started when the first test asks for it."""
    from scripts.postgres import running

    with running() as server:
        yield server


@pytest.fixture(scope="session")
def standby(postgres_server: Any) -> Iterator[Any]:
    """A streaming replica of that server, made by a base backup when the first test asks for it."""
    from scripts.postgres import Server

    server = Server(follows=postgres_server)
    yield server
    server.stop()


@pytest.fixture(scope="session")
def make_database(postgres_server: Any) -> Iterator[Callable[[str], str]]:
    """A function that makes a database from another one, named as template, and returns its URL."""
    import psycopg

    names = count(1)
    with psycopg.connect(
        host="127.0.0.1", port=postgres_server.port, user="postgres", dbname="postgres", autocommit=True
    ) as connection:

        def run(statement: str) -> str:
            told = connection.execute(statement)  # type: ignore[arg-type]
            return str(told.fetchone()[0]) if told.description else ""  # type: ignore[index]

        def make(template: str = "template1") -> str:
            name = new_database(f"127.0.0.1:{postgres_server.port}", f"t{next(names)}", template, run)
            return str(postgres_server.url(name))

        def drop(url: str) -> None:
            connection.execute(f"DROP DATABASE {url.rsplit('/', 1)[1]} WITH (FORCE)")  # type: ignore[arg-type]

        make.drop = drop  # type: ignore[attr-defined]
        yield make


@pytest.fixture(scope="session")
def postgres_template(make_database: Any) -> str:
    """The name of a database that has the schema and nothing else."""
    url: str = make_database()
    prepare_schema(url)
    return url.rsplit("/", 1)[1]


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file that has the schema and nothing else, made by one worker for all."""
    own = tmp_path_factory.getbasetemp()
    path = (own.parent if own.name.startswith("popen-") else own) / "schema.db"
    with by_one_worker(path):
        if not path.exists():
            made = tmp_path_factory.mktemp("template") / "schema.db"
            prepare_schema(f"sqlite:///{made}")
            made.rename(path)
    return path


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A SQLite file of this test's own, with the schema."""
    path = tmp_path / "compound.db"
    shutil.copyfile(sqlite_template, path)
    note_new(str(path), str(sqlite_template))
    return f"sqlite:///{path}"


@pytest.fixture
def postgres_url(make_database: Any, postgres_template: str) -> Iterator[str]:
    """A PostgreSQL database of this test's own, with the schema."""
    url = make_database(postgres_template)
    yield url
    make_database.drop(url)


@pytest.fixture
def empty_postgres_url(make_database: Any) -> Iterator[str]:
    """A PostgreSQL database of this test's own, without any table."""
    url = make_database()
    yield url
    make_database.drop(url)


@pytest.fixture(params=["sqlite", "postgresql"])
def engine_url(request: pytest.FixtureRequest) -> str:
    """The URL of a database with the schema, once on each engine."""
    return str(request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url"))


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database without any table, once on each engine."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.db'}"
    return str(request.getfixturevalue("empty_postgres_url"))


@pytest.fixture
def engine(engine_url: str) -> Iterator[Any]:
    """An open engine on a database with the schema, once on each engine."""
    from db.engine import open_engine

    engine = open_engine(engine_url)
    yield engine
    engine.dispose()


# --- The office and the window -----------------------------------------------------------------------------------


class Clock:
    """A clock that stands until a test moves it: `clock.now += timedelta(hours=1)`."""

    def __init__(self, now: datetime = MORNING) -> None:
        self.now = now

    def __call__(self) -> datetime:
        """The instant it shows."""
        return self.now


@pytest.fixture
def clock() -> Clock:
    """The clock on the office's wall."""
    return Clock()


@pytest.fixture
def office(engine: Any, clock: Clock) -> Any:
    """An office with an administrator at work, once on each engine."""
    from cbo_desk.office import Office
    from cbo_desk.permissions import administrator

    return Office(engine, administrator("ada", "Ada Achieng", "DESK-1"), clock)


@pytest.fixture
def sqlite_office(sqlite_url: str, clock: Clock) -> Iterator[Any]:
    """The same on SQLite alone, for windows whose doings do not depend on the engine."""
    from cbo_desk.office import Office
    from cbo_desk.permissions import administrator
    from db.engine import open_engine

    engine = open_engine(sqlite_url)
    yield Office(engine, administrator("ada", "Ada Achieng", "DESK-1"), clock)
    engine.dispose()


@pytest.fixture
def runner(qapp: Any, sqlite_office: Any) -> Iterator[Any]:
    """What a page is given, on SQLite."""
    from ui.kit.runner import Runner

    runner = Runner(sqlite_office)
    yield runner
    runner.finish()


# --- Habits ------------------------------------------------------------------------------------------------------


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known and close the network."""
    config.addinivalue_line("markers", "may_skip(reason): this test may be skipped, for the reason given")
    config.addinivalue_line("markers", "leaves_threads(reason): this test may leave threads or timers behind")
    config.addinivalue_line("markers", "our_bug: this test lets the program meet a fault of its own")
    sys.addaudithook(_stay_home)
    # What is waited for comes at once on a quiet computer; on a busy one five seconds say nothing about the program.
    for wait in (QtBot.waitSignal, QtBot.waitSignals):
        wait.__kwdefaults__["timeout"] = PATIENCE_MS
    QtBot.waitUntil = wait_until
    show_as_screens_do(Shell)


def _stay_home(event: str, arguments: tuple[Any, ...]) -> None:
    """Refuse every socket that leaves this computer: a test that needs the network is wrong on every other day."""
    if event in ("socket.connect", "socket.sendto"):
        address = arguments[1]
        if isinstance(address, tuple) and not str(address[0]).startswith(LOOPBACK):
            raise RuntimeError(f"A test tried to reach {address[0]}: tests stay on this computer.")
    elif event == "socket.getaddrinfo":
        host = arguments[0]
        if host and not str(host if isinstance(host, str) else host.decode()).startswith(LOOPBACK):
            raise RuntimeError(f"A test looked up {host!r}: tests stay on this computer.")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the dear ones, so that what is left for the end is short."""
    place = {name: number for number, name in enumerate(DEAR)}

    def place_of(item: pytest.Item) -> int:
        file = item.nodeid.partition("::")[0]
        return place.get(item.nodeid.partition("[")[0], place.get(file, len(place)))

    items.sort(key=place_of)


def pytest_collection_finish() -> None:
    """Leave what is loaded by now out of every later search for garbage: it stays until the end.

    From here on nothing is looked for but where this file does, as in the program: a search is carried out by whatever
    thread makes the object that is one too many, and what died on another than the GUI's ended whole runs.
    See docs/decisions/0098-garbage.md.
    """
    gc.collect()
    gc.freeze()
    gc.disable()
    gc.callbacks.append(_note_search)


_searches: list[str] = []
"""The threads beside the GUI's that looked for garbage, in the test under way."""
OLDER_EVERY = 25
"""Every so many tests all garbage is looked for; after each the newest: windows that were closed die at once."""
_tests = count(1)


def _note_search(phase: str, _found: dict[str, int]) -> None:
    if phase == "start" and threading.current_thread() is not threading.main_thread():
        _searches.append(threading.current_thread().name)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol() -> Iterator[Any]:
    """When a test is over and lets go of all that it was given, look for its garbage."""
    answer = yield
    if next(_tests) % OLDER_EVERY:
        gc.collect(1)
        return answer
    gc.collect()
    gc.freeze()  # what outlived its test stays for others; to look at all of it again took a sixth of a second
    return answer


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """Turn a skip without leave into a failure."""
    report: pytest.TestReport = yield
    if report.skipped and not hasattr(report, "wasxfail") and item.get_closest_marker("may_skip") is None:
        report.outcome = "failed"
        report.longrepr = f"Skipped without leave (mark it may_skip, with the reason): {_reason(report.longrepr)}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Iterator[None]:
    """Turn a whole file that skips itself into a failure: pytest.importorskip hides a broken Qt."""
    report: pytest.CollectReport = yield
    if report.outcome == "skipped":
        report.outcome = "failed"
        report.longrepr = f"{collector.nodeid} skips itself: {_reason(report.longrepr)}"
    return report


def _reason(longrepr: object) -> str:
    return str(longrepr[2]) if isinstance(longrepr, tuple) else str(longrepr)


_started: list[tuple[Callable[[], Any], str]] = []


def _note_starts(kind: type, method: str = "start") -> None:
    """Remember, for the test under way, which objects of a Qt class were started."""
    start = getattr(kind, method)

    def noted(self: Any, *arguments: Any, **keywords: Any) -> Any:
        # A timer must be free to die; the common pool's Python side dies at once though the pool lives on.
        _started.append(((lambda: self) if kind is QThreadPool else weakref.ref(self), kind.__name__))
        return start(self, *arguments, **keywords)

    setattr(kind, method, noted)


for _kind in (QTimer, QThread, QThreadPool):
    _note_starts(_kind)


def _is_running(thing: Any, grace: int = 0) -> bool:
    """Whether a started Qt object still ticks, runs or has work; a pool gets `grace` ms to end what is under way."""
    if thing is None or not isValid(thing):
        return False
    if isinstance(thing, QTimer):
        return thing.isActive()
    if isinstance(thing, QThread):
        return thing.isRunning()
    return not thing.waitForDone(grace)


class _Bugs(logging.Handler):
    """Keeps what the program noted as its own faults: a window says so in a toast and goes on, and a test with it."""

    def __init__(self) -> None:
        super().__init__()
        self.noted: list[str] = []
        LOG.addHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        self.noted.append(record.getMessage())


_bugs = _Bugs()


@pytest.fixture(autouse=True)
def nothing_left_behind(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test that leaves a thread, a timer or a task running, has garbage looked for beside the GUI, or in which
    the program met a fault of its own that the test is not about (`our_bug`).
    """
    before = set(threading.enumerate())
    _started.clear()
    _searches.clear()
    _bugs.noted.clear()
    yield
    if _bugs.noted and request.node.get_closest_marker("our_bug") is None:
        pytest.fail("The program met a fault of its own: " + "\n".join(_bugs.noted), pytrace=False)
    if _searches:
        pytest.fail(f"Garbage was looked for beside the GUI's thread, by {', '.join(_searches)}", pytrace=False)
    if request.node.get_closest_marker("leaves_threads") is not None:
        return
    left = [f"{kind} {reference()!r}" for reference, kind in _started if _is_running(reference(), 2000)]
    if left and QCoreApplication.instance() is not None:
        # Widgets that the test closed die only now, and their timers with them.
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        left = [f"{kind} {reference()!r}" for reference, kind in _started if _is_running(reference())]
    left += [f"thread {thread.name}" for thread in _new_threads(before)]
    if left:
        _started.clear()
        pytest.fail("Left running after the test: " + "; ".join(left), pytrace=False)


def _new_threads(before: set[threading.Thread]) -> list[threading.Thread]:
    """Python's own threads that outlive the test by more than two seconds; Qt's are looked at through Qt."""
    until = time.monotonic() + 2
    while True:
        new = [
            thread
            for thread in threading.enumerate()
            if thread not in before and not isinstance(thread, threading._DummyThread)
        ]
        if not new or time.monotonic() > until:
            return new
        new[0].join(0.05)
