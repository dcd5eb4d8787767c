"""A bar of a timeline in hand: dragged by the mouse or carried by keys, with what stands in its way told at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QPointF, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

from cbo_desk.context import local
from ui.kit.timeline_parts import Bar, Look, Move

if TYPE_CHECKING:  # the board holds its own hand
    from ui.kit.timeline import Timeline

STEP = 15
"""Minutes of one step."""
DRAWN = "drawn"
"""The key of an empty stretch while it is drawn."""


class Carry(QObject):
    """What is held, by what, and where it would be put. `clash` says what stands in the way there, "" for nothing."""

    def __init__(self, board: Timeline) -> None:
        super().__init__(board)
        self._board = board
        self.clash = ""
        self._bar: Bar | None = None
        self._move: Move | None = None
        self._hold = ""
        self._pressed: QPointF | None = None
        self._settled = False
        self.dragging = False

    @property
    def by_keys(self) -> bool:
        """Whether a bar is carried by keys."""
        return self._move is not None and not self.dragging and not self._settled

    def shown(self) -> Bar | None:
        """The bar as it would be put, None where nothing is in hand."""
        return self._bar.at(self._move) if self._bar is not None and self._move is not None else None

    def said(self) -> str:
        """What is in hand, in words."""
        if self._move is None or self._settled:
            return ""
        room = self._board._room
        row = room.placed.rows[room.placed.number[self._move.row]].name
        words = f"{row}, {local(self._move.starts):%H:%M}–{local(self._move.ends):%H:%M}"
        return f"{words}: {self.clash}" if self.clash else words

    def take(self, bar: Bar) -> None:
        """Take a bar in hand, to be carried by keys."""
        self.drop()
        self._bar, self._hold = bar, "whole"
        self._put(Move(bar.key, bar.row, bar.starts, bar.ends))

    def drop(self, *, held_too: bool = True) -> None:
        """Let go without moving anything; one that was put down already only if `held_too`."""
        if self._settled and not held_too:
            return
        self._bar = self._move = self._pressed = None
        self.dragging = self._settled = False
        self.clash = ""
        self._tell()

    def look_again(self) -> None:
        """The board shows other bars: one that was put down is among them, one that is in hand may have gone."""
        if self._bar is None:
            return
        placed = self._board._room.placed
        bar = placed.by_key.get(self._bar.key)
        gone = bar is None and self._bar.key != DRAWN
        if self._settled or gone or (self._move is not None and self._move.row not in placed.number):
            self.drop()
        elif bar is not None:
            self._bar = bar

    # --- by keys

    def wants(self, event: QKeyEvent) -> bool:
        """Whether a key is for what is in hand."""
        return (self.by_keys or self.dragging) and event.key() in _KEYS

    def pressed(self, event: QKeyEvent) -> bool:
        """Move what is in hand, put it down or put it back; False for any other key."""
        if not self.wants(event) or self._move is None:
            return False
        key = event.key()
        if key == Qt.Key.Key_Escape:
            self.drop()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._settle()
        elif self.by_keys:
            self._step(key, event.modifiers())
        return True

    def _step(self, key: int, modifiers: Any) -> None:
        assert self._move is not None
        assert self._bar is not None
        room, move = self._board._room, self._move
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            at = room.placed.number[move.row] + (1 if key == Qt.Key.Key_Down else -1)
            if 0 <= at <= len(room.placed.rows) - self._bar.rows:
                self._put(replace(move, row=room.row_key(at)))
            return
        sign = 1 if (key == Qt.Key.Key_Right) != room.mirrored else -1
        long = room.axis.by_day or bool(modifiers & Qt.KeyboardModifier.ControlModifier)
        by = sign * (timedelta(days=1) if long else timedelta(minutes=self._board.step))
        if modifiers & Qt.KeyboardModifier.ShiftModifier:
            if move.ends + by > move.starts:
                self._put(replace(move, ends=move.ends + by))
        else:
            self._put(replace(move, starts=move.starts + by, ends=move.ends + by))

    # --- by the mouse

    def pressed_at(self, bar: Bar | None, spot: QPointF) -> None:
        """The mouse went down on a bar, or on nothing."""
        self.drop()
        room = self._board._room
        x = room.width - spot.x() if room.mirrored else spot.x()
        if x < room.gutter or spot.y() < room.head or not room.placed.rows:
            return
        if bar is None:
            self._pressed, self._hold = spot, DRAWN
        elif bar.movable:
            self._bar, self._pressed, self._hold = bar, spot, room.hold_of(bar, spot)

    def dragged_to(self, spot: QPointF) -> bool:
        """The mouse went on with the button down; False where nothing is held."""
        if self._pressed is None:
            return False
        far = (spot - self._pressed).manhattanLength() >= QApplication.startDragDistance()
        if not self.dragging and not far:
            return True
        self.dragging = True
        if self._hold == DRAWN:
            self._draw(spot)
        else:
            self._pull(spot)
        return True

    def released(self) -> None:
        """The button went up: put down what was dragged."""
        self._pressed = None
        if not self.dragging:
            self._bar = None
            return
        self._settle()

    def ask_at(self, spot: QPointF) -> None:
        """Ask for a bar of an hour, from a point on."""
        room = self._board._room
        row = room.row_key(room.row_at(spot))
        start = self._whole(spot)
        self._board.asked.emit(row, start, start + timedelta(hours=1))

    def _pull(self, spot: QPointF) -> None:
        assert self._bar is not None
        assert self._pressed is not None
        room, bar = self._board._room, self._bar
        share = room.share(spot.x() - self._pressed.x())
        starts, ends, row = bar.starts, bar.ends, bar.row
        if self._hold == "whole":
            starts = room.axis.moved(bar.starts, share, self._board.step)
            ends = starts + (bar.ends - bar.starts)
            by = room.row_at(spot) - room.row_at(self._pressed)
            at = min(max(room.placed.number[bar.row] + by, 0), len(room.placed.rows) - bar.rows)
            row = room.row_key(at)
        elif self._hold == "start":
            starts = min(room.axis.moved(bar.starts, share, self._board.step), ends - self._least())
        else:
            ends = max(room.axis.moved(bar.ends, share, self._board.step), starts + self._least())
        self._put(Move(bar.key, row, starts, ends))

    def _draw(self, spot: QPointF) -> None:
        assert self._pressed is not None
        room = self._board._room
        one, other = sorted((self._whole(self._pressed), self._whole(spot)))
        row = room.row_key(room.row_at(self._pressed))
        ends = max(other, one + self._least())
        self._bar = Bar(DRAWN, row, one, ends, look=Look("info", "plus"))
        self._put(Move(DRAWN, row, one, ends))

    def _whole(self, spot: QPointF) -> datetime:
        """The whole step nearest to a point."""
        axis = self._board._room.axis
        at = axis.instant(self._board._room.place_at(spot))
        midnight = local(at).replace(hour=0, minute=0, second=0, microsecond=0)
        step = timedelta(minutes=self._board.step)
        return midnight + round((at - midnight) / step) * step

    def _least(self) -> timedelta:
        return timedelta(minutes=self._board.step)

    # --- both

    def _put(self, move: Move) -> None:
        if move != self._move:
            self._move = move
            self.clash = self._board.clash(move)
            self._tell()

    def _settle(self) -> None:
        """Put it down: told as moved, asked for or refused."""
        bar, move, clash = self._bar, self._move, self.clash
        if bar is None or move is None:
            self.drop()
            return
        if bar.key == DRAWN:
            self.drop()
            self._board.asked.emit(move.row, move.starts, move.ends)
        elif (move.row, move.starts, move.ends) == (bar.row, bar.starts, bar.ends):
            self.drop()
        elif clash:
            if self.dragging:
                self.drop()
            self._board.refused.emit(clash)
        else:
            self.dragging, self._settled = False, True
            self._board.moved.emit(move)
            self._tell()

    def _tell(self) -> None:
        board = self._board
        if self._move is not None and not self.dragging and (shown := self.shown()) is not None:
            board.bring(shown)
        board._describe()
        board.viewport().update()


_KEYS = (
    Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter,
    Qt.Key.Key_Escape,
)  # fmt: skip
