"""The day goes on: what is over, who is aboard, where vehicles are, once some of the routes have been driven."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from cbo_desk.transport.day import Day, Driver, Hold, Lock, Position, Window
from cbo_desk.transport.plan import Doing, Route, Stop


def at(day: Day, routes: Sequence[Route], now: int) -> Day:
    """The day at a later time, if the routes were driven as they say until then.

    Whoever was set down is over, whoever sits in a vehicle is aboard; a vehicle on its way will be where it is going,
    and one that has come home has been out since it left.
    """
    locks = {lock.request: lock for lock in day.locks}
    positions = {position.vehicle: position for position in day.positions}
    drivers = dict(day.driver)
    ahead = []
    for route in routes:
        driven = [stop for stop in route.stops if _has_happened(stop, now)]
        if not driven:
            ahead.append(route)
            continue
        coming = next((stop for stop in route.stops if not _has_happened(stop, now)), None)
        if driven[-1].leaves > now:
            coming = None  # the vehicle stands until its stop or break is over
        for stop in driven:
            _note(locks, route, stop)
        where = driven[-1] if coming is None else coming
        within = 0 if coming is None else day.matrix.leg(where.place, where.place, Window(now, now))
        since = min([route.stops[0].leaves, *(p.since for p in positions.values() if p.driver == route.driver)])
        ready = where.leaves if coming is None else max(coming.arrives - within, now - within)
        positions[route.vehicle] = Position(route.vehicle, route.driver, where.place, ready, since)
        taken = {stop.rest for stop in driven if stop.rest is not None}
        drivers[route.driver] = _rested(drivers[route.driver], taken)
        rest = _renumbered(tuple(stop for stop in route.stops if not _has_happened(stop, now)), len(taken))
        if any(stop.request is not None for stop in rest):
            start = Stop(Doing.START, where.place, ready, ready, ready)
            ahead.append(replace(route, stops=(start, *rest)))
    return replace(day, now=now, locks=tuple(locks.values()), positions=tuple(positions.values()), today=tuple(ahead))


def _has_happened(stop: Stop, now: int) -> bool:
    """Whether a stop has begun: who gets in or out just now has been driven, and a break that is on is taken."""
    return stop.begins <= now


def _rested(driver: Driver, taken: set[int]) -> Driver:
    """A driver without the breaks that were taken."""
    return replace(driver, breaks=tuple(rest for number, rest in enumerate(driver.breaks) if number not in taken))


def _renumbered(stops: tuple[Stop, ...], taken: int) -> tuple[Stop, ...]:
    """Stops whose breaks count on from those taken; breaks are taken in their order."""
    return tuple(replace(stop, rest=stop.rest - taken) if stop.rest is not None else stop for stop in stops)


def _note(locks: dict[int, Lock], route: Route, stop: Stop) -> None:
    if stop.request is None:
        return
    if stop.doing is Doing.PICKUP:
        locks[stop.request] = Lock(stop.request, route.vehicle, route.driver, Hold.ABOARD, boarded=stop.leaves)
    else:
        locks[stop.request] = Lock(stop.request, route.vehicle, route.driver, Hold.DONE)
