"""Phases and seats on one month axis with one date cursor: planned thin, forecast light, actual solid."""

from __future__ import annotations

from datetime import date, timedelta

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QColor,
    QFont,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from cbo_desk.conference.project import CLASSES, Outlook, PhaseRow, capacity_on
from cbo_desk.plurals import Count
from ui.conference.project.months import MonthAxis
from ui.kit.bidi import isolate
from ui.kit.chart_scale import round_steps
from ui.kit.chips import Status, chip_width, paint_chip
from ui.kit.phrases import day as day_words
from ui.kit.theme import changed, colour, letters, px
from ui.kit.timeline_ink import hatching, mixed

_GUTTER, _ROW, _HEAD, _BADGE = 204, 52, 44, 46
_DAY = timedelta(days=1)


def class_colour(name: str) -> QColor:
    """The colour of a size class: the larger the darker."""
    share = {"plenary": 0.0, "large": 0.34, "medium": 0.6, "small": 0.82}[name]
    return mixed(colour("accent"), colour("surface"), share)


class CapacityPicture(QWidget):
    """The picture. Arrows move the date by a month or choose a phase, Home is today, Enter opens the phase.

    Signals: `picked(date)` another day; `phase_chosen(int)` another phase; `opened(int)` Enter on one.
    """

    picked = Signal(object)
    phase_chosen = Signal(int)
    opened = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.outlook: Outlook | None = None
        self.day = date.today()  # noqa: DTZ011 - shown for the moment before the outlook is read
        self.phase_id = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(False)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("Phases and seats by month"))
        changed.connect(self.update)

    def show_outlook(self, outlook: Outlook, day: date, phase_id: int) -> None:
        """Show phases and months, with the cursor on a day and a phase chosen."""
        self.outlook, self.day, self.phase_id = outlook, day, phase_id
        self._tell()

    def choose_phase(self, phase_id: int) -> None:
        """Choose another phase."""
        self.phase_id = phase_id
        self._tell()

    def words(self) -> str:
        """The day under the cursor in words."""
        if self.outlook is None:
            return ""
        here = capacity_on(self.outlook.rooms, self.day)
        return " · ".join((
            day_words(self.day),
            self.tr("{count:room|rooms}").format(count=Count(here.rooms)),
            self.tr("{count:seat|seats}").format(count=Count(here.seats)),
        ))  # fmt: skip

    def sizeHint(self) -> QSize:
        """As large as there is room."""
        return QSize(px(760), px(620))

    def minimumSizeHint(self) -> QSize:
        """Phases and some height of seats."""
        return QSize(px(480), px(330))

    # --- keys and mouse

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the cursor or choose a phase."""
        key = Qt.Key(event.key())
        months = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_PageUp: -12, Qt.Key.Key_PageDown: 12}
        if key in months:
            self._go(_shifted(self.day, months[key]))
        elif key == Qt.Key.Key_Home and self.outlook is not None:
            self._go(self.outlook.today)
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._step(1 if key == Qt.Key.Key_Down else -1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.phase_id:
            self.opened.emit(self.phase_id)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose a phase by its row, a day by its place."""
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self._point(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the cursor."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._go(self._axis().day_at(event.position().x()))

    def _point(self, at: QPointF) -> None:
        row = int((at.y() - px(_HEAD)) // px(_ROW))
        if self.outlook is not None and at.y() >= px(_HEAD) and row < len(self.outlook.phases):
            self._choose(self.outlook.phases[row].id)
        if at.x() >= px(_GUTTER):
            self._go(self._axis().day_at(at.x()))

    def _step(self, by: int) -> None:
        phases = self.outlook.phases if self.outlook is not None else ()
        ids = [phase.id for phase in phases]
        if ids:
            place = ids.index(self.phase_id) + by if self.phase_id in ids else 0
            self._choose(ids[max(0, min(len(ids) - 1, place))])

    def _choose(self, phase_id: int) -> None:
        if phase_id != self.phase_id:
            self.choose_phase(phase_id)
            self.phase_chosen.emit(phase_id)

    def _go(self, day: date) -> None:
        axis = self._axis()
        last = axis.start_of(axis.months) - _DAY
        self.day = max(axis.first, min(last, day))
        self._tell()
        self.picked.emit(self.day)

    def _tell(self) -> None:
        self.setAccessibleDescription(self.words())
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.DescriptionChanged))
        self.update()

    # --- painting

    def _axis(self) -> MonthAxis:
        months = self.outlook.months if self.outlook is not None else ()
        first = months[0].first if months else self.day.replace(day=1)
        return MonthAxis(first, max(1, len(months)), px(_GUTTER), self.width() - px(16))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint it as it stands now."""
        painter = QPainter(self)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if self.outlook is not None:
                self._paint(painter, self.outlook)
        finally:
            painter.end()

    def _paint(self, painter: QPainter, outlook: Outlook) -> None:
        axis = self._axis()
        rows = px(_HEAD) + len(outlook.phases) * px(_ROW)
        plot = QRectF(axis.left, rows + px(_BADGE + 14), axis.right - axis.left, 0)
        plot.setBottom(self.height() - px(30))
        for place, phase in enumerate(outlook.phases):
            self._phase(painter, axis, phase, px(_HEAD) + place * px(_ROW))
        axis.paint_head(painter, px(2), rows)
        self._legend(painter, outlook, rows + px(22))
        self._seats(painter, axis, outlook, plot)
        self._today(painter, axis, outlook.today, rows, plot)
        self._cursor(painter, axis, rows, plot)
        self._shortages(painter, axis, outlook, plot)
        painter.setFont(letters(11))
        painter.setPen(colour("muted"))
        foot = self.tr("Each room once, in its standard layout; joined spaces are not added.")
        painter.drawText(QPointF(px(14), self.height() - px(9)), foot)
        if self.hasFocus():
            painter.setPen(QPen(colour("accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)

    def _phase(self, painter: QPainter, axis: MonthAxis, phase: PhaseRow, top: float) -> None:
        row = QRectF(0, top, self.width(), px(_ROW))
        if phase.id == self.phase_id:
            painter.fillRect(row, colour("sel"))
            painter.fillRect(QRectF(0, top, px(3), row.height()), colour("accent"))
        painter.setPen(QPen(colour("border"), 1))
        painter.drawLine(row.bottomLeft(), row.bottomRight())
        painter.setPen(colour("text"))
        painter.setFont(letters(13, QFont.Weight.DemiBold))
        painter.drawText(QPointF(px(14), top + px(21)), isolate(phase.code))
        painter.setFont(letters(12))
        painter.setPen(colour("muted"))
        name = painter.fontMetrics().elidedText(phase.name, Qt.TextElideMode.ElideRight, px(_GUTTER - 24))
        painter.drawText(QPointF(px(14), top + px(40)), isolate(name))
        status = affected_chip(phase)
        width = min(chip_width(status), px(_GUTTER - 84))
        paint_chip(painter, QRectF(px(_GUTTER - 8) - width, top + px(4), width, px(24)), status)
        self._bars(painter, axis, phase, top)

    def _bars(self, painter: QPainter, axis: MonthAxis, phase: PhaseRow, top: float) -> None:
        def span(first: date, last: date, y: float, high: float) -> QRectF:
            left, right = axis.x(first), axis.x(last + _DAY)
            return QRectF(left, y, max(px(2), right - left), high)

        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(mixed(colour("muted"), colour("surface"), 0.5))
        thin = span(phase.planned.first, phase.planned.last, top + px(35), px(5))
        painter.drawRoundedRect(thin, 2, 2)
        solid = span(phase.span.first, phase.span.last, top + px(10), px(20))
        painter.setBrush(class_colour("small"))
        painter.setPen(QPen(class_colour("large"), 1))
        painter.drawRoundedRect(solid, 3, 3)
        if phase.actual_from is not None and self.outlook is not None:
            until = phase.actual_to or max(phase.actual_from, min(phase.span.last, self.outlook.today))
            painter.setBrush(colour("accent"))
            painter.drawRoundedRect(span(phase.actual_from, until, top + px(10), px(20)), 3, 3)
        if phase.late_weeks:
            painter.setFont(letters(11, QFont.Weight.DemiBold))
            painter.setPen(colour("warn_text"))
            words = self.tr("+{count:week|weeks}").format(count=Count(phase.late_weeks))
            wide = painter.fontMetrics().horizontalAdvance(words)
            x = min(thin.right() + px(6), axis.right - wide)
            painter.drawText(QPointF(x, top + px(42)), words)

    def _legend(self, painter: QPainter, outlook: Outlook, y: float) -> None:
        painter.setFont(letters(13, QFont.Weight.DemiBold))
        painter.setPen(colour("text"))
        painter.drawText(QPointF(px(14), y), self.tr("Seats at once"))
        painter.setFont(letters(11))
        painter.setPen(colour("muted"))
        painter.drawText(QPointF(px(14), y + px(17)), self.tr("lowest day of each month"))
        y += px(44)
        short = sum(1 for month in outlook.months if month.short)
        # Closer together where the picture is low: the last of them ends above the foot.
        step = max(px(26), min(px(34), (self.height() - px(44) - y) / (5 if short else 4)))
        for name, words, least in (
            ("plenary", self.tr("Plenary"), self.tr("500 seats and more")), ("large", self.tr("Large"), "150–499"),
            ("medium", self.tr("Medium"), "90–149"), ("small", self.tr("Small"), self.tr("under 90")),
        ):  # fmt: skip
            painter.setPen(QPen(colour("border"), 1))
            painter.setBrush(class_colour(name))
            painter.drawRect(QRectF(px(14), y - px(9), px(10), px(10)))
            self._two(painter, y, words, least)
            y += step
        painter.setPen(QPen(colour("text"), 2))
        painter.drawLine(QPointF(px(11), y - px(4)), QPointF(px(27), y - px(4)))
        self._two(painter, y, self.tr("Demand"), self.tr("most people at once"))
        y += step
        if short:
            painter.fillRect(QRectF(px(14), y - px(9), px(10), px(10)), colour("bad_text"))
            self._two(painter, y, self.tr("Short of seats"), self.tr("{count:month|months}").format(count=Count(short)))

    def _two(self, painter: QPainter, y: float, first: str, second: str) -> None:
        painter.setFont(letters(12, QFont.Weight.DemiBold))
        painter.setPen(colour("text"))
        painter.drawText(QPointF(px(32), y), first)
        painter.setFont(letters(11))
        painter.setPen(colour("muted"))
        painter.drawText(QPointF(px(32), y + px(14)), second)

    @staticmethod
    def _steps(outlook: Outlook) -> list[float]:
        """Round numbers of seats, from none to the most there are or are asked for."""
        return round_steps(max([10, *(max(month.lowest.seats, month.demand) for month in outlook.months)]))

    def _seats(self, painter: QPainter, axis: MonthAxis, outlook: Outlook, plot: QRectF) -> None:
        steps = self._steps(outlook)
        scale = plot.height() / steps[-1]
        painter.setFont(letters(11, tabular=True))
        for value in steps:
            y = plot.bottom() - value * scale
            painter.setPen(QPen(colour("border" if value else "strong"), 1))
            painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
            painter.setPen(colour("muted"))
            label = QRectF(plot.left() - px(60), y - px(8), px(52), px(16))
            painter.drawText(label, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, f"{value:,.0f}")
        for place, month in enumerate(outlook.months):
            x = axis.left + place * axis.step
            y = plot.bottom()
            for name, share in list(zip(CLASSES, month.lowest.shares, strict=True))[::-1]:
                high = share.seats * scale
                painter.fillRect(QRectF(x + 1, y - high, axis.step - 2, high), class_colour(name))
                y -= high
            if month.short:
                top = plot.bottom() - month.demand * scale
                painter.save()
                room = QRectF(x + 1, top, axis.step - 2, y - top)
                painter.fillRect(room, colour("bad_back"))
                painter.drawTiledPixmap(room, hatching(colour("bad_text"), colour("bad_back")))
                painter.restore()
        self._demand(painter, axis, outlook, plot, scale)

    def _demand(self, painter: QPainter, axis: MonthAxis, outlook: Outlook, plot: QRectF, scale: float) -> None:
        for back in (True, False):
            before: QPointF | None = None
            for place, month in enumerate(outlook.months):
                y = plot.bottom() - month.demand * scale
                left = QPointF(axis.left + place * axis.step, y)
                right = QPointF(axis.left + (place + 1) * axis.step, y)
                pen = QPen(colour("surface" if back else "text"), 4 if back else 1.8)
                if month.first > outlook.today and not back:
                    pen.setStyle(Qt.PenStyle.DotLine)
                painter.setPen(pen)
                painter.drawPolyline(QPolygonF([*([before] if before else []), left, right]))
                before = right

    def _shortages(self, painter: QPainter, axis: MonthAxis, outlook: Outlook, plot: QRectF) -> None:
        """How many seats lack, above the months in which they do; after the lines of days, which would cross them."""
        scale = plot.height() / self._steps(outlook)[-1]
        painter.setFont(letters(11, QFont.Weight.DemiBold))
        reach = axis.left
        for place, month in enumerate(outlook.months):
            words = f"−{month.short:,}"
            wide = painter.fontMetrics().horizontalAdvance(words) + px(14)
            middle = axis.left + (place + 0.5) * axis.step
            if not month.short or middle - wide / 2 < reach:
                continue
            reach = middle + wide / 2
            pill = QRectF(middle - wide / 2, plot.bottom() - month.demand * scale - px(26), wide, px(20))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour("bad_back"))
            painter.drawRoundedRect(pill, px(10), px(10))
            painter.setPen(colour("bad_text"))
            painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, words)

    def _today(self, painter: QPainter, axis: MonthAxis, today: date, rows: float, plot: QRectF) -> None:
        x = axis.x(today)
        if not axis.left < x < axis.right:
            return
        painter.setPen(QPen(colour("text"), 1.4))
        painter.drawLine(QPointF(x, px(_HEAD - 8)), QPointF(x, rows))
        painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()))
        painter.setFont(letters(11, QFont.Weight.DemiBold))
        words = self.tr("Today")
        wide = painter.fontMetrics().horizontalAdvance(words) + px(12)
        pill = QRectF(x - wide / 2, px(_HEAD - 24), wide, px(18))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour("text"))
        painter.drawRoundedRect(pill, px(9), px(9))
        painter.setPen(colour("surface"))
        painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, words)

    def _cursor(self, painter: QPainter, axis: MonthAxis, rows: float, plot: QRectF) -> None:
        x = axis.x(self.day)
        painter.setPen(QPen(colour("accent"), 2))
        painter.drawLine(QPointF(x, px(_HEAD - 4)), QPointF(x, plot.bottom()))
        painter.setPen(QPen(colour("surface"), 2))
        painter.setBrush(colour("accent"))
        painter.drawEllipse(QPointF(x, px(_HEAD - 4)), px(6), px(6))
        painter.setFont(letters(13, QFont.Weight.DemiBold))
        words = self.words()
        wide = painter.fontMetrics().horizontalAdvance(words) + px(34)
        left = min(max(axis.left, x - wide / 2), axis.right - wide)
        pill = QRectF(left, rows + px(14), wide, px(28))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawRoundedRect(pill, px(14), px(14))
        painter.setPen(colour("on_accent"))
        painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, words)


def affected_chip(phase: PhaseRow) -> Status:
    """How many bookings a phase displaces that are still there, as a chip."""
    if phase.state == "over":
        return Status(QCoreApplication.translate("capital", "Over"), "ok", "circle-check")
    if phase.affected == 0:
        return Status(QCoreApplication.translate("capital", "0 left"), "ok", "check")
    words = QCoreApplication.translate("capital", "{count} affected").format(count=Count(phase.affected))
    return Status(words, "warn", "triangle-alert")


def _shifted(day: date, months: int) -> date:
    number = day.year * 12 + day.month - 1 + months
    first = date(number // 12, number % 12 + 1, 1)
    following = date((number + 1) // 12, (number + 1) % 12 + 1, 1)
    return first + timedelta(days=min(day.day, (following - first).days) - 1)
