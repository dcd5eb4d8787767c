"""Whether a booking could be confirmed now, one line per rule, and who takes its space if its hold lapses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from cbo_desk.conference.booking import placing_of
from cbo_desk.conference.conflicts import Conflict, check_placings, told_excess
from cbo_desk.conference.finding import Calendar, Need, find
from cbo_desk.conference.looking import calendar_around
from cbo_desk.conference.rules import LIVE, Ceiling, Load, Slot, Status, day_of, excess
from cbo_desk.conference.waitlist_order import in_order
from cbo_desk.context import local, now
from cbo_desk.permissions import reads
from db.conference import Booking, ConferenceSpace, ConferenceUnit, SpaceLayout

Outcome = Literal["ok", "warn", "bad"]


@dataclass(frozen=True)
class Check:
    """One rule and what it says of a booking: fine, worth a look, or in the way."""

    outcome: Outcome
    words: str


@dataclass(frozen=True)
class Readiness:
    """What a booking's card says before it is confirmed. `next_in_line` waits for the space; "" where nobody does."""

    checks: tuple[Check, ...]
    next_in_line: str = ""

    @property
    def ready(self) -> bool:
        """Whether nothing stands in the way."""
        return all(check.outcome != "bad" for check in self.checks)


@reads("conference", "look at bookings")
def readiness(session: Session, booking_id: int) -> Readiness:
    """The rules that a booking meets again when it is confirmed, each in one line."""
    booking = session.get(Booking, booking_id)
    if booking is None or booking.layout_id is None or booking.space_id is None:
        return Readiness((Check("bad", "It has no space yet. Choose one first."),))
    placing = placing_of(session, booking)
    space = session.get(ConferenceSpace, booking.space_id)
    layout = session.get(SpaceLayout, booking.layout_id)
    assert space is not None
    assert layout is not None
    blocks = Slot(booking.blocks_from, booking.blocks_to)
    calendar = calendar_around(session, [blocks], [booking_id])
    conflicts = check_placings(session, booking.people, [placing], [booking_id], booking.cars)
    times = f"{local(blocks.starts):%H:%M}–{local(blocks.ends):%H:%M}"
    checks = [_space_check(conflicts, f"{space.name} free {times}")]
    people = max(booking.people, booking.registered)
    fits = people <= layout.capacity
    seats = f"{people:,} of {layout.capacity:,} seats as {layout.kind}"
    checks.append(Check("ok" if fits else "bad", seats if fits else f"{seats}: too few"))
    checks += _sums(calendar, Load(Slot(booking.starts, booking.ends), booking.people, space.building_id, booking.cars))
    checks += _units(session, calendar, placing.units, blocks)
    if booking.registered > booking.people:
        words = f"{booking.registered:,} registered, {booking.people:,} planned: plan for them"
        checks.append(Check("warn", words))
    return Readiness(tuple(checks), _next(session, booking) if booking.status == Status.HOLD else "")


def _space_check(conflicts: Sequence[Conflict], free: str) -> Check:
    taken = next((each for each in conflicts if each.booking_id is not None or "closed" in each.sentence), None)
    return Check("bad", taken.sentence) if taken is not None else Check("ok", free)


def peak(ceiling: Ceiling, slot: Slot, loads: Sequence[Load]) -> tuple[datetime, int]:
    """When within a slot a ceiling's sum is highest, and how high it is then."""
    # A ceiling of nobody is broken by anybody: its worst break is the peak.
    worst = excess(replace(ceiling, most=-1), slot, loads)
    return (worst.at, worst.people) if worst is not None else (slot.starts, 0)


