"""Which spaces fit a meeting, best first, and what is near: on plain values, without a database.

Nothing is offered that a save would refuse: what is asked here of layouts, cells, closures, units and ceilings is what
the database asks, and a test saves every offer of random calendars.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from cbo_desk.conference.rules import (
    LONGEST,
    MINUTE,
    Ceiling,
    Excess,
    Layout,
    Load,
    Slot,
    day_of,
    excess,
    first_overlap,
)

FURTHEST = 120
"""Minutes that a near miss lies earlier or later at most."""
STEP = 5
MOST_NEAR = 6
PORTABLE_BOOTH = "portable booth"
ENOUGH = 3
"""Offers from which on nobody asks what would nearly have done."""


@dataclass(frozen=True, slots=True)
class Space:
    """A space with its cells and layouts."""

    id: int
    code: str
    name: str
    cells: frozenset[int]
    layouts: tuple[Layout, ...]
    building_id: int | None = None
    booths: int = 0
    features: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Unit:
    """A team or set that can be booked; `speaks` are its languages."""

    id: int
    code: str
    kind: str
    speaks: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class UnitWish:
    """One team or set that is needed: any of the kind that speaks all the languages."""

    kind: str
    speaks: frozenset[str] = frozenset()

    def is_met_by(self, unit: Unit) -> bool:
        """Whether a unit is what is wished for."""
        return unit.kind == self.kind and self.speaks <= unit.speaks


@dataclass(frozen=True, slots=True)
class Need:
    """What a meeting needs; every one of its times in the same space. An empty `kind` takes any layout."""

    people: int
    times: tuple[Slot, ...]
    kind: str = ""
    units: tuple[UnitWish, ...] = ()
    features: frozenset[str] = frozenset()
    booths: int = 0
    cars: int = 0

    def moved(self, minutes: int) -> Need:
        """The same so many minutes later."""
        return replace(self, times=tuple(slot.moved(minutes) for slot in self.times))


@dataclass(frozen=True, slots=True)
class Taken:
    """What occupies a cell or a unit: a booking, or, without one, a closure with its reason."""

    slot: Slot
    booking_id: int | None
    reason: str = ""


@dataclass(frozen=True)
class Calendar:
    """What is known of a stretch of time: spaces, what occupies cells and units, people there, and ceilings."""

    spaces: Sequence[Space]
    cells: Mapping[int, Sequence[Taken]] = field(default_factory=dict)
    units: Sequence[Unit] = ()
    units_taken: Mapping[int, Sequence[Taken]] = field(default_factory=dict)
    loads: Sequence[Load] = ()
    ceilings: Sequence[Ceiling] = ()
    # Which ceiling a number of people breaks at some times in a building: the same for every space there.
    known: dict[tuple[int, int, tuple[Slot, ...], int | None], Excess | None] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )


@dataclass(frozen=True, slots=True)
class Placing:
    """One time in one space, ready to be saved."""

    slot: Slot
    space_id: int
    layout_id: int
    kind: str
    blocks: Slot
    units: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Offer:
    """A space that fits, with `spare` seats more than are needed."""

    space: Space
    placings: tuple[Placing, ...]
    spare: int

    @property
    def joined(self) -> bool:
        """Whether walls must be moved for it."""
        return len(self.space.cells) > 1

    @property
    def order(self) -> tuple[bool, int, str]:
        """Best fit first: no walls to move, then fewest seats to spare, then by code."""
        return self.joined, self.spare, self.space.code


@dataclass(frozen=True, slots=True)
class Near:
    """A space that nearly fits: `later` by so many minutes (earlier where negative), or `short` of so many seats.

    One that is only moved carries its placings and can be saved as it is.
    """

    space: Space
    later: int = 0
    short: int = 0
    placings: tuple[Placing, ...] = ()


@dataclass(frozen=True, slots=True)
class Blocker:
    """What stands in the way of every space, whatever is chosen: `units` that lack, or an `excess` of people."""

    wish: UnitWish | None = None
    excess: Excess | None = None
    at: datetime | None = None


@dataclass(frozen=True)
class Found:
    """Spaces that fit, best first; spaces that nearly do; and what blocks every space, said once."""

    offers: tuple[Offer, ...]
    near: tuple[Near, ...]
    blockers: tuple[Blocker, ...]


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why a space does not fit: `why` is seats, layout, features, taken, closed, units, ceiling, own or length."""

    why: str
    taken: Taken | None = None
    excess: Excess | None = None
    wish: UnitWish | None = None
    seats: int = 0
    at: datetime | None = None


