"""Fills the planner's `Day` from the records: who may be planned, what is wanted, what is held fast, travel times."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time
from itertools import pairwise

from sqlalchemy import select
from sqlalchemy.orm import Session

from cbo_desk.context import ZONE
from cbo_desk.dated import value_on
from cbo_desk.permissions import reads
from cbo_desk.transport.board import day_picture
from cbo_desk.transport.day import (
    FOREVER,
    Break,
    Day,
    Driver,
    Load,
    Request,
    Vehicle,
    Window,
)
from cbo_desk.transport.driving import Halt
from cbo_desk.transport.duty import AWAY
from cbo_desk.transport.journeys import Journeys
from cbo_desk.transport.kinds import ABOARD_LATER, MAX_RIDE, PROMISE
from cbo_desk.transport.picture import DayPicture, DriverOfDay, TripOfDay, VehicleOfDay, why_not
from cbo_desk.transport.plan import Doing, Route, Stop
from cbo_desk.transport.rules import State, TripState, features
from cbo_desk.transport.skills import skills
from cbo_desk.transport.terms import Clock, Places, engine_id, stop_of
from cbo_desk.transport.under_way import held_on
from db.fleet import Vehicle as VehicleRow
from db.transport import PRIORITIES, TripRequest


@reads("transport", "plan the day")
def day_of_plan(session: Session, day: date | None = None) -> Day:
    """The day as the planner sees it. Requests that nobody approved are left out; what is over only holds its time."""
    return as_planned(session, day_picture(session, day))


def as_planned(session: Session, picture: DayPicture) -> Day:
    """A picture of a day as the planner sees it."""
    midnight = datetime.combine(picture.day, time(), ZONE)
    clock = Clock(midnight)
    places = Places(picture.table)
    ids = [trip_request for trip in picture.trips for trip_request in trip.requests]
    ids += [waiting.id for waiting in picture.waiting if waiting.state == State.APPROVED]
    rows = {row.id: row for row in session.scalars(select(TripRequest).where(TripRequest.id.in_(ids)))}
    longest = 60 * int(value_on(session, MAX_RIDE.name, picture.day))
    costs = {row.id: (row.day_cents, row.km_cents) for row in session.scalars(select(VehicleRow))}
    boarding = round(picture.table.boarding.total_seconds())
    requests = tuple(
        each
        for waiting in _halts(picture, rows)
        for each in _requests(waiting, rows, clock, places, longest, boarding)
    )
    earliest = clock.at(picture.now)
    held = held_on(picture, clock, places, 60 * int(value_on(session, PROMISE.name, picture.day)))
    return Day(
        places.matrix(), tuple(_vehicle(each, picture, clock, places, costs) for each in picture.vehicles),
        tuple(_driver(each, picture, clock) for each in picture.drivers), requests,
        tuple(held.locks), tuple(held.positions),
        tuple(_route(trip, clock, places, picture) for trip in picture.trips if trip.state == TripState.PLANNED),
        earliest, tuple(held.road), 60 * int(value_on(session, ABOARD_LATER.name, picture.day)),
    )  # fmt: skip


def routes_of(picture: DayPicture, trips: Sequence[TripOfDay]) -> tuple[Route, ...]:
    """Trips of a picture as the planner's routes, whatever their state."""
    clock, places = Clock(datetime.combine(picture.day, time(), ZONE)), Places(picture.table)
    return tuple(_route(trip, clock, places, picture) for trip in trips)


def zones_of(table: Journeys) -> tuple[int, ...]:
    """The zones of a matrix, in the order of its places."""
    return tuple(Places(table).ids)


def _halts(picture: DayPicture, rows: dict[int, TripRequest]) -> list[tuple[Halt, ...]]:
    """The halts of every request that is wanted or under way."""
    found = [each.halts for each in picture.waiting if each.state == State.APPROVED]
    for trip in picture.trips:
        for request in trip.requests:
            found.append(tuple(stop.halt for stop in trip.stops if stop.halt.request_id == request))
    return [halts for halts in found if halts and halts[0].request_id in rows]


def _requests(
    halts: tuple[Halt, ...], rows: dict[int, TripRequest], clock: Clock, places: Places, longest: int, boarding: int
) -> list[Request]:
    found = []
    for leg in sorted({halt.leg for halt in halts}):
        pickup, dropoff = (next(h for h in halts if h.leg == leg and h.kind == kind) for kind in ("pickup", "dropoff"))
        row = rows[pickup.request_id]
        latest = clock.at(dropoff.latest) if dropoff.latest is not None else FOREVER
        found.append(
            Request(
                engine_id(row.id, leg), row.reference, places.number[pickup.zone_id], places.number[dropoff.zone_id],
                Window(clock.at(pickup.earliest), clock.at(pickup.latest or pickup.earliest)),
                Window(-FOREVER, latest), Load(row.people, row.wheelchairs, row.luggage), boarding, boarding,
                longest if row.pooled else None, row.pooled, features(row.needs),
                (PRIORITIES - row.priority) * 25, engine_id(row.id, 1) if leg == 2 else None, leg == 2, row.id, leg,
                skills(row.driver_needs),
            )
        )  # fmt: skip
    return found


