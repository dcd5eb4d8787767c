"""Paints a timeline: only what is seen of it."""

from __future__ import annotations

from collections.abc import Hashable
from datetime import datetime, timedelta

from PySide6.QtCore import QLineF, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from cbo_desk.context import local
from ui.kit.chips import Tone
from ui.kit.theme import colour, px
from ui.kit.timeline_frame import TimelineFrame
from ui.kit.timeline_ground import Ground
from ui.kit.timeline_ink import Ink
from ui.kit.timeline_parts import Bar
from ui.kit.timeline_room import Room

ROUND = 5
THIN = 7
"""Bars of fewer pixels are painted as plain boxes, all of a tone at once."""
NARROW = 62
LEAST_WORDS = 26
"""A bar with less room for words than the one, in pixels at 100 %, says its title alone; one narrower than the other
says nothing: its tooltip does."""


class TimelinePaint:
    """Paints rows, hours, bars and the now-line into a room."""

    def __init__(self) -> None:
        self.ink = Ink()
        self.frame = TimelineFrame(self.ink)
        self.ground = Ground(self.piece)

    def paint(
        self, painter: QPainter, room: Room, *, now: datetime | None, chosen: Hashable, moving: Bar | None, clash: str
    ) -> None:
        """Paint it all; `moving` is the bar in hand where it would be put, `clash` what stands in its way."""
        self.ink.renew()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        board = room.turn(QRectF(room.gutter, room.head, room.board, room.height - room.head))
        painter.save()
        painter.setClipRect(board)
        self.ground.paint(painter, room, board.toAlignedRect(), colour("surface"))
        self._leading(painter, room)
        for bar in self._all_of(room, chosen):
            self._ring(painter, room.box(bar), "accent")
        if now is not None:
            self._now_line(painter, room, now)
        self.frame.closures(painter, room)
        if moving is not None:  # Above all else: its sign says when it would be, and what stands in its way.
            for bar in self._all_of(room, moving.key):
                painter.fillRect(room.box(bar), self.ink.veil)
            self._moving(painter, room, moving, clash)
        painter.restore()
        self.frame.gutter(painter, room)
        self.frame.head(painter, room, now)

    def piece(self, painter: QPainter, room: Room, piece: QRectF) -> None:
        """Paint rows, hours and bars within a piece of the board."""
        painter.setClipRect(piece)
        painter.fillRect(piece, self.ink.surface)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._rows(painter, room, piece)
        self._grid(painter, room, piece)
        first, last = room.seen_rows(piece.top(), piece.bottom())
        low, high = room.seen_time(piece.left(), piece.right())
        thin: dict[Tone, list[QRectF]] = {}
        for bar in room.placed.within(first, last, low, high):
            box = room.box(bar)
            if box.width() < THIN:
                thin.setdefault(bar.look.tone, []).append(box)
            elif box.right() >= piece.left() and box.left() <= piece.right():
                self._bar(painter, room, bar, box)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        for tone, boxes in thin.items():
            painter.setBrush(self.ink.of(tone).middle)
            painter.drawRects(boxes)

    def _rows(self, painter: QPainter, room: Room, piece: QRectF) -> None:
        first, last = room.seen_rows(piece.top(), piece.bottom())
        for at in range(first, last + 1):
            row = room.placed.rows[at]
            if row.closed:
                box = QRectF(0, room.row_top(at), room.width, room.row_bottom(at) - room.row_top(at))
                painter.drawTiledPixmap(
                    box.toAlignedRect(), self.ink.shut, QPoint(room.left % self.ink.shut.width(), 0)
                )

    def _grid(self, painter: QPainter, room: Room, piece: QRectF) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        ticks = self.frame.ticks(room)
        painter.setPen(self.ink.line)
        painter.drawLines([QLineF(x, piece.top(), x, piece.bottom()) for x, _words, _firm in ticks])
        if room.axis.days > 1 and not room.axis.by_day:
            painter.setPen(self.ink.firm)
            painter.drawLines([QLineF(x, piece.top(), x, piece.bottom()) for x, _words, firm in ticks if firm])
        painter.setPen(self.ink.line)
        first, last = room.seen_rows(piece.top(), piece.bottom())
        ends = [room.row_bottom(at) for at in range(first, last + 1)]
        painter.drawLines([QLineF(piece.left(), y, piece.right(), y) for y in ends])
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)

    def _leading(self, painter: QPainter, room: Room) -> None:
        """Bars that began before what is seen say their words where they can be read."""
        if not room.left:
            return
        first, last = room.seen_rows()
        edge = room.turn(QRectF(room.gutter, 0, 1, 1)).center().x()
        low, high = room.seen_time(edge - 1, edge + 1)
        for bar in room.placed.within(first, last, low, high):
            box = room.box(bar)
            if box.width() >= px(LEAST_WORDS) and box.left() < edge < box.right():
                self._bar(painter, room, bar, box, leading=True)

    @staticmethod
    def _all_of(room: Room, key: Hashable) -> list[Bar]:
        """Every piece of a bar: rooms joined that do not lie next to each other have several."""
        if key is None or key not in room.placed.by_key:
            return []
        return [bar for bar in room.placed.bars if bar.key == key]

    def _bar(
        self, painter: QPainter, room: Room, bar: Bar, box: QRectF, *, leading: bool = False, now: float | None = None
    ) -> None:
        shades = self.ink.plain(bar.look) if bar.look.plain else self.ink.of(bar.look.tone)
        has_edges = bar.before is not None or bar.after is not None
        core = room.core(bar, box) if has_edges else box
        painter.setPen(shades.firm if bar.look.outlined else shades.edge if has_edges else Qt.PenStyle.NoPen)
        painter.setBrush(shades.light if has_edges else shades.back)
        radius = min(ROUND, box.width() / 2)
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
        if has_edges or bar.look.hatched:
            filled = core.toRect().adjusted(0, 1, 0, -1) if has_edges else core.toRect().adjusted(1, 1, -1, -1)
            if bar.look.hatched:
                painter.drawTiledPixmap(filled, shades.hatch)
            else:
                painter.fillRect(filled, shades.back)
        if box.width() >= px(LEAST_WORDS):
            self._say(painter, room, bar, core, box, leading=leading, now=now)

    def _say(
        self, painter: QPainter, room: Room, bar: Bar, core: QRectF, box: QRectF, *, leading: bool, now: float | None
    ) -> None:
        pad, size = px(7), px(12)
        begin = room.width - core.right() if room.mirrored else core.left()
        if leading:
            begin = max(begin, room.gutter)
        end = room.width - box.left() if room.mirrored else box.right()
        if now is not None:
            begin = self._beside(bar, begin, end, room.width - now if room.mirrored else now)
        words = QRectF(begin + pad, box.top(), end - px(4) - begin - pad, box.height())
        if words.width() < px(12):
            return
        narrow = words.width() < px(NARROW)
        if narrow:
            start = room.width - box.right() if room.mirrored else box.left()
            words.setLeft((max(start, room.gutter) if leading else start) + px(3))
            lines = [("detail", part) for part in self._first_words(bar, words)]
        else:
            lines = [*(("title", part) for part in self._titles(bar, words)),
                     *(("detail", part) for part in self._details(bar, words))]  # fmt: skip
        heights = [self.ink.metrics[kind].height() for kind, _ in lines]
        top = box.top() + (box.height() - sum(heights)) / 2
        painter.setPen((self.ink.plain(bar.look) if bar.look.plain else self.ink.of(bar.look.tone)).words)
        for number, ((kind, text), height) in enumerate(zip(lines, heights, strict=True)):
            line = QRectF(words.left(), top, words.width(), height)
            if number == 0 and bar.look.icon and not narrow:
                mark = room.turn(QRectF(line.left(), top + (height - size) / 2, size, size))
                painter.drawPixmap(mark.topLeft(), self.ink.icon(bar.look.icon, bar.look.tone, size))
                line.setLeft(line.left() + size + px(4))
            if line.width() > px(10):
                self.ink.write(painter, room, line, kind, text)
            top += height

    def _beside(self, bar: Bar, begin: float, end: float, now: float) -> float:
        """Where the words of a bar begin that the now-line crosses: after it where all of them have room there."""
        width = self.ink.metrics["title"].horizontalAdvance(bar.title) + px(11)
        return now if begin < now < begin + width and now + width <= end else begin

    def _first_words(self, bar: Bar, words: QRectF) -> list[str]:
        """As much of a title's first two words as there is room for; its tooltip says the rest."""
        room = words.width()
        most = 2 if words.height() >= 2 * self.ink.metrics["detail"].height() else 1
        return [self.ink.cut("detail", part, room) for part in bar.title.split()[:most]]

    def _titles(self, bar: Bar, words: QRectF) -> list[str]:
        """The title, in two lines where the bar is tall and one would be cut."""
        room = int(words.width() - px(16))
        metrics = self.ink.metrics["title"]
        if words.height() < px(60) or metrics.horizontalAdvance(bar.title) <= room:
            return [bar.title]
        parts = bar.title.split(" ")
        fits = 1
        while fits < len(parts) and metrics.horizontalAdvance(" ".join(parts[: fits + 1])) <= room:
            fits += 1
        return [" ".join(parts[:fits]), " ".join(parts[fits:])] if fits < len(parts) else [bar.title]

    def _details(self, bar: Bar, words: QRectF) -> list[str]:
        if not bar.detail or words.height() < px(28):
            return []
        return bar.detail.split("\n") if words.height() >= px(60) else [bar.detail.replace("\n", " · ")]

    def _ring(self, painter: QPainter, box: QRectF, token: str) -> None:
        painter.setPen(QPen(colour(token), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box.adjusted(-1, -1, 1, 1), ROUND + 1, ROUND + 1)

    def _moving(self, painter: QPainter, room: Room, bar: Bar, clash: str) -> None:
        painter.setOpacity(0.85)
        box = room.box(bar)
        self._bar(painter, room, bar, box)
        painter.setOpacity(1.0)
        self._ring(painter, box, "bad_text" if clash else "accent")
        words = f"{local(bar.starts):%H:%M}–{local(bar.ends):%H:%M}" + (f" · {clash}" if clash else "")
        width = min(self.ink.metrics["strong"].horizontalAdvance(words) + px(18), max(room.board - px(12), px(40)))
        height = px(22)
        left, right = room.turn(QRectF(room.gutter, 0, room.board, 1)).left(), room.width
        at = min(max(box.center().x() - width / 2, left + px(4)), right - width - px(4))
        below = box.bottom() + px(5)
        sign = QRectF(at, below if below + height < room.height else box.top() - height - px(5), width, height)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour("bad_back" if clash else "toast_back"))
        painter.drawRoundedRect(sign, 4, 4)
        painter.setPen(colour("bad_text" if clash else "toast_text"))
        painter.setFont(self.ink.fonts["strong"])
        painter.drawText(sign, int(Qt.AlignmentFlag.AlignCenter), self.ink.fitted("strong", words, width - px(8)))

    def _now_line(self, painter: QPainter, room: Room, now: datetime) -> None:
        if not room.axis.starts <= now <= room.axis.ends:
            return
        x = self.frame.now_x(room, now)
        pen = QPen(colour("text"), 1.6)
        first, last = room.seen_rows()
        for bar in room.placed.within(first, last, now - timedelta(seconds=1), now + timedelta(seconds=1)):
            if bar.look.plain:
                self._bar(painter, room, bar, room.box(bar), now=x)
        painter.setPen(pen)
        painter.drawLine(QPointF(x, room.head), QPointF(x, room.height))
