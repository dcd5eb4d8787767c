"""The columns of the register."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from cbo_desk.property import AssetRow
from ui.kit.cells import Look
from ui.kit.columns import Column
from ui.kit.phrases import short_name, whole_money
from ui.property.states import status, word


def columns() -> tuple[Column, ...]:
    """What the register shows of each asset; the ones of high priority hide first where there is little room."""
    return (
        Column(
            Look("inventory_no", "ref", 126),
            QCoreApplication.translate("register", "Inventory no."),
            lambda row: row.inventory_no,
            sort="inventory_no",
        ),
        Column(
            Look("description", "text", 160, stretch=True),
            QCoreApplication.translate("register", "Description"),
            lambda row: row.description,
            sort="description",
        ),
        Column(
            Look("place", "muted", 82, 3),
            QCoreApplication.translate("register", "Place"),
            lambda row: row.place_code or "—",
            sort="place",
        ),
        Column(
            Look("custodian", "muted", 116, 4),
            QCoreApplication.translate("register", "Custodian"),
            lambda row: short_name(row.custodian_name) or "—",
            tip=lambda row: row.custodian_name,
            sort="custodian",
        ),
        Column(
            Look("entity", "muted", 96, 5),
            QCoreApplication.translate("register", "Entity"),
            lambda row: row.entity_code,
            sort="entity",
        ),
        Column(
            Look("serial", "muted", 100, 7),
            QCoreApplication.translate("register", "Serial"),
            lambda row: row.serial or "—",
            sort="serial",
        ),
        Column(
            Look("cost", "money", 84, 6),
            QCoreApplication.translate("register", "Cost"),
            _cost,
            tip=lambda row: row.currency,
            sort="cost",
        ),
        Column(
            Look("state", "chip", 158, 1),
            QCoreApplication.translate("register", "State"),
            lambda row: word(row.state),
            value=lambda row: status(row.state),
            sort="state",
        ),
    )


def _cost(row: AssetRow) -> str:
    return whole_money(row.cost_cents) if row.currency == "USD" else f"{whole_money(row.cost_cents)} {row.currency}"
