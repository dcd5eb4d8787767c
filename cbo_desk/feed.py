"""The change feed: what every deed touched, for the other workstations to hear."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, bindparam, func, insert, literal_column, select, text
from sqlalchemy.orm import Session

from cbo_desk.changes import Changes
from db.base import table_of
from db.prepared import Prepared
from db.records import ChangeLog

# A deed over more rows than this tells the others to read their lists anew.
MOST_NAMED = 500
_ADD = Prepared(insert(table_of(ChangeLog)))
_XID = text("SELECT pg_current_xact_id()::text::bigint")
_ADD_ON_SERVER = insert(table_of(ChangeLog)).values(
    xid=literal_column("pg_current_xact_id()::text::bigint"),
    **{name: bindparam(name) for name in ("origin", "kind", "ids")},
).returning(table_of(ChangeLog).c.xid)


def _touched(mark: Any) -> tuple[Select[Any], Select[Any]]:
    """How many deeds were told of after a mark, and what those over one kind touched."""
    after = mark > bindparam("since")
    counted = select(func.count()).where(after, _LOG.kind.not_in(bindparam("aside", expanding=True)))
    return counted, select(_LOG.ids).where(after, _LOG.kind == bindparam("of")).limit(bindparam("most"))


# Built once: every reading of a lineup begins with them.
_LOG = table_of(ChangeLog).c
_TOUCHED, _TOUCHED_ON_SERVER = _touched(_LOG.seq), _touched(_LOG.xid)


@dataclass(frozen=True)
class Position:
    """How far a listener has read."""

    xid: int = 0
    seq: int = 0


def append(session: Session, changes: Changes) -> int:
    """Write what a deed touched into the feed, in its own transaction; returns its number on a server, 0 on a file."""
    server = session.get_bind().dialect.name == "postgresql"
    rows = [
        {
            **({} if server else {"xid": 0}),
            "origin": session.info.get("origin", ""),
            "kind": kind,
            "ids": None if changes.everything or len(ids) > MOST_NAMED else list(ids),
        }
        for kind, ids in changes.touched().items()
        if ids or changes.everything
    ]
    given = [{**row, "ids": row["ids"] or []} for row in rows]
    if not server:
        _ADD.run(session.connection(), given)
        return 0
    asked = session.connection().execute(_ADD_ON_SERVER, given) if given else session.execute(_XID)
    return int(asked.scalars().all()[0])


def end(session: Session) -> Position:
    """The newest position that is safe to begin listening from."""
    if session.get_bind().dialect.name == "postgresql":
        floor = session.scalar(text("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint"))
        return Position((floor or 1) - 1, 2**62)
    return Position(0, session.scalar(select(func.coalesce(func.max(ChangeLog.seq), 0))) or 0)


def since(session: Session, position: Position, own: str = "") -> tuple[list[Changes], Position]:
    """What others than the office `own` did after a position, oldest first, and the position reached.

    On PostgreSQL only rows of transactions older than every open one are read: a number given out early may be
    committed late, and a reader that went by numbers alone would miss it.
    """
    wanted = select(ChangeLog.xid, ChangeLog.seq, ChangeLog.origin, ChangeLog.kind, ChangeLog.ids)
    if session.get_bind().dialect.name == "postgresql":
        wanted = wanted.where(
            text("(xid, seq) > (:xid, :seq)").bindparams(xid=position.xid, seq=position.seq),
            text("xid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint"),
        )
    else:
        wanted = wanted.where(ChangeLog.seq > position.seq)
    rows = session.execute(wanted.order_by(ChangeLog.xid, ChangeLog.seq).limit(1000)).all()
    if rows:
        position = Position(rows[-1].xid, rows[-1].seq)
    news = [Changes(row.kind, tuple(row.ids), everything=not row.ids) for row in rows if not own or row.origin != own]
    return news, position


def touched_since(
    session: Session, position: Position, kind: str, most: int, aside: Sequence[str] = ()
) -> tuple[int, frozenset[int]] | None:
    """How many deeds were told of after a position, and the records of a kind that they touched.

    Deeds over the kinds `aside` are not counted. None where they touched too many to name them, or where more than
    `most` deeds touched any. Deeds that `since` still holds back count here: whatever the session can see is told.
    """
    server = session.get_bind().dialect.name == "postgresql"
    counted, named = _TOUCHED_ON_SERVER if server else _TOUCHED
    since, ask = position.xid if server else position.seq, session.connection()
    deeds = ask.scalar(counted, {"since": since, "aside": list(aside)}) or 0
    rows = ask.scalars(named, {"since": since, "of": kind, "most": most + 1}).all()
    if len(rows) > most or not all(rows):
        return None
    return int(deeds), frozenset(ident for ids in rows for ident in ids)
