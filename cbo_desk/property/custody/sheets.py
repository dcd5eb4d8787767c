"""What stands on a handover sheet and on a leaver's clearance sheet, read in one go as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cbo_desk.compound import about
from cbo_desk.context import now, today
from cbo_desk.errors import Refusal
from cbo_desk.permissions import reads
from cbo_desk.property.custody.rules import Kind
from cbo_desk.property.custody.standing import codes_of, due_days
from cbo_desk.property.rules import ENDED, WORDS, State
from db.custody import Handover, HandoverItem
from db.people import Person
from db.property import Asset

_LOOSE = tuple(sorted(ENDED))


@dataclass(frozen=True)
class SheetLine:
    """One asset on a sheet; `note` says who gave it, or when it is due back."""

    inventory_no: str
    description: str
    serial: str
    entity: str
    condition: str
    code: str
    note: str = ""


@dataclass(frozen=True)
class HandoverSheet:
    """A handover as its sheet shows it; `strokes` are empty while it is not signed on the screen."""

    id: int
    compound: str
    reference: str
    kind: Kind
    at: datetime
    by: str
    giver: str
    taker: str
    place: str
    due_on: date | None
    note: str
    lines: tuple[SheetLine, ...]
    signed_by: str
    signed_at: datetime | None
    on_paper: bool
    strokes: Any
    reverses: str
    reversed_by: str


@dataclass(frozen=True)
class ClearanceSheet:
    """Everything that somebody holds on a day; cleared where there is nothing left."""

    compound: str
    person: str
    entity: str
    index_number: str
    until: date | None
    day: date
    at: datetime
    lines: tuple[SheetLine, ...]


@reads("property", "look at handovers")
def handover_sheet(session: Session, handover_id: int) -> HandoverSheet:
    """Read a handover with its lines in the order of writing; Refusal where there is none."""
    row = session.get(Handover, handover_id)
    if row is None:
        raise Refusal("This handover is not there.")
    lines = session.scalars(
        select(HandoverItem).where(HandoverItem.handover_id == handover_id).order_by(HandoverItem.id)
    )
    reversed_by = session.scalar(select(Handover.reference).where(Handover.reverses_id == handover_id))
    first = session.get(Handover, row.reverses_id) if row.reverses_id else None
    return HandoverSheet(
        row.id, _compound(session), row.reference, Kind(row.kind), row.at, row.by, row.giver_name, row.taker_name,
        row.place_code, row.due_on, row.note, tuple(_written(line, row) for line in lines), row.signed_by,
        row.signed_at, row.on_paper, row.signature, first.reference if first else "", reversed_by or "",
    )  # fmt: skip


def _compound(session: Session) -> str:
    return str(about(session).get("name", ""))


def _written(line: HandoverItem, row: Handover) -> SheetLine:
    note = "" if row.giver_name or not line.from_name else f"from {line.from_name}"
    if row.kind == Kind.EXTEND:
        note = f"was due back on {line.from_due_on:%-d %b %Y}" if line.from_due_on else "had no day to come back"
    return SheetLine(
        line.inventory_no, line.description, line.serial, line.entity_code, line.condition, line.tag_code, note
    )


@reads("property", "look at what people hold")
def clearance_sheet(session: Session, person_id: int) -> ClearanceSheet:
    """Read everything that a person holds, by inventory number; Refusal where there is no such person."""
    person = session.get(Person, person_id)
    if person is None:
        raise Refusal("This person is not there.")
    assets = session.scalars(
        select(Asset)
        .where(Asset.custodian_id == person_id, Asset.state.not_in(_LOOSE))
        .order_by(Asset.inventory_no, Asset.id)
    ).all()
    codes, due = codes_of(session, [asset.id for asset in assets]), due_days(session, assets)
    lines = tuple(
        SheetLine(
            asset.inventory_no, asset.description, asset.serial, asset.entity_code, asset.condition,
            codes.get(asset.id, ""), _stands(asset, due.get(asset.id)),
        )
        for asset in assets
    )  # fmt: skip
    return ClearanceSheet(
        _compound(session), person.sort_name, person.entity_code, person.index_number or "", person.until,
        today(session), now(session), lines,
    )  # fmt: skip


def _stands(asset: Asset, due: date | None) -> str:
    words = WORDS[State(asset.state)].lower()
    if due is not None:
        words = f"{words} until {due:%-d %b %Y}"
    return f"{words}, {asset.place_code}" if asset.place_code else words
