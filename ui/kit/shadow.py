"""Shadows of what lies over the page: a picture below the widget, drawn once for its size.

Qt's own effect draws the widget into a picture and blurs it anew whenever anything below it is painted, and has the
whole window painted when it goes: measured 11 ms for every toast, which is every deed.
"""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QGraphicsDropShadowEffect, QGraphicsPixmapItem, QGraphicsScene, QWidget

from ui.kit.theme import colour

_FOLLOWED = frozenset({QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.Hide,
                       QEvent.Type.ZOrderChange})  # fmt: skip


def cast_shadow(widget: QWidget, blur: int = 48, drop: int = 12, *, corner: int = 12) -> None:
    """Lift a widget with rounded corners off the page that it lies on; it goes where the widget goes."""
    _Shadow(widget, blur, drop, corner)


class _Shadow(QWidget):
    """The shadow of one widget, right below it; the mouse does not feel it."""

    def __init__(self, widget: QWidget, blur: int, drop: int, corner: int) -> None:
        ground = widget.parentWidget()
        assert ground is not None, "a window's shadow is the computer's business"
        super().__init__(ground)
        self._ground = ground
        self._widget, self._blur, self._drop, self._corner = widget, blur, drop, corner
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()
        widget.installEventFilter(self)
        widget.destroyed.connect(self.deleteLater)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Go with the widget."""
        if event.type() in _FOLLOWED and watched is self._widget:
            self._follow()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint what is seen of it around the widget."""
        picture = _draw(
            self._widget.size(), self._blur, self._drop, self._corner, colour("shadow").rgba(), self.devicePixelRatio()
        )
        painter = QPainter(self)
        try:
            painter.drawPixmap(self._seen().topLeft() - self.pos(), picture)
        finally:
            painter.end()

    def _follow(self) -> None:
        self.setGeometry(self._seen() & self._ground.rect())
        self.setVisible(self._widget.isVisible())
        self.stackUnder(self._widget)

    def _seen(self) -> QRect:
        return _reach(self._widget.geometry(), self._blur, self._drop)


def _reach(box: QRect, blur: int, drop: int) -> QRect:
    """How far the shadow of a box is seen."""
    return box.united(box.translated(0, drop).adjusted(-blur, -blur, blur, blur))


@lru_cache(16)
def _draw(size: QSize, blur: int, drop: int, corner: int, shade: int, ratio: float) -> QPixmap:
    """The shadow of a rounded box of a size, as Qt draws it."""
    box = QRect(0, 0, size.width(), size.height())
    reach = _reach(box, blur, drop)
    shape = QImage(size * ratio, QImage.Format.Format_ARGB32_Premultiplied)
    shape.setDevicePixelRatio(ratio)
    shape.fill(Qt.GlobalColor.transparent)
    painter = QPainter(shape)
    try:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(Qt.GlobalColor.black)
        painter.drawRoundedRect(QRectF(box), corner, corner)
    finally:
        painter.end()
    scene = QGraphicsScene()
    item = QGraphicsPixmapItem(QPixmap.fromImage(shape))
    effect = QGraphicsDropShadowEffect()
    effect.setBlurRadius(blur)
    away = reach.width()  # the effect draws the box itself, too: to the left of the picture
    item.setPos(-away, 0)
    effect.setOffset(away, drop)
    effect.setColor(QColor.fromRgba(shade))
    item.setGraphicsEffect(effect)
    scene.addItem(item)
    both = QPixmap(QSize(2 * away, reach.height()) * ratio)
    both.setDevicePixelRatio(ratio)
    both.fill(Qt.GlobalColor.transparent)
    painter = QPainter(both)
    try:
        scene.render(painter, QRectF(0, 0, 2 * away, reach.height()), QRectF(reach.adjusted(-away, 0, 0, 0)))
    finally:
        painter.end()
    return both.copy(QRect(QPoint(round(away * ratio), 0), reach.size() * ratio))
