"""The forms of the pouch: opening and announcing bags, seals, dispatch, cases, limits. Each orders one command."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import Any

from PySide6.QtCore import QObject

from cbo_desk.changes import Changes
from cbo_desk.context import clock, local
from cbo_desk.errors import Faults
from cbo_desk.handoffs import give_bag
from cbo_desk.mail import pouch
from cbo_desk.mail.pouch import BagCard, BagCase, Destination, SealFound, WayBillLine
from ui.bench import Bench
from ui.kit.dialogs import FormBox, open_form
from ui.kit.fields import Field
from ui.kit.forms import Form
from ui.kit.replacing import Replacing
from ui.loads import trips
from ui.mail.outgoing.manifests import instant_of
from ui.mail.pouch.looks import case_word, seal_word

Order = Callable[[dict[str, Any]], tuple[Callable[..., Changes], tuple[Any, ...]]]
Saved = Callable[[Changes], object]
CUT_OFF = "14:00"


class PouchForms(QObject):
    """Opens the form of a deed on bags."""

    def __init__(self, bench: Bench, parent: QObject) -> None:
        super().__init__(parent)
        self._bench = bench

    def open_bag(self, saved: Saved) -> None:
        """Ask where a bag goes to, and when it must be certified."""
        self._bench.runner.read(self, pouch.destinations, done=partial(self._open_bag, saved))

    def announce(self, saved: Saved) -> None:
        """Ask for the way bill of a bag that comes in."""
        self._bench.runner.read(self, pouch.destinations, done=partial(self._announce, saved))

    def seal(self, card: BagCard) -> None:
        """Ask for the seal's number: it can be scanned into the field."""
        field = Field("seal", self.tr("Number of the seal"), required=True, hint="UN 448120", scans=True)
        heading = self.tr("Seal {bag}").format(bag=card.row.number)
        words = self.tr("A sealed bag is shut: nothing about it can be changed any more.")
        self._open(heading, self.tr("Seal"), [field], lambda v: (pouch.seal, (card.row.id, v["seal"])), summary=words)

    def dispatch(self, card: BagCard) -> None:
        """Ask who or what carries the bag."""
        fields = [
            Field("carried_by", self.tr("Carried by"), hint=self.tr("flight, car or person")),
            Field("trip", self.tr("Or with a trip of ours"), "pick", suggest=trips(self._bench)),
        ]
        heading = self.tr("Dispatch {bag}").format(bag=card.row.number)
        words = self.tr("Each package is charged to its entity by weight. A scan of the trip’s ticket does the same.")

        def order(v: dict[str, Any]) -> tuple[Callable[..., Changes], tuple[Any, ...]]:
            if v["trip"] and v["carried_by"].strip():
                raise Faults({"carried_by": "Say who carries it, or choose a trip: not both."})
            if v["trip"]:
                return give_bag, (card.row.id, v["trip"].id)
            return pouch.dispatch, (card.row.id, v["carried_by"])

        self._open(heading, self.tr("Dispatch"), fields, order, summary=words)

    def take_in(self, card: BagCard) -> None:
        """Ask how the seal of a bag that arrived was found."""
        # Nothing is chosen beforehand: Enter alone must not say that a seal is intact.
        found: list[tuple[SealFound | None, str]] = [(None, self.tr("look at it and say"))]
        found += [(one, seal_word(one)) for one in (SealFound.INTACT, SealFound.BROKEN, SealFound.MISSING)]
        fields = [
            Field("found", self.tr("How the seal is"), "choice", required=True, choices=found),
            Field("seal", self.tr("Number on the seal"), hint=self.tr("scan or type what is on the bag"),
                  beside=True, scans=True),
        ]
        heading = self.tr("{bag} has arrived").format(bag=card.row.number)
        words = self.tr("The way bill says {seal}. Anything else makes a case at once.").format(seal=card.row.seal)
        order: Order = lambda v: (pouch.take_in, (card.row.id, v["found"], v["seal"]))  # noqa: E731
        self._open(heading, self.tr("Take in"), fields, order, summary=words)

    def close_case(self, case: BagCase) -> None:
        """Ask how a case ended."""
        field = Field("outcome", self.tr("How it ended"), "long", required=True)
        heading = f"{case.number} · {case_word(case.what)}"
        order: Order = lambda v: (pouch.close_case, (case.id, v["outcome"]))  # noqa: E731
        self._open(heading, self.tr("Close the case"), [field], order)

    def add_destination(self) -> None:
        """Ask for a destination of the pouch."""
        fields = [
            Field("code", self.tr("Code"), required=True, hint="GVA"),
            Field("name", self.tr("Name"), required=True, hint=self.tr("UNOG Geneva"), beside=True),
        ]
        order: Order = lambda v: (pouch.add_destination, (v["code"], v["name"]))  # noqa: E731
        self._open(self.tr("Add a destination"), self.tr("Add"), fields, order)

    def set_limit(self) -> None:
        """Ask for the weight that bags to a destination may have."""
        self._bench.runner.read(self, pouch.destinations, done=self._set_limit)

    def _set_limit(self, goes: Sequence[Destination]) -> None:
        fields = [
            Field("destination", self.tr("Destination"), "choice", required=True, choices=_choices(goes)),
            Field("kg", self.tr("A bag weighs at most, in kg"), "number", required=True, beside=True),
            Field("valid_from", self.tr("Valid from"), "date", required=True),
            Field("source", self.tr("Where this limit comes from"), required=True, beside=True),
        ]
        form = Form(fields)
        form.set_values({"valid_from": local(clock()).date()})
        replacing = Replacing(self._bench.runner, self, pouch.limit_stands)

        def save(values: dict[str, Any], done: Callable[[], object], failed: Callable[[Exception], object]) -> None:
            to, day = values["destination"], values["valid_from"]
            order = (pouch.set_pouch_limit, to, Decimal(values["kg"]), day, values["source"])
            replacing.write((to, day), *order, done=done, failed=failed, field="valid_from")

        words = self.tr("Bags that are open keep the limit they have.")
        box = FormBox(self.tr("Limit of a destination"), form, save, self.tr("Save"), summary=words)
        open_form(self._bench.shell, box)

    def _open_bag(self, saved: Saved, goes: Sequence[Destination]) -> None:
        if not goes:
            self._no_destination()
            return
        fields = [
            Field("destination", self.tr("Where to"), "choice", required=True, choices=_choices(goes)),
            Field("on", self.tr("Cut-off on"), "date", required=True),
            Field("at", self.tr("Time"), required=True, hint=CUT_OFF, beside=True),
        ]
        form = Form(fields)
        form.set_values({"on": local(clock()).date(), "at": CUT_OFF})
        order: Order = lambda v: (pouch.open_bag, (v["destination"], instant_of(v["on"], v["at"], "at")))  # noqa: E731
        words = self.tr("The limits of today go with the bag. It must be certified before its cut-off.")
        self._show(self.tr("Open a bag"), self.tr("Open"), form, order, summary=words, saved=saved)

    def _announce(self, saved: Saved, goes: Sequence[Destination]) -> None:
        if not goes:
            self._no_destination()
            return
        fields = [
            Field("origin", self.tr("Where from"), "choice", required=True, choices=_choices(goes)),
            Field("their_number", self.tr("Their number of the bag"), required=True, beside=True, scans=True),
            Field("seal", self.tr("Seal as on the way bill"), required=True, scans=True),
            Field("on", self.tr("Expected on"), "date", required=True, beside=True),
            Field("lines", self.tr("Packages, one a line: number; kg; addressee; contents"), "long", required=True),
        ]
        # No draft: what is in the pouch is kept nowhere but in the pouch.
        form = Form(fields)
        form.set_values({"on": local(clock()).date() + timedelta(days=1)})

        def order(v: dict[str, Any]) -> tuple[Callable[..., Changes], tuple[Any, ...]]:
            at = instant_of(v["on"], CUT_OFF, "on")
            return pouch.announce, (v["origin"], v["their_number"], v["seal"], at, lines_of(v["lines"]))

        words = self.tr("From their way bill. A package is a line such as: GVA-001; 0.9; Registry, UNEP; letters")
        self._show(self.tr("Announce a bag"), self.tr("Announce"), form, order, summary=words, saved=saved, width=620)

    def _no_destination(self) -> None:
        words = self.tr("The pouch has no destination yet. A supervisor adds one first.")
        self._bench.shell.toasts.say(words, tone="warn")

    def _open(self, heading: str, verb: str, fields: Sequence[Field], order: Order, summary: str = "") -> None:
        self._show(heading, verb, Form(fields), order, summary=summary)

    def _show(
        self,
        heading: str,
        verb: str,
        form: Form,
        order: Order,
        *,
        summary: str = "",
        saved: Saved | None = None,
        width: int = 520,
    ) -> None:
        def save(values: dict[str, Any], done: Callable[[], object], failed: Callable[[Exception], object]) -> None:
            def kept(changes: Changes) -> None:
                done()
                if saved is not None:
                    saved(changes)

            try:
                command, args = order(values)
            except Faults as faults:
                failed(faults)
                return
            self._bench.runner.write(command, *args, done=kept, failed=failed)

        open_form(self._bench.shell, FormBox(heading, form, save, verb, summary=summary, width=width))


def _choices(goes: Sequence[Destination]) -> list[tuple[int, str]]:
    return [(one.id, f"{one.code} · {one.name}") for one in goes]


def lines_of(typed: str) -> tuple[WayBillLine, ...]:
    """The packages of a way bill, one a line: number; kg; addressee; contents. Raises Faults for a bad weight."""
    found = []
    for place, written in enumerate(typed.splitlines(), 1):
        parts = [part.strip() for part in re.split(r"[;\t]", written)]
        if not any(parts):
            continue
        reference, weight, addressee, contents = [*parts, "", "", "", ""][:4]
        try:
            grams = round(Decimal(weight.lower().removesuffix("kg").strip().replace(",", ".")) * 1000)
        except (InvalidOperation, ValueError, OverflowError):
            raise Faults(
                {"lines": f"Line {place}: say the weight in kg behind the number, such as: A 1; 0.9"}
            ) from None
        found.append(WayBillLine(reference, grams, addressee, contents))
    return tuple(found)
