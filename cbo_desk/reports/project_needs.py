"""Phases of the capital project that begin soon while meetings are left in their rooms."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from cbo_desk.context import today
from cbo_desk.permissions import reads
from cbo_desk.reports.need import Need, What

SOON_DAYS = 240
"""A phase is on the list from so long before it begins: clients need months to change their plans."""


@reads("conference", "look at the capital project")
def project_needs(session: Session) -> list[Need]:
    """Each phase that begins soon and still displaces somebody."""
    # Its tables cost the start some milliseconds: they are imported when the list is read.
    from cbo_desk.conference.project import phases

    day = today(session)
    return [
        Need(What.PHASE_DUE, "conference", row.affected, row.code, row.name, row.id, until=row.span.first,
             within=(row.span.first - day).days)
        for row in phases(session)
        if row.state == "planned" and row.affected and row.span.first - day <= timedelta(days=SOON_DAYS)
    ]  # fmt: skip
