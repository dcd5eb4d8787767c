"""The forms of whom mail is for beside the people: a group of addressees, an absence."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from PySide6.QtCore import QObject

from cbo_desk.changes import Changes
from cbo_desk.errors import Faults
from cbo_desk.mail import GroupCard, GroupForm, add_group, edit_group, group_card, note_absence
from cbo_desk.mail.groups import GROUP
from cbo_desk.people import EntityRow, entities
from ui import picks
from ui.bench import Bench
from ui.kit.dialogs import FormBox, open_form
from ui.kit.fields import Field, Pick
from ui.kit.forms import Form
from ui.kit.meeting import Edited, Save, Standing

Order = Callable[[dict[str, Any]], tuple[Callable[..., Changes], tuple[Any, ...]]]


class AddresseeForms(QObject):
    """Opens the forms of groups and absences."""

    def __init__(self, bench: Bench, parent: QObject) -> None:
        super().__init__(parent)
        self._bench = bench

    def add_group(self) -> None:
        """Ask for a new group of addressees."""
        self._bench.runner.read(self, entities, done=self._add_group)

    def absence(self) -> None:
        """Ask who is away, until when, and to whom mail goes."""
        people = picks.people(self._bench)
        fields = [
            Field("person", self.tr("Who is away"), "pick", required=True, suggest=people),
            Field("since", self.tr("From"), "date", required=True),
            Field("until", self.tr("Until"), "date", required=True, beside=True),
            Field("other", self.tr("Mail goes to"), "pick", suggest=people),
            Field("note", self.tr("Note")),
        ]

        def order(v: dict[str, Any]) -> tuple[Callable[..., Changes], tuple[Any, ...]]:
            other = v["other"].id if v["other"] else None
            return note_absence, (v["person"].id, v["since"], v["until"], other, v["note"])

        self._open(self.tr("Note an absence"), self.tr("Note"), Form(fields), order)

    def edit_group(self, group_id: int) -> None:
        """Ask for what is written about a group."""

        def told(card: GroupCard) -> None:
            form = Form(self._group_fields([(card.form.entity_id, card.entity)]))
            form.set_values(_written(card))

            def order(version: int) -> Order:
                return lambda v: (edit_group, (card.id, version, _group_of(v)))

            def standing(now: GroupCard) -> Standing:
                return Standing(_written(now), self._saving(order(now.version)))

            heading = self.tr("Change {group}").format(group=card.form.name)
            edited = self._bench.edited(self, GROUP, card.id, group_card, standing)
            self._open(heading, self.tr("Save"), form, order(card.version), edited)

        self._bench.runner.read(self, group_card, group_id, done=told)

    def _add_group(self, known: Sequence[EntityRow]) -> None:
        fields = self._group_fields([(one.id, one.code) for one in known])
        order: Order = lambda v: (add_group, (_group_of(v),))  # noqa: E731
        self._open(self.tr("Add a group of addressees"), self.tr("Add"), Form(fields), order)

    def _group_fields(self, entities: Sequence[tuple[int, str]]) -> list[Field]:
        return [
            Field("name", self.tr("Name"), required=True, hint=self.tr("Registry")),
            Field("entity_id", self.tr("Entity"), "choice", required=True, choices=list(entities)),
            Field("place", self.tr("Mail is brought to"), "pick", suggest=picks.places(self._bench)),
            Field("members", self.tr("How many people"), "number", beside=True),
            Field("email", self.tr("E-mail, where the group is told of its mail"), hint="registry@un.org"),
        ]

    def _open(self, heading: str, verb: str, form: Form, order: Order, edited: Edited | None = None) -> None:
        open_form(self._bench.shell, FormBox(heading, form, self._saving(order), verb, edited=edited))

    def _saving(self, order: Order) -> Save:
        def save(values: dict[str, Any], done: Callable[[], object], failed: Callable[[Exception], object]) -> None:
            try:
                command, args = order(values)
            except Faults as faults:
                failed(faults)
                return
            self._bench.runner.write(command, *args, done=lambda _changes: done(), failed=failed)

        return save


def _written(card: GroupCard) -> dict[str, Any]:
    """What is written about a group, as its form shows it."""
    return {
        "name": card.form.name,
        "entity_id": card.form.entity_id,
        "place": Pick(card.form.place_id, card.place) if card.form.place_id else None,
        "members": Decimal(card.form.members) if card.form.members else None,
        "email": card.form.email,
    }


def _group_of(v: dict[str, Any]) -> GroupForm:
    """A group as its form says it; a number of people with a fraction is read as it is written, and refused."""
    place, members = v["place"].id if v["place"] else None, v["members"] or Decimal(0)
    if members != int(members):
        raise Faults({"members": "People are counted in whole numbers."})
    return GroupForm(v["name"], v["entity_id"], place, int(members), v["email"])
