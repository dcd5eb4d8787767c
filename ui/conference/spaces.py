"""The rooms themselves: spaces with their layouts, closures, teams and sets, ceilings and the order of ranks."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from cbo_desk.changes import Changes
from cbo_desk.conference import (
    SpaceCard,
    SpaceList,
    add_layout,
    add_space,
    add_unit,
    bring_back_space,
    calendar_of,
    change_capacity,
    close_cells,
    door_sign,
    edit_space,
    remove_ceiling,
    retire_space,
    retire_unit,
    set_ceiling,
    set_rank_order,
    space_card,
    standing_rules,
)
from cbo_desk.conference.exporting import SPACE_COLUMNS, space_rows
from cbo_desk.conference.spaces import CEILING, CLOSURE, SPACE, UNIT
from ui.conference import papers
from ui.conference.door import show_sign
from ui.conference.space_forms import SpaceForms
from ui.conference.space_sheet import SpaceSheet
from ui.conference.standing import StandingForms
from ui.conference.view import View
from ui.kit.actions import Action
from ui.kit.buttons import Button, Tool
from ui.kit.cells import Look
from ui.kit.columns import Column
from ui.kit.export import Export
from ui.kit.list_views import ListViews
from ui.kit.record_list import RecordList
from ui.kit.saved_views import SavedView
from ui.kit.states import ProgressStrip, State
from ui.kit.tabs import Tab

if TYPE_CHECKING:
    from ui.conference.page import ConferencePage



class SpacesView(View):
    """The list of spaces with the card of the chosen one; the rest of what stands is on a card of its own."""

    def __init__(self, page: ConferencePage) -> None:
        super().__init__(page)
        self.sheet = SpaceSheet(self.bench, self)
        self.forms, self.others = SpaceForms(self.bench, self), StandingForms(self.bench, self)
        self.card = self.sheet
        self.shown: SpaceCard | None = None
        self.within = "used"
        self.list = RecordList(
            self.bench.runner, self._columns(), self._listing, name="conference.spaces",
            title=self.tr("Spaces"), things=self.tr("{count:space|spaces}"), sort="code", empty=self._nothing,
            preferences=self.bench.preferences, parent=self,
        )  # fmt: skip
        self.list.chosen.connect(self._read)
        self.list.all_asked.connect(page.filter_box.clear)
        shipped = [Tab("used", self.tr("In use")), Tab("all", self.tr("With retired"))]
        self.views = ListViews(self.bench.shell, self.bench.preferences, "conference.spaces", shipped, self)
        self.views.shown.connect(self._show_shipped)
        self.views.taken.connect(self._take)
        self.views.keep_from(lambda: self.list.view(within=self.within), lambda: self.list.columns)
        self.views.add_actions(self, "conference.spaces", "conference")
        self.strip = ProgressStrip(self)
        self.export = Export(self.bench.runner, self.bench.preferences, self.bench.shell.toasts, self, self.strip)
        self.box.addLayout(self.views.row())
        self.box.addWidget(self.strip)
        self.box.addWidget(self.list, 1)
        self._add_actions()

    has_filter = True

    def filter_words(self, words: str) -> None:
        """Narrow the list."""
        self.list.find_words(words)

    def _listing(self, words: str, sort: str, descending: bool) -> SpaceList:
        return SpaceList(self.within == "all", words, sort or "code", descending)

    def _show_shipped(self, name: str) -> None:
        self.within = name
        self.list.begin_anew()

    def _take(self, view: SavedView) -> None:
        self.within = str(view.filters.get("within", "used"))
        self.page.filter_box.setText(str(view.filters.get("words", "")))
        self.list.take_view(view)

    def _export(self) -> None:
        office, listing = self.bench.runner.office, self.list.listing()
        assert isinstance(listing, SpaceList)
        total = self.list.model.rowCount()
        self.export.ask(self.tr("Spaces"), SPACE_COLUMNS, partial(space_rows, office, listing), total=total)

    def tools(self) -> list[QWidget]:
        """What else stands: teams, ceilings, ranks."""
        run = self.bench.shell.actions_.run
        tools: list[QWidget] = [
            Tool("gauge", self.tr("Teams, ceilings and ranks"), lambda: run("conference.standing"), self)
        ]
        if self.bench.may(add_space):
            tools.append(Tool("plus", self.tr("Add a space"), lambda: run("conference.add_space"), self))
        tools.append(Tool("download", self.tr("Export this list"), self._export, self))
        return tools

    def hear(self, changes: Changes) -> None:
        """Read the card anew."""
        if {SPACE, CLOSURE, UNIT, CEILING, "conference.rank_order"} & changes.touched().keys():
            if self.shown is not None:
                self._read(self.shown.id)
            else:
                self.standing()

    def open_at(self, detail: str) -> bool:
        """Show one space."""
        kind, _, ident = detail.partition(":")
        if kind != SPACE or not ident.isdigit():
            return False
        self.list.show_record(int(ident))
        return True

    # --- the list and its card

    def _columns(self) -> tuple[Column, ...]:
        return (
            Column(Look("code", "ref", 100), self.tr("Code"), lambda row: row.code, sort="code"),
            Column(Look("name", "text", 180, stretch=True), self.tr("Space"), lambda row: row.name,
                   sort="name"),
            Column(Look("booths", "num", 80, 1), self.tr("Booths"), lambda row: str(row.booths or "–"), sort="booths"),
            Column(Look("features", "muted", 200, 2), self.tr("Features"), lambda row: row.features or "–"),
            Column(Look("state", "muted", 80, 3), self.tr("State"),
                   lambda row: self.tr("retired") if row.retired else self.tr("in use")),
        )  # fmt: skip

    def _nothing(self) -> State:
        run = self.bench.shell.actions_.run
        button = None
        if self.bench.may(add_space):
            button = Button(self.tr("Add a space"), "plus", run=lambda: run("conference.add_space"))
        words = self.tr("A space is a room, or rooms that are joined; its layouts say how many it seats.")
        return State("empty", self.tr("No spaces yet"), words, button, icon="door-open")

    def _read(self, ident: int) -> None:
        self.bench.read_card(self, self.sheet, space_card, ident, done=self._show)

    def _show(self, card: SpaceCard) -> None:
        self.shown = card
        self.sheet.show_space(card)

    # --- what else stands

    def standing(self) -> None:
        """Show teams and sets, ceilings and the order of ranks instead of a space."""
        self.shown = None
        self.others.show_on(self.sheet, lambda: self.shown is None)

    # --- deeds

    def _add_actions(self) -> None:
        for name, label, run, mark, work in (
            ("standing", self.tr("Teams, ceilings and ranks"), self.standing, "gauge", standing_rules),
            ("add_space", self.tr("Add a space"), self.forms.add, "plus", add_space),
            ("edit_space", self.tr("Edit a space"), self._on(self.forms.edit), "pencil", edit_space),
            ("space_calendar", self.tr("Calendar file of a space"), self._calendar, "calendar-days", calendar_of),
            ("show_door", self.tr("Door sign on this screen"), self._show_door, "monitor", door_sign),
            ("add_layout", self.tr("Add a layout"), self._on(self.forms.add_layout), "armchair", add_layout),
            ("change_capacity", self.tr("Change seats from a day"), self._on(self.forms.change_capacity), "pencil",
             change_capacity),
            ("close_space", self.tr("Close a space"), self._on(self.forms.close), "hard-hat", close_cells),
            ("retire_space", self.tr("Retire a space"), self._retire, "archive", retire_space),
            ("bring_back_space", self.tr("Bring a space back"), self._bring_back, "undo-2", bring_back_space),
            ("set_ceiling", self.tr("Set a ceiling"), self.others.set_ceiling, "gauge", set_ceiling),
            ("remove_ceiling", self.tr("Remove a ceiling"), self.others.remove_ceiling, "gauge", remove_ceiling),
            ("add_unit", self.tr("Add a team or set"), self.others.add_unit, "plus", add_unit),
            ("retire_unit", self.tr("Retire a team or set"), self.others.retire_unit, "archive", retire_unit),
            ("set_ranks", self.tr("Order of ranks"), self.others.set_ranks, "arrow-up-down", set_rank_order),
        ):  # fmt: skip
            if self.bench.may(work):
                self.bench.shell.actions_.add(self, Action(f"conference.{name}", label, run, mark, "", "conference"))

    def _on(self, form: Callable[[SpaceCard], object]) -> Callable[[], object]:
        """A form about the space on the card; nothing where none is."""

        def run() -> None:
            if self.shown is not None:
                form(self.shown)

        return run

    def _write(self, command: Callable[..., Changes], *args: Any) -> None:
        self.bench.runner.write(command, *args)

    def _show_door(self) -> None:
        if self.shown is not None:
            show_sign(self.bench, self, self.shown.id, self.shown.name)

    def _calendar(self) -> None:
        if self.shown is not None:
            papers.write_calendar(self.bench, self, self.shown.name, None, self.shown.id)

    def _retire(self) -> None:
        if self.shown is not None:
            self._write(retire_space, self.shown.id)

    def _bring_back(self) -> None:
        if self.shown is not None:
            self._write(bring_back_space, self.shown.id)
