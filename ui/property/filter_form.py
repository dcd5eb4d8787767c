"""The form that narrows the register: state, entity, place and all below it, custodian, category, cost, dates, tags."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from cbo_desk.errors import Faults
from cbo_desk.people import EntityRow, entities
from cbo_desk.places import way_to
from cbo_desk.property import AssetFilter, State, categories
from ui import picks
from ui.bench import Bench
from ui.kit.dialogs import FormBox, open_form
from ui.kit.fields import Field, Pick
from ui.kit.forms import Form
from ui.property.states import word

if TYPE_CHECKING:
    from cbo_desk.property.fields import CustomField

Done = Callable[[], object]
Failed = Callable[[Exception], object]
Names = dict[str, str]
STANDING, ATTENTION = "standing", "attention"
WAITING = (State.MISSING, State.UNDER_REPAIR)


class FilterForm(QObject):
    """Opens the form over the filter in force; `show(filter, names)` is told the new one."""

    def __init__(self, bench: Bench, show: Callable[[AssetFilter, Names], object], parent: QObject) -> None:
        super().__init__(parent)
        self._bench, self._show = bench, show
        self._fields_known: Mapping[str, CustomField] = {}

    def open(self, wanted: AssetFilter, names: Mapping[str, str]) -> None:
        """Ask what the list is to be narrowed to."""
        read = self._bench.runner.read

        from cbo_desk.property.fields import fields_by_key  # a start does without custom fields

        def known(found: Sequence[EntityRow]) -> None:
            read(self, categories, done=partial(ask, found))

        def ask(found: Sequence[EntityRow], classes: Sequence[tuple[int, str, str]]) -> None:
            def go(fields: Mapping[str, CustomField]) -> None:
                self._fields_known = fields
                self._open(wanted, dict(names), found, classes)

            read(self, fields_by_key, done=go)

        read(self, entities, done=known)

    def _open(
        self, wanted: AssetFilter, names: Names, known: Sequence[EntityRow], classes: Sequence[tuple[int, str, str]]
    ) -> None:
        form = Form(self._fields(known, classes))
        form.set_values({name: value for name, value in _values(wanted, names).items() if name in form.editors})
        called = {ident: name for ident, _code, name in classes}

        def save(values: Mapping[str, Any], done: Done, failed: Failed) -> None:
            try:
                found = _filter_of(values, wanted, self.tr("From is more than to. Turn them round."))
                found = replace(found, custom=self._asked(values))
            except Faults as faults:
                failed(faults)
                return
            said = {"custodian_id": values["custodian"].name} if values["custodian"] else {}
            said |= {one.name: one.form.label for one in self._fields_known.values()}
            said |= {"categories": ", ".join(called.get(ident, "…") for ident in found.categories)}
            place = values["place"]
            if place is None or place.id == wanted.place_path:
                self._say(found, {**names, **said}, done)
                return
            below = partial(self._below, found, {**names, **said, "place_path": place.name}, done)
            self._bench.runner.read(self, way_to, place.id, done=below, failed=failed)

        open_form(self._bench.shell, FormBox(self.tr("Filter assets"), form, save, self.tr("Show"), width=600))

    def _asked(self, values: Mapping[str, Any]) -> tuple[tuple[str, str, Any], ...]:
        """What the form asks of a custom field; raises `Faults` for what the field's kind cannot read."""
        from cbo_desk.property.fields.asking import asked_of
        from cbo_desk.tabular import Wrong

        field = self._fields_known.get(values.get("custom_key") or "")
        if field is None:
            return ()
        try:
            return asked_of(field, values["custom_first"], values["custom_last"])
        except Wrong as wrong:
            raise Faults({"custom_first": wrong.what_to_do}) from wrong

    def _below(self, found: AssetFilter, names: Names, done: Done, way: Sequence[int]) -> None:
        self._say(replace(found, place_path="/" + "".join(f"{ident}/" for ident in way)), names, done)

    def _say(self, found: AssetFilter, names: Names, done: Done) -> None:
        done()
        self._show(found, names)

    def _fields(self, known: Sequence[EntityRow], classes: Sequence[tuple[int, str, str]]) -> list[Field]:
        states: list[tuple[Any, str]] = [
            (STANDING, self.tr("Not disposed")),
            (ATTENTION, self.tr("Missing or in repair")),
        ]
        states += [(str(state), word(state)) for state in State if state is not State.TAKEN_BACK]
        codes = [(one.code, f"{one.code} · {one.name}") for one in known]
        kinds = [(ident, name) for ident, _code, name in classes]
        return [
            Field("state", self.tr("State"), "choice", choices=states),
            Field("entity", self.tr("Entity"), "choice", choices=codes, beside=True),
            Field("place", self.tr("Place, with all below it"), "pick", suggest=picks.places(self._bench)),
            Field("custodian", self.tr("Custodian"), "pick", suggest=picks.people(self._bench), beside=True),
            Field("category", self.tr("Category"), "choice", choices=kinds),
            Field("cost_from", self.tr("Cost from"), "money"),
            Field("cost_to", self.tr("Cost to"), "money", beside=True),
            Field("acquired_from", self.tr("Acquired from"), "date"),
            Field("acquired_to", self.tr("Acquired to"), "date", beside=True),
            Field("warranty_to", self.tr("Warranty ends by"), "date"),
            Field("never_printed", self.tr("Tag never printed"), "yes"),
            *self._custom_fields(),
        ]

    def _custom_fields(self) -> list[Field]:
        """One field of the categories' own, and what is asked of it; none where there are no such fields."""
        if not self._fields_known:
            return []
        own = [(key, one.title) for key, one in self._fields_known.items()]
        return [
            Field("custom_key", self.tr("Field of a category"), "choice", choices=own),
            Field("custom_first", self.tr("Holds, or from"), beside=True),
            Field("custom_last", self.tr("To"), beside=True),
        ]


