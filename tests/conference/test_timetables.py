"""Published timetables: the reader, and the proven room cost against trying everything."""

from __future__ import annotations

import json
import time
from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks import relocation, timetables
from cbo_desk.conference.relocating.checker import check
from cbo_desk.conference.relocating.field import Field
from cbo_desk.conference.relocating.greedy import Greedy
from cbo_desk.conference.relocating.model import Model
from cbo_desk.conference.relocating.rising import rise
from cbo_desk.conference.relocating.worth import worth
from cbo_desk.errors import Refusal
from tests.conference.relocating import Quiet

CTT = """Name: Tiny
Courses: 3
Rooms: 2
Days: 2
Periods_per_day: 2
Curricula: 1
Constraints: 1

COURSES:
alg t1 2 2 40
geo t2 2 2 25
art t3 1 1 60

ROOMS:
big  50
small  20

CURRICULA:
q1  2 alg geo

UNAVAILABILITY_CONSTRAINTS:
alg 1 1

END.
"""
SOLUTION = "alg small 0 0\nalg big 0 1\ngeo big 0 0\ngeo small 1 0\nart big 1 1\n"


@pytest.fixture
def files(tmp_path):
    (tmp_path / "tiny.ctt").write_text(CTT)
    (tmp_path / "tiny.sol").write_text(SOLUTION)
    return tmp_path


def test_the_cost_of_a_solution_and_the_least_with_its_times(files, capsys):
    assert relocation.main([str(files / "tiny.ctt"), str(files / "tiny.sol"), "--seconds", "60"]) == 0
    said = json.loads(capsys.readouterr().out)
    # By hand: 20 + 0 + 0 + 5 + 10 standing, and two rooms too many; at best alg keeps the big room, geo the small
    # one at 0 0 (5), and stays there (5) or moves (1): 5 + 1 + 10.
    assert said["solution_room_cost"] == 37
    assert (said["room_cost"], said["lower_bound"], said["proven"], said["gap"]) == (16, 16, True, 0.0)


@pytest.mark.parametrize(
    ("file", "text", "sentence"),
    [
        ("tiny.ctt", "hello\n", "no .ctt or .ectt file"),
        ("tiny.ctt", CTT.replace("alg t1 2 2 40", "alg t1 two 2 40"), "Line 10 of tiny.ctt: two is no whole number"),
        ("tiny.ctt", CTT.replace("alg t1 2 2 40", "alg t1"), "Line 10 of tiny.ctt has 2 words, and 5 are due"),
        ("tiny.sol", "alg small 0\n", "has 3 words, and 4 are due"),
        ("tiny.sol", SOLUTION.replace("art big", "art attic"), "has no such course or room"),
        ("tiny.sol", SOLUTION.replace("art big 1 1\n", ""), "holds 0 lectures of art, and 1 are due"),
    ],
)
def test_what_cannot_be_read_is_said_in_a_sentence(files, capsys, file, text, sentence):
    (files / file).write_text(text)
    assert relocation.main([str(files / "tiny.ctt"), str(files / "tiny.sol")]) == 2
    assert sentence in capsys.readouterr().err
    with pytest.raises(Refusal):
        timetables.read_solution(files / "tiny.sol", timetables.read_instance(files / "tiny.ctt"))


def test_the_extended_format_forbids_rooms(files):
    text = CTT.replace("alg t1 2 2 40", "alg t1 2 2 40 1").replace("big  50", "big 50 3")
    (files / "tiny.ectt").write_text(text.replace("END.", "ROOM_CONSTRAINTS:\nart small\ngeo big\n\nEND."))
    instance = timetables.read_instance(files / "tiny.ectt")
    assert instance.forbidden == {("art", "small"), ("geo", "big")}
    lectures = timetables.read_solution(files / "tiny.sol", instance)
    assert timetables.clashes(instance, lectures) == 1
    plan, _, _ = relocation.solved(timetables.rooms_alone(instance, lectures), 10, 1)
    assert [measure.total for measure in plan.measures] == [0, 20]


