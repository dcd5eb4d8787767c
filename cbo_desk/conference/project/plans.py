"""Relocation plans: kept once they are checked, accepted whole or booking by booking, taken back, told to clients."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cbo_desk import notifications
from cbo_desk.changes import Changes, Deed
from cbo_desk.conference import rules
from cbo_desk.conference.booking import KIND, placing_of, refuse_conflicts, settle, these, these_bookings
from cbo_desk.conference.conflicts import when
from cbo_desk.conference.finding import Placing
from cbo_desk.conference.project.explaining import told_certificate, told_way
from cbo_desk.conference.project.gathering import effects_of, gather
from cbo_desk.conference.project.phases import PHASE
from cbo_desk.conference.project.seating import seat_during
from cbo_desk.conference.relocating import checker
from cbo_desk.conference.relocating.basis import Span
from cbo_desk.conference.relocating.solution import Solution
from cbo_desk.conference.rules import Slot, Status
from cbo_desk.conference.telling import address_in, invitation
from cbo_desk.context import ZONE, actor, now
from cbo_desk.errors import Refusal
from cbo_desk.permissions import Role, deed
from cbo_desk.plurals import Count
from db.capital_project import BookingTerms, ProjectPhase, RelocationMove, RelocationPlan
from db.conference import Booking, ConferenceSpace, SpaceLayout

PLAN = "conference.plan"
NAMES = {"times": "keep the times", "rooms": "keep the rooms"}


@deed("conference.set_terms", "change bookings")
def set_terms(session: Session, booking_id: int, other_time: str, booths: int = 0, features: str = "") -> Changes:
    """Write down what a booking needs wherever it goes, and which other times its client allows."""
    [booking] = these_bookings(session, [booking_id])
    row = session.get(BookingTerms, booking_id)
    before = (row.other_time, row.booths, row.features) if row else ("no", 0, "")
    if row is None:
        row = BookingTerms(booking_id=booking_id)
        session.add(row)
    row.other_time, row.booths, row.features = other_time, booths, " ".join(sorted(features.split()))
    session.flush()
    words = {"no": "no other time", "day": "another time of the same day", "week": "another time of the same week"}
    if other_time not in words:
        raise Refusal("Another time is allowed on no day, on the same day, or in the same week.", "other_time")
    said = f"{booking.reference}: its client allows {words[other_time]}."
    return Changes(KIND, (booking_id,), said, Deed(set_terms, (booking_id, *before)))


@deed("conference.keep_plan", "plan relocations")
def keep_plan(session: Session, phase_id: int, span: Span, first: str, solution: Solution) -> Changes:
    """Keep a plan that was solved, if it still can be carried out: it is checked against what is booked now."""
    phase = session.get(ProjectPhase, phase_id)
    if phase is None:
        raise Refusal("This phase is no longer there.")
    problem = gather(session, phase_id, span, first)
    faults = checker.check(problem, solution.plan)
    if faults:
        raise Refusal("Bookings were changed while this was being planned. Solve again.")
    number = len(session.scalars(select(RelocationPlan.id).where(RelocationPlan.phase_id == phase_id)).all())
    plan = RelocationPlan(
        phase_id=phase_id, name=f"Plan {_letter(number)} · {NAMES[first]}", first=first, starts_on=span.first,
        ends_on=span.last, seconds=round(solution.plan.seconds, 1), made_at=now(session), made_by=actor(session).login,
        measures=[[m.stage[0][0].value, list(m.value), list(m.bound)] for m in solution.plan.measures],
    )  # fmt: skip
    session.add(plan)
    session.flush()
    moved = 0
    for meeting in problem.meetings:
        place = solution.plan.places[meeting.id]
        assert meeting.stands is not None
        if place is not None and not meeting.affected and place == meeting.stands:
            continue
        moved += 1
        why, instead = "", []
        if place is None:
            certificate = (solution.certificates or {}).get(meeting.id)
            why = told_certificate(session, problem, certificate) if certificate else ""
            instead = [
                {"what": way.what, "placing": _written(way.placing), "told": told_way(session, meeting, way.placing)}
                for way in (solution.ways or {}).get(meeting.id, ())
            ]
        session.add(RelocationMove(
            plan_id=plan.id, booking_id=meeting.id, before=_written(meeting.stands),
            after=_written(place) if place else None, decision="proposed" if place else "unplaced", why=why,
            instead=instead,
        ))  # fmt: skip
    session.flush()
    said = f"{plan.name}: {{count:booking moves|bookings move}}.".format(count=Count(moved))
    return Changes(PLAN, (plan.id,), said, also={PHASE: (phase_id,)})


@deed("conference.accept_moves", "plan relocations", Role.SUPERVISOR)
def accept_moves(session: Session, plan_id: int, ids: Sequence[int] = ()) -> Changes:
    """Carry out moves of a plan, all that are proposed or those of some bookings: together or not at all.

    Each is checked again against what is booked now; whoever was moved meanwhile is refused by name.
    """
    plan = _plan(session, plan_id)
    moves = _moves(session, plan_id, ids)
    if not moves:
        raise Refusal("Nothing of this plan is left to be accepted.")
    bookings = {each.id: each for each in these_bookings(session, [move.booking_id for move in moves])}
    for move in moves:
        booking = bookings[move.booking_id]
        if booking.status not in (Status.HOLD, Status.CONFIRMED):
            raise Refusal(f"{booking.reference} is {rules.WORDS[Status(booking.status)]}. Decline its move.")
        if _written(placing_of(session, booking)) != move.before:
            raise Refusal(f"{booking.reference} was moved since this plan was made. Solve again.")
    to = {move.booking_id: _placing(session, plan, move.after or {}) for move in moves}
    _carry_out(session, bookings, to)
    for move in moves:
        move.decision, move.decided_at, move.decided_by = "accepted", now(session), actor(session).login
    session.flush()
    moved = tuple(bookings)
    said = _said(session, list(bookings.values()), to)
    undo = Deed(put_moves_back, (plan_id, moved))
    return Changes(KIND, moved, said, undo, also={PLAN: (plan_id,), PHASE: (plan.phase_id,)})


@deed("conference.put_moves_back", "plan relocations", Role.SUPERVISOR)
def put_moves_back(session: Session, plan_id: int, ids: Sequence[int]) -> Changes:
    """Take accepted moves back: everybody has the old place again, or nobody where one of them is taken by now."""
    plan = _plan(session, plan_id)
    moves = _moves(session, plan_id, ids, "accepted")
    bookings = {each.id: each for each in these_bookings(session, [move.booking_id for move in moves])}
    to = {move.booking_id: _placing(session, plan, move.before) for move in moves}
    _carry_out(session, bookings, to)
    for move in moves:
        move.decision, move.decided_at, move.decided_by = "proposed", None, ""
    session.flush()
    moved = tuple(bookings)
    said = f"{these(list(bookings.values()))}: as before."
    undo = Deed(accept_moves, (plan_id, moved))
    return Changes(KIND, moved, said, undo, also={PLAN: (plan_id,), PHASE: (plan.phase_id,)})


@deed("conference.decide_moves", "plan relocations")
def decline_moves(session: Session, plan_id: int, ids: Sequence[int], decision: str = "declined") -> Changes:
    """Decline moves of a plan, or propose them again: the bookings stay where they are."""
    if decision not in ("declined", "proposed"):
        raise Refusal("A move is proposed or declined.")
    other = "proposed" if decision == "declined" else "declined"
    moves = _moves(session, plan_id, ids, other)
    if not moves:
        raise Refusal("None of these moves is still open.")
    for move in moves:
        move.decision = decision
        move.decided_at, move.decided_by = now(session), actor(session).login
    session.flush()
    moved = tuple(move.booking_id for move in moves)
    said = f"{{count:move|moves}} {decision}.".format(count=Count(len(moved)))
    undo = Deed(decline_moves, (plan_id, moved, other))
    return Changes(PLAN, (plan_id,), said, undo)


@deed("conference.write_to_clients", "write to clients")
def write_to_clients(session: Session, plan_id: int) -> Changes:
    """Queue a message to the contact of each accepted move that has an address."""
    moves = _moves(session, plan_id, (), "accepted")
    written = []
    for move in moves:
        booking = session.get(Booking, move.booking_id)
        assert booking is not None
        to = address_in(booking.contact)
        if not to:
            continue
        body = letter_body(session, booking, move.before)
        # An address that only looks like one keeps nobody else from hearing.
        with suppress(Refusal):
            notifications.queue(
                session, to, f"New room for {booking.title}", body,
                calendar=invitation(session, booking), record_kind=KIND, record_id=booking.id,
            )  # fmt: skip
            written.append(booking.id)
    if not written:
        raise Refusal("No accepted move has a contact with an e-mail address. Print the letters instead.")
    said = f"{Count(len(written)):message|messages} queued."
    return Changes(PLAN, (plan_id,), said, also={KIND: tuple(written)})


def letter_body(session: Session, booking: Booking, before: Mapping[str, Any]) -> str:
    """What a client is told of a move."""
    old = session.get(ConferenceSpace, before["space_id"])
    new = session.get(ConferenceSpace, booking.space_id)
    assert old is not None
    assert new is not None
    was, slot = _slot(before["slot"]), Slot(booking.starts, booking.ends)
    changed = f" The time changes from {when(was)} to {when(slot)}." if was != slot else " The time stays as it is."
    return (
        f"Your meeting {booking.title} ({booking.reference}) was to be held in {old.name}: {when(was)}.\n\n"
        f"{old.name} is needed for the building work on the conference facilities. We have moved your meeting to "
        f"{new.name}, {booking.layout_kind}, for {booking.people} people.{changed}\n\n"
        "If this does not suit you, please tell the conference desk; we shall look for another place together.\n"
    )


def _carry_out(session: Session, bookings: Mapping[int, Booking], to: Mapping[int, Placing]) -> None:
    """Move bookings at once: none of them stands in another's way, whoever takes whose place."""
    standing = {ident: booking.status for ident, booking in bookings.items()}
    held = {ident: booking.hold_until for ident, booking in bookings.items()}
    for booking in bookings.values():
        booking.status = Status.WAITLIST
        booking.hold_until = None
    session.flush()
    for ident, placing in to.items():
        booking = bookings[ident]
        refuse_conflicts(session, booking.people, [placing], [ident], booking.cars)
        booking.hold_until = held[ident]
        settle(session, booking, placing, None)
        booking.status = standing[ident]
        session.flush()
        _take_units(session, ident)


