"""A window at the transport desk over a small fleet, and hands that scan."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from cbo_desk.context import local
from cbo_desk.transport import Hours, RequestForm, approve_requests, make_requests, read_odometer, set_hours
from tests.furnished import made_once
from tests.transport.conftest import fill
from tests.ui.mail.conftest import Clerk
from tests.ui.places.conftest import open_window
from tests.writing import insert
from ui.window import Window

__all__ = ["open_window"]


class Dispatcher(Clerk):
    """A dispatcher at the board."""

    def ask(self, hour: float, people: int = 2, approve: bool = True, end: str = "UH", **more: Any) -> int:
        """Write a request of the day shown down, and let the page read it."""
        fleet, office = self.fleet, self.window.runner.office
        start = self.midnight + timedelta(hours=hour)
        form = RequestForm(
            fleet.entities[0], "Okafor, N.", "Site meeting", fleet.zones["GIG"], fleet.zones[end], start, people, **more
        )
        [ident] = office.write(make_requests, [form]).ids
        if approve:
            office.write(approve_requests, [ident])
        self.page.list.refresh()
        self.page._count()
        self.still()
        return int(ident)

    def choose(self, ident: int) -> None:
        """Lead the eye to a request's row and the keys to the list."""
        self.page.list.show_record(ident)
        self.until(lambda: self.page.card.card is not None and self.page.card.card.id == ident)
        self.page.list.table.setFocus()
        self.still()


@made_once
def furnish(office: Any) -> SimpleNamespace:
    """The fleet of the desk's tests, drivers on duty all day, odometers read, vehicles tagged."""
    made = insert(office, fill)
    for driver in made.drivers:
        office.write(set_hours, driver, Hours("1234567", 0, 1439, 0), date(2026, 1, 1))
    for vehicle in made.vehicles:
        office.write(read_odometer, vehicle, 41_000)
    return made


@pytest.fixture
def fleet(sqlite_office: Any) -> SimpleNamespace:
    """The fleet of the desk's tests, on SQLite."""
    return furnish(sqlite_office)


@pytest.fixture
def desk(qtbot: Any, open_window: Callable[..., Window], sqlite_office: Any, fleet: SimpleNamespace) -> Dispatcher:
    """A dispatcher at the board of the office's day."""
    hands = Dispatcher(qtbot, open_window(sqlite_office, "transport"))
    hands.fleet = fleet
    instant = sqlite_office._clock()
    hands.midnight = local(instant).replace(hour=0, minute=0)
    hands.page.show_day(hands.midnight.date())
    hands.still()
    return hands


@pytest.fixture
def hands(qtbot: Any, open_window: Callable[..., Window], office: Any) -> Dispatcher:
    """The same, once on each engine."""
    fleet = furnish(office)
    made = Dispatcher(qtbot, open_window(office, "transport"))
    made.fleet = fleet
    made.midnight = local(office._clock()).replace(hour=0, minute=0)
    made.page.show_day(made.midnight.date())
    made.still()
    return made
