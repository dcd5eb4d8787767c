"""Where transactions begin and end. No other module commits."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import datetime
from functools import lru_cache
from inspect import Parameter, signature
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar
from uuid import uuid4

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError, TimeoutError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from cbo_desk import audit, context, feed, numbers, permissions, taking
from cbo_desk.changes import Changes
from cbo_desk.errors import Away, Conflict, NotRead, Refusal, Trouble
from cbo_desk.lineups import Lineups
from cbo_desk.link import Link
from cbo_desk.open_records import Opened, Present
from cbo_desk.permissions import Actor
from cbo_desk.refusals import bad_news, state_of
from cbo_desk.server_clock import ServerClock
from db.engine import reading
from db.schema import NEWEST

P = ParamSpec("P")
R = TypeVar("R")

TRIES = 3
# PostgreSQL: deadlock found, serialization failure, lock not available in time.
_RETRY = frozenset({"40P01", "40001", "55P03"})
# No connection to be had; a number or a character that the driver cannot hand over.
_UNFIT = (TimeoutError, OverflowError, UnicodeEncodeError)


_STANDS = text("SELECT clock_timestamp(), (SELECT version_num FROM alembic_version)")


class Keeper(Protocol):
    """What goes between a workstation and its server: the tray (docs/decisions/0029)."""

    def order(self, command: Callable[..., Changes], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Changes | None:
        """Have a deed done or kept; None for one that is no matter of the tray."""

    def answer(self, query: Callable[..., Any], args: tuple[Any, ...], ask: Callable[[], Any]) -> Any:
        """What a query answers, from the server or from what is known without it."""


class Second(Protocol):
    """A server that only answers, and may be behind (cbo_desk/replica.py). `address` is how it was named."""

    address: str

    def serves(self, query: Callable[..., Any]) -> bool:
        """Whether it may be asked a query."""

    def note(self, server: Engine) -> None:
        """Something is known that it must know before it answers again."""

    def ask(self, prepare: Callable[[Session], None], query: Callable[..., Any], *args: Any) -> tuple[Any] | None:
        """The answer alone in a tuple, or None."""

    def as_of(self, query: Callable[..., Any]) -> datetime | None:
        """The instant of which the last answer to a query is; None where the office's server gave it."""

    def renew(self, password: str) -> None:
        """Make further connections with another password."""

    def close(self) -> None:
        """Let go of it."""


