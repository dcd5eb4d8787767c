"""The linear twin of a CP-SAT model, solved by HiGHS: where series tie a year together, it finds the best plan soonest.

With times fixed, what excludes what in a room is a set of intervals, whose matrix is totally unimodular: the linear
relaxation is all but whole already. HiGHS reckons in floating point and has called plans the best that were not, so
what it says of bounds is not even read: it finds, and CP-SAT, which reckons in whole numbers, proves. What comes back
was put to every constraint of the CP-SAT model itself.
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
    """A plan that keeps every row: a value for each variable, and what the objective is then."""

    values: list[int]
    value: int


def solve(model: Any, seconds: float) -> Linear | None:
    """The best that is found for a CP-SAT model made of clauses, sets of which one is taken, and linear rows."""
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
    if not answer.has_primal_feasible_solution():
        return None
    found = answer.variable_values()
    values = [round(found[variable]) for variable in variables]
    value = offset + round(objective.offset) + sum(f * values[var] for var, f in zip(which, factors, strict=True))
    return Linear(values, value) if _fits(rows, ranges, values) else None


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


def _fits(rows: Sequence[Row], ranges: Sequence[Sequence[int]], values: Sequence[int]) -> bool:
    """Whether whole numbers keep every range and every row, in whole numbers."""
    return all(each[0] <= value <= each[-1] for each, value in zip(ranges, values, strict=True)) and all(
        least <= sum(factor * values[var] for var, factor in zip(which, factors, strict=True)) <= most
        for which, factors, least, most in rows
    )
