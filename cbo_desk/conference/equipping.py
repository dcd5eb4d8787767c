"""Teams and sets chosen by hand for a booking: which are free at its time, who has the others, and taking them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from cbo_desk.changes import Changes, Deed
from cbo_desk.conference import rules
from cbo_desk.conference.booking import KIND, LABELS, placing_of, refuse_conflicts, settle, these_bookings
from cbo_desk.conference.rules import LIVE, Status
from cbo_desk.errors import Refusal
from cbo_desk.permissions import deed, reads
from cbo_desk.versions import check_version, continue_version
from db.conference import Booking, BookingUnit, ConferenceUnit


@dataclass(frozen=True)
class UnitChoice:
    """A team or set as a booking could have it; `taken_by` names the booking that has it at that time."""

    id: int
    code: str
    kind: str
    speaks: str
    chosen: bool
    taken_by: str = ""


@reads("conference", "look at bookings")
def unit_choices(session: Session, booking_id: int) -> tuple[UnitChoice, ...]:
    """Every team and set that can be booked, or is with this booking, by kind; refuses a booking that is not there."""
    booking = session.get(Booking, booking_id)
    if booking is None:
        raise Refusal("This booking is no longer there.")
    had = set(session.scalars(select(BookingUnit.unit_id).where(BookingUnit.booking_id == booking_id)))
    others = (
        select(BookingUnit.unit_id, Booking.reference, Booking.title)
        .join(Booking, Booking.id == BookingUnit.booking_id)
        .where(
            BookingUnit.live.is_(True), BookingUnit.booking_id != booking_id,
            BookingUnit.starts < booking.blocks_to, BookingUnit.ends > booking.blocks_from,
        )
        .order_by(BookingUnit.starts.desc())
    )  # fmt: skip
    taken = {unit_id: f"{reference} {title}" for unit_id, reference, title in session.execute(others)}
    units = select(ConferenceUnit).order_by(ConferenceUnit.kind, ConferenceUnit.code)
    return tuple(
        UnitChoice(unit.id, unit.code, unit.kind, unit.speaks, unit.id in had, taken.get(unit.id, ""))
        for unit in session.scalars(units)
        if unit.gone_at is None or unit.id in had
    )


@reads("conference", "look at bookings")
def units_now(session: Session, booking_id: int) -> tuple[int, tuple[UnitChoice, ...]]:
    """A booking's version with its teams and sets, read together."""
    choices = unit_choices(session, booking_id)
    return session.get_one(Booking, booking_id).version, choices


@deed("conference.choose_units", "change bookings")
def choose_units(session: Session, booking_id: int, version: int, unit_ids: Sequence[int]) -> Changes:
    """Give a booking exactly these teams and sets; refused where one of them is with another booking at that time."""
    [booking] = these_bookings(session, [booking_id])
    check_version(session, booking, version, booking.reference, LABELS)
    if booking.status in (Status.DONE, Status.CANCELLED):
        raise Refusal(f"{booking.reference} is {rules.WORDS[Status(booking.status)]}, so its teams and sets stay.")
    if booking.layout_id is None:
        raise Refusal(f"{booking.reference} has no space yet. Choose one first.")
    before = placing_of(session, booking)
    wanted = tuple(dict.fromkeys(unit_ids))
    codes = _codes(session, wanted, set(before.units))
    after = replace(before, units=wanted)
    if booking.status in LIVE:
        for each in unit_choices(session, booking_id):
            if each.id in wanted and each.taken_by:
                raise Refusal(f"{each.code} is with {each.taken_by} then. Choose another one.", f"unit{each.id}")
        refuse_conflicts(session, booking.people, [after], [booking_id], booking.cars)
    settle(session, booking, after)
    # What is chosen stands in rows of their own: the booking itself counts the change, so that two clerks meet.
    continue_version(session, booking, booking.version + 1)
    said = f"{booking.reference} has {', '.join(codes)}." if codes else f"{booking.reference} has no teams and sets."
    return Changes(KIND, (booking_id,), said, Deed(choose_units, (booking_id, booking.version, before.units)))


def units_called(session: Session, codes: Sequence[str]) -> tuple[int, ...]:
    """The teams and sets with these codes, in any case; refuses one that cannot be booked, naming those that can."""
    known = {
        code.casefold(): ident
        for ident, code in session.execute(
            select(ConferenceUnit.id, ConferenceUnit.code)
            .where(ConferenceUnit.gone_at.is_(None))
            .order_by(ConferenceUnit.code)
        )
    }
    wanted = [" ".join(code.split()).casefold() for code in codes]
    for code, folded in zip(codes, wanted, strict=True):
        if folded not in known:
            there = ", ".join(name.upper() for name in known) or "none so far"
            raise Refusal(f"No team or set is called {code.strip()}. There are: {there}.", "units")
    return tuple(dict.fromkeys(known[folded] for folded in wanted))


def _codes(session: Session, wanted: Sequence[int], had: set[int]) -> list[str]:
    """The codes of units; refuses one that is not there, or that was retired before this booking had it."""
    units = {each.id: each for each in session.scalars(select(ConferenceUnit).where(ConferenceUnit.id.in_(wanted)))}
    if len(units) != len(wanted):
        raise Refusal("One of these teams and sets is no longer there.")
    for unit in units.values():
        if unit.gone_at is not None and unit.id not in had:
            raise Refusal(f"{unit.code} can no longer be booked. Choose another one.", f"unit{unit.id}")
    return sorted(unit.code for unit in units.values())
