"""The list of mail as a table for a file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cbo_desk.context import local
from cbo_desk.mail.queries import MailList, MailRow, rows_of
from cbo_desk.mail.round_queries import RoundList
from cbo_desk.mail.rules import WORDS
from cbo_desk.office import Office
from cbo_desk.paging import PAGE
from cbo_desk.tabular import Column

COLUMNS = (
    Column("Ref"),
    Column("Addressee"),
    Column("Entity"),
    Column("Carrier"),
    Column("Carrier's number"),
    Column("Class"),
    Column("Accountable"),
    Column("Shelf"),
    Column("Received on", "date"),
    Column("Received at"),
    Column("Status"),
    Column("In the hands of"),
    Column("To complete"),
)


ROUND_COLUMNS = (
    Column("Round"),
    Column("Name"),
    Column("Messenger"),
    Column("Date", "date"),
    Column("Left", "moment"),
    Column("Closed", "moment"),
)


def round_rows(office: Office, listing: RoundList) -> Iterator[tuple[Any, ...]]:
    """Every round of a list in its order; instants on the site's clock."""
    for start in office.read(listing.outline).starts:
        for line in office.read(listing.page, start, PAGE):
            row = line.row
            left, closed = (local(at).replace(tzinfo=None) if at else None for at in (row.left_at, row.closed_at))
            yield row.number, row.name, row.messenger, row.planned_on, left, closed


def rows(office: Office, listing: MailList) -> Iterator[tuple[Any, ...]]:
    """Every item of a list in its order, page by page, so that a million rows need little memory."""
    outline = office.read(listing.outline)
    for start in outline.starts:
        yield from (_row(line.row) for line in office.read(listing.page, start, PAGE))


def chosen_rows(office: Office, ids: list[int]) -> Iterator[tuple[Any, ...]]:
    """Some items in the order of their ids as given, page by page."""
    for start in range(0, len(ids), PAGE):
        yield from (_row(row) for row in office.read(rows_of, ids[start : start + PAGE]))


def _row(row: MailRow) -> tuple[Any, ...]:
    there = local(row.received_at)
    return (
        row.number, row.addressee, row.entity, row.carrier, row.carrier_number, row.item_class.capitalize(),
        "yes" if row.accountable else "", row.shelf, there.date(), f"{there:%H:%M}", WORDS[row.state], row.holder,
        row.missing,
    )  # fmt: skip
