"""A day as a problem for the solvers, and their tours as routes of the day.

What no solver knows is put so that they need not: who is not to be pooled fills the vehicle's company; who is waited
for is one ride whose second stop lasts until the way back is over; who is aboard boards where the vehicle is; what is
held may only go with its crew, at its time.
"""

from __future__ import annotations

from dataclasses import dataclass

from cbo_desk.routing.problem import Crew, Problem, Task, Tours
from cbo_desk.routing.timing import rested
from cbo_desk.transport.crews import Pair, pairs_of
from cbo_desk.transport.day import FOREVER, Day, Hold, Load, Lock, Request
from cbo_desk.transport.legs import leg
from cbo_desk.transport.plan import Doing, Route, Stop

COMPANY = 100
"""How much company a vehicle has room for; who is not to be pooled needs all of it."""


@dataclass(frozen=True)
class Frame:
    """A problem and what its tasks and crews stand for: requests (one, or out and back) and pairs."""

    day: Day
    pairs: tuple[Pair, ...]
    riders: tuple[tuple[Request, ...], ...]
    problem: Problem

    def routes(self, tours: Tours) -> tuple[Route, ...]:
        """Tours as routes with their stops in order, times not yet told."""
        return tuple(route for _, route in self.by_crew(tours))

    def by_crew(self, tours: Tours) -> list[tuple[int, Route]]:
        """The same, with the crew of each."""
        return [(crew, self._route(crew, tour)) for crew, tour in sorted(tours.items()) if tour]

    def _route(self, crew: int, tour: tuple[int, ...]) -> Route:
        pair, day = self.pairs[crew], self.day
        position, home = day.position.get(pair.vehicle), day.vehicle[pair.vehicle].home
        start = position.place if position is not None and position.driver == pair.driver else home
        rests = rested(self.problem, crew, tour) or ()
        stops = [Stop(Doing.START, start)]
        for place, node in enumerate((*tour, -1)):
            stops += [Stop(Doing.BREAK, stops[-1].place, rest=rest) for at, rest in rests if at == place]
            if node >= 0:
                stops += self._stops(node)
        return Route(pair.vehicle, pair.driver, (*stops, Stop(Doing.END, home)))

    def _stops(self, node: int) -> list[Stop]:
        first, *back = self.riders[node // 2]
        if node % 2 == 0:
            return [] if _is_aboard(self.day, first) else [Stop(Doing.PICKUP, first.pickup, request=first.id)]
        stops = [Stop(Doing.DROPOFF, first.dropoff, request=first.id)]
        for request in back:
            stops.append(Stop(Doing.PICKUP, request.pickup, request=request.id))
            stops.append(Stop(Doing.DROPOFF, request.dropoff, request=request.id))
        return stops


def _is_aboard(day: Day, request: Request) -> bool:
    lock = day.lock.get(request.id)
    return lock is not None and lock.hold is Hold.ABOARD


def frame(day: Day) -> Frame:
    """The problem of a day. What is over is left out; a way back whose way out is over stands by itself."""
    pairs = tuple(pairs_of(day))
    riders = tuple(_riders(day))
    held = frozenset(number for number, who in enumerate(riders) if any(request.id in day.lock for request in who))
    ends = [end for who in riders for end in _ends(day, who)]
    for pair in pairs:
        position, home = day.position.get(pair.vehicle), day.vehicle[pair.vehicle].home
        start = position.place if position is not None and position.driver == pair.driver else home
        ends += [(Stop(Doing.START, start),) * 2, (Stop(Doing.END, home),) * 2]
    legs = _Legs(day, [reached for reached, _ in ends])
    seconds = [legs.row(left) for _, left in ends]
    metres = [[day.matrix.metres[before[1].place][after[0].place] for after in ends] for before in ends]
    crews = tuple(_crew(day, pair) for pair in pairs)
    rested = None
    if len(day.matrix.bands) > 1 and any(crew.breaks for crew in crews):
        rested = [legs.row(Stop(Doing.BREAK, left.place)) for _, left in ends]
    tasks = tuple(_task(day, pairs, who) for who in riders)
    for number, who in enumerate(riders):
        # What is driven between the two ends of a second stop is no way between stops.
        if len(who) > 1:
            metres[2 * number] = [
                metre + (day.matrix.metres[who[1].pickup][who[1].dropoff] if other == 2 * number + 1 else 0)
                for other, metre in enumerate(metres[2 * number])
            ]
    least = None
    if len(day.matrix.bands) > 1:
        ways = zip(ends[0::2], ends[1::2], tasks, strict=False)
        least = [_least(day, up[1], down[0], task.pickup[0] + task.boarding) for up, down, task in ways]
    return Frame(day, pairs, riders, Problem(tasks, crews, seconds, metres, held, rested, least=least))


def _least(day: Day, up: Stop, down: Stop, at: int) -> int:
    """The seconds in which one is there who may wait for freer roads, or drives on from elsewhere by then."""
    soonest, since = FOREVER, -FOREVER
    for band in day.matrix.bands:
        if at < band.until or band is day.matrix.bands[-1]:
            soonest = min(soonest, max(at, since) + band.seconds[up.place][down.place] - at)
        since = band.until
    return soonest


def _riders(day: Day) -> list[tuple[Request, ...]]:
    """Which requests make one task: out and back where the vehicle waits, else each its own."""
    over = {lock.request for lock in day.locks if lock.hold is Hold.DONE}
    backs = {
        request.back_of: request
        for request in day.requests
        if request.waits and request.back_of in day.request and request.back_of not in over and request.id not in over
        and not _is_aboard(day, request)
    }  # fmt: skip
    taken = {back.id for back in backs.values()}
    return [
        (request, backs[request.id]) if request.id in backs else (request,)
        for request in day.requests
        if request.id not in over and request.id not in taken
    ]


def _ends(day: Day, who: tuple[Request, ...]) -> list[tuple[Stop, Stop]]:
    """Where a task's two nodes are reached and left."""
    first, last = who[0], who[-1]
    pickup = Stop(Doing.PICKUP, first.pickup, request=first.id)
    if _is_aboard(day, first):
        position = day.position.get(day.lock[first.id].vehicle)
        pickup = Stop(Doing.PICKUP, position.place if position is not None else first.pickup, request=first.id)
    reached = Stop(Doing.DROPOFF, first.dropoff, request=first.id)
    return [(pickup, pickup), (reached, Stop(Doing.DROPOFF, last.dropoff, request=last.id))]


class _Legs:
    """Seconds from a stop to all others, each asked for once: what leaves a request depends only on where it goes.

    There are none to where a tour starts, from where it ends, or to whoever sits in the vehicle already.
    """

    def __init__(self, day: Day, reached: list[Stop]) -> None:
        self.day = day
        self.reached = reached
        self.places = [stop.place for stop in reached]
        self.first = {stop.place: stop for stop in reached}
        aboard = {lock.request for lock in day.locks if lock.hold is Hold.ABOARD}
        self.near = [
            number
            for number, stop in enumerate(reached)
            if stop.doing is Doing.START or (stop.doing is Doing.PICKUP and stop.request in aboard)
        ]
        self.rows: dict[tuple[Doing, int], list[int]] = {}

    def row(self, before: Stop) -> list[int]:
        """Seconds from a stop to every other one."""
        if before.doing is Doing.END:
            return [0] * len(self.reached)
        key = before.doing, before.place
        if before.request is None and key in self.rows:
            return self.rows[key]
        if before.request is None:
            row = self.rows[key] = [leg(self.day, before, after) for after in self.reached]
        else:
            by_place = {place: leg(self.day, before, after) for place, after in self.first.items()}
            row = [by_place[place] for place in self.places]
        for number in self.near:
            row[number] = 0
        return row


def _crew(day: Day, pair: Pair) -> Crew:
    vehicle, driver = day.vehicle[pair.vehicle], day.driver[pair.driver]
    room = vehicle.capacity
    earliest, latest = max(pair.window.earliest, day.now), pair.window.latest
    duty = driver.duty if driver.duty < FOREVER else None
    position = day.position.get(pair.vehicle)
    if position is not None and position.driver == pair.driver:
        earliest = position.at
        earliest = max([earliest, *_waits_until(day, pair, position.place)])
        if duty is not None:
            latest, duty = min(latest, position.since + duty), None
    breaks = tuple((rest.window.earliest, rest.window.latest, rest.length) for rest in driver.breaks)
    breaks = tuple(rest for rest in breaks if rest[1] >= earliest and rest[0] <= latest)
    capacity = (room.seats, room.wheelchairs, room.luggage, COMPANY)
    return Crew((earliest, latest), capacity, duty, vehicle.fixed_cost, vehicle.km_cost or 1, breaks)


def _waits_until(day: Day, pair: Pair, place: int) -> list[int]:
    """When a vehicle that waits where its way out ended goes on: it serves nobody else before."""
    start, found = Stop(Doing.START, place), []
    for request in day.requests:
        out = day.lock.get(request.back_of) if request.waits and request.back_of is not None else None
        if out is None or out.hold is not Hold.DONE or (out.vehicle, out.driver) != (pair.vehicle, pair.driver):
            continue
        own = day.lock.get(request.id)
        if own is None or own.hold not in (Hold.DONE, Hold.ABOARD):
            way = leg(day, start, Stop(Doing.PICKUP, request.pickup, request=request.id))
            found.append(request.pickup_window.earliest - way)
    return found


def _task(day: Day, pairs: tuple[Pair, ...], who: tuple[Request, ...]) -> Task:
    first = who[0]
    lock = next((day.lock[request.id] for request in who if request.id in day.lock), None)
    waiting = day.lock.get(first.back_of) if first.waits and first.back_of is not None else None
    pickup = (first.pickup_window.earliest, first.pickup_window.latest)
    dropoff = (first.dropoff_window.earliest, first.dropoff_window.latest)
    boarding, alighting, longest = first.boarding, first.alighting, first.max_ride
    if lock is not None and lock.hold is Hold.ABOARD and lock.request == first.id:
        position = day.position.get(lock.vehicle)
        at = position.at if position is not None else day.now
        pickup, boarding = (at, at), 0
        due = min(dropoff[1], _due_aboard(day, lock, max(dropoff[0], at)))
        if longest is not None and lock.boarded is not None:
            due, longest = min(due, lock.boarded + longest), None
        dropoff = (dropoff[0], due)
    elif lock is not None and lock.begins is not None and lock.request == first.id:
        pickup = max(pickup[0], lock.begins - lock.slack), min(pickup[1], lock.begins + lock.slack)
    pooled = first.pooled and len(who) == 1
    load = first.load
    for back in who[1:]:
        up, down = _ends(day, (first,))
        soonest = pickup[0] + boarding + leg(day, up[0], down[0])
        dropoff, alighting = _waited(day, first, back, max(dropoff[0], soonest), dropoff[1])
        load = Load(max(load.seats, back.load.seats), max(load.wheelchairs, back.load.wheelchairs),
                    max(load.luggage, back.load.luggage))  # fmt: skip
    if not (lock is not None and lock.hold is Hold.ABOARD and lock.request == first.id):
        pickup = max(pickup[0], day.now), pickup[1]
    dropoff = max(dropoff[0], day.now), dropoff[1]
    amounts = (load.seats, load.wheelchairs, load.luggage, 1 if pooled else COMPANY)
    needs = frozenset().union(*(request.needs for request in who))
    of_driver = frozenset().union(*(request.driver_needs for request in who))
    crews = frozenset(
        number
        for number, pair in enumerate(pairs)
        if needs <= day.vehicle[pair.vehicle].skills
        and of_driver <= day.driver[pair.driver].skills
        and load.fits(day.vehicle[pair.vehicle].capacity)
        and (lock is None or (lock.request in pair.held and (lock.vehicle, lock.driver) == (pair.vehicle, pair.driver)))
        and (waiting is None or (waiting.vehicle, waiting.driver) == (pair.vehicle, pair.driver))
    )
    return Task(pickup, dropoff, boarding, alighting, amounts, longest, crews, first.priority)


def _due_aboard(day: Day, lock: Lock, at: int) -> int:
    """By when whoever is aboard is set down: not much later than planned or, where no plan is known, than directly.

    Where others are to be picked up on the way, as was promised to them, only the longest ride bounds it.
    """
    request = day.request[lock.request]
    for route in (*day.today, *day.road):
        for stop in route.stops:
            if stop.request == lock.request and stop.doing is Doing.DROPOFF:
                return max(stop.begins, day.now) + day.detour
    up, down = _ends(day, (request,))
    direct = max(at + leg(day, up[0], down[0]), day.now)
    promised = [
        other.begins
        for other in day.locks
        if other.vehicle == lock.vehicle and other.hold in (Hold.CONFIRMED, Hold.FROZEN) and other.begins is not None
    ]
    return FOREVER if any(begins < direct for begins in promised) else direct + day.detour


def _waited(day: Day, out: Request, back: Request, arrives: int, latest: int) -> tuple[tuple[int, int], int]:
    """The window in which the way out ends, and how long the vehicle then stays until the way back is over.

    Counted from the earliest arrival: who arrives later is waited for less, which the route's own times tell.
    """
    latest = min(latest, back.pickup_window.latest - out.alighting)
    leaves = max(arrives + out.alighting, back.pickup_window.earliest)
    way = leg(day, Stop(Doing.PICKUP, back.pickup, request=back.id), Stop(Doing.DROPOFF, back.dropoff, request=back.id))
    return (arrives, latest), leaves - arrives + back.boarding + way + back.alighting
