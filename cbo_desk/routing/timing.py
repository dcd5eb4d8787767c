"""When a tour's nodes can begin, fast: the solvers' own arithmetic, which the checker does not use.

A tour is swept forwards for the earliest times and, where somebody would ride too long, boarding is put off and the
sweep repeated; times only ever grow, so the first ones that hold are the earliest ones.
"""

from __future__ import annotations

from collections.abc import Sequence

from cbo_desk.routing.problem import Problem


class Clockwork:
    """The numbers of a problem laid flat, for the question that a search asks most: can this tour be driven in time?"""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.seconds = problem.seconds
        self.early = [window[0] for window in problem.windows]
        self.late = [window[1] for window in problem.windows]
        self.service = [problem.service(node) for node in range(2 * len(problem.tasks))]
        never = 1 << 60
        self.longest = [never if task.max_ride is None else task.boarding + task.max_ride for task in problem.tasks]

    def holds(self, crew: int, tour: Sequence[int]) -> bool:
        """Whether a tour keeps to windows, longest rides, hours and duty, breaks left aside.

        The same times as `begins` finds; whoever would ride too long boards later, and the tour goes on from there.
        """
        own, start = self.problem.crews[crew], self.problem.start(crew)
        seconds, early, late, service, longest = self.seconds, self.early, self.late, self.service, self.longest
        departs, last = own.window
        count, turns = len(tour), 0
        times = [0] * count
        boarded: dict[int, int] = {}
        floors = [early[node] for node in tour]
        place, time, before = 0, departs, start
        while True:
            while place < count:
                node = tour[place]
                time += seconds[before][node]
                if time < floors[place]:
                    time = floors[place]
                if time > late[node]:
                    return False
                times[place] = time
                if node & 1:
                    since = boarded[node >> 1]
                    least = time - longest[node >> 1]
                    if least > times[since]:
                        turns += 1
                        if turns > 3 * count:
                            return begins(self.problem, crew, tour) is not None
                        floors[since], place = least, since
                        before = tour[place - 1] if place else start
                        time = times[place - 1] + service[before] if place else departs
                        continue
                else:
                    boarded[node >> 1] = place
                time += service[node]
                before = node
                place += 1
            end = time + seconds[before][start + 1]
            if end > last:
                return False
            if own.duty is None or end - own.duty <= departs:
                return True
            turns += 1
            if turns > 3 * count + 3:
                return begins(self.problem, crew, tour) is not None
            departs = end - own.duty
            place, time, before = 0, departs, start


def begins(
    problem: Problem, crew: int, tour: Sequence[int], rests: tuple[tuple[int, int], ...] = ()
) -> list[int] | None:
    """The earliest begin of each node, or None where the tour cannot be driven in time; loads are not looked at.

    `rests` says before which places which of the crew's breaks are taken, at the place before.
    """
    own, windows, seconds, tasks = problem.crews[crew], problem.windows, problem.seconds, problem.tasks
    start = 2 * len(tasks) + 2 * crew
    times = [windows[node][0] for node in tour]
    services = [tasks[node >> 1].alighting if node & 1 else tasks[node >> 1].boarding for node in tour]
    boarded: dict[int, int] = {}
    departs, last = own.window[0], own.window[1]
    again, sweeps = True, 0
    while again:
        again = False
        sweeps += 1
        if sweeps > 2 * len(tour) + 4:
            return None
        time, before = departs, start
        for place, node in enumerate(tour):
            drive = seconds[before][node]
            for at, rest in rests:
                if at == place:
                    early, late, length = own.breaks[rest]
                    if time > late:
                        return None
                    time = max(time, early) + length
                    drive = (problem.rested or seconds)[before][node]
            time += drive
            if time < times[place]:
                time = times[place]
            if time > windows[node][1]:
                return None
            times[place] = time
            if node & 1:
                task = tasks[node >> 1]
                if task.max_ride is not None:
                    since = boarded[node >> 1]
                    least = time - task.max_ride - task.boarding
                    if least > times[since]:
                        times[since] = least
                        again = True
            else:
                boarded[node >> 1] = place
            time += services[place]
            before = node
        drive = seconds[before][start + 1]
        for at, rest in rests:
            if at == len(tour):
                early, late, length = own.breaks[rest]
                if time > late:
                    return None
                time = max(time, early) + length
                drive = (problem.rested or seconds)[before][start + 1]
        end = time + drive
        if end > last:
            return None
        if own.duty is not None and end - own.duty > departs:
            departs = end - own.duty
            again = True
    return times


def rested(problem: Problem, crew: int, tour: Sequence[int]) -> tuple[tuple[int, int], ...] | None:
    """How a tour can be driven with its crew's breaks: before which places which rest; None where it cannot.

    A break that fits before the departure or after the return needs no place. Breaks are taken with nobody aboard.
    """
    times = begins(problem, crew, tour)
    if times is None or not problem.crews[crew].breaks or not tour:
        return None if times is None else ()
    aboard, empty = 0, []
    for place, node in enumerate(tour):
        if aboard == 0:
            empty.append(place)
        aboard += -1 if node & 1 else 1
    rests: tuple[tuple[int, int], ...] = ()
    for rest, (early, late, length) in enumerate(problem.crews[crew].breaks):
        start = problem.start(crew)
        leaves = times[0] - problem.seconds[start][tour[0]]
        back = times[-1] + problem.service(tour[-1]) + problem.seconds[tour[-1]][start + 1]
        if early + length <= leaves or back <= late:
            continue
        for place in [*empty, len(tour)]:
            tried = begins(problem, crew, tour, (*rests, (place, rest)))
            if tried is not None:
                rests, times = (*rests, (place, rest)), tried
                break
        else:
            return None
    return rests


def first_too_long(problem: Problem, crew: int, tour: Sequence[int]) -> tuple[int, int] | None:
    """The first task that rides too long when everything begins as early as can be, and by how many seconds."""
    windows, seconds, tasks = problem.windows, problem.seconds, problem.tasks
    time, before = problem.crews[crew].window[0], problem.start(crew)
    left: dict[int, int] = {}
    for node in tour:
        time = max(time + seconds[before][node], windows[node][0])
        task = tasks[node >> 1]
        if node & 1 and task.max_ride is not None and time - left[node >> 1] > task.max_ride:
            return node >> 1, time - left[node >> 1] - task.max_ride
        time += problem.service(node)
        left.setdefault(node >> 1, time)
        before = node
    return None


def fits(problem: Problem, crew: int, tour: Sequence[int]) -> bool:
    """Whether everybody finds room, in order, with a crew that may serve them."""
    load = [0] * len(problem.crews[crew].capacity)
    aboard: set[int] = set()
    for node in tour:
        task = problem.tasks[node >> 1]
        if node & 1:
            if node >> 1 not in aboard:
                return False
            aboard.discard(node >> 1)
            load = [there - own for there, own in zip(load, task.amounts, strict=True)]
            continue
        if crew not in task.crews:
            return False
        aboard.add(node >> 1)
        load = [there + own for there, own in zip(load, task.amounts, strict=True)]
        if any(there > room for there, room in zip(load, problem.crews[crew].capacity, strict=True)):
            return False
    return not aboard


def feasible(problem: Problem, crew: int, tour: Sequence[int]) -> bool:
    """Whether a tour holds in every respect that a problem knows."""
    return fits(problem, crew, tour) and rested(problem, crew, tour) is not None
