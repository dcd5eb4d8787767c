"""The columns of the list of passes, and of the lines of one."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from ui.kit.cells import Look
from ui.kit.columns import Column
from ui.kit.phrases import day
from ui.property.gate.words import line_status, pass_status


def pass_columns() -> tuple[Column, ...]:
    """What the list shows of each pass."""
    return (
        Column(
            Look("reference", "ref", 92),
            QCoreApplication.translate("gate", "Pass"),
            lambda row: row.reference,
            sort="reference",
        ),
        Column(
            Look("bearer", "text", 150, stretch=True),
            QCoreApplication.translate("gate", "Bearer"),
            lambda row: row.bearer,
            sort="bearer",
        ),
        Column(
            Look("destination", "muted", 140, 5),
            QCoreApplication.translate("gate", "Destination"),
            lambda row: row.destination or "—",
        ),
        Column(
            Look("valid_until", "date", 104, 4),
            QCoreApplication.translate("gate", "Leaves until"),
            lambda row: day(row.valid_until),
            sort="valid_until",
        ),
        Column(
            Look("return_on", "date", 104, 2),
            QCoreApplication.translate("gate", "Back by"),
            lambda row: day(row.return_on) or "—",
            fault=lambda row: "bad" if row.overdue else "",
        ),
        Column(Look("lines", "num", 64, 3), QCoreApplication.translate("gate", "Lines"), lambda row: f"{row.lines:,}"),
        Column(
            Look("state", "chip", 120, 1),
            QCoreApplication.translate("gate", "State"),
            lambda row: pass_status(row).word,
            value=pass_status,
        ),
    )


def line_columns() -> tuple[Column, ...]:
    """What is shown of each thing on a pass."""
    return (
        Column(
            Look("number", "ref", 116, sortable=False),
            QCoreApplication.translate("gate", "Number"),
            lambda line: line.inventory_no or QCoreApplication.translate("gate", "Personal"),
        ),
        Column(
            Look("description", "text", 150, stretch=True, sortable=False),
            QCoreApplication.translate("gate", "Description"),
            lambda line: line.description if line.count == 1 else f"{line.count:,} × {line.description}",
            tip=lambda line: line.serial,
        ),
        Column(
            Look("state", "chip", 116, sortable=False),
            QCoreApplication.translate("gate", "State"),
            lambda line: line_status(line.state).word,
            value=lambda line: line_status(line.state),
        ),
    )


def late_columns() -> tuple[Column, ...]:
    """What is shown of each pass on which something is out too long."""
    return (
        Column(
            Look("reference", "ref", 116, sortable=False),
            QCoreApplication.translate("gate", "Pass"),
            lambda row: row.reference,
        ),
        Column(
            Look("bearer", "text", 180, stretch=True, sortable=False),
            QCoreApplication.translate("gate", "Bearer"),
            lambda row: row.bearer,
        ),
        Column(
            Look("out", "num", 96, 2, sortable=False),
            QCoreApplication.translate("gate", "Still out"),
            lambda row: f"{row.out:,}",
        ),
        Column(
            Look("return_on", "date", 130, 1, sortable=False),
            QCoreApplication.translate("gate", "Back by"),
            lambda row: day(row.return_on),
            fault=lambda row: "bad",
        ),
    )
