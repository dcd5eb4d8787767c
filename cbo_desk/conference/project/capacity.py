"""Seats and rooms as of any day, and demand beside them: on plain values, without a database.

A room counts once, in its standard layout (its classroom, or else its largest layout on that day); joined spaces are
not added. Days of a phase are those of the site, both included.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from cbo_desk.conference.rules import day_of, midnight

CLASSES = ("plenary", "large", "medium", "small")
_LEAST = {"plenary": 500, "large": 150, "medium": 90, "small": 0}
STANDARD = "classroom"
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Seating:
    """A layout of a room from a day to a day; None for ever."""

    kind: str
    seats: int
    first: date
    last: date | None

    def holds_on(self, day: date) -> bool:
        """Whether it is valid on a day."""
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True)
class Shut:
    """Days on which a room is closed."""

    first: date
    last: date | None

    def holds_on(self, day: date) -> bool:
        """Whether a day is one of them."""
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True)
class Room:
    """One room with everything that is known of its seats, later entries before earlier ones, and when it is closed."""

    id: int
    code: str
    seatings: tuple[Seating, ...]
    shut: tuple[Shut, ...] = ()

    def seats_on(self, day: date) -> int:
        """What it seats on a day; 0 where it is closed or not there."""
        if any(each.holds_on(day) for each in self.shut):
            return 0
        known: dict[str, int] = {}
        for each in self.seatings:
            if each.holds_on(day):
                known.setdefault(each.kind, each.seats)
        return known.get(STANDARD, max(known.values(), default=0))


@dataclass(frozen=True, slots=True)
class Share:
    """Rooms and seats of one size class."""

    rooms: int
    seats: int


@dataclass(frozen=True, slots=True)
class DayCapacity:
    """The capacity of one day by size class, in the order of `CLASSES`."""

    day: date
    shares: tuple[Share, ...]

    @property
    def rooms(self) -> int:
        """Rooms of every class."""
        return sum(share.rooms for share in self.shares)

    @property
    def seats(self) -> int:
        """Seats of every class."""
        return sum(share.seats for share in self.shares)


@dataclass(frozen=True, slots=True)
class Month:
    """The lowest day of a month, the most people at once that are booked in it, and the seats they lack on their day.

    The peak may lie on another day than the lowest capacity: `short` compares each day with its own; 0 where there are
    always enough.
    """

    first: date
    lowest: DayCapacity
    demand: int
    short: int


def class_of(seats: int) -> str:
    """The size class of a room with so many seats."""
    return next(name for name in CLASSES if seats >= _LEAST[name])


def capacity_on(rooms: Iterable[Room], day: date) -> DayCapacity:
    """What can be seated on a day."""
    counts = dict.fromkeys(CLASSES, 0)
    seats = dict.fromkeys(CLASSES, 0)
    for room in rooms:
        here = room.seats_on(day)
        if here:
            counts[class_of(here)] += 1
            seats[class_of(here)] += here
    return DayCapacity(day, tuple(Share(counts[name], seats[name]) for name in CLASSES))


def by_month(
    rooms: Sequence[Room], booked: Iterable[tuple[datetime, datetime, int]], first: date, months: int
) -> tuple[Month, ...]:
    """Capacity and demand of each month from the one of `first` on; `booked` are starts, ends and people."""
    starts = [_month(first, place) for place in range(months + 1)]
    turning = {day for room in rooms for day in _turns((*room.seatings, *room.shut))}
    turns = sorted({starts[0], *(day for day in turning if starts[0] < day < starts[-1]), *starts[1:-1]})
    days = [capacity_on(rooms, day) for day in turns]
    # What a day seats is what the last turn before it says.
    demand, short = dict.fromkeys(starts, 0), dict.fromkeys(starts, 0)
    for day, people in _peaks(booked, turns):
        if not starts[0] <= day < starts[-1]:
            continue
        month = day.replace(day=1)
        demand[month] = max(demand[month], people)
        short[month] = max(short[month], people - days[bisect_right(turns, day) - 1].seats)
    found = []
    for begins, ends in zip(starts, starts[1:], strict=False):
        here = days[bisect_left(turns, begins) : bisect_left(turns, ends)]
        lowest = min(here, key=lambda each: each.seats)
        found.append(Month(begins, lowest, demand[begins], short[begins]))
    return tuple(found)


def _turns(stretches: Iterable[Seating | Shut]) -> Iterable[date]:
    for each in stretches:
        yield each.first
        if each.last is not None:
            yield each.last + DAY


def _month(first: date, place: int) -> date:
    number = first.year * 12 + first.month - 1 + place
    return date(number // 12, number % 12 + 1, 1)


def _peaks(booked: Iterable[tuple[datetime, datetime, int]], turns: Iterable[date]) -> Iterator[tuple[date, int]]:
    """The people at once wherever they can be most: where somebody arrives, and as a day begins on which seats turn."""
    events: list[tuple[datetime, int, int]] = [(midnight(day), 2, 0) for day in turns]
    for starts, ends, people in booked:
        events += [(starts, 1, people), (ends, 0, -people)]
    events.sort()
    there = 0
    for at, kind, people in events:
        there += people
        if kind:
            yield day_of(at), there
