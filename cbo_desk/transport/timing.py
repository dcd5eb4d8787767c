"""When a route's stops can happen: a system of difference constraints, solved by Bellman and Ford's relaxation.

Each stop has one unknown, the time at which it begins. Every rule about time says that one of two such times is at
least so many seconds after the other (or after midnight): legs and boarding, windows, the longest ride, shift, duty,
what was promised. The earliest times that satisfy all of them are the longest paths from midnight; where there is a
cycle of positive length there are none, and the length says how much is missing. (Cormen, Leiserson, Rivest, Stein,
Introduction to Algorithms, "Difference constraints and shortest paths".)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from cbo_desk.transport.day import FOREVER, Day, Hold, Window
from cbo_desk.transport.legs import leg, span
from cbo_desk.transport.plan import Doing, Route, Rule, Stop

MIDNIGHT = -1
"""The node that stands for time zero."""
_NEVER = -(10**12)


@dataclass(frozen=True)
class Bound:
    """`later` begins at least `gap` seconds after `earlier` does; both are positions of stops, or midnight."""

    earlier: int
    later: int
    gap: int
    rule: Rule
    request: int | None = None


def bounds_of(day: Day, route: Route) -> list[Bound]:
    """Every rule about time that a route of known order stands under."""
    stops, driver = route.stops, day.driver[route.driver]
    bounds = list(_legs(day, route))
    pickups = {stop.request: node for node, stop in enumerate(stops) if stop.doing is Doing.PICKUP}
    for node, stop in enumerate(stops):
        if node and day.now > -FOREVER:
            # Whatever has not happened yet happens now at the earliest, wherever its vehicle was last seen.
            bounds.append(Bound(MIDNIGHT, node, day.now, Rule.TRAVEL))
        if stop.doing is Doing.BREAK and stop.rest is not None:
            bounds += _within(node, driver.breaks[stop.rest].window, Rule.BREAK)
        if stop.request is None:
            continue
        request = day.request[stop.request]
        if stop.doing is Doing.PICKUP:
            bounds += _within(node, request.pickup_window, Rule.WINDOW, request.id)
            bounds += _promised(day, request.id, node)
        else:
            bounds += _within(node, request.dropoff_window, Rule.WINDOW, request.id)
            bounds += _ride(day, request.id, node, pickups.get(request.id))
    return bounds + list(_duty(day, route))


def service_of(day: Day, route: Route, stop: Stop) -> int:
    """Seconds between the beginning of a stop and its end."""
    if stop.doing is Doing.BREAK and stop.rest is not None:
        return day.driver[route.driver].breaks[stop.rest].length
    if stop.request is None:
        return 0
    request = day.request[stop.request]
    return request.boarding if stop.doing is Doing.PICKUP else request.alighting


def _legs(day: Day, route: Route) -> Iterator[Bound]:
    for node, (stop, following) in enumerate(zip(route.stops, route.stops[1:], strict=False)):
        gap = leg(day, stop, following)
        position = day.position.get(route.vehicle)
        if node == 0 and position is not None and position.driver == route.driver:
            since, gap = _left(day, position.at, stop, following, gap)
            yield Bound(MIDNIGHT, 0, since, Rule.TRAVEL)
        yield Bound(node, node + 1, service_of(day, route, stop) + gap, Rule.TRAVEL)


def _left(day: Day, at: int, stop: Stop, following: Stop, gap: int) -> tuple[int, int]:
    """When a vehicle leaves where it was last seen, and how long it drives from then.

    `gap` is reckoned from now on, but it may have left on slower roads: then whichever arrives first, at once and as
    slowly as then, or as soon as the roads are free enough.
    """

    def drive(start: int) -> int:
        return day.matrix.leg(stop.place, following.place, Window(start, start))

    slow = 0 if following.doing is Doing.BREAK and following.place == stop.place else drive(at)
    if slow <= gap:
        return at, gap
    free = [band.until for band in day.matrix.bands if at < band.until < FOREVER and drive(band.until) <= gap]
    return (free[0], gap) if free and free[0] + gap < at + slow else (at, slow)


def _within(node: int, window: Window, rule: Rule, request: int | None = None) -> Iterator[Bound]:
    if window.earliest > -FOREVER:
        yield Bound(MIDNIGHT, node, window.earliest, rule, request)
    if window.latest < FOREVER:
        yield Bound(node, MIDNIGHT, -window.latest, rule, request)


def _promised(day: Day, request: int, node: int) -> Iterator[Bound]:
    lock = day.lock.get(request)
    if lock is not None and lock.begins is not None and lock.hold in (Hold.CONFIRMED, Hold.FROZEN):
        yield from _within(node, Window(lock.begins - lock.slack, lock.begins + lock.slack), Rule.LOCK, request)


def _ride(day: Day, request: int, node: int, pickup: int | None) -> Iterator[Bound]:
    wanted, lock = day.request[request], day.lock.get(request)
    if wanted.max_ride is None:
        return
    if pickup is not None:
        yield Bound(node, pickup, -(wanted.boarding + wanted.max_ride), Rule.RIDE, request)
    elif lock is not None and lock.boarded is not None:
        yield Bound(node, MIDNIGHT, -(lock.boarded + wanted.max_ride), Rule.RIDE, request)


def _duty(day: Day, route: Route) -> Iterator[Bound]:
    """Shift, duty and hours of the vehicle, from the start to the end of the route."""
    driver, end = day.driver[route.driver], len(route.stops) - 1
    position = day.position.get(route.vehicle)
    if position is not None and position.driver == route.driver:
        if driver.duty < FOREVER:
            yield Bound(end, MIDNIGHT, -(position.since + driver.duty), Rule.DUTY)
    else:
        yield from _within(0, Window(max(day.now, driver.shift.earliest)), Rule.SHIFT)
        if driver.duty < FOREVER:
            yield Bound(end, 0, -driver.duty, Rule.DUTY)
    yield from _within(end, Window(latest=driver.shift.latest), Rule.SHIFT)
    free = best_free(day, route)
    yield from _within(0, Window(free.earliest), Rule.FREE)
    yield from _within(end, Window(latest=free.latest), Rule.FREE)


def best_free(day: Day, route: Route) -> Window:
    """Which of its vehicle's free hours a route is meant for: those that share most with its requests' windows."""
    free = day.vehicle[route.vehicle].free
    if len(free) == 1:
        return free[0]
    spans = [span(day, stop) for stop in route.stops if stop.request is not None]
    spans = [span for span in spans if span[1] < FOREVER] or [(day.now, FOREVER)]

    def shared(window: Window) -> int:
        return sum(window.earliest <= latest and earliest <= window.latest for earliest, latest in spans)

    return max(free, key=shared, default=Window(FOREVER, -FOREVER))


def earliest_times(bounds: Sequence[Bound], stops: int) -> list[int] | None:
    """The earliest time at which each stop can begin, or None where not all bounds can hold.

    A stop that nothing holds back begins at midnight of time itself; the caller bounds what matters.
    """
    times = longest(bounds, stops, MIDNIGHT)
    return None if times is None else [max(time, -FOREVER) for time in times[:stops]]


def longest(bounds: Sequence[Bound], stops: int, source: int, extra: int = 0) -> list[int] | None:
    """Longest paths from a node to all others; None where a cycle has a length.

    Entries are the stops', then room for `extra` further nodes from position `stops + 1`, and midnight's at the end.
    """
    times = [_NEVER] * (stops + 1 + 2 * extra)
    times[source] = 0
    for _ in range(stops + 2 + extra):
        changed = False
        for bound in bounds:
            time = times[bound.earlier]
            if time > _NEVER and time + bound.gap > times[bound.later]:
                times[bound.later] = time + bound.gap
                changed = True
        if not changed:
            return times
    return None


def missing(bounds: Sequence[Bound], stops: int) -> list[tuple[Bound, int]]:
    """Which bounds, each relaxed alone, would make an impossible route possible, and by how many seconds; least first.

    Where no single one suffices, the bounds of one impossible cycle are named with the cycle's length, which each
    has to be relaxed by at least.
    """
    found = []
    for number, bound in enumerate(bounds):
        if bound.rule is Rule.TRAVEL:
            continue
        others = [*bounds[:number], *bounds[number + 1 :]]
        if earliest_times(others, stops) is None:
            continue
        paths = longest(others, stops, bound.later)
        if paths is not None and paths[bound.earlier] > _NEVER and paths[bound.earlier] + bound.gap > 0:
            found.append((bound, paths[bound.earlier] + bound.gap))
    return sorted(found, key=lambda pair: pair[1]) or _cycle(bounds, stops)


def _cycle(bounds: Sequence[Bound], stops: int) -> list[tuple[Bound, int]]:
    """The relaxable bounds of one impossible cycle, with its length."""
    times, cause = [0] * (stops + 1), [None] * (stops + 1)
    last = MIDNIGHT
    causes: list[Bound | None] = list(cause)
    for _ in range(stops + 2):
        for bound in bounds:
            if times[bound.earlier] + bound.gap > times[bound.later]:
                times[bound.later] = times[bound.earlier] + bound.gap
                causes[bound.later] = bound
                last = bound.later
    for _ in range(stops + 2):
        back = causes[last]
        assert back is not None
        last = back.earlier
    cycle, node = [], last
    while True:
        back = causes[node]
        assert back is not None
        cycle.append(back)
        node = back.earlier
        if node == last:
            break
    length = sum(bound.gap for bound in cycle)
    return [(bound, length) for bound in cycle if bound.rule is not Rule.TRAVEL]


def timed(day: Day, route: Route) -> Route | None:
    """The route with the earliest times that can be kept, leaving home as late as they allow; None if none can."""
    bounds = bounds_of(day, route)
    begins = earliest_times(bounds, len(route.stops))
    if begins is None:
        return None
    drives = [bound.gap for bound in bounds if bound.rule is Rule.TRAVEL and bound.earlier != MIDNIGHT]
    if len(begins) > 1:
        begins[0] = _leaving(day, route, begins[0], max(begins[0], begins[1] - drives[0]), drives[0])
    stops, arrives = [], begins[0]
    for stop, begin, drive in zip(route.stops, begins, [*drives, 0], strict=True):
        service = service_of(day, route, stop)
        stops.append(replace(stop, arrives=arrives, begins=begin, leaves=begin + service))
        arrives = begin + drive
    return replace(route, stops=tuple(stops))


def _leaving(day: Day, route: Route, soonest: int, latest: int, drive: int) -> int:
    """The later of two times to leave home, or the sooner where only then the roads are as free as the drive asks."""
    first, following = route.stops[0], route.stops[1]
    by_road = [day.matrix.leg(first.place, following.place, Window(start, start)) for start in (soonest, latest)]
    return soonest if by_road[0] <= drive < by_road[1] else latest


def all_timed(day: Day, routes: Iterable[Route]) -> tuple[Route, ...] | None:
    """Every route with its times, or None where one cannot be driven."""
    answer = [timed(day, route) for route in routes]
    whole = tuple(route for route in answer if route is not None)
    return whole if len(whole) == len(answer) else None
