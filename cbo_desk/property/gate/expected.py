"""What is to come back through the gate on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from cbo_desk.permissions import reads
from cbo_desk.property.gate.rules import LineState
from db.gate import GateLine, GatePass


@dataclass(frozen=True)
class DueBack:
    """A pass whose things are to be back on a day: how many are still out, and how many came back."""

    id: int
    reference: str
    person_id: int | None
    bearer: str
    destination: str
    out: int
    back: int


@reads("property", "look at gate passes")
def passes_due(session: Session, day: date) -> list[DueBack]:
    """The passes whose things are to be back on a day, by reference; those on which nothing went out are left out."""
    out, back = (func.sum(case((GateLine.state == state, 1), else_=0)) for state in (LineState.OUT, LineState.IN))
    wanted = (
        select(GatePass.id, GatePass.reference, GatePass.person_id, GatePass.bearer, GatePass.destination, out, back)
        .join(GateLine, GateLine.pass_id == GatePass.id)
        .where(GatePass.return_on == day, GatePass.cancelled_at.is_(None))
        .group_by(GatePass.id)
        .having(out + back > 0)
        .order_by(GatePass.reference, GatePass.id)
    )
    return [
        DueBack(ident, reference, person, bearer, goal, int(gone), int(again))
        for ident, reference, person, bearer, goal, gone, again in session.execute(wanted)
    ]
