"""Vehicles: added, changed, taken out of the fleet; workshop times, upkeep and fuel as facts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from cbo_desk import search
from cbo_desk.changes import Changes, Deed
from cbo_desk.context import actor, now
from cbo_desk.errors import Refusal
from cbo_desk.permissions import Role, deed
from cbo_desk.tags import give_tags, take_tags
from cbo_desk.transport.kinds import VEHICLE
from cbo_desk.transport.odometer import note_reading
from cbo_desk.transport.zones import zone_of
from cbo_desk.versions import check_version
from db.fleet import FUELS, FuelFill, Vehicle, VehicleOutage, VehicleService
from db.transport import Trip

OUTAGE = "transport.outage"
LABELS = {
    "plate": "the plate", "seats": "the seats", "fuel": "the fuel", "features": "the features",
    "licence": "the licence class", "driver_needs": "what its driver must have",
}  # fmt: skip


@dataclass(frozen=True)
class VehicleForm:
    """What is written about a vehicle; seats do not count the driver's. Money in cents, the tank in litres.

    `licence` is the class its driver must hold ("" for any), `driver_needs` what else they must have, as words.
    """

    plate: str
    seats: int
    make: str = ""
    model: str = ""
    wheelchairs: int = 0
    luggage: int = 0
    features: str = ""
    fuel: str = "diesel"
    tank_l: int = 0
    home_zone_id: int | None = None
    day_cents: int = 0
    km_cents: int = 0
    service_km: int | None = None
    service_days: int | None = None
    notes: str = ""
    licence: str = ""
    driver_needs: str = ""


@deed("transport.add_vehicles", "add vehicles", Role.SUPERVISOR)
def add_vehicles(session: Session, forms: Sequence[VehicleForm]) -> Changes:
    """Add vehicles; each gets its tag at once."""
    rows = []
    for form in forms:
        row = Vehicle(plate="", seats=1)
        _write(session, row, form)
        session.add(row)
        session.flush()
        rows.append(row)
    ids = tuple(row.id for row in rows)
    give_tags(session, VEHICLE, ids)
    enter_vehicles(session, rows)
    said = f"{rows[0].plate} added." if len(rows) == 1 else f"{len(rows)} vehicles added."
    return Changes(VEHICLE, ids, said, Deed(retire_vehicles, (ids,)))


@deed("transport.edit_vehicle", "change vehicles", Role.SUPERVISOR)
def edit_vehicle(session: Session, vehicle_id: int, version: int, form: VehicleForm) -> Changes:
    """Change what is written about a vehicle; `version` is the one the form was filled from."""
    row = vehicle_of(session, vehicle_id)
    check_version(session, row, version, row.plate, LABELS)
    before = vehicle_form(row)
    _write(session, row, form)
    session.flush()
    enter_vehicles(session, [row])
    return Changes(VEHICLE, (row.id,), f"{row.plate} saved.", Deed(edit_vehicle, (row.id, row.version, before)))


@deed("transport.retire_vehicles", "take vehicles out of the fleet", Role.SUPERVISOR)
def retire_vehicles(session: Session, ids: Sequence[int]) -> Changes:
    """Take vehicles out of the fleet; what they drove stays on record."""
    rows = [vehicle_of(session, ident) for ident in ids]
    ahead = session.scalar(
        select(Trip.reference).where(Trip.vehicle_id.in_(ids), Trip.state.in_(("planned", "on_road")))
    )
    if ahead is not None:
        raise Refusal(f"{ahead} is still to be driven with it. Give that trip another vehicle first.")
    for row in rows:
        row.gone_at = now(session)
    take_tags(session, VEHICLE, ids)
    search.withdraw(session, VEHICLE, ids)
    names = ", ".join(row.plate for row in rows)
    return Changes(VEHICLE, tuple(ids), f"{names} left the fleet.", Deed(bring_back_vehicles, (tuple(ids),)))


@deed("transport.bring_back_vehicles", "take vehicles out of the fleet", Role.SUPERVISOR)
def bring_back_vehicles(session: Session, ids: Sequence[int]) -> Changes:
    """Take vehicles into the fleet again, with new tags."""
    rows = list(session.scalars(select(Vehicle).where(Vehicle.id.in_(ids)).order_by(Vehicle.id)))
    for row in rows:
        row.gone_at = None
    give_tags(session, VEHICLE, [row.id for row in rows])
    enter_vehicles(session, rows)
    names = ", ".join(row.plate for row in rows)
    return Changes(VEHICLE, tuple(ids), f"{names} is in the fleet again.", Deed(retire_vehicles, (tuple(ids),)))


@deed("transport.note_outage", "take vehicles off the road")
def note_outage(session: Session, vehicle_id: int, starts: datetime, ends: datetime, reason: str) -> Changes:
    """A vehicle cannot be used from an instant to another; trips that stand then are shown as clashes."""
    row = vehicle_of(session, vehicle_id)
    if not reason.strip():
        raise Refusal("Say why the vehicle cannot be used, such as workshop.", "reason")
    if starts >= ends:
        raise Refusal("It ends after it starts.", "ends")
    outage = VehicleOutage(vehicle_id=vehicle_id, starts=starts, ends=ends, reason=" ".join(reason.split()))
    session.add(outage)
    session.flush()
    said = f"{row.plate}: {outage.reason}."
    return Changes(VEHICLE, (vehicle_id,), said, Deed(end_outage, (outage.id,)), {OUTAGE: (outage.id,)})


@deed("transport.end_outage", "take vehicles off the road")
def end_outage(session: Session, outage_id: int, at: datetime | None = None) -> Changes:
    """Take an outage back; or with `at`, let it end at that instant."""
    row = session.get(VehicleOutage, outage_id)
    if row is None:
        raise Refusal("This is over already.")
    vehicle = vehicle_of(session, row.vehicle_id)
    undo: Deed | None = Deed(note_outage, (row.vehicle_id, row.starts, row.ends, row.reason))
    if at is not None and row.starts < at < row.ends:
        row.ends = at
        undo = None
    else:
        session.delete(row)
    return Changes(VEHICLE, (vehicle.id,), f"{vehicle.plate} can be used again.", undo, {OUTAGE: (outage_id,)})


@dataclass(frozen=True)
class Upkeep:
    """A service, repair or change of tyres as its form gives it."""

    kind: str
    done_on: date
    km: int
    cents: int
    note: str = ""
    explained: str = ""


@deed("transport.note_service", "note upkeep")
def note_service(session: Session, vehicle_id: int, form: Upkeep) -> Changes:
    """Note upkeep that was done, with the reading of the odometer; a service starts its interval anew."""
    row = vehicle_of(session, vehicle_id)
    reading = note_reading(session, vehicle_id, form.km, "service", form.explained)
    done = VehicleService(
        vehicle_id=vehicle_id, kind=form.kind, done_on=form.done_on, reading_id=reading.id, cents=form.cents,
        note=form.note.strip(), by=actor(session).login,
    )  # fmt: skip
    session.add(done)
    session.flush()
    words = {"service": "serviced", "repair": "repaired", "tyres": "given tyres"}
    return Changes(VEHICLE, (vehicle_id,), f"{row.plate} was {words[form.kind]} at {form.km:,} km.")


@dataclass(frozen=True)
class Fill:
    """Fuel as its form gives it: millilitres, cents, the reading, whether the tank is full now."""

    millilitres: int
    cents: int
    km: int
    full: bool = True
    source: str = "ticket"
    ticket: str = ""
    explained: str = ""


@deed("transport.note_fuel", "note fuel")
def note_fuel(session: Session, vehicle_id: int, form: Fill) -> Changes:
    """Note fuel that went in, with the reading of the odometer."""
    row = vehicle_of(session, vehicle_id)
    if form.millilitres < 1:
        raise Refusal("Say how many litres were filled.", "litres")
    if row.tank_ml and form.millilitres > row.tank_ml * 11 // 10:
        tank = f"{row.tank_ml / 1000:g}"
        raise Refusal(f"The tank of {row.plate} holds {tank} l. Read the ticket again.", "litres")
    reading = note_reading(session, vehicle_id, form.km, "fuel", form.explained)
    fill = FuelFill(
        vehicle_id=vehicle_id, at=now(session), millilitres=form.millilitres, cents=form.cents, reading_id=reading.id,
        full=form.full, source=form.source, ticket=form.ticket.strip(), by=actor(session).login,
    )  # fmt: skip
    session.add(fill)
    session.flush()
    said = f"{row.plate}: {form.millilitres / 1000:g} l at {form.km:,} km."
    return Changes(VEHICLE, (vehicle_id,), said, Deed(cancel_fill, (fill.id,)))


@deed("transport.cancel_fill", "note fuel")
def cancel_fill(session: Session, fill_id: int) -> Changes:
    """Take a fill entered by mistake back, by a further row that names it."""
    fill = session.get(FuelFill, fill_id)
    if fill is None or fill.cancels_id is not None:
        raise Refusal("This fill is not there.")
    session.add(
        FuelFill(
            vehicle_id=fill.vehicle_id, at=now(session), millilitres=fill.millilitres, cents=fill.cents,
            reading_id=fill.reading_id, full=fill.full, source=fill.source, cancels_id=fill.id, by=actor(session).login,
        )
    )  # fmt: skip
    session.flush()
    return Changes(VEHICLE, (fill.vehicle_id,), "The fill is taken back.")


def vehicle_of(session: Session, vehicle_id: int, field: str | None = None) -> Vehicle:
    """A vehicle of the fleet, or a refusal."""
    row = session.get(Vehicle, vehicle_id)
    if row is None or row.gone_at is not None:
        raise Refusal("This vehicle is no longer in the fleet.", field)
    return row


def vehicle_form(row: Vehicle) -> VehicleForm:
    """What is written about a vehicle, as its form shows it."""
    shown = {each.name: getattr(row, each.name) for each in fields(VehicleForm) if each.name != "tank_l"}
    return VehicleForm(**shown, tank_l=row.tank_ml // 1000)


def enter_vehicles(session: Session, rows: Sequence[Vehicle]) -> None:
    """Make vehicles findable by plate, make and features."""
    search.enter(
        session,
        (search.Findable(VEHICLE, row.id, row.plate, called(row), (row.features, row.make)) for row in rows),
    )


def called(row: Vehicle) -> str:
    """Make and model as lists show them."""
    return " ".join(part for part in (row.make, row.model) if part)


def _write(session: Session, row: Vehicle, form: VehicleForm) -> None:
    plate = " ".join(form.plate.upper().split())
    if not plate:
        raise Refusal("Give the vehicle its plate.", "plate")
    other = session.scalar(select(Vehicle.id).where(Vehicle.plate == plate))
    if other is not None and other != row.id:
        raise Refusal(f"Another vehicle has the plate {plate}.", "plate")
    if form.seats < 1:
        raise Refusal("A vehicle takes one passenger at least.", "seats")
    if form.fuel not in FUELS:
        raise Refusal(f"A vehicle runs on one of {', '.join(FUELS)}.", "fuel")
    for name in ("wheelchairs", "luggage", "tank_l", "day_cents", "km_cents"):
        if getattr(form, name) < 0:
            raise Refusal("This cannot be below zero.", name)
    if len(form.licence.split()) > 1:
        raise Refusal("One class of licence, such as D.", "licence")
    for name in ("service_km", "service_days"):
        if (getattr(form, name) or 1) < 1:
            raise Refusal("This is one or more, or nothing.", name)
    if form.home_zone_id is not None:
        zone_of(session, form.home_zone_id, "home_zone_id")
    for each in fields(VehicleForm):
        if each.name not in ("tank_l", "plate"):
            value = getattr(form, each.name)
            setattr(
                row, each.name, " ".join(value.split()) if isinstance(value, str) and each.name != "notes" else value
            )
    row.plate, row.tank_ml, row.licence = plate, form.tank_l * 1000, form.licence.strip().upper()
