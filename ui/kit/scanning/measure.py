"""What the keys of one test scan say about a scanner; times are in milliseconds."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import Literal

from ui.kit.scanning.settings import Prefix, ScannerSettings
from ui.kit.scanning.timing import ENTER, TAB, Fate, Judge, fits_grammar

Verdict = Literal["prefix", "timing", "slow", "no_suffix", "uneven", "grammar", "nothing"]

STX = "\x02"
F13 = "F13"
"""Stands for the key in a stroke's text; every other stroke has a single character."""


@dataclass(frozen=True)
class Stroke:
    """One key of the test: the character it means, Enter as CR, or F13; and when it was pressed."""

    text: str
    at: float


@dataclass(frozen=True)
class Finding:
    """What a scanner sent: its code, the gaps between its keys, what stood before and after, and what to make of it."""

    text: str
    gaps: tuple[float, ...]
    median: float
    prefix: Prefix
    suffix: Literal["enter", "tab", ""]
    verdict: Verdict

    def settings(self, now: ScannerSettings) -> ScannerSettings:
        """The settings that suit this scanner best; those in force where nothing was learnt.

        With a prefix nothing is left to rhythm. Otherwise the limit is set close to the scanner's own speed, so that
        a person's keys are held back for a shorter time.
        """
        if self.verdict == "prefix" and self.suffix:
            return replace(now, prefix=self.prefix, suffix=self.suffix, timing=False)
        if self.verdict == "timing" and self.suffix:
            limit = float(min(35, max(10, math.ceil(1.5 * self.median) + 5)))
            return replace(now, suffix=self.suffix, timing=True, max_gap_ms=limit)
        return now


def examine(strokes: Sequence[Stroke]) -> Finding:
    """Judge a test scan exactly as the program would, by its prefix or by its rhythm."""
    prefix: Prefix = "none"
    body = list(strokes)
    if body and body[0].text in (F13, STX):
        prefix = "F13" if body[0].text == F13 else "STX"
        body = body[1:]
    suffix: Literal["enter", "tab", ""] = ""
    if body and body[-1].text == "\n":
        body = body[:-1]
    while len(body) > 1 and body[-1].text == body[-2].text == ENTER:
        body = body[:-1]
    if body and body[-1].text in (ENTER, TAB):
        suffix = "enter" if body[-1].text == ENTER else "tab"
    text = "".join(stroke.text for stroke in (body[:-1] if suffix else body) if len(stroke.text) == 1)
    gaps = tuple(late.at - early.at for early, late in zip(body, body[1:], strict=False))
    middle = median(gaps) if gaps else 0.0
    return Finding(text, gaps, middle, prefix, suffix, _verdict(body, text, middle, prefix, suffix))


def _verdict(body: list[Stroke], text: str, middle: float, prefix: Prefix, suffix: str) -> Verdict:
    if len(text) < 2:
        return "nothing"
    if not suffix:
        return "no_suffix"
    if prefix != "none":
        return "prefix"
    if middle > 35:
        return "slow"
    if not fits_grammar(text):
        return "grammar"
    judge = Judge()
    fates = [judge.offer(stroke.text, stroke.at).fate for stroke in body]
    return "timing" if fates[-1] is Fate.SCAN and Fate.PASS not in fates else "uneven"
