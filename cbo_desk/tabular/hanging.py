"""Rows that stand in what another row of the same file is to make: none of them can go in where that one does not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable


@runtime_checkable
class Hanging(Protocol):
    """A lookup of records that stand in one another. `hangs_by` is the field that says in what."""

    hangs_by: str

    def hangs(self, values: Mapping[str, Any]) -> tuple[str, str]:
        """The name of a row's own record, and of the one it stands in where only this file makes that, else ""."""


@dataclass(frozen=True)
class Hung:
    """One row: its number, the names of its record and of the one it stands in, and whether it is refused already."""

    number: int
    own: str
    above: str
    refused: bool


def hanging(rows: Sequence[Hung]) -> dict[int, int]:
    """The rows that stand in what a refused row was to make, each with that row's number; however deep."""
    stands = {row.own for row in rows if not row.refused}
    refused: dict[str, int] = {}
    for row in rows:
        if row.refused and row.own not in stands:
            refused.setdefault(row.own, row.number)
    below: dict[str, list[Hung]] = {}
    for row in rows:
        if row.above and not row.refused:
            below.setdefault(row.above, []).append(row)
    found: dict[int, int] = {}
    waiting = list(refused)
    while waiting:
        name = waiting.pop()
        for row in below.pop(name, ()):
            found[row.number] = refused[name]
            if row.own not in refused:
                refused[row.own] = row.number
                waiting.append(row.own)
    return found


def mend_first(name: str, row: int) -> str:
    """What is to be done about such a row."""
    return f"{name} stands in row {row:,}, which is refused. Mend that row first."
