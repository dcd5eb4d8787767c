"""Asks whether a plan can cost no more than its bound, then one more, and so on: the first that can is the best.

Where rooms of a series are counted, the cost is small and a plan that keeps to it hard to come by from above: a solver
that makes a dear plan cheaper wanders among plans that are all alike. Held to so low a cost, nearly every series keeps
to one room, and what follows from that is found at once: either a plan, or that there is none.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Risen:
    """How far it came: no plan costs less than `floor`; `truth` reads a plan that costs that, if there is one."""

    floor: int
    truth: Callable[[Any], bool] | None = None


def rise(model: Any, term: Any, floor: int, value: int, seconds: float, told: Callable[[int], bool]) -> Risen:
    """Raise the bound of a term of a CP-SAT model, of which a plan that costs `value` is known, within some seconds.

    `told` hears each bound that was reached, and says whether to go on.
    """
    from ortools.sat.python import cp_model

    until = time.monotonic() + seconds
    while floor < value and time.monotonic() < until:
        asked = model.clone()
        asked.clear_objective()
        asked.clear_hints()
        asked.add(term <= floor)
        solver = cp_model.CpSolver()
        solver.parameters.max_time_in_seconds = max(0.05, until - time.monotonic())
        # Alone: the same question gives the same answer in every run.
        solver.parameters.num_workers = 1
        status = solver.solve(asked)
        if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return Risen(floor, solver.boolean_value)
        if status != cp_model.INFEASIBLE:
            break
        floor += 1
        if not told(floor):
            break
    return Risen(floor)
