"""A booking put elsewhere on the board, its layout, units, set-up and clear-down kept; and a hold that is extended."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from cbo_desk import dated
from cbo_desk.changes import Changes, Deed
from cbo_desk.conference.booking import (
    HOLD_DAYS,
    KIND,
    BookingForm,
    make_bookings,
    move_booking,
    note_bookings,
    placing_of,
    these_bookings,
)
from cbo_desk.conference.equipping import units_called
from cbo_desk.conference.finding import Placing
from cbo_desk.conference.looking import check_slot
from cbo_desk.conference.rules import MINUTE, Slot, Status, day_of
from cbo_desk.context import local, now, today
from cbo_desk.errors import Refusal
from cbo_desk.permissions import deed
from db.conference import ConferenceSpace, SpaceLayout


@deed("conference.book", "book space")
def book(
    session: Session, form: BookingForm, slot: Slot, space_id: int | None = None, status: Status = Status.HOLD,
    units: Sequence[str] = (),
) -> Changes:  # fmt: skip
    """Book one time in a space, in its layout of the wished kind; without a space it is an enquiry, or waits.

    `units` are the codes of the teams and sets that come with it.
    """
    check_slot(slot)
    if units and space_id is None:
        raise Refusal("Teams and sets go with a space. Choose one, or leave them out.", "units")
    if units and status in (Status.ENQUIRY, Status.WAITLIST):
        raise Refusal("An enquiry, or who waits, has no teams and sets yet. Hold the space first.", "units")
    if status in (Status.ENQUIRY, Status.WAITLIST):
        return note_bookings(session, form, [slot], status)
    if space_id is None:
        raise Refusal("Choose a space, or note it as an enquiry or on the waitlist.", "space_id")
    layout = layout_on(session, space_id, form.kind, form.people, slot)
    blocks = slot.widened(layout.setup_minutes, layout.cleardown_minutes)
    placing = Placing(slot, space_id, layout.id, layout.kind, blocks, units_called(session, units))
    return make_bookings(session, form, [placing], status)


@deed("conference.shift_booking", "change bookings")
def shift_booking(session: Session, booking_id: int, version: int, space_id: int, slot: Slot) -> Changes:
    """Put a booking at another time or in another space, as it is: with its layout, units and minutes around it."""
    [booking] = these_bookings(session, [booking_id])
    check_slot(slot)
    layout = layout_on(session, space_id, booking.layout_kind, booking.people, slot)
    before, after = timedelta(0), timedelta(0)
    units: tuple[int, ...] = ()
    if booking.layout_id is not None:
        known = placing_of(session, booking)
        before, after = known.slot.starts - known.blocks.starts, known.blocks.ends - known.slot.ends
        units = known.units
    if booking.space_id != space_id:
        before, after = layout.setup_minutes * MINUTE, layout.cleardown_minutes * MINUTE
    blocks = Slot(slot.starts - before, slot.ends + after)
    return move_booking(session, booking_id, version, Placing(slot, space_id, layout.id, layout.kind, blocks, units))


@deed("conference.extend_hold", "book space")
def extend_hold(session: Session, booking_id: int, until: datetime | None = None) -> Changes:
    """Let a hold last longer: to an instant, or by the usual days from now on."""
    [booking] = these_bookings(session, [booking_id])
    if booking.status != Status.HOLD:
        raise Refusal(f"{booking.reference} is not held.")
    end = until or now(session) + timedelta(days=dated.value_on(session, HOLD_DAYS.name, today(session)))
    if end <= now(session):
        raise Refusal("Choose a time that is still to come.", "until")
    before = booking.hold_until
    booking.hold_until = min(end, booking.starts) if booking.starts > now(session) else end
    session.flush()
    said = f"{booking.reference} is held until {local(booking.hold_until):%-d %B %Y, %H:%M}."
    return Changes(KIND, (booking_id,), said, Deed(hold_until, (booking_id, before)))


@deed("conference.hold_until", "book space")
def hold_until(session: Session, booking_id: int, until: datetime | None) -> Changes:
    """Let a hold end when it was to end before."""
    [booking] = these_bookings(session, [booking_id])
    if booking.status != Status.HOLD or until is None:
        raise Refusal(f"{booking.reference} is not held.")
    before, booking.hold_until = booking.hold_until, until
    session.flush()
    said = f"{booking.reference} is held until {local(until):%-d %B %Y, %H:%M}."
    return Changes(KIND, (booking_id,), said, Deed(hold_until, (booking_id, before)))


def layout_on(session: Session, space_id: int, kind: str, people: int, slot: Slot) -> SpaceLayout:
    """The layout of a kind that a space has on the days of a slot, with the fewest seats that are enough.

    Without a kind, any. Refuses where there is none, or none with enough seats.
    """
    space = session.get(ConferenceSpace, space_id)
    if space is None or space.gone_at is not None:
        raise Refusal("This space can no longer be booked. Choose another one.", "space_id")
    first, last = day_of(slot.starts), day_of(slot.ends - MINUTE)
    wanted = select(SpaceLayout).where(
        SpaceLayout.space_id == space_id, SpaceLayout.valid_from <= first,
        (SpaceLayout.valid_to.is_(None)) | (SpaceLayout.valid_to >= last),
    )  # fmt: skip
    if kind:
        wanted = wanted.where(SpaceLayout.kind == kind)
    found = session.scalars(wanted.order_by(SpaceLayout.capacity, SpaceLayout.id)).all()
    if not found:
        said = f"has no layout {kind} on that day" if kind else "has no layout on that day"
        raise Refusal(f"{space.name} {said}. Choose another layout or day.", "kind")
    fits = [each for each in found if each.capacity >= people]
    if not fits:
        most = found[-1]
        raise Refusal(f"{space.name} seats {most.capacity} as {most.kind}, not {people}.", "people")
    return fits[0]
