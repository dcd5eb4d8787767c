"""The form in which every solver is given a day: tasks and crews over one matrix of nodes.

A task is a ride: node 2t picks up, node 2t + 1 sets down. A crew is a vehicle with a driver and the time between two
places in which they are free; a day with held trips has several crews of the same vehicle. Node 2T + 2c is where crew
c starts, 2T + 2c + 1 where it ends. All numbers are whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

Tours = dict[int, tuple[int, ...]]
"""Which nodes each crew visits, in order, without its start and end; crews that stay at home are missing."""

_ABOVE = 1 << 50
"""By what one step of priority goes before all else."""


@dataclass(frozen=True)
class Task:
    """A ride between two nodes. `amounts` are the units it takes of each kind of room; the last kind is company."""

    pickup: tuple[int, int]
    dropoff: tuple[int, int]
    boarding: int
    alighting: int
    amounts: tuple[int, ...]
    max_ride: int | None
    crews: frozenset[int]
    priority: int = 0


@dataclass(frozen=True)
class Crew:
    """A vehicle and driver for the time `window`; `duty` bounds the time from departure to return."""

    window: tuple[int, int]
    capacity: tuple[int, ...]
    duty: int | None = None
    fixed: int = 0
    per_km: int = 100
    breaks: tuple[tuple[int, int, int], ...] = ()


@dataclass(frozen=True)
class Problem:
    """Tasks, crews, and seconds and metres between all nodes.

    Tasks `held` stay in the tours they begin in. `cut` narrows windows further than the tasks say. `rested` are the
    seconds to a node when a break lies before it, where they differ: the drive then begins at another hour. `least` are
    the seconds after boarding in which a task can be there at all, where that is less than the direct way at its hour:
    who leaves the last stop before it later may drive when the roads are free.
    """

    tasks: tuple[Task, ...]
    crews: tuple[Crew, ...]
    seconds: Sequence[Sequence[int]]
    metres: Sequence[Sequence[int]]
    held: frozenset[int] = frozenset()
    rested: Sequence[Sequence[int]] | None = None
    cut: dict[int, tuple[int, int]] = field(default_factory=dict)
    least: Sequence[int] | None = None

    @cached_property
    def windows(self) -> tuple[tuple[int, int], ...]:
        """The window of every task's node, as narrow as its partner, its ride and the direct way allow."""
        windows: list[tuple[int, int]] = []
        for number, task in enumerate(self.tasks):
            way = self.seconds[2 * number][2 * number + 1]
            direct = task.boarding + (way if self.least is None else min(way, self.least[number]))
            (early, late), (soon, due) = task.pickup, task.dropoff
            if 2 * number in self.cut:
                early, late = max(early, self.cut[2 * number][0]), min(late, self.cut[2 * number][1])
            late, soon = min(late, due - direct), max(soon, early + direct)
            if task.max_ride is not None:
                longest = task.boarding + task.max_ride
                early, due = max(early, soon - longest), min(due, late + longest)
            windows += [(early, late), (soon, due)]
        return tuple(windows)

    def service(self, node: int) -> int:
        """Seconds a task's node takes."""
        task = self.tasks[node // 2]
        return task.alighting if node % 2 else task.boarding

    def start(self, crew: int) -> int:
        """The node where a crew starts; the next one is where it ends."""
        return 2 * len(self.tasks) + 2 * crew

    def metres_of(self, tours: Tours) -> int:
        """How far all crews drive."""
        return sum(self.tour_metres(crew, tour) for crew, tour in tours.items())

    def tour_metres(self, crew: int, tour: Sequence[int]) -> int:
        """How far one crew drives."""
        start = self.start(crew)
        nodes = [start, *tour, start + 1]
        return sum(self.metres[a][b] for a, b in zip(nodes, nodes[1:], strict=False)) if tour else 0

    def served(self, tours: Tours) -> set[int]:
        """The tasks that tours serve."""
        return {node // 2 for tour in tours.values() for node in tour}

    def tour_cost(self, crew: int, tour: Sequence[int]) -> int:
        """What a tour costs, in thousandths of a cent: metres by the kilometre, and the vehicle for the day."""
        own = self.crews[crew]
        return own.fixed * 1000 + own.per_km * self.tour_metres(crew, tour) if tour else 0

    def cost_of(self, tours: Tours) -> int:
        """What all tours cost, in thousandths of a cent."""
        return sum(self.tour_cost(crew, tour) for crew, tour in tours.items())

    def apart(self, task: int, other: int) -> int:
        """How far two tasks are apart: in way and, where windows are narrow, in time."""
        seconds, windows = self.seconds, self.windows
        return min(
            seconds[a][b] + max(windows[b][0] - windows[a][1] - seconds[a][b], windows[a][0] - windows[b][1], 0)
            for a in (2 * task, 2 * task + 1)
            for b in (2 * other, 2 * other + 1)
        )

    def lined_up(self, task: int) -> tuple[int, ...]:
        """By what a task is lined up: priority, and then nothing, largest, farthest, nearest or least free first."""
        first = -self.tasks[task].priority * _ABOVE
        far = max(self.metres[self.start(0)][2 * task : 2 * task + 2]) if self.crews else 0
        early, late = self.windows[2 * task]
        return first, first - sum(self.tasks[task].amounts), first - far, first + far, first + late - early
