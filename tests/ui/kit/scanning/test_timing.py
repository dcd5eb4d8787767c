"""Rhythm: typists are never taken for scanners, scanners always are, and no key is lost or reordered."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cbo_desk.tags.orders import Order, code_of
from ui.kit.scanning.timing import GROUP, MAX_GAP, MIN_CHARACTERS, Fate, Judge, fits_grammar, is_scan

RECORDINGS = Path(__file__).parent / "recordings"
CODE = st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-./", min_size=6, max_size=40).filter(fits_grammar)
ANY_KEY = st.sampled_from("abcXYZ0123456789-./ é@,;\r\t") | st.just(GROUP)
Stroke = tuple[str, float]


def recordings(name: str) -> list[dict]:
    lines = (RECORDINGS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def play(strokes: Sequence[Stroke], *, alarm: bool, judge: Judge | None = None) -> list[tuple[str, str]]:
    """What a window would make of the strokes: ("typed", key) and ("scan", text) in order.

    With `alarm` the timer lets go of keys as soon as patience runs out; without, the next key does (a stalled window).
    """
    judge = judge or Judge()
    made: list[tuple[str, str]] = []
    held: list[Stroke] = []

    def let_go() -> None:
        made.extend(("typed", key) for key, _ in held)
        held.clear()

    for key, at in strokes:
        if alarm and held and at - held[-1][1] > judge.patience:
            judge.let_go()
            let_go()
        verdict = judge.offer(key, at)
        if verdict.let_go:
            let_go()
        if verdict.fate is Fate.HOLD:
            held.append((key, at))
        elif verdict.fate is Fate.PASS:
            assert not held
            made.append(("typed", key))
        else:
            assert verdict.text == "".join(one for one, _ in held)
            held.clear()
            made.append(("scan", verdict.text + key))
    judge.let_go()
    let_go()
    return made


def timed(keys: str, gaps: Sequence[float], start: float = 0.0) -> list[Stroke]:
    strokes, at = [], start
    for key, gap in zip(keys, [0.0, *gaps], strict=True):
        at += gap
        strokes.append((key, at))
    return strokes


@pytest.mark.parametrize("alarm", [True, False])
def test_no_recorded_typist_is_taken_for_a_scanner(alarm):
    people = recordings("typists")
    for person in people:
        made = play(person["strokes"], alarm=alarm)
        assert made == [("typed", key) for key, _ in person["strokes"]]
    assert len(people) == 240


@pytest.mark.parametrize("alarm", [True, False])
def test_every_recorded_scan_is_found(alarm):
    scans = recordings("scanners")
    for scan in scans:
        assert play(scan["strokes"], alarm=alarm) == [("scan", scan["code"] + scan["strokes"][-1][0])], scan
    assert {scan["who"] for scan in scans} == {"fast", "slow", "stutter", "coarse", "bluetooth"}


def test_recordings_are_what_they_say():
    """The control: rhythm is all that tells them apart, the same keys at the other's speed change sides."""
    scan = next(one for one in recordings("scanners") if one["who"] == "fast")
    slowed = [(key, at * 60) for key, at in scan["strokes"]]
    assert play(slowed, alarm=True) == [("typed", key) for key, _ in slowed]
    hurried = timed("INV-2023-00417\r", [3] * 14)
    assert play(hurried, alarm=True) == [("scan", "INV-2023-00417\r")]


@given(st.lists(st.tuples(ANY_KEY, st.floats(0, 400)), max_size=40), st.booleans())
@settings(max_examples=150, deadline=None)
def test_nothing_is_lost_or_reordered(keys, alarm):
    strokes = timed("".join(key for key, _ in keys), [gap for _, gap in keys[1:]]) if keys else []
    made = play(strokes, alarm=alarm)
    assert "".join(text for _, text in made) == "".join(key for key, _ in strokes)


