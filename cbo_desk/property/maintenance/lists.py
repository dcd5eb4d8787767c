"""The lists of maintenance: what is due for service, repairs with cost and downtime, and warranties that end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from cbo_desk.context import today
from cbo_desk.paging import PagedList, Sort
from cbo_desk.permissions import reads
from cbo_desk.property.maintenance.commands import PLAN, REPAIR, plan_form, work_form
from cbo_desk.property.maintenance.rules import SOON_DAYS, PlanForm, WorkForm, days_out
from cbo_desk.property.rules import State
from cbo_desk.property.touching import KIND
from db.maintenance import AssetRepair, ServicePlan
from db.property import Asset

_GONE = (State.DISPOSED, State.TAKEN_BACK)
Plans = Literal["due", "all", "ended"]
Repairs = Literal["open", "all"]
Warranties = Literal["ended", "30", "60", "90", "all"]


@dataclass(frozen=True)
class PlanRow:
    """One service plan with its asset; `days` until it is due, below zero where it is late."""

    id: int
    asset_id: int
    inventory_no: str
    description: str
    place_code: str
    form: PlanForm
    ended: bool
    version: int
    days: int


@dataclass(frozen=True)
class RepairRow:
    """One repair with its asset; `days` out of use, up to today while it is under way."""

    id: int
    asset_id: int
    inventory_no: str
    description: str
    entity_code: str
    began_on: date
    ended_on: date | None
    form: WorkForm
    version: int
    days: int


@dataclass(frozen=True)
class WarrantyRow:
    """One asset whose warranty ends or has ended; `days` until then, below zero where it has."""

    id: int
    inventory_no: str
    description: str
    maker: str
    serial: str
    entity_code: str
    place_code: str
    custodian_name: str
    until: date
    days: int


def _holding(words: str, *columns: Any) -> list[ColumnElement[bool]]:
    """Every word stands in one of the columns, without regard to case."""
    return [or_(*(column.icontains(word, autoescape=True) for column in columns)) for word in words.split()[:8]]


class _Found(PagedList[Any]):
    """A list that its filter makes short: found by its indexes and sorted, never walked along an order."""

    def is_long(self, session: Session) -> bool:
        """Never."""
        return False

    def _read(self, session: Session, wanted: Any) -> Any:
        self._today = today(session)
        return super()._read(session, wanted)


PLAN_SORTS: dict[str, Any] = {"next_due": ServicePlan.next_due, "name": ServicePlan.name}


@reads("property", "look at service plans")
class PlanList(_Found):
    """Service plans, those due within 30 days, all that go on, or those that have ended; the earliest first."""

    kind = PLAN

    def __init__(
        self, words: str = "", sort: str = "next_due", descending: bool = False, which: Plans = "all", asset_id: int = 0
    ) -> None:
        self.which = which
        self._asset_id = asset_id
        self._words = words
        lines = select(
            ServicePlan.id, ServicePlan, Asset.inventory_no, Asset.description, Asset.place_code
        ).join(Asset, Asset.id == ServicePlan.asset_id)  # fmt: skip
        where = ServicePlan.ended.is_(which == "ended")
        super().__init__(lines, ServicePlan.id, Sort((PLAN_SORTS[sort], ServicePlan.id), descending), where)

    def condition(self, session: Session) -> ColumnElement[bool]:
        """Of the wanted kind, of assets that are still there, holding the words."""
        assets = select(Asset.id).where(Asset.id == ServicePlan.asset_id, Asset.state.not_in(_GONE))
        parts = [self._where, assets.correlate(ServicePlan).exists()]
        if self.which == "due":
            parts.append(ServicePlan.next_due <= today(session) + timedelta(days=SOON_DAYS))
        if self._asset_id:
            parts.append(ServicePlan.asset_id == self._asset_id)
        if self._words.split():
            columns = (ServicePlan.name, ServicePlan.supplier, Asset.inventory_no, Asset.description)
            held = select(Asset.id).where(Asset.id == ServicePlan.asset_id, *_holding(self._words, *columns))
            parts.append(held.correlate(ServicePlan).exists())
        return and_(*parts)

    def row_of(self, values: Any) -> PlanRow:
        """One line."""
        plan = values[1]
        days = (plan.next_due - self._today).days
        return PlanRow(
            plan.id, plan.asset_id, values[2], values[3], values[4], plan_form(plan), plan.ended, plan.version, days
        )


REPAIR_SORTS: dict[str, Any] = {
    "began_on": AssetRepair.began_on, "cost": AssetRepair.cost_cents, "supplier": AssetRepair.supplier
}  # fmt: skip


@reads("property", "look at repairs")
class RepairList(_Found):
    """Repairs, those under way or all; the newest first."""

    kind = REPAIR

    def __init__(
        self, words: str = "", sort: str = "began_on", descending: bool = True, which: Repairs = "all",
        asset_id: int = 0,
    ) -> None:  # fmt: skip
        self.which, self._words = which, words
        columns = (AssetRepair.id, AssetRepair, Asset.inventory_no, Asset.description, Asset.entity_code)
        lines = select(*columns).join(Asset, Asset.id == AssetRepair.asset_id)
        parts: list[ColumnElement[bool]] = [AssetRepair.id > 0]
        if which == "open":
            parts.append(AssetRepair.ended_on.is_(None))
        if asset_id:
            parts.append(AssetRepair.asset_id == asset_id)
        if words.split():
            held = (AssetRepair.fault, AssetRepair.supplier, AssetRepair.note, Asset.inventory_no, Asset.description)
            some = select(Asset.id).where(Asset.id == AssetRepair.asset_id, *_holding(words, *held))
            parts.append(some.correlate(AssetRepair).exists())
        order = Sort((REPAIR_SORTS[sort], AssetRepair.id), descending)
        super().__init__(lines, AssetRepair.id, order, and_(*parts))

    def row_of(self, values: Any) -> RepairRow:
        """One line."""
        row = values[1]
        days = days_out(row.began_on, row.ended_on, self._today)
        return RepairRow(
            row.id, row.asset_id, values[2], values[3], values[4], row.began_on, row.ended_on, work_form(row),
            row.version, days,
        )  # fmt: skip


_WARRANTY = (
    Asset.id, Asset.inventory_no, Asset.description, Asset.maker, Asset.serial, Asset.entity_code, Asset.place_code,
    Asset.custodian_name, Asset.warranty_until,
)  # fmt: skip
WARRANTY_SORTS: dict[str, Any] = {
    "until": Asset.warranty_until, "inventory_no": Asset.inventory_no, "description": Asset.description,
    "entity": Asset.entity_code, "place": Asset.place_code, "custodian": Asset.custodian_name,
}  # fmt: skip


@reads("property", "look at warranties")
class WarrantyList(_Found):
    """Assets whose warranty ends within 30, 60 or 90 days, has ended, or all that have one; the earliest first."""

    kind = KIND

    def __init__(
        self, words: str = "", sort: str = "until", descending: bool = False, which: Warranties = "90"
    ) -> None:
        self.which = which
        held = (Asset.inventory_no, Asset.description, Asset.maker, Asset.serial, Asset.entity_code, Asset.place_code)
        where = and_(
            Asset.warranty_until.is_not(None),
            Asset.state.not_in(_GONE),
            *_holding(words, *held, Asset.custodian_name),
        )
        super().__init__(select(*_WARRANTY), Asset.id, Sort((WARRANTY_SORTS[sort], Asset.id), descending), where)

    def condition(self, session: Session) -> ColumnElement[bool]:
        """Of the wanted days."""
        day = today(session)
        if self.which == "all":
            return self._where
        if self.which == "ended":
            return and_(self._where, Asset.warranty_until < day)
        last = day + timedelta(days=int(self.which))
        return and_(self._where, Asset.warranty_until >= day, Asset.warranty_until <= last)

    def row_of(self, values: Any) -> WarrantyRow:
        """One line."""
        parts: tuple[Any, ...] = tuple(values[: len(_WARRANTY)])
        whole = (*parts, (parts[-1] - self._today).days)
        return WarrantyRow(*whole)
