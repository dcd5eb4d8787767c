"""Small drawings on cards: tag symbol, photo or its place, sparkline, ageing bar, count badge."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QFontMetricsF,
    QImage,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPixmap,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.kit.bidi import isolate
from ui.kit.chips import Tone
from ui.kit.icons import pixmap
from ui.kit.theme import colour, letters, px

Matrix = Sequence[Sequence[int]]
QUIET = 4
"""Light modules around a symbol that ISO/IEC 18004 asks for."""


class Drawing(QWidget):
    """A widget that one function paints: `paint(painter, room)`; the painter is always closed."""

    def __init__(
        self, paint: Callable[[QPainter, QRectF], None], name: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._paint = paint
        self.setAccessibleName(name)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint it as it stands now."""
        painter = QPainter(self)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint(painter, QRectF(self.rect()))
        finally:
            painter.end()


def paint_symbol(painter: QPainter, matrix: Matrix, room: QRectF, quiet: int = QUIET) -> None:
    """Paint a QR symbol, dark on white in every theme, its quiet zone inside `room`."""
    unit = room.width() / (len(matrix) + 2 * quiet)
    if unit == int(unit):
        _paint_modules(painter, matrix, room, quiet * unit)
        return
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.WindingFill)
    for y, row in enumerate(matrix):
        x = 0
        while x < len(row):
            end = x
            while end < len(row) and row[end]:
                end += 1
            if end > x:
                left, top = room.x() + (quiet + x) * unit, room.y() + (quiet + y) * unit
                path.addRect(QRectF(left, top, (end - x) * unit, unit))
            x = max(end, x + 1)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.fillRect(room, QColor("#FFFFFF"))
    painter.fillPath(path, QColor("#101418"))
    painter.restore()


def _paint_modules(painter: QPainter, matrix: Matrix, room: QRectF, quiet: float) -> None:
    """The same where a module is a whole number of pixels: one small picture, made large."""
    side = len(matrix)
    picture = QImage(b"".join(map(bytes, matrix)), side, side, side, QImage.Format.Format_Indexed8)
    picture.setColorTable([QColor("#FFFFFF").rgb(), QColor("#101418").rgb()])
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
    painter.fillRect(room, QColor("#FFFFFF"))
    painter.drawImage(room.adjusted(quiet, quiet, -quiet, -quiet), picture)
    painter.restore()


class Symbol(QWidget):
    """A tag's QR symbol from its matrix of modules (True is dark), `module` pixels each."""

    def __init__(
        self, matrix: Matrix, name: str, module: int = 3, quiet: int = QUIET, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._quiet, self._module = quiet, module
        self.show_matrix(matrix, name)

    def show_matrix(self, matrix: Matrix, name: str) -> None:
        """Show another symbol; `name` is read aloud, for instance "Tag CBOA4 VHZFM E97TR"."""
        self._matrix = matrix
        side = (len(matrix) + 2 * self._quiet) * self._module
        self.setFixedSize(side, side)
        self.setAccessibleName(name)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint it as it stands now."""
        painter = QPainter(self)
        try:
            paint_symbol(painter, self._matrix, QRectF(self.rect()), self._quiet)
        finally:
            painter.end()


class Photo(QWidget):
    """A record's photo, or an icon where there is none, with a caption at the foot.

    Signal: `pressed` when the mouse pressed it; what that does is also done by a button or a key.
    """

    pressed = Signal()

    def __init__(self, icon: str, caption: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon, self._caption = icon, caption
        self._picture: QPixmap | None = None
        self.setMinimumSize(96, 72)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(caption)

    def show_icon(self, icon: str, caption: str) -> None:
        """Show an icon in place of a photo."""
        self._icon = icon
        self.show_photo(None, caption)

    def show_photo(self, picture: QPixmap | None, caption: str) -> None:
        """Show a photo, or none."""
        self._picture, self._caption = picture, caption
        self.setAccessibleName(caption)
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """It was pressed, unless the mouse left it meanwhile."""
        if event.button() is Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.pressed.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint it as it stands now."""
        painter = QPainter(self)
        try:
            room = QRectF(self.rect())
            painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
            edge = QPainterPath()
            edge.addRoundedRect(room, 6, 6)
            painter.fillPath(edge, colour("sunken"))
            if self._picture is not None and not self._picture.isNull():
                painter.setClipPath(edge)
                size = self._picture.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatioByExpanding)
                target = QRectF(0, 0, size.width(), size.height())
                target.moveCenter(room.center())
                painter.drawPixmap(target, self._picture, QRectF(self._picture.rect()))
                return
            font = letters(11, QFont.Weight.DemiBold)
            words = QRectF(room.adjusted(4, 0, -4, -6))
            words.setTop(words.bottom() - QFontMetricsF(font).height())
            # The icon has what the words leave, so that neither covers the other where letters are large.
            size_ = max(16, min(56, int(words.top() - room.top()) - 8))
            middle = QPointF(room.center().x(), (room.top() + words.top()) / 2)
            painter.drawPixmap(middle - QPointF(size_ / 2, size_ / 2), pixmap(self._icon, "faint", size_))
            painter.setFont(font)
            painter.setPen(colour("faint"))
            painter.drawText(words, int(Qt.AlignmentFlag.AlignCenter), isolate(self._caption))
        finally:
            painter.end()


