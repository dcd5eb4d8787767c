"""Phases that would have to wait for one that ends later: whoever follows it begins once it is over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from cbo_desk.conference.project.queries import PhaseRow
from cbo_desk.conference.relocating.basis import DAY, WEEK, Span


@dataclass(frozen=True, slots=True)
class Waits:
    """A phase that could begin on a day at the earliest, so many whole weeks later than it is expected to."""

    code: str
    first: date
    weeks: int


def waiting(phases: Sequence[PhaseRow], phase_id: int, span: Span) -> list[Waits]:
    """The phases that would wait, one for the other, if a phase lasted these days.

    Those follow it that are expected to begin once it is over; one that has begun waits no more.
    """
    here = next(each for each in phases if each.id == phase_id)
    after = [each for each in phases if each.span.first > here.span.last and each.state == "planned"]
    found: list[Waits] = []
    last = span.last
    for each in sorted(after, key=lambda phase: (phase.span.first, phase.code)):
        if each.span.first > last:
            break
        weeks = -((each.span.first - last - DAY) // WEEK)
        later = each.span.shifted(weeks)
        found.append(Waits(each.code, later.first, weeks))
        last = max(last, later.last)
    return found
