"""The columns of the list of requests."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from cbo_desk.context import local
from ui.kit.cells import Look
from ui.kit.columns import Column
from ui.transport.looks import row_status


def columns() -> tuple[Column, ...]:
    """What the list shows of each request; the ones of high priority hide first where there is little room."""
    return (
        Column(
            Look("reference", "ref", 70),
            QCoreApplication.translate("transport", "Ref"),
            lambda row: row.reference,
            sort="reference",
        ),
        Column(
            Look("pickup", "text", 62),
            QCoreApplication.translate("transport", "Pick-up"),
            lambda row: f"{local(row.pickup_from):%H:%M}",
            sort="pickup",
        ),
        Column(
            Look("route", "text", 176, stretch=True),
            QCoreApplication.translate("transport", "Route"),
            lambda row: row.route,
            sort="route",
        ),
        Column(
            Look("people", "num", 42, 5),
            QCoreApplication.translate("transport", "Pax"),
            lambda row: str(row.people),
            sort="people",
        ),
        Column(
            Look("requester", "muted", 118, 4),
            QCoreApplication.translate("transport", "Requester"),
            lambda row: f"{row.requester} ({row.entity})",
            sort="requester",
        ),
        Column(
            Look("vehicle", "muted", 118, 2),
            QCoreApplication.translate("transport", "Vehicle"),
            lambda row: row.vehicle or "—",
        ),
        Column(
            Look("driver", "muted", 84, 3),
            QCoreApplication.translate("transport", "Driver"),
            lambda row: row.driver or "—",
        ),
        Column(
            Look("state", "chip", 136, 1),
            QCoreApplication.translate("transport", "Status"),
            lambda row: row_status(row).word,
            value=row_status,
            sort="state",
        ),
    )
