"""A meeting that no single space seats, in two: a main room, and an overflow room that follows it. On plain values.

Capacities are never added up to one number that a booking could have: each room is a booking of its own, with its own
people, and is asked what any other booking is asked.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from cbo_desk.conference.finding import Calendar, Need, Obstacle, Placing, Space, Taken, place
from cbo_desk.conference.rules import Load

MOST_SPLITS = 3


@dataclass(frozen=True, slots=True)
class Part:
    """One of the two rooms, with the people that meet in it and the seats that it has for them."""

    space: Space
    placings: tuple[Placing, ...]
    people: int
    seats: int


@dataclass(frozen=True, slots=True)
class Split:
    """A meeting in two rooms. Interpreters, booths and cars go with the main one, whose sound the other follows."""

    main: Part
    overflow: Part

    @property
    def spare(self) -> int:
        """Seats that stay empty in both together."""
        return self.main.seats + self.overflow.seats - self.main.people - self.overflow.people


def split(calendar: Calendar, need: Need) -> tuple[Split, ...]:
    """Two spaces that seat a meeting together, best first: no walls to move, fewest spare seats, then by code.

    The main room, which is the larger, is filled; who finds no seat there follows in the other.
    """
    alone = replace(need, units=(), booths=0, cars=0)
    rooms = sorted(_rooms(calendar, alone), key=lambda each: (-each[1], each[0].code))
    found: list[Split] = []
    for at, (main, seats, kind) in enumerate(rooms):
        if seats >= need.people:
            continue
        first = place(calendar, main, replace(need, people=seats, kind=kind))
        if isinstance(first, Obstacle):
            continue
        beside = _with(calendar, main, replace(need, people=seats), first)
        for other, others, other_kind in rooms[at:]:
            rest = need.people - seats
            if others < rest or main.cells & other.cells:
                continue
            second = place(beside, other, replace(alone, people=rest, kind=other_kind))
            if not isinstance(second, Obstacle):
                room = min(_seats(other, placing) for placing in second)
                found.append(Split(Part(main, first, seats, seats), Part(other, second, rest, room)))
    found.sort(key=lambda each: (_walls(each), each.spare, each.main.space.code, each.overflow.space.code))
    return tuple(found[:MOST_SPLITS])


def _rooms(calendar: Calendar, alone: Need) -> Iterator[tuple[Space, int, str]]:
    """Every space that is free then, with the most it seats in one kind of layout on all the days."""
    for space in calendar.spaces:
        kinds = [alone.kind] if alone.kind else sorted({layout.kind for layout in space.layouts})
        sizes = sorted(((_most(space, kind, alone), kind) for kind in kinds), reverse=True)
        for seats, kind in sizes:
            if seats and not isinstance(place(calendar, space, replace(alone, people=1, kind=kind)), Obstacle):
                yield space, seats, kind
                break


def _most(space: Space, kind: str, need: Need) -> int:
    """The seats that a space has in a kind of layout on the worst of the days."""
    return min(
        max((each.capacity for each in space.layouts if each.kind == kind and each.is_valid(slot)), default=0)
        for slot in need.times
    )


def _seats(space: Space, placing: Placing) -> int:
    return next(layout.capacity for layout in space.layouts if layout.id == placing.layout_id)


def _with(calendar: Calendar, main: Space, need: Need, placings: tuple[Placing, ...]) -> Calendar:
    """The calendar as it is once the main room is booked."""
    loads = [Load(each.slot, need.people, main.building_id, need.cars) for each in placings]
    units = {unit: list(taken) for unit, taken in calendar.units_taken.items()}
    for each in placings:
        for unit in each.units:
            units.setdefault(unit, []).append(Taken(each.blocks, None))
    return replace(calendar, loads=[*calendar.loads, *loads], units_taken=units)


def _walls(found: Split) -> int:
    return sum(len(part.space.cells) > 1 for part in (found.main, found.overflow))
