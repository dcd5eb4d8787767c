"""What is written about a series: changed for one occurrence, it and those to come, or all of them, in one deed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace

from sqlalchemy.orm import Session

from cbo_desk.changes import Changes, Deed
from cbo_desk.conference.booking import (
    KIND,
    LABELS,
    BookingForm,
    enter_search,
    form_of,
    placing_of,
    these,
    these_bookings,
    write,
)
from cbo_desk.conference.conflicts import Conflict, check_placings
from cbo_desk.conference.rules import LIVE
from cbo_desk.conference.series import Scope, reached, refuse_all, series_of
from cbo_desk.permissions import deed
from cbo_desk.versions import check_version
from db.conference import Booking

Written = tuple[int, int, BookingForm]
"""A booking, its version, and what was written about it."""


@deed("conference.edit_occurrences", "change bookings")
def edit_occurrences(session: Session, booking_id: int, version: int, form: BookingForm, scope: Scope) -> Changes:
    """Change what is written about an occurrence, it and those to come, or all of its series: all of them or none.

    Only what is changed in the chosen one is changed in the others, so that each keeps what is its own. `version` is
    the one that the form was filled from. Refused where more people come than an occurrence has seats for.
    """
    [chosen] = these_bookings(session, [booking_id])
    check_version(session, chosen, version, chosen.reference, LABELS)
    rows = reached(session, chosen, series_of(session, chosen), scope)
    known, stood = {row.id: form_of(row) for row in rows}, form_of(chosen)
    with session.no_autoflush:
        write(session, chosen, form)
        wanted = form_of(chosen)  # as it would be kept
        write(session, chosen, stood)
    names = [each.name for each in fields(BookingForm) if getattr(wanted, each.name) != getattr(stood, each.name)]
    changed = {name: getattr(wanted, name) for name in names}
    after = {row.id: replace(known[row.id], **changed) for row in rows}
    return _write_all(session, rows, known, after)


@deed("conference.put_words_back", "change bookings")
def put_words_back(session: Session, written: Sequence[Written]) -> Changes:
    """Take a change of several occurrences back; refused where one was changed by somebody since."""
    rows = these_bookings(session, [ident for ident, *_ in written])
    for row, (_ident, version, _form) in zip(rows, written, strict=True):
        check_version(session, row, version, row.reference, LABELS)
    known = {row.id: form_of(row) for row in rows}
    return _write_all(session, rows, known, {ident: form for ident, _version, form in written})


def _write_all(
    session: Session, rows: Sequence[Booking], known: dict[int, BookingForm], after: dict[int, BookingForm]
) -> Changes:
    conflicts: list[Conflict] = []
    for row in rows:
        form, before = after[row.id], known[row.id]
        if row.status in LIVE and (form.people > before.people or form.cars > before.cars):
            conflicts += check_placings(session, form.people, [placing_of(session, row)], [row.id], form.cars)
    refuse_all(conflicts, len(rows), "people")
    for row in rows:
        write(session, row, after[row.id])
    session.flush()
    enter_search(session, rows)
    ids = tuple(row.id for row in rows)
    undo = Deed(put_words_back, (tuple((row.id, row.version, known[row.id]) for row in rows),))
    return Changes(KIND, ids, f"{these(rows)} saved.", undo)
