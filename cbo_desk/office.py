"""Where transactions begin and end. No other module commits."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from cbo_desk import audit, context, feed, permissions
from cbo_desk.changes import Changes
from cbo_desk.errors import Refusal, Trouble
from cbo_desk.permissions import Actor
from cbo_desk.refusals import sentence_for

P = ParamSpec("P")
R = TypeVar("R")

TRIES = 3
# PostgreSQL: deadlock found, serialization failure, lock not available in time.
_RETRY = frozenset({"40P01", "40001", "55P03"})


class Office:
    """The open database, the person at work, and the clock.

    `write` is one button press: permission, transaction, command, audit, feed, commit. `clock` gives UTC instants;
    without one a server's own clock is asked, since workstations' clocks differ.
    """

    def __init__(self, engine: Engine, actor: Actor, clock: Callable[[], datetime] | None = None) -> None:
        self.engine = engine
        self.actor = actor
        self._clock = clock
        self._writer = engine.execution_options(writes=True)
        self._position: feed.Position | None = None
        self._ahead = timedelta(0)
        self._ask_again = 0.0

    def write(self, command: Callable[Concatenate[Session, P], Changes], *args: P.args, **kwargs: P.kwargs) -> Changes:
        """Run one command in one transaction: all of it is kept, or nothing.

        Raises Refusal where a rule says no, Trouble where the surroundings failed.
        """
        rule = permissions.rule_of(command)
        permissions.check(self.actor, rule)
        for attempt in range(1, TRIES + 1):
            try:
                with self._session(self._writer) as session, session.begin():
                    audit.watch(session)
                    changes = command(session, *args, **kwargs)
                    audit.record(session, rule.name, _named(args, kwargs), changes)
                    feed.append(session, changes)
                return changes
            except DBAPIError as error:
                if attempt == TRIES or _state(error) not in _RETRY:
                    raise self._bad_news(error, "Nothing was saved.") from error
                time.sleep(0.05 * attempt)
            except StaleDataError as error:
                raise Refusal("Somebody else changed this in the meantime. Look at it anew, then try again.") from error
        raise AssertionError("the last try either returned or raised")

    def read(self, query: Callable[Concatenate[Session, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run one query and keep nothing open."""
        permissions.check(self.actor, permissions.rule_of(query))
        try:
            with self._session(self.engine) as session:
                return query(session, *args, **kwargs)
        except DBAPIError as error:
            raise self._bad_news(error, "Nothing was read.") from error

    def may(self, work: Callable[..., Any]) -> bool:
        """Whether the person at work may run a command or query: what they may not do is not offered."""
        return self.actor.may(permissions.rule_of(work))

    def hear(self) -> list[Changes]:
        """What other workstations changed since the last call; the first call only begins to listen."""
        try:
            with self._session(self.engine) as session:
                if self._position is None:
                    self._position = feed.end(session)
                    return []
                news, self._position = feed.since(session, self._position, self.actor.workstation)
                return news
        except DBAPIError as error:
            raise self._bad_news(error, "Changes of other workstations are not shown.") from error

    def close(self) -> None:
        """Let go of every connection."""
        self.engine.dispose()

    @contextmanager
    def _session(self, engine: Engine) -> Iterator[Session]:
        with Session(engine, expire_on_commit=False) as session:
            session.info.update(actor=self.actor, now=self._now())
            yield session

    def _now(self) -> datetime:
        """The instant on the server's clock; asked for once a minute, in between this workstation's clock serves."""
        if self._clock is not None:
            return self._clock()
        if self.engine.dialect.name == "postgresql" and time.monotonic() > self._ask_again:
            with self.engine.connect() as connection:
                instant = connection.scalar(text("SELECT clock_timestamp()"))
            assert isinstance(instant, datetime)
            self._ahead = instant - context.clock()
            self._ask_again = time.monotonic() + 60
        return context.clock() + self._ahead

    def _bad_news(self, error: DBAPIError, outcome: str) -> Exception:
        if isinstance(error, IntegrityError):
            return Refusal(sentence_for(error))
        if isinstance(error, OperationalError):
            return Trouble(f"{_plain_words(error)} {outcome}")
        return error


def _named(args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
    return {**{str(place): value for place, value in enumerate(args, 1)}, **kwargs}


def _state(error: DBAPIError) -> str:
    return str(getattr(error.orig, "sqlstate", "") or "")


def _plain_words(error: OperationalError) -> str:
    """What an engine's failure means to the person at the desk."""
    said = str(error.orig).lower()
    meanings = {
        "readonly": "The database file may not be written.",
        "read-only": "The database may not be written.",
        "disk is full": "The disk is full.",
        "no space left": "The server's disk is full.",
        "locked": "Another program holds the database.",
        "unable to open": "The database file cannot be opened.",
        "not a database": "This file is not a CBO Desk database.",
        "malformed": "The database file is damaged. Restore the last backup.",
        "password authentication": "The server refuses this password.",
        "timeout": "The server did not answer in time.",
    }
    for words, meaning in meanings.items():
        if words in said:
            return meaning
    return "The database did not answer."
