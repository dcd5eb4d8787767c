"""Where the seats of a layout stand, for a sketch on paper: in a square of one by one, the podium at the top.

It is a sketch, not a survey: the desk knows how many seats a layout has, not the walls of the room.
"""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Seat:
    """A seat, or a table as wide and high as told, by its middle."""

    x: float
    y: float
    table: bool = False
    wide: float = 0.0
    high: float = 0.0


def seats_of(kind: str, people: int) -> list[Seat]:
    """The seats of so many people in a layout; a layout that is not known is drawn as rows."""
    count = max(1, min(people, 1200))
    makers = {
        "boardroom": _around, "u-shape": _u_shape, "hollow square": _hollow, "banquet": _rounds, "cocktail": _cocktail,
        "classroom": _classroom,
    }  # fmt: skip
    return makers.get(kind, _rows)(count)


def _rows(count: int) -> list[Seat]:
    across = max(1, math.ceil(math.sqrt(count * 1.4)))
    down = math.ceil(count / across)
    found = []
    for n in range(count):
        row, at = divmod(n, across)
        # An aisle in the middle.
        x = (at + 0.5) / across * 0.94 + (0.06 if at >= across / 2 else 0.0)
        found.append(Seat(x, 0.08 + (row + 0.5) / down * 0.9))
    return found


def _classroom(count: int) -> list[Seat]:
    seats = _rows(count)
    down = {seat.y for seat in seats}
    tables = [Seat(0.5, y - 0.3 / max(len(down), 1), True, 0.96, 0.25 / max(len(down), 1)) for y in sorted(down)]
    return [*tables, *seats]


def _side(count: int, start: tuple[float, float], end: tuple[float, float]) -> list[Seat]:
    return [
        Seat(
            start[0] + (end[0] - start[0]) * (n + 0.5) / count,
            start[1] + (end[1] - start[1]) * (n + 0.5) / count,
        )
        for n in range(count)
    ]


def _around(count: int) -> list[Seat]:
    ends = min(2, count)
    sides, rest = divmod(count - ends, 2)
    seats = _side(sides + rest, (0.25, 0.15), (0.25, 0.95)) if sides + rest else []
    seats += _side(sides, (0.75, 0.15), (0.75, 0.95)) if sides else []
    seats += [Seat(0.5, 0.08), Seat(0.5, 0.99)][:ends]
    return [Seat(0.5, 0.54, True, 0.36, 0.8), *seats]


def _u_shape(count: int) -> list[Seat]:
    side, rest = divmod(count, 3)
    seats = _side(side, (0.15, 0.15), (0.15, 0.85)) if side else []
    seats += _side(side, (0.85, 0.15), (0.85, 0.85)) if side else []
    return seats + (_side(side + rest, (0.2, 0.93), (0.8, 0.93)) if side + rest else [])


def _hollow(count: int) -> list[Seat]:
    side, rest = divmod(count, 4)
    seats = _side(side + rest, (0.2, 0.95), (0.8, 0.95)) if side + rest else []
    for start, end in (((0.2, 0.12), (0.8, 0.12)), ((0.12, 0.2), (0.12, 0.88)), ((0.88, 0.2), (0.88, 0.88))):
        seats += _side(side, start, end) if side else []
    return seats


def _rounds(count: int) -> list[Seat]:
    tables = math.ceil(count / 10)
    across = max(1, math.ceil(math.sqrt(tables * 0.8)))
    down = math.ceil(tables / across)
    found = []
    for n in range(count):
        table, at = divmod(n, 10)
        row, column = divmod(table, across)
        x, y = (column + 0.5) / across, 0.08 + (row + 0.5) / down * 0.9
        turn, reach = at / 10 * 2 * math.pi, 0.32 / max(across, down)
        found.append(Seat(x + reach * math.cos(turn), y + reach * math.sin(turn)))
    return found


def _cocktail(count: int) -> list[Seat]:
    tables = math.ceil(count / 6)
    across = max(1, math.ceil(math.sqrt(tables)))
    down = math.ceil(tables / across)
    return [
        Seat((n % across + 0.5) / across, 0.08 + (n // across + 0.5) / down * 0.9, True, 0.25 / across, 0.25 / down)
        for n in range(tables)
    ]
