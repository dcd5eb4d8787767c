"""What waits on a desk in a few words, and the line below the page's title."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from PySide6.QtCore import QCoreApplication

from cbo_desk.context import local
from cbo_desk.plurals import Count
from cbo_desk.reports import DayEntry, DayLine, Doings, Line, Need, What, most_urgent_first
from ui.today.day_view import entry_title, line_name
from ui.today.side import DeskNow
from ui.today.urgency import in_words
from ui.today.words import worded

LOST = (What.MISSING, What.MAIL_LOST)
TOLD = 2
"""So many kinds of what waits on a desk are told beside its name."""


def brief(needs: Sequence[Need], now: datetime) -> tuple[str, str]:
    """What is late or lost on a desk, and what else waits there, the most urgent first: 1 late, 3 need a vehicle."""
    counts: dict[tuple[bool, What], int] = {}
    for need in needs:
        bad = worded(need, now).status.tone == "bad"
        counts[bad, need.what] = counts.get((bad, need.what), 0) + need.count
    said = {kind: _kind(kind[1], count) for kind, count in counts.items()}
    late, other = ([said[kind] for kind in said if kind[0] is red] for red in (True, False))
    if late and other:
        return late[0], other[0]
    return " · ".join(late[:TOLD]), " · ".join(other[:TOLD])


def desks_now(
    desks: Sequence[str], every: Sequence[Need], open_now: Mapping[str, int | None], doings: Doings, now: datetime
) -> list[DeskNow]:
    """The desks as their card shows them; `open_now` are the counts that stand in the sidebar."""
    nothing = QCoreApplication.translate("today", "Nothing waits")
    found = []
    for desk in desks:
        bad, words = brief(most_urgent_first([need for need in every if need.desk == desk]), now)
        words = words if bad or words else nothing
        found.append(DeskNow(desk, open_now[desk], bad, words, doings.per_day.get(desk, ())))
    return found


def summary(every: list[Need], coming: tuple[DayLine, DayEntry] | None, age: str, now: datetime) -> str:
    """The line below the title: how many things wait, how many are late or lost, what comes next, and how old it is."""
    parts = [QCoreApplication.translate("today", "Nothing needs you just now")]
    if every:
        words = QCoreApplication.translate("today", "{count:thing needs|things need} you")
        parts = [words.format(count=Count(len(every))), *late_and_lost(every, now)]
    if coming is not None:
        parts.append(next_words(coming, now))
    return " · ".join(part for part in (*parts, age) if part)


def late_and_lost(needs: Sequence[Need], now: datetime) -> list[str]:
    """How many of the things that wait are late, and how many are lost or missing."""
    bad = [need.what for need in needs if worded(need, now).status.tone == "bad"]
    lost = sum(1 for what in bad if what in LOST)
    parts = []
    if len(bad) > lost:
        words = QCoreApplication.translate("today", "{count:is|are} late")
        parts.append(words.format(count=Count(len(bad) - lost)))
    if lost:
        parts.append(QCoreApplication.translate("today", "{count:is|are} lost").format(count=Count(lost)))
    return parts


def next_words(found: tuple[DayLine, DayEntry], now: datetime) -> str:
    """What begins next: "next: T-2291 leaves at 11:00, in 18 min"."""
    each, entry = found
    words = {
        Line.VEHICLE: QCoreApplication.translate("today", "next: {title} leaves at {clock}, in {time}"),
        Line.NO_VEHICLE: QCoreApplication.translate("today", "next: {title} is to leave at {clock}, in {time}"),
        Line.PICK_UP: QCoreApplication.translate("today", "next: pick-up by {title} at {clock}, in {time}"),
        Line.POUCH: QCoreApplication.translate("today", "next: pouch {title} at {clock}, in {time}"),
    }.get(each.what, QCoreApplication.translate("today", "next: {title} in {line} at {clock}, in {time}"))
    starts = entry.ends if each.what is Line.POUCH and not entry.inward else entry.starts
    of_trip = each.what in (Line.VEHICLE, Line.NO_VEHICLE)
    title = entry.title.partition(" · ")[0] if of_trip else entry_title(each, entry)
    clock = f"{local(starts):%H:%M}"
    return words.format(title=title, line=line_name(each), clock=clock, time=in_words(starts - now))


def _kind(what: What, count: int) -> str:
    words = {
        What.UNKNOWN_SCAN: QCoreApplication.translate("today", "{count} unknown"),
        What.MISSING: QCoreApplication.translate("today", "{count} missing"),
        What.UNDER_REPAIR: QCoreApplication.translate("today", "{count} under repair"),
        What.OVERDUE: QCoreApplication.translate("today", "{count:loan|loans} late"),
        What.OVERDUE_PASS: QCoreApplication.translate("today", "{count:gate pass|gate passes} late"),
        What.DISPOSAL_DUE: QCoreApplication.translate("today", "{count:disposal|disposals} due"),
        What.WARRANTY: QCoreApplication.translate("today", "{count:warranty ends|warranties end}"),
        What.SERVICE_DUE: QCoreApplication.translate("today", "{count:service|services} due"),
        What.NEVER_PRINTED: QCoreApplication.translate("today", "{count} never printed"),
        What.REPRINT: QCoreApplication.translate("today", "{count} to print again"),
        What.MAIL_RETURN: QCoreApplication.translate("today", "{count} to go back"),
        What.MAIL_LOST: QCoreApplication.translate("today", "{count} lost"),
        What.MAIL_FAILED: QCoreApplication.translate("today", "{count} not delivered"),
        What.MAIL_INCOMPLETE: QCoreApplication.translate("today", "{count} to finish"),
        What.MANIFEST_WAITS: QCoreApplication.translate("today", "{count:pick-up|pick-ups} late"),
        What.BAG_CUT_OFF: QCoreApplication.translate("today", "{count:bag|bags} to certify"),
        What.BAG_UNCOUNTED: QCoreApplication.translate("today", "{count:bag|bags} to count"),
        What.BAG_CASE: QCoreApplication.translate("today", "{count:open case|open cases}"),
        What.HOLD_ENDS: QCoreApplication.translate("today", "{count:hold ends|holds end}"),
        What.SETUP_DUE: QCoreApplication.translate("today", "{count:room|rooms} to set up"),
        What.PHASE_DUE: QCoreApplication.translate("today", "{count:booking|bookings} to move"),
        What.TRIP_LATE: QCoreApplication.translate("today", "{count} late"),
        What.NEEDS_VEHICLE: QCoreApplication.translate("today", "{count:needs|need} a vehicle"),
        What.TRIP_TO_APPROVE: QCoreApplication.translate("today", "{count} to approve"),
        What.PAPER_ENDS: QCoreApplication.translate("today", "{count:paper ends|papers end}"),
        What.DRIVER_PAPER_ENDS: QCoreApplication.translate("today", "{count:paper of drivers|papers of drivers}"),
        What.FLEET_SERVICE: QCoreApplication.translate("today", "{count:service|services} due"),
    }
    return words.get(what, "{count}").format(count=Count(count))
