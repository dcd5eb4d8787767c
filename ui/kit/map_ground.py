"""The painted ground of a map: the drawing with its marks, kept as a picture until the map is placed otherwise."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QPainter, QPixmap, QRegion, QTransform
from PySide6.QtSvg import QSvgRenderer

from ui.kit.marks import Mark, paint_mark

FEW = 24
"""So many marks that changed are painted by themselves; where more did, the whole is painted anew."""
Box = tuple[float, float, float, float]


class Ground:
    """A thousand rooms take longer to paint than a frame lasts, so they are painted once for each placing."""

    def __init__(self, drawing: QSvgRenderer) -> None:
        self._drawing = drawing
        self._key: object = None
        self._picture: QPixmap | None = None
        self._areas: Mapping[str, QRectF] | None = None
        self._boxes: dict[str, Box] = {}

    def forget(self) -> None:
        """The drawing or its marks have changed: paint all of it when it is asked for."""
        self._picture = None

    def picture(
        self,
        size: QSize,
        ratio: float,
        placing: QTransform,
        areas: Mapping[str, QRectF],
        marks: Mapping[str, Mark],
    ) -> QPixmap:
        """The ground of a map of this size and placing."""
        key = (placing.m11(), placing.dx(), placing.dy(), size.width(), size.height(), ratio)
        if self._picture is None or self._key != key:
            self._key, self._picture = key, QPixmap(size * ratio)
            self._picture.setDevicePixelRatio(ratio)
            self._picture.fill(Qt.GlobalColor.transparent)
            painter = QPainter(self._picture)
            try:
                self._paint(painter, QRegion(QRect(QPoint(), size)), placing, areas, marks)
            finally:
                painter.end()
        return self._picture

    def renew(
        self,
        size: QSize,
        placing: QTransform,
        areas: Mapping[str, QRectF],
        before: Mapping[str, Mark],
        marks: Mapping[str, Mark],
    ) -> None:
        """Paint where marks changed anew, and leave the rest: a count changes a few of a thousand at a time."""
        if self._picture is None:
            return
        changed = {code for code in {*before, *marks} if code in areas and _differ(before.get(code), marks.get(code))}
        if len(changed) > FEW:
            self.forget()
            return
        sight = QRegion(QRect(QPoint(), size))
        stale = QRegion()
        for code in changed:
            stale += placing.mapRect(areas[code]).toAlignedRect().adjusted(-2, -2, 2, 2)
        stale &= sight
        if stale.isEmpty():
            return
        painter = QPainter(self._picture)
        try:
            painter.setClipRegion(stale)
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
            painter.fillRect(QRect(QPoint(), size), Qt.GlobalColor.transparent)
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
            self._paint(painter, stale, placing, areas, marks)
        finally:
            painter.end()

    def _paint(
        self,
        painter: QPainter,
        sight: QRegion,
        placing: QTransform,
        areas: Mapping[str, QRectF],
        marks: Mapping[str, Mark],
    ) -> None:
        """Paint the drawing, and those of its marks that are in sight."""
        bounds = _box(placing.inverted()[0].mapRect(QRectF(sight.boundingRect())))
        if areas is not self._areas:
            self._areas, self._boxes = areas, {code: _box(area) for code, area in areas.items()}
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._drawing.render(painter, placing.mapRect(QRectF(QPointF(), QSizeF(self._drawing.defaultSize()))))
        for code, mark in marks.items():
            # Qt is asked of those in sight only: with every answer a thread that saves a scan may come first.
            if code not in areas or not _meet(self._boxes[code], bounds):
                continue
            box = placing.mapRect(areas[code])
            if sight.intersects(box.toAlignedRect()):
                paint_mark(painter, box, mark)


def _differ(one: Mark | None, other: Mark | None) -> bool:
    """Whether a place is to be painted anew; most marks are the very same as before."""
    return one is not other and one != other


def _box(area: QRectF) -> Box:
    return area.left(), area.top(), area.right(), area.bottom()


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
