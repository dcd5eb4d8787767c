"""Other desks lead to the register: all assets of a place and below it, of a person, of an entity."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from cbo_desk.people import EntityCard, PersonCard, entity_card, person_card
from cbo_desk.places import PlaceCard, place_card
from cbo_desk.property import AssetFilter
from ui.kit.runner import Runner

Show = Callable[[AssetFilter, dict[str, str]], object]


class Leads(QObject):
    """Turns a record of another desk into the filter that shows its assets; `show` is told it."""

    def __init__(self, runner: Runner, show: Show, parent: QObject) -> None:
        super().__init__(parent)
        self._runner, self._show = runner, show

    def follow(self, kind: str, ident: int) -> bool:
        """Show the assets of a record; False where its kind holds none."""
        if kind == "places.place":
            self._runner.read(self, place_card, ident, done=self._of_place)
        elif kind == "people.person":
            self._runner.read(self, person_card, ident, done=self._of_person)
        elif kind == "people.entity":
            self._runner.read(self, entity_card, ident, done=self._of_entity)
        elif kind == "property.category":
            self._show(AssetFilter(categories=(ident,), without_disposed=True), {})
        else:
            return False
        return True

    def _of_place(self, card: PlaceCard) -> None:
        path = "/" + "".join(f"{ident}/" for ident, _code in card.way)
        self._show(AssetFilter(place_path=path, without_disposed=True), {"place_path": card.code})

    def _of_person(self, card: PersonCard) -> None:
        self._show(AssetFilter(custodian_id=card.id), {"custodian_id": card.name})

    def _of_entity(self, card: EntityCard) -> None:
        self._show(AssetFilter(entities=(card.form.code,), without_disposed=True), {})
