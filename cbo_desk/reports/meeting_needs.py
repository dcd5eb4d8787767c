"""What waits at the conference desk: holds that end within a day, and rooms whose set-up is due to begin."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from cbo_desk.context import local, now
from cbo_desk.permissions import reads
from cbo_desk.reports.need import ONE_BY_ONE, Need, What

SOON = timedelta(days=1)
SETUP = timedelta(hours=2)
MOST = 200


@reads("conference", "look at bookings")
def meeting_needs(session: Session) -> list[Need]:
    """Holds that end within a day, the first one first; set-ups that begin within two hours."""
    # Its tables cost the start some milliseconds: they are imported when the list is read, behind the first picture.
    from cbo_desk.conference import Status
    from db.conference import Booking, ConferenceSpace

    at = now(session)
    columns = (
        Booking.id, Booking.reference, Booking.title, ConferenceSpace.name, Booking.hold_until, Booking.blocks_from,
        Booking.starts,
    )  # fmt: skip
    held = (
        select(*columns)
        .join(ConferenceSpace, ConferenceSpace.id == Booking.space_id)
        .where(Booking.status == Status.HOLD, Booking.hold_until > at, Booking.hold_until <= at + SOON)
    )
    found = [
        Need(
            What.HOLD_ENDS, "conference", 1, row.name, f"{_day(row.starts)} · {row.title} · {row.reference}",
            row.id, within=1, due=row.hold_until,
        )
        for row in session.execute(held.order_by(Booking.hold_until, Booking.id).limit(MOST))
    ]  # fmt: skip
    setups = (
        select(*columns)
        .join(ConferenceSpace, ConferenceSpace.id == Booking.space_id)
        .where(
            Booking.status == Status.CONFIRMED, Booking.starts > at, Booking.starts <= at + SOON,
            Booking.blocks_from <= at + SETUP, Booking.blocks_from < Booking.starts,
        )
    )  # fmt: skip
    due = [
        Need(
            What.SETUP_DUE, "conference", 1, row.name, f"{_clock(row.starts)} · {row.title} · {row.reference}",
            row.id, within=90, due=row.blocks_from,
        )
        for row in session.execute(setups.order_by(Booking.blocks_from, Booking.id).limit(MOST))
    ]  # fmt: skip
    return [*_few(found), *_few(due)]


def _few(needs: list[Need]) -> list[Need]:
    if len(needs) <= ONE_BY_ONE:
        return needs
    return [replace(needs[0], count=len(needs), record_id=0)]


def _day(at: datetime) -> str:
    there = local(at)
    return f"{there:%a} {there.day} {there:%b %H:%M}"


def _clock(at: datetime) -> str:
    return f"{local(at):%H:%M}"
