"""What a phase does, and everybody who is booked around it: read once, and made into the problem of any start."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from cbo_desk.conference.finding import Placing, Space, Taken, Unit
from cbo_desk.conference.relocating.problem import Meeting, Problem, Stage
from cbo_desk.conference.rules import Ceiling, Layout, Load, Slot, midnight

DAY = timedelta(days=1)
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Span:
    """The days of a phase, both included."""

    first: date
    last: date

    @property
    def slot(self) -> Slot:
        """The same as instants."""
        return Slot(midnight(self.first), midnight(self.last + DAY))

    def shifted(self, weeks: int) -> Span:
        """The same so many weeks later."""
        return Span(self.first + weeks * WEEK, self.last + weeks * WEEK)


@dataclass(frozen=True, slots=True)
class Seats:
    """What a phase makes of a layout."""

    id: int
    space_id: int
    kind: str
    capacity: int
    setup: int
    cleardown: int
    afterwards: bool


@dataclass(frozen=True)
class Basis:
    """A phase, called so, with the cells it closes and the seats it changes, in the house as it is booked.

    `meetings` are all that could be asked to move, each where it stands; the rest is what stays as it is.
    """

    called: str
    closes: frozenset[int]
    changes: tuple[Seats, ...]
    spaces: tuple[Space, ...]
    meetings: tuple[Meeting, ...]
    taken: Mapping[int, tuple[Taken, ...]]
    units: tuple[Unit, ...]
    units_taken: Mapping[int, tuple[Taken, ...]]
    loads: tuple[Load, ...]
    ceilings: tuple[Ceiling, ...]
    stages: tuple[Stage, ...]


def problem_on(basis: Basis, span: Span) -> Problem:
    """What the planner is asked if the phase lasts from a day to a day."""
    cells = {space.id: space for space in basis.spaces}
    fewer = {(each.space_id, each.kind): each.capacity for each in basis.changes if not each.afterwards}
    around = Slot(span.slot.starts - WEEK, span.slot.ends + WEEK)
    taken = _near(basis.taken, around)
    units_taken = _near(basis.units_taken, around)
    loads = [load for load in basis.loads if load.slot.overlaps(around)]
    moving = []
    for meeting in basis.meetings:
        stands = meeting.stands
        if stands is None or stands.space_id not in cells or not stands.blocks.overlaps(around):
            continue
        space = cells[stands.space_id]
        if stands.blocks.overlaps(span.slot):
            least = fewer.get((space.id, stands.kind))
            displaced = bool(space.cells & basis.closes) or (least is not None and meeting.people > least)
            moving.append(replace(meeting, affected=displaced))
            continue
        _stay(meeting.id, stands, space, taken, units_taken)
        loads.append(Load(stands.slot, meeting.people, space.building_id, meeting.cars))
    for cell in basis.closes:
        taken[cell].append(Taken(span.slot, None, basis.called))
    return Problem(
        tuple(_during(space, basis.changes, span) for space in basis.spaces), tuple(moving), _sorted(taken),
        basis.units, _sorted(units_taken), tuple(loads), basis.ceilings, basis.stages,
    )  # fmt: skip


def _stay(
    ident: int, stands: Placing, space: Space, taken: dict[int, list[Taken]], units_taken: dict[int, list[Taken]]
) -> None:
    for cell in space.cells:
        taken[cell].append(Taken(stands.blocks, ident))
    for unit in stands.units:
        units_taken[unit].append(Taken(stands.blocks, ident))


def _near(known: Mapping[int, tuple[Taken, ...]], around: Slot) -> defaultdict[int, list[Taken]]:
    found: defaultdict[int, list[Taken]] = defaultdict(list)
    for what, stretches in known.items():
        found[what] = [each for each in stretches if each.slot.overlaps(around)]
    return found


def _sorted(taken: Mapping[int, list[Taken]]) -> dict[int, tuple[Taken, ...]]:
    return {what: tuple(sorted(each, key=lambda one: one.slot)) for what, each in taken.items()}


def _during(space: Space, changes: tuple[Seats, ...], span: Span) -> Space:
    """A space with the layouts it has while the phase lasts; one it is given has its entry's number, negative."""
    changed = {each.kind: each for each in changes if each.space_id == space.id and not each.afterwards}
    if not changed:
        return space
    layouts = [layout for layout in space.layouts if layout.kind not in changed]
    for kind, each in changed.items():
        if not each.capacity:
            continue
        had = [layout for layout in space.layouts if layout.kind == kind and layout.is_valid(span.slot)]
        if had and had[0].capacity >= each.capacity:
            layouts.append(replace(had[0], capacity=each.capacity))
        else:
            layouts.append(Layout(-each.id, kind, each.capacity, each.setup, each.cleardown, span.first, span.last))
    return replace(space, layouts=tuple(layouts))
