"""The import page of any desk: a file is chosen, checked and mended; nothing is written before the person says so."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QWidget

from cbo_desk.changes import Changes
from cbo_desk.context import clock, local
from cbo_desk.imports import PastImport, past_imports
from cbo_desk.plurals import Count
from cbo_desk.tabular import Counts, Fault, Mended, Outcome
from ui.bench import Bench
from ui.imports.frame import ALL, ImportFrame
from ui.imports.kinds import ImportKind
from ui.imports.missing import Missing
from ui.imports.phrases import rows
from ui.imports.reading import NAMED
from ui.imports.side import OUTCOMES
from ui.imports.work import ready_rows
from ui.kit.buttons import Button
from ui.kit.files import ask_open, ask_save, show_folder
from ui.kit.phrases import when
from ui.kit.states import State


class ImportPage(ImportFrame):
    """One file on its way into the records; it stays here until another file is chosen."""

    def __init__(self, bench: Bench, kind: ImportKind, parent: QWidget) -> None:
        super().__init__(bench, kind, parent)
        self._past: list[tuple[str, str]] = []
        self._said_here: list[tuple[str, str]] = []
        self._begun_by_hand = False
        self.missing = Missing(bench, kind, self.task, self.notice, self)
        self._connect()
        self.show_start()

    # --- what the window asks

    def open_at(self, detail: str) -> None:
        """Show the page; "choose" asks for a file at once where none is open."""
        if detail == "choose" and self.task.file is None:
            self.choose_file()

    def close_topmost(self) -> bool:
        """Esc leads back to the desk; the file stays open here."""
        self.bench.shell.go(self.kind.shown_at)
        return True

    # --- deeds

    def choose_file(self) -> None:
        """Ask for the file."""
        kinds = (self.tr("Tables (*.csv *.tsv *.txt *.xlsx *.xlsm)"), self.tr("All files (*)"))
        ask_open(self, self.kind.title, kinds, "import", self.bench.preferences, self.take)

    def take(self, path: Path) -> None:
        """Begin with a file."""
        self._said_here = []
        self._begun_by_hand = True
        self.task.take(path)

    def run_import(self) -> None:
        """Write the good rows."""
        if self.import_button.isEnabled():
            self.task.write()
            self.say_state()

    def save_bad(self) -> None:
        """Ask where the refused rows are to be saved."""
        if self.task.file is None:
            return
        path = self.task.file.path
        suffix = path.suffix if path.suffix.lower() in (".csv", ".tsv", ".xlsx") else ".csv"
        name = self.tr("{file}, bad rows").format(file=path.stem) + suffix
        ask_save(
            self, self.tr("Save the bad rows"), name, (f"{suffix[1:].upper()} (*{suffix})",), "import",
            self.bench.preferences, self.task.save_bad,
        )  # fmt: skip

    def _connect(self) -> None:
        task = self.task
        task.began.connect(lambda words: self.strip.begin(words, task.stop))
        task.progressed.connect(self.strip.report)
        task.ended.connect(self.strip.end)
        task.opened.connect(self._show_file)
        task.checked.connect(self._show_result)
        task.unusable.connect(self._cannot)
        task.listed.connect(self._show_listed)
        task.mended.connect(self._were_mended)
        task.failed.connect(self._show_failure)
        task.written.connect(self._show_done)
        task.cancelled.connect(self._was_stopped)
        task.saved.connect(self._bad_saved)
        self.tabs.chosen.connect(lambda _name: self._look())
        self.filtered.connect(lambda _words: self._look())
        self.preview.taken.connect(self._take_column)
        self.preview.corrected.connect(task.mend)
        self.preview.at.connect(self.faults.show_row)
        self.faults.gone_to.connect(lambda fault: self._go_to_row(fault.row, fault.column))
        self.faults.mend_asked.connect(self._mend)
        self.faults.other_asked.connect(lambda row: self._go_to_row(row, ""))
        self.faults.correct_asked.connect(self.preview.correct)
        self.faults.next_asked.connect(self.go_to_fault)
        self.card.choices.chosen.connect(task.choose)
        reading = self.card.reading
        reading.read_as.connect(lambda chosen: task.read_as(**chosen))
        reading.dates.connect(task.take_dates)
        reading.numbers.connect(task.take_numbers)
        reading.fixed.connect(task.take_fixed)
        reading.mapping.connect(self._take_mapping)

    # --- what stands on the page

    def show_start(self) -> None:
        """Nothing is chosen yet."""
        words = self.tr(
            "Drop a CSV or Excel file here, or choose one. It is checked first; nothing is written before you say so."
        )
        choose = Button(self.tr("Choose a file"), "upload", "primary", self.choose_file, "Ctrl+I")
        heading = self.tr("Which file holds the {things}?").format(things=self.kind.things)
        self.whole.show_state(State("empty", heading, words, choose, icon="file-input"))
        self.say(self.tr("CSV, TSV, semicolons or Excel, as the other program wrote it"))
        self.show_views(False)
        self.say_state()
        choose.setFocus()

    def _show_file(self) -> None:
        file, task = self.task.file, self.task
        assert file is not None
        self.whole.show_content()
        self.notice.say("")
        self.preview.show_file(file, task.mapping)
        self.card.choices.show_choices(task.choices)
        self.show_reading()
        self.show_counts()
        self.say_summary()
        self.say_state()
        self.preview.table.setFocus()
        self.bench.runner.walk(self, past_imports, self.kind.importable, done=self._show_past)
        for name, query in self.kind.offers.items():
            self.bench.runner.read(self, query, done=partial(self._show_offer, name))

    def _show_result(self) -> None:
        result = self.task.result
        assert result is not None
        if self._begun_by_hand:
            self._begun_by_hand = False
            words = self.tr("You chose {file}; read in {seconds} s.")
            words = words.format(file=result.opened.path.name, seconds=f"{result.seconds:.1f}")
            self._said_here = [(f"{local(clock()):%H:%M}", words)]
        self.preview.show_result(result)
        self.faults.show_faults(result.listed, result.preview.counts)
        self.show_reading()
        self.ask(result.preview.questions)
        self.missing.offer(result)
        self.show_figures()
        self._show_history()
        if result.listed.faults and self.faults.fault() is None:
            row = self.preview.row()
            self.faults.show_row(row if row is not None else 0)

    def _show_listed(self) -> None:
        result = self.task.result
        if result is not None:
            self.preview.show_result(result)

    def _were_mended(self, done: Sequence[Mended], back: bool) -> None:
        result = self.task.result
        assert result is not None
        self.preview.show_again()
        self.faults.show_faults(result.listed, result.preview.counts)
        self.show_figures()
        if not done:
            return
        first = done[0]
        if back:
            self.bench.shell.toasts.close_it()
            self._go_to_row(first.row, first.column)
            return
        blank = self.tr("blank")
        words = self.tr("Row {row} mended: {text}") if len(done) == 1 else self.tr("{count:row|rows} mended: {text}")
        said = words.format(row=f"{first.row:,}", count=Count(len(done)), text=first.after or blank)
        self.bench.shell.toasts.say(said, self.tr("Undo"), self.undo)

    def _show_failure(self, error: Exception) -> None:
        """The file cannot be read: say why, and offer the next one."""
        self.say_state()
        if self.task.file is not None:
            self.notice.say(str(error), [(self.tr("Choose another file"), self.choose_file)])
            self.show_reading()
            return
        name = self.task.path.name if self.task.path else ""
        again = Button(self.tr("Choose another file"), "file-input", "plain", self.choose_file, "Ctrl+I")
        heading = self.tr("{file} cannot be imported").format(file=name)
        self.whole.show_state(State("error", heading, str(error), again, icon="file-x"))
        self.notice.say("")
        self.say(name)
        self.show_counts()
        self.say_state()
        again.setFocus()

    def _cannot(self, sentence: str) -> None:
        """The columns cannot be taken as they are chosen, or the records moved on."""
        self.notice.say(sentence, [(self.tr("Check again"), self.task.check)] if not self.task.problems() else ())
        self.show_reading()
        self.show_figures()

    def _was_stopped(self, writing: bool) -> None:
        """The person stopped it; nothing was written."""
        said = self.tr("Stopped. Nothing was imported.") if writing else self.tr("The check was stopped.")
        again = (self.tr("Import again"), self.run_import) if writing else (self.tr("Check again"), self.task.check)
        if self.task.file is None:
            self.show_start()
            return
        self.notice.say(said, [again])
        self.show_figures()

    def _show_done(self, changes: Changes) -> None:
        """All is written: say what, and where to go from here."""
        counts = self.task.result.preview.counts if self.task.result else Counts()
        said = [self.tr("{count} created").format(count=f"{counts.create:,}")] if counts.create else []
        said += [self.tr("{count} updated").format(count=f"{counts.update:,}")] if counts.update else []
        said += [self.tr("{count} unchanged").format(count=f"{counts.unchanged:,}")] if counts.unchanged else []
        said += [self.tr("{count} refused").format(count=f"{counts.refused:,}")] if counts.refused else []
        heading = self.tr("{rows} imported").format(rows=rows(ready_rows(counts)))
        show = Button(self.tr("Show them"), "list", "primary", self._show_them)
        other = Button(self.tr("Save the bad rows"), "file-down", "plain", self.save_bad) if counts.refused else None
        self.import_button.set_kind("plain")
        self.whole.show_state(State("empty", heading, " · ".join(said) + ".", show, other, icon="circle-check"))
        self.notice.say("")
        self.say(self.task.path.name if self.task.path else "")
        self.show_views(False)
        self.say_state()
        self.import_button.hide()
        show.setFocus()

    def _show_them(self) -> None:
        self.bench.shell.go(self.kind.shown_at)
        self.kind.show()

    def _show_offer(self, name: str, found: Sequence[Any]) -> None:
        """What can stand in a field for every row is known; the only one there is needs no choosing."""
        reading, mapping = self.card.reading, self.task.mapping
        reading.offered = {**reading.offered, name: [(one.code, f"{one.code} · {one.name}") for one in found]}
        if len(found) == 1 and name not in mapping.fixed and mapping.column_of(name) is None:
            self.task.take_fixed(name, found[0].code)
        self.show_reading()

    def _show_past(self, past: Sequence[PastImport]) -> None:
        now = clock()
        self._past = [(when(one.at, now), f"{one.who}: {one.said}") for one in past]
        self._show_history()

    def _show_history(self) -> None:
        self.card.show_history([*self._said_here, *self._past])

    # --- what the person does

    def _look(self) -> None:
        name = self.tabs.current()
        outcome: Outcome | None = next((one for one in OUTCOMES if one == name), None)
        self.task.look_at(outcome, self.filter_box.text().strip())

    def _take_column(self, column: str, name: str) -> None:
        self.task.take_column(column, name or None)
        self.preview.show_mapping(self.task.mapping)

    def _take_mapping(self, which: str) -> None:
        file = self.task.file
        if file is not None:
            named = file.named.get(which.removeprefix(NAMED)) if which.startswith(NAMED) else None
            self.task.take_as(named or (file.as_before if which == "last" and file.as_before else file.by_name))
            self.preview.show_mapping(self.task.mapping)

    def _go_to_row(self, row: int, column: str) -> None:
        """Lead to a row; where the view leaves it out, all rows are shown first."""
        if self.preview.go_to(row, column):
            return
        if self.tabs.current() != ALL or self.filter_box.text():
            self.tabs.choose(ALL)
            self.filter_box.clear()
            self._look()

    def _mend(self, fault: Fault, everywhere: bool) -> None:
        if everywhere:
            self.task.mend_alike(fault)
        elif fault.mend is not None:
            self.task.mend(fault.row, fault.column, fault.mend.value)

    def _bad_saved(self, path: Path, count: int) -> None:
        said = self.tr("{rows} saved as {file}").format(rows=rows(count), file=path.name)
        self.bench.shell.toasts.say(said, self.tr("Open folder"), partial(show_folder, path))
