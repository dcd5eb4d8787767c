"""The season plan: half a year of weeks for every room, each week as dark as its rooms are booked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QScrollArea, QToolTip, QWidget

from cbo_desk.changes import Changes
from cbo_desk.conference import KIND, Season, season
from ui.conference.looks import short_day
from ui.conference.view import View
from ui.kit.bidi import isolate
from ui.kit.buttons import Button, Tool
from ui.kit.cards import frame
from ui.kit.phrases import day as day_words
from ui.kit.theme import changed, colour, letters, px
from ui.kit.timeline_ink import mixed

if TYPE_CHECKING:
    from ui.conference.page import ConferencePage

NAME, HEAD, ROW = 130, 44, 30
WEEKS = 26


class SeasonMap(QWidget):
    """Rooms against weeks. Arrow keys go from week to week, Enter or a click opens it: `opened(date)`."""

    opened = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.season: Season | None = None
        self.at = (0, 0)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        changed.connect(self.updateGeometry)

    def show_season(self, found: Season) -> None:
        """Show other weeks."""
        self.season = found
        self._say()
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """As high as its rooms."""
        rows = len(self.season.rows) if self.season is not None else 3
        return QSize(px(600), px(HEAD) + px(ROW) * rows + 2)

    def minimumSizeHint(self) -> QSize:
        """Its whole height: it scrolls in an area."""
        return QSize(px(320), self.sizeHint().height())

    def words_at(self, row: int, week: int) -> str:
        """What a room's week holds, in words."""
        if self.season is None or not self.season.rows:
            return ""
        room = self.season.rows[row]
        first = self.season.first + timedelta(days=7 * week)
        count, share = room.weeks[week]
        said = f"{room.name}, {short_day(first)}: "
        if not count and not room.closed[week]:
            return said + self.tr("free")
        held = self.tr("{share} % of its hours").format(share=round(share * 100))
        return said + (self.tr("closed") if room.closed[week] else held)

    def _box(self, row: int, week: int) -> QRectF:
        weeks = len(self.season.rows[0].weeks) if self.season is not None and self.season.rows else WEEKS
        wide = (self.width() - px(NAME) - px(10)) / weeks
        box = QRectF(px(NAME) + week * wide, px(HEAD) + row * px(ROW), wide, px(ROW)).adjusted(1.5, 2, -1.5, -2)
        if self.layoutDirection() == Qt.LayoutDirection.RightToLeft:
            box.moveLeft(self.width() - box.right())
        return box

    def _under(self, spot: QPointF) -> tuple[int, int] | None:
        if self.season is None:
            return None
        for row in range(len(self.season.rows)):
            for week in range(len(self.season.rows[row].weeks)):
                if self._box(row, week).contains(spot):
                    return row, week
        return None

    def event(self, event: QEvent) -> bool:
        """Say in a tooltip what a week holds."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            at = self._under(QPointF(event.pos()))
            if at is not None:
                QToolTip.showText(event.globalPos(), self.words_at(*at), self)
            return True
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Open a week."""
        at = self._under(event.position())
        if at is not None:
            self.at = at
            self._open()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go from week to week, or open one."""
        steps = {Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1), Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0)}
        key = Qt.Key(event.key())
        if key in steps and self.season is not None and self.season.rows:
            row = min(max(self.at[0] + steps[key][0], 0), len(self.season.rows) - 1)
            week = min(max(self.at[1] + steps[key][1], 0), len(self.season.rows[0].weeks) - 1)
            self.at = (row, week)
            self._say()
            self.update()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint it as it stands now."""
        painter = QPainter(self)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if self.season is not None and self.season.rows:
                self._paint(painter, self.season)
        finally:
            painter.end()

    def _paint(self, painter: QPainter, found: Season) -> None:
        turned = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        lead = Qt.AlignmentFlag.AlignRight if turned else Qt.AlignmentFlag.AlignLeft
        flags = int(lead | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter)
        month = 0
        for week in range(len(found.rows[0].weeks)):
            first = found.first + timedelta(days=7 * week)
            box = self._box(0, week)
            painter.setFont(letters(11, QFont.Weight.DemiBold))
            painter.setPen(colour("text" if first.month != month else "faint"))
            if first.month != month:
                painter.drawText(QRectF(box.left(), 2, px(60), px(18)), flags, f"{first:%b}")
            month = first.month
            painter.setPen(colour("faint"))
            painter.drawText(
                QRectF(box.left(), px(20), box.width(), px(20)), int(Qt.AlignmentFlag.AlignCenter), str(first.day)
            )
        for row, room in enumerate(found.rows):
            painter.setFont(letters(12, QFont.Weight.DemiBold))
            painter.setPen(colour("text"))
            box = QRectF(px(14), px(HEAD) + row * px(ROW), px(NAME - 20), px(ROW))
            if turned:
                box.moveLeft(self.width() - box.right())
            words = painter.fontMetrics().elidedText(room.name, Qt.TextElideMode.ElideRight, int(box.width()))
            painter.drawText(box, flags, isolate(words))
            for week, (_count, share) in enumerate(room.weeks):
                self._paint_week(
                    painter, self._box(row, week), share, closed=room.closed[week], here=self.at == (row, week)
                )

    def _paint_week(self, painter: QPainter, box: QRectF, share: float, *, closed: bool, here: bool) -> None:
        painter.setPen(QPen(colour("accent"), 2) if here and self.hasFocus() else Qt.PenStyle.NoPen)
        if closed:
            painter.setBrush(colour("idle_back"))
        else:
            painter.setBrush(mixed(colour("sunken"), colour("accent"), min(share, 1.0) * 0.85))
        painter.drawRoundedRect(box, 3, 3)
        if closed:
            painter.setPen(QPen(colour("strong"), 1))
            painter.drawLine(box.topRight(), box.bottomLeft())

    def _say(self) -> None:
        if self.season is not None and self.season.rows:
            self.at = (min(self.at[0], len(self.season.rows) - 1), min(self.at[1], len(self.season.rows[0].weeks) - 1))
        self.setAccessibleName(self.tr("Rooms against weeks"))
        self.setAccessibleDescription(self.words_at(*self.at))

    def _open(self) -> None:
        if self.season is not None and self.season.rows:
            self.opened.emit(self.season.first + timedelta(days=7 * self.at[1]))


