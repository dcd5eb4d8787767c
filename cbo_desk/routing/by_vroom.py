"""VROOM: many good routes in a second. It knows no longest ride, so windows are cut where one is broken, and again.

Measured traps (docs/decisions): `unassigned` names pick-up and delivery apart; a cost matrix excludes costs per hour;
times and distances are unsigned 32-bit numbers, so the day is shifted to begin at zero.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np

from cbo_desk.routing.problem import Crew, Problem, Tours
from cbo_desk.routing.timing import begins, first_too_long

_LIMIT = 2**32 - 2


def solve(problem: Problem, exploration: int, seconds: float) -> Tours:
    """One run of VROOM on the windows as they are; tours may break longest rides."""
    import vroom

    shift = min(min(window[0] for window in problem.windows), min(crew.window[0] for crew in problem.crews))
    model = vroom.Input()
    model.set_durations_matrix("car", np.array(problem.seconds, dtype=np.uint32))
    model.set_distances_matrix("car", np.array(problem.metres, dtype=np.uint32))
    for number in range(len(problem.crews)):
        model.add_vehicle(_vehicle(vroom, problem, number, shift))
    for number, task in enumerate(problem.tasks):
        if task.crews:
            model.add_shipment(*_steps(vroom, problem, number, shift), **_shipment(vroom, problem, number))
    solution = model.solve(exploration_level=exploration, nb_threads=1, timeout=timedelta(seconds=max(seconds, 0.05)))
    tours: dict[int, list[int]] = {}
    for route in solution.to_dict()["routes"]:
        tour = tours.setdefault(int(route["vehicle"]), [])
        tour.extend(int(step["id"]) for step in route["steps"] if step["type"] in ("pickup", "delivery"))
    return {crew: tuple(tour) for crew, tour in tours.items() if tour}


def _vehicle(vroom: Any, problem: Problem, number: int, shift: int) -> Any:
    crew, start = problem.crews[number], problem.start(number)
    choosy = [task for task in range(len(problem.tasks)) if _is_choosy(problem, task)]
    nobody = [0] * len(crew.capacity)
    return vroom.Vehicle(
        number,
        start=start,
        end=start + 1,
        capacity=list(crew.capacity),
        skills={task for task in choosy if number in problem.tasks[task].crews},
        time_window=vroom.TimeWindow(max(crew.window[0] - shift, 0), min(crew.window[1] - shift, _LIMIT)),
        costs=vroom.VehicleCosts(fixed=crew.fixed, per_hour=0, per_km=max(crew.per_km, 1)),
        breaks=[
            vroom.Break(rest, [vroom.TimeWindow(early - shift, late - shift)], length, max_load=nobody)
            for rest, (early, late, length) in enumerate(_breaks(crew))
        ],
    )


def _breaks(crew: Crew) -> list[tuple[int, int, int]]:
    """A crew's breaks as far as they lie in its hours: VROOM refuses others."""
    within = [(max(e, crew.window[0]), min(late, crew.window[1] - length), length) for e, late, length in crew.breaks]
    return [(early, late, length) for early, late, length in within if early <= late]


def _is_choosy(problem: Problem, task: int) -> bool:
    return len(problem.tasks[task].crews) < len(problem.crews)


def _steps(vroom: Any, problem: Problem, number: int, shift: int) -> list[Any]:
    steps = []
    for node in (2 * number, 2 * number + 1):
        early, late = problem.windows[node]
        window = vroom.TimeWindow(max(early - shift, 0), min(max(late, early) - shift, _LIMIT))
        steps.append(vroom.ShipmentStep(node, node, default_service=problem.service(node), time_windows=[window]))
    return steps


def _shipment(vroom: Any, problem: Problem, number: int) -> dict[str, Any]:
    task = problem.tasks[number]
    skills = {number} if _is_choosy(problem, number) else set()
    return {"amount": vroom.Amount(list(task.amounts)), "skills": skills, "priority": task.priority}


def cut(problem: Problem, tours: Tours) -> tuple[Problem, bool]:
    """The problem with narrower windows for those who ride too long, and whether any had to be narrowed.

    Whoever rides too long was picked up too early: their pick-up window now begins later by what is missing.
    """
    cuts = dict(problem.cut)
    narrowed = False
    for crew, tour in tours.items():
        if begins(problem, crew, tour) is not None:
            continue
        late = first_too_long(problem, crew, tour)
        if late is None:
            continue
        task, by = late
        early, latest = problem.windows[2 * task]
        step = min(max(by, (latest - early) // 4), latest - early)
        if step > 0:
            cuts[2 * task] = (early + step, latest)
            narrowed = True
    return (replace(problem, cut=cuts) if narrowed else problem), narrowed


def solve_lazily(
    problem: Problem, exploration: int, seconds: float, left: Callable[[], float], rounds: int = 25
) -> list[Tours]:
    """Every plan of VROOM while windows are cut until no ride is too long; the last is the best that holds."""
    plans = []
    for _ in range(rounds):
        tours = solve(problem, exploration, min(seconds, left()))
        plans.append(tours)
        problem, narrowed = cut(problem, tours)
        if not narrowed or left() <= 0:
            break
    return plans
