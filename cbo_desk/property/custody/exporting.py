"""The lists of custody as tables for a file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cbo_desk.context import local
from cbo_desk.office import Office
from cbo_desk.paging import PAGE, PagedList
from cbo_desk.property.custody.listings import HandoverRow, HolderRow, LoanRow, OwnRow
from cbo_desk.property.custody.rules import KIND_WORDS
from cbo_desk.property.rules import WORDS
from cbo_desk.tabular import Column

HANDOVERS = (
    Column("Reference"), Column("Kind"), Column("Date", "date"), Column("Given by"), Column("Taken by"),
    Column("Place"), Column("Assets", "integer"), Column("Due back", "date"), Column("Signed by"), Column("Clerk"),
)  # fmt: skip
LOANS = (
    Column("Inventory no."), Column("Description"), Column("Borrower"), Column("Due back", "date"),
    Column("Days late", "integer"), Column("Handover"),
)  # fmt: skip
HOLDERS = (
    Column("Person"), Column("Entity"), Column("E-mail"), Column("Holds", "integer"), Column("Confirmed", "integer"),
    Column("Disputed", "integer"), Column("Open", "integer"),
)  # fmt: skip
OWN = (
    Column("Inventory no."), Column("Description"), Column("Serial"), Column("Place"), Column("Status"),
    Column("Answer"), Column("Answered", "date"), Column("Note"),
)  # fmt: skip


def rows(office: Office, listing: PagedList[Any]) -> Iterator[tuple[Any, ...]]:
    """Every line of a list of custody in its order, page by page."""
    for start in office.read(listing.outline).starts:
        for line in office.read(listing.page, start, PAGE):
            yield _told(line.row)


def _told(row: Any) -> tuple[Any, ...]:
    if isinstance(row, HandoverRow):
        day = local(row.at).date()
        return (row.reference, KIND_WORDS[row.kind], day, row.giver, row.taker, row.place, row.items, row.due_on,
                row.signed_by, row.by)  # fmt: skip
    if isinstance(row, LoanRow):
        return (row.inventory_no, row.description, row.person, row.due_on, row.late, row.reference)
    if isinstance(row, HolderRow):
        return (row.person, row.entity, row.email, row.holds, row.confirmed, row.disputed, row.open)
    assert isinstance(row, OwnRow)
    day_said = local(row.answered_at).date() if row.answered_at else None
    return (row.inventory_no, row.description, row.serial, row.place, WORDS[row.state], row.answer.capitalize(),
            day_said, row.note)  # fmt: skip