def find(calendar: Calendar, need: Need) -> Found:
    """Every space that fits, best first: no walls to move, then fewest seats to spare, then by code.

    Near misses are looked for where there are fewer than ENOUGH offers.
    """
    offers: list[Offer] = []
    missed: list[tuple[Space, Obstacle]] = []
    for space in calendar.spaces:
        answer = place(calendar, space, need)
        if isinstance(answer, Obstacle):
            missed.append((space, answer))
        else:
            offers.append(Offer(space, answer, spare_seats(space, answer, need)))
    near: list[Near] = []
    if len(offers) < ENOUGH:
        found = (_near(calendar, space, need, obstacle) for space, obstacle in missed)
        near = [each for each in found if each is not None]
    offers.sort(key=lambda offer: offer.order)
    near.sort(key=lambda miss: (bool(miss.short), abs(miss.later), miss.short, miss.space.code))
    return Found(tuple(offers), tuple(near[:MOST_NEAR]), () if offers else _blockers(calendar, need))


def place(calendar: Calendar, space: Space, need: Need) -> tuple[Placing, ...] | Obstacle:
    """The times of a need in a space, all in one kind of layout, or what stands in the way.

    Where any kind will do, the one with the fewest seats that can be had.
    """
    days = [(day_of(slot.starts), day_of(slot.ends - MINUTE)) for slot in need.times]
    if need.kind:
        return _place(calendar, space, need, need.kind, days)
    seats = {layout.kind: layout.capacity for layout in sorted(space.layouts, key=lambda each: -each.capacity)}
    obstacles = []
    for kind in sorted(seats, key=lambda each: (seats[each], each)):
        answer = _place(calendar, space, need, kind, days)
        if not isinstance(answer, Obstacle):
            return answer
        obstacles.append(answer)
    # What is nearest to a fit is told: something in the way rather than too few seats, and those of the largest.
    return min(obstacles, key=lambda each: (_FAR.get(each.why, 0), -each.seats), default=Obstacle("layout"))


_FAR = {"seats": 1, "layout": 2}


def _place(
    calendar: Calendar, space: Space, need: Need, kind: str, days: Sequence[tuple[date, date]]
) -> tuple[Placing, ...] | Obstacle:
    """The same in one kind of layout; `days` are the first and last of each time, which all spaces share."""
    if not need.features <= space.features:
        return Obstacle("features")
    # What the space lacks in fixed booths is made up by portable ones.
    wishes = (*need.units, *[UnitWish(PORTABLE_BOOTH)] * max(0, need.booths - space.booths))
    chosen = []
    layouts = [layout for layout in space.layouts if layout.kind == kind]
    for slot, on in zip(need.times, days, strict=True):
        layout = _layout(layouts, need.people, slot, on)
        if isinstance(layout, Obstacle):
            return layout
        chosen.append((slot, layout, slot.widened(layout.setup, layout.cleardown)))
    if first_overlap([blocks for _, _, blocks in chosen]):
        return Obstacle("own")
    if any(blocks.ends - blocks.starts > LONGEST for _, _, blocks in chosen):
        return Obstacle("length")
    for _, _, blocks in chosen:
        for cell in space.cells:
            taken = _first_taken(calendar.cells.get(cell, ()), blocks)
            if taken is not None:
                return Obstacle("taken" if taken.booking_id else "closed", taken, at=blocks.starts)
    placings = []
    for slot, layout, blocks in chosen:
        units = assign(calendar, wishes, blocks)
        if isinstance(units, UnitWish):
            return Obstacle("units", wish=units, at=slot.starts)
        placings.append(Placing(slot, space.id, layout.id, layout.kind, blocks, units))
    broken = _broken(calendar, need, space.building_id)
    return Obstacle("ceiling", excess=broken, at=broken.at) if broken else tuple(placings)


def assign(calendar: Calendar, wishes: Sequence[UnitWish], blocks: Slot) -> tuple[int, ...] | UnitWish:
    """One free unit for each wish, none twice, or a wish that cannot be met. Wishes change places where that helps."""
    free = [unit for unit in calendar.units if _first_taken(calendar.units_taken.get(unit.id, ()), blocks) is None]
    given: dict[int, int] = {}

    def give(wish: int, tried: set[int]) -> bool:
        for unit in free:
            if unit.id not in tried and wishes[wish].is_met_by(unit):
                tried.add(unit.id)
                if unit.id not in given or give(given[unit.id], tried):
                    given[unit.id] = wish
                    return True
        return False

    for number, wish in enumerate(wishes):
        if not give(number, set()):
            return wish
    return tuple(unit for unit, _ in sorted(given.items(), key=lambda item: item[1]))


