"""When vehicles are due for service, by distance or by date."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from cbo_desk.context import today
from cbo_desk.transport.odometer import last_reading
from db.fleet import OdometerReading, Vehicle, VehicleService

NEVER = "no service on record"


def next_service(session: Session, row: Vehicle, km: int | None) -> tuple[str, bool]:
    """When the next service is due, by distance or by date, whichever comes first, in words; and whether it is due."""
    last = session.execute(
        select(VehicleService.done_on, OdometerReading.km)
        .join(OdometerReading, OdometerReading.id == VehicleService.reading_id)
        .where(VehicleService.vehicle_id == row.id, VehicleService.kind == "service")
        .order_by(VehicleService.done_on.desc(), VehicleService.id.desc())
        .limit(1)
    ).first()
    if row.service_km is None and row.service_days is None:
        return "no interval set", False
    if last is None:
        return NEVER, True
    parts, due = [], False
    if row.service_km is not None:
        left = last[1] + row.service_km - (km or last[1])
        parts.append(f"in {left:,} km" if left >= 0 else f"{-left:,} km over")
        due = due or left < 0
    if row.service_days is not None:
        ends = last[0] + timedelta(days=row.service_days)
        parts.append(f"by {ends.day} {ends:%b %Y}")
        due = due or ends < today(session)
    return ", or ".join(parts), due


def services_due(session: Session) -> list[tuple[int, str, str]]:
    """The vehicles whose service is over, by distance or by date: id, plate, and by how much. Never-serviced ones of an
    interval count only once there is a first service to reckon from.
    """
    found = []
    for row in session.scalars(select(Vehicle).where(Vehicle.gone_at.is_(None)).order_by(Vehicle.plate)):
        reading = last_reading(session, row.id)
        words, due = next_service(session, row, None if reading is None else reading.km)
        if due and words != NEVER:
            found.append((row.id, row.plate, words))
    return found
