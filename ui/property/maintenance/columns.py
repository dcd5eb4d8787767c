"""The columns of the lists of maintenance."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from cbo_desk.plurals import Count
from cbo_desk.property.maintenance import PlanRow, RepairRow, WarrantyRow
from ui.kit.cells import Look
from ui.kit.chips import Status
from ui.kit.columns import Column
from ui.kit.phrases import day, short_name, whole_money

_SOON = 30


def _asset(stretch: bool = True, number_sort: str = "", words_sort: str = "") -> tuple[Column, Column]:
    number = Look("inventory_no", "ref", 132, sortable=bool(number_sort))
    words = Look("description", "text", 150, stretch=stretch, sortable=bool(words_sort))
    return (
        Column(
            number,
            QCoreApplication.translate("maintenance", "Inventory no."),
            lambda row: row.inventory_no,
            sort=number_sort,
        ),
        Column(
            words,
            QCoreApplication.translate("maintenance", "Description"),
            lambda row: row.description,
            sort=words_sort,
        ),
    )


def rhythm(months: int | None) -> str:
    """How often a service comes, in words."""
    if months is None:
        return QCoreApplication.translate("maintenance", "once")
    if months == 12:
        return QCoreApplication.translate("maintenance", "every year")
    if months == 1:
        return QCoreApplication.translate("maintenance", "every month")
    return QCoreApplication.translate("maintenance", "every {count:month|months}").format(count=Count(months))


def in_days(days: int, ended: bool = False) -> Status:
    """How far off a day is, as a chip: red where it is over, amber within thirty days."""
    if ended:
        return Status(QCoreApplication.translate("maintenance", "Ended"), "idle", "archive")
    if days < 0:
        words = QCoreApplication.translate("maintenance", "{count:day|days} late").format(count=Count(-days))
        return Status(words, "bad", "clock-alert")
    if days == 0:
        return Status(QCoreApplication.translate("maintenance", "Today"), "warn", "hourglass")
    words = QCoreApplication.translate("maintenance", "in {count:day|days}").format(count=Count(days))
    return Status(words, "warn" if days <= _SOON else "idle", "hourglass")


def _until(days: int) -> Status:
    """How long a warranty still lasts: one that is over is nobody's fault, so it is grey."""
    if days >= 0:
        return in_days(days)
    words = QCoreApplication.translate("maintenance", "Ended {count:day|days} ago").format(count=Count(-days))
    return Status(words, "idle", "archive")


def plan_columns() -> tuple[Column, ...]:
    """What the list shows of each service plan."""
    return (
        *_asset(),
        Column(
            Look("name", "text", 150, 2),
            QCoreApplication.translate("maintenance", "Service"),
            lambda row: row.form.name,
            sort="name",
        ),
        Column(
            Look("rhythm", "muted", 110, 4, sortable=False),
            QCoreApplication.translate("maintenance", "How often"),
            lambda row: rhythm(row.form.every_months),
        ),
        Column(
            Look("place", "muted", 84, 5, sortable=False),
            QCoreApplication.translate("maintenance", "Place"),
            lambda row: row.place_code or "—",
        ),
        Column(
            Look("due", "date", 104, 3),
            QCoreApplication.translate("maintenance", "Due"),
            lambda row: day(row.form.next_due),
            sort="next_due",
        ),
        Column(
            Look("days", "chip", 140, 1, sortable=False),
            QCoreApplication.translate("maintenance", "When"),
            lambda row: in_days(row.days, row.ended).word,
            value=_plan_status,
        ),
    )


def _plan_status(row: PlanRow) -> Status:
    return in_days(row.days, row.ended)


def repair_columns() -> tuple[Column, ...]:
    """What the list shows of each repair."""
    return (
        *_asset(),
        Column(
            Look("fault", "muted", 150, 3, sortable=False),
            QCoreApplication.translate("maintenance", "What was broken"),
            lambda row: row.form.fault or "—",
        ),
        Column(
            Look("supplier", "muted", 110, 4),
            QCoreApplication.translate("maintenance", "Supplier"),
            lambda row: row.form.supplier or "—",
            sort="supplier",
        ),
        Column(
            Look("cost", "money", 104, 5),
            QCoreApplication.translate("maintenance", "Cost"),
            _cost,
            sort="cost",
        ),
        Column(
            Look("began", "date", 104, 2),
            QCoreApplication.translate("maintenance", "Since"),
            lambda row: day(row.began_on),
            sort="began_on",
        ),
        Column(
            Look("days", "chip", 150, 1, sortable=False),
            QCoreApplication.translate("maintenance", "Out of use"),
            lambda row: repair_status(row).word,
            value=repair_status,
        ),
    )


def _cost(row: RepairRow) -> str:
    return f"{whole_money(row.form.cost_cents)} {row.form.currency}" if row.form.cost_cents else "—"


def repair_status(row: RepairRow) -> Status:
    """How long an asset has been out of use, amber while it still is."""
    words = QCoreApplication.translate("maintenance", "{count:day|days}").format(count=Count(row.days))
    return Status(words, "warn", "wrench") if row.ended_on is None else Status(words, "idle", "circle-check")


def warranty_columns() -> tuple[Column, ...]:
    """What the radar shows of each warranty."""
    return (
        *_asset(number_sort="inventory_no", words_sort="description"),
        Column(
            Look("serial", "muted", 100, 6, sortable=False),
            QCoreApplication.translate("maintenance", "Serial"),
            lambda row: row.serial or "—",
        ),
        Column(
            Look("entity", "muted", 92, 5),
            QCoreApplication.translate("maintenance", "Entity"),
            lambda row: row.entity_code,
            sort="entity",
        ),
        Column(
            Look("place", "muted", 84, 3),
            QCoreApplication.translate("maintenance", "Place"),
            lambda row: row.place_code or "—",
            sort="place",
        ),
        Column(
            Look("custodian", "muted", 110, 4),
            QCoreApplication.translate("maintenance", "Custodian"),
            lambda row: short_name(row.custodian_name) or "—",
            tip=lambda row: row.custodian_name,
            sort="custodian",
        ),
        Column(
            Look("until", "date", 104, 2),
            QCoreApplication.translate("maintenance", "Until"),
            lambda row: day(row.until),
            sort="until",
        ),
        Column(
            Look("days", "chip", 156, 1, sortable=False),
            QCoreApplication.translate("maintenance", "When"),
            lambda row: _until(row.days).word,
            value=_warranty_status,
        ),
    )


def _warranty_status(row: WarrantyRow) -> Status:
    return _until(row.days)
