"""The page for a compound that cannot be opened: what is wrong in a sentence, and what can be done."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from cbo_desk.errors import Refusal
from ui.kit.background import Background
from ui.kit.buttons import Button
from ui.kit.cards import frame, line, stack
from ui.kit.labels import IconLabel, Label
from ui.kit.theme import px

AGAIN_MS = 3_000
"""So long between two questions whether a server is back."""
Way = tuple[str, str, Callable[[], object]]
"""Something that can be done: its words, its icon, what runs it."""


class TroublePage(QWidget):
    """Calm words in the frame; the first of the ways out is the likeliest and has the focus."""

    def __init__(
        self, where: str, error: Exception, ways: list[Way], parent: QWidget | None = None, more: str = ""
    ) -> None:
        super().__init__(parent)
        self._background = Background(1, self)
        self._beat = QTimer(self, interval=AGAIN_MS)
        self.setProperty("look", "plain")
        away = not isinstance(error, Refusal)
        self.heading = Label(self.tr("This compound cannot be opened"), "h1", centred=True)
        self.sentence = Label(str(error), "", centred=True, wrap=True)
        self.sentence.setMinimumWidth(px(460))
        self.where = Label(where, "small-muted", centred=True, wrap=True)
        self.more = Label(more, "muted", centred=True, wrap=True)
        self.more.setMinimumWidth(px(460))
        self.more.setVisible(bool(more))
        self.buttons = [
            Button(words, icon, "primary" if number == 0 else "plain", run)
            for number, (words, icon, run) in enumerate(ways)
        ]
        mark = IconLabel("cloud-off" if away else "file-warning", "warn_text", 40)
        card = frame(
            line(None, mark, None),
            14,
            self.heading,
            8,
            line(None, self.sentence, None),
            6,
            self.where,
            12 if more else 0,
            line(None, self.more, None),
            20,
            line(None, *self.buttons, None),
            margins=(40, 36, 40, 36),
        )
        self.setAccessibleName(f"{self.heading.words()}. {error}")
        self.setLayout(stack(None, line(None, card, None), None))

    def focus_first(self) -> None:
        """Lead the keys to the likeliest way out."""
        self.buttons[0].setFocus()

    def wait_for(self, question: Callable[[], bool], then: Callable[[], object]) -> None:
        """Ask again and again, beside everything else; go on by itself once the answer is yes.

        Nothing happens by itself while the person is somewhere else, as in the form of another server.
        """

        def answered(yes: bool) -> None:
            if yes and self.isVisible() and self.isAncestorOf(self.window().focusWidget()):
                self._beat.stop()
                then()

        def ask() -> None:
            if self.isVisible() and not self._background.busy:
                self._background.run(self, question, answered, lambda _error: None)

        self._beat.timeout.connect(ask)
        self._beat.start()
