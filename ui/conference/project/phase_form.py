"""The form of a phase: its days, the rooms it closes, and what it makes of layouts, one a line."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject

from cbo_desk.conference.project import PHASE, PhaseCard, PhaseForm, SeatsForm, add_phase, edit_phase, phase_card
from cbo_desk.errors import Refusal
from ui.bench import Bench
from ui.kit.dialogs import FormBox, open_form
from ui.kit.fields import Field
from ui.kit.forms import Form
from ui.kit.meeting import Edited, Save, Standing

_SEATS = re.compile(
    r"^(?P<space>.+?)\s*[:,]\s*(?P<kind>[^\d:,]+?)\s+(?P<seats>\d{1,5})(?P<after>\s+after(wards)?)?$", re.I
)


class PhaseForms(QObject):
    """Opens the form of a new phase, or of one that is there."""

    def __init__(self, bench: Bench, parent: QObject) -> None:
        super().__init__(parent)
        self._bench = bench

    def new(self, then: Callable[[int], object]) -> None:
        """Open an empty form."""

        def save(values: dict[str, Any], done: Callable[[], object], failed: Callable[[Exception], object]) -> None:
            def saved(changes: Any) -> None:
                done()
                then(changes.ids[0])

            self._order(add_phase, (), values, saved, failed)

        self._open(self.tr("New phase"), "conference.phase.new", {}, save, self.tr("Plan phase"))

    def edit(self, card: PhaseCard) -> None:
        """Open the form of a phase."""

        def saving(card: PhaseCard) -> Save:
            def save(values: dict[str, Any], done: Callable[[], object], failed: Callable[[Exception], object]) -> None:
                self._order(edit_phase, (card.row.id, card.row.version), values, lambda _changes: done(), failed)

            return save

        def standing(card: PhaseCard) -> Standing:
            return Standing(_values_of(card), saving(card))

        heading = self.tr("Edit {name}").format(name=card.form.code)
        edited = self._bench.edited(self, PHASE, card.row.id, phase_card, standing)
        name = f"conference.phase.{card.row.id}"
        self._open(heading, name, _values_of(card), saving(card), self.tr("Save"), edited)

    def _order(
        self, command: Callable[..., Any], args: tuple[Any, ...], values: dict[str, Any],
        done: Callable[[Any], object], failed: Callable[[Exception], object],
    ) -> None:  # fmt: skip
        try:
            form = self._read(values)
        except Refusal as refusal:
            failed(refusal)
            return
        self._bench.runner.write(command, *args, form, done=done, failed=failed)

    def _read(self, values: dict[str, Any]) -> PhaseForm:
        seats = []
        for line in filter(None, (each.strip() for each in (values["seats"] or "").splitlines())):
            found = _SEATS.match(line)
            if found is None:
                words = self.tr("“{line}” is not understood. Write, for instance, HALL-A: theatre 1600 after.")
                raise Refusal(words.format(line=line), "seats")
            kind = found["kind"].strip().lower()
            seats.append(SeatsForm(found["space"].strip(), kind, int(found["seats"]), bool(found["after"])))
        cells = tuple(filter(None, (each.strip() for each in re.split(r"[,;\n]", values["cells"] or ""))))
        return PhaseForm(
            values["code"], values["name"], values["planned_from"], values["planned_to"], values["forecast_from"],
            values["forecast_to"], values["contract_from"], values["contract_to"], cells, tuple(seats),
            values["notes"] or "",
        )  # fmt: skip

    def _open(
        self, heading: str, name: str, values: dict[str, Any], save: Any, verb: str, edited: Edited | None = None
    ) -> None:
        form = Form(self._fields(), name, self._bench.drafts)
        if values:
            form.set_values(values)
        open_form(self._bench.shell, FormBox(heading, form, save, verb, width=620, edited=edited))

    def _fields(self) -> list[Field]:
        return [
            Field("code", self.tr("Code"), hint=self.tr("Phase 2"), required=True),
            Field("name", self.tr("What it is about"), required=True, beside=True),
            Field("planned_from", self.tr("Planned from"), "date", required=True),
            Field("planned_to", self.tr("Planned to"), "date", required=True, beside=True),
            Field("forecast_from", self.tr("Forecast from"), "date"),
            Field("forecast_to", self.tr("Forecast to"), "date", beside=True),
            Field("contract_from", self.tr("May begin from"), "date"),
            Field("contract_to", self.tr("May begin to"), "date", beside=True),
            Field("cells", self.tr("Rooms it closes"), hint=self.tr("their codes, with commas: A, 1, 2")),
            Field("seats", self.tr("Seats it changes, a line each"), "long",
                  hint=self.tr("PAV: theatre 640; HALL-A: theatre 1600 after")),
            Field("notes", self.tr("Notes"), "long"),
        ]  # fmt: skip


def _values_of(card: PhaseCard) -> dict[str, Any]:
    form = card.form
    return {
        "code": form.code, "name": form.name, "planned_from": form.planned_from, "planned_to": form.planned_to,
        "forecast_from": form.forecast_from, "forecast_to": form.forecast_to, "contract_from": form.contract_from,
        "contract_to": form.contract_to, "cells": ", ".join(form.cells), "notes": form.notes,
        "seats": "\n".join(map(_line, form.seats)),
    }  # fmt: skip


def _line(seats: SeatsForm) -> str:
    return f"{seats.space}: {seats.kind} {seats.capacity}" + (" after" if seats.afterwards else "")
