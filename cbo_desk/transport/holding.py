"""What is held fast, as the tours that every plan begins with; what cannot be kept any more is set apart and said."""

from __future__ import annotations

from dataclasses import dataclass, replace

from cbo_desk.routing.problem import Tours
from cbo_desk.routing.searching import Search
from cbo_desk.routing.timing import feasible
from cbo_desk.transport.checker import check_routes
from cbo_desk.transport.crews import stands
from cbo_desk.transport.day import Day, Hold, Lock
from cbo_desk.transport.framing import Frame, frame
from cbo_desk.transport.plan import Doing, Route
from cbo_desk.transport.timing import timed

NAMED = 3
"""So many vehicles under way are named one by one."""


def begun(framed: Frame) -> Tours:
    """The tours of the held tasks alone, each with its crew; those that do not fit are missing."""
    problem = framed.problem
    if not problem.held:
        return {}
    own = Search(problem, 1)
    tours = {crew: tour for crew, tour in _as_today(framed).items() if feasible(problem, crew, tour)}
    order = sorted(problem.held, key=lambda task: (problem.windows[2 * task][1], task))
    for task in order:
        if task in problem.served(tours):
            continue
        for crew in sorted(problem.tasks[task].crews):
            way = own.insertion.best(crew, tours.get(crew, ()), task)
            if way is not None:
                tours[crew] = way[1]
                break
    return tours


def _as_today(framed: Frame) -> Tours:
    """The held tasks of each crew in the order in which today's routes have them; those aboard board first."""
    day, problem = framed.day, framed.problem
    order: dict[tuple[int, Doing], int] = {}
    for route in sorted((*day.today, *day.road), key=lambda route: route.stops[0].begins):
        for stop in route.stops:
            if stop.request is not None:
                order[stop.request, stop.doing] = len(order)
    nodes: dict[int, list[tuple[int, int]]] = {}
    for task in problem.held:
        request = framed.riders[task][0].id
        aboard = day.lock.get(request) is not None and day.lock[request].hold is Hold.ABOARD
        up = -1 if aboard else order.get((request, Doing.PICKUP))
        down = order.get((request, Doing.DROPOFF))
        if up is None or down is None or len(problem.tasks[task].crews) != 1:
            continue
        [crew] = problem.tasks[task].crews
        nodes.setdefault(crew, []).extend([(up, 2 * task), (down, 2 * task + 1)])
    return {crew: tuple(node for _, node in sorted(own)) for crew, own in nodes.items()}


@dataclass(frozen=True)
class Begun:
    """What a plan begins with: the day's problem and its held tours, and the vehicles it does not touch.

    `stays` are today's routes of vehicles whose held trips no solver can put, though the checker passes them. Vehicles
    `apart` stay as they are: whoever is late already is a matter for the road, not for a plan.
    """

    framed: Frame
    kept: Tours
    apart: tuple[int, ...] = ()
    stays: tuple[Route, ...] = ()


def without_hopeless(day: Day) -> Begun:
    """The day without the vehicles whose held trips cannot be planned with, and its held tours."""
    apart: set[int] = set()
    stays: list[Route] = []
    while True:
        framed = frame(day)
        kept = begun(framed)
        lost = framed.problem.held - framed.problem.served(kept)
        if not lost:
            return Begun(framed, kept, tuple(sorted(apart)), tuple(stays))
        locks = [day.lock[request.id] for task in lost for request in framed.riders[task] if request.id in day.lock]
        gone = {lock.vehicle for lock in locks}
        less = _without(day, gone)
        standing = _sound(day, gone)
        if standing is None:
            apart |= gone
        else:
            stays += standing
            carried = {request for route in standing for request in route.requests}
            less = replace(less, requests=tuple(one for one in less.requests if one.id not in carried))
        day = less


def _sound(day: Day, vehicles: set[int]) -> list[Route] | None:
    """Today's routes of vehicles, where they carry all that is held and the checker finds nothing wrong with them."""
    routes = [route for route in (*day.today, *day.road) if route.vehicle in vehicles and route.requests]
    routes = [timed(day, route) or route for route in routes]
    carried = {request for route in routes for request in route.requests}
    held = {lock.request for lock in day.locks if lock.vehicle in vehicles and lock.hold is not Hold.DONE}
    backs = {one.id for one in day.requests if one.back_of in held}
    if not (held | backs) & set(day.request) <= carried or any(check_routes(day, routes)):
        return None
    return routes


def apart_said(day: Day, apart: tuple[int, ...]) -> str:
    """What a person is told of vehicles that were set apart."""
    names = ", ".join(day.vehicle[vehicle].name for vehicle in apart if vehicle in day.vehicle)
    if not names:
        return ""
    one = len(apart) == 1
    return (
        f"{names} {'stays as it is: what it has' if one else 'stay as they are: what they have'} promised cannot all "
        f"be kept, so no plan touches {'it' if one else 'them'}."
    )


def assumed_said(day: Day, apart: tuple[int, ...] = ()) -> str:
    """What a person is told of vehicles under way whose stops nobody ticked: where they are taken to be."""
    told = []
    for vehicle in day.vehicles:
        assumed = [lock for lock in day.locks if lock.assumed and lock.request in day.request]
        own = [lock for lock in assumed if lock.vehicle == vehicle.id]
        # Of a way out and a way back, what was last.
        last = {day.request[lock.request].name: lock.hold for lock in sorted(own, key=lambda lock: lock.request)}
        words = [f"{name} {'aboard' if hold is Hold.ABOARD else 'set down'}" for name, hold in last.items()]
        if words and vehicle.id not in apart:
            told.append(f"{vehicle.name} ({', '.join(words)})")
    if not told:
        return ""
    many, more = len(told) > 1, len(told) - NAMED
    named = f"{', '.join(told[:NAMED])} and {more} more" if more > 0 else ", ".join(told)
    return (
        f"Nobody ticked the stops of {named}: {'they are' if many else 'it is'} taken to keep to "
        f"{'their plans' if many else 'its plan'}."
    )


def _without(day: Day, vehicles: set[int]) -> Day:
    drivers: set[int] = set()
    for _ in day.locks:
        # A driver held with two vehicles takes both along.
        drivers |= {lock.driver for lock in day.locks if lock.vehicle in vehicles}
        vehicles |= {lock.vehicle for lock in day.locks if lock.driver in drivers}
    locked = {lock.request for lock in day.locks if lock.vehicle in vehicles}
    locked |= {request.id for request in day.requests if request.back_of in locked}
    return replace(
        day,
        vehicles=tuple(vehicle for vehicle in day.vehicles if vehicle.id not in vehicles),
        drivers=tuple(driver for driver in day.drivers if driver.id not in drivers),
        requests=tuple(request for request in day.requests if request.id not in locked),
        locks=tuple(lock for lock in day.locks if lock.vehicle not in vehicles),
        positions=tuple(position for position in day.positions if position.vehicle not in vehicles),
        today=tuple(route for route in day.today if route.vehicle not in vehicles),
        road=tuple(route for route in day.road if route.vehicle not in vehicles),
    )


def held_as_today(day: Day, slack: int = 0) -> Day:
    """The day with everything that stands today held fast: what is planned then moves nobody."""
    today, locks = stands(day), list(day.locks)
    for request, route in today.items():
        if request in day.lock or request not in day.request:
            continue
        begins = next(stop.begins for stop in route.stops if stop.request == request and stop.doing is Doing.PICKUP)
        locks.append(Lock(request, route.vehicle, route.driver, Hold.FROZEN, begins, slack))
    return replace(day, locks=tuple(locks))
