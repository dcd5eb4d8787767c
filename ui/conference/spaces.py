"""The rooms themselves: spaces with their layouts, closures, teams and sets, ceilings and the order of ranks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from cbo_desk.changes import Changes
from cbo_desk.conference import (
    LayoutForm,
    Slot,
    SpaceCard,
    SpaceForm,
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
    open_cells,
    rank_orders,
    remove_ceiling,
    retire_space,
    retire_unit,
    set_ceiling,
    set_rank_order,
    space_card,
    standing_rules,
)
from cbo_desk.conference.exporting import SPACE_COLUMNS, space_rows
from cbo_desk.conference.rules import KINDS
from cbo_desk.conference.spaces import CEILING, CLOSURE, SPACE, UNIT
from cbo_desk.context import ZONE, local
from cbo_desk.errors import Faults
from cbo_desk.plurals import Count
from ui.conference import papers
from ui.conference.door import show_sign
from ui.conference.forms import clock_time, whole
from ui.conference.looks import kind_word, short_day
from ui.conference.view import View
from ui.kit.actions import Action
from ui.kit.buttons import Button, Tool
from ui.kit.cards import Fact, Facts, History, ScrollCard, line, rule
from ui.kit.cells import Look
from ui.kit.columns import Column
from ui.kit.dialogs import FormBox, open_form
from ui.kit.export import Export
from ui.kit.fields import Field
from ui.kit.flow import Flow
from ui.kit.forms import Form
from ui.kit.labels import Label
from ui.kit.list_views import ListViews
from ui.kit.phrases import day
from ui.kit.record_list import RecordList
from ui.kit.saved_views import SavedView
from ui.kit.states import ProgressStrip, State
from ui.kit.tabs import Tab

if TYPE_CHECKING:
    from ui.conference.page import ConferencePage

UNIT_KINDS = ("interpretation", "portable booth", "av set", "technician", "catering")
Order = Callable[[dict[str, Any]], tuple[Callable[..., Changes], tuple[Any, ...]]]


class SpacesView(View):
    """The list of spaces with the card of the chosen one; the rest of what stands is on a card of its own."""

    def __init__(self, page: ConferencePage) -> None:
        super().__init__(page)
        self.sheet = ScrollCard(self)
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
        self._show_nothing()

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

    def _show_nothing(self) -> None:
        words = self.tr("Its layouts, closures and history stand here.")
        self.sheet.show_content(State("empty", self.tr("No space chosen"), words, icon="door-open"), fill=True)

    def _read(self, ident: int) -> None:
        self.bench.runner.read(self, space_card, ident, done=self._show)

    def _show(self, card: SpaceCard) -> None:
        self.shown = card
        facts = [
            Fact("grid-3x3", self.tr("Floor areas"), ", ".join(card.cells)),
            Fact("languages", self.tr("Fixed booths"), str(card.booths or "–")),
            Fact("star", self.tr("Features"), card.features or "–"),
        ]
        layouts = Facts(
            Fact("armchair", f"{kind_word(each.kind)}, {self._span(each.valid_from, each.valid_to)}",
                 self.tr("{seats:seat|seats} · set-up {before} min, clear-down {after} min").format(
                     seats=Count(each.capacity), before=each.setup, after=each.cleardown))
            for each in card.layouts
        )  # fmt: skip
        closures = History(
            (short_day(local(each.slot.starts).date()), f"{each.reason}, {self._until(each.slot)}")
            for each in card.closures
        )
        run = self.bench.shell.actions_.run
        deeds: list[QWidget] = []
        if self.bench.may(add_layout) and not card.retired:
            deeds += [
                Button(self.tr("Edit"), "pencil", run=lambda: run("conference.edit_space")),
                Button(self.tr("Add layout"), "armchair", run=lambda: run("conference.add_layout")),
                Button(self.tr("Close"), "hard-hat", run=lambda: run("conference.close_space")),
                Button(self.tr("Retire"), "archive", run=lambda: run("conference.retire_space")),
            ]
        elif self.bench.may(bring_back_space):
            deeds.append(Button(self.tr("Bring back"), "undo-2", run=lambda: run("conference.bring_back_space")))
        opening: list[QWidget] = []
        if self.bench.may(open_cells) and card.closures:
            last = card.closures[0]
            opening.append(Button(self.tr("Open again"), "door-open", run=lambda: self._write(open_cells, [last.id])))
        capacity: list[QWidget] = []
        if self.bench.may(change_capacity) and card.layouts:
            words = self.tr("Change seats from a day")
            capacity.append(Button(words, "pencil", run=lambda: run("conference.change_capacity")))
        words = self.tr("Calendar file")
        deeds.append(Button(self.tr("Door sign"), "monitor", run=lambda: run("conference.show_door")))
        deeds.append(Button(words, "calendar-days", run=lambda: run("conference.space_calendar")))
        buttons = QWidget()
        flow = Flow(buttons, gap=8)
        for deed in deeds:
            flow.addWidget(deed)
        self.sheet.show_content(
            Label(card.code, "cap"), Label(card.name, "h2", wrap=True), rule(), Facts(facts), rule(),
            Label(self.tr("Layouts"), "h3"), layouts, *capacity, rule(), Label(self.tr("Closures"), "h3"),
            closures if card.closures else Label(self.tr("None to come."), "muted"), *opening, rule(),
            buttons,
        )  # fmt: skip

    def _span(self, first: Any, last: Any) -> str:
        if last is None:
            return self.tr("from {day}").format(day=day(first))
        return self.tr("{first} to {last}").format(first=day(first), last=day(last))

    def _until(self, slot: Slot) -> str:
        there = local(slot.ends)
        return self.tr("until {day} {time}").format(day=day(there.date()), time=f"{there:%H:%M}")

    # --- what else stands

    def standing(self) -> None:
        """Show teams and sets, ceilings and the order of ranks instead of a space."""
        self.shown = None
        self.bench.runner.read(self, standing_rules, done=self._with_ranks)

    def _with_ranks(self, found: Any) -> None:
        self.bench.runner.read(self, rank_orders, done=lambda orders: self._show_standing(found, orders))

    def _show_standing(self, found: Any, orders: Any) -> None:
        run = self.bench.shell.actions_.run
        kinds = {"people": self.tr("People at once"), "gate": self.tr("Gates, people an hour"),
                 "parking": self.tr("Cars parked")}  # fmt: skip
        ceilings = Facts(
            Fact("gauge", f"{kinds[each.kind]}, {self._span(each.valid_from, each.valid_to)}", f"{each.most:,}")
            for each in found.ceilings
        )
        units = Facts(Fact("languages", f"{each.kind} {each.speaks}".strip(), each.name) for each in found.units)
        ranks = History((f"{at}", name) for at, (_number, name) in enumerate(orders[0][1], 1))
        buttons: list[QWidget | None] = []
        if self.bench.may(set_ceiling):
            buttons = [
                Button(self.tr("Set ceiling"), "gauge", run=lambda: run("conference.set_ceiling")),
                Button(self.tr("Add team or set"), "plus", run=lambda: run("conference.add_unit")),
                Button(self.tr("Order of ranks"), "arrow-up-down", run=lambda: run("conference.set_ranks")),
            ]
        self.sheet.show_content(
            Label(self.tr("For the whole compound"), "cap"), Label(self.tr("Teams, ceilings and ranks"), "h2"), rule(),
            Label(self.tr("Ceilings"), "h3"), ceilings, rule(), Label(self.tr("Teams and sets"), "h3"), units, rule(),
            Label(self.tr("Ranks, the highest first"), "h3"), ranks, rule(), line(*buttons, None),
        )  # fmt: skip

    # --- deeds

    def _add_actions(self) -> None:
        for name, label, run, mark, work in (
            ("standing", self.tr("Teams, ceilings and ranks"), self.standing, "gauge", standing_rules),
            ("add_space", self.tr("Add a space"), self._add_space, "plus", add_space),
            ("edit_space", self.tr("Edit a space"), self._edit, "pencil", edit_space),
            ("space_calendar", self.tr("Calendar file of a space"), self._calendar, "calendar-days", calendar_of),
            ("show_door", self.tr("Door sign on this screen"), self._show_door, "monitor", door_sign),
            ("add_layout", self.tr("Add a layout"), self._add_layout, "armchair", add_layout),
            ("change_capacity", self.tr("Change seats from a day"), self._change_capacity, "pencil", change_capacity),
            ("close_space", self.tr("Close a space"), self._close, "hard-hat", close_cells),
            ("retire_space", self.tr("Retire a space"), self._retire, "archive", retire_space),
            ("bring_back_space", self.tr("Bring a space back"), self._bring_back, "undo-2", bring_back_space),
            ("set_ceiling", self.tr("Set a ceiling"), self._set_ceiling, "gauge", set_ceiling),
            ("remove_ceiling", self.tr("Remove a ceiling"), self._remove_ceiling, "gauge", remove_ceiling),
            ("add_unit", self.tr("Add a team or set"), self._add_unit, "plus", add_unit),
            ("retire_unit", self.tr("Retire a team or set"), self._retire_unit, "archive", retire_unit),
            ("set_ranks", self.tr("Order of ranks"), self._set_ranks, "arrow-up-down", set_rank_order),
        ):
            if self.bench.may(work):
                self.bench.shell.actions_.add(self, Action(f"conference.{name}", label, run, mark, "", "conference"))

    def _write(self, command: Callable[..., Changes], *args: Any) -> None:
        self.bench.runner.write(command, *args)

    def _form(self, heading: str, verb: str, fields: list[Field], order: Order, **values: Any) -> None:
        form = Form(fields)
        form.set_values(values)

        def save(given: dict[str, Any], done: Callable[[], object], failed: Callable[[Exception], object]) -> None:
            try:
                command, args = order(given)
            except Faults as faults:
                failed(faults)
                return
            self.bench.runner.write(command, *args, done=lambda _changes: done(), failed=failed)

        open_form(self.bench.shell, FormBox(heading, form, save, verb))

    def _kinds(self) -> list[tuple[str, str]]:
        return [(kind, kind_word(kind)) for kind in KINDS]

    def _layout_fields(self) -> list[Field]:
        return [
            Field("kind", self.tr("Layout"), "choice", choices=self._kinds(), required=True),
            Field("capacity", self.tr("Seats"), "number", required=True, beside=True),
            Field("setup", self.tr("Set-up, minutes"), "number"),
            Field("cleardown", self.tr("Clear-down, minutes"), "number", beside=True),
            Field("valid_from", self.tr("From"), "date"),
            Field("valid_to", self.tr("To"), "date", beside=True),
        ]

    def _layout(self, given: dict[str, Any]) -> LayoutForm:
        def minutes(name: str) -> int:
            return whole(given[name], name) if given[name] else 0

        return LayoutForm(
            given["kind"], whole(given["capacity"], "capacity"), minutes("setup"), minutes("cleardown"),
            given["valid_from"], given["valid_to"],
        )  # fmt: skip

    def _add_space(self) -> None:
        fields = [
            Field("code", self.tr("Code"), required=True, hint="CR-2"),
            Field("name", self.tr("Name"), required=True, beside=True),
            Field("cells", self.tr("Floor areas"), required=True, hint=self.tr("2, or 2, 3 for rooms that are joined")),
            Field("booths", self.tr("Fixed booths"), "number", beside=True),
            Field("features", self.tr("Features"), hint="accessible daylight streaming"),
            *self._layout_fields(),
        ]

        def order(given: dict[str, Any]) -> tuple[Callable[..., Changes], tuple[Any, ...]]:
            cells = tuple(part for part in given["cells"].replace(",", " ").split())
            booths = whole(given["booths"], "booths") if given["booths"] else 0
            made = SpaceForm(
                given["code"], given["name"], cells, (self._layout(given),), None, booths, given["features"]
            )
            return add_space, (made,)

        self._form(self.tr("Add a space"), self.tr("Add"), fields, order, kind="classroom")

    def _edit(self) -> None:
        if self.shown is None:
            return
        shown = self.shown
        fields = [
            Field("name", self.tr("Name"), required=True),
            Field("booths", self.tr("Fixed booths"), "whole", beside=True),
            Field("features", self.tr("Features"), hint="accessible daylight streaming"),
        ]

        def order(given: dict[str, Any]) -> tuple[Callable[..., Changes], tuple[Any, ...]]:
            return edit_space, (shown.id, shown.version, given["name"], given["booths"] or 0, given["features"])

        heading = self.tr("Edit {space}").format(space=shown.code)
        known = {"name": shown.name, "booths": shown.booths, "features": shown.features}
        self._form(heading, self.tr("Save"), fields, order, **known)

    def _show_door(self) -> None:
        if self.shown is not None:
            show_sign(self.bench, self, self.shown.id, self.shown.name)

    def _calendar(self) -> None:
        if self.shown is not None:
            papers.write_calendar(self.bench, self, self.shown.name, None, self.shown.id)

    def _add_layout(self) -> None:
        if self.shown is None:
            return
        ident = self.shown.id
        heading = self.tr("Add a layout to {space}").format(space=self.shown.name)
        self._form(
            heading, self.tr("Add"), self._layout_fields(), lambda given: (add_layout, (ident, self._layout(given)))
        )

    def _change_capacity(self) -> None:
        if self.shown is None:
            return
        choices = [(each.id, f"{kind_word(each.kind)}, {each.capacity:,}") for each in self.shown.layouts]
        fields = [
            Field("layout", self.tr("Layout"), "choice", choices=choices, required=True),
            Field("capacity", self.tr("Seats"), "number", required=True, beside=True),
            Field("start", self.tr("From"), "date", required=True, beside=True),
        ]
        self._form(
            self.tr("Change seats of {space}").format(space=self.shown.name), self.tr("Change"), fields,
            lambda given: (change_capacity, (given["layout"], given["start"], whole(given["capacity"], "capacity"))),
        )  # fmt: skip

    def _close(self) -> None:
        if self.shown is None:
            return
        cells = self.shown.cells
        fields = [
            Field("first", self.tr("From"), "date", required=True),
            Field("starts", self.tr("At"), hint="00:00", beside=True),
            Field("last", self.tr("Until"), "date", required=True),
            Field("ends", self.tr("At"), hint="24:00", beside=True),
            Field("reason", self.tr("Why"), required=True),
        ]

        def order(given: dict[str, Any]) -> tuple[Callable[..., Changes], tuple[Any, ...]]:
            starts = self._instant(given["first"], given["starts"], "starts", end=False)
            ends = self._instant(given["last"], given["ends"], "ends", end=True)
            if ends <= starts:
                raise Faults({"last": self.tr("The end comes after the start.")})
            return close_cells, (cells, Slot(starts, ends), given["reason"])

        self._form(self.tr("Close {space}").format(space=self.shown.name), self.tr("Close"), fields, order)

    def _instant(self, value: Any, clock: str, name: str, *, end: bool) -> datetime:
        if not clock or clock == "24:00":
            from datetime import timedelta

            midnight = datetime.combine(value, time(), ZONE)
            return midnight + timedelta(days=1) if end else midnight
        found = clock_time(clock)
        if found is None:
            raise Faults({name: self.tr("Give a time such as 10:00.")})
        return datetime.combine(value, found, ZONE)

    def _retire(self) -> None:
        if self.shown is not None:
            self._write(retire_space, self.shown.id)

    def _bring_back(self) -> None:
        if self.shown is not None:
            self._write(bring_back_space, self.shown.id)

    def _set_ceiling(self) -> None:
        kinds = [("people", self.tr("People at once")), ("gate", self.tr("Gates, people an hour")),
                 ("parking", self.tr("Cars parked"))]  # fmt: skip
        fields = [
            Field("kind", self.tr("Of what"), "choice", choices=kinds, required=True),
            Field("most", self.tr("At most"), "number", required=True, beside=True),
            Field("start", self.tr("From"), "date", required=True),
            Field("end", self.tr("To"), "date", beside=True),
        ]
        self._form(
            self.tr("Set a ceiling"), self.tr("Set"), fields,
            lambda given: (set_ceiling, (given["kind"], whole(given["most"], "most"), given["start"], given["end"])),
            kind="people",
        )  # fmt: skip

    def _remove_ceiling(self) -> None:
        self._pick_of(lambda found: [(each.id, f"{each.kind} {each.most:,}") for each in found.ceilings],
                      self.tr("Remove a ceiling"), self.tr("Remove"), remove_ceiling)  # fmt: skip

    def _retire_unit(self) -> None:
        self._pick_of(lambda found: [(each.id, each.code) for each in found.units],
                      self.tr("Retire a team or set"), self.tr("Retire"), retire_unit)  # fmt: skip

    def _pick_of(
        self, of: Callable[[Any], list[tuple[int, str]]], heading: str, verb: str, command: Callable[..., Changes]
    ) -> None:
        def opened(found: Any) -> None:
            field = Field("which", self.tr("Which"), "choice", choices=of(found), required=True)
            self._form(heading, verb, [field], lambda given: (command, (given["which"],)))

        self.bench.runner.read(self, standing_rules, done=opened)

    def _add_unit(self) -> None:
        fields = [
            Field("code", self.tr("Code"), required=True, hint="EN-FR 3"),
            Field("kind", self.tr("Kind"), "choice", choices=[(kind, kind) for kind in UNIT_KINDS], required=True,
                  beside=True),
            Field("name", self.tr("Name")),
            Field("speaks", self.tr("Languages"), hint="en fr", beside=True),
        ]  # fmt: skip
        self._form(
            self.tr("Add a team or set"), self.tr("Add"), fields,
            lambda given: (add_unit, (given["code"], given["kind"], given["name"], given["speaks"])),
        )  # fmt: skip

    def _set_ranks(self) -> None:
        def opened(orders: Any) -> None:
            known = orders[0][1]
            choices = [(number, name) for number, name in known]
            fields = [Field("start", self.tr("From"), "date", required=True)] + [
                Field(f"rank{at}", f"{at}.", "choice", choices=choices, required=True)
                for at in range(1, len(known) + 1)
            ]

            def order(given: dict[str, Any]) -> tuple[Callable[..., Changes], tuple[Any, ...]]:
                names = dict(known)
                numbers = [given[f"rank{at}"] for at in range(1, len(known) + 1)]
                if len(set(numbers)) != len(numbers):
                    twice = next(at for at, each in enumerate(numbers, 1) if each in numbers[: at - 1])
                    raise Faults({f"rank{twice}": self.tr("This rank stands further up already.")})
                return set_rank_order, (given["start"], [(number, names[number]) for number in numbers])

            values = {f"rank{at}": number for at, (number, _name) in enumerate(known, 1)}
            self._form(self.tr("Order of ranks"), self.tr("Set"), fields, order, **values)

        self.bench.runner.read(self, rank_orders, done=opened)