class Office:
    """The open database, the person at work, and the clock.

    `write` is one button press: permission, transaction, command, audit, feed, commit. `clock` gives UTC instants;
    without one a server's own clock is asked, since workstations' clocks differ. `lineups` are long tables in memory.
    """

    def __init__(self, engine: Engine, actor: Actor, clock: Callable[[], datetime] | None = None) -> None:
        self.engine = engine
        self.actor = actor
        self._clock = clock
        self._writer = engine.execution_options(writes=True)
        self._reader = reading(engine)
        self._origin = uuid4().hex
        self._position: feed.Position | None = None
        self.lineups = Lineups()
        self._told: frozenset[Opened] = frozenset()
        self._tell_again = 0.0
        self._spares = numbers.Spares()
        self.server_clock = ServerClock()
        self.link: Link | None = None
        # What must hold before a server is asked anything, in an office that was begun while it was away.
        self.proof: Callable[[], None] | None = None
        # Holds the database against this program's schema, and raises Refusal where it is another's.
        self.fit: Callable[[], None] | None = None
        self.tray: Keeper | None = None
        self.replica: Second | None = None

    def write(self, command: Callable[Concatenate[Session, P], Changes], *args: P.args, **kwargs: P.kwargs) -> Changes:
        """Run one command in one transaction: all of it is kept, or nothing.

        Raises Refusal where a rule says no, Trouble where the surroundings failed.
        """
        permissions.check(self.actor, permissions.rule_of(command))
        if self.tray is not None:
            taken = self.tray.order(command, args, kwargs)
            if taken is not None:
                return taken
        return self._carry_out(command, args, kwargs, None)

    def take(self, command: Callable[..., Changes], key: taking.Key) -> Changes:
        """The same for a deed with an id: it is done once, however often it is brought.

        Where the connection breaks, nobody asks whether it was done: it is brought again. Raises Away then.
        """
        permissions.check(self.actor, permissions.rule_of(command))
        return self._carry_out(command, (), {}, key)

    def _carry_out(
        self, command: Callable[..., Changes], args: tuple[Any, ...], kwargs: dict[str, Any], key: taking.Key | None
    ) -> Changes:
        self._reach("Nothing was saved.")
        named = _named(command, args, kwargs) if key is None else {}
        for attempt in range(1, TRIES + 1):
            mark: audit.Mark | None = None
            try:
                with (
                    self._session(self._writer) as session,
                    numbers.given_back(session),
                    session.begin(),
                ):
                    audit.watch(session)
                    if key is None:
                        changes = command(session, *args, **kwargs)
                    else:
                        known = taking.before(session, key)
                        if known is not None:
                            return known
                        given = key.arguments(session)
                        instant = taking.set_clock(session, key)
                        changes = command(session, *given)
                        taking.note(session, key, changes, instant)
                        named = {**_named(command, given, {}), **(key.told or {})}
                    # The audit last: everybody else's deed waits for its head.
                    session.flush()
                    mark = audit.Mark(feed.append(session, changes), context.now(session))
                    audit.record(session, permissions.rule_of(command).name, named, changes)
                if self.replica is not None:
                    self.replica.note(self.engine)
                return changes
            except DBAPIError as error:
                if key is None and mark is not None and error.connection_invalidated and self._was_saved(mark):
                    return changes
                if attempt == TRIES or state_of(error) not in _RETRY:
                    raise self._bad_news(error, "Nothing was saved.") from error
                time.sleep(0.05 * attempt)
            except StaleDataError as error:
                words = "Somebody else changed this in the meantime. Look at it anew, then try again."
                raise Conflict(words) from error
            except _UNFIT as error:
                raise self._bad_news(error, "Nothing was saved.") from error
        raise AssertionError("the last try either returned or raised")

    def _was_saved(self, mark: audit.Mark) -> bool:
        """Whether a deed whose connection broke was kept all the same: the answer to its commit may be what was lost.

        Raises Trouble where nobody can say.
        """
        saved, cause = None, None
        try:
            with self._session(self.engine) as session:
                saved = audit.holds(session, mark)
        except (DBAPIError, TimeoutError) as error:
            cause = self._bad_news(error, "")  # the link is told
        if saved is None:
            raise Trouble(
                "The connection broke while this was being saved. Look whether it is there before you try again."
            ) from cause
        return saved

    def read(self, query: Callable[Concatenate[Session, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run one query and keep nothing open."""
        permissions.check(self.actor, permissions.rule_of(query))
        if self.tray is None or kwargs:
            return self.look_up(query, *args, **kwargs)
        found: R = self.tray.answer(query, args, lambda: self.look_up(query, *args, **kwargs))
        return found

    def look_up(self, query: Callable[Concatenate[Session, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run one query on the database itself, whatever else could answer it; all it asks is of one moment."""
        if self.replica is not None and not kwargs and self.replica.serves(query):
            found = self.replica.ask(self._prepare, query, *args)
            if found is not None:
                answer: R = found[0]
                return answer
        self._reach("Nothing was read.", NotRead)
        try:
            with self._session(self._reader) as session:
                return query(session, *args, **kwargs)
        except (DBAPIError, *_UNFIT) as error:
            raise self._bad_news(error, "Nothing was read.", NotRead) from error

    def as_of(self, query: Callable[..., Any]) -> datetime | None:
        """The instant of which the last answer to a report is where a replica gave it; None for the server's own."""
        return self.replica.as_of(query) if self.replica is not None else None

    def may(self, work: permissions.Work) -> bool:
        """Whether the person at work may run a command or query: what they may not do is not offered."""
        return self.actor.may(permissions.rule_of(work))

    def hear(self) -> list[Changes]:
        """What other workstations changed since the last call; the first call only begins to listen."""
        self._reach("Changes of other workstations are not shown.", NotRead)
        try:
            with self._session(self.engine) as session:
                if self._position is None:
                    self._position = feed.end(session)
                    return []
                news, self._position = feed.since(session, self._position, self._origin)
            if news and self.replica is not None:
                self.replica.note(self.engine)
            return news
        except (DBAPIError, TimeoutError) as error:
            raise self._bad_news(error, "Changes of other workstations are not shown.", NotRead) from error

    def attend(self, opened: frozenset[Opened]) -> list[Present]:
        """Tell the other workstations of a server which records are open here; who else has them open.

        On a file there is one workstation, and nobody to tell. Raises Trouble where the server cannot be reached.
        """
        if self.engine.dialect.name != "postgresql":
            return []
        from cbo_desk import attending

        self._reach("It is not known who else has this open.", NotRead)
        try:
            due = opened != self._told or (opened and time.monotonic() > self._tell_again)
            with self._session(self._writer if due else self.engine) as session:
                if due:
                    with session.begin():
                        attending.tell(session, self._origin, opened)
                    self._told, self._tell_again = opened, time.monotonic() + attending.REPEAT_S
                return attending.others(session, self._origin, opened)
        except (DBAPIError, TimeoutError) as error:
            raise self._bad_news(error, "It is not known who else has this open.", NotRead) from error

    def signed_in(self, actor: Actor) -> Office:
        """An office for another person at work, over the same database and with the same clock."""
        other = Office(self.engine, actor, self._clock)
        other.link, other.replica, other.lineups = self.link, self.replica, self.lineups
        other._spares, other.server_clock = self._spares, self.server_clock
        return other

    def close(self) -> None:
        """Let go of every connection."""
        if self.link is not None:
            self.link.close()
        if self.replica is not None:
            self.replica.close()
        context.unfollow(self.server_clock)
        self.engine.dispose()

    def instant(self) -> datetime:
        """What time it is at the server as far as this workstation knows, without asking."""
        return self._clock() if self._clock is not None else self.server_clock.now()

    def hear_clock(self) -> None:
        """Have the server tell what time it is, unless it did lately. Raises Trouble where it cannot be reached."""
        self._reach("Nothing was read.", NotRead)
        try:
            with self._session(self.engine):
                pass
        except (DBAPIError, TimeoutError) as error:
            raise self._bad_news(error, "Nothing was read.", NotRead) from error

    def _reach(self, outcome: str, kind: type[Away] = Away) -> None:
        """Raise Away at once where the server is known not to answer."""
        if self.proof is not None or (self.link is not None and self.link.away):
            self.server_clock.ask_soon()  # whoever comes back asks what time it is
            why = (self.link.barred if self.link is not None else "") or "The office server is away."
            raise kind(f"{why} {outcome}")

    def prove(self) -> str | None:
        """Hold a server that is back against what was believed without it.

        Answers why it cannot be worked with, "" where it can, None where it went away again.
        """
        if self.proof is not None:
            try:
                self.proof()
            except Refusal as refusal:
                return str(refusal)
            except (DBAPIError, TimeoutError, Trouble):
                return None
            self.proof = None
        return ""

    def _bad_news(self, error: Exception, outcome: str, kind: type[Away] = Away) -> Exception:
        """What to raise for an engine's error; the link hears of a server that went away."""
        news = bad_news(error, outcome)
        if isinstance(news, Away) and self.link is not None:
            self.server_clock.ask_soon()
            self.link.lost()
        return kind(*news.args) if isinstance(news, Away) else news

    @contextmanager
    def _session(self, engine: Engine) -> Iterator[Session]:
        watched = self.link.call() if self.link is not None else nullcontext()
        with watched, Session(engine, expire_on_commit=False) as session:
            self._prepare(session)
            session.info.update(lineups=self.lineups)
            yield session

    def _prepare(self, session: Session) -> None:
        """Tell a session who acts and what time it is."""
        session.info.update(actor=self.actor, now=self._now(), origin=self._origin)
        session.info.update(apart=self._apart, spares=self._spares)

    def _apart(self, work: Callable[[Connection], R]) -> R:
        """Do one statement beside a deed that stands whether the deed is kept or not, so that nobody waits for it."""
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            return work(connection)

    def _now(self) -> datetime:
        """The instant on the server's clock, which is asked once a minute."""
        if self._clock is not None:
            return self._clock()
        if self.engine.dialect.name == "postgresql" and self.server_clock.due:
            with self.engine.connect() as connection:
                instant, schema = connection.execute(_STANDS).one()
            self.server_clock.tell(instant)
            context.follow(self.server_clock)
            if schema != NEWEST and self.fit is not None:
                self._stand_off(self.fit)
        return self.server_clock.now()

    def _stand_off(self, fit: Callable[[], None]) -> None:
        """The tables changed below the open window: it works as without a server until they are this program's again.

        Raises Refusal with what is wrong; Away where there is a link, which says it from then on.
        """
        try:
            fit()
        except Refusal as refusal:
            if self.link is None:
                raise
            self.proof, self.link.barred = fit, str(refusal)
            self.link.lost()
            raise Away(str(refusal)) from refusal


_signature = lru_cache(maxsize=512)(signature)


@lru_cache(maxsize=512)
def _names(command: Callable[..., Changes]) -> tuple[str, ...] | None:
    """The names of a command's arguments after the session, where each has one; None where it takes any number."""
    _session, *told = _signature(command).parameters.values()
    plain = (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)
    return tuple(one.name for one in told) if all(one.kind in plain for one in told) else None


def _named(command: Callable[..., Changes], args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
    """The arguments by their names: the audit is read by people, and a password is known by its name alone."""
    plain = None if kwargs else _names(command)
    if plain is not None and len(args) <= len(plain):
        return dict(zip(plain, args, strict=False))
    names = iter(_signature(command).bind(None, *args, **kwargs).arguments.items())
    next(names)  # the session
    return dict(names)
