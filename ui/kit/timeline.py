"""Rows against time, with bars that are chosen, opened, dragged and carried by keys: for rooms, vehicles and others."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from datetime import datetime
from typing import Any

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QSizePolicy, QToolTip, QWidget

from ui.kit.theme import changed, colour, px
from ui.kit.timeline_moving import STEP, Carry
from ui.kit.timeline_paint import TimelinePaint
from ui.kit.timeline_parts import Axis, Bar, Column, Move, Placed, Row
from ui.kit.timeline_room import Room

ZOOMS = (1.0, 12.0)
ROW = 40
"""Height of a row in pixels at 100 %, unless another one is asked for."""


class Timeline(QAbstractScrollArea):
    """The board. Arrow keys go from bar to bar, Enter opens, `pick_up` takes a bar in hand: then the arrows move it by
    steps and rows, Shift+arrows its end, Enter puts it down and Esc puts it back.

    Signals: `chosen(key)` a bar; `opened(key)` it is to be opened; `moved(Move)` where a bar was put; `refused(str)`
    what stood in its way; `asked(row, start, end)` an empty stretch that was drawn or double-clicked; `menu_asked(key,
    QPoint)` with the place on the screen. `opens_at_once`: one press opens a bar, where there is no card beside it.
    """

    chosen = Signal(object)
    opened = Signal(object)
    moved = Signal(object)
    refused = Signal(str)
    asked = Signal(object, object, object)
    menu_asked = Signal(object, QPoint)

    def __init__(
        self, name: str, parent: QWidget | None = None, *, row_height: int = ROW, opens_at_once: bool = False
    ) -> None:
        super().__init__(parent)
        self._opens_at_once = opens_at_once
        self.setAccessibleName(name)
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.viewport().setMouseTracking(True)
        self.step = STEP
        self.clash: Callable[[Move], str] = lambda _move: ""
        """What stands in the way of a bar put there, "" for nothing; asked at every step, so it answers from memory."""
        self._paint = TimelinePaint()
        self._now: datetime | None = None
        self._chosen: Hashable = None
        self._room = Room(Placed(), Axis(datetime.now().astimezone().date()), (), row_height)
        self.carry = Carry(self)
        changed.connect(self._fit)

    # --- what is shown

    def show_board(
        self, axis: Axis, rows: Sequence[Row], bars: Iterable[Bar], columns: Sequence[Column] = (), name_width: int = 0
    ) -> None:
        """Show other rows and bars; the chosen bar stays chosen if it is still there. A bar in hand stays in hand."""
        room = self._room
        if (axis.first, axis.days) != (room.axis.first, room.axis.days):
            room.left = 0
        room.placed, room.axis, room.columns = Placed(rows, bars), axis, tuple(columns)
        room.name_width = name_width or room.name_width
        self.carry.look_again()
        if self._chosen not in room.placed.by_key:
            self._chosen = None
        self._describe()
        self._fit()

    def show_now(self, now: datetime | None) -> None:
        """Draw the now-line at an instant, or none."""
        self._now = now
        self.viewport().update()

    def choose(self, key: Hashable) -> bool:
        """Lead the eye to a bar, scrolled into sight, without telling anybody; False where it is not there."""
        bar = self._room.placed.by_key.get(key)
        self._chosen = key if bar is not None else None
        if bar is not None:
            self.bring(bar)
        self._describe()
        self.viewport().update()
        return bar is not None

    def current(self) -> Bar | None:
        """The chosen bar."""
        return self._room.placed.by_key.get(self._chosen)

    def bars(self) -> Sequence[Bar]:
        """Every bar."""
        return self._room.placed.bars

    def rows(self) -> Sequence[Row]:
        """Every row."""
        return self._room.placed.rows

    @property
    def axis(self) -> Axis:
        """The days and hours shown."""
        return self._room.axis

    @property
    def gutter(self) -> int:
        """The width of names and columns, for what is drawn below on the same hours."""
        return self._room.gutter

    def box_of(self, key: Hashable) -> QRectF:
        """Where a bar lies on the board."""
        return self._room.box(self._room.placed.by_key[key])

    def spot_of(self, row: int, at: datetime) -> QPointF:
        """The point of a row, by its number, and an instant."""
        room = self._room
        x = room.x(at)
        return QPointF(room.width - x if room.mirrored else x, (room.row_top(row) + room.row_bottom(row)) / 2)

    def whole(self) -> bool:
        """Whether everything in sight has been painted."""
        return not self._paint.ground.waiting

    def pick_up(self) -> bool:
        """Take the chosen bar in hand, to be moved by keys; False where none can be."""
        bar = self.current()
        if bar is None or not bar.movable:
            return False
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.carry.take(bar)
        return True

    def put_back(self) -> None:
        """Let go of a bar in hand, and of one that was put down and then refused."""
        self.carry.drop()

    def zoom(self, factor: float, about: QPointF | None = None) -> None:
        """Stretch the hours about a point."""
        room = self._room
        place = room.place_at(about if about is not None else QPointF(room.gutter + room.board / 2, 0))
        x = place / room.axis.days * room.across - room.left
        room.zoom = min(max(room.zoom * factor, ZOOMS[0]), ZOOMS[1])
        self._fit()
        self.horizontalScrollBar().setValue(round(place / room.axis.days * room.across - x))

    def bring(self, bar: Bar) -> None:
        """Scroll a bar into sight."""
        room = self._room
        top, bottom = room.row_top(room.placed.number[bar.row]), room.box(bar).bottom()
        rise = min(top - room.head, 0) or max(bottom - room.height + px(4), 0)
        self.verticalScrollBar().setValue(self.verticalScrollBar().value() + round(rise))
        left, right = room.x(bar.begins) - room.gutter, room.x(bar.finishes) - room.gutter
        shift = min(left - px(8), 0) or max(min(right - room.board + px(8), left - px(8)), 0)
        self.horizontalScrollBar().setValue(self.horizontalScrollBar().value() + round(shift))

    # --- size and scrolling

    def sizeHint(self) -> QSize:
        """As high as its rows."""
        return QSize(px(700), self._room.head + self._room.rows_height + 2)

    def minimumSizeHint(self) -> QSize:
        """Three rows at least."""
        return QSize(px(320), self._room.head + px(3 * ROW))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take the new room."""
        super().resizeEvent(event)
        self._fit()

    def scrollContentsBy(self, _dx: int, _dy: int) -> None:
        """Show another part: head and gutter stay."""
        self._room.left = self.horizontalScrollBar().value()
        self._room.top = self.verticalScrollBar().value()
        self.viewport().update()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the direction of reading."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LayoutDirectionChange:
            self._fit()

    def _fit(self) -> None:
        room, view = self._room, self.viewport().size()
        room.width, room.height = view.width(), view.height()
        room.mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        room.measure()
        across, down = self.horizontalScrollBar(), self.verticalScrollBar()
        across.setRange(0, max(0, round(room.across - room.board)))
        across.setPageStep(room.board)
        across.setSingleStep(px(40))
        down.setRange(0, max(0, room.rows_height - room.height + room.head + 1))
        down.setPageStep(max(1, room.height - room.head))
        down.setSingleStep(px(ROW))
        room.left, room.top = across.value(), down.value()
        self.updateGeometry()
        self.viewport().update()

    # --- events

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint it as it stands now."""
        painter = QPainter(self.viewport())
        try:
            moving = self.carry.shown()
            self._paint.paint(
                painter, self._room, now=self._now, chosen=self._chosen, moving=moving, clash=self.carry.clash
            )
            if self.hasFocus() and self.current() is None:
                painter.setPen(QPen(colour("accent"), 2))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRect(self.viewport().rect().adjusted(1, 1, -1, -1))
        finally:
            painter.end()
        if self._paint.ground.waiting:
            self.viewport().update()

    def viewportEvent(self, event: QEvent) -> bool:
        """Say in a tooltip what a bar stands for."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            bar = self._room.bar_at(QPointF(event.pos()))
            if bar is None or not bar.said:
                QToolTip.hideText()
            else:
                QToolTip.showText(event.globalPos(), bar.said, self)
            return True
        return bool(super().viewportEvent(event))

    def event(self, event: QEvent) -> bool:
        """While a bar is in hand, the arrows, Enter and Esc are the board's own."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self.carry.wants(event):
            event.accept()
            return True
        return bool(super().event(event))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go from bar to bar, open, or move what is in hand."""
        if self.carry.pressed(event) or self._walked(event):
            event.accept()
            return
        event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Coming by Tab, the first bar is chosen if none is."""
        super().focusInEvent(event)
        by_key = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.OtherFocusReason)
        first = self._room.placed.first()
        if self._chosen is None and first is not None and event.reason() in by_key:
            self._go(first)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """What was carried by keys goes back when the keys go elsewhere."""
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason and not self.carry.dragging:
            self.carry.drop(held_too=False)
        self.viewport().update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose a bar and take hold of it, or begin to draw an empty stretch."""
        if event.button() != Qt.MouseButton.LeftButton:
            return
        bar = self._room.bar_at(event.position())
        if bar is not None:
            self._go(bar)
        if not self._opens_at_once:
            self.carry.pressed_at(bar, event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag what is held; otherwise show what can be taken hold of."""
        if not self.carry.dragged_to(event.position()):
            bar = self._room.bar_at(event.position())
            end = bar is not None and bar.movable and self._room.hold_of(bar, event.position()) != "whole"
            shape = Qt.CursorShape.SizeHorCursor if end else Qt.CursorShape.ArrowCursor
            if bar is not None and self._opens_at_once:
                shape = Qt.CursorShape.PointingHandCursor
            self.viewport().setCursor(shape)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Put down what was dragged."""
        if event.button() != Qt.MouseButton.LeftButton:
            return
        self.carry.released()
        bar = self._room.bar_at(event.position()) if self._opens_at_once else None
        if bar is not None and bar.key == self._chosen:
            self.opened.emit(bar.key)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open a bar; where there is none, ask for one from that hour on."""
        bar = self._room.bar_at(event.position())
        self.carry.drop()
        if bar is not None and not self._opens_at_once:
            self.opened.emit(bar.key)
        elif bar is None and self._room.placed.rows and event.position().y() > self._room.head:
            self.carry.ask_at(event.position())

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for the menu of the bar under the mouse, or of the chosen one for the menu key."""
        if event.reason() == QContextMenuEvent.Reason.Mouse:
            bar = self._room.bar_at(QPointF(event.pos()))
            if bar is not None:
                self._go(bar)
        else:
            bar = self.current()
        if bar is not None:
            spot = self._room.box(bar).center().toPoint()
            mouse = event.reason() == QContextMenuEvent.Reason.Mouse
            self.menu_asked.emit(bar.key, event.globalPos() if mouse else self.viewport().mapToGlobal(spot))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll, sideways with Shift; with Ctrl stretch the hours."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom(1.15 ** (event.angleDelta().y() / 120), event.position())
            event.accept()
            return
        super().wheelEvent(event)

    # --- walking

    def _walked(self, event: QKeyEvent) -> bool:
        placed, here = self._room.placed, self.current()
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if here is not None:
                self.opened.emit(here.key)
            return here is not None
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return False
        forward, back = Qt.Key.Key_Right, Qt.Key.Key_Left
        if self._room.mirrored:
            forward, back = back, forward
        steps: dict[Any, Callable[[], Bar | None]] = {
            forward: lambda: placed.beside(self._chosen, 1),
            back: lambda: placed.beside(self._chosen, -1),
            Qt.Key.Key_Down: lambda: placed.beyond(self._chosen, 1),
            Qt.Key.Key_Up: lambda: placed.beyond(self._chosen, -1),
            Qt.Key.Key_Home: placed.first,
        }
        if key not in steps:
            return False
        there = steps[key]() if here is not None else placed.first()
        if there is not None:
            self._go(there)
        return True

    def _go(self, bar: Bar) -> None:
        if bar.key != self._chosen:
            self.choose(bar.key)
            self.chosen.emit(bar.key)

    def _describe(self) -> None:
        bar = self.current()
        self.setAccessibleDescription(self.carry.said() or (bar.said or bar.title if bar is not None else ""))
