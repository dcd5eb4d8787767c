"""Which fills belong together and which do not fit: on plain values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median

FEWEST = 4
"""With fewer legs than this nothing can be called odd."""


@dataclass(frozen=True)
class Tank:
    """One fill: when, the reading, how much, and whether the tank was full then."""

    at: datetime
    km: int
    millilitres: int
    full: bool


@dataclass(frozen=True)
class Burnt:
    """What was burnt between two full tanks."""

    at: datetime
    km: int
    millilitres: int
    odd: bool = False


def between_full_tanks(fills: Sequence[Tank], far: float) -> list[Burnt]:
    """The legs from full tank to full tank: whatever was filled since the last full one was burnt on the way.

    A leg without distance, or backwards over a replaced odometer, tells nothing and is left out. A leg whose litres
    for 100 km lie far from the vehicle's own median is odd.
    """
    legs: list[tuple[datetime, int, int]] = []
    since: int | None = None
    poured = 0
    for fill in fills:
        poured += fill.millilitres
        if not fill.full:
            continue
        if since is not None and fill.km > since:
            legs.append((fill.at, fill.km - since, poured))
        since, poured = fill.km, 0
    rates = [millilitres / km for _, km, millilitres in legs]
    odd = odd_ones(rates, far)
    return [Burnt(*leg, odd=strange) for leg, strange in zip(legs, odd, strict=True)]


def odd_ones(values: Sequence[float], far: float) -> list[bool]:
    """Which values lie `far` from the others, by their distance from the median in median distances.

    This is the modified z-score of Iglewicz and Hoaglin (1993), who call beyond 3.5 far.
    """
    if len(values) < FEWEST:
        return [False] * len(values)
    middle = median(values)
    spread = median(abs(value - middle) for value in values)
    least = 0.05 * middle
    # 0.6745 makes the median distance comparable to a standard deviation; a spread of nothing counts as five per cent.
    return [0.6745 * abs(value - middle) / max(spread, least) > far for value in values]
