"""How passes and their lines look: word, colour, icon. Amber: something is out; red: it should be back."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from cbo_desk.property.gate import LineState, PassCard, PassRow
from ui.kit.chips import Status
from ui.kit.phrases import day


def line_status(state: LineState) -> Status:
    """Where a thing on a pass is."""
    return {
        LineState.LISTED: Status(QCoreApplication.translate("gate", "Not out yet"), "idle", "circle-dashed"),
        LineState.OUT: Status(QCoreApplication.translate("gate", "Out"), "warn", "log-out"),
        LineState.IN: Status(QCoreApplication.translate("gate", "Back in"), "ok", "log-in"),
    }[state]


def pass_status(one: PassRow | PassCard) -> Status:
    """How a pass stands."""
    cancelled = one.cancelled if isinstance(one, PassRow) else bool(one.cancelled_why)
    expired = one.expired if isinstance(one, PassRow) else not one.holds
    if one.overdue:
        return Status(QCoreApplication.translate("gate", "Overdue"), "bad", "clock-alert")
    if cancelled:
        return Status(QCoreApplication.translate("gate", "Cancelled"), "idle", "ban")
    if one.out:
        return Status(QCoreApplication.translate("gate", "{count} out").format(count=one.out), "warn", "log-out")
    if expired:
        return Status(QCoreApplication.translate("gate", "Closed"), "idle", "archive")
    return Status(QCoreApplication.translate("gate", "Holds"), "ok", "circle-check")


def greeting(card: PassCard, outward: bool) -> str:
    """What the guard is told of a pass that was just scanned: what is to be scanned now, or that nothing may leave."""
    if card.cancelled_why:
        return QCoreApplication.translate("gate", "Cancelled: nothing may leave on it.")
    if card.overdue:
        words = QCoreApplication.translate("gate", "Overdue since {day}: scan what comes back.")
        return words.format(day=day(card.return_on))
    if outward and not card.holds:
        words = QCoreApplication.translate("gate", "Expired on {day}: nothing may leave on it.")
        return words.format(day=day(card.valid_until))
    if outward:
        return QCoreApplication.translate("gate", "Scan what goes out.")
    return QCoreApplication.translate("gate", "Scan what comes back.")