def _sums(calendar: Calendar, load: Load) -> list[Check]:
    found = []
    slot, building_id = load.slot, load.building_id
    loads = [*calendar.loads, load]
    for ceiling in calendar.ceilings:
        if ceiling.building_id not in (None, building_id) or not ceiling.holds_on(day_of(slot.starts)):
            continue
        broken = excess(ceiling, slot, loads)
        if broken is not None:
            found.append(Check("bad", told_excess(broken)))
            continue
        at, most = peak(ceiling, slot, loads)
        where = "Compound" if ceiling.building_id is None else "Building"
        what = {"people": f"{where} peaks at", "gate": "Gates screen an hour", "parking": "Parking peaks at"}
        tight = most > ceiling.most * 0.95
        words = f"{what.get(ceiling.kind, where)} {most:,} of {ceiling.most:,}, {local(at):%H:%M}"
        found.append(Check("warn" if tight else "ok", words))
    return found


def _units(session: Session, calendar: Calendar, units: Sequence[int], blocks: Slot) -> list[Check]:
    if not units:
        return []
    named = session.scalars(select(ConferenceUnit).where(ConferenceUnit.id.in_(units)).order_by(ConferenceUnit.code))
    taken = [
        each.code for each in named if any(held.slot.overlaps(blocks) for held in calendar.units_taken.get(each.id, ()))
    ]
    if taken:
        return [Check("bad", f"{', '.join(taken)} not free at that time")]
    return [Check("ok", f"{len(units)} teams and sets free of {len(units)} needed")]


def _next(session: Session, booking: Booking) -> str:
    """Who on the waitlist would be given this booking's space, if its hold lapsed now."""
    waiting = select(Booking).where(
        Booking.status == Status.WAITLIST, Booking.starts > now(session),
        Booking.starts < booking.ends + timedelta(days=1), Booking.ends > booking.starts - timedelta(days=1),
    )  # fmt: skip
    for each in in_order(session, session.scalars(waiting).all()):
        need = Need(each.people, (Slot(each.starts, each.ends),), each.layout_kind, cars=each.cars)
        without = find(calendar_around(session, need.times, [booking.id]), need).offers
        before = find(calendar_around(session, need.times), need).offers
        if without and not before:
            return f"{each.reference}, {each.title}, is first on the waitlist and takes the space by itself."
    return ""


@dataclass(frozen=True)
class Crowd:
    """How many people are in meetings at an instant: in confirmed ones, in held ones.

    `visitors` are those of the confirmed who do not work here.
    """

    at: datetime
    firm: int
    held: int
    visitors: int = 0


@dataclass(frozen=True)
class CrowdDay:
    """The people in meetings on one day, at every instant at which their number changes; `most` is the ceiling."""

    points: tuple[Crowd, ...]
    most: int | None

    def now(self, at: datetime) -> int:
        """How many there are at an instant."""
        before = [each for each in self.points if each.at <= at]
        return before[-1].firm + before[-1].held if before else 0

    def peak(self) -> Crowd | None:
        """When there are most."""
        return max(self.points, key=lambda each: each.firm + each.held, default=None)


@reads("conference", "look at bookings")
def crowd(session: Session, slot: Slot) -> CrowdDay:
    """The people in meetings within a slot, and the compound's ceiling on its first day."""
    wanted = select(Booking.starts, Booking.ends, Booking.people, Booking.status, Booking.visitors).where(
        Booking.status.in_(LIVE), Booking.starts < slot.ends, Booking.ends > slot.starts
    )
    rows = session.execute(wanted).all()
    instants = sorted({slot.starts, *(row[0] for row in rows), *(row[1] for row in rows)})
    points = []
    for at in instants:
        here = [row for row in rows if row[0] <= at < row[1]]
        held = sum(row[2] for row in here if row[3] == Status.HOLD)
        visitors = sum(row[4] for row in here if row[3] != Status.HOLD)
        points.append(Crowd(at, sum(row[2] for row in here) - held, held, visitors))
    ceilings = [
        each.most
        for each in calendar_around(session, [slot]).ceilings
        if each.kind == "people" and each.building_id is None and each.holds_on(day_of(slot.starts))
    ]
    return CrowdDay(tuple(points), min(ceilings, default=None))
