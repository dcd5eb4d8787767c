"""What the crews and the doors need of a day: who sets up what by when, and what stands on a room's door."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from cbo_desk.conference.rules import LIVE, Slot, midnight
from cbo_desk.context import now
from cbo_desk.errors import Refusal
from cbo_desk.permissions import reads
from db.conference import Booking, BookingUnit, ConferenceSpace, ConferenceUnit, SpaceLayout


@dataclass(frozen=True)
class Meeting:
    """One meeting as crews and doors see it."""

    id: int
    reference: str
    title: str
    entity: str
    contact: str
    space: str
    kind: str
    seats: int
    people: int
    registered: int
    slot: Slot
    blocks: Slot
    status: str
    languages: tuple[str, ...]
    equipment: str
    units: tuple[str, ...]
    notes: str


@dataclass(frozen=True)
class DaySheet:
    """A day's meetings in the order in which they are set up."""

    day: date
    made_at: datetime
    sessions: tuple[Meeting, ...]


@dataclass(frozen=True)
class DoorSign:
    """What stands on a door: the space, its day, what is on now and what comes next."""

    space: str
    day: date
    made_at: datetime
    sessions: tuple[Meeting, ...]

    def elsewhere(self, meeting: Meeting) -> str:
        """The space that a meeting has, where that is not the door's own: a part of it, or rooms joined with it."""
        return meeting.space if meeting.space != self.space else ""

    def current(self, at: datetime) -> Meeting | None:
        """The meeting under way."""
        return next((each for each in self.sessions if each.slot.starts <= at < each.slot.ends), None)

    def following(self, at: datetime) -> Meeting | None:
        """The meeting that comes next."""
        return next((each for each in self.sessions if each.slot.starts > at), None)


@reads("conference", "look at bookings")
def day_sheet(session: Session, day: date) -> DaySheet:
    """Every meeting of a day, by the time at which its set-up begins."""
    return DaySheet(day, now(session), tuple(_sessions(session, day)))


@reads("conference", "look at bookings")
def door_sign(session: Session, space_id: int, day: date) -> DoorSign:
    """What is on in a space on a day: its own meetings, and those of joined spaces that have its floor."""
    space = session.get(ConferenceSpace, space_id)
    if space is None:
        raise Refusal("This space is no longer there.")
    from cbo_desk.conference.board import board

    shown = board(session, day)
    here = shown.space(space_id)
    cells = here.cells if here is not None else frozenset()
    ids = {each.row.id for each in shown.bookings if each.cells & cells}
    return DoorSign(space.name, day, now(session), tuple(each for each in _sessions(session, day) if each.id in ids))


@reads("conference", "look at bookings")
def session_sheet(session: Session, booking_id: int) -> Meeting:
    """One meeting with all that its set-up needs."""
    booking = session.get(Booking, booking_id)
    if booking is None or booking.layout_id is None:
        raise Refusal("This booking has no space yet. Choose one first.")
    return next(iter(_told(session, [booking])))


def _sessions(session: Session, day: date) -> list[Meeting]:
    whole = Slot(midnight(day), midnight(day + timedelta(days=1)))
    wanted = select(Booking).where(Booking.status.in_(LIVE), Booking.starts < whole.ends, Booking.ends > whole.starts)
    return list(_told(session, session.scalars(wanted.order_by(Booking.blocks_from, Booking.id)).all()))


def _told(session: Session, bookings: Iterable[Booking]) -> Iterable[Meeting]:
    found = list(bookings)
    spaces = {each.id: each for each in session.scalars(select(ConferenceSpace))}
    layouts = {
        each.id: each
        for each in session.scalars(select(SpaceLayout).where(SpaceLayout.id.in_({b.layout_id for b in found})))
    }
    units: dict[int, list[str]] = {}
    named = select(BookingUnit.booking_id, ConferenceUnit.name).join(
        ConferenceUnit, ConferenceUnit.id == BookingUnit.unit_id
    )
    for booking_id, name in session.execute(
        named.where(BookingUnit.booking_id.in_([each.id for each in found])).order_by(ConferenceUnit.code)
    ):
        units.setdefault(booking_id, []).append(name)
    for each in found:
        space, layout = spaces.get(each.space_id or 0), layouts.get(each.layout_id or 0)
        yield Meeting(
            each.id, each.reference, each.title, each.entity_code or "", each.contact,
            space.name if space is not None else "", each.layout_kind, layout.capacity if layout is not None else 0,
            each.people, each.registered, Slot(each.starts, each.ends), Slot(each.blocks_from, each.blocks_to),
            each.status, tuple(each.languages.split()), each.equipment, tuple(units.get(each.id, ())), each.notes,
        )  # fmt: skip
