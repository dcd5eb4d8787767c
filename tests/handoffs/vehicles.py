"""Two vehicles with a trip each beside a mailroom: what mail can go with."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace

from db.fleet import Driver, TransportPaper, Vehicle
from db.people import Entity, Person
from db.transport import Trip, TripRequest
from db.travel import Zone
from tests.conftest import MORNING

FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)


def fill_trips(session) -> SimpleNamespace:
    """TT-0001 with UN 041 and Otieno in an hour, TT-0002 with UN 022 and Mwangi in three; ids by name."""
    entity = session.query(Entity).first()
    zones = [Zone(code="GIG", name="Gigiri"), Zone(code="JKIA", name="JKIA")]
    vehicles = [Vehicle(plate=plate, seats=4) for plate in ("UN 041", "UN 022")]
    people = [
        Person(entity_id=entity.id, entity_code=entity.code, family_name=name, given_name="J.", sort_name=f"{name}, J.")
        for name in ("Otieno", "Mwangi")
    ]
    session.add_all([*zones, *vehicles, *people])
    session.flush()
    drivers = [Driver(person_id=one.id, sort_name=one.sort_name, classes="B") for one in people]
    session.add_all(drivers)
    session.flush()
    for kind, holder in (("insurance", "vehicle"), ("inspection", "vehicle"), ("licence", "driver")):
        for one in vehicles if holder == "vehicle" else drivers:
            held = {f"{holder}_id": one.id}
            session.add(TransportPaper(kind=kind, valid_from=FIRST, expires=LAST, points={}, **held))
    session.flush()
    made = SimpleNamespace(trips=[], requests=[])
    for n, (vehicle, driver) in enumerate(zip(vehicles, drivers, strict=True)):
        starts = MORNING + timedelta(hours=1 + 2 * n)
        trip = Trip(
            reference=f"TT-000{n + 1}", vehicle_id=vehicle.id, driver_id=driver.id, starts=starts,
            ends=starts + timedelta(hours=2), state="planned", made_at=MORNING, made_by="ada",
        )  # fmt: skip
        session.add(trip)
        session.flush()
        asked = TripRequest(
            reference=f"T-000{n + 1}", entity_id=entity.id, entity_code=entity.code, requester="Okafor, N.",
            purpose="Flight", from_zone_id=zones[0].id, to_zone_id=zones[1].id, route="Gigiri → JKIA",
            pickup_from=starts, pickup_to=starts + timedelta(minutes=15), people=1, state="planned", trip_id=trip.id,
            made_at=MORNING, made_by="ada",
        )  # fmt: skip
        session.add(asked)
        session.flush()
        made.trips.append(trip.id)
        made.requests.append(asked.id)
    return made
