"""The reason in time why a thing waits, as its chip says it: late, in 18 min, waiting 2 days."""

from __future__ import annotations

from datetime import datetime, timedelta

from PySide6.QtCore import QCoreApplication

from cbo_desk.context import local
from cbo_desk.plurals import Count
from cbo_desk.reports import Need, What, waited
from ui.kit.chips import Status, Tone
from ui.kit.phrases import away


def status(need: Need, now: datetime) -> Status:
    """The reason in time: what is lost is red, what somebody must act on amber, the rest waits in grey."""
    if need.due is not None:
        return _by_the_hour(need, now)
    if need.until is not None:
        tone: Tone = "warn" if need.within <= 30 else "idle"
        if need.until < local(now).date():
            tone = "bad"
        return Status(_capital(away(need.until, local(now).date())), tone, "hourglass")
    age = waited(need, now)
    if need.what is What.BAG_CASE:
        return Status(_for(age, QCoreApplication.translate("today", "Open {time}")), "bad", "shield-alert")
    if need.what in (What.MANIFEST_WAITS, What.BAG_UNCOUNTED):
        return Status(_for(age, QCoreApplication.translate("today", "Waiting {time}")), "warn", "triangle-alert")
    if need.what is What.MAIL_LOST:
        return Status(_for(age, QCoreApplication.translate("today", "Lost {time}")), "bad", "circle-alert")
    if need.what in (What.MAIL_RETURN, What.MAIL_FAILED):
        return Status(_for(age, QCoreApplication.translate("today", "With us {time}")), "warn", "triangle-alert")
    if need.what is What.MISSING:
        return Status(_for(age, QCoreApplication.translate("today", "Missing {time}")), "bad", "circle-alert")
    if need.what in (What.OVERDUE, What.OVERDUE_PASS):
        return Status(_for(age, QCoreApplication.translate("today", "Late {time}")), "bad", "clock-alert")
    if need.what is What.BACKUP:
        return Status(_for(age, QCoreApplication.translate("today", "{time} old")), "warn", "triangle-alert")
    if need.what in (What.UNKNOWN_SCAN, What.NOT_SENT, What.REPRINT):
        return Status(_for(age, QCoreApplication.translate("today", "Waiting {time}")), "warn", "triangle-alert")
    if need.what is What.UNCONFIRMED:
        return Status(QCoreApplication.translate("today", "To confirm"), "idle", "circle-help")
    return Status(_for(age, QCoreApplication.translate("today", "Waiting {time}")), "idle", "clock")


def _by_the_hour(need: Need, now: datetime) -> Status:
    """How long it is until it is due, or since; what somebody must do by then is amber, and red after it."""
    assert need.due is not None
    left = need.due - now
    begun = left <= timedelta() and need.what is What.SETUP_DUE  # nobody says whether it has
    if begun or timedelta() <= left < timedelta(minutes=1):
        return Status(QCoreApplication.translate("today", "Now"), "warn", "hourglass")
    if left < timedelta():
        return Status(_for(-left, QCoreApplication.translate("today", "Late {time}")), "bad", "circle-alert")
    far = need.what in (What.SETUP_DUE, What.TRIP_TO_APPROVE)
    icon = "triangle-alert" if need.what is What.NEEDS_VEHICLE else "hourglass"
    words = QCoreApplication.translate("today", "In {time}").format(time=in_words(left))
    return Status(words, "idle" if far else "warn", icon)


def _for(age: timedelta | None, words: str) -> str:
    if age is not None and age < timedelta(minutes=1):
        return QCoreApplication.translate("today", "Just now")
    return words.format(time=in_words(age)).strip() if age is not None else words.format(time="").strip()


def in_words(age: timedelta) -> str:
    """A time span as one says it: 4 min, 1 h 18 min, 20 h, 3 days, 5 months."""
    minutes = max(0, int(age.total_seconds() // 60))
    if minutes < 60:
        return QCoreApplication.translate("today", "{count} min").format(count=minutes)
    if minutes < 6 * 60 and minutes % 60:
        words = QCoreApplication.translate("today", "{hours} h {minutes} min")
        return words.format(hours=minutes // 60, minutes=minutes % 60)
    if minutes < 24 * 60:
        return QCoreApplication.translate("today", "{count} h").format(count=minutes // 60)
    days = minutes // (24 * 60)
    if days < 60:
        return QCoreApplication.translate("today", "{count:day|days}").format(count=Count(days))
    return QCoreApplication.translate("today", "{count:month|months}").format(count=Count(round(days / 30.44)))


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
