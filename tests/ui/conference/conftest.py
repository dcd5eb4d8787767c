"""A window at the conference desk over a few rooms, on the morning that all tests begin with."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from cbo_desk.conference import BookingForm, LayoutForm, Slot, SpaceForm, Status, add_space, add_unit, book, set_ceiling
from cbo_desk.context import ZONE
from cbo_desk.office import Office
from tests.furnished import made_once
from tests.ui.places.conftest import Hands, open_window
from ui.window import Window

__all__ = ["open_window"]

TODAY = date(2026, 8, 24)
FIRST = date(2026, 1, 1)


def at(hour: float, day: int = 0) -> datetime:
    """An hour of today, or of a day after it, at the site."""
    return datetime(2026, 8, 24, tzinfo=ZONE) + timedelta(days=day, hours=hour)


def slot(start: float, end: float, day: int = 0) -> Slot:
    """From an hour to another."""
    return Slot(at(start, day), at(end, day))


@made_once
def furnish(office: Office) -> SimpleNamespace:
    """A hall, rooms 2, 3 and 4 that can be joined, three bookings today, two teams, ceilings; ids by name."""
    made = SimpleNamespace(spaces={}, bookings={})

    def layouts(theatre: int, classroom: int, board: int = 0) -> tuple[LayoutForm, ...]:
        found = [LayoutForm("theatre", theatre, 45, 30, FIRST), LayoutForm("classroom", classroom, 30, 15, FIRST)]
        return (*found, LayoutForm("boardroom", board, 15, 15, FIRST)) if board else tuple(found)

    for code, name, cells, forms in (
        ("HALL-A", "Hall A", ("A",), layouts(900, 600)),
        ("R2", "Room 2", ("2",), layouts(190, 96, 44)),
        ("R3", "Room 3", ("3",), layouts(190, 96, 44)),
        ("R4", "Room 4", ("4",), layouts(190, 96, 44)),
        ("R2+3", "Rooms 2+3", ("2", "3"), layouts(400, 204)),
        ("R2+3+4", "Rooms 2+3+4", ("2", "3", "4"), layouts(620, 310)),
    ):
        made.spaces[code] = office.write(add_space, SpaceForm(code, name, cells, forms)).ids[0]
    made.teams = [office.write(add_unit, f"EN-FR {n}", "interpretation", "", "en fr").ids[0] for n in (1, 2)]
    office.write(set_ceiling, "people", 6500, FIRST)
    for name, people, kind, space, when, status in (
        ("Governing committee", 512, "classroom", "HALL-A", slot(10, 13), Status.CONFIRMED),
        ("Budget review", 22, "boardroom", "R4", slot(10, 11.75), Status.CONFIRMED),
        ("Urban forum", 560, "theatre", "R2+3+4", slot(15, 18), Status.HOLD),
    ):
        form = BookingForm(name, people, kind=kind, contact="Haddad, S. · ext. 24420", visitors=people // 50)
        made.bookings[name] = office.write(book, form, when, made.spaces[space], status).ids[0]
    return made


class Clerk(Hands):
    """Hands at the conference desk."""

    @property
    def page(self) -> Any:
        """The page in front."""
        return self.window.shell.page()

    @property
    def board(self) -> Any:
        """The board in front."""
        return self.page.view.timeline

    def run(self, name: str) -> None:
        """Run an action of the desk, and wait."""
        assert self.window.shell.actions_.run(f"conference.{name}"), name
        self.still()


@pytest.fixture
def rooms(sqlite_office: Office) -> SimpleNamespace:
    """The rooms on SQLite."""
    return furnish(sqlite_office)


@pytest.fixture(autouse=True)
def morning(monkeypatch: Any, clock: Any) -> None:
    """The window's clock is the office's."""
    for module in ("days", "card", "lists", "page", "find", "find_asking", "deeds", "use", "door"):
        monkeypatch.setattr(f"ui.conference.{module}.clock", lambda: clock.now, raising=False)


@pytest.fixture
def clerk(qtbot: Any, open_window: Callable[..., Window], sqlite_office: Office, rooms: SimpleNamespace) -> Clerk:
    """A clerk at the day."""
    clerk = Clerk(qtbot, open_window(sqlite_office, "conference"))
    clerk.rooms = rooms
    clerk.still()
    return clerk
