"""Over a file nobody else tells the time; a clock behind what was written last is wrong all the same."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from cbo_desk import server_clock
from cbo_desk.office import Office
from cbo_desk.people import EntityForm, add_entity
from cbo_desk.permissions import administrator
from cbo_desk.versions import newest_at
from db.engine import open_engine
from tests.ui.places.conftest import open_window
from ui import timekeeping

__all__ = ["open_window"]


def test_a_clock_that_was_put_back_is_said_until_it_is_right(open_window, sqlite_url, qtbot, monkeypatch):  # noqa: F811
    office = Office(open_engine(sqlite_url), administrator("ada", "Ada", "DESK-1"))
    assert office.read(newest_at) is None
    window = open_window(office, "today")
    watch = window.timekeeping
    watch.ask()
    office.write(add_entity, EntityForm("UNEP", "Environment"))
    watch.ask()
    qtbot.waitUntil(lambda: watch._newest is not None, timeout=30_000)
    watch.look()
    assert not watch.strip.isVisible()
    back = lambda: datetime.now(UTC) - timedelta(hours=1)  # noqa: E731
    monkeypatch.setattr(timekeeping, "own_clock", back)
    watch.look()
    assert watch.strip.isVisible()
    assert "the last deed in this file was written 60 minutes later than the time it shows" in watch.strip.words.text()
    monkeypatch.setattr(timekeeping, "own_clock", server_clock.own_clock)
    watch.look()
    assert not watch.strip.isVisible()
