"""The two cards at the side: the desks with what is open and their last fourteen days, and the last scans."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from cbo_desk.context import local
from cbo_desk.plurals import Count
from cbo_desk.reports import Doings
from cbo_desk.tags import ScanLine
from ui.kit.cards import ScrollCard, clear, line, rule, stack
from ui.kit.drawings import Sparkline
from ui.kit.labels import ElidedLabel, IconLabel, Label, number_label
from ui.kit.phrases import when
from ui.kit.scanning.showing import visible
from ui.today.words import ICONS, desk_title


class Pressable(QFrame):
    """A line that can be pressed. Signals: `pressed`."""

    pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "row")
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Tell that it was pressed."""
        self.pressed.emit()


class DesksCard(QFrame):
    """What is open on each desk. Signals: `chosen(desk)`."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "card")
        self._shown: Sequence[tuple[str, int, Sequence[int]]] = ()
        self._column = QVBoxLayout()
        self._column.setSpacing(0)
        head = line(Label(self.tr("Desks"), "h3"), None, ElidedLabel(self.tr("open now · 14 days"), "small-muted"))
        self.setLayout(stack(head, 6, self._column, margins=(16, 12, 16, 8)))

    def show_desks(self, desks: Sequence[str], waiting: Mapping[str, int], doings: Doings) -> None:
        """Show these desks."""
        wanted = [(desk, waiting.get(desk, 0), doings.per_day.get(desk, ())) for desk in desks]
        if wanted == self._shown:
            return
        self._shown = wanted
        clear(self._column)
        for number, desk in enumerate(desks):
            if number:
                self._column.addWidget(rule(self))
            self._column.addWidget(self._row(desk, waiting.get(desk, 0), doings.per_day.get(desk, ())))

    def _row(self, desk: str, waiting: int, days: Sequence[int]) -> QWidget:
        row = Pressable(self)
        today = days[-1] if days else 0
        words = self.tr("{count:deed|deeds} today") if today else self.tr("No deeds today")
        words = words.format(count=Count(today))
        name = self.tr("{desk}, deeds of the last {days:day|days}").format(desk=desk_title(desk), days=Count(len(days)))
        curve = Sparkline(days, name)
        curve.setFixedSize(curve.sizeHint())
        texts = stack(ElidedLabel(desk_title(desk), "h3"), ElidedLabel(words, "small-muted"))
        number = number_label(f"{waiting:,}", 20)
        number.setMinimumWidth(44)
        box = line(IconLabel(ICONS.get(desk, "box"), "muted", 18), texts, curve, number, gap=12)
        box.setContentsMargins(0, 6, 0, 6)
        box.setStretch(1, 1)
        row.setLayout(box)
        row.setAccessibleName(f"{desk_title(desk)}: {waiting}, {words}")
        row.pressed.connect(lambda: self.chosen.emit(desk))
        return row


class ScansCard(ScrollCard):
    """The last scans of all workstations. Signals: `chosen(kind, record id)`."""

    chosen = Signal(str, int)
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
        icon = ICONS.get(scan.kind.split(".")[0], "tags")
        texts = stack(ElidedLabel(visible(scan.title, 80), "h3"), ElidedLabel(visible(scan.detail, 120), "small-muted"))
        time = Label(at, "muted")
        time.setMinimumWidth(40)
        box = line(time, texts, IconLabel(icon, "muted", 16), gap=10)
        box.setContentsMargins(0, 6, 0, 6)
        box.setStretch(1, 1)
        row.setLayout(box)
        row.setAccessibleName(f"{at} {scan.title} {scan.detail}")
        row.pressed.connect(lambda: self.chosen.emit(scan.kind, scan.record_id))
        return row
