"""How assets look on labels and in the answers of a scan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from cbo_desk.property.rules import State
from cbo_desk.property.touching import KIND
from cbo_desk.tags import Subject, register
from cbo_desk.tags.codes import Kind
from db.property import Asset


def describe(session: Session, ids: Sequence[int]) -> Mapping[int, Subject]:
    """Number, description and entity of assets, by id."""
    wanted = select(Asset.id, Asset.inventory_no, Asset.description, Asset.entity_code).where(
        Asset.id.in_(ids), Asset.state != State.TAKEN_BACK
    )
    return {row[0]: Subject(row[1], row[2], row[3]) for row in session.execute(wanted)}


def enlist() -> None:
    """Let assets carry tags."""
    register(KIND, Kind.ASSET, "asset", describe)
