"""The sidebar: desks with counts, help and settings, and the state of the connection in words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from ui.kit.bidi import isolate
from ui.kit.buttons import Button
from ui.kit.cards import line, rule, stack
from ui.kit.chips import Tone
from ui.kit.drawings import Drawing, paint_badge
from ui.kit.icons import pixmap, put_icon
from ui.kit.labels import ElidedLabel, IconLabel, Label
from ui.kit.tabs import count_in_words
from ui.kit.theme import changed, colour, letters, px

WIDTH = 212
"""Width of the sidebar in pixels at 100 %."""


@dataclass(frozen=True)
class Desk:
    """One entry of the sidebar: its id, icon and title, and what makes its page when it is first opened.

    `kinds` are the kinds of records that it shows: a scan, Ctrl+K and a link all lead to its page.
    """

    id: str
    icon: str
    title: str
    make_page: Callable[[QWidget], QWidget]
    kinds: tuple[str, ...] = ()


class NavEntry(QAbstractButton):
    """One desk in the sidebar, with the count of what waits there."""

    def __init__(self, desk_icon: str, title: str, key: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = desk_icon
        self._count: int | None = None
        self._tone: Tone = "idle"
        self.setText(title)
        self.setToolTip(key)
        self.setCheckable(True)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(title)

    @property
    def count(self) -> int | None:
        """How many wait; None as long as nobody has counted."""
        return self._count

    def set_count(self, count: int, tone: Tone = "idle") -> None:
        """So many wait; `warn` or `bad` where one must act or something is late."""
        self._count, self._tone = count, tone
        waiting = self.tr("{title}, {count} waiting").format(title=self.text(), count=count)
        self.setAccessibleName(waiting if count else self.text())
        self.update()

    def sizeHint(self) -> QSize:
        """The size it would like."""
        return QSize(px(180), px(34))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint it as it stands now."""
        painter = QPainter(self)
        try:
            self._paint(painter)
        finally:
            painter.end()

    def _paint(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        on, width, height = self.isChecked(), self.width(), self.height()
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        if on or self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour("side_on"))
            painter.drawRoundedRect(box, 6, 6)
        if self.hasFocus():
            painter.setPen(QPen(colour("accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 6, 6)
        size = px(18)
        painter.setOpacity(1.0 if self.isEnabled() else 0.5)
        x = width - 10 - size if mirrored else 10
        painter.drawPixmap(QPointF(x, (height - size) / 2), pixmap(self._icon, "accent" if on else "muted", size))
        taken = 8
        if self._count:
            room = QRectF(8, 0, width - 16, height)
            words = count_in_words(self._count)
            taken += int(paint_badge(painter, room, words, self._tone, at_left=mirrored)) + 6
        font = letters(13, QFont.Weight.DemiBold if on else QFont.Weight.Medium)
        painter.setFont(font)
        painter.setPen(colour("text" if on else "muted"))
        begin = 20 + size
        room_ = QRect(taken if mirrored else begin, 0, width - begin - taken, height)
        short = painter.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, room_.width())
        side = Qt.AlignmentFlag.AlignRight if mirrored else Qt.AlignmentFlag.AlignLeft
        flags = side | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(room_, int(flags), isolate(short))


class Sidebar(QWidget):
    """The sidebar. `asked(desk id)` tells of a press; Help and Settings ask for "help" and "settings"."""

    asked = Signal(str)

    def __init__(self, desks: Sequence[Desk], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "side")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(self.tr("Desks"))
        self.entries: dict[str, NavEntry] = {}
        self._deed_run: Callable[[], object] | None = None
        self._group = QButtonGroup(self)
        self.compound = ElidedLabel("", "cap", self)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(10, 12, 10, 10)
        whole.setSpacing(2)
        whole.addLayout(self._head())
        for number, desk in enumerate(desks, 1):
            self._add(whole, desk.id, desk.icon, desk.title, f"Ctrl+{number}" if number < 10 else "")
        whole.addStretch(1)
        self._add(whole, "help", "circle-help", self.tr("Help"), "F1")
        self._add(whole, "settings", "settings", self.tr("Settings"), "Ctrl+,")
        whole.addSpacing(6)
        whole.addWidget(rule(self))
        whole.addSpacing(6)
        whole.addLayout(self._foot())
        self.set_connection(self.tr("Nothing stored yet"), icon="hard-drive")
        self.set_backup("")
        changed.connect(self._rescale)
        self._rescale()

    def set_compound(self, name: str, *, demo: bool = False) -> None:
        """Say which compound is open; a made-up one is marked on every page."""
        self.compound.setText(self.tr("{name} · demo").format(name=name) if demo else name)

    def set_count(self, desk: str, count: int, tone: Tone = "idle") -> None:
        """So many wait at a desk; `warn` where one must act, `bad` where something is late."""
        self.entries[desk].set_count(count, tone)

    def set_chosen(self, desk: str) -> None:
        """Show which desk is open; "" for none."""
        self._group.setExclusive(False)
        for name, entry in self.entries.items():
            entry.setChecked(name == desk)
        self._group.setExclusive(bool(desk))
        for entry in self.entries.values():
            # Qt takes the Tab key from all buttons of a group but the checked one, and does not follow us here.
            entry.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def set_connection(self, words: str, more: str = "", *, tone: Tone = "ok", icon: str = "") -> None:
        """Say in words where the data is and what is unsaved or queued, in one line or two."""
        put_icon(self._mark, icon or ("database" if tone == "ok" else "cloud-off"), f"{tone}_text", 14)
        self._first.set_look("h3" if more else "muted")
        self._first.setText(words)
        self._second.setText(more)
        self._second.setVisible(bool(more))
        self._state.setAccessibleName(f"{words}. {more}" if more else words)

    def set_foot_deed(self, words: str, run: Callable[[], object] | None = None) -> None:
        """Offer something to do about where the data is; "" takes it away."""
        self._deed_run = run
        self.foot_deed.set_words(words)
        self.foot_deed.setVisible(bool(words))

    def set_backup(self, words: str, tone: Tone = "idle") -> None:
        """Say how old the last good backup is, to whom that concerns; amber where it is late."""
        put_icon(self._kept_mark, "archive", "warn_text" if tone == "warn" else "faint", 14)
        self._kept.set_look("amber" if tone == "warn" else "muted")
        self._kept.setText(words)
        self._kept_row.setAccessibleName(words)
        self._kept_row.setVisible(bool(words))

    def _head(self) -> QHBoxLayout:
        logo = Drawing(_paint_logo, "", self)
        logo.setFixedSize(28, 28)
        words = stack(Label("CBO Desk", "h3"), self.compound)
        head = line(logo, words, margins=(4, 0, 0, 12), gap=9)
        head.setStretch(1, 1)
        return head

    def _foot(self) -> QVBoxLayout:
        self._mark = IconLabel("database", "ok_text", 14)
        self._first = ElidedLabel("", "muted")
        self._second = ElidedLabel("", "muted")
        self._state = QWidget(self)
        row = line(self._mark, stack(self._first, self._second), margins=(10, 2, 4, 2), gap=8)
        row.setStretch(1, 1)
        self._state.setLayout(row)
        self._kept_mark, self._kept = IconLabel("archive", "faint", 14), ElidedLabel("", "muted")
        self._kept_row = QWidget(self)
        kept = line(self._kept_mark, self._kept, margins=(10, 2, 4, 2), gap=8)
        kept.setStretch(1, 1)
        self._kept_row.setLayout(kept)
        self.foot_deed = Button("", "inbox", "link", self._run_deed)
        self.foot_deed.hide()
        return stack(self._state, self.foot_deed, self._kept_row)

    def _run_deed(self) -> None:
        if self._deed_run is not None:
            self._deed_run()

    def _add(self, whole: QVBoxLayout, name: str, icon: str, title: str, key: str) -> None:
        entry = NavEntry(icon, title, key, self)
        entry.clicked.connect(lambda: self.asked.emit(name))
        self.entries[name] = entry
        self._group.addButton(entry)
        whole.addWidget(entry)

    def _rescale(self) -> None:
        self.setFixedWidth(px(WIDTH))


def _paint_logo(painter: QPainter, room: QRectF) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour("accent"))
    painter.drawRoundedRect(room, 7, 7)
    painter.drawPixmap(QPointF(5, 5), pixmap("building-2", "on_accent", 18))
