"""The forms of the gate: writing a pass, cancelling one, letting things come back later."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QObject

from cbo_desk.changes import Changes
from cbo_desk.context import clock, local
from cbo_desk.errors import Refusal
from cbo_desk.property.gate import (
    PASS,
    PassCard,
    PassForm,
    cancel_pass,
    due_back,
    extend_pass,
    issue_pass,
    pass_card,
    read_personal,
)
from cbo_desk.property.picking import PickedAsset, named_assets, pick_assets
from cbo_desk.versions import Unchanged
from ui import picks
from ui.bench import Bench
from ui.kit.dialogs import Done, Failed, FormBox, open_form
from ui.kit.fields import Field
from ui.kit.forms import Form
from ui.kit.meeting import Standing
from ui.property.scanned_form import lines_of, open_scanned_form


class GateForms(QObject):
    """Opens them; `made` is told the id of a pass that was written."""

    def __init__(self, bench: Bench, made: Callable[[int], object], parent: QObject) -> None:
        super().__init__(parent)
        self._bench, self._made = bench, made

    def write(self, ids: Sequence[int] = ()) -> None:
        """Ask for a pass, with assets on it that were chosen in the register."""
        if ids:
            self._bench.runner.read(self, named_assets, list(ids), done=self._write)
        else:
            self._write([])

    def _write(self, chosen: Sequence[PickedAsset]) -> None:
        fields = [
            Field(
                "person_id",
                self.tr("Bearer"),
                "pick",
                self.tr("staff: name or index number"),
                suggest=picks.takers(self._bench),
            ),
            Field("bearer", self.tr("Or a visitor's name"), beside=True),
            Field("asset_ids", self.tr("Assets"), "long", self.tr("scan them, or type one inventory number a line")),
            Field(
                "personal", self.tr("Personal property"), "long", self.tr("2 suitcases; Camera Nikon Z6, S/N 6001234")
            ),
            Field("destination", self.tr("Destination")),
            Field("purpose", self.tr("Purpose"), beside=True),
            Field("valid_until", self.tr("May leave until"), "date", required=True),
            Field("return_on", self.tr("Back by"), "date", self.tr("empty: does not return"), beside=True),
        ]
        form = Form(fields, "property.gate_pass", self._bench.drafts)
        today = local(clock()).date()
        form.set_values({"valid_until": today, "asset_ids": "\n".join(one.inventory_no for one in chosen)})
        summary = self.tr("Three copies are printed: for the bearer, for security, for the file.")
        box = FormBox(self.tr("Write a gate pass"), form, self._save, self.tr("Write"), summary=summary, width=640)
        open_scanned_form(self._bench, box, "asset_ids")

    def _save(self, values: dict[str, Any], done: Done, failed: Failed) -> None:
        try:
            personal = read_personal(str(values["personal"] or ""))
        except Refusal as refusal:
            failed(refusal)
            return

        def order(found: Sequence[PickedAsset]) -> None:
            person = values["person_id"]
            form = PassForm(
                tuple(one.id for one in found),
                values["valid_until"],
                values["return_on"],
                person.id if person else None,
                values["bearer"],
                values["purpose"],
                values["destination"],
                personal,
            )
            self._bench.runner.write(issue_pass, form, done=partial(self._written, done), failed=failed)

        lines = lines_of(values["asset_ids"])
        self._bench.runner.read(self, pick_assets, lines, done=order, failed=failed)

    def _written(self, done: Done, changes: Changes) -> None:
        done()
        self._made(changes.ids[0])

    def cancel(self, card: PassCard) -> None:
        """Ask why, and cancel."""
        field = Field("why", self.tr("Why"), required=True, hint=self.tr("Not needed; written anew"))
        heading = self.tr("Cancel {reference}").format(reference=card.reference)
        self._open(heading, self.tr("Cancel the pass"), field, lambda v: (cancel_pass, card.id, v["why"]))

    def extend(self, card: PassCard) -> None:
        """Ask until when, and let things come back later."""
        form = Form([Field("return_on", self.tr("Back by"), "date", required=True)])

        def standing(card: PassCard) -> Standing:
            def save(values: dict[str, Any], done: Done, failed: Failed) -> None:
                order = Unchanged(extend_pass, due_back, (card.id,), card.return_on)
                args = (card.id, values["return_on"])
                self._bench.runner.write(order, *args, done=lambda _changes: done(), failed=failed)

            return Standing({"return_on": card.return_on}, save)

        stands = standing(card)
        form.set_values(stands.values)
        heading = self.tr("Let things on {reference} come back later").format(reference=card.reference)
        edited = self._bench.edited(self, PASS, card.id, pass_card, standing)
        open_form(self._bench.shell, FormBox(heading, form, stands.save, self.tr("Save"), edited=edited))

    def _open(self, heading: str, verb: str, field: Field, order: Callable[[dict[str, Any]], tuple[Any, ...]]) -> None:
        def save(values: dict[str, Any], done: Done, failed: Failed) -> None:
            self._bench.runner.write(*order(values), done=lambda _changes: done(), failed=failed)

        open_form(self._bench.shell, FormBox(heading, Form([field]), save, verb))
