"""What the pulse beside a benchmark calls slow: the computer's moments, and never the program's own."""

from __future__ import annotations

import time

from benchmarks.pulse import Pulse, even, slow_spans

BEAT = 0.0002


def beats(*slow):
    """A beat every four milliseconds for a second; those within the given stretches take ten times as long."""
    at = [number * 0.004 for number in range(250)]
    return [(one, 10 * BEAT if any(begin <= one < end for begin, end in slow) else BEAT) for one in at]


def test_slow_stretches_reach_from_the_good_beat_before_to_the_next():
    assert slow_spans(beats()) == []
    found = slow_spans(beats((0.1, 0.15), (0.5, 0.504)))
    assert [(round(begin, 3), round(end, 3)) for begin, end in found] == [(0.096, 0.152), (0.496, 0.504)]
    assert slow_spans(beats((0.98, 2)))[-1][1] == beats((0.98, 2))[-1][0] + 10 * BEAT  # slow to the end


def test_what_touches_a_slow_stretch_or_waited_for_such_is_told_apart():
    slow = [(0.10, 0.15), (0.50, 0.52)]
    spans = [(0.02, 0.09), (0.09, 0.11), (0.105, 0.16), (0.155, 0.17), (0.18, 0.19), (0.4, 0.6), (0.61, 0.62)]
    assert even(spans, slow) == [True, False, False, False, True, False, True]
    assert even(spans, []) == [True] * 7


def stalled_while_even():
    """A program that keeps its core busy and then sleeps, and whether the pulse beside it calls that an even moment."""
    with Pulse() as pulse:
        begun = time.perf_counter()
        while time.perf_counter() - begun < 0.04:
            pass
        time.sleep(0.02)
        spans = [(begun, time.perf_counter())]
    return even(spans, pulse.slow) == [True]


def test_a_program_that_stalls_is_not_excused():
    """The control. Some of these moments may meet a slow stretch of the computer's; were stalls excused, all would."""
    assert any(stalled_while_even() for _ in range(8))
