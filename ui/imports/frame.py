"""The import page's frame: its buttons and figures, rows above faults, the card; drops and Ctrl+Z on their way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QSplitter, QWidget

from cbo_desk.imports import keep_mapping
from cbo_desk.plurals import Count
from cbo_desk.tabular import Counts, Question
from ui.bench import Bench
from ui.imports.faults import FaultsPane
from ui.imports.kinds import ImportKind
from ui.imports.naming import MappingNames
from ui.imports.notice import Notice
from ui.imports.phrases import date_order, outcome_word, rows
from ui.imports.preview import PreviewPane
from ui.imports.side import OUTCOMES, ImportCard
from ui.imports.task import ImportTask
from ui.imports.work import ready_rows
from ui.kit.actions import Action
from ui.kit.buttons import Button
from ui.kit.page import Page, Split
from ui.kit.states import ListOrState, ProgressStrip
from ui.kit.tabs import Tab

ALL = "all"


class ImportFrame(Page):
    """Everything that stands on the page; what follows from what is the import page's own."""

    def __init__(self, bench: Bench, kind: ImportKind, parent: QWidget) -> None:
        super().__init__(kind.title, parent, help_page="import")
        self.bench, self.kind = bench, kind
        self.task = ImportTask(bench, kind, self)
        self.preview = PreviewPane(kind.importable.fields, self)
        self.faults = FaultsPane(self)
        self.card = ImportCard(kind, self)
        self.notice = Notice(self)
        self.strip = ProgressStrip(self)
        self._add_head()
        self._arrange()
        self._add_actions()
        self.setAcceptDrops(True)

    def choose_file(self) -> None:
        """Ask for the file."""
        raise NotImplementedError

    def take(self, path: Path) -> None:
        """Begin with a file."""
        raise NotImplementedError

    def save_bad(self) -> None:
        """Ask where the refused rows are to be saved."""
        raise NotImplementedError

    def run_import(self) -> None:
        """Write the good rows."""
        raise NotImplementedError

    def go_to_fault(self) -> None:
        """Look at the next fault."""
        self.faults.go_on()

    def undo(self) -> None:
        """Take the last mend back."""
        self.task.mend_back()

    def say_summary(self) -> None:
        """Say which file, how long, and that nothing is written yet."""
        file, result = self.task.file, self.task.result
        if file is None:
            return
        parts = [file.path.name]
        if file.table.sheet is not None:
            parts.append(self.tr("sheet {name}").format(name=file.table.sheet.name))
        if result is not None:
            parts.append(rows(len(result.preview)))
        parts.append(self.tr("nothing is written yet"))
        self.say(" · ".join(parts))

    def show_counts(self) -> None:
        """Offer the views of a file."""
        counts = self.task.result.preview.counts if self.task.result else None
        tabs = [Tab(ALL, self.tr("All rows"), counts.rows if counts else None)]
        tabs += [Tab(one, outcome_word(one), getattr(counts, one) if counts else None) for one in OUTCOMES]
        self.show_views(self.task.file is not None)
        self.tabs.show_tabs(tabs)

    def show_views(self, shown: bool) -> None:
        """Whether there are rows to choose from."""
        self.tabs.setVisible(shown)
        self.filter_box.setVisible(shown)

    def show_figures(self) -> None:
        """Everything that counts rows."""
        result = self.task.result
        counts = result.preview.counts if result else Counts()
        for name in (ALL, *OUTCOMES):
            self.tabs.set_count(name, (counts.rows if name == ALL else getattr(counts, name)) if result else None)
        self.card.sum.show_counts(counts)
        self.say_summary()
        self.say_state()

    def say_state(self) -> None:
        """Which buttons say what, and which can be pressed."""
        result, writing = self.task.result, self.task.writing
        counts = result.preview.counts if result else Counts()
        good = ready_rows(counts)
        self.import_button.setVisible(self.task.file is not None)
        self.other_button.setVisible(self.task.file is not None)
        self.import_button.set_words(
            self.tr("Import {rows}").format(rows=rows(good)) if good else self.tr("Nothing to import"), "Ctrl+Enter"
        )
        self.import_button.setEnabled(bool(good) and not writing)
        self.bad_button.setVisible(bool(counts.refused))
        bad = self.tr("Save the {count:bad row|bad rows}")
        self.bad_button.set_words(bad.format(count=Count(counts.refused)))
        for part in (self.other_button, self.card, self.preview, self.faults):
            part.setEnabled(not writing)
        if result is not None and self.import_button.property("look") != "primary":
            self.import_button.set_kind("primary")

    def show_reading(self) -> None:
        """Show how the file is read."""
        task = self.task
        if task.file is not None:
            readings = task.result.preview.readings if task.result else {}
            told = {name: one for name, one in readings.items() if hasattr(one, "how")}
            self.card.reading.show_file(task.file, task.chosen, task.mapping, told)

    def ask(self, questions: Sequence[Question]) -> None:
        """Ask what the file leaves open; the answers stand beside the question."""
        if not questions:
            self.notice.say("")
            return
        asked = questions[0]
        if asked.kind == "dates":
            answers = [(date_order(key), partial(self.task.take_dates, asked.field, key)) for key in ("dmy", "mdy")]
        else:
            styles = (("point", "1,234.56"), ("comma", "1.234,56"))
            answers = [(words, partial(self.task.take_numbers, asked.field, key)) for key, words in styles]
        self.notice.say(f"{asked.column}: {asked.text}", answers)

    # --- what Qt asks

    def event(self, event: QEvent) -> bool:
        """Ctrl+Z belongs to the rows while there is something of theirs to undo."""
        override = event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent)
        if override and self.task.mends and _is_undo(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Hear a key."""
        if self.task.mends and _is_undo(event):
            self.undo()
            return
        super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """A file may be dropped anywhere on the page."""
        if _dropped(event) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Begin with the file."""
        path = _dropped(event)
        if path is not None:
            event.acceptProposedAction()
            self.take(path)

    # --- parts

    def _add_actions(self) -> None:
        self._add("file", self.tr("Choose another file"), self.choose_file, "file-input", "Ctrl+I", always=True)
        self._add("next_fault", self.tr("Next fault"), self.go_to_fault, "chevron-down", "F8")
        self._add("save_bad", self.tr("Save the bad rows"), self.save_bad, "file-down")
        self._add("run", self.tr("Import the good rows"), self.run_import, "check", "Ctrl+Return")
        self._add("check", self.tr("Check the file again"), self.task.check, "refresh-cw")
        if self.bench.may(keep_mapping):
            names = MappingNames(self.bench, self.task, self.show_reading, self)
            self._add("keep_mapping", self.tr("Keep this mapping under a name"), names.ask, "bookmark")
            self._add("forget_mapping", self.tr("Forget the name of this mapping"), names.forget, "trash-2")

    def _add(
        self, name: str, label: str, run: Callable[[], object], icon: str, key: str = "", *, always: bool = False
    ) -> None:
        """One action of the page, possible while it is in front."""
        ident = f"{self.kind.page.replace('/', '.')}.{name}"
        enabled = self.isVisible if always else self.has_result
        action = Action(ident, label, run, icon, key, self.kind.shown_at, self.kind.title, enabled)
        self.bench.shell.actions_.add(self, action)

    def has_result(self) -> bool:
        """Whether a checked file is on the page in front."""
        return self.isVisible() and self.task.result is not None

    def _add_head(self) -> None:
        self.other_button = Button(self.tr("Other file"), "file-input", "plain", self.choose_file, "Ctrl+I")
        self.bad_button = Button("", "file-down", "plain", self.save_bad)
        self.import_button = Button("", "check", "primary", self.run_import, "Ctrl+Enter")
        self.add_buttons(self.other_button, self.bad_button, self.import_button)
        self.use_filter(self.tr("Filter rows"))

    def _arrange(self) -> None:
        self.lists = QSplitter(Qt.Orientation.Vertical, self)
        self.lists.addWidget(self.preview)
        self.lists.addWidget(self.faults)
        self.lists.setHandleWidth(10)
        self.lists.setChildrenCollapsible(False)
        self.lists.setSizes([540, 460])
        self.split = Split(self.lists, self.card, "import", self.bench.preferences)
        self.whole = ListOrState(self.split)
        self.body.addWidget(self.strip)
        self.body.addWidget(self.notice)
        self.body.addWidget(self.whole, 1)


def _is_undo(event: QEvent) -> bool:
    return isinstance(event, QKeyEvent) and event.matches(QKeySequence.StandardKey.Undo)


def _dropped(event: QDropEvent) -> Path | None:
    """The one file that hangs on the mouse, None for anything else."""
    urls = event.mimeData().urls()
    return Path(urls[0].toLocalFile()) if len(urls) == 1 and urls[0].isLocalFile() else None
