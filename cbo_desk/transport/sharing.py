"""Who pays how much of a trip: an amount split over shares exactly to the cent. Pure arithmetic."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction


def split(cents: int, weights: Sequence[int]) -> list[int]:
    """Split an amount by weights so that the parts add up exactly: the largest remainders get the cents left over.

    Equal remainders are served in the order given. Without any weight everybody pays alike. Raises ValueError for an
    amount or a weight below zero, or where there is nobody to pay.
    """
    if not weights or cents < 0 or min(weights) < 0:
        raise ValueError("An amount is split over some shares, none below zero.")
    shares = list(weights) if any(weights) else [1] * len(weights)
    total = sum(shares)
    exact = [Fraction(cents * share, total) for share in shares]
    parts = [int(part) for part in exact]
    left = cents - sum(parts)
    by_remainder = sorted(range(len(parts)), key=lambda at: (parts[at] - exact[at], at))
    for at in by_remainder[:left]:
        parts[at] += 1
    return parts
