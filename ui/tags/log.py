"""The log of prints: who printed when, which tags on which cells, and the way to print them again."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from cbo_desk.context import clock
from cbo_desk.plurals import Count
from cbo_desk.tags import PrintedLine, PrintLine, print_log, printed_tags
from ui.kit.bidi import identifier, isolate
from ui.kit.buttons import Button
from ui.kit.cards import line, rule, stack, upright_rule
from ui.kit.labels import ElidedLabel, Label
from ui.kit.phrases import when
from ui.kit.runner import Runner
from ui.kit.states import ListOrState, State


class PrintLog(QFrame):
    """Prints on the left, the tags of the chosen one on the right. `chosen(lines)` asks to print its tags again."""

    chosen = Signal(list)
    closed = Signal()

    def __init__(self, runner: Runner, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("look", "card")
        self.setAccessibleName(self.tr("Print log"))
        self._runner = runner
        self._jobs: list[PrintLine] = []
        self._tags: list[PrintedLine] = []
        self.prints = QListWidget(self)
        self.prints.setAccessibleName(self.tr("Prints"))
        self.tags = QListWidget(self)
        self.tags.setAccessibleName(self.tr("Tags of this print"))
        self.about = ElidedLabel("", "muted")
        self.again_button = Button(self.tr("Choose these tags again"), "rotate-ccw", "primary", self.choose_again)
        self.again_button.setEnabled(False)
        self._states = ListOrState(self.prints, self)
        self._build()
        self.prints.currentRowChanged.connect(self._read)
        runner.read(self, print_log, done=self._show)

    def choose_again(self) -> None:
        """Ask for the tags of the print, each once; retired ones are left out."""
        lines = {one.tag.tag_id: one.tag for one in self._tags if not one.retired}
        if lines:
            self.chosen.emit(list(lines.values()))

    def _build(self) -> None:
        back = Button(self.tr("Back to the print"), "arrow-left", "link", self.closed.emit)
        head = line(Label(self.tr("Print log"), "h2"), None, back, margins=(16, 12, 12, 10))
        right = stack(line(self.about, self.again_button, margins=(16, 10, 12, 10)), rule(), self.tags)
        columns = line(gap=0)
        columns.addWidget(self._states, 5)
        columns.addWidget(upright_rule())
        columns.addLayout(right, 6)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(1, 1, 1, 1)
        whole.setSpacing(0)
        whole.addLayout(head)
        whole.addWidget(rule())
        whole.addLayout(columns, 1)

    def _show(self, jobs: list[PrintLine]) -> None:
        self._jobs = jobs
        if not jobs:
            words = self.tr("Every print is written down here with its tags and cells.")
            self._states.show_state(State("empty", self.tr("Nothing printed yet"), words, icon="history"))
            return
        now = clock()
        for job in jobs:
            words = self.tr("{when} · {tags} on {stock} · {output} · {by}").format(
                when=when(job.at, now),
                tags=self._tags_in_words(job),
                stock=isolate(job.stock),
                output=isolate(job.output),
                by=isolate(job.by),
            )
            self.prints.addItem(QListWidgetItem(words))
        self.prints.setCurrentRow(0)
        self.prints.setFocus(Qt.FocusReason.OtherFocusReason)

    def _tags_in_words(self, job: PrintLine) -> str:
        return self.tr("{count:tag|tags}").format(count=Count(job.tags))

    def _read(self, row: int) -> None:
        if 0 <= row < len(self._jobs):
            job = self._jobs[row]
            self._runner.walk(self, printed_tags, job.id, done=partial(self._show_tags, job))

    def _show_tags(self, job: PrintLine, tags: list[PrintedLine]) -> None:
        row = self.prints.currentRow()
        if not 0 <= row < len(self._jobs) or self._jobs[row].id != job.id:
            return
        self._tags = tags
        self.tags.clear()
        for one in tags:
            place = self.tr("page {page}, cell {cell}").format(page=one.page, cell=one.cell)
            words = f"{identifier(one.tag.subject.number)}   {isolate(one.tag.subject.name)}   {place}"
            if one.retired:
                words = self.tr("{words} · retired since").format(words=words)
            self.tags.addItem(QListWidgetItem(words))
        pages = self.tr("{pages:page|pages}").format(pages=Count(job.pages))
        self.about.setText(self.tr("{tags} on {pages}").format(tags=self._tags_in_words(job), pages=pages))
        self.again_button.setEnabled(any(not one.retired for one in tags))
