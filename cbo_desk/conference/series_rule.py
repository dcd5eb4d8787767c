"""The rule of a series between its row and plain values."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from cbo_desk.conference.recurrence import Recurrence, zone_of
from db.conference import Booking, BookingSeries


def recurrence_of(series: BookingSeries) -> Recurrence:
    """The rule of a series as plain values."""
    skipped, added = (frozenset(map(datetime.fromisoformat, each)) for each in (series.skipped, series.added))
    start = datetime.fromisoformat(series.starts)
    return Recurrence(series.rule, start, series.minutes, series.zone, skipped, added)


def keep(session: Session, series: BookingSeries, known: Recurrence) -> None:
    """Write a rule into a series."""
    series.rule, series.zone, series.minutes = known.rule, known.zone, known.minutes
    series.starts = known.starts.isoformat()
    series.skipped = sorted(each.isoformat() for each in known.skipped)
    series.added = sorted(each.isoformat() for each in known.added)
    session.add(series)
    session.flush()


def start_of(booking: Booking, known: Recurrence) -> datetime:
    """When the series meant a booking to start, on its zone's clock."""
    assert booking.occurrence is not None
    return booking.occurrence.astimezone(zone_of(known.zone)).replace(tzinfo=None)
