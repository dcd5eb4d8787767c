"""The assets behind one line of the totals, each with its worth: the box that answers "of what?"."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QCoreApplication, QObject, QSize, Signal
from PySide6.QtWidgets import QFrame, QTableView, QWidget

from cbo_desk.progress import Cancelled, Progress
from cbo_desk.property import KIND
from cbo_desk.property.value import By, Valuation, ValueLine, Worth, breakdown
from ui.bench import Bench
from ui.kit.buttons import Button
from ui.kit.cards import frame, line, rule, stack
from ui.kit.cells import Look
from ui.kit.columns import Column
from ui.kit.cursor import choose_row
from ui.kit.export import Export
from ui.kit.labels import Label
from ui.kit.lines import Lines
from ui.kit.phrases import day, money
from ui.kit.states import ProgressStrip
from ui.kit.tables import RowCount, dress
from ui.kit.theme import px
from ui.property.value.columns import name_of

_LEADS: dict[By, str] = {"entity": "people.entity", "class": "property.category", "place": "places.place"}


def _columns() -> tuple[Column, ...]:
    return (
        Column(
            Look("number", "ref", 130, sortable=False),
            QCoreApplication.translate("value", "Number"),
            lambda one: one.inventory_no,
        ),
        Column(
            Look("description", "text", 200, stretch=True, sortable=False),
            QCoreApplication.translate("value", "Description"),
            lambda one: one.description,
        ),
        Column(
            Look("place", "muted", 100, 2, sortable=False),
            QCoreApplication.translate("value", "Place"),
            lambda one: one.place_code,
        ),
        Column(
            Look("acquired", "muted", 110, 1, sortable=False),
            QCoreApplication.translate("value", "Acquired"),
            lambda one: day(one.acquired),
        ),
        Column(
            Look("cost", "money", 110, sortable=False),
            QCoreApplication.translate("value", "Cost USD"),
            lambda one: money(one.cost),
        ),
        Column(
            Look("value", "money", 110, sortable=False),
            QCoreApplication.translate("value", "Value USD"),
            lambda one: money(one.value),
        ),
    )


class BreakdownBox(QFrame):
    """The assets of one line. `closed` tells that it is to go; Enter on a row opens the asset in the register."""

    closed = Signal()

    def __init__(self, bench: Bench, total: Valuation, whole: ValueLine, found: Sequence[Worth]) -> None:
        super().__init__(bench.shell)
        self.setProperty("look", "raised")
        self._bench, self._found = bench, found
        self._named = name_of(whole, total.by)
        self._on = self.tr("value on {day}").format(day=day(total.on))
        self.setAccessibleName(self._named)
        self.export = Export(bench.runner, bench.preferences, bench.shell.toasts, self)
        self.model = Lines(_columns(), self)
        self.model.show_rows(found)
        self.table = QTableView(self)
        self.table.setModel(self.model)
        looks = [column.look for column in self.model.columns]
        title = self.tr("Assets of this line")
        dress(self.table, looks, "property.value.breakdown", bench.preferences, title=title, sortable=False)
        self.table.activated.connect(lambda index: self._open(index.row()))
        foot = RowCount(self)
        foot.say(len(found), len(found), self.tr("{count:asset|assets}"), self.tr("of the greatest worth first"))
        words = self.tr("{value} of a cost of {cost} · {day}")
        told = words.format(value=money(whole.value, "USD"), cost=money(whole.cost, "USD"), day=self._on)
        whole_box = stack(
            Label(self._named, "h2"),
            4,
            Label(told, "muted", wrap=True),
            10,
            frame(self.table, rule(), foot, margins=(1, 1, 1, 7)),
            12,
            line(
                Button(self.tr("Export"), "download", "plain", self._export),
                None,
                Label(self.tr("Enter opens the asset"), "small-muted"),
                Button(self.tr("Close"), "", "primary", self.closed.emit, "Esc"),
            ),
            margins=(20, 16, 20, 16),
        )
        whole_box.setStretch(4, 1)
        self.setLayout(whole_box)
        if found:
            choose_row(self.table, 0)

    def sizeHint(self) -> QSize:
        """Room for a page of assets."""
        return QSize(px(860), px(620))

    def _open(self, row: int) -> None:
        ident = self._found[row].id
        self.closed.emit()
        self._bench.open_record(KIND, ident)

    def _export(self) -> None:
        from cbo_desk.property.value.breakdown_file import COLUMNS, rows

        narrowed = f"{self._named} · {self._on}"
        self.export.ask(
            self.tr("Assets by value"), COLUMNS, partial(rows, self._found), total=len(self._found), narrowed=narrowed
        )


class Breakdowns(QObject):
    """Works the assets of a line out in the background and opens them; `strip` shows how far that is."""

    def __init__(self, bench: Bench, strip: ProgressStrip, page: QWidget) -> None:
        super().__init__(page)
        self._bench, self._strip, self._page = bench, strip, page
        self._progress: Progress | None = None

    def lead(self, total: Valuation, chosen: ValueLine) -> None:
        """Show the assets of a line: in the register where it has a filter for them, else with their worth."""
        lead = _LEADS.get(total.by)
        if lead and chosen.ident:
            self._bench.shell.go("property", f"{lead}:{chosen.ident}")
        else:
            self.open(total, chosen)

    def open(self, total: Valuation, chosen: ValueLine) -> None:
        """Show the assets behind a line; another wish while one is under way is passed over."""
        if self._progress is not None:
            return
        office = self._bench.runner.office

        def work(progress: Progress) -> list[Worth]:
            return breakdown(office, total.on, total.by, chosen, progress)

        self._progress = self._bench.runner.job(self._page, work, partial(self._show, total, chosen), self._failed)
        words = self.tr("Looking for the assets of {line}").format(line=name_of(chosen, total.by))
        self._strip.begin(words, self._progress.cancel)

    def _show(self, total: Valuation, chosen: ValueLine, found: list[Worth]) -> None:
        self._end()
        if self._bench.shell.actions_.covered():
            return
        box = BreakdownBox(self._bench, total, chosen, found)
        overlay = self._bench.shell.open_overlay(box)
        box.closed.connect(overlay.close_it)
        box.table.setFocus()

    def _failed(self, error: Exception) -> None:
        self._end()
        if not isinstance(error, Cancelled):
            self._bench.runner.failed.emit(error)

    def _end(self) -> None:
        self._progress = None
        self._strip.end()
