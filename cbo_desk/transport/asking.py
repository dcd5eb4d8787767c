"""Whether a vehicle and a driver have what a request asks for: the friendly word before the database's own."""

from __future__ import annotations

from sqlalchemy.orm import Session

from cbo_desk.errors import Refusal
from cbo_desk.transport.rules import features
from cbo_desk.transport.skills import skills, why_not_drive
from cbo_desk.transport.skills import wanted as wanted_driver
from db.fleet import Driver, Vehicle
from db.transport import TripRequest


def check_asked(session: Session, vehicle_id: int, driver_id: int, request: TripRequest) -> None:
    """Refuse a vehicle without what a request needs, and a driver without what the vehicle or the request asks for."""
    vehicle, driver = session.get(Vehicle, vehicle_id), session.get(Driver, driver_id)
    assert vehicle is not None
    assert driver is not None
    gone = sorted(features(request.needs) - features(vehicle.features))
    if gone:
        raise Refusal(f"{request.reference} needs {', '.join(gone)}; {vehicle.plate} has not.", "vehicle_id")
    own = skills(driver.languages, driver.skills)
    why = why_not_drive(vehicle.plate, vehicle.licence, vehicle.driver_needs, driver.classes, own)
    if why:
        raise Refusal(f"{why}; {driver.sort_name} has not. Choose another driver.", "driver_id")
    lacks = skills(request.driver_needs) - own
    if lacks:
        raise Refusal(
            f"{request.reference} needs {wanted_driver(lacks)}; {driver.sort_name} does not. Choose another driver.",
            "driver_id",
        )
