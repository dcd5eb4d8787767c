"""The kinds of charts: upright and lying bars, stacked where there are several series, lines, and a field of shades."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPolygonF

from ui.kit.bidi import isolate
from ui.kit.chart_axes import Axes, paint_upright, upright_axes
from ui.kit.chart_scale import every, round_steps
from ui.kit.charts import Chart, Spot
from ui.kit.theme import colour, letters, px


def tallest(chart: Chart) -> float:
    """The largest sum over the series of one label, or the largest ceiling."""
    sums = [sum(one.values[n] or 0.0 for one in chart.series) for n in range(len(chart.labels))]
    return max([*sums, *(value or 0.0 for value in (chart.limit.values if chart.limit else ()))], default=0.0)


class Bars(Chart):
    """Upright bars, series stacked from the ground up; `touching` leaves no gaps, as in a histogram."""

    touching = False

    def laid_out(self) -> dict[Spot, QRectF]:
        """Each part of each bar."""
        axes = upright_axes(self, tallest(self))
        unit = axes.room.width() / len(self.labels)
        gap = 1.0 if self.touching else max(2.0, unit * 0.28)
        width = min(unit - gap, px(56))
        found: dict[Spot, QRectF] = {}
        for n in range(len(self.labels)):
            left, foot = axes.room.left() + unit * n + (unit - width) / 2, axes.room.bottom()
            for index, one in enumerate(self.series):
                height = axes.height(one.values[n] or 0.0)
                found[n, index] = QRectF(left, foot - height, width, height)
                foot -= height
        return found

    def paint(self, painter: QPainter, boxes: dict[Spot, QRectF]) -> None:
        """Bars on their scale, with the ceiling over them."""
        axes = upright_axes(self, tallest(self))
        paint_upright(self, painter, axes)
        for (n, index), box in boxes.items():
            over = self.limit is not None and _over(self, n)
            fill(painter, box, colour("bad_text" if over and index == 0 else self.token(index)))
        if self.limit is not None:
            _paint_limit(self, painter, axes)


class Histogram(Bars):
    """How often values fall into classes that touch one another."""

    touching = True


class LyingBars(Chart):
    """Lying bars, one line each, for names that are long; the value stands at the end of its bar."""

    LINE = 26

    def sizeHint(self) -> QSize:
        """As high as its lines."""
        return QSize(px(420), px(self.LINE) * max(len(self.labels), 3) + px(8))

    def step(self, key: Qt.Key) -> Spot | None:
        """Up and down walk the names, left and right the series."""
        ways = {
            Qt.Key.Key_Up: (-1, 0),
            Qt.Key.Key_Down: (1, 0),
            Qt.Key.Key_Left: (0, -1),
            Qt.Key.Key_Right: (0, 1),
        }
        return ways.get(key)

    def laid_out(self) -> dict[Spot, QRectF]:
        """Each part of each bar."""
        axes, line = self._axes()
        found: dict[Spot, QRectF] = {}
        height = max(4.0, min(line * 0.56, px(16)))
        for n in range(len(self.labels)):
            left = axes.room.left()
            for index, one in enumerate(self.series):
                width = axes.width(one.values[n] or 0.0)
                found[n, index] = QRectF(left, axes.room.top() + line * n + (line - height) / 2, width, height)
                left += width
        return found

    def paint(self, painter: QPainter, boxes: dict[Spot, QRectF]) -> None:
        """Names where a line begins, bars, sums at their ends."""
        axes, line = self._axes()
        metrics = QFontMetricsF(painter.font())
        to_bar, from_bar = self.flush("end"), self.flush("start")
        for (_n, index), box in boxes.items():
            fill(painter, box, colour(self.token(index)))
        for n, label in enumerate(self.labels):
            top = axes.room.top() + line * n
            painter.setPen(colour("text"))
            name = QRectF(0, top, axes.room.left() - px(8), line)
            short = metrics.elidedText(label, Qt.TextElideMode.ElideRight, name.width())
            painter.drawText(self.turned(name), to_bar, isolate(short))
            end = self.turned(boxes[n, len(self.series) - 1]).right()
            painter.setPen(colour("muted"))
            total = sum(one.values[n] or 0.0 for one in self.series)
            beside = QRectF(end + px(6), top, px(80), line)
            painter.drawText(self.turned(beside), from_bar, self.shown(total))

    def _axes(self) -> tuple[Axes, float]:
        metrics = QFontMetricsF(letters(11, tabular=True))
        names = max(metrics.horizontalAdvance(label) for label in self.labels) + px(10)
        left = min(names, self.width() * 0.4)
        room = QRectF(self.rect()).adjusted(left, px(4), -px(56), -px(4))
        line = min(px(self.LINE) * 1.4, room.height() / len(self.labels))
        return Axes(room, round_steps(tallest(self), 4)[:1] + [max(tallest(self), 1.0)]), line


class Lines(Chart):
    """Each series as a line over the labels, its points marked; planned ones are dashed."""

    def laid_out(self) -> dict[Spot, QRectF]:
        """A small square round each point that has a value."""
        axes = self._axes()
        unit = axes.room.width() / len(self.labels)
        side = px(8)
        found: dict[Spot, QRectF] = {}
        for index, one in enumerate(self.series):
            for n, value in enumerate(one.values):
                if value is not None:
                    middle = QPointF(axes.room.left() + unit * (n + 0.5), axes.room.bottom() - axes.height(value))
                    found[n, index] = QRectF(middle.x() - side / 2, middle.y() - side / 2, side, side)
        return found

    def paint(self, painter: QPainter, boxes: dict[Spot, QRectF]) -> None:
        """Lines are broken where a value is missing."""
        axes = self._axes()
        paint_upright(self, painter, axes)
        if self.limit is not None:
            _paint_limit(self, painter, axes)
        crowded = len(self.labels) > self.width() / px(10)
        for index, one in enumerate(self.series):
            pen = QPen(colour(self.token(index)), 2)
            pen.setStyle(Qt.PenStyle.DashLine if one.dashed else Qt.PenStyle.SolidLine)
            run: list[QPointF] = []
            for n in range(len(self.labels) + 1):
                if (n, index) in boxes:
                    run.append(boxes[n, index].center())
                    continue
                painter.setPen(pen)
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawPolyline(QPolygonF(run))
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(colour(self.token(index)))
                for point in () if crowded and len(run) > 1 else run:
                    painter.drawEllipse(point, px(2.5), px(2.5))
                run = []

    def _axes(self) -> Axes:
        every_value = [value for one in self.series for value in one.values if value is not None]
        limits = [value for value in (self.limit.values if self.limit else ()) if value is not None]
        return upright_axes(self, max([*every_value, *limits], default=0.0))


class Field(Chart):
    """A field of shades: series are its rows, labels its columns, such as weekdays by hours; deeper means more."""

    def laid_out(self) -> dict[Spot, QRectF]:
        """Each cell."""
        metrics = QFontMetricsF(letters(11, tabular=True))
        left = max(metrics.horizontalAdvance(one.name) for one in self.series) + px(10)
        room = QRectF(self.rect()).adjusted(left, px(4), -px(4), -(metrics.height() + px(8)))
        width, height = room.width() / len(self.labels), room.height() / len(self.series)
        return {
            (n, index): QRectF(room.left() + width * n + 1, room.top() + height * index + 1, width - 2, height - 2)
            for index in range(len(self.series))
            for n in range(len(self.labels))
        }

    def paint(self, painter: QPainter, boxes: dict[Spot, QRectF]) -> None:
        """Shades between the ground and the first colour; the figure is written where it fits."""
        metrics = QFontMetricsF(painter.font())
        most = max((value or 0.0 for one in self.series for value in one.values), default=0.0) or 1.0
        middle = int(Qt.AlignmentFlag.AlignCenter)
        for (n, index), box in boxes.items():
            value = self.series[index].values[n] or 0.0
            share = value / most
            shade = _between(colour("sunken"), colour("accent"), share)
            fill(painter, box, shade)
            if value and metrics.horizontalAdvance(self.shown(value)) < box.width() - 2:
                painter.setPen(_ink_on(shade))
                painter.drawText(box, middle, self.shown(value))
        painter.setPen(colour("muted"))
        for index, one in enumerate(self.series):
            box = self.turned(boxes[0, index])
            name = QRectF(0, box.top(), box.left() - px(6), box.height())
            painter.drawText(self.turned(name), self.flush("end"), isolate(one.name))
        widest = max(metrics.horizontalAdvance(label) for label in self.labels) + px(4)
        row = boxes[0, 0]
        step = every(len(self.labels), (row.width() + 2) * len(self.labels), widest)
        for n, label in enumerate(self.labels):
            box = boxes[n, len(self.series) - 1]
            if n % step == 0:
                under = QRectF(box.center().x() - px(30), box.bottom() + px(4), px(60), metrics.height())
                painter.drawText(under, middle, label)


def fill(painter: QPainter, box: QRectF, shade: QColor) -> None:
    """Paint a part of a chart in its shade."""
    if box.width() <= 0 or box.height() <= 0:
        return
    # A hairline of the ground between parts that touch: they are told apart without their colours.
    thin = min(box.width(), box.height()) > 4
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(shade)
    painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5) if thin else box, 2, 2)


def _light(shade: QColor) -> float:
    """How light a colour looks, 0 to 1 (relative luminance after WCAG 2)."""
    parts = (shade.redF(), shade.greenF(), shade.blueF())
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return float((0.2126 * red + 0.7152 * green + 0.0722 * blue) ** 0.5)


def _ink_on(shade: QColor) -> QColor:
    """The one of the theme's two inks that stands out more."""
    ground = _light(shade)
    one, other = colour("on_accent"), colour("text")
    return one if abs(_light(one) - ground) > abs(_light(other) - ground) else other


def _over(chart: Chart, label: int) -> bool:
    most = chart.limit.values[label] if chart.limit else None
    return most is not None and sum(one.values[label] or 0.0 for one in chart.series) > most


def _paint_limit(chart: Chart, painter: QPainter, axes: Axes) -> None:
    assert chart.limit is not None
    unit = axes.room.width() / len(chart.labels)
    painter.setPen(QPen(colour("text"), 1.5, Qt.PenStyle.DashLine))
    for n, value in enumerate(chart.limit.values):
        if value is not None:
            y, left = axes.room.bottom() - axes.height(value), axes.room.left() + unit * n
            over = chart.turned(QRectF(left, y, unit, 0))
            painter.drawLine(over.topLeft(), over.topRight())


def _between(one: QColor, other: QColor, share: float) -> QColor:
    parts = zip((one.redF(), one.greenF(), one.blueF()), (other.redF(), other.greenF(), other.blueF()), strict=True)
    red, green, blue = (low + (high - low) * share for low, high in parts)
    return QColor.fromRgbF(red, green, blue)
