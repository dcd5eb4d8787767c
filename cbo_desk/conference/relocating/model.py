"""One part of a relocation as a CP-SAT model: its stages one after another, each frozen at what it came to."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from cbo_desk.conference.relocating import linear
from cbo_desk.conference.relocating.choices import cliques, minute
from cbo_desk.conference.relocating.field import Field
from cbo_desk.conference.relocating.problem import Goal, Stage
from cbo_desk.conference.relocating.rising import rise
from cbo_desk.conference.relocating.rivalry import rival_sets
from cbo_desk.conference.relocating.worth import Chosen, Pick, Reached, ranks_of, seat_minutes, worth

Told = Callable[[Chosen, int, int], bool]
"""Hears a plan with its value and bound, and says whether to go on."""
LARGE = 400
"""Choices from which on the linear twin is asked first."""
GLANCE, TWIN, PROOF, RISE = 2.0, 15.0, 25.0, 120.0
"""A large model's first look, its linear twin, the proof of what that found, and asking from below (`rising`) take no
more seconds than this in turn; the twin is asked once more if nothing is proven then."""
LARGEST = 1 << 44
"""Weights up to here keep the sum of several stages exact."""


class Model:
    """Some meetings, which share nothing with the others, and the solver's variables for them.

    `placed` says that everybody has a place and keeps one: it makes the rooms of series easier to reckon.
    """

    def __init__(self, field: Field, meetings: Sequence[int], placed: bool = False) -> None:
        from ortools.sat.python import cp_model  # half a second: after the greedy plan is shown

        self._cp: Any = cp_model
        self._field = field
        self._placed = placed
        self._meetings = list(meetings)
        self._mine = set(meetings)
        self._model: Any = cp_model.CpModel()
        self._take: dict[int, Any] = {}
        self._extra: dict[int, Any] | None = None
        self._rooms: dict[tuple[int, int], Any] = {}
        self._keeps: dict[tuple[int, int], Any] = {}
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
        if field.problem.meetings[meeting].affected and not self._placed:
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
            if self._placed:
                self._keep_rooms({series: meetings for series, meetings in members.items() if len(meetings) > 1})
        return self._extra.values()

    def _keep_rooms(self, members: Mapping[int, Sequence[int]]) -> None:
        """Say for each series and room whether it keeps to that room; of series that meet at once, one at most does.

        None of this forbids a plan. It tells the relaxation what it would otherwise find out by trying.
        """
        model, field = self._model, self._field
        keeps = self._keeps
        for series, meetings in members.items():
            for room in {field.choices[number].space for each in meetings for number in field.open[each]}:
                keeps[series, room] = kept = model.new_bool_var("")
                for each in meetings:
                    elsewhere = [self._take[n] for n in field.open[each] if field.choices[n].space != room]
                    model.add(sum(elsewhere) + kept <= 1)
            mine = [kept for (whose, _room), kept in keeps.items() if whose == series]
            model.add(self._extra_of(series) + sum(mine) >= 1)
        for rivals in rival_sets(self._at_once(members)):
            for room in {room for _series, room in keeps}:
                model.add_at_most_one(keeps[each, room] for each in sorted(rivals) if (each, room) in keeps)

    def _extra_of(self, series: int) -> Any:
        assert self._extra is not None
        return self._extra[series]

    def _at_once(self, members: Mapping[int, Sequence[int]]) -> Iterable[set[int]]:
        """The series that certainly meet at the same time, instant by instant."""
        everyone = self._field.problem.meetings
        fixed = [(each, s) for s, meetings in members.items() for each in meetings if len(everyone[each].times) == 1]
        stretches = []
        for number, (each, series) in enumerate(fixed):
            slot = everyone[each].times[0]
            stretches.append((minute(slot.starts), minute(slot.ends), series, number))
        return ({fixed[number][1] for number in group} for group in cliques(stretches))

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
        if self._placed and stage[0][0] is Goal.UNPLACED:
            return  # said of each of them already
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
        found, status, _value, _bound = self._solve(chosen, None, seconds, 1, None)
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

    def stage(self, stage: Stage, chosen: Chosen, seconds: float, workers: int, told: Told) -> tuple[Chosen, Reached]:
        """Solve one stage within some seconds, freeze it at what it came to, and say what was proven of it.

        `told` hears each better answer with its value and bound, and says whether to go on.
        """
        values, bounds = [], []
        until = time.monotonic() + seconds
        for place, term in enumerate(self._terms(stage, self._meetings)):
            if isinstance(term, int):
                values.append(term)
                bounds.append(term)
                continue
            self._model.minimize(term)
            known = worth(self._field, self._meetings, stage, chosen)[place]
            chosen, value, bound = self._best(term, chosen, known, until, workers, told)
            values.append(value)
            bounds.append(min(bound, value))
            self._model.add(term <= value)
        return chosen, Reached(tuple(values), tuple(bounds))

    def _best(
        self, term: Any, chosen: Chosen, known: int, until: float, workers: int,
        told: Told,
    ) -> tuple[Chosen, int, int]:  # fmt: skip
        """The best that is found for the present objective, with its value and bound; `known` is what it is now."""
        if len(self._take) <= LARGE:
            chosen, status, value, bound = self._solve(
                chosen, known, max(0.05, until - time.monotonic()), workers, told
            )
            return chosen, value, value if status == self._cp.OPTIMAL else bound
        # A good plan first: what is dearer than the whole of it is out of the question.
        left = until - time.monotonic()
        chosen, status, value, floor = self._solve(chosen, known, max(0.05, min(left * 0.1, GLANCE)), workers, told)
        if status == self._cp.OPTIMAL:
            return chosen, value, value
        self._forbid_dear(value)
        for turn in (self._by_twin, self._prove, self._from_below, self._by_twin_at_length, self._prove_at_length):
            if value == floor or not told(chosen, value, floor):
                return chosen, value, floor
            chosen, value, floor = turn(term, chosen, value, floor, until, told)
        return chosen, value, floor

    def _by_twin(
        self, _term: Any, chosen: Chosen, value: int, floor: int, until: float, _told: Told, most: float = TWIN
    ) -> tuple[Chosen, int, int]:
        """Ask the linear twin for a better plan than one that costs `value`; nothing that it says of bounds is read."""
        answer = linear.solve(self._model, max(0.05, min((until - time.monotonic()) * 0.6, most)))
        if answer is None or answer.value >= value:
            return chosen, value, floor
        values = answer.values
        return {**chosen, **self._read(lambda var: bool(values[var.index]))}, answer.value, floor

    def _prove(
        self, _term: Any, chosen: Chosen, value: int, floor: int, until: float, told: Told, most: float = PROOF
    ) -> tuple[Chosen, int, int]:
        """Let CP-SAT, which reckons in whole numbers, begin from a plan: there is a better one, or there is none."""
        seconds = max(0.05, min(until - time.monotonic(), most))
        chosen, status, value, bound = self._solve(chosen, value, seconds, 1, told, relaxed=True)
        return chosen, value, value if status == self._cp.OPTIMAL else max(bound, floor)

    def _by_twin_at_length(
        self, term: Any, chosen: Chosen, value: int, floor: int, until: float, told: Told
    ) -> tuple[Chosen, int, int]:
        return self._by_twin(term, chosen, value, floor, until, told, until - time.monotonic())

    def _prove_at_length(
        self, term: Any, chosen: Chosen, value: int, floor: int, until: float, told: Told
    ) -> tuple[Chosen, int, int]:
        return self._prove(term, chosen, value, floor, until, told, until - time.monotonic())

    def _from_below(
        self, term: Any, chosen: Chosen, value: int, floor: int, until: float, told: Told
    ) -> tuple[Chosen, int, int]:
        seconds = min((until - time.monotonic()) * 0.8, RISE)
        risen = rise(self._model, term, floor, value, seconds, lambda bound: told(chosen, value, bound))
        if risen.truth is None:
            return chosen, value, risen.floor
        return {**chosen, **self._read(risen.truth)}, risen.floor, risen.floor

    def _forbid_dear(self, most: int) -> None:
        """Leave out every choice that alone would cost the present objective more than a plan already does."""
        objective = self._model.proto.objective
        factors = dict(zip(objective.vars, objective.coeffs, strict=True))
        if any(factor < 0 for factor in factors.values()):
            return
        for var in self._take.values():
            if factors.get(var.index, 0) > most - objective.offset:
                self._model.add(var == 0)

    def _solve(
        self, chosen: Chosen, known: int | None, seconds: float, workers: int,
        told: Told | None, relaxed: bool = False,
    ) -> tuple[Chosen, int, int, int]:  # fmt: skip
        """Ask CP-SAT: what it found or, where that is no better than what is `known`, that; status, value, bound.

        `relaxed` lets it lean on the linear relaxation of the whole model.
        """
        cp = self._cp
        self._hint(chosen)
        solver = cp.CpSolver()
        solver.parameters.max_time_in_seconds = seconds
        solver.parameters.num_workers = workers
        solver.parameters.random_seed = 7
        if relaxed:
            solver.parameters.linearization_level = 2
        callback = _callback(cp, self, known, told) if told is not None else None
        status = solver.solve(self._model, callback)
        assert status not in (cp.INFEASIBLE, cp.MODEL_INVALID), "What was known before is no longer an answer."
        found = status in (cp.OPTIMAL, cp.FEASIBLE)
        value = round(solver.objective_value) if found else 0
        bound = int(-(-(solver.best_objective_bound - 1e-6) // 1)) if found else 0
        if found and (known is None or value <= known):
            return self._read(solver.boolean_value), status, value, bound
        return chosen, status, known or 0, bound

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
        used = Counter(series for series, _room in rooms)
        for (series, room), var in self._keeps.items():
            self._model.add_hint(var, used[series] == 1 and (series, room) in rooms)
        for series, var in (self._extra or {}).items():
            self._model.add_hint(var, max(0, used[series] - 1))


def _callback(cp: Any, model: Model, known: int | None, told: Told) -> Any:
    """What CP-SAT calls with each better answer."""

    class Better(cp.CpSolverSolutionCallback):  # type: ignore[misc]
        def on_solution_callback(self) -> None:
            bound = int(-(-(self.best_objective_bound - 1e-6) // 1))
            value = round(self.objective_value)
            better = known is None or value < known
            if better and not told(model._read(self.boolean_value), value, bound):
                self.stop_search()

    return Better()
