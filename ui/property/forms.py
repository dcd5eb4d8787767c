"""The form of an asset: receive one or a delivery of many alike, or change what is written about one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from cbo_desk.errors import Refusal
from cbo_desk.people import EntityRow, entities
from cbo_desk.property import CONDITIONS, KIND, AssetCard, AssetForm, asset_card, categories, edit_asset, receive_assets
from ui import picks
from ui.bench import Bench
from ui.kit.dialogs import FormBox, open_form
from ui.kit.fields import Field, Pick
from ui.kit.forms import Form
from ui.kit.meeting import Save, Standing

Done = Callable[[], object]
Failed = Callable[[Exception], object]
Category = tuple[int, str, str]
if TYPE_CHECKING:
    from cbo_desk.property.fields import CustomField

    Fields = Mapping[int, Sequence[CustomField]]


class AssetForms(QObject):
    """Opens the asset's form, once entities and categories to choose from are known."""

    def __init__(self, bench: Bench, parent: QObject) -> None:
        super().__init__(parent)
        self._bench = bench
        self._own: Fields = {}

    def receive(self) -> None:
        """Ask for a delivery."""
        self._with_choices(self._receive)

    def edit(self, card: AssetCard) -> None:
        """Ask what is to be changed."""
        self._with_choices(lambda known, classes: self._edit(card, known, classes))

    def _with_choices(self, then: Callable[[Sequence[EntityRow], Sequence[Category]], None]) -> None:
        from cbo_desk.property.fields import all_fields  # a start does without custom fields

        read = self._bench.runner.read

        def go(known: Sequence[EntityRow], classes: Sequence[Category], fields: Fields) -> None:
            self._own = fields
            then(known, classes)

        def ask(known: Sequence[EntityRow]) -> None:
            read(self, categories, done=lambda classes: read(self, all_fields, done=partial(go, known, classes)))

        read(self, entities, done=ask)

    def _follow_category(self, form: Form, custom: Mapping[str, Any]) -> Callable[[], None]:
        """Show the fields of the category that is chosen in the form, now and whenever another one is."""
        from ui.property.custom_editors import editors_for, values_for

        def show() -> None:
            fields = self._own.get(form.editors["category_id"].value() or 0, [])
            form.put_last(editors_for(fields), values_for(fields, custom))

        form.editors["category_id"].edited.connect(show)
        show()
        return show

    def _receive(self, known: Sequence[EntityRow], classes: Sequence[Category]) -> None:
        if not known:
            raise Refusal(self.tr("There is no entity to own things yet. Press “Add an entity” on the People page."))
        more = Field(
            "more_numbers",
            self.tr("More inventory numbers, for several alike"),
            "long",
            self.tr("one a line"),
        )
        form = Form([*self._fields(known, classes), more], "property.asset.new", self._bench.drafts)
        form.set_values({"entity_id": known[0].id, "currency": "USD"})
        follow = self._follow_category(form, {})

        def save(values: Mapping[str, Any], done: Done, failed: Failed) -> None:
            asset = _form_of(values, AssetForm(0, "", ""))
            lines = [line.strip() for line in str(values["more_numbers"]).splitlines() if line.strip()]
            numbers = [asset.inventory_no, *lines] if lines else []
            self._bench.runner.write(receive_assets, asset, numbers, done=lambda _changes: done(), failed=failed)

        summary = self.tr("Each asset gets its tag at once; print them from the queue.")
        box = FormBox(self.tr("Receive assets"), form, save, self.tr("Receive"), summary=summary, width=640)
        follow()  # a draft that was put back may name another category
        open_form(self._bench.shell, box)

    def _edit(self, card: AssetCard, known: Sequence[EntityRow], classes: Sequence[Category]) -> None:
        form = Form(self._fields(known, classes), f"property.asset.{card.id}", self._bench.drafts)
        stands = _values_of(card)
        form.set_values({name: stands[name] for name in form.editors})
        follow = self._follow_category(form, card.form.custom)
        edited = self._bench.edited(self, KIND, card.id, asset_card, partial(self._standing, follow))
        heading = self.tr("Edit {number}").format(number=card.form.inventory_no)
        box = FormBox(heading, form, self._saving(card), self.tr("Save"), width=640, edited=edited)
        follow()  # a draft that was put back may name another category
        open_form(self._bench.shell, box)

    def _saving(self, card: AssetCard) -> Save:
        def save(values: Mapping[str, Any], done: Done, failed: Failed) -> None:
            order = (edit_asset, card.id, card.version, _form_of(values, card.form))
            self._bench.runner.write(*order, done=lambda _changes: done(), failed=failed)

        return save

    def _standing(self, follow: Callable[[], None], card: AssetCard) -> Standing:
        from ui.property.custom_editors import values_for

        custom = values_for(self._own.get(card.form.category_id or 0, []), card.form.custom)
        return Standing({**_values_of(card), **custom}, self._saving(card), then=follow)

    def _fields(self, known: Sequence[EntityRow], classes: Sequence[Category]) -> list[Field]:
        words = {"new": self.tr("New"), "good": self.tr("Good"), "fair": self.tr("Fair")}
        words |= {"poor": self.tr("Poor"), "broken": self.tr("Broken")}
        entities_shown = [(e.id, f"{e.code} · {e.name}") for e in known]
        conditions_shown = [(condition, words[condition]) for condition in CONDITIONS if condition]
        categories_shown = [(None, "—"), *((ident, name) for ident, _code, name in classes)]
        return [
            Field("entity_id", self.tr("Entity"), "choice", required=True, choices=entities_shown),
            Field("inventory_no", self.tr("Inventory number"), required=True, scans=True),
            Field("category_id", self.tr("Category"), "choice", choices=categories_shown, beside=True),
            Field("description", self.tr("Description"), required=True, hint=self.tr("Laptop, Dell Latitude 7450")),
            Field("maker", self.tr("Maker")),
            Field("model", self.tr("Model"), beside=True),
            Field("serial", self.tr("Serial number"), beside=True, scans=True),
            Field("cost_cents", self.tr("Cost"), "money"),
            Field("currency", self.tr("Currency"), beside=True, longest=3),
            Field("condition", self.tr("Condition"), "choice", choices=conditions_shown, beside=True),
            Field("acquired_on", self.tr("Acquired on"), "date"),
            Field("received_on", self.tr("Received on"), "date", beside=True),
            Field("warranty_until", self.tr("Warranty until"), "date", beside=True),
            Field("purchase_order", self.tr("Purchase order")),
            Field("fund", self.tr("Fund"), beside=True),
            Field(
                "useful_life_months",
                self.tr("Useful life, months"),
                "whole",
                hint=self.tr("that of its category"),
                beside=True,
            ),
            Field("parent_id", self.tr("Part of"), "pick", suggest=picks.assets(self._bench)),
            Field("place_id", self.tr("Place"), "pick", suggest=picks.places(self._bench)),
            Field("custodian_id", self.tr("Custodian"), "pick", suggest=picks.takers(self._bench), beside=True),
            Field("notes", self.tr("Notes"), "long"),
        ]


