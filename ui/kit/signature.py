"""A field to sign in with pen, finger or mouse: the strokes are kept with their times, not as a picture."""

from __future__ import annotations

from PySide6.QtCore import QElapsedTimer, QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QTabletEvent,
    QTouchEvent,
)
from PySide6.QtWidgets import QWidget

from ui.kit.bidi import isolate
from ui.kit.theme import colour, letters, px

Point = tuple[float, float, int]
"""x and y in hundredths of the field's height from its upper left corner, milliseconds since the first touch."""

CLOSEST = 0.4
"""Points nearer than this to the last one say nothing and are left out."""
MOST_POINTS = 20_000


class SignaturePad(QWidget):
    """Takes strokes. `changed` tells of every stroke that was finished, taken back or cleared.

    Backspace or Ctrl+Z takes the last stroke back, Del clears; who cannot draw signs on paper, which the form around
    it offers.
    """

    changed = Signal()

    def __init__(self, name: str, hint: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setAccessibleDescription(hint)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setMinimumSize(px(260), px(90))
        self._hint, self._who = hint, ""
        self._strokes: list[list[Point]] = []
        self._drawing = False
        self._clock = QElapsedTimer()

    def sizeHint(self) -> QSize:
        """As wide as a signature wants to be."""
        return QSize(px(460), px(150))

    def say_who(self, words: str) -> None:
        """Say below the line who signs, and when."""
        self._who = words
        self.update()

    def strokes(self) -> list[list[Point]]:
        """What was drawn so far, stroke by stroke."""
        return [list(stroke) for stroke in self._strokes]

    def is_empty(self) -> bool:
        """Whether nothing was drawn."""
        return not self._strokes

    def clear(self) -> None:
        """Take everything back."""
        self._drawing = False
        if self._strokes:
            self._strokes.clear()
            self._clock.invalidate()
            self._tell()

    def undo_stroke(self) -> bool:
        """Take the last stroke back; False where there is none."""
        self._drawing = False
        if not self._strokes:
            return False
        self._strokes.pop()
        self._tell()
        return True

    # --- what Qt asks

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The mouse begins a stroke."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._begin(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The mouse draws on."""
        self._go_on(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The mouse ends a stroke."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._end()

    def tabletEvent(self, event: QTabletEvent) -> None:
        """A pen draws; taken here, it comes no second time as a mouse."""
        if event.type() == QEvent.Type.TabletPress:
            self._begin(event.position())
        elif event.type() == QEvent.Type.TabletMove:
            self._go_on(event.position())
        elif event.type() == QEvent.Type.TabletRelease:
            self._end()
        event.accept()

    def event(self, event: QEvent) -> bool:
        """The first finger draws; Ctrl+Z belongs to the pad while it has the focus."""
        if isinstance(event, QTouchEvent):
            return self._touched(event)
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _is_undo(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take strokes back by the keyboard."""
        if event.key() == Qt.Key.Key_Backspace or _is_undo(event):
            self.undo_stroke()
        elif event.key() == Qt.Key.Key_Delete:
            self.clear()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the field, its line, and the ink: dark on white in every theme, as on the sheet."""
        painter = QPainter(self)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_field(painter)
            painter.setPen(QPen(QColor("#101B33"), max(1.6, self.height() / 60), Qt.PenStyle.SolidLine,
                                Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))  # fmt: skip
            for stroke in self._strokes:
                painter.drawPath(self._path(stroke))
        finally:
            painter.end()

    # --- how it is done

    def _paint_field(self, painter: QPainter) -> None:
        room = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.fillRect(self.rect(), colour("surface"))
        painter.setBrush(QColor("#FFFFFF"))
        painter.setPen(QPen(colour("accent") if self.hasFocus() else colour("border"), 2 if self.hasFocus() else 1))
        painter.drawRoundedRect(room, px(6), px(6))
        base = self.height() * 0.74
        painter.setPen(QPen(QColor("#B8C0CC"), 1))
        painter.drawLine(QPointF(px(20), base), QPointF(self.width() - px(20), base))
        if self._who:
            painter.setPen(QColor("#5B6573"))
            painter.setFont(letters(12))
            below = QRectF(px(20), base + px(4), self.width() - px(40), self.height() - base - px(6))
            painter.drawText(below, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop), isolate(self._who))
        if self._hint and not self._strokes:
            painter.setPen(QColor("#5B6573"))
            painter.setFont(letters(12))
            painter.drawText(room, Qt.AlignmentFlag.AlignCenter, self._hint)

    def _path(self, stroke: list[Point]) -> QPainterPath:
        unit = self.height() / 100
        path = QPainterPath(QPointF(stroke[0][0] * unit, stroke[0][1] * unit))
        for x, y, _at in stroke[1:] or [(stroke[0][0] + 0.2, stroke[0][1], 0)]:
            path.lineTo(x * unit, y * unit)
        return path

    def _touched(self, event: QTouchEvent) -> bool:
        points = event.points()
        if not points:
            return False
        spot = points[0].position()
        if event.type() == QEvent.Type.TouchBegin:
            self._begin(spot)
        elif event.type() == QEvent.Type.TouchUpdate:
            self._go_on(spot)
        else:
            self._end()
        event.accept()
        return True

    def _begin(self, spot: QPointF) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        if sum(len(stroke) for stroke in self._strokes) >= MOST_POINTS:
            return
        if not self._clock.isValid():
            self._clock.start()
        self._drawing = True
        self._strokes.append([self._point(spot)])
        self.update()

    def _go_on(self, spot: QPointF) -> None:
        if not self._drawing:
            return
        point, last = self._point(spot), self._strokes[-1][-1]
        near = abs(point[0] - last[0]) < CLOSEST and abs(point[1] - last[1]) < CLOSEST
        if not near and sum(len(stroke) for stroke in self._strokes) < MOST_POINTS:
            self._strokes[-1].append(point)
            self.update()

    def _end(self) -> None:
        if self._drawing:
            self._drawing = False
            self._tell()

    def _point(self, spot: QPointF) -> Point:
        unit = max(1, self.height()) / 100
        return round(spot.x() / unit, 1), round(spot.y() / unit, 1), int(self._clock.elapsed())

    def _tell(self) -> None:
        self.update()
        self.changed.emit()


def _is_undo(event: QKeyEvent) -> bool:
    return event.key() == Qt.Key.Key_Z and event.modifiers() == Qt.KeyboardModifier.ControlModifier
