"""How assets look on labels and in the answers of a scan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from cbo_desk.property.rules import State
from cbo_desk.property.touching import KIND
from cbo_desk.tags import Subject, register
from cbo_desk.tags.codes import Kind
from db.property import Asset

# Built once: every scan asks for it.
_THESE = select(Asset.id, Asset.inventory_no, Asset.description, Asset.entity_code).where(
    Asset.id.in_(bindparam("ids", expanding=True)), Asset.state != State.TAKEN_BACK
)


def describe(session: Session, ids: Sequence[int]) -> Mapping[int, Subject]:
    """Number, description and entity of assets, by id."""
    rows = session.execute(_THESE, {"ids": list(ids)})
    return {row[0]: Subject(row[1], row[2], row[3]) for row in rows}


def _passes(session: Session, ids: Sequence[int]) -> Mapping[int, Subject]:
    """Gate passes by id."""
    from db.gate import GatePass  # a start does without the tables of the gate

    wanted = select(GatePass.id, GatePass.reference, GatePass.bearer).where(GatePass.id.in_(ids))
    return {row[0]: Subject(row[1], row[2]) for row in session.execute(wanted)}


def _personal(session: Session, ids: Sequence[int]) -> Mapping[int, Subject]:
    """Personal property on gate passes by the id of its line."""
    from db.gate import GateLine, GatePass

    wanted = select(GateLine.id, GatePass.reference, GateLine.position, GateLine.description).join(GatePass)
    rows = session.execute(wanted.where(GateLine.id.in_(ids)))
    return {row[0]: Subject(f"{row[1]}/{row[2]}", row[3]) for row in rows}


def enlist() -> None:
    """Let assets, gate passes and the personal property on them carry tags."""
    register(KIND, Kind.ASSET, "asset", describe)
    register("property.gate_pass", Kind.GATE_PASS, "gate pass", _passes)
    register("property.gate_line", Kind.GATE_PASS, "personal property", _personal)