def _values_of(card: AssetCard) -> dict[str, Any]:
    form = card.form
    values: dict[str, Any] = {name: getattr(form, name) for name in form.__dataclass_fields__}
    values["condition"] = form.condition or None
    values["cost_cents"] = Decimal(form.cost_cents) / 100  # in whole units, under the name by which rules refuse it
    values["place_id"] = Pick(form.place_id, card.place, card.place_words) if form.place_id else None
    whole = card.parent
    values["parent_id"] = Pick(whole.id, whole.inventory_no, whole.description) if whole else None
    values["custodian_id"] = Pick(form.custodian_id, card.custodian, card.custodian_unit) if form.custodian_id else None
    return values


def _form_of(values: Mapping[str, Any], before: AssetForm) -> AssetForm:
    """The form's values over what stood there before; parts the form does not show stay as they are."""
    shown = {name: values[name] for name in before.__dataclass_fields__ if name in values}
    for name in ("place_id", "custodian_id", "parent_id"):
        shown[name] = values[name].id if values[name] else None
    shown["condition"] = values["condition"] or ""
    shown["cost_cents"] = round((values["cost_cents"] or Decimal(0)) * 100)
    shown["currency"] = str(values["currency"]).strip().upper() or "USD"
    if any(name.startswith("custom.") for name in values):
        from ui.property.custom_editors import custom_of

        shown["custom"] = custom_of(values, before.custom)
    return replace(before, **shown)
