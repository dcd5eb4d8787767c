"""The frame of a timeline: names and columns in the gutter, hours or days in the head, and the time it is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from PySide6.QtCore import QDate, QLocale, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen

from cbo_desk.context import local
from ui.kit.icons import pixmap
from ui.kit.theme import colour, px
from ui.kit.timeline_ink import Ink
from ui.kit.timeline_parts import Row
from ui.kit.timeline_room import Room

MARKED = 44
"""Where names begin beside marks, in pixels at 100 %."""


class TimelineFrame:
    """Paints gutter and head, which stay while the board scrolls."""

    def __init__(self, ink: Ink) -> None:
        self.ink = ink

    def ticks(self, room: Room) -> list[tuple[float, str, bool]]:
        """Where the hours or days begin: x in the window, words, and whether a day begins there.

        A date that an end of the board would cut has no words: half of "25" reads as the 2nd.
        """
        axis = room.axis
        low, high = axis.hours
        day_width = room.across / axis.days
        hour_width = day_width / (high - low)
        every = 1 if hour_width >= px(24) else 2 if hour_width >= px(14) else 3 if hour_width >= px(10) else 0
        found = []
        low_place = room.left / room.across * axis.days
        high_place = low_place + room.board / room.across * axis.days
        for day in range(max(0, int(low_place)), min(axis.days, int(high_place) + 1)):
            base = room.gutter - room.left + day * day_width
            if axis.days > 1:
                words = self._day(axis.first + timedelta(days=day), day_width)
                ends = base + px(4) + self.ink.metrics["hour"].horizontalAdvance(words)
                cut = axis.by_day and not room.gutter <= base + px(4) <= ends <= room.width
                found.append((base, "" if cut else words, True))
            if axis.days == 1 or (every and not axis.by_day):
                skipped = range(low + (axis.days > 1), high)
                step = max(every, 1)
                found += [(base + (h - low) * hour_width, f"{h:02}", False) for h in skipped if (h - low) % step == 0]
        return [(room.width - x if room.mirrored else x, words, firm) for x, words, firm in found]

    def _day(self, day: date, width: float) -> str:
        value = QDate(day.year, day.month, day.day)
        form = "ddd d MMM" if width >= px(70) else "ddd d" if width >= px(46) else "d"
        return QLocale().toString(value, form)

    def gutter(self, painter: QPainter, room: Room) -> None:
        """Paint the names and the columns."""
        gutter = room.turn(QRectF(0, 0, room.gutter, room.height))
        painter.save()
        painter.setClipRect(gutter)
        painter.fillRect(gutter, colour("surface"))
        first, last = room.seen_rows()
        for at in range(first, last + 1):
            self._name(painter, room, at, room.placed.rows[at])
        self._brackets(painter, room, first, last)
        painter.restore()
        painter.setPen(self.ink.line)
        edge = gutter.left() if room.mirrored else gutter.right()
        painter.drawLine(QPointF(edge, 0), QPointF(edge, room.height))

    def closures(self, painter: QPainter, room: Room) -> None:
        """Say across the rows that are closed why they are."""
        first, last = room.seen_rows()
        for at in range(first, last + 1):
            row = room.placed.rows[at]
            if row.closed:
                self._closed(painter, room, at, row)

    def _name(self, painter: QPainter, room: Room, at: int, row: Row) -> None:
        top, height = room.row_top(at), room.row_bottom(at) - room.row_top(at)
        pad = px(MARKED) if room.placed.marked else px(14)
        if row.closed:
            painter.fillRect(room.turn(QRectF(0, top, room.gutter, height)), colour("sunken"))
        before = room.placed.rows[at - 1] if at > 0 else None
        follows = before is not None and (row.group != "" and before.group == row.group)
        if room.placed.marked:
            follows = before is not None and before.mark == row.mark
            if row.mark and not follows:
                size = px(16)
                spot = room.turn(QRectF(px(16), top + (height - size) / 2, size, size))
                painter.drawPixmap(spot.topLeft(), pixmap(row.mark, "muted", size))
        painter.setPen(self.ink.line)
        line = room.turn(QRectF(pad if follows else 0, top, room.gutter, 0))
        painter.drawLine(line.topLeft(), line.topRight())
        wide = room.gutter - pad - px(4) if row.closed or not row.cells else px(room.name_width)
        kind = "line" if room.placed.marked else "name"
        self._text(painter, room, QRectF(pad, top, wide, height), kind, row.name, "muted" if row.closed else "text")
        left = float(px(room.name_width + 8))
        for number, (column, words) in enumerate(zip(room.columns, row.cells, strict=False)):
            strong = number == row.strong
            token = "text" if strong else "faint" if words == "–" else "muted"
            box = QRectF(left, top, px(column.width), height)
            self._text(painter, room, box, "strong" if strong else "cell", words, token, end=True)
            left += px(column.width)

    def _text(
        self, painter: QPainter, room: Room, box: QRectF, kind: str, words: str, token: str, *, end: bool = False
    ) -> None:
        painter.setFont(self.ink.fonts[kind])
        painter.setPen(colour(token))
        right = end != room.mirrored
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        flags = int(side | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter)
        painter.drawText(room.turn(box), flags, self.ink.fitted(kind, words, box.width()))

    def _brackets(self, painter: QPainter, room: Room, first: int, last: int) -> None:
        """Join the rows of a group by a bracket at the outer edge."""
        rows: Sequence[Row] = room.placed.rows
        painter.setPen(QPen(colour("strong"), 1.4))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        at = first
        while at <= last:
            end = at
            while rows[at].group and end < last and rows[end + 1].group == rows[at].group:
                end += 1
            if end > at:
                top, bottom = room.row_top(at) + px(9), room.row_bottom(end) - px(9)
                path = QPainterPath()
                outer, inner = (room.width - px(5), room.width - px(9)) if room.mirrored else (px(5), px(9))
                path.moveTo(inner, top)
                path.lineTo(outer, top)
                path.lineTo(outer, bottom)
                path.lineTo(inner, bottom)
                painter.drawPath(path)
            at = end + 1

    def _closed(self, painter: QPainter, room: Room, at: int, row: Row) -> None:
        top, height = room.row_top(at), room.row_bottom(at) - room.row_top(at)
        size = px(14)
        words_width = self.ink.metrics["detail"].horizontalAdvance(row.closed) + px(10)
        wide = min(words_width + size + px(14), room.board - px(16))
        box = QRectF(room.gutter + px(8), top + px(5), wide, height - px(9))
        painter.fillRect(room.turn(box), colour("sunken"))
        if row.icon:
            spot = room.turn(QRectF(box.left() + px(4), top + (height - size) / 2, size, size))
            painter.drawPixmap(spot.topLeft(), pixmap(row.icon, "muted", size))
        words = QRectF(box.left() + size + px(9), top, wide - size - px(10), height)
        self._text(painter, room, words, "detail", row.closed, "muted")

    def head(self, painter: QPainter, room: Room, now: datetime | None) -> None:
        """Paint the hours or days, and the time it is."""
        painter.fillRect(QRectF(0, 0, room.width, room.head), colour("surface"))
        painter.setPen(self.ink.line)
        painter.drawLine(QPointF(0, room.head), QPointF(room.width, room.head))
        left = float(px(room.name_width + 8))
        for column in room.columns:
            box = QRectF(left, 0, px(column.width), room.head)
            self._text(painter, room, box, "detail", column.heading, "faint", end=True)
            left += px(column.width)
        painter.save()
        painter.setClipRect(room.turn(QRectF(room.gutter, 0, room.board, room.head + 1)))
        day_width = room.across / room.axis.days
        pill = self._pill(room, now)
        for x, words, firm in self.ticks(room):
            wide = day_width if firm else px(28)
            box = QRectF(x - wide - px(4) if room.mirrored else x + px(4), 0, wide - px(4), room.head)
            if room.axis.days > 1 and not room.axis.by_day:
                box.setHeight(room.head / 2 + 1) if firm else box.setTop(room.head / 2 - 1)
            if (
                pill is not None
                and not firm
                and pill.adjusted(-px(2), 0, px(2), 0).intersects(
                    QRectF(box.left(), 8, self.ink.metrics["hour"].horizontalAdvance(words), 4)
                )
            ):
                continue
            painter.setFont(self.ink.fonts["hour"])
            painter.setPen(colour("text" if firm else "faint"))
            side = Qt.AlignmentFlag.AlignRight if room.mirrored else Qt.AlignmentFlag.AlignLeft
            flags = int(side | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter)
            painter.drawText(box, flags, words)
        if pill is not None and now is not None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour("text"))
            painter.drawRoundedRect(pill, pill.height() / 2, pill.height() / 2)
            painter.setPen(colour("surface"))
            painter.setFont(self.ink.fonts["hour"])
            painter.drawText(pill, int(Qt.AlignmentFlag.AlignCenter), f"{local(now):%H:%M}")
        painter.restore()

    def _pill(self, room: Room, now: datetime | None) -> QRectF | None:
        if now is None or room.axis.by_day or not room.axis.starts <= now <= room.axis.ends:
            return None
        width = self.ink.metrics["hour"].horizontalAdvance("00:00") + px(12)
        height = px(18) if room.axis.days == 1 else px(14)
        top = (room.head - height) / 2 if room.axis.days == 1 else room.head - height - 1
        return QRectF(self.now_x(room, now) - width / 2, top, width, height)

    def now_x(self, room: Room, now: datetime) -> float:
        """Where an instant stands in the window."""
        x = room.x(now)
        return room.width - x if room.mirrored else x
