"""Service plans, services done, and what repairs cost; repairs begin and end with the state, in the database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from cbo_desk.changes import Changes, Deed
from cbo_desk.context import actor, now, today
from cbo_desk.errors import Faults, Refusal
from cbo_desk.permissions import deed
from cbo_desk.property.maintenance import rules
from cbo_desk.property.maintenance.rules import PlanForm, WorkForm
from cbo_desk.property.touching import KIND as ASSET
from cbo_desk.property.touching import assets_of, check_not_ended, tell, these
from cbo_desk.versions import check_version
from db.maintenance import AssetRepair, ServiceDone, ServicePlan
from db.property import Asset

PLAN = "property.service_plan"
REPAIR = "property.repair"
_LABELS = {"name": "what is done", "next_due": "the day it is due", "every_months": "how often", "ended": "its end"}
_REPAIR_LABELS = {"fault": "what was broken", "supplier": "who repairs", "cost_cents": "the cost", "note": "the note"}


@deed("property.plan_service", "plan services")
def plan_service(session: Session, asset_ids: Sequence[int], form: PlanForm) -> Changes:
    """Plan a service for one asset, or the same for each of several."""
    rules.check_plan(form)
    assets = assets_of(session, asset_ids)
    for asset in assets:
        check_not_ended(asset)
    plans = [ServicePlan(asset_id=asset.id, **_written(form)) for asset in assets]
    session.add_all(plans)
    session.flush()
    tell(session, assets, "planned", f"Service planned: {form.name.strip()}, due on {form.next_due:%-d %b %Y}.")
    ids = tuple(plan.id for plan in plans)
    said = f"{these(assets)}: {form.name.strip()} is due on {form.next_due:%-d %B %Y}."
    return Changes(PLAN, ids, said, Deed(end_plans, (ids,)), {ASSET: tuple(asset.id for asset in assets)})


@deed("property.change_plan", "plan services")
def change_plan(session: Session, plan_id: int, version: int, form: PlanForm) -> Changes:
    """Change what a plan says and when it is due."""
    rules.check_plan(form)
    plan = _plan(session, plan_id)
    check_version(session, plan, version, plan.name, _LABELS)
    before = plan_form(plan)
    for name, value in _written(form).items():
        setattr(plan, name, value)
    session.flush()
    back = Deed(change_plan, (plan_id, plan.version, before))
    return Changes(PLAN, (plan_id,), f"{plan.name} is due on {plan.next_due:%-d %B %Y}.", back, _asset_of(plan))


@deed("property.end_plans", "plan services")
def end_plans(session: Session, plan_ids: Sequence[int], ended: bool = True) -> Changes:
    """No longer ask for services, or ask for them again; what was done stays."""
    plans = [_plan(session, plan_id) for plan_id in plan_ids]
    for plan in plans:
        if plan.ended == ended:
            raise Refusal(f"{plan.name} has {'ended' if ended else 'not ended'} already.")
        plan.ended = ended
    session.flush()
    what = plans[0].name if len(plans) == 1 else f"{len(plans):,} service plans"
    said = f"{what}: ended." if ended else f"{what}: goes on."
    touched = {ASSET: tuple(plan.asset_id for plan in plans)}
    return Changes(PLAN, tuple(plan_ids), said, Deed(end_plans, (tuple(plan_ids), not ended)), touched)


@deed("property.record_service", "record services")
def record_service(session: Session, plan_id: int, done_on: date, form: WorkForm) -> Changes:
    """Note that a planned service was done; the plan is due anew from that day on, one that was for once has ended."""
    rules.check_work(form)
    if done_on > today(session):
        raise Faults({"done_on": "This day is still to come."})
    plan = _plan(session, plan_id)
    if plan.ended:
        raise Refusal(f"{plan.name} has ended. Plan a new service first.")
    row = ServiceDone(
        plan_id=plan.id, asset_id=plan.asset_id, done_on=done_on, due_before=plan.next_due, at=now(session),
        by=actor(session).login, supplier=form.supplier.strip(), cost_cents=form.cost_cents, currency=form.currency,
        note=form.note.strip(),
    )  # fmt: skip
    session.add(row)
    due = rules.due_after(done_on, plan.every_months)
    plan.ended, plan.next_due = due is None, due or plan.next_due
    session.flush()
    asset = session.get_one(Asset, plan.asset_id)
    by = f" by {row.supplier}" if row.supplier else ""
    tell(session, [asset], "serviced", f"Serviced on {done_on:%-d %b %Y}{by}: {plan.name}.")
    after = f" Due again on {due:%-d %B %Y}." if due else ""
    said = f"{asset.inventory_no}: {plan.name} done.{after}"
    return Changes(PLAN, (plan.id,), said, Deed(take_back_service, (row.id,)), _asset_of(plan))


@deed("property.take_back_service", "record services")
def take_back_service(session: Session, done_id: int) -> Changes:
    """Undo `record_service`, as long as it is the last one noted for its plan: the plan is due as it was before."""
    row = session.get(ServiceDone, done_id)
    if row is None or row.taken_back:
        raise Refusal("This service was taken back already.")
    later = select(ServiceDone.id).where(
        ServiceDone.plan_id == row.plan_id, ServiceDone.id > done_id, ServiceDone.taken_back.is_(False)
    )
    if session.scalar(later.limit(1)) is not None:
        raise Refusal("A later service has been noted since. Take that one back first.")
    plan = _plan(session, row.plan_id)
    row.taken_back, plan.next_due, plan.ended = True, row.due_before, False
    session.flush()
    tell(session, [session.get_one(Asset, plan.asset_id)], "put_back", f"The service was taken back: {plan.name}.")
    work = WorkForm(row.supplier, row.cost_cents, row.currency, row.note)
    again = Deed(record_service, (plan.id, row.done_on, work))
    return Changes(PLAN, (plan.id,), f"{plan.name}: not done after all.", again, _asset_of(plan))


@deed("property.note_repair", "note repairs")
def note_repair(session: Session, repair_id: int, version: int, form: WorkForm) -> Changes:
    """Note what was broken, who repairs, and what it costs; while the repair is under way or afterwards."""
    rules.check_work(form)
    row = session.get(AssetRepair, repair_id, with_for_update=True)
    if row is None:
        raise Refusal("This repair is no longer there: the asset was put back to before it.")
    check_version(session, row, version, "This repair", _REPAIR_LABELS)
    before = work_form(row)
    row.fault, row.supplier, row.note = form.fault.strip(), form.supplier.strip(), form.note.strip()
    row.cost_cents, row.currency = form.cost_cents, form.currency
    session.flush()
    asset = session.get_one(Asset, row.asset_id)
    back = Deed(note_repair, (repair_id, row.version, before))
    return Changes(REPAIR, (repair_id,), f"{asset.inventory_no}: repair noted.", back, {ASSET: (asset.id,)})


def plan_form(plan: ServicePlan) -> PlanForm:
    """A plan as a plain value."""
    return PlanForm(plan.name, plan.next_due, plan.every_months, plan.supplier, plan.note)


def work_form(row: AssetRepair) -> WorkForm:
    """What is noted of a repair, as a plain value."""
    return WorkForm(row.supplier, row.cost_cents, row.currency, row.note, row.fault)


def _written(form: PlanForm) -> dict[str, object]:
    return {
        "name": form.name.strip(),
        "every_months": form.every_months,
        "next_due": form.next_due,
        "supplier": form.supplier.strip(),
        "note": form.note.strip(),
    }


def _plan(session: Session, plan_id: int) -> ServicePlan:
    plan = session.get(ServicePlan, plan_id, with_for_update=True)
    if plan is None:
        raise Refusal("This service plan is no longer there.")
    return plan


def _asset_of(plan: ServicePlan) -> dict[str, tuple[int, ...]]:
    return {ASSET: (plan.asset_id,)}
