"""The board of a timeline without what moves, kept as a picture: scrolling paints only the new edge."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QPoint, QRect, QRectF, QSize
from PySide6.QtGui import QColor, QPainter, QPixmap

from ui.kit.theme import current
from ui.kit.timeline_room import Room

Paint = Callable[[QPainter, Room, QRectF], None]
"""Paints a piece of the board."""


BAND = 60
PATIENCE_S = 0.02
"""The board is painted in bands of so many pixels; once this much time has passed, the rest waits for the next turn."""


class Ground:
    """The picture of the board as it was last scrolled. `waiting` says that some of it is still to be painted."""

    def __init__(self, piece: Paint) -> None:
        self._piece = piece
        self._made_for: tuple[object, ...] = ()
        self._at = (0, 0)
        self._picture = QPixmap()
        self._pieces: list[QRect] = []

    @property
    def waiting(self) -> bool:
        """Whether some of it is still to be painted."""
        return bool(self._pieces)

    def paint(self, painter: QPainter, room: Room, board: QRect, surface: QColor) -> None:
        """Show the board, with as much as there is time for of what was not seen before."""
        ratio = painter.device().devicePixelRatioF()
        wanted = (room.placed, room.axis, room.across, board, room.mirrored, ratio, current())
        by = (self._at[0] - room.left, self._at[1] - room.top)
        if wanted != self._made_for or int(ratio) != ratio:
            if not self._made_for or self._made_for[3:] != wanted[3:]:
                self._picture = QPixmap(board.size() * ratio)
                self._picture.setDevicePixelRatio(ratio)
                self._picture.fill(surface)
            self._made_for = wanted
            self._pieces = _bands(QRect(QPoint(), board.size()))
        elif by != (0, 0):
            across = -by[0] if room.mirrored else by[0]
            self._picture.scroll(round(across * ratio), round(by[1] * ratio), QRect(QPoint(), self._picture.size()))
            self._pieces = [piece.translated(across, by[1]) for piece in self._pieces]
            for edge in _edges(across, by[1], board.size()):
                self._pieces += _bands(edge)
        self._at = (room.left, room.top)
        self._paint_pieces(room, board)
        painter.drawPixmap(board.topLeft(), self._picture)

    def _paint_pieces(self, room: Room, board: QRect) -> None:
        whole = QRect(QPoint(), board.size())
        began = time.perf_counter()
        painter = QPainter(self._picture)
        try:
            painter.translate(-board.topLeft())
            while self._pieces and time.perf_counter() - began < PATIENCE_S:
                piece = self._pieces.pop(0).intersected(whole)
                if not piece.isEmpty():
                    self._piece(painter, room, QRectF(piece.translated(board.topLeft())))
        finally:
            painter.end()


def _bands(piece: QRect) -> list[QRect]:
    """A piece of the board cut into bands."""
    tops = range(piece.top(), piece.bottom() + 1, BAND)
    return [QRect(piece.left(), top, piece.width(), min(BAND, piece.bottom() + 1 - top)) for top in tops]


def _edges(across: int, down: int, size: QSize) -> list[QRect]:
    """What comes into sight when a picture of some size is shifted."""
    width, height = size.width(), size.height()
    if abs(across) >= width or abs(down) >= height:
        return [QRect(QPoint(), size)]
    found = []
    if across:
        found.append(QRect(0 if across > 0 else width + across, 0, abs(across), height))
    if down:
        found.append(QRect(0, 0 if down > 0 else height + down, width, abs(down)))
    return found
