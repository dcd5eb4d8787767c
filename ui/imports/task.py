"""One import under way: what was chosen, what was found, and the work in the background, one piece at a time."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from cbo_desk.changes import Changes
from cbo_desk.imports import remember_mapping
from cbo_desk.tabular import Choices, Fault, Mended, Outcome, problems
from cbo_desk.tabular import Mapping as ColumnMapping
from ui.bench import Bench
from ui.imports.jobs import Jobs
from ui.imports.kinds import ImportKind
from ui.imports.work import (
    Ask,
    Checked,
    Chosen,
    Listed,
    Opened,
    View,
    alike,
    check_file,
    listed,
    mend,
    mend_back,
    open_file,
    ready_rows,
    save_bad_rows,
    with_column,
    with_fixed,
    write_rows,
)


class ImportTask(Jobs):
    """The file of one import page.

    Signals, beside those of its jobs: `opened` when a file's first rows are there; `checked` when it is known what the
    import would do; `unusable(sentence)` where the columns as chosen cannot be taken; `listed` when other rows are in
    view; `mended(list of Mended, back)` after cells were mended or mended back; `failed(Exception)` where the file
    cannot be read; `written(Changes)` when all is done; `saved(path, rows)` when the refused rows stand in a file.
    """

    opened = Signal()
    checked = Signal()
    unusable = Signal(str)
    listed = Signal()
    mended = Signal(object, bool)
    failed = Signal(object)
    written = Signal(object)
    saved = Signal(object, int)

    def __init__(self, bench: Bench, kind: ImportKind, parent: QObject) -> None:
        super().__init__(bench, parent)
        self.kind = kind
        self.path: Path | None = None
        self.chosen = Chosen()
        self.file: Opened | None = None
        self.mapping = ColumnMapping()
        self.choices = Choices()
        self.view = View()
        self.result: Checked | None = None
        self.mends: list[list[Mended]] = []
        self._pause.timeout.connect(self.check)

    # --- the file

    def take(self, path: Path) -> None:
        """Begin with another file."""
        if self.writing:
            return
        self.mends.clear()
        self.choices, self.view = Choices(), View()
        self._open(path, Chosen())

    def read_as(self, **chosen: Any) -> None:
        """Read the same file in another way: `encoding`, `delimiter`, `sheet` or `header_row`."""
        if self.path is not None and not self.writing:
            if "sheet" in chosen:
                chosen.setdefault("header_row", None)
            self._open(self.path, replace(self.chosen, **chosen))

    # --- how it is taken

    def take_column(self, column: str, name: str | None) -> None:
        """Let a column fill another field, or none."""
        self.take_as(with_column(self.mapping, column, name))

    def take_fixed(self, name: str, text: str) -> None:
        """Give a field one text for every row."""
        self.take_as(with_fixed(self.mapping, name, text))

    def take_dates(self, name: str, order: str) -> None:
        """Read the dates of a field in this order."""
        self.take_as(replace(self.mapping, dates={**self.mapping.dates, name: order}))

    def take_numbers(self, name: str, style: str) -> None:
        """Read the numbers of a field in this style."""
        self.take_as(replace(self.mapping, numbers={**self.mapping.numbers, name: style}))

    def take_as(self, mapping: ColumnMapping) -> None:
        """Take the columns another way, and check anew."""
        self.mapping = mapping
        self._soon()

    def choose(self, choices: Choices) -> None:
        """Allow or forbid creating, updating and emptying, and check anew."""
        self.choices = choices
        self._soon()

    def problems(self) -> list[str]:
        """What keeps the columns from being taken as chosen, as sentences."""
        if self.file is None:
            return []
        return problems(self.mapping, self.file.table.names, self.file.kind.fields)

    def check(self) -> None:
        """Find out what the import would do; an older check is given up."""
        if self.file is None:
            return
        said = self.problems()
        if said:
            self._next_turn()
            self.ended.emit()
            self.unusable.emit(" ".join(said))
            return
        ask = Ask(self.mapping, self.choices, [one for some in self.mends for one in some], self.view)
        work = partial(check_file, self.bench.runner.office, self.file, ask)
        self._run(self.tr("Checking {file}").format(file=self.file.path.name), work, self._was_checked, self._cannot)

    # --- rows and mends

    def look_at(self, outcome: Outcome | None, words: str) -> None:
        """Show other rows."""
        self.view = View(outcome, words)
        self._list_again()

    def mend(self, row: int, column: str, text: str) -> None:
        """Put another text into a cell."""
        self._mend([(row, column)], text)

    def mend_alike(self, fault: Fault) -> None:
        """Take the proposal of a fault for every cell of its column with the same text."""
        if fault.mend is not None and self.result is not None:
            self._mend(alike(self.result.listed.faults, fault), fault.mend.value)

    def mend_back(self) -> bool:
        """Take the last mend back; False where there is none."""
        if not self.mends or self.result is None or self.writing:
            return False
        preview, view, count = self.result.preview, self.view, len(self.mends.pop())
        self._quietly(
            lambda _progress: (mend_back(preview, count), listed(preview, view)), partial(self._were_mended, True)
        )
        return True

    # --- the end

    def write(self) -> None:
        """Write the good rows."""
        if self.result is None or self.file is None or not ready_rows(self.result.preview.counts):
            return
        self.writing = True
        name, preview = self.file.path.name, self.result.preview
        work = partial(write_rows, self.bench.runner.office, self.kind.importable, name, preview)
        self._run(self.tr("Importing {file}").format(file=name), work, self._was_written, self._not_written)

    def save_bad(self, path: Path) -> None:
        """Save the refused rows, to be mended and imported again."""
        if self.result is None:
            return
        preview = self.result.preview

        self._quietly(lambda _progress: save_bad_rows(preview, path), partial(self.saved.emit, path))

    # --- in the background

    def _open(self, path: Path, chosen: Chosen) -> None:
        work = partial(open_file, self.bench.runner.office, self.kind.importable, path, chosen)

        def opened(file: Opened) -> None:
            same = self.file is not None and self.file.table.names == file.table.names and self.path == path
            self.path, self.chosen, self.file, self.result = path, chosen, file, None
            self.mapping = self.mapping if same else file.mapping
            self.opened.emit()
            self.check()

        def failed(error: Exception) -> None:
            if self.path != path:
                self.path, self.file, self.result = path, None, None
            self.failed.emit(error)

        self._run(self.tr("Reading {file}").format(file=path.name), lambda _progress: work(), opened, failed)

    def _was_checked(self, result: Checked) -> None:
        self.result = result
        self.checked.emit()

    def _cannot(self, error: Exception) -> None:
        """The check was refused: by a fixed text that means nothing, or by a file that broke halfway."""
        self.result = None
        self.unusable.emit(str(error))

    def _was_written(self, changes: Changes) -> None:
        self.writing = False
        runner = self.bench.runner
        runner.changed.emit(changes)
        runner.did.emit(changes)
        if self.file is not None and self.bench.may(remember_mapping):
            runner.write(remember_mapping, self.kind.importable.what, self.file.table.names, self.mapping)
        self.written.emit(changes)

    def _not_written(self, error: Exception) -> None:
        self.writing = False
        self.unusable.emit(str(error))

    def _mend(self, cells: list[tuple[int, str]], text: str) -> None:
        if self.result is None or self.writing:
            return
        preview, view = self.result.preview, self.view
        self._quietly(
            lambda _progress: (mend(preview, cells, text), listed(preview, view)), partial(self._were_mended, False)
        )

    def _were_mended(self, back: bool, answer: tuple[list[Mended], Listed]) -> None:
        done, found = answer
        if self.result is None:
            return
        if not back:
            self.mends.append(done)
        order = self.result.listed.order if self.view == View() else found.order
        self.result.listed = replace(found, order=order)
        self.mended.emit(done, back)

    def _list_again(self) -> None:
        if self.result is None:
            return
        preview, view = self.result.preview, self.view

        def show(found: Listed) -> None:
            if self.result is not None and self.result.preview is preview and self.view == view:
                self.result.listed = found
                self.listed.emit()

        self._quietly(lambda _progress: listed(preview, view), show)
