"""The small forms behind the deeds on mail: onto which shelf, to whom, why. Each orders one command."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import astuple
from decimal import Decimal
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QVBoxLayout

from cbo_desk.changes import Changes
from cbo_desk.errors import Faults
from cbo_desk.mail import (
    KIND,
    Addressed,
    Candidate,
    Details,
    ItemCard,
    State,
    Taken,
    address_item,
    bring_back,
    deliver_items,
    dispose_items,
    edit_item,
    fail_delivery,
    find_items,
    forward_items,
    hold_items,
    item_card,
    lose_items,
    override_state,
    refuse_items,
    return_items,
    shelve_items,
    suggest_addressees,
)
from cbo_desk.tags import Opened
from ui import picks
from ui.bench import Bench
from ui.kit.dialogs import FormBox, open_form
from ui.kit.fields import Field, LineField, Pick, Source
from ui.kit.forms import Form
from ui.kit.meeting import Save, Standing
from ui.kit.signature import SignaturePad
from ui.mail.looks import class_word, word

Order = Callable[[dict[str, Any]], tuple[Callable[..., Changes], tuple[Any, ...]]]
CLASSES = ("ordinary", "registered", "insured", "express", "parcel")


class MailDeeds(QObject):
    """Opens the form of a deed over the chosen items."""

    def __init__(self, bench: Bench, parent: QObject) -> None:
        super().__init__(parent)
        self._bench = bench

    def shelve(self, ids: Sequence[int], what: str) -> None:
        """Ask onto which shelf, and put them there."""
        field = Field("shelf", self.tr("On which shelf"), "pick", required=True, suggest=picks.places(self._bench))
        heading = self.tr("Put {what} on a shelf").format(what=what)
        self._open(heading, self.tr("Shelve"), [field], lambda v: (shelve_items, (ids, v["shelf"].id)))

    def hold(self, ids: Sequence[int], what: str) -> None:
        """Ask on which shelf they wait for pick-up."""
        fields = [
            Field("shelf", self.tr("On which shelf"), "pick", suggest=picks.places(self._bench)),
            Field("note", self.tr("Note")),
        ]
        heading = self.tr("Hold {what} for pick-up").format(what=what)
        order: Order = lambda v: (hold_items, (ids, v["shelf"].id if v["shelf"] else None, v["note"]))  # noqa: E731
        self._open(heading, self.tr("Hold"), fields, order)

    def hand_over(self, ids: Sequence[int], what: str, name: str) -> None:
        """Ask who takes them, and for the signature."""
        form = Form([Field("name", self.tr("Who takes it"), required=True, suggest=picks.people(self._bench),
                           hint=self.tr("their name, or scan a badge"))])  # fmt: skip
        form.set_values({"name": name})
        pad = SignaturePad(self.tr("Signature"), self.tr("Sign here with pen, finger or mouse"), form)
        column = form.layout()
        assert isinstance(column, QVBoxLayout)
        column.addWidget(pad)

        def save(values: dict[str, Any], done: Callable[[], object], failed: Callable[[Exception], object]) -> None:
            badge = badge_of(form)
            taken = taken_by(str(values["name"]), pad, badge, badge is not None)
            self._bench.runner.write(deliver_items, ids, taken, done=lambda _changes: done(), failed=failed)

        heading = self.tr("Hand over {what}").format(what=what)
        words = self.tr("Accountable mail needs the signature or a scanned badge.")
        open_form(self._bench.shell, FormBox(heading, form, save, self.tr("Hand over"), summary=words))

    def fail(self, ids: Sequence[int], what: str) -> None:
        """Ask why they could not be delivered."""
        self._reasoned(self.tr("{what} could not be delivered").format(what=what), fail_delivery, ids)

    def refuse(self, ids: Sequence[int], what: str) -> None:
        """Ask why the addressee does not take them."""
        self._reasoned(self.tr("{what} refused").format(what=what), refuse_items, ids)

    def give_back(self, ids: Sequence[int], what: str) -> None:
        """Ask why they go back to the sender."""
        self._reasoned(self.tr("Return {what} to the sender").format(what=what), return_items, ids)

    def lose(self, ids: Sequence[int], what: str) -> None:
        """Ask what is known of lost items."""
        self._reasoned(self.tr("Report {what} lost").format(what=what), lose_items, ids)

    def dispose(self, ids: Sequence[int], what: str) -> None:
        """Ask why they are disposed of."""
        self._reasoned(self.tr("Dispose of {what}").format(what=what), dispose_items, ids)

    def found(self, ids: Sequence[int], _what: str) -> None:
        """Lost items turned up."""
        self._bench.runner.write(find_items, ids)

    def back(self, ids: Sequence[int], _what: str) -> None:
        """Take what the messenger brings back into the mailroom."""
        self._bench.runner.write(bring_back, ids)

    def forward(self, ids: Sequence[int], what: str) -> None:
        """Ask where they go on to."""
        fields = [Field("to", self.tr("Where to"), required=True), Field("reason", self.tr("Why"), required=True)]
        heading = self.tr("Forward {what}").format(what=what)
        self._open(heading, self.tr("Forward"), fields, lambda v: (forward_items, (ids, v["to"], v["reason"])))

    def override(self, card: ItemCard) -> None:
        """Ask for the state and the reason of an override."""
        barred = (State.NEW, State.OUT, State.ATTEMPTED)
        states = [(str(state), word(state)) for state in State if state not in barred]
        fields = [
            Field("state", self.tr("It really is"), "choice", choices=states, required=True),
            Field("reason", self.tr("Why"), "long", required=True),
        ]
        heading = self.tr("Override the custody of {what}").format(what=card.number)
        order: Order = lambda v: (override_state, (card.id, State(v["state"]), v["reason"]))  # noqa: E731
        self._open(heading, self.tr("Override"), fields, order)

    def address(self, item_id: int, what: str) -> None:
        """Ask whom an item is for."""
        field = Field("whom", self.tr("Who is it for"), "pick", required=True, suggest=addressees(self._bench))
        heading = self.tr("Who is {what} for?").format(what=what)
        self._open(heading, self.tr("Address"), [field], lambda v: (address_item, (item_id, addressed_of(v["whom"]))))

    def edit(self, card: ItemCard) -> None:
        """Ask for everything that is written about an item."""
        form = Form(self._fields(), f"mail.item.{card.id}", self._bench.drafts)
        form.set_values(values_of(card))

        def saving(card: ItemCard) -> Save:
            def save(values: dict[str, Any], done: Callable[[], object], failed: Callable[[Exception], object]) -> None:
                order = (edit_item, card.id, card.version, details_of(values, card.details))
                self._bench.runner.write(*order, done=lambda _changes: done(), failed=failed)

            return save

        def standing(card: ItemCard) -> Standing:
            return Standing(values_of(card), saving(card))

        heading = self.tr("Edit {what}").format(what=card.number)
        edited = self._bench.edited(self, KIND, card.id, item_card, standing)
        box = FormBox(heading, form, saving(card), self.tr("Save"), width=600, edited=edited)
        open_form(self._bench.shell, box)

    def fields_of_item(self) -> list[Field]:
        """The fields of an item's form."""
        return self._fields()

    def _fields(self) -> list[Field]:
        screening = [("", "—"), ("passed", self.tr("Passed")), ("failed", self.tr("Failed"))]
        return [
            Field("whom", self.tr("Who is it for"), "pick", suggest=addressees(self._bench)),
            Field("place", self.tr("To be brought to"), "pick", suggest=picks.places(self._bench), beside=True),
            Field("carrier", self.tr("Carrier")),
            Field("service", self.tr("Service"), beside=True),
            Field("item_class", self.tr("Class"), "choice", choices=[(c, class_word(c)) for c in CLASSES]),
            Field("accountable", self.tr("Accountable: signed for at every step"), "yes", beside=True),
            Field("sender", self.tr("Sender")),
            Field("screening", self.tr("Security screening"), "choice", choices=screening, beside=True),
            Field("weight", self.tr("Weight in kg"), "number"),
            Field("size_mm", self.tr("Size in mm"), hint="300 × 200 × 150", beside=True),
            Field("damage", self.tr("Damage"), hint=self.tr("What is damaged, and how")),
            Field("notes", self.tr("Notes"), "long"),
        ]

    def _reasoned(self, heading: str, command: Callable[..., Changes], ids: Sequence[int]) -> None:
        field = Field("reason", self.tr("Why"), required=True)
        self._open(heading, self.tr("Save"), [field], lambda v: (command, (ids, v["reason"])))

    def _open(self, heading: str, verb: str, fields: Sequence[Field], order: Order) -> None:
        def save(values: dict[str, Any], done: Callable[[], object], failed: Callable[[Exception], object]) -> None:
            command, args = order(values)
            self._bench.runner.write(command, *args, done=lambda _changes: done(), failed=failed)

        open_form(self._bench.shell, FormBox(heading, Form(fields), save, verb))


