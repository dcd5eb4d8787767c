"""The waitlist, filled by rank when space frees, and holds that expire by the clock."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from sqlalchemy import select
from sqlalchemy.orm import Session

from cbo_desk import notifications
from cbo_desk.changes import Changes, Deed
from cbo_desk.conference.booking import KIND, Standing, held_until, put_back, settle, these
from cbo_desk.conference.calendars import Written, write
from cbo_desk.conference.conflicts import when
from cbo_desk.conference.finding import Need, find
from cbo_desk.conference.looking import calendar_around
from cbo_desk.conference.rules import Slot, Status
from cbo_desk.conference.waitlist_order import in_order
from cbo_desk.context import local, now
from cbo_desk.errors import Refusal
from cbo_desk.permissions import deed
from db.conference import Booking, ConferenceSpace


@deed("conference.fill_waitlist", "book space")
def fill_waitlist(session: Session) -> Changes:
    """Hold space for whoever waits and now fits."""
    placed, before = fill(session)
    if not placed:
        return Changes(KIND, (), "Nobody on the waitlist fits.")
    return Changes(KIND, tuple(each.id for each in placed), told(placed), Deed(put_back, (before,)))


def fill(session: Session) -> tuple[list[Booking], list[Standing]]:
    """Who was given space, the highest rank first, then who has waited longest; and how they stood before.

    Whoever cannot be placed keeps waiting and keeps nobody behind them from being placed.
    """
    waiting = select(Booking).where(Booking.status == Status.WAITLIST, Booking.starts > now(session))
    placed: list[Booking] = []
    before: list[Standing] = []
    for booking in in_order(session, session.scalars(waiting).all()):
        slot = Slot(booking.starts, booking.ends)
        need = Need(booking.people, (slot,), booking.layout_kind)
        offers = find(calendar_around(session, need.times), need).offers
        if offers:
            before.append((booking.id, Status.WAITLIST, None))
            settle(session, booking, offers[0].placings[0], Status.HOLD)
            placed.append(booking)
            _tell(session, booking, slot)
    return placed, before


def told(placed: Sequence[Booking]) -> str:
    """Who was given space, in words."""
    return f"{these(placed)} from the waitlist {'have' if len(placed) > 1 else 'has'} space."


@deed("conference.expire_holds", "book space")
def expire_holds(session: Session) -> Changes:
    """Let holds go whose time is up: they are enquiries again, and their space is free for the waitlist."""
    over = select(Booking).where(Booking.status == Status.HOLD, Booking.hold_until <= now(session))
    expired: Sequence[Booking] = session.scalars(over.order_by(Booking.id).with_for_update()).all()
    if not expired:
        return Changes(KIND, (), "No hold has expired.")
    for booking in expired:
        booking.status, booking.hold_until = Status.ENQUIRY, None
    session.flush()
    placed, _before = fill(session)
    ids = tuple(booking.id for booking in (*expired, *placed))
    return Changes(KIND, ids, f"{these(expired)}: the hold has expired." + (f" {told(placed)}" if placed else ""))


def _tell(session: Session, booking: Booking, slot: Slot) -> None:
    """Write to the contact, if that is an address, with the meeting for their calendar."""
    if "@" not in booking.contact:
        return
    space = session.get(ConferenceSpace, booking.space_id)
    assert space is not None
    until = local(booking.hold_until or held_until(session))
    body = (
        f"{booking.title} ({booking.reference}) now has {space.name}: {when(slot)}.\n\n"
        f"It is held for you until {until:%-d %B %Y, %H:%M}. Please confirm by then.\n"
    )
    item = Written(f"{booking.reference}@cbo-desk", booking.title, slot, space.name, status="TENTATIVE")
    calendar = write([item], now(session)).decode()
    subject = f"Space for {booking.title}"
    # A contact that only looks like an address is no reason to keep the space from them.
    with suppress(Refusal):
        notifications.queue(
            session, booking.contact, subject, body, calendar=calendar, record_kind=KIND, record_id=booking.id
        )
