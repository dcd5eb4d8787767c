"""How vehicles and trip tickets look on labels and in the answers of a scan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from cbo_desk.tags import Subject, register
from cbo_desk.tags.codes import Kind
from cbo_desk.transport.kinds import TRIP, VEHICLE
from cbo_desk.transport.rules import TripState
from db.fleet import Vehicle
from db.transport import Trip


def _vehicles(session: Session, ids: Sequence[int]) -> Mapping[int, Subject]:
    wanted = select(Vehicle.id, Vehicle.plate, Vehicle.make, Vehicle.model).where(Vehicle.id.in_(ids))
    return {row[0]: Subject(row[1], f"{row[2]} {row[3]}".strip()) for row in session.execute(wanted)}


def _trips(session: Session, ids: Sequence[int]) -> Mapping[int, Subject]:
    wanted = (
        select(Trip.id, Trip.reference, Vehicle.plate)
        .join(Vehicle, Vehicle.id == Trip.vehicle_id)
        .where(Trip.id.in_(ids), Trip.state != TripState.CANCELLED)
    )
    return {row[0]: Subject(row[1], row[2]) for row in session.execute(wanted)}


def enlist() -> None:
    """Let vehicles and trip tickets carry tags."""
    register(VEHICLE, Kind.VEHICLE, "vehicle", _vehicles)
    register(TRIP, Kind.TRIP_TICKET, "trip ticket", _trips)
