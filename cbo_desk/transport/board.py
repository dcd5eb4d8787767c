"""The picture of a day, read from the database in a handful of statements, however many trips there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from cbo_desk.context import ZONE, local, now, today
from cbo_desk.dated import value_on
from cbo_desk.permissions import reads
from cbo_desk.transport.clashing import clashes
from cbo_desk.transport.drivers import duties
from cbo_desk.transport.expecting import expected
from cbo_desk.transport.halts import halts_of
from cbo_desk.transport.kinds import DRIVER, DUTY_HOURS, LATER, VEHICLE, late_after
from cbo_desk.transport.loaded import loaded
from cbo_desk.transport.papers import why_barred
from cbo_desk.transport.picture import (
    Asks,
    Clash,
    DayPicture,
    DriverOfDay,
    Outage,
    StopOfDay,
    TripOfDay,
    VehicleOfDay,
    Waiting,
)
from cbo_desk.transport.rules import State, TripState
from cbo_desk.transport.skills import known, skills
from cbo_desk.transport.zones import travel_table
from db.fleet import Driver, Vehicle, VehicleOutage
from db.transport import Trip, TripRequest, TripStop
from db.travel import Zone


@reads("transport", "look at the dispatch board")
def day_picture(session: Session, day: date | None = None) -> DayPicture:
    """Vehicles, drivers, trips, outages and waiting requests of a day, with every clash."""
    day = day or today(session)
    starts = datetime.combine(day, time(), ZONE)
    ends = starts + timedelta(days=1)
    trips = list(
        session.scalars(
            select(Trip)
            .where(Trip.state != TripState.CANCELLED, Trip.ends > starts, Trip.starts < ends)
            .order_by(Trip.starts, Trip.id)
        )
    )
    grace = late_after(session, day)
    picture = DayPicture(
        day, now(session), _vehicles(session, day, [trip.vehicle_id for trip in trips]),
        _drivers(session, day, [trip.driver_id for trip in trips]), _trips(session, trips, grace),
        _outages(session, starts, ends), _waiting(session, starts, ends), travel_table(session),
        int(value_on(session, DUTY_HOURS.name, day)), grace=grace,
        farthest=timedelta(minutes=int(value_on(session, LATER.name, day))),
    )  # fmt: skip
    return replace(picture, clashes=tuple(clashes(picture)))


@reads("transport", "look at the dispatch board")
def trip_clashes(session: Session, trip_id: int) -> list[Clash]:
    """The broken rules of one trip."""
    row = session.get(Trip, trip_id)
    if row is None:
        return []
    picture = day_picture(session, row.starts.astimezone(ZONE).date())
    return [each for each in picture.clashes if each.trip_id == trip_id]


def over_by_plan(session: Session, trip: Trip) -> frozenset[int]:
    """The stops of a trip under way, by their numbers, that nobody ticked and that are taken to be over."""
    vehicle = session.get(Vehicle, trip.vehicle_id)
    if trip.state != TripState.ON_ROAD or vehicle is None:
        return frozenset()
    grace = late_after(session, local(trip.starts).date())
    [shown] = _trips(session, [trip], grace)
    stops = expected(shown, vehicle.home_zone_id, travel_table(session), now(session), grace)
    return frozenset(each.stop.seq for each in stops if each.assumed)


def _vehicles(session: Session, day: date, also: Sequence[int]) -> tuple[VehicleOfDay, ...]:
    wanted = select(Vehicle).where(Vehicle.gone_at.is_(None) | Vehicle.id.in_(also)).order_by(Vehicle.plate)
    rows = list(session.scalars(wanted))
    why = why_barred(session, VEHICLE, [row.id for row in rows], day, day)
    return tuple(
        VehicleOfDay(
            row.id, row.plate, " ".join(p for p in (row.make, row.model) if p), row.seats, row.wheelchairs,
            row.luggage, row.features, row.home_zone_id, why[row.id], licence=row.licence,
            driver_needs=row.driver_needs,
        )
        for row in rows
    )  # fmt: skip


def _drivers(session: Session, day: date, also: Sequence[int]) -> tuple[DriverOfDay, ...]:
    wanted = select(Driver).where(Driver.gone_at.is_(None) | Driver.id.in_(also)).order_by(Driver.sort_name)
    rows = list(session.scalars(wanted))
    ids = [row.id for row in rows]
    why, times = why_barred(session, DRIVER, ids, day, day), duties(session, ids, day)
    return tuple(
        DriverOfDay(
            row.id, short_name(row.sort_name), tuple(times[row.id]), why[row.id], row.classes,
            skills(row.languages, row.skills), known(row.languages, row.skills),
        )
        for row in rows
    )  # fmt: skip


def short_name(sort_name: str) -> str:
    """A driver's name as the board shows it: Otieno J."""
    family, _, given = sort_name.partition(",")
    return f"{family.strip()} {given.strip()[:1]}.".replace(" .", "")


