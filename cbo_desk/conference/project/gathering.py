"""Reads from the database what a phase asks of the planner: who is displaced, where all others are, what is open."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from cbo_desk.conference.finding import Placing, UnitWish
from cbo_desk.conference.looking import calendar_around
from cbo_desk.conference.relocating.basis import DAY, WEEK, Basis, Seats, Span, problem_on
from cbo_desk.conference.relocating.problem import KEEP_ROOMS, KEEP_TIMES, Meeting, Problem
from cbo_desk.conference.rules import Slot, Status, day_of
from cbo_desk.conference.waitlist_order import ranks_on
from cbo_desk.context import ZONE, local, now, today
from cbo_desk.errors import Refusal
from db.capital_project import BookingTerms, PhaseCell, PhaseSeats, ProjectPhase
from db.conference import Booking, BookingUnit, ConferenceCell, ConferenceUnit

MOVABLE = (Status.HOLD, Status.CONFIRMED)
ORDERS = {"times": KEEP_TIMES, "rooms": KEEP_ROOMS}
_HOURS = range(8, 20)


@dataclass(frozen=True)
class Effects:
    """What a phase closes and changes."""

    cells: frozenset[int]
    seats: tuple[Seats, ...]


def span_of(phase: ProjectPhase) -> Span:
    """The days of a phase as far as is known now: actual before forecast before planned."""
    first = phase.actual_from or phase.forecast_from or phase.planned_from
    last = phase.actual_to or phase.forecast_to or phase.planned_to
    return Span(first, max(first, last))


def effects_of(session: Session, phase_id: int) -> Effects:
    """What a phase does to rooms and layouts."""
    cells = session.scalars(select(PhaseCell.cell_id).where(PhaseCell.phase_id == phase_id))
    seats = session.scalars(select(PhaseSeats).where(PhaseSeats.phase_id == phase_id).order_by(PhaseSeats.id))
    return Effects(
        frozenset(cells),
        tuple(
            Seats(s.id, s.space_id, s.kind, s.capacity, s.setup_minutes, s.cleardown_minutes, s.afterwards)
            for s in seats
        ),
    )


def affected_bookings(session: Session, phase_id: int, span: Span) -> list[Booking]:
    """The bookings to come that a phase displaces on its days, in the order of their starts."""
    effects = effects_of(session, phase_id)
    cells = _cells(session)
    closing = [space for space, own in cells.items() if own & effects.cells]
    fewer = {(each.space_id, each.kind): each.capacity for each in effects.seats if not each.afterwards}
    wanted = select(Booking).where(
        Booking.status.in_(MOVABLE), Booking.blocks_from < span.slot.ends, Booking.blocks_to > span.slot.starts,
        Booking.space_id.in_({*closing, *(space for space, _ in fewer)}), Booking.ends > now(session),
    )  # fmt: skip
    return [
        booking
        for booking in session.scalars(wanted.order_by(Booking.starts, Booking.id))
        if booking.space_id in closing
        or booking.people > fewer.get((booking.space_id or 0, booking.layout_kind), 10**9)
    ]


def _cells(session: Session) -> dict[int, set[int]]:
    from db.conference import SpaceCell

    found: defaultdict[int, set[int]] = defaultdict(set)
    for space, cell in session.execute(select(SpaceCell.space_id, SpaceCell.cell_id)):
        found[space].add(cell)
    return found


def gather(session: Session, phase_id: int, span: Span, first: str = "times") -> Problem:
    """The problem that a phase poses if it lasts from a day to a day; `first` is what counts before what."""
    return problem_on(gather_basis(session, phase_id, span, span, first), span)


def gather_basis(session: Session, phase_id: int, earliest: Span, latest: Span, first: str = "times") -> Basis:
    """Everything that matters for a phase, whenever it begins between two spans: read once, for any of them."""
    phase = session.get(ProjectPhase, phase_id)
    if phase is None:
        raise Refusal("This phase is no longer there.")
    effects = effects_of(session, phase_id)
    whole = Slot(earliest.slot.starts, latest.slot.ends)
    around = Slot(whole.starts - WEEK, whole.ends + WEEK)
    wanted = select(Booking).where(
        Booking.status.in_(MOVABLE), Booking.blocks_from < around.ends, Booking.blocks_to > around.starts,
        Booking.ends > now(session),
    )  # fmt: skip
    bookings = session.scalars(wanted.order_by(Booking.id)).all()
    calendar = calendar_around(session, [around], [booking.id for booking in bookings])
    return Basis(
        f"{phase.code} {phase.name}",
        effects.cells,
        effects.seats,
        tuple(calendar.spaces),
        tuple(_meetings(session, bookings)),
        {cell: tuple(each) for cell, each in calendar.cells.items()},
        tuple(calendar.units),
        {unit: tuple(each) for unit, each in calendar.units_taken.items()},
        tuple(calendar.loads),
        tuple(calendar.ceilings),
        ORDERS[first],
    )


def _meetings(session: Session, bookings: Sequence[Booking]) -> list[Meeting]:
    # Who goes before whom is the order of today, whatever the ranks' numbers.
    order = {number: place for place, (number, _name) in enumerate(ranks_on(session, today(session)), 1)}
    ids = [booking.id for booking in bookings]
    terms = {each.booking_id: each for each in session.scalars(select(BookingTerms))}
    units: defaultdict[int, list[ConferenceUnit]] = defaultdict(list)
    named = (
        select(BookingUnit.booking_id, ConferenceUnit)
        .join(ConferenceUnit, ConferenceUnit.id == BookingUnit.unit_id)
        .order_by(BookingUnit.booking_id, BookingUnit.unit_id)
    )
    if ids:
        named = named.where(BookingUnit.booking_id >= min(ids), BookingUnit.booking_id <= max(ids))
    for booking_id, unit in session.execute(named):
        units[booking_id].append(unit)
    return [_meeting(each, order[each.rank], terms.get(each.id), units[each.id]) for each in bookings]


def _meeting(booking: Booking, rank: int, terms: BookingTerms | None, units: Sequence[ConferenceUnit]) -> Meeting:
    assert booking.space_id is not None
    assert booking.layout_id is not None
    slot = Slot(booking.starts.astimezone(ZONE), booking.ends.astimezone(ZONE))
    blocks = Slot(booking.blocks_from.astimezone(ZONE), booking.blocks_to.astimezone(ZONE))
    own = tuple(unit.id for unit in units)
    return Meeting(
        booking.id, booking.people, rank, (slot, *other_times(slot, terms.other_time if terms else "no")),
        booking.layout_kind, Placing(slot, booking.space_id, booking.layout_id, booking.layout_kind, blocks, own),
        tuple(UnitWish(unit.kind, frozenset(unit.speaks.split())) for unit in units),
        terms.booths if terms else 0, frozenset(terms.features.split() if terms else ()),
        booking.series_id, booking.status == Status.CONFIRMED, False, booking.cars,
    )  # fmt: skip


def other_times(slot: Slot, allowed: str) -> tuple[Slot, ...]:
    """The times that a client allows besides: other full hours of the same day, or the same hour of the week's days."""
    lasts = slot.ends - slot.starts
    day = day_of(slot.starts)
    if allowed == "no" or lasts >= DAY:
        return ()
    starts = [datetime.combine(day, time(hour), ZONE) for hour in _HOURS]
    if allowed == "week":
        monday = day - timedelta(days=day.weekday())
        at = local(slot.starts).time()
        starts += [datetime.combine(monday + timedelta(days=each), at, ZONE) for each in range(5)]
    latest = time(20)
    return tuple(
        Slot(start, start + lasts)
        for start in dict.fromkeys(starts)
        if start != slot.starts and day_of(start + lasts) == day_of(start) and local(start + lasts).time() <= latest
    )


def cell_codes(session: Session, cells: frozenset[int]) -> tuple[str, ...]:
    """The codes of some cells, in their order."""
    wanted = select(ConferenceCell.code).where(ConferenceCell.id.in_(cells)).order_by(ConferenceCell.code)
    return tuple(session.scalars(wanted))
