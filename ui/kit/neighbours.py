"""Which place of a drawing lies next to another one, for the arrow keys."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QPoint, QRectF


def leaves(areas: Mapping[str, QRectF]) -> list[str]:
    """The places that hold no other place, in reading order."""
    boxes = list(areas.values())
    found = [code for code, area in areas.items() if not any(area != other and area.contains(other) for other in boxes)]
    return sorted(found, key=lambda code: (round(areas[code].y()), areas[code].x()))


def neighbour(areas: Mapping[str, QRectF], here: str, way: QPoint) -> str:
    """The nearest place in a direction, straight ahead before aslant; the first of all where `here` is none.

    Places that hold other places are passed over. "" where nothing lies in that direction.
    """
    candidates = leaves(areas)
    if here not in areas:
        return candidates[0] if candidates else ""
    start = areas[here].center()
    best: tuple[float, str] = (float("inf"), "")
    for code in candidates:
        away = areas[code].center() - start
        along = away.x() * way.x() + away.y() * way.y()
        across = abs(away.x() * way.y()) + abs(away.y() * way.x())
        if code != here and along > 1:
            best = min(best, (along + 2.5 * across, code))
    return best[1]
