"""What the lists of campaigns and of rooms show."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from cbo_desk.context import local
from ui.kit.cells import Look
from ui.kit.columns import Column
from ui.kit.phrases import day
from ui.property.counts import words


def campaign_columns() -> tuple[Column, ...]:
    """What the list shows of each campaign."""
    return (
        Column(
            Look("reference", "ref", 120),
            QCoreApplication.translate("counts", "Reference"),
            lambda row: row.reference,
            sort="reference",
        ),
        Column(
            Look("name", "text", 220, stretch=True),
            QCoreApplication.translate("counts", "Count"),
            lambda row: row.name,
            sort="name",
        ),
        Column(
            Look("state", "chip", 110, 1),
            QCoreApplication.translate("counts", "State"),
            lambda row: words.campaign_state(row).word,
            value=words.campaign_state,
        ),
        Column(
            Look("expected", "num", 96, 2),
            QCoreApplication.translate("counts", "Expected"),
            lambda row: f"{row.expected:,}",
        ),
        Column(
            Look("opened", "date", 116, 3),
            QCoreApplication.translate("counts", "Opened"),
            lambda row: day(local(row.opened_at).date()),
            sort="opened",
        ),
        Column(
            Look("by", "muted", 110, 5),
            QCoreApplication.translate("counts", "Opened by"),
            lambda row: row.opened_by,
        ),
        Column(
            Look("closed", "date", 116, 4),
            QCoreApplication.translate("counts", "Closed"),
            lambda row: day(local(row.closed_at).date()) if row.closed_at else "—",
        ),
    )


def room_columns() -> tuple[Column, ...]:
    """What the list shows of each room of a campaign."""
    return (
        Column(
            Look("room", "ref", 110, stretch=True),
            QCoreApplication.translate("counts", "Room"),
            lambda row: row.code or QCoreApplication.translate("counts", "No place"),
            sort="room",
        ),
        Column(
            Look("building", "text", 110, 4),
            QCoreApplication.translate("counts", "Building"),
            lambda row: " · ".join(part for part in (row.building, row.floor) if part) or "—",
            sort="place",
        ),
        Column(
            Look("state", "chip", 150, 1),
            QCoreApplication.translate("counts", "State"),
            lambda row: words.room_state(row).word,
            value=words.room_state,
        ),
        Column(
            Look("expected", "num", 88),
            QCoreApplication.translate("counts", "Expected"),
            lambda row: f"{row.expected:,}",
            sort="expected",
        ),
        Column(
            Look("found", "num", 70),
            QCoreApplication.translate("counts", "Found"),
            lambda row: f"{row.found:,}",
        ),
        Column(
            Look("elsewhere", "num", 88, 3),
            QCoreApplication.translate("counts", "Elsewhere"),
            lambda row: f"{row.elsewhere:,}",
        ),
        Column(
            Look("missing", "num", 76, 2),
            QCoreApplication.translate("counts", "Missing"),
            lambda row: f"{row.missing:,}",
        ),
        Column(
            Look("extra", "num", 104, 2),
            QCoreApplication.translate("counts", "Not expected"),
            lambda row: f"{row.not_expected:,}",
        ),
        Column(
            Look("by", "muted", 96, 5),
            QCoreApplication.translate("counts", "Counted by"),
            lambda row: row.counting_by or "—",
        ),
    )
