"""The list of bags as a table for a file: numbers and weights, nothing of what is in them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cbo_desk.context import local
from cbo_desk.mail.pouch.queries import BagList, BagRow
from cbo_desk.mail.pouch.rules import BAG_WORDS
from cbo_desk.office import Office
from cbo_desk.paging import PAGE
from cbo_desk.tabular import Column

COLUMNS = (
    Column("Bag"), Column("Direction"), Column("Destination"), Column("Their number"), Column("Seal"),
    Column("Packages"), Column("Weight in g"), Column("Limit in g"), Column("Cut-off on", "date"),
    Column("Cut-off at"), Column("Open cases"), Column("Status"),
)  # fmt: skip


def rows(office: Office, listing: BagList) -> Iterator[tuple[Any, ...]]:
    """Every bag of a list in its order, page by page."""
    for start in office.read(listing.outline).starts:
        yield from (_row(line.row) for line in office.read(listing.page, start, PAGE))


def _row(row: BagRow) -> tuple[Any, ...]:
    there = local(row.cut_off_at)
    return (
        row.number, row.direction, row.destination, row.their_number, row.seal, row.count, row.weight_g, row.limit_g,
        there.date(), f"{there:%H:%M}", row.cases, BAG_WORDS[row.state],
    )  # fmt: skip
