"""Status chips: icon, word and colour, painted in lists and shown as widgets."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import floor
from typing import Literal

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.kit.bidi import isolate
from ui.kit.icons import pixmap
from ui.kit.theme import colour, current, letters, px

Tone = Literal["ok", "info", "warn", "bad", "idle", "live"]


@dataclass(frozen=True)
class Status:
    """What a chip says. Colour means exception: `warn` act, `bad` late or wrong; `idle` and `ok` are the rule."""

    word: str
    tone: Tone = "idle"
    icon: str = "circle-dashed"


def chip_width(status: Status) -> int:
    """How wide the chip of a status is, in pixels."""
    return _width(status.word, current().scale) + px(31)


def paint_chip(painter: QPainter, room: QRectF, status: Status, *, mirrored: bool = False) -> None:
    """Paint a chip at the beginning of `room`, in its middle height, shortened if it does not fit.

    A list paints twenty of a few chips with every page: each is drawn once and kept as a picture.
    """
    width = min(chip_width(status), int(room.width()))
    if width <= 0:
        return
    left = room.right() - width if mirrored else room.left()
    top = room.center().y() - px(20) / 2 + 0.5
    x, y = floor(left), floor(top)
    ratio = painter.device().devicePixelRatio()
    painter.drawPixmap(QPointF(x, y), _picture(status, width, left - x, top - y, mirrored, _look(), ratio))


def _look() -> tuple[bool, float]:
    """What of the theme in force makes a chip another picture."""
    theme = current()
    return theme.dark, theme.scale


@lru_cache(maxsize=500)
def _picture(
    status: Status, width: int, right: float, down: float, mirrored: bool, _theme: tuple[bool, float], ratio: float
) -> QPixmap:
    """A chip that begins so far right and down of the corner of its picture, by parts of a pixel."""
    height = px(20)
    picture = QPixmap(QSize(width + 1, height + 1) * ratio)
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    try:
        _draw(painter, QRectF(right, down, width, height), status, mirrored)
    finally:
        painter.end()
    return picture


def _draw(painter: QPainter, box: QRectF, status: Status, mirrored: bool) -> None:
    font, metrics = _letters(current().scale)
    painter.setFont(font)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour(f"{status.tone}_back"))
    painter.drawRoundedRect(box, box.height() / 2, box.height() / 2)
    size = px(12)
    mark = QPointF(box.right() - px(7) - size if mirrored else box.x() + px(7), box.center().y() - size / 2)
    painter.drawPixmap(mark, pixmap(status.icon, f"{status.tone}_text", size))
    painter.setPen(colour(f"{status.tone}_text"))
    words = box.adjusted(px(8), 0, -px(22), 0) if mirrored else box.adjusted(px(22), 0, -px(8), 0)
    short = metrics.elidedText(status.word, Qt.TextElideMode.ElideRight, int(words.width() + px(4)))
    side = Qt.AlignmentFlag.AlignRight if mirrored else Qt.AlignmentFlag.AlignLeft
    flags = side | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextDontClip
    painter.drawText(words, int(flags), isolate(short))


class Chip(QWidget):
    """A chip on a card."""

    def __init__(self, status: Status, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.status = status
        self._kept: tuple[Status, ...] = ()
        self.setAccessibleName(status.word)

    def show_status(self, status: Status) -> None:
        """Say another status; the window is laid out anew only if it takes another width."""
        if status == self.status:
            return
        before = self.sizeHint()
        self.status = status
        self.setAccessibleName(status.word)
        if self.sizeHint() != before:
            self.updateGeometry()
        self.update()

    def keep_room_for(self, *statuses: Status) -> None:
        """Be as wide as the widest of these at least, so that what stands beside it stays where it is."""
        self._kept = statuses
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """The size it would like."""
        return QSize(max(chip_width(status) for status in (self.status, *self._kept)), px(24))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint it as it stands now."""
        painter = QPainter(self)
        try:
            mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
            paint_chip(painter, QRectF(self.rect()), self.status, mirrored=mirrored)
        finally:
            painter.end()


@lru_cache(maxsize=8)
def _letters(scale: float) -> tuple[QFont, QFontMetrics]:
    """The letters of chips at a text size: a list paints twenty chips at once."""
    font = letters(12, QFont.Weight.Medium)
    return font, QFontMetrics(font)


@lru_cache(maxsize=500)
def _width(word: str, scale: float) -> int:
    return _letters(scale)[1].horizontalAdvance(word)
