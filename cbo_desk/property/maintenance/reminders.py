"""Reminders of warranties that end: one message with the list, in the outbox, at most once a day to an address."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from cbo_desk import notifications
from cbo_desk.changes import Changes
from cbo_desk.context import ZONE, today
from cbo_desk.errors import Refusal
from cbo_desk.permissions import deed
from cbo_desk.property.maintenance.lists import Warranties, WarrantyList, WarrantyRow
from db.records import Notification

REMINDER = "property.warranty_reminder"
_LISTED = 100
_WHICH: dict[Warranties, str] = {
    "ended": "have ended",
    "30": "end within 30 days",
    "60": "end within 60 days",
    "90": "end within 90 days",
}


@deed("property.remind_of_warranties", "queue reminders of warranties")
def remind_of_warranties(session: Session, to: str, which: Warranties = "30") -> Changes:
    """Queue one message that lists the warranties that end, for whoever claims on them.

    Refusal where none ends, and where this address was told of the same days today already.
    """
    if which not in _WHICH:
        raise Refusal("Choose 30, 60 or 90 days, or those that have ended.", "which")
    listing = WarrantyList(which=which)
    count = listing.count(session)
    if not count:
        raise Refusal(f"No warranties {_WHICH[which]}.", "which")
    subject = f"Warranties that {_WHICH[which]}: {count:,}"
    day = today(session)
    since = datetime(day.year, day.month, day.day, tzinfo=ZONE)
    told = select(Notification.id).where(
        Notification.record_kind == REMINDER,
        Notification.to == to.strip(),
        Notification.subject.startswith(subject.rpartition(":")[0]),
        Notification.due_at >= since,
    )
    if session.scalar(told.limit(1)) is not None:
        raise Refusal(f"{to.strip()} has been reminded of these today already.", "to")
    rows = [line.row for line in listing.first(session)[:_LISTED]]
    body = _letter(rows, count, day, _WHICH[which])
    ident = notifications.queue(session, to.strip(), subject, body, record_kind=REMINDER)
    return Changes(notifications.KIND, (ident,), f"A reminder of {count:,} warranties is queued for {to.strip()}.")


def _letter(rows: list[WarrantyRow], count: int, day: date, words: str) -> str:
    lines = [
        f"- {row.until:%-d %b %Y}: {row.inventory_no}, {row.description}"
        + (f", serial {row.serial}" if row.serial else "")
        + (f", {row.place_code}" if row.place_code else "")
        for row in rows
    ]
    rest = [f"and {count - len(rows):,} more; the list is on the page Maintenance."] if count > len(rows) else []
    return "\n".join(
        [f"These warranties {words}, as of {day:%-d %B %Y}:", "", *lines, *rest, "",
         "Claim what is broken before then: an open repair is listed on the page Maintenance.", ""]
    )  # fmt: skip
