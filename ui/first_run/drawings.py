"""The three drawings of the first run, in the colours of the theme: a compound, an empty site, a server."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF

from ui.kit.theme import colour

SIZE = (300.0, 170.0)
"""The drawings are made for so many pixels and scaled to the room they get."""

_TILE = (72.0, 36.0)
"""Half width and half height of a ground tile: the isometric view of a square."""


def paint_compound(painter: QPainter, room: QRectF) -> None:
    """Four buildings with trees and two cars on a green site."""
    _fit(painter, room)
    _ground(painter, _mixed("ok_back", "surface", 0.5))
    _roads(painter)
    for x, y, height, width in ((0.0, -34.0, 30.0, 42.0), (-82.0, 4.0, 26.0, 36.0), (86.0, 2.0, 40.0, 38.0)):
        _building(painter, QPointF(x, y), width, height)
    for x, y in ((-6.0, 10.0), (38.0, 26.0)):
        _car(painter, QPointF(x, y))
    _building(painter, QPointF(4.0, 46.0), 40.0, 20.0)
    for x, y in ((-112, 22), (-28, 8), (-40, 58), (54, 8), (52, 66), (124, 24)):
        _tree(painter, QPointF(x, y))
    painter.restore()


def paint_empty_site(painter: QPainter, room: QRectF) -> None:
    """A site with the outlines of buildings to come, and a plus in the middle."""
    _fit(painter, room)
    _ground(painter, colour("surface"))
    pen = QPen(colour("strong"), 1.2, Qt.PenStyle.DashLine)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for x, y in ((0, -38), (-82, 4), (82, 4), (0, 44)):
        painter.drawPolygon(_diamond(QPointF(x, y), 40, 20))
    painter.setPen(QPen(colour("border"), 1.2))
    painter.setBrush(colour("raised"))
    painter.drawEllipse(QPointF(0, 3), 22, 22)
    painter.setPen(QPen(colour("accent"), 2.2))
    painter.drawLine(QPointF(-8, 3), QPointF(8, 3))
    painter.drawLine(QPointF(0, -5), QPointF(0, 11))
    painter.restore()


def paint_server(painter: QPainter, room: QRectF) -> None:
    """Four workstations joined to one server."""
    _fit(painter, room)
    pale, edge = _mixed("accent", "surface", 0.14), _mixed("accent", "surface", 0.62)
    for side in (-1, 1):
        for up in (-1, 1):
            path = QPainterPath(QPointF(side * 84, up * 40 - 6))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(edge, 1.4))
            path.cubicTo(QPointF(side * 60, up * 40 - 6), QPointF(side * 56, up * 14), QPointF(side * 36, up * 10))
            painter.drawPath(path)
            _workstation(painter, QPointF(side * 112, up * 42 - 6), pale, edge)
    for row in (-1, 0, 1):
        box = QRectF(-36, row * 24 - 10, 72, 20)
        painter.setPen(QPen(edge, 1.4))
        painter.setBrush(pale)
        painter.drawRoundedRect(box, 4, 4)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour("accent"))
        painter.drawEllipse(QPointF(-25, row * 24), 2.4, 2.4)
        painter.setPen(QPen(edge, 1.8))
        painter.drawLine(QPointF(-12, row * 24), QPointF(26, row * 24))
    painter.restore()


def _fit(painter: QPainter, room: QRectF) -> None:
    """Put the middle of the drawing at the middle of the room; `restore` follows at the end."""
    painter.save()
    scale = min(room.width() / SIZE[0], room.height() / SIZE[1])
    painter.translate(room.center())
    painter.scale(scale, scale)


def _mixed(token: str, ground: str, share: float) -> QColor:
    """So much of one colour on another."""
    one, other = colour(token), colour(ground)
    parts = [
        round(a * share + b * (1 - share))
        for a, b in zip(one.getRgb()[:3], other.getRgb()[:3], strict=True)  # type: ignore[index]
    ]
    return QColor(*parts)


def _diamond(centre: QPointF, half_width: float, half_height: float) -> QPolygonF:
    across, down = QPointF(half_width, 0), QPointF(0, half_height)
    return QPolygonF([centre - down, centre + across, centre + down, centre - across])


def _ground(painter: QPainter, fill: QColor) -> None:
    painter.setPen(QPen(colour("border"), 1))
    painter.setBrush(fill)
    painter.drawPolygon(_diamond(QPointF(0, 4), 2 * _TILE[0], 2 * _TILE[1]))


def _roads(painter: QPainter) -> None:
    painter.setPen(QPen(_mixed("strong", "surface", 0.22), 7))
    painter.drawLine(QPointF(-72, 40), QPointF(72, -32))
    painter.drawLine(QPointF(-72, -32), QPointF(72, 40))


def _building(painter: QPainter, foot: QPointF, half_width: float, height: float) -> None:
    """A block: two walls with windows and a roof; `foot` is the middle of its ground."""
    half_height = half_width / 2
    up, down = QPointF(0, -height), QPointF(0, half_height)
    across = QPointF(half_width, 0)
    edge = QPen(_mixed("accent", "surface", 0.55), 1.2)
    painter.setPen(edge)
    painter.setBrush(_mixed("accent", "surface", 0.30))
    painter.drawPolygon(QPolygonF([foot - across, foot + down, foot + down + up, foot - across + up]))
    painter.setBrush(_mixed("accent", "surface", 0.20))
    painter.drawPolygon(QPolygonF([foot + across, foot + down, foot + down + up, foot + across + up]))
    painter.setBrush(_mixed("accent", "surface", 0.06))
    painter.drawPolygon(_diamond(foot + up, half_width, half_height))
    _windows(painter, foot + down, across - down, height)


def _windows(painter: QPainter, corner: QPointF, along: QPointF, height: float) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(_mixed("accent", "surface", 0.62))
    floors = max(1, int(height // 12))
    for floor in range(floors):
        for place in (0.22, 0.48, 0.74):
            at = corner + along * place - QPointF(0, 9 + floor * 11)
            slope = along.y() / along.x() * 4.5
            pane = [at, at + QPointF(4.5, slope), at + QPointF(4.5, slope - 5.5), at + QPointF(0, -5.5)]
            painter.drawPolygon(QPolygonF(pane))


def _tree(painter: QPainter, foot: QPointF) -> None:
    painter.setPen(QPen(_mixed("ok_text", "surface", 0.5), 1.4))
    painter.drawLine(foot, foot - QPointF(0, 9))
    painter.setBrush(_mixed("ok_text", "surface", 0.3))
    painter.drawEllipse(foot - QPointF(0, 12), 5.5, 5.5)


def _car(painter: QPainter, at: QPointF) -> None:
    painter.setPen(QPen(colour("muted"), 1))
    painter.setBrush(colour("raised"))
    painter.drawPolygon(
        QPolygonF([at + QPointF(x, y) for x, y in ((-8, 1), (2, -4), (8, -1), (8, 3), (-2, 8), (-8, 5))])
    )
    painter.drawLine(at + QPointF(-2, 4), at + QPointF(8, -1))
    painter.drawLine(at + QPointF(-2, 4), at + QPointF(-2, 8))
    painter.drawLine(at + QPointF(-2, 4), at + QPointF(-8, 1))


def _workstation(painter: QPainter, centre: QPointF, pale: QColor, edge: QColor) -> None:
    painter.setPen(QPen(edge, 1.4))
    painter.setBrush(colour("raised"))
    painter.drawRoundedRect(QRectF(centre.x() - 28, centre.y() - 20, 56, 40), 4, 4)
    painter.drawLine(centre + QPointF(0, 20), centre + QPointF(0, 27))
    painter.drawLine(centre + QPointF(-10, 27), centre + QPointF(10, 27))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(pale)
    painter.drawRoundedRect(QRectF(centre.x() - 23, centre.y() - 15, 11, 30), 2, 2)
    for row, length in enumerate((30, 22, 30)):
        painter.drawRoundedRect(QRectF(centre.x() - 8, centre.y() - 13 + row * 10, length, 4), 2, 2)
