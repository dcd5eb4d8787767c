"""On the road: departure, who got in and out, who was not there, and the return, with readings of the odometer."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from cbo_desk.changes import Changes, Deed
from cbo_desk.context import local, now
from cbo_desk.dated import value_on
from cbo_desk.errors import Refusal
from cbo_desk.permissions import deed
from cbo_desk.transport.charging import charge_trip, take_charges_back
from cbo_desk.transport.kinds import EARLY, GAP_KM, REQUEST, TRIP, VEHICLE
from cbo_desk.transport.odometer import last_reading, note_reading
from cbo_desk.transport.passengers import passengers_of
from cbo_desk.transport.planning import note_event
from cbo_desk.transport.requests import when
from cbo_desk.transport.rules import State, TripState
from db.fleet import OdometerReading, Vehicle
from db.transport import Trip, TripRequest, TripStop


@deed("transport.depart", "note departures")
def depart(session: Session, trip_id: int, km: int | None = None, explained: str = "") -> Changes:
    """The vehicle leaves; without a reading, the last one stands."""
    trip = trip_of(session, trip_id)
    if trip.state != TripState.PLANNED:
        raise Refusal(f"{trip.reference} has left already.")
    day = local(now(session)).date()
    if trip.starts - now(session) > timedelta(hours=int(value_on(session, EARLY.name, day))):
        raise Refusal(
            f"{trip.reference} is planned for {when(trip.starts)}, so nothing was noted. If it goes today, take it "
            "off, give the request its new day, and assign it again."
        )
    carried = carried_by(session, trip_id)
    _check_released(session, carried)
    other = session.scalars(
        select(Trip.reference).where(
            Trip.state == TripState.ON_ROAD, (Trip.vehicle_id == trip.vehicle_id) | (Trip.driver_id == trip.driver_id)
        )
    ).first()
    if other is not None:
        raise Refusal(f"{other} is still on the road with this vehicle or driver. Note its return first.")
    before = last_reading(session, trip.vehicle_id)
    reading = km if km is not None else (before.km if before is not None else 0)
    if before is not None and reading - before.km > int(value_on(session, GAP_KM.name, day)) and not explained.strip():
        raise Refusal(
            f"{reading - before.km:,} km were driven since the last reading of {before.km:,}, on no trip. "
            "Read it again, or say what for.",
            "km",
        )
    note_reading(session, trip.vehicle_id, reading, "departure", explained, trip_id=trip.id)
    trip.state, trip.departed_at = TripState.ON_ROAD, now(session)
    for row in carried:
        row.state = State.ON_ROAD
    note_event(session, trip.id, "departed", f"{reading:,} km")
    session.flush()
    plate = _plate(session, trip)
    undo = Deed(take_departure_back, (trip.id,))
    return Changes(
        TRIP, (trip.id,), f"{plate} left with {_names(carried)} at {reading:,} km.", undo, _also(trip, carried)
    )


@deed("transport.take_departure_back", "note departures")
def take_departure_back(session: Session, trip_id: int) -> Changes:
    """A departure was noted by mistake; the reading stays, as a fact."""
    trip = trip_of(session, trip_id)
    if trip.state != TripState.ON_ROAD:
        raise Refusal(f"{trip.reference} is not on the road.")
    carried = carried_by(session, trip_id)
    trip.state, trip.departed_at = TripState.PLANNED, None
    for row in carried:
        row.state = State.PLANNED
    for stop in session.scalars(select(TripStop).where(TripStop.trip_id == trip_id)):
        stop.done_at = None
    note_event(session, trip.id, "taken_back", "departure")
    session.flush()
    return Changes(TRIP, (trip.id,), f"{trip.reference} has not left.", None, _also(trip, carried))


@deed("transport.pass_stop", "note stops")
def pass_stop(session: Session, trip_id: int, seq: int, done: bool = True) -> Changes:
    """Somebody got in or out at a stop, now."""
    trip = trip_of(session, trip_id)
    stop = session.get(TripStop, (trip_id, seq))
    if trip.state != TripState.ON_ROAD or stop is None:
        raise Refusal(f"{trip.reference} is not on the road.")
    stop.done_at = now(session) if done else None
    row = session.get(TripRequest, stop.request_id)
    assert row is not None
    what = ("picked_up" if stop.kind == "pickup" else "dropped_off") if done else "taken_back"
    note_event(session, trip_id, what, stop.place, stop.request_id)
    word = ("picked up" if stop.kind == "pickup" else "dropped off") if done else "not yet there"
    undo = Deed(pass_stop, (trip_id, seq, not done))
    return Changes(TRIP, (trip_id,), f"{row.reference} {word}.", undo, _also(trip, [row]))


@deed("transport.note_no_show", "note who was not there")
def note_no_show(session: Session, request_id: int, why: str = "") -> Changes:
    """Whoever asked was not there: the request leaves its trip, the trip goes on for the others."""
    row = session.get(TripRequest, request_id, with_for_update=True)
    if row is None or row.trip_id is None or row.state == State.DONE:
        raise Refusal("This request is on no trip that is under way.")
    trip = trip_of(session, row.trip_id)
    for stop in session.scalars(select(TripStop).where(TripStop.trip_id == trip.id, TripStop.request_id == row.id)):
        session.delete(stop)
    session.flush()
    row.trip_id, row.state = None, State.NO_SHOW
    note_event(session, trip.id, "no_show", why.strip(), row.id)
    session.flush()
    others = carried_by(session, trip.id)
    said = f"{row.reference}: nobody was there."
    if not others and trip.state == TripState.PLANNED:
        trip.state = TripState.CANCELLED
        note_event(session, trip.id, "cancelled")
        session.flush()
    return Changes(TRIP, (trip.id,), said, None, _also(trip, [row]))


@deed("transport.return_trip", "note returns")
def return_trip(session: Session, trip_id: int, km: int, private_km: int = 0, explained: str = "") -> Changes:
    """The vehicle is back: its reading, its private kilometres, and what the trip costs whom."""
    trip = trip_of(session, trip_id)
    if trip.state != TripState.ON_ROAD:
        raise Refusal(f"{trip.reference} is not on the road, so it cannot come back.")
    out = departure_reading(session, trip)
    if km < out.km and not explained.strip():
        raise Refusal(f"It left at {out.km:,} km, so {km:,} goes backwards. Read it again, or say why.", "km")
    driven = max(km - out.km, 0)
    if not 0 <= private_km <= driven:
        raise Refusal(f"{driven:,} km were driven in all; the private ones are a part of them.", "private_km")
    note_reading(session, trip.vehicle_id, km, "return", explained, trip_id=trip.id)
    instant = now(session)
    carried = carried_by(session, trip_id)
    trip.returned_at, trip.private_km = instant, private_km
    # Back early, vehicle and driver are free for others at once; back late, what was planned stays on record.
    if trip.starts + timedelta(minutes=1) <= instant < trip.ends:
        trip.ends = instant
    trip.state = TripState.DONE
    for row in carried:
        row.state = State.DONE
    note_event(session, trip.id, "returned", f"{km:,} km, {driven:,} driven" + _private(private_km))
    session.flush()
    charged = charge_trip(session, trip, carried, driven, private_km)
    plate = _plate(session, trip)
    undo = Deed(take_return_back, (trip.id,))
    said = f"{plate} is back with {driven:,} km." + (f" {charged.said}" if charged.said else "")
    return Changes(TRIP, (trip.id,), said, undo, {**_also(trip, carried), **charged.touched})


@deed("transport.take_return_back", "take returns back")
def take_return_back(session: Session, trip_id: int) -> Changes:
    """A return was noted by mistake: the trip is on the road again, its charges are reversed, the reading stays."""
    trip = trip_of(session, trip_id)
    if trip.state != TripState.DONE:
        raise Refusal(f"{trip.reference} is not over.")
    carried = carried_by(session, trip_id)
    charged = take_charges_back(session, trip)
    trip.state, trip.returned_at, trip.private_km = TripState.ON_ROAD, None, 0
    for row in carried:
        row.state = State.ON_ROAD
    note_event(session, trip.id, "taken_back", "return")
    session.flush()
    said = f"{trip.reference} is on the road again."
    return Changes(TRIP, (trip.id,), said, None, {**_also(trip, carried), **charged.touched})


def trip_of(session: Session, trip_id: int) -> Trip:
    """A trip, locked until the deed is done, or a refusal."""
    row = session.get(Trip, trip_id, with_for_update=True)
    if row is None or row.state == TripState.CANCELLED:
        raise Refusal("This trip is no longer there.")
    return row


def carried_by(session: Session, trip_id: int) -> list[TripRequest]:
    """The requests on a trip."""
    wanted = select(TripRequest).where(TripRequest.trip_id == trip_id).order_by(TripRequest.id).with_for_update()
    return list(session.scalars(wanted))


def departure_reading(session: Session, trip: Trip) -> OdometerReading:
    """What the odometer showed when the trip left last."""
    wanted = select(OdometerReading).where(OdometerReading.trip_id == trip.id, OdometerReading.source == "departure")
    row = session.scalars(wanted.order_by(OdometerReading.id.desc()).limit(1)).first()
    assert row is not None, "a trip on the road has left"
    return row


def _check_released(session: Session, carried: list[TripRequest]) -> None:
    names = {row.id: row.reference for row in carried}
    for request_id, people in passengers_of(session, names).items():
        for passenger in people:
            if not passenger.of_un and not passenger.released:
                raise Refusal(
                    f"{passenger.name} on {names[request_id]} is not of the UN and has signed no release form. "
                    "Let the form be signed, note it on the request, then let the vehicle leave."
                )


def _private(km: int) -> str:
    return f", {km:,} private" if km else ""


def _names(carried: list[TripRequest]) -> str:
    return ", ".join(row.reference for row in carried)


def _plate(session: Session, trip: Trip) -> str:
    row = session.get(Vehicle, trip.vehicle_id)
    assert row is not None
    return row.plate


def _also(trip: Trip, carried: list[TripRequest]) -> dict[str, tuple[int, ...]]:
    return {REQUEST: tuple(row.id for row in carried), VEHICLE: (trip.vehicle_id,)}
