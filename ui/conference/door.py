"""The sign at a room's door on a screen of its own: what is on now and what comes next, kept up to date."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QRect, Qt, QTimer
from PySide6.QtGui import QColor, QFont, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from cbo_desk.changes import Changes
from cbo_desk.conference import DoorSign, Meeting, door_sign
from cbo_desk.context import clock, local
from ui.bench import Bench
from ui.conference.looks import hours
from ui.kit.phrases import day as day_words
from ui.kit.theme import colour, letters, px

RENEW_MS = 15_000
"""How often the sign looks at the clock; what others change is read at once."""
MOST_LATER = 5


class DoorWindow(QWidget):
    """The whole screen for one room's sign; Esc closes it. What it says is also its accessible name."""

    def __init__(self, bench: Bench, parent: QWidget, space_id: int, space: str) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setProperty("public", True)  # it hangs at a door: the screen's lock leaves it alone
        self.setWindowTitle(self.tr("Door sign {space}").format(space=space))
        self.setMinimumSize(px(640), px(400))
        self.sign: DoorSign | None = None
        self._bench, self._space_id, self._space = bench, space_id, space
        self._timer = QTimer(self)
        self._timer.setInterval(RENEW_MS)
        self._timer.timeout.connect(self.renew)
        self._timer.start()
        bench.runner.changed.connect(self._hear)
        self.read()

    def read(self) -> None:
        """Read today's meetings of the room."""
        self._bench.runner.read(self, door_sign, self._space_id, self._today(), done=self._show)

    def renew(self) -> None:
        """Follow the clock: another meeting is on, or another day has begun."""
        if self.sign is not None and self.sign.day != self._today():
            self.read()
        self._say()

    def lines(self) -> list[str]:
        """What the sign says, from the room down to the last meeting of the day."""
        now = local(clock())
        head = [self._space, f"{day_words(now.date())}, {now:%H:%M}"]
        if self.sign is None:
            return head
        current = self.sign.current(clock())
        if current is None:
            return [*head, self.tr("Free now"), *self._later()]
        return [*head, *self._words(current), *self._later()]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc takes the sign away."""
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the lines, the room and what is on now the largest."""
        painter = QPainter(self)
        try:
            painter.fillRect(self.rect(), colour("surface"))
            unit = max(min(self.width() // 64, self.height() // 36), 6)
            now = self.sign.current(clock()) if self.sign is not None else None
            y = 3 * unit
            y = self._line(painter, y, self._space, 4 * unit, colour("text"), strong=True)
            at = local(clock())
            y = self._line(painter, y, f"{day_words(at.date())}, {at:%H:%M}", 2 * unit, colour("muted")) + 2 * unit
            if self.sign is None:
                return
            if now is None:
                y = self._line(painter, y, self.tr("Free now"), 4 * unit, colour("ok_text"), strong=True)
            else:
                title, below = self._words(now)
                y = self._line(painter, y, title, 4 * unit, colour("text"), strong=True)
                y = self._line(painter, y, below, 2 * unit, colour("text"))
            y += 2 * unit
            for words in self._later():
                y = self._line(painter, y, words, 2 * unit, colour("muted"))
        finally:
            painter.end()

    def _line(
        self, painter: QPainter, y: int, words: str, size: int, ink: QColor, *, strong: bool = False
    ) -> int:
        """One line, shortened where it is too long; the answer is where the next one begins."""
        font = letters(size, QFont.Weight.DemiBold if strong else QFont.Weight.Normal)
        font.setPixelSize(size)
        painter.setFont(font)
        painter.setPen(ink)
        edge = max(self.width() // 20, 12)
        room = QRect(edge, y, self.width() - 2 * edge, int(size * 1.4))
        shown = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter, shown)
        return y + int(size * 1.5)

    def _words(self, meeting: Meeting) -> list[str]:
        times = hours(meeting.slot.starts, meeting.slot.ends)
        where = self.sign.elsewhere(meeting) if self.sign is not None else ""
        return [meeting.title, " · ".join(part for part in (times, where, meeting.entity) if part)]

    def _later(self) -> list[str]:
        assert self.sign is not None
        coming = [each for each in self.sign.sessions if each.slot.starts > clock()]
        if not coming:
            return [self.tr("Nothing more today")]
        lines = []
        for each in coming[:MOST_LATER]:
            named = " · ".join(part for part in (each.title, self.sign.elsewhere(each)) if part)
            lines.append(f"{hours(each.slot.starts, each.slot.ends)}  {named}")
        return lines

    def _today(self) -> date:
        return local(clock()).date()

    def _show(self, sign: DoorSign) -> None:
        self.sign = sign
        self._say()

    def _say(self) -> None:
        self.setAccessibleName(". ".join(self.lines()))
        self.update()

    def _hear(self, changes: Changes) -> None:
        if any(kind.startswith("conference.") for kind in changes.touched()):
            self.read()


def show_sign(bench: Bench, parent: QWidget, space_id: int, space: str) -> DoorWindow:
    """Open the sign of a room over a whole screen."""
    window = DoorWindow(bench, parent, space_id, space)
    window.showFullScreen()
    return window
