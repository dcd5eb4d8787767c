"""Other starts of a phase: what is remembered from one start to the next changes no figure."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import HealthCheck, given, settings

from cbo_desk.conference.relocating import whatif
from cbo_desk.conference.relocating.whatif import STAGES, Start, curve, least_harmful
from tests.conference.relocating import Quiet, best_figures, problems

MANY = settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


@MANY
@given(problems())
def test_each_start_is_what_trying_everything_finds(problem):
    closed = replace(problem, stages=STAGES)
    opened = replace(closed, taken={})
    known = {0: closed, 1: opened, 2: closed, 3: opened}
    bench = Quiet()
    starts = curve(bench, known.__getitem__, sorted(known), 30)
    assert [start.weeks for start in starts] == [0, 1, 2, 3]
    assert len(bench.kept) == 4
    for start in starts:
        unplaced, lost = best_figures(known[start.weeks])
        assert start.proven
        assert (len(start.unplaced), round(start.lost * 60)) == (sum(unplaced), lost[0])


def test_without_time_the_rest_is_rough_and_says_so():
    from tests.conference.test_certificates import crowded

    [start] = curve(Quiet(), lambda _shift: replace(crowded(), stages=STAGES), [0], 0)
    assert not start.proven
    assert len(start.unplaced) >= 2
    assert curve(Quiet(0), lambda _shift: crowded(), [0], 30) == ()


def test_what_was_not_proven_at_first_is_asked_again_with_the_time_left_over(monkeypatch):
    from tests.conference.test_certificates import crowded

    bench = Quiet()
    monkeypatch.setattr(whatif, "_SECONDS", 0.0)
    [start] = curve(bench, lambda _shift: replace(crowded(), stages=STAGES), [0], 60)
    assert start.proven
    assert [[each.proven for each in kept] for kept in bench.kept] == [[False], [True]]
    assert start.harm <= bench.kept[0][0].harm


def test_the_least_harmful_window_are_the_neighbours_that_are_alike():
    starts = [Start(week, 10 - week, (), lost, True) for week, lost in enumerate((9.0, 3.0, 0.0, 0.0, 0.0, 4.0))]
    assert least_harmful(starts) == (2, 4)
    assert least_harmful([]) is None
