"""The forms of a person and of a client entity."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from PySide6.QtCore import QObject

from cbo_desk.changes import Changes
from cbo_desk.context import clock, local
from cbo_desk.errors import Refusal
from cbo_desk.people import (
    ENTITY,
    PERSON,
    EntityCard,
    EntityForm,
    EntityRow,
    PersonCard,
    PersonForm,
    add_entity,
    add_person,
    edit_entity,
    edit_person,
    entities,
    entity_card,
    leave,
    person_card,
)
from ui import picks
from ui.bench import Bench
from ui.kit.dialogs import FormBox, open_form
from ui.kit.fields import Field, Pick
from ui.kit.forms import Form
from ui.kit.meeting import Edited, Save, Standing

Done = Callable[[], object]
Failed = Callable[[Exception], object]
Order = Callable[[dict[str, Any]], tuple[Any, ...]]
Added = Callable[[Changes], object]


class PeopleForms(QObject):
    """Opens the forms over the window; each save is one command."""

    def __init__(self, bench: Bench, parent: QObject) -> None:
        super().__init__(parent)
        self._bench = bench

    def add_person(self, added: Added) -> None:
        """Ask for somebody new; `added` hears what came of it."""
        self._with_entities(lambda known: self._add_person(known, added))

    def edit_person(self, card: PersonCard) -> None:
        """Ask what is to be changed."""
        self._with_entities(lambda known: self._edit_person(card, known))

    def leave(self, card: PersonCard) -> None:
        """Ask for somebody's last day."""
        form = Form([Field("until", self.tr("Last day on the compound"), "date", required=True)])
        today = local(clock()).date()
        form.set_values({"until": today})
        heading = self.tr("{name} leaves").format(name=card.spoken)

        def order(card: PersonCard) -> Order:
            return lambda v: (leave, card.id, v["until"], card.version)

        def standing(card: PersonCard) -> Standing:
            return Standing({"until": card.form.until or today}, self._saving(order(card)))

        edited = self._bench.edited(self, PERSON, card.id, person_card, standing)
        self._open(heading, self.tr("Save"), form, order(card), edited=edited)

    def add_entity(self, added: Added) -> None:
        """Ask for a new client entity; `added` hears what came of it."""
        form = Form(self._entity_fields(), "people.entity.new", self._bench.drafts)
        self._open(self.tr("Add an entity"), self.tr("Add"), form, lambda v: (add_entity, EntityForm(**v)), added)

    def edit_entity(self, card: EntityCard) -> None:
        """Ask what is to be changed."""
        form = Form(self._entity_fields(), f"people.entity.{card.id}", self._bench.drafts)
        form.set_values(asdict(card.form))

        def order(card: EntityCard) -> Order:
            return lambda v: (edit_entity, card.id, EntityForm(**v), card.version)

        def standing(card: EntityCard) -> Standing:
            return Standing(asdict(card.form), self._saving(order(card)))

        heading = self.tr("Edit {code}").format(code=card.form.code)
        edited = self._bench.edited(self, ENTITY, card.id, entity_card, standing)
        self._open(heading, self.tr("Save"), form, order(card), edited=edited)

    def _add_person(self, known: Sequence[EntityRow], added: Added) -> None:
        if not known:
            raise Refusal(self.tr("Add the entity that people belong to first."))
        form = Form(self._person_fields(known), "people.person.new", self._bench.drafts)
        form.set_values({"entity_id": known[0].id})
        self._open(self.tr("Add a person"), self.tr("Add"), form, lambda v: (add_person, _person(v)), added)

    def _edit_person(self, card: PersonCard, known: Sequence[EntityRow]) -> None:
        form = Form(self._person_fields(known), f"people.person.{card.id}", self._bench.drafts)
        form.set_values(_values_of(card))

        def order(card: PersonCard) -> Order:
            return lambda v: (edit_person, card.id, _person(v), card.version)

        def standing(card: PersonCard) -> Standing:
            return Standing(_values_of(card), self._saving(order(card)))

        heading = self.tr("Edit {name}").format(name=card.spoken)
        edited = self._bench.edited(self, PERSON, card.id, person_card, standing)
        self._open(heading, self.tr("Save"), form, order(card), edited=edited)

    def _person_fields(self, known: Sequence[EntityRow]) -> list[Field]:
        codes = [(entity.id, f"{entity.code} · {entity.name}") for entity in known]
        return [
            Field("family_name", self.tr("Family name"), required=True),
            Field("given_name", self.tr("Given name"), beside=True),
            Field("entity_id", self.tr("Entity"), "choice", required=True, choices=codes),
            Field("unit", self.tr("Unit")),
            Field("index_number", self.tr("Index number"), beside=True),
            Field("email", self.tr("E-mail")),
            Field("phone", self.tr("Phone"), beside=True),
            Field("place_id", self.tr("Place"), "pick", suggest=picks.places(self._bench)),
            Field("since", self.tr("First day"), "date"),
            Field("until", self.tr("Last day"), "date", beside=True),
        ]

    def _entity_fields(self) -> list[Field]:
        return [
            Field("code", self.tr("Code"), required=True, hint="UNEP"),
            Field("name", self.tr("Name"), required=True),
            Field("billing_reference", self.tr("Billing reference")),
            Field("since", self.tr("Since"), "date"),
            Field("until", self.tr("Until"), "date", beside=True),
        ]

    def _with_entities(self, then: Callable[[Sequence[EntityRow]], None]) -> None:
        self._bench.runner.read(self, entities, done=then)

    def _open(
        self, heading: str, verb: str, form: Form, order: Order, then: Added = lambda _changes: None,
        edited: Edited | None = None,
    ) -> None:  # fmt: skip
        open_form(self._bench.shell, FormBox(heading, form, self._saving(order, then), verb, edited=edited))

    def _saving(self, order: Order, then: Added = lambda _changes: None) -> Save:
        def save(values: dict[str, Any], done: Done, failed: Failed) -> None:
            def finished(changes: Changes) -> None:
                done()
                then(changes)

            command, *args = order(values)
            self._bench.runner.write(command, *args, done=finished, failed=failed)

        return save


def _values_of(card: PersonCard) -> dict[str, Any]:
    place = Pick(card.form.place_id, card.place) if card.form.place_id else None
    return {**asdict(card.form), "place_id": place}


def _person(values: Mapping[str, Any]) -> PersonForm:
    place = values["place_id"]
    return PersonForm(**{**values, "place_id": place.id if place else None})
