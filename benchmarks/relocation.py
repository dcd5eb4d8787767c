"""The relocation planner: rooms for published timetables, and a year of meetings with six rooms of fourteen closed.

`python -m benchmarks.relocation FILE.ctt SOLUTION` reads a timetabling instance and a solution, keeps the solution's
times, and prints the room cost (capacity and stability) of the solution's own rooms beside the least there can be, with
its lower bound. `python -m benchmarks.relocation --site [--meetings 4000] [--seed 1] [--first 2027-04-01]` prints when
the first plan stood, and each stage's value and bound. `--made COURSES` does the former for an instance made up here.
`--what-if` prints how long 53 other starts of a phase of twelve weeks in that year take, and what they come to.
Every plan is checked by the independent checker before its figures are printed. Goals: the first plan within 3 s; each
stage proven, or within 1 %, after 60 s on two cores; 53 starts within 30 s, each of them proven.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from datetime import date
from pathlib import Path

from benchmarks import report, timetables
from benchmarks.relocation_year import FIRST, basis, closing, year
from cbo_desk.conference.relocating import whatif
from cbo_desk.conference.relocating.basis import Span
from cbo_desk.conference.relocating.checker import check
from cbo_desk.conference.relocating.problem import Plan, Problem
from cbo_desk.conference.relocation import Step, relocate
from cbo_desk.errors import Refusal

LAST = date(2027, 12, 31)
SITE_SECONDS, TIMETABLE_SECONDS, WHAT_IF_SECONDS = 60.0, 900.0, 30.0
WHAT_IF = Span(date(2027, 7, 5), date(2027, 9, 26))
"""A proof of a published timetable may take minutes; most take seconds."""


class Clocked:
    """A bench that notes when the first plan stood."""

    stopping = False

    def __init__(self) -> None:
        self._began = time.perf_counter()
        self.first: float | None = None

    def say(self, progress: Step) -> None:
        """Nobody watches."""

    def keep(self, best: Plan) -> None:
        """Note the time of the first plan."""
        self.first = self.first or time.perf_counter() - self._began


def solved(problem: Problem, seconds: float, workers: int) -> tuple[Plan, float, float]:
    """A plan that was checked, the seconds to the first one, and the seconds in all."""
    bench = Clocked()
    took = 0.0
    began = time.perf_counter()
    plan = relocate(bench, problem, seconds, workers)
    took = time.perf_counter() - began
    faults = check(problem, plan)
    if faults:
        raise AssertionError(f"The plan has faults: {faults[:3]}")
    return plan, bench.first or took, took


def timetable(instance: timetables.Instance, lectures: list[timetables.Lecture], seconds: float, workers: int) -> None:
    """Print the room cost of a solution, and the least with its times."""
    plan, _, took = solved(timetables.rooms_alone(instance, lectures), seconds, workers)
    unplaced, cost = plan.measures
    report.line(
        instance=instance.name, lectures=len(lectures), rooms=len(instance.seats),
        solution_room_cost=timetables.room_cost(instance, lectures),
        solution_clashes=timetables.clashes(instance, lectures),
        unplaced=unplaced.total, room_cost=cost.total, lower_bound=sum(cost.bound),
        proven=unplaced.proven and cost.proven, gap=round(cost.gap, 3), seconds=round(took, 2), checked=True,
    )  # fmt: skip


def site(meetings: int, seed: int, first: date, seconds: float, workers: int) -> None:
    """Print what becomes of a year with six rooms closed from a day on."""
    made = year(meetings, seed)
    problem = closing(made, first, LAST)
    plan, stood, took = solved(problem, seconds, workers)
    stages = {
        measure.stage[0][0].value: {
            "value": measure.total, "bound": sum(measure.bound), "proven": measure.proven, "gap": round(measure.gap, 4)
        }
        for measure in plan.measures
    }  # fmt: skip
    report.line(
        meetings=len(made[2]), affected=sum(each.affected for each in problem.meetings), closed_from=first.isoformat(),
        first_plan_s=round(stood, 2), seconds=round(took, 2), proven=all(each.proven for each in plan.measures),
        worst_gap=round(max(each.gap for each in plan.measures), 4), stages=stages, checked=True,
        goals_kept=stood <= 3 and took <= 61 and all(each.gap <= 0.01 for each in plan.measures),
    )  # fmt: skip


class Counted:
    """A bench that notes when it heard of each start."""

    stopping = False

    def __init__(self) -> None:
        self._began = time.perf_counter()
        self.heard: list[float] = []

    def say(self, _progress: object) -> None:
        """Note when."""
        self.heard.append(time.perf_counter() - self._began)

    def keep(self, _best: object) -> None:
        """Nobody asks for what there is so far."""


def other_starts(meetings: int, seed: int, seconds: float) -> None:
    """Print what 53 starts of a phase of twelve weeks come to, and how long they took."""
    known = basis(year(meetings, seed))
    bench = Counted()
    began, busy = time.perf_counter(), time.process_time()
    starts = whatif.solve(bench, known, WHAT_IF, range(-26, 27), seconds)
    took, worked = time.perf_counter() - began, time.process_time() - busy
    best = whatif.least_harmful(starts)
    proven = sum(each.proven for each in starts)
    report.line(
        meetings=len(known.meetings), starts=len(starts), proven=proven, seconds=round(took, 1),
        processor_s=round(worked, 1), first_start_s=round(bench.heard[0], 2),
        longest_wait_s=round(max(b - a for a, b in zip([0.0, *bench.heard], bench.heard, strict=False)), 2),
        displaced=[each.displaced for each in starts], unplaced=[len(each.unplaced) for each in starts],
        lost_seat_hours=[round(each.lost) for each in starts], least_harmful=best,
        goals_kept=took <= 30 and proven == len(starts) == 53,
    )  # fmt: skip


def made_up(courses: int, seed: int = 1) -> tuple[timetables.Instance, list[timetables.Lecture]]:
    """An instance and a solution of the kind that is published: most courses keep one room that seats them."""
    rng = random.Random(seed)
    count = max(5, courses * 2 // 9)
    seats = {f"r{n:02}": rng.choice((30, 48, 60, 80, 120, 200, 300, 500)) for n in range(count)}
    free = {(room, period) for room in seats for period in range(25)}
    students: dict[str, int] = {}
    found: list[timetables.Lecture] = []
    for number in range(courses):
        course, wanted = f"c{number:03}", rng.randint(2, 6)
        roomy = [room for room in seats if sum((room, period) in free for period in range(25)) >= wanted - 1]
        home = rng.choice(roomy or list(seats))
        at_home = [period for period in range(25) if (home, period) in free]
        periods = rng.sample(at_home, min(wanted, len(at_home)))
        places = [(home, period) for period in periods]
        # Where the room of its own is full, the rest of its lectures go wherever there is one.
        others = sorted(each for each in free if each[1] not in periods)
        while len(places) < wanted and others:
            place = others.pop(rng.randrange(len(others)))
            places.append(place)
            others = [each for each in others if each[1] != place[1]]
        if places:
            free -= set(places)
            students[course] = max(5, int(seats[home] * rng.uniform(0.4, 1.02)))
            found += [timetables.Lecture(course, room, period // 5, period % 5) for room, period in places]
    lectures = {course: sum(each.course == course for each in found) for course in students}
    return timetables.Instance(f"made-{courses}", students, lectures, seats), found


def main(given: list[str] | None = None) -> int:
    """Read the arguments and run what they ask for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("instance", nargs="?", type=Path, help="a .ctt or .ectt file")
    parser.add_argument("solution", nargs="?", type=Path, help="a solution of it: course room day period")
    parser.add_argument("--site", action="store_true", help="the generated year")
    parser.add_argument("--what-if", action="store_true", help="53 starts of a phase in the generated year")
    parser.add_argument("--made", type=int, metavar="COURSES", help="a made-up instance of so many courses")
    parser.add_argument("--meetings", type=int, default=4000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=date.fromisoformat, default=date(FIRST.year, 4, 1))
    parser.add_argument("--seconds", type=float, help="60 for the year, 900 for a timetable")
    parser.add_argument("--workers", type=int, default=2)
    asked = parser.parse_args(given)
    try:
        if asked.site:
            site(asked.meetings, asked.seed, asked.first, asked.seconds or SITE_SECONDS, asked.workers)
        elif asked.what_if:
            other_starts(asked.meetings, asked.seed, asked.seconds or WHAT_IF_SECONDS)
        elif asked.made:
            timetable(*made_up(asked.made, asked.seed), asked.seconds or TIMETABLE_SECONDS, asked.workers)
        elif asked.instance and asked.solution:
            instance = timetables.read_instance(asked.instance)
            lectures = timetables.read_solution(asked.solution, instance)
            timetable(instance, lectures, asked.seconds or TIMETABLE_SECONDS, asked.workers)
        else:
            parser.error("Name an instance and a solution, or --site, --what-if or --made.")
    except Refusal as refusal:
        print(refusal, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
