"""What can be looked up of maintenance: the figures of the page and of Today, and what an asset's upkeep has cost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cbo_desk.context import today
from cbo_desk.errors import Refusal
from cbo_desk.permissions import reads
from cbo_desk.property.maintenance.commands import plan_form, work_form
from cbo_desk.property.maintenance.lists import PlanList, PlanRow, RepairList, RepairRow, Warranties, WarrantyList
from cbo_desk.property.maintenance.rules import PlanForm, WorkForm, days_out
from db.maintenance import AssetRepair, ServiceDone, ServicePlan


@dataclass(frozen=True)
class UpkeepFigures:
    """The page in numbers: services due within 30 days and late ones, repairs under way, warranties by their days."""

    due: int
    late: int
    repairs: int
    warranties: dict[Warranties, int]


@reads("property", "look at maintenance")
def upkeep_figures(session: Session) -> UpkeepFigures:
    """Count what is due."""
    due = PlanList(which="due")
    late = [line for line in due.first(session) if line.row.days < 0]
    which: tuple[Warranties, ...] = ("ended", "30", "60", "90")
    return UpkeepFigures(
        due.count(session),
        len(late),
        RepairList(which="open").count(session),
        {one: WarrantyList(which=one).count(session) for one in which},
    )


@dataclass(frozen=True)
class Serviced:
    """A service that was done; money in whole cents."""

    id: int
    name: str
    done_on: date
    supplier: str
    cost_cents: int
    currency: str
    note: str
    at: datetime


@dataclass(frozen=True)
class Upkeep:
    """All of an asset's maintenance: what is planned, what was done, and the totals by currency in whole cents."""

    plans: tuple[PlanRow, ...]
    services: tuple[Serviced, ...]
    repairs: tuple[RepairRow, ...]
    cost: dict[str, int]
    days_out: int


@reads("property", "look at maintenance")
def upkeep_of(session: Session, asset_id: int) -> Upkeep:
    """What was planned, serviced and repaired of an asset, the newest first, and what it came to."""
    from db.maintenance import ServicePlan

    plans = tuple(line.row for line in PlanList(asset_id=asset_id).first(session))
    repairs = tuple(line.row for line in RepairList(asset_id=asset_id).first(session))
    wanted = (
        select(ServiceDone, ServicePlan.name)
        .join(ServicePlan, ServicePlan.id == ServiceDone.plan_id)
        .where(ServiceDone.asset_id == asset_id, ServiceDone.taken_back.is_(False))
        .order_by(ServiceDone.done_on.desc(), ServiceDone.id.desc())
    )
    done = tuple(
        Serviced(one.id, name, one.done_on, one.supplier, one.cost_cents, one.currency, one.note, one.at)
        for one, name in session.execute(wanted)
    )
    return Upkeep(plans, done, repairs, _cost(session, asset_id), _days(session, asset_id))


def _cost(session: Session, asset_id: int) -> dict[str, int]:
    found: dict[str, int] = {}
    for table, more in ((ServiceDone, ServiceDone.taken_back.is_(False)), (AssetRepair, AssetRepair.id > 0)):
        sums = select(table.currency, func.sum(table.cost_cents)).where(table.asset_id == asset_id, more)
        for currency, cents in session.execute(sums.group_by(table.currency)):
            if cents:
                found[currency] = found.get(currency, 0) + int(cents)
    return found


def _days(session: Session, asset_id: int) -> int:
    spans = session.execute(
        select(AssetRepair.began_on, AssetRepair.ended_on).where(AssetRepair.asset_id == asset_id)
    ).all()
    return sum(days_out(began, ended, today(session)) for began, ended in spans)


@reads("property", "look at service plans")
def plan_now(session: Session, plan_id: int) -> tuple[int, PlanForm]:
    """A service plan's version, and what is written of it."""
    row = session.get(ServicePlan, plan_id)
    if row is None:
        raise Refusal("This service plan is no longer there.")
    return row.version, plan_form(row)


@reads("property", "look at repairs")
def repair_now(session: Session, repair_id: int) -> tuple[int, WorkForm]:
    """A repair's version, and what is written of it."""
    row = session.get(AssetRepair, repair_id)
    if row is None:
        raise Refusal("This repair is no longer there.")
    return row.version, work_form(row)
