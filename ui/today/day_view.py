"""The day on one hour axis: what was done on each desk by whom, and where the day stands now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QHelpEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from cbo_desk.context import local
from cbo_desk.plurals import Count
from cbo_desk.reports import Stretch
from ui.kit.bidi import isolate
from ui.kit.icons import pixmap
from ui.kit.theme import colour, letters, px
from ui.today.words import ICONS, desk_title

FIRST_HOUR, LAST_HOUR = 7, 18
"""The working day; work before or after widens the axis."""

LINE, HEAD, NAME = 29, 26, 140
"""Heights of a line and of the hours, and the width of the names, in pixels at 100 %."""


@dataclass(frozen=True)
class Bar:
    """A stretch of work as it is painted: where, and what it says."""

    room: QRectF
    stretch: Stretch


class DayView(QWidget):
    """A line per desk and person, bars for stretches of work, and the now-line in ink."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines: list[tuple[str, str, list[Stretch]]] = []
        self._now: datetime | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMouseTracking(True)

    def show_day(self, stretches: Sequence[Stretch], now: datetime | None) -> None:
        """Show a day's work; `now` is None for a day that is over."""
        lines: dict[tuple[str, str], list[Stretch]] = {}
        for stretch in stretches:
            lines.setdefault((stretch.desk, stretch.who), []).append(stretch)
        self._lines = [(desk, who, work) for (desk, who), work in lines.items()]
        self._now = now
        deeds = sum(stretch.deeds for stretch in stretches)
        self.setAccessibleName(self.tr("The day, {count:deed|deeds}").format(count=Count(deeds)))
        self.updateGeometry()
        self.update()

    @property
    def lines(self) -> int:
        """How many lines there are."""
        return len(self._lines)

    def sizeHint(self) -> QSize:
        """As high as its lines."""
        return QSize(px(500), px(HEAD) + px(LINE) * max(3, len(self._lines)) + 4)

    def minimumSizeHint(self) -> QSize:
        """Three lines at least."""
        return QSize(px(320), px(HEAD) + 3 * px(LINE))

    def hours(self) -> tuple[int, int]:
        """The first and the last hour of the axis."""
        times = [local(at) for _d, _w, work in self._lines for s in work for at in (s.start, s.end)]
        if self._now is not None:
            times.append(local(self._now))
        first = min([FIRST_HOUR, *(at.hour for at in times)])
        last = max([LAST_HOUR, *(at.hour + 1 for at in times)])
        return first, min(24, last)

    def bars(self) -> list[Bar]:
        """Every bar where it stands now."""
        found = []
        for number, (_desk, _who, work) in enumerate(self._lines):
            top = px(HEAD) + number * px(LINE) + px(4)
            for stretch in work:
                left, right = self._x(stretch.start), self._x(stretch.end)
                least = px(22) if stretch.deeds > 1 else px(10)
                begin, width = min(left, right), max(abs(right - left), least)
                found.append(Bar(QRectF(begin, top, width, px(LINE) - px(8)), stretch))
        return found

    def event(self, event: QEvent) -> bool:
        """Say in a tooltip what a bar stands for."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            bar = next((bar for bar in self.bars() if bar.room.contains(QPointF(event.pos()))), None)
            if bar is None:
                QToolTip.hideText()
            else:
                QToolTip.showText(event.globalPos(), self._words(bar.stretch), self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint it as it stands now."""
        painter = QPainter(self)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_hours(painter)
            self._paint_lines(painter)
            self._paint_now(painter)
        finally:
            painter.end()

    # --- parts

    def _mirrored(self) -> bool:
        return self.layoutDirection() == Qt.LayoutDirection.RightToLeft

    def _x(self, at: datetime) -> float:
        """Where an instant stands on the axis."""
        first, last = self.hours()
        there = local(at)
        midnight = there.replace(hour=0, minute=0, second=0, microsecond=0)
        share = ((there - midnight) / timedelta(hours=1) - first) / (last - first)
        begin, room = px(NAME), max(1, self.width() - px(NAME) - px(14))
        x = begin + share * room
        return self.width() - x if self._mirrored() else x

    def _paint_hours(self, painter: QPainter) -> None:
        first, last = self.hours()
        painter.setFont(letters(12, QFont.Weight.Medium, tabular=True))
        room = (self.width() - px(NAME) - px(14)) / (last - first)
        every = 1 if room >= px(30) else 2 if room >= px(15) else 4
        for hour in range(first, last + 1):
            x = px(NAME) + (hour - first) * room
            x = self.width() - x if self._mirrored() else x
            painter.setPen(QPen(colour("border"), 1))
            painter.drawLine(QPointF(x, px(HEAD)), QPointF(x, self.height()))
            if hour < last and (hour - first) % every == 0:
                painter.setPen(colour("muted"))
                box = QRectF(x - (room if self._mirrored() else 0) + px(4), 0, room * every, px(HEAD))
                painter.drawText(box, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), f"{hour:02}")
        painter.setPen(QPen(colour("border"), 1))
        painter.drawLine(QPointF(0, px(HEAD)), QPointF(self.width(), px(HEAD)))

    def _paint_lines(self, painter: QPainter) -> None:
        desk_before = ""
        for number, (desk, who, _work) in enumerate(self._lines):
            top = px(HEAD) + number * px(LINE)
            if number:
                painter.setPen(QPen(colour("border"), 1))
                begin = 0 if desk != desk_before else px(40)
                across = (self.width() - begin, 0) if self._mirrored() else (begin, self.width())
                painter.drawLine(QPointF(across[0], top), QPointF(across[1], top))
            if desk != desk_before:
                size = px(16)
                at = self.width() - px(16) - size if self._mirrored() else px(16)
                painter.drawPixmap(
                    QPointF(at, top + (px(LINE) - size) / 2), pixmap(ICONS.get(desk, "box"), "muted", size)
                )
            desk_before = desk
            painter.setFont(letters(12, QFont.Weight.Medium))
            painter.setPen(colour("text"))
            room = QRectF(px(44), top, px(NAME) - px(50), px(LINE))
            if self._mirrored():
                room.moveLeft(self.width() - room.right())
            short = painter.fontMetrics().elidedText(who, Qt.TextElideMode.ElideRight, int(room.width()))
            side = Qt.AlignmentFlag.AlignRight if self._mirrored() else Qt.AlignmentFlag.AlignLeft
            flags = side | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(room, int(flags), isolate(short))
        self._paint_bars(painter)

    def _paint_bars(self, painter: QPainter) -> None:
        font = letters(11, QFont.Weight.DemiBold)
        metrics = QFontMetricsF(font)
        painter.setFont(font)
        for bar in self.bars():
            live = self._now is not None and self._now - bar.stretch.end < timedelta(minutes=10)
            painter.setPen(QPen(colour("strong"), 1) if live else Qt.PenStyle.NoPen)
            painter.setBrush(colour("surface") if live else colour("idle_back"))
            painter.drawRoundedRect(bar.room, 4, 4)
            count = str(bar.stretch.deeds)
            if bar.stretch.deeds > 1 and metrics.horizontalAdvance(count) + 4 < bar.room.width():
                painter.setPen(colour("idle_text"))
                painter.drawText(bar.room, int(Qt.AlignmentFlag.AlignCenter), count)

    def _paint_now(self, painter: QPainter) -> None:
        if self._now is None:
            return
        x = self._x(self._now)
        painter.setPen(QPen(colour("text"), 2))
        painter.drawLine(QPointF(x, px(HEAD) - px(4)), QPointF(x, self.height()))
        font = letters(11, QFont.Weight.Bold, tabular=True)
        words = f"{local(self._now):%H:%M}"
        width = QFontMetricsF(font).horizontalAdvance(words) + px(12)
        box = QRectF(x - width / 2, px(3), width, px(18))
        box.moveLeft(max(0.0, min(box.left(), self.width() - width)))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour("text"))
        painter.drawRoundedRect(box, box.height() / 2, box.height() / 2)
        painter.setFont(font)
        painter.setPen(colour("surface"))
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), words)

    def _words(self, stretch: Stretch) -> str:
        times = f"{local(stretch.start):%H:%M}"
        if stretch.end != stretch.start:
            times += f"–{local(stretch.end):%H:%M}"
        head = f"{times} · {desk_title(stretch.desk)} · {stretch.who}"
        if stretch.deeds == 1:
            return f"{head}\n{stretch.said}"
        last = self.tr("{count:deed|deeds}, the last: {said}").format(count=Count(stretch.deeds), said=stretch.said)
        return f"{head}\n{last}"
