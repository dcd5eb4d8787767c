"""The linear twin of a CP-SAT model, solved by HiGHS: where series tie a year together, its bounds are far closer.

With times fixed, what excludes what in a room is a set of intervals, whose matrix is totally unimodular: the linear
relaxation is all but whole already, and a proof takes seconds where CP-SAT alone takes minutes (see the decision page
on relocation). What comes back is whole numbers that were put to every constraint of the CP-SAT model itself; the bound
is HiGHS's own, within its tolerance of a millionth.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

Row = tuple[list[int], list[int], int, int]
"""Variables, coefficients, least, most."""
_INFINITE = 1 << 60


@dataclass(frozen=True, slots=True)
class Linear:
    """What came of it: a value for each variable, if there is one, what the objective is then, and a bound on it."""

    values: list[int] | None
    value: int
    bound: int | None


def solve(model: Any, seconds: float) -> Linear:
    """Solve a CP-SAT model made of clauses, sets of which one is taken, and linear rows."""
    from ortools.math_opt.python import mathopt

    proto = model.proto
    twin = mathopt.Model()
    ranges = [list(var.domain) for var in proto.variables]
    variables = [twin.add_variable(lb=each[0], ub=each[-1], is_integer=True) for each in ranges]
    rows = list(_rows(proto))
    for which, factors, least, most in rows:
        total = mathopt.fast_sum(factor * variables[var] for var, factor in zip(which, factors, strict=True))
        low, high = (least if least > -_INFINITE else -math.inf), (most if most < _INFINITE else math.inf)
        twin.add_linear_constraint(expr=total, lb=low, ub=high)
    objective = proto.objective
    which, factors, offset = _positive(list(objective.vars), list(objective.coeffs))
    twin.minimize(mathopt.fast_sum(f * variables[v] for v, f in zip(which, factors, strict=True)))
    parameters = mathopt.SolveParameters(
        time_limit=timedelta(seconds=seconds), relative_gap_tolerance=0.0, absolute_gap_tolerance=0.999
    )
    answer = mathopt.solve(twin, mathopt.SolverType.HIGHS, params=parameters)
    reached = answer.dual_bound() if hasattr(answer, "dual_bound") else answer.termination.objective_bounds.dual_bound
    offset += round(objective.offset)
    bound = math.ceil(reached - 1e-6) + offset if math.isfinite(reached) else None
    if not answer.has_primal_feasible_solution():
        return Linear(None, 0, bound)
    found = answer.variable_values()
    values = [round(found[variable]) for variable in variables]
    value = offset + sum(factor * values[var] for var, factor in zip(which, factors, strict=True))
    return Linear(values if _fits(rows, values) else None, value, bound)


def _rows(proto: Any) -> Iterator[Row]:
    for each in proto.constraints:
        if each.has_at_most_one():
            yield _row(list(each.at_most_one.literals), [1] * len(each.at_most_one.literals), -_INFINITE, 1)
        elif each.has_exactly_one():
            yield _row(list(each.exactly_one.literals), [1] * len(each.exactly_one.literals), 1, 1)
        elif each.has_bool_or():
            yield _row(list(each.bool_or.literals), [1] * len(each.bool_or.literals), 1, _INFINITE)
        elif each.has_linear():
            domain = list(each.linear.domain)
            yield _row(list(each.linear.vars), list(each.linear.coeffs), domain[0], domain[-1])
        else:
            raise AssertionError(f"A constraint that is not linear: {each}")


def _row(literals: list[int], factors: list[int], least: int, most: int) -> Row:
    which, signed, offset = _positive(literals, factors)
    return which, signed, least - offset, most - offset


def _positive(literals: Sequence[int], factors: Sequence[int]) -> tuple[list[int], list[int], int]:
    """Literals as variables: the negation of x, written -x-1, is 1 - x."""
    which = [literal if literal >= 0 else -literal - 1 for literal in literals]
    signed = [f if literal >= 0 else -f for literal, f in zip(literals, factors, strict=True)]
    return which, signed, sum(f for literal, f in zip(literals, factors, strict=True) if literal < 0)


def _fits(rows: Sequence[Row], values: Sequence[int]) -> bool:
    """Whether whole numbers keep every row, in whole numbers."""
    return all(
        least <= sum(factor * values[var] for var, factor in zip(which, factors, strict=True)) <= most
        for which, factors, least, most in rows
    )
