"""Lists of bookings and of spaces as tables for a file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cbo_desk.conference.queries import BookingList, BookingRow, SpaceList
from cbo_desk.conference.rules import WORDS
from cbo_desk.conference.waitlist_order import ranks_now
from cbo_desk.context import local
from cbo_desk.office import Office
from cbo_desk.paging import PAGE
from cbo_desk.tabular import Column

COLUMNS = (
    Column("Ref"),
    Column("Title"),
    Column("Entity"),
    Column("Day", "date"),
    Column("From"),
    Column("To"),
    Column("Set-up from"),
    Column("Cleared by"),
    Column("Space"),
    Column("Layout"),
    Column("People"),
    Column("Rank"),
    Column("Status"),
    Column("Held until"),
)
SPACE_COLUMNS = (Column("Code"), Column("Space"), Column("Booths"), Column("Features"), Column("State"))


def space_rows(office: Office, listing: SpaceList) -> Iterator[tuple[Any, ...]]:
    """Every space of a list in its order, page by page."""
    outline = office.read(listing.outline)
    for start in outline.starts:
        for line in office.read(listing.page, start, PAGE):
            row = line.row
            yield row.code, row.name, str(row.booths), row.features, "retired" if row.retired else "in use"


def rows(office: Office, listing: BookingList) -> Iterator[tuple[Any, ...]]:
    """Every booking of a list in its order, page by page."""
    outline = office.read(listing.outline)
    names = dict(office.read(ranks_now))
    for start in outline.starts:
        yield from (_row(line.row, names[line.row.rank]) for line in office.read(listing.page, start, PAGE))


def _row(row: BookingRow, rank: str) -> tuple[Any, ...]:
    starts, ends = local(row.starts), local(row.ends)
    held = f"{local(row.hold_until):%Y-%m-%d %H:%M}" if row.hold_until else ""
    return (
        row.reference, row.title, row.entity, starts.date(), f"{starts:%H:%M}", f"{ends:%H:%M}",
        f"{local(row.blocks_from):%H:%M}", f"{local(row.blocks_to):%H:%M}", row.space, row.layout, str(row.people),
        rank, WORDS[row.status], held,
    )  # fmt: skip
