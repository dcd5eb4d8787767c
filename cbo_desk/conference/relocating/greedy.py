"""A first plan within the second: whoever need not move stays, the others take the best place that is left, by rank."""

from __future__ import annotations

from collections import defaultdict
from functools import partial

from cbo_desk.conference.relocating.choices import Choice
from cbo_desk.conference.relocating.field import Field, Use
from cbo_desk.conference.relocating.problem import Goal, Meeting
from cbo_desk.conference.relocating.worth import Chosen, Pick


class Greedy:
    """Places that were given one after another, and what they occupy.

    With `keep`, whoever must move stays where they are as far as that is open.
    """

    def __init__(self, field: Field, keep: bool = False) -> None:
        self._keep_place = keep
        self._field = field
        self.chosen: Chosen = {}
        # What cells and units are taken, by day, so that only what lies near is looked at.
        self._cells: defaultdict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
        self._units: defaultdict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
        self._room: list[int] = [limit.most for limit in field.limits]
        self._limits_of: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
        for place, limit in enumerate(field.limits):
            for number, people in limit.terms:
                self._limits_of[number].append((place, people))
        self._series_rooms: defaultdict[int, set[int]] = defaultdict(set)

    def run(self) -> Chosen:
        """What each meeting takes."""
        everyone = self._field.problem.meetings
        stays = {number for number, meeting in enumerate(everyone) if not meeting.affected}
        for number in sorted(stays):
            self._take(number, next(n for n in self._field.open[number] if self._field.choices[n].stays))
        order = [goal for stage in self._field.problem.stages for goal, _ in stage]
        for number in sorted(set(range(len(everyone))) - stays, key=lambda each: self._turn(everyone[each], each)):
            cheapest = sorted(self._field.open[number], key=partial(self._cost, everyone[number], order))
            fits = (each for each in cheapest if self._fits(each))
            self._take(number, next(fits, None))
        return self.chosen

    def _turn(self, meeting: Meeting, number: int) -> tuple[int, ...]:
        # Within a rank, whoever has the fewest places to go first.
        return (meeting.rank, len(self._field.open[number]), -meeting.people, number)

    def _cost(self, meeting: Meeting, order: list[Goal], number: int) -> tuple[int, ...]:
        choice = self._field.choices[number]
        if self._keep_place and meeting.stands is not None and choice.placing.layout_id == meeting.stands.layout_id:
            return (-1,) if choice.placing.slot == meeting.stands.slot else (0,)
        known = self._series_rooms.get(meeting.series, set()) if meeting.series is not None else set()
        return tuple(
            int(bool(known) and choice.space not in known) if goal is Goal.SERIES else choice.cost(goal)
            for goal in order
        )

    def _fits(self, number: int) -> bool:
        choice = self._field.choices[number]
        cells = self._field.problem.spaces[choice.space].cells
        if any(_overlaps(self._cells[cell, day], choice) for cell in cells for day in _days(choice)):
            return False
        if any(self._room[place] < people for place, people in self._limits_of[number]):
            return False
        return self._find_units(number) is not None

    def _find_units(self, number: int) -> tuple[int, ...] | None:
        choice = self._field.choices[number]
        wishes = self._field.problem.meetings[choice.meeting].wishes
        given: list[int] = []
        uses = [self._field.uses[each] for each in self._field.uses_of.get(choice.meeting, ())]
        for wish in range(len(wishes)):
            fits = (
                use.unit for use in uses if use.wish == wish and self._serves(use, number) and use.unit not in given
            )
            unit = next(fits, None)
            if unit is None:
                return None
            given.append(unit)
        return tuple(given)

    def _serves(self, use: Use, number: int) -> bool:
        choice = self._field.choices[number]
        if (use.low, use.high, use.stays) != (choice.low, choice.high, choice.stays):
            return False
        return not any(_overlaps(self._units[use.unit, day], choice) for day in _days(choice))

    def _take(self, meeting: int, number: int | None) -> None:
        if number is None:
            self.chosen[meeting] = None
            return
        choice = self._field.choices[number]
        units = self._find_units(number) or ()
        self.chosen[meeting] = Pick(number, units)
        for day in _days(choice):
            for cell in self._field.problem.spaces[choice.space].cells:
                self._cells[cell, day].append((choice.low, choice.high))
            for unit in units:
                self._units[unit, day].append((choice.low, choice.high))
        for place, people in self._limits_of[number]:
            self._room[place] -= people
        series = self._field.problem.meetings[meeting].series
        if series is not None:
            self._series_rooms[series].add(choice.space)


def _days(choice: Choice) -> range:
    return range(choice.low // 1440, (choice.high - 1) // 1440 + 1)


def _overlaps(taken: list[tuple[int, int]], choice: Choice) -> bool:
    return any(low < choice.high and choice.low < high for low, high in taken)
