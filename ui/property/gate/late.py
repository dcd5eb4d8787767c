"""What stands on the guard's screen while no pass is in hand: the passes on which something is out too long."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QTableView, QWidget

from cbo_desk.plurals import Count
from cbo_desk.property.gate import Overdue, overdue_passes
from ui.bench import Bench
from ui.kit.cards import frame, line, rule, stack
from ui.kit.icons import put_icon
from ui.kit.labels import IconLabel, Label
from ui.kit.lines import Lines
from ui.kit.states import ListOrState, State
from ui.kit.tables import dress
from ui.property.gate.columns import late_columns

ROW_PX = 56


class LatePasses(QWidget):
    """The list of overdue passes, the longest first, or that nothing is; `opened(int)` names the pass of a row."""

    opened = Signal(int)

    def __init__(self, bench: Bench, parent: QWidget) -> None:
        super().__init__(parent)
        self._bench = bench
        self.model = Lines(late_columns(), self)
        self.table = QTableView(self)
        self.table.setModel(self.model)
        self.heading = Label("", "h2")
        mark = IconLabel("clock-alert", "bad_text", 22)
        put_icon(mark, "clock-alert", "bad_text", 22)
        looks = [column.look for column in self.model.columns]
        dress(self.table, looks, "property.guard.late", bench.preferences, title=self.tr("Out too long")).make_rows(
            ROW_PX
        )
        self.table.activated.connect(lambda index: self.opened.emit(self.model.rows[index.row()].id))
        head = line(mark, self.heading, None, gap=10)
        head.setContentsMargins(14, 12, 14, 12)
        listed = QWidget(self)
        whole = stack(head, rule(), self.table, gap=0)
        whole.setStretch(2, 1)
        listed.setLayout(whole)
        self.states = ListOrState(listed)
        outer = stack(frame(self.states, margins=(1, 1, 1, 1)))
        self.setLayout(outer)
        self._show([])

    def showEvent(self, event: QShowEvent) -> None:
        """Whenever it comes to the front it is read anew: a day may have passed."""
        super().showEvent(event)
        self.refresh()

    def refresh(self) -> None:
        """Read anew what is out too long."""
        self._bench.runner.read(self, overdue_passes, done=self._show)

    def _show(self, found: Sequence[Overdue]) -> None:
        self.model.show_rows(found)
        if found:
            words = self.tr("Out too long: {count:pass|passes, the longest first}")
            self.heading.setText(words.format(count=Count(len(found))))
            self.states.show_content()
        else:
            words = self.tr("The square at the top of the pass, or a thing that comes back.")
            self.states.show_state(State("empty", self.tr("Scan the pass"), words, icon="scan-line"))
