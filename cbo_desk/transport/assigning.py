"""What a dispatcher does by hand: assign a request, add it to a trip, move a trip, change its driver, take one off."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from cbo_desk.changes import Changes, Deed
from cbo_desk.context import local, now
from cbo_desk.errors import Refusal
from cbo_desk.permissions import deed
from cbo_desk.transport import rules
from cbo_desk.transport.board import day_picture
from cbo_desk.transport.driving import Halt, Timing, insert, peak, shared_with_others, time_halts
from cbo_desk.transport.halts import halts_of
from cbo_desk.transport.planning import PlannedStop, PlannedTrip, check_free, planned_from, put_trips
from cbo_desk.transport.requests import enter_requests, named, these_requests, when
from cbo_desk.transport.rules import State, TripState, features
from cbo_desk.transport.suggesting import best_driver, nobody_drives
from cbo_desk.transport.telling import tell
from cbo_desk.transport.zones import travel_table
from db.fleet import Vehicle
from db.transport import Trip, TripRequest, TripStop


@deed("transport.assign_request", "assign vehicles")
def assign_request(
    session: Session, request_id: int, version: int, vehicle_id: int, driver_id: int | None = None, minutes: int = 0
) -> Changes:
    """Put a request alone on a vehicle; without a driver the best free one is taken.

    `minutes` moves its times first, and the requester is told. The second of two dispatchers is told who was quicker.
    """
    [row] = these_requests(session, [request_id])
    if row.state != State.APPROVED:
        word = "planned already" if row.state in rules.IN_TRIP else rules.WORDS[State(row.state)]
        raise Refusal(f"{row.reference} is {word}. Look at it anew.")
    if row.version != version:
        raise Refusal(f"{row.reference} was changed by somebody else in the meantime. Look at it anew.")
    if minutes:
        _move_request(session, row, timedelta(minutes=minutes))
    vehicle = vehicle_with_room(session, vehicle_id, [row])
    table = travel_table(session)
    timing = time_halts(halts_of(row), home_of(vehicle, row), table)
    driver = driver_id or _driver_for(session, vehicle_id, timing, row.driver_needs)
    check_free(session, vehicle_id, driver, timing.starts, timing.ends)
    changes = put_trips(session, [planned(0, vehicle_id, driver, timing)])
    if not minutes:
        return changes
    undo = Deed(unassign_request, (request_id, -minutes))
    return replace(changes, undo=undo, said=f"{changes.said} Pick-up at {rules.clock(row.pickup_from)}.")


@deed("transport.unassign_request", "assign vehicles")
def unassign_request(session: Session, request_id: int, minutes: int) -> Changes:
    """Take a request off its trip and move its times back: undo of an assignment at another time."""
    changes = take_off(session, [request_id])
    [row] = these_requests(session, [request_id])
    _move_request(session, row, timedelta(minutes=minutes))
    session.flush()
    return replace(changes, undo=None)


@deed("transport.join_trip", "assign vehicles")
def join_trip(session: Session, request_id: int, trip_id: int, version: int) -> Changes:
    """Let a request travel on a trip with others, at the stops that suit best; their own order stays."""
    [row] = these_requests(session, [request_id])
    trip = _trip(session, trip_id)
    if row.state != State.APPROVED:
        raise Refusal(f"{row.reference} is {rules.WORDS[State(row.state)]}. Look at it anew.")
    others = list(session.scalars(select(TripRequest).where(TripRequest.trip_id == trip_id).order_by(TripRequest.id)))
    vehicle = _vehicle(session, trip.vehicle_id)
    kept = kept_halts(session, trip, others)
    timing = insert(kept, halts_of(row), home_of(vehicle, row), travel_table(session))
    halts = [stop.halt for stop in timing.stops]
    check_room(vehicle, halts)
    alone = shared_with_others(halts)
    if alone:
        names = {each.id: each.reference for each in (*others, row)}
        raise Refusal(f"{names[alone[0]]} does not want to travel with others. Give one of them a trip of its own.")
    if timing.late:
        over = round(timing.late.total_seconds() / 60)
        raise Refusal(f"Somebody would be {over} min late. Choose another vehicle, or assign it alone.")
    again = replace(planned(trip_id, trip.vehicle_id, trip.driver_id, timing), locked=trip.locked, version=version)
    return put_trips(session, [again])


@deed("transport.move_trip", "assign vehicles")
def move_trip(
    session: Session, trip_id: int, version: int, vehicle_id: int, driver_id: int, starts: datetime
) -> Changes:
    """Give a trip another vehicle, driver or start; its stops move with it.

    To another day its requests go along, and whoever asked is told.
    """
    trip = _trip(session, trip_id)
    if trip.state != TripState.PLANNED:
        raise Refusal(f"{trip.reference} is on the road: only its return can be noted.")
    before = planned_from(session, trip)
    by = starts - trip.starts
    carried = list(session.scalars(select(TripRequest).where(TripRequest.trip_id == trip_id)))
    days = (local(starts).date() - local(trip.starts).date()).days
    if days:
        _check_day(carried, starts, now(session))
        for row in carried:
            _move_request(session, row, timedelta(days=days))
    check_room(vehicle_with_room(session, vehicle_id, carried), kept_halts(session, trip, carried))
    moved = replace(
        before, vehicle_id=vehicle_id, driver_id=driver_id, starts=starts, ends=trip.ends + by, version=version,
        stops=tuple(replace(s, arrives=s.arrives + by, leaves=s.leaves + by) for s in before.stops),
    )  # fmt: skip
    plate = _vehicle(session, vehicle_id).plate
    names = named(carried) if carried else trip.reference
    at = when(starts) if days else rules.clock(starts)
    changes = put_trips(session, [moved], (), f"{names} moved to {plate}, {at}.")
    return replace(changes, undo=Deed(move_trip_back, (before, days))) if days else changes


@deed("transport.move_trip_back", "assign vehicles")
def move_trip_back(session: Session, before: PlannedTrip, days: int) -> Changes:
    """Take the move of a trip to another day back, its requests with it: undo alone."""
    trip = _trip(session, before.trip_id)
    there = planned_from(session, trip)
    for row in these_requests(session, before.requests):
        if row.trip_id != trip.id:
            raise Refusal(f"{row.reference} is on another trip by now. Move it by hand.")
        _move_request(session, row, timedelta(days=-days))
    return replace(put_trips(session, [before], (), "As before."), undo=Deed(move_trip_back, (there, -days)))


def _check_day(carried: Sequence[TripRequest], starts: datetime, instant: datetime) -> None:
    """Refuse to move a trip to a day that is over, and a shuttle's run off its day."""
    if local(starts).date() < local(instant).date():
        raise Refusal("This day is over. Give today or a later one.", "day")
    run = next((row for row in carried if row.shuttle_id is not None), None)
    if run is not None:
        raise Refusal(f"{run.reference} is a shuttle's run: it stays on its day.", "day")


