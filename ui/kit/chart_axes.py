"""The axes of upright charts: the room that values have, the scale beside it and the labels below it."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen

from ui.kit.bidi import isolate
from ui.kit.chart_scale import every, round_steps
from ui.kit.charts import Chart
from ui.kit.theme import colour, letters, px


@dataclass(frozen=True)
class Axes:
    """The room that values have, and the scale along them."""

    room: QRectF
    ticks: list[float]

    def height(self, value: float) -> float:
        """How long a value is, in pixels upwards."""
        return self.room.height() * value / self.ticks[-1]

    def width(self, value: float) -> float:
        """How long a value is, in pixels sidewards."""
        return self.room.width() * value / self.ticks[-1]


def upright_axes(chart: Chart, most: float) -> Axes:
    """Labels below, the scale where a line of writing begins."""
    metrics = QFontMetricsF(letters(11, tabular=True))
    about = max(2, int(chart.height() / px(44)))
    ticks = round_steps(most, about)
    left = max(metrics.horizontalAdvance(chart.shown(tick)) for tick in ticks) + px(10)
    room = QRectF(chart.rect()).adjusted(left, px(8), -px(8), -(metrics.height() + px(8)))
    return Axes(room, ticks)


def paint_upright(chart: Chart, painter: QPainter, axes: Axes) -> None:
    """Paint the lines of the scale, and as many labels as fit."""
    metrics = QFontMetricsF(painter.font())
    room = axes.room
    for tick in axes.ticks:
        y = round(room.bottom() - axes.height(tick)) + 0.5
        painter.setPen(QPen(colour("strong" if tick == 0 else "border"), 1))
        across = chart.turned(QRectF(room.left(), y, room.width(), 0))
        painter.drawLine(across.topLeft(), across.topRight())
        painter.setPen(colour("muted"))
        words = QRectF(0, y - metrics.height() / 2, room.left() - px(6), metrics.height())
        painter.drawText(chart.turned(words), chart.flush("end"), chart.shown(tick))
    widest = max(metrics.horizontalAdvance(label) for label in chart.labels) + px(10)
    unit = room.width() / len(chart.labels)
    step = every(len(chart.labels), room.width(), widest)
    for n in range(0, len(chart.labels), step):
        spot = QRectF(room.left() + unit * (n + 0.5) - widest / 2, room.bottom() + px(4), widest, metrics.height())
        painter.drawText(chart.turned(spot), int(Qt.AlignmentFlag.AlignCenter), isolate(chart.labels[n]))
