"""What was done: the deeds of a day, and how many there were on each desk in the last days; read from the audit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import ColumnElement, String, and_, func, select, type_coerce
from sqlalchemy.orm import Session

from cbo_desk.chores import PROGRAM
from cbo_desk.context import ZONE, local, today
from cbo_desk.permissions import DESKS, reads
from db.records import AuditEntry

DAYS = 14
MOST_DEEDS = 2000
SESSION = timedelta(minutes=10)
"""Deeds of one person on one desk closer together than this are one stretch of work."""


@dataclass(frozen=True)
class Stretch:
    """A stretch of work: one person's deeds on one desk without a longer pause, and the last of them in words."""

    desk: str
    who: str
    start: datetime
    end: datetime
    deeds: int
    said: str


@dataclass(frozen=True)
class Doings:
    """Deeds per desk and day, oldest day first: `per_day["property"][-1]` is today's count."""

    days: tuple[date, ...]
    per_day: dict[str, tuple[int, ...]]


@reads("tags", "look at the day")
def the_day(session: Session, day: date, desks: Sequence[str]) -> list[Stretch]:
    """What was done on a day at the site on these desks, by desk and person."""
    start = datetime.combine(day, time(), ZONE).astimezone(UTC)
    wanted = (
        select(AuditEntry.at, AuditEntry.actor, AuditEntry.command, AuditEntry.said)
        .where(AuditEntry.at >= start, AuditEntry.at < start + timedelta(days=1), _by_people())
        .order_by(AuditEntry.seq.desc())
        .limit(MOST_DEEDS)
    )
    stretches: dict[tuple[str, str], list[Stretch]] = {}
    for at, who, command, said in reversed(session.execute(wanted).all()):
        desk = command.split(".")[0]
        if desk not in desks:
            continue
        line = stretches.setdefault((desk, who), [])
        if line and at - line[-1].end <= SESSION:
            line[-1] = Stretch(desk, who, line[-1].start, at, line[-1].deeds + 1, said)
        else:
            line.append(Stretch(desk, who, at, at, 1, said))
    order = {name: place for place, name in enumerate(DESKS)}
    keys = sorted(stretches, key=lambda key: (order.get(key[0], len(order)), key[1]))
    return [stretch for key in keys for stretch in stretches[key]]


@reads("tags", "look at the day")
def doings(session: Session, days: int = DAYS) -> Doings:
    """How many deeds there were on each desk in the last days, this one included."""
    last = today(session)
    names = tuple(last - timedelta(days=days - 1 - n) for n in range(days))
    start = datetime.combine(names[0], time(), ZONE).astimezone(UTC)
    hour = _hour(session)
    wanted = (
        select(hour, AuditEntry.command, func.count())
        .where(AuditEntry.at >= start, _by_people())
        .group_by(hour, AuditEntry.command)
    )
    counts: Counter[tuple[str, date]] = Counter()
    for stamp, command, count in session.execute(wanted):
        day = local(datetime.fromisoformat(f"{stamp}:00:00+00:00")).date()
        counts[command.split(".")[0], day] += int(count)
    return Doings(names, {desk: tuple(counts[desk, day] for day in names) for desk in DESKS})


def _by_people() -> ColumnElement[bool]:
    """Deeds that somebody did: what the program does by itself at its hour is nobody's day."""
    return and_(AuditEntry.said != "", AuditEntry.actor != PROGRAM)


def _hour(session: Session) -> ColumnElement[str]:
    """The hour of an entry in UTC, as 2026-07-14T07: small enough to count by, whatever zone the day is told in."""
    if session.get_bind().dialect.name == "postgresql":
        return func.to_char(func.timezone("UTC", AuditEntry.at), 'YYYY-MM-DD"T"HH24')
    return func.substr(type_coerce(AuditEntry.at, String), 1, 13)
