"""The relocation planner against trying everything, and its checker against every kind of fault."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings

from cbo_desk.conference.finding import Placing
from cbo_desk.conference.relocating.checker import check, figures
from cbo_desk.conference.relocating.problem import Goal, Measure, Meeting, Plan, Problem
from cbo_desk.conference.relocation import first_plan, relocate
from cbo_desk.conference.rules import Ceiling, Layout
from tests.conference.relocating import EPOCH, ROOMS, TEAM, UNITS, Quiet, Taken, at, best_figures, problems

MANY = settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


@MANY
@given(problems())
def test_the_proven_optimum_is_what_trying_everything_finds(problem):
    bench = Quiet()
    plan = relocate(bench, problem, 20, 1)
    assert check(problem, plan) == []
    assert all(measure.proven for measure in plan.measures)
    assert [measure.value for measure in plan.measures] == best_figures(problem)
    for kept in bench.kept:
        assert check(problem, kept) == []


@MANY
@given(problems(7))
def test_the_first_plan_breaks_no_rule_and_proves_nothing_that_is_not_so(problem):
    first, best = first_plan(problem), relocate(Quiet(), problem, 20, 1)
    assert check(problem, first) == []
    assert [each.value for each in first.measures] >= [each.value for each in best.measures]


def test_stopped_at_any_moment_it_answers_with_the_best_so_far():
    problem = sample()
    for most in range(1, 4):
        plan = relocate(Quiet(most), problem, 20, 1)
        assert check(problem, plan) == []


def sample() -> Problem:
    """Three meetings: one whose room is closed, of high rank; one that it can bump; and one that stays."""
    return Problem(
        ROOMS,
        (
            Meeting(1, 80, 1, (at(9, 12), at(13, 15)), "theatre", stands(41, at(9, 12)), (TEAM,), 1, series=5),
            Meeting(2, 20, 6, (at(9, 12), at(12, 14)), "theatre", stands(11, at(9, 12)), affected=False, series=5),
            Meeting(3, 20, 2, (at(10, 13),), "theatre", stands(21, at(10, 13)), affected=False),
        ),
        {3: (Taken(at(0, 48), None, "works"),)},
        UNITS,
        {1: (Taken(at(9, 12), 99),)},
        ceilings=(Ceiling("people", None, 130, EPOCH, None),),
    )


def stands(layout_id: int, slot, units: tuple[int, ...] = ()) -> Placing:
    space = next(each for each in ROOMS for kind in each.layouts if kind.id == layout_id)
    layout = next(each for each in space.layouts if each.id == layout_id)
    return Placing(slot, space.id, layout_id, layout.kind, slot.widened(layout.setup, layout.cleardown), units)


GOOD = {1: stands(11, at(9, 12), (2,)), 2: stands(21, at(13, 15)), 3: stands(21, at(10, 13))}


def planned(problem: Problem, places) -> Plan:
    values = figures(problem, places)
    measures = tuple(Measure(stage, v, (0,) * len(v)) for stage, v in zip(problem.stages, values, strict=True))
    return Plan(places, measures)


FAULTS = {
    "nobody asked": ({**GOOD, 9: None}, "unknown"),
    "forgotten": ({1: GOOD[1], 2: GOOD[2]}, "missing"),
    "the one that need not move has no place": ({**GOOD, 2: None}, "dropped"),
    "a space that is not there": ({**GOOD, 1: replace(GOOD[1], space_id=9)}, "space"),
    "a time nobody allowed": ({**GOOD, 1: stands(11, at(15, 17), (2,))}, "time"),
    "another room's layout": ({**GOOD, 1: replace(GOOD[1], layout_id=21)}, "layout"),
    "a layout not wished for": ({**GOOD, 1: stands(12, at(9, 12), (2,))}, "layout"),
    "too few seats": ({**GOOD, 1: stands(21, at(13, 15), (2,))}, "seats"),
    "no set-up": ({**GOOD, 1: replace(GOOD[1], blocks=at(9, 12))}, "blocks"),
    "a closed cell": ({**GOOD, 1: stands(41, at(13, 15), (2,))}, "cell"),
    "one space twice": ({**GOOD, 2: stands(21, at(12, 14))}, "cell"),
    "no team": ({**GOOD, 1: replace(GOOD[1], units=())}, "units"),
    "a team that is elsewhere": ({**GOOD, 1: replace(GOOD[1], units=(1,))}, "units"),
    "a set instead of a team": ({**GOOD, 1: replace(GOOD[1], units=(3,))}, "units"),
    "bumped for nobody": ({**GOOD, 1: stands(11, at(13, 15), (2,)), 2: stands(21, at(13, 15))}, "rank"),
}


def bumped() -> Problem:
    """The sample, in which the second meeting may go where GOOD puts it."""
    problem = sample()
    one, two, three = problem.meetings
    return replace(problem, meetings=(one, replace(two, times=(at(9, 12), at(13, 15), at(12, 14))), three))


def test_the_checker_accepts_a_good_plan():
    assert check(bumped(), planned(bumped(), GOOD)) == []


@pytest.mark.parametrize("name", FAULTS)
def test_the_checker_finds_each_kind_of_fault(name):
    problem = bumped()
    places, rule = FAULTS[name]
    plan = Plan(places, planned(problem, GOOD).measures)
    assert rule in {fault.rule for fault in check(problem, plan)}


def test_the_checker_finds_booths_features_days_ceilings_and_wrong_figures():
    problem = bumped()
    one, two, three = problem.meetings

    def found(changed: Problem, places=GOOD, measures=None) -> set[str]:
        plan = planned(changed, places)
        return {each.rule for each in check(changed, plan if measures is None else Plan(places, measures))}

    assert found(replace(problem, meetings=(replace(one, booths=3), two, three))) == {"booths"}
    bright = replace(one, features=frozenset({"daylight"}))
    assert found(replace(problem, meetings=(bright, two, three))) == {"features"}
    assert found(replace(problem, ceilings=(Ceiling("people", None, 99, EPOCH, None),))) == {"ceiling"}
    assert found(replace(problem, ceilings=(Ceiling("gate", 1, 79, EPOCH, None),))) == {"ceiling"}
    assert found(replace(problem, ceilings=(Ceiling("gate", 2, 1, EPOCH, None),))) == set()
    # Cars are counted apart from people, and those of whoever stays with those of whoever moves.
    driven = replace(problem, meetings=(replace(one, cars=4), replace(two, cars=50), replace(three, cars=3)))
    assert found(replace(driven, ceilings=(Ceiling("parking", None, 52, EPOCH, None),))) == set()
    assert found(replace(driven, ceilings=(Ceiling("parking", None, 49, EPOCH, None),))) == {"ceiling"}
    assert found(replace(driven, ceilings=(Ceiling("parking", 1, 6, EPOCH, None),))) == {"ceiling"}
    short = tuple(replace(each, valid_to=EPOCH) if each.id == 11 else each for each in ROOMS[0].layouts)
    assert found(replace(problem, spaces=(replace(ROOMS[0], layouts=short), *ROOMS[1:]))) == {"layout"}
    long = Layout(11, "theatre", 100, 31 * 24 * 60, 0, EPOCH, None)
    weeks = replace(problem, spaces=(replace(ROOMS[0], layouts=(long,)), *ROOMS[1:]))
    there = replace(GOOD[1], blocks=GOOD[1].slot.widened(31 * 24 * 60, 0))
    assert "blocks" in found(weeks, {**GOOD, 1: there})
    true = planned(problem, GOOD).measures
    for place, measure in enumerate(true):
        wrong = replace(measure, value=tuple(each + 1 for each in measure.value))
        assert found(problem, measures=(*true[:place], wrong, *true[place + 1 :])) == {"figures"}
    assert found(problem, measures=(replace(true[0], bound=(9, 9, 9)), *true[1:])) == {"figures"}
    assert found(problem, measures=true[1:]) == {"figures"}


def test_the_high_rank_bumps_the_low_one_only_where_that_places_it():
    plan = relocate(Quiet(), sample(), 20, 1)
    value = {measure.stage[0][0]: measure.total for measure in plan.measures}
    assert value[Goal.UNPLACED] == 0
    # At one o'clock the large room is free: nobody is bumped, one time changes.
    assert (value[Goal.BUMPED], value[Goal.TIMES]) == (0, 1)
    assert plan.places[2] == sample().meetings[1].stands
    fixed = sample()
    one, two, three = fixed.meetings
    two = replace(two, times=(at(9, 12), at(13, 15)))
    fixed = replace(fixed, meetings=(replace(one, times=one.times[:1]), two, three))
    plan = relocate(Quiet(), fixed, 20, 1)
    value = {measure.stage[0][0]: measure.total for measure in plan.measures}
    assert (value[Goal.UNPLACED], value[Goal.BUMPED], value[Goal.TIMES]) == (0, 1, 1)
    # The other way round, nobody of lower rank moves the higher one.
    turned = replace(fixed, meetings=(replace(fixed.meetings[0], rank=7), *fixed.meetings[1:]))
    plan = relocate(Quiet(), turned, 20, 1)
    assert plan.places[1] is None
    assert plan.places[2] == fixed.meetings[1].stands
