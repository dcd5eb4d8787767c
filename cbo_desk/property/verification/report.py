"""The reconciliation report of a campaign: every expected asset and every other scan, what became of it, on paper."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cbo_desk.context import local
from cbo_desk.office import Office
from cbo_desk.permissions import reads
from cbo_desk.progress import Progress
from cbo_desk.property.verification.queries import CampaignCard, campaign_card
from cbo_desk.property.verification.reading import COLUMNS, counted, standings, taken_back
from cbo_desk.property.verification.rules import SIGHTINGS, WORDS, Counted, What
from cbo_desk.tabular import Column, write_table
from db.property import Asset
from db.verification import CampaignCount, CampaignItem, CampaignRoom

COLUMNS_SHOWN = (
    Column("Result"),
    Column("Inventory no."),
    Column("Description"),
    Column("Entity"),
    Column("Listed in"),
    Column("Found in"),
    Column("Condition"),
    Column("Counted by"),
    Column("Counted at", "moment"),
    Column("Note"),
)
NOT_COUNTED = "Not counted"
SIGNED_BY = ("Counted by", "Property supervisor", "Checked by")
"""Who signs the report on paper."""


def write_report(
    office: Office, campaign_id: int, path: Path | str, progress: Progress | None = None, *, differences: bool = False
) -> int:
    """Write the report by the suffix of `path` (.pdf, .xlsx, .csv); gives its number of lines.

    `differences` leaves out what was found where the list has it: the form for paper, which holds 50,000 lines at most.
    """
    card = office.read(campaign_card, campaign_id)
    rows = office.read(report_rows, campaign_id)
    if differences:
        rows = [row for row in rows if row[0] != WORDS[What.HERE] or row[9]]
    title = f"{card.line.name}: reconciliation"
    return write_table(
        path, COLUMNS_SHOWN, rows, title=title, note=note_of(card), progress=progress, signed_by=SIGNED_BY
    )


def note_of(card: CampaignCard) -> str:
    """The figures of a campaign in one line, as they stand on every page."""
    line = card.line
    frozen = f"{line.reference} · list frozen {local(line.opened_at):%-d %b %Y, %H:%M} by {line.opened_by}"
    state = f"closed {local(line.closed_at):%-d %b %Y, %H:%M} by {line.closed_by}" if line.closed_at else "still open"
    return (
        f"{frozen} · {state} · {line.expected:,} expected, {card.found:,} found, {card.elsewhere:,} elsewhere, "
        f"{card.missing:,} missing, {card.left:,} not counted, {card.not_expected:,} not expected in their room"
    )


@reads("property", "look at counts")
def report_rows(session: Session, campaign_id: int) -> list[tuple[Any, ...]]:
    """The lines of the report: the list in the order of rooms and numbers, then what it does not hold."""
    return list(_rows(session, campaign_id))


def _rows(session: Session, campaign_id: int) -> Iterator[tuple[Any, ...]]:
    stands = standings(session, campaign_id)
    wanted = select(CampaignRoom.place_id, CampaignRoom.place_code).where(CampaignRoom.campaign_id == campaign_id)
    codes = {row[0]: row[1] for row in session.execute(wanted)}
    odd = _odd(session, campaign_id)
    refused = {event.asset_id for event in odd}
    items = select(
        CampaignItem.asset_id,
        CampaignItem.inventory_no,
        CampaignItem.description,
        CampaignItem.entity_code,
        CampaignItem.place_code,
    ).where(CampaignItem.campaign_id == campaign_id)
    listed = set()
    for asset, *about in session.execute(items.order_by(CampaignItem.place_code, CampaignItem.inventory_no)):
        listed.add(asset)
        event = stands.get(asset)
        if event is not None:
            yield _row(event, about, codes)
        elif asset not in refused:
            yield (NOT_COUNTED, *about, "", "", "", None, "")
    extra = [event for asset, event in stands.items() if asset not in listed]
    others = sorted([*extra, *odd], key=lambda event: event.id)
    named = _named(session, [event.asset_id for event in others if event.asset_id is not None])
    for event in others:
        about = named.get(event.asset_id or 0, [event.text, "", ""])
        yield _row(event, [*about, event.listed], codes)


def _row(event: Counted, about: list[Any], codes: dict[int, str]) -> tuple[Any, ...]:
    found = codes.get(event.room, "") if event.what is not What.MISSING else ""
    notes = [event.note, "Counted by its number; tag queued." if event.by_number else ""]
    words = WORDS[event.what]
    at = local(event.at).replace(tzinfo=None)
    return (words, *about, found, event.condition, event.by, at, " ".join(part for part in notes if part))


def _odd(session: Session, campaign_id: int) -> list[Counted]:
    """Scans that are no sighting of an asset that can be counted."""
    wanted = select(*COLUMNS).where(
        CampaignCount.campaign_id == campaign_id,
        CampaignCount.what.not_in((*SIGHTINGS, What.MISSING, What.TAKEN_BACK)),
        ~taken_back(),
    )
    return list(counted(session.execute(wanted.order_by(CampaignCount.id))))


def _named(session: Session, assets: list[int]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for start in range(0, len(assets), 500):
        wanted = select(Asset.id, Asset.inventory_no, Asset.description, Asset.entity_code)
        for ident, *about in session.execute(wanted.where(Asset.id.in_(assets[start : start + 500]))):
            found[ident] = about
    return found