def _values(wanted: AssetFilter, names: Mapping[str, str]) -> dict[str, Any]:
    """The filter as the form shows it. The place's own path stands for its id until another one is chosen."""
    state: str | None = STANDING if wanted.without_disposed else None
    if wanted.states:
        state = ATTENTION if set(wanted.states) == set(WAITING) else str(wanted.states[0])
    path, person = wanted.place_path, wanted.custodian_id
    return {
        "state": state,
        "entity": wanted.entities[0] if wanted.entities else None,
        "place": Pick(path, names.get("place_path", "…")) if path else None,
        "custodian": Pick(person, names.get("custodian_id", "…")) if person is not None else None,
        "category": wanted.categories[0] if wanted.categories else None,
        "custom_key": wanted.custom[0][0] if wanted.custom else None,
        "custom_first": next((_word(value) for _key, how, value in wanted.custom if how != "to"), ""),
        "custom_last": next((_word(value) for _key, how, value in wanted.custom if how in ("to", "is")), ""),
        "cost_from": _money(wanted.cost_from),
        "cost_to": _money(wanted.cost_to),
        **{name: getattr(wanted, name) for name in ("acquired_from", "acquired_to", "warranty_to", "never_printed")},
    }


def _filter_of(values: Mapping[str, Any], before: AssetFilter, turned: str) -> AssetFilter:
    """The filter that the form says; raises `Faults` where a range runs backwards."""
    faults = {
        f"{name}_to": turned
        for name in ("cost", "acquired")
        if (low := values[f"{name}_from"]) is not None and (high := values[f"{name}_to"]) is not None and low > high
    }
    if faults:
        raise Faults(faults)
    state = values["state"]
    states = {None: (), STANDING: (), ATTENTION: WAITING}
    place = values["place"]
    return AssetFilter(
        words=before.words,
        entities=(values["entity"],) if values["entity"] else (),
        states=states[state] if state in states else (State(state),),
        without_disposed=state == STANDING,
        place_path=before.place_path if place is not None else "",
        custodian_id=values["custodian"].id if values["custodian"] else None,
        categories=(values["category"],) if values["category"] is not None else (),
        cost_from=_cents(values["cost_from"]),
        cost_to=_cents(values["cost_to"]),
        warranty_to=values["warranty_to"],
        acquired_from=values["acquired_from"],
        acquired_to=values["acquired_to"],
        never_printed=values["never_printed"],
    )


def _word(value: Any) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def _money(cents: int | None) -> Decimal | None:
    return None if cents is None else Decimal(cents) / 100


def _cents(amount: Decimal | None) -> int | None:
    return None if amount is None else round(amount * 100)
