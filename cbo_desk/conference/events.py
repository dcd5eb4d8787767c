"""Bookings as the events of a calendar: a single one under its own name, an occurrence under that of its series."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cbo_desk.conference.calendars import Written
from cbo_desk.conference.rules import Slot, Status
from cbo_desk.conference.series_events import Occurrence, series_events
from cbo_desk.conference.series_rule import recurrence_of, start_of
from db.conference import Booking, BookingSeries

_STATES = {
    Status.CONFIRMED: "CONFIRMED", Status.IN_SESSION: "CONFIRMED", Status.DONE: "CONFIRMED",
    Status.CANCELLED: "CANCELLED",
}  # fmt: skip


def event_of(
    booking: Booking, series: BookingSeries | None, room: str, *, notes: str = "", status: str = ""
) -> Written:  # fmt: skip
    """One booking by itself; `status` is what a calendar should think of it, if not what it is."""
    slot, state = Slot(booking.starts, booking.ends), status or _state(booking)
    if series is None:
        return Written(f"{booking.reference}@cbo-desk", booking.title, slot, room, notes, state, booking.version)
    return Written(
        series.uid, booking.title, slot, room, notes, state, series.told, series.zone, replaces=booking.occurrence
    )


def events_of(
    series: BookingSeries, bookings: Sequence[Booking], rooms: Mapping[int | None, str], *, notes: bool = False
) -> list[Written]:
    """Some bookings of a series; whatever of its rule is not among them is left out. `rooms` are names by space."""
    known = recurrence_of(series)
    meetings = [
        Occurrence(
            start_of(each, known), Slot(each.starts, each.ends), each.title, rooms.get(each.space_id, ""),
            each.notes if notes else "", _state(each),
        )
        for each in bookings
    ]  # fmt: skip
    return series_events(series.uid, known, meetings, series.told)


def _state(booking: Booking) -> str:
    return _STATES.get(Status(booking.status), "TENTATIVE")
