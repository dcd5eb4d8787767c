"""Transport of the demo compound: fleet, drivers, zones, some weeks of closed trips, and today's, by the real commands.

Plates, names and trips are made up; the zones' coordinates are rounded from public maps.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from cbo_desk.context import ZONE, now, today
from cbo_desk.demo.fleet import ASKS, MODELS, OF_COACHES, PLATES
from cbo_desk.numbers import begin_series
from cbo_desk.transport import (
    DRIVER,
    MOSS_POINTS,
    VEHICLE,
    DriverForm,
    Fill,
    Hours,
    PaperForm,
    Passenger,
    RequestForm,
    ShuttleForm,
    StopForm,
    VehicleForm,
    ZoneForm,
    add_drivers,
    add_paper,
    add_shuttle,
    add_vehicles,
    add_zones,
    approve_requests,
    assign_request,
    depart,
    fill_assumed,
    keep_seats,
    make_requests,
    note_fuel,
    note_outage,
    note_time,
    pass_stop,
    read_odometer,
    return_trip,
)
from db.people import Person
from db.transport import Trip, TripRequest, TripStop
from db.travel import Zone

ZONES = (
    ("GIGIRI", "Gigiri", -1.2345, 36.8160), ("JKIA", "JKIA", -1.3192, 36.9278),
    ("WILSON", "Wilson Airport", -1.3217, 36.8148),
    ("CBD", "City centre", -1.2864, 36.8230), ("UPPERHILL", "Upper Hill", -1.2990, 36.8140),
    ("COMMUNITY", "Ministry of Env.", -1.2960, 36.8120), ("KAREN", "Karen", -1.3190, 36.7070),
    ("KASARANI", "Kasarani", -1.2200, 36.8980), ("PARKLANDS", "Aga Khan Hospital", -1.2610, 36.8240),
    ("VILLAGE", "Village Market", -1.2290, 36.8040), ("INDUSTRIAL", "Industrial Area", -1.3070, 36.8510),
    ("MUTHAIGA", "Muthaiga", -1.2520, 36.8390), ("NAIVASHA", "Naivasha", -0.7170, 36.4310),
)  # fmt: skip


@dataclass(frozen=True)
class _Asked:
    """A trip of the demo day: pick-up in hours, way, people, who asks, the vehicle's number or none."""

    hour: float
    start: str
    meet: str
    end: str
    goal: str
    people: int
    who: int
    purpose: str
    plate: int | None = None
    back: float | None = None
    overdue: bool = False
    approved: bool = True
    driver: str = ""


_TODAY = (
    _Asked(6.5, "GIGIRI", "Gigiri gate 1", "JKIA", "JKIA T1A", 3, 1, "Flight to Addis", 41),
    _Asked(7.25, "GIGIRI", "Block M", "COMMUNITY", "", 2, 2, "Meeting at the ministry", 22),
    _Asked(8.25, "JKIA", "JKIA T1C", "GIGIRI", "", 5, 3, "Delegation arrives", 117),
    _Asked(8.75, "GIGIRI", "", "KASARANI", "Kasarani warehouse", 1, 4, "Stock count", 58, 10.0, True),
    _Asked(9.5, "GIGIRI", "", "PARKLANDS", "", 2, 5, "Medical appointment", 19, 11.0),
    _Asked(10.5, "GIGIRI", "Block P", "VILLAGE", "", 4, 6, "Lunch with the mission", 33, 12.0),
    _Asked(11.0, "GIGIRI", "Block M porch", "UPPERHILL", "UN-Habitat Upper Hill", 3, 7, "Site meeting", None, 13.5),
    _Asked(11.25, "GIGIRI", "", "WILSON", "", 2, 8, "Charter flight", 22),
    _Asked(12.667, "GIGIRI", "", "KAREN", "Karen (site visit)", 6, 9, "Site visit", 117, 15.0),
    _Asked(13.5, "JKIA", "JKIA T1A", "GIGIRI", "", 2, 10, "Arrival", 41),
    _Asked(14.0, "GIGIRI", "", "MUTHAIGA", "Kenya Mission", 1, 11, "Note to be handed in", approved=False),
    _Asked(15.333, "GIGIRI", "", "INDUSTRIAL", "", 2, 12, "Supplier visit", approved=False),
    _Asked(16.0, "GIGIRI", "Visitors' pavilion", "CBD", "", 3, 13, "Bank", 71),
    _Asked(16.5, "GIGIRI", "", "JKIA", "JKIA T1B", 2, 14, "Flight to Geneva", driver="French"),
)  # fmt: skip


def fill_transport(session: Session, seed: int = 1) -> int:
    """Let a fleet drive some weeks and today; returns how many requests. The deed's instant is put back at the end."""
    rng = random.Random(seed)
    instant = now(session)
    people = session.scalars(select(Person).order_by(Person.id)).all()
    begin_series(session, "T", 2280 - 2 * 12)
    places = _zones(session)
    fleet = _fleet(session, places["GIGIRI"], rng)
    crew = _crew(session, people)
    closed = _weeks(session, people, places, fleet, crew, rng)
    asked = _day(session, people, places, fleet, crew, instant)
    session.info["now"] = instant
    _around(session, people, places, fleet, crew)
    return closed + asked


