"""Charts that people look at: bars, stacked bars, lines, and a field of hours; every value is reached by the keys.

All have the same data, labels along one way and series with a value for each; the kinds differ in how they paint it.
The arrow keys walk the values, each is read aloud and shown in words, Enter opens it, Ctrl+C copies the whole as TSV.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QFocusEvent,
    QGuiApplication,
    QHelpEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from ui.kit.theme import changed, colour, letters, px

Spot = tuple[int, int]
"""Which label and which series."""
COLOURS = 8


@dataclass(frozen=True)
class Series:
    """One row of values, one for each label; None where there is none. `token` is its colour, else by its order.

    `dashed` is for what is planned or expected, where it is drawn as a line.
    """

    name: str
    values: tuple[float | None, ...]
    token: str = ""
    dashed: bool = False


@dataclass(frozen=True)
class Limit:
    """A ceiling, one value for each label; what stands above it is painted as wrong."""

    name: str
    values: tuple[float | None, ...]


def plain_number(value: float) -> str:
    """A value with thousands marked, and one decimal where it is no whole number."""
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"


class Chart(QWidget):
    """What all kinds share. `opened(label, series)` tells which value Enter or a press asked for."""

    opened = Signal(int, int)
    chosen = Signal(int, int)

    def __init__(
        self, name: str, parent: QWidget | None = None, *, shown: Callable[[float], str] = plain_number
    ) -> None:
        super().__init__(parent)
        self.name = name
        self.shown = shown
        self.labels: tuple[str, ...] = ()
        self.series: tuple[Series, ...] = ()
        self.limit: Limit | None = None
        self.said_labels: tuple[str, ...] = ()
        self._spot: Spot = (0, 0)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setMinimumSize(px(200), px(120))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        changed.connect(self.update)

    def show_data(
        self,
        labels: Sequence[str],
        series: Sequence[Series],
        *,
        limit: Limit | None = None,
        said_labels: Sequence[str] = (),
    ) -> None:
        """Show other data; `said_labels` name the labels in full where the chart writes them short."""
        for one in series:
            if len(one.values) != len(labels):
                raise ValueError(f"{one.name} has {len(one.values)} values for {len(labels)} labels.")
        self.labels, self.series, self.limit = tuple(labels), tuple(series), limit
        self.said_labels = tuple(said_labels) or self.labels
        self._spot = (0, 0)
        self._tell()
        self.update()

    def sizeHint(self) -> QSize:
        """The size it would like."""
        return QSize(px(420), px(220))

    def spot(self) -> Spot:
        """The value that the keys stand on."""
        return self._spot

    def choose(self, label: int, series: int = 0) -> None:
        """Stand on a value: it is outlined and said."""
        if not self.labels or not self.series:
            return
        self._spot = (min(max(label, 0), len(self.labels) - 1), min(max(series, 0), len(self.series) - 1))
        self._tell()
        self.chosen.emit(*self._spot)
        self.update()

    def said(self, label: int, series: int) -> str:
        """One value in words."""
        one = self.series[series]
        value = one.values[label]
        words = "—" if value is None else self.shown(value)
        named = f"{one.name}, " if len(self.series) > 1 else ""
        return f"{self.said_labels[label]}: {named}{words}"

    def as_text(self) -> str:
        """All of it as a table, tabs between the columns: what Ctrl+C copies and a reader can walk."""
        lines = ["\t".join(["", *(one.name for one in self.series)])]
        for n, label in enumerate(self.said_labels):
            values = ("" if one.values[n] is None else f"{one.values[n]:g}" for one in self.series)
            lines.append("\t".join([label, *values]))
        return "\n".join(lines)

    def token(self, series: int) -> str:
        """The colour of a series."""
        return self.series[series].token or f"chart_{series % COLOURS + 1}"

    def laid_out(self) -> dict[Spot, QRectF]:
        """Where each value lies in a script from left to right."""
        raise NotImplementedError

    def boxes(self) -> dict[Spot, QRectF]:
        """Where each value lies: what is painted, pressed and outlined."""
        return {spot: self.turned(box) for spot, box in self.laid_out().items()}

    def turned(self, box: QRectF) -> QRectF:
        """The same place in the window's direction: its mirror where the script runs from right to left."""
        if not self.isRightToLeft():
            return box
        return QRectF(self.width() - box.right(), box.top(), box.width(), box.height())

    def flush(self, side: Literal["start", "end"]) -> int:
        """How words in the middle of a line's height are aligned, to where a line of writing starts or ends."""
        left = (side == "start") != self.isRightToLeft()
        flag = Qt.AlignmentFlag.AlignLeft if left else Qt.AlignmentFlag.AlignRight
        return int(flag | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter)

    def paint(self, painter: QPainter, boxes: dict[Spot, QRectF]) -> None:
        """Paint axes and values."""
        raise NotImplementedError

    # --- what Qt asks

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the chart, then where the keys stand."""
        painter = QPainter(self)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setFont(letters(11, tabular=True))
            if not self.labels or not self.series:
                painter.setPen(colour("muted"))
                painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignCenter), self.tr("Nothing to show"))
                return
            boxes = self.boxes()
            self.paint(painter, boxes)
            if self.hasFocus() and self._spot in boxes:
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(colour("text"), 2))
                painter.drawRoundedRect(boxes[self._spot].adjusted(-2, -2, 2, 2), 3, 3)
        finally:
            painter.end()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows walk, Home and End jump, Enter opens, Ctrl+C copies."""
        label, series = self._spot
        key = event.key()
        if event.matches(QKeySequence.StandardKey.Copy):
            QGuiApplication.clipboard().setText(self.as_text())
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.labels and self.series:
            self.opened.emit(label, series)
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self.choose(0 if key == Qt.Key.Key_Home else len(self.labels) - 1, series)
        elif (step := self.step(self._along(Qt.Key(key)))) is not None:
            self.choose(label + step[0], series + step[1])
        else:
            super().keyPressEvent(event)

    def _along(self, key: Qt.Key) -> Qt.Key:
        """The arrow as it points in a script from left to right: keys go where the eye sees them go."""
        if not self.isRightToLeft():
            return key
        return {Qt.Key.Key_Left: Qt.Key.Key_Right, Qt.Key.Key_Right: Qt.Key.Key_Left}.get(key, key)

    def step(self, key: Qt.Key) -> Spot | None:
        """Where an arrow leads, as steps along labels and series; None for another key."""
        ways = {
            Qt.Key.Key_Left: (-1, 0),
            Qt.Key.Key_Right: (1, 0),
            Qt.Key.Key_Up: (0, -1),
            Qt.Key.Key_Down: (0, 1),
        }
        return ways.get(key)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Outline the value that the keys stand on."""
        super().focusInEvent(event)
        self._tell()
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Outline nothing."""
        super().focusOutEvent(event)
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A press chooses a value and opens it."""
        spot = self.spot_at(event.position())
        if spot is not None:
            self.choose(*spot)
            self.opened.emit(*spot)

    def event(self, event: QEvent) -> bool:
        """Say a value under the mouse."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            spot = self.spot_at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), self.said(*spot) if spot else "", self)
            return True
        return super().event(event)

    def spot_at(self, point: QPointF) -> Spot | None:
        """The value at a point of the widget; the nearest one within a finger's width where lines are thin."""
        if not self.labels or not self.series:
            return None
        boxes = self.boxes()
        for spot, box in boxes.items():
            if box.contains(point):
                return spot
        near = [((box.center() - point).manhattanLength(), spot) for spot, box in boxes.items()]
        return min(near)[1] if near and min(near)[0] <= px(16) else None

    def _tell(self) -> None:
        words = self.said(*self._spot) if self.labels and self.series else self.tr("Nothing to show")
        self.setAccessibleDescription(words)
        if self.hasFocus():
            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.DescriptionChanged))
