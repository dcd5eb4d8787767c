"""What stands in the office whose working day is measured: the demo compound, conference rooms, and a fleet."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from cbo_desk.changes import Changes
from cbo_desk.conference import LayoutForm, Slot, SpaceForm, add_space
from cbo_desk.context import ZONE, clock, now
from cbo_desk.demo import make_demo
from cbo_desk.office import Office
from cbo_desk.permissions import Role, administrator, deed
from cbo_desk.transport import Hours, set_hours
from db.engine import open_engine
from db.fleet import Driver, TransportPaper, Vehicle
from db.people import Person
from db.travel import TravelBand, TravelTime, Zone

ROOMS, VEHICLES, ZONES, DAYS = 14, 24, 6, 60
"""Rooms, vehicles and drivers, zones, and the days from tomorrow on in which people book and travel."""


def slots() -> list[Slot]:
    """The morning and afternoon sessions of the days to come, at the site."""
    tomorrow = (clock().astimezone(ZONE) + timedelta(days=1)).date()
    days = [tomorrow + timedelta(days=number) for number in range(DAYS)]
    return [Slot(_hour(day, first), _hour(day, first + 3)) for day in days for first in (10, 15)]


def furnish(url: str, scale: float) -> None:
    """Fill an empty database."""
    office = Office(open_engine(url), administrator("bench", "Bench", "BENCH"))
    office.write(make_demo, scale)
    for number in range(1, ROOMS + 1):
        form = SpaceForm(
            f"BR-{number}", f"Room {number}", (f"b{number}",), (LayoutForm("classroom", 60, 0, 0, date(2026, 1, 1)),)
        )
        office.write(add_space, form)
    for driver in office.write(fill_fleet).ids:
        office.write(set_hours, driver, Hours("1234567", 360, 1260))
    office.close()


@deed("transport.fill_fleet_for_benchmark", "fill the fleet", Role.ADMINISTRATOR)
def fill_fleet(session: Session) -> Changes:
    """Vehicles and drivers with valid papers, and zones half an hour apart."""
    zones = [Zone(code=f"BZ{number}", name=f"Zone {number}") for number in range(ZONES)]
    # The demo has bands of its own; each of them needs times between the new zones.
    bands = session.query(TravelBand).all() or [TravelBand(code="bench", from_minute=0, speed_kmh=23)]
    session.add_all([*zones, *bands])
    session.flush()
    session.add_all(
        TravelTime(
            from_zone_id=one.id, to_zone_id=other.id, band_id=band.id, seconds=1800, metres=12_000, source="given",
            noted_at=now(session),
        )
        for band in bands for one in zones for other in zones if one is not other
    )  # fmt: skip
    vehicles = [
        Vehicle(plate=f"B {number:03}", make="Toyota", model="Hiace", seats=12, luggage=12, home_zone_id=zones[0].id)
        for number in range(VEHICLES)
    ]
    people = session.query(Person).order_by(Person.id).limit(VEHICLES).all()
    drivers = [Driver(person_id=one.id, sort_name=one.sort_name, classes="B C D") for one in people]
    session.add_all([*vehicles, *drivers])
    session.flush()
    valid = {"valid_from": date(2026, 1, 1), "expires": date(2036, 12, 31), "points": {}}
    for vehicle in vehicles:
        for kind in ("insurance", "inspection"):
            session.add(TransportPaper(kind=kind, vehicle_id=vehicle.id, driver_id=None, **valid))
    for driver in drivers:
        session.add(TransportPaper(kind="licence", vehicle_id=None, driver_id=driver.id, **valid))
    return Changes("transport.driver", tuple(driver.id for driver in drivers))


def _hour(day: date, hour: int) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=ZONE)
