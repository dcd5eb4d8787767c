"""Who drives what, and when both are free: vehicles and drivers paired for the part of the day they share.

What is held fast keeps its pair. The others are paired before routes are made, first the drivers whose languages or
skills are asked for, then the scarcest: with the vehicle in which they can serve most of those who ask, then the one
they have today, else the one that fewest others may drive. A vehicle gets a second driver after the first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from cbo_desk.transport.day import FOREVER, Day, Driver, Hold, Position, Request, Window
from cbo_desk.transport.plan import Route

LEAST = 1
"""Seconds that a pair must have together to be one."""


@dataclass(frozen=True)
class Pair:
    """A vehicle and a driver, free together from `window.earliest` to `window.latest`; `held` are their requests."""

    vehicle: int
    driver: int
    window: Window
    held: tuple[int, ...] = ()


@dataclass(frozen=True)
class _Block:
    """The time that a held request takes of its vehicle and driver."""

    vehicle: int
    driver: int
    start: int
    end: int
    request: int | None


def pairs_of(day: Day) -> list[Pair]:
    """All pairs of a day; no vehicle and no driver is in two at once."""
    pairs = _held_pairs(day)
    asking = [request for request in day.requests if request.driver_needs and request.id not in day.lock]
    for driver in sorted(day.drivers, key=lambda one: (not _asked(asking, one), _scarcity(day, one), one.id)):
        if driver.barred or driver.shift.latest - max(driver.shift.earliest, day.now) < LEAST:
            continue
        if any(pair.driver == driver.id for pair in pairs):
            continue
        choices = [
            Pair(vehicle.id, driver.id, window)
            for vehicle in day.vehicles
            if not vehicle.barred and (driver.may_drive is None or vehicle.id in driver.may_drive)
            for window in _shared(day, driver, vehicle.id, pairs)
        ]
        if choices:
            own = _asked(asking, driver)
            pairs.append(max(choices, key=lambda pair: (_served(day, own, pair), *_worth(day, pair))))
    return [pair for pair in pairs if pair.held or pair.window.latest - pair.window.earliest >= LEAST]


def _asked(asking: Sequence[Request], driver: Driver) -> list[Request]:
    """The requests that ask for what this driver has."""
    return [request for request in asking if request.driver_needs <= driver.skills]


def _served(day: Day, own: Sequence[Request], pair: Pair) -> int:
    """How many of them the pair's vehicle could take."""
    vehicle = day.vehicle[pair.vehicle]
    return sum(request.needs <= vehicle.skills and request.load.fits(vehicle.capacity) for request in own)


def _scarcity(day: Day, driver: Driver) -> int:
    return len(day.vehicles) if driver.may_drive is None else len(driver.may_drive)


def _worth(day: Day, pair: Pair) -> tuple[bool, int, int, int, int]:
    """Today's pair first, then the longest time together, then the vehicle that fewest may drive, then the largest."""
    today = any((route.vehicle, route.driver) == (pair.vehicle, pair.driver) for route in day.today)
    may = sum(driver.may_drive is None or pair.vehicle in driver.may_drive for driver in day.drivers)
    together = min(pair.window.latest - pair.window.earliest, 24 * 3600) // 1800
    return today, together, -may, day.vehicle[pair.vehicle].capacity.seats, -pair.vehicle


def _shared(day: Day, driver: Driver, vehicle: int, pairs: Sequence[Pair]) -> list[Window]:
    """When a driver on shift finds a vehicle free of its workshop and of its other drivers."""
    windows = []
    away = [
        home_at(day, position)
        for position in day.positions
        if (position.vehicle == vehicle) != (position.driver == driver.id)
    ]
    for free in day.vehicle[vehicle].free:
        earliest = max(free.earliest, driver.shift.earliest, day.now, *away)
        latest = min(free.latest, driver.shift.latest)
        taken = sorted((pair.window.earliest, pair.window.latest) for pair in pairs if pair.vehicle == vehicle)
        for start, end in [*taken, (FOREVER, FOREVER)]:
            if min(start, latest) - earliest >= LEAST:
                windows.append(Window(earliest, min(start, latest)))
            earliest = max(earliest, end)
    return windows