def _vehicle(
    row: VehicleOfDay, picture: DayPicture, clock: Clock, places: Places, costs: dict[int, tuple[int, int]]
) -> Vehicle:
    busy = [(each.starts, each.ends) for each in picture.outages if each.vehicle_id == row.id]
    free, at = [], -FOREVER
    for starts, ends in sorted(busy):
        if clock.at(starts) > at:
            free.append(Window(at, clock.at(starts)))
        at = max(at, clock.at(ends))
    free.append(Window(at, FOREVER))
    home = row.home if row.home is not None else places.ids[0] if places.ids else 0
    fixed, per_km = costs.get(row.id, (0, 0))
    return Vehicle(
        row.id, row.name, Load(row.seats, row.wheelchairs, row.luggage), places.number.get(home, 0),
        features(row.features), tuple(free), fixed, per_km, row.barred,
    )  # fmt: skip


def _driver(row: DriverOfDay, picture: DayPicture, clock: Clock) -> Driver:
    may = frozenset(each.id for each in picture.vehicles if not why_not(each, row))
    nobody = Driver(row.id, row.name, Window(0, 0), skills=row.skills, may_drive=may, barred=row.barred)
    hours = _hours(row, clock)
    if isinstance(hours, str):
        return replace(nobody, barred=row.barred or hours)
    return replace(nobody, shift=hours[0], duty=picture.duty_hours * 3600, breaks=hours[1])


def _hours(row: DriverOfDay, clock: Clock) -> tuple[Window, tuple[Break, ...]] | str:
    """A driver's longest shift of the day, less what an absence takes of its start or end, and its breaks; or why none.
    """
    shifts = [duty for duty in row.duties if duty.kind == "shift"]
    if not shifts:
        return "Not on duty that day."
    shift = max(shifts, key=lambda duty: duty.ends - duty.starts)
    starts, ends = shift.starts, shift.ends
    for away in (duty for duty in row.duties if duty.kind in AWAY):
        if away.starts <= starts < away.ends:
            starts = min(away.ends, ends)
        elif starts < away.starts < ends:
            ends = away.starts
    if starts >= ends:
        return "Away all day."
    window = Window(clock.at(starts), clock.at(ends))
    if not shift.break_minutes:
        return window, ()
    middle = window.earliest + (window.latest - window.earliest) // 2
    length = 60 * shift.break_minutes
    return window, (Break(Window(middle - 2 * length, middle + length), length),)


def _route(trip: TripOfDay, clock: Clock, places: Places, picture: DayPicture) -> Route:
    vehicle = next(each for each in picture.vehicles if each.id == trip.vehicle_id)
    first = trip.stops[0].halt.zone_id if trip.stops else 0
    home = places.number[vehicle.home if vehicle.home is not None else first]
    starts, ends = clock.at(trip.starts), clock.at(trip.ends)
    stops = [Stop(Doing.START, home, starts, starts, starts)]
    stops += [stop_of(stop, clock.at(stop.arrives), clock.at(stop.leaves), places) for stop in trip.stops]
    stops.append(Stop(Doing.END, home, ends, ends, ends))
    return Route(trip.vehicle_id, trip.driver_id, tuple(_with_rest(trip, stops, clock, picture)))


def _with_rest(trip: TripOfDay, stops: Sequence[Stop], clock: Clock, picture: DayPicture) -> Sequence[Stop]:
    """A trip's stops with the driver's break in a wait with nobody aboard, where it fits there: a trip keeps none."""
    aboard = 0
    for at, (stop, following) in enumerate(pairwise(trip.stops), 1):
        aboard += 1 if stop.halt.kind == "pickup" else -1
        if aboard:
            continue
        driver = next((each for each in picture.drivers if each.id == trip.driver_id), None)
        hours = _hours(driver, clock) if driver is not None else ""
        drive = picture.table.leg(stop.halt.zone_id, following.halt.zone_id, following.arrives).seconds
        for number, rest in enumerate(() if isinstance(hours, str) else hours[1]):
            begins = max(clock.at(stop.leaves), rest.window.earliest)
            ends = begins + rest.length
            if begins <= rest.window.latest and ends + drive <= clock.at(following.arrives):
                place = stops[at].place
                return [*stops[: at + 1], Stop(Doing.BREAK, place, begins, begins, ends, rest=number), *stops[at + 1 :]]
    return stops
