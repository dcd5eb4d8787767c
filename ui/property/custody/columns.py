"""The columns of custody's lists."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QCoreApplication

from cbo_desk.property import State
from ui.kit.cells import Look
from ui.kit.chips import Status
from ui.kit.columns import Column
from ui.property.states import status, word


def trolley_columns() -> tuple[Column, ...]:
    """What the list of a handover shows of each scan."""
    return (
        Column(
            Look("number", "ref", 140),
            QCoreApplication.translate("custody", "Inventory no."),
            lambda scan: scan.item.inventory_no if scan.item else scan.text,
        ),
        Column(
            Look("description", "text", 170, 2),
            QCoreApplication.translate("custody", "Description"),
            lambda scan: scan.item.description if scan.item else "—",
        ),
        Column(
            Look("now", "chip", 150, 3),
            QCoreApplication.translate("custody", "Now"),
            lambda scan: word(State(scan.item.state)) if scan.item else "",
            value=lambda scan: status(State(scan.item.state)) if scan.item else None,
        ),
        Column(
            Look("goes", "chip", 118),
            QCoreApplication.translate("custody", "Goes along"),
            lambda scan: _goes(scan).word,
            value=_goes,
        ),
        Column(
            Look("why", "text", 220, stretch=True),
            QCoreApplication.translate("custody", "Why not"),
            lambda scan: scan.why,
            fault=lambda scan: "bad" if scan.why else "",
            tip=lambda scan: scan.why,
        ),
    )


def _goes(scan: Any) -> Status:
    if scan.goes:
        return Status(QCoreApplication.translate("custody", "Yes"), "ok", "circle-check")
    return Status(QCoreApplication.translate("custody", "Refused"), "bad", "circle-x")