def _zones(session: Session) -> dict[str, int]:
    add_zones(session, [ZoneForm(code, name, lat, lon, code == "NAIVASHA") for code, name, lat, lon in ZONES])
    fill_assumed(session)
    return {row.code: row.id for row in session.scalars(select(Zone))}


def _fleet(session: Session, home: int, rng: random.Random) -> dict[int, int]:
    """24 vehicles by their number, with papers; one insurance has run out, some run out soon."""
    forms = []
    for number, model in PLATES:
        make, name, seats, chairs, luggage, features, fuel, tank = MODELS[model]
        forms.append(
            VehicleForm(
                f"UN {number:03}", seats, make, name, chairs, luggage, features, fuel, tank, home, 2500, 35, 10_000,
                180, "", *ASKS.get(name, ("", "")),
            )
        )  # fmt: skip
    ids = dict(zip((number for number, _ in PLATES), add_vehicles(session, forms).ids, strict=True))
    day = today(session)
    for at, (number, ident) in enumerate(ids.items()):
        left = {12: -4, 19: 21, 15: 55, 20: 80}.get(at, 120 + at * 7)
        begins = day - timedelta(days=364 - left) if left < 364 else day
        add_paper(
            session, VEHICLE, ident, PaperForm("insurance", begins, day + timedelta(days=left), f"P/{number:04}/26")
        )
        add_paper(session, VEHICLE, ident, PaperForm("inspection", day - timedelta(days=60), day + timedelta(days=335)))
        points = {point: (at, point) != (7, "Tow rope") for point in MOSS_POINTS}
        moss = PaperForm("moss", day - timedelta(days=100), day + timedelta(days=160), points=points)
        add_paper(session, VEHICLE, ident, moss)
    instant = now(session)
    session.info["now"] = instant - timedelta(days=40)
    for ident in ids.values():
        read_odometer(session, ident, 18_000 + rng.randrange(60_000))
    session.info["now"] = instant
    return ids


def _crew(session: Session, people: Sequence[Person]) -> list[int]:
    """30 drivers from the compound's people, most from seven to five, some earlier and later."""
    staff = people[-30:]
    forms = []
    for at, person in enumerate(staff):
        shift = ((360, 900), (420, 1020), (420, 1020), (720, 1260))[at % 4]
        classes = "B C D" if at % 3 == 0 or at in OF_COACHES else "B"
        trained = {0: "VIP armoured", 3: "firstaid"}.get(at % 6, "")
        languages = "en sw fr" if at % 5 == 0 else "en sw"
        forms.append((person.id, DriverForm(classes, languages, trained, f"07{at:02} 555 0{at:02}"),
                      Hours("1234567", shift[0], shift[1], 45)))  # fmt: skip
    crew = list(add_drivers(session, forms).ids)
    day = today(session)
    for at, ident in enumerate(crew):
        left = {4: 12, 9: 44, 17: -2}.get(at, 200 + at * 11)
        licence = PaperForm("licence", day - timedelta(days=700), day + timedelta(days=left), f"DL-{7000 + at}")
        add_paper(session, DRIVER, ident, licence)
        add_paper(session, DRIVER, ident, PaperForm("permit", day - timedelta(days=90), day + timedelta(days=640)))
    return crew


