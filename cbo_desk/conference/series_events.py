"""A series as calendars know it: its rule, the days that are left out or added, and the occurrences that differ.

All of it has one UID, so that a message about one occurrence, one about the whole series, and a file mean the same
meetings (RFC 5545, 3.8.4.4). Plain values, no database.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from cbo_desk.conference.calendars import Written
from cbo_desk.conference.recurrence import Recurrence, occurrences
from cbo_desk.conference.rules import Slot


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A meeting of a series; `start` is when its rule means it to begin, on the clock of the series' zone."""

    start: datetime
    slot: Slot
    title: str
    room: str = ""
    notes: str = ""
    status: str = "CONFIRMED"


def series_events(uid: str, known: Recurrence, meetings: Sequence[Occurrence], sequence: int = 0) -> list[Written]:
    """Some meetings of a series as events of one UID: what most have in common first, then each that differs.

    Meetings of the rule that are not among them are left out of the calendar.
    """
    if not meetings:
        return []
    rule, first, skipped, added = _pattern(known, {each.start for each in meetings})
    [((title, room, notes, status), _count)] = Counter(
        (each.title, each.room, each.notes, each.status) for each in meetings
    ).most_common(1)
    whole = Written(
        uid, title, known.slot(first), room, notes, status, sequence, known.zone, rule, skipped, added
    )  # fmt: skip
    found = [whole]
    for each in sorted(meetings, key=lambda each: each.start):
        meant = known.slot(each.start)
        if each != Occurrence(each.start, meant, title, room, notes, status):
            found.append(Written(
                uid, each.title, each.slot, each.room, each.notes, each.status, sequence, known.zone,
                replaces=meant.starts,
            ))  # fmt: skip
    return found


def _pattern(
    known: Recurrence, starts: Collection[datetime]
) -> tuple[str, datetime, tuple[datetime, ...], tuple[datetime, ...]]:
    """How so many starts are told: by the rule, its first start, and what is left out or added; or one by one.

    A rule of which most is left out says less than its days do. One whose first day is none of its own is read
    differently by different programs (RFC 5545, 3.8.5.3), so it is not told either.
    """
    by_rule = occurrences(replace(known, skipped=frozenset(), added=frozenset())) if known.rule else []
    missing = tuple(each for each in by_rule if each not in starts)
    if by_rule and by_rule[0] == known.starts and len(missing) < len(starts):
        return known.rule, known.starts, missing, tuple(sorted(set(starts) - set(by_rule)))
    first, *others = sorted(starts)
    return "", first, (), tuple(others)
