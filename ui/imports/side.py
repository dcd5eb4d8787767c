"""The card beside the rows: what the import does, what it may do, and its history."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QPainter, QPainterPath
from PySide6.QtWidgets import QCheckBox, QGridLayout, QWidget

from cbo_desk.plurals import Count
from cbo_desk.tabular import Choices, Counts, Outcome
from ui.imports.kinds import ImportKind
from ui.imports.phrases import outcome_icon, outcome_word
from ui.imports.reading import ReadingForm
from ui.kit.cards import History, ScrollCard, clear, line, rule, stack
from ui.kit.drawings import Drawing
from ui.kit.labels import IconLabel, Label, number_label
from ui.kit.theme import colour, px

OUTCOMES: tuple[Outcome, ...] = ("create", "update", "unchanged", "refused")
_TOKENS = {"create": "ok_text", "update": "accent", "unchanged": "strong", "refused": "bad_text"}


class Sum(QWidget):
    """The import as a bar and four figures."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._counts = Counts()
        self._bar = Drawing(self._paint, self.tr("Shares of the rows"), self)
        self._bar.setFixedHeight(px(8))
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(1, 1)
        self.setLayout(stack(self._bar, 10, self._grid))
        self.show_counts(self._counts)

    def show_counts(self, counts: Counts) -> None:
        """Show these figures."""
        self._counts = counts
        clear(self._grid)
        for row, outcome in enumerate(OUTCOMES):
            words = outcome_word(outcome)
            if outcome == "update" and counts.cells:
                cells = self.tr("{count:cell changes|cells change}").format(count=Count(counts.cells))
                words = f"{words}, {cells}"
            self._grid.addWidget(IconLabel(*outcome_icon(outcome), 16), row, 0)
            self._grid.addWidget(Label(words), row, 1)
            self._grid.addWidget(number_label(f"{getattr(counts, outcome):,}"), row, 2)
        self._bar.update()

    def _paint(self, painter: QPainter, room: QRectF) -> None:
        whole = QPainterPath()
        whole.addRoundedRect(room, room.height() / 2, room.height() / 2)
        painter.setClipPath(whole)
        painter.fillRect(room, colour("sunken"))
        left, total = room.left(), self._counts.rows
        for outcome in OUTCOMES:
            count = getattr(self._counts, outcome)
            if count:
                width = max(2.0, room.width() * count / total)
                painter.fillRect(QRectF(left, room.top(), width - 1, room.height()), colour(_TOKENS[outcome]))
                left += width


class ChoicesForm(QWidget):
    """What the import may do. `chosen(Choices)` when the person changed it."""

    chosen = Signal(object)

    def __init__(self, things: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.new = QCheckBox(self.tr("Create new {things}").format(things=things))
        self.renew = QCheckBox(self.tr("Update {things} that exist").format(things=things))
        self.blank = QCheckBox(self.tr("A blank cell empties the field"))
        self.hint = Label("", "small-muted")
        hint = line(px(26), self.hint)
        self.setLayout(stack(self.new, self.renew, self.blank, hint))
        for box in (self.new, self.renew, self.blank):
            box.clicked.connect(self._tell)
        self.show_choices(Choices())

    def show_choices(self, choices: Choices) -> None:
        """Show what is chosen."""
        self.new.setChecked(choices.create)
        self.renew.setChecked(choices.update)
        self.blank.setChecked(choices.blank_empties)
        self._hint()

    def _tell(self) -> None:
        self._hint()
        self.chosen.emit(Choices(self.new.isChecked(), self.renew.isChecked(), self.blank.isChecked()))

    def _hint(self) -> None:
        on = self.blank.isChecked()
        self.hint.setText(
            self.tr("On: what stands there is lost") if on else self.tr("Off: blank cells change nothing")
        )


class ImportCard(ScrollCard):
    """Everything about the import that is not a row of it."""

    def __init__(self, kind: ImportKind, parent: QWidget) -> None:
        super().__init__(parent)
        self.sum = Sum(self)
        self.choices = ChoicesForm(kind.things, self)
        self.reading = ReadingForm(kind, self)
        self.history = History(parent=self)
        self.show_content(
            Label(self.tr("What this import does"), "h2"),
            10,
            self.sum,
            10,
            rule(),
            10,
            Label(self.tr("Choices"), "h3"),
            4,
            self.choices,
            10,
            rule(),
            10,
            Label(self.tr("How the file is read"), "h3"),
            6,
            self.reading,
            10,
            rule(),
            10,
            Label(self.tr("History"), "h3"),
            4,
            self.history,
        )

    def show_history(self, entries: Iterable[tuple[str, str]]) -> None:
        """Show what happened, latest first."""
        self.history.show_entries(entries)
