"""What an import would do, row by row, before anything is written; cells can be mended and mended back."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from cbo_desk.errors import Refusal
from cbo_desk.progress import Progress
from cbo_desk.tabular.cells import Cell, shown, values_held
from cbo_desk.tabular.columns import Question, Reading
from cbo_desk.tabular.faults import Fault
from cbo_desk.tabular.fields import Mapping
from cbo_desk.tabular.hanging import Hung, hanging
from cbo_desk.tabular.judging import Change, Judge, Judged, Outcome
from cbo_desk.tabular.outcomes import (
    BATCH,
    OUTCOMES,
    BadRow,
    CellChange,
    Counts,
    Mended,
    Ready,
    RowShown,
    deed,
)
from cbo_desk.tabular.table import Row, Table

_CODES = {outcome: code for code, outcome in enumerate(OUTCOMES)}


class Preview:
    """Every row of a file with its outcome, held in memory (about 200 bytes a row beside its own texts).

    Made by `check`. A row is named by its number in the file everywhere.
    """

    def __init__(
        self,
        judge: Judge,
        readings: dict[str, Reading],
        questions: tuple[Question, ...],
        numbers: array[int],
        cells: list[Sequence[Cell]],
    ) -> None:
        self.table: Table = judge.table
        self.mapping: Mapping = judge.mapping
        self.readings, self.questions = readings, questions
        self.counts = Counts()
        self._judge = judge
        self._numbers, self._cells = numbers, cells
        self._outcomes = bytearray()
        self._keys: list[Any] = []
        self._changes: dict[int, tuple[Change, ...]] = {}
        self._faults: dict[int, list[Fault]] = {}
        self._looked_at: dict[int, frozenset[int]] = {}
        self._stands: dict[int, Hung] = {}
        self._hung: dict[int, int] = {}
        self._done: list[tuple[Mended, int, Sequence[Cell], frozenset[int]]] = []

    def __len__(self) -> int:
        """The number of rows."""
        return len(self._numbers)

    def judge_all(self, progress: Progress) -> None:
        """Judge every row, in batches."""
        for start in range(0, len(self), BATCH):
            progress.report(start, len(self))
            rows = [self._row(at) for at in range(start, min(start + BATCH, len(self)))]
            judged = self._judge.judge(rows)
            if self._judge.hangs:
                self._stands.update({one.number: one for one in self._judge.hung(rows, judged)})
            self._append(judged)
        self._refuse_hanging()
        progress.report(1, 1)

    def _refuse_hanging(self) -> None:
        """Refuse the rows that stand in what a refused row was to make, and no others: after each mend anew."""
        hung, self._hung = self._hung, {}
        for number in hung:
            self._judge_again(self._at(number))
        self._hung = hanging(list(self._stands.values()))
        for number in self._hung:
            self._judge_again(self._at(number))

    def _append(self, judged: Judged) -> None:
        """Put a judged batch behind the others."""
        start = len(self._outcomes)
        self._outcomes.extend(_CODES[outcome] for outcome in judged.outcomes)
        self._keys.extend(judged.keys)
        for place, changes in judged.changes.items():
            self._changes[start + place] = changes
        for place, faults in judged.faults.items():
            self._faults[start + place] = faults
        self.counts.add(judged)

    def notes(self) -> tuple[str, ...]:
        """What a person should know of how the file was read, as sentences."""
        count = self._judge.formula_like
        if not count:
            return self.table.notes()
        begins = "1 text begins" if count == 1 else f"{count:,} texts begin"
        return (*self.table.notes(), f"{begins} like a formula. They are kept as text and never run.")

    def outcome(self, row: int) -> Outcome:
        """What becomes of a row."""
        return OUTCOMES[self._outcomes[self._at(row)]]

    def page(self, start: int, count: int, outcome: Outcome | None = None) -> list[RowShown]:
        """Some rows for a window, of one outcome or of all, in the order of the file."""
        return [self._shown(at) for at in islice(self._places(outcome), start, start + count)]

    def _places(self, outcome: Outcome | None) -> Iterator[int]:
        """The places of the rows of an outcome; found at the speed of a byte search."""
        if outcome is None:
            yield from range(len(self))
            return
        code, at = bytes((_CODES[outcome],)), -1
        while (at := self._outcomes.find(code, at + 1)) >= 0:
            yield at

    def faulty_first(self) -> list[int]:
        """The row numbers, those with faults first."""
        bad = sorted(self._faults)
        return [self._numbers[at] for at in bad] + [
            number for at, number in enumerate(self._numbers) if at not in self._faults
        ]

    def numbers(self, outcome: Outcome | None = None, words: str = "") -> list[int]:
        """The row numbers of one outcome or of all, faults first, of those rows that hold every word."""
        found = self.faulty_first() if outcome is None else [self._numbers[at] for at in self._places(outcome)]
        wanted = words.casefold().split()
        return [number for number in found if self._holds(number, wanted)] if wanted else found

    def _holds(self, number: int, words: Sequence[str]) -> bool:
        """Whether a row holds every word, in any cell."""
        text = " ".join(shown(cell) for cell in self._cells[self._at(number)]).casefold()
        return all(word in text for word in words)

    def shown(self, row: int) -> RowShown:
        """One row as a window shows it."""
        return self._shown(self._at(row))

    def _shown(self, at: int) -> RowShown:
        faulty = frozenset(fault.column for fault in self._faults.get(at, ()))
        return RowShown(self._numbers[at], self._cells[at], OUTCOMES[self._outcomes[at]], faulty)

    def faults(self) -> list[Fault]:
        """Every fault, in the order of the file."""
        return [fault for at in sorted(self._faults) for fault in self._faults[at]]

    def changes(self, row: int) -> list[CellChange]:
        """Which fields an update of this row changes, from what to what."""
        names = self._judge.names
        return [CellChange(names[at], old, new) for at, old, new in self._changes.get(self._at(row), ())]

    def mend(self, row: int, column: str, text: str) -> Mended:
        """Put another text into a cell and judge its row anew (and rows that were at odds with it).

        The cell counts as looked at: a mere suspicion (lost zeros) no longer speaks against it.
        """
        at = self._at(row)
        if column not in self.table.names:
            raise Refusal("Correct this row in the file.")
        place = self.table.names.index(column)
        before, looked_at = self._cells[at], self._looked_at.get(at, frozenset())
        cells = [*before, *[""] * (place + 1 - len(before))]
        mended = Mended(row, column, shown(cells[place]), text)
        cells[place] = text
        self._done.append((mended, at, before, looked_at))
        self._replace(at, tuple(cells), looked_at | {place})
        return mended

    def undo(self) -> Mended | None:
        """Take the last mend back; gives what was taken back, or None where there is none."""
        if not self._done:
            return None
        mended, at, cells, looked_at = self._done.pop()
        self._replace(at, cells, looked_at)
        return mended

    def _replace(self, at: int, cells: Sequence[Cell], looked_at: frozenset[int]) -> None:
        """Change a row's cells; judge it and the rows that named it in a fault."""
        number, key = self._numbers[at], self._keys[at]
        self._cells[at], self._looked_at[at] = cells, looked_at
        again = [at]
        if key is not None and self._judge.first_row.get(key) == number:
            del self._judge.first_row[key]
            again += [
                other
                for other, faults in self._faults.items()
                if other != at and any(fault.other_row == number for fault in faults)
            ]
        for place in sorted(again):
            self._judge_again(place)
        self._give_way(at)
        if self._judge.hangs:
            self._refuse_hanging()

    def _give_way(self, at: int) -> None:
        """Where a later row holds the key of this one, let this one have it: of two alike the earlier one stands."""
        number = self._numbers[at]
        held = max((fault.other_row for fault in self._faults.get(at, ())), default=0)
        if held <= number:
            return
        self._judge.first_row[self._keys[at]] = number
        alike = [other for other, faults in self._faults.items() if any(fault.other_row == held for fault in faults)]
        for place in sorted({at, self._at(held), *alike}):
            self._judge_again(place)

    def _judge_again(self, at: int) -> None:
        """Judge one row anew."""
        self.counts.cells -= len(self._changes.pop(at, ()))
        self._faults.pop(at, None)
        old = OUTCOMES[self._outcomes[at]]
        setattr(self.counts, old, getattr(self.counts, old) - 1)
        row = (self._numbers[at], list(self._cells[at]))
        judged = self._judge.judge([row], self._looked_at.get(at, frozenset()))
        if self._judge.hangs:
            self._stands.update({one.number: one for one in self._judge.hung([row], judged)})
            self._judge.refuse_hanging([row], judged, self._hung)
        self._outcomes[at] = _CODES[judged.outcomes[0]]
        self._keys[at] = judged.keys[0]
        if 0 in judged.changes:
            self._changes[at] = judged.changes[0]
        if 0 in judged.faults:
            self._faults[at] = judged.faults[0]
        self.counts.add(judged)

    def ready(self, size: int = BATCH) -> Iterator[list[Ready]]:
        """The rows that may be written, in batches for the desk's own command; no refused and no unchanged ones."""
        good = (at for at, code in enumerate(self._outcomes) if code <= _CODES["update"])
        while places := list(islice(good, size)):
            yield self._made_ready(places)

    def _made_ready(self, places: list[int]) -> list[Ready]:
        """The values of some rows; those of new records are read from their cells once more."""
        names = self._judge.names
        new = [at for at in places if self._outcomes[at] == _CODES["create"]]
        values: dict[int, tuple[Any, ...]] = {}
        plain = [at for at in new if not self._looked_at.get(at)]
        values.update(zip(plain, self._judge.parse([self._row(at) for at in plain], {}), strict=True))
        for at in new:
            if at not in values:
                values[at] = self._judge.parse([self._row(at)], {}, self._looked_at[at])[0]
        return [
            Ready(self._numbers[at], "create", self._keys[at], values_held(names, values[at]))
            if at in values
            else Ready(
                self._numbers[at], "update", self._keys[at], {names[place]: to for place, _, to in self._changes[at]}
            )
            for at in places
        ]

    def _row(self, at: int) -> Row:
        """A row as it was read, with what was mended."""
        return self._numbers[at], list(self._cells[at])

    def bad_rows(self) -> Iterator[BadRow]:
        """The refused rows for a file that can be mended and imported again."""
        for at in self._places("refused"):
            yield BadRow(self._numbers[at], self._cells[at], deed(self._faults.get(at, ())))

    def _at(self, row: int) -> int:
        """The place of a row by its number in the file."""
        at = bisect_left(self._numbers, row)
        if at == len(self._numbers) or self._numbers[at] != row:
            raise Refusal(f"The file has no row {row:,} below its header.")
        return at
