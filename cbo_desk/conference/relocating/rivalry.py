"""Which series cannot have the same room for all their meetings: a fact about times that tightens the bounds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping


def rival_sets(at_once: Iterable[Iterable[int]]) -> list[frozenset[int]]:
    """Sets of series of which every two meet at the same time at least once, so that each two are in one set.

    `at_once` gives the series that meet together, instant by instant. No two series of a set can keep to one room.
    """
    rivals: defaultdict[int, set[int]] = defaultdict(set)
    for group in at_once:
        several = set(group)
        for each in several:
            rivals[each] |= several - {each}
    found = []
    covered: set[tuple[int, int]] = set()
    for one in sorted(rivals):
        for other in sorted(rivals[one]):
            if one < other and (one, other) not in covered:
                grown = _grow([one, other], rivals)
                covered |= {(low, high) for low in grown for high in grown if low < high}
                found.append(frozenset(grown))
    return found


def _grow(grown: list[int], rivals: Mapping[int, set[int]]) -> list[int]:
    left = set.intersection(*(rivals[each] for each in grown))
    while left:
        # Whoever leaves the most to choose from.
        best = max(sorted(left), key=lambda each: len(rivals[each] & left))
        grown.append(best)
        left &= rivals[best]
    return grown
