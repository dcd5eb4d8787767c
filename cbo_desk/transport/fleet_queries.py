"""What can be looked up of the fleet: lists of vehicles and drivers with how they stand, and their cards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import QueryableAttribute, Session

from cbo_desk import search
from cbo_desk.context import now, today
from cbo_desk.errors import Refusal
from cbo_desk.paging import PagedList, Sort
from cbo_desk.permissions import reads
from cbo_desk.transport.drivers import DriverForm, driver_form, duties, hours_of, shown_hours
from cbo_desk.transport.duty import AWAY, TIME_WORDS, Duty
from cbo_desk.transport.fleet import VehicleForm, vehicle_form
from cbo_desk.transport.fuel import Consumption, consumption
from cbo_desk.transport.incidents import IncidentList, IncidentRow
from cbo_desk.transport.kinds import DRIVER, VEHICLE
from cbo_desk.transport.odometer import last_reading
from cbo_desk.transport.papers import PaperRow, papers_of, why_barred
from cbo_desk.transport.rules import TripState, paper_tone
from cbo_desk.transport.servicing import next_service
from db.fleet import Driver, DriverTime, OdometerReading, TransportPaper, Vehicle, VehicleOutage
from db.people import Person
from db.tags import Tag
from db.transport import Trip, TripRequest


@dataclass(frozen=True)
class VehicleLine:
    """A vehicle in the list; `ends` is the day on which its next paper runs out, `tone` how soon that is."""

    id: int
    plate: str
    called: str
    seats: int
    wheelchairs: int
    features: str
    fuel: str
    km: int | None
    ends: date | None
    tone: str
    out: str


@dataclass(frozen=True)
class DriverLine:
    """A driver in the list."""

    id: int
    name: str
    classes: str
    languages: str
    skills: str
    phone: str
    ends: date | None
    tone: str
    away: str
    """Why the driver is away now, "" for one who is not."""


_KM = (
    select(OdometerReading.km)
    .where(OdometerReading.vehicle_id == Vehicle.id)
    .order_by(OdometerReading.at.desc(), OdometerReading.id.desc())
    .limit(1)
    .correlate(Vehicle)
    .scalar_subquery()
)
_VEHICLES = select(
    Vehicle.id, Vehicle.plate, Vehicle.make, Vehicle.model, Vehicle.seats, Vehicle.wheelchairs, Vehicle.features,
    Vehicle.fuel, _KM.label("km"),
)  # fmt: skip
VEHICLE_SORTS: dict[str, QueryableAttribute[Any]] = {"plate": Vehicle.plate, "seats": Vehicle.seats}


@reads("transport", "look at the fleet")
class VehicleList(PagedList[VehicleLine]):
    """Vehicles of the fleet, or those that left it."""

    kind = VEHICLE

    def __init__(self, words: str = "", sort: str = "plate", descending: bool = False, gone: bool = False) -> None:
        self._words = words
        self._ends: dict[int, date] = {}
        self._out: dict[int, str] = {}
        self._day = date.min
        where = Vehicle.gone_at.is_not(None) if gone else Vehicle.gone_at.is_(None)
        super().__init__(_VEHICLES, Vehicle.id, Sort((VEHICLE_SORTS[sort], Vehicle.id), descending), where)

    def condition(self, session: Session) -> ColumnElement[bool]:
        """Words are looked up the engine's own way; papers and outages are read beside."""
        self._day = today(session)
        self._ends = _ends_by(session, TransportPaper.vehicle_id)
        instant = now(session)
        outages = select(VehicleOutage.vehicle_id, VehicleOutage.reason).where(
            VehicleOutage.starts <= instant, VehicleOutage.ends > instant
        )
        self._out = {row[0]: row[1] for row in session.execute(outages)}
        found = search.matching(session, VEHICLE, self._words)
        return self._where if found is None else and_(self._where, Vehicle.id.in_(found))

    def row_of(self, values: Any) -> VehicleLine:
        """One vehicle."""
        ident, plate, make, model, seats, wheelchairs, features, fuel, km = values[:9]
        ends = self._ends.get(ident)
        called = " ".join(part for part in (make, model) if part)
        tone = paper_tone(ends, self._day)
        return VehicleLine(
            ident, plate, called, seats, wheelchairs, features, fuel, km, ends, tone, self._out.get(ident, "")
        )


_DRIVERS = select(Driver.id, Driver.sort_name, Driver.classes, Driver.languages, Driver.skills, Driver.phone)


@reads("transport", "look at drivers")
class DriverList(PagedList[DriverLine]):
    """Drivers in service, or those who no longer drive."""

    kind = DRIVER

    def __init__(self, words: str = "", descending: bool = False, gone: bool = False) -> None:
        self._words = words
        self._ends: dict[int, date] = {}
        self._away: dict[int, str] = {}
        self._day = date.min
        where = Driver.gone_at.is_not(None) if gone else Driver.gone_at.is_(None)
        super().__init__(_DRIVERS, Driver.id, Sort((Driver.sort_name, Driver.id), descending), where)

    def condition(self, session: Session) -> ColumnElement[bool]:
        """Words are looked up the engine's own way; papers are read beside."""
        self._day = today(session)
        self._ends = _ends_by(session, TransportPaper.driver_id)
        instant = now(session)
        away = select(DriverTime.driver_id, DriverTime.kind).where(
            DriverTime.kind.in_(AWAY), DriverTime.starts <= instant, DriverTime.ends > instant
        )
        self._away = {row[0]: TIME_WORDS[row[1]] for row in session.execute(away.order_by(DriverTime.id))}
        found = search.matching(session, DRIVER, self._words)
        return self._where if found is None else and_(self._where, Driver.id.in_(found))

    def row_of(self, values: Any) -> DriverLine:
        """One driver."""
        ident, name, classes, languages, skills, phone = values[:6]
        ends = self._ends.get(ident)
        tone = paper_tone(ends, self._day)
        return DriverLine(ident, name, classes, languages, skills, phone, ends, tone, self._away.get(ident, ""))


