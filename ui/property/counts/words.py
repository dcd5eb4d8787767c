"""How a count speaks: the word, the tone and the icon of each find, of each room and of each campaign."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache

from PySide6.QtCore import QCoreApplication

from cbo_desk.context import clock, local
from cbo_desk.property.verification import CampaignLine, Room, RoomLine, What
from ui.kit.chips import Status
from ui.kit.phrases import day


def find(what: What | None) -> Status:
    """What a scan turned out to be; None for a thing that is still to be found."""
    if what is What.HERE:  # nearly all of them: the others' words are not looked for
        return Status(QCoreApplication.translate("counts", "Found here"), "ok", "circle-check")
    known = {
        What.ELSEWHERE: Status(QCoreApplication.translate("counts", "Found elsewhere"), "info", "arrow-left-right"),
        What.NOT_EXPECTED: Status(QCoreApplication.translate("counts", "Not expected"), "info", "circle-plus"),
        What.UNKNOWN: Status(QCoreApplication.translate("counts", "Unknown tag"), "warn", "triangle-alert"),
        What.EXCEPTION: Status(QCoreApplication.translate("counts", "For the supervisor"), "warn", "flag"),
        What.MISSING: Status(QCoreApplication.translate("counts", "Missing"), "warn", "triangle-alert"),
        What.TAKEN_BACK: Status(QCoreApplication.translate("counts", "Taken back"), "idle", "undo-2"),
    }
    return known[what] if what else Status(QCoreApplication.translate("counts", "To find"), "idle", "circle-dashed")


def condition(name: str) -> str:
    """A condition in words; empty where it was not said."""
    words = {
        "new": QCoreApplication.translate("counts", "New"),
        "good": QCoreApplication.translate("counts", "Good"),
        "fair": QCoreApplication.translate("counts", "Fair"),
        "poor": QCoreApplication.translate("counts", "Poor"),
        "broken": QCoreApplication.translate("counts", "Broken"),
    }
    return words.get(name, "")


def about(line: RoomLine) -> str:
    """What stands below a thing's number: what it is, where it is listed, and what was noted."""
    parts = [line.description]
    if line.where and line.what in (What.ELSEWHERE, What.NOT_EXPECTED):
        parts.append(QCoreApplication.translate("counts", "listed in {room}").format(room=line.where))
    if line.by_number:
        parts.append(QCoreApplication.translate("counts", "reprint"))
    if line.condition:
        parts.append(condition(line.condition).lower())
    return " · ".join(part for part in parts if part)


def room_state(room: Room) -> Status:
    """How far a room is."""
    if room.state == "counting":
        return Status(QCoreApplication.translate("counts", "Counting now"), "live", "scan-line")
    if room.state == "waiting":
        return Status(QCoreApplication.translate("counts", "Not yet"), "idle", "circle-dashed")
    icon = "lock" if room.state == "closed" else "check"
    if room.differs:
        return Status(QCoreApplication.translate("counts", "With differences"), "warn", "triangle-alert")
    if room.state == "closed":
        return Status(QCoreApplication.translate("counts", "Closed"), "ok", icon)
    return Status(QCoreApplication.translate("counts", "Counted"), "ok", icon)


def campaign_state(line: CampaignLine) -> Status:
    """Whether a campaign is still open."""
    if line.closed_at is None:
        return Status(QCoreApplication.translate("counts", "Open"), "live", "scan-line")
    return Status(QCoreApplication.translate("counts", "Closed"), "ok", "lock")


def frozen(line: CampaignLine) -> str:
    """When the list of a campaign was frozen."""
    at = local(line.opened_at)
    words = QCoreApplication.translate("counts", "list frozen {day}, {time}")
    return words.format(day=day(at.date()), time=f"{at:%H:%M}")


def clock_time(instant: datetime | None) -> str:
    """When something was counted: the time, with its day where that is another one; empty where nobody saw it yet."""
    return _clock_time(instant, local(clock()).date()) if instant is not None else ""


@lru_cache(maxsize=4096)
def _clock_time(instant: datetime, today: date) -> str:
    """The same, kept: a list is painted many times."""
    at = local(instant)
    return f"{at:%H:%M}" if at.date() == today else f"{day(at.date())} {at:%H:%M}"
