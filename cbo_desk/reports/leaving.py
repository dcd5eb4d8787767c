"""What waits of things that leave: passes on which something should be back, and the next steps of disposal cases."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from cbo_desk.context import today

if TYPE_CHECKING:
    from cbo_desk.property.disposal.queries import DueCase

AHEAD = timedelta(days=7)
"""A case's next step is told so long before it is due."""

Waits = tuple[int, str, str, date]
"""The record's id, its reference, what else to know, and the day on which it was or is due."""


def late_passes(session: Session) -> list[Waits]:
    """The passes on which something is out too long, the longest first."""
    # A start does without the gate's tables. By the front door: where another thread imports it too, each waits.
    from cbo_desk.property.gate import overdue_passes

    return [(one.id, one.reference, f"{one.bearer} · {one.out} out", one.return_on) for one in overdue_passes(session)]


def steps_due(session: Session) -> list[Waits]:
    """The disposal cases whose next step is late or due within a week, the earliest first."""
    from cbo_desk.property.disposal import due_cases  # a start does without disposal's tables

    near = today(session) + AHEAD
    return [(one.id, one.reference, _told(one), one.due_on) for one in due_cases(session) if one.due_on <= near]


def services_due(session: Session) -> list[Waits]:
    """The assets whose service is late or due within 30 days, the earliest first."""
    from cbo_desk.property.maintenance import PlanList  # a start does without maintenance where nothing is asked of it

    rows = [line.row for line in PlanList(which="due").first(session)]
    return [
        (row.asset_id, row.inventory_no, " · ".join(part for part in (row.form.name, row.description) if part),
         row.form.next_due)
        for row in rows
    ]  # fmt: skip


def _told(one: DueCase) -> str:
    return f"{one.reason} · {one.entity} · {one.items} {'item' if one.items == 1 else 'items'}"
