"""How the answers about mail are said: time spans, days below bars, volumes as series."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import QCoreApplication, QDate, QLocale

from cbo_desk.mail import SPANS_H, Times
from cbo_desk.mail.answers import Volume
from ui.kit.charts import Series
from ui.kit.phrases import day


def lasting(hours: float) -> str:
    """A time span as people say it: 35 min, 3 h 10 min, 2 d 4 h."""
    minutes = round(hours * 60)
    if minutes < 60:
        return QCoreApplication.translate("mail", "{minutes} min").format(minutes=minutes)
    if minutes < 24 * 60:
        whole, rest = divmod(minutes, 60)
        words = "{hours} h {minutes} min" if rest else "{hours} h"
        return QCoreApplication.translate("mail", words).format(hours=whole, minutes=rest)
    days, rest = divmod(round(minutes / 60), 24)
    words = "{days} d {hours} h" if rest else "{days} d"
    return QCoreApplication.translate("mail", words).format(days=days, hours=rest)


def time_words(times: Times, share: float) -> str:
    """The median or the 90th percentile as people say it."""
    value = times.median if share == 0.5 else times.p90
    return "—" if value is None else lasting(value)


def span_words() -> list[str]:
    """The classes of times to delivery."""
    ends = [f"≤ {lasting(hours)}" for hours in SPANS_H]
    return [*ends, f"> {lasting(SPANS_H[-1])}"]


def step_words(start: date, step: str) -> str:
    """A day, week or month as it is read out."""
    if step == "week":
        return QCoreApplication.translate("mail", "week from {day}").format(day=day(start))
    return QLocale().toString(QDate(start.year, start.month, 1), "MMMM yyyy") if step == "month" else day(start)


def short(start: date, step: str) -> str:
    """A day or month as it stands below a bar."""
    if step == "month":
        return QLocale().toString(QDate(start.year, start.month, 1), "MMM yy")
    return QLocale().toString(QDate(start.year, start.month, start.day), "d MMM")


def stacked(kinds: Sequence[str], volumes: Sequence[Volume]) -> list[Series]:
    """Volumes as one series a class."""
    return [Series(kind, tuple(volume[n] for volume in volumes)) for n, kind in enumerate(kinds)]
