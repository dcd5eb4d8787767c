"""A second server that only answers: a streaming replica for reports, named by an administrator.

It may be behind. So it answers only what reports ask, and only once it has replayed everything that this workstation
has done or heard of; otherwise, and where it is away, the office's own server answers as ever (docs/scale.md). How old
what it says is, is told with it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, select, text
from sqlalchemy.exc import DBAPIError, TimeoutError
from sqlalchemy.orm import Session

from cbo_desk.changes import Changes, Deed
from cbo_desk.errors import Refusal
from cbo_desk.link import Link
from cbo_desk.permissions import Role, deed, reads
from cbo_desk.versions import Unchanged
from db.engine import open_engine, reading, renew_password
from db.records import Compound

if TYPE_CHECKING:
    from cbo_desk.office import Second

REPORTS = ("cbo_desk.reports.", "cbo_desk.mail.answers", "cbo_desk.property.value.")
"""Where the queries stand that reports ask."""
AGAIN_S = 30.0
"""So long a replica that was away is not asked again."""
_NAME = "reports_server"
REPORTS_SERVER = 4
"""The number of this fact of a compound in the feed and the audit."""
_HERE = text("SELECT pg_current_wal_insert_lsn()::text")
# What came is replayed, and more would come: then it stands as the server stands now. Otherwise as of its last deed.
_STANDS = """
SELECT pg_is_in_recovery(), pg_last_wal_replay_lsn() >= CAST(:place AS pg_lsn), clock_timestamp(), CASE
    WHEN pg_last_wal_receive_lsn() <= pg_last_wal_replay_lsn() AND EXISTS (SELECT 1 FROM pg_stat_wal_receiver)
    THEN clock_timestamp() ELSE pg_last_xact_replay_timestamp() END
"""


@dataclass(frozen=True)
class Standing:
    """How a replica stands: whether it `answers`, and the instant `of` which it knows all, None where nobody can say.

    `follows` is false for a server that follows no other, as one that was promoted: what it says is another story.
    `behind` says that it lacks something this workstation knows of; `behind_s` how many seconds old what it says is.
    """

    answers: bool
    follows: bool = True
    behind: bool = False
    of: datetime | None = None
    behind_s: float | None = None


@reads("settings", "see the settings")
def reports_server(session: Session) -> str:
    """The address of the replica, as host or host:port; empty where there is none."""
    return str(session.scalar(select(Compound.value).where(Compound.name == _NAME)) or "")


@deed("settings.set_reports_server", "name the server for reports", Role.ADMINISTRATOR)
def set_reports_server(session: Session, address: str) -> Changes:
    """Name the replica that answers reports; an empty address takes it away."""
    address, before = address.strip(), reports_server(session)
    if address:
        _parts(address)
    session.merge(Compound(name=_NAME, value=address))
    said = f"Reports are answered by {address}." if address else "Reports are answered by the office's server."
    undo = Deed(Unchanged(set_reports_server, reports_server, (), address), (before,))
    return Changes("settings.compound", (REPORTS_SERVER,), said, undo)


class Replica:
    """The replica of one office. It serves nothing until the office has told where its own server stands.

    A question that hangs is given up as one to the server would be: the office's server is asked instead.
    """

    def __init__(self, engine: Engine, address: str = "") -> None:
        self.engine = reading(engine).execution_options(postgresql_readonly=True)
        self.address = address
        self.link = Link(engine)
        self._engine = engine
        self._place: str | None = None
        self._not_before = 0.0
        self._of: dict[Callable[..., Any], datetime | None] = {}

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
        self._of.pop(query, None)
        if self._place is None or self.link.away or time.monotonic() < self._not_before:
            return None
        try:
            with self.link.call(), Session(self.engine, expire_on_commit=False) as session:
                prepare(session)
                standing = self._stands(session.connection())
                if standing.behind or not standing.follows:
                    return None
                found = (query(session, *args),)
        except (DBAPIError, TimeoutError):
            self._not_before = time.monotonic() + AGAIN_S
            return None
        self._of[query] = standing.of
        return found

    def as_of(self, query: Callable[..., Any]) -> datetime | None:
        """The instant of which the last answer to a query is, by the server's clock; None where the server gave it."""
        return self._of.get(query)

    def standing(self) -> Standing:
        """Ask how it stands, whatever it was asked before."""
        try:
            with self.link.call(), self.engine.connect() as connection:
                return self._stands(connection)
        except (DBAPIError, TimeoutError):
            return Standing(answers=False)

    def renew(self, password: str) -> None:
        """Make further connections with another password."""
        renew_password(self._engine, password)

    def close(self) -> None:
        """Let go of every connection."""
        self.link.close()
        self._engine.dispose()

    def _stands(self, connection: Connection) -> Standing:
        follows, reached, now, of = connection.execute(text(_STANDS), {"place": self._place or "0/0"}).one()
        old = None if of is None else max(0.0, (now - of).total_seconds())
        return Standing(True, follows, follows and not reached, of, old)


def replica_of(server: Engine) -> Replica | None:
    """The replica that the compound on a server names, reached with the same account; None where there is none."""
    address = _named(server)
    return _follow(server, address) if address else None


def renewed(server: Engine, replica: Second | None) -> Second | None:
    """The replica that is named by now; `replica` itself where that is the same, and it is let go of where not."""
    address = _named(server)
    if address == (replica.address if replica is not None else ""):
        return replica
    if replica is not None:
        replica.close()
    return _follow(server, address) if address else None


def standing_at(server: Engine, address: str) -> Standing:
    """How a server stands that is, or may become, the replica; asked over the network, in at most some seconds."""
    replica = _follow(server, address)
    try:
        return replica.standing()
    finally:
        replica.close()


def _named(server: Engine) -> str:
    """The address that the compound names; a file has no replica, though a compound that came from a server names one.
    """
    if server.dialect.name != "postgresql":
        return ""
    with Session(server) as session:
        return reports_server(session)


def _follow(server: Engine, address: str) -> Replica:
    host, port = _parts(address)
    replica = Replica(open_engine(server.url.set(host=host, port=port)), address)
    replica.note(server)
    return replica


def _parts(address: str) -> tuple[str, int]:
    host, _, port = address.partition(":")
    if not host or any(letter.isspace() or letter in "/@" for letter in address) or not (port or "5432").isdigit():
        raise Refusal("Write the server's name, and its port where that is not 5432: replica.example:5433.", "to")
    return host, int(port or 5432)
