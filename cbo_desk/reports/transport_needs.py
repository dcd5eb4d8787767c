"""What waits at the transport desk: late trips, trips without a vehicle, approvals, papers that run out, services."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from cbo_desk.context import local, now, today
from cbo_desk.permissions import reads
from cbo_desk.reports.need import ONE_BY_ONE, Need, What

if TYPE_CHECKING:
    from cbo_desk.transport import RequestRow

DAYS = (0, 30, 60, 90)


@reads("transport", "look at trips")
def transport_needs(session: Session) -> list[Need]:
    """What is late or due on the transport desk, for today and tomorrow's trips."""
    # Its tables cost the start some milliseconds: they are imported when the list is read, behind the first picture.
    from cbo_desk.transport import RequestFilter, RequestList

    found: list[Need] = []
    for what, view, days in (
        (What.TRIP_LATE, "late", 0),
        (What.NEEDS_VEHICLE, "needs", 0),
        (What.NEEDS_VEHICLE, "needs", 1),
        (What.TRIP_TO_APPROVE, "requests", 0),
        (What.TRIP_TO_APPROVE, "requests", 1),
    ):
        wanted = RequestFilter(day=today(session) + timedelta(days=days), view=view)
        rows = [line.row for line in RequestList(wanted).first(session)]
        if what is What.TRIP_LATE:  # what is late for want of a vehicle is told once, among those
            rows = [row for row in rows if row.trip_id is not None]
        told = [_told(what, row, now(session)) for row in rows]
        first = told[0] if told else None
        if first is not None and len(told) > ONE_BY_ONE:
            told = [replace(first, count=len(told), record_id=0)]
        found += told
    return found + _papers(session) + _services(session)


def _told(what: What, row: RequestRow, at: datetime) -> Need:
    """One request that waits: what is late since it was due, the rest due when it is to be picked up."""
    begins = f"{local(row.pickup_from):%H:%M}"
    if what is not What.TRIP_LATE:
        detail = " · ".join((f"{begins} {row.route}", row.requester))
        due = max(row.pickup_from, min(row.pickup_to, at))
        return Need(what, "transport", 1, row.reference, detail, row.id, due=due)
    gone = row.departed_at is not None and row.ends is not None
    due = row.ends if row.ends is not None and gone else row.pickup_to
    detail = " · ".join(part for part in (row.vehicle, row.driver, row.route) if part)
    goal = row.route.rpartition("→")[2].strip() if gone else ""
    return Need(what, "transport", 1, row.reference, detail, row.id, due, due=due, goal=goal)


def _papers(session: Session) -> list[Need]:
    """Papers that have run out or will: each by itself where they are few, else one line for each span of days."""
    from cbo_desk.transport import VEHICLE, ending_papers

    found: list[Need] = []
    papers = ending_papers(session)
    for days in DAYS:
        tone = str(days) if days else "gone"
        for what, of_vehicles in ((What.PAPER_ENDS, True), (What.DRIVER_PAPER_ENDS, False)):
            own = [each for each in papers if each.tone == tone and (each.holder_kind == VEHICLE) == of_vehicles]
            told = [
                Need(what, "transport", 1, each.holder, each.word, each.holder_id, until=each.expires, within=days)
                for each in own
            ]
            first = told[0] if told else None
            if first is not None and len(told) > ONE_BY_ONE:
                words = f"{first.name} · {first.detail}"
                told = [Need(what, "transport", len(told), first.name, words, until=first.until, within=days)]
            found += told
    return found


def _services(session: Session) -> list[Need]:
    from cbo_desk.transport.servicing import services_due

    due = services_due(session)
    if not due:
        return []
    first = due[0]
    if len(due) <= ONE_BY_ONE:
        return [Need(What.FLEET_SERVICE, "transport", 1, plate, words, ident) for ident, plate, words in due]
    return [Need(What.FLEET_SERVICE, "transport", len(due), first[1], f"{first[1]} · {first[2]}")]
