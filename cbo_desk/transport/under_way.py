"""What a plan may not move: trips that are over, frozen or under way; where these are, what is left of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cbo_desk.transport.day import Hold, Lock, Position
from cbo_desk.transport.expecting import Expected, expected
from cbo_desk.transport.picture import DayPicture, TripOfDay
from cbo_desk.transport.plan import Doing, Route, Stop
from cbo_desk.transport.rules import TripState
from cbo_desk.transport.terms import Clock, Places, engine_id, stop_of


@dataclass(frozen=True)
class Held:
    """What holds requests fast, where vehicles under way are, and what is left of their routes."""

    locks: list[Lock]
    positions: list[Position]
    road: list[Route]


def held_on(picture: DayPicture, clock: Clock, places: Places, slack: int) -> Held:
    """What is held fast, its pick-up within `slack` seconds, where vehicles under way are, and what is left for them.

    Who is waited for by a vehicle that runs late is expected when it can be there, not when it was promised.
    """
    held = Held([], [], [])
    homes = {each.id: each.home for each in picture.vehicles}
    for trip in picture.trips:
        under_way = trip.state == TripState.ON_ROAD
        stops = _as_planned(trip)
        if under_way:
            stops = expected(trip, homes[trip.vehicle_id], picture.table, picture.now, picture.grace)
        locks = [_lock(trip, way, clock, slack) for way in _ways(stops)]
        held.locks.extend(lock for lock in locks if lock is not None)
        if under_way and stops:
            position = _position(trip, stops, picture, clock, places)
            held.positions.append(position)
            held.road.append(_rest(trip, stops, position, picture, clock, places))
    return held


@dataclass(frozen=True)
class _Way:
    """One way of one request on a trip: where somebody gets in, and out."""

    pickup: Expected
    dropoff: Expected


def _lock(trip: TripOfDay, way: _Way, clock: Clock, slack: int) -> Lock | None:
    """How firmly one leg of a request keeps to its trip; nothing where a plan may move it."""
    pickup = way.pickup.stop
    ident = engine_id(pickup.halt.request_id, pickup.halt.leg)
    if trip.state == TripState.ON_ROAD:
        hold = Hold.DONE if way.dropoff.passed else Hold.ABOARD if way.pickup.passed else Hold.CONFIRMED
    elif trip.state == TripState.DONE or trip.locked or trip.loaded:
        hold = Hold.DONE if trip.state == TripState.DONE else Hold.FROZEN
    else:
        return None
    boarded = clock.at(way.pickup.leaves) if hold is Hold.ABOARD else None
    assumed = way.dropoff.assumed or (way.pickup.assumed and not way.dropoff.passed)
    begins = clock.at(way.pickup.begins)
    return Lock(ident, trip.vehicle_id, trip.driver_id, hold, begins, slack, boarded, assumed)


def _ways(stops: Sequence[Expected]) -> list[_Way]:
    """The ways of a trip, in the order of the pick-ups."""
    ends = {(s.stop.halt.request_id, s.stop.halt.leg): s for s in stops if s.stop.halt.kind == "dropoff"}
    return [
        _Way(s, ends[s.stop.halt.request_id, s.stop.halt.leg]) for s in stops if s.stop.halt.kind == "pickup"
    ]


def _as_planned(trip: TripOfDay) -> tuple[Expected, ...]:
    """The stops of a trip that has not left, or is over, by its plan."""
    return tuple(Expected(stop, stop.arrives, stop.leaves, stop.done_at is not None) for stop in trip.stops)


def _position(
    trip: TripOfDay, stops: Sequence[Expected], picture: DayPicture, clock: Clock, places: Places
) -> Position:
    """Where a vehicle under way is: at the last stop that was ticked, or else where it is going.

    Who has passed all stops can be sent elsewhere from now on, not from when the last one was over.
    """
    assert trip.departed_at is not None
    since = clock.at(trip.departed_at)
    passed = [each for each in stops if each.passed]
    coming = next((each for each in stops if not each.passed), None)
    if coming is None:
        where, at = passed[-1], max(clock.at(passed[-1].leaves), clock.at(picture.now))
    elif passed and (not passed[-1].assumed or passed[-1].leaves > picture.now):
        where, at = passed[-1], clock.at(passed[-1].leaves)
    else:
        zone = coming.stop.halt.zone_id
        where, at = coming, clock.at(coming.begins) - picture.table.leg(zone, zone, coming.begins).seconds
    return Position(trip.vehicle_id, trip.driver_id, places.number[where.stop.halt.zone_id], at, since)


def _rest(
    trip: TripOfDay, stops: Sequence[Expected], position: Position, picture: DayPicture, clock: Clock, places: Places
) -> Route:
    """What is left of a trip under way, and the way home."""
    home = next(each.home for each in picture.vehicles if each.id == trip.vehicle_id)
    ahead = [
        stop_of(each.stop, clock.at(each.begins), clock.at(each.leaves), places) for each in stops if not each.passed
    ]
    last = stops[-1]
    zone = last.stop.halt.zone_id
    leaves = max(position.at, clock.at(last.leaves))
    ends = leaves + (picture.table.leg(zone, home, last.leaves).seconds if home is not None else 0)
    place = places.number[home if home is not None else zone]
    begins = Stop(Doing.START, position.place, position.at, position.at, position.at)
    return Route(trip.vehicle_id, trip.driver_id, (begins, *ahead, Stop(Doing.END, place, ends, ends, ends)))
