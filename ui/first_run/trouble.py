"""The page for a compound that cannot be opened: what is wrong in a sentence, who does what, and what can be done."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from cbo_desk.errors import OtherVersion, Refusal
from ui.first_run.front import Told
from ui.kit.buttons import Button
from ui.kit.cards import frame, line, rule, stack
from ui.kit.labels import IconLabel, Label
from ui.kit.theme import px

AGAIN_MS = 15_000
"""So long between two tries of what somebody else is to put right."""
Way = tuple[str, str, Callable[[], object]]
"""Something that can be done: its words, its icon, what runs it."""


class TroublePage(QWidget):
    """Calm words in the frame; the first of the ways out is the likeliest and has the focus."""

    def __init__(
        self, where: str, error: Exception, ways: list[Way], parent: QWidget | None = None, more: str = ""
    ) -> None:
        super().__init__(parent)
        self._beat = QTimer(self, interval=AGAIN_MS)
        self.setProperty("look", "plain")
        icon, heading, who = self._told(error)
        self.mark = IconLabel(icon, "warn_text", 40)
        self.heading = Label(heading, "h1", centred=True, wrap=True)
        self.sentence = Label(str(error), "", centred=True, wrap=True)
        self.sentence.setMinimumWidth(px(460))
        self.where = Label(where, "small-muted", centred=True, wrap=True)
        self.told = [Told(*one) for one in who]
        if more:
            self.told.append(Told("inbox", self.tr("Kept on this computer"), more))
        self.buttons = [
            Button(words, icon, "primary" if number == 0 else "plain", run)
            for number, (words, icon, run) in enumerate(ways)
        ]
        below = [piece for told in self.told for piece in (14, told)]
        card = frame(
            line(None, self.mark, None),
            14,
            self.heading,
            8,
            line(None, self.sentence, None),
            6,
            self.where,
            *([18, rule(), *below] if below else []),
            22,
            line(None, *self.buttons, None),
            margins=(40, 34, 40, 34),
        )
        card.setFixedWidth(px(580))
        self.setAccessibleName(f"{self.heading.words()}. {error}")
        self.setLayout(stack(None, line(None, card, None), None))

    def focus_first(self) -> None:
        """Lead the keys to the likeliest way out."""
        self.buttons[0].setFocus()

    def try_again(self, then: Callable[[], object]) -> None:
        """Try by itself what somebody else is to put right, unless the person is somewhere else meanwhile."""

        def again() -> None:
            if self.isVisible() and self.isAncestorOf(self.window().focusWidget()):
                self._beat.stop()
                then()

        self._beat.timeout.connect(again)
        self._beat.start()

    def _told(self, error: Exception) -> tuple[str, str, list[tuple[str, str, str]]]:
        """Icon and heading, and who does what: an icon, who, and what."""
        if isinstance(error, OtherVersion) and error.newer:
            return (
                "download",
                self.tr("The program on this computer is too old"),
                [
                    (
                        "laptop-minimal",
                        self.tr("Whoever keeps this computer's programs"),
                        self.tr(
                            "Brings CBO Desk on this computer to the newer version. Nothing is lost meanwhile, and "
                            "whoever has that version works on."
                        ),
                    )
                ],
            )
        if isinstance(error, OtherVersion):
            return (
                "hourglass",
                self.tr("The server waits for an administrator"),
                [
                    (
                        "user-check",
                        self.tr("An administrator"),
                        self.tr(
                            "Opens the compound once with the version that this computer has. This page goes on by "
                            "itself then; nothing is lost meanwhile."
                        ),
                    )
                ],
            )
        away = not isinstance(error, Refusal)
        return "cloud-off" if away else "file-warning", self.tr("This compound cannot be opened"), []
