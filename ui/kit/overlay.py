"""Something in front of the page, with the rest veiled: at most one at a time, and Esc closes it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QFrame, QWidget
from shiboken6 import isValid

from ui.kit.theme import colour, px

GAP, STRIP = 10, 520
"""Between a box and the strip below it, and how wide that is at least, in pixels at 100 %."""


class Overlay(QFrame):
    """A veil over the window with one box on it. `closed` tells that it went; the focus goes back to where it was."""

    closed = Signal()

    def __init__(self, window: QWidget, box: QWidget) -> None:
        super().__init__(window)
        self.setProperty("look", "veil")
        self._window = window
        self.box = box
        self._below: QWidget | None = None
        box.setParent(self)
        self._before = QApplication.focusWidget()
        window.installEventFilter(self)
        self.setGeometry(window.rect())
        self.show()
        self.raise_()
        self.arrange()

    def put_below(self, strip: QWidget | None) -> None:
        """Put a strip below the box, or take it away; the box gives way where there is no room for both."""
        if self._below is not None and self._below is not strip:
            self._below.hide()
            self._below.deleteLater()
        self._below = strip
        if strip is not None:
            strip.setParent(self)
            strip.show()
        self.arrange()

    def arrange(self) -> None:
        """Put the box at its place: centred, a little above the middle."""
        self.setGeometry(self._window.rect())
        strip, most = self._below, round(self.width() * 0.96)
        wide = min(most, max(self.box.sizeHint().width(), px(STRIP)))
        high = 0 if strip is None else max(strip.sizeHint().height(), strip.heightForWidth(wide))
        foot = high + 2 * px(GAP) if strip is not None else 0
        size = self.box.sizeHint().boundedTo(QSize(most, round(self.height() * 0.96) - foot))
        left = (self.width() - size.width()) // 2
        top = min(110, max(12, (self.height() - foot - size.height()) // 2))
        self.box.setGeometry(left, top, size.width(), size.height())
        if strip is not None:
            strip.setGeometry((self.width() - wide) // 2, top + size.height() + px(GAP), wide, high)
        self.update()

    def close_it(self) -> None:
        """Go, and give the focus back."""
        self._window.removeEventFilter(self)
        self.hide()
        # What had the focus may be gone: a card is read anew behind the form that its button opened.
        if self._before is not None and isValid(self._before) and self._before.isVisible():
            self._before.setFocus()
        self.closed.emit()
        self.deleteLater()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the veil and the box's shadow; an effect on the box would blur it anew at every key."""
        super().paintEvent(event)
        painter = QPainter(self)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(0, 0, 0, max(4, colour("shadow").alpha() // 8)))
            for reach in range(2, 30, 4):
                edge = self.box.geometry().adjusted(-reach, 8 - reach, reach, 8 + reach)
                painter.drawRoundedRect(edge, 12 + reach, 12 + reach)
        finally:
            painter.end()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Look at what happens to a watched widget, and let it pass."""
        if event.type() == QEvent.Type.Resize:
            self.arrange()
        return False

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab stays within the box."""
        start = QApplication.focusWidget() or self.box
        widget: QWidget | None = start
        while widget is not None:
            widget = widget.nextInFocusChain() if forward else widget.previousInFocusChain()
            if widget is None or widget is start:
                return True
            takes_tab = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
            if takes_tab and widget.isVisible() and widget.isEnabled() and self._holds(widget):
                widget.setFocus(Qt.FocusReason.TabFocusReason)
                return True
        return False

    def _holds(self, widget: QWidget) -> bool:
        below = self._below is not None and self._below.isAncestorOf(widget)
        return below or self.box.isAncestorOf(widget)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Hear a press of the mouse."""
        if not self.box.geometry().contains(event.position().toPoint()):
            self.close_it()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Hear a key."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_it()
            return
        super().keyPressEvent(event)
