"""The list of a proposal: ordered by its headings, narrowed by words, counted, and written to a file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QTableView, QWidget

from cbo_desk.tabular import Column as FileColumn
from cbo_desk.transport.difference import Turn
from ui.bench import Bench
from ui.kit.cards import frame, rule
from ui.kit.export import Export
from ui.kit.lines import Lines
from ui.kit.phrases import day as day_words
from ui.kit.states import ListOrState, ProgressStrip
from ui.kit.tables import RowCount, dress
from ui.kit.tabs import Tab
from ui.transport.proposal_lines import columns
from ui.transport.proposal_work import Line


class ProposalList(QObject):
    """The rows of one view of a proposal; `holder` is what the page shows. `ordered` tells of another order."""

    ordered = Signal()

    def __init__(self, bench: Bench, strip: ProgressStrip, page: QWidget) -> None:
        super().__init__(page)
        self.model = Lines(columns(), self)
        self.table = QTableView(page)
        self.table.setModel(self.model)
        looks = [column.look for column in self.model.columns]
        dress(self.table, looks, "transport.proposal", bench.preferences, title=self.tr("Proposal"))
        self.table.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        header = self.table.horizontalHeader()
        header.setSectionsClickable(True)
        header.sectionClicked.connect(self.sort_by)
        self.states, self.foot = ListOrState(self.table), RowCount(page)
        self.holder = frame(self.states, rule(), self.foot, look="card", margins=(1, 1, 1, 7))
        self.export = Export(bench.runner, bench.preferences, bench.shell.toasts, page, strip)
        self.words, self.sorted_by, self.descending = "", -1, False

    def show_lines(self, lines: Sequence[Line]) -> None:
        """Show these, as far as they hold the words, in the order in force."""
        wanted = self.words.casefold().split()
        rows = [line for line in lines if all(word in _text(line) for word in wanted)]
        if self.sorted_by >= 0:
            column = self.model.columns[self.sorted_by]
            people = column.look.key == "people"
            rows.sort(key=lambda line: (line.people if people else 0, column.text(line)), reverse=self.descending)
        self.model.show_rows(rows)
        heading = self.model.columns[self.sorted_by].heading.lower() if self.sorted_by >= 0 else ""
        order = self.tr("sorted by {column}").format(column=heading) if heading else ""
        self.foot.say(len(rows), len(lines), self.tr("{count:request|requests}"), order)

    def sort_by(self, section: int) -> None:
        """Order the list by a column, the other way round where it is ordered by it already."""
        self.descending = not self.descending if section == self.sorted_by else False
        self.sorted_by = section
        header = self.table.horizontalHeader()
        header.setSortIndicatorShown(True)
        down = Qt.SortOrder.DescendingOrder if self.descending else Qt.SortOrder.AscendingOrder
        header.setSortIndicator(section, down)
        self.ordered.emit()

    def ask_export(self, day: date, view: str) -> None:
        """Ask for a file and write the rows that are shown there."""
        shown, heads = self.model.columns, list(self.model.rows)
        files = [FileColumn(column.heading, "number" if column.look.key == "people" else "text") for column in shown]
        cells = [
            [line.people if column.look.key == "people" else column.text(line) for column in shown] for line in heads
        ]
        narrowed = " · ".join(part for part in (day_words(day), view, f"“{self.words}”" if self.words else "") if part)
        self.export.ask(
            self.tr("Plan {day}").format(day=day), files, lambda: cells, total=len(cells), narrowed=narrowed
        )

    def tabs(self, lines: Sequence[Line]) -> list[Tab]:
        """The views of a proposal with their counts."""
        left = sum(each.turn is Turn.LEFT for each in lines)
        same = sum(each.turn is Turn.SAME for each in lines)
        return [
            Tab("changes", self.tr("Changes"), len(lines) - left - same),
            Tab("left", self.tr("Left over"), left),
            Tab("same", self.tr("As today"), same),
            Tab("all", self.tr("All"), len(lines)),
        ]


def _text(line: Line) -> str:
    return f"{line.name} {line.way} {line.before} {line.after} {line.driver}".casefold()
