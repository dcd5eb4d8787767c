"""Readings of odometers: facts, each checked against the one before; what is odd is explained, not blocked blindly."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from cbo_desk.changes import Changes
from cbo_desk.context import actor, now, today
from cbo_desk.dated import value_on
from cbo_desk.errors import Refusal
from cbo_desk.permissions import deed
from cbo_desk.transport import rules
from cbo_desk.transport.kinds import JUMP_KM, VEHICLE
from db.fleet import OdometerReading, Vehicle


def last_reading(session: Session, vehicle_id: int, until: datetime | None = None) -> OdometerReading | None:
    """The newest reading of a vehicle, or the newest up to an instant."""
    wanted = select(OdometerReading).where(OdometerReading.vehicle_id == vehicle_id)
    if until is not None:
        wanted = wanted.where(OdometerReading.at <= until)
    return session.scalars(wanted.order_by(OdometerReading.at.desc(), OdometerReading.id.desc()).limit(1)).first()


def note_reading(
    session: Session,
    vehicle_id: int,
    km: int,
    source: str,
    explained: str = "",
    *,
    trip_id: int | None = None,
    at: datetime | None = None,
) -> OdometerReading:
    """Keep a reading within a deed; a refusal beside the field `km` where it is odd and nobody says why."""
    if km < 0:
        raise Refusal("An odometer shows zero or more.", "km")
    instant = at or now(session)
    before = last_reading(session, vehicle_id, instant)
    jump = int(value_on(session, JUMP_KM.name, today(session)))
    fault = rules.reading_fault(km, None if before is None else before.km, jump, explained)
    if fault:
        raise Refusal(fault, "km")
    row = OdometerReading(
        vehicle_id=vehicle_id, at=instant, km=km, source=source, trip_id=trip_id, explained=explained.strip(),
        by=actor(session).login,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


@deed("transport.read_odometer", "note readings")
def read_odometer(session: Session, vehicle_id: int, km: int, explained: str = "") -> Changes:
    """Note what a vehicle's odometer shows, for instance after it was replaced."""
    row = session.get(Vehicle, vehicle_id)
    if row is None:
        raise Refusal("This vehicle is not there.")
    note_reading(session, vehicle_id, km, "manual", explained)
    return Changes(VEHICLE, (vehicle_id,), f"{row.plate} stands at {km:,} km.")
