"""A phase begins once nobody is left in its rooms, and ends; either can be taken back while nothing stands on it."""

from __future__ import annotations

from datetime import date

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from cbo_desk.changes import Changes, Deed
from cbo_desk.conference.project.gathering import affected_bookings, effects_of, span_of
from cbo_desk.conference.project.phases import LABELS, PHASE, cover, phase_of, refuse_under_way
from cbo_desk.conference.project.seating import Seating, give_seats, put_seats_back, seat_during, seating_of
from cbo_desk.conference.relocating.basis import DAY, Span
from cbo_desk.conference.rules import Slot, midnight
from cbo_desk.conference.spaces import CLOSURE, SPACE, first_booked
from cbo_desk.context import today
from cbo_desk.errors import Refusal
from cbo_desk.permissions import Role, deed
from cbo_desk.versions import check_version
from db.capital_project import PhaseClosure, ProjectPhase
from db.conference import CellClosure

Seatings = tuple[Seating, Seating]
"""The layouts of the spaces a phase changes, before and after."""


@deed("conference.make_effective", "close conference rooms", Role.SUPERVISOR)
def make_effective(session: Session, phase_id: int, version: int, first: date | None = None) -> Changes:
    """Let a phase begin: its rooms are closed and its seats are what it says. Refused while anybody is left in them."""
    phase = phase_of(session, phase_id)
    check_version(session, phase, version, phase.code, LABELS)
    refuse_under_way(phase)
    span = Span(first or span_of(phase).first, span_of(phase).last)
    if span.last < span.first:
        raise Refusal("The phase would end before it begins. Change its forecast first.", "actual_from")
    left = affected_bookings(session, phase_id, span)
    if left:
        more = f" and {len(left) - 1} more" if len(left) > 1 else ""
        raise Refusal(f"{left[0].reference} {left[0].title}{more} would lose their place. Relocate them first.")
    effects = effects_of(session, phase_id)
    spaces = tuple(seats.space_id for seats in effects.seats)
    before = seating_of(session, spaces)
    closures = _close(session, phase, effects.cells, span.slot)
    for seats in effects.seats:
        if not seats.afterwards:
            seat_during(session, seats, span)
    phase.actual_from = span.first
    session.flush()
    said = f"{phase.code} is effective from {span.first:%-d %b %Y}."
    undo = Deed(put_phase_off, (phase_id, (before, seating_of(session, spaces))))
    return Changes(PHASE, (phase_id,), said, undo, also={CLOSURE: closures, SPACE: spaces})


@deed("conference.put_phase_off", "close conference rooms", Role.SUPERVISOR)
def put_phase_off(session: Session, phase_id: int, seatings: Seatings) -> Changes:
    """Take back that a phase is effective: its rooms are open again, and its spaces seat what they did before."""
    phase = phase_of(session, phase_id)
    if phase.actual_from is None:
        raise Refusal(f"{phase.code} is not under way.")
    if phase.actual_to is not None:
        raise Refusal(f"{phase.code} is over. Take its end back first.")
    first, phase.actual_from = phase.actual_from, None
    session.flush()
    own = select(PhaseClosure.closure_id).where(PhaseClosure.phase_id == phase_id)
    closures = tuple(session.scalars(own.order_by(PhaseClosure.closure_id)))
    session.execute(delete(PhaseClosure).where(PhaseClosure.phase_id == phase_id))
    for closure in session.scalars(select(CellClosure).where(CellClosure.id.in_(closures))):
        session.delete(closure)
    session.flush()
    spaces = put_seats_back(session, *seatings)
    said = f"{phase.code} is not effective: its rooms are open again."
    undo = Deed(make_effective, (phase_id, phase.version, first))
    return Changes(PHASE, (phase_id,), said, undo, also={CLOSURE: closures, SPACE: spaces})


@deed("conference.end_phase", "close conference rooms", Role.SUPERVISOR)
def end_phase(session: Session, phase_id: int, version: int, last: date | None = None) -> Changes:
    """Let a phase be over after a day: its rooms open again, with the seats that it gives back."""
    phase = phase_of(session, phase_id)
    check_version(session, phase, version, phase.code, LABELS)
    _refuse_not_under_way(phase)
    assert phase.actual_from is not None
    last = last or today(session)
    if last < phase.actual_from:
        raise Refusal("A phase ends on or after the day on which it began.", "actual_to")
    phase.actual_to = last
    session.flush()
    effects = effects_of(session, phase_id)
    spaces = tuple(seats.space_id for seats in effects.seats)
    before = seating_of(session, spaces)
    ids = cover(session, phase_id, last)
    for seats in effects.seats:
        if seats.afterwards:
            give_seats(session, seats, Span(last + DAY, date.max))
    said = f"{phase.code} is over after {last:%-d %b %Y}."
    undo = Deed(go_on_with_phase, (phase_id, (before, seating_of(session, spaces))))
    return Changes(PHASE, (phase_id,), said, undo, also={CLOSURE: ids, SPACE: spaces})


@deed("conference.go_on_with_phase", "close conference rooms", Role.SUPERVISOR)
def go_on_with_phase(session: Session, phase_id: int, seatings: Seatings) -> Changes:
    """Take back that a phase is over: its rooms stay closed until it was to end, unless they are booked since."""
    phase = phase_of(session, phase_id)
    if phase.actual_to is None:
        raise Refusal(f"{phase.code} is not over.")
    ended, last = phase.actual_to, phase.forecast_to or phase.planned_to
    _refuse_booked(session, phase_id, Slot(midnight(ended + DAY), midnight(last + DAY)))
    ids: tuple[int, ...] = ()
    if last > ended:
        # Closed for as long as it lasts before it lasts: in the other order the database says no.
        ids = cover(session, phase_id, last)
    phase.actual_to = None
    session.flush()
    if last < ended:
        ids = cover(session, phase_id, last)
    spaces = put_seats_back(session, *seatings)
    undo = Deed(end_phase, (phase_id, phase.version, ended))
    said = f"{phase.code} goes on until {last:%-d %b %Y}."
    return Changes(PHASE, (phase_id,), said, undo, also={CLOSURE: ids, SPACE: spaces})


def _close(session: Session, phase: ProjectPhase, cells: frozenset[int], slot: Slot) -> tuple[int, ...]:
    """Close cells for a phase, which holds on to the closures."""
    reason = f"{phase.code}: {phase.name}"
    closures = [CellClosure(cell_id=cell, starts=slot.starts, ends=slot.ends, reason=reason) for cell in sorted(cells)]
    session.add_all(closures)
    session.flush()
    session.add_all(PhaseClosure(closure_id=closure.id, phase_id=phase.id) for closure in closures)
    session.flush()
    return tuple(closure.id for closure in closures)


def _refuse_booked(session: Session, phase_id: int, slot: Slot) -> None:
    """Refuse where a room of a phase is booked again in a time in which it was to be closed."""
    first = first_booked(session, effects_of(session, phase_id).cells, slot)
    if first is not None:
        raise Refusal(f"{first.reference} {first.title} is booked there since. Move it first.")


def _refuse_not_under_way(phase: ProjectPhase) -> None:
    if phase.actual_from is None or phase.actual_to is not None:
        raise Refusal(f"{phase.code} is not under way.")