@deed("transport.take_off", "assign vehicles")
def take_off(session: Session, ids: Sequence[int]) -> Changes:
    """Take requests off their trips; a trip that carries nobody any more is taken away."""
    rows = these_requests(session, ids)
    table = travel_table(session)
    wanted: list[PlannedTrip] = []
    dropped: list[int] = []
    for trip_id in dict.fromkeys(row.trip_id for row in rows if row.trip_id is not None):
        trip = _trip(session, trip_id)
        if trip.state != TripState.PLANNED:
            raise Refusal(f"{trip.reference} is on the road. Note who was not there instead.")
        carried = session.scalars(select(TripRequest).where(TripRequest.trip_id == trip_id).order_by(TripRequest.id))
        others = [each for each in carried if each.id not in ids]
        if not others:
            dropped.append(trip_id)
            continue
        vehicle = _vehicle(session, trip.vehicle_id)
        timing = time_halts(kept_halts(session, trip, others), home_of(vehicle, others[0]), table)
        wanted.append(replace(planned(trip_id, trip.vehicle_id, trip.driver_id, timing), locked=trip.locked))
    if not wanted and not dropped:
        raise Refusal(f"{named(rows)} is on no trip.")
    return put_trips(session, wanted, dropped, f"{named(rows)} taken off.")


