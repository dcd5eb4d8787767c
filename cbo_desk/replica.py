"""A second server that only answers: a streaming replica for reports, named by an administrator.

It may be behind. So it answers only what reports ask, and only once it has replayed everything that this workstation
has done or heard of; otherwise, and where it is away, the office's own server answers as ever (docs/scale.md).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine, select, text
from sqlalchemy.exc import DBAPIError, TimeoutError
from sqlalchemy.orm import Session

from cbo_desk.changes import Changes, Deed
from cbo_desk.errors import Refusal
from cbo_desk.permissions import Role, deed, reads
from db.engine import open_engine
from db.records import Compound

REPORTS = ("cbo_desk.reports.", "cbo_desk.mail.answers", "cbo_desk.property.value.")
"""Where the queries stand that reports ask."""
AGAIN_S = 30.0
"""So long a replica that was away is not asked again."""
_NAME = "reports_server"
_HERE = text("SELECT pg_current_wal_insert_lsn()::text")
_REACHED = text("SELECT coalesce(pg_last_wal_replay_lsn(), pg_current_wal_insert_lsn()) >= CAST(:place AS pg_lsn)")


@reads("settings", "see the settings")
def reports_server(session: Session) -> str:
    """The address of the replica, as host or host:port; empty where there is none."""
    return str(session.scalar(select(Compound.value).where(Compound.name == _NAME)) or "")


@deed("settings.set_reports_server", "name the server for reports", Role.ADMINISTRATOR)
def set_reports_server(session: Session, address: str) -> Changes:
    """Name the replica that answers reports; an empty address takes it away. It counts from the next start on."""
    address, before = address.strip(), reports_server(session)
    if address:
        _parts(address)
    session.merge(Compound(name=_NAME, value=address))
    said = f"Reports are answered by {address}." if address else "Reports are answered by the office's server."
    undo = Deed(set_reports_server, (before,))
    return Changes("settings.compound", (1,), f"{said} It counts from the next start.", undo)


class Replica:
    """The replica of one office. It serves nothing until the office has told where its own server stands."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine.execution_options(postgresql_readonly=True)
        self._engine = engine
        self._place: str | None = None
        self._not_before = 0.0

    def serves(self, query: Callable[..., Any]) -> bool:
        """Whether a query is a report's."""
        return getattr(query, "__module__", "").startswith(REPORTS)

    def note(self, server: Engine) -> None:
        """The office did something, or heard of something: what is asked from now on must know of it."""
        try:
            with server.connect() as connection:
                self._place = connection.scalar(_HERE)
        except (DBAPIError, TimeoutError):
            self._place = None

    def ask(self, prepare: Callable[[Session], None], query: Callable[..., Any], *args: Any) -> tuple[Any] | None:
        """The answer, alone in a tuple; None where the replica is away, or behind what this workstation knows."""
        if self._place is None or time.monotonic() < self._not_before:
            return None
        try:
            with Session(self.engine, expire_on_commit=False) as session:
                prepare(session)
                if not session.scalar(_REACHED, {"place": self._place}):
                    return None
                return (query(session, *args),)
        except (DBAPIError, TimeoutError):
            self._not_before = time.monotonic() + AGAIN_S
            return None

    def close(self) -> None:
        """Let go of every connection."""
        self._engine.dispose()


def replica_of(server: Engine) -> Replica | None:
    """The replica that the compound on a server names, reached with the same account; None where there is none."""
    if server.dialect.name != "postgresql":
        return None
    with Session(server) as session:
        address = reports_server(session)
    if not address:
        return None
    host, port = _parts(address)
    replica = Replica(open_engine(server.url.set(host=host, port=port)))
    replica.note(server)
    return replica


def _parts(address: str) -> tuple[str, int]:
    host, _, port = address.partition(":")
    if not host or any(letter.isspace() or letter in "/@" for letter in address) or not (port or "5432").isdigit():
        raise Refusal("Write the server's name, and its port where that is not 5432: replica.example:5433.", "to")
    return host, int(port or 5432)