@settings(max_examples=15, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_the_proven_room_cost_is_what_trying_everything_finds(data):
    rooms = {f"r{n}": data.draw(st.integers(5, 40)) for n in range(data.draw(st.integers(2, 3)))}
    students = {f"c{n}": data.draw(st.integers(5, 50)) for n in range(3)}
    free = [(room, day) for room in rooms for day in range(3)]
    chosen = data.draw(st.lists(st.sampled_from(free), min_size=3, max_size=5, unique=True))
    courses = [data.draw(st.sampled_from(sorted(students))) for _ in chosen]
    lectures = [timetables.Lecture(c, room, day, 0) for c, (room, day) in zip(courses, chosen, strict=True)]
    counts = {course: courses.count(course) for course in students}
    instance = timetables.Instance("drawn", students, counts, rooms)
    problem = timetables.rooms_alone(instance, lectures)
    plan = relocation.relocate(Quiet(), problem, 10, 1)
    assert check(problem, plan) == []
    costs = []
    for tried in product(rooms, repeat=len(lectures)):
        moved = [timetables.Lecture(each.course, room, each.day, 0) for each, room in zip(lectures, tried, strict=True)]
        if timetables.clashes(instance, moved) == 0:
            costs.append(timetables.room_cost(instance, moved))
    assert plan.measures[1].proven
    assert plan.measures[1].total == min(costs)


def test_the_made_up_year_is_solved_and_proven(capsys):
    assert relocation.main(["--site", "--meetings", "150", "--seconds", "60"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["proven"]
    assert said["meetings"] == 150
    assert said["affected"] > 20


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=8), st.integers(0, 5))
def test_rising_from_below_finds_what_trying_everything_finds(pairs, value):
    """The fewest of five that touch every pair: raised from nothing, up to a value that is known."""
    from ortools.sat.python import cp_model  # 0.7 s with pandas, for each worker that loads this file

    cover = cp_model.CpModel()
    taken = [cover.new_bool_var("") for _ in range(5)]
    for one, other in pairs:
        cover.add_bool_or(taken[one], taken[other])
    least = min(sum(each) for each in product((0, 1), repeat=5) if all(each[a] or each[b] for a, b in pairs))
    heard: list[int] = []
    risen = rise(cover, sum(taken), 0, value, 20, lambda bound: heard.append(bound) is None)
    assert risen.floor == min(least, value)
    assert heard == list(range(1, risen.floor + 1))
    assert (risen.truth is not None) == (least < value)
    if risen.truth is not None:
        held = [risen.truth(each) for each in taken]
        assert sum(held) == least
        assert all(held[a] or held[b] for a, b in pairs)
    assert rise(cover, sum(taken), 0, 5, 20, lambda _bound: False).floor <= 1


def tiny_model(files):
    """The tiny timetable as a model that minimises its room cost, with that stage, its term, and a quick plan."""
    instance = timetables.read_instance(files / "tiny.ctt")
    problem = timetables.rooms_alone(instance, timetables.read_solution(files / "tiny.sol", instance))
    field = Field(problem)
    everyone = range(len(problem.meetings))
    chosen = Greedy(field, keep=True).run()
    made = Model(field, everyone, placed=True)
    [term] = made._terms(problem.stages[1], everyone)
    made._model.minimize(term)
    return made, problem.stages[1], term, chosen


def test_a_plan_found_from_below_costs_what_was_proven(files):
    made, cost, term, chosen = tiny_model(files)
    known = worth(made._field, range(5), cost, chosen)[0]
    found, value, bound = made._from_below(term, chosen, known, 0, time.monotonic() + 60, lambda *_: True)
    assert known > 16
    assert value == bound == 16
    assert worth(made._field, range(5), cost, found) == (16,)


def liar(monkeypatch, *, broken: bool):
    """Let HiGHS answer with the dearest plan there is, or with one that breaks every row, and call it the best."""
    from ortools.math_opt.python import mathopt

    honest, claims = mathopt.solve, []

    def solve(model, kind, **how):
        model.objective.is_maximize = True
        answer = honest(model, kind, **how)
        assert answer.termination.reason == mathopt.TerminationReason.OPTIMAL
        claims.append(answer.termination.objective_bounds)
        if broken:
            solution = answer.solutions[0].primal_solution
            solution.variable_values.update(dict.fromkeys(solution.variable_values, 1.0))
        return answer

    monkeypatch.setattr(mathopt, "solve", solve)
    return claims


@pytest.mark.parametrize("broken", [False, True])
def test_a_solver_that_claims_an_optimum_falsely_is_not_believed(files, monkeypatch, broken):
    """HiGHS has called 1,059 the best where a plan of 41 was at hand: it may find, and never proves."""
    claims = liar(monkeypatch, broken=broken)
    made, cost, term, chosen = tiny_model(files)
    known = worth(made._field, range(5), cost, chosen)[0]
    dear = known + 1000
    until = time.monotonic() + 60
    found, value, bound = made._by_twin(term, chosen, dear, 0, until, lambda *_: True)
    [claim] = claims
    assert claim.dual_bound == claim.primal_bound > 16, "the control: it says that no plan costs less"
    assert bound == 0, "and nobody writes that down"
    assert (value, found == chosen) == ((dear, True) if broken else (round(claim.primal_bound), False))
    found, value, bound = made._prove(term, found, value, bound, until, lambda *_: True)
    assert value == bound == 16
    assert worth(made._field, range(5), cost, found) == (16,)
