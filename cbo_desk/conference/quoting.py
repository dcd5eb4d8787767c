"""What a booking costs: quoted before it is made, charged to its entity when it is over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from cbo_desk import charges
from cbo_desk.changes import Changes, Deed
from cbo_desk.charges import Rate, Subject
from cbo_desk.conference.booking import KIND, placing_of, these_bookings
from cbo_desk.conference.finding import Placing
from cbo_desk.conference.rules import Slot, Status, day_of
from cbo_desk.errors import Refusal
from cbo_desk.permissions import Role, deed, reads
from db.conference import ConferenceSpace, ConferenceUnit, SpaceLayout

_DEMO = "shipped, to be confirmed"
SEAT_HOUR = charges.declare_rate(
    "conference.seat_hour", "A conference space, a seat and hour", Decimal("0.70"), "USD", "seat-hour", _DEMO
)
SETUP = charges.declare_rate("conference.setup", "Setting a room up", Decimal("40.00"), "USD", "set-up", _DEMO)
UNITS = {
    "interpretation": charges.declare_rate(
        "conference.interpretation", "An interpretation team, a session", Decimal("520.00"), "USD", "session", _DEMO
    ),
    "portable booth": charges.declare_rate(
        "conference.booth", "A portable booth, a session", Decimal("80.00"), "USD", "session", _DEMO
    ),
    "av set": charges.declare_rate(
        "conference.av_set", "An AV set, a session", Decimal("60.00"), "USD", "session", _DEMO
    ),
    "technician": charges.declare_rate(
        "conference.technician", "A technician, a session", Decimal("45.00"), "USD", "session", _DEMO
    ),
    "catering": charges.declare_rate(
        "conference.catering", "A catering crew, a session", Decimal("90.00"), "USD", "session", _DEMO
    ),
}


@dataclass(frozen=True)
class QuoteLine:
    """One line of a quotation: what, how much of it, its rate and amount in the rate's currency."""

    what: str
    quantity: Decimal
    rate: Rate

    @property
    def amount(self) -> Decimal:
        """Quantity times rate to the cent."""
        return charges.amount_of(self.quantity, self.rate.amount)


@dataclass(frozen=True)
class Quote:
    """What some times in a space cost together."""

    lines: tuple[QuoteLine, ...]

    @property
    def total(self) -> Decimal:
        """The sum of the lines."""
        return sum((line.amount for line in self.lines), Decimal(0))

    @property
    def currency(self) -> str:
        """The currency of the lines."""
        return self.lines[0].rate.currency if self.lines else ""

    @property
    def confirmed(self) -> bool:
        """Whether every rate has been confirmed by the staff."""
        return all(line.rate.confirmed for line in self.lines)


@reads("conference", "look for space")
def quote(session: Session, placings: Sequence[Placing]) -> Quote:
    """What some times cost by the rates of their own days."""
    lines: list[QuoteLine] = []
    for placing in placings:
        lines += _lines(session, placing)
    merged: dict[tuple[str, str], QuoteLine] = {}
    for line in lines:
        before = merged.get((line.what, line.rate.row))
        merged[line.what, line.rate.row] = QuoteLine(
            line.what, line.quantity + (before.quantity if before else Decimal(0)), line.rate
        )
    return Quote(tuple(merged.values()))


@reads("conference", "look at bookings")
def quote_booking(session: Session, booking_id: int) -> Quote:
    """What a booking costs, or would cost, as it stands."""
    [booking] = these_bookings(session, [booking_id])
    if booking.layout_id is None:
        return Quote(())
    return quote(session, [placing_of(session, booking)])


@deed("conference.charge_booking", "charge bookings", Role.SUPERVISOR)
def charge_booking(session: Session, booking_id: int) -> Changes:
    """Charge a booking that is over to its entity, once."""
    [booking] = these_bookings(session, [booking_id])
    if booking.status != Status.DONE:
        raise Refusal(f"{booking.reference} is not over yet.")
    if booking.entity_id is None:
        raise Refusal(f"{booking.reference} names no entity. Say which one is charged.", "entity_id")
    if charges.standing(session, KIND, booking_id):
        raise Refusal(f"{booking.reference} is charged already.")
    # A meeting that ended early, or to which nobody came, is charged for the time it had blocked.
    known = placing_of(session, booking)
    until = booking.planned_ends or known.slot.ends
    slot = Slot(known.slot.starts, until)
    placing = Placing(slot, known.space_id, known.layout_id, known.kind, slot, known.units)
    subject = Subject(KIND, booking_id, booking.reference)
    ids = tuple(
        charges.charge(
            session, "conference", booking.entity_id, subject, line.what, line.rate, line.quantity, day_of(slot.starts)
        )
        for line in quote(session, [placing]).lines
    )
    said = f"{booking.reference} is charged to {booking.entity_code}."
    return Changes(
        KIND, (booking_id,), said, Deed(reverse_charges, (booking_id, "charged by mistake")), {charges.KIND: ids}
    )


@deed("conference.reverse_charges", "charge bookings", Role.SUPERVISOR)
def reverse_charges(session: Session, booking_id: int, reason: str) -> Changes:
    """Take a booking's charges back by further ones that name them."""
    [booking] = these_bookings(session, [booking_id])
    ids = charges.standing(session, KIND, booking_id)
    if not ids:
        raise Refusal(f"{booking.reference} is not charged.")
    made = tuple(charges.reverse(session, ident, reason) for ident in ids)
    said = f"The charges for {booking.reference} are reversed."
    return Changes(KIND, (booking_id,), said, Deed(charge_booking, (booking_id,)), {charges.KIND: made})


def _lines(session: Session, placing: Placing) -> list[QuoteLine]:
    layout = session.get(SpaceLayout, placing.layout_id)
    space = session.get(ConferenceSpace, placing.space_id)
    if layout is None or space is None:
        raise Refusal("This space can no longer be booked. Choose another one.", "space_id")
    day = day_of(placing.slot.starts)
    hours = Decimal(int((placing.slot.ends - placing.slot.starts).total_seconds())) / 3600
    seats = (hours * layout.capacity).quantize(Decimal("0.001"))
    found = [QuoteLine(f"{space.name}, {layout.kind}", seats, charges.rate_on(session, SEAT_HOUR.name, day))]
    if layout.setup_minutes or layout.cleardown_minutes:
        found.append(QuoteLine("Set-up", Decimal(1), charges.rate_on(session, SETUP.name, day)))
    kinds = session.scalars(
        select(ConferenceUnit.kind).where(ConferenceUnit.id.in_(placing.units)).order_by(ConferenceUnit.kind)
    ).all()
    for kind in dict.fromkeys(kinds):
        if kind in UNITS:
            rate = charges.rate_on(session, UNITS[kind].name, day)
            found.append(QuoteLine(kind.capitalize(), Decimal(kinds.count(kind)), rate))
    return found