class Sparkline(QWidget):
    """How a figure went over the last days, without axes; the last point is marked."""

    def __init__(self, values: Sequence[float], name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._values: list[float] = []
        self.show_values(values, name)

    def show_values(self, values: Sequence[float], name: str) -> None:
        """Show how another figure went."""
        self._values = list(values)
        self.setAccessibleName(name)
        self.update()

    def sizeHint(self) -> QSize:
        """The size it would like."""
        return QSize(px(72), px(24))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint it as it stands now."""
        if len(self._values) < 2:
            return
        low, high = min(self._values), max(self._values)
        room = QRectF(self.rect()).adjusted(3, 4, -4, -4)
        step = room.width() / (len(self._values) - 1)
        points = [
            QPointF(room.x() + n * step, room.bottom() - (v - low) / ((high - low) or 1) * room.height())
            for n, v in enumerate(self._values)
        ]
        painter = QPainter(self)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(colour("muted"), 1.5))
            painter.drawPolyline(points)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour("text"))
            painter.drawEllipse(points[-1], 2.5, 2.5)
        finally:
            painter.end()


def paint_share(painter: QPainter, room: QRectF, share: float, tone: Tone = "idle") -> None:
    """Paint a thin bar filled to `share` (0 to 1) of its length: ageing, fullness, progress."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    half = room.height() / 2
    track = QPainterPath()
    track.addRoundedRect(room, half, half)
    painter.fillPath(track, colour("border"))
    painter.setClipPath(track)
    filled = QRectF(room)
    filled.setWidth(room.width() * min(max(share, 0.0), 1.0))
    painter.fillRect(filled, colour("muted" if tone == "idle" else f"{tone}_text"))
    painter.restore()


class AgeingBar(Drawing):
    """How much of its allowed time a thing has used, as the same bar in list and card."""

    def __init__(self, share: float, name: str, tone: Tone = "idle", parent: QWidget | None = None) -> None:
        super().__init__(lambda painter, room: paint_share(painter, room, share, tone), name, parent)
        self.setFixedHeight(5)


def paint_badge(painter: QPainter, room: QRectF, count: str, tone: Tone = "idle", *, at_left: bool = False) -> float:
    """Paint a count in a pill at the end of `room`; answers its width."""
    font = letters(11, QFont.Weight.DemiBold)
    width = max(px(22), QFontMetrics(font).horizontalAdvance(count) + px(12))
    height = px(18)
    left = room.left() if at_left else room.right() - width
    box = QRectF(left, room.center().y() - height / 2, width, height)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(font)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour(f"{tone}_back"))
    painter.drawRoundedRect(box, height / 2, height / 2)
    painter.setPen(colour(f"{tone}_text"))
    painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), count)
    painter.restore()
    return float(width)
