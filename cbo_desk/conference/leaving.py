"""Bookings as iCalendar: the whole desk, one space, or one booking; what the import reads back as the same bookings."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from cbo_desk.conference.calendars import Written, write
from cbo_desk.conference.rules import LIVE, Slot, Status
from cbo_desk.context import now
from cbo_desk.errors import Refusal
from cbo_desk.permissions import reads
from db.conference import Booking, ConferenceSpace

MOST = 20_000
_STATES = {Status.HOLD: "TENTATIVE", Status.CANCELLED: "CANCELLED"}


@reads("conference", "look at bookings")
def calendar_of(
    session: Session, space_id: int | None = None, first: datetime | None = None, last: datetime | None = None
) -> bytes:
    """The bookings of a space, or of the whole desk, as an iCalendar file; what holds no space is left out."""
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
    return write([_written(booking, code) for booking, code in rows], now(session))


@reads("conference", "look at bookings")
def calendar_of_booking(session: Session, booking_id: int) -> bytes:
    """One booking as an iCalendar file."""
    booking = session.get(Booking, booking_id)
    if booking is None:
        raise Refusal("This booking is no longer there.")
    code = session.scalar(select(ConferenceSpace.code).where(ConferenceSpace.id == booking.space_id))
    return write([_written(booking, code or "")], now(session))


def _written(booking: Booking, code: str) -> Written:
    return Written(
        f"{booking.reference}@cbo-desk", booking.title, Slot(booking.starts, booking.ends), code, booking.notes,
        _STATES.get(Status(booking.status), "CONFIRMED"), booking.version,
    )  # fmt: skip
