"""A meeting booked over two rooms: two bookings that name each other, made together or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from cbo_desk.changes import Changes, Deed
from cbo_desk.conference import rules
from cbo_desk.conference.booking import (
    KIND,
    BookingForm,
    add,
    cancel_bookings,
    enter_search,
    refuse_conflicts,
    these,
)
from cbo_desk.conference.conflicts import when
from cbo_desk.conference.finding import Placing
from cbo_desk.conference.rules import Status
from cbo_desk.errors import Refusal
from cbo_desk.permissions import deed
from db.conference import Booking, ConferenceSpace

Half = tuple[int, Sequence[Placing]]
"""How many people, and where they are at each time."""


@deed("conference.book_split", "book space")
def book_split(session: Session, form: BookingForm, main: Half, overflow: Half) -> Changes:
    """Hold two rooms for one meeting. Each booking has its own people; both are refused if either is."""
    if main[0] < 1 or overflow[0] < 1 or main[0] + overflow[0] != form.people:
        raise Refusal("The two rooms share out exactly the people who come.", "people")
    if not main[1] or len(main[1]) != len(overflow[1]):
        raise Refusal("Both rooms are booked for the same times.", "starts")
    seated = min(form.visitors, main[0])
    largest = replace(form, title=f"{form.title.strip()}, main room", people=main[0], visitors=seated)
    first = _half(session, largest, main[1])
    rest = replace(
        form, title=f"{form.title.strip()}, overflow", people=overflow[0], cars=0, languages="",
        visitors=form.visitors - seated,
    )  # fmt: skip
    second = _half(session, rest, overflow[1])
    for one, other in zip(first, second, strict=True):
        for here, there in ((one, other), (other, one)):
            word = "The overflow is" if here is one else "It follows"
            said = f"{word} {there.reference}, {_name(session, there)}."
            here.notes = f"{form.notes}\n{said}" if form.notes else said
    session.flush()
    made = [*first, *second]
    enter_search(session, made)
    ids = tuple(booking.id for booking in made)
    said = f"{these(made)} {rules.WORDS[Status.HOLD]}: {when(main[1][0].slot)}, in two rooms."
    return Changes(KIND, ids, said, Deed(cancel_bookings, (ids,)))


def _half(session: Session, form: BookingForm, placings: Sequence[Placing]) -> list[Booking]:
    if not form.title.split(",")[0].strip():
        raise Refusal("Give the booking a title.", "title")
    refuse_conflicts(session, form.people, placings, cars=form.cars)
    return [add(session, form, placing, Status.HOLD) for placing in placings]


def _name(session: Session, booking: Booking) -> str:
    space = session.get(ConferenceSpace, booking.space_id)
    return space.name if space is not None else ""
