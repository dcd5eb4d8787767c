"""The best plan that can be put together from tours already found: a set partition, solved by CP-SAT."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from cbo_desk.routing.problem import Problem, Tours

Pool = Mapping[tuple[int, tuple[int, ...]], int]
"""What each tour costs, by the first crew of its kind and its nodes."""

MOST = 12_000
"""Tours that are looked at, the cheapest per ride first: more take longer than they bring."""


def combine(problem: Problem, pool: Pool, kinds: list[int], best: Tours, seconds: float, seed: int = 1) -> Tours:
    """Tours from the pool that serve what `best` serves at the least cost; `best` itself where nothing is better."""
    from ortools.sat.python import cp_model

    chosen = [(kinds[crew], tour) for crew, tour in best.items()]
    usable = sorted(pool, key=lambda key: (pool[key] / len(key[1]), key))[:MOST]
    keys = list(dict.fromkeys([*chosen, *usable]))
    model = cp_model.CpModel()
    taken = [model.new_bool_var("") for _ in keys]
    serving, using = defaultdict(list), defaultdict(list)
    for variable, (kind, tour) in zip(taken, keys, strict=True):
        using[kind].append(variable)
        for node in tour:
            if node % 2 == 0:
                serving[node // 2].append(variable)
    served = problem.served(best)
    for task, variables in serving.items():
        if task in served:
            model.add_exactly_one(variables)
        else:
            model.add_at_most_one(variables)
    for kind, variables in using.items():
        model.add(sum(variables) <= kinds.count(kind))
    costs = [pool.get(key, 0) or problem.tour_cost(*key) for key in keys]
    model.minimize(sum(cost * variable for cost, variable in zip(costs, taken, strict=True)))
    for variable, key in zip(taken, keys, strict=True):
        model.add_hint(variable, key in chosen)
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = seed
    if solver.solve(model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return best
    free = {kind: [crew for crew, own in enumerate(kinds) if own == kind] for kind in using}
    tours = {
        free[kind].pop(0): tour for variable, (kind, tour) in zip(taken, keys, strict=True) if solver.value(variable)
    }
    return tours if problem.cost_of(tours) < problem.cost_of(best) else best
