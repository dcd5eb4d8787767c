"""What stands in the way of bookings before they are saved, each named in a sentence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from cbo_desk.conference.finding import Calendar, Need, Obstacle, Placing, Space, UnitWish, place
from cbo_desk.conference.looking import calendar_around
from cbo_desk.conference.rules import Excess, Load, Slot
from cbo_desk.context import local
from db.conference import Booking, ConferenceUnit

MOST_NAMED = 3
"""Days that do not follow on each other and are still named one by one."""


@dataclass(frozen=True)
class Conflict:
    """One time that cannot be had, and why; `booking_id` is the booking in the way, where it is one."""

    slot: Slot
    sentence: str
    booking_id: int | None = None


def check_placings(
    session: Session, people: int, placings: Sequence[Placing], without: Iterable[int] = (), cars: int = 0
) -> list[Conflict]:
    """What is in the way of each of the placings, in their order, as if those before it that fit were saved."""
    calendar = calendar_around(session, [placing.blocks for placing in placings], without)
    spaces = {space.id: space for space in calendar.spaces}
    found, loads = [], list(calendar.loads)
    own: list[Placing] = []
    for placing in placings:
        space = spaces.get(placing.space_id)
        here = replace(calendar, loads=loads)
        conflict = _own(placing, own) or _conflict(session, here, space, people, placing, cars)
        if conflict is not None:
            found.append(conflict)
        else:
            own.append(placing)
            loads.append(Load(placing.slot, people, space.building_id if space else None, cars))
    return found


def _own(placing: Placing, own: Iterable[Placing]) -> Conflict | None:
    if any(placing.blocks.overlaps(other.blocks) and placing.space_id == other.space_id for other in own):
        return Conflict(placing.slot, f"{when(placing.slot)}: it overlaps another time of its own.")
    return None


def _conflict(
    session: Session, calendar: Calendar, space: Space | None, people: int, placing: Placing, cars: int
) -> Conflict | None:
    if space is None:
        return Conflict(placing.slot, "This space can no longer be booked. Choose another one.")
    layout = next((each for each in space.layouts if each.id == placing.layout_id), None)
    if layout is None or not layout.is_valid(placing.slot):
        return Conflict(placing.slot, f"{when(placing.slot)}: {space.code} has no such layout on that day.")
    # The chosen layout, with the set-up and clear-down that were chosen with it.
    before, after = placing.slot.starts - placing.blocks.starts, placing.blocks.ends - placing.slot.ends
    setup, cleardown = (int(each.total_seconds()) // 60 for each in (before, after))
    only = replace(space, layouts=(replace(layout, setup=setup, cleardown=cleardown),))
    answer = place(calendar, only, Need(people, (placing.slot,), cars=cars))
    if isinstance(answer, Obstacle):
        return told_obstacle(session, space, people, placing.slot, answer)
    return told_units(session, calendar, placing)


def told_units(session: Session, calendar: Calendar, placing: Placing) -> Conflict | None:
    """The first team or set of a placing that another booking has then, in words; None where all are free."""
    for unit_id in placing.units:
        held = [each for each in calendar.units_taken.get(unit_id, ()) if each.slot.overlaps(placing.blocks)]
        if held:
            name = session.scalar(select(ConferenceUnit.code).where(ConferenceUnit.id == unit_id))
            booked = _named(session, held[0].booking_id)
            said = f"{when(placing.slot)}: {name} is with {booked}. Choose another one."
            return Conflict(placing.slot, said, held[0].booking_id)
    return None


def told_obstacle(session: Session, space: Space, people: int, slot: Slot, obstacle: Obstacle) -> Conflict:
    """What stands in the way of a time in a space, in words."""
    at = when(slot)
    taken = obstacle.taken
    if taken is not None and taken.booking_id is not None:
        said = f"{at}: {space.code} is taken by {_named(session, taken.booking_id)} ({hours(taken.slot)})."
        return Conflict(slot, said, taken.booking_id)
    if taken is not None:
        return Conflict(slot, f"{at}: a part of {space.code} is closed ({taken.reason}).")
    if obstacle.excess is not None:
        return Conflict(slot, told_excess(obstacle.excess))
    said = {
        "seats": f"{space.code} seats {obstacle.seats} in this layout, not {people}.",
        "layout": f"{space.code} has no such layout on that day.",
        "length": "one booking lasts 31 days at most. Book a series instead.",
    }[obstacle.why]
    return Conflict(slot, f"{at}: {said}")


def told_excess(excess: Excess) -> str:
    """A ceiling that would be broken, in words."""
    at = f"{local(excess.at):%a %-d %b %Y at %H:%M}"
    most = f"at most {excess.ceiling.most:,}"
    if excess.ceiling.kind == "gate":
        return f"{at}: {excess.people:,} people would pass the gates in the hour before, and they take {most}."
    if excess.ceiling.kind == "parking":
        return f"{at}: {excess.people:,} cars would be parked, and there is room for {most}."
    where = "the compound" if excess.ceiling.building_id is None else "the building"
    return f"{at}: {excess.people:,} people would be there, and {where} takes {most}."


def told_wish(wish: UnitWish, at: datetime) -> str:
    """A team or set that lacks, in words."""
    speaks = f" for {' and '.join(sorted(wish.speaks))}" if wish.speaks else ""
    return f"No {wish.kind}{speaks} is free on {local(at):%a %-d %b %Y at %H:%M}."


def when(slot: Slot) -> str:
    """A time as people say it, such as Mon 4 May 2026, 10:00-13:00."""
    return f"{local(slot.starts):%a %-d %b %Y}, {hours(slot)}"


def when_all(slots: Sequence[Slot]) -> str:
    """Several times as people say them, such as Mon 4 to Wed 6 May 2026, 10:00-13:00 each; each where they are few."""
    if len(slots) == 1:
        return when(slots[0])
    ordered = sorted(slots)
    days = [local(each.starts).date() for each in ordered]
    if len({hours(each) for each in ordered}) > 1 or len(set(days)) < len(days):
        more = f" and {len(slots) - 1} more {'times' if len(slots) > 2 else 'time'}"
        return when(ordered[0]) + more
    first, last = days[0], days[-1]
    if (last - first).days == len(days) - 1:
        month = "" if (first.year, first.month) == (last.year, last.month) else f" {first:%b}"
        named = f"{first:%a %-d}{month} to {last:%a %-d %b %Y}"
    elif len(days) <= MOST_NAMED:
        named = f"{', '.join(f'{each:%a %-d %b}' for each in days[:-1])} and {last:%a %-d %b %Y}"
    else:
        named = f"{len(days)} days from {first:%a %-d %b} to {last:%a %-d %b %Y}"
    return f"{named}, {hours(ordered[0])} each"


def hours(slot: Slot) -> str:
    """From when to when, with the day where it ends on another one."""
    starts, ends = local(slot.starts), local(slot.ends)
    last = f"{ends:%H:%M}" if starts.date() == ends.date() else f"{ends:%-d %b %H:%M}"
    return f"{starts:%H:%M}-{last}"


def _named(session: Session, booking_id: int | None) -> str:
    row = session.execute(
        select(Booking.reference, Booking.title, Booking.entity_code).where(Booking.id == booking_id)
    ).first()
    if row is None:
        return "another booking"
    return f"{row.reference} {row.title}" + (f", {row.entity_code}" if row.entity_code else "")
