"""Answers about the mail of a period: volumes by class, carrier, entity, day and hour, and how long delivery takes."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Float, Text, cast, extract, func, select, type_coerce
from sqlalchemy.orm import InstrumentedAttribute, Session

from cbo_desk.context import ZONE, local, today
from cbo_desk.errors import Refusal
from cbo_desk.mail import limits
from cbo_desk.mail.queries import IN_HAND, MailFilter, condition_of
from cbo_desk.mail.rules import State
from cbo_desk.permissions import reads
from db.mail import CLASSES, MailItem

LONGEST_DAYS = 3_660
SPANS_H = (1, 2, 4, 8, 24, 48, 72, 120, 240)
"""Upper ends, in hours, of the classes in which times to delivery are shown; what is above is the last class."""
Volume = tuple[int, ...]
"""How many of each class, in the order of CLASSES."""


@dataclass(frozen=True)
class Times:
    """How long items took from receipt to delivery, in hours, over all hours of the day; None where none was delivered.

    Percentiles are interpolated between neighbours, as SQL's percentile_cont does.
    """

    count: int
    median: float | None
    p90: float | None


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
def answers(session: Session, wanted: MailFilter) -> Answers:
    """Count what the filter lets through; both its days must be given.

    Raises Refusal for days in the wrong order or more than ten years.
    """
    since, until = wanted.received_from, wanted.received_to
    if since is None or until is None or since > until:
        raise Refusal("Choose a first day and a last day that does not come before it.", "until")
    if (until - since).days >= LONGEST_DAYS:
        raise Refusal("A period is ten years at most.", "since")
    where = condition_of(wanted)
    step = "day" if (until - since).days <= 62 else "week" if (until - since).days <= 400 else "month"
    hours = _by_hour_of_receipt(session, where)
    by_time: dict[date, Counter[str]] = defaultdict(Counter)
    by_hour = [[0] * 24 for _ in range(7)]
    by_class: Counter[str] = Counter()
    for at, kind, count in hours:
        there = at.astimezone(ZONE)
        by_time[begin_of(there.date(), step)][kind] += count
        by_hour[there.weekday()][there.hour] += count
        by_class[kind] += count
    starts = list(_steps(since, until, step))
    times, by_kind, by_step, spans = _times(session, where, starts, step)
    opened = (MailItem.accountable, MailItem.state.in_(IN_HAND))
    count, oldest = session.execute(select(func.count(), func.min(MailItem.received_at)).where(*opened)).one()
    return Answers(
        since, until, sum(by_class.values()), step,
        tuple((start, _volume(by_time.get(start, Counter()))) for start in starts),
        _by(session, where, MailItem.carrier), _by(session, where, MailItem.entity_code),
        _volume(by_class), tuple(map(tuple, by_hour)), _by_state(session, where),
        times, by_kind, by_step, spans,
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


def _by_hour_of_receipt(session: Session, where: ColumnElement[bool]) -> list[tuple[datetime, str, int]]:
    """Hours of UTC with class and count: the database cuts, the site's clock is set here."""
    hour = _hour(session)
    wanted = select(hour, MailItem.item_class, func.count()).where(where).group_by(hour, MailItem.item_class)
    return [(_instant(row[0]), row[1], int(row[2])) for row in session.execute(wanted)]


def _hour(session: Session) -> ColumnElement[Any]:
    if session.get_bind().dialect.name == "sqlite":
        # Instants lie there as text of one width, whose first 13 letters are day and hour.
        return func.substr(type_coerce(MailItem.received_at, Text), 1, 13)
    return func.date_trunc("hour", MailItem.received_at)


def _instant(found: Any) -> datetime:
    if isinstance(found, datetime):
        return found
    return datetime.strptime(found, "%Y-%m-%dT%H").replace(tzinfo=UTC)


def _by(
    session: Session, where: ColumnElement[bool], column: InstrumentedAttribute[Any]
) -> tuple[tuple[str, Volume], ...]:
    """Volumes by the values of a column, the largest first; nothing written counts as "" and comes last."""
    wanted = select(column, MailItem.item_class, func.count()).where(where).group_by(column, MailItem.item_class)
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for name, kind, count in session.execute(wanted):
        found[name or ""][kind] += int(count)
    order = sorted(found, key=lambda name: (not name, -sum(found[name].values()), name))
    return tuple((name, _volume(found[name])) for name in order)


def _by_state(session: Session, where: ColumnElement[bool]) -> dict[str, int]:
    wanted = select(MailItem.state, func.count()).where(where).group_by(MailItem.state)
    return {row[0]: int(row[1]) for row in session.execute(wanted)}


def _seconds(session: Session) -> ColumnElement[float]:
    if session.get_bind().dialect.name == "sqlite":
        days = func.julianday(type_coerce(MailItem.state_since, Text)) - func.julianday(
            type_coerce(MailItem.received_at, Text)
        )
        return days * 86_400.0
    return cast(extract("epoch", MailItem.state_since - MailItem.received_at), Float)


def _times(
    session: Session, where: ColumnElement[bool], starts: Sequence[date], step: str
) -> tuple[Times, tuple[Times, ...], tuple[Times, ...], tuple[int, ...]]:
    """Times to delivery: of all, by class, by step; and how many fall into each span."""
    wanted = select(_seconds(session), MailItem.item_class, _hour(session)).where(
        where, MailItem.state == State.DELIVERED
    )
    every: list[float] = []
    by_class: dict[str, list[float]] = defaultdict(list)
    by_step: dict[date, list[float]] = defaultdict(list)
    spans = [0] * (len(SPANS_H) + 1)
    # A million rows pass here: each hour is put on the site's clock once.
    known: dict[Any, date] = {}
    for seconds, kind, at in session.execute(wanted.execution_options(yield_per=5_000)):
        hours = max(float(seconds), 0.0) / 3600
        every.append(hours)
        by_class[kind].append(hours)
        if at not in known:
            known[at] = begin_of(local(_instant(at)).date(), step)
        by_step[known[at]].append(hours)
        spans[next((n for n, end in enumerate(SPANS_H) if hours <= end), len(SPANS_H))] += 1
    return (
        times_of(every),
        tuple(times_of(by_class[kind]) for kind in CLASSES),
        tuple(times_of(by_step[start]) for start in starts),
        tuple(spans),
    )


def times_of(hours: Sequence[float]) -> Times:
    """Median and 90th percentile, interpolated between neighbours."""
    ordered = sorted(hours)
    return Times(len(ordered), _percentile(ordered, 0.5), _percentile(ordered, 0.9))


def _percentile(ordered: Sequence[float], share: float) -> float | None:
    if not ordered:
        return None
    place = share * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)
