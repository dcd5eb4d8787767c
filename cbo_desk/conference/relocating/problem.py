"""The relocation planner's question and answer: meetings that lose their place, and where they go instead.

Only words: model and checker both read these, and share nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from cbo_desk.conference.finding import Placing, Space, Taken, Unit, UnitWish
from cbo_desk.conference.rules import Ceiling, Load, Slot


class Goal(StrEnum):
    """What a plan should have as little of as possible."""

    UNPLACED = "unplaced"
    LOST = "lost"
    BUMPED = "bumped"
    TIMES = "times"
    ROOMS = "rooms"
    SERIES = "series"
    SEATS = "seats"
    WALLS = "walls"


Stage = tuple[tuple[Goal, int], ...]
"""Goals with their weights, minimised together; a stage counts before all those after it."""


def stages_of(*goals: Goal) -> tuple[Stage, ...]:
    """One stage for each goal, in their order."""
    return tuple(((goal, 1),) for goal in goals)


KEEP_TIMES = stages_of(
    Goal.UNPLACED, Goal.BUMPED, Goal.TIMES, Goal.ROOMS, Goal.SERIES, Goal.SEATS, Goal.WALLS
)  # fmt: skip
KEEP_ROOMS = stages_of(
    Goal.UNPLACED, Goal.BUMPED, Goal.ROOMS, Goal.TIMES, Goal.SERIES, Goal.SEATS, Goal.WALLS
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting that may move.

    `times` are the one it has and those its client allows besides. It needs `booths` and `features` of its space, in
    the layout `kind` ("" for any), and one unit for each of its `wishes`; `units` are those it has. Meetings of one
    `series` want one room. `stands` is its present place; one that is `affected` cannot keep it, any other always has
    some place, and gives its own up only to a meeting of higher rank (a lower number).
    """

    id: int
    people: int
    rank: int
    times: tuple[Slot, ...]
    kind: str = ""
    stands: Placing | None = None
    wishes: tuple[UnitWish, ...] = ()
    booths: int = 0
    features: frozenset[str] = frozenset()
    series: int | None = None
    confirmed: bool = True
    affected: bool = True
    cars: int = 0


@dataclass(frozen=True)
class Problem:
    """Meetings that may move, among spaces that others occupy in part.

    `taken` says by cell, `units_taken` by unit, what stays as it is: closures, and bookings that are not among the
    meetings; `loads` are the people and cars of those bookings. With `short`, too few seats cost a point for each
    person instead of being refused, and spare seats cost nothing.
    """

    spaces: tuple[Space, ...]
    meetings: tuple[Meeting, ...]
    taken: Mapping[int, tuple[Taken, ...]] = field(default_factory=dict)
    units: tuple[Unit, ...] = ()
    units_taken: Mapping[int, tuple[Taken, ...]] = field(default_factory=dict)
    loads: tuple[Load, ...] = ()
    ceilings: tuple[Ceiling, ...] = ()
    stages: tuple[Stage, ...] = KEEP_TIMES
    short: bool = False


@dataclass(frozen=True, slots=True)
class Measure:
    """How good a plan is in one stage: the value, and a bound below which no plan can be.

    For `UNPLACED` both are counts by rank, from 1 on, and are compared in that order; else they have one part.
    """

    stage: Stage
    value: tuple[int, ...]
    bound: tuple[int, ...]

    @property
    def proven(self) -> bool:
        """Whether no plan is better in this stage, once the stages before it stand."""
        return self.value == self.bound

    @property
    def total(self) -> int:
        """The value as one number."""
        return sum(self.value)

    @property
    def gap(self) -> float:
        """How much of the value may not be needed, as a share of it; 0 where proven."""
        if self.proven:
            return 0.0
        return max(0, self.total - sum(self.bound)) / max(1, self.total)


@dataclass(frozen=True)
class Plan:
    """Where each meeting goes, by its id; None for one that finds no place. One measure for each stage, in order."""

    places: Mapping[int, Placing | None]
    measures: tuple[Measure, ...] = ()
    seconds: float = 0.0
