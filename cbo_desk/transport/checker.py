"""Whether a plan can be driven as it says: no plan reaches the screen without having passed here.

The checker reads the day and the plan's own times, and believes nobody: it knows no solver, no search and none of
their arithmetic. Where a route cannot be timed at all, `why_impossible` says which rule is short of how many minutes
(`cbo_desk.transport.timing`).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

from cbo_desk.transport.day import FOREVER, Day, Driver, Hold, Load, Position, Request, Vehicle, Window
from cbo_desk.transport.plan import Doing, Proposal, Route, Rule, Violation
from cbo_desk.transport.skills import wanted
from cbo_desk.transport.timing import bounds_of, missing
from cbo_desk.transport.words import clock, minutes

Violations = Iterator[Violation]


def check(day: Day, proposal: Proposal) -> list[Violation]:
    """Everything that is wrong with a proposal; empty where nothing is."""
    found = list(check_routes(day, proposal.routes))
    for route in proposal.routes:
        if route.vehicle in proposal.apart and route.vehicle in day.vehicle:
            found.append(_of(day.vehicle[route.vehicle], Rule.LOCK, "is set apart, yet it is planned"))
    served = {request for route in proposal.routes for request in route.requests}
    apart = {lock.request for lock in day.locks if lock.vehicle in proposal.apart}
    apart |= {request.id for request in day.requests if request.back_of in apart}
    due = {request.id for request in day.requests if not _is_done(day, request.id)} - apart
    for request in sorted(due - served - set(proposal.unassigned)):
        found.append(_about(day, request, Rule.PAIRING, "is neither in a route nor named as left over"))
    for request in sorted(served & set(proposal.unassigned)):
        found.append(_about(day, request, Rule.TWICE, "is in a route and named as left over"))
    for lock in day.locks:
        if lock.hold is not Hold.DONE and lock.request not in served | apart:
            found.append(_about(day, lock.request, Rule.LOCK, "is held fast, yet no route serves it", lock.vehicle))
    return found


def check_routes(day: Day, routes: Sequence[Route]) -> Violations:
    """What is wrong with routes, each by itself and all together."""
    sound = []
    for route in routes:
        unknown = list(_unknown(day, route))
        yield from unknown
        if not unknown:
            sound.append(route)
            yield from check_route(day, route)
    served = Counter(request for route in sound for request in route.requests)
    for request, times in served.items():
        if times > 1:
            yield _about(day, request, Rule.TWICE, f"is served by {times} routes")
    yield from _one_place_at_a_time(day, sound)
    yield from _back_with_the_same(day, sound)
    yield from _duty_of_drivers(day, sound)


def check_route(day: Day, route: Route) -> Violations:
    """What is wrong with one route of known vehicle, driver, places and requests."""
    vehicle, driver = day.vehicle[route.vehicle], day.driver[route.driver]
    yield from _allowed(vehicle, driver)
    yield from _ends(day, vehicle, route)
    yield from _pairs(day, route)
    yield from _fit(day, vehicle, driver, route)
    yield from _aboard(day, vehicle, route)
    yield from _travel(day, route)
    yield from _windows(day, route)
    yield from _rides(day, route)
    yield from _hours(day, vehicle, driver, route)
    yield from _held(day, route)
    yield from _waits(day, route)


def why_impossible(day: Day, route: Route) -> list[Violation]:
    """Which rules about time a route of this order is short of, least first: each alone would make it possible."""
    short = missing(bounds_of(day, route), len(route.stops))
    return [
        Violation(bound.rule, f"{_whose(day, route, bound.request)}: {_RULED[bound.rule]} by {minutes(seconds)}",
                  route.vehicle, bound.request, seconds)
        for bound, seconds in short
    ]  # fmt: skip


_RULED = {
    Rule.WINDOW: "comes too late",
    Rule.RIDE: "rides too long",
    Rule.SHIFT: "the driver's shift is too short",
    Rule.DUTY: "the driver's duty is too long",
    Rule.BREAK: "the driver's break comes too late",
    Rule.FREE: "the vehicle is needed elsewhere",
    Rule.LOCK: "the time that was promised is missed",
}


def _whose(day: Day, route: Route, request: int | None) -> str:
    return day.vehicle[route.vehicle].name if request is None else day.request[request].name


def _is_done(day: Day, request: int) -> bool:
    lock = day.lock.get(request)
    return lock is not None and lock.hold is Hold.DONE


def _about(day: Day, request: int, rule: Rule, said: str, vehicle: int | None = None, by: int = 0) -> Violation:
    name = day.request[request].name if request in day.request else f"Request {request}"
    return Violation(rule, f"{name} {said}.", vehicle, request, by)


def _of(vehicle: Vehicle, rule: Rule, said: str, by: int = 0) -> Violation:
    return Violation(rule, f"{vehicle.name}: {said}.", vehicle.id, None, by)


# --- What is there, and in what order -----------------------------------------------------------------------------


def _unknown(day: Day, route: Route) -> Violations:
    """What no record is known of; nothing else can be said of such a route."""
    if route.vehicle not in day.vehicle:
        yield Violation(Rule.UNKNOWN, f"Vehicle {route.vehicle} is not known.", route.vehicle)
        return
    vehicle, places = day.vehicle[route.vehicle], len(day.matrix.places)
    if route.driver not in day.driver:
        yield _of(vehicle, Rule.UNKNOWN, f"driver {route.driver} is not known")
        return
    breaks = len(day.driver[route.driver].breaks)
    for stop in route.stops:
        if not 0 <= stop.place < places:
            yield _of(vehicle, Rule.UNKNOWN, f"place {stop.place} is not in the travel times")
        if (stop.request is not None) != (stop.doing in (Doing.PICKUP, Doing.DROPOFF)):
            yield _of(vehicle, Rule.UNKNOWN, "a stop does not say for whom it is")
        elif stop.request is not None and stop.request not in day.request:
            yield _of(vehicle, Rule.UNKNOWN, f"request {stop.request} is not known")
        if (stop.doing is Doing.BREAK) != (stop.rest is not None and 0 <= stop.rest < breaks):
            yield _of(vehicle, Rule.UNKNOWN, "a break is not one of the driver's")


def _allowed(vehicle: Vehicle, driver: Driver) -> Violations:
    if vehicle.barred:
        yield _of(vehicle, Rule.BARRED, vehicle.barred.rstrip("."))
    if driver.barred:
        yield _of(vehicle, Rule.BARRED, f"{driver.name}: {driver.barred.rstrip('.')}")
    if driver.may_drive is not None and vehicle.id not in driver.may_drive:
        yield _of(vehicle, Rule.LICENCE, f"{driver.name} may not drive it")


def _ends(day: Day, vehicle: Vehicle, route: Route) -> Violations:
    """A route leaves from where its vehicle is, comes home, and does neither in between."""
    doings = [stop.doing for stop in route.stops]
    if len(doings) < 2 or doings[0] is not Doing.START or doings[-1] is not Doing.END:
        yield _of(vehicle, Rule.ORDER, "the route does not begin with a start and end with an end")
        return
    if any(doing in (Doing.START, Doing.END) for doing in doings[1:-1]):
        yield _of(vehicle, Rule.ORDER, "the route starts or ends in its middle")
    position = _position(day, route)
    start = vehicle.home if position is None else position.place
    if route.stops[0].place != start:
        yield _of(vehicle, Rule.ORDER, f"the route starts elsewhere than at {day.matrix.places[start]}")
    if route.stops[-1].place != vehicle.home:
        yield _of(vehicle, Rule.ORDER, f"the route does not end at {day.matrix.places[vehicle.home]}")


def _position(day: Day, route: Route) -> Position | None:
    position = day.position.get(route.vehicle)
    return position if position is not None and position.driver == route.driver else None


def _pairs(day: Day, route: Route) -> Violations:
    """Everybody is picked up once where they wait, and then set down once where they go; those aboard only set down."""
    for request_id in route.requests:
        request, lock = day.request[request_id], day.lock.get(request_id)
        if lock is not None and lock.hold is Hold.DONE:
            yield _about(day, request_id, Rule.LOCK, "is over, and cannot be driven again", route.vehicle)
        own = [stop for stop in route.stops if stop.request == request_id]
        aboard = lock is not None and lock.hold is Hold.ABOARD
        expected = [Doing.DROPOFF] if aboard else [Doing.PICKUP, Doing.DROPOFF]
        doings = [stop.doing for stop in own]
        if sorted(doings) != sorted(expected):
            yield _about(day, request_id, Rule.PAIRING, "is not picked up once and set down once", route.vehicle)
        elif doings != expected:
            yield _about(day, request_id, Rule.ORDER, "is set down before it is picked up", route.vehicle)
        for stop in own:
            if stop.place != (request.pickup if stop.doing is Doing.PICKUP else request.dropoff):
                place = day.matrix.places[stop.place]
                yield _about(day, request_id, Rule.UNKNOWN, f"has no business at {place}", route.vehicle)


def _fit(day: Day, vehicle: Vehicle, driver: Driver, route: Route) -> Violations:
    for request_id in route.requests:
        request = day.request[request_id]
        lacking = sorted(request.needs - vehicle.skills)
        if lacking:
            said = f"needs {', '.join(lacking)}, which {vehicle.name} does not offer"
            yield _about(day, request_id, Rule.SKILL, said, vehicle.id, len(lacking))
        missing = sorted(request.driver_needs - driver.skills)
        if missing:
            said = f"needs {wanted(missing)}; {driver.name} does not"
            yield _about(day, request_id, Rule.SKILL, said, vehicle.id, len(missing))


def _aboard(day: Day, vehicle: Vehicle, route: Route) -> Violations:
    """On every leg those aboard have their seats, and whoever ordered the vehicle alone is alone."""
    aboard: list[Request] = [
        day.request[request]
        for request in route.requests
        if (lock := day.lock.get(request)) is not None and lock.hold is Hold.ABOARD
    ]
    yield from _room(vehicle, aboard)
    for stop in route.stops:
        if stop.doing is Doing.BREAK and aboard:
            yield _about(day, aboard[0].id, Rule.BREAK, "is aboard during the driver's break", vehicle.id)
        if stop.request is None:
            continue
        request = day.request[stop.request]
        if stop.doing is Doing.DROPOFF:
            aboard = [other for other in aboard if other is not request]
            continue
        aboard.append(request)
        yield from _room(vehicle, aboard)
        if len(aboard) > 1:
            alone = next((other for other in aboard if not other.pooled), None)
            if alone is not None:
                yield _about(day, alone.id, Rule.POOL, "is not alone, though it is not to be pooled", vehicle.id)


def _room(vehicle: Vehicle, aboard: Sequence[Request]) -> Violations:
    load = Load()
    for request in aboard:
        load += request.load
    for rule, needed, there in (
        (Rule.SEATS, load.seats, vehicle.capacity.seats),
        (Rule.WHEELCHAIRS, load.wheelchairs, vehicle.capacity.wheelchairs),
        (Rule.LUGGAGE, load.luggage, vehicle.capacity.luggage),
    ):
        if needed > there:
            said = f"{needed} {_UNITS[rule]} are needed where it has {there}"
            yield Violation(rule, f"{vehicle.name}: {said}.", vehicle.id, aboard[-1].id, needed - there)


_UNITS = {Rule.SEATS: "seats", Rule.WHEELCHAIRS: "wheelchair places", Rule.LUGGAGE: "units of luggage"}


# --- When --------------------------------------------------------------------------------------------------------


def _travel(day: Day, route: Route) -> Violations:
    """No stop begins before it is reached or is left before it is over, and no leg is driven faster than it can be."""
    vehicle, breaks = day.vehicle[route.vehicle], day.driver[route.driver].breaks
    for stop in route.stops:
        needed = 0
        if stop.request is not None:
            request = day.request[stop.request]
            needed = request.boarding if stop.doing is Doing.PICKUP else request.alighting
        elif stop.rest is not None:
            needed = breaks[stop.rest].length
        if stop.begins < stop.arrives or stop.leaves < stop.begins + needed:
            by = max(stop.arrives - stop.begins, stop.begins + needed - stop.leaves)
            said = f"the stop at {clock(stop.begins)} is {minutes(by)} short"
            yield Violation(Rule.TRAVEL, f"{vehicle.name}: {said}.", vehicle.id, stop.request, by)
    for stop, following in zip(route.stops, route.stops[1:], strict=False):
        drive = day.matrix.leg(stop.place, following.place, Window(stop.leaves, stop.leaves))
        if following.doing is Doing.BREAK and following.place == stop.place:
            drive = 0  # a break is taken where the vehicle stands
        late = stop.leaves + drive - following.arrives
        if late > 0:
            places = f"{day.matrix.places[stop.place]} to {day.matrix.places[following.place]}"
            said = f"{places} at {clock(stop.leaves)} takes {minutes(late)} more"
            yield Violation(Rule.TRAVEL, f"{vehicle.name}: {said}.", vehicle.id, following.request, late)


def _windows(day: Day, route: Route) -> Violations:
    for stop in route.stops:
        if stop.request is None:
            continue
        request = day.request[stop.request]
        pickup = stop.doing is Doing.PICKUP
        if stop.begins < day.now:
            by = day.now - stop.begins
            yield _about(day, request.id, Rule.PAST, f"would have begun {minutes(by)} ago", route.vehicle, by)
        window, what = (request.pickup_window, "pick-up") if pickup else (request.dropoff_window, "drop-off")
        if stop.begins > window.latest:
            by = stop.begins - window.latest
            yield _about(day, request.id, Rule.WINDOW, f"{what} is {minutes(by)} late", route.vehicle, by)
        elif stop.begins < window.earliest:
            by = window.earliest - stop.begins
            yield _about(day, request.id, Rule.WINDOW, f"{what} is {minutes(by)} early", route.vehicle, by)


def _rides(day: Day, route: Route) -> Violations:
    boarded = {
        lock.request: lock.boarded for lock in day.locks if lock.hold is Hold.ABOARD and lock.boarded is not None
    }
    for stop in route.stops:
        if stop.request is None:
            continue
        if stop.doing is Doing.PICKUP:
            boarded[stop.request] = stop.leaves
            continue
        longest, since = day.request[stop.request].max_ride, boarded.get(stop.request)
        if longest is not None and since is not None and stop.begins - since > longest:
            by = stop.begins - since - longest
            yield _about(day, stop.request, Rule.RIDE, f"rides {minutes(by)} too long", route.vehicle, by)


def _hours(day: Day, vehicle: Vehicle, driver: Driver, route: Route) -> Violations:
    """The driver is on shift and the vehicle is free the whole way; nothing starts in the past."""
    start, end = route.stops[0].leaves, route.stops[-1].arrives
    position = _position(day, route)
    since = start if position is None else position.at
    if start < (day.now if position is None else position.at):
        by = (day.now if position is None else position.at) - start
        yield _of(vehicle, Rule.SHIFT, f"leaves {minutes(by)} before it can", by)
    for by, said in (
        (driver.shift.earliest - since, f"leaves {{}} before {driver.name}'s shift"),
        (end - driver.shift.latest, f"is back {{}} after {driver.name}'s shift"),
    ):
        if by > 0 and not (position is not None and "before" in said):
            yield _of(vehicle, Rule.SHIFT, said.format(minutes(by)), by)
    if not any(free.earliest <= since and end <= free.latest for free in vehicle.free):
        by = min((max(free.earliest - since, 0) + max(end - free.latest, 0) for free in vehicle.free), default=FOREVER)
        yield _of(vehicle, Rule.FREE, "is out of use for part of that time", by)
    for stop in route.stops:
        if stop.rest is not None:
            window = driver.breaks[stop.rest].window
            by = max(stop.begins - window.latest, window.earliest - stop.begins)
            if by > 0:
                yield _of(vehicle, Rule.BREAK, f"{driver.name}'s break is {minutes(by)} out of its time", by)


def _held(day: Day, route: Route) -> Violations:
    """What was promised or is under way stays with its vehicle, its driver and its time."""
    for stop in route.stops:
        lock = None if stop.request is None else day.lock.get(stop.request)
        if lock is None:
            continue
        if (lock.vehicle, lock.driver) != (route.vehicle, route.driver):
            yield _about(day, lock.request, Rule.LOCK, "is held by another vehicle or driver", route.vehicle)
        promised = lock.hold in (Hold.CONFIRMED, Hold.FROZEN) and lock.begins is not None
        if promised and stop.doing is Doing.PICKUP:
            assert lock.begins is not None
            by = abs(stop.begins - lock.begins) - lock.slack
            if by > 0:
                yield _about(
                    day, lock.request, Rule.LOCK, f"is moved by {minutes(by)} more than promised", route.vehicle, by
                )


def _waits(day: Day, route: Route) -> Violations:
    """Where a vehicle waits for its passengers, nothing lies between setting down and picking up but a break."""
    doing = [stop for stop in route.stops if stop.request is not None]
    for before, stop in zip([None, *doing], doing, strict=False):
        request = day.request[stop.request] if stop.request is not None else None
        if request is None or stop.doing is not Doing.PICKUP or not request.waits or request.back_of is None:
            continue
        out = day.lock.get(request.back_of)
        if out is not None and out.hold is Hold.DONE:
            # The way out was driven before this route begins: its vehicle has waited until now.
            if before is not None or (out.vehicle, out.driver) != (route.vehicle, route.driver):
                yield _about(day, request.id, Rule.WAIT, "finds no vehicle that has waited for it", route.vehicle)
        elif before is None or before.request != request.back_of or before.doing is not Doing.DROPOFF:
            yield _about(day, request.id, Rule.WAIT, "finds no vehicle that has waited for it", route.vehicle)


# --- Several routes -----------------------------------------------------------------------------------------------


def _vehicle_of(route: Route) -> int:
    return route.vehicle


def _driver_of(route: Route) -> int:
    return route.driver


def _one_place_at_a_time(day: Day, routes: Sequence[Route]) -> Violations:
    """Neither vehicle nor driver is on two routes at once."""
    for name, key in (("vehicle", _vehicle_of), ("driver", _driver_of)):
        spans: defaultdict[int, list[tuple[int, int, Route]]] = defaultdict(list)
        for route in routes:
            spans[key(route)].append((route.stops[0].leaves, route.stops[-1].arrives, route))
        for own in spans.values():
            own.sort(key=lambda span: span[:2])
            for (_, end, _), (start, _, route) in zip(own, own[1:], strict=False):
                if start < end:
                    said = f"its {name} is out until {clock(end)}"
                    yield _of(day.vehicle[route.vehicle], Rule.CLASH, said, end - start)
    for route in routes:
        for position in day.positions:
            vehicle, driver = position.vehicle == route.vehicle, position.driver == route.driver
            end, start = _home_again(day, position), route.stops[0].leaves
            if vehicle != driver and start < end:
                said = f"its {'vehicle' if vehicle else 'driver'} is out until {clock(end)}"
                yield _of(day.vehicle[route.vehicle], Rule.CLASH, said, end - start)


def _home_again(day: Day, position: Position) -> int:
    """The soonest that a vehicle under way is home, whatever it still has to do."""
    vehicle = day.vehicle.get(position.vehicle)
    if vehicle is None or vehicle.home == position.place:
        return position.at
    return position.at + day.matrix.leg(position.place, vehicle.home, Window(position.at, position.at))


def _back_with_the_same(day: Day, routes: Sequence[Route]) -> Violations:
    """A way back goes with the vehicle of the way out, and after it."""
    by_request = {request: route for route in routes for request in route.requests}
    for request_id, route in by_request.items():
        out = day.request[request_id].back_of
        if out is None or out not in day.request or _is_done(day, out):
            continue
        other = by_request.get(out)
        if other is None or other.vehicle != route.vehicle:
            yield _about(day, request_id, Rule.BACK, "does not go back with the vehicle of its way out", route.vehicle)


def _duty_of_drivers(day: Day, routes: Sequence[Route]) -> Violations:
    """From the first departure to the last return no driver is on duty for longer than allowed, and each has breaks."""
    by_driver: defaultdict[int, list[Route]] = defaultdict(list)
    for route in routes:
        by_driver[route.driver].append(route)
    for driver_id, own in by_driver.items():
        driver = day.driver[driver_id]
        starts = [route.stops[0].leaves for route in own]
        starts += [position.since for position in day.positions if position.driver == driver_id]
        by = max(route.stops[-1].arrives for route in own) - min(starts) - driver.duty
        if by > 0:
            said = f"{driver.name} is on duty {minutes(by)} too long"
            yield _of(day.vehicle[own[0].vehicle], Rule.DUTY, said, by)
        yield from _breaks(day, driver, own)


def _breaks(day: Day, driver: Driver, own: Sequence[Route]) -> Violations:
    """Each break is a stop of a route, or falls before, between or after routes."""
    taken = {stop.rest for route in own for stop in route.stops if stop.rest is not None}
    spans = sorted((route.stops[0].leaves, route.stops[-1].arrives) for route in own)
    for number, rest in enumerate(driver.breaks):
        if number in taken:
            continue
        begin = rest.window.earliest
        for start, end in spans:
            if begin + rest.length <= start:
                break
            begin = max(begin, end)
        if begin > rest.window.latest:
            said = f"{driver.name} has no break of {minutes(rest.length)} by {clock(rest.window.latest)}"
            yield _of(day.vehicle[own[0].vehicle], Rule.BREAK, said, begin - rest.window.latest)


def violations_said(violations: Iterable[Violation]) -> str:
    """All violations in one text, for a log."""
    return " ".join(violation.said for violation in violations)
