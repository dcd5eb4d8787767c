"""Where everything on a timeline stands on the screen, in pixels, mirrored in a window that runs right to left."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Hashable, Sequence
from datetime import datetime, timedelta

from PySide6.QtCore import QPointF, QRectF

from ui.kit.theme import px
from ui.kit.timeline_parts import Axis, Bar, Column, Placed

HEAD = 32
NAME = 96
CLOSED_ROW = 30
"""Heights of the head and of a closed row, and the width of the names, in pixels at 100 %."""
LEAST_HOUR, LEAST_DAY = 26, 30
"""An hour, and a day of a long axis, are at least so wide, in pixels at 100 %; what does not fit scrolls."""
EDGE = 5
"""So near an end of a bar the mouse takes hold of the end alone, in pixels at 100 %."""


class Room:
    """The places of rows and instants for a size of the window, a zoom and a scrolled position."""

    def __init__(self, placed: Placed, axis: Axis, columns: Sequence[Column], row_height: int) -> None:
        self.placed, self.axis, self.columns = placed, axis, columns
        self.width = self.height = 0
        self.zoom = 1.0
        self.left = self.top = 0
        self.mirrored = False
        self.name_width = NAME
        self._row_height = row_height
        self._tops = [0]
        self.measure()

    def measure(self) -> None:
        """Reckon everything anew: `gutter` and `board`, the widths of names and of what is seen of the axis; `across`,
        that of the whole axis; `head`, the height of the head; and the heights of rows."""
        tops = [0]
        for row in self.placed.rows:
            tops.append(tops[-1] + (px(CLOSED_ROW) if row.closed else px(self._row_height)))
        self._tops = tops
        self.gutter = px(self.name_width + 16) + sum(px(column.width) for column in self.columns)
        self.board = max(1, self.width - self.gutter)
        hours = self.axis.hours[1] - self.axis.hours[0]
        least = px(LEAST_DAY) if self.axis.by_day else px(LEAST_HOUR) * hours if self.axis.days == 1 else px(110)
        self.across = max(self.board, least * self.axis.days * self.zoom)
        self._scale = self.across / self.axis.days
        self._gap, self.head = px(3), px(HEAD)

    @property
    def rows_height(self) -> int:
        """The height of all rows."""
        return self._tops[-1]

    def x(self, at: datetime) -> float:
        """Where an instant stands, before mirroring; it may lie outside of what is seen."""
        return self.gutter - self.left + self.axis.place(at) * self._scale

    def place_at(self, spot: QPointF) -> float:
        """The place on the axis under a point."""
        x = self.width - spot.x() if self.mirrored else spot.x()
        return (x - self.gutter + self.left) / self.across * self.axis.days

    def share(self, pixels: float) -> float:
        """A distance in pixels as a share of the axis, in days."""
        return (-pixels if self.mirrored else pixels) / self.across * self.axis.days

    def row_top(self, at: int) -> float:
        """Where a row begins."""
        return self.head - self.top + self._tops[at]

    def row_bottom(self, at: int) -> float:
        """Where a row ends."""
        return self.head - self.top + self._tops[min(at + 1, len(self._tops) - 1)]

    def row_at(self, spot: QPointF) -> int:
        """The row under a point, or the nearest one."""
        at = bisect_right(self._tops, spot.y() - self.head + self.top) - 1
        return min(max(at, 0), max(len(self.placed.rows) - 1, 0))

    def seen_rows(self, top: float | None = None, bottom: float | None = None) -> tuple[int, int]:
        """The first and the last row of which something is seen, or lies between two heights."""
        if not self.placed.rows:
            return 0, -1
        high = QPointF(0, self.head if top is None else top)
        return self.row_at(high), self.row_at(QPointF(0, self.height if bottom is None else bottom))

    def seen_time(self, left: float | None = None, right: float | None = None) -> tuple[datetime, datetime]:
        """The stretch of time of which something is seen, or that lies between two points of the window's width."""
        if left is None or right is None:
            low, high = float(self.gutter), float(self.width)
        else:
            low, high = (self.width - right, self.width - left) if self.mirrored else (left, right)
        scale = self.axis.days / self.across
        start, end = ((x - self.gutter + self.left) * scale for x in (low, high))
        # A bar may begin and end in the hours that are not shown: whole days are looked at.
        day = timedelta(days=1)
        first = self.axis.starts if start <= 0 else self.axis.instant(start)
        last = self.axis.ends if end >= self.axis.days else self.axis.instant(end)
        return (first - day if start <= 0 else first), (last + day if end >= self.axis.days else last)

    def turn(self, box: QRectF) -> QRectF:
        """A box as it lies in the window: mirrored where the window is."""
        if not self.mirrored:
            return box
        return QRectF(self.width - box.right(), box.top(), box.width(), box.height())

    def box(self, bar: Bar) -> QRectF:
        """Where a bar lies, edges included."""
        return self.turn(self._between(bar, bar.begins, bar.finishes))

    def core(self, bar: Bar, box: QRectF | None = None) -> QRectF:
        """Where a bar lies without its lighter edges; whoever knows its `box` gives it, and the heights are those."""
        if box is None:
            return self.turn(self._between(bar, bar.starts, bar.ends))
        left, right = self.x(bar.starts) + 1, self.x(bar.ends) - 1
        return self.turn(QRectF(left, box.top(), max(right - left, 3.0), box.height()))

    def bar_at(self, spot: QPointF) -> Bar | None:
        """The bar under a point of the board, the shortest where several lie there."""
        x = self.width - spot.x() if self.mirrored else spot.x()
        if x < self.gutter or spot.y() < self.head:
            return None
        row = self.row_at(spot)
        low, high = self.seen_time()
        found = [bar for bar in self.placed.within(row, row, low, high) if self.box(bar).contains(spot)]
        return min(found, key=lambda bar: bar.finishes - bar.begins, default=None)

    def hold_of(self, bar: Bar, spot: QPointF) -> str:
        """What of a bar a point takes hold of: "start", "end" or "whole"."""
        core = self.core(bar)
        if core.width() < px(4 * EDGE):
            return "whole"
        near = px(EDGE)
        low, high = ("end", "start") if self.mirrored else ("start", "end")
        if abs(spot.x() - core.left()) <= near:
            return low
        return high if abs(spot.x() - core.right()) <= near else "whole"

    def row_key(self, at: int) -> Hashable:
        """The key of a row by its number."""
        return self.placed.rows[at].key

    def _between(self, bar: Bar, starts: datetime, ends: datetime) -> QRectF:
        first = self.placed.number[bar.row]
        last = min(first + bar.rows, len(self.placed.rows)) - 1
        top, bottom = self.row_top(first) + self._gap, self.row_bottom(last) - self._gap + 1
        left, right = self.x(starts) + 1, self.x(ends) - 1
        return QRectF(left, top, max(right - left, 3.0), bottom - top)
