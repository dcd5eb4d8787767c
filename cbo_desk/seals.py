"""Holds every fact against its seal: what was altered, is missing, or was added past the program since seals were put.

Entries are read in their order and facts in that of their keys, each table once and at the same pace: what is in memory
is only what deeds that ran at the same time put between each other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from hashlib import sha256
from itertools import zip_longest
from typing import Any

from sqlalchemy import Connection, Row, func, select
from sqlalchemy.orm import Session

from cbo_desk.fact_words import KINDS, kind_of, name_of
from cbo_desk.permissions import reads
from cbo_desk.progress import Progress
from cbo_desk.sealing import rolled
from cbo_desk.zone import ZONE
from db.records import AuditEntry
from db.roles import become_owner
from db.seals import FORMS, SHORT, reader, words_on_server
from db.staff import knows_people

Key = tuple[Any, ...]
_AT_ONCE = 1000
_ENTRIES = (
    select(AuditEntry.seq, AuditEntry.at, AuditEntry.actor, AuditEntry.said, AuditEntry.sealed)
    .where(AuditEntry.sealed.is_not(None))
    .order_by(AuditEntry.seq)
    .execution_options(yield_per=_AT_ONCE)
)


@dataclass(frozen=True)
class Seals:
    """What holding the facts against their seals found.

    `facts` agree; `since` is the instant of the first entry that sealed any, None where there is none yet. `broken`
    tells for every table in which something is wrong the first of it, and how much more there is.
    """

    facts: int
    since: datetime | None
    broken: tuple[str, ...] = ()


@reads("settings", "prove the audit chain")
def prove(session: Session, progress: Progress | None = None) -> Seals:
    """Read all sealed facts and hold them against their seals, at one moment of the database."""
    connection = session.connection()
    tables = set(FORMS) - _kept_from_us(connection)
    newest = session.scalar(select(func.max(AuditEntry.seq))) or 0
    facts: dict[str, _Facts] = {}
    wrong: dict[str, list[str]] = {}
    first: Row[Any] | None = None
    for entry in session.execute(_ENTRIES):
        if first is None:
            first = entry
            facts = {name: _Facts(connection, name, entry.sealed.get("since", {}).get(name)) for name in tables}
        elif "since" in entry.sealed:
            wrong.setdefault("", []).append(f"Entry {entry.seq} begins to seal anew: what was before it is not told.")
        for name in sorted(entry.sealed.keys() & tables):
            for seal in entry.sealed[name]:
                wrong.setdefault(name, []).extend(facts[name].break_of(seal, partial(_deed, entry)))
        if progress:
            progress.report(entry.seq, newest)
    for name in sorted(facts):
        wrong.setdefault(name, []).extend(facts[name].strangers())
    told = [_first_of(those) for those in wrong.values() if those]
    return Seals(sum(one.agreed for one in facts.values()), first.at if first else None, tuple(told))


def _first_of(those: list[str]) -> str:
    return those[0] if len(those) == 1 else f"{those[0]} And {len(those) - 1:,} more."


def _kept_from_us(connection: Connection) -> set[str]:
    """What a server shows only to whose it is, unless an administrator looks."""
    return set() if become_owner(connection) or not knows_people(connection) else {"taken_deed"}


def _deed(entry: Row[Any]) -> str:
    at = entry.at.astimezone(ZONE).strftime("%d %b %Y %H:%M")
    said = f": “{entry.said}”" if entry.said else ""
    return f"entry {entry.seq} ({entry.actor}, {at}){said}"


class _Facts:
    """The facts of one table: read once from the first sealed one on, and taken away seal by seal."""

    def __init__(self, connection: Connection, name: str, since: Any) -> None:
        self._connection, self._name, self._form = connection, name, FORMS[name]
        self._since = since
        self._rows = _read(connection, name, since)
        self._waiting: dict[Key, bytes] = {}
        self._reached: Key | None = None
        self._read_all = False
        self.agreed = 0

    def break_of(self, seal: list[Any], deed: Callable[[], str]) -> Iterator[str]:
        """What is wrong with the facts under one seal of a deed, in words; nothing where they agree."""
        first, last = (tuple(end) if isinstance(end, list) else (end,) for end in seal[:2])
        marks = _marks(seal)
        found = self._take(first, last)
        if len(found) == len(marks) and rolled(digest for _key, digest in found) == seal[2]:
            self.agreed += len(found)
        elif self._numbered:
            yield from self._differing(range(first[0], last[0] + 1), marks, dict(found), deed())
        else:
            yield self._first_differing(first, marks, found, deed())

    def strangers(self) -> Iterator[str]:
        """What stands under no seal."""
        for key, _digest in self._rows:
            self._waiting.setdefault(key, b"")
        for key in sorted(self._waiting):
            yield f"{self._told(key)} was added past the program: no deed is known to have added it."

    @property
    def _numbered(self) -> bool:
        """Whether the rows under a seal have one number after the other."""
        return len(self._form.keys) == 1 and not self._form.told

    def _take(self, first: Key, last: Key) -> list[tuple[Key, bytes]]:
        if not self._form.order and self._since is not None and first[0] <= self._since:
            return self._look_up(first, last)  # of the first deeds with seals: they stood when it was noted what did
        self._read_to(last)
        if self._form.told:
            return [(last, self._waiting.pop(last))] if last in self._waiting else self._look_up(first, last)
        if self._numbered:
            wanted: list[Key] = [(ident,) for ident in range(first[0], last[0] + 1)]
        else:
            wanted = sorted(key for key in self._waiting if first <= key <= last)
        return [(key, self._waiting.pop(key)) for key in wanted if key in self._waiting]

    def _look_up(self, first: Key, last: Key) -> list[tuple[Key, bytes]]:
        return list(_read(self._connection, self._name, None, (first, last)))

    def _read_to(self, last: Key) -> None:
        while not self._read_all:
            if last in self._waiting or (not self._form.told and self._reached is not None and self._reached >= last):
                return
            row = next(self._rows, None)
            if row is None:
                self._read_all = True
            else:
                self._reached = row[0]
                self._waiting[row[0]] = row[1]

    def _differing(self, numbers: range, marks: list[str], found: dict[Key, bytes], deed: str) -> Iterator[str]:
        named = False
        for number, mark in zip(numbers, marks, strict=False):
            key = (number,)
            if key not in found:
                named = True
                yield self._missing(key, deed)
            elif mark and mark != found[key].hex()[:SHORT]:
                named = True
                yield f"{self._told(key)} was altered after {deed}"
        if not named:
            one = "" if len(numbers) == 1 else f"One of {len(numbers):,} from here on: "
            yield f"{one}{self._told((numbers[0],))} was altered after {deed}"

    def _first_differing(self, first: Key, marks: list[str], found: list[tuple[Key, bytes]], deed: str) -> str:
        """Of rows whose keys leave gaps, the first that is not what the deed added: what comes after says nothing."""
        pairs = zip_longest(found, marks)
        one = next((row for row, mark in pairs if row is None or (mark or "") != row[1].hex()[: len(mark or "")]), None)
        if len(found) < len(marks):
            return self._missing(None, deed)
        key = one[0] if one else first
        if len(found) > len(marks):
            return f"{self._told(key)} was added past the program, among what was added by {deed}"
        return f"{self._told(key)} was altered after {deed}"

    def _missing(self, key: Key | None, deed: str) -> str:
        if key is not None and self._look_up(key, key):
            return f"{self._told(key)} was sealed once more by {deed}"
        return f"{kind_of(self._name)} is missing that was added by {deed}"

    def _told(self, key: Key) -> str:
        return name_of(self._connection, self._name, key)


def _marks(seal: list[Any]) -> list[str]:
    """The short mark of each row under a seal; one row has none."""
    if len(seal) < 4:
        return [""]
    return [seal[3][place : place + SHORT] for place in range(0, len(seal[3]), SHORT)]


def _read(
    connection: Connection, name: str, since: Any, only: tuple[Key, Key] | None = None
) -> Iterator[tuple[Key, bytes]]:
    """Keys of rows with the SHA-256 of their text, in the order in which deeds added them."""
    form = FORMS[name]
    server = connection.dialect.name == "postgresql"
    keys = ", ".join(f'"{column}"' for column in form.keys)
    mark = "%s" if server else "?"
    wanted = words_on_server(name, name) if server else ", ".join(f'"{column}"' for column in form.kinds)
    condition = ""
    given: Key = ()
    if only is not None:
        marks = ", ".join([mark] * len(form.keys))
        condition, given = f" WHERE ({keys}) BETWEEN ({marks}) AND ({marks})", (*only[0], *only[1])
        if len(form.keys) == 1:
            condition = condition.replace("(", "").replace(")", "")
    elif since is not None:
        condition, given = f' WHERE "{form.since}" > {mark}', (since,)
    order = f'"{form.order}", {keys}' if form.order else keys
    statement = f"SELECT {keys}, {wanted} FROM {name}{condition} ORDER BY {order}"
    width, digest = len(form.keys), _of_words if server else reader(name)
    options = {"yield_per": _AT_ONCE}
    for row in connection.exec_driver_sql(statement, given, execution_options=options):
        yield tuple(row[:width]), digest(row[width:])


def _of_words(told: Sequence[str]) -> bytes:
    return sha256(told[0].encode()).digest()


assert KINDS.keys() == FORMS.keys()
