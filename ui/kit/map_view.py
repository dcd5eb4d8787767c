"""The compound map: an SVG whose element ids are place codes, coloured by value; a press or Enter opens the place."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QByteArray, QEvent, QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QTransform,
    QWheelEvent,
)
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from ui.kit.map_ground import Ground
from ui.kit.marks import Mark
from ui.kit.neighbours import neighbour
from ui.kit.theme import changed, colour, current, read_tokens

_SHADE = re.compile(r"#[0-9A-Fa-f]{6}\b")
_ID = re.compile(r'\bid="([^"]+)"')
ZOOMS = (1.0, 8.0)


class MapView(QWidget):
    """The map. `opened(code)` tells which place was pressed; `hovered(code)` which one the mouse is over ("" for none).

    The arrow keys move from place to place, Enter opens, + and - zoom, 0 shows all; dragging moves the map.
    """

    opened = Signal(str)
    hovered = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(240, 180)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._drawing = QSvgRenderer(self)
        self._text = ""
        self._ground = Ground(self._drawing)
        self._areas: dict[str, QRectF] = {}
        self._marks: Mapping[str, Mark] = {}
        self._names: Callable[[str], str] = str
        self._zoom, self._shift = 1.0, QPointF()
        self._hover, self._focus = "", ""
        self._pressed: QPointF | None = None
        self._dragged = False
        changed.connect(self._recolour)

    def load(self, svg: str | bytes, codes: Sequence[str] | None = None) -> int:
        """Show a map; its places are the ids found in it, or those of `codes`. Answers how many places it has.

        ValueError where the file is no SVG.
        """
        text = svg.decode("utf-8", "replace") if isinstance(svg, bytes) else svg
        self._text = text
        if not self._recolour():
            raise ValueError("The map cannot be read. It must be an SVG drawing.")
        found = list(dict.fromkeys(_ID.findall(text)))
        wanted = set(codes) if codes is not None else None
        self._areas = {code: self._area(code) for code in found if wanted is None or code in wanted}
        self._areas = {code: area for code, area in self._areas.items() if not area.isEmpty()}
        self._focus = self._hover = ""
        self.show_all()
        return len(self._areas)

    def codes(self) -> Sequence[str]:
        """The places of the map."""
        return tuple(self._areas)

    def show_marks(self, marks: Mapping[str, Mark], names: Callable[[str], str] = str) -> None:
        """Colour the places; `names` turns a code into what the tooltip calls the place."""
        before, self._marks, self._names = self._marks, marks, names
        self._ground.renew(self.size(), self._placing(), self._areas, before, marks)
        self.update()

    def choose(self, code: str) -> None:
        """Lead the eye to a place; it is scrolled into sight."""
        if code in self._areas:
            self._focus = code
            self.setAccessibleDescription(self._said(code))
            self._bring(code)
            self.update()

    def chosen(self) -> str:
        """The place the keys stand on, "" for none."""
        return self._focus

    def code_at(self, spot: QPointF) -> str:
        """The smallest place under a point of the widget, "" where there is none."""
        inside = self._placing().inverted()[0].map(spot)
        hits = [(area.width() * area.height(), code) for code, area in self._areas.items() if area.contains(inside)]
        return min(hits)[1] if hits else ""

    def box_of(self, code: str) -> QRectF:
        """Where a place lies on the widget."""
        return self._placing().mapRect(self._areas[code])

    def zoom(self, factor: float, about: QPointF | None = None) -> None:
        """Zoom by a factor, keeping the point `about` where it is."""
        spot = about if about is not None else QPointF(self.rect().center())
        inside = self._placing().inverted()[0].map(spot)
        self._zoom = min(max(self._zoom * factor, ZOOMS[0]), ZOOMS[1])
        self._shift += spot - self._placing().map(inside)
        self._stay()

    def show_all(self) -> None:
        """Show the whole map."""
        self._zoom, self._shift = 1.0, QPointF()
        self.update()

    def frame(self, code: str) -> None:
        """Zoom so that one place, for instance a building, fills the map; nothing where the map does not have it."""
        if code not in self._areas:
            return
        self.show_all()
        box = self.box_of(code)
        fits = min(self.width() / max(box.width(), 1), self.height() / max(box.height(), 1)) * 0.94
        self._zoom = min(max(fits, ZOOMS[0]), ZOOMS[1])
        self._shift = QPointF(self.rect().center()) - self.box_of(code).center()
        self.update()

    # --- what Qt asks

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the map, then the marks, then hover and focus."""
        painter = QPainter(self)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.fillRect(self.rect(), colour("surface"))
            if not self._drawing.isValid():
                return
            placing = self._placing()
            ratio = self.devicePixelRatioF()
            picture = self._ground.picture(self.size(), ratio, placing, self._areas, self._marks)
            painter.drawPixmap(0, 0, picture)
            for code, width in ((self._hover, 1.5), (self._focus, 2.5)):
                if code:
                    painter.setPen(QPen(colour("accent"), width))
                    painter.setBrush(Qt.BrushStyle.NoBrush)
                    painter.drawRoundedRect(placing.mapRect(self._areas[code]).adjusted(-1, -1, 1, 1), 4, 4)
        finally:
            painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A press may become a drag."""
        self._pressed, self._dragged = event.position(), False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the map, or hover over a place."""
        if self._pressed is not None and event.buttons() & Qt.MouseButton.LeftButton:
            step = event.position() - self._pressed
            if self._dragged or step.manhattanLength() > 6:
                self._dragged = True
                self._shift += step
                self._pressed = event.position()
                self._stay()
            return
        code = self.code_at(event.position())
        if code != self._hover:
            self._hover = code
            self.setCursor(Qt.CursorShape.PointingHandCursor if code else Qt.CursorShape.ArrowCursor)
            self.hovered.emit(code)
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A press that was no drag opens the place."""
        code = self.code_at(event.position())
        if self._pressed is not None and not self._dragged and code:
            self.choose(code)
            self.opened.emit(code)
        self._pressed = None

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom where the mouse is."""
        self.zoom(1.2 if event.angleDelta().y() > 0 else 1 / 1.2, event.position())

    def leaveEvent(self, event: QEvent) -> None:
        """Hover over nothing."""
        self._hover = ""
        self.hovered.emit("")
        self.update()

    def event(self, event: QEvent) -> bool:
        """Say in a tooltip what the place is."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            code = self.code_at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), self._said(code) if code else "", self)
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrow keys move, Enter opens, + and - zoom, 0 shows all."""
        ways = {
            Qt.Key.Key_Left: QPoint(-1, 0),
            Qt.Key.Key_Right: QPoint(1, 0),
            Qt.Key.Key_Up: QPoint(0, -1),
            Qt.Key.Key_Down: QPoint(0, 1),
        }
        key = event.key()
        if key in ways:
            self._step(ways[Qt.Key(key)])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._focus:
            self.opened.emit(self._focus)
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom(1.25)
        elif key == Qt.Key.Key_Minus:
            self.zoom(1 / 1.25)
        elif key == Qt.Key.Key_0:
            self.show_all()
        else:
            super().keyPressEvent(event)

    # --- parts

    def _area(self, code: str) -> QRectF:
        return self._drawing.transformForElement(code).mapRect(self._drawing.boundsOnElement(code))

    def _recolour(self) -> bool:
        """Draw the map in the colours of the theme in force: those of the light theme found in it are replaced."""
        names = {shade: token for token, shade in reversed(list(read_tokens("light").items()))}
        here = current().tokens
        text = _SHADE.sub(lambda found: here.get(names.get(found[0].upper(), ""), found[0]), self._text)
        self._ground.forget()
        self.update()
        return bool(self._text) and bool(self._drawing.load(QByteArray(text.encode())))

    def _placing(self) -> QTransform:
        """From the drawing's coordinates to the widget's: whole, centred, then zoomed and shifted."""
        size = self._drawing.defaultSize()
        room = QRectF(self.rect()).adjusted(8, 8, -8, -8)
        if size.isEmpty() or room.isEmpty():
            return QTransform()
        scale = min(room.width() / size.width(), room.height() / size.height()) * self._zoom
        left = room.center().x() - size.width() * scale / 2 + self._shift.x()
        top = room.center().y() - size.height() * scale / 2 + self._shift.y()
        return QTransform(scale, 0, 0, scale, left, top)

    def _stay(self) -> None:
        """Keep some of the map in sight."""
        size = self._drawing.defaultSize()
        scale = self._placing().m11()
        reach_x = max(0.0, (size.width() * scale - self.width()) / 2 + 40)
        reach_y = max(0.0, (size.height() * scale - self.height()) / 2 + 40)
        self._shift.setX(min(max(self._shift.x(), -reach_x), reach_x))
        self._shift.setY(min(max(self._shift.y(), -reach_y), reach_y))
        self.update()

    def _bring(self, code: str) -> None:
        box = self.box_of(code)
        if not QRectF(self.rect()).contains(box):
            self._shift += QPointF(self.rect().center()) - box.center()
            self._stay()

    def _step(self, way: QPoint) -> None:
        following = neighbour(self._areas, self._focus, way)
        if following:
            self.choose(following)

    def _said(self, code: str) -> str:
        mark = self._marks.get(code)
        return f"{self._names(code)}: {mark.said}" if mark is not None and mark.said else self._names(code)
