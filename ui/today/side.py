"""The two cards at the side: the desks with what is open and their last fourteen days, and the last scans."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from cbo_desk.context import local
from cbo_desk.plurals import Count
from cbo_desk.tags import ScanLine
from ui.kit.cards import ScrollCard, clear, line, rule, stack
from ui.kit.drawings import Sparkline
from ui.kit.icons import put_icon
from ui.kit.labels import ElidedLabel, IconLabel, Label, number_label
from ui.kit.phrases import when
from ui.kit.scanning.showing import visible
from ui.kit.theme import colour
from ui.today.words import ICONS, desk_title


class Pressable(QFrame):
    """A line that can be pressed. Signals: `pressed`."""

    pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "row")
        self.setCursor(Qt.CursorShape.PointingHandCursor)

        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Tell that it was pressed."""
        self.pressed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter and Space press it, too."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.pressed.emit()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the ring."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show no ring."""
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """A ring around it while the keys come here."""
        super().paintEvent(event)
        if not self.hasFocus():
            return
        painter = QPainter(self)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(colour("accent"), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)
        finally:
            painter.end()


UNKNOWN = "tags.unknown_scan"
"""The kind of a scan that nothing answers to."""


@dataclass(frozen=True)
class DeskNow:
    """A desk at the moment: how many things are open, as beside its name in the sidebar, what is late or lost in words,
    what else waits, and the deeds of the last days. Open is None as long as nobody has counted.
    """

    id: str
    open: int | None
    bad: str
    words: str
    days: tuple[int, ...]


class DeskRow(Pressable):
    """One desk's line."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = ""
        self._icon = IconLabel("box", "muted", 18)
        self._title, self._bad, self._words = ElidedLabel("", "h3"), Label("", "fault"), ElidedLabel("", "small-muted")
        self._only_bad, self._dot = ElidedLabel("", "fault"), Label("·", "small-muted")
        below = line(self._bad, self._only_bad, self._dot, self._words, gap=4)
        below.setStretch(1, 1)
        below.setStretch(3, 1)
        self._curve = Sparkline((), "")
        self._curve.setFixedSize(self._curve.sizeHint())
        self._number = number_label("", 20)
        self._number.setMinimumWidth(34)
        box = line(self._icon, stack(self._title, below), self._curve, self._number, gap=10)
        box.setContentsMargins(0, 6, 0, 6)
        box.setStretch(1, 1)
        self.setLayout(box)

    def show_desk(self, desk: DeskNow) -> None:
        """Show another desk, or the same as it stands now."""
        self.desk, title = desk.id, desk_title(desk.id)
        put_icon(self._icon, ICONS.get(desk.id, "box"), "muted", 18)
        both = bool(desk.bad and desk.words)
        self._title.setText(title)
        self._bad.setText(desk.bad)
        self._only_bad.setText(desk.bad)
        self._words.setText(desk.words)
        self._bad.setVisible(both)
        self._dot.setVisible(both)
        self._only_bad.setVisible(bool(desk.bad) and not both)
        self._words.setVisible(bool(desk.words))
        name = self.tr("{desk}, deeds of the last {days:day|days}").format(desk=title, days=Count(len(desk.days)))
        self._curve.show_values(desk.days, name)
        number = "" if desk.open is None else f"{desk.open:,}"
        self._number.setText(number)
        parts = [part for part in (desk.bad, desk.words) if part]
        self.setAccessibleName(f"{title}: {', '.join([number, *parts] if number else parts)}")
        self.setToolTip(" · ".join(parts))


class DesksCard(QFrame):
    """What is open on each desk. Signals: `chosen(desk)`."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "card")
        self.rows: list[DeskRow] = []
        self._column = QVBoxLayout()
        self._column.setSpacing(0)
        told = ElidedLabel(self.tr("open now · 14 days"), "small-muted")
        told.setAlignment(Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter)
        head = line(Label(self.tr("Desks"), "h3"), told)
        head.setStretch(1, 1)
        self.setLayout(stack(head, 6, self._column, margins=(16, 12, 16, 8)))

    def show_desks(self, desks: Sequence[DeskNow]) -> None:
        """Show these desks; their lines are made once, for a page that is looked at all day."""
        if len(desks) != len(self.rows):
            clear(self._column)
            self.rows = [DeskRow(self) for _desk in desks]
            for number, row in enumerate(self.rows):
                if number:
                    self._column.addWidget(rule(self))
                self._column.addWidget(row)
                row.pressed.connect(lambda row=row: self.chosen.emit(row.desk))
        for row, desk in zip(self.rows, desks, strict=True):
            row.show_desk(desk)


class ScansCard(ScrollCard):
    """The last scans of all workstations. Signals: `chosen(ScanLine)`."""

    chosen = Signal(object)
    _shown: tuple[list[ScanLine], date] | None = None

    def show_scans(self, scans: Sequence[ScanLine], now: datetime) -> None:
        """Show these scans, the newest first."""
        if self._shown == (list(scans), local(now).date()):
            return
        self._shown = (list(scans), local(now).date())
        head = line(Label(self.tr("Last scans"), "h3"), None, Label(self.tr("all workstations"), "small-muted"))
        rows: list[QWidget] = []
        for scan in scans:
            if rows:
                rows.append(rule())
            rows.append(self._row(scan, now))
        if not rows:
            rows.append(
                Label(self.tr("Nothing was scanned yet. Scan a tag anywhere in the program."), "muted", wrap=True)
            )
        box = QWidget()
        box.setLayout(head)
        self.show_content(box, 4, *rows, margins=(16, 12, 16, 8), gap=0)

    def _row(self, scan: ScanLine, now: datetime) -> QWidget:
        row = Pressable()
        at = f"{local(scan.at):%H:%M}" if local(scan.at).date() == local(now).date() else when(scan.at, now)
        title, detail = visible(scan.title, 80), visible(scan.detail, 120)
        icon, token = ICONS.get(scan.kind.split(".")[0], "tags"), "muted"
        if scan.kind == UNKNOWN:
            title, detail = self.tr("Unknown tag kept"), f"{title} · {detail}"
            icon, token = "triangle-alert", "warn_text"
        texts = stack(ElidedLabel(title, "h3"), ElidedLabel(detail, "small-muted"))
        time = Label(at, "muted")
        time.setMinimumWidth(40)
        box = line(time, texts, IconLabel(icon, token, 16), gap=10)
        box.setContentsMargins(0, 6, 0, 6)
        box.setStretch(1, 1)
        row.setLayout(box)
        row.setAccessibleName(f"{at} {title} {detail}")
        row.pressed.connect(lambda: self.chosen.emit(scan))
        return row
