"""The card of a space: its door, what is built into it, layouts, closures, and what can be done with it."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QWidget

from cbo_desk.conference import (
    Slot,
    SpaceCard,
    add_layout,
    bring_back_space,
    change_capacity,
    open_cells,
)
from cbo_desk.context import local
from cbo_desk.plurals import Count
from ui.bench import Bench
from ui.conference.looks import kind_word, short_day, span
from ui.kit.buttons import Button
from ui.kit.cards import Fact, Facts, History, ScrollCard, rule
from ui.kit.flow import Flow
from ui.kit.labels import Label
from ui.kit.phrases import day
from ui.kit.states import Nothing


class SpaceSheet(ScrollCard):
    """Shows one space, or that none is chosen."""

    def __init__(self, bench: Bench, parent: QWidget) -> None:
        super().__init__(parent)
        self._bench = bench
        self.show_nothing()

    def show_nothing(self) -> None:
        """Say that no space is chosen."""
        words = self.tr("Its layouts, closures and history stand here.")
        self.show_content(Nothing(self.tr("No space chosen"), words, icon="door-open"), fill=True)

    def show_space(self, card: SpaceCard) -> None:
        """Show a space."""
        facts = [
            Fact("grid-3x3", self.tr("Floor areas"), ", ".join(card.cells)),
            Fact("languages", self.tr("Fixed booths"), str(card.booths or "–")),
            Fact("star", self.tr("Features"), card.features or "–"),
            Fact("monitor", self.tr("Equipment"), card.equipment or "–"),
            Fact("map-pin", self.tr("Door"), " · ".join(part for part in (card.place, card.where) if part) or "–"),
        ]
        layouts = Facts(
            Fact("armchair", f"{kind_word(each.kind)}, {span(each.valid_from, each.valid_to)}",
                 self.tr("{seats:seat|seats} · set-up {before} min, clear-down {after} min").format(
                     seats=Count(each.capacity), before=each.setup, after=each.cleardown))
            for each in card.layouts
        )  # fmt: skip
        closures = History(
            (short_day(local(each.slot.starts).date()), f"{each.reason}, {self._until(each.slot)}")
            for each in card.closures
        )
        run = self._bench.shell.actions_.run
        deeds: list[QWidget] = []
        if self._bench.may(add_layout) and not card.retired:
            deeds += [
                Button(self.tr("Edit"), "pencil", run=lambda: run("conference.edit_space")),
                Button(self.tr("Add layout"), "armchair", run=lambda: run("conference.add_layout")),
                Button(self.tr("Close"), "hard-hat", run=lambda: run("conference.close_space")),
                Button(self.tr("Retire"), "archive", run=lambda: run("conference.retire_space")),
            ]
        elif self._bench.may(bring_back_space):
            deeds.append(Button(self.tr("Bring back"), "undo-2", run=lambda: run("conference.bring_back_space")))
        opening: list[QWidget] = []
        if self._bench.may(open_cells) and card.closures:
            last = card.closures[0]
            again = partial(self._bench.runner.write, open_cells, [last.id])
            opening.append(Button(self.tr("Open again"), "door-open", run=again))
        capacity: list[QWidget] = []
        if self._bench.may(change_capacity) and card.layouts:
            words = self.tr("Change seats from a day")
            capacity.append(Button(words, "pencil", run=lambda: run("conference.change_capacity")))
        words = self.tr("Calendar file")
        deeds.append(Button(self.tr("Door sign"), "monitor", run=lambda: run("conference.show_door")))
        deeds.append(Button(words, "calendar-days", run=lambda: run("conference.space_calendar")))
        buttons = QWidget()
        flow = Flow(buttons, gap=8)
        for deed in deeds:
            flow.addWidget(deed)
        self.show_content(
            Label(card.code, "cap"), Label(card.name, "h2", wrap=True), rule(), Facts(facts), rule(),
            Label(self.tr("Layouts"), "h3"), layouts, *capacity, rule(), Label(self.tr("Closures"), "h3"),
            closures if card.closures else Label(self.tr("None to come."), "muted"), *opening, rule(),
            buttons,
        )  # fmt: skip

    def _until(self, slot: Slot) -> str:
        there = local(slot.ends)
        return self.tr("until {day} {time}").format(day=day(there.date()), time=f"{there:%H:%M}")
