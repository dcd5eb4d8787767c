"""What `benchmarks.dispatch` measures: reading the instances, running a solver, asking the checker."""

from __future__ import annotations

import argparse
import json
import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cbo_desk.routing.working import Found, ortools_alone, vroom_alone
from cbo_desk.solving import Solved, Watch, Work, solve_beside
from cbo_desk.transport.checker import check_routes, why_impossible
from cbo_desk.transport.day import FOREVER, Band, Day, Driver, Load, Matrix, Request, Vehicle, Window
from cbo_desk.transport.dispatch import Budget, plan
from cbo_desk.transport.framing import frame
from cbo_desk.transport.plan import Route
from cbo_desk.transport.timing import timed

SCALE = 10_000
"""Whole units to one of the instance's: distances are rounded up, so that what holds here holds there."""
FEWEST = 10_000_000
"""What a vehicle costs where the fewest are wanted."""


@dataclass(frozen=True)
class Node:
    """One line of an instance; times are the instance's own units."""

    x: float
    y: float
    service: float
    amount: int
    early: float
    late: float


@dataclass(frozen=True)
class Instance:
    """A depot, rides as pairs of nodes, and what binds the vehicles."""

    depot: Node
    rides: tuple[tuple[Node, Node], ...]
    vehicles: int
    capacity: int
    duty: float | None = None
    longest: float | None = None
    fixed: int = 0


def read_lilim(text: str) -> Instance:
    """Li and Lim's format: vehicles, capacity, speed; then number, x, y, amount, window, service, partners."""
    rows = [[float(cell) for cell in line.split()] for line in text.splitlines() if line.strip()]
    nodes = {int(row[0]): Node(row[1], row[2], row[6], int(row[3]), row[4], row[5]) for row in rows[1:]}
    rides = tuple((nodes[int(row[0])], nodes[int(row[8])]) for row in rows[1:] if row[3] > 0 and int(row[8]))
    return Instance(nodes[0], rides, int(rows[0][0]), int(rows[0][1]), fixed=FEWEST)


def read_darp(text: str) -> Instance:
    """Cordeau's format: vehicles, nodes, longest duty, capacity, longest ride; then x, y, service, amount, window."""
    rows = [[float(cell) for cell in line.split()] for line in text.splitlines() if line.strip()]
    nodes = [Node(row[1], row[2], row[3], int(row[4]), row[5], row[6]) for row in rows[1:]]
    half = (len(nodes) - 1) // 2
    rides = tuple(zip(nodes[1 : half + 1], nodes[half + 1 : 2 * half + 1], strict=True))
    return Instance(nodes[0], rides, int(rows[0][0]), int(rows[0][3]), rows[0][2], rows[0][4])


READERS: dict[str, Callable[[str], Instance]] = {"lilim": read_lilim, "darp": read_darp}


def apart(a: Node, b: Node) -> float:
    """The distance between two nodes."""
    return math.hypot(a.x - b.x, a.y - b.y)


def day_of(instance: Instance) -> Day:
    """An instance as a day: every vehicle has a driver, all like all."""
    nodes = [instance.depot, *(node for ride in instance.rides for node in ride)]
    table = tuple(tuple(math.ceil(apart(a, b) * SCALE - 1e-6) for b in nodes) for a in nodes)
    requests = tuple(
        Request(
            number, f"R{number}", 2 * number + 1, 2 * number + 2, _window(up), _window(down), Load(up.amount),
            _scaled(up.service), _scaled(down.service), None if instance.longest is None else _scaled(instance.longest),
        )
        for number, (up, down) in enumerate(instance.rides)
    )  # fmt: skip
    shift = _window(instance.depot)
    duty = FOREVER if instance.duty is None else _scaled(instance.duty)
    return Day(
        Matrix(tuple(map(str, range(len(nodes)))), table, (Band(10**9, table),)),
        tuple(
            Vehicle(n, f"V{n}", Load(instance.capacity), 0, fixed_cost=instance.fixed, km_cost=1)
            for n in range(instance.vehicles)
        ),
        tuple(
            Driver(n, f"D{n}", shift, duty, may_drive=frozenset({n})) for n in range(instance.vehicles)
        ),
        requests,
    )  # fmt: skip


def _scaled(value: float) -> int:
    return round(value * SCALE)


def _window(node: Node) -> Window:
    return Window(_scaled(node.early), _scaled(node.late))


def distance(instance: Instance, routes: Sequence[Route]) -> float:
    """How far routes go, in the instance's own units, not rounded."""
    nodes = [instance.depot, *(node for ride in instance.rides for node in ride)]
    return sum(
        apart(nodes[a.place], nodes[b.place])
        for route in routes
        for a, b in zip(route.stops, route.stops[1:], strict=False)
    )


def routes_of(day: Day, solver: str, budget: Budget) -> tuple[list[Route], int]:
    """The routes of one solver and how many rules they break."""
    if solver == "ours":
        proposal = plan(day, budget)
        return list(proposal.routes), len(list(check_routes(day, proposal.routes)))
    framed = frame(day)
    alone = {"vroom": vroom_alone, "ortools": ortools_alone}[solver]
    [answer] = solve_beside(Watch(limit=budget.seconds + 30), [Work(alone, (framed.problem, budget))])
    if not isinstance(answer, Solved):
        raise answer
    found: Found = answer.best
    routes, violations = [], 0
    for route in framed.routes(found.tours):
        told = timed(day, route)
        routes.append(told or route)
        violations += len(list(check_routes(day, [told]))) if told is not None else len(why_impossible(day, route))
    return routes, violations


def measure(name: str, instance: Instance, solver: str, budget: Budget) -> dict[str, Any]:
    """One line of the answer."""
    day, started = day_of(instance), time.perf_counter()
    routes, violations = routes_of(day, solver, budget)
    seconds = time.perf_counter() - started
    best = json.loads((Path(__file__).parent / "dispatch_best.json").read_text(encoding="utf-8"))["values"]
    line: dict[str, Any] = {
        "instance": name,
        "solver": solver,
        "vehicles": len(routes),
        "distance": round(distance(instance, routes), 2),
        "served": sum(len(route.requests) for route in routes),
        "requests": len(instance.rides),
        "violations": violations,
        "seconds": round(seconds, 2),
    }
    known = best.get(name.lower())
    if known is not None:
        vehicles, length, source = known
        line |= {"best_vehicles": vehicles, "best_distance": length, "source": source}
        line["gap_percent"] = round(100 * (line["distance"] / length - 1), 2)
    return line


def main() -> None:
    """Read the command line, answer one line per instance."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.dispatch")
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--format", choices=sorted(READERS), required=True)
    parser.add_argument("--solver", choices=("ours", "vroom", "ortools"), default="ours")
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    for file in given.files:
        instance = READERS[given.format](file.read_text(encoding="utf-8"))
        line = measure(file.stem, instance, given.solver, Budget(given.seconds, seed=given.seed))
        print(json.dumps(line), flush=True)
