"""The scale of a chart: where its lines stand, so that people read round figures."""

from __future__ import annotations

from math import ceil, floor, log10

STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


def round_steps(most: float, about: int = 4, *, whole: bool = True) -> list[float]:
    """Values from 0 to `most` or a little over it, in round steps, about so many; `whole` allows no halves of things.

    A chart without any value gets one step, so that its ground line stands.
    """
    if most <= 0:
        return [0.0, 1.0]
    rough = most / max(about, 1)
    size = 10.0 ** floor(log10(rough))
    step = next(one * size for one in STEPS if one * size >= rough * (1 - 1e-9))
    if whole:
        step = float(max(1, ceil(step)))
    return [step * n for n in range(ceil(most / step - 1e-9) + 1)]


def every(count: int, room: float, width: float) -> int:
    """Every how many labels one is written, where `count` of them share `room` and each needs `width` pixels."""
    if count <= 0 or room <= 0:
        return 1
    return max(1, ceil(width * count / room))
