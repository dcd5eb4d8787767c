"""The board pack of a case, and the list of cases as a table for a file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cbo_desk.office import Office
from cbo_desk.paging import PAGE
from cbo_desk.progress import Progress
from cbo_desk.property.disposal.queries import CaseCard, CaseList, case_card
from cbo_desk.property.disposal.rules import WORDS
from cbo_desk.tabular import Column, write_table

COLUMNS = (
    Column("Case"),
    Column("Entity"),
    Column("Reason"),
    Column("State"),
    Column("Items", "integer"),
    Column("Value USD", "money"),
    Column("Due", "date"),
)
PACK = (
    Column("No.", "integer"),
    Column("Inventory no."),
    Column("Description"),
    Column("Condition"),
    Column("Cost USD", "money"),
    Column("Value USD", "money"),
    Column("Valued on", "date"),
    Column("Recommended / decided"),
)


def rows(office: Office, listing: CaseList) -> Iterator[tuple[Any, ...]]:
    """Every case of a list in its order, page by page."""
    for start in office.read(listing.outline).starts:
        for line in office.read(listing.page, start, PAGE):
            row = line.row
            yield row.reference, row.entity, row.reason, WORDS[row.state], row.items, row.value / 100, row.due_on


def write_board_pack(office: Office, case_id: int, path: Path | str, progress: Progress | None = None) -> int:
    """Write what the review body has before it by the suffix of `path`: each thing with its cost and frozen value.

    As a PDF with the photos and the lines to sign on; returns how many rows or pages were written.
    """
    card = office.read(case_card, case_id)
    if Path(path).suffix.lower() == ".pdf":
        from cbo_desk.property.disposal.board_pack import pictures_of, write_pack

        return write_pack(card, office.read(pictures_of, card), Path(path))
    return write_table(path, PACK, pack_rows(card), title=title_of(card), note=note_of(card), progress=progress)


def title_of(card: CaseCard) -> str:
    """The heading of the pack."""
    return f"{card.reference}: disposal of property of {card.entity}"


def note_of(card: CaseCard) -> str:
    """What stands below the heading of every page."""
    limit = "no review demanded" if card.review_from is None else f"review from {card.review_from // 100:,} USD a unit"
    demanded = "decision demanded" if card.needs_review else "no decision demanded"
    return (
        f"{card.reason} · {WORDS[card.state]} · {len(card.items):,} items · cost {card.cost / 100:,.2f} USD, value "
        f"{card.value / 100:,.2f} USD · {limit}: {demanded} · opened {card.opened_on:%-d %b %Y} by {card.opened_by}"
    )


def pack_rows(card: CaseCard) -> Iterator[tuple[Any, ...]]:
    """The things, what they come to, then what was decided so far."""
    for number, item in enumerate(card.items, 1):
        yield (
            number, item.inventory_no, item.description, item.condition.capitalize() or "not stated",
            None if item.cost is None else item.cost / 100, None if item.value is None else item.value / 100,
            item.valued_on, "",
        )  # fmt: skip
    yield None, "", "Total", "", card.cost / 100, card.value / 100, None, ""
    for one in reversed(card.decisions):
        words = f"{one.decision.capitalize()} by {one.body}, minutes {one.minutes}. {one.remarks}".strip()
        yield None, "", "Decision", "", None, None, one.decided_on, words
    if card.state == "complete" and card.done_on is not None:
        parts = (card.how.replace("_", " ").capitalize(), card.recipient, card.certificate)
        words = " · ".join(part for part in parts if part)
        yield (
            None,
            "",
            f"Carried out: {words}",
            "",
            None,
            card.proceeds / 100,
            card.done_on,
            f"Proceeds {card.currency}",
        )
