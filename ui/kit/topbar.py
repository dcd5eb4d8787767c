"""The top of the window: the command-and-scan field, the clock with its zone, the bell, the theme, the person."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QDate, QEvent, QLocale, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QMenu, QSizePolicy, QWidget

from ui.kit.buttons import Button, Tool
from ui.kit.cards import line
from ui.kit.drawings import paint_badge
from ui.kit.icons import put_icon
from ui.kit.labels import KeyCap, Label
from ui.kit.tabs import count_in_words
from ui.kit.theme import changed, current, px

TYPING_PAUSE_MS = 350
"""Typing rests for so long: a person is typing a command, no scanner is; the commands open."""


class CommandField(QLineEdit):
    """Where scans land and commands begin: `entered(text)` on Enter, `command_asked(text)` to open commands."""

    entered = Signal(str)
    command_asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "command")
        self.setPlaceholderText(self.tr("Scan a tag, or type a command…"))
        self.setAccessibleName(self.tr("Scan a tag, or type a command"))
        mark = QAction(self)
        put_icon(mark, "scan-line", "accent", 18)
        self.addAction(mark, QLineEdit.ActionPosition.LeadingPosition)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 8, 0)
        row.addStretch()
        self._cap = KeyCap(
            QKeySequence("Ctrl+K").toString(QKeySequence.SequenceFormat.NativeText).replace("+", " "), self
        )
        row.addWidget(self._cap, 0, Qt.AlignmentFlag.AlignVCenter)
        self._keep_room()
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(TYPING_PAUSE_MS)
        self._pause.timeout.connect(self._rested)
        self.textEdited.connect(lambda: self._pause.start())
        self.returnPressed.connect(self._enter)

    def clear(self) -> None:
        """Empty it for good: what stood there is not what Ctrl+Z takes back after a scan or a command."""
        self.setText("")

    def sizeHint(self) -> QSize:
        """The size it would like."""
        return QSize(px(520), super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """The least size at which it can be used."""
        return QSize(px(220), super().minimumSizeHint().height())

    def event(self, event: QEvent) -> bool:
        """Hear an event before anybody else."""
        asks_for_key = event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent)
        if asks_for_key and self._has_no_use_for(event):  # type: ignore[arg-type]
            event.ignore()  # an empty field leaves Ctrl+Z to the deed done last, and Ctrl+Shift+Z to what was undone
            return False
        if asks_for_key and not self.text() and event.text() == "/":  # type: ignore[attr-defined]
            event.ignore()  # nor does anything that is scanned or looked for begin with the key of the filter
            return False
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Hear a key."""
        if event.key() == Qt.Key.Key_Down:
            self.command_asked.emit(self.text())
            return
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
            return
        super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Take a change of letters, theme or direction."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.LayoutDirectionChange, QEvent.Type.FontChange):
            self._keep_room()

    def _has_no_use_for(self, event: QKeyEvent) -> bool:
        """Whether a key means undo or redo, and nothing was typed that it could mean."""
        undo = event.matches(QKeySequence.StandardKey.Undo) and not self.isUndoAvailable()
        return undo or (event.matches(QKeySequence.StandardKey.Redo) and not self.isRedoAvailable())

    def _keep_room(self) -> None:
        """Keep the words clear of the key cap, at whichever end it is."""
        room = self._cap.sizeHint().width() + 8
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        self.setTextMargins(room if mirrored else 0, 0, 0 if mirrored else room, 0)

    def _enter(self) -> None:
        self._pause.stop()
        text = self.text().strip()
        self.clear()
        if text:
            self.entered.emit(text)

    def _rested(self) -> None:
        if self.text().strip() and self.hasFocus():  # who has gone on to another field is not to be interrupted there
            self.command_asked.emit(self.text())


class Bell(Tool):
    """The bell, with the count of what was not read yet."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("bell", "", None, parent)
        self.set_unread(0)

    def set_unread(self, count: int) -> None:
        """So many notices were not read."""
        self._unread = count
        self.set_name(self.tr("Notices, {count} not read").format(count=count) if count else self.tr("Notices"))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint it as it stands now."""
        super().paintEvent(event)
        if not self._unread:
            return
        painter = QPainter(self)
        try:
            painter.scale(0.8, 0.8)
            paint_badge(
                painter, QRectF(8, -2, self.width() / 0.8 - 8, 20), count_in_words(min(self._unread, 99)), "warn"
            )
        finally:
            painter.end()


class TopBar(QWidget):
    """The top bar. Signals: `theme_asked` for a press on moon or sun, `bell_asked` for one on the bell."""

    theme_asked = Signal()
    bell_asked = Signal()

    def __init__(self, now: Callable[[], datetime], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._now = now
        self.field = CommandField(self)
        self.field.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.notice = QHBoxLayout()
        self.clock = Label("", "muted")
        self.bell = Bell(self)
        self.bell.clicked.connect(self.bell_asked)
        self.theme = Tool("moon", self.tr("Switch between light and dark"), self.theme_asked.emit, self)
        self.person = Button("", "user")
        row = line(self.field, None, self.notice, self.clock, 4, self.bell, self.theme, 4, self.person, gap=6)
        self.setLayout(row)
        self._ticks = QTimer(self)
        self._ticks.setInterval(1000)
        self._ticks.timeout.connect(self.tick)
        self._ticks.start()
        changed.connect(self._rescale)
        self.tick()
        self._rescale()

    def set_person(self, name: str, menu: QMenu | None = None) -> None:
        """Say who is signed in; the button opens `menu`."""
        self.person.set_words(name)
        self.person.setAccessibleName(self.tr("Signed in as {name}").format(name=name))
        if menu is not None:
            self.person.setMenu(menu)

    def tick(self) -> None:
        """Show the time of this minute, 24 hours with the zone."""
        now = self._now()
        day = QLocale().toString(QDate(now.year, now.month, now.day), "ddd d MMM")
        words = f"{day} · {now:%H:%M} {now:%Z}".rstrip()
        if self.clock.words() != words:
            self.clock.setText(words)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take the new room."""
        super().resizeEvent(event)
        self.clock.setVisible(self.width() >= px(760))

    def _rescale(self) -> None:
        self.theme.set_icon("sun" if current().dark else "moon")
        self.field.setMaximumWidth(px(520))