def taken_by(name: str, pad: SignaturePad, person_id: int | None = None, badge: bool = False) -> Taken:
    """Who takes mail, with the strokes that were drawn."""
    strokes = tuple(tuple((float(x), float(y), float(ms)) for x, y, ms in stroke) for stroke in pad.strokes())
    return Taken(name, person_id, badge, strokes)


def badge_of(form: Form) -> int | None:
    """The person whose badge was scanned into the name of a form, None where it was typed."""
    editor = form.editors["name"]
    pick = editor.scanned() if isinstance(editor, LineField) else None
    return pick.id if pick is not None else None


def addressees(bench: Bench) -> Source:
    """People and groups as a pick field offers them, typos forgiven, or a badge; `addressed_of` reads a pick's id."""

    def suggest(typed: str, answer: Callable[[Sequence[Pick]], object]) -> None:
        def told(found: Sequence[Candidate]) -> None:
            answer([Pick(_kept(one.addressed), one.name, f"{one.entity} · {one.place or '—'}") for one in found])

        bench.runner.read(bench.shell, suggest_addressees, typed, 8, done=told)

    def by_badge(opened: Opened, answer: Callable[[Pick | None, str], object]) -> None:
        def named(pick: Pick | None, why: str) -> None:
            answer(pick and Pick(_kept(Addressed(person_id=pick.id)), pick.name, pick.detail), why)

        picks.as_found(opened, named)

    return Source(suggest, picks.scanned(bench, picks.PERSON, by_badge))