def _take_units(session: Session, booking_id: int) -> None:
    """The units of a booking count again once it stands again."""
    from db.conference import BookingUnit

    for unit in session.scalars(select(BookingUnit).where(BookingUnit.booking_id == booking_id)):
        session.refresh(unit)
        assert unit.live


def _said(session: Session, bookings: Sequence[Booking], to: Mapping[int, Placing]) -> str:
    if len(bookings) > 1:
        return f"{these(bookings)} have moved."
    space = session.get(ConferenceSpace, to[bookings[0].id].space_id)
    assert space is not None
    return f"{bookings[0].reference} moves to {space.name}."


def _placing(session: Session, plan: RelocationPlan, told: Mapping[str, Any]) -> Placing:
    """A placing as it was kept; a layout that only the phase opens is opened with the first booking that needs it."""
    layout_id = told["layout_id"]
    if layout_id < 0:
        seats = next((each for each in effects_of(session, plan.phase_id).seats if each.id == -layout_id), None)
        layout = seat_during(session, seats, Span(plan.starts_on, plan.ends_on)) if seats else None
        if layout is None:
            raise Refusal("The phase no longer opens the space that this plan counts on. Solve again.")
        layout_id = layout.id
    elif session.get(SpaceLayout, layout_id) is None:
        raise Refusal("A layout of this plan is no longer there. Solve again.")
    return Placing(
        _slot(told["slot"]), told["space_id"], layout_id, told["kind"], _slot(told["blocks"]), tuple(told["units"])
    )


