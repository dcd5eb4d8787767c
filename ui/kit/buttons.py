"""Things to press: plain, primary, link, deed with its letter, small tool."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QToolButton, QWidget

from ui.kit.bidi import isolate
from ui.kit.icons import put_icon
from ui.kit.labels import KeyCap
from ui.kit.theme import colour, px

Kind = Literal["plain", "primary", "link", "danger", "deed"]
_GAP = "\u2009\u2009"  # Fusion leaves too little room between icon and words
_SHADE = {"primary": "on_accent", "danger": "surface", "link": "accent"}


class Button(QPushButton):
    """A button with an optional icon; `key` is shown in the tooltip (the action registry binds it)."""

    def __init__(
        self,
        text: str,
        icon: str = "",
        kind: Kind = "plain",
        run: Callable[[], object] | None = None,
        key: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._icon, self._kind = icon, kind
        self._said = ("", "")
        self.setProperty("look", kind if kind != "plain" else "button")
        self.setAutoDefault(False)
        self.set_words(text, key)
        if run is not None:
            self.clicked.connect(lambda: run())

    def set_words(self, text: str, key: str = "") -> None:
        """Say something else, for instance "Import 1,241 rows"; the same again costs nothing."""
        if self._said == (text, key):
            return
        self._said = (text, key)
        self.setText((_GAP if self._icon else "") + isolate(text))
        self.setAccessibleName(text)
        self.setToolTip(f"{text}  ({key})" if key else "")
        if self._icon:
            put_icon(self, self._icon, _SHADE.get(self._kind, "muted"))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint it as it stands now; a filled button shows the focus by a ring within its colour."""
        super().paintEvent(event)
        if not self.hasFocus() or self._kind not in ("primary", "danger"):
            return
        painter = QPainter(self)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(colour(_SHADE[self._kind]), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(3, 3, -3, -3), 4, 4)
        finally:
            painter.end()

    def set_kind(self, kind: Kind) -> None:
        """Become primary or plain: at most one button of a page is primary."""
        self._kind = kind
        self.setProperty("look", kind if kind != "plain" else "button")
        self.style().unpolish(self)
        self.style().polish(self)
        if self._icon:
            put_icon(self, self._icon, _SHADE.get(kind, "muted"))


class DeedButton(Button):
    """One thing that can be done with the record in the card, with its one-letter key at the end."""

    def __init__(
        self, text: str, icon: str, run: Callable[[], object], key: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(text, icon, "deed", run, key, parent)
        self.key_cap: KeyCap | None = None
        if key:
            line = QHBoxLayout(self)
            line.setContentsMargins(8, 0, 8, 0)
            line.addStretch()
            self.key_cap = KeyCap(key, self)
            self.key_cap.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            line.addWidget(self.key_cap)

    def sizeHint(self) -> QSize:
        """Room for words and key cap together, at whatever size text is now."""
        hint = super().sizeHint()
        if self.key_cap is not None:
            hint.setWidth(hint.width() + self.key_cap.sizeHint().width() + px(10))
        return hint

    def minimumSizeHint(self) -> QSize:
        """The same: no word is cut."""
        return self.sizeHint()


class Tool(QToolButton):
    """A small button that is only an icon; its name is read aloud and shown as the tooltip."""

    def __init__(
        self,
        icon: str,
        name: str,
        run: Callable[[], object] | None = None,
        parent: QWidget | None = None,
        *,
        size: int = 18,
        key: str = "",
    ) -> None:
        super().__init__(parent)
        put_icon(self, icon, "muted", size)
        self.set_name(name, key)
        self.setMinimumSize(24, 24)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        if run is not None:
            self.clicked.connect(lambda: run())

    def set_name(self, name: str, key: str = "") -> None:
        """Say what pressing it does."""
        self.setAccessibleName(name)
        self.setToolTip(f"{name}  ({key})" if key else name)

    def set_icon(self, icon: str, token: str = "muted") -> None:
        """Show another icon at the same size."""
        put_icon(self, icon, token, self.iconSize().width())
