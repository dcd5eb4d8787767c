"""Straight-line depreciation in whole cents to any day, past or future, through changes of policy.

The rules, each from the United Nations' accounts under IPSAS (17 and 3) or from the policy's own data:

- A month is charged when it is over; on its last day it counts as over.
- The month of acquisition is charged whole, by half, or not at all, as the policy of that month says; likewise the
  month of disposal as the policy of that month says.
- A change of policy is a change of estimate (IPSAS 3.41): nothing already charged is touched, and what is left above
  the new residual value is spread over what is left of the new life. Where no life is left, it is charged at once.
- A life of zero months is charged at once. A residual value above what is left stops the charge (IPSAS 17.69).
- What was charged up to a month is rounded to the cent, the half up; a month's own charge is the difference of two
  such sums, so the charges of a life add up to the cent.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from cbo_desk.property.value.rules import WHOLE, FirstMonth, LastMonth, Method, Terms, month_of

Changes = Sequence[tuple[int, Terms]]
"""Terms with the month from which they count, in order; the first counts from ever."""
_LATER = {FirstMonth.FULL: 0, FirstMonth.HALF: 1, FirstMonth.NEXT: 2}
_CHARGED = {LastMonth.NONE: 0, LastMonth.HALF: 1, LastMonth.FULL: 2}


class Step(NamedTuple):
    """One stretch under the same terms: `charged` of the `left` half months of life; 0 left means all at once."""

    charged: int
    left: int
    residual_bp: int


def steps(acquired: date, changes: Changes, on: date, ended: date | None = None) -> tuple[Step, ...]:
    """The stretches of a life up to a day; everything but the cost. None before the acquisition.

    Only the month of `acquired` matters, so things bought in one month share their steps. `ended` is the day of
    disposal; from that day on the steps stand still.
    """
    if on < acquired:
        return ()
    begun = month_of(acquired)
    now = _terms_in(changes, begun)
    at = 2 * begun + _LATER[now.first]
    until = 2 * (month_of(on) + _is_month_end(on))
    if ended is not None and on >= ended:
        until = 2 * month_of(ended) + _CHARGED[_terms_in(changes, month_of(ended)).last]
    last = month_of(on if ended is None else min(on, ended))
    found, used = [], 0
    later = [(month, terms) for month, terms in changes if begun < month <= last]
    for (_, terms), following in zip([(begun, now), *later], [*later, None], strict=True):
        end = until if following is None else min(until, max(2 * following[0], at))
        if terms.method is Method.STRAIGHT_LINE:
            length, left = max(0, end - at), max(0, 2 * terms.life - used)
            if left == 0 and (length or terms.life == 0):
                found.append(Step(0, 0, terms.residual_bp))
            elif length:
                found.append(Step(min(length, left), left, terms.residual_bp))
            used += length
        at = max(at, end)
    return tuple(found)


def carrying(cost: int, taken: Sequence[Step]) -> int:
    """What is left of a cost in cents after some steps."""
    rest = cost
    for charged, left, residual_bp in taken:
        base = rest - (2 * cost * residual_bp + WHOLE) // (2 * WHOLE) if residual_bp else rest
        if base > 0:
            rest -= (2 * base * charged + left) // (2 * left) if left else base
    return rest


def value_on(cost: int, acquired: date, changes: Changes, on: date, ended: date | None = None) -> int:
    """What a thing is worth on a day in cents: its cost less what was charged by then; 0 once it is disposed of."""
    if on < acquired or (ended is not None and on >= ended):
        return 0
    return carrying(cost, steps(acquired, changes, on))


def value_at_disposal(cost: int, acquired: date, changes: Changes, ended: date) -> int:
    """What is left to be written off on the day of disposal, in cents."""
    return carrying(cost, steps(acquired, changes, ended, ended))


@dataclass(frozen=True)
class Month:
    """One line of a schedule: the month's last day, its charge and what is left after it, in cents."""

    ends: date
    charge: int
    value: int


def schedule(cost: int, acquired: date, changes: Changes, until: date) -> Iterator[Month]:
    """The months from the acquisition to a day, as far as something is charged or left to be charged."""
    before = cost
    for month in range(month_of(acquired), month_of(until) + 1):
        year, number = divmod(month, 12)
        ends = date(year, number + 1, monthrange(year, number + 1)[1])
        value = value_on(cost, acquired, changes, ends)
        yield Month(ends, before - value, value)
        before = value


def _terms_in(changes: Changes, month: int) -> Terms:
    return [terms for start, terms in changes if start <= month][-1]


def _is_month_end(day: date) -> bool:
    return day.day == monthrange(day.year, day.month)[1]
