"""How well the fleet does over some days: used, pooled, filled, on time, and what a kilometre costs and emits.

Each figure says what it is made of; a figure without anything to be made of is None, never zero.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cbo_desk.context import ZONE, local
from cbo_desk.dated import Declared, declare, value_on
from cbo_desk.permissions import reads
from cbo_desk.transport.kinds import late_after
from cbo_desk.transport.rules import TripState
from db.fleet import FuelFill, OdometerReading, Vehicle, VehicleService
from db.transport import Trip, TripRequest, TripStop

HOURS_A_DAY = declare(
    Declared("transport.hours_a_day", "Hours a day in which a vehicle can be used", 10, "hours", "shipped", True, 1, 24)
)
CO2 = {
    fuel: declare(
        Declared(
            f"transport.co2_{fuel}", f"CO2 of a litre of {fuel}", kg, "kg",
            "combustion only, IPCC 2006 default factors", True, 0.0, 10.0,
        )
    )
    for fuel, kg in (("diesel", 2.68), ("petrol", 2.31))
}  # fmt: skip


@dataclass(frozen=True)
class Performance:
    """Figures from a day to a day, both included. Shares are between 0 and 1, money in cents, CO2 in grams."""

    since: date
    until: date
    trips: int
    requests: int
    km: int
    private_km: int
    hours: float
    utilisation: float | None
    pooled: float | None
    seats_filled: float | None
    on_time: float | None
    cents_a_km: float | None
    grams_a_km: float | None
    litres: float
    cost_cents: int


@reads("transport", "look at transport's figures")
def performance(session: Session, since: date, until: date) -> Performance:
    """Reckon the figures of closed trips that began from a day to a day."""
    starts = datetime.combine(since, time(), ZONE)
    ends = datetime.combine(until + timedelta(days=1), time(), ZONE)
    trips = list(
        session.scalars(select(Trip).where(Trip.state == TripState.DONE, Trip.starts >= starts, Trip.starts < ends))
    )
    ids = [trip.id for trip in trips]
    people: dict[int, list[int]] = {}
    for trip_id, count in session.execute(
        select(TripRequest.trip_id, TripRequest.people).where(TripRequest.trip_id.in_(ids))
    ):
        assert trip_id is not None
        people.setdefault(trip_id, []).append(count)
    seats: dict[int, int] = {row[0]: row[1] for row in session.execute(select(Vehicle.id, Vehicle.seats))}
    km = _driven(session, ids)
    hours = sum(
        (trip.returned_at - trip.departed_at).total_seconds() / 3600
        for trip in trips
        if trip.returned_at is not None and trip.departed_at is not None
    )
    working = sum(1 for at in range((until - since).days + 1) if (since + timedelta(days=at)).weekday() < 5)
    fleet = int(session.scalar(select(func.count()).select_from(Vehicle).where(Vehicle.gone_at.is_(None))) or 0)
    possible = fleet * working * int(value_on(session, HOURS_A_DAY.name, until))
    places = sum(seats[trip.vehicle_id] for trip in trips if trip.id in people)
    aboard = sum(min(sum(each), seats[trip.vehicle_id]) for trip in trips if (each := people.get(trip.id)))
    litres, grams, fuel_cents = _burnt(session, starts, ends, until)
    upkeep = int(
        session.scalar(
            select(func.sum(VehicleService.cents)).where(
                VehicleService.done_on >= since, VehicleService.done_on <= until
            )
        )
        or 0
    )
    cost = fuel_cents + upkeep
    return Performance(
        since, until, len(trips), sum(len(each) for each in people.values()), km,
        sum(trip.private_km for trip in trips), round(hours, 1), hours / possible if possible else None,
        sum(1 for each in people.values() if len(each) > 1) / len(trips) if trips else None,
        aboard / places if places else None, _on_time(session, ids), cost / km if km and cost else None,
        grams / km if km and grams else None, litres, cost,
    )  # fmt: skip


def _driven(session: Session, ids: list[int]) -> int:
    """Kilometres of trips: the reading at return less the one at departure, the last of each; backwards counts none."""
    read: dict[tuple[int | None, str], int] = {}
    wanted = select(OdometerReading).where(OdometerReading.trip_id.in_(ids)).order_by(OdometerReading.id)
    for row in session.scalars(wanted):
        read[row.trip_id, row.source] = row.km
    return sum(max(0, read.get((ident, "return"), 0) - read.get((ident, "departure"), 0)) for ident in ids)


def _on_time(session: Session, ids: list[int]) -> float | None:
    """The share of first pick-ups that were in time: as ticked at the stop, or by the departure where nobody ticked."""
    wanted = (
        select(TripRequest.pickup_to, TripStop.done_at, Trip.departed_at)
        .join(TripStop, TripStop.request_id == TripRequest.id)
        .join(Trip, Trip.id == TripStop.trip_id)
        .where(Trip.id.in_(ids), TripStop.kind == "pickup", TripStop.leg == 1)
    )
    known = [(latest, at) for latest, done, left in session.execute(wanted) if (at := done or left) is not None]
    grace = {day: late_after(session, day) for day in {local(latest).date() for latest, _ in known}}
    return sum(at <= latest + grace[local(latest).date()] for latest, at in known) / len(known) if known else None


def _burnt(session: Session, starts: datetime, ends: datetime, day: date) -> tuple[float, float, int]:
    """Litres, grams of CO2 and cents of the fuel that went in; fills that were taken back do not count."""
    gone = select(FuelFill.cancels_id).where(FuelFill.cancels_id.is_not(None))
    wanted = (
        select(Vehicle.fuel, func.sum(FuelFill.millilitres), func.sum(FuelFill.cents))
        .join(Vehicle, Vehicle.id == FuelFill.vehicle_id)
        .where(FuelFill.at >= starts, FuelFill.at < ends, FuelFill.cancels_id.is_(None), FuelFill.id.not_in(gone))
        .group_by(Vehicle.fuel)
    )
    litres = grams = 0.0
    cents = 0
    for fuel, millilitres, cost in session.execute(wanted):
        kind = "petrol" if fuel in ("petrol", "hybrid") else "diesel"
        litres += int(millilitres) / 1000
        grams += int(millilitres) * float(value_on(session, CO2[kind].name, day))
        cents += int(cost)
    return litres, grams, cents
