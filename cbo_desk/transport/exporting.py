"""The list of requests as a table for a file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cbo_desk.context import local
from cbo_desk.office import Office
from cbo_desk.paging import PAGE
from cbo_desk.tabular import Column
from cbo_desk.transport.queries import RequestList, RequestRow
from cbo_desk.transport.rules import WORDS

COLUMNS = (
    Column("Ref"),
    Column("Day", "date"),
    Column("Pick-up"),
    Column("Route"),
    Column("Passengers", "number"),
    Column("Requester"),
    Column("Entity"),
    Column("Vehicle"),
    Column("Driver"),
    Column("Status"),
)


def rows(office: Office, listing: RequestList) -> Iterator[tuple[Any, ...]]:
    """Every request of a list in its order, page by page."""
    outline = office.read(listing.outline)
    for start in outline.starts:
        yield from (_row(line.row) for line in office.read(listing.page, start, PAGE))


def _row(row: RequestRow) -> tuple[Any, ...]:
    there = local(row.pickup_from)
    return (
        row.reference, there.date(), f"{there:%H:%M}", row.route, row.people, row.requester, row.entity, row.vehicle,
        row.driver, WORDS[row.state],
    )  # fmt: skip