def home_at(day: Day, position: Position) -> int:
    """The soonest that a vehicle under way, and its driver, are home."""
    home = day.vehicle[position.vehicle].home if position.vehicle in day.vehicle else position.place
    if position.place == home:
        return position.at
    return position.at + day.matrix.leg(position.place, home, Window(position.at, position.at))


def _held_pairs(day: Day) -> list[Pair]:
    """The pairs that held requests keep, each as long as neither vehicle nor driver is held with somebody else."""
    blocks = sorted(_blocks(day), key=lambda block: (block.start, block.end))
    runs: list[list[_Block]] = []
    for block in blocks:
        last = next(
            (run for run in reversed(runs) if run[0].vehicle == block.vehicle or run[0].driver == block.driver), None
        )
        if last is not None and (last[0].vehicle, last[0].driver) == (block.vehicle, block.driver):
            last.append(block)
        else:
            runs.append([block])
    pairs = [_pair(day, run) for run in runs]
    for number, pair in enumerate(pairs):
        for other in range(number + 1, len(pairs)):
            following = pairs[other]
            if pair.vehicle != following.vehicle and pair.driver != following.driver:
                continue
            if pair.window.latest > following.window.earliest:
                end, start = runs[number][-1].end, runs[other][0].start
                middle = max(end, (end + start) // 2)
                pair = pairs[number] = replace(pair, window=Window(pair.window.earliest, middle))
                pairs[other] = replace(following, window=Window(max(middle, following.window.earliest),
                                                                following.window.latest))  # fmt: skip
    return pairs


def _pair(day: Day, run: Sequence[_Block]) -> Pair:
    driver, vehicle = day.driver[run[0].driver], day.vehicle[run[0].vehicle]
    free = next((one for one in vehicle.free if one.earliest <= run[0].start and run[-1].end <= one.latest), Window())
    window = Window(max(driver.shift.earliest, free.earliest), min(driver.shift.latest, free.latest))
    return Pair(vehicle.id, driver.id, window, tuple(dict.fromkeys(b.request for b in run if b.request is not None)))


def _blocks(day: Day) -> list[_Block]:
    """The time of each request that is held, as far as it is known; positions hold their pair from where they are."""
    blocks, today = [], {**stands(day), **{one: route for route in day.road for one in route.requests}}
    for route in day.road:
        # On the way home with nobody aboard: neither is free before they are there.
        if not route.requests and route.vehicle in day.vehicle and route.driver in day.driver:
            blocks.append(_Block(route.vehicle, route.driver, route.stops[0].leaves, route.stops[-1].arrives, None))
    for lock in day.locks:
        request = day.request.get(lock.request)
        if (
            lock.hold is Hold.DONE
            or request is None
            or lock.vehicle not in day.vehicle
            or lock.driver not in day.driver
        ):
            continue
        own = today.get(lock.request)
        if own is not None and (own.vehicle, own.driver) == (lock.vehicle, lock.driver):
            # From setting out to being home again: in between neither is free for anybody else.
            blocks.append(_Block(lock.vehicle, lock.driver, own.stops[0].leaves, own.stops[-1].arrives, lock.request))
            continue
        position, place = day.position.get(lock.vehicle), request.pickup
        start = lock.begins if lock.begins is not None else request.pickup_window.earliest
        if lock.hold is Hold.ABOARD and position is not None:
            start, place = position.at, position.place
        drive = day.matrix.leg(place, request.dropoff, Window(start, start))
        blocks.append(_Block(lock.vehicle, lock.driver, start, start + drive + request.boarding, lock.request))
    return blocks


def stands(day: Day) -> dict[int, Route]:
    """Which route of today serves each request."""
    return {request: route for route in day.today for request in route.requests}
