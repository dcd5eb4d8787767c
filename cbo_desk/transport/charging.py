"""What a trip costs whom: dated rates by kilometre, hour and seat, split over who travelled, exact to the cent.

A trip costs its official kilometres and its hours. Who shares it pays by passengers times kilometres; private
kilometres and requests that are not official pay the full-cost rate; a shuttle is paid by the seat.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cbo_desk import charges
from cbo_desk.charges import CENT, Rate, Subject, amount_of, declare_rate, rate_on
from cbo_desk.context import local
from cbo_desk.transport.kinds import REQUEST
from cbo_desk.transport.planning import note_event
from cbo_desk.transport.sharing import split
from cbo_desk.transport.zones import travel_table
from db.shuttles import ShuttleSeat
from db.transport import Trip, TripRequest, TripStop

CURRENCY = "USD"
_SOURCE = "a shipped example; set the rate card's own"
KM = declare_rate("transport.rate_km", "Transport: a kilometre", Decimal("0.60"), CURRENCY, "km", _SOURCE)
HOUR = declare_rate("transport.rate_hour", "Transport: an hour with driver", Decimal("4.50"), CURRENCY, "h", _SOURCE)
SEAT = declare_rate("transport.rate_seat", "Transport: a seat on a shuttle", Decimal("1.50"), CURRENCY, "seat", _SOURCE)
FULL_KM = declare_rate(
    "transport.rate_km_full", "Transport: a kilometre, full cost", Decimal("0.95"), CURRENCY, "km", _SOURCE
)


@dataclass(frozen=True)
class Charged:
    """What a deed charged: a sentence, and the touched charges for `Changes.also`."""

    said: str
    touched: dict[str, tuple[int, ...]]


@dataclass(frozen=True)
class Share:
    """What one request pays of a trip: cents, and how it comes about in words."""

    request_id: int
    cents: int
    what: str
    rate: Rate


def hours_of(trip: Trip) -> Decimal:
    """How long a trip was away, in hours to a hundredth."""
    assert trip.departed_at is not None
    assert trip.returned_at is not None
    seconds = Decimal(int((trip.returned_at - trip.departed_at).total_seconds()))
    return (seconds / 3600).quantize(CENT, ROUND_HALF_UP)


def shares_of(session: Session, trip: Trip, carried: Sequence[TripRequest], km: int, private_km: int) -> list[Share]:
    """What each request pays: the trip's cost split by passengers × kilometres; who is not official at full cost."""
    day = local(trip.starts).date()
    weights = _weights(session, trip, carried)
    hours, official = hours_of(trip), Decimal(km - private_km)
    found = []
    for at, row in enumerate(carried):
        scope = row.entity_code
        per_km = rate_on(session, (KM if row.official else FULL_KM).name, day, scope)
        per_hour = rate_on(session, HOUR.name, day, scope)
        total = amount_of(official, per_km.amount) + amount_of(hours, per_hour.amount)
        cents = split(int(total / CENT), weights)[at]
        shared = "" if len(carried) == 1 else f", {weights[at]:,} of {sum(weights):,} passenger metres"
        use = "" if row.official else "not official, full cost: "
        words = f"{use}{row.route}, {km - private_km:,} km and {hours} h with {trip.reference}{shared}"
        found.append(Share(row.id, cents, words, per_km))
    return found


def charge_trip(session: Session, trip: Trip, carried: Sequence[TripRequest], km: int, private_km: int) -> Charged:
    """Charge who travelled, in the deed of the return."""
    day = local(trip.starts).date()
    ids: list[int] = []
    total = Decimal(0)
    by_seat = [row for row in carried if row.shuttle_id is not None]
    rest = [row for row in carried if row.shuttle_id is None]
    for row in by_seat:
        ids += _charge_seats(session, row, day)
    known = {row.id: row for row in rest}
    for share in shares_of(session, trip, rest, km, private_km) if rest else []:
        row = known[share.request_id]
        amount = Decimal(share.cents) * CENT
        total += amount
        ids.append(
            _charge(session, row, share.what, Rate(amount, CURRENCY, "share", share.rate.row, share.rate.source), day)
        )
    if private_km and rest:
        full = rate_on(session, FULL_KM.name, day, rest[0].entity_code)
        what = f"Private use: {private_km:,} km with {trip.reference}"
        ids.append(_charge(session, rest[0], what, full, day, Decimal(private_km)))
        total += amount_of(Decimal(private_km), full.amount)
    if ids:
        note_event(session, trip.id, "charged", f"{CURRENCY} {total:,.2f}")
    session.flush()
    said = f"{CURRENCY} {total:,.2f} charged." if total else ""
    return Charged(said, {charges.KIND: tuple(ids)} if ids else {})


def take_charges_back(session: Session, trip: Trip) -> Charged:
    """Reverse whatever a trip charged, since its return was noted by mistake."""
    ids: list[int] = []
    for row in session.scalars(select(TripRequest.id).where(TripRequest.trip_id == trip.id)):
        for charge_id in charges.standing(session, REQUEST, row):
            ids.append(charges.reverse(session, charge_id, f"The return of {trip.reference} was taken back"))
    return Charged("", {charges.KIND: tuple(ids)} if ids else {})


def _charge(
    session: Session, row: TripRequest, what: str, rate: Rate, day: date, quantity: Decimal = Decimal(1)
) -> int:
    subject = Subject(REQUEST, row.id, row.reference)
    return charges.charge(session, "transport", row.entity_id, subject, what, rate, quantity, day)


def _charge_seats(session: Session, row: TripRequest, day: date) -> list[int]:
    seats = session.execute(
        select(ShuttleSeat.entity_id, func.count())
        .where(ShuttleSeat.shuttle_id == row.shuttle_id, ShuttleSeat.day == row.service_day)
        .group_by(ShuttleSeat.entity_id)
        .order_by(ShuttleSeat.entity_id)
    ).all()
    rate = rate_on(session, SEAT.name, day)
    subject = Subject(REQUEST, row.id, row.reference)
    return [
        charges.charge(session, "transport", entity, subject, f"{row.route}: seats", rate, Decimal(count), day)
        for entity, count in seats
    ]


def _weights(session: Session, trip: Trip, carried: Sequence[TripRequest]) -> list[int]:
    """Passengers times the metres of the ways they asked for, by the table of travel times."""
    table = travel_table(session)
    stops = session.scalars(select(TripStop).where(TripStop.trip_id == trip.id))
    legs = {(stop.request_id, stop.leg) for stop in stops}
    found = []
    for row in carried:
        metres = table.leg(row.from_zone_id, row.to_zone_id, row.pickup_from).metres
        ways = max(1, sum(1 for request, _leg in legs if request == row.id))
        found.append(row.people * max(metres, 1) * ways)
    return found
