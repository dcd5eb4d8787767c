"""A proposal as what it would change of today, and what comes of taking only a part of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from cbo_desk.transport.checker import check_routes
from cbo_desk.transport.crews import stands
from cbo_desk.transport.day import Day, Hold
from cbo_desk.transport.plan import Doing, Proposal, Route, Stop, Violation
from cbo_desk.transport.timing import timed

NOTICED = 60
"""Seconds by which a pick-up may move without being called a change."""


class Turn(StrEnum):
    """What becomes of a request."""

    NEW = "new"
    MOVED = "moved"
    RETIMED = "retimed"
    LEFT = "left"
    SAME = "same"


@dataclass(frozen=True)
class Change:
    """What becomes of one request: vehicle, driver and pick-up today (None: unassigned) and as proposed."""

    request: int
    turn: Turn
    before: tuple[int, int, int] | None = None
    after: tuple[int, int, int] | None = None

    @property
    def later(self) -> int:
        """Seconds by which the pick-up moves; 0 where there was none."""
        return self.after[2] - self.before[2] if self.before and self.after else 0


@dataclass(frozen=True)
class Taken:
    """Routes after a part of a proposal was taken, and the rules that they would break together."""

    routes: tuple[Route, ...]
    wrong: tuple[Violation, ...] = ()


def difference(day: Day, proposal: Proposal) -> list[Change]:
    """What becomes of every request that is not over, in the order of the pick-ups proposed."""
    # Who is on the road stands in no route of today: the lock says with which vehicle, and when they were told.
    road = {lock.request: (lock.vehicle, lock.driver, lock.begins) for lock in day.locks if lock.begins is not None}
    today = road | {request: _place(route, request) for request, route in stands(day).items()}
    proposed = {request: _place(route, request) for route in proposal.routes for request in route.requests}
    for request in road.keys() & proposed.keys():
        if day.lock[request].hold is Hold.ABOARD:  # their pick-up is over: the route only sets them down
            proposed[request] = *proposed[request][:2], road[request][2]
    over = {lock.request for lock in day.locks if lock.hold is Hold.DONE}
    changes = [
        _change(request.id, today.get(request.id), proposed.get(request.id), request.id in proposal.unassigned)
        for request in day.requests
        if request.id not in over
    ]
    return sorted(changes, key=lambda change: (change.after or change.before or (0, 0, 0))[2])


def _change(
    request: int, before: tuple[int, int, int] | None, after: tuple[int, int, int] | None, left: bool
) -> Change:
    """What becomes of one request; whoever is neither planned nor left over is with a vehicle that was set apart."""
    if after is None and not left:
        return Change(request, Turn.SAME, before, before)
    return Change(request, _turn(before, after), before, after)


def _turn(before: tuple[int, int, int] | None, after: tuple[int, int, int] | None) -> Turn:
    if after is None:
        return Turn.LEFT
    if before is None:
        return Turn.NEW
    if before[:2] != after[:2]:
        return Turn.MOVED
    return Turn.RETIMED if abs(before[2] - after[2]) >= NOTICED else Turn.SAME


def _place(route: Route, request: int) -> tuple[int, int, int]:
    stop = next(stop for stop in route.stops if stop.request == request)
    return route.vehicle, route.driver, stop.begins


def take(day: Day, proposal: Proposal, vehicles: Collection[int]) -> Taken:
    """The routes if some vehicles' are taken as proposed and all others stay as today.

    Whoever a taken vehicle carries leaves the vehicle of today; whoever it no longer carries is left over.
    """
    taken = [route for route in proposal.routes if route.vehicle in vehicles]
    carried = {request for route in taken for request in route.requests}
    kept = [_less(day, route, carried) for route in day.today if route.vehicle not in vehicles]
    routes = (*taken, *(route for route in kept if route.requests))
    return Taken(routes, _wrong(day, routes))


def take_trip(day: Day, proposal: Proposal, request: int) -> Taken:
    """The routes if of a whole proposal only one request's trip is taken: whoever rides together then, and no more."""
    route = next(route for route in proposal.routes if request in route.requests)
    trip = next(trip for trip in trips_of(day, route) if any(stop.request == request for stop in trip))
    carried = {stop.request for stop in trip if stop.request is not None}
    # What is left of a trip under way stays as well.
    standing = [*day.road, *day.today]
    stays = [other for other in standing if other.vehicle == route.vehicle and other.driver == route.driver]
    parts = [list(part) for other in stays for part in trips_of(day, _less(day, other, carried)) if _carries(part)]
    stops = [stop for part in sorted([*parts, list(trip)], key=lambda part: part[0].begins) for stop in part]
    own = timed(day, replace(route, stops=(route.stops[0], *stops, route.stops[-1])))
    kept = [_less(day, other, carried) for other in day.today if other not in stays]
    routes = [other for other in kept if other.requests]
    if own is None:
        whole = replace(route, stops=(route.stops[0], *stops, route.stops[-1]))
        return Taken((*routes, whole), tuple(check_routes(day, [whole])))
    return Taken((*routes, own), _wrong(day, (*routes, own)))


def _wrong(day: Day, routes: Sequence[Route]) -> tuple[Violation, ...]:
    """What routes break together with the vehicles under way that they leave as they are.

    What is broken today already, such as by who is late on the road, is no fault of what is taken.
    """
    taken = {route.vehicle for route in routes}
    road = [route for route in day.road if route.vehicle not in taken and route.requests]
    known = set(check_routes(day, [*day.today, *day.road]))
    return tuple(each for each in check_routes(day, [*routes, *road]) if each not in known)


def _carries(trip: tuple[Stop, ...] | list[Stop]) -> bool:
    return any(stop.request is not None for stop in trip)


def _less(day: Day, route: Route, requests: Collection[int]) -> Route:
    """A route without some requests, at its own times where nothing changes, timed anew otherwise."""
    if not set(requests) & set(route.requests):
        return route
    shorter = replace(route, stops=tuple(stop for stop in route.stops if stop.request not in requests))
    return timed(day, shorter) or shorter


def trips_of(day: Day, route: Route) -> list[tuple[Stop, ...]]:
    """A route's stops in trips: from the first who gets in to the last who gets out, breaks and ends left aside."""
    trips: list[tuple[Stop, ...]] = []
    current: list[Stop] = []
    boarded = {stop.request for stop in route.stops if stop.doing is Doing.PICKUP}
    aboard = {stop.request for stop in route.stops if stop.doing is Doing.DROPOFF} - boarded
    stops = [stop for stop in route.stops if stop.request is not None]
    for stop, following in zip(stops, [*stops[1:], None], strict=False):
        current.append(stop)
        if stop.doing is Doing.PICKUP:
            aboard.add(stop.request)
        else:
            aboard.discard(stop.request)
        if not aboard and not _waits_for(day, stop, following):
            trips.append(tuple(current))
            current = []
    return [*trips, tuple(current)] if current else trips


def _waits_for(day: Day, stop: Stop, following: Stop | None) -> bool:
    """Whether the vehicle stays at a stop for whoever goes back from there: still the same trip."""
    if following is None or following.request is None or following.request not in day.request:
        return False
    request = day.request[following.request]
    return request.waits and request.back_of == stop.request
