"""The small forms behind the deeds of a card: where to, to whom, why. Each orders one command."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from cbo_desk.changes import Changes
from cbo_desk.errors import Refusal
from cbo_desk.property import (
    CATEGORY,
    KIND,
    CategoryForm,
    CategoryRow,
    State,
    add_category,
    category_rows,
    change_state,
    edit_category,
    move_assets,
)
from cbo_desk.tags import link_code, replace_tag
from ui import picks
from ui.bench import Bench
from ui.kit.dialogs import FormBox, open_form
from ui.kit.fields import Field
from ui.kit.forms import Form
from ui.kit.meeting import Standing
from ui.kit.states import ProgressStrip
from ui.property.sections import DISPOSAL, GATE, MAINTENANCE

if TYPE_CHECKING:
    from ui.property.bulk_edit import BulkEdit

Order = Callable[[dict[str, Any]], tuple[Callable[..., Changes], tuple[Any, ...]]]


class PropertyDeeds(QObject):
    """Opens the form of a deed over the chosen assets."""

    def __init__(self, bench: Bench, parent: QObject) -> None:
        super().__init__(parent)
        self._bench = bench
        self._bulk: BulkEdit | None = None

    def move(self, ids: Sequence[int], what: str) -> None:
        """Ask where to, and move."""
        field = Field("place_id", self.tr("To which place"), "pick", required=True, suggest=picks.places(self._bench))
        heading = self.tr("Move {what}").format(what=what)
        self._open(heading, self.tr("Move"), [field], lambda v: (move_assets, (ids, v["place_id"].id)))

    def repair(self, ids: Sequence[int], what: str) -> None:
        """Ask what is broken, and send to repair."""
        field = Field("why", self.tr("What is broken"), "long")
        heading = self.tr("Send {what} to repair").format(what=what)
        order: Order = lambda v: (change_state, (ids, State.UNDER_REPAIR, v["why"]))  # noqa: E731
        self._open(heading, self.tr("Send to repair"), [field], order)

    def missing(self, ids: Sequence[int], what: str) -> None:
        """Ask what is known, and mark as missing."""
        field = Field("why", self.tr("What is known"), "long")
        heading = self.tr("Mark {what} as missing").format(what=what)
        order: Order = lambda v: (change_state, (ids, State.MISSING, v["why"]))  # noqa: E731
        self._open(heading, self.tr("Mark as missing"), [field], order)

    def back_in_service(self, ids: Sequence[int], _what: str) -> None:
        """Say that assets are in use again."""
        self._bench.runner.write(change_state, ids, State.IN_SERVICE)

    def link_code(self, asset_id: int, what: str) -> None:
        """Ask for a foreign barcode, scanned or typed, that opens the asset from now on."""
        field = Field("code", self.tr("Barcode or old label"), required=True, hint=self.tr("Scan it, or type it"),
                      scans=True)
        heading = self.tr("Let another barcode open {what}").format(what=what)
        self._open(heading, self.tr("Link"), [field], lambda v: (link_code, (v["code"], KIND, asset_id)))

    def replace_tag(self, code: str, what: str) -> None:
        """Ask why the tag is replaced, and give the asset a new one."""
        field = Field("why", self.tr("Why"), required=True, hint=self.tr("Torn off, unreadable, lost"))
        heading = self.tr("Give {what} a new tag").format(what=what)
        self._open(heading, self.tr("Replace tag"), [field], lambda v: (replace_tag, (code, v["why"])))

    def dispose(self, ids: Sequence[int], _what: str) -> None:
        """Open a disposal case with assets, on its page."""
        self._bench.shell.go(DISPOSAL, f"new:{','.join(map(str, ids))}")

    def gate_pass(self, ids: Sequence[int], _what: str) -> None:
        """Write a gate pass for assets, on its page."""
        self._bench.shell.go(GATE, f"new:{','.join(map(str, ids))}")

    def plan_service(self, ids: Sequence[int], _what: str) -> None:
        """Plan a service for assets, on the page of maintenance."""
        self._bench.shell.go(MAINTENANCE, f"new:{','.join(map(str, ids))}")

    def bulk_edit(self, strip: ProgressStrip, ids: Sequence[int], what: str) -> None:
        """Ask which field of assets is to be changed; `strip` shows how far that is."""
        from ui.property.bulk_edit import BulkEdit  # a start does without it

        if self._bulk is None:
            self._bulk = BulkEdit(self._bench, strip, self)
        self._bulk.open(ids, what)

    def add_category(self) -> None:
        """Ask for a new class of property."""

        def order(v: dict[str, Any]) -> tuple[Callable[..., Changes], tuple[Any, ...]]:
            return add_category, (v["code"], v["name"], v["months"], v["attractive"])

        self._open(self.tr("Add a category"), self.tr("Add"), self._category_fields(), order)

    def edit_category(self) -> None:
        """Ask what is to be changed of a class of property."""
        self._bench.runner.read(self, category_rows, done=self._ask_category)

    def _ask_category(self, rows: Sequence[CategoryRow]) -> None:
        if not rows:
            raise Refusal(self.tr("There is no category yet. Add the first one with Ctrl+K."))
        known = {row.id: row for row in rows}
        choices = [(row.id, f"{row.form.code} · {row.form.name}") for row in rows]
        form = Form([Field("category", self.tr("Category"), "choice", required=True, choices=choices)])

        def show() -> None:
            stands = known[form.editors["category"].value()].form
            form.put_last(self._category_fields(), _of_category(stands), anew=True)

        def save(values: dict[str, Any], done: Callable[[], object], failed: Callable[[Exception], object]) -> None:
            row = known[values["category"]]
            said = CategoryForm(values["code"], values["name"], values["months"], values["attractive"])
            order = (edit_category, row.id, row.version, said)
            self._bench.runner.write(*order, done=lambda _changes: done(), failed=failed)

        def standing(now: Sequence[CategoryRow]) -> Standing:
            known.update({row.id: row for row in now})
            return Standing(_of_category(known[edited.ident].form), save)

        def chosen() -> None:
            show()
            edited.ident = form.editors["category"].value()

        edited = self._bench.edited(self, CATEGORY, rows[0].id, category_rows, standing, ())
        form.editors["category"].edited.connect(chosen)
        chosen()
        box = FormBox(self.tr("Change a category"), form, save, self.tr("Save"), edited=edited)
        open_form(self._bench.shell, box)

    def _category_fields(self) -> list[Field]:
        return [
            Field("code", self.tr("Code"), required=True, hint="ICT", longest=20),
            Field("name", self.tr("Name"), required=True, beside=True, longest=100),
            Field("months", self.tr("Useful life in months"), "whole", required=True),
            Field("attractive", self.tr("Attractive: small, portable, wanted by others"), "yes"),
        ]

    def _open(self, heading: str, verb: str, fields: Sequence[Field], order: Order) -> None:
        def save(values: dict[str, Any], done: Callable[[], object], failed: Callable[[Exception], object]) -> None:
            command, args = order(values)
            self._bench.runner.write(command, *args, done=lambda _changes: done(), failed=failed)

        open_form(self._bench.shell, FormBox(heading, Form(fields), save, verb))


def _of_category(stands: CategoryForm) -> dict[str, Any]:
    """What is written about a category, as its form shows it."""
    values = {"code": stands.code, "name": stands.name, "months": stands.useful_life_months}
    return {**values, "attractive": stands.attractive}
