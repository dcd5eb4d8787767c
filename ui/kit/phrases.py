"""Days, times and money in words, the same everywhere: 14 Jul 2026, Today 09:12, 1,684.00 USD."""

from __future__ import annotations

from datetime import date, datetime

from PySide6.QtCore import QCoreApplication, QDate, QLocale

from cbo_desk.context import local
from cbo_desk.plurals import Count


def day(value: date | None) -> str:
    """A day with its year, such as 14 Jul 2026; empty for none."""
    if value is None:
        return ""
    return QLocale().toString(QDate(value.year, value.month, value.day), "d MMM yyyy")


def when(instant: datetime, now: datetime) -> str:
    """When something happened as a history shows it: Today 09:12, 3 Feb, 3 Feb 2024."""
    there, here = local(instant), local(now)
    clock = f"{there:%H:%M}"
    if there.date() == here.date():
        return QCoreApplication.translate("phrases", "Today {clock}").format(clock=clock)
    if (here.date() - there.date()).days == 1:
        return QCoreApplication.translate("phrases", "Yest. {clock}").format(clock=clock)
    form = "d MMM" if there.year == here.year else "d MMM yyyy"
    return QLocale().toString(QDate(there.year, there.month, there.day), form)


def as_of(instant: datetime, now: datetime) -> str:
    """How old figures are that a replica gave: as of 14:03:12, or as of Today 14:03, 12 minutes old."""
    minutes = int((now - instant).total_seconds() // 60)
    if minutes < 1:
        words = QCoreApplication.translate("phrases", "as of {clock}, by the server for reports")
        return words.format(clock=f"{local(instant):%H:%M:%S}")
    words = QCoreApplication.translate("phrases", "as of {when}, {count:minute|minutes} old, by the server for reports")
    return words.format(when=when(instant, now), count=Count(minutes))


def money(cents: int, currency: str = "") -> str:
    """An amount with thousands and two decimals, such as 1,684.00 USD."""
    text = f"{cents / 100:,.2f}" if abs(cents) < 10**15 else f"{cents // 100:,}"
    return f"{text} {currency}".strip()


def whole_money(cents: int) -> str:
    """An amount in whole units, as lists show it: 1,684."""
    return f"{round(cents / 100):,}"


def away(value: date, today: date) -> str:
    """How far off a day is: in 12 days, in 30 months, 3 years ago, today."""
    days = (value - today).days
    if days == 0:
        return QCoreApplication.translate("phrases", "today")
    size = abs(days)
    if size >= 36 * 30.44:
        unit, count = QCoreApplication.translate("phrases", "{count:year|years}"), round(size / 365.25)
    elif size >= 60:
        unit, count = QCoreApplication.translate("phrases", "{count:month|months}"), round(size / 30.44)
    else:
        unit, count = QCoreApplication.translate("phrases", "{count:day|days}"), size
    pattern = (
        QCoreApplication.translate("phrases", "in {span}")
        if days > 0
        else QCoreApplication.translate("phrases", "{span} ago")
    )
    return pattern.format(span=unit.format(count=Count(count)))


def code_and_name(code: str, name: str) -> str:
    """A place with its name: M-104 · Library. A name that holds the code already stands by itself: Room M-104."""
    return name if code.casefold() in name.casefold().split() else f"{code} · {name}"


def short_name(sort_name: str) -> str:
    """A person as lists show them: "Lindqvist, Erik" becomes "Lindqvist E."."""
    family, _, given = sort_name.partition(", ")
    return f"{family} {given[0]}." if given else family
