"""What-if as three small charts on one axis with the slider on it: solid is proven, hollow is not."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QColor,
    QFont,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from cbo_desk.conference.project import Span
from cbo_desk.conference.relocating.whatif import Start, least_harmful
from cbo_desk.plurals import Count
from ui.kit.chart_scale import round_steps
from ui.kit.phrases import day
from ui.kit.theme import changed, colour, letters, px

_GUTTER, _TOP, _FOOT = 204, 76, 64


class Curves(QWidget):
    """Displaced bookings, lost seat-hours and unplaced ones by start. Arrows choose a start, a week per step.

    `chosen(int)` tells the weeks of the start that was chosen.
    """

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.starts: tuple[Start, ...] = ()
        self.span: Span | None = None
        self.weeks = 0
        self._range = (-26, 26)
        self._allowed: tuple[Start, ...] = ()
        self._marks: tuple[tuple[str, int], ...] = ()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("Harm by start of the phase"))
        changed.connect(self.update)

    def show_starts(
        self, starts: Sequence[Start], span: Span, reach: tuple[int, int], contract: Span | None = None,
        marks: Sequence[tuple[str, int]] = (),
    ) -> None:  # fmt: skip
        """Show what is known so far; `span` are the days of a start that is not shifted, `marks` named starts in weeks.

        Only what the contract allows is called the least harmful.
        """
        first = {each.weeks: span.shifted(each.weeks).first for each in starts}
        allowed = [s for s in starts if contract is None or contract.first <= first[s.weeks] <= contract.last]
        self._allowed = tuple(allowed or starts)
        self.starts, self.span, self._range, self._marks = tuple(starts), span, reach, tuple(marks)
        self._tell()

    def choose(self, weeks: int) -> None:
        """Choose a start."""
        self.weeks = max(self._range[0], min(self._range[1], weeks))
        self._tell()
        self.chosen.emit(self.weeks)

    def start_at(self, weeks: int) -> Start | None:
        """What is known of a start."""
        return next((each for each in self.starts if each.weeks == weeks), None)

    def words(self) -> str:
        """The chosen start in words."""
        if self.span is None:
            return ""
        first = day(self.span.shifted(self.weeks).first)
        here = self.start_at(self.weeks)
        parts = [first, self._shift(self.weeks)]
        if here is not None:
            parts += [
                self.tr("{count} displaced").format(count=Count(here.displaced)),
                self.tr("{count:seat-hour|seat-hours} lost").format(count=Count(round(here.lost))),
                self.tr("{count} unplaced").format(count=Count(len(here.unplaced))),
                self.tr("proven") if here.proven else self.tr("not proven"),
            ]
        return " · ".join(parts)

    def sizeHint(self) -> QSize:
        """As large as there is room."""
        return QSize(px(760), px(600))

    def minimumSizeHint(self) -> QSize:
        """Room for three charts."""
        return QSize(px(480), px(360))

    # --- keys and mouse

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A week per step; Home is no shift, End the least harmful start."""
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_PageUp: -4, Qt.Key.Key_PageDown: 4}
        key = Qt.Key(event.key())
        if key in steps:
            self.choose(self.weeks + steps[key])
        elif key == Qt.Key.Key_Home:
            self.choose(0)
        elif key == Qt.Key.Key_End and self.best() is not None:
            self.choose(self.best() or 0)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the start under the mouse."""
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self.choose(self._weeks_at(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the slider."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self.choose(self._weeks_at(event.position().x()))

    def best(self) -> int | None:
        """The start that harms least; the nearest of those that are alike."""
        if not self._allowed:
            return None
        return min(self._allowed, key=lambda each: (each.harm, abs(each.weeks))).weeks

    def least(self) -> tuple[int, int] | None:
        """The first and last of the starts that harm least."""
        return least_harmful(self._allowed)

    # --- painting

    def _weeks_at(self, x: float) -> int:
        low, high = self._range
        return round(low + (x - px(_GUTTER)) / max(1.0, self._wide()) * (high - low))

    def _wide(self) -> float:
        return self.width() - px(_GUTTER) - px(34)

    def _x(self, weeks: float) -> float:
        low, high = self._range
        return px(_GUTTER) + (weeks - low) / (high - low) * self._wide()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint it as it stands now."""
        painter = QPainter(self)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint(painter)
        finally:
            painter.end()

    def _paint(self, painter: QPainter) -> None:
        high = (self.height() - px(_TOP + _FOOT)) / 3
        window = self.least()
        bottom = self.height() - px(_FOOT)
        if window is not None:
            half = (self._x(1) - self._x(0)) / 2
            left, right = self._x(window[0]) - half, self._x(window[1]) + half
            painter.fillRect(QRectF(left, px(_TOP), right - left, bottom - px(_TOP)), colour("ok_back"))
            self._pill(painter, (left + right) / 2, px(15), self.tr("Least harmful"), colour("ok_back"),
                       colour("ok_text"))  # fmt: skip
        self._legend(painter)
        self._named(painter, bottom)
        charts: tuple[tuple[str, str, Callable[[Start], float], bool], ...] = (
            (self.tr("Displaced bookings"), self.tr("have to move"), lambda s: s.displaced, False),
            (self.tr("Lost seat-hours"), self.tr("people times hours not held"), lambda s: s.lost, False),
            (self.tr("Unplaced bookings"), self.tr("no space found"), lambda s: len(s.unplaced), True),
        )
        for place, (title, under, value, bars) in enumerate(charts):
            room = QRectF(0, px(_TOP) + place * high, self.width(), high)
            painter.setPen(QPen(colour("border"), 1))
            painter.drawLine(room.topLeft(), room.topRight())
            self._title(painter, room, title, under, value)
            self._chart(painter, room, value, bars)
        self._slider(painter, bottom)
        if self.hasFocus():
            painter.setPen(QPen(colour("accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)

    def _legend(self, painter: QPainter) -> None:
        painter.setFont(letters(11))
        for row, (words, back) in enumerate(((self.tr("Proven best"), "accent"), (self.tr("Best so far"), "surface"))):
            y = px(18) + row * px(20)
            painter.setPen(QPen(colour("accent"), 1.6))
            painter.setBrush(colour(back))
            painter.drawEllipse(QPointF(px(19), y), px(4), px(4))
            painter.setPen(colour("muted"))
            painter.drawText(QPointF(px(30), y + px(4)), words)

    def _named(self, painter: QPainter, bottom: float) -> None:
        """Where the phase was planned to start, and where it is expected to, as broken lines with their names."""
        painter.setFont(letters(11))
        for place, (words, weeks) in enumerate(sorted(self._marks, key=lambda mark: mark[1])):
            if not self._range[0] <= weeks <= self._range[1]:
                continue
            x = self._x(weeks)
            painter.setPen(QPen(colour("muted"), 1, Qt.PenStyle.DashLine))
            painter.drawLine(QPointF(x, px(_TOP - 46)), QPointF(x, bottom))
            painter.setPen(colour("muted"))
            # The earlier one's name is before its line and the later one's after it: they may be a week apart.
            name = QRectF(x + px(5) if place else x - px(125), px(_TOP - 48), px(120), px(16))
            side = Qt.AlignmentFlag.AlignLeft if place else Qt.AlignmentFlag.AlignRight
            painter.drawText(name, side | Qt.AlignmentFlag.AlignVCenter, words)

    def _title(self, painter: QPainter, room: QRectF, title: str, under: str, value: Callable[[Start], float]) -> None:
        x, y = px(14), room.top() + px(24)
        painter.setPen(colour("text"))
        painter.setFont(letters(13, QFont.Weight.DemiBold))
        painter.drawText(QPointF(x, y), title)
        painter.setPen(colour("muted"))
        painter.setFont(letters(11))
        painter.drawText(QPointF(x, y + px(16)), under)
        best = self.best()
        lines = ((self.tr("Now"), 0, "text"), (self.tr("Chosen"), self.weeks, "info_text"),
                 (self.tr("Least"), best if best is not None else 0, "ok_text"))  # fmt: skip
        painter.setFont(letters(12, tabular=True))
        for row, (words, weeks, token) in enumerate(lines):
            here = self.start_at(weeks)
            painter.setPen(colour(token))
            at = y + px(42) + row * px(19)
            if at > room.bottom():
                break
            painter.drawText(QPointF(x, at), words)
            number = QRectF(x + px(60), at - px(14), px(60), px(18))
            painter.drawText(number, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
                             f"{value(here):,.0f}" if here is not None else "—")  # fmt: skip

    def _chart(self, painter: QPainter, room: QRectF, value: Callable[[Start], float], bars: bool) -> None:
        steps = round_steps(max((value(each) for each in self.starts), default=1) or 1, 3)
        ground, top = room.bottom() - px(14), room.top() + px(20)
        scale = (ground - top) / steps[-1]
        painter.setFont(letters(11, tabular=True))
        for step in steps:
            y = ground - step * scale
            painter.setPen(QPen(colour("strong" if step == 0 else "border"), 1))
            painter.drawLine(QPointF(px(_GUTTER), y), QPointF(px(_GUTTER) + self._wide(), y))
            painter.setPen(colour("muted"))
            label = QRectF(px(_GUTTER) - px(58), y - px(8), px(48), px(16))
            painter.drawText(label, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, f"{step:,.0f}")
        if bars:
            self._bars(painter, ground, scale, value)
        else:
            self._line(painter, ground, scale, value)

    def _line(self, painter: QPainter, ground: float, scale: float, value: Callable[[Start], float]) -> None:
        points = [QPointF(self._x(each.weeks), ground - value(each) * scale) for each in self.starts]
        if not points:
            return
        below = colour("accent")
        below.setAlphaF(0.10)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(below)
        painter.drawPolygon(QPolygonF([QPointF(points[0].x(), ground), *points, QPointF(points[-1].x(), ground)]))
        painter.setPen(QPen(colour("accent"), 2))
        painter.drawPolyline(QPolygonF(points))
        for point, each in zip(points, self.starts, strict=True):
            self._dot(painter, point, each)
        self._figures(painter, ground, scale, value)

    def _figures(self, painter: QPainter, ground: float, scale: float, value: Callable[[Start], float]) -> None:
        """What the chosen start comes to, and the least harmful one, beside their dots."""
        best = self.best()
        painter.setFont(letters(12, QFont.Weight.DemiBold, tabular=True))
        for weeks, token in ((best, "ok_text"), (self.weeks, "info_text")):
            here = self.start_at(weeks) if weeks is not None else None
            if here is None or (weeks == best and abs(self.weeks - here.weeks) < 3 and token == "ok_text"):
                continue
            spot = QPointF(self._x(here.weeks), ground - value(here) * scale)
            room = QRectF(spot.x() + px(7), spot.y() - px(22), px(80), px(16))
            painter.setPen(colour(token))
            painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, f"{value(here):,.0f}")

    def _dot(self, painter: QPainter, point: QPointF, each: Start) -> None:
        size = px(6) if each.weeks == self.weeks else px(3.4)
        painter.setPen(QPen(colour("accent"), 1.6))
        painter.setBrush(colour("accent") if each.proven else colour("surface"))
        painter.drawEllipse(point, size, size)

    def _bars(self, painter: QPainter, ground: float, scale: float, value: Callable[[Start], float]) -> None:
        step = self._x(1) - self._x(0)
        wide = max(px(3), step * 0.55)
        # Where the weeks stand close, every so many of those that place everybody has a tick, so that each is one.
        apart = max(1, -(-px(14) // max(1, int(step))))
        for each in self.starts:
            x = self._x(each.weeks)
            painter.setPen(QPen(colour("accent"), 1.4))
            painter.setBrush(colour("accent") if each.proven else colour("surface"))
            if value(each):
                high = value(each) * scale
                painter.drawRoundedRect(QRectF(x - wide / 2, ground - high, wide, high), 2, 2)
            elif each.proven and each.weeks % apart == 0:
                painter.setPen(QPen(colour("ok_text"), 2))
                painter.drawPolyline(QPolygonF([
                    QPointF(x - px(4), ground - px(8)), QPointF(x - px(1), ground - px(4)),
                    QPointF(x + px(5), ground - px(12)),
                ]))  # fmt: skip

    def _slider(self, painter: QPainter, bottom: float) -> None:
        y = bottom + px(16)
        painter.setPen(colour("text"))
        painter.setFont(letters(13, QFont.Weight.DemiBold))
        painter.drawText(QPointF(px(14), y + px(2)), self.tr("Start of the phase"))
        painter.setFont(letters(11))
        painter.setPen(colour("muted"))
        painter.drawText(QPointF(px(14), y + px(18)), self.tr("a week per step: ← and →"))
        painter.setPen(QPen(colour("border"), 5, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawLine(QPointF(self._x(self._range[0]), y), QPointF(self._x(self._range[1]), y))
        painter.setPen(QPen(colour("accent"), 5, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawLine(QPointF(self._x(0), y), QPointF(self._x(self.weeks), y))
        x = self._x(self.weeks)
        painter.setPen(QPen(colour("accent"), 2))
        painter.drawLine(QPointF(x, px(_TOP - 12)), QPointF(x, y))
        painter.setBrush(colour("accent"))
        painter.drawEllipse(QPointF(x, y), px(8), px(8))
        self._ticks(painter, y)
        if self.span is not None:
            words = f"{day(self.span.shifted(self.weeks).first)} · {self._shift(self.weeks)}"
            self._pill(painter, x, px(_TOP - 17), words, colour("accent"), colour("on_accent"))

    def _ticks(self, painter: QPainter, y: float) -> None:
        low, high = self._range
        step = next(each for each in (4, 8, 13, 26) if (self._x(each) - self._x(0)) >= px(78) or each == 26)
        painter.setFont(letters(11))
        for weeks in range(-(-low // step) * step, high + 1, step):
            x = self._x(weeks)
            painter.setPen(QPen(colour("strong"), 1))
            painter.drawLine(QPointF(x, y + px(9)), QPointF(x, y + px(13)))
            painter.setPen(colour("text" if weeks == 0 else "muted"))
            words = day(self.span.shifted(weeks).first).rsplit(" ", 1)[0] if self.span is not None else ""
            painter.drawText(QRectF(x - px(50), y + px(14), px(100), px(15)), Qt.AlignmentFlag.AlignCenter, words)
            painter.drawText(
                QRectF(x - px(50), y + px(29), px(100), px(15)), Qt.AlignmentFlag.AlignCenter, self._shift(weeks)
            )

    def _pill(self, painter: QPainter, x: float, y: float, words: str, back: QColor, ink: QColor) -> None:
        painter.setFont(letters(12, QFont.Weight.DemiBold))
        wide = painter.fontMetrics().horizontalAdvance(words) + px(22)
        left = min(max(px(4), x - wide / 2), self.width() - wide - px(4))
        pill = QRectF(left, y - px(11), wide, px(22))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(back)
        painter.drawRoundedRect(pill, px(11), px(11))
        painter.setPen(ink)
        painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, words)

    def _shift(self, weeks: int) -> str:
        if weeks == 0:
            return self.tr("no shift")
        words = self.tr("{count:week|weeks}").format(count=Count(abs(weeks)))
        return f"{'+' if weeks > 0 else '−'}{words}"

    def _tell(self) -> None:
        self.setAccessibleDescription(self.words())
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.DescriptionChanged))
        self.update()