def _weeks(
    session: Session, people: Sequence[Person], places: dict[str, int], fleet: dict[int, int], crew: Sequence[int],
    rng: random.Random,
) -> int:  # fmt: skip
    """Two dozen closed trips of the weeks before, with fuel now and then."""
    count, goals = 0, ("JKIA", "CBD", "UPPERHILL", "KAREN", "WILSON", "INDUSTRIAL")
    begins = today(session)
    for back in range(12, 0, -1):
        day = begins - timedelta(days=back * 2)
        for slot in range(2):
            asked = people[(back * 3 + slot) % 20]
            number = PLATES[(back + slot * 5) % 8][0]
            goal = goals[(back + slot) % len(goals)]
            start = datetime.combine(day, time(9 + slot * 4), ZONE)
            session.info["now"] = start - timedelta(days=1)
            form = _form(asked, places, "GIGIRI", goal, start, 1 + rng.randrange(3), "Meeting")
            [ident] = make_requests(session, [form]).ids
            approve_requests(session, [ident])
            _drive(session, ident, fleet[number], crew[(back + slot) % 12 * 2 + 1], 0, rng)
            count += 1
        if back % 3 == 0:
            for number in (41, 22):
                km = _km(session, fleet[number])
                session.info["now"] = now(session) + timedelta(minutes=30)
                litres = 34_000 if (back, number) != (3, 22) else 76_000
                note_fuel(
                    session, fleet[number], Fill(litres, litres // 8, km + 40, True, "ticket", f"F-{back}{number}")
                )
    return count


def _day(
    session: Session, people: Sequence[Person], places: dict[str, int], fleet: dict[int, int], crew: Sequence[int],
    instant: datetime,
) -> int:  # fmt: skip
    """Today's requests, each as far as it would be by now."""
    midnight = datetime.combine(instant.astimezone(ZONE).date(), time(), ZONE)
    chauffeurs = {41: crew[0], 22: crew[4], 117: crew[18], 58: crew[12], 19: crew[16], 33: crew[5], 71: crew[9]}
    for asked in _TODAY:
        starts = midnight + timedelta(minutes=round(asked.hour * 60))
        session.info["now"] = min(instant, midnight + timedelta(hours=6)) - timedelta(hours=18)
        form = _form(
            people[asked.who], places, asked.start, asked.end, starts, asked.people, asked.purpose, asked.meet,
            asked.goal, None if asked.back is None else midnight + timedelta(hours=asked.back), asked.driver,
        )  # fmt: skip
        [ident] = make_requests(session, [form]).ids
        if not asked.approved:
            continue
        session.info["now"] += timedelta(minutes=26)
        approve_requests(session, [ident])
        if asked.plate is None:
            continue
        row = session.get(TripRequest, ident)
        assert row is not None
        assign_request(session, ident, row.version, fleet[asked.plate], chauffeurs[asked.plate])
        trip = session.get(Trip, row.trip_id)
        assert trip is not None
        if trip.starts <= instant:
            session.info["now"] = trip.starts
            depart(session, trip.id)
            if trip.ends <= instant and not asked.overdue:
                session.info["now"] = trip.ends
                return_trip(session, trip.id, _km(session, trip.vehicle_id) + 24)
            else:
                _pass_stops(session, trip.id, instant)
    return len(_TODAY)


def _pass_stops(session: Session, trip_id: int, instant: datetime) -> None:
    """Note who got in and out by now: a plan knows then who is aboard, and where the vehicle is."""
    passed = select(TripStop).where(TripStop.trip_id == trip_id, TripStop.arrives <= instant).order_by(TripStop.seq)
    for stop in session.scalars(passed).all():
        session.info["now"] = stop.arrives
        pass_stop(session, trip_id, stop.seq)


def _around(
    session: Session, people: Sequence[Person], places: dict[str, int], fleet: dict[int, int], crew: Sequence[int]
) -> None:
    """What stands around the trips: a workshop, leave, a shuttle with seats."""
    day = today(session)
    at = datetime.combine(day, time(), ZONE)
    note_outage(session, fleet[64], at + timedelta(hours=7), at + timedelta(hours=12.5), "In workshop")
    note_time(session, crew[20], "leave", at, at + timedelta(days=5), "Annual leave")
    stops = (StopForm(places["GIGIRI"], 1050, "Gigiri gate 2"), StopForm(places["PARKLANDS"], 1075, "Parklands"),
             StopForm(places["CBD"], 1095, "Kencom"))  # fmt: skip
    shuttle = add_shuttle(
        session, ShuttleForm("EVE", "Evening shuttle", people[0].entity_id, 24, stops, "1234567")
    ).ids[0]
    names = [f"{person.given_name} {person.family_name}" for person in people[5:14]]
    keep_seats(session, shuttle, day, names, people[0].entity_id)


def _form(
    asked: Person, places: dict[str, int], start: str, end: str, at: datetime, people: int, purpose: str,
    meet: str = "", goal: str = "", back: datetime | None = None, driver: str = "",
) -> RequestForm:  # fmt: skip
    names = (Passenger(f"{asked.given_name} {asked.family_name}"),)
    return RequestForm(
        asked.entity_id, f"{asked.family_name}, {asked.given_name[:1]}.", purpose, places[start], places[end], at,
        people, from_place=meet, to_place=goal, way_back="wait" if back else "none", return_at=back,
        charge_code=f"{asked.entity_code[:3]}-{11000 + asked.id}", requester_id=asked.id,
        contact=f"ext. {asked.phone}", email=asked.email, passengers=names,
        driver_needs=driver,
    )  # fmt: skip


def _drive(session: Session, ident: int, vehicle: int, driver: int, late: int, rng: random.Random) -> None:
    row = session.get(TripRequest, ident)
    assert row is not None
    assign_request(session, ident, row.version, vehicle, driver)
    trip = session.get(Trip, row.trip_id)
    assert trip is not None
    session.info["now"] = trip.starts + timedelta(minutes=late)
    depart(session, trip.id)
    session.info["now"] = trip.ends + timedelta(minutes=rng.randrange(-8, 9))
    return_trip(session, trip.id, _km(session, vehicle) + 18 + rng.randrange(40))


def _km(session: Session, vehicle: int) -> int:
    from cbo_desk.transport.odometer import last_reading

    reading = last_reading(session, vehicle)
    return 0 if reading is None else reading.km
