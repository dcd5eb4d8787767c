"""How requests, trips and papers look: their chips, tones and words."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QCoreApplication

from cbo_desk.context import clock
from cbo_desk.transport import RequestRow, State, TransportFigures, TripOfDay, TripState
from ui.kit.chips import Status, Tone
from ui.kit.timeline_parts import Look


def status(state: State, late: bool = False) -> Status:
    """A request's chip: late is told first, then how it stands."""
    if late and state in (State.PLANNED, State.ON_ROAD):
        return Status(QCoreApplication.translate("transport", "Late"), "bad", "circle-alert")
    known = {
        State.REQUESTED: Status(QCoreApplication.translate("transport", "Requested"), "idle", "circle-dashed"),
        State.APPROVED: Status(QCoreApplication.translate("transport", "Needs vehicle"), "warn", "triangle-alert"),
        State.PLANNED: Status(QCoreApplication.translate("transport", "Approved"), "info", "check"),
        State.ON_ROAD: Status(QCoreApplication.translate("transport", "On road"), "live", "circle-dot"),
        State.DONE: Status(QCoreApplication.translate("transport", "Done"), "ok", "circle-check"),
        State.DECLINED: Status(QCoreApplication.translate("transport", "Declined"), "idle", "ban"),
        State.CANCELLED: Status(QCoreApplication.translate("transport", "Cancelled"), "idle", "circle-slash"),
        State.NO_SHOW: Status(QCoreApplication.translate("transport", "Was not there"), "warn", "user-x"),
    }
    return known[state]


def row_status(row: RequestRow) -> Status:
    """The chip of a row of the list."""
    return status(row.state, row.late(clock()))


def bar_look(trip: TripOfDay, now: datetime, clashes: bool) -> Look:
    """How a trip's bar looks on the board."""
    if trip.is_late(now):
        return Look("bad", "circle-alert", outlined=True)
    if clashes:
        return Look("warn", "triangle-alert", outlined=True)
    if trip.state is TripState.ON_ROAD:
        return Look("live", "circle-dot", outlined=True)
    if trip.state is TripState.DONE:
        return Look("ok", "circle-check")
    return Look("info", "lock" if trip.locked else "check")


def count_tone(found: TransportFigures) -> Tone:
    """The tone of the count beside the desk: red where something is late, amber where a vehicle is to be found."""
    return "bad" if found.late else "warn" if found.needs else "idle"


def paper_status(tone: str, words: str) -> Status:
    """The chip of a paper by how soon it ends."""
    tones = {"gone": ("bad", "circle-alert"), "30": ("warn", "triangle-alert"), "60": ("warn", "clock-alert")}
    known, icon = tones.get(tone, ("idle", "file-check"))
    return Status(words, known, icon)  # type: ignore[arg-type]


def event_words(what: str) -> str:
    """What happened, as the log says it."""
    known = {
        "requested": QCoreApplication.translate("transport", "Requested"),
        "approved": QCoreApplication.translate("transport", "Approved"),
        "declined": QCoreApplication.translate("transport", "Declined"),
        "taken_back": QCoreApplication.translate("transport", "Taken back"),
        "planned": QCoreApplication.translate("transport", "Assigned"),
        "changed": QCoreApplication.translate("transport", "Changed"),
        "locked": QCoreApplication.translate("transport", "Frozen"),
        "unlocked": QCoreApplication.translate("transport", "No longer frozen"),
        "departed": QCoreApplication.translate("transport", "Left"),
        "picked_up": QCoreApplication.translate("transport", "Picked up"),
        "dropped_off": QCoreApplication.translate("transport", "Dropped off"),
        "no_show": QCoreApplication.translate("transport", "Was not there"),
        "returned": QCoreApplication.translate("transport", "Back"),
        "cancelled": QCoreApplication.translate("transport", "Taken away"),
        "charged": QCoreApplication.translate("transport", "Charged"),
        "incident": QCoreApplication.translate("transport", "Incident"),
        "noted": QCoreApplication.translate("transport", "Noted"),
    }
    return known.get(what, what)
