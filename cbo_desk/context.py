"""What a command may know of its surroundings: who acts, what time it is, which long job it belongs to."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from cbo_desk.permissions import Actor
from cbo_desk.server_clock import ServerClock, own_clock
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


_followed: ServerClock | None = None


def clock() -> datetime:
    """What time it is, in UTC: by the clock of the server that is worked with, else by this workstation's own."""
    return own_clock() if _followed is None else _followed.now()


def follow(server: ServerClock) -> None:
    """Tell the time by a server's clock from now on."""
    global _followed
    _followed = server


def unfollow(server: ServerClock) -> None:
    """Tell the time by this workstation's own clock again, if it was a server's until now."""
    global _followed
    if _followed is server:
        _followed = None
