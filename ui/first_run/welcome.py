"""The first page of all: three equal ways to begin, and what becomes of one's data told before the choice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from ui.first_run.drawings import paint_compound, paint_empty_site, paint_server
from ui.first_run.front import Paint, Picture
from ui.kit.buttons import Button
from ui.kit.cards import line, rule, stack
from ui.kit.labels import IconLabel, KeyCap, Label
from ui.kit.states import ProgressStrip


@dataclass(frozen=True)
class Choice:
    """One way to begin: its name, its words, two facts and what it means for one's data, each with an icon."""

    id: str
    key: str
    title: str
    sentence: str
    facts: Sequence[tuple[str, str]]
    data: tuple[str, str]
    verb: str
    paint: Paint


class ChoiceCard(QFrame):
    """One choice as a card. `chosen(id)` tells that it was pressed."""

    chosen = Signal(str)

    def __init__(self, choice: Choice, primary: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.choice = choice
        self.setProperty("look", "card")
        self.setAccessibleName(choice.title)
        self.picture = Picture(choice.paint, choice.title, 190)
        self.button = Button(choice.verb, "", "primary" if primary else "plain", self._go, choice.key)
        box = QVBoxLayout(self)
        box.setContentsMargins(1, 1, 1, 1)
        box.setSpacing(0)
        box.addWidget(self.picture)
        box.addWidget(rule(self))
        box.addLayout(self._words())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The whole card can be pressed."""
        if event.button() == Qt.MouseButton.LeftButton and self.isEnabled():
            self._go()

    def _words(self) -> QVBoxLayout:
        choice = self.choice
        facts = [_fact(icon, words) for icon, words in choice.facts]
        icon, data = choice.data
        return stack(
            line(Label(choice.title, "h2"), None, KeyCap(choice.key)),
            6,
            Label(choice.sentence, "muted", wrap=True),
            14,
            *facts,
            14,
            rule(self),
            14,
            line(IconLabel(icon, "muted", 16), Label(self.tr("Your data"), "h3"), None, gap=11),
            6,
            Label(data, "small-muted", wrap=True),
            None,
            18,
            self.button,
            margins=(24, 18, 24, 22),
        )

    def _go(self) -> None:
        self.chosen.emit(self.choice.id)


class WelcomePage(QWidget):
    """The choice. `chosen(id)` with "demo", "empty" or "open"; the keys 1, 2 and 3 choose as well."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "plain")
        self.cards = [ChoiceCard(choice, primary=choice.id == "demo") for choice in self._choices()]
        self.progress = ProgressStrip(self)
        self.problem = Label("", "warn", centred=True, wrap=True)
        row = line(*self.cards, gap=16)
        for place, card in enumerate(self.cards):
            row.setStretch(place, 1)
            card.chosen.connect(self.chosen)
        words = self.tr(
            "No cloud, no registration, no usage reports: nothing is sent unless you set up e-mail. "
            "You may choose again later, from the menu at your name."
        )
        foot = line(None, IconLabel("shield-check", "muted", 16), Label(words, "muted"), None, gap=8)
        head = Label(self.tr("Welcome to CBO Desk"), "title", centred=True)
        ask = Label(self.tr("How would you like to begin?"), "muted", centred=True)
        self.setLayout(stack(None, head, 8, ask, 30, row, 14, self.problem, self.progress, 8, foot, None))
        self.problem.hide()

    def choose(self, key: str) -> bool:
        """Take the choice with a key; False where none has it."""
        card = next((card for card in self.cards if card.choice.key == key and card.isEnabled()), None)
        if card is not None:
            self.chosen.emit(card.choice.id)
        return card is not None

    def begin(self, words: str) -> None:
        """A choice is being carried out: nothing else can be chosen meanwhile."""
        for card in self.cards:
            card.setEnabled(False)
        self.problem.hide()
        self.progress.begin(words)

    def say(self, problem: str) -> None:
        """It did not work: the sentence stands below the cards, and one may choose again."""
        for card in self.cards:
            card.setEnabled(True)
        self.progress.end()
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """1, 2 and 3 choose."""
        if not self.choose(event.text()):
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """The drawings follow the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            for card in self.cards:
                card.picture.update()

    def _choices(self) -> list[Choice]:
        say = self.tr
        return [
            Choice(
                "demo",
                "1",
                say("Explore the demo compound"),
                say("A made-up compound on today's date, with places, people and property. Try anything."),
                [
                    ("clock", say("Ready in about 3 seconds")),
                    ("users", say("60 people, 1,200 assets, 4 buildings")),
                ],
                (
                    "hard-drive",
                    say("A file of its own on this computer, marked “demo” on every page. One press deletes it."),
                ),
                say("Explore the demo"),
                paint_compound,
            ),
            Choice(
                "empty",
                "2",
                say("Start empty"),
                say("Your own compound on this computer. Name it, add places, import people and assets."),
                [
                    ("clock", say("First room and tag in about 2 minutes")),
                    ("file-text", say("Import from CSV or Excel, checked first")),
                ],
                ("hard-drive", say("One file on this computer. A backup goes to a second place that you choose.")),
                say("Start empty"),
                paint_empty_site,
            ),
            Choice(
                "open",
                "3",
                say("Open or join"),
                say("Open a compound file that you have, or join your office server with its address."),
                [("clock", say("Under a minute")), ("id-card", say("Your own sign-in, your own rights"))],
                (
                    "server",
                    say("A file stays where it is. With a server, the data stays on the server."),
                ),
                say("Open or join…"),
                paint_server,
            ),
        ]


def _fact(icon: str, words: str) -> QWidget:
    box = QWidget()
    box.setLayout(line(IconLabel(icon, "muted", 16), Label(words), None, gap=11, margins=(0, 3, 0, 3)))
    return box
