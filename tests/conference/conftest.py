from __future__ import annotations

from datetime import date, datetime, timedelta
from types import SimpleNamespace

import pytest

from cbo_desk.conference import (
    BookingForm,
    LayoutForm,
    Placing,
    Slot,
    SpaceForm,
    add_space,
    add_unit,
)
from cbo_desk.context import ZONE
from db.conference import SpaceLayout
from db.people import Entity
from tests.furnished import made_once
from tests.writing import insert, rows

DAY = datetime(2026, 9, 7, tzinfo=ZONE)
"""A Monday two weeks after the tests' own day."""


def slot(start: float, end: float, day: int = 0) -> Slot:
    """From an hour to another on a day of the week of DAY, at the site."""
    return Slot(DAY + timedelta(days=day, hours=start), DAY + timedelta(days=day, hours=end))


@made_once
def furnish(office):
    """Rooms 2 and 3, which can be joined as 2+3, and room 4; two teams of interpreters; one entity."""
    layouts = {
        "CR-2": (("2",), (LayoutForm("classroom", 60, 30, 30, date(2026, 1, 1)), LayoutForm("theatre", 100))),
        "CR-3": (("3",), (LayoutForm("classroom", 40, 0, 0, date(2026, 1, 1)),)),
        "CR-2+3": (("2", "3"), (LayoutForm("classroom", 110, 0, 0, date(2026, 1, 1)),)),
        "CR-4": (("4",), (LayoutForm("classroom", 90, 0, 0, date(2026, 1, 1)),)),
    }
    spaces = {}
    for code, (cells, kinds) in layouts.items():
        spaces[code] = office.write(add_space, SpaceForm(code, f"Conference Room {code[3:]}", cells, kinds)).ids[0]
    teams = [office.write(add_unit, f"EN-FR {n}", "interpretation", "", "en fr").ids[0] for n in (1, 2)]
    found = rows(office, SpaceLayout.__table__.select())
    layout = {}
    for ident, space_id, kind, *_ in found:
        layout[space_id, kind] = ident

    def fill(session):
        entity = Entity(code="UNEP", name="Environment")
        session.add(entity)
        session.flush()
        return entity.id

    return SimpleNamespace(spaces=spaces, layouts=layout, teams=teams, unep=insert(office, fill))


@pytest.fixture
def rooms(office):
    """See `furnish`."""
    return furnish(office)


@pytest.fixture
def at(rooms):
    """A function that makes a placing of a room's classroom at a slot."""

    def make(code: str, when: Slot, units: tuple[int, ...] = (), setup: int = 0, cleardown: int = 0) -> Placing:
        space = rooms.spaces[code]
        blocks = when.widened(setup, cleardown)
        return Placing(when, space, rooms.layouts[space, "classroom"], "classroom", blocks, units)

    return make


FORM = BookingForm("Committee", 30)
