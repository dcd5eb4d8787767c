"""A sentence above the rows that says what must be settled first, with the answers as buttons."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QFrame, QWidget

from ui.kit.buttons import Button
from ui.kit.cards import clear, line
from ui.kit.labels import IconLabel, Label

Answer = tuple[str, Callable[[], object]]


class Notice(QFrame):
    """The sentence and its answers; it goes when there is nothing to say."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("look", "notice")
        self.words = Label("", "amber", wrap=True)
        self._answers = line(gap=8)
        row = line(IconLabel("triangle-alert", "warn_text", 16), self.words, self._answers, margins=(12, 6, 10, 6))
        row.setStretch(1, 1)
        self.setLayout(row)
        self.hide()

    def say(self, sentence: str, answers: Sequence[Answer] = ()) -> None:
        """Say a sentence, or nothing any more."""
        self.words.setText(sentence)
        self.setAccessibleName(sentence)
        clear(self._answers)
        for words, run in answers:
            self._answers.addWidget(Button(words, "", "link", run))
        self.setVisible(bool(sentence))