def _ends_by(session: Session, column: Any) -> dict[int, date]:
    """By vehicle or driver, the day on which the first of their papers runs out, each kind by its newest."""
    newest = select(column, func.max(TransportPaper.expires)).where(column.is_not(None), TransportPaper.void.is_(False))
    found: dict[int, date] = {}
    for ident, ends in session.execute(newest.group_by(column, TransportPaper.kind)):
        found[ident] = min(ends, found.get(ident, ends))
    return found


@dataclass(frozen=True)
class TripLine:
    """A trip in a card's list of what is ahead."""

    trip_id: int
    reference: str
    starts: datetime
    ends: datetime
    whom: str


@dataclass(frozen=True)
class VehicleCard:
    """Everything about one vehicle."""

    id: int
    version: int
    form: VehicleForm
    gone: bool
    code: str
    barred: str
    km: int | None
    papers: tuple[PaperRow, ...]
    outages: tuple[tuple[int, datetime, datetime, str], ...]
    ahead: tuple[TripLine, ...]
    service: str
    service_due: bool
    fuel: Consumption
    incidents: tuple[IncidentRow, ...]


@dataclass(frozen=True)
class DriverCard:
    """Everything about one driver."""

    id: int
    version: int
    name: str
    form: DriverForm
    gone: bool
    barred: str
    entity: str
    email: str
    hours: str
    papers: tuple[PaperRow, ...]
    times: tuple[Duty, ...]
    ahead: tuple[TripLine, ...]


@reads("transport", "look at the fleet")
def vehicle_card(session: Session, vehicle_id: int) -> VehicleCard:
    """A vehicle with its papers, what is ahead, upkeep, fuel and incidents."""
    row = session.get(Vehicle, vehicle_id)
    if row is None:
        raise Refusal("This vehicle is not there.")
    day = today(session)
    outages = session.scalars(
        select(VehicleOutage)
        .where(VehicleOutage.vehicle_id == vehicle_id, VehicleOutage.ends > now(session))
        .order_by(VehicleOutage.starts)
    )
    reading = last_reading(session, vehicle_id)
    service, due = next_service(session, row, None if reading is None else reading.km)
    code = session.scalar(
        select(Tag.code).where(
            Tag.subject_kind == VEHICLE, Tag.subject_id == vehicle_id, Tag.ours, Tag.retired_at.is_(None)
        )
    )
    incidents = tuple(line.row for line in IncidentList(vehicle_id=vehicle_id).first(session)[:5])
    return VehicleCard(
        row.id, row.version, vehicle_form(row), row.gone_at is not None, code or "",
        why_barred(session, VEHICLE, [row.id], day, day)[row.id], None if reading is None else reading.km,
        tuple(papers_of(session, VEHICLE, row.id)), tuple((o.id, o.starts, o.ends, o.reason) for o in outages),
        _ahead(session, Trip.vehicle_id == vehicle_id), service, due, consumption(session, row), incidents,
    )  # fmt: skip


@reads("transport", "look at drivers")
def driver_card(session: Session, driver_id: int) -> DriverCard:
    """A driver with papers, hours, absences and trips ahead."""
    row = session.get(Driver, driver_id)
    person = session.get(Person, row.person_id) if row is not None else None
    if row is None or person is None:
        raise Refusal("This driver is not there.")
    day = today(session)
    hours = hours_of(session, driver_id)
    times = [
        duty for offset in range(14) for duty in duties(session, [driver_id], day + timedelta(days=offset))[driver_id]
    ]
    away = tuple(dict.fromkeys(duty for duty in times if duty.kind != "shift"))
    return DriverCard(
        row.id, row.version, row.sort_name, driver_form(row), row.gone_at is not None,
        why_barred(session, DRIVER, [row.id], day, day)[row.id], person.entity_code, person.email,
        "" if hours is None else shown_hours(hours), tuple(papers_of(session, DRIVER, row.id)), away,
        _ahead(session, Trip.driver_id == driver_id),
    )  # fmt: skip


@reads("transport", "look at trips")
def trip_requests(session: Session, trip_id: int) -> list[int]:
    """The requests on a trip."""
    return list(session.scalars(select(TripRequest.id).where(TripRequest.trip_id == trip_id).order_by(TripRequest.id)))


def _ahead(session: Session, condition: ColumnElement[bool]) -> tuple[TripLine, ...]:
    wanted = (
        select(Trip)
        .where(condition, Trip.state.in_((TripState.PLANNED, TripState.ON_ROAD)))
        .order_by(Trip.starts)
        .limit(8)
    )
    found = []
    for trip in session.scalars(wanted):
        names = session.scalars(select(TripRequest.reference).where(TripRequest.trip_id == trip.id))
        found.append(TripLine(trip.id, trip.reference, trip.starts, trip.ends, ", ".join(names)))
    return tuple(found)
