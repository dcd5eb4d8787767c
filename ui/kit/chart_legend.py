"""The legend of a chart: which colour is which series."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from ui.kit.chart_kinds import fill
from ui.kit.charts import Chart
from ui.kit.flow import Flow
from ui.kit.labels import Label
from ui.kit.theme import changed, colour, px


class ChartLegend(QWidget):
    """Which colour is which series: a square and its name each, on as many lines as are needed."""

    def __init__(self, chart: Chart, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chart = chart
        self._flow = Flow(self, gap=px(14))
        changed.connect(self.update)

    def renew(self) -> None:
        """Name the series of now; nothing where there is only one."""
        while (item := self._flow.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.deleteLater()
        several = len(self._chart.series) > 1
        for index, one in enumerate(self._chart.series if several else ()):
            self._flow.addWidget(_Key(self._chart, index, one.name, self))
        self.setVisible(several)


class _Key(Label):
    """One name of a legend, with its square before it."""

    def __init__(self, chart: Chart, index: int, name: str, parent: QWidget) -> None:
        super().__init__(name, "small-muted", parent)
        self._chart, self._index = chart, index
        self._make_room()

    def changeEvent(self, event: QEvent) -> None:
        """Take a change of direction."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LayoutDirectionChange:
            self._make_room()

    def _make_room(self) -> None:
        room = px(16)
        self.setContentsMargins(*((0, 0, room, 0) if self.isRightToLeft() else (room, 0, 0, 0)))

    def paintEvent(self, event: QPaintEvent) -> None:
        """The square, then the name."""
        super().paintEvent(event)
        if self._index >= len(self._chart.series):
            return
        painter = QPainter(self)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            side = px(10)
            left = self.width() - side if self.isRightToLeft() else 0
            box = QRectF(left, (self.height() - side) / 2, side, side)
            fill(painter, box, colour(self._chart.token(self._index)))
        finally:
            painter.end()
