"""Toasts: one sentence about what was done, with Undo, at a place where it covers neither focus nor rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from weakref import WeakSet

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QTimer, Signal
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QPushButton, QTableView, QWidget
from shiboken6 import isValid

from ui.kit.bidi import mirrored
from ui.kit.buttons import Tool
from ui.kit.icons import put_icon
from ui.kit.labels import IconLabel, Label
from ui.kit.shadow import cast_shadow
from ui.kit.theme import px

Tone = Literal["ok", "warn", "bad"]
_ICON = {"ok": "circle-check", "warn": "triangle-alert", "bad": "circle-alert"}
SHOWN_MS = 8_000
KEPT = 200
GAP, BESIDE = 24, 8
LONGEST_WORD = 40
"""A longer word is shortened: it has no place where its line could break."""
LONGEST_SENTENCE, LONGEST_TIP = 400, 2000
"""A longer sentence is cut, and what the mouse shows of it: a name of thirty thousand letters covered the window."""


@dataclass(frozen=True)
class Notice:
    """One sentence kept in the bell's list: when it was said, what, how serious, and what can be done about it."""

    said: str
    tone: Tone = "ok"
    verb: str = ""
    run: Callable[[], object] | None = None
    when: datetime = field(default_factory=lambda: datetime.now().astimezone())


class Notices(QObject):
    """All that was said, the latest first. `changed` tells of news; `unread` counts what the bell has not shown."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.all: list[Notice] = []
        self.unread = 0

    def add(self, notice: Notice, *, unread: bool = True) -> None:
        """Keep a notice; what the person did and saw herself does not count as unread."""
        self.all = [notice, *self.all][:KEPT]
        self.unread += unread
        self.changed.emit()

    def mark_read(self) -> None:
        """The list was opened."""
        self.unread = 0
        self.changed.emit()


_being_read: WeakSet[InSight] = WeakSet()
"""To look for them among the thousand widgets of a window at every toast took longer than to make the toast."""


class InSight(QFrame):
    """A frame that is being read while the hands work, such as the last scan: no toast stands before it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        _being_read.add(self)


class Toast(QFrame):
    """One toast: it goes after eight seconds, never while the mouse or the focus is on it."""

    gone = Signal()

    def __init__(self, notice: Notice, window: QWidget) -> None:
        super().__init__(window)
        self.notice = notice
        self.setProperty("look", "toast")
        self.setAccessibleName(notice.said)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 8, 8, 8)
        row.setSpacing(10)
        row.addWidget(IconLabel(_ICON[notice.tone], f"toast_{notice.tone}", 18))
        short = shortened(notice.said)
        self.words = Label(short, wrap=False)
        self.words.setToolTip(notice.said[:LONGEST_TIP] if short != notice.said else "")
        row.addWidget(self.words)
        if self.words.sizeHint().width() > px(420):
            self.words.setWordWrap(True)
            self.words.setFixedWidth(px(420))
        if notice.run is not None:
            verb = QPushButton(notice.verb)
            verb.setAccessibleName(f"{notice.verb}: {notice.said}")
            verb.clicked.connect(self.run)
            row.addWidget(verb)
        close = Tool("x", self.tr("Close"), self.close_it, size=14)
        put_icon(close, "x", "toast_text", 14)
        row.addWidget(close)
        cast_shadow(self, 28, 6, corner=8)
        self._life = QTimer(self)
        self._life.setSingleShot(True)
        self._life.setInterval(SHOWN_MS)
        self._life.timeout.connect(self._grow_old)
        self._life.start()

    def run(self) -> None:
        """Do what the toast offers, and go."""
        self.close_it()
        if self.notice.run is not None:
            self.notice.run()

    def close_it(self) -> None:
        """Go."""
        self._life.stop()
        self.hide()
        self.gone.emit()
        self.deleteLater()

    def _grow_old(self) -> None:
        focus = QApplication.focusWidget()
        if self.underMouse() or (focus is not None and self.isAncestorOf(focus)):
            self._life.start()
            return
        self.close_it()


