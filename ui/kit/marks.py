"""How a place stands out on a map: a tone, a word, an icon."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPen

from ui.kit.chips import Tone
from ui.kit.icons import pixmap
from ui.kit.theme import colour, letters, px


@dataclass(frozen=True)
class Mark:
    """How a place stands out: its tone, a word or number on it, what its tooltip says, and an icon for its state."""

    tone: Tone = "idle"
    words: str = ""
    said: str = ""
    icon: str = ""


def paint_mark(painter: QPainter, box: QRectF, mark: Mark) -> None:
    """Paint a mark over the place that takes up `box`."""
    painter.setPen(QPen(colour(f"{mark.tone}_text"), 1))
    painter.setBrush(colour(f"{mark.tone}_back"))
    painter.drawRoundedRect(box, 3, 3)
    font = letters(11, QFont.Weight.DemiBold)
    painter.setFont(font)
    painter.setPen(colour(f"{mark.tone}_text"))
    size = px(12)
    words = mark.words if QFontMetrics(font).horizontalAdvance(mark.words) <= box.width() - 2 else ""
    if mark.icon and box.height() > size * 2.4 and box.width() > size:
        middle = QPointF(box.center().x() - size / 2, box.center().y() + 2)
        painter.drawPixmap(middle, pixmap(mark.icon, f"{mark.tone}_text", size))
        box = box.adjusted(0, 0, 0, -box.height() / 2 + 2)
    if words and box.height() > px(11):
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), words)
