"""One statement with which a server adds a deed's entry to the audit chain and keeps the deed (docs/decisions/0093).

The server itself gives the entry its number and its hashes, and moves the head (`db.audit_rules`). It does so when all
else is done, and the commit travels in the same message: nobody else's deed ever waits for this workstation.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text

_ADD = (
    "WITH linked AS (INSERT INTO audit_entry (at, actor, workstation, command, args, touched, said) "
    "VALUES ({at}, {actor}, {workstation}, {command}, {args}, {touched}, {said}) RETURNING seq) "
    "INSERT INTO audit_touch (seq, kind, record_id) SELECT linked.seq, one.kind, one.record_id "
    "FROM linked, unnest({kinds}::text[], {ids}::bigint[]) AS one(kind, record_id); COMMIT"
)
_UNDER_WAY = text(
    "SELECT EXISTS (SELECT 1 FROM pg_locks WHERE locktype = 'transactionid' AND granted AND "
    "transactionid::text = :xid)"
)
# The instant finds it by an index; the transaction tells it from another of the same instant.
_KEPT = text("SELECT EXISTS (SELECT 1 FROM audit_entry WHERE at = :at AND xmin::text = :xid)")
_WRAP = 2**32
"""A row and a lock name their transaction by the lower half of its number."""


def link_and_commit(connection: Connection, entry: Mapping[str, Any], touches: Sequence[tuple[str, int]]) -> None:
    """Add an entry and what it touches, and commit the transaction of `connection`: all in one message to the server.

    Values are written into the words, since the server takes several statements at once only so.
    """
    from psycopg import sql
    from psycopg.types.json import Jsonb

    values = {**entry, "args": Jsonb(entry["args"]), "touched": Jsonb(entry["touched"])}
    values |= {"kinds": [kind for kind, _key in touches], "ids": [key for _kind, key in touches]}
    written = sql.SQL(_ADD).format(**{name: sql.Literal(value) for name, value in values.items()})
    words = written.as_string(connection.connection.driver_connection)
    connection.exec_driver_sql(words, execution_options={"no_parameters": True})


def is_under_way(connection: Connection, xid: int) -> bool:
    """Whether a transaction of this server has not ended yet."""
    return bool(connection.scalar(_UNDER_WAY, {"xid": str(xid % _WRAP)}))


def was_kept(connection: Connection, xid: int, at: datetime) -> bool:
    """Whether the entry of a transaction that has ended is there."""
    return bool(connection.scalar(_KEPT, {"xid": str(xid % _WRAP), "at": at}))
