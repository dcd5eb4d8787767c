"""Lost updates: a form carries the version it read, and is refused where somebody else was quicker."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Protocol

from sqlalchemy import inspect, update
from sqlalchemy.orm import Session

from cbo_desk import audit
from cbo_desk.errors import Refusal
from db.base import Base


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
    raise Refusal(f"{told} Look at it anew, then try again.")


def _shown(value: Any) -> str:
    return "nothing" if value in (None, "") else str(value)


def continue_version(session: Session, record: Base, version: int) -> None:
    """Let a record that was put back count on from `version`, so that no version is ever read twice of one record."""
    kind: Any = type(record)
    key = inspect(record).identity
    assert key is not None
    session.execute(update(kind).where(kind.id == key[0]).values(version=version))
    session.refresh(record, ["version"])
