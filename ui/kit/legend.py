"""What the colours of a map or a chart mean."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QWidget

from ui.kit.cards import line
from ui.kit.chips import Tone
from ui.kit.drawings import Drawing
from ui.kit.flow import Flow
from ui.kit.labels import Label
from ui.kit.theme import colour


class Legend(QWidget):
    """What the colours of a map or chart mean: a box, a word and a count each."""

    def __init__(self, entries: Sequence[tuple[Tone, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        flow = Flow(self, gap=14)
        for tone, words in entries:
            entry = QWidget(self)
            box = Drawing(partial(_paint_key, tone), "", entry)
            box.setFixedSize(14, 12)
            entry.setLayout(line(box, Label(words, "small-muted"), gap=6))
            flow.addWidget(entry)


def _paint_key(tone: Tone, painter: QPainter, room: QRectF) -> None:
    painter.setPen(QPen(colour(f"{tone}_text"), 1))
    painter.setBrush(colour(f"{tone}_back"))
    painter.drawRoundedRect(room.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
