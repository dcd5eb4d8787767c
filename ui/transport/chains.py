"""The approval chains of entities: whose word a request needs, in order, written one a line."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QObject

from cbo_desk.errors import Refusal
from cbo_desk.people import EntityRow, entities
from cbo_desk.transport import Step, chain_of, set_chain
from cbo_desk.versions import Unchanged
from ui.bench import Bench
from ui.kit.dialogs import FormBox, open_form
from ui.kit.fields import Field
from ui.kit.forms import Form

Done = Callable[[], object]
Failed = Callable[[Exception], object]


class ChainForms(QObject):
    """Opens the box in which a chain is written; the chain of the chosen entity is shown."""

    def __init__(self, bench: Bench, parent: QObject) -> None:
        super().__init__(parent)
        self._bench = bench
        self._read: tuple[int, Sequence[Step]] | None = None

    def ask(self) -> None:
        """Ask for an entity's chain."""
        self._bench.runner.read(self, entities, done=self._ask)

    def _ask(self, known: Sequence[EntityRow]) -> None:
        if not known:
            raise Refusal(self.tr("There is no entity yet. Press “Add an entity” on the People page."))
        form = Form(
            [
                Field(
                    "entity_id", self.tr("Entity"), "choice", choices=[(e.id, f"{e.code} · {e.name}") for e in known]
                ),
                Field("steps", self.tr("Steps, one a line: Head of unit: login"), "long"),
            ]
        )
        form.set_values({"entity_id": known[0].id})
        form.editors["entity_id"].edited.connect(partial(self._show, form))
        self._show(form)

        def save(values: Mapping[str, Any], done: Done, failed: Failed) -> None:
            ident = int(values["entity_id"])
            command: Any = set_chain
            if self._read is not None and self._read[0] == ident:
                command = Unchanged(set_chain, chain_of, (ident,), list(self._read[1]))
            self._bench.runner.write(
                command, ident, steps_of(str(values["steps"])), done=lambda _changes: done(), failed=failed
            )

        words = self.tr("Without a login any supervisor of this desk may speak; without steps the desk alone decides.")
        open_form(self._bench.shell, FormBox(self.tr("Approval chain"), form, save, self.tr("Save"), summary=words))

    def _show(self, form: Form) -> None:
        ident = int(form.editors["entity_id"].value())
        self._bench.runner.read(self, chain_of, ident, done=partial(self._fill, form, ident))

    def _fill(self, form: Form, ident: int, steps: Sequence[Step]) -> None:
        if int(form.editors["entity_id"].value()) == ident:
            self._read = (ident, steps)
            shown = "\n".join(f"{step.title}: {step.login}".rstrip(": ") for step in steps)
            form.editors["steps"].set_typed(shown)


def steps_of(text: str) -> list[Step]:
    """The steps as they were typed: a title, and after a colon the login of whose word it is."""
    found = []
    for row in text.splitlines():
        title, _, login = row.partition(":")
        if row.strip():
            found.append(Step(title.strip(), login.strip()))
    return found
