"""Why a request goes with no vehicle: for each one the true reason, never a guess.

First what no hour mends: papers, skills, room, no driver. Then whether it could go if the vehicle had nothing else to
do. Then, with the others staying in their order, every pair of places at which it could get in and out is tried: the
one that is short of the fewest minutes is named, with the smallest move of the request's own windows that fits (the
same system of difference constraints with the move as one more unknown), and the trip that would have to go instead.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from cbo_desk.transport.checker import check_route, why_impossible
from cbo_desk.transport.crews import Pair, pairs_of
from cbo_desk.transport.day import Day, Hold, Load, Request, Vehicle, Window
from cbo_desk.transport.plan import Doing, Proposal, Reason, Route, Rule, Stop, Violation
from cbo_desk.transport.skills import wanted
from cbo_desk.transport.timing import MIDNIGHT, Bound, bounds_of, longest, timed
from cbo_desk.transport.words import minutes

_ROOM = {Rule.SEATS: "seats", Rule.WHEELCHAIRS: "wheelchair places", Rule.LUGGAGE: "units of luggage"}
_TIMES = (Rule.WINDOW, Rule.RIDE, Rule.SHIFT, Rule.DUTY, Rule.FREE, Rule.BREAK, Rule.LOCK, Rule.TRAVEL)


def reasons(day: Day, proposal: Proposal, request_id: int) -> list[Reason]:
    """Why a request that is left over goes with none of the vehicles, nearest to going first."""
    who = riders(day, request_id)
    found = []
    for vehicle in day.vehicles:
        if vehicle.id in proposal.apart:
            said = "What it has promised cannot all be kept, so no plan touches it."
            found.append(Reason(who[0].id, vehicle.id, None, Rule.LOCK, said))
            continue
        own = [route for route in proposal.routes if route.vehicle == vehicle.id]
        routes = [*own, *(empty_route(day, pair) for pair in idle_pairs(day, proposal, vehicle))]
        # Whoever has what is asked for says why not; where nobody has it, that is why.
        routes = [route for route in routes if _asked(who) <= day.driver[route.driver].skills] or routes
        found.append(min((_reason(day, vehicle, route, who) for route in routes), key=_nearness, default=None)
                     or _without_driver(day, proposal, vehicle, who))  # fmt: skip
    return sorted(found, key=_nearness)


def idle_pairs(day: Day, proposal: Proposal, vehicle: Vehicle) -> list[Pair]:
    """A vehicle with each driver who may drive it and has no route in a plan; of a vehicle on a route, with those who
    drive it after the first.
    """
    busy = _busy(day, proposal)
    if any(route.vehicle == vehicle.id for route in proposal.routes) or vehicle.id in day.position:
        return [pair for pair in pairs_of(day) if pair.vehicle == vehicle.id and pair.driver not in busy]
    return [
        Pair(vehicle.id, driver.id, driver.shift)
        for driver in day.drivers
        if driver.id not in busy and not driver.barred and (driver.may_drive is None or vehicle.id in driver.may_drive)
    ]


def _busy(day: Day, proposal: Proposal) -> set[int]:
    """The drivers who have something to drive: by the plan, on the road, or with a vehicle that was set apart."""
    apart = {route.driver for route in day.today if route.vehicle in proposal.apart}
    apart |= {lock.driver for lock in day.locks if lock.vehicle in proposal.apart}
    return apart | {route.driver for route in proposal.routes} | {position.driver for position in day.positions}


def riders(day: Day, request_id: int) -> tuple[Request, ...]:
    """A request with the way back that its vehicle waits for; named by either of the two."""
    request = day.request[request_id]
    out = request.back_of
    if request.waits and out is not None and out in day.request and out not in day.lock:
        request = day.request[out]
    backs = [other for other in day.requests if other.back_of == request.id and other.waits]
    return (request, *backs)


def _nearness(reason: Reason) -> tuple[bool, int, int]:
    """What a small move mends comes first, then what lacks minutes, then what lacks anything else."""
    timely = reason.rule in _TIMES
    return reason.shift is None, 0 if timely else 1, abs(reason.shift) if reason.shift is not None else reason.by


def empty_route(day: Day, pair: Pair) -> Route:
    """A pair that stays at home."""
    home = day.vehicle[pair.vehicle].home
    return Route(pair.vehicle, pair.driver, (Stop(Doing.START, home), Stop(Doing.END, home)))


def _without_driver(day: Day, proposal: Proposal, vehicle: Vehicle, who: Sequence[Request]) -> Reason:
    if vehicle.barred:
        return Reason(who[0].id, vehicle.id, None, Rule.BARRED, vehicle.barred)
    busy = _busy(day, proposal)
    free = [driver for driver in day.drivers if driver.id not in busy and not driver.barred]
    if free:
        said = "Nobody who is free has the licence or training for it."
        return Reason(who[0].id, vehicle.id, None, Rule.LICENCE, said)
    return Reason(who[0].id, vehicle.id, None, Rule.SHIFT, "No driver is free for it on this day.")


def _reason(day: Day, vehicle: Vehicle, route: Route, who: Sequence[Request]) -> Reason:
    fixed = next(lacking(day, vehicle, route, who), None)
    if fixed is not None:
        return fixed
    alone = replace(route, stops=(route.stops[0], route.stops[-1]))
    alone_best = _nearest(day, alone, who)
    if alone_best is not None:
        return _told(day, vehicle, alone, who, alone_best, "even with nothing else to do, ", None)
    best = _nearest(day, route, who)
    displaces = _displaced(day, route, who)
    if best is None:
        return Reason(who[0].id, vehicle.id, route.driver, Rule.WINDOW, "It would fit now: plan again.", 0, 0)
    return _told(day, vehicle, route, who, best, "", displaces)


def lacking(day: Day, vehicle: Vehicle, route: Route, who: Sequence[Request]) -> Iterator[Reason]:
    """What no hour mends."""
    driver, first = day.driver[route.driver], who[0]
    if vehicle.barred:
        yield Reason(first.id, vehicle.id, route.driver, Rule.BARRED, vehicle.barred)
    needs = frozenset().union(*(request.needs for request in who)) - vehicle.skills
    if needs:
        yield Reason(
            first.id, vehicle.id, route.driver, Rule.SKILL, f"It has no {', '.join(sorted(needs))}.", len(needs)
        )
    load = Load(max(r.load.seats for r in who), max(r.load.wheelchairs for r in who), max(r.load.luggage for r in who))
    for rule, needed, there in (
        (Rule.SEATS, load.seats, vehicle.capacity.seats),
        (Rule.WHEELCHAIRS, load.wheelchairs, vehicle.capacity.wheelchairs),
        (Rule.LUGGAGE, load.luggage, vehicle.capacity.luggage),
    ):
        if needed > there:
            said = f"It has {there} {_ROOM[rule]} where {needed} are needed."
            yield Reason(first.id, vehicle.id, route.driver, rule, said, needed - there)
    asked = _asked(who)
    lacks = asked - driver.skills
    if lacks:
        able = [each.name for each in day.drivers if asked <= each.skills]
        others = f" {' and '.join(able[:2])} {'does' if len(able) == 1 else 'do'}." if able else " Nobody does."
        said = f"It needs {wanted(lacks)}; {driver.name} does not.{others}"
        yield Reason(first.id, vehicle.id, route.driver, Rule.SKILL, said, len(lacks))


def _asked(who: Sequence[Request]) -> frozenset[str]:
    return frozenset().union(*(request.driver_needs for request in who))


def insertions(route: Route, who: Sequence[Request]) -> Iterator[Route]:
    """The route with a request more, at every pair of places; a way back that is waited for follows at once."""
    first, *backs = who
    up = Stop(Doing.PICKUP, first.pickup, request=first.id)
    down = [Stop(Doing.DROPOFF, first.dropoff, request=first.id)]
    for back in backs:
        down.append(Stop(Doing.PICKUP, back.pickup, request=back.id))
        down.append(Stop(Doing.DROPOFF, back.dropoff, request=back.id))
    stops = route.stops
    for one in range(1, len(stops)):
        for two in range(one, len(stops)):
            yield replace(route, stops=(*stops[:one], up, *stops[one:two], *down, *stops[two:]))


def fits_into(day: Day, route: Route, who: Sequence[Request]) -> Route | None:
    """The route with the request, its times told, where the others can stay in their order; None where it cannot."""
    for longer in insertions(route, who):
        told = timed(day, longer)
        if told is not None and not any(check_route(day, told)):
            return told
    return None


def _nearest(day: Day, route: Route, who: Sequence[Request]) -> Violation | None:
    """The smallest thing that stands in the way at the best pair of places; None where nothing does."""
    nearest: Violation | None = None
    for longer in insertions(route, who):
        told = timed(day, longer)
        wrong = list(check_route(day, told)) if told is not None else why_impossible(day, longer)[:1]
        if not wrong:
            return None
        # Who finds no seat is not helped by minutes: such places come last.
        worst = max(wrong, key=lambda violation: (violation.rule not in _TIMES, violation.by))
        if nearest is None or _weight(worst) < _weight(nearest):
            nearest = worst
    return nearest


def _weight(violation: Violation) -> tuple[bool, int]:
    return violation.rule not in _TIMES, violation.by


def _told(
    day: Day, vehicle: Vehicle, route: Route, who: Sequence[Request], wrong: Violation, prefix: str,
    displaces: int | None,
) -> Reason:  # fmt: skip
    move = smallest_move(day, route, who)
    said = f"{prefix}{wrong.said.rstrip('.')}".strip()
    said = said[:1].upper() + said[1:] + "."
    if move is not None:
        said += f" It fits {minutes(abs(move))} {'later' if move > 0 else 'earlier'}."
    return Reason(who[0].id, vehicle.id, route.driver, wrong.rule, said, wrong.by, move, displaces)


def smallest_move(day: Day, route: Route, who: Sequence[Request]) -> int | None:
    """By how many seconds all windows of a request must move, at least, to fit; later is positive, None if none helps.

    The move is one more unknown of the difference constraints. As windows move, legs may fall into other bands of the
    day: each answer is tried with its own windows, and not believed otherwise.
    """
    moves: set[int] = set()
    ids = {request.id for request in who}
    for longer in insertions(route, who):
        if _finds_room(day, longer):
            bounds, stops = bounds_of(day, longer), len(longer.stops)
            moves |= {move for move in (_least(bounds, stops, ids, 1), _least(bounds, stops, ids, -1)) if move}
    for move in sorted(moves, key=abs):
        moved = moved_by(day, who, move)
        if fits_into(moved, route, [moved.request[request.id] for request in who]) is not None:
            return move
    return None


def moved_by(day: Day, who: Sequence[Request], move: int) -> Day:
    """The day with all windows of some requests moved."""
    ids = {request.id for request in who}
    return replace(
        day, requests=tuple(_moved(request, move) if request.id in ids else request for request in day.requests)
    )


def _moved(request: Request, move: int) -> Request:
    up, down = request.pickup_window, request.dropoff_window
    return replace(
        request,
        pickup_window=Window(up.earliest + move, up.latest + move),
        dropoff_window=Window(down.earliest + move, down.latest + move),
    )


def _finds_room(day: Day, route: Route) -> bool:
    """Whether seats and company hold, whatever the time."""
    still = {Rule.SEATS, Rule.WHEELCHAIRS, Rule.LUGGAGE, Rule.POOL, Rule.WAIT, Rule.ORDER, Rule.PAIRING}
    return not any(
        violation.rule in still or (violation.rule is Rule.BREAK and violation.request is not None)
        for violation in check_route(day, route)
    )


def _least(bounds: Sequence[Bound], stops: int, ids: set[int], sign: int) -> int | None:
    """The least move forwards (sign 1) or backwards (-1) with which all bounds hold, as one more unknown."""
    node = stops + 1
    moving = []
    for bound in bounds:
        if bound.rule is Rule.WINDOW and bound.request in ids:
            if bound.earlier == MIDNIGHT:
                bound = replace(bound, earlier=node)
            elif bound.later == MIDNIGHT:
                bound = replace(bound, later=node)
        moving.append(bound)
    moving.append(Bound(MIDNIGHT, node, 0, Rule.WINDOW) if sign > 0 else Bound(node, MIDNIGHT, 0, Rule.WINDOW))
    times = longest(moving, stops, MIDNIGHT if sign > 0 else node, extra=1)
    if times is None:
        return None
    return times[node] if sign > 0 else -max(times[MIDNIGHT], 0)


def _displaced(day: Day, route: Route, who: Sequence[Request]) -> int | None:
    """The request of the route that would have to go for this one to fit: of the least priority, alone; if any."""
    held = {lock.request for lock in day.locks if lock.hold is not Hold.DONE}
    others = sorted(
        (request for request in route.requests if request not in held),
        key=lambda request: (day.request[request].priority, day.request[request].load.seats, request),
    )
    for other in others:
        going = {other, *(request.id for request in day.requests if request.back_of == other)}
        going |= {day.request[other].back_of} - {None}  # type: ignore[arg-type]
        if going & held:
            continue
        stops = tuple(stop for stop in route.stops if stop.request not in going)
        if fits_into(day, replace(route, stops=stops), who) is not None:
            return other
    return None
