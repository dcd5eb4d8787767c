"""The columns of the list of disposal cases."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from cbo_desk.context import clock, local
from cbo_desk.property.disposal import CaseRow
from ui.kit.cells import Look
from ui.kit.chips import Status
from ui.kit.columns import Column
from ui.kit.phrases import day, whole_money
from ui.property.disposal.words import case_status, state_word


def case_columns() -> tuple[Column, ...]:
    """What the list shows of each case."""
    return (
        Column(
            Look("reference", "ref", 102),
            QCoreApplication.translate("disposal", "Case"),
            lambda row: row.reference,
            sort="reference",
        ),
        Column(
            Look("reason", "text", 160, stretch=True, sortable=False),
            QCoreApplication.translate("disposal", "Reason"),
            lambda row: row.reason,
        ),
        Column(
            Look("entity", "muted", 92, 4, sortable=False),
            QCoreApplication.translate("disposal", "Entity"),
            lambda row: row.entity,
        ),
        Column(
            Look("items", "num", 64, 3, sortable=False),
            QCoreApplication.translate("disposal", "Items"),
            lambda row: f"{row.items:,}",
        ),
        Column(
            Look("value", "money", 100, 5, sortable=False),
            QCoreApplication.translate("disposal", "Value USD"),
            lambda row: whole_money(row.value),
        ),
        Column(
            Look("due", "date", 104, 2, sortable=False),
            QCoreApplication.translate("disposal", "Due"),
            lambda row: day(row.due_on) or "—",
        ),
        Column(
            Look("state", "chip", 136, 1),
            QCoreApplication.translate("disposal", "State"),
            lambda row: state_word(row.state),
            value=_status,
            sort="state",
        ),
    )


def _status(row: CaseRow) -> Status:
    return case_status(row.state, row.due_on, local(clock()).date())
