"""A month axis that phases and seats share: where a day lies, and the head with years and months."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QPainter, QPen

from ui.kit.theme import colour, letters, px


@dataclass(frozen=True)
class MonthAxis:
    """So many months from a first one, between two edges in pixels."""

    first: date
    months: int
    left: float
    right: float

    def start_of(self, place: int) -> date:
        """The first day of a month."""
        number = self.first.year * 12 + self.first.month - 1 + place
        return date(number // 12, number % 12 + 1, 1)

    def x(self, day: date) -> float:
        """Where a day begins; days outside lie at the edge."""
        place = (day.year - self.first.year) * 12 + day.month - self.first.month
        if place < 0:
            return self.left
        if place >= self.months:
            return self.right
        begins, ends = self.start_of(place), self.start_of(place + 1)
        return self.left + (place + (day - begins).days / (ends - begins).days) * self.step

    def day_at(self, x: float) -> date:
        """The day at a place."""
        place = min(self.months - 0.001, max(0.0, (x - self.left) / self.step))
        begins, ends = self.start_of(int(place)), self.start_of(int(place) + 1)
        return begins + timedelta(days=int((place - int(place)) * (ends - begins).days))

    @property
    def step(self) -> float:
        """The width of a month."""
        return (self.right - self.left) / self.months

    def paint_head(self, painter: QPainter, top: float, bottom: float) -> None:
        """Years, quarters of months, and thin lines down to `bottom`."""
        for place in range(self.months):
            day = self.start_of(place)
            x = self.left + place * self.step
            if day.month == 1 or place == 0:
                painter.setFont(letters(12, QFont.Weight.DemiBold))
                painter.setPen(colour("text"))
                painter.drawText(QPointF(x + px(5), top + px(13)), f"{day.year}")
            if day.month in (1, 4, 7, 10):
                painter.setPen(QPen(colour("strong" if day.month == 1 else "border"), 1))
                painter.drawLine(QPointF(x, top + px(20)), QPointF(x, bottom))
                if self.step * 3 >= px(34):
                    painter.setFont(letters(11, QFont.Weight.Medium))
                    painter.setPen(colour("muted"))
                    words = QRectF(x + px(5), top + px(18), self.step * 3, px(16))
                    painter.drawText(words, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, f"{day:%b}")
