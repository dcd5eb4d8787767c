"""The columns of the lists of people and entities."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from cbo_desk.people import PersonRow
from ui.kit.cells import Look
from ui.kit.chips import Status
from ui.kit.columns import Column
from ui.kit.phrases import day


def people_columns() -> tuple[Column, ...]:
    """What the list shows of each person."""
    return (
        Column(
            Look("name", "ref", 190, stretch=True),
            QCoreApplication.translate("people", "Name"),
            lambda row: row.name,
            sort="name",
        ),
        Column(
            Look("entity", "text", 100),
            QCoreApplication.translate("people", "Entity"),
            lambda row: row.entity,
            sort="entity",
        ),
        Column(
            Look("unit", "muted", 150, 3),
            QCoreApplication.translate("people", "Unit"),
            lambda row: row.unit or "—",
            sort="unit",
        ),
        Column(
            Look("place", "muted", 84, 4), QCoreApplication.translate("people", "Place"), lambda row: row.place or "—"
        ),
        Column(
            Look("phone", "muted", 76, 6), QCoreApplication.translate("people", "Phone"), lambda row: row.phone or "—"
        ),
        Column(
            Look("index", "muted", 100, 5),
            QCoreApplication.translate("people", "Index no."),
            lambda row: row.index_number or "—",
            sort="index_number",
        ),
        Column(
            Look("here", "chip", 110, 1),
            QCoreApplication.translate("people", "Here"),
            lambda row: presence(row).word,
            value=presence,
        ),
    )


def presence(row: PersonRow) -> Status:
    """Whether somebody is on the compound."""
    if row.here:
        return Status(QCoreApplication.translate("people", "Here"), "ok", "circle-check")
    return Status(QCoreApplication.translate("people", "Has left"), "idle", "log-out")


def entity_columns() -> tuple[Column, ...]:
    """What the list shows of each client entity."""
    return (
        Column(
            Look("code", "ref", 120), QCoreApplication.translate("people", "Code"), lambda row: row.code, sort="code"
        ),
        Column(
            Look("name", "text", 240, stretch=True),
            QCoreApplication.translate("people", "Name"),
            lambda row: row.name,
            sort="name",
        ),
        Column(
            Look("people", "num", 80, 2), QCoreApplication.translate("people", "People"), lambda row: f"{row.people:,}"
        ),
        Column(
            Look("billing", "muted", 130, 4),
            QCoreApplication.translate("people", "Billing reference"),
            lambda row: row.billing_reference or "—",
        ),
        Column(
            Look("until", "date", 110, 3),
            QCoreApplication.translate("people", "Until"),
            lambda row: day(row.until) or "—",
        ),
    )
