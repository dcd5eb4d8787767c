"""Checks a whole file against the register: held in memory for a window, or streamed for the command line."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from cbo_desk.progress import Progress
from cbo_desk.tabular.cells import Cell, values_held
from cbo_desk.tabular.columns import Question, Reading
from cbo_desk.tabular.faults import Fault
from cbo_desk.tabular.fields import Field, Mapping
from cbo_desk.tabular.hanging import Hung, hanging
from cbo_desk.tabular.judging import Choices, Judge, Lookup, RowRule
from cbo_desk.tabular.outcomes import BATCH, BadRow, Counts, Ready, deed
from cbo_desk.tabular.preview import Preview
from cbo_desk.tabular.table import Row, Table

_SHARED_TEXTS = 200_000


class _Share(Progress):
    """A part of a longer piece of work: its report moves the whole from `start` to `end` (of 1,000)."""

    def __init__(self, whole: Progress | None, start: int, end: int) -> None:
        super().__init__()
        self._whole, self._start, self._end = whole, start, end

    def report(self, done: int, total: int = 0) -> None:
        """Report to the whole work."""
        if self._whole is not None:
            part = (self._end - self._start) * done // total if total else 0
            self._whole.report(self._start + part, 1000)


def check(
    table: Table,
    mapping: Mapping,
    fields: Sequence[Field],
    choices: Choices,
    lookup: Lookup,
    *,
    rules: RowRule | None = None,
    progress: Progress | None = None,
) -> Preview:
    """Read a whole table and say what importing it would do. Refused where the mapping cannot be used."""
    judge = Judge(table, mapping, fields, choices, lookup, rules)
    shared: dict[Cell, Cell] = {}
    numbers = array("L")
    held: list[Sequence[Cell]] = []
    rows = table.rows(_Share(progress, 0, 400))
    while batch := list(islice(rows, BATCH)):
        columns = _by_column(batch, table.width)
        judge.overlook(columns)
        numbers.extend([number for number, _ in batch])
        if table.text and len(columns[0]) == len(batch):  # texts that stand in many cells are held once
            held.extend(zip(*[map(shared.setdefault, cells, cells) for cells in columns], strict=True))
        else:
            held.extend(tuple(cells) for _, cells in batch)
        if len(shared) > _SHARED_TEXTS:
            shared.clear()
    preview = Preview(judge, *judge.begin(), numbers, held)
    preview.judge_all(_Share(progress, 400, 1000))
    return preview


def _by_column(batch: Sequence[Row], width: int) -> list[Sequence[Cell]]:
    """The cells of some rows column by column; rows of another width are left out."""
    columns = list(zip(*[cells for _, cells in batch if len(cells) == width], strict=True))
    return columns or [()] * width  # type: ignore[return-value]


@dataclass
class Batch:
    """One batch of a long import: what may be written, what is wrong, and which rows are refused."""

    ready: list[Ready]
    faults: list[Fault]
    bad: list[BadRow]
    counts: Counts


@dataclass
class Stream:
    """A check that never holds the file: `batches` gives its rows once, after the columns were surveyed."""

    table: Table
    readings: dict[str, Reading]
    questions: tuple[Question, ...]
    _judge: Judge
    _progress: Progress | None

    def batches(self, size: int = BATCH) -> Iterator[Batch]:
        """Judge the whole file, batch by batch; `counts` run up."""
        hung = self._hung(size)
        self._judge.first_row.clear()
        counts, names = Counts(), self._judge.names
        rows = self.table.rows(_Share(self._progress, 300, 1000))
        while batch := list(islice(rows, size)):
            judged = self._judge.judge(batch)
            if hung:
                self._judge.refuse_hanging(batch, judged, hung)
            counts.add(judged)
            ready: list[Ready] = []
            bad: list[BadRow] = []
            for place, outcome in enumerate(judged.outcomes):
                number = batch[place][0]
                if outcome == "create":
                    ready.append(Ready(number, outcome, judged.keys[place], values_held(names, judged.values[place])))
                elif outcome == "update":
                    changed = {names[at]: new for at, _, new in judged.changes[place]}
                    ready.append(Ready(number, outcome, judged.keys[place], changed))
                elif outcome == "refused":
                    bad.append(BadRow(number, batch[place][1], deed(judged.faults[place])))
            faults = [fault for place in sorted(judged.faults) for fault in judged.faults[place]]
            yield Batch(ready, faults, bad, counts)

    def _hung(self, size: int) -> dict[int, int]:
        """The rows that stand in what another, refused row was to make. Only where rows stand in one another is the
        file judged for that once before: whether a row goes in may be decided by a later one.
        """
        if not self._judge.hangs:
            return {}
        self._judge.first_row.clear()
        found: list[Hung] = []
        rows = self.table.rows(None)
        while batch := list(islice(rows, size)):
            found += self._judge.hung(batch, self._judge.judge(batch))
        return hanging(found)


def check_in_batches(
    table: Table,
    mapping: Mapping,
    fields: Sequence[Field],
    choices: Choices,
    lookup: Lookup,
    *,
    rules: RowRule | None = None,
    progress: Progress | None = None,
) -> Stream:
    """Survey a table of any length, ready to be judged in batches without being held in memory."""
    judge = Judge(table, mapping, fields, choices, lookup, rules)
    rows = table.rows(_Share(progress, 0, 300))
    while batch := list(islice(rows, BATCH)):
        judge.overlook(_by_column(batch, table.width))
    return Stream(table, *judge.begin(), judge, progress)
