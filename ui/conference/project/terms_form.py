"""The form of what a booking needs wherever it goes, and which other times its client allows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject

from cbo_desk.conference.booking import KIND
from cbo_desk.conference.project import MoveRow, set_terms, terms_of
from cbo_desk.versions import Unchanged
from ui.bench import Bench
from ui.kit.dialogs import FormBox, open_form
from ui.kit.fields import Field
from ui.kit.forms import Form
from ui.kit.meeting import Standing


class TermsForm(QObject):
    """Opens the form for the booking of a move."""

    def __init__(self, bench: Bench, parent: QObject) -> None:
        super().__init__(parent)
        self._bench = bench

    def open_for(self, row: MoveRow) -> None:
        """Read what is known and open the form."""
        self._bench.runner.read(self, terms_of, row.id, done=lambda known: self._open(row, known))

    def _open(self, row: MoveRow, known: tuple[str, int, str]) -> None:
        allowed = (
            ("no", self.tr("no other time")),
            ("day", self.tr("another time of the same day")),
            ("week", self.tr("another time of the same week")),
        )
        form = Form([
            Field("other_time", self.tr("The client allows"), "choice", choices=allowed, required=True),
            Field("booths", self.tr("Booths it needs"), "whole"),
            Field("features", self.tr("What its room must have"), beside=True, hint=self.tr("accessible streaming")),
        ])  # fmt: skip

        def standing(known: tuple[str, int, str]) -> Standing:
            def save(values: dict[str, Any], done: Callable[[], object], failed: Callable[[Exception], object]) -> None:
                self._bench.runner.write(
                    Unchanged(set_terms, terms_of, (row.id,), known), row.id, values["other_time"],
                    values["booths"] or 0, values["features"] or "", done=lambda _changes: done(), failed=failed,
                )  # fmt: skip

            return Standing({"other_time": known[0], "booths": known[1], "features": known[2]}, save)

        stands = standing(known)
        form.set_values(stands.values)
        heading = self.tr("What {number} needs").format(number=row.reference)
        edited = self._bench.edited(self, KIND, row.id, terms_of, standing)
        box = FormBox(heading, form, stands.save, self.tr("Save"), summary=row.title, edited=edited)
        open_form(self._bench.shell, box)