def _outages(session: Session, starts: datetime, ends: datetime) -> tuple[Outage, ...]:
    wanted = select(VehicleOutage).where(VehicleOutage.ends > starts, VehicleOutage.starts < ends)
    return tuple(Outage(row.id, row.vehicle_id, row.starts, row.ends, row.reason) for row in session.scalars(wanted))


def _trips(session: Session, trips: Sequence[Trip], grace: timedelta) -> tuple[TripOfDay, ...]:
    ids = [trip.id for trip in trips]
    mail = loaded(session, ids)
    requests: dict[int, TripRequest] = {}
    carried: dict[int, list[TripRequest]] = {}
    for row in session.scalars(select(TripRequest).where(TripRequest.trip_id.in_(ids)).order_by(TripRequest.id)):
        requests[row.id] = row
        assert row.trip_id is not None
        carried.setdefault(row.trip_id, []).append(row)
    halts = {(h.request_id, h.leg, h.kind): h for row in requests.values() for h in halts_of(row)}
    names: dict[int, str] = {row[0]: row[1] for row in session.execute(select(Zone.id, Zone.name))}
    stops: dict[int, list[StopOfDay]] = {}
    wanted = select(TripStop).where(TripStop.trip_id.in_(ids)).order_by(TripStop.trip_id, TripStop.seq)
    for stop in session.scalars(wanted):
        halt = halts.get((stop.request_id, stop.leg, stop.kind))
        if halt is not None:
            shown = StopOfDay(
                stop.seq, requests[stop.request_id].reference, halt, names[stop.zone_id], stop.arrives, stop.leaves,
                stop.done_at,
            )  # fmt: skip
            stops.setdefault(stop.trip_id, []).append(shown)
    return tuple(
        TripOfDay(
            trip.id, trip.reference, trip.vehicle_id, trip.driver_id, trip.starts, trip.ends, TripState(trip.state),
            trip.locked, trip.departed_at, trip.returned_at, trip.version,
            tuple(row.reference for row in carried.get(trip.id, ())),
            tuple(row.id for row in carried.get(trip.id, ())),
            sum(row.people for row in carried.get(trip.id, ())), tuple(stops.get(trip.id, ())),
            tuple(Asks(row.reference, row.needs, row.driver_needs) for row in carried.get(trip.id, ())), grace,
            trip.id in mail,
        )
        for trip in trips
    )  # fmt: skip


def _waiting(session: Session, starts: datetime, ends: datetime) -> tuple[Waiting, ...]:
    wanted = select(TripRequest).where(
        TripRequest.state.in_((State.APPROVED, State.REQUESTED)),
        TripRequest.pickup_from >= starts,
        TripRequest.pickup_from < ends,
    )
    return tuple(as_waiting(row) for row in session.scalars(wanted.order_by(TripRequest.pickup_from, TripRequest.id)))


def as_waiting(row: TripRequest) -> Waiting:
    """A request as one that waits for a vehicle."""
    return Waiting(
        row.id, row.reference, row.route, State(row.state), row.pickup_from, row.pickup_to, row.people, row.needs,
        row.requester, row.version, tuple(halts_of(row)), row.driver_needs,
    )  # fmt: skip
