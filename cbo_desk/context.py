"""What a command may know of its surroundings: who acts, what time it is, which long job it belongs to."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from cbo_desk.permissions import Actor
from cbo_desk.zone import ZONE as ZONE

if TYPE_CHECKING:  # the window's frame tells the time before any database is thought of
    from sqlalchemy.orm import Session


def actor(session: Session) -> Actor:
    """Who gave the order."""
    acting = session.info["actor"]
    assert isinstance(acting, Actor)
    return acting


def now(session: Session) -> datetime:
    """The instant of the deed, in UTC; the same one for the whole transaction."""
    instant = session.info["now"]
    assert isinstance(instant, datetime)
    return instant


def today(session: Session) -> date:
    """The date of the deed at the site."""
    return now(session).astimezone(ZONE).date()


def local(instant: datetime) -> datetime:
    """An instant on the site's clock."""
    return instant.astimezone(ZONE)


MOST_AHEAD = timedelta(minutes=1)
"""A workstation's clock that differs by more from the server's is wrong."""


def clock() -> datetime:
    """This workstation's clock, in UTC."""
    return datetime.now(UTC)
