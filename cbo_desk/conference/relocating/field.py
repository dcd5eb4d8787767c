"""The whole field of choices as the solver sees it: what excludes what, and which meetings can be planned apart."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cbo_desk.conference.relocating.choices import Choosing, Limit, Stretches, cliques, limits, taken_stretches
from cbo_desk.conference.relocating.problem import Problem


@dataclass(frozen=True, slots=True)
class Use:
    """A unit that could serve a wish of a meeting while it blocks its place from a minute to another."""

    meeting: int
    wish: int
    unit: int
    low: int
    high: int
    stays: bool


class Field:
    """Choices with what binds them: sets of which at most one is taken, units, people, and rank.

    `open` are the choices of each meeting that are left: whoever is not affected, and whom nobody of higher rank could
    press, stays. `exclusive` are sets of choices, `unit_sets` sets of uses of which at most one holds. `pressed_by`
    gives, for a choice of staying, those that would be reason enough to leave.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self._choosing = Choosing(problem)
        self.choices = self._choosing.choices
        self.open: list[list[int]] = [list(each) for each in self._choosing.of_meeting]
        self.pressed_by: dict[int, list[int]] = {}
        self._prune()
        self.exclusive = self._exclusive()
        self.uses: list[Use] = []
        self.uses_of: dict[int, list[int]] = {}
        self._make_uses()
        self.unit_sets = self._unit_sets()
        still = {number for each in self.open for number in each}
        self.limits: list[Limit] = [
            Limit(limit.most, tuple(term for term in limit.terms if term[0] in still))
            for limit in limits(self._choosing)
        ]

    def _exclusive(self) -> list[tuple[int, ...]]:
        by_cell: defaultdict[int, list[int]] = defaultdict(list)
        for each in self.open:
            for number in each:
                for cell in self.problem.spaces[self.choices[number].space].cells:
                    by_cell[cell].append(number)
        found: dict[tuple[int, ...], None] = {}
        for numbers in by_cell.values():
            parts = ((self.choices[n].low, self.choices[n].high, self.choices[n].meeting, n) for n in numbers)
            found.update(dict.fromkeys(tuple(sorted(each)) for each in cliques(parts)))
        return list(found)

    def _prune(self) -> None:
        """Let whoever nobody can press stay; say by whom the others can be pressed."""
        meetings = self.problem.meetings
        pressing: defaultdict[int, set[int]] = defaultdict(set)
        stays = {n for each in self.open for n in each if self.choices[n].stays}
        for group in self._exclusive():
            for number in stays & set(group):
                rank = meetings[self.choices[number].meeting].rank
                pressing[number].update(n for n in group if meetings[self.choices[n].meeting].rank < rank)
        for number in stays:
            if pressing[number]:
                self.pressed_by[number] = sorted(pressing[number])
            else:
                self.open[self.choices[number].meeting] = [number]

    def _make_uses(self) -> None:
        taken = {unit: taken_stretches(each) for unit, each in self.problem.units_taken.items()}
        free = Stretches()
        for meeting, numbers in enumerate(self.open):
            wishes = self.problem.meetings[meeting].wishes
            for low, high, stays in sorted({self._when(number) for number in numbers}) if wishes else ():
                own = self.problem.meetings[meeting].stands
                for wish, wanted in enumerate(wishes):
                    for number, unit in enumerate(self.problem.units):
                        fits = unit.id == own.units[wish] if stays and own else wanted.is_met_by(unit)
                        if fits and taken.get(unit.id, free).is_free(low, high):
                            self.uses_of.setdefault(meeting, []).append(len(self.uses))
                            self.uses.append(Use(meeting, wish, number, low, high, stays))

    def _when(self, number: int) -> tuple[int, int, bool]:
        choice = self.choices[number]
        return choice.low, choice.high, choice.stays

    def _unit_sets(self) -> list[tuple[int, ...]]:
        by_unit: defaultdict[int, list[int]] = defaultdict(list)
        for number, use in enumerate(self.uses):
            by_unit[use.unit].append(number)
        found = []
        for numbers in by_unit.values():
            found += cliques((self.uses[n].low, self.uses[n].high, self.uses[n].meeting, n) for n in numbers)
        return found

    def apart(self, together: Iterable[Sequence[int]] = ()) -> list[list[int]]:
        """The meetings in groups that cannot get in each other's way; those named `together` count as one group."""
        leader = list(range(len(self.open)))

        def find(meeting: int) -> int:
            while leader[meeting] != meeting:
                leader[meeting] = leader[leader[meeting]]
                meeting = leader[meeting]
            return meeting

        def join(meetings: Iterable[int]) -> None:
            first, *others = {find(each) for each in meetings} or {0}
            for other in others:
                leader[find(other)] = find(first)

        for group in self.exclusive:
            join(self.choices[number].meeting for number in group)
        for group in self.unit_sets:
            join(self.uses[number].meeting for number in group)
        for limit in self.limits:
            join(self.choices[number].meeting for number, _ in limit.terms)
        for meetings in together:
            join(meetings)
        groups: defaultdict[int, list[int]] = defaultdict(list)
        for meeting in range(len(self.open)):
            groups[find(meeting)].append(meeting)
        return list(groups.values())
