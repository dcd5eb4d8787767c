"""How meetings end: on time, early, or without anybody having come; each can be taken back while the time is free."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from cbo_desk.changes import Changes, Deed
from cbo_desk.conference import rules
from cbo_desk.conference.booking import (
    KIND,
    Standing,
    check_may,
    placing_of,
    put_back,
    refuse_conflicts,
    these_bookings,
)
from cbo_desk.conference.finding import Placing
from cbo_desk.conference.rules import Slot, Status
from cbo_desk.context import now
from cbo_desk.errors import Refusal
from cbo_desk.permissions import deed
from db.conference import Booking


@deed("conference.end_session", "change bookings")
def end_session(session: Session, booking_id: int) -> Changes:
    """A meeting is over; where it ends early, the rest of its time is free for others."""
    [booking] = these_bookings(session, [booking_id])
    check_may(booking, Status.DONE)
    undo = _back(booking)
    _end_now(session, booking)
    booking.status = Status.DONE
    session.flush()
    return _freed(session, booking, f"{booking.reference} is over.", undo)


@deed("conference.note_no_show", "change bookings")
def note_no_show(session: Session, booking_id: int) -> Changes:
    """Nobody came to a meeting that was confirmed: what is left of its time is free, and it counts as a no-show."""
    [booking] = these_bookings(session, [booking_id])
    if booking.status not in (Status.CONFIRMED, Status.IN_SESSION):
        raise Refusal(f"{booking.reference} is {rules.WORDS[Status(booking.status)]}, so nobody was expected.")
    if booking.starts > now(session):
        raise Refusal(f"{booking.reference} has not begun yet.")
    undo = _back(booking)
    _end_now(session, booking)
    booking.status, booking.no_show = Status.DONE, True
    session.flush()
    return _freed(session, booking, f"Nobody came to {booking.reference}.", undo)


@deed("conference.go_on", "change bookings")
def go_on(session: Session, booking_id: int, status: Status, ends: datetime, planned: datetime | None) -> Changes:
    """Take the end of a meeting back; refused where the rest of its time is somebody else's by now."""
    [booking] = these_bookings(session, [booking_id])
    if ends != booking.ends:
        known = placing_of(session, booking)
        after = known.blocks.ends - known.slot.ends
        blocks = Slot(known.blocks.starts, ends + after)
        wanted = Placing(
            Slot(known.slot.starts, ends), known.space_id, known.layout_id, known.kind, blocks, known.units
        )
        refuse_conflicts(session, booking.people, [wanted], [booking_id], booking.cars)
        booking.ends, booking.blocks_to = ends, blocks.ends
    undo = Deed(end_session, (booking_id,))
    booking.status, booking.no_show, booking.planned_ends = status, False, planned
    session.flush()
    return Changes(KIND, (booking_id,), f"{booking.reference} goes on.", undo)


def _back(booking: Booking) -> Deed:
    return Deed(go_on, (booking.id, Status(booking.status), booking.ends, booking.planned_ends))


def _end_now(session: Session, booking: Booking) -> None:
    end = now(session).replace(second=0, microsecond=0)
    if booking.starts < end < booking.ends:
        cleared = booking.blocks_to - booking.ends
        booking.planned_ends = booking.planned_ends or booking.ends
        booking.ends, booking.blocks_to = end, end + cleared


@deed("conference.go_on_after_all", "change bookings")
def go_on_after_all(session: Session, standing: Sequence[Standing], back: tuple[Any, ...]) -> Changes:
    """Take the end of a meeting back whose time others were given meanwhile: they wait again first, and are told."""
    waiting = put_back(session, standing)
    done = go_on(session, *back)
    return Changes(KIND, (*done.ids, *waiting.ids), done.said, done.undo)


def _freed(session: Session, booking: Booking, said: str, undo: Deed) -> Changes:
    """Who waited for the time that is free now is given it."""
    from cbo_desk.conference import waiting  # which stands on the module of bookings, as this one does

    placed, before = waiting.fill(session)
    if not placed:
        return Changes(KIND, (booking.id,), said, undo)
    ids = (booking.id, *(each.id for each in placed))
    return Changes(KIND, ids, f"{said} {waiting.told(placed)}", Deed(go_on_after_all, (tuple(before), undo.args)))
