"""How bookings look: states, ranks and layouts as words, colour and icon; amber means act, red late."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from PySide6.QtCore import QCoreApplication

from cbo_desk.conference import BookingRow
from cbo_desk.conference.rules import Status
from cbo_desk.context import local
from ui.kit.chips import Status as Chip
from ui.kit.phrases import day
from ui.kit.timeline_parts import Look

ENDS_SOON = timedelta(hours=24)
"""A hold that ends within so long is amber."""


def state_word(status: Status) -> str:
    """A state in the person's language."""
    words = {
        Status.ENQUIRY: QCoreApplication.translate("conference", "Enquiry"),
        Status.WAITLIST: QCoreApplication.translate("conference", "Waitlist"),
        Status.HOLD: QCoreApplication.translate("conference", "Hold"),
        Status.CONFIRMED: QCoreApplication.translate("conference", "Confirmed"),
        Status.IN_SESSION: QCoreApplication.translate("conference", "In session"),
        Status.DONE: QCoreApplication.translate("conference", "Over"),
        Status.CANCELLED: QCoreApplication.translate("conference", "Cancelled"),
    }
    return words[status]


def look_of(row: BookingRow, now: datetime) -> Look:
    """How a booking's bar looks. A confirmed one whose time has come is shown in session, though nobody said so."""
    if row.status is Status.HOLD:
        soon = row.hold_until is not None and row.hold_until - now < ENDS_SOON
        return Look("warn" if soon else "idle", "hourglass", hatched=True)
    if row.status is Status.IN_SESSION or (row.status is Status.CONFIRMED and row.starts <= now < row.ends):
        return Look("live", "circle-dot")
    if row.status is Status.DONE or (row.status is Status.CONFIRMED and row.ends <= now):
        return Look("ok", "circle-check")
    return Look("info", "check")


def chip_of(row: BookingRow, now: datetime) -> Chip:
    """A booking's state as a chip; a hold says until when."""
    if row.status is Status.HOLD and row.hold_until is not None:
        look = look_of(row, now)
        words = QCoreApplication.translate("conference", "Hold until {when}").format(when=until(row.hold_until, now))
        return Chip(words, look.tone, look.icon)
    quiet = {Status.ENQUIRY: "circle-dashed", Status.WAITLIST: "list-checks", Status.CANCELLED: "circle-slash"}
    if row.status in quiet:
        return Chip(state_word(row.status), "idle", quiet[row.status])
    look = look_of(row, now)
    began = row.status is Status.CONFIRMED and look.tone == "live"
    return Chip(state_word(Status.IN_SESSION if began else row.status), look.tone, look.icon)


def until(at: datetime, now: datetime) -> str:
    """Until when: a clock time today, a day otherwise."""
    there = local(at)
    if there.date() == local(now).date():
        return f"{there:%H:%M}"
    return short_day(there.date())


def short_day(value: date) -> str:
    """A day without its year, such as Tue 14 Jul."""
    return f"{value:%a} {day(value).rsplit(' ', 1)[0]}"


def span(first: date, last: date | None) -> str:
    """From a day to another, or on and on."""
    if last is None:
        return QCoreApplication.translate("conference", "from {day}").format(day=day(first))
    return QCoreApplication.translate("conference", "{first} to {last}").format(first=day(first), last=day(last))


def days_in_words(days: Sequence[date]) -> str:
    """A few days each, many from the first to the last."""
    if len(days) <= 3:
        return ", ".join(short_day(each) for each in days) or "–"
    return f"{short_day(days[0])} – {short_day(days[-1])}"


def hours(starts: datetime, ends: datetime) -> str:
    """From when to when on the site's clock: 15:00–18:00, with the day where it ends on another one."""
    there, last = local(starts), local(ends)
    end = f"{last:%H:%M}" if there.date() == last.date() else f"{short_day(last.date())} {last:%H:%M}"
    return f"{there:%H:%M}–{end}"


def kind_word(kind: str) -> str:
    """A layout in the person's language; one that the staff named themselves stays as it is."""
    words = {
        "theatre": QCoreApplication.translate("conference", "Theatre"),
        "classroom": QCoreApplication.translate("conference", "Classroom"),
        "boardroom": QCoreApplication.translate("conference", "Boardroom"),
        "u-shape": QCoreApplication.translate("conference", "U-shape"),
        "hollow square": QCoreApplication.translate("conference", "Hollow square"),
        "banquet": QCoreApplication.translate("conference", "Banquet"),
        "cocktail": QCoreApplication.translate("conference", "Cocktail"),
        "plenary": QCoreApplication.translate("conference", "Plenary"),
    }
    return words.get(kind, kind)


def kind_short(kind: str) -> str:
    """A layout as a narrow column's heading."""
    words = {
        "theatre": QCoreApplication.translate("conference", "Theatre"),
        "classroom": QCoreApplication.translate("conference", "Class"),
        "boardroom": QCoreApplication.translate("conference", "Board"),
    }
    return words.get(kind, kind_word(kind))
