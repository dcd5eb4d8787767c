"""The forms of a place: add one, change one, move one into another."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QObject

from cbo_desk.changes import Changes
from cbo_desk.people import EntityRow, entities
from cbo_desk.places import INSIDE, Kind, PlaceCard, PlaceForm, add_place, edit_place, move_place, place_card
from ui import picks
from ui.bench import Bench
from ui.kit.dialogs import FormBox, open_form
from ui.kit.fields import Field, Pick
from ui.kit.forms import Form
from ui.kit.meeting import Edited, Save, Standing
from ui.places.kinds import kind_word

KIND = "places.place"
Done = Callable[[], object]
Failed = Callable[[Exception], object]


class PlaceForms(QObject):
    """Opens a place's forms over the window."""

    def __init__(self, bench: Bench, parent: QObject) -> None:
        super().__init__(parent)
        self._bench = bench

    def add(self, inside: PlaceCard | None, added: Callable[[Changes], object]) -> None:
        """Ask for a new place, offered inside the given one; `added` hears what came of it."""
        self._with_entities(lambda known: self._add(inside, known, added))

    def edit(self, card: PlaceCard) -> None:
        """Ask what is to be changed."""
        self._with_entities(lambda known: self._edit(card, known))

    def move(self, card: PlaceCard) -> None:
        """Ask where the place belongs."""
        field = Field("parent", self.tr("Into which place"), "pick", required=True, suggest=picks.places(self._bench))

        def saving(card: PlaceCard) -> Save:
            return self._saving(lambda v: (move_place, card.id, v["parent"].id, card.version))

        edited = self._bench.edited(self, KIND, card.id, place_card, lambda fresh: Standing({}, saving(fresh)))
        heading = self.tr("Move {code}").format(code=card.code)
        self._open(heading, self.tr("Move"), Form([field]), saving(card), edited)

    def _add(self, inside: PlaceCard | None, known: Sequence[EntityRow], added: Callable[[Changes], object]) -> None:
        where = Field(
            "parent",
            self.tr("Inside which place"),
            "pick",
            suggest=picks.places(self._bench),
            hint=self.tr("none for a site"),
        )
        form = Form([*self._fields(list(Kind), known), where], "places.place.new", self._bench.drafts)
        pick = Pick(inside.id, inside.code, inside.where) if inside else None
        form.set_values({"parent": pick, "kind": _kind_inside(inside)})

        def save(values: Mapping[str, Any], done: Done, failed: Failed) -> None:
            def finished(changes: Changes) -> None:
                done()
                added(changes)

            parent = values["parent"].id if values["parent"] else None
            self._bench.runner.write(add_place, _form_of(values), parent, done=finished, failed=failed)

        self._open(self.tr("Add a place"), self.tr("Add"), form, save)

    def _edit(self, card: PlaceCard, known: Sequence[EntityRow]) -> None:
        form = Form(self._fields(list(Kind), known), f"places.place.{card.id}", self._bench.drafts)
        form.set_values(_values_of(card))

        def saving(card: PlaceCard) -> Save:
            return self._saving(lambda v: (edit_place, card.id, _form_of(v), card.version))

        def standing(card: PlaceCard) -> Standing:
            return Standing(_values_of(card), saving(card))

        edited = self._bench.edited(self, KIND, card.id, place_card, standing)
        self._open(self.tr("Edit {code}").format(code=card.code), self.tr("Save"), form, saving(card), edited)

    def _fields(self, kinds: Sequence[Kind], known: Sequence[EntityRow]) -> list[Field]:
        occupiers = [(None, self.tr("Nobody in particular")), *((e.id, f"{e.code} · {e.name}") for e in known)]
        words = [(kind, kind_word(kind)) for kind in kinds]
        return [
            Field("code", self.tr("Code"), required=True, hint=self.tr("M-214, as it stands on the door")),
            Field("kind", self.tr("Kind"), "choice", required=True, choices=words, beside=True),
            Field("name", self.tr("Name"), hint=self.tr("Law Division, registry")),
            Field("area_m2", self.tr("Area in m²"), "number"),
            Field("occupier_id", self.tr("Occupier"), "choice", choices=occupiers, beside=True),
        ]

    def _with_entities(self, then: Callable[[Sequence[EntityRow]], None]) -> None:
        self._bench.runner.read(self, entities, done=then)

    def _saving(self, order: Callable[[Mapping[str, Any]], tuple[Any, ...]]) -> Save:
        def save(values: Mapping[str, Any], done: Done, failed: Failed) -> None:
            self._bench.runner.write(*order(values), done=lambda _changes: done(), failed=failed)

        return save

    def _open(self, heading: str, verb: str, form: Form, save: Save, edited: Edited | None = None) -> None:
        open_form(self._bench.shell, FormBox(heading, form, save, verb, edited=edited))


def _values_of(card: PlaceCard) -> dict[str, Any]:
    shown = card.form
    values = {"code": shown.code, "kind": Kind(shown.kind), "name": shown.name, "area_m2": shown.area_m2}
    return {**values, "occupier_id": shown.occupier_id}


def _kind_inside(inside: PlaceCard | None) -> Kind:
    """The kind of place that most often stands in another one: the one next smaller."""
    if inside is None:
        return Kind.SITE
    above = Kind(inside.kind)
    usual = {Kind.SITE: Kind.BUILDING, Kind.BUILDING: Kind.FLOOR, Kind.FLOOR: Kind.ROOM}
    return usual.get(above) or next((kind for kind in Kind if above in INSIDE[kind]), Kind.ROOM)


def _form_of(values: Mapping[str, Any]) -> PlaceForm:
    area = float(values["area_m2"]) if values["area_m2"] is not None else None
    return PlaceForm(str(values["code"]), str(values["kind"]), str(values["name"]), area, values["occupier_id"])
