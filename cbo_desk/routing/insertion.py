"""Where a ride goes best into a tour: every pair of places for its two stops, exactly, and remembered.

This is our own planner's one move; everything else is which rides to take out first. It needs nothing but Python, so
it also serves where no solver's wheel is to be had.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cbo_desk.routing.problem import Problem
from cbo_desk.routing.timing import rested

Tour = tuple[int, ...]
_REMEMBERED = 400_000
_NOWHERE: tuple[int, Tour] | None = None


@dataclass(frozen=True)
class _Sweep:
    """A tour between its start and end: nodes, earliest and latest begins, seconds until left, loads on leaving."""

    nodes: list[int]
    earliest: list[int]
    latest: list[int]
    services: list[int]
    loads: list[tuple[int, ...]]


class Insertion:
    """Best insertions into the tours of one problem; crews that are alike share what is remembered."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.windows = problem.windows
        self.kind = self._kinds()
        self._sweeps: dict[tuple[int, Tour], _Sweep | None] = {}
        self._best: dict[tuple[int, Tour, int], tuple[int, Tour] | None] = {}
        self._holds: dict[tuple[int, Tour], bool] = {}
        self._timed = any(task.max_ride is not None for task in problem.tasks) or any(
            crew.duty is not None or crew.breaks for crew in problem.crews
        )
        self._kinds_of_room = [[kind for kind, amount in enumerate(task.amounts) if amount] for task in problem.tasks]

    def _kinds(self) -> list[int]:
        """For each crew the first one that is like it in every respect."""
        first: dict[object, int] = {}
        kinds = []
        for number, crew in enumerate(self.problem.crews):
            start = self.problem.start(number)
            way = tuple(self.problem.seconds[start]), tuple(row[start + 1] for row in self.problem.seconds)
            may = tuple(number in task.crews for task in self.problem.tasks)
            kinds.append(first.setdefault((crew, way, may), number))
        return kinds

    def holds(self, crew: int, tour: Tour) -> bool:
        """Whether a tour whose windows and loads hold also keeps to longest rides and duty."""
        if not self._timed:
            return True
        key = self.kind[crew], tour
        if key not in self._holds:
            if len(self._holds) > _REMEMBERED:
                self._holds.clear()
            self._holds[key] = rested(self.problem, crew, tour) is not None
        return self._holds[key]

    def best(self, crew: int, tour: Tour, task: int) -> tuple[int, Tour] | None:
        """What serving a task more would cost a tour at least, and the tour then; None where it does not fit."""
        key = self.kind[crew], tour, task
        try:
            return self._best[key]
        except KeyError:
            pass
        if len(self._best) > _REMEMBERED:
            self._best.clear()
        answer = self._best[key] = (
            self._search(crew, tour, task) if crew in self.problem.tasks[task].crews else _NOWHERE
        )
        return answer

    def _search(self, crew: int, tour: Tour, task: int) -> tuple[int, Tour] | None:
        ways = self.ways(crew, tour, task)
        ways.sort()
        for more, up, down in ways:
            longer = (*tour[:up], 2 * task, *tour[up:down], 2 * task + 1, *tour[down:])
            if self.holds(crew, longer):
                own = self.problem.crews[crew]
                return more * own.per_km + (0 if tour else own.fixed * 1000), longer
        return None

    def ways(self, crew: int, tour: Tour, task: int) -> list[tuple[int, int, int]]:
        """Metres more, and before which places of the tour to pick up and to set down, of every way that fits."""
        sweep = self._sweep(crew, tour)
        if sweep is None:
            return []
        problem, nodes = self.problem, sweep.nodes
        seconds, metres, own = problem.seconds, problem.metres, problem.tasks[task]
        earliest, latest, services, loads = sweep.earliest, sweep.latest, sweep.services, sweep.loads
        up, down = 2 * task, 2 * task + 1
        (up_early, up_late), (down_early, down_late) = self.windows[up], self.windows[down]
        up_seconds, down_seconds, up_metres, down_metres = seconds[up], seconds[down], metres[up], metres[down]
        direct, direct_metres = own.boarding + up_seconds[down], up_metres[down]
        capacity, kinds, amounts = problem.crews[crew].capacity, self._kinds_of_room[task], own.amounts
        ways = []
        last = len(nodes) - 1
        for place in range(last):
            if earliest[place] > up_late:
                break
            before, after = nodes[place], nodes[place + 1]
            time = earliest[place] + services[place] + seconds[before][up]
            if time < up_early:
                time = up_early
            if time > up_late or time + own.boarding + up_seconds[after] > latest[place + 1] and place + 1 == last:
                continue
            if any(loads[place][kind] + amounts[kind] > capacity[kind] for kind in kinds):
                continue
            # Set down at once.
            at = time + direct
            if at < down_early:
                at = down_early
            if at > down_late:
                continue
            detour = metres[before][up] - metres[before][after]
            if at + own.alighting + down_seconds[after] <= latest[place + 1]:
                ways.append((detour + direct_metres + down_metres[after], place, place))
            # Or after some of the stops that follow.
            detour += up_metres[after]
            time += own.boarding + up_seconds[after]
            for stop in range(place + 1, last):
                node = nodes[stop]
                if time < earliest[stop]:
                    time = earliest[stop]
                if time > latest[stop] or any(loads[stop][kind] + amounts[kind] > capacity[kind] for kind in kinds):
                    break
                time += services[stop]
                at = time + seconds[node][down]
                if at > down_late:
                    break
                if at < down_early:
                    at = down_early
                following = nodes[stop + 1]
                if at + own.alighting + down_seconds[following] <= latest[stop + 1]:
                    more = detour + metres[node][down] + down_metres[following] - metres[node][following]
                    ways.append((more, place, stop))
                time += seconds[node][following]
        return ways

    def _sweep(self, crew: int, tour: Tour) -> _Sweep | None:
        key = self.kind[crew], tour
        if key in self._sweeps:
            return self._sweeps[key]
        if len(self._sweeps) > _REMEMBERED // 4:
            self._sweeps.clear()
        answer = self._sweeps[key] = self._swept(crew, tour)
        return answer

    def _swept(self, crew: int, tour: Tour) -> _Sweep | None:
        problem, windows = self.problem, self.windows
        own, start, seconds = problem.crews[crew], problem.start(crew), problem.seconds
        nodes = [start, *tour, start + 1]
        services = [0, *[problem.service(node) for node in tour], 0]
        early = [own.window[0], *[windows[node][0] for node in tour], own.window[0]]
        late = [own.window[1], *[windows[node][1] for node in tour], own.window[1]]
        earliest, latest = list(early), list(late)
        for place in range(1, len(nodes)):
            time = earliest[place - 1] + services[place - 1] + seconds[nodes[place - 1]][nodes[place]]
            if time > earliest[place]:
                earliest[place] = time
            if earliest[place] > late[place]:
                return None
        for place in range(len(nodes) - 2, -1, -1):
            time = latest[place + 1] - seconds[nodes[place]][nodes[place + 1]] - services[place]
            if time < latest[place]:
                latest[place] = time
        load = [0] * len(own.capacity)
        loads = [tuple(load)]
        for node in tour:
            sign = -1 if node & 1 else 1
            load = [there + sign * amount for there, amount in zip(load, problem.tasks[node >> 1].amounts, strict=True)]
            loads.append(tuple(load))
        return _Sweep(nodes, earliest, latest, services, loads)


def without(tour: Sequence[int], tasks: set[int]) -> Tour:
    """A tour without some of its tasks; what holds with them holds without them where ways are shortest ways."""
    return tuple(node for node in tour if node >> 1 not in tasks)
