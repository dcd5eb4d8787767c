"""One card in the middle of the frame, like the cards of the first page: a drawing, what is asked, what is told."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPainterPath
from PySide6.QtWidgets import QFrame, QSizePolicy, QVBoxLayout, QWidget

from ui.kit.cards import Piece, line, rule, stack
from ui.kit.drawings import Drawing
from ui.kit.icons import put_icon
from ui.kit.labels import IconLabel, Label
from ui.kit.theme import changed, colour, px

Paint = Callable[[QPainter, QRectF], None]
WIDE, TALL = 440, 132
"""Pixels: the card, and the drawing at its head."""


class Picture(Drawing):
    """The drawing at the head of a card, on a ground whose upper corners are the card's own."""

    def __init__(self, paint: Paint, name: str, height: int = TALL, parent: QWidget | None = None) -> None:
        super().__init__(self._on_ground, name, parent)
        self._drawn, self._height = paint, height
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        changed.connect(self._rescale)
        self._rescale()

    def _on_ground(self, painter: QPainter, room: QRectF) -> None:
        ground = QPainterPath()
        ground.addRoundedRect(room.adjusted(0, 0, 0, 10), 7, 7)
        painter.save()
        painter.setClipRect(room)
        painter.fillPath(ground, colour("window"))
        painter.restore()
        self._drawn(painter, room.adjusted(24, 12, -24, -10))

    def _rescale(self) -> None:
        self.setFixedHeight(px(self._height))


class Told(QWidget):
    """What is to be known beside the form: an icon with a few words, and a sentence or two below them."""

    def __init__(self, icon: str, heading: str, sentence: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.mark = IconLabel(icon, "muted", 16)
        self.heading = Label(heading, "h3", wrap=True)
        self.sentence = Label(sentence, "small-muted", wrap=True)
        head = line(self.mark, self.heading, gap=11)
        head.setStretch(1, 1)
        self.setLayout(stack(head, 6, self.sentence))

    def say(self, icon: str, heading: str, sentence: str, *, amber: bool = False) -> None:
        """Say something else; amber where one must act."""
        put_icon(self.mark, icon, "warn_text" if amber else "muted", 16)
        self.heading.setText(heading)
        self.sentence.setText(sentence)


class FrontPage(QWidget):
    """Title and a line below it, one card in the middle, and a foot; `fill` puts something into both."""

    def __init__(self, title: str, below: str, paint: Paint, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "plain")
        self.title = Label(title, "title", centred=True, wrap=True)
        self.below = Label(below, "muted", centred=True, wrap=True)
        self.card = QFrame(self)
        self.card.setProperty("look", "card")
        self.picture = Picture(paint, title)
        changed.connect(self._rescale)
        self._rescale()

    def fill(self, card: Sequence[Piece], foot: Sequence[Piece] = ()) -> None:
        """Put pieces into the card, and others below it."""
        box = QVBoxLayout(self.card)
        box.setContentsMargins(1, 1, 1, 1)
        box.setSpacing(0)
        box.addWidget(self.picture)
        box.addWidget(rule(self.card))
        box.addLayout(stack(*card, margins=(26, 18, 26, 22)))
        middle = line(None, self.card, None)
        self.setLayout(stack(None, self.title, 6, self.below, 22, middle, 14, line(None, *foot, None), None))

    def _rescale(self) -> None:
        self.card.setFixedWidth(px(WIDE))
