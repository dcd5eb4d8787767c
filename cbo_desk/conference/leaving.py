"""Bookings as iCalendar: the whole desk, one space, or one booking; what the import reads back as the same bookings."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from cbo_desk.conference.calendars import Written, write
from cbo_desk.conference.events import event_of, events_of
from cbo_desk.conference.rules import LIVE
from cbo_desk.context import now
from cbo_desk.errors import Refusal
from cbo_desk.permissions import reads
from db.conference import Booking, BookingSeries, ConferenceSpace

MOST = 20_000


@reads("conference", "look at bookings")
def calendar_of(
    session: Session, space_id: int | None = None, first: datetime | None = None, last: datetime | None = None
) -> bytes:
    """The bookings of a space, or of the whole desk, as an iCalendar file; what holds no space is left out.

    Those of a series are one event with its rule, and one for each that differs.
    """
    wanted = select(Booking, ConferenceSpace.code).join(ConferenceSpace, ConferenceSpace.id == Booking.space_id)
    wanted = wanted.where(Booking.status.in_(LIVE)).order_by(Booking.starts, Booking.id).limit(MOST + 1)
    if space_id is not None:
        wanted = wanted.where(Booking.space_id == space_id)
    if first is not None:
        wanted = wanted.where(Booking.ends > first)
    if last is not None:
        wanted = wanted.where(Booking.starts < last)
    rows = session.execute(wanted).all()
    if len(rows) > MOST:
        raise Refusal(f"These are more than {MOST:,} bookings. Choose a shorter time.")
    shared: defaultdict[int, list[Booking]] = defaultdict(list)
    for booking, _code in rows:
        shared[booking.series_id or -booking.id].append(booking)
    codes = {booking.space_id: code for booking, code in rows}
    known = select(BookingSeries).where(BookingSeries.id.in_(select(Booking.series_id).where(Booking.status.in_(LIVE))))
    series = {each.id: each for each in session.scalars(known)}
    items: list[Written] = []
    for key, own in shared.items():
        if len(own) > 1:
            items += events_of(series[key], own, codes, notes=True)
        else:
            items.append(event_of(own[0], series.get(key), codes[own[0].space_id], notes=own[0].notes))
    return write(items, now(session))


@reads("conference", "look at bookings")
def calendar_of_booking(session: Session, booking_id: int) -> bytes:
    """One booking as an iCalendar file; an occurrence is told by itself, as the one that it is of its series."""
    booking = session.get(Booking, booking_id)
    if booking is None:
        raise Refusal("This booking is no longer there.")
    code = session.scalar(select(ConferenceSpace.code).where(ConferenceSpace.id == booking.space_id))
    series = session.get(BookingSeries, booking.series_id) if booking.series_id else None
    return write([event_of(booking, series, code or "", notes=booking.notes)], now(session))
