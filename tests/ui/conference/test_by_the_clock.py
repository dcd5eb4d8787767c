"""What the clock does is seen in the window within seconds: a hold lapses, and who waits first has its space."""

from __future__ import annotations

import time
from datetime import datetime, timedelta

import pytest

from cbo_desk.conference import BookingForm, Status, book, booking_card, extend_hold, note_bookings
from tests.conftest import MORNING
from tests.ui.conference.conftest import Clerk, slot


class RunningClock:
    """A clock that goes on from wherever it is set."""

    def __init__(self) -> None:
        self.now = MORNING

    def __call__(self) -> datetime:
        return self.now

    @property
    def now(self) -> datetime:
        return self._set + timedelta(seconds=time.monotonic() - self._at)

    @now.setter
    def now(self, value: datetime) -> None:
        self._set, self._at = value, time.monotonic()


@pytest.fixture
def clock():
    return RunningClock()


def test_a_hold_lapses_and_the_highest_rank_that_waits_is_shown_in_its_place(
    qtbot, open_window, sqlite_office, rooms, clock, monkeypatch
):
    monkeypatch.setattr("ui.lapsing.FIRST_MS", 50)
    office, afternoon = sqlite_office, slot(15, 18, 10)
    full = BookingForm("Fills the hall", 800, kind="theatre")
    office.write(book, full, slot(14, 19, 10), rooms.spaces["HALL-A"], Status.CONFIRMED)
    held = office.write(book, BookingForm("Held", 600, kind="theatre"), afternoon, rooms.spaces["R2+3+4"]).ids[0]
    waiting = [
        office.write(note_bookings, BookingForm(name, 600, rank=rank, kind="theatre"), [afternoon]).ids[0]
        for name, rank in (("Fair", 7), ("Statutory board", 1), ("Regional group", 4))
    ]
    later = office.write(book, BookingForm("Later", 80, kind="classroom"), slot(9, 12, 10), rooms.spaces["R2"]).ids[0]
    until = office.read(booking_card, held).row.hold_until
    office.write(extend_hold, later, until + timedelta(hours=3))
    clock.now = until - timedelta(seconds=2)
    clerk = Clerk(qtbot, open_window(office, "places"))
    shell = clerk.window.shell
    clerk.until(lambda: "waiting" in shell.sidebar.entries["conference"].accessibleName())
    assert "conference" not in shell._pages, "counted before its page was opened"
    shell.go("conference")
    clerk.page.show_view("holds")
    model = clerk.page.view.list.model
    clerk.until(lambda: model.row_of(waiting[1]) is not None)
    assert clock.now - until < timedelta(seconds=25), "as its time is up, not at the next half minute"
    clerk.until(lambda: model.row_of(held) is None)
    assert [model.row_of(other) for other in (waiting[0], waiting[2])] == [None, None]
    assert office.read(booking_card, waiting[1]).row.space == "R2+3+4"
