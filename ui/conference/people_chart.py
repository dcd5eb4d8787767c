"""People in meetings, staff and visitors, against the compound's ceiling, on the hours of the board above."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from cbo_desk.conference import Crowd, CrowdDay
from cbo_desk.context import local
from ui.kit.chart_scale import round_steps
from ui.kit.theme import changed, colour, letters, px
from ui.kit.timeline import Timeline
from ui.kit.timeline_ink import hatching, mixed

TOP, FOOT = 14, 10
SCALE = 44
"""Pixels for the figures of the scale, at the end of the gutter."""

Part = Literal["staff", "visitors", "held"]


class PeopleChart(QWidget):
    """Steps of the people in confirmed meetings, staff below and visitors above, then those of held ones; and the
    ceiling as a line."""

    def __init__(self, board: Timeline, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._board = board
        self._day: CrowdDay | None = None
        self._now: datetime | None = None
        self._held = ""
        board.horizontalScrollBar().valueChanged.connect(lambda _at: self.update())
        changed.connect(self.update)

    def show_day(self, day: CrowdDay, now: datetime, held: str = "") -> None:
        """Show a day."""
        self._day, self._now, self._held = day, now, held
        self.setAccessibleName(" · ".join(self._words()))
        self.update()

    def sizeHint(self) -> QSize:
        """A quarter of the board."""
        return QSize(px(600), px(150))

    def minimumSizeHint(self) -> QSize:
        """Room for its words."""
        return QSize(px(300), px(96))

    def words(self) -> list[str]:
        """What it says in words."""
        return self._words()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint it as it stands now."""
        painter = QPainter(self)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint(painter)
        finally:
            painter.end()

    def _words(self) -> list[str]:
        found = [self.tr("People in meetings")]
        if self._day is None:
            return found
        if self._now is not None and self._board.axis.starts <= self._now <= self._board.axis.ends:
            found.append(self.tr("Now {count}").format(count=f"{self._day.now(self._now):,}"))
        top = self._day.peak()
        if top is not None and top.firm + top.held:
            words = self.tr("Peak {count} at {time}")
            found.append(words.format(count=f"{top.firm + top.held:,}", time=f"{local(top.at):%H:%M}"))
        if self._day.most is not None:
            found.append(self.tr("Ceiling {count}").format(count=f"{self._day.most:,}"))
        return found

    def _paint(self, painter: QPainter) -> None:
        gutter = self._board.gutter
        plot = QRectF(gutter, px(TOP), max(1, self.width() - gutter), self.height() - px(TOP + FOOT))
        most = max([self._day.most or 0] + [each.firm + each.held for each in self._points()]) if self._day else 0
        scale = plot.height() / (most * 1.12) if most else 0.0
        if most:
            self._scale(painter, plot, scale, most)
        painter.save()
        painter.setClipRect(self._turn(QRectF(gutter, 0, plot.width(), self.height())))
        for part in ("held", "visitors", "staff"):
            self._area(painter, plot, scale, part)
        if self._day is not None and self._day.most is not None and most:
            y = plot.bottom() - self._day.most * scale
            pen = QPen(colour("text"), 1.4, Qt.PenStyle.DashLine)
            painter.setPen(pen)
            painter.drawLine(QPointF(0, y), QPointF(self.width(), y))
        painter.setPen(QPen(colour("strong"), 1))
        painter.drawLine(QPointF(0, plot.bottom()), QPointF(self.width(), plot.bottom()))
        if self._now is not None and self._board.axis.starts <= self._now <= self._board.axis.ends:
            x = self._board.spot_of(0, self._now).x() if self._board.rows() else 0
            painter.setPen(QPen(colour("text"), 1.6))
            painter.drawLine(QPointF(x, 0), QPointF(x, plot.bottom()))
        painter.restore()
        self._legend(painter)

    def _points(self) -> tuple[Crowd, ...]:
        return self._day.points if self._day is not None else ()

    def _scale(self, painter: QPainter, plot: QRectF, scale: float, most: int) -> None:
        """Lines at round numbers of people, and the numbers at the end of the gutter."""
        painter.setFont(letters(11, tabular=True))
        side = Qt.AlignmentFlag.AlignLeft if self._mirrored() else Qt.AlignmentFlag.AlignRight
        flags = int(side | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter)
        for value in round_steps(most, max(2, int(plot.height() / px(36)))):
            y = plot.bottom() - value * scale
            if y < px(6):
                continue
            painter.setPen(QPen(colour("border"), 1))
            line = self._turn(QRectF(plot.left(), y, plot.width(), 0))
            painter.drawLine(line.topLeft(), line.topRight())
            painter.setPen(colour("muted"))
            box = QRectF(plot.left() - px(SCALE), y - px(8), px(SCALE - 6), px(16))
            painter.drawText(self._turn(box), flags, f"{value:,.0f}")

    def _height(self, point: Crowd, part: Part) -> int:
        """How many people lie below the upper edge of a part."""
        tops = {"staff": point.firm - point.visitors, "visitors": point.firm, "held": point.firm + point.held}
        return tops[part]

    def _shade(self, part: Part) -> QColor:
        if part == "held":
            return colour("warn_back")
        return mixed(colour("surface"), colour("accent"), 0.42 if part == "staff" else 0.2)

    def _area(self, painter: QPainter, plot: QRectF, scale: float, part: Part) -> None:
        points = self._points()
        if not points or not self._board.rows():
            return
        path = QPainterPath()
        first = self._board.spot_of(0, points[0].at).x()
        path.moveTo(first, plot.bottom())
        high = plot.bottom()
        for point in points:
            x = self._board.spot_of(0, point.at).x()
            path.lineTo(x, high)
            high = plot.bottom() - self._height(point, part) * scale
            path.lineTo(x, high)
        end = self._turn(QRectF(0, 0, self.width(), 1))
        last = end.left() if self._mirrored() else end.right()
        path.lineTo(last, high)
        path.lineTo(last, plot.bottom())
        path.closeSubpath()
        if part == "held":
            painter.save()
            painter.setClipPath(path, Qt.ClipOperation.IntersectClip)
            back = colour("warn_back")
            painter.drawTiledPixmap(self.rect(), hatching(mixed(back, colour("warn_text"), 0.3), back))
            painter.restore()
        else:
            # The people of all confirmed meetings together are what is outlined.
            painter.setPen(QPen(colour("accent"), 1.5) if part == "visitors" else Qt.PenStyle.NoPen)
            painter.setBrush(self._shade(part))
            painter.drawPath(path)

    def _legend(self, painter: QPainter) -> None:
        if not self._board.rows():
            return  # there are no rooms yet, and the board says so
        top = float(px(8))
        for number, words in enumerate(self._words()):
            weight = QFont.Weight.DemiBold if number == 0 else QFont.Weight.Normal
            painter.setFont(letters(13 if number == 0 else 12, weight, tabular=True))
            painter.setPen(colour("text" if number == 0 else "muted"))
            self._write(painter, QRectF(px(14), top, self._board.gutter - px(18 + SCALE), px(18)), words)
            top += px(18)
        marks: list[tuple[Part, str]] = [
            ("held", self._held or self.tr("Held, if confirmed")),
            ("visitors", self.tr("Visitors, confirmed")), ("staff", self.tr("Staff, confirmed")),
        ]  # fmt: skip
        for part, words in marks:
            if top + px(16) > self.height():
                return
            painter.setPen(QPen(colour("border"), 1))
            painter.setBrush(self._shade(part))
            painter.drawRoundedRect(self._turn(QRectF(px(15), top + px(4), px(10), px(10))), 2, 2)
            painter.setFont(letters(11, QFont.Weight.Medium))
            painter.setPen(colour("faint"))
            self._write(painter, QRectF(px(31), top, self._board.gutter - px(35 + SCALE), px(17)), words)
            top += px(17)

    def _write(self, painter: QPainter, box: QRectF, words: str) -> None:
        side = Qt.AlignmentFlag.AlignRight if self._mirrored() else Qt.AlignmentFlag.AlignLeft
        flags = int(side | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter)
        short = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, int(box.width()))
        painter.drawText(self._turn(box), flags, short)

    def _mirrored(self) -> bool:
        return self.layoutDirection() == Qt.LayoutDirection.RightToLeft

    def _turn(self, box: QRectF) -> QRectF:
        if not self._mirrored():
            return box
        return QRectF(self.width() - box.right(), box.top(), box.width(), box.height())
