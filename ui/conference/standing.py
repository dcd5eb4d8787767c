"""What stands for the whole compound: teams and sets, ceilings, the order of ranks; on a card and in forms."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from cbo_desk.changes import Changes
from cbo_desk.conference import (
    Standing,
    add_unit,
    rank_order_stands,
    rank_orders,
    remove_ceiling,
    retire_unit,
    set_ceiling,
    set_rank_order,
    standing_rules,
)
from cbo_desk.errors import Faults
from ui.bench import Bench
from ui.conference.forms import whole
from ui.conference.looks import span
from ui.conference.space_forms import ask
from ui.kit.buttons import Button
from ui.kit.cards import Fact, Facts, History, ScrollCard, line, rule
from ui.kit.dialogs import FormBox, open_form
from ui.kit.fields import Field
from ui.kit.forms import Form
from ui.kit.labels import Label
from ui.kit.replacing import Replacing

UNIT_KINDS = ("interpretation", "portable booth", "av set", "technician", "catering")


class StandingForms(QObject):
    """Shows it, and opens its forms."""

    def __init__(self, bench: Bench, parent: QObject) -> None:
        super().__init__(parent)
        self._bench = bench

    def show_on(self, sheet: ScrollCard, wanted: Callable[[], bool]) -> None:
        """Read it, and show it on a card if it is still wanted there by then."""

        def with_ranks(found: Standing) -> None:
            self._bench.runner.read(
                self, rank_orders, done=lambda orders: self._show(sheet, found, orders) if wanted() else None
            )

        self._bench.runner.read(self, standing_rules, done=with_ranks)

    def set_ceiling(self) -> None:
        """Ask for a ceiling of people, gates or cars."""
        kinds = [("people", self.tr("People at once")), ("gate", self.tr("Gates, people an hour")),
                 ("parking", self.tr("Cars parked"))]  # fmt: skip
        fields = [
            Field("kind", self.tr("Of what"), "choice", choices=kinds, required=True),
            Field("most", self.tr("At most"), "number", required=True, beside=True),
            Field("start", self.tr("From"), "date", required=True),
            Field("end", self.tr("To"), "date", beside=True),
        ]
        ask(
            self._bench, self.tr("Set a ceiling"), self.tr("Set"), fields,
            lambda given: (set_ceiling, (given["kind"], whole(given["most"], "most"), given["start"], given["end"])),
            kind="people",
        )  # fmt: skip

    def remove_ceiling(self) -> None:
        """Ask which ceiling goes."""
        self._pick_of(lambda found: [(each.id, f"{each.kind} {each.most:,}") for each in found.ceilings],
                      self.tr("Remove a ceiling"), self.tr("Remove"), remove_ceiling)  # fmt: skip

    def retire_unit(self) -> None:
        """Ask which team or set can no longer be booked."""
        self._pick_of(lambda found: [(each.id, each.code) for each in found.units],
                      self.tr("Retire a team or set"), self.tr("Retire"), retire_unit)  # fmt: skip

    def _pick_of(
        self, of: Callable[[Any], list[tuple[int, str]]], heading: str, verb: str, command: Callable[..., Changes]
    ) -> None:
        def opened(found: Any) -> None:
            field = Field("which", self.tr("Which"), "choice", choices=of(found), required=True)
            ask(self._bench, heading, verb, [field], lambda given: (command, (given["which"],)))

        self._bench.runner.read(self, standing_rules, done=opened)

    def add_unit(self) -> None:
        """Ask for a team or set."""
        fields = [
            Field("code", self.tr("Code"), required=True, hint="EN-FR 3"),
            Field("kind", self.tr("Kind"), "choice", choices=[(kind, kind) for kind in UNIT_KINDS], required=True,
                  beside=True),
            Field("name", self.tr("Name")),
            Field("speaks", self.tr("Languages"), hint="en fr", beside=True),
        ]  # fmt: skip
        ask(
            self._bench, self.tr("Add a team or set"), self.tr("Add"), fields,
            lambda given: (add_unit, (given["code"], given["kind"], given["name"], given["speaks"])),
        )  # fmt: skip

    def set_ranks(self) -> None:
        """Ask for the order of ranks from a day on."""
        def opened(orders: Any) -> None:
            known = orders[0][1]
            choices = [(number, name) for number, name in known]
            fields = [Field("start", self.tr("From"), "date", required=True)] + [
                Field(f"rank{at}", f"{at}.", "choice", choices=choices, required=True)
                for at in range(1, len(known) + 1)
            ]

            replacing = Replacing(self._bench.runner, self, rank_order_stands)

            def save(
                given: dict[str, Any], done: Callable[[], object], failed: Callable[[Exception], object]
            ) -> None:
                names = dict(known)
                numbers = [given[f"rank{at}"] for at in range(1, len(known) + 1)]
                if len(set(numbers)) != len(numbers):
                    twice = next(at for at, each in enumerate(numbers, 1) if each in numbers[: at - 1])
                    failed(Faults({f"rank{twice}": self.tr("This rank stands further up already.")}))
                    return
                ranks = [(number, names[number]) for number in numbers]
                order = (set_rank_order, given["start"], ranks)
                replacing.write((given["start"],), *order, done=done, failed=failed, field="start")

            form = Form(fields)
            form.set_values({f"rank{at}": number for at, (number, _name) in enumerate(known, 1)})
            open_form(self._bench.shell, FormBox(self.tr("Order of ranks"), form, save, self.tr("Set")))

        self._bench.runner.read(self, rank_orders, done=opened)

    def _show(self, sheet: ScrollCard, found: Standing, orders: Any) -> None:
        run = self._bench.shell.actions_.run
        kinds = {"people": self.tr("People at once"), "gate": self.tr("Gates, people an hour"),
                 "parking": self.tr("Cars parked")}  # fmt: skip
        ceilings = Facts(
            Fact("gauge", f"{kinds[each.kind]}, {span(each.valid_from, each.valid_to)}", f"{each.most:,}")
            for each in found.ceilings
        )
        units = Facts(Fact("languages", f"{each.kind} {each.speaks}".strip(), each.name) for each in found.units)
        ranks = History((f"{at}", name) for at, (_number, name) in enumerate(orders[0][1], 1))
        buttons: list[QWidget | None] = []
        if self._bench.may(set_ceiling):
            buttons = [
                Button(self.tr("Set ceiling"), "gauge", run=lambda: run("conference.set_ceiling")),
                Button(self.tr("Add team or set"), "plus", run=lambda: run("conference.add_unit")),
                Button(self.tr("Order of ranks"), "arrow-up-down", run=lambda: run("conference.set_ranks")),
            ]
        sheet.show_content(
            Label(self.tr("For the whole compound"), "cap"), Label(self.tr("Teams, ceilings and ranks"), "h2"), rule(),
            Label(self.tr("Ceilings"), "h3"), ceilings, rule(), Label(self.tr("Teams and sets"), "h3"), units, rule(),
            Label(self.tr("Ranks, the highest first"), "h3"), ranks, rule(), line(*buttons, None),
        )  # fmt: skip
