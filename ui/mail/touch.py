"""What a finger presses: rows and buttons large enough for it, and columns that scroll."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from ui.kit.bidi import isolate
from ui.kit.buttons import Button
from ui.kit.icons import pixmap
from ui.kit.labels import Label
from ui.kit.theme import colour, letters, px

ROW, DEED = 72, 64
"""Heights for fingers, in pixels at 100 %."""


class TouchButton(Button):
    """A button for a finger; the application's stylesheet knows only how low one may be."""

    high = DEED

    def sizeHint(self) -> QSize:
        """As wide as its words, as high as a finger needs."""
        return QSize(super().sizeHint().width(), px(self.high))


class NameButton(TouchButton):
    """One who may take the mail."""

    high = 48


class TouchChoices(QWidget):
    """A question with its answers as large buttons, and a way back; `leave` takes it from the screen."""

    def __init__(self, leave: Callable[[], object]) -> None:
        super().__init__()
        self._leave = leave
        self.buttons: list[TouchButton] = []
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(8)

    def ask(self, question: str, answers: Sequence[str], chosen: Callable[[str], object]) -> None:
        """Ask something else; `chosen` hears the answer as it was given."""

        def choose(answer: str) -> None:
            self._leave()
            chosen(answer)

        empty(self._box)
        self.buttons = [
            TouchButton(answer[0].upper() + answer[1:], "", "plain", partial(choose, answer)) for answer in answers
        ]
        back = TouchButton(self.tr("Back"), "arrow-left", "link", self._leave)
        for widget in (Label(question, "h3"), *self.buttons, back):
            self._box.addWidget(widget)
        self._box.addStretch()


class TouchRow(QAbstractButton):
    """One row for a finger: a round mark, two lines of words, a figure or a word at the end."""

    def __init__(self, title: str, about: str, mark: str, end: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title, self._about, self._mark, self._end = title, about, mark, end
        self.setFixedHeight(px(ROW))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(" ".join(part for part in (title, about, end) if part))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:
        """The size it would like."""
        return QSize(px(320), px(ROW))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint it as it stands now."""
        painter = QPainter(self)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._draw(painter)
        finally:
            painter.end()

    def _draw(self, painter: QPainter) -> None:
        room = QRectF(self.rect())
        on = self.isChecked()
        painter.setPen(Qt.PenStyle.NoPen)
        if on and not self._mark.startswith("tick"):
            painter.fillRect(room, colour("sel"))
        painter.setPen(QPen(colour("border"), 1))
        painter.drawLine(room.bottomLeft(), room.bottomRight())
        spot = QRectF(px(16), room.center().y() - px(15), px(30), px(30))
        filled = on
        painter.setPen(QPen(colour("accent" if filled else "muted"), 1.4))
        painter.setBrush(colour("accent") if filled else Qt.BrushStyle.NoBrush)
        painter.drawEllipse(spot)
        if self._mark in ("tick", "check"):
            if filled or self._mark == "check":
                size = px(16)
                token = "on_accent" if filled else "muted"
                painter.drawPixmap(spot.center() - QRectF(0, 0, size, size).center(), pixmap("check", token, size))
        else:
            painter.setFont(letters(13, QFont.Weight.DemiBold))
            painter.setPen(colour("on_accent" if filled else "text"))
            painter.drawText(spot, int(Qt.AlignmentFlag.AlignCenter), self._mark)
        end = px(90) if self._end else px(12)
        self._words(painter, QRectF(px(62), px(13), room.width() - px(62) - end, px(22)), self._title, 15, True, "text")
        self._words(
            painter, QRectF(px(62), px(37), room.width() - px(62) - end, px(20)), self._about, 13, False, "muted"
        )
        if self._end:
            painter.setFont(letters(15, QFont.Weight.DemiBold))
            painter.setPen(colour("text"))
            side = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(room.adjusted(0, 0, -px(16), 0), int(side), self._end)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(colour("accent"), 2))
            painter.drawRoundedRect(room.adjusted(1, 1, -1, -1), 4, 4)

    def _words(self, painter: QPainter, room: QRectF, words: str, size: float, strong: bool, token: str) -> None:
        font = letters(size, QFont.Weight.DemiBold if strong else QFont.Weight.Normal)
        painter.setFont(font)
        painter.setPen(colour(token))
        short = QFontMetrics(font).elidedText(words, Qt.TextElideMode.ElideRight, int(room.width()))
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(room, int(flags), isolate(short))


def scrolled(box: QVBoxLayout, name: str) -> QScrollArea:
    """A column that scrolls; `name` is read aloud."""
    inside = QWidget()
    inside.setLayout(box)
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setWidget(inside)
    area.setAccessibleName(name)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    return area


def empty(box: QVBoxLayout) -> None:
    """Take everything out of a column."""
    while (piece := box.takeAt(0)) is not None:
        widget = piece.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
