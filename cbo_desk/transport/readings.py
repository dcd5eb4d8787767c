"""What a trip's odometer is expected to show: the reading that is filled in before anybody types."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from cbo_desk.errors import Refusal
from cbo_desk.permissions import reads
from cbo_desk.transport.odometer import last_reading
from cbo_desk.transport.rules import TripState
from cbo_desk.transport.zones import travel_table
from db.fleet import Vehicle
from db.transport import Trip, TripStop


@dataclass(frozen=True)
class Readings:
    """A trip's vehicle, how it stands, its last reading, and the one expected after the planned way."""

    trip_id: int
    reference: str
    vehicle: str
    state: TripState
    last: int
    expected: int


@reads("transport", "look at trips")
def trip_readings(session: Session, trip_id: int) -> Readings:
    """The last and the expected reading of a trip's vehicle."""
    trip = session.get(Trip, trip_id)
    vehicle = session.get(Vehicle, trip.vehicle_id) if trip is not None else None
    if trip is None or vehicle is None:
        raise Refusal("This trip is no longer there.")
    reading = last_reading(session, vehicle.id)
    last = 0 if reading is None else reading.km
    stops = list(session.scalars(select(TripStop).where(TripStop.trip_id == trip_id).order_by(TripStop.seq)))
    table, here, metres = travel_table(session), vehicle.home_zone_id, 0
    for zone in [*(stop.zone_id for stop in stops), vehicle.home_zone_id]:
        if here is not None and zone is not None:
            metres += table.leg(here, zone, trip.starts).metres
        here = zone if zone is not None else here
    name = f"{vehicle.plate} · {vehicle.model}" if vehicle.model else vehicle.plate
    return Readings(trip.id, trip.reference, name, TripState(trip.state), last, last + round(metres / 1000))
