"""The forms of outgoing mail: handing in, prices, carriers, reasons. Each orders one command."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from PySide6.QtCore import QObject

from cbo_desk.changes import Changes
from cbo_desk.context import clock, local
from cbo_desk.errors import Faults
from cbo_desk.mail import pouch
from cbo_desk.mail.outgoing import (
    OUTGOING,
    CarrierRow,
    Handed,
    OutgoingCard,
    RateForm,
    RateRow,
    carriers,
    edit_outgoing,
    give_back_outgoing,
    hand_in,
    hand_in_for_pouch,
    lose_outgoing,
    outgoing_card,
    rate_stands,
    set_carrier,
    set_rate,
)
from cbo_desk.mail.outgoing.zones import like, zones
from cbo_desk.mail.pouch import Destination
from cbo_desk.people import EntityRow, entities
from ui.bench import Bench
from ui.kit.dialogs import FormBox, open_form
from ui.kit.fields import Field, Pick
from ui.kit.forms import Form
from ui.kit.meeting import Save, Standing
from ui.kit.replacing import Replacing
from ui.mail.looks import class_word

CLASSES = ("ordinary", "registered", "insured", "express", "parcel")
Saved = Callable[[Changes], object]


class OutgoingForms(QObject):
    """Opens the form of a deed of outgoing mail; `saved(Changes)`, where given, hears of what was kept."""

    def __init__(self, bench: Bench, parent: QObject) -> None:
        super().__init__(parent)
        self._bench = bench

    def hand_in(self, saved: Saved) -> None:
        """Ask what is handed in to go out by a carrier."""
        self._bench.runner.read(self, entities, done=partial(self._hand_in, saved))

    def hand_in_for_pouch(self, saved: Saved) -> None:
        """Ask what is handed in to go out by pouch."""
        read = self._bench.runner.read
        read(self, entities, done=lambda known: read(
            self, pouch.destinations, done=partial(self._for_pouch, saved, known)
        ))  # fmt: skip

    def edit(self, card: OutgoingCard) -> None:
        """Ask for everything that was said of an item."""
        self._bench.runner.read(self, entities, done=partial(self._edit, card))

    def give_back(self, ids: Sequence[int], what: str) -> None:
        """Ask why items are given back to their sender."""
        self._reasoned(self.tr("Give {what} back").format(what=what), give_back_outgoing, ids)

    def lose(self, ids: Sequence[int], what: str) -> None:
        """Ask what is known of lost items."""
        self._reasoned(self.tr("Report {what} lost").format(what=what), lose_outgoing, ids)

    def add_carrier(self) -> None:
        """Ask for a carrier that mail is handed to."""
        fields = [
            Field("name", self.tr("Name"), required=True),
            Field("account", self.tr("Our account with it")),
            Field("pickup", self.tr("Usual pick-up"), hint="15:30", beside=True),
        ]
        order = lambda v: (set_carrier, (v["name"], v["account"], v["pickup"]))  # noqa: E731
        self._open(self.tr("Add a carrier"), self.tr("Add"), fields, order)

    def set_price(self, row: RateRow | None) -> None:
        """Ask for a price; `row`, where given, is the one that it follows."""
        self._bench.runner.read(self, carriers, done=partial(self._price, row))

    def _fields(self, known: Sequence[EntityRow], pouch_only: Sequence[Destination] = ()) -> list[Field]:
        by_pouch = bool(pouch_only)
        # Nothing is chosen by itself: the cost goes to whoever is chosen.
        codes: list[tuple[int | None, str]] = [(None, "—"), *((one.id, one.code) for one in known)]
        first = [
            Field("entity_id", self.tr("Entity that sends it"), "choice", required=True, choices=codes),
            Field("handed_by", self.tr("Handed in by"), beside=True),
        ]
        if by_pouch:
            goes = [(one.id, f"{one.code} · {one.name}") for one in pouch_only]
            where = [Field("destination", self.tr("Pouch to"), "choice", required=True, choices=goes)]
        else:
            where = [Field("country", self.tr("Country"), "pick", required=True, suggest=_countries)]
        classes = [(one, class_word(one)) for one in CLASSES]
        whom = Field("recipient", self.tr("Recipient"), required=True)
        rest = [
            Field("address", self.tr("Address"), beside=True),
            Field("item_class", self.tr("Class"), "choice", choices=classes, required=True),
            Field("weight", self.tr("Weight in kg"), "number", required=True, beside=True),
            Field("purpose", self.tr("Purpose"), required=True, hint=self.tr("official correspondence")),
            Field("contents", self.tr("Contents"), required=by_pouch, beside=True),
            Field("declared", self.tr("Declared value in USD"), "money"),
            Field("size_mm", self.tr("Size in mm"), hint="300 × 200 × 150", beside=True),
        ]
        return [*first, whom, *where, *rest]

    def _hand_in(self, saved: Saved, known: Sequence[EntityRow]) -> None:
        form = Form(self._fields(known), "mail.hand_in", self._bench.drafts)
        form.set_values({"item_class": "express"})

        def save(values: dict[str, Any], done: Callable[[], object], failed: Callable[[Exception], object]) -> None:
            self._write(done, failed, saved, hand_in, handed_of(values))

        words = self.tr("The carriers that take it are compared next.")
        box = FormBox(self.tr("Hand in"), form, save, self.tr("Hand in"), summary=words, width=620)
        open_form(self._bench.shell, box)

    def _for_pouch(self, saved: Saved, known: Sequence[EntityRow], goes: Sequence[Destination]) -> None:
        if not goes:
            words = self.tr("The pouch has no destination yet. A supervisor adds one on the Pouch page.")
            self._bench.shell.toasts.say(words, tone="warn")
            return
        # No draft: what is in the pouch is kept nowhere but in the pouch.
        form = Form(self._fields(known, goes))

        def save(values: dict[str, Any], done: Callable[[], object], failed: Callable[[Exception], object]) -> None:
            self._write(done, failed, saved, hand_in_for_pouch, values["destination"], handed_of(values))

        words = self.tr("Who has no role on the pouch sees its number and weight, not what it is.")
        box = FormBox(self.tr("Hand in for the pouch"), form, save, self.tr("Hand in"), summary=words, width=620)
        open_form(self._bench.shell, box)

    def _edit(self, card: OutgoingCard, known: Sequence[EntityRow]) -> None:
        fields = self._fields(known)
        if card.way == "pouch":
            fields = [field for field in fields if field.name != "country"]
        form = Form(fields)
        form.set_values(_values_of(card))

        def saving(card: OutgoingCard) -> Save:
            def save(values: dict[str, Any], done: Callable[[], object], failed: Callable[[Exception], object]) -> None:
                self._write(done, failed, None, edit_outgoing, card.id, card.version, handed_of(values))

            return save

        def standing(card: OutgoingCard) -> Standing:
            return Standing(_values_of(card), saving(card))

        heading = self.tr("Edit {what}").format(what=card.number)
        edited = self._bench.edited(self, OUTGOING, card.id, outgoing_card, standing)
        box = FormBox(heading, form, saving(card), self.tr("Save"), width=620, edited=edited)
        open_form(self._bench.shell, box)

    def _price(self, row: RateRow | None, known: Sequence[CarrierRow]) -> None:
        fields = [
            Field("carrier_id", self.tr("Carrier"), "choice", required=True, choices=[(c.id, c.name) for c in known]),
            Field(
                "item_class",
                self.tr("Class"),
                "choice",
                required=True,
                choices=[(one, class_word(one)) for one in CLASSES],
                beside=True,
            ),
            Field("zone", self.tr("Zone"), "choice", required=True, choices=list(zones().items())),
            Field("up_to", self.tr("Up to kg"), "number", required=True, beside=True),
            Field("price", self.tr("Price; empty: no longer carried"), "money"),
            Field("currency", self.tr("Currency"), hint="USD", beside=True),
            Field("insured_up_to", self.tr("Insured up to USD"), "money"),
            Field("insurance", self.tr("Insurance in % of the value"), "number", beside=True),
            Field("valid_from", self.tr("Valid from"), "date", required=True),
            Field("source", self.tr("Where this price comes from"), required=True, beside=True),
        ]
        form = Form(fields)
        today = local(clock()).date()
        form.set_values({"currency": "USD", "valid_from": today, **(_rate_values(row) if row else {})})

        replacing = Replacing(self._bench.runner, self, rate_stands)

        def save(values: dict[str, Any], done: Callable[[], object], failed: Callable[[Exception], object]) -> None:
            made = rate_of(values)
            place = (made.carrier_id, made.item_class, made.zone, made.up_to_g, made.valid_from)
            replacing.write(place, set_rate, made, done=done, failed=failed, field="valid_from")

        heading = self.tr("Set a price")
        words = self.tr("Mail that was handed in before keeps its price.")
        open_form(self._bench.shell, FormBox(heading, form, save, self.tr("Save"), summary=words, width=620))

    def _reasoned(self, heading: str, command: Callable[..., Changes], ids: Sequence[int]) -> None:
        field = Field("reason", self.tr("Why"), required=True)
        self._open(heading, self.tr("Save"), [field], lambda v: (command, (ids, v["reason"])))

    def _open(
        self,
        heading: str,
        verb: str,
        fields: Sequence[Field],
        order: Callable[[dict[str, Any]], tuple[Callable[..., Changes], tuple[Any, ...]]],
    ) -> None:
        def save(values: dict[str, Any], done: Callable[[], object], failed: Callable[[Exception], object]) -> None:
            command, args = order(values)
            self._write(done, failed, None, command, *args)

        open_form(self._bench.shell, FormBox(heading, Form(fields), save, verb))

    def _write(
        self,
        done: Callable[[], object],
        failed: Callable[[Exception], object],
        saved: Saved | None,
        command: Callable[..., Changes],
        *args: Any,
    ) -> None:
        def kept(changes: Changes) -> None:
            done()
            if saved is not None:
                saved(changes)

        self._bench.runner.write(command, *args, done=kept, failed=failed)


def handed_of(values: dict[str, Any]) -> Handed:
    """What the form says of an item."""
    weight: Decimal | None = values["weight"]
    declared: Decimal | None = values["declared"]
    country = values.get("country")
    return Handed(
        entity_id=values["entity_id"],
        recipient=values["recipient"],
        country=country.id if country else "",
        address=values["address"],
        item_class=values["item_class"] or "",
        weight_g=round(weight * 1000) if weight is not None else None,
        purpose=values["purpose"],
        contents=values["contents"],
        declared_cents=round(declared * 100) if declared is not None else 0,
        size_mm=values["size_mm"],
        handed_by=values["handed_by"],
    )


def rate_of(values: dict[str, Any]) -> RateForm:
    """What the form says of a price. Raises Faults for a percentage that is none."""
    insurance = values["insurance"] or Decimal(0)
    if not 0 <= insurance <= 100:
        raise Faults({"insurance": "A percentage is between 0 and 100."})
    price: Decimal | None = values["price"]
    return RateForm(
        values["carrier_id"],
        values["item_class"],
        values["zone"],
        round(values["up_to"] * 1000),
        values["valid_from"],
        round(price * 100) if price is not None else None,
        (values["currency"] or "USD").strip().upper(),
        round((values["insured_up_to"] or 0) * 100),
        round(insurance * 100),
        values["source"],
    )


def _rate_values(row: RateRow) -> dict[str, Any]:
    return {
        "carrier_id": row.carrier_id,
        "item_class": row.item_class,
        "zone": row.zone,
        "up_to": Decimal(row.up_to_g) / 1000,
        "price": None if row.price_cents is None else Decimal(row.price_cents) / 100,
        "currency": row.currency,
        "insured_up_to": Decimal(row.insured_up_to_cents) / 100,
        "insurance": Decimal(row.insurance_bp) / 100,
        "source": row.source,
    }


def _countries(typed: str, answer: Callable[[Sequence[Pick]], object]) -> None:
    """Countries as a pick field offers them; they are data of the program, so nothing needs to be asked."""
    answer([Pick(one.name, one.name, f"{one.code} · {zones()[one.zone]}") for one in like(typed)])


def _values_of(card: OutgoingCard) -> dict[str, Any]:
    """What is written of an item, as its form shows it."""
    said = card.form
    return {
        "entity_id": said.entity_id,
        "recipient": said.recipient,
        "country": Pick(said.country, said.country),
        "address": said.address,
        "item_class": said.item_class,
        "weight": Decimal(said.weight_g or 0) / 1000,
        "purpose": said.purpose,
        "contents": said.contents,
        "declared": Decimal(said.declared_cents) / 100 if said.declared_cents else None,
        "size_mm": said.size_mm,
    }
