"""The assets behind one line of the totals of value, each with its cost and its worth on that day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cbo_desk.office import Office
from cbo_desk.permissions import reads
from cbo_desk.progress import Progress
from cbo_desk.property.value.totals import By, ValueLine, assets_of_line, key_of
from db.property import Asset

_AT_ONCE = 1_000



@dataclass(frozen=True)
class Worth:
    """One asset behind a line; money in US cents."""

    id: int
    inventory_no: str
    description: str
    entity_code: str
    place_code: str
    acquired: date | None
    cost: int
    value: int


def breakdown(office: Office, on: date, by: By, line: ValueLine, progress: Progress | None = None) -> list[Worth]:
    """What a line of the totals adds up, the greatest worth first; Cancelled where `progress` was told to stop."""
    found = office.read(assets_of_line, on, by, key_of(line, by), progress)
    whole: list[Worth] = []
    for start in range(0, len(found), _AT_ONCE):
        whole += office.read(_named, found[start : start + _AT_ONCE])
        if progress is not None:
            progress.report(len(whole), len(found))
    return whole


@reads("property", "look at the value of assets")
def _named(session: Session, found: Sequence[tuple[int, int, int]]) -> list[Worth]:
    day = func.coalesce(Asset.acquired_on, Asset.received_on, type_=Asset.acquired_on.type)
    wanted = select(
        Asset.id, Asset.inventory_no, Asset.description, Asset.entity_code, Asset.place_code, day
    ).where(Asset.id.in_([ident for ident, _cost, _value in found]))  # fmt: skip
    rows = {row[0]: row for row in session.execute(wanted)}
    return [Worth(*rows[ident], cost, value) for ident, cost, value in found if ident in rows]
