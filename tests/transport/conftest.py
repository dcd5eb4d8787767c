from __future__ import annotations

from datetime import date, datetime, timedelta
from types import SimpleNamespace

import pytest

from cbo_desk.context import ZONE
from cbo_desk.transport import Hours, set_hours
from cbo_desk.transport.journeys import Assumed
from db.fleet import Driver, TransportPaper, Vehicle
from db.people import Entity, Person
from db.travel import TravelBand, TravelTime, Zone
from tests.furnished import made_once
from tests.writing import insert

DAY = datetime(2026, 8, 24, tzinfo=ZONE)
"""The day of the tests' clock, a Monday; it is nine o'clock."""
FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)
MINUTES = {("GIG", "JKIA"): 45, ("GIG", "UH"): 30, ("UH", "JKIA"): 35, ("GIG", "CBD"): 25, ("UH", "CBD"): 10,
           ("CBD", "JKIA"): 40}  # fmt: skip

ASSUMED = Assumed(1.35, 23, timedelta(minutes=3))


def at(hours: float, day: int = 0) -> datetime:
    """An hour of the tests' day, or of a day after it, at the site."""
    return DAY + timedelta(days=day, hours=hours)


def paper(kind: str, *, vehicle: int | None = None, driver: int | None = None, expires: date = LAST) -> TransportPaper:
    return TransportPaper(kind=kind, vehicle_id=vehicle, driver_id=driver, valid_from=FIRST, expires=expires, points={})


def fill(session) -> SimpleNamespace:
    """Four zones with their times, two entities, three vehicles and three drivers with valid papers."""
    entities = [Entity(code="UNEP", name="Environment"), Entity(code="UNON", name="Nairobi")]
    zones = {code: Zone(code=code, name=name) for code, name in
             (("GIG", "Gigiri"), ("JKIA", "JKIA"), ("UH", "Upper Hill"), ("CBD", "Centre"))}  # fmt: skip
    band = TravelBand(code="day", from_minute=0, speed_kmh=23)
    session.add_all([*entities, *zones.values(), band])
    session.flush()
    for (a, b), minutes in MINUTES.items():
        for start, end in ((a, b), (b, a)):
            session.add(
                TravelTime(from_zone_id=zones[start].id, to_zone_id=zones[end].id, band_id=band.id,
                           seconds=60 * minutes, metres=600 * minutes, source="given", noted_at=DAY)
            )  # fmt: skip
    gig = zones["GIG"].id
    vehicles = [
        Vehicle(plate="UN 041", make="Toyota", model="Hiace", seats=12, luggage=12, home_zone_id=gig),
        Vehicle(plate="UN 022", make="Toyota", model="Prado", seats=4, luggage=4, features="4x4", home_zone_id=gig),
        Vehicle(plate="UN 117", make="Toyota", model="Coaster", seats=25, wheelchairs=2, luggage=25,
                home_zone_id=gig),
    ]  # fmt: skip
    people = [
        Person(entity_id=entities[1].id, entity_code="UNON", family_name=family, given_name=given,
               sort_name=f"{family}, {given}", email=f"{family.lower()}@example.org")
        for family, given in (("Otieno", "Joseph"), ("Mwangi", "Peter"), ("Njeri", "Lucy"), ("Okafor", "Ngozi"))
    ]  # fmt: skip
    session.add_all([*vehicles, *people])
    session.flush()
    drivers = [Driver(person_id=each.id, sort_name=each.sort_name, classes="B C D") for each in people[:3]]
    session.add_all(drivers)
    session.flush()
    for vehicle in vehicles:
        session.add_all([paper("insurance", vehicle=vehicle.id), paper("inspection", vehicle=vehicle.id)])
    for driver in drivers:
        session.add(paper("licence", driver=driver.id))
    session.flush()
    return SimpleNamespace(
        vehicles=[each.id for each in vehicles], drivers=[each.id for each in drivers],
        people=[each.id for each in people], entities=[each.id for each in entities],
        zones={code: zone.id for code, zone in zones.items()}, band=band.id,
    )  # fmt: skip


@pytest.fixture
def fleet(office):
    """See `fill`."""
    return filled(office)


@pytest.fixture
def small_fleet(sqlite_office):
    """The same on SQLite alone."""
    return filled(sqlite_office)


@made_once
def filled(office):
    """See `fill`."""
    return insert(office, fill)


@pytest.fixture
def duty(office, fleet):
    """Every driver is on duty from six to six."""
    for driver in fleet.drivers:
        office.write(set_hours, driver, Hours("1234567", 360, 1080, 0), date(2026, 1, 1))
    return fleet
