"""What an import does away from the screen: opening, checking, mending and writing a file. Plain Python, no widgets."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from time import perf_counter

from cbo_desk.changes import Changes
from cbo_desk.errors import Refusal
from cbo_desk.imports import Importable, Rows, named_mappings, remembered_mappings
from cbo_desk.office import Office
from cbo_desk.progress import Progress
from cbo_desk.tabular import (
    Cell,
    Choices,
    Counts,
    Fault,
    Mend,
    Mended,
    Outcome,
    Preview,
    Ready,
    Table,
    check,
    mapping_from_dict,
    suggest_mapping,
    write_bad_rows,
)
from cbo_desk.tabular import Mapping as ColumnMapping

SAMPLED = 200
"""Rows shown while the file is still being checked."""
WRITTEN_AT_ONCE = 1_000
"""Rows between two looks at whether the person wants the import to stop."""


@dataclass(frozen=True)
class Chosen:
    """What a person said about how a file is read; None leaves it to what is found."""

    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    header_row: int | None = None

    def given(self) -> dict[str, str | int]:
        """Only what was said."""
        return {name: value for name, value in vars(self).items() if value is not None}


@dataclass
class Opened:
    """A file that could be opened as a `kind`: its first rows, how its columns would be taken, perhaps `as_before`."""

    path: Path
    table: Table
    sample: list[tuple[int, Sequence[Cell]]]
    mapping: ColumnMapping
    by_name: ColumnMapping
    as_before: ColumnMapping | None
    kind: Importable
    named: dict[str, ColumnMapping] = field(default_factory=dict)
    """The mappings kept under a name whose columns this file has."""

    def name_of(self, mapping: ColumnMapping) -> str:
        """Under which name a mapping is kept, empty for none."""
        return next((name for name, kept in self.named.items() if kept == mapping), "")


Likeness = tuple[str, str, Mend]
"""A column, the text in it, and the correction proposed: cells of the same likeness are mended together."""


@dataclass
class Listed:
    """Which rows a view shows, in order; every fault of the file, also by row.

    `alike` says how often each proposal stands, `columns` which columns of the file hold faults.
    """

    order: Sequence[int]
    faults: Sequence[Fault]
    by_row: Mapping[int, Sequence[Fault]]
    alike: Mapping[Likeness, int]
    columns: frozenset[str]


@dataclass
class Checked:
    """A file that was checked against the records; seconds are those it took."""

    opened: Opened
    preview: Preview
    listed: Listed
    seconds: float


@dataclass(frozen=True)
class View:
    """Which rows are looked at: of one outcome or all, holding some words."""

    outcome: Outcome | None = None
    words: str = ""


@dataclass
class Ask:
    """Everything a check depends on; `mends` are texts a person put into cells, by row and column."""

    mapping: ColumnMapping
    choices: Choices = field(default_factory=Choices)
    mends: Sequence[Mended] = ()
    view: View = field(default_factory=View)


def open_file(office: Office, kind: Importable, path: Path, chosen: Chosen) -> Opened:
    """Open a file and match its columns; raises `Refusal` and `Trouble` in words."""
    kind = kind.whole(office)
    table = kind.open(path, **chosen.given())
    remembered = office.read(remembered_mappings, kind.what)
    by_name = suggest_mapping(table.names, kind.fields)
    taken = suggest_mapping(table.names, kind.fields, remembered)
    as_before = taken if "As last time." in taken.reasons.values() else None
    kept = {name: mapping_from_dict(held) for name, held in office.read(named_mappings, kind.what).items()}
    named = {name: mapping for name, mapping in kept.items() if mapping.columns.keys() <= set(table.names)}
    return Opened(path, table, list(islice(table.rows(), SAMPLED)), taken, by_name, as_before, kind, named)


def check_file(office: Office, opened: Opened, ask: Ask, progress: Progress) -> Checked:
    """Say what importing the file would do, with the mends a person has made so far."""
    begun, kind = perf_counter(), opened.kind
    lookup = kind.lookup(office)
    rule = getattr(lookup, "rule", None)
    preview = check(opened.table, ask.mapping, kind.fields, ask.choices, lookup, rules=rule, progress=progress)
    for mended in ask.mends:
        if mended.column in opened.table.names:
            try:
                preview.mend(mended.row, mended.column, mended.after)
            except Refusal:  # read another way, the file no longer has that row
                continue
    return Checked(opened, preview, listed(preview, ask.view), perf_counter() - begun)


def listed(preview: Preview, view: View) -> Listed:
    """The rows of a view and the faults of the file."""
    by_row: dict[int, list[Fault]] = defaultdict(list)
    faults = preview.faults()
    for fault in faults:
        by_row[fault.row].append(fault)
    same = Counter((fault.column, fault.value, fault.mend) for fault in faults if fault.mend is not None)
    return Listed(
        preview.numbers(view.outcome, view.words),
        faults,
        dict(by_row),
        same,
        frozenset(fault.column for fault in faults),
    )


def mend(preview: Preview, cells: Sequence[tuple[int, str]], text: str) -> list[Mended]:
    """Put a text into some cells, each named by row and column."""
    return [preview.mend(row, column, text) for row, column in cells]


def mend_back(preview: Preview, count: int) -> list[Mended]:
    """Take the last so many mends back."""
    taken = [preview.undo() for _ in range(count)]
    return [mended for mended in taken if mended is not None]


def alike(faults: Sequence[Fault], fault: Fault) -> list[tuple[int, str]]:
    """The cells of a column that hold the same text with the same fault, each by row and column."""
    return [
        (one.row, one.column)
        for one in faults
        if (one.column, one.value, one.mend) == (fault.column, fault.value, fault.mend)
    ]


def write_rows(office: Office, kind: Importable, name: str, preview: Preview, progress: Progress) -> Changes:
    """Write every row that may be written, in one transaction; stopped, it leaves nothing behind."""
    total = ready_rows(preview.counts)

    def batches() -> Iterator[Sequence[Ready]]:
        done = 0
        for batch in preview.ready(WRITTEN_AT_ONCE):
            progress.report(done, total)
            yield batch
            done += len(batch)
        progress.report(total, total)

    changes = office.write(kind.command, Rows(name, batches))
    assert isinstance(changes, Changes)
    return changes


def ready_rows(counts: Counts) -> int:
    """How many rows an import would write."""
    return counts.create + counts.update


def save_bad_rows(preview: Preview, path: Path) -> int:
    """Write the refused rows to a file that can be mended and imported again; gives their number."""
    return write_bad_rows(preview.table, preview.bad_rows(), path)


def with_fixed(mapping: ColumnMapping, name: str, text: str) -> ColumnMapping:
    """The mapping with another text for every row ("" for none)."""
    fixed = {key: value for key, value in mapping.fixed.items() if key != name}
    return replace(mapping, fixed={**fixed, name: text} if text else fixed)


def with_column(mapping: ColumnMapping, column: str, name: str | None) -> ColumnMapping:
    """The mapping with another field for a column; a column that filled it before, or a fixed text, gives way."""
    if name is not None:
        before = mapping.column_of(name)
        if before is not None:
            mapping = mapping.with_column(before, None)
        mapping = with_fixed(mapping, name, "")
    return mapping.with_column(column, name)
