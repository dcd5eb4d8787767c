"""The forms of a space: a new one, its words, its layouts and seats, and the days on which it is closed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

from PySide6.QtCore import QObject

from cbo_desk.changes import Changes
from cbo_desk.conference import (
    LayoutForm,
    Slot,
    SpaceCard,
    SpaceForm,
    add_layout,
    add_space,
    change_capacity,
    close_cells,
    edit_space,
    space_card,
)
from cbo_desk.conference.rules import KINDS
from cbo_desk.conference.spaces import SPACE
from cbo_desk.context import ZONE
from cbo_desk.errors import Faults
from ui import picks
from ui.bench import Bench
from ui.conference.forms import clock_time, whole
from ui.conference.looks import kind_word
from ui.kit.dialogs import FormBox, open_form
from ui.kit.fields import Field, Pick
from ui.kit.forms import Form
from ui.kit.meeting import Edited, Save, Standing

Order = Callable[[dict[str, Any]], tuple[Callable[..., Changes], tuple[Any, ...]]]
"""What a form orders: a command with its arguments; Faults beside what cannot be read."""


def ask(
    bench: Bench, heading: str, verb: str, fields: list[Field], order: Order, edited: Edited | None = None,
    **values: Any,
) -> None:  # fmt: skip
    """Open a form that orders one command."""
    form = Form(fields)
    form.set_values(values)
    open_form(bench.shell, FormBox(heading, form, saving(bench, order), verb, edited=edited))


def saving(bench: Bench, order: Order) -> Save:
    """A save that orders one command."""

    def save(given: dict[str, Any], done: Callable[[], object], failed: Callable[[Exception], object]) -> None:
        try:
            command, args = order(given)
        except Faults as faults:
            failed(faults)
            return
        bench.runner.write(command, *args, done=lambda _changes: done(), failed=failed)

    return save


def _written(card: SpaceCard) -> dict[str, Any]:
    """What is written about a space, as its form shows it."""
    return {
        "name": card.name, "booths": card.booths, "features": card.features, "equipment": card.equipment,
        "place": Pick(card.place_id, card.place, card.where) if card.place_id else None,
    }  # fmt: skip


class SpaceForms(QObject):
    """Opens them."""

    def __init__(self, bench: Bench, parent: QObject) -> None:
        super().__init__(parent)
        self._bench = bench

    def add(self) -> None:
        """Ask for a new space with its first layout."""
        fields = [
            Field("code", self.tr("Code"), required=True, hint="CR-2"),
            Field("name", self.tr("Name"), required=True, beside=True),
            Field("cells", self.tr("Floor areas"), required=True, hint=self.tr("2, or 2, 3 for rooms that are joined")),
            Field("booths", self.tr("Fixed booths"), "number", beside=True),
            *self._door_fields(),
            *self._layout_fields(),
        ]

        def order(given: dict[str, Any]) -> tuple[Callable[..., Changes], tuple[Any, ...]]:
            cells = tuple(part for part in given["cells"].replace(",", " ").split())
            booths = whole(given["booths"], "booths") if given["booths"] else 0
            made = SpaceForm(
                given["code"], given["name"], cells, (self._layout(given),), None, booths, given["features"],
                given["equipment"], given["place"].id if given["place"] else None,
            )  # fmt: skip
            return add_space, (made,)

        ask(self._bench, self.tr("Add a space"), self.tr("Add"), fields, order, kind="classroom")

    def edit(self, card: SpaceCard) -> None:
        """Ask for a space's words, its door and what is built into it."""
        fields = [
            Field("name", self.tr("Name"), required=True),
            Field("booths", self.tr("Fixed booths"), "whole", beside=True),
            *self._door_fields(),
        ]

        def order_of(version: int) -> Order:
            def order(given: dict[str, Any]) -> tuple[Callable[..., Changes], tuple[Any, ...]]:
                place = given["place"].id if given["place"] else None
                words = (given["name"], given["booths"] or 0, given["features"], given["equipment"], place)
                return edit_space, (card.id, version, *words)

            return order

        def standing(now: SpaceCard) -> Standing:
            return Standing(_written(now), saving(self._bench, order_of(now.version)))

        heading = self.tr("Edit {space}").format(space=card.code)
        edited = self._bench.edited(self, SPACE, card.id, space_card, standing)
        ask(self._bench, heading, self.tr("Save"), fields, order_of(card.version), edited, **_written(card))

    def add_layout(self, card: SpaceCard) -> None:
        """Ask for a further layout."""
        ident = card.id
        heading = self.tr("Add a layout to {space}").format(space=card.name)
        order: Order = lambda given: (add_layout, (ident, self._layout(given)))  # noqa: E731
        ask(self._bench, heading, self.tr("Add"), self._layout_fields(), order)

    def change_capacity(self, card: SpaceCard) -> None:
        """Ask for other seats of a layout, from a day on."""
        choices = [(each.id, f"{kind_word(each.kind)}, {each.capacity:,}") for each in card.layouts]
        fields = [
            Field("layout", self.tr("Layout"), "choice", choices=choices, required=True),
            Field("capacity", self.tr("Seats"), "number", required=True, beside=True),
            Field("start", self.tr("From"), "date", required=True, beside=True),
        ]
        ask(
            self._bench, self.tr("Change seats of {space}").format(space=card.name), self.tr("Change"), fields,
            lambda given: (change_capacity, (given["layout"], given["start"], whole(given["capacity"], "capacity"))),
        )  # fmt: skip

    def close(self, card: SpaceCard) -> None:
        """Ask from when to when a space is closed, and why."""
        cells = card.cells
        fields = [
            Field("first", self.tr("From"), "date", required=True),
            Field("starts", self.tr("At"), hint="00:00", beside=True),
            Field("last", self.tr("Until"), "date", required=True),
            Field("ends", self.tr("At"), hint="24:00", beside=True),
            Field("reason", self.tr("Why"), required=True),
        ]

        def order(given: dict[str, Any]) -> tuple[Callable[..., Changes], tuple[Any, ...]]:
            starts = self._instant(given["first"], given["starts"], "starts", end=False)
            ends = self._instant(given["last"], given["ends"], "ends", end=True)
            if ends <= starts:
                raise Faults({"last": self.tr("The end comes after the start.")})
            return close_cells, (cells, Slot(starts, ends), given["reason"])

        ask(self._bench, self.tr("Close {space}").format(space=card.name), self.tr("Close"), fields, order)

    # --- parts

    def _door_fields(self) -> list[Field]:
        return [
            Field("place", self.tr("Place of its door"), "pick", suggest=picks.places(self._bench)),
            Field("features", self.tr("Features"), hint="accessible daylight streaming"),
            Field("equipment", self.tr("Equipment"), hint=self.tr("projector, recording"), beside=True),
        ]

    def _kinds(self) -> list[tuple[str, str]]:
        return [(kind, kind_word(kind)) for kind in KINDS]

    def _layout_fields(self) -> list[Field]:
        return [
            Field("kind", self.tr("Layout"), "choice", choices=self._kinds(), required=True),
            Field("capacity", self.tr("Seats"), "number", required=True, beside=True),
            Field("setup", self.tr("Set-up, minutes"), "number"),
            Field("cleardown", self.tr("Clear-down, minutes"), "number", beside=True),
            Field("valid_from", self.tr("From"), "date"),
            Field("valid_to", self.tr("To"), "date", beside=True),
        ]

    def _layout(self, given: dict[str, Any]) -> LayoutForm:
        def minutes(name: str) -> int:
            return whole(given[name], name) if given[name] else 0

        return LayoutForm(
            given["kind"], whole(given["capacity"], "capacity"), minutes("setup"), minutes("cleardown"),
            given["valid_from"], given["valid_to"],
        )  # fmt: skip

    def _instant(self, value: Any, clock: str, name: str, *, end: bool) -> datetime:
        if not clock or clock == "24:00":
            midnight = datetime.combine(value, time(), ZONE)
            return midnight + timedelta(days=1) if end else midnight
        found = clock_time(clock)
        if found is None:
            raise Faults({name: self.tr("Give a time such as 10:00.")})
        return datetime.combine(value, found, ZONE)
