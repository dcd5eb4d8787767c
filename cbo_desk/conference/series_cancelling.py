"""A series that ends early: occurrences cancelled together, and taken back together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from cbo_desk.changes import Changes, Deed
from cbo_desk.conference import waiting
from cbo_desk.conference.booking import KIND, Standing, cancel_bookings, put_back, these_bookings
from cbo_desk.conference.rules import Status
from cbo_desk.conference.series import Scope, reached, series_of
from cbo_desk.conference.series_rule import keep, recurrence_of, start_of
from cbo_desk.context import now
from cbo_desk.errors import Refusal
from cbo_desk.permissions import deed
from cbo_desk.plurals import Count
from db.conference import BookingSeries

Starts = tuple[datetime, ...]
"""When occurrences begin, on the clock of their series."""


@deed("conference.cancel_occurrences", "cancel bookings")
def cancel_occurrences(session: Session, booking_id: int, scope: Scope) -> Changes:
    """Cancel one occurrence, it and those to come, or all that are to come; the series goes on without them.

    Their space is free at once and goes to whoever waits for it; their contacts are told. Each can be taken up again.
    """
    [chosen] = these_bookings(session, [booking_id])
    series = series_of(session, chosen)
    found = reached(session, chosen, series, scope)
    rows = [row for row in found if row.status != Status.CANCELLED and (row is chosen or row.starts > now(session))]
    if not rows:
        raise Refusal(f"No occurrence of {chosen.title} is left to cancel.", "scope")
    known = recurrence_of(series)
    starts = tuple(start_of(row, known) for row in rows)
    keep(session, series, replace(known, skipped=known.skipped | set(starts)))
    done = cancel_bookings(session, [row.id for row in rows])
    assert done.undo is not None
    said = f"{len(rows)} occurrences of {chosen.title} are cancelled."
    if len(rows) == 1:
        said = f"{rows[0].reference} is cancelled."
    given = done.ids[len(rows) :]
    if given:
        said += f" {waiting.told(these_bookings(session, given))}"
    fresh = tuple(start for start in starts if start not in known.skipped)
    return Changes(KIND, done.ids, said, Deed(put_occurrences_back, (series.id, (), fresh, done.undo.args[0])))


@deed("conference.put_occurrences_back", "cancel bookings")
def put_occurrences_back(
    session: Session, series_id: int, skip: Starts, unskip: Starts, standing: Sequence[Standing]
) -> Changes:
    """Take the cancelling of occurrences back; refused where the space of one is somebody else's by now."""
    series = session.get(BookingSeries, series_id)
    if series is None:
        raise Refusal("This series is no longer there.")
    known = recurrence_of(series)
    keep(session, series, replace(known, skipped=(known.skipped - set(unskip)) | set(skip)))
    done = put_back(session, standing)
    assert done.undo is not None
    again = Deed(put_occurrences_back, (series_id, unskip, skip, done.undo.args[0]))
    return Changes(KIND, done.ids, f"{Count(len(done.ids)):occurrence is|occurrences are} as before.", again)
