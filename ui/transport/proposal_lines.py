"""The columns of a proposal's list: one line a request, what it has today and what it would have."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from cbo_desk.transport.difference import Turn
from ui.kit.cells import Look
from ui.kit.chips import Status
from ui.kit.columns import Column
from ui.transport.proposal_work import Line


def turn_status(line: Line) -> Status:
    """What becomes of a request, as a chip."""
    known = {
        Turn.NEW: Status(QCoreApplication.translate("transport", "New"), "info", "plus"),
        Turn.MOVED: Status(QCoreApplication.translate("transport", "Moved"), "warn", "arrow-left-right"),
        Turn.RETIMED: Status(line.later or "±", "warn", "clock"),
        Turn.LEFT: Status(QCoreApplication.translate("transport", "Left over"), "bad", "circle-alert"),
        Turn.SAME: Status(QCoreApplication.translate("transport", "As today"), "idle", "equal"),
    }
    return known[line.turn]


def columns() -> list[Column]:
    """The columns of the list."""
    tr = QCoreApplication.translate
    none = "—"
    return [
        Column(Look("ref", "ref", 96), tr("transport", "Ref"), lambda line: line.name),
        Column(Look("pickup", "num", 84), tr("transport", "Pick-up"), lambda line: line.pickup),
        Column(Look("way", "text", 130, 1, stretch=True), tr("transport", "Route"), lambda line: line.way),
        Column(Look("people", "num", 44, 3), tr("transport", "Pax"), lambda line: str(line.people)),
        Column(Look("before", "muted", 132, 2), tr("transport", "Today"), lambda line: line.before or none),
        Column(Look("after", "text", 132), tr("transport", "Proposed"), lambda line: line.after or none),
        Column(Look("driver", "text", 124, 4), tr("transport", "Driver"), lambda line: line.driver or none),
        Column(Look("turn", "chip", 116), tr("transport", "Change"), lambda line: turn_status(line).word, turn_status),
    ]
