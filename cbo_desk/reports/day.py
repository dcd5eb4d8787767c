"""How many deeds there were on each desk in the last days; read from the audit."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import ColumnElement, String, and_, func, select, type_coerce
from sqlalchemy.orm import Session

from cbo_desk.chores import PROGRAM
from cbo_desk.context import ZONE, local, today
from cbo_desk.permissions import DESKS, reads
from db.records import AuditEntry

DAYS = 14


@dataclass(frozen=True)
class Doings:
    """Deeds per desk and day, oldest day first: `per_day["property"][-1]` is today's count."""

    days: tuple[date, ...]
    per_day: dict[str, tuple[int, ...]]


@reads("tags", "look at the day")
def doings(session: Session, days: int = DAYS) -> Doings:
    """How many deeds there were on each desk in the last days, this one included."""
    last = today(session)
    names = tuple(last - timedelta(days=days - 1 - n) for n in range(days))
    start = datetime.combine(names[0], time(), ZONE).astimezone(UTC)
    hour = _hour(session)
    # What the program does by itself at its hour is nobody's day.
    by_people = and_(AuditEntry.said != "", AuditEntry.actor != PROGRAM)
    wanted = (
        select(hour, AuditEntry.command, func.count())
        .where(AuditEntry.at >= start, by_people)
        .group_by(hour, AuditEntry.command)
    )
    counts: Counter[tuple[str, date]] = Counter()
    for stamp, command, count in session.execute(wanted):
        day = local(datetime.fromisoformat(f"{stamp}:00:00+00:00")).date()
        counts[command.split(".")[0], day] += int(count)
    return Doings(names, {desk: tuple(counts[desk, day] for day in names) for desk in DESKS})


def _hour(session: Session) -> ColumnElement[str]:
    """The hour of an entry in UTC, as 2026-07-14T07: small enough to count by, whatever zone the day is told in."""
    if session.get_bind().dialect.name == "postgresql":
        return func.to_char(func.timezone("UTC", AuditEntry.at), 'YYYY-MM-DD"T"HH24')
    return func.substr(type_coerce(AuditEntry.at, String), 1, 13)
