"""How rounds look in their list: its columns, and how a round stands as a chip."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from cbo_desk.mail import RoundCard, RoundRow
from ui.kit.cells import Look
from ui.kit.chips import Status
from ui.kit.columns import Column
from ui.kit.phrases import day


def round_status(row: RoundRow | RoundCard) -> Status:
    """How a round stands."""
    if row.closed_at is not None:
        return Status(QCoreApplication.translate("mail", "Closed"), "ok", "circle-check")
    if row.left_at is not None:
        return Status(QCoreApplication.translate("mail", "Out"), "info", "footprints")
    return Status(QCoreApplication.translate("mail", "Being loaded"), "idle", "package-open")


def columns() -> tuple[Column, ...]:
    """What the list shows of each round."""
    return (
        Column(Look("number", "ref", 90), QCoreApplication.translate("mail", "Round"), lambda row: row.number),
        Column(
            Look("name", "text", 160, stretch=True),
            QCoreApplication.translate("mail", "Name"),
            lambda row: row.name,
            sort="name",
        ),
        Column(
            Look("messenger", "muted", 130, 2),
            QCoreApplication.translate("mail", "Messenger"),
            lambda row: row.messenger or "—",
        ),
        Column(
            Look("planned", "date", 110, 1),
            QCoreApplication.translate("mail", "Date"),
            lambda row: day(row.planned_on),
            sort="planned",
        ),
        Column(
            Look("state", "chip", 130),
            QCoreApplication.translate("mail", "Status"),
            lambda row: round_status(row).word,
            value=round_status,
        ),
    )
