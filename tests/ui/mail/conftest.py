"""A window at the mail desk over a small mailroom, and hands that scan."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select

from db.places import Place
from tests.furnished import made_once
from tests.mail.conftest import fill
from tests.ui.places.conftest import Hands, idle, open_window
from tests.writing import insert
from ui.window import Window

__all__ = ["open_window"]


class Clerk(Hands):
    """Hands with a scanner."""

    def scan(self, text: str) -> None:
        """Scan, and wait until it is dealt with; the same code again counts as a scan of its own."""
        self.window.bench.feed._heard.clear()
        self.window.bench.feed.put("serial", text)
        self.still()

    def still(self) -> None:
        """Wait until every scan is dealt with and all is answered."""
        self.until(lambda: self.window.bench.feed.pending == 0 and idle(self.window))

    @property
    def page(self) -> Any:
        """The page in front."""
        return self.window.shell.page()


@made_once
def furnish(office: Any) -> SimpleNamespace:
    """The compound of the mail desk's tests in an office's database, with tags on people and shelves."""

    def tagged(session: Any) -> SimpleNamespace:
        from cbo_desk.tags import give_tags
        from tests.conftest import MORNING

        session.info["now"] = MORNING
        made = fill(session)
        made.badges = dict(
            zip(made.people, give_tags(session, "people.person", list(made.people.values())), strict=True)
        )
        made.doors = dict(zip(made.places, give_tags(session, "places.place", list(made.places.values())), strict=True))
        site = session.scalar(select(Place.id).where(Place.code == "GIGIRI"))
        [made.doors["GIGIRI"]] = give_tags(session, "places.place", [site])
        return made

    return insert(office, tagged)


@pytest.fixture
def mailroom(sqlite_office: Any) -> SimpleNamespace:
    """The compound of the mail desk's tests, on SQLite."""
    return furnish(sqlite_office)


@pytest.fixture
def clerk(qtbot: Any, open_window: Callable[..., Window], sqlite_office: Any, mailroom: SimpleNamespace) -> Clerk:
    """A clerk at the mail desk's list."""
    clerk = Clerk(qtbot, open_window(sqlite_office, "mail"))
    clerk.room = mailroom
    return clerk


@pytest.fixture
def counter(clerk: Clerk) -> Clerk:
    """A clerk at rapid receive."""
    clerk.window.shell.actions_.run("mail.receive")
    clerk.still()
    return clerk


@pytest.fixture
def either_counter(qtbot: Any, open_window: Callable[..., Window], office: Any) -> Clerk:
    """A clerk at rapid receive, once on each engine."""
    room = furnish(office)
    clerk = Clerk(qtbot, open_window(office, "mail"))
    clerk.room = room
    clerk.window.shell.actions_.run("mail.receive")
    clerk.still()
    return clerk
