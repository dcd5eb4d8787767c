"""Furnishes an office's new database with what a test begins with: made once in a run, copied ever after.

Thirty deeds by the real commands take half a second, a copy of what they left takes milliseconds. Only a database that
nobody has written to since it was made is furnished with a copy; any other is furnished by the commands, as ever.
SQLite files are made once for all workers of a run, a server's databases once for each, as its server is.
"""

from __future__ import annotations

import copy
import filecmp
import hashlib
import os
import pickle
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from inspect import isfunction
from itertools import count
from pathlib import Path
from typing import Any

NEXT_XID = "SELECT pg_snapshot_xmax(pg_current_snapshot())::text"
"""The number that the next transaction of a server will have that writes; asking takes none."""

_new: dict[str, str] = {}
"""Of every database that was just made, by its name: the file it was copied from, or its server's next transaction."""
_kept: dict[tuple[Any, ...], tuple[str, Any]] = {}
"""By who furnishes, with what and when: the database that was left, and what was answered."""
_connections: dict[str, Any] = {}
"""By a server's address: a connection that makes and drops databases there."""
_spare: dict[tuple[str, str], list[str]] = {}
"""By a server's address and a template: databases copied from it that nobody has written to."""
_spares = count(1)
_made_from: dict[str, str] = {}
"""By a new database of a server: the template it was copied from."""


def note_new(database: str, sign: str) -> None:
    """Remember how a database looks that nobody has written to."""
    _new[database] = sign


def new_database(server: str, name: str, template: str, run: Callable[[str], str]) -> str:
    """A copy of a template on a server: one that another test had no use for, else a new one of a name."""
    spare = _spare.get((server, template))
    if spare:
        name = spare.pop()
    else:
        # A thousand small files are copied in half the time that their pages take through the log.
        run(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
    key = f"{server}/{name}"
    _made_from[key] = template
    note_new(key, run(NEXT_XID))
    return name


def made_once(make: Callable[..., Any]) -> Callable[..., Any]:
    """Let `make(office, *more)` furnish by copy from the second time on.

    What it writes may depend on nothing but `more` and the office's clock; what it answers is each test's own.
    """

    @wraps(make)
    def furnish(office: Any, *more: Any) -> Any:
        ground = _ground_of(office.engine)
        if not ground.is_untouched():
            return make(office, *more)
        who = (make.__module__, make.__qualname__, office.actor.login, office._now(), ground.origin)
        key = (*who, *(f"{one.__module__}.{one.__qualname__}" if isfunction(one) else repr(one) for one in more))
        if key in _kept:
            database, answer = _kept[key]
            ground.take(database)
        else:
            answer = ground.make_once(key, lambda: make(office, *more))
        return copy.deepcopy(answer)

    return furnish


@contextmanager
def by_one_worker(path: Path) -> Iterator[None]:
    """Let the workers of a run make a file one after the other, so that the second finds it; on Windows each does."""
    try:
        import fcntl
    except ImportError:  # Windows
        yield
        return
    with path.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _pickled(answer: Any) -> bytes | None:
    try:
        return pickle.dumps(answer)
    except (pickle.PicklingError, AttributeError, TypeError):
        return None


def _ground_of(engine: Any) -> _File | _Server:
    return _Server(engine) if engine.dialect.name == "postgresql" else _File(engine)


class _File:
    """A SQLite file."""

    def __init__(self, engine: Any) -> None:
        self.engine, self.path = engine, Path(engine.url.database)
        self.origin = _new.get(str(self.path), "")

    def is_untouched(self) -> bool:
        if not self.origin or self.engine.pool.checkedout():
            return False
        self.engine.dispose()
        return not self._log().exists() and filecmp.cmp(self.origin, self.path, shallow=False)

    def make_once(self, key: tuple[Any, ...], make: Callable[[], Any]) -> Any:
        """Furnish by `make`, or with what another worker of this run left."""
        kept = Path(self.origin).with_name(f"furnished-{hashlib.sha256(repr(key).encode()).hexdigest()[:24]}.db")
        answered = kept.with_suffix(".answer")
        with by_one_worker(kept):
            if answered.exists():
                self.take(str(kept))
                answer = pickle.loads(answered.read_bytes())
            else:
                answer = make()
                told = _pickled(answer)
                if told is None:  # then each worker makes its own
                    kept = kept.with_stem(f"{kept.stem}-{os.getpid()}")
                self._keep(kept)
                if told is not None:
                    answered.write_bytes(told)
        _kept[key] = str(kept), answer
        return answer

    def _keep(self, kept: Path) -> None:
        self.engine.dispose()
        if self._log().exists():
            raise AssertionError(f"{self.path} is still open elsewhere: it cannot be kept as it stands.")
        shutil.copyfile(self.path, kept)

    def take(self, database: str) -> None:
        shutil.copyfile(database, self.path)

    def _log(self) -> Path:
        return self.path.with_name(f"{self.path.name}-wal")


class _Server:
    """A database on a test's own PostgreSQL server."""

    def __init__(self, engine: Any) -> None:
        self.engine, self.url, self.name = engine, engine.url, engine.url.database
        self.origin = f"{self.url.host}:{self.url.port}"
        self._key = f"{self.origin}/{self.name}"

    def is_untouched(self) -> bool:
        if self.engine.pool.checkedout() or self._key not in _new:
            return False
        self.engine.dispose()
        return _new[self._key] == self._run(NEXT_XID)

    def make_once(self, key: tuple[Any, ...], make: Callable[[], Any]) -> Any:
        """Furnish by `make`."""
        answer = make()
        self.engine.dispose()
        kept = f"furnished_{len(_kept)}"
        self._run(f"CREATE DATABASE {kept} TEMPLATE {self.name} STRATEGY FILE_COPY")
        _kept[key] = kept, answer
        return answer

    def take(self, database: str) -> None:
        self._put_aside()
        self._run(f"CREATE DATABASE {self.name} TEMPLATE {database} STRATEGY FILE_COPY")

    def _put_aside(self) -> None:
        """Keep the database for the next test, unless somebody is connected to it: to make one is a thousand files."""
        template, name = _made_from.pop(self._key, None), f"spare_{next(_spares)}"
        opened = "SELECT count(*) FROM pg_stat_activity WHERE datname = "
        if template is None or self._run(f"{opened}'{self.name}'") != "0":
            self._run(f"DROP DATABASE {self.name} WITH (FORCE)")
        else:
            self._run(f"ALTER DATABASE {self.name} RENAME TO {name}")
            _spare.setdefault((self.origin, template), []).append(name)

    def _run(self, *statements: str) -> str:
        connection = _connections.get(self.origin)
        if connection is None or connection.closed:
            import psycopg

            where = {"host": self.url.host, "port": self.url.port, "user": "postgres", "dbname": "postgres"}
            connection = _connections[self.origin] = psycopg.connect(**where, autocommit=True)
        for statement in statements:
            told = connection.execute(statement)
        return str(told.fetchone()[0]) if told.description else ""
