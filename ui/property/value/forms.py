"""The forms of value: a policy and a rate of exchange, each from a day on and with its source."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from PySide6.QtCore import QObject

from cbo_desk.context import clock, local
from cbo_desk.people import EntityRow, entities
from cbo_desk.property import categories
from cbo_desk.property.value import (
    FirstMonth,
    LastMonth,
    Method,
    PolicyForm,
    policy_stands,
    rate_stands,
    set_rate,
    set_value_policy,
)
from ui.bench import Bench
from ui.kit.dialogs import Done, Failed, FormBox, open_form
from ui.kit.fields import Field
from ui.kit.forms import Form
from ui.kit.replacing import Replacing

_MICROS = 1_000_000


class ValueForms(QObject):
    """Opens them over the page."""

    def __init__(self, bench: Bench, parent: QObject) -> None:
        super().__init__(parent)
        self._bench = bench

    def policy(self) -> None:
        """Ask for a policy once the entities and classes are read."""
        read = self._bench.runner.read
        read(self, entities, done=lambda known: read(self, categories, done=lambda some: self._policy(known, some)))

    def rate(self) -> None:
        """Ask for a rate."""
        fields = [
            Field("currency", self.tr("Currency"), required=True, hint="KES", longest=3),
            Field("per_usd", self.tr("1 USD is"), "money", required=True, beside=True),
            Field("valid_from", self.tr("Valid from"), "date", required=True, beside=True),
            Field("source", self.tr("Source"), required=True, hint=self.tr("UN operational rates of exchange")),
        ]
        form = Form(fields, "property.rate", self._bench.drafts)
        form.set_values({"valid_from": local(clock()).date()})
        replacing = Replacing(self._bench.runner, self, rate_stands)

        def save(values: dict[str, Any], done: Done, failed: Failed) -> None:
            micros = int((values["per_usd"] or Decimal(0)) * _MICROS)
            place = (values["currency"], values["valid_from"])
            order = (set_rate, *place, micros, values["source"])
            replacing.write(place, *order, done=done, failed=failed, field="valid_from")

        open_form(self._bench.shell, FormBox(self.tr("Add a rate of exchange"), form, save, self.tr("Save")))

    def _policy(self, known: Sequence[EntityRow], classes: Sequence[tuple[int, str, str]]) -> None:
        methods = [(Method.STRAIGHT_LINE, self.tr("Straight line")), (Method.NONE, self.tr("Loses no value"))]
        first = [
            (FirstMonth.FULL, self.tr("Whole")),
            (FirstMonth.HALF, self.tr("Half")),
            (FirstMonth.NEXT, self.tr("From the next one")),
        ]
        last = [
            (LastMonth.NONE, self.tr("Not charged")),
            (LastMonth.HALF, self.tr("Half")),
            (LastMonth.FULL, self.tr("Whole")),
        ]
        every = self.tr("Every one")
        fields = [
            Field("entity_id", self.tr("Entity"), "choice", choices=[(None, every), *((e.id, e.code) for e in known)]),
            Field(
                "category_id",
                self.tr("Class"),
                "choice",
                choices=[(None, every), *((ident, name) for ident, _code, name in classes)],
                beside=True,
            ),
            Field("valid_from", self.tr("Valid from"), "date", required=True, beside=True),
            Field("method", self.tr("Method"), "choice", choices=methods),
            Field("life_months", self.tr("Life in months"), "whole", self.tr("the class's own"), beside=True),
            Field("residual", self.tr("Residual value in %"), "number", beside=True),
            Field("first_month", self.tr("Month of acquisition"), "choice", choices=first),
            Field("last_month", self.tr("Month of disposal"), "choice", choices=last, beside=True),
            Field("grouped", self.tr("Group items: tracked whatever one costs"), "yes"),
            Field("source", self.tr("Where this is written"), required=True, hint="ST/AI/2015/4"),
        ]
        form = Form(fields, "property.value_policy", self._bench.drafts)
        day = local(clock()).date()
        form.set_values(
            {
                "valid_from": day,
                "method": Method.STRAIGHT_LINE,
                "residual": 0,
                "first_month": FirstMonth.FULL,
                "last_month": LastMonth.NONE,
            }
        )

        replacing = Replacing(self._bench.runner, self, policy_stands)

        def save(values: dict[str, Any], done: Done, failed: Failed) -> None:
            life = values["life_months"]
            policy = PolicyForm(
                values["valid_from"],
                values["entity_id"],
                values["category_id"],
                Method(values["method"]),
                life,
                int((values["residual"] or Decimal(0)) * 100),
                FirstMonth(values["first_month"]),
                LastMonth(values["last_month"]),
                bool(values["grouped"]),
                values["source"],
            )
            place = (policy.entity_id, policy.category_id, policy.valid_from)
            replacing.write(place, set_value_policy, policy, done=done, failed=failed, field="valid_from")

        summary = self.tr("It counts from the month of its day on. What was charged before stays charged.")
        box = FormBox(self.tr("Set a policy of value"), form, save, self.tr("Save"), summary=summary, width=620)
        open_form(self._bench.shell, box)
