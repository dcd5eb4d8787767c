"""What a test scan says about a scanner, and the settings that follow from it."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.kit.scanning.measure import Stroke, examine
from ui.kit.scanning.settings import ScannerSettings
from ui.kit.scanning.showing import visible
from ui.kit.scanning.timing import Fate, Judge

RECORDINGS = Path(__file__).parent / "recordings"
NOW = ScannerSettings()


def strokes(keys, gap: float) -> list[Stroke]:
    return [Stroke(key, number * gap) for number, key in enumerate(keys)]


@pytest.mark.parametrize(
    ("keys", "gap", "verdict", "prefix", "suffix"),
    [
        (["F13", *"CBO-SELF-TEST-12345\r"], 3, "prefix", "F13", "enter"),
        ("\x02CBO-SELF-TEST-12345\t", 90, "prefix", "STX", "tab"),
        ("CBO-SELF-TEST-12345\r", 3, "timing", "none", "enter"),
        ("CBO-SELF-TEST-12345\r\n", 3, "timing", "none", "enter"),
        ("CBO-SELF-TEST-12345\r\r", 3, "timing", "none", "enter"),
        ("CBO-SELF-TEST-12345\t", 34, "timing", "none", "tab"),
        ("CBO-SELF-TEST-12345\r", 50, "slow", "none", "enter"),
        ("CBO-SELF-TEST-12345", 3, "no_suffix", "none", ""),
        ("CBO'SELF'TEST'12345\r", 3, "grammar", "none", "enter"),
        ("a", 3, "nothing", "none", ""),
        ("", 3, "nothing", "none", ""),
    ],
)
def test_what_a_scanner_is_said_to_be(keys, gap, verdict, prefix, suffix):
    found = examine(strokes(keys, gap))
    assert (found.verdict, found.prefix, found.suffix) == (verdict, prefix, suffix)
    if verdict not in ("nothing", "grammar"):
        assert found.text == "CBO-SELF-TEST-12345"
        assert found.median == gap


def test_a_scanner_that_stalls_is_uneven():
    keys = strokes("CBO-SELF-TEST-12345\r", 3)
    keys = keys[:9] + [Stroke(one.text, one.at + 200) for one in keys[9:]]
    assert examine(keys).verdict == "uneven"


def test_settings_follow_from_the_finding():
    certain = examine(strokes(["F13", *"CBO-12345\r"], 3)).settings(NOW)
    assert (certain.prefix, certain.suffix, certain.timing) == ("F13", "enter", False)
    quick = examine(strokes("CBO-12345\t", 4)).settings(NOW)
    assert (quick.suffix, quick.timing, quick.max_gap_ms) == ("tab", True, 11.0)
    assert examine(strokes("CBO-12345\r", 60)).settings(NOW) is NOW
    assert examine([]).settings(NOW) is NOW


def test_the_settings_advised_find_every_recorded_scanner_again():
    """What the self-test advises must not make it deaf to the very scanner it was advised for."""
    lines = (RECORDINGS / "scanners.jsonl").read_text(encoding="utf-8").splitlines()
    heard = 0
    for recording in map(json.loads, lines):
        keys = [Stroke(key, at) for key, at in recording["strokes"]]
        found = examine(keys)
        assert found.verdict == "timing", recording
        assert found.median == median(found.gaps)
        judge = Judge(found.settings(NOW).max_gap_ms)
        heard += judge_all(judge, keys)
    assert heard == len(lines)


def judge_all(judge: Judge, keys: list[Stroke]) -> bool:
    return [judge.offer(key.text, key.at).fate for key in keys][-1] is Fate.SCAN


@given(st.text(max_size=400))
def test_nothing_hides_in_what_is_shown(text):
    shown = visible(text)
    assert len(shown) <= 120
    hidden = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
    assert not hidden & {unicodedata.category(character) for character in shown}


def test_control_characters_are_seen():
    assert visible("A\x00B\x1dC\x7f\u202eD") == "A␀B␝C␡\ufffdD"
    assert visible("x" * 10_000) == "x" * 59 + "…" + "x" * 59
