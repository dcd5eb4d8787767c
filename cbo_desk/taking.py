"""Taking a deed that carries an id of its own: once, whoever brings it and however often."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, text
from sqlalchemy.orm import Session

from cbo_desk.changes import Changes
from cbo_desk.context import actor, now
from cbo_desk.errors import Refusal
from db.base import table_of
from db.taken import TakenDeed

_ADD = insert(table_of(TakenDeed))
_WAIT = text("SELECT pg_advisory_xact_lock(hashtextextended(:id, 29))")


@dataclass(frozen=True)
class Key:
    """What makes a deed the same deed. `digest` is over what was ordered.

    `arguments` gives the command's arguments, records of earlier deeds looked up. `happened_at` is None for a deed that
    is done as it is ordered; `told` goes into the audit beside the arguments.
    """

    id: str
    kind: str
    digest: str
    arguments: Callable[[Session], tuple[Any, ...]]
    happened_at: datetime | None = None
    told: Mapping[str, Any] | None = None


class TakenOtherwise(Refusal):
    """The id was taken already with another content: this one can only be dropped."""


class TakenAlready(Changes):
    """What was answered when the deed was taken: it was not done a second time."""


def before(session: Session, key: Key) -> Changes | None:
    """What was answered when a deed was taken already; None for one that is new. Waits for whoever is taking it.

    Raises TakenOtherwise where what was taken under its id is not what it holds.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(_WAIT, {"id": key.id})
    row = session.get(TakenDeed, key.id)
    if row is None:
        return None
    if row.outcome == "dropped":
        raise TakenOtherwise(f"{row.by} dropped this at {row.workstation}. Nothing of it was done.")
    if row.digest != key.digest:
        raise TakenOtherwise(f"This was taken already from {row.workstation}, in another form: {row.said}")
    return TakenAlready(row.record_kind, (row.record_id,) if row.record_id is not None else (), row.said)


def set_clock(session: Session, key: Key) -> datetime:
    """Let the deed have the time at which it happened, never later than now; returns the time it is."""
    instant = now(session)
    if key.happened_at is not None:
        session.info["now"] = min(key.happened_at, instant)
    return instant


def note(session: Session, key: Key, changes: Changes, instant: datetime, outcome: str = "done") -> None:
    """Write down that the deed is taken; from here on it is the time of the taking."""
    values = {
        "id": key.id, "kind": key.kind, "digest": key.digest, "outcome": outcome, "record_kind": changes.kind,
        "record_id": changes.ids[0] if changes.ids else None, "said": changes.said, "happened_at": now(session),
        "taken_at": instant, "by": actor(session).login, "workstation": actor(session).workstation,
    }  # fmt: skip
    session.flush()
    session.connection().execute(_ADD, values)
    session.info["now"] = instant


def record_of(session: Session, ident: str) -> int:
    """The record that an earlier deed of the tray made; Refusal where that was not taken."""
    wanted = select(TakenDeed.record_id).where(TakenDeed.id == ident, TakenDeed.outcome == "done")
    found = session.scalar(wanted)
    if found is None:
        raise Refusal("What this is about has not been received: look at its receipt first, then try this again.")
    return found


def digest(kind: str, body: Mapping[str, Any]) -> str:
    """What tells two contents under one id apart."""
    told = {name: part for name, part in body.items() if name != "names"}  # how people call it is no part of it
    written = json.dumps([kind, told], sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(written.encode("utf-8", "surrogatepass")).hexdigest()
