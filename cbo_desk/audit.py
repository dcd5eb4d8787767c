"""The audit chain: each entry names who did what to what, and carries the hash of the entry before it."""

from __future__ import annotations

import hashlib
import json
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, is_dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

from sqlalchemy import (
    Row,
    Select,
    and_,
    bindparam,
    case,
    event,
    func,
    insert,
    inspect,
    or_,
    select,
    true,
    union_all,
    update,
)
from sqlalchemy.orm import Session

from cbo_desk.changes import Changes, Deed
from cbo_desk.context import actor, now
from cbo_desk.folding import storable
from cbo_desk.permissions import reads
from cbo_desk.progress import Progress
from cbo_desk.sealing import Marks, marks_of, seals_of, since
from db import audit_link
from db.base import Base, table_of
from db.prepared import Prepared
from db.records import AuditEntry, AuditHead, AuditTouch

_SECRET = re.compile("password|passphrase|secret")
# A deed over more rows than this names their number, not each of them, and is found by the stretches of their ids.
MOST_NAMED = 500
# The kinds of an `audit_touch` that stand for a stretch of ids, its first and its last, behind the kind of the records.
FIRST, LAST = "/first", "/last"


def plain(value: Any) -> Any:
    """A value as JSON can hold it, the same on both engines."""
    if type(value) is str:  # most are texts and numbers, and a large deed has a hundred thousand of them
        return storable(value)
    if value is None or type(value) is int:
        return value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, bytes):
        return f"{len(value)} bytes, sha256 {hashlib.sha256(value).hexdigest()}"
    if isinstance(value, Deed):
        return getattr(value.command, "__name__", "")
    if is_dataclass(value) and not isinstance(value, type):
        return plain(asdict(value))
    if isinstance(value, Mapping):
        return {str(key): "…" if _SECRET.search(str(key)) else plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        items = sorted(value, key=str) if isinstance(value, set | frozenset) else value
        shown = [plain(item) for item in items[:MOST_NAMED]]
        return [*shown, f"and {len(items) - MOST_NAMED} more"] if len(items) > MOST_NAMED else shown
    return value if isinstance(value, int) else storable(str(value))


def watch(session: Session) -> None:
    """Note before and after of every audited record this session changes, and how far the facts go before the deed."""
    session.info["differences"] = {}
    if session.get_bind().dialect.name == "sqlite":  # a server seals them by itself
        session.info["marks"] = marks_of(session.connection())


# Of all sessions: to have each one listened to by itself takes as long as a statement.
@event.listens_for(Session, "before_flush")
def _note(session: Session, _context: Any, _instances: Any) -> None:
    known: dict[str, Any] = session.info.get("differences", {})
    for record in [*session.dirty, *session.deleted] if "differences" in session.info else ():
        if isinstance(record, Base) and record.audited_as:
            key = f"{record.audited_as}:{(inspect(record).identity or ())[0]}"
            found = _compare(record, known.get(key, {}), gone=record in session.deleted)
            if found:
                known[key] = found


def _compare(record: Base, known: dict[str, Any], gone: bool) -> dict[str, Any]:
    """What changed, together with what is `known` of the same record from earlier in the deed."""
    found = dict(known)
    for attribute in inspect(record).mapper.column_attrs:
        name = attribute.key
        history = inspect(record).attrs[name].history
        if not (history.has_changes() or gone):
            continue
        before = history.deleted[0] if history.deleted else (history.unchanged[0] if history.unchanged else None)
        after = None if gone else (history.added[0] if history.added else None)
        if _SECRET.search(name):
            before, after = "…", "… changed"
        first = found[name][0] if name in found else plain(before)
        found[name] = [first, plain(after)]
    return found


@event.listens_for(Session, "after_flush")
def _note_new(session: Session, _context: Any) -> None:
    for record in session.new if "differences" in session.info else ():
        if isinstance(record, Base) and record.audited_as:
            values = {a.key: getattr(record, a.key) for a in inspect(record).mapper.column_attrs}
            key = f"{record.audited_as}:{inspect(record).mapper.primary_key_from_instance(record)[0]}"
            given = {name: value for name, value in plain(values).items() if value not in (None, "", {}, [])}
            session.info["differences"][key] = {name: [None, value] for name, value in given.items()}


@dataclass(frozen=True)
class Mark:
    """By what a deed on a server is known whose answer was lost: the number of its transaction, and its instant."""

    xid: int
    at: datetime


# Every deed runs these: built once and without the unit of work they take a third of the time.
_HEAD = Prepared(select(table_of(AuditHead).c.seq, table_of(AuditHead).c.hash, table_of(AuditHead).c.sealed_from))
_ADD_ENTRY, _ADD_TOUCH = Prepared(insert(table_of(AuditEntry))), Prepared(insert(table_of(AuditTouch)))
_MOVE_HEAD = Prepared(
    update(table_of(AuditHead)).values(
        seq=bindparam("new_seq"), hash=bindparam("new_hash"), sealed_from=bindparam("new_sealed_from")
    )
)
_LOOKS, _BETWEEN_S = 60, 0.05
"""How often to look whether a transaction has ended, and how long to wait in between: three seconds, as for a lock."""


def record(session: Session, command: str, args: Any, changes: Changes) -> None:
    """Append the deed to the chain, as the last thing before it commits; on a server the commit goes along with it."""
    session.flush()
    connection = session.connection()
    touches = _touches(changes)
    entry = {
        "at": now(session),
        "actor": actor(session).login,
        "workstation": actor(session).workstation,
        "command": command,
        "args": plain(args),
        "touched": plain(session.info.get("differences", {})) or _summary(changes),
        "said": plain(changes.said),
    }
    if connection.dialect.name == "postgresql":
        audit_link.link_and_commit(connection, entry, touches)
        return
    head = _HEAD.one(connection, {})
    entry |= {"seq": head.seq + 1, "previous": head.hash}
    marks: Marks = session.info["marks"]
    sealed, sealed_from = seals_of(connection, marks), head.sealed_from
    if sealed:
        if sealed_from is None:
            sealed, sealed_from = {**sealed, "since": since(connection)}, entry["seq"]
        entry["sealed"] = sealed
    entry["hash"] = digest(entry)
    _ADD_ENTRY.run(connection, [entry])
    _ADD_TOUCH.run(connection, [{"seq": entry["seq"], "kind": kind, "record_id": key} for kind, key in touches])
    moved = {"new_seq": entry["seq"], "new_hash": entry["hash"], "new_sealed_from": sealed_from}
    _MOVE_HEAD.run(connection, [moved])


def holds(session: Session, mark: Mark) -> bool | None:
    """Whether a deed was kept, on a server; None where its transaction does not end within three seconds."""
    connection = session.connection()
    for _look in range(_LOOKS):
        if not audit_link.is_under_way(connection, mark.xid):
            return audit_link.was_kept(connection, mark.xid, mark.at)
        time.sleep(_BETWEEN_S)
    return None


def _touches(changes: Changes) -> list[tuple[str, int]]:
    """Which records a deed is written down for: each by itself, or by the stretches of their ids if these are few."""
    touches: list[tuple[str, int]] = []
    for kind, ids in changes.touched().items():
        runs = _runs(ids) if len(ids) > MOST_NAMED else []
        if 0 < 2 * len(runs) < len(ids):
            touches += [(kind + FIRST, first) for first, _last in runs]
            touches += [(kind + LAST, last) for _first, last in runs]
        else:
            touches += [(kind, key) for key in dict.fromkeys(ids)]
    return touches


def _runs(ids: Sequence[int]) -> list[list[int]]:
    """Ids as stretches without gaps, each by its first and last."""
    runs: list[list[int]] = []
    for ident in sorted(set(ids)):
        if runs and ident == runs[-1][1] + 1:
            runs[-1][1] = ident
        else:
            runs.append([ident, ident])
    return runs


def _summary(changes: Changes) -> dict[str, Any]:
    return {kind: {"rows": len(ids)} for kind, ids in changes.touched().items()}


def digest(entry: Mapping[str, Any]) -> str:
    """The hash of an entry: SHA-256 over its predecessor's hash and its own fields in canonical JSON.

    One without seals has no word of them: what was written before there were any keeps its hash.
    """
    fields = {name: plain(value) for name, value in entry.items() if name not in ("hash", "sealed")}
    if entry.get("sealed") is not None:
        fields["sealed"] = entry["sealed"]  # plain already, and as long as it is
    text = json.dumps(fields, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class Proof:
    """What a check of the chain found: entries read, and the first bad one with what is wrong, if any."""

    entries: int
    bad_seq: int | None = None
    why: str = ""


@reads("settings", "prove the audit chain")
def verify(session: Session, progress: Progress | None = None) -> Proof:
    """Read the whole chain and prove it, or name its first bad link."""
    expected, previous = 1, ""
    head: tuple[int, str] | None = None
    # One statement for head and entries: others may be writing, and must not look like a torn chain.
    wanted = (
        select(AuditHead.seq.label("head_seq"), AuditHead.hash.label("head_hash"), *AuditEntry.__table__.columns)
        .select_from(AuditHead)
        .outerjoin(AuditEntry, true())
        .where(AuditHead.id == 1)
        .order_by(AuditEntry.seq)
    )
    for row in session.execute(wanted.execution_options(yield_per=1000)):
        head = (row.head_seq, row.head_hash)
        if row.seq is None:
            break
        if row.seq != expected:
            return Proof(expected - 1, expected, f"Entry {expected} is missing.")
        why = _fault(row, previous)
        if why:
            return Proof(expected - 1, row.seq, why)
        if progress and expected % 1000 == 0:
            progress.report(expected, row.head_seq)
        previous, expected = row.hash, expected + 1
    if head is None:
        return Proof(0, 1, "The head of the chain is missing.")
    if head != (expected - 1, previous):
        return Proof(expected - 1, expected, "The newest entries are missing: the head names others.")
    return Proof(expected - 1)


def _fault(row: Row[Any], previous: str) -> str:
    if row.previous != previous:
        return f"Entry {row.seq} does not follow the one before it."
    entry = {name: value for name, value in row._mapping.items() if not name.startswith("head_")}
    if digest(entry) != row.hash:
        return f"Entry {row.seq} was changed after it was written."
    return ""


@dataclass(frozen=True)
class HistoryLine:
    """One deed as a card shows it; `differences` maps a field to its value before and after."""

    seq: int
    at: datetime
    actor: str
    said: str
    command: str
    differences: Mapping[str, Any]


def _history() -> Select[Any]:
    touch = AuditTouch
    named = select(touch.seq).where(touch.kind == bindparam("of"), touch.record_id == bindparam("ident"))
    # A record lies in a stretch of a deed if more of its stretches begin up to the record than end before it.
    begun = and_(touch.kind == bindparam("first"), touch.record_id <= bindparam("ident"))
    ended = and_(touch.kind == bindparam("last"), touch.record_id < bindparam("ident"))
    open_there = func.sum(case((touch.kind == bindparam("first"), 1), else_=-1)) > 0
    within = select(touch.seq).where(or_(begun, ended)).group_by(touch.seq).having(open_there)
    return (
        select(AuditEntry.seq, AuditEntry.at, AuditEntry.actor, AuditEntry.said, AuditEntry.command, AuditEntry.touched)
        .where(AuditEntry.seq.in_(union_all(named, within)))
        .order_by(AuditEntry.seq.desc())
        .limit(bindparam("most"))
    )


# Built once: every card asks for it.
_HISTORY = _history()


def history(session: Session, kind: str, record_id: int, most: int = 50) -> list[HistoryLine]:
    """The newest deeds that touched a record, those over very many records included."""
    asked = {"of": kind, "first": kind + FIRST, "last": kind + LAST, "ident": record_id, "most": most}
    key = f"{kind}:{record_id}"
    return [
        HistoryLine(row.seq, row.at, row.actor, row.said, row.command, row.touched.get(key, {}))
        for row in session.connection().execute(_HISTORY, asked)
    ]
