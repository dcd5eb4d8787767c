"""Answers about the mail of a period: volumes by class, carrier, entity, day and hour, and how long delivery takes."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cbo_desk.context import ZONE, local, today
from cbo_desk.errors import Refusal
from cbo_desk.mail import limits
from cbo_desk.mail.counting import Part, Times, count_items
from cbo_desk.mail.queries import IN_HAND, MailFilter, condition_of
from cbo_desk.permissions import reads
from cbo_desk.progress import Progress
from db.mail import CLASSES, MailItem

LONGEST_DAYS = 3_660
SPANS_H = (1, 2, 4, 8, 24, 48, 72, 120, 240)
"""Upper ends, in hours, of the classes in which times to delivery are shown; what is above is the last class."""
Volume = tuple[int, ...]
"""How many of each class, in the order of CLASSES."""


@dataclass(frozen=True)
class Answers:
    """What came in from a day to a day. `step` says what the parts of `by_time` are: day, week or month.

    `by_hour` is a row for each weekday from Monday on with 24 numbers, by the site's clock; `spans` counts delivered
    items by SPANS_H; `times_by_class` and `times_by_step` go with CLASSES and `by_time`.
    """

    since: date
    until: date
    total: int
    step: str
    by_time: tuple[tuple[date, Volume], ...]
    by_carrier: tuple[tuple[str, Volume], ...]
    by_entity: tuple[tuple[str, Volume], ...]
    by_class: Volume
    by_hour: tuple[tuple[int, ...], ...]
    by_state: dict[str, int]
    times: Times
    times_by_class: tuple[Times, ...]
    times_by_step: tuple[Times, ...]
    spans: tuple[int, ...]
    open_accountable: int
    oldest_accountable: int


@reads("mail", "look at mail")
def answers(session: Session, wanted: MailFilter, progress: Progress | None = None) -> Answers:
    """Count what the filter lets through; both its days must be given. A million items take some seconds.

    Raises Refusal for days in the wrong order or more than ten years.
    """
    since, until = wanted.received_from, wanted.received_to
    if since is None or until is None or since > until:
        raise Refusal("Choose a first day and a last day that does not come before it.", "until")
    if (until - since).days >= LONGEST_DAYS:
        raise Refusal("A period is ten years at most.", "since")
    step = "day" if (until - since).days <= 62 else "week" if (until - since).days <= 400 else "month"
    found = count_items(session, condition_of(wanted), progress)
    starts = list(_steps(since, until, step))
    by_time: dict[date, Counter[str]] = defaultdict(Counter)
    by_hour = [[0] * 24 for _ in range(7)]
    steps: dict[Any, date] = {}
    for (hour, kind), count in found.hours.items():
        there = found.instant(hour).astimezone(ZONE)
        steps[hour] = begin_of(there.date(), step)
        by_time[steps[hour]][kind] += count
        by_hour[there.weekday()][there.hour] += count
    opened = (MailItem.accountable, MailItem.state.in_(IN_HAND))
    count, oldest = session.execute(select(func.count(), func.min(MailItem.received_at)).where(*opened)).one()
    parts = found.parts
    return Answers(
        since, until, found.total, step,
        tuple((start, _volume(by_time.get(start, Counter()))) for start in starts),
        _by(parts, 0), _by(parts, 1), _volume(_sums(parts, 2)), tuple(map(tuple, by_hour)), dict(_sums(parts, 3)),
        found.times(), found.times_by(lambda _hour, kind: kind, CLASSES),
        found.times_by(lambda hour, _kind: steps[hour], starts), found.spans(SPANS_H),
        int(count), limits.working_days(local(oldest).date(), today(session)) if oldest else 0,
    )  # fmt: skip


def begin_of(day: date, step: str) -> date:
    """The first day of the step that a day belongs to; weeks begin on Monday."""
    if step == "week":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if step == "month" else day


def _steps(since: date, until: date, step: str) -> Iterator[date]:
    day = begin_of(since, step)
    while day <= until:
        yield day
        day = begin_of(day + timedelta(days={"day": 1, "week": 7, "month": 32}[step]), step)


def _volume(counts: Counter[str]) -> Volume:
    return tuple(counts[kind] for kind in CLASSES)


def _sums(parts: Mapping[Part, int], place: int) -> Counter[str]:
    """How many there are of each value at a place of the parts."""
    sums: Counter[str] = Counter()
    for part, count in parts.items():
        sums[part[place] or ""] += count
    return sums


def _by(parts: Mapping[Part, int], place: int) -> tuple[tuple[str, Volume], ...]:
    """Volumes by carrier or entity, the largest first; nothing written counts as "" and comes last."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for part, count in parts.items():
        found[part[place] or ""][part[2]] += count
    order = sorted(found, key=lambda name: (not name, -sum(found[name].values()), name))
    return tuple((name, _volume(found[name])) for name in order)
