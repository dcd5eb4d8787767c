"""The assets behind one line of the totals as a table for a file.

It stands apart, since the register's page imports the breakdown and no window should pay for files as it opens.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from cbo_desk.property.value.breakdown import Worth
from cbo_desk.tabular import Column

COLUMNS = (
    Column("Inventory no."),
    Column("Description"),
    Column("Entity"),
    Column("Place"),
    Column("Acquired", "date"),
    Column("Cost USD", "money"),
    Column("Charged USD", "money"),
    Column("Value USD", "money"),
)


def rows(found: Sequence[Worth]) -> Iterator[tuple[Any, ...]]:
    """The assets as rows of a file, in the order of COLUMNS."""
    for one in found:
        yield (
            one.inventory_no, one.description, one.entity_code, one.place_code, one.acquired, one.cost / 100,
            (one.cost - one.value) / 100, one.value / 100,
        )  # fmt: skip