class SeasonView(View):
    """Half a year at a glance; a week opens in the week view."""

    def __init__(self, page: ConferencePage) -> None:
        super().__init__(page)
        self.map = SeasonMap(self)
        self.map.opened.connect(self._open)
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(self.map)
        self.box.addWidget(frame(area, margins=(1, 8, 1, 1)), 1)
        self.span = Button("", "calendar-days", "plain", self._today, parent=self)

    def tools(self) -> Sequence[QWidget]:
        """A quarter earlier, which weeks, a quarter later."""
        before = Tool("chevron-left", self.tr("A quarter earlier"), partial(self._step, -13), self)
        after = Tool("chevron-right", self.tr("A quarter later"), partial(self._step, 13), self)
        return [before, self.span, after]

    def enter(self) -> None:
        """Read the weeks."""
        first = self.page.day - timedelta(days=self.page.day.weekday())
        self.span.set_words(f"{day_words(first)} – {day_words(first + timedelta(days=7 * WEEKS - 1))}")
        self.bench.runner.read(self, season, first, WEEKS, done=self._show)

    def hear(self, changes: Changes) -> None:
        """Read them anew where a booking changed."""
        if KIND in changes.touched():
            self.enter()

    def _show(self, found: Season) -> None:
        self.map.show_season(found)
        held = [share for room in found.rows for _count, share in room.weeks]
        if held:
            words = self.tr("{share} % of the rooms' hours are booked in these weeks")
            self.tell(words.format(share=round(100 * sum(held) / len(held))))

    def _step(self, weeks: int) -> None:
        self.page.day += timedelta(days=7 * weeks)
        self.enter()

    def _today(self) -> None:
        from cbo_desk.context import clock, local

        self.page.day = local(clock()).date()
        self.enter()

    def _open(self, first: date) -> None:
        self.page.day = first
        self.page.show_view("week")
