"""The demo's day can be made at any hour: what is over by then was held, and nothing is left that cannot be."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from cbo_desk.changes import Changes
from cbo_desk.conference import KIND
from cbo_desk.demo.conference import fill_conference
from cbo_desk.permissions import Role, deed
from db.conference import Booking
from tests.conftest import MORNING
from tests.writing import rows


@deed("settings.fill_for_test", "fill the rooms", Role.ADMINISTRATOR)
def fill(session):
    fill_conference(session)
    return Changes(KIND, ())


@pytest.mark.parametrize("hours", [-6, 8.7, 14.9, 120])
def test_the_day_is_made_at_any_hour(sqlite_office, clock, hours):
    clock.now = MORNING + timedelta(hours=hours)
    sqlite_office.write(fill)
    over = select(Booking.status).where(Booking.title == "Education panel", Booking.ends <= clock.now)
    assert {status for (status,) in rows(sqlite_office, over)} <= {"done"}
    assert len(rows(sqlite_office, select(Booking.id))) > 100
