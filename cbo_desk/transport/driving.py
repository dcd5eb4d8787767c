"""A trip's stops on the clock: in which order requests are served, when each stop is reached, and what is broken.

Pure arithmetic for what a dispatcher does by hand: a request put on a vehicle, alone or beside others. Planning a whole
day is the planner's work.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from cbo_desk.transport.journeys import Journeys


@dataclass(frozen=True, slots=True)
class Halt:
    """Somebody gets in or out in a zone, not before `earliest` and not after `latest`; `leg` 2 is the way back."""

    request_id: int
    leg: int
    kind: str
    zone_id: int
    place: str
    earliest: datetime
    latest: datetime | None
    people: int
    wheelchairs: int = 0
    luggage: int = 0
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Timed:
    """A halt with the times at which it is reached and left."""

    halt: Halt
    arrives: datetime
    leaves: datetime

    @property
    def late(self) -> timedelta:
        """How much too late it is reached."""
        over = self.arrives - self.halt.latest if self.halt.latest is not None else timedelta()
        return max(over, timedelta())


@dataclass(frozen=True, slots=True)
class Timing:
    """A trip from home to home."""

    starts: datetime
    ends: datetime
    stops: tuple[Timed, ...]
    metres: int

    @property
    def late(self) -> timedelta:
        """The worst lateness of any stop."""
        return max((stop.late for stop in self.stops), default=timedelta())


def time_halts(halts: Sequence[Halt], home: int, table: Journeys) -> Timing:
    """Drive the halts in their order: leave home so as to be at the first one in time, wait where one is early."""
    first = halts[0]
    out = table.leg(home, first.zone_id, first.earliest)
    starts = first.earliest - out.time
    at, here, metres = starts, home, 0
    stops: list[Timed] = []
    for halt in halts:
        leg = table.leg(here, halt.zone_id, at)
        reached = at + leg.time
        arrives = max(reached, halt.earliest) if halt.kind == "pickup" else reached
        leaves = arrives + table.boarding
        metres += leg.metres
        stops.append(Timed(halt, arrives, leaves))
        at, here = leaves, halt.zone_id
    back = table.leg(here, home, at)
    return Timing(starts, at + back.time, tuple(stops), metres + back.metres)


def peak(halts: Sequence[Halt]) -> tuple[int, int, int]:
    """The most people, wheelchairs and pieces of luggage aboard at once."""
    most = [0, 0, 0]
    aboard = [0, 0, 0]
    for halt in halts:
        sign = 1 if halt.kind == "pickup" else -1
        for at, count in enumerate((halt.people, halt.wheelchairs, halt.luggage)):
            aboard[at] += sign * count
            most[at] = max(most[at], aboard[at])
    return most[0], most[1], most[2]


def shared_with_others(halts: Sequence[Halt]) -> list[int]:
    """Requests that wanted to travel alone and do not."""
    aboard: dict[int, Halt] = {}
    found: dict[int, None] = {}
    for halt in halts:
        if halt.kind == "pickup":
            aboard[halt.request_id] = halt
        else:
            aboard.pop(halt.request_id, None)
        if len(aboard) > 1:
            found |= {request: None for request, each in aboard.items() if each.alone}
    return list(found)


def insert(kept: Sequence[Halt], added: Sequence[Halt], home: int, table: Journeys) -> Timing:
    """The best order with the added halts among the kept ones, whose own order stays.

    Best is least late, nobody's wish to travel alone broken, then the shortest time away. Pairs are put in one after
    the other, each wherever it is best.
    """
    order = list(kept)
    for pickup, dropoff in zip(added[::2], added[1::2], strict=True):
        best: tuple[tuple[float, int, float], list[Halt]] | None = None
        for start in range(len(order) + 1):
            for end in range(start + 1, len(order) + 2):
                tried = [*order[:start], pickup, *order[start : end - 1], dropoff, *order[end - 1 :]]
                if not _legs_in_order(tried):
                    continue
                timing = time_halts(tried, home, table)
                late = sum((stop.late for stop in timing.stops), timedelta())
                away = (timing.ends - timing.starts).total_seconds()
                score = (late.total_seconds(), len(shared_with_others(tried)), away)
                if best is None or score < best[0]:
                    best = score, tried
        assert best is not None, "a pair fits at the end of any order"
        order = best[1]
    return time_halts(order, home, table)


def _legs_in_order(halts: Sequence[Halt]) -> bool:
    """Whether nobody sets out on the way back before having arrived on the way out."""
    seen: dict[int, int] = {}
    for halt in halts:
        if halt.leg < seen.get(halt.request_id, 1):
            return False
        seen[halt.request_id] = halt.leg
    return True


def moved(halts: Sequence[Halt], by: timedelta) -> list[Halt]:
    """The same halts with their times moved."""
    return [
        replace(halt, earliest=halt.earliest + by, latest=halt.latest + by if halt.latest is not None else None)
        for halt in halts
    ]
