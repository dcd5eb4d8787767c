"""Other starts of a phase: what is remembered from one start to the next changes no figure."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings

from cbo_desk.conference.project import PhaseRow, Waits, waiting
from cbo_desk.conference.relocating import whatif
from cbo_desk.conference.relocating.basis import Span
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


def test_whoever_follows_a_phase_waits_for_it_and_whoever_follows_them_for_those():
    def phase(ident, first, last, begun=None):
        span = Span(first, last)
        return PhaseRow(ident, 1, f"P{ident}", "", span, None, begun, None, None, span, (), 0, "")

    phases = [
        phase(1, date(2027, 1, 4), date(2027, 3, 28)),
        phase(2, date(2027, 4, 5), date(2027, 6, 27)),
        phase(3, date(2027, 6, 28), date(2027, 12, 26)),
        phase(4, date(2028, 2, 7), date(2028, 6, 4)),
        phase(5, date(2027, 2, 1), date(2027, 2, 28)),
    ]
    for weeks in range(-26, 27):
        span = phases[0].span.shifted(weeks)
        found = waiting(phases, 1, span)
        # By hand: a week between the first two, none between the next, six before the last; the fifth is beside.
        by_hand = {2: max(0, weeks - 1), 3: max(0, weeks - 1), 4: max(0, weeks - 7)}
        wanted = [(f"P{ident}", late) for ident, late in by_hand.items() if late]
        assert [(each.code, each.weeks) for each in found] == wanted
        firsts = {f"P{each.id}": each.span.first for each in phases}
        assert all(each.first == firsts[each.code] + timedelta(weeks=each.weeks) for each in found)
    begun = [phases[0], phase(2, date(2027, 4, 5), date(2027, 6, 27), date(2027, 4, 5))]
    assert waiting(begun, 1, phases[0].span.shifted(20)) == []
    assert waiting(phases[:2], 1, Span(date(2027, 1, 4), date(2027, 4, 5))) == [Waits("P2", date(2027, 4, 12), 1)]
