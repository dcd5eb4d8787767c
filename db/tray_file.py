"""The tray's file on a workstation: what is kept there until the server has taken it, in its order."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from db.base import utc_text
from db.engine import sqlite_module, wal_is_sound

FORM = 2
"""The form of the file. A newer one is left alone; an older one is raised, step by step, in RAISES."""
_MAKE = """
CREATE TABLE about(name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE kept(
    n INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE CHECK (length(id) = 32),
    kind TEXT NOT NULL,
    form INTEGER NOT NULL,
    body TEXT NOT NULL,
    happened_at TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'refused', 'done', 'dropped')),
    said TEXT NOT NULL DEFAULT '',
    record_id INTEGER,
    otherwise INTEGER NOT NULL DEFAULT 0,
    clock TEXT NOT NULL DEFAULT '{}'
);
CREATE INDEX ix_kept_state ON kept(state, n) WHERE state IN ('waiting', 'refused');
CREATE TRIGGER tr_kept_ended BEFORE UPDATE ON kept WHEN OLD.state IN ('done', 'dropped')
BEGIN SELECT RAISE(ABORT, 'what was taken stands'); END;
"""
RAISES: dict[int, str] = {1: "ALTER TABLE kept ADD COLUMN clock TEXT NOT NULL DEFAULT '{}';\n"}
"""What brings a file of a form to the next one."""


class NewerTrayError(Exception):
    """The file was written by a newer program: its form."""


@dataclass(frozen=True)
class Kept:
    """One deed in the tray. `n` is its place in the order; `body` what was ordered, in the `form` of its kind.

    `state` is waiting, refused, done or dropped; `said` what the server said, `record_id` the record it made.
    `otherwise` says that the server took another content under this id. `clock` is what this workstation's clocks said
    when it was kept.
    """

    n: int
    id: str
    kind: str
    form: int
    body: Any
    happened_at: datetime
    state: str
    said: str
    record_id: int | None
    otherwise: bool
    clock: Any


class TrayFile:
    """The file itself: every change is on the disk when a method returns. Fit for several threads and programs.

    Raises NewerTrayError for a newer form, and the SQLite module's errors for a damaged file or a full disk.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.RLock()
        module = sqlite_module()
        self.errors: type[Exception] = module.Error
        existed = path.exists()
        if not existed:
            path.parent.mkdir(parents=True, exist_ok=True)
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        self._connection = module.connect(str(path), timeout=10, isolation_level=None, check_same_thread=False)
        try:
            self._open(wal_is_sound(module.sqlite_version_info))
        except BaseException:
            self._connection.close()
            raise

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._connection.close()

    def about(self, name: str) -> str:
        """One fact of the tray, "" where it is not known."""
        row = self._one("SELECT value FROM about WHERE name = ?", (name,))
        return str(row[0]) if row else ""

    def note(self, name: str, value: str) -> None:
        """Write down one fact of the tray."""
        self._do("INSERT INTO about VALUES (?, ?) ON CONFLICT(name) DO UPDATE SET value = excluded.value", name, value)

    def keep(self, ident: str, kind: str, form: int, body: Any, happened_at: datetime, clock: Any) -> int:
        """Put a deed behind all others; returns its place."""
        made = "INSERT INTO kept(id, kind, form, body, happened_at, clock) VALUES (?, ?, ?, ?, ?, ?) RETURNING n"
        written = json.dumps(body, ensure_ascii=True), utc_text(happened_at), json.dumps(clock)
        values = (ident, kind, form, *written)
        with self._lock, self._whole():
            row = self._connection.execute(made, values).fetchone()
        return int(row[0])

    def first_waiting(self) -> Kept | None:
        """The deed that is to be taken next."""
        row = self._one(f"{_READ} WHERE state = 'waiting' ORDER BY n LIMIT 1")
        return _kept(row) if row else None

    def in_state(self, *states: str) -> list[Kept]:
        """The deeds that stand so, in their order."""
        marks = ", ".join("?" * len(states))
        with self._lock:
            return [
                _kept(row)
                for row in self._connection.execute(f"{_READ} WHERE state IN ({marks}) ORDER BY n", states).fetchall()
            ]

    def count(self, state: str) -> int:
        """How many deeds stand so."""
        row = self._one("SELECT count(*) FROM kept WHERE state = ?", (state,))
        return int(row[0])

    def at(self, n: int) -> Kept | None:
        """The deed at a place."""
        row = self._one(f"{_READ} WHERE n = ?", (n,))
        return _kept(row) if row else None

    def mark(self, n: int, state: str, said: str, record_id: int | None = None, *, otherwise: bool = False) -> None:
        """Write down what became of a deed; one that ended stands as it ended."""
        self._do(
            "UPDATE kept SET state = ?, said = ?, record_id = ?, otherwise = ? WHERE n = ? "
            "AND state IN ('waiting', 'refused')",
            state, said, record_id, int(otherwise), n,
        )  # fmt: skip

    def change(self, n: int, form: int, body: Any) -> None:
        """Give a deed that was refused another content, and let it wait again at its place."""
        written = json.dumps(body, ensure_ascii=True)
        self._do(
            "UPDATE kept SET form = ?, body = ?, state = 'waiting', said = '' WHERE n = ? AND state = 'refused'",
            form, written, n,
        )  # fmt: skip

    def wait_again(self, ns: Sequence[int]) -> None:
        """Let refused deeds wait again at their places."""
        with self._lock, self._whole():
            again = "UPDATE kept SET state = 'waiting', said = '' WHERE n = ? AND state = 'refused'"
            self._connection.executemany(again, [(n,) for n in ns])

    def forget_before(self, instant: datetime) -> None:
        """Take out deeds that ended long ago: the server has them."""
        self._do("DELETE FROM kept WHERE state IN ('done', 'dropped') AND happened_at < ?", utc_text(instant))

    def _open(self, wal: bool) -> None:
        for pragma in (f"journal_mode={'WAL' if wal else 'DELETE'}", f"synchronous={'FULL' if wal else 'EXTRA'}"):
            self._connection.execute(f"PRAGMA {pragma}")
        with self._whole():
            form = int(self._connection.execute("PRAGMA user_version").fetchone()[0])
            if form > FORM:
                raise NewerTrayError(form)
            if form == 0:
                self._run(_MAKE)
            for step in range(form or FORM, FORM):  # a new file is made in the newest form
                self._run(RAISES[step])
            self._connection.execute(f"PRAGMA user_version = {FORM}")

    def _run(self, statements: str) -> None:
        """Several statements in the transaction that is open: the module's own way would end it first."""
        module = sqlite_module()
        text = ""
        for line in statements.splitlines(keepends=True):
            text += line
            if module.complete_statement(text):
                self._connection.execute(text)
                text = ""

    @contextmanager
    def _whole(self) -> Iterator[None]:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    def _do(self, statement: str, *values: Any) -> None:
        with self._lock, self._whole():
            self._connection.execute(statement, values)

    def _one(self, question: str, values: Sequence[Any] = ()) -> Any:
        with self._lock:
            return self._connection.execute(question, values).fetchone()


_READ = "SELECT n, id, kind, form, body, happened_at, state, said, record_id, otherwise, clock FROM kept"


def _kept(row: Any) -> Kept:
    n, ident, kind, form, body, at, state, said, record_id, otherwise, clock = row
    happened, read = datetime.fromisoformat(at).astimezone(UTC), json.loads(clock)
    return Kept(n, ident, kind, form, json.loads(body), happened, state, said, record_id, bool(otherwise), read)


@contextmanager
def taking_turns(path: Path) -> Iterator[bool]:
    """Whether it is this program's turn to bring what waits: only one at a time does, and a killed one holds nobody up.

    A lock of SQLite's own on a file beside the tray: the operating system takes it off with the program.
    """
    module = sqlite_module()
    connection = module.connect(str(path.with_name(f"{path.name}.turn")), timeout=0, isolation_level=None)
    try:
        try:
            connection.execute("BEGIN EXCLUSIVE")
            ours = True
        except module.OperationalError:
            ours = False
        yield ours
        if ours:
            connection.execute("ROLLBACK")
    finally:
        connection.close()
