"""Words on the screen: titles, running text, captions, key caps and single icons."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QEnterEvent, QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from ui.kit.bidi import isolate, leading, trailing
from ui.kit.icons import put_icon
from ui.kit.theme import letters

Look = Literal[
    "", "title", "big", "h1", "h2", "h3", "muted", "small", "small-muted", "small-strong", "cap", "key", "warn",
    "fault", "amber",
]  # fmt: skip


class Label(QLabel):
    """A line of text that begins where the window's lines begin, whatever its own letters are.

    `look` is one of the stylesheet's: h1 page title, h2 card title, h3 section, muted, cap (small caption) and so on.
    """

    def __init__(
        self,
        text: str = "",
        look: Look = "",
        parent: QWidget | None = None,
        *,
        wrap: bool = False,
        at_end: bool = False,
        centred: bool = False,
    ) -> None:
        super().__init__(parent)
        self.setProperty("look", look)
        self.setWordWrap(wrap)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._at_end = at_end
        self._centred = centred
        self._plain = text
        self._align()

    def setText(self, text: str) -> None:
        """Show another text."""
        if text != self._plain:
            self._plain = text
            super().setText(isolate(text))

    def words(self) -> str:
        """The text as it was given, without marks of direction."""
        return self._plain

    def set_look(self, look: Look) -> None:
        """Become another kind of text, for instance a fault instead of a hint."""
        if self.property("look") != look:
            self.setProperty("look", look)
            self.style().unpolish(self)
            self.style().polish(self)

    def changeEvent(self, event: QEvent) -> None:
        """Take a change of letters, theme or direction."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LayoutDirectionChange:
            self._align()

    def _align(self) -> None:
        side = Qt.AlignmentFlag.AlignHCenter if self._centred else trailing() if self._at_end else leading()
        upright = Qt.AlignmentFlag.AlignTop if self.wordWrap() else Qt.AlignmentFlag.AlignVCenter
        self.setAlignment(side | upright)
        super().setText(isolate(self._plain))


class Selectable(Label):
    """Words that can be selected from the moment the mouse is over them.

    Qt keeps a document for a label that can be selected, and lays it out anew with every text: a card that follows
    scans took a third of its time for those of its facts, at which no mouse pointed.
    """

    def enterEvent(self, event: QEnterEvent) -> None:
        """Let the mouse select."""
        super().enterEvent(event)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def leaveEvent(self, event: QEvent) -> None:
        """What is selected stays so; without anything selected these are plain words again."""
        super().leaveEvent(event)
        if not self.hasSelectedText():
            self._release()

    def setText(self, text: str) -> None:
        """Show another text, in which nothing is selected."""
        if text != self.words() and not self.underMouse():
            self._release()
        super().setText(text)

    def _release(self) -> None:
        if self.textInteractionFlags() != Qt.TextInteractionFlag.NoTextInteraction:
            self.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)


class ElidedLabel(Label):
    """One line that shortens with an ellipsis where there is no room; the tooltip then holds the whole text.

    Its height is that of its letters and its width what it is given, so another text is only painted: Qt's own label
    would have the whole window laid out anew, which takes longer than saving a scan.
    """

    def __init__(self, text: str = "", look: Look = "", parent: QWidget | None = None) -> None:
        super().__init__("", look, parent)
        QLabel.setText(self, " ")  # what Qt measures the height by
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._plain = self._short = text
        self.setAccessibleName(text)

    def setText(self, text: str) -> None:
        """Show another text."""
        if text == self._plain:
            return
        self._plain = text
        self.setAccessibleName(text)
        self._shorten()

    def text(self) -> str:
        """What is to be read, with its ellipsis."""
        return self._short

    def minimumSizeHint(self) -> QSize:
        """The least size at which it can be used."""
        return QSize(24, super().minimumSizeHint().height())

    def resizeEvent(self, event: object) -> None:
        """Take the new room."""
        self._shorten()

    def changeEvent(self, event: QEvent) -> None:
        """Take other letters."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._shorten()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the words as a label of Qt's would."""
        painter = QPainter(self)
        try:
            self.drawFrame(painter)
            self.style().drawItemText(
                painter, self.contentsRect(), self.alignment(), self.palette(), self.isEnabled(), isolate(self._short),
                self.foregroundRole(),
            )  # fmt: skip
        finally:
            painter.end()

    def _align(self) -> None:
        side = Qt.AlignmentFlag.AlignHCenter if self._centred else trailing() if self._at_end else leading()
        self.setAlignment(side | Qt.AlignmentFlag.AlignVCenter)

    def _shorten(self) -> None:
        short = self.fontMetrics().elidedText(self._plain, Qt.TextElideMode.ElideRight, self.contentsRect().width())
        tip = self._plain if short != self._plain else ""
        if tip != self.toolTip():
            self.setToolTip(tip)
        self._short = short
        self.update()


class Figure(ElidedLabel):
    """A figure at the end of a line that changes often. It keeps the room of the widest one it has shown.

    So another figure is only painted, too.
    """

    def __init__(self, text: str = "", look: Look = "", parent: QWidget | None = None, *, at_end: bool = True) -> None:
        self._widest = text
        super().__init__(text, look, parent)
        self._at_end = at_end
        self._align()
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Preferred)

    def setText(self, text: str) -> None:
        """Show another figure; a wider one takes more room."""
        if text != self._plain and self._wide(text) > self._wide(self._widest):
            self._widest = text
            self.updateGeometry()
        super().setText(text)

    def sizeHint(self) -> QSize:
        """Room for the widest one."""
        return QSize(self._wide(self._widest) + 2, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """The same: a figure that is cut short is another one."""
        return self.sizeHint()

    def _wide(self, text: str) -> int:
        return self.fontMetrics().horizontalAdvance(text)


class KeyCap(QLabel):
    """A key as it stands on the keyboard, beside the thing it does."""

    def __init__(self, key: str, parent: QWidget | None = None) -> None:
        super().__init__(key, parent)
        self.setProperty("look", "key")
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)


class IconLabel(QLabel):
    """A single icon; it follows the theme. Purely an ornament: the words beside it say the same."""

    def __init__(self, name: str, token: str = "muted", size: int = 16, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedSize(size, size)
        put_icon(self, name, token, size)


def number_label(text: str, size: float = 13, parent: QWidget | None = None) -> Label:
    """A figure whose digits all have the same width, for figures that stand below each other."""
    label = Label(text, "", parent, at_end=True)
    label.setFont(letters(size, QFont.Weight.DemiBold, tabular=True))
    return label
