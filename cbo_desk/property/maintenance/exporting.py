"""The lists of maintenance as tables for a file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cbo_desk.office import Office
from cbo_desk.paging import PAGE, PagedList
from cbo_desk.property.maintenance.lists import PlanRow, RepairRow, WarrantyRow
from cbo_desk.tabular import Column

PLANS = (
    Column("Inventory no."),
    Column("Description"),
    Column("Place"),
    Column("Service"),
    Column("Every months", "integer"),
    Column("Due", "date"),
    Column("Days", "integer"),
    Column("Supplier"),
    Column("Note"),
)
REPAIRS = (
    Column("Inventory no."),
    Column("Description"),
    Column("Entity"),
    Column("Under repair since", "date"),
    Column("Back on", "date"),
    Column("Days out", "integer"),
    Column("What was broken"),
    Column("Supplier"),
    Column("Cost", "money"),
    Column("Currency"),
    Column("Note"),
)
WARRANTIES = (
    Column("Inventory no."),
    Column("Description"),
    Column("Maker"),
    Column("Serial"),
    Column("Entity"),
    Column("Place"),
    Column("Custodian"),
    Column("Warranty until", "date"),
    Column("Days", "integer"),
)


def rows(office: Office, listing: PagedList[Any]) -> Iterator[tuple[Any, ...]]:
    """Every line of one of the lists in its order, page by page."""
    for start in office.read(listing.outline).starts:
        for line in office.read(listing.page, start, PAGE):
            yield _cells(line.row)


def _cells(row: PlanRow | RepairRow | WarrantyRow) -> tuple[Any, ...]:
    if isinstance(row, PlanRow):
        form = row.form
        return (
            row.inventory_no, row.description, row.place_code, form.name, form.every_months, form.next_due, row.days,
            form.supplier, form.note,
        )  # fmt: skip
    if isinstance(row, RepairRow):
        work = row.form
        return (
            row.inventory_no, row.description, row.entity_code, row.began_on, row.ended_on, row.days, work.fault,
            work.supplier, work.cost_cents / 100, work.currency, work.note,
        )  # fmt: skip
    return (
        row.inventory_no, row.description, row.maker, row.serial, row.entity_code, row.place_code, row.custodian_name,
        row.until, row.days,
    )  # fmt: skip
