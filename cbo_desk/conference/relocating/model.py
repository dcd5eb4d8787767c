"""One part of a relocation as a CP-SAT model: its stages one after another, each frozen at what it came to."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from cbo_desk.conference.relocating import linear
from cbo_desk.conference.relocating.field import Field
from cbo_desk.conference.relocating.problem import Goal, Stage
from cbo_desk.conference.relocating.worth import Chosen, Pick, Reached, ranks_of, seat_minutes

LARGE = 400
"""Choices from which on the linear twin is asked first."""
LARGEST = 1 << 44
"""Weights up to here keep the sum of several stages exact."""


class Model:
    """Some meetings, which share nothing with the others, and the solver's variables for them."""

    def __init__(self, field: Field, meetings: Sequence[int]) -> None:
        from ortools.sat.python import cp_model  # half a second: after the greedy plan is shown

        self._cp: Any = cp_model
        self._field = field
        self._meetings = list(meetings)
        self._mine = set(meetings)
        self._model: Any = cp_model.CpModel()
        self._take: dict[int, Any] = {}
        self._extra: dict[int, Any] | None = None
        self._rooms: dict[tuple[int, int], Any] = {}
        for meeting in self._meetings:
            for number in field.open[meeting]:
                self._take[number] = self._model.new_bool_var("")
        for meeting in self._meetings:
            self._add(meeting)
        self._exclude()

    def _add(self, meeting: int) -> None:
        model, field = self._model, self._field
        numbers = field.open[meeting]
        taken = [self._take[number] for number in numbers]
        if field.problem.meetings[meeting].affected:
            model.add_at_most_one(taken)
        else:
            model.add_exactly_one(taken)
        for number in numbers:
            if number in field.pressed_by:
                pressing = [self._take[other] for other in field.pressed_by[number] if other in self._take]
                model.add_bool_or(self._take[number], *pressing)

    def _exclude(self) -> None:
        field, model = self._field, self._model
        for group in field.exclusive:
            if field.choices[group[0]].meeting in self._mine:
                model.add_at_most_one(self._take[number] for number in group)
        served: dict[int, Any] = {}
        for meeting in self._meetings:
            for number in field.uses_of.get(meeting, ()):
                served[number] = model.new_bool_var("")
        self._serve(served)
        for group in field.unit_sets:
            if field.uses[group[0]].meeting in self._mine:
                model.add_at_most_one(served[number] for number in group)
        for limit in field.limits:
            if limit.terms and field.choices[limit.terms[0][0]].meeting in self._mine:
                model.add(sum(people * self._take[number] for number, people in limit.terms) <= limit.most)
        self._served = served

    def _serve(self, served: dict[int, Any]) -> None:
        """Each wish of a meeting that is placed is served by one unit while it blocks its place, no unit twice."""
        field, model = self._field, self._model
        for meeting in self._meetings:
            wishes = field.problem.meetings[meeting].wishes
            by_time: defaultdict[tuple[int, int, bool], list[Any]] = defaultdict(list)
            for number in field.open[meeting] if wishes else ():
                choice = field.choices[number]
                by_time[choice.low, choice.high, choice.stays].append(self._take[number])
            uses = field.uses_of.get(meeting, ())
            for when, takes in by_time.items():
                here = [n for n in uses if (field.uses[n].low, field.uses[n].high, field.uses[n].stays) == when]
                for wish in range(len(wishes)):
                    model.add(sum(served[n] for n in here if field.uses[n].wish == wish) == sum(takes))
                for unit in {field.uses[n].unit for n in here}:
                    model.add_at_most_one(served[n] for n in here if field.uses[n].unit == unit)

    def _terms(self, stage: Stage, meetings: Sequence[int]) -> list[Any]:
        """A stage as expressions to be minimised, one after another: one for each rank, or a single one."""
        field = self._field
        if stage[0][0] is Goal.UNPLACED:
            return [self._unplaced(rank, meetings) for rank in ranks_of(field)]
        return [sum(weight * self._goal(goal, meetings) for goal, weight in stage)]

    def _unplaced(self, rank: int, meetings: Sequence[int]) -> Any:
        field = self._field
        here = [each for each in meetings if field.problem.meetings[each].rank == rank]
        return len(here) - sum(self._take[number] for each in here for number in field.open[each])

    def _goal(self, goal: Goal, meetings: Sequence[int]) -> Any:
        field = self._field
        everyone = field.problem.meetings
        numbers = [number for each in meetings for number in field.open[each]]
        if goal is Goal.LOST:
            missing = [(seat_minutes(field, each), each) for each in meetings]
            return sum(m for m, _ in missing) - sum(
                m * self._take[number] for m, each in missing for number in field.open[each]
            )
        if goal is Goal.BUMPED:
            confirmed = [each for each in meetings if everyone[each].confirmed and not everyone[each].affected]
            return sum(
                self._take[number]
                for each in confirmed
                for number in field.open[each]
                if not field.choices[number].stays
            )
        if goal is Goal.SERIES:
            return sum(self._extras())
        costs = ((field.choices[number].cost(goal), number) for number in numbers)
        return sum(cost * self._take[number] for cost, number in costs if cost)

    def _extras(self) -> Iterable[Any]:
        """For each series the number of rooms beyond its first."""
        if self._extra is None:
            self._extra = {}
            members: defaultdict[int, list[int]] = defaultdict(list)
            for each in self._meetings:
                series = self._field.problem.meetings[each].series
                if series is not None and self._field.open[each]:
                    members[series].append(each)
            for series, meetings in members.items():
                if len(meetings) > 1:
                    self._extra[series] = self._rooms_beyond(series, meetings)
        return self._extra.values()

    def _rooms_beyond(self, series: int, meetings: Sequence[int]) -> Any:
        model, field = self._model, self._field
        by_room: defaultdict[int, list[int]] = defaultdict(list)
        for each in meetings:
            for number in field.open[each]:
                by_room[field.choices[number].space].append(number)
        used = []
        for room, numbers in by_room.items():
            here = model.new_bool_var("")
            self._rooms[series, room] = here
            by_meeting: defaultdict[int, list[int]] = defaultdict(list)
            for number in numbers:
                by_meeting[field.choices[number].meeting].append(number)
            for mine in by_meeting.values():
                model.add(sum(self._take[number] for number in mine) <= here)
            model.add(sum(self._take[number] for number in numbers) >= here)
            used.append(here)
        extra = model.new_int_var(0, max(0, len(used) - 1), "")
        model.add(extra >= sum(used) - 1)
        return extra

    def freeze(self, meetings: Sequence[int], stage: Stage, value: tuple[int, ...]) -> None:
        """Let some of the meetings never again do worse in a stage than they did when they were solved apart."""
        for term, most in zip(self._terms(stage, meetings), value, strict=True):
            if not isinstance(term, int):
                self._model.add(term <= most)

    def together(self, stages: Sequence[Stage], chosen: Chosen, seconds: float) -> tuple[Chosen, bool]:
        """Solve several stages as one weighted sum, which small parts allow; whether that was proven."""
        terms = [term for stage in stages for term in self._terms(stage, self._meetings)]
        most = [each for stage in stages for each in self._most(stage)]
        total: Any = 0
        weight = 1
        for term, largest in reversed(list(zip(terms, most, strict=True))):
            total = total + weight * term
            weight *= largest + 1
            if weight > LARGEST:
                return chosen, False
        if isinstance(total, int):
            return chosen, True
        self._model.minimize(total)
        found, status, _value, _bound = self._solve(chosen, seconds, 1, None)
        return found, status == self._cp.OPTIMAL

    def _most(self, stage: Stage) -> list[int]:
        """Numbers that the expressions of a stage cannot exceed."""
        field = self._field
        everyone = field.problem.meetings
        if stage[0][0] is Goal.UNPLACED:
            return [sum(everyone[each].rank == rank for each in self._meetings) for rank in ranks_of(field)]
        most = 0
        for goal, weight in stage:
            if goal is Goal.LOST:
                most += weight * sum(seat_minutes(field, each) for each in self._meetings)
            elif goal is Goal.SEATS:
                dearest = (
                    max((field.choices[n].seats for n in field.open[each]), default=0) for each in self._meetings
                )
                most += weight * sum(dearest)
            else:
                most += weight * len(self._meetings)
        return [most]

    def stage(
        self, stage: Stage, chosen: Chosen, seconds: float, workers: int, told: Callable[[Chosen, int, int], bool]
    ) -> tuple[Chosen, Reached]:
        """Solve one stage within some seconds, freeze it at what it came to, and say what was proven of it.

        `told` hears each better answer with its value and bound, and says whether to go on.
        """
        values, bounds = [], []
        until = time.monotonic() + seconds
        for term in self._terms(stage, self._meetings):
            if isinstance(term, int):
                values.append(term)
                bounds.append(term)
                continue
            self._model.minimize(term)
            chosen, value, bound = self._best(chosen, until, workers, told)
            values.append(value)
            bounds.append(min(bound, value))
            self._model.add(term <= value)
        return chosen, Reached(tuple(values), tuple(bounds))

    def _best(
        self, chosen: Chosen, until: float, workers: int, told: Callable[[Chosen, int, int], bool]
    ) -> tuple[Chosen, int, int]:
        """The best that is found for the present objective, with its value and bound."""
        floor: int | None = None
        if len(self._take) > LARGE:
            answer = linear.solve(self._model, max(0.05, (until - time.monotonic()) * 0.8))
            floor = answer.bound
            if answer.values is not None:
                values = answer.values
                chosen = {**chosen, **self._read(lambda var: bool(values[var.index]))}
            value = self._known(chosen)
            if not told(chosen, value, floor if floor is not None else 0) or value == floor:
                return chosen, value, floor if floor is not None else 0
        chosen, status, value, bound = self._solve(chosen, max(0.05, until - time.monotonic()), workers, told)
        bound = value if status == self._cp.OPTIMAL else bound
        return chosen, value, bound if floor is None else max(bound, floor)

    def _solve(
        self, chosen: Chosen, seconds: float, workers: int, told: Callable[[Chosen, int, int], bool] | None
    ) -> tuple[Chosen, int, int, int]:
        cp = self._cp
        self._hint(chosen)
        solver = cp.CpSolver()
        solver.parameters.max_time_in_seconds = seconds
        solver.parameters.num_workers = workers
        solver.parameters.random_seed = 7
        callback = _callback(cp, self, told) if told is not None else None
        status = solver.solve(self._model, callback)
        assert status != cp.INFEASIBLE, "What was known before is no longer an answer."
        if status not in (cp.OPTIMAL, cp.FEASIBLE):
            # Nothing better was found in time than what was known before.
            return chosen, status, self._known(chosen), 0
        bound = int(-(-(solver.best_objective_bound - 1e-6) // 1))
        return self._read(solver.boolean_value), status, round(solver.objective_value), bound

    def _known(self, chosen: Chosen) -> int:
        """What the present objective comes to for what was known before: asked where the solver found nothing."""
        solver = self._cp.CpSolver()
        solver.parameters.fix_variables_to_their_hinted_value = True
        solver.parameters.num_workers = 1
        self._hint(chosen)
        status = solver.solve(self._model)
        assert status in (self._cp.OPTIMAL, self._cp.FEASIBLE), "What was known before is no longer an answer."
        return int(round(solver.objective_value))

    def _read(self, value: Callable[[Any], bool]) -> Chosen:
        found: Chosen = {}
        for meeting in self._meetings:
            number = next((each for each in self._field.open[meeting] if value(self._take[each])), None)
            wishes = self._field.problem.meetings[meeting].wishes
            uses = [self._field.uses[n] for n in self._field.uses_of.get(meeting, ()) if value(self._served[n])]
            units = tuple(use.unit for wish in range(len(wishes)) for use in uses if use.wish == wish)
            found[meeting] = None if number is None else Pick(number, units)
        return found

    def _hint(self, chosen: Chosen) -> None:
        self._model.clear_hints()
        picks = {pick.choice for meeting in self._meetings if (pick := chosen.get(meeting)) is not None}
        for number, var in self._take.items():
            self._model.add_hint(var, number in picks)
        for number, var in self._served.items():
            use = self._field.uses[number]
            pick = chosen.get(use.meeting)
            choice = self._field.choices[pick.choice] if pick else None
            when = (choice.low, choice.high, choice.stays) if choice else None
            serves = pick is not None and when == (use.low, use.high, use.stays) and pick.units[use.wish] == use.unit
            self._model.add_hint(var, serves)
        taken = ((self._field.choices[pick], self._field.problem.meetings) for pick in picks)
        rooms = {(everyone[choice.meeting].series, choice.space) for choice, everyone in taken}
        for at, var in self._rooms.items():
            self._model.add_hint(var, at in rooms)


def _callback(cp: Any, model: Model, told: Callable[[Chosen, int, int], bool]) -> Any:
    """What CP-SAT calls with each better answer."""

    class Better(cp.CpSolverSolutionCallback):  # type: ignore[misc]
        def on_solution_callback(self) -> None:
            bound = int(-(-(self.best_objective_bound - 1e-6) // 1))
            if not told(model._read(self.boolean_value), round(self.objective_value), bound):
                self.stop_search()

    return Better()
