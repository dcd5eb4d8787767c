"""What became of the last scan, in large letters: painted in one go, for it follows fifty scans a second."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.kit.bidi import isolate, leading, mirrored
from ui.kit.chips import Tone
from ui.kit.icons import pixmap
from ui.kit.theme import changed, colour, letters, px

MARK, SIGN = 62, 30
"""The round mark and the icon in it, in pixels at 100 %."""
BESIDE, BETWEEN = 16, 2


class Told(QWidget):
    """A round mark and three lines, of which the middle one is large; a line without room is shortened.

    It paints its own ground: of labels on a card Qt paints the card and the page behind each of them first, which took
    a third of what a scan costs on the screen.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._words = ("", "", "")
        self._tone: Tone = "idle"
        self._icon = "scan-line"
        self._measure()
        changed.connect(self._measure)

    def words(self) -> tuple[str, str, str]:
        """What it says: the outcome, the thing, and the rest."""
        return self._words

    def say(self, outcome: str, thing: str, detail: str, tone: Tone, icon: str) -> None:
        """Say something else."""
        self._words, self._tone, self._icon = (outcome, thing, detail), tone, icon
        self.update()

    def sizeHint(self) -> QSize:
        """Room for the mark and the lines beside it."""
        return QSize(px(MARK) + BESIDE + px(160), max(px(MARK), self._height))

    def minimumSizeHint(self) -> QSize:
        """The least size at which it can be used."""
        return QSize(px(MARK) + BESIDE + px(24), self.sizeHint().height())

    def event(self, event: QEvent) -> bool:
        """The tooltip holds the whole lines where one of them is shortened."""
        if event.type() == QEvent.Type.ToolTip:
            self.setToolTip("" if self.shown() == self._words else "\n".join(filter(None, self._words)))
        return super().event(event)

    def shown(self) -> tuple[str, ...]:
        """What there is room for."""
        room, cut = self.width() - px(MARK) - BESIDE, Qt.TextElideMode.ElideRight
        return tuple(
            measure.elidedText(words, cut, room)
            for words, (_font, measure, _token) in zip(self._words, self._lines, strict=True)
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint all of it."""
        painter = QPainter(self)
        try:
            painter.fillRect(event.rect(), colour("surface"))
            size = px(MARK)
            self._paint_mark(painter, QRectF(self.width() - size if mirrored() else 0, 0, size, self.height()))
            left, width = 0 if mirrored() else size + BESIDE, self.width() - size - BESIDE
            top = (self.height() - self._height) / 2
            side = int(leading() | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine)
            for words, (font, measure, token) in zip(self.shown(), self._lines, strict=True):
                painter.setFont(font)
                painter.setPen(colour(token))
                painter.drawText(QRectF(left, top, width, measure.height()), side, isolate(words))
                top += measure.height() + BETWEEN
        finally:
            painter.end()

    def _paint_mark(self, painter: QPainter, room: QRectF) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(colour(f"{self._tone}_back"))
        painter.setBrush(colour(f"{self._tone}_back"))
        around = room.width() / 2 - 1
        painter.drawEllipse(room.center(), around, around)
        size = px(SIGN)
        middle = QPointF(room.center().x() - size / 2, room.center().y() - size / 2)
        painter.drawPixmap(middle, pixmap(self._icon, f"{self._tone}_text", size))

    def _measure(self) -> None:
        """Take the letters of the theme in force."""
        plain, large = letters(), letters(24, QFont.Weight.DemiBold)
        small = (plain, QFontMetrics(plain), "muted")
        self._lines = (small, (large, QFontMetrics(large), "text"), small)
        self._height = sum(measure.height() for _, measure, _ in self._lines) + 2 * BETWEEN
        self.updateGeometry()
        self.update()