def _written(placing: Placing) -> dict[str, Any]:
    def pair(slot: Slot) -> list[str]:
        return [instant.astimezone(ZONE).isoformat() for instant in (slot.starts, slot.ends)]

    return {
        "slot": pair(placing.slot), "blocks": pair(placing.blocks), "space_id": placing.space_id,
        "layout_id": placing.layout_id, "kind": placing.kind, "units": list(placing.units),
    }  # fmt: skip


def _slot(pair: Sequence[str]) -> Slot:
    return Slot(datetime.fromisoformat(pair[0]), datetime.fromisoformat(pair[1]))


def _letter(number: int) -> str:
    return chr(ord("A") + number % 26) + (str(number // 26 + 1) if number >= 26 else "")


def _plan(session: Session, plan_id: int) -> RelocationPlan:
    plan = session.get(RelocationPlan, plan_id)
    if plan is None:
        raise Refusal("This plan is no longer there.")
    return plan


def _moves(session: Session, plan_id: int, ids: Sequence[int], decision: str = "proposed") -> list[RelocationMove]:
    wanted = select(RelocationMove).where(
        RelocationMove.plan_id == plan_id, RelocationMove.decision == decision, RelocationMove.after.is_not(None)
    )
    if ids:
        wanted = wanted.where(RelocationMove.booking_id.in_(ids))
    return list(session.scalars(wanted.order_by(RelocationMove.booking_id).with_for_update()))
