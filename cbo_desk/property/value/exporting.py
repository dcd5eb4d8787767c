"""The totals of value as a table for a file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cbo_desk.property.value.totals import By, Valuation
from cbo_desk.tabular import Column

_HEADS: dict[By, str] = {"entity": "Entity", "class": "Class", "place": "Building", "threshold": "Threshold"}


def columns(by: By) -> tuple[Column, ...]:
    """The columns of the totals; money in US dollars."""
    return (
        Column(_HEADS[by]),
        Column("Name"),
        Column("Assets", "integer"),
        Column("Cost USD", "money"),
        Column("Charged USD", "money"),
        Column("Value USD", "money"),
    )


def rows(found: Valuation) -> Iterator[tuple[Any, ...]]:
    """The lines, then their sum."""
    for line in (*found.lines, found.total):
        code = "Total" if line is found.total else line.code or line.name
        yield code, line.name, line.assets, line.cost / 100, line.charged / 100, line.value / 100
