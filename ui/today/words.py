"""What waits, in words: a title, a line below it, the reason in time on a chip, and one verb."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from PySide6.QtCore import QCoreApplication

from cbo_desk.context import local
from cbo_desk.permissions import DESKS
from cbo_desk.plurals import Count
from cbo_desk.reports import Need, What
from ui.kit.chips import Status, Tone
from ui.kit.phrases import day, when
from ui.kit.scanning.showing import visible
from ui.today.urgency import status

ICONS = {
    "mail": "mail",
    "conference": "calendar-days",
    "property": "package",
    "pouch": "briefcase",
    "transport": "car",
    "tags": "tags",
    "places": "map-pinned",
    "people": "users",
    "settings": "settings",
}


@dataclass(frozen=True)
class Worded:
    """One line of the list, ready to be shown."""

    need: Need
    icon: str
    title: str
    detail: str
    status: Status
    verb: str


def worded(need: Need, now: datetime) -> Worded:
    """A need as the list shows it."""
    title, verb = _title(need), _verb(need)
    return Worded(need, _icon(need), title, _detail(need, now), status(need, now), verb)


def tone_of(needs: Sequence[Need], now: datetime) -> Tone:
    """The tone of the count of all that waits: red where something is lost."""
    return "bad" if any(status(need, now).tone == "bad" for need in needs) else "idle"


def desk_title(desk: str) -> str:
    """What a desk is called."""
    return {
        "property": QCoreApplication.translate("today", "Property"),
        "mail": QCoreApplication.translate("today", "Mail"),
        "transport": QCoreApplication.translate("today", "Transport"),
        "tags": QCoreApplication.translate("today", "Tags"),
        "places": QCoreApplication.translate("today", "Places"),
        "people": QCoreApplication.translate("today", "People"),
        "settings": QCoreApplication.translate("today", "Settings"),
    }.get(desk, DESKS.get(desk, desk))


def _icon(need: Need) -> str:
    if need.what is What.UNKNOWN_SCAN:
        return "scan-barcode"
    return {
        What.MANIFEST_WAITS: "clipboard-list",
        What.BAG_CUT_OFF: "briefcase",
        What.BAG_UNCOUNTED: "briefcase",
        What.BAG_CASE: "shield-alert",
        What.UNDER_REPAIR: "wrench",
        What.BACKUP: "archive",
        What.OVERDUE: "handshake",
        What.OVERDUE_PASS: "door-open",
        What.DISPOSAL_DUE: "archive",
        What.WARRANTY: "shield-check",
        What.SERVICE_DUE: "wrench",
        What.PHASE_DUE: "hard-hat",
        What.PAPER_ENDS: "file-warning",
        What.DRIVER_PAPER_ENDS: "file-warning",
        What.FLEET_SERVICE: "wrench",
    }.get(need.what, ICONS.get(need.desk, "box"))


def _title(need: Need) -> str:
    one = (need.count == 1 or need.what is What.UNKNOWN_SCAN) and bool(need.name)
    if need.within == 0 and need.what in (What.PAPER_ENDS, What.DRIVER_PAPER_ENDS):
        return _run_out(need, one)
    single = {
        What.UNKNOWN_SCAN: QCoreApplication.translate("today", "Unknown tag {name}"),
        What.MISSING: QCoreApplication.translate("today", "{name} is missing"),
        What.UNDER_REPAIR: QCoreApplication.translate("today", "{name} is under repair"),
        What.OVERDUE: QCoreApplication.translate("today", "{name} is not back from loan"),
        What.OVERDUE_PASS: QCoreApplication.translate("today", "Things on {name} are not back"),
        What.DISPOSAL_DUE: QCoreApplication.translate("today", "{name}: the next step of the disposal is due"),
        What.WARRANTY: QCoreApplication.translate("today", "The warranty of {name} ends"),
        What.SERVICE_DUE: QCoreApplication.translate("today", "{name} is due for service"),
        What.MANIFEST_WAITS: QCoreApplication.translate("today", "{name} was not collected"),
        What.BAG_CUT_OFF: QCoreApplication.translate("today", "{name} is not certified before its cut-off"),
        What.BAG_UNCOUNTED: QCoreApplication.translate("today", "{name} came in and is not counted"),
        What.BAG_CASE: QCoreApplication.translate("today", "Case {name} of a pouch bag is open"),
        What.MAIL_RETURN: QCoreApplication.translate("today", "{name} goes back to its sender"),
        What.MAIL_LOST: QCoreApplication.translate("today", "{name} is lost"),
        What.MAIL_FAILED: QCoreApplication.translate("today", "{name} could not be delivered"),
        What.TRIP_LATE: QCoreApplication.translate("today", "{name} has not left yet"),
        What.NEEDS_VEHICLE: QCoreApplication.translate("today", "{name} needs a vehicle"),
        What.TRIP_TO_APPROVE: QCoreApplication.translate("today", "{name} is to be approved"),
        What.PAPER_ENDS: QCoreApplication.translate("today", "A paper of {name} runs out"),
        What.DRIVER_PAPER_ENDS: QCoreApplication.translate("today", "A paper of {name} runs out"),
        What.FLEET_SERVICE: QCoreApplication.translate("today", "{name} is due for service"),
        What.HOLD_ENDS: QCoreApplication.translate("today", "Hold on {name} runs out at {clock}"),
        What.SETUP_DUE: QCoreApplication.translate("today", "{name} is to be set up"),
    }
    if need.what is What.PHASE_DUE:
        words = QCoreApplication.translate("today", "{count:booking has|bookings have} to move before {name}")
        return words.format(count=Count(need.count), name=visible(need.name, 60))
    if one and need.what is What.TRIP_LATE and need.goal:
        words = QCoreApplication.translate("today", "{name} has not come back from {place}")
        return words.format(name=visible(need.name, 60), place=visible(need.goal, 60))
    if one and need.what in single:
        clock = f"{local(need.due):%H:%M}" if need.due is not None else ""
        return single[need.what].format(name=visible(need.name, 60), clock=clock)
    several = {
        What.MISSING: QCoreApplication.translate("today", "{count:asset is|assets are} missing"),
        What.UNDER_REPAIR: QCoreApplication.translate("today", "{count:asset is|assets are} under repair"),
        What.OVERDUE: QCoreApplication.translate("today", "{count:loan is|loans are} overdue"),
        What.OVERDUE_PASS: QCoreApplication.translate("today", "{count:gate pass is|gate passes are} overdue"),
        What.DISPOSAL_DUE: QCoreApplication.translate(
            "today", "{count:disposal waits|disposals wait} for the next step"
        ),
        What.WARRANTY: QCoreApplication.translate(
            "today", "{count:warranty ends|warranties end} within {within:day|days}"
        ),
        What.SERVICE_DUE: QCoreApplication.translate("today", "{count:service is|services are} due within 30 days"),
        What.MANIFEST_WAITS: QCoreApplication.translate("today", "{count:manifest was|manifests were} not collected"),
        What.BAG_CUT_OFF: QCoreApplication.translate(
            "today", "{count:bag is|bags are} not certified before the cut-off"
        ),
        What.BAG_UNCOUNTED: QCoreApplication.translate("today", "{count:bag|bags} came in and wait to be counted"),
        What.BAG_CASE: QCoreApplication.translate("today", "{count:case|cases} of pouch bags are open"),
        What.MAIL_RETURN: QCoreApplication.translate(
            "today", "{count:item of mail goes|items of mail go} back to the sender"
        ),
        What.MAIL_LOST: QCoreApplication.translate("today", "{count:item of mail is|items of mail are} lost"),
        What.MAIL_FAILED: QCoreApplication.translate(
            "today", "{count:item of mail was|items of mail were} not delivered"
        ),
        What.MAIL_INCOMPLETE: QCoreApplication.translate(
            "today", "{count:item of mail is|items of mail are} to be completed"
        ),
        What.TRIP_LATE: QCoreApplication.translate("today", "{count:trip is|trips are} late"),
        What.NEEDS_VEHICLE: QCoreApplication.translate("today", "{count:trip needs|trips need} a vehicle"),
        What.TRIP_TO_APPROVE: QCoreApplication.translate("today", "{count:trip is|trips are} to be approved"),
        What.PAPER_ENDS: QCoreApplication.translate(
            "today", "{count:paper of the fleet runs|papers of the fleet run} out within {within:day|days}"
        ),
        What.DRIVER_PAPER_ENDS: QCoreApplication.translate(
            "today", "{count:paper of drivers runs|papers of drivers run} out within {within:day|days}"
        ),
        What.FLEET_SERVICE: QCoreApplication.translate("today", "{count:vehicle is|vehicles are} due for service"),
        What.HOLD_ENDS: QCoreApplication.translate("today", "{count:hold ends|holds end} within a day"),
        What.SETUP_DUE: QCoreApplication.translate("today", "{count:room is|rooms are} to be set up"),
        What.NEVER_PRINTED: QCoreApplication.translate("today", "{count:tag was|tags were} never printed"),
        What.REPRINT: QCoreApplication.translate("today", "{count:tag waits|tags wait} to be printed again"),
        What.UNCONFIRMED: QCoreApplication.translate(
            "today", "{count:shipped value is|shipped values are} not confirmed"
        ),
        What.NOT_SENT: QCoreApplication.translate("today", "{count:message was|messages were} not sent"),
        What.BACKUP: QCoreApplication.translate("today", "A backup is due"),
    }
    return several[need.what].format(count=Count(need.count), within=Count(need.within))


def _run_out(need: Need, one: bool) -> str:
    """A paper that is not only to run out, but has."""
    if one:
        return QCoreApplication.translate("today", "A paper of {name} has run out").format(name=visible(need.name, 60))
    words = QCoreApplication.translate("today", "{count:paper of the fleet has|papers of the fleet have} run out")
    if need.what is What.DRIVER_PAPER_ENDS:
        words = QCoreApplication.translate("today", "{count:paper of drivers has|papers of drivers have} run out")
    return words.format(count=Count(need.count))


def _detail(need: Need, now: datetime) -> str:
    if need.what is What.UNKNOWN_SCAN and need.count > 1 and need.last is not None:
        words = QCoreApplication.translate("today", "Scanned {count:time|times}. Last: {when} at {where}.")
        return words.format(count=Count(need.count), when=when(need.last, now), where=need.detail)
    if need.what is What.UNKNOWN_SCAN:
        return QCoreApplication.translate("today", "Kept at {where}. Nothing here has this code yet.").format(
            where=need.detail
        )
    if need.what is What.NEVER_PRINTED:
        return QCoreApplication.translate("today", "A scan opens nothing until its tag is on the thing.")
    if need.what is What.MAIL_INCOMPLETE:
        return QCoreApplication.translate("today", "Whom it is for, its carrier, or the photo of a damage is missing.")
    if need.what is What.REPRINT:
        return QCoreApplication.translate("today", "Damaged or lost tags that somebody queued.")
    if need.what is What.BACKUP:
        made = QCoreApplication.translate("today", "The last one was made {when}. Keep copies on another disk.")
        never = QCoreApplication.translate("today", "None was made since the work began {when}.")
        return (made if need.name else never).format(when=when(need.since, now))  # type: ignore[arg-type]
    if need.what is What.UNCONFIRMED:
        return QCoreApplication.translate("today", "Ours until you look at them: {names}").format(names=need.detail)
    if need.count > 1 and need.what is What.WARRANTY and need.until is not None:
        words = QCoreApplication.translate("today", "The first on {day}: {name} · {detail}")
        return words.format(day=day(need.until), name=need.name, detail=need.detail)
    if need.count > 1 and isinstance(need.since, date) and not isinstance(need.since, datetime):
        words = QCoreApplication.translate("today", "The longest since {day}: {name} · {detail}")
        return words.format(day=day(need.since), name=need.name, detail=need.detail)
    return need.detail


def _verb(need: Need) -> str:
    verbs = {
        What.UNKNOWN_SCAN: QCoreApplication.translate("today", "Resolve"),
        What.NEVER_PRINTED: QCoreApplication.translate("today", "Print"),
        What.REPRINT: QCoreApplication.translate("today", "Print"),
        What.UNCONFIRMED: QCoreApplication.translate("today", "Confirm"),
        What.NEEDS_VEHICLE: QCoreApplication.translate("today", "Assign"),
        What.TRIP_TO_APPROVE: QCoreApplication.translate("today", "Decide"),
        What.BAG_UNCOUNTED: QCoreApplication.translate("today", "Count"),
        What.NOT_SENT: QCoreApplication.translate("today", "Look"),
        What.BACKUP: QCoreApplication.translate("today", "Back up"),
    }
    if need.what in verbs:
        return verbs[need.what]
    if need.record_id:
        return QCoreApplication.translate("today", "Open")
    return QCoreApplication.translate("today", "Show")
