"""What the bell opens: everything that was said lately, with what can still be done about it."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from cbo_desk.context import local
from ui.kit.buttons import Button
from ui.kit.cards import ScrollCard, line, rule, stack
from ui.kit.labels import IconLabel, Label
from ui.kit.shadow import cast_shadow
from ui.kit.theme import px
from ui.kit.toasts import Notice, Notices

_ICON = {
    "ok": ("circle-check", "ok_text"),
    "warn": ("triangle-alert", "warn_text"),
    "bad": ("circle-alert", "bad_text"),
}


class BellList(QFrame):
    """The list of notices under the bell; Esc or a press elsewhere closes it (`closed`)."""

    closed = Signal()

    def __init__(self, notices: Notices, window: QWidget) -> None:
        super().__init__(window)
        self.setProperty("look", "raised")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Notices"))
        self._notices, self._window = notices, window
        self._list = ScrollCard(self, look="plain")
        heading = line(Label(self.tr("Notices"), "h3"), None, margins=(16, 12, 16, 8))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(1, 1, 1, 8)
        whole.setSpacing(0)
        whole.addLayout(heading)
        whole.addWidget(rule(self))
        whole.addWidget(self._list, 1)
        cast_shadow(self)
        self._fill()
        notices.mark_read()

    def open_below(self, spot: QPoint) -> None:
        """Show the list with its end below `spot` of the window."""
        room = self._window.rect()
        width = min(px(400), room.width() - 32)
        needed = (
            self._inner.heightForWidth(width) if self._inner.hasHeightForWidth() else self._inner.sizeHint().height()
        )
        height = min(px(480), room.height() - spot.y() - 24, needed + px(64))
        left = min(max(16, spot.x() - width), room.width() - width - 16)
        self.setGeometry(left, spot.y(), width, height)
        self.show()
        self.raise_()
        self.setFocus()

    def close_it(self) -> None:
        """Go."""
        self.hide()
        self.closed.emit()
        self.deleteLater()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Hear a key."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_it()
            return
        super().keyPressEvent(event)

    def _fill(self) -> None:
        rows: list[QWidget | int] = []
        for notice in self._notices.all:
            rows.append(self._row(notice))
            rows.append(rule(self))
        if not rows:
            rows.append(Label(self.tr("Nothing was said yet. What you do is told here."), "muted", self, wrap=True))
        self._inner = self._list.show_content(*rows, margins=(16, 8, 16, 8))

    def _row(self, notice: Notice) -> QWidget:
        box = QWidget(self)
        icon, token = _ICON[notice.tone]
        words = stack(Label(notice.said, wrap=True), Label(f"{local(notice.when):%H:%M}", "small-muted"))
        row = line(IconLabel(icon, token, 16), words, gap=10)
        row.setStretch(1, 1)
        if notice.run is not None and notice.tone != "ok":
            row.addWidget(Button(notice.verb, "", "link", notice.run))
        box.setLayout(row)
        return box
