"""The forms of disposal: opening a case, recording a decision, carrying a case out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QObject

from cbo_desk.changes import Changes
from cbo_desk.context import clock, local
from cbo_desk.people import EntityRow, entities
from cbo_desk.plurals import Count
from cbo_desk.property.disposal import (
    CaseCard,
    Decided,
    DecisionForm,
    FinalForm,
    How,
    OpenCase,
    add_to_case,
    cases_prepared,
    complete_case,
    open_case,
    record_decision,
    take_out_of_case,
)
from cbo_desk.property.picking import PickedAsset, named_assets, pick_assets
from ui.bench import Bench
from ui.kit.dialogs import Done, Failed, FormBox, open_form
from ui.kit.fields import Field
from ui.kit.forms import Form
from ui.property.disposal.words import decided_words, how_words
from ui.property.scanned_form import lines_of, open_scanned_form


class DisposalForms(QObject):
    """Opens them; `made` is told the id of a case that was opened."""

    def __init__(self, bench: Bench, made: Callable[[int], object], parent: QObject) -> None:
        super().__init__(parent)
        self._bench, self._made = bench, made

    def open_new(self, ids: Sequence[int] = ()) -> None:
        """Ask for a case, with assets in it that were chosen in the register."""
        read = self._bench.runner.read

        def with_entities(known: Sequence[EntityRow]) -> None:
            read(self, named_assets, list(ids), done=partial(with_assets, known))

        def with_assets(known: Sequence[EntityRow], chosen: Sequence[PickedAsset]) -> None:
            read(self, cases_prepared, done=partial(self._open_new, known, chosen))

        read(self, entities, done=with_entities)

    def _open_new(
        self, known: Sequence[EntityRow], chosen: Sequence[PickedAsset], prepared: Sequence[OpenCase]
    ) -> None:
        owner = chosen[0].entity_id if chosen else known[0].id if known else None
        fitting = [one for one in prepared if chosen and one.entity_id == owner]
        new_one = [
            Field(
                "entity_id", self.tr("Entity"), "choice", required=True,
                choices=[(one.id, f"{one.code} · {one.name}") for one in known],
            ),
            Field("reason", self.tr("Why they are to go"), required=True, hint=self.tr("worn out beyond repair")),
        ]  # fmt: skip
        assets = Field("asset_ids", self.tr("Assets"), "long", self.tr("scan them now or later; one number a line"))
        cases = [(0, self.tr("A new case")), *((one.id, f"{one.reference} · {one.reason}") for one in fitting)]
        into = Field("case_id", self.tr("Into which case"), "choice", required=True, choices=cases)
        form = Form([into, assets] if fitting else [*new_one, assets], "property.disposal_case", self._bench.drafts)
        form.set_values({"asset_ids": "\n".join(one.inventory_no for one in chosen)})
        if fitting:

            def show() -> None:
                form.put_last([] if form.editors["case_id"].value() else new_one, {"entity_id": owner})

            form.editors["case_id"].edited.connect(show)
            form.set_values({"case_id": fitting[0].id})
            show()
        else:
            form.set_values({"entity_id": owner})
        summary = self.tr("What is in a case waits for disposal; its value is frozen as of today.")
        heading, verb = self.tr("Open a disposal case"), self.tr("Open")
        if fitting:
            heading, verb = self.tr("Put assets into a disposal case"), self.tr("Put in")
        box = FormBox(heading, form, self._save_new, verb, summary=summary, width=560)
        open_scanned_form(self._bench, box, "asset_ids")

    def _save_new(self, values: dict[str, Any], done: Done, failed: Failed) -> None:
        case = values.get("case_id")

        def order(found: Sequence[PickedAsset]) -> None:
            ids = tuple(one.id for one in found)
            if case:
                self._bench.runner.write(add_to_case, case, ids, done=partial(self._opened, done), failed=failed)
                return
            self._bench.runner.write(
                open_case, values["entity_id"], values["reason"], ids, done=partial(self._opened, done), failed=failed
            )

        self._bench.runner.read(self, pick_assets, lines_of(values["asset_ids"]), done=order, failed=failed)

    def _opened(self, done: Done, changes: Changes) -> None:
        done()
        self._made(changes.ids[0])

    def add(self, card: CaseCard) -> None:
        """Ask for assets by hand, where there is no scanner."""
        field = Field("asset_ids", self.tr("Assets"), "long", self.tr("one inventory number a line"), required=True)

        def save(values: dict[str, Any], done: Done, failed: Failed) -> None:
            def order(found: Sequence[PickedAsset]) -> None:
                ids = tuple(one.id for one in found)
                self._bench.runner.write(add_to_case, card.id, ids, done=lambda _c: done(), failed=failed)

            self._bench.runner.read(self, pick_assets, lines_of(values["asset_ids"]), done=order, failed=failed)

        heading = self.tr("Put assets into {reference}").format(reference=card.reference)
        box = FormBox(heading, Form([field]), save, self.tr("Put in"))
        open_scanned_form(self._bench, box, "asset_ids")

    def take_out(self, card: CaseCard) -> None:
        """Ask which things are to stay after all; the only one there is goes out at once."""
        if len(card.items) == 1:
            self._bench.runner.write(take_out_of_case, card.id, (card.items[0].asset_id,))
            return
        hint = self.tr("scan them, or one inventory number a line")
        field = Field("asset_ids", self.tr("What stays after all"), "long", hint, required=True)

        def save(values: dict[str, Any], done: Done, failed: Failed) -> None:
            def order(found: Sequence[PickedAsset]) -> None:
                ids = tuple(one.id for one in found)
                self._bench.runner.write(take_out_of_case, card.id, ids, done=lambda _c: done(), failed=failed)

            self._bench.runner.read(self, pick_assets, lines_of(values["asset_ids"]), done=order, failed=failed)

        heading = self.tr("Take assets out of {reference}").format(reference=card.reference)
        box = FormBox(heading, Form([field]), save, self.tr("Take out"))
        open_scanned_form(self._bench, box, "asset_ids")

    def decide(self, card: CaseCard) -> None:
        """Ask what the review body decided."""
        fields = [
            Field("decision", self.tr("Decision"), "choice", required=True, choices=decided_words()),
            Field("decided_on", self.tr("Decided on"), "date", required=True, beside=True),
            Field("body", self.tr("Review body"), required=True, hint=self.tr("Local Property Survey Board")),
            Field("minutes", self.tr("Minutes"), required=True, hint="LPSB/2026/14", beside=True),
            Field("remarks", self.tr("Remarks"), "long"),
        ]
        form = Form(fields, f"property.decision.{card.id}", self._bench.drafts)
        form.set_values({"decision": Decided.APPROVED, "decided_on": local(clock()).date()})

        def save(values: dict[str, Any], done: Done, failed: Failed) -> None:
            decided = DecisionForm(
                Decided(values["decision"]), values["body"], values["minutes"], values["decided_on"], values["remarks"]
            )
            self._bench.runner.write(record_decision, card.id, decided, done=lambda _c: done(), failed=failed)

        heading = self.tr("Record the decision about {reference}").format(reference=card.reference)
        summary = self.tr("It stands as recorded. The minutes themselves are added to the case as a paper.")
        open_form(self._bench.shell, FormBox(heading, form, save, self.tr("Record"), summary=summary, width=560))

    def complete(self, card: CaseCard) -> None:
        """Ask how the things went; the button says that this is the end."""
        fields = [
            Field("how", self.tr("How they went"), "choice", required=True, choices=how_words()),
            Field("done_on", self.tr("On"), "date", required=True, beside=True),
            Field("recipient", self.tr("Buyer or recipient")),
            Field("certificate", self.tr("Certificate or receipt"), beside=True),
            Field("proceeds_cents", self.tr("Proceeds"), "money"),
            Field("currency", self.tr("Currency"), beside=True, longest=3),
        ]
        form = Form(fields, f"property.final.{card.id}", self._bench.drafts)
        form.set_values({"how": How.SOLD, "done_on": local(clock()).date(), "currency": "USD"})

        def save(values: dict[str, Any], done: Done, failed: Failed) -> None:
            final = FinalForm(
                How(values["how"]),
                values["done_on"],
                values["recipient"],
                values["certificate"],
                round((values["proceeds_cents"] or 0) * 100),
                str(values["currency"]).strip().upper(),
            )
            self._bench.runner.write(complete_case, card.id, final, done=lambda _c: done(), failed=failed)

        heading = self.tr("Carry out {reference}").format(reference=card.reference)
        summary = self.tr("{count:asset leaves|assets leave} the register for good. This cannot be undone.")
        box = FormBox(
            heading,
            form,
            save,
            self.tr("Dispose for good"),
            summary=summary.format(count=Count(len(card.items))),
            width=560,
        )
        open_form(self._bench.shell, box)
