"""What the planner took for each meeting, and what that is worth."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from cbo_desk.conference.relocating.field import Field
from cbo_desk.conference.relocating.problem import Goal, Stage


class Pick(NamedTuple):
    """A choice that was taken, with the units (by their numbers) that serve its wishes."""

    choice: int
    units: tuple[int, ...] = ()


Chosen = dict[int, Pick | None]
"""What was taken for each meeting, by their numbers; None where it finds no place."""


@dataclass(frozen=True, slots=True)
class Reached:
    """What a stage came to in one part: the value and the bound, by rank for the unplaced ones."""

    value: tuple[int, ...]
    bound: tuple[int, ...]


def ranks_of(field: Field) -> list[int]:
    """The ranks that occur, the highest first."""
    return sorted({meeting.rank for meeting in field.problem.meetings})


def worth(field: Field, meetings: Iterable[int], stage: Stage, chosen: Chosen) -> tuple[int, ...]:
    """What a stage comes to for some meetings."""
    meetings = list(meetings)
    ranks = ranks_of(field)
    if stage[0][0] is Goal.UNPLACED:
        lost = [field.problem.meetings[each].rank for each in meetings if chosen.get(each) is None]
        return tuple(lost.count(rank) for rank in ranks)
    return (sum(weight * _worth(field, meetings, goal, chosen) for goal, weight in stage),)


def _worth(field: Field, meetings: Sequence[int], goal: Goal, chosen: Chosen) -> int:
    everyone = field.problem.meetings
    placed = {each: field.choices[pick.choice] for each in meetings if (pick := chosen.get(each)) is not None}
    if goal is Goal.LOST:
        return sum(seat_minutes(field, each) for each in meetings if each not in placed)
    if goal is Goal.BUMPED:
        return sum(everyone[each].confirmed and not everyone[each].affected and not choice.stays
                   for each, choice in placed.items())  # fmt: skip
    if goal is Goal.SERIES:
        rooms: defaultdict[int, set[int]] = defaultdict(set)
        for each, choice in placed.items():
            series = everyone[each].series
            if series is not None:
                rooms[series].add(choice.space)
        return sum(len(found) - 1 for found in rooms.values())
    return sum(choice.cost(goal) for choice in placed.values())


def seat_minutes(field: Field, meeting: int) -> int:
    """People times minutes that are lost where a meeting finds no place."""
    asked = field.problem.meetings[meeting]
    slot = asked.times[0]
    return asked.people * (int((slot.ends - slot.starts).total_seconds()) // 60)
