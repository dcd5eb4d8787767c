"""What waits of things that leave: passes on which something should be back, and the next steps of disposal cases."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy.orm import Session

from cbo_desk.context import today
from cbo_desk.property.disposal.queries import DueCase, due_cases
from cbo_desk.property.gate.queries import overdue_passes

AHEAD = timedelta(days=7)
"""A case's next step is told so long before it is due."""

Waits = tuple[int, str, str, date]
"""The record's id, its reference, what else to know, and the day on which it was or is due."""


def late_passes(session: Session) -> list[Waits]:
    """The passes on which something is out too long, the longest first."""
    return [
        (one.id, one.reference, f"{one.bearer} · {one.out} out", one.return_on) for one in overdue_passes(session)
    ]


def steps_due(session: Session) -> list[Waits]:
    """The disposal cases whose next step is late or due within a week, the earliest first."""
    near = today(session) + AHEAD
    return [(one.id, one.reference, _told(one), one.due_on) for one in due_cases(session) if one.due_on <= near]


def _told(one: DueCase) -> str:
    return f"{one.reason} · {one.entity} · {one.items} {'item' if one.items == 1 else 'items'}"
