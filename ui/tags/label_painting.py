"""A label on the screen, painted from the same composition that the PDF is written from."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPainterPath, QRawFont, QTransform

from cbo_desk.tags import lettering
from cbo_desk.tags.encoder import QUIET, SIDE, symbol
from cbo_desk.tags.layout import Composed, Composer, TagLabel, TextLine
from cbo_desk.typefaces import path_of

INK = QColor("#101418")
_EM = 100.0


@lru_cache(maxsize=512)
def symbol_path(code: str) -> QPainterPath:
    """The dark modules of a code's symbol as one path, one unit a module, without quiet zone."""
    made = symbol(code)
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.WindingFill)
    for y, row in enumerate(made.rows):
        x = 0
        while x < made.size:
            end = x
            while end < made.size and row >> (made.size - 1 - end) & 1:
                end += 1
            if end > x:
                path.addRect(QRectF(x, y, end - x, 1))
            x = max(end, x + 1)
    return path


def paint_symbol(painter: QPainter, code: str, left: float, top: float, side: float) -> None:
    """Paint a symbol's dark modules, `side` long without quiet zone, in the painter's units."""
    unit = side / symbol(code).size
    painter.save()
    painter.translate(left, top)
    painter.scale(unit, unit)
    painter.fillPath(symbol_path(code), INK)
    painter.restore()


def paint_label(painter: QPainter, tag: TagLabel, label: Composed, composer: Composer, place: QRectF) -> None:
    """Paint one label into `place`, which has the label's proportions; its paper is white in every theme."""
    scale = place.width() / composer.stock.label[0]
    painter.save()
    try:
        painter.translate(place.topLeft())
        painter.scale(scale, scale)
        width, height = composer.stock.label
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor("#FFFFFF"))
        painter.drawRoundedRect(QRectF(0, 0, width, height), composer.stock.corner, composer.stock.corner)
        quiet = QUIET * composer.module
        side = SIDE * composer.module
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_symbol(painter, tag.code, composer.symbol_x + quiet, composer.symbol_y + quiet, side)
        for line in label.lines:
            _paint_line(painter, line)
        if label.emblem is not None and tag.entity in composer.layout.emblems:
            left, top, length = label.emblem
            picture = _picture(str(composer.layout.emblems[tag.entity]))
            size = QSizeF(picture.size()).scaled(length, length, Qt.AspectRatioMode.KeepAspectRatio)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(QRectF(QPointF(left, top), size), picture, QRectF(picture.rect()))
    finally:
        painter.restore()


def _paint_line(painter: QPainter, line: TextLine) -> None:
    at = line.x
    for run in lettering.runs(line.text, line.face):
        path, advance = _glyphs(run.face, run.text)
        factor = line.size / _EM
        painter.fillPath(QTransform(factor, 0, 0, factor, at, line.y).map(path), INK)
        at += advance * factor


@lru_cache(maxsize=32)
def _face(face: str) -> QRawFont:
    return QRawFont(str(path_of(face)), _EM, QFont.HintingPreference.PreferNoHinting)


@lru_cache(maxsize=2048)
def _glyphs(face: str, text: str) -> tuple[QPainterPath, float]:
    """The outlines of letters in the order of sight, as the PDF sets them: by plain advances, without kerning."""
    font = _face(face)
    whole = QPainterPath()
    whole.setFillRule(Qt.FillRule.WindingFill)
    at = 0.0
    glyphs = font.glyphIndexesForString(text)
    for glyph, advance in zip(glyphs, font.advancesForGlyphIndexes(glyphs), strict=True):
        whole.addPath(font.pathForGlyph(glyph).translated(at, 0))
        at += advance.x()
    return whole, at


@lru_cache(maxsize=16)
def _picture(path: str) -> QImage:
    return QImage(path)
