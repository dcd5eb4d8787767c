"""What a finger presses: rows and buttons large enough for it, and columns that scroll."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Literal

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from ui.kit.bidi import isolate
from ui.kit.buttons import Button
from ui.kit.chips import Status, chip_width, paint_chip
from ui.kit.icons import pixmap, put_icon
from ui.kit.labels import Label
from ui.kit.theme import colour, letters, px

ROW, DEED = 72, 64
"""Heights for fingers, in pixels at 100 %."""
Standing = Literal["", "over", "back"]
"""How a row stands: to be done, over, or over with something that comes back."""
Line = Literal["", "gone", "ahead"]
Way = tuple[Line, Line]


class TouchButton(Button):
    """A button for a finger; the application's stylesheet knows only how low one may be."""

    high = DEED

    def sizeHint(self) -> QSize:
        """As wide as its words, as high as a finger needs."""
        return QSize(super().sizeHint().width(), px(self.high))


class NameButton(TouchButton):
    """One who may take the mail; the one who does is seen."""

    high = 48

    def show_chosen(self, chosen: bool) -> None:
        """Show whether this one takes it."""
        self.setProperty("look", "taken" if chosen else "button")
        self.style().unpolish(self)
        self.style().polish(self)
        put_icon(self, "check" if chosen else "user", "accent" if chosen else "muted")


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
    """One row for a finger: a round mark, two lines of words, a figure at the end or a chip."""

    def __init__(
        self, title: str, about: str, mark: str, end: str = "", parent: QWidget | None = None, *,
        chip: Status | None = None, tone: Standing = "", way: Way = ("", ""),
    ) -> None:  # fmt: skip
        """`mark` is "tick" for what is chosen, "check" or "back" for what is over, or a number.

        `way` is the line from the row above to the mark and on to the row below, as on a map: gone, to be gone, or
        none.
        """
        super().__init__(parent)
        self._title, self._about, self._mark, self._end = title, about, mark, end
        self._chip, self._tone, self._way = chip, tone, way
        self.setFixedHeight(px(ROW))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        said = (title, about, end, chip.word if chip is not None else "")
        self.setAccessibleName(" ".join(part for part in said if part))
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
        if self.isChecked() and self._mark != "tick":
            painter.fillRect(room, colour("sel"))
            painter.fillRect(QRectF(0, 0, px(3), room.height()), colour("accent"))
        painter.setPen(QPen(colour("border"), 1))
        painter.drawLine(QPointF(px(62), room.bottom()), room.bottomRight())
        spot = QRectF(px(16), room.center().y() - px(15), px(30), px(30))
        self._draw_way(painter, room, spot)
        self._draw_mark(painter, spot)
        end = below = px(48) if self._end else px(12)
        if self._chip is not None:
            wide = chip_width(self._chip)
            paint_chip(painter, QRectF(room.right() - wide - px(8), px(13), wide, px(22)), self._chip)
            end = wide + px(16)  # of the upper line alone
        left, across = px(62), room.width() - px(62)
        faint = "muted" if self._tone else "text"
        self._words(painter, QRectF(left, px(13), across - end, px(22)), self._title, 15, True, faint)
        amber = "warn_text" if self._tone == "back" else "muted"
        self._words(painter, QRectF(left, px(37), across - below, px(20)), self._about, 13, False, amber)
        if self._end:
            painter.setFont(letters(15, QFont.Weight.DemiBold))
            painter.setPen(colour(faint))
            side = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(room.adjusted(0, 0, -px(16), 0), int(side), self._end)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(colour("accent"), 2))
            painter.drawRoundedRect(room.adjusted(1, 1, -1, -1), 4, 4)

    def _draw_way(self, painter: QPainter, room: QRectF, spot: QRectF) -> None:
        """The line of the way through the marks; dashed where it is still to be gone."""
        ends = ((room.top(), spot.top()), (spot.bottom(), room.bottom()))
        for kind, (top, bottom) in zip(self._way, ends, strict=True):
            if kind:
                dashes = Qt.PenStyle.DashLine if kind == "ahead" else Qt.PenStyle.SolidLine
                painter.setPen(QPen(colour("strong"), 1.6, dashes))
                painter.drawLine(QPointF(spot.center().x(), top), QPointF(spot.center().x(), bottom))

    def _draw_mark(self, painter: QPainter, spot: QRectF) -> None:
        over, on = self._mark in ("check", "back"), self.isChecked()
        fill, ink = ("accent", "on_accent") if on else ("sunken", "muted") if over else ("surface", "text")
        if self._mark == "back" and not on:
            fill, ink = "warn_back", "warn_text"
        painter.setPen(Qt.PenStyle.NoPen if on or over else QPen(colour("muted"), 1.4))
        painter.setBrush(colour(fill))
        painter.drawEllipse(spot)
        if self._mark == "tick" and not on:
            return
        if over or self._mark == "tick":
            size, icon = px(16), "corner-up-right" if self._mark == "back" else "check"
            painter.drawPixmap(spot.center() - QRectF(0, 0, size, size).center(), pixmap(icon, ink, size))
            return
        painter.setFont(letters(13, QFont.Weight.DemiBold))
        painter.setPen(colour(ink))
        painter.drawText(spot, int(Qt.AlignmentFlag.AlignCenter), self._mark)

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
