"""Why a meeting finds no place: each certificate is checked by who did not find it, conflicts by leaving one out."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import HealthCheck, given, settings

from cbo_desk.conference.relocating.certificate_check import crowd_holds
from cbo_desk.conference.relocating.certificates import certify, relaxed
from cbo_desk.conference.relocating.problem import Meeting, Problem
from cbo_desk.conference.relocation import relocate
from tests.conference.relocating import ROOMS, UNITS, Quiet, Taken, at, best_figures, problems

MANY = settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
SHUT = {1: (Taken(at(0, 48), None, "works"),)}


def explained(problem: Problem):
    plan = relocate(Quiet(), problem, 20, 1)
    for ident, place in plan.places.items():
        if place is None:
            yield plan, certify(problem, plan.places, ident)


@MANY
@given(problems(5))
def test_every_unplaced_meeting_gets_a_certificate_that_holds(problem):
    for plan, found in explained(problem):
        assert found.crowds or found.conflict
        for crowd in found.crowds:
            assert crowd_holds(problem, crowd)
        meeting = next(each for each in problem.meetings if each.id == found.meeting)
        assert not found.crowds or {crowd.slot for crowd in found.crowds} == set(meeting.times)
        if found.conflict:
            possible = [
                sum(best_figures(relaxed(problem, plan.places, meeting, wanted))[0]) == 0
                for wanted in (
                    found.conflict,
                    *([e for e in found.conflict if e != left] for left in found.conflict),
                )
            ]
            assert possible == [False] + [True] * len(found.conflict)


def crowded() -> Problem:
    """Three meetings that need fifty seats or more at ten, of whom the second need not move; two rooms have them."""
    return Problem(
        ROOMS,
        (
            Meeting(1, 45, 3, (at(9, 12),), "theatre"),
            Meeting(2, 48, 2, (at(9, 12),), "theatre"),
            Meeting(3, 41, 1, (at(10, 13),), "theatre"),
        ),
        SHUT,
        UNITS,
    )


def test_a_crowd_names_who_needs_what_and_a_false_one_is_found_out():
    problem = crowded()
    [(_, first), (_, second)] = list(explained(problem))
    assert {first.meeting, second.meeting} == {1, 2}
    [crowd] = second.crowds
    # At ten: room B alone, or B and C joined, one of the two; and the third meeting ranks higher.
    assert (crowd.at, crowd.spaces, crowd.most, crowd.meetings) == (at(10, 13).starts, (2, 4), 1, (2, 3))
    [crowd] = first.crowds
    assert (crowd.at, crowd.spaces, crowd.most, crowd.meetings) == (at(9, 12).starts, (2, 4), 1, (1, 2))
    assert crowd_holds(problem, crowd)
    for wrong in (
        replace(crowd, most=0),
        replace(crowd, most=3),
        replace(crowd, spaces=(2,)),
        replace(crowd, at=at(14, 15).starts),
        replace(crowd, meetings=(1, 1)),
        replace(crowd, meetings=(1, 9)),
        replace(crowd, meetings=(2, 1)),
        replace(crowd, slot=at(13, 15)),
        replace(crowd, meetings=(1,)),
    ):
        assert not crowd_holds(problem, wrong), wrong
