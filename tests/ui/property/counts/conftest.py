"""The counter's screen over a small compound: two rooms and a store with tagged doors, four assets in each."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select

from cbo_desk.office import Office
from cbo_desk.property import AssetForm, receive_assets
from cbo_desk.property.verification import Scope, open_campaign
from cbo_desk.tags import give_tags
from db.tags import Tag
from tests.furnished import made_once
from tests.ui.places.conftest import Hands, furnish, hands, open_window
from tests.writing import insert, rows

__all__ = ["hands", "made", "open_window"]

ROOMS = {"A": "m214", "B": "m215", "C": "store"}


def stock(office: Office, made: SimpleNamespace) -> SimpleNamespace:
    """Four chairs in each of three rooms, A1 to C4; `tag` and `door` tell what stands on a tag."""
    for letter, room in ROOMS.items():
        form = AssetForm(made.unep, "x", f"Chair {letter}", place_id=getattr(made, room))
        ids = office.write(receive_assets, form, [f"{letter}{n}" for n in range(1, 5)]).ids
        for n, ident in enumerate(ids, 1):
            setattr(made, f"{letter}{n}", ident)

    def codes(session: Any) -> None:
        session.info["now"] = office._now()
        missing = [place for place in (made.m214, made.m215, made.store, made.m118) if place not in _tagged(session)]
        give_tags(session, "places.place", missing)

    insert(office, codes)
    wanted = select(Tag.subject_kind, Tag.subject_id, Tag.code).where(Tag.ours, Tag.retired_at.is_(None))
    tags = {(kind, ident): code for kind, ident, code in rows(office, wanted)}
    made.tag = lambda number: tags["property.asset", getattr(made, number)]
    made.door = lambda room: tags["places.place", getattr(made, room)]
    made.badge = tags["people.person", made.erik]
    return made


def _tagged(session: Any) -> set[int]:
    return set(session.scalars(select(Tag.subject_id).where(Tag.subject_kind == "places.place")))


@made_once
def furnish_count(office: Office) -> SimpleNamespace:
    """The compound with the chairs and a campaign over all of it."""
    made = stock(office, furnish(office))
    made.campaign = office.write(open_campaign, "Count 2026", Scope()).ids[0]
    return made


@pytest.fixture
def made(sqlite_office: Office) -> SimpleNamespace:
    """The compound on SQLite, with a campaign over all of it: `made.campaign`."""
    return furnish_count(sqlite_office)


@pytest.fixture
def window(open_window: Any, sqlite_office: Office, made: SimpleNamespace) -> Any:
    """The window on SQLite, at the property desk."""
    return open_window(sqlite_office, "property")


class Counter:
    """A counter at a window: scans, and reads what the screen says."""

    def __init__(self, hands: Hands) -> None:
        self.hands = hands
        self.window = hands.window

    def begin(self, campaign: int) -> Any:
        """Open the counter's screen."""
        self.window.shell.go("property")
        page = self.window.shell.go("property/counting", str(campaign))
        self.hands.still()
        return page

    def scan(self, *texts: str) -> None:
        """Scan one thing after the other, as fast as the scanner gives them, and wait until all are dealt with."""
        feed = self.window.bench.feed
        for text in texts:
            feed.put("keyboard", text)
        self.hands.until(lambda: feed.pending == 0)
        self.hands.still()

    @property
    def page(self) -> Any:
        """The counter's screen."""
        return self.window.shell.page()

    def column(self, name: str) -> list[str]:
        """The numbers in a column."""
        self.hands.until(lambda: not self.page._frame.isActive())
        return [one.inventory_no for one in getattr(self.page.board, name).model.lines]

    def said(self) -> str:
        """What the strip of the last scan says, in one."""
        return " | ".join(self.page.board.strip.words())


@pytest.fixture
def counter(hands: Hands) -> Counter:
    """A counter at the window on SQLite."""
    return Counter(hands)