class Toasts(QObject):
    """Shows the toasts of one window, one at a time, and keeps them for the bell."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self.notices = Notices(self)
        self.now: Toast | None = None
        self._saving = self._wanted = False
        window.installEventFilter(self)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._focus_moved)

    def say(self, said: str, verb: str = "", run: Callable[[], object] | None = None, *, tone: Tone = "ok") -> Toast:
        """Say a sentence, with one thing to do about it, for instance Undo."""
        notice = Notice(said, tone, verb, run)
        self.notices.add(notice, unread=tone != "ok")
        if self.now is not None:
            self.now.close_it()
        toast = Toast(notice, self._window)
        toast.gone.connect(lambda: self._forget(toast))
        self.now = toast
        toast.adjustSize()
        self.place()  # before it is shown: elsewhere all that it covered would be painted again
        toast.show()
        toast.raise_()
        return toast

    def undo(self) -> bool:
        """Do what the present toast offers (Ctrl+Z); False where it offers nothing.

        While something is being saved it is that which is meant, and not what was done before it: its toast is waited
        for.
        """
        if self._saving:
            self._wanted = True
            return True
        if self.now is None or self.now.notice.run is None:
            return False
        self.now.run()
        return True

    def note_saving(self, saving: bool) -> None:
        """Something begins to be saved, or all that was is."""
        self._saving = saving
        if self._wanted and not saving:
            self._wanted = False
            self.undo()

    def close_it(self) -> bool:
        """Close the present toast; False where there is none."""
        if self.now is None:
            return False
        self.now.close_it()
        return True

    def place(self) -> None:
        """Put it where it covers least: never the focus, a selected row or what is in sight; rows only if it must.

        The edge of a row that is no third of the toast is no reason to go to the head, where the page's deeds stand.
        """
        if self.now is None:
            return
        size = self.now.size()
        width, height = self._window.width(), self._window.height()
        read = self._in_sight()
        never, rather_not = self._kept_free(read)
        foot = min((box.top() for box in read if box.bottom() > height - GAP), default=height)
        bottom = height - GAP if foot == height else foot - BESIDE
        third = max(size.width() * size.height() // 3, 1)
        best = min(
            (QRect(spot, size) for spot in _spots(width, height, size.width(), size.height(), bottom)),
            key=lambda box: (_covered(box, never), _covered(box, rather_not) // third),
        )
        self.now.move(best.topLeft())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Look at what happens to a watched widget, and let it pass."""
        if event.type() == QEvent.Type.Resize:
            self.place()
        return False

    def _focus_moved(self, _before: QWidget | None, now: QWidget | None) -> None:
        if self.now is not None and now is not None and not self.now.isAncestorOf(now):
            self.place()

    def _forget(self, toast: Toast) -> None:
        if self.now is toast:
            self.now = None

    def _kept_free(self, read: list[QRect]) -> tuple[list[QRect], list[QRect]]:
        """What a toast must not cover, beside what is being read, and what it rather should not, in the window."""
        never, rather_not = [*read], []
        focus = QApplication.focusWidget()
        if focus is not None and self._window.isAncestorOf(focus) and not isinstance(focus, QTableView):
            never.append(self._box(focus, focus.rect()))
        for table in self._window.findChildren(QTableView):
            if not table.isVisible() or table.model() is None:
                continue
            view = table.viewport()
            rows = table.rowViewportPosition(table.model().rowCount() - 1) + table.verticalHeader().defaultSectionSize()
            if table.model().rowCount():
                rather_not.append(self._box(view, QRect(0, 0, view.width(), min(rows, view.height()))))
            here = table.visualRect(table.currentIndex()) if table.currentIndex().isValid() else QRect()
            if here.isValid():
                never.append(self._box(view, QRect(0, here.top(), view.width(), here.height()) & view.rect()))
        return never, rather_not

    def _in_sight(self) -> list[QRect]:
        shown = [one for one in _being_read if isValid(one) and one.isVisible() and self._window.isAncestorOf(one)]
        return [self._box(one, one.rect()) for one in shown]

    def _box(self, widget: QWidget, rect: QRect) -> QRect:
        return QRect(widget.mapTo(self._window, rect.topLeft()), rect.size())


def shortened(said: str) -> str:
    """A sentence that fits a toast: long words, such as a scanned text, lose their middle, and a long one its end."""
    half = LONGEST_WORD // 2
    words = " ".join(
        word if len(word) <= LONGEST_WORD else f"{word[:half]}…{word[-half + 1 :]}" for word in said.split(" ")
    )
    return words if len(words) <= LONGEST_SENTENCE else f"{words[: LONGEST_SENTENCE - 1].rstrip()}…"


def _spots(width: int, height: int, w: int, h: int, bottom: int) -> list[QPoint]:
    """Where a toast may stand, best first: above `bottom` from its end to its beginning, then the same at the top."""
    end, begin, middle = width - w - GAP, GAP, (width - w) // 2
    across = [begin, middle, end] if mirrored() else [end, middle, begin]
    return [QPoint(x, y) for y in (bottom - h, height // 2 - h // 2, 64) for x in across]


def _covered(box: QRect, kept: list[QRect]) -> int:
    return sum((box & other).width() * (box & other).height() for other in kept)
