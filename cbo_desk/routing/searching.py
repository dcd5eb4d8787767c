"""Our own search over a day: take rides that lie together out of their tours, put them back where they cost least.

Slack induction by string removals (Christiaens and Vanden Berghe, Transportation Science 54, 2020), for rides with two
stops: strings of neighbouring rides leave a few tours, come back one by one in a random order of some kind, now and
then past the best place, and the new plan is taken by simulated annealing.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from operator import itemgetter
from random import Random

from cbo_desk.routing.insertion import NOWHERE, Insertion, Standing, Tour, without
from cbo_desk.routing.problem import Problem, Tours

BLINK = 0.02
REMOVED = 8
"""Rides that leave in one step, on average."""
STRING = 8
HOT, COLD, FEW = 0.2, 0.002, 70
"""Temperatures at the beginning and the end, as shares of what driving costs per ride, of a problem of few tasks.

Of many tasks each is tried less often in the same time: the search begins the cooler, and much so.
"""


@dataclass
class Plan:
    """Tours by crew, the tasks that are in none, and what it all costs with those priced."""

    tours: dict[int, Tour]
    absent: set[int]
    cost: int


class Search:
    """A seeded search over one problem; `found` hears each best plan and each new tour goes into `pool`."""

    def __init__(self, problem: Problem, seed: int, insertion: Insertion | None = None) -> None:
        self.problem = problem
        self.insertion = insertion or Insertion(problem)
        self.random = Random(seed)
        self.pool: dict[tuple[int, Tour], int] = {}
        self._near: dict[int, list[int]] = {}
        self.fleet = len(problem.crews)
        self.blink = BLINK
        self.warmth = 1.0
        self.quick = False
        self.steps = 0
        self._price = (
            1
            + sum(crew.fixed * 1000 for crew in problem.crews)
            + max((crew.per_km for crew in problem.crews), default=1)
            * 4
            * max((max(row) for row in problem.metres), default=1)
        )
        self.orders = [problem.lined_up(task) for task in self._all()]

    def _all(self) -> range:
        return range(len(self.problem.tasks))

    def price(self, task: int) -> int:
        """What leaving a task out counts for: more than any way could save, and the more the higher its priority."""
        return self._price * (1 + self.problem.tasks[task].priority)

    def near(self, task: int) -> list[int]:
        """The other tasks, nearest first: in way and, where windows are narrow, in time."""
        if task not in self._near:
            self._near[task] = sorted(self._all(), key=lambda other: self.problem.apart(task, other))
        return self._near[task]

    def priced(self, tours: Tours) -> Plan:
        """A plan of given tours, which must hold."""
        tours = {crew: tour for crew, tour in tours.items() if tour}
        absent = set(self._all()) - self.problem.served(tours)
        cost = self.problem.cost_of(tours) + sum(self.price(task) for task in absent)
        return Plan(tours, absent, cost)

    def run(self, plan: Plan, left: Callable[[], float], found: Callable[[Plan], None] | None = None) -> Plan:
        """The best plan found while `left` (the share of the time that is left, 1 to 0) is above zero."""
        current = best = plan
        crews, driven = self.problem.crews, self.problem.tour_metres
        ways = sum(crews[crew].per_km * driven(crew, tour) for crew, tour in plan.tours.items())
        scale = max(ways, 1) / max(len(self.problem.tasks), 1)
        log = math.log
        hot = self.warmth * HOT * min(1.0, (FEW / max(len(self.problem.tasks), 1)) ** 4)
        share = left()
        while share > 0:
            if self.steps % 8 == 0:
                share = left()
            heat = scale * hot * (COLD / HOT) ** (1 - share)
            new = self.step(current)
            if new.cost < current.cost - heat * log(1 - self.random.random()) or new.cost <= current.cost:
                current = new
                if new.cost < best.cost:
                    best = new
                    if found is not None:
                        found(best)
        return best

    def with_fewer(self, plan: Plan, left: Callable[[], float]) -> Plan | None:
        """A plan that serves as many with one vehicle less, or None if none was found in time."""
        spared = self.spared(plan)
        if spared is None:
            return None
        tours = {crew: tour for crew, tour in plan.tours.items() if crew != spared}
        return self.with_all(self.priced(tours), left, len(plan.absent), len(plan.tours) - 1)

    def with_all(self, plan: Plan, left: Callable[[], float], allowed: int, fleet: int) -> Plan | None:
        """A plan by at most `fleet` crews that leaves out at most `allowed`, or None if none was found in time.

        Whoever is left out often is hard to place: a plan that leaves out easier rides is taken even if it costs more.
        """
        often = [0] * len(self.problem.tasks)
        current, share = plan, left()
        self.fleet = fleet
        try:
            while share > 0:
                share = left()
                new = self.step(current)
                for task in new.absent:
                    often[task] += 1
                if len(new.absent) <= allowed:
                    return new
                hard, harder = sum(often[task] for task in new.absent), sum(often[task] for task in current.absent)
                if (
                    hard < harder
                    or (hard == harder and new.cost < current.cost)
                    or len(new.absent) < len(current.absent)
                ):
                    current = new
            return None
        finally:
            self.fleet = len(self.problem.crews)

    def spared(self, plan: Plan) -> int | None:
        """The crew that is the easiest to spare, or None where all hold somebody."""
        free = [crew for crew, tour in plan.tours.items() if not any(node >> 1 in self.problem.held for node in tour)]
        return min(free, key=lambda crew: len(plan.tours[crew]), default=None)

    def filled(self, plan: Plan) -> Plan:
        """The plan with everybody in who still finds a place as it stands."""
        self.blink = 0.0
        try:
            return self.insert(dict(plan.tours), set(plan.absent), plan.cost)
        finally:
            self.blink = BLINK

    def step(self, plan: Plan) -> Plan:
        """Another plan, a few strings of rides away."""
        self.steps += 1
        tours, gone, cost = dict(plan.tours), set(plan.absent), plan.cost
        cost -= self._remove(tours, gone)
        return self.insert(tours, gone, cost)

    def _remove(self, tours: dict[int, Tour], gone: set[int]) -> int:
        """Take strings of rides out of tours near a ride; returns what that saves (less the price of who is out)."""
        random, problem = self.random, self.problem
        held = self.problem.held
        crew_of = {node >> 1: crew for crew, tour in tours.items() for node in tour if node >> 1 not in held}
        if not crew_of:
            return 0
        mean = sum(map(len, tours.values())) / 2 / len(tours)
        longest = min(STRING, mean)
        strings = max(1, int(random.random() * (4 * REMOVED / (1 + longest) - 1) + 1))
        seed = random.choice(list(crew_of))
        ruined: set[int] = set()
        saved = 0
        for task in self.near(seed):
            if len(ruined) >= strings:
                break
            crew = crew_of.get(task)
            if crew is None or crew in ruined:
                continue
            ruined.add(crew)
            tour = tours[crew]
            out = self._string(tour, task, max(1, int(random.random() * min(len(tour) / 2, longest) + 1)))
            shorter = without(tour, out)
            saved += problem.tour_cost(crew, tour) - problem.tour_cost(crew, shorter)
            saved -= sum(self.price(one) for one in out)
            gone |= out
            if shorter:
                tours[crew] = shorter
            else:
                del tours[crew]
        return saved

    def _string(self, tour: Tour, task: int, size: int) -> set[int]:
        """So many rides of a tour that board one after another, one of them given; sometimes sparing a few between."""
        boarding = [node >> 1 for node in tour if not node & 1 and node >> 1 not in self.problem.held]
        at, size = boarding.index(task), min(size, len(boarding))
        spare = 0
        if self.random.random() < 0.5:
            while size + spare < len(boarding) and self.random.random() > 0.5:
                spare += 1
        first = self.random.randint(max(0, at - size - spare + 1), min(at, len(boarding) - size - spare))
        string = boarding[first : first + size + spare]
        if spare:
            kept = self.random.randint(0, size)
            string = string[:kept] + string[kept + spare :]
        return set(string) or {task}

    def insert(self, tours: dict[int, Tour], gone: set[int], cost: int) -> Plan:
        """Put back whoever fits, each where it costs least; `cost` prices all of `gone` as left out."""
        insertion = self.insertion
        absent = set()
        order = self._order(gone)
        stands = {}
        for crew, tour in tours.items():
            stands[crew] = self._stand(crew, tour, order)
        empty = self._one_of_each(tours, order)
        for number, task in enumerate(order):
            way = self._cheapest(tours, stands, empty, task)
            if way is None:
                absent.add(task)
                continue
            crew, (more, tour) = way
            opened = crew not in tours
            tours[crew] = tour
            cost += more - self.price(task)
            stands[crew] = self._stand(crew, tour, order[number + 1 :])
            if opened:
                empty = self._one_of_each(tours, order[number + 1 :])
        costs, pool = self.problem.tour_cost, self.pool
        for crew, tour in tours.items():
            key = insertion.kind[crew], tour
            if key not in pool:
                pool[key] = costs(crew, tour)
        return Plan(tours, absent, cost)

    def _stand(self, crew: int, tour: Tour, tasks: list[int]) -> Standing | None:
        own = self.insertion.stand(crew, tour)
        if own is not None:
            self.insertion.look(own, crew, tasks)
        return own

    def _one_of_each(self, tours: dict[int, Tour], tasks: list[int]) -> dict[int, Standing]:
        """Crews that stay at home and may leave: the first of each kind, as it stands."""
        found: dict[int, Standing] = {}
        if len(tours) >= self.fleet:
            return found
        kinds = set()
        for crew in range(len(self.problem.crews)):
            kind = self.insertion.kind[crew]
            if crew in tours or kind in kinds:
                continue
            kinds.add(kind)
            own = self._stand(crew, (), tasks)
            if own is not None:
                found[crew] = own
        return found

    def _cheapest(
        self, tours: dict[int, Tour], stands: dict[int, Standing | None], empty: dict[int, Standing], task: int
    ) -> tuple[int, tuple[int, Tour]] | None:
        """Which crew serves a ride at the least cost, what more, and its tour then; what cannot be it is not tried."""
        random, blink, crews = self.random.random, self.blink, self.problem.crews
        offers = []
        for crew, own in stands.items():
            if own is None or (blink and random() < blink):
                continue
            least = own.least[task]
            if least < NOWHERE:
                offers.append((least * crews[crew].per_km, crew, own))
        for crew, alone in empty.items():
            least = alone.least[task]
            if least < NOWHERE:
                offers.append((least * crews[crew].per_km + crews[crew].fixed * 1000, crew, alone))
        offers.sort(key=itemgetter(0, 1))
        best, chosen = None, -1
        for least, crew, own in offers:
            if best is not None and least >= best[0]:
                break
            way = self.insertion.below(own, crew, tours.get(crew, ()), task, None if best is None else best[0])
            if way is not None and (best is None or way[0] < best[0]):
                best, chosen = way, crew
        return None if best is None else (chosen, best)

    def _order(self, gone: set[int]) -> list[int]:
        """In which order rides come back: mostly by chance, else largest, farthest, nearest, or least free first."""
        tasks = sorted(gone)
        way = self.random.random() * 11
        self.random.shuffle(tasks)
        kind = 1 if way < 2 else 2 if way < 4 else 3 if way < 5 else 4 if way < 7 else 0
        tasks.sort(key=lambda task: self.orders[task][kind])
        return tasks
