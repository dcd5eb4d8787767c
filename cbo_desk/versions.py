"""Lost updates: a form carries the version it read, and is refused where somebody else was quicker."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from inspect import signature
from typing import Any, ClassVar, Protocol

from sqlalchemy import inspect, select, text, update
from sqlalchemy.orm import Session

from cbo_desk import audit
from cbo_desk.changes import Changes
from cbo_desk.errors import Conflict
from cbo_desk.permissions import reads, rule_of
from db.base import Base
from db.people import Account
from db.records import AuditEntry


class Versioned(Protocol):
    """A record that counts its changes."""

    id: Any
    version: Any
    audited_as: ClassVar[str]


def check_version(session: Session, record: Versioned, read: int, called: str, labels: Mapping[str, str]) -> None:
    """Refuse a form that read an older version, naming who changed what since.

    `labels` maps the columns a person knows to their words; others are not named.
    """
    if record.version == read:
        return
    deeds = audit.history(session, record.audited_as, record.id, most=max(record.version - read, 1))
    changed: dict[str, tuple[Any, Any]] = {}
    for deed in reversed(deeds):
        for column, (before, after) in deed.differences.items():
            if column in labels:
                changed[column] = (changed.get(column, (before, after))[0], after)
    what = "; ".join(
        f"{labels[column]} from {_shown(before)} to {_shown(after)}" for column, (before, after) in changed.items()
    )
    who = deeds[0].actor if deeds else "Somebody else"
    told = f"{who} changed {called} in the meantime{': ' + what if what else ''}."
    raise Conflict(f"{told} Look at it anew, then try again.")


@dataclass(frozen=True)
class Stands:
    """What stands where a form is about to write: `said` in a sentence, `what` all of it, to compare."""

    said: str
    what: Any


class Unchanged:
    """A command that is refused where a query no longer answers what it did when the form was filled.

    For what has no version of its own: `query` with `asked` is read again in the command's own transaction, and
    compared with what was `read` then. On a server who comes second waits for the first.
    """

    def __init__(
        self, command: Callable[..., Changes], query: Callable[..., Any], asked: tuple[Any, ...], read: Any
    ) -> None:
        self.command, self.query, self.asked, self.read = command, query, asked, read
        self.rule = rule_of(command)
        self.__signature__ = signature(command)

    def __call__(self, session: Session, *args: Any) -> Changes:
        """Run the command, unless somebody else was quicker."""
        if session.get_bind().dialect.name == "postgresql":
            name = f"{self.query.__name__}{self.asked!r}"
            session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": name})
        if self.query(session, *self.asked) != self.read:
            raise Conflict("Somebody else changed this in the meantime. Look at it anew, then try again.")
        return self.command(session, *args)


@reads("people", "look who changed a record")
def last_editor(session: Session, kind: str, record_id: int) -> str:
    """Who did the newest deed on a record, by name; "" where nobody has."""
    deeds = audit.history(session, kind, record_id, most=1)
    if not deeds:
        return ""
    name = session.scalar(select(Account.name).where(Account.login == deeds[0].actor))
    return name or deeds[0].actor


def _shown(value: Any) -> str:
    return "nothing" if value in (None, "") else str(value)


def continue_version(session: Session, record: Base, version: int) -> None:
    """Let a record that was put back count on from `version`, so that no version is ever read twice of one record."""
    kind: Any = type(record)
    key = inspect(record).identity
    assert key is not None
    session.execute(update(kind).where(kind.id == key[0]).values(version=version))
    session.refresh(record, ["version"])


@reads("door", "see when the last deed was written")
def newest_at(session: Session) -> datetime | None:
    """When the newest entry was written; None where there is none."""
    return session.scalar(select(AuditEntry.at).order_by(AuditEntry.seq.desc()).limit(1))
