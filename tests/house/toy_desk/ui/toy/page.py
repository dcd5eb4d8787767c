"""The toy desk on the screen: one list."""

from __future__ import annotations

from cbo_desk.toy import ToyList
from PySide6.QtWidgets import QWidget

from ui.bench import Bench
from ui.kit.cells import Look
from ui.kit.columns import Column
from ui.kit.page import Page
from ui.kit.record_list import RecordList
from ui.kit.states import State


class ToyPage(Page):
    """The toys; a toy that is found elsewhere is shown here."""

    def __init__(self, bench: Bench, parent: QWidget) -> None:
        super().__init__(self.tr("Toys"), parent)
        name = Column(Look("name", "ref", 200, stretch=True), self.tr("Name"), lambda row: row.name)
        self.toys = RecordList(
            bench.runner,
            [name],
            lambda _words, _sort, _descending: ToyList(),
            name="toy.toys",
            title=self.tr("Toys"),
            things=self.tr("toys"),
            sort="name",
            empty=lambda: State("empty", self.tr("No toys yet"), "", icon="box"),
            preferences=bench.preferences,
            parent=self,
        )
        self.body.addWidget(self.toys, 1)

    def open_at(self, detail: str) -> None:
        """Show one toy, named as kind and id."""
        self.toys.show_record(int(detail.rpartition(":")[2]))