def _kept(addressed: Addressed) -> str:
    """Whom mail is for as text, so that a draft can keep it."""
    return json.dumps(astuple(addressed))


def addressed_of(pick: Pick) -> Addressed:
    """Whom a pick of an addressee means."""
    return Addressed(*json.loads(pick.id))


def details_of(values: dict[str, Any], before: Details) -> Details:
    """What the form says of an item; raises `Faults` for a weight that is none."""
    weight: Decimal | None = values["weight"]
    if weight is not None and weight <= 0:
        raise Faults({"weight": "A weight is more than nothing."})
    whom = values["whom"]
    nobody = Addressed(entity_id=before.addressed.entity_id if before.addressed else None)
    return Details(
        carrier=values["carrier"],
        service=values["service"],
        item_class=values["item_class"] or "",
        accountable=values["accountable"],
        sender=values["sender"],
        addressed=addressed_of(whom) if whom else nobody,
        place_id=values["place"].id if values["place"] else None,
        weight_g=round(weight * 1000) if weight is not None else None,
        size_mm=values["size_mm"],
        screening=values["screening"] or "",
        damage=values["damage"],
        notes=values["notes"],
    )


def values_of(card: ItemCard) -> dict[str, Any]:
    """What is written about an item, as its form shows it."""
    details = card.details
    return {
        "whom": Pick(_kept(details.addressed), card.addressee) if card.addressee else None,
        "place": Pick(details.place_id, card.place) if details.place_id else None,
        "carrier": details.carrier,
        "service": details.service,
        "item_class": details.item_class,
        "accountable": bool(details.accountable),
        "sender": details.sender,
        "screening": details.screening,
        "weight": Decimal(details.weight_g) / 1000 if details.weight_g else None,
        "size_mm": details.size_mm,
        "damage": details.damage,
        "notes": details.notes,
    }
