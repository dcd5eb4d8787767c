"""Sealing on a file the facts that a deed added: what stands behind the last row of before is the deed's own.

On a file one deed is done at a time, so that nobody else's row can come in between. A server seals by itself, with the
same words (`db.seal_rules`). All of it goes past SQLAlchemy, for it is done in every deed: two statements of some ten
microseconds, and one more for each table that something was added to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from functools import lru_cache
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection

from db.engine import as_ours
from db.seals import FORMS, MOST, SHORT, Form, reader

Marks = tuple[int | None, ...]
"""The newest row of each sealed table, in the order of the forms."""
_AT_ONCE = 2000
_NEWEST = "SELECT " + ", ".join(f"(SELECT max(rowid) FROM {table})" for table in FORMS)
_SINCE = "SELECT " + ", ".join(f'(SELECT max("{form.since}") FROM {table})' for table, form in FORMS.items())


def marks_of(connection: Connection) -> Marks:
    """How far the sealed tables go."""
    return _one_row(connection, _NEWEST)


def seals_of(connection: Connection, before: Marks) -> dict[str, Any]:
    """The seals of all rows that were added after `before`, by table; nothing for a table that has no new one."""
    return {
        table: _seals(connection, table, old or 0)
        for (table, old, new) in zip(FORMS, before, marks_of(connection), strict=True)
        if new != old
    }


def since(connection: Connection) -> dict[str, Any]:
    """What stands now: the newest row of each table that has any."""
    newest = _one_row(connection, _SINCE)
    return {table: value for table, value in zip(FORMS, newest, strict=True) if value is not None}


def _seals(connection: Connection, table: str, after: int) -> list[list[Any]]:
    statement, places, read = _plan(table)
    with as_ours(connection, statement), closing(connection.connection.cursor()) as cursor:
        rows = cursor.execute(statement, (after,)).fetchmany(_AT_ONCE)
        run = Run(FORMS[table])
        while rows:
            for row in rows:
                run.add([row[place] for place in places], read(row))
            rows = cursor.fetchmany(_AT_ONCE) if len(rows) == _AT_ONCE else ()
    return run.seals()


@lru_cache(maxsize=64)
def _plan(table: str) -> tuple[str, list[int], Callable[[Sequence[Any]], bytes]]:
    """The statement that reads the new rows of a table, where in them the key stands, and what reads a row."""
    form = FORMS[table]
    columns, keys = (", ".join(f'"{name}"' for name in names) for names in (form.kinds, form.keys))
    statement = f"SELECT {columns} FROM {table} WHERE rowid > ? ORDER BY {keys}"
    return statement, [list(form.kinds).index(name) for name in form.keys], reader(table)


def _one_row(connection: Connection, statement: str) -> tuple[Any, ...]:
    # Closed at once: left to be forgotten, the driver would prepare the statement anew every time, for 400 µs.
    with as_ours(connection, statement), closing(connection.connection.cursor()) as cursor:
        found: tuple[Any, ...] = cursor.execute(statement).fetchone()
    return found


class Run:
    """Makes seals of rows that come in the order of their keys: rows that follow each other share one.

    A seal is the first and the last key, a SHA-256, and of several rows a short mark each. The SHA-256 of several is
    that of the one so far and the next row's, over and over.
    """

    def __init__(self, form: Form) -> None:
        self._form = form
        self._seals: list[list[Any]] = []
        self._begun: list[Any] = []
        self._newest: list[Any] = []
        self._rolled = b""
        self._short: list[str] = []

    def add(self, key: list[Any], digest: bytes) -> None:
        """Take one more row."""
        if self._short and len(self._short) < MOST and follows(self._form, self._newest, key):
            self._rolled = sha256(self._rolled + digest).digest()
        else:
            self._close()
            self._begun, self._rolled = key, digest
        self._newest = key
        self._short.append(digest.hex()[:SHORT])

    def seals(self) -> list[list[Any]]:
        """All seals, the last one closed."""
        self._close()
        return self._seals

    def _close(self) -> None:
        if self._short:
            shown = [self._form.shown(self._begun), self._form.shown(self._newest), self._rolled.hex()]
            self._seals.append([*shown, "".join(self._short)] if len(self._short) > 1 else shown)
        self._short = []


def follows(form: Form, before: list[Any], key: list[Any]) -> bool:
    """Whether no other row can ever come between two keys, so that one seal may span them."""
    if form.told:
        return False
    if len(key) == 1:
        return bool(key[0] == before[0] + 1)
    return bool(key[0] == before[0] and key > before)


def rolled(digests: Iterable[bytes]) -> str:
    """The SHA-256 of a seal over rows with these of their own."""
    so_far = b""
    for digest in digests:
        so_far = sha256(so_far + digest).digest() if so_far else digest
    return so_far.hex()
