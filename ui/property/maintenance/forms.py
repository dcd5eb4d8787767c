"""The forms of maintenance: planning a service, noting one that was done, noting a repair, asking for a reminder."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from PySide6.QtCore import QObject

from cbo_desk.changes import Changes
from cbo_desk.context import clock, local
from cbo_desk.errors import Refusal
from cbo_desk.plurals import Count
from cbo_desk.property.maintenance import (
    PLAN,
    REPAIR,
    PlanForm,
    PlanRow,
    RepairRow,
    Warranties,
    WorkForm,
    change_plan,
    note_repair,
    plan_now,
    plan_service,
    record_service,
    remind_of_warranties,
    repair_now,
)
from cbo_desk.property.picking import PickedAsset, pick_assets
from ui.bench import Bench
from ui.kit.dialogs import Done, Failed, FormBox, open_form
from ui.kit.fields import Field
from ui.kit.forms import Form
from ui.kit.meeting import Edited, Save, Standing
from ui.property.scanned_form import open_scanned_form

Order = Callable[[dict[str, Any]], tuple[Any, ...]]


class MaintenanceForms(QObject):
    """Opens them over the page."""

    def __init__(self, bench: Bench, parent: QObject) -> None:
        super().__init__(parent)
        self._bench = bench

    def ask_assets(self) -> None:
        """Ask which assets are to be serviced, by number or scan."""
        hint = self.tr("scan them, or type one number a line")
        form = Form([Field("asset_ids", self.tr("Assets"), "long", hint, required=True)])

        def save(values: Mapping[str, Any], done: Done, failed: Failed) -> None:
            def go(found: list[PickedAsset]) -> None:
                if not found:
                    failed(Refusal(self.tr("Scan or type at least one asset."), "asset_ids"))
                    return
                done()
                self.plan_for([one.id for one in found], found[0].inventory_no)

            self._bench.runner.read(self, pick_assets, values["asset_ids"].splitlines(), done=go, failed=failed)

        box = FormBox(self.tr("Which assets are serviced?"), form, save, self.tr("Next"))
        open_scanned_form(self._bench, box, "asset_ids")

    def plan_for(self, ids: Sequence[int], number: str = "") -> None:
        """Ask for a service plan of some assets; `number` is the inventory number of the only one."""
        what = number if len(ids) == 1 and number else self.tr("{count:asset|assets}").format(count=Count(len(ids)))
        self.plan(ids, what)

    def plan(self, ids: Sequence[int], what: str) -> None:
        """Ask for a service plan of some assets."""
        form = Form(self._plan_fields(), "property.service_plan.new", self._bench.drafts)
        form.set_values({"next_due": local(clock()).date()})
        heading = self.tr("Plan a service for {what}").format(what=what)
        self._open(heading, self.tr("Plan"), form, lambda v: (plan_service, tuple(ids), _plan_of(v)))

    def change(self, row: PlanRow) -> None:
        """Ask what is to be changed of a plan."""
        form = Form(self._plan_fields())
        form.set_values(_plan_values(row.form))

        def order(version: int) -> Order:
            return lambda v: (change_plan, row.id, version, _plan_of(v))

        def standing(now: tuple[int, PlanForm]) -> Standing:
            return Standing(_plan_values(now[1]), self._saving(order(now[0])))

        heading = self.tr("Change the service plan of {number}").format(number=row.inventory_no)
        edited = self._bench.edited(self, PLAN, row.id, plan_now, standing)
        self._open(heading, self.tr("Save"), form, order(row.version), edited)

    def done(self, row: PlanRow) -> None:
        """Ask when a service was done, by whom and for how much."""
        day = Field("done_on", self.tr("Done on"), "date", required=True)
        form = Form([day, *self._work_fields()])
        form.set_values({"done_on": local(clock()).date(), "supplier": row.form.supplier, "currency": "USD"})
        heading = self.tr("{service} of {number} was done").format(service=row.form.name, number=row.inventory_no)
        order: Order = lambda v: (record_service, row.id, v["done_on"], _work_of(v))  # noqa: E731
        self._open(heading, self.tr("Record"), form, order)

    def repair(self, row: RepairRow) -> None:
        """Ask what was broken, who repairs, and what it costs."""
        fault = Field("fault", self.tr("What was broken"), hint=self.tr("Does not start"))
        form = Form([fault, *self._work_fields()])
        form.set_values(_work_values(row.form))

        def order(version: int) -> Order:
            return lambda v: (note_repair, row.id, version, _work_of(v))

        def standing(now: tuple[int, WorkForm]) -> Standing:
            return Standing(_work_values(now[1]), self._saving(order(now[0])))

        heading = self.tr("Repair of {number}").format(number=row.inventory_no)
        edited = self._bench.edited(self, REPAIR, row.id, repair_now, standing)
        self._open(heading, self.tr("Save"), form, order(row.version), edited)

    def remind(self, which: Warranties) -> None:
        """Ask whom to remind of which warranties."""
        choices = [
            ("30", self.tr("End within 30 days")),
            ("60", self.tr("End within 60 days")),
            ("90", self.tr("End within 90 days")),
            ("ended", self.tr("Have ended")),
        ]
        fields = [
            Field("to", self.tr("To which address"), required=True, hint="property@example.org"),
            Field("which", self.tr("Which warranties"), "choice", required=True, choices=choices),
        ]
        form = Form(fields)
        form.set_values({"which": which if which != "all" else "90"})
        order: Order = lambda v: (remind_of_warranties, v["to"], v["which"])  # noqa: E731
        self._open(self.tr("Remind of warranties"), self.tr("Queue message"), form, order)

    def _plan_fields(self) -> list[Field]:
        return [
            Field("name", self.tr("What is done"), required=True, hint=self.tr("Change oil and filters")),
            Field("next_due", self.tr("Due on"), "date", required=True),
            Field("every_months", self.tr("Every so many months"), "whole", self.tr("empty: once"), beside=True),
            Field("supplier", self.tr("Who does it")),
            Field("note", self.tr("Note"), "long"),
        ]

    def _work_fields(self) -> list[Field]:
        return [
            Field("supplier", self.tr("Supplier")),
            Field("cost_cents", self.tr("Cost"), "money"),
            Field("currency", self.tr("Currency"), beside=True, longest=3),
            Field("note", self.tr("Note"), "long"),
        ]

    def _open(self, heading: str, verb: str, form: Form, order: Order, edited: Edited | None = None) -> None:
        open_form(self._bench.shell, FormBox(heading, form, self._saving(order), verb, edited=edited))

    def _saving(self, order: Order) -> Save:
        def save(values: dict[str, Any], done: Done, failed: Failed) -> None:
            def told(_changes: Changes) -> None:
                done()

            self._bench.runner.write(*order(values), done=told, failed=failed)

        return save


def _plan_values(plan: PlanForm) -> dict[str, Any]:
    months = None if plan.every_months is None else Decimal(plan.every_months)
    return {**{name: getattr(plan, name) for name in ("name", "next_due", "supplier", "note")}, "every_months": months}


def _work_values(work: WorkForm) -> dict[str, Any]:
    cost = Decimal(work.cost_cents) / 100 if work.cost_cents else None
    return {"fault": work.fault, "supplier": work.supplier, "cost_cents": cost, "currency": work.currency,
            "note": work.note}  # fmt: skip


def _plan_of(values: dict[str, Any]) -> PlanForm:
    return PlanForm(values["name"], values["next_due"], values["every_months"], values["supplier"], values["note"])


def _work_of(values: dict[str, Any]) -> WorkForm:
    cents = round((values["cost_cents"] or Decimal(0)) * 100)
    currency = values["currency"].strip().upper() or "USD"
    return WorkForm(values["supplier"], cents, currency, values["note"], values.get("fault", ""))
