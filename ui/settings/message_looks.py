"""How a message looks in the list of the outbox: its columns, and its state as a chip."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from cbo_desk.context import clock
from ui.kit.cells import Look
from ui.kit.chips import Status
from ui.kit.columns import Column
from ui.kit.phrases import when


def status_of(state: str) -> Status:
    """How a message stands, as a chip."""
    return {
        "waiting": Status(QCoreApplication.translate("messages", "Waiting"), "idle", "clock"),
        "sending": Status(QCoreApplication.translate("messages", "Being sent"), "info", "send"),
        "sent": Status(QCoreApplication.translate("messages", "Sent"), "ok", "circle-check"),
        "failed": Status(QCoreApplication.translate("messages", "Not sent"), "warn", "triangle-alert"),
    }[state]


def columns() -> tuple[Column, ...]:
    """What the list shows of each message."""
    return (
        Column(
            Look("to", "text", 200), QCoreApplication.translate("messages", "To"), lambda row: row.to.replace('"', "")
        ),
        Column(
            Look("subject", "text", 200, stretch=True),
            QCoreApplication.translate("messages", "Subject"),
            lambda row: row.subject,
            sort="number",
        ),
        Column(
            Look("at", "muted", 110, 2),
            QCoreApplication.translate("messages", "Sent or due"),
            lambda row: when(row.at, clock()),
            sort="due",
        ),
        Column(
            Look("state", "chip", 120),
            QCoreApplication.translate("messages", "State"),
            lambda row: status_of(row.state).word,
            value=lambda row: status_of(row.state),
            tip=lambda row: row.trouble,
        ),
    )