def _layout(layouts: Sequence[Layout], people: int, slot: Slot, days: tuple[date, date]) -> Layout | Obstacle:
    """The layout of a day that wastes the fewest seats; where all are too small, the largest one's size is told."""
    valid = [each for each in layouts if each.is_valid_on(*days)]
    large = [each for each in valid if each.capacity >= people]
    if large:
        return min(large, key=lambda each: (each.capacity, each.setup + each.cleardown, each.id))
    most = max((each.capacity for each in valid), default=0)
    return Obstacle("seats", seats=most, at=slot.starts) if valid else Obstacle("layout", at=slot.starts)


def spare_seats(space: Space, placings: Iterable[Placing], need: Need) -> int:
    """How many seats more than a need asks for a space has in the layouts chosen for it, on the worst of its days."""
    seats = {layout.id: layout.capacity for layout in space.layouts}
    return min(seats[placing.layout_id] for placing in placings) - need.people


def _first_taken(taken: Sequence[Taken], blocks: Slot) -> Taken | None:
    return next((each for each in taken if each.slot.overlaps(blocks)), None)


def _broken(calendar: Calendar, need: Need, building_id: int | None) -> Excess | None:
    """The first ceiling that the need would break in a building."""
    asked = (need.people, need.cars, need.times, building_id)
    if asked not in calendar.known:
        calendar.known[asked] = _first_broken(calendar, need, building_id)
    return calendar.known[asked]


def _first_broken(calendar: Calendar, need: Need, building_id: int | None) -> Excess | None:
    loads = [*calendar.loads, *(Load(slot, need.people, building_id, need.cars) for slot in need.times)]
    for ceiling in calendar.ceilings:
        if ceiling.building_id not in (None, building_id):
            continue
        for slot in need.times:
            found = excess(ceiling, slot, loads)
            if found is not None:
                return found
    return None


def _near(calendar: Calendar, space: Space, need: Need, obstacle: Obstacle) -> Near | None:
    if obstacle.why == "seats":
        seated = replace(need, people=obstacle.seats)
        short = need.people - obstacle.seats
        fits = short <= max(30, need.people // 4) and not isinstance(place(calendar, space, seated), Obstacle)
        return Near(space, short=short) if fits else None
    if obstacle.why not in ("taken", "closed", "units", "ceiling"):
        return None
    moved = [_shift(calendar, space, need, obstacle, sign) for sign in (1, -1)]
    return min((each for each in moved if each is not None), key=lambda each: abs(each.later), default=None)


def _shift(calendar: Calendar, space: Space, need: Need, obstacle: Obstacle, sign: int) -> Near | None:
    """The smallest move later (sign 1) or earlier (-1) at which the space fits.

    What is in the way says how far at least: a step at a time is only gone where it is no single booking.
    """
    minutes = 0
    answer: tuple[Placing, ...] | Obstacle = obstacle
    while isinstance(answer, Obstacle) and minutes < FURTHEST:
        if answer.why not in ("taken", "closed", "units", "ceiling"):
            return None
        minutes += _beyond(answer, space, need.moved(sign * minutes), sign)
        answer = place(calendar, space, need.moved(sign * minutes))
    if isinstance(answer, Obstacle) or minutes > FURTHEST:
        return None
    return Near(space, later=sign * minutes, placings=answer)


def _beyond(obstacle: Obstacle, space: Space, need: Need, sign: int) -> int:
    """Minutes of the next move: past what is in the way, in whole steps."""
    if obstacle.taken is None:
        return STEP
    ways = []
    for slot in need.times:
        for layout in space.layouts:
            blocks = slot.widened(layout.setup, layout.cleardown)
            if need.kind in ("", layout.kind) and blocks.overlaps(obstacle.taken.slot):
                taken = obstacle.taken.slot
                way = taken.ends - blocks.starts if sign > 0 else blocks.ends - taken.starts
                ways.append(-(-int(way.total_seconds()) // (60 * STEP)) * STEP)
    # The least of them: with another layout less may do.
    return min(ways, default=STEP)


def _blockers(calendar: Calendar, need: Need) -> tuple[Blocker, ...]:
    """What would stand in the way in any space: teams that lack, and ceilings of the whole compound."""
    found: list[Blocker] = []
    for slot in need.times:
        lacking = assign(calendar, need.units, slot)
        if isinstance(lacking, UnitWish) and all(each.wish != lacking for each in found):
            found.append(Blocker(wish=lacking, at=slot.starts))
    whole = replace(calendar, ceilings=[each for each in calendar.ceilings if each.building_id is None])
    broken = _broken(whole, need, None)
    return (*found, Blocker(excess=broken, at=broken.at)) if broken else tuple(found)