def kept_halts(session: Session, trip: Trip, requests: Iterable[TripRequest]) -> list[Halt]:
    """The halts of a trip for some of its requests, in the order of its stops."""
    known = {(h.request_id, h.leg, h.kind): h for row in requests for h in halts_of(row)}
    stops = session.scalars(select(TripStop).where(TripStop.trip_id == trip.id).order_by(TripStop.seq))
    keys = [(stop.request_id, stop.leg, stop.kind) for stop in stops]
    return [known[key] for key in keys if key in known]


def planned(trip_id: int, vehicle_id: int, driver_id: int, timing: Timing) -> PlannedTrip:
    """A timing as the trip that is to be."""
    stops = tuple(
        PlannedStop(
            s.halt.request_id, s.halt.leg, s.halt.kind, s.halt.zone_id, s.halt.place, s.arrives, s.leaves
        )
        for s in timing.stops
    )  # fmt: skip
    return PlannedTrip(trip_id, vehicle_id, driver_id, timing.starts, timing.ends, stops)


def home_of(vehicle: Vehicle, row: TripRequest) -> int:
    """Where a vehicle comes from and goes back to; one without a home waits where the first request starts."""
    return vehicle.home_zone_id or row.from_zone_id


def check_room(vehicle: Vehicle, halts: Sequence[Halt]) -> None:
    """Refuse more people, wheelchairs or luggage at once than the vehicle takes."""
    for most, has, what in zip(
        peak(halts), (vehicle.seats, vehicle.wheelchairs, vehicle.luggage), ("passengers", "wheelchairs", "pieces"),
        strict=True,
    ):  # fmt: skip
        if most > has:
            raise Refusal(f"{vehicle.plate} takes {has} {what}; {most} would be aboard at once.", "vehicle_id")


def vehicle_with_room(session: Session, vehicle_id: int, requests: Sequence[TripRequest]) -> Vehicle:
    """A vehicle that takes each of the requests and has what they need, or a refusal."""
    vehicle = _vehicle(session, vehicle_id)
    for row in requests:
        check_room(vehicle, halts_of(row))
        lacks = sorted(features(row.needs) - features(vehicle.features))
        if lacks:
            raise Refusal(f"{row.reference} needs {', '.join(lacks)}; {vehicle.plate} has not.", "vehicle_id")
    return vehicle


def _driver_for(session: Session, vehicle_id: int, timing: Timing, driver_needs: str) -> int:
    """The best driver who is free, on duty, has valid papers and what is asked for."""
    picture = day_picture(session, local(timing.starts).date())
    driver = best_driver(picture, vehicle_id, timing, driver_needs)
    if driver is None:
        vehicle = next(each for each in picture.vehicles if each.id == vehicle_id)
        why = nobody_drives(picture, vehicle, timing, driver_needs)
        raise Refusal(f"{why}. Choose a driver, or another time.", "driver_id")
    return driver.id


def _move_request(session: Session, row: TripRequest, by: timedelta) -> None:
    row.pickup_from, row.pickup_to = row.pickup_from + by, row.pickup_to + by
    row.drop_by = row.drop_by + by if row.drop_by is not None else None
    row.return_at = row.return_at + by if row.return_at is not None else None
    session.flush()
    enter_requests(session, [row])
    tell(session, row, f"Your trip {row.reference} is moved", f"The pick-up is now at {when(row.pickup_from)}.")


def _trip(session: Session, trip_id: int) -> Trip:
    row = session.get(Trip, trip_id, with_for_update=True)
    if row is None or row.state == TripState.CANCELLED:
        raise Refusal("This trip is no longer there.")
    return row


def _vehicle(session: Session, vehicle_id: int) -> Vehicle:
    row = session.get(Vehicle, vehicle_id)
    if row is None or row.gone_at is not None:
        raise Refusal("This vehicle is no longer in the fleet.", "vehicle_id")
    return row
