"""What waits at the transport desk: late trips, trips without a vehicle, approvals, papers that run out, services."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from cbo_desk.context import now, today
from cbo_desk.permissions import reads
from cbo_desk.reports.need import ONE_BY_ONE, Need, What

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
        told = []
        for row in rows:
            begun = row.ends if row.departed_at is not None and row.ends is not None else row.pickup_to
            since = begun if what is What.TRIP_LATE else min(row.pickup_from, now(session))
            told.append(Need(what, "transport", 1, row.reference, row.route, row.id, since))
        first = told[0] if told else None
        if first is not None and len(told) > ONE_BY_ONE:
            told = [Need(what, "transport", len(told), first.name, first.detail, since=first.since)]
        found += told
    return found + _papers(session) + _services(session)


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
