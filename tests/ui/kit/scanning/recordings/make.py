"""Writes the recordings beside it: key strokes of typists and scanners, drawn from the rhythms described below.

They are drawn with a fixed seed and not taken from people: a recording of somebody's keys would hold what they typed.
The typists are faster than real ones (median gaps of professional typists lie at 100-130 ms), the scanners slower.
Run it as `python tests/ui/kit/scanning/recordings/make.py`; each line is one recording, times in milliseconds.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path

HERE = Path(__file__).parent
WORDS = [
    "received in good order", "CBO", "asset 20391 moved to room B-114", "INV-2023-00417", "chairs x12, table x3",
    "K. Ochieng", "returned 14 Jul", "0712345678", "ups lost it again", "C-204", "please call +254 20 7621234",
    "serial 5CG1234XYZ", "Mme Dupont-Levy", "desk 4.21", "see 1Z999AA10123456784", "room 12345",
]  # fmt: skip
CODES = [
    "CBOA7K3M9XQ2ZR4", "cboahjkmnpqrstv", "CBOP0123456789A", "1Z999AA10123456784", "RR123456785KE", "INV-2023-00417",
    "5CG1234XYZ", "9632001960000000000400152152746719", "(01)09506000134352(21)A1", "https://id.gs1.org/8004/4711A",
    "000001", "00340123450000000018",
]  # fmt: skip


def typed(dice: random.Random, gap: Callable[[], float]) -> list[tuple[str, float]]:
    """A person types two notes, each with Enter."""
    strokes, at = [], 0.0
    for _ in range(2):
        for character in dice.choice(WORDS) + "\r":
            strokes.append((character, round(at, 1)))
            at += gap()
        at += dice.uniform(300, 1500)
    return strokes


def typists(dice: random.Random) -> Iterator[dict[str, object]]:
    """Fast: 60-80 ms. Rolling: the same with rolls of 20 ms, one in eight. Hunting: slow and uneven."""
    for number in range(240):
        kind = ("fast", "rolling", "hunting", "numbers")[number % 4]
        gaps: dict[str, Callable[[], float]] = {
            "fast": lambda: dice.uniform(60, 80),
            "rolling": lambda: dice.uniform(14, 26) if dice.random() < 0.125 else dice.uniform(60, 80),
            "hunting": lambda: dice.lognormvariate(5.3, 0.5),
            "numbers": lambda: dice.gauss(75, 9),
        }
        yield {"who": kind, "strokes": typed(dice, lambda gap=gaps[kind]: max(1.0, gap()))}


def scanner_gaps(dice: random.Random, kind: str, count: int) -> list[float]:
    """The gaps of one scan, the one to the suffix included."""
    if kind == "fast":
        return [dice.uniform(0.5, 2.5) for _ in range(count)]
    if kind == "slow":
        return [min(max(dice.gauss(30, 3), 20), 34.9) for _ in range(count)]
    if kind == "stutter":  # 30 ms, with an outlier now and then once it runs
        return [dice.uniform(70, 115) if n > 3 and n % 5 == 0 else dice.uniform(26, 34) for n in range(count)]
    if kind == "coarse":  # a computer that stamps keys every 15.6 ms
        return [dice.choice([0.0, 15.6, 15.6, 31.2]) for _ in range(count)]
    gaps: list[float] = []  # Bluetooth: clumps of two to six characters
    while len(gaps) < count:
        gaps += [dice.uniform(0, 4) for _ in range(dice.randint(2, 5))] + [dice.uniform(40, 110)]
    return gaps[:count]


def scanners(dice: random.Random) -> Iterator[dict[str, object]]:
    """Each kind of scanner reads each code several times."""
    for code in CODES:
        for kind in ("fast", "slow", "stutter", "coarse", "bluetooth") * 4:
            suffix = dice.choice("\r\t")
            gaps, at = scanner_gaps(dice, kind, len(code)), 0.0
            strokes = [(code[0], at)]
            for character, gap in zip(code[1:] + suffix, gaps, strict=True):
                at += gap
                strokes.append((character, round(at, 1)))
            yield {"who": kind, "code": code, "strokes": strokes}


def main() -> None:
    """Write both files."""
    for name, recordings in (("typists", typists(random.Random(11))), ("scanners", scanners(random.Random(12)))):
        lines = (json.dumps(one, separators=(",", ":")) for one in recordings)
        (HERE / f"{name}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
