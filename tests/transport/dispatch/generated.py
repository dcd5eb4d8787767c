"""Dial-a-ride instances of our own in Cordeau's format, whose best distance is proven and not quoted.

`scattered` draws rides at random and `best_distance` tries every order of them. `starred` puts its rides on rays from
the depot: three tips are due at the same time and too far apart for one vehicle, so three vehicles drive to a tip and
back at least, and a plan that serves every other ride on the way reaches exactly that.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from random import Random

from benchmarks.dispatching import Instance, Node, apart, day_of
from cbo_desk.transport.checker import check_routes
from cbo_desk.transport.plan import Doing
from cbo_desk.transport.timing import timed
from tests.transport.dispatch.days import route_of

DAY = 480
SERVICE = 3
LONGEST = 30
REACHES = (20.0, 17.0, 14.0)
"""How far the tips of the rays are."""


def written(vehicles: int, capacity: int, nodes: list[tuple[float, float, int, float, float]]) -> str:
    """An instance as a file: the depot, every pick-up, every drop-off."""
    lines = [f"{vehicles} {len(nodes)} {DAY} {capacity} {LONGEST}", f"0 0 0 0 0 0 {DAY}"]
    lines += [
        f"{number} {x:.6f} {y:.6f} {SERVICE} {amount} {early:.3f} {late:.3f}"
        for number, (x, y, amount, early, late) in enumerate(nodes, 1)
    ]
    return "\n".join(lines) + "\n"


def scattered(seed: int, vehicles: int = 2, rides: int = 8) -> str:
    """Rides between places drawn at random; the first half are due at their end, the others at their start."""
    drawn = Random(seed)
    ends = [[(drawn.uniform(-10, 10), drawn.uniform(-10, 10)) for _ in range(rides)] for _ in range(2)]
    nodes: list[tuple[float, float, int, float, float]] = []
    dues = [drawn.randint(60, 260) for _ in range(rides)]
    for half, (places, amount) in enumerate(zip(ends, (1, -1), strict=True)):
        for number, (x, y) in enumerate(places):
            mine = (number < rides // 2) == (half == 1)
            nodes.append((x, y, amount, *((dues[number], dues[number] + 15) if mine else (0, DAY))))
    return written(vehicles, 3, nodes)


def starred(seed: int, pairs: int = 4) -> tuple[str, float]:
    """Rides along three rays, half of them on the way out and half on the way back, and the best distance."""
    drawn = Random(seed)
    ups: list[tuple[float, float, int, float, float]] = []
    downs: list[tuple[float, float, int, float, float]] = []
    for ray, reach in enumerate(REACHES):
        angle = 0.4 + ray * 2 * math.pi / 3
        marks = sorted(drawn.uniform(1, reach - 1) for _ in range(2 * pairs - 1))
        out, back = [*marks, reach], sorted((drawn.uniform(1, reach - 1) for _ in range(2 * pairs)), reverse=True)
        # The tip is reached at 100: what lies before it is counted backwards from there.
        times = [100 - (reach - at) - SERVICE * (2 * pairs - 1 - place) for place, at in enumerate(out)]
        times += [100 + SERVICE * (1 + place) + reach - at for place, at in enumerate(back)]
        line = [(at * math.cos(angle), at * math.sin(angle)) for at in (*out, *back)]
        for first in range(0, 4 * pairs, 2):
            outward = first < 2 * pairs
            for place, amount, into in ((first, 1, ups), (first + 1, -1, downs)):
                due = outward == (amount < 0)
                early = times[place] - (0 if place == 2 * pairs - 1 else drawn.uniform(0, 12))
                into.append((*line[place], amount, *((early, early + 15) if due else (0, DAY))))
    return written(3, 3, ups + downs), 2 * sum(REACHES)


def best_distance(instance: Instance) -> float:
    """The shortest distance of all plans that two vehicles can drive, by trying every order of every ride."""
    day = day_of(instance)
    best: dict[frozenset[int], float] = {frozenset(): 0.0}
    for order, length in orders(instance):
        rides = frozenset(ride for _, ride in order)
        if length < best.get(rides, math.inf):
            route = timed(day, route_of(day, 0, order))
            if route is not None and not list(check_routes(day, [route])):
                best[rides] = length
    every = frozenset(range(len(instance.rides)))
    return min(length + best.get(every - rides, math.inf) for rides, length in best.items())


def bounds(instance: Instance, ride: int) -> tuple[tuple[float, float], tuple[float, float]]:
    """When a ride can begin and end at all: its windows, narrowed by its own length and the longest ride."""
    up, down = instance.rides[ride]
    least, most = up.service + apart(up, down), up.service + (instance.longest or math.inf)
    return (
        (max(up.early, down.early - most), min(up.late, down.late - least)),
        (max(down.early, up.early + least), min(down.late, up.late + most)),
    )


def orders(instance: Instance) -> Iterator[tuple[tuple[tuple[Doing, int], ...], float]]:
    """Every order of stops that one vehicle may be in time for, with its length: bounds only leave out what is late."""
    open_at = [bounds(instance, ride) for ride in range(len(instance.rides))]
    trace: list[tuple[Doing, int]] = []

    def longer(here: Node, leaves: float, length: float, aboard: frozenset[int], waiting: frozenset[int]):
        if trace and not aboard:
            yield tuple(trace), length + apart(here, instance.depot)
        room = sum(instance.rides[ride][0].amount for ride in aboard) < instance.capacity
        for ride in (*aboard, *(waiting if room else ())):
            down = ride in aboard
            node, (early, late) = instance.rides[ride][down], open_at[ride][down]
            far = apart(here, node)
            begins = max(leaves + far, early)
            if begins > late + 1e-6:
                continue
            trace.append((Doing.DROPOFF if down else Doing.PICKUP, ride))
            yield from longer(node, begins + node.service, length + far, aboard ^ {ride}, waiting - {ride})
            trace.pop()

    return longer(instance.depot, 0, 0, frozenset(), frozenset(range(len(instance.rides))))
