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
    say = QCoreApplication.translate
    return {
        "waiting": Status(say("messages", "Waiting"), "idle", "clock"),
        "sending": Status(say("messages", "Being sent"), "info", "send"),
        "sent": Status(say("messages", "Sent"), "ok", "circle-check"),
        "failed": Status(say("messages", "Not sent"), "warn", "triangle-alert"),
    }[state]


def columns() -> tuple[Column, ...]:
    """What the list shows of each message."""
    say = QCoreApplication.translate
    return (
        Column(Look("to", "text", 250), say("messages", "To"), lambda row: row.to.replace('"', "")),
        Column(Look("subject", "text", 200, stretch=True), say("messages", "Subject"), lambda row: row.subject,
               sort="number"),
        Column(Look("at", "muted", 110, 2), say("messages", "Sent or due"), lambda row: when(row.at, clock()),
               sort="due"),
        Column(Look("state", "chip", 120, 1), say("messages", "State"), lambda row: status_of(row.state).word,
               value=lambda row: status_of(row.state), tip=lambda row: row.trouble),
    )  # fmt: skip
