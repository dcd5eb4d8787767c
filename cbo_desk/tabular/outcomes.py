"""What becomes of the rows of an import: counts, rows to write, rows to mend, and deeds done on the way."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from cbo_desk.tabular.cells import Cell
from cbo_desk.tabular.faults import Fault
from cbo_desk.tabular.judging import Judged, Outcome

#: Rows in one batch of questions to the database and of rows to write.
BATCH = 5_000
OUTCOMES: tuple[Outcome, ...] = ("create", "update", "unchanged", "refused")


@dataclass
class Counts:
    """Rows by what would become of them; `cells` counts the cells that updates change."""

    create: int = 0
    update: int = 0
    unchanged: int = 0
    refused: int = 0
    cells: int = 0

    @property
    def rows(self) -> int:
        """All rows."""
        return self.create + self.update + self.unchanged + self.refused

    def add(self, judged: Judged) -> None:
        """Count a batch in."""
        for outcome in OUTCOMES:
            setattr(self, outcome, getattr(self, outcome) + judged.outcomes.count(outcome))
        self.cells += sum(map(len, judged.changes.values()))


@dataclass(frozen=True)
class Ready:
    """A row that may be written: its number in the file, "create" or "update", its key, and the values to write.

    An update holds only the values that change; None empties a field.
    """

    row: int
    outcome: Outcome
    key: Any
    values: dict[str, Any]


@dataclass(frozen=True)
class BadRow:
    """A refused row: its number, its cells as they stand, and what to do about it."""

    row: int
    cells: Sequence[Cell]
    what_to_do: str


@dataclass(frozen=True)
class RowShown:
    """One row of the preview as a window shows it; `faulty` are the names of the columns with faults."""

    row: int
    cells: Sequence[Cell]
    outcome: Outcome
    faulty: frozenset[str]


@dataclass(frozen=True)
class CellChange:
    """A field that an update changes, with its value before and after."""

    field: str
    before: Any
    after: Any


@dataclass(frozen=True)
class Mended:
    """A deed that was done on the preview: which cell got which text, and what stood there before."""

    row: int
    column: str
    before: str
    after: str


def deed(faults: Iterable[Fault]) -> str:
    """What to do about a row, its faults in one text, each with its column."""
    return " ".join(f"{fault.column}: {fault.what_to_do}" if fault.column else fault.what_to_do for fault in faults)