@given(st.lists(st.tuples(ANY_KEY, st.floats(0, 90)), min_size=7, max_size=40), st.booleans())
@settings(max_examples=150, deadline=None)
def test_every_scan_found_has_a_scanners_rhythm(keys, alarm):
    """Looked at by brute force: the run of keys before the suffix, its gaps sorted, the middle one."""
    strokes = timed("".join(key for key, _ in keys), [gap for _, gap in keys[1:]])
    position = 0
    for kind, text in play(strokes, alarm=alarm):
        if kind == "scan":
            run = strokes[position : position + len(text)]
            gaps = sorted(late - early for (_, early), (_, late) in zip(run, run[1:], strict=False))
            assert len(gaps) >= MIN_CHARACTERS
            middle = (gaps[(len(gaps) - 1) // 2] + gaps[len(gaps) // 2]) / 2
            assert middle <= MAX_GAP
            assert any(key.isdigit() for key in text) or text.upper().startswith("CBO")
            assert " " not in text
        position += len(text)


@given(st.data(), st.text("ABC0123456789", min_size=6, max_size=40), st.booleans())
@settings(max_examples=100, deadline=None)
def test_nobody_above_35_ms_is_a_scanner(data, text, alarm):
    gaps = data.draw(st.lists(st.floats(35.01, 400), min_size=len(text), max_size=len(text)))
    assert all(kind == "typed" for kind, _ in play(timed(text + "\r", gaps), alarm=alarm))


@given(st.data(), CODE, st.booleans())
@settings(max_examples=100, deadline=None)
def test_every_scanner_of_at_most_35_ms_is_one(data, code, alarm):
    """Any jitter up to 35 ms, and once it runs an outlier of up to 120 ms in every third gap."""
    gaps = [
        data.draw(st.floats(40, 119))
        if n > 3 and n % 3 == 0 and data.draw(st.booleans())
        else data.draw(st.floats(0, 35))
        for n in range(len(code))
    ]
    assert play(timed(code + "\r", gaps), alarm=alarm) == [("scan", code + "\r")]


@given(st.lists(CODE, min_size=2, max_size=8), st.floats(0.5, 30), st.floats(1, 300))
@settings(max_examples=40, deadline=None)
def test_scans_follow_each_other_without_a_pause(codes, gap, between):
    strokes, at = [], 0.0
    for code in codes:
        strokes += timed(code + "\r", [gap] * len(code), at)
        at = strokes[-1][1] + between
    assert play(strokes, alarm=True) == [("scan", code + "\r") for code in codes]


def test_the_rest_of_a_torn_scan_is_no_shorter_code():
    """A scanner that stalls in the middle types its whole code, with Enter; the scan field then reads it whole."""
    for stall in (130.0, 250.0, 480.0):
        for tear in range(1, 15):
            gaps = [5.0] * 15
            gaps[tear - 1] = stall
            strokes = timed("1Z999AA10123456"[:15] + "\r", gaps)
            made = play(strokes, alarm=True)
            if tear >= 4 or stall < 200:
                assert made == [("typed", key) for key, _ in strokes], (stall, tear)


def test_a_space_makes_the_whole_burst_typing():
    strokes = timed("A 12345678\r", [3] * 10)
    assert play(strokes, alarm=True) == [("typed", key) for key, _ in strokes]


def test_while_a_person_types_on_nothing_is_held():
    judge = Judge()
    for at, key in zip(range(0, 2000, 70), "received in good order 12345", strict=False):
        verdict = judge.offer(key, float(at))
        assert verdict.fate is (Fate.HOLD if at == 0 else Fate.PASS)


def test_a_scan_right_after_the_window_clock_jumped_back():
    judge = Judge()
    play(timed("hello", [70] * 4, 1e9), alarm=True, judge=judge)
    assert play(timed("INV-20391\r", [5] * 9, 10.0), alarm=True, judge=judge) == [("scan", "INV-20391\r")]


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("CBOA7K3M9XQ2ZR4", True),
        ("cboahjkmnpqrstv", True),
        *((code_of(order), True) for order in Order),
        ("cboxdonez", True),
        ("CBOX", False),
        ("hello", False),
        ("PRINTER", False),
        ("12345", False),
        ("123456", True),
        ("aaaaaaaaaa", False),
        ("00000000", False),
        ("two 12345", False),
        ("-12345", False),
        ("(01)09506000134352(21)A", True),
        (f"0109506000134352{GROUP}21A", True),
        ("12345é", False),
    ],
)
def test_the_grammar_is_strict(text, fits):
    assert fits_grammar(text) is fits


def test_gaps_must_belong_to_the_text():
    assert is_scan("INV-20391", [30] * 9)
    assert not is_scan("INV-20391", [30] * 8)
    assert not is_scan("INV-20391", [36] * 9)


def test_ten_thousand_characters_are_one_scan():
    code = "".join(random.Random(1).choices("0123456789ABCDEF", k=10_000))
    assert play(timed(code + "\r", [2.0] * 10_000), alarm=True) == [("scan", code + "\r")]
