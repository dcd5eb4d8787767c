"""Shuttles: their timetables, and a day's seats by name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from typing import Any

from PySide6.QtWidgets import QGridLayout, QWidget

from cbo_desk.changes import Changes
from cbo_desk.context import clock, local
from cbo_desk.errors import Faults, Refusal
from cbo_desk.people import EntityRow, entities
from cbo_desk.plurals import Count
from cbo_desk.transport import (
    SHUTTLE,
    ShuttleForm,
    ShuttleRow,
    StopForm,
    ZoneRow,
    add_shuttle,
    give_up_seats,
    keep_seats,
    run_shuttles,
    shuttles,
    stop_shuttle,
    zones,
)
from cbo_desk.transport.whole_lists import ShuttleList
from ui.bench import Bench
from ui.kit.actions import Action
from ui.kit.buttons import Button, Tool
from ui.kit.cards import ScrollCard, line, rule
from ui.kit.chips import Chip, Status
from ui.kit.dialogs import FormBox, open_form
from ui.kit.export import Export
from ui.kit.fields import Field
from ui.kit.forms import Form
from ui.kit.labels import Label
from ui.kit.page import Page
from ui.kit.phrases import day as day_words
from ui.kit.record_list import RecordList
from ui.kit.states import Nothing, ProgressStrip
from ui.kit.states import State as Empty
from ui.kit.tabs import Tab
from ui.kit.worded_views import WordedViews
from ui.transport.shuttle_columns import FILE_COLUMNS, file_row, free_status, shuttle_columns, stops_said, weekdays
from ui.transport.times import hour_of

Done = Callable[[], object]
Failed = Callable[[Exception], object]


class ShuttlesPage(Page):
    """The services with the seats left on the day shown; the card has the stops of one, and whose its seats are."""

    def __init__(self, bench: Bench, parent: QWidget) -> None:
        super().__init__(self.tr("Shuttles"), parent, help_page="transport")
        self.bench = bench
        self.day: date = local(clock()).date()
        self.rows: Sequence[ShuttleRow] = ()
        self.shown = 0
        self.card = ScrollCard(self)
        shipped = [Tab("all", self.tr("All")), Tab("runs", self.tr("Runs that day"))]
        self.views = WordedViews(bench.shell, bench.preferences, "transport.shuttles", shipped, self.tabs, self)
        self.list = RecordList(
            bench.runner, shuttle_columns(), self._listing, name="transport.shuttles", title=self.tr("Shuttles"),
            things=self.tr("{count:shuttle|shuttles}"), sort="code", empty=self._none_yet,
            preferences=bench.preferences, parent=self,
        )  # fmt: skip
        self.strip = ProgressStrip(self)
        self.export = Export(bench.runner, bench.preferences, bench.shell.toasts, self, self.strip)
        self.use_filter(self.tr("Filter shuttles"))
        buttons = [Button(self.tr("Dispatch"), "arrow-left", "plain", partial(bench.shell.go, "transport"))]
        if bench.may(run_shuttles):
            buttons.append(Button(self.tr("Put on the list"), "list-checks", "plain", self._run))
        if bench.may(add_shuttle):
            buttons.append(Button(self.tr("Add a shuttle"), "plus", "primary", self.ask_new, "Ctrl+N"))
            words = self.tr("Add a shuttle")
            bench.shell.actions_.add(
                self, Action("transport.shuttles.new", words, self.ask_new, "plus", "Ctrl+N", "transport")
            )
        self.add_buttons(*buttons)
        self.add_tools(
            Tool("chevron-left", self.tr("A day earlier"), partial(self.step, -1)),
            Tool("calendar", self.tr("Today"), self.go_today),
            Tool("chevron-right", self.tr("A day later"), partial(self.step, 1)),
            self.views.tool,
            Tool("download", self.tr("Export this list"), self.ask_export),
        )
        self.views.add_actions(self, "transport.shuttles", "transport")
        self.body.addWidget(self.strip)
        self.set_body(self.list, self.card, card=420, preferences=bench.preferences, name="transport.shuttles")
        self.list.chosen.connect(self._choose)
        self.list.all_asked.connect(self.filter_box.clear)
        self.filtered.connect(self.list.find_words)
        self.views.narrow(self.list, self.filter_box)
        bench.runner.changed.connect(self._hear)
        self.read()

    def open_at(self, _detail: str) -> None:
        """Show the page: a shuttle has no page of its own."""

    def read(self) -> None:
        """Read the services and the day's seats."""
        self.bench.runner.read(self, shuttles, self.day, done=self.show_rows)

    def step(self, days: int) -> None:
        """Go some days on or back."""
        self.day += timedelta(days=days)
        self.read()

    def go_today(self) -> None:
        """Show today's seats."""
        self.day = local(clock()).date()
        self.read()

    def show_rows(self, rows: Sequence[ShuttleRow]) -> None:
        """Show the services."""
        self.rows = rows
        self.say(self.tr("{count:shuttle|shuttles} · seats on {day}").format(count=Count(len(rows)),
                 day=day_words(self.day)))  # fmt: skip
        self.list.refresh()
        self._choose(self.shown)

    def _listing(self, words: str, sort: str, descending: bool) -> ShuttleList:
        return ShuttleList(self.day, words, sort, descending, runs=not self.views.whole())

    def _none_yet(self) -> Empty:
        if self.rows:
            return Empty("empty", self.tr("No shuttle runs"), self.tr("None runs on that day."), icon="bus")
        words = self.tr("Add one with its stops: it then comes to the day's list by itself, with as many people as "
                        "have a seat.")  # fmt: skip
        return Empty("empty", self.tr("No shuttles yet"), words, icon="bus")

    def _choose(self, ident: int) -> None:
        """Show a service; the first one where that one is no longer there."""
        row = next((row for row in self.rows if row.id == ident), self.rows[0] if self.rows else None)
        self.shown = row.id if row is not None else 0
        if row is None:
            self.card.show_content(Nothing(self.tr("Nothing chosen"), self.tr("Choose a row."), icon="bus"),
                                   fill=True)  # fmt: skip
        else:
            self.card.show_content(*self._pieces(row))

    def ask_export(self) -> None:
        """Ask for a file and write the list there."""
        office, listing = self.bench.runner.office, self.list.listing()
        assert isinstance(listing, ShuttleList)

        def rows() -> Iterable[Sequence[Any]]:
            return (file_row(each.row) for each in office.read(listing.lines))

        title = self.tr("Shuttles {day}").format(day=f"{self.day:%Y-%m-%d}")
        narrowed = self.list.narrowed(day_words(self.day), self.views.title())
        self.export.ask(title, FILE_COLUMNS, rows, total=self.list.model.rowCount(), narrowed=narrowed)

    def _pieces(self, row: ShuttleRow) -> list[Any]:
        listed = [Chip(Status(self.tr("On the list"), "info", "list-checks"))] if row.request_id else []
        buttons = []
        if self.bench.may(keep_seats) and row.runs:
            buttons.append(Button(self.tr("Keep seats"), "user-plus", "plain", partial(self._ask_seats, row)))
        if self.bench.may(stop_shuttle):
            buttons.append(Button(self.tr("Stop"), "x", "link", partial(self._stop, row)))
        pieces: list[Any] = [
            Label(f"{row.code} · {row.name}", "h2", wrap=True),
            line(Chip(free_status(row)), *listed, None),
            Label(f"{row.entity} · {weekdays(row.weekdays)}", "muted", wrap=True),
            Label(stops_said(row), wrap=True),
            line(*buttons, None),
        ]
        if row.taken:
            pieces += [rule(), self._seat_grid(row)]
        return pieces

    def _seat_grid(self, row: ShuttleRow) -> QGridLayout:
        """Who has which seat, two in a row, each with the way to give it up."""
        grid = QGridLayout()
        grid.setVerticalSpacing(2)
        for at, (ident, seat, name) in enumerate(row.taken):
            pieces: list[QWidget] = [Label(str(seat), "small-muted"), Label(name, "small")]
            if self.bench.may(give_up_seats):
                words = self.tr("Give up seat {seat}, {name}").format(seat=seat, name=name)
                pieces.append(Tool("x", words, partial(self._give_up, [ident])))
            grid.addLayout(line(*pieces, None), at // 2, at % 2)
        return grid

    # --- deeds

    def ask_new(self) -> None:
        """Ask for a new service, once entities and zones are known."""
        read = self.bench.runner.read
        read(self, entities, done=lambda known: read(self, zones, done=partial(self._new, known)))

    def _new(self, known: Sequence[EntityRow], places: Sequence[ZoneRow]) -> None:
        if not known or len(places) < 2:
            raise Refusal(self.tr("A shuttle needs an entity and two zones. Add them first."))
        form = Form(
            [
                Field("code", self.tr("Code"), required=True, hint="EVE"),
                Field("name", self.tr("Name"), required=True, beside=True),
                Field("entity_id", self.tr("Run for"), "choice", choices=[(e.id, e.code) for e in known]),
                Field("seats", self.tr("Seats"), "number", required=True, beside=True),
                Field("weekdays", self.tr("Days, 1 is Monday"), required=True, beside=True),
                Field("stops", self.tr("Stops, one a line: 17:30 GIGIRI Gate 2"), "long", required=True),
            ],
            "transport.shuttle.new",
            self.bench.drafts,
        )
        form.set_values({"entity_id": known[0].id, "weekdays": "12345", "seats": 24})

        def save(values: Mapping[str, Any], done: Done, failed: Failed) -> None:
            try:
                stops = _stops(str(values["stops"]), places)
            except Refusal as refusal:
                failed(refusal)
                return
            made = ShuttleForm(str(values["code"]), str(values["name"]), int(values["entity_id"]),
                               int(values["seats"]), stops, str(values["weekdays"]).replace(" ", ""))  # fmt: skip
            self.bench.runner.write(add_shuttle, made, done=lambda _changes: done(), failed=failed)

        words = self.tr("Zones by their codes: {codes}").format(codes=", ".join(z.code for z in places))
        box = FormBox(self.tr("Add a shuttle"), form, save, self.tr("Add"), summary=words)
        open_form(self.bench.shell, box)

    def _ask_seats(self, row: ShuttleRow) -> None:
        self.bench.runner.read(self, entities, done=partial(self._seats, row))

    def _seats(self, row: ShuttleRow, known: Sequence[EntityRow]) -> None:
        form = Form(
            [
                Field("names", self.tr("Who travels, one name a line"), "long", required=True),
                Field("entity_id", self.tr("Charged to"), "choice", choices=[(e.id, e.code) for e in known]),
            ]
        )
        form.set_values({"entity_id": known[0].id})

        def save(values: Mapping[str, Any], done: Done, failed: Failed) -> None:
            names = str(values["names"]).splitlines()
            order = (keep_seats, row.id, self.day, names, int(values["entity_id"]))
            self.bench.runner.write(*order, done=lambda _changes: done(), failed=failed)

        words = self.tr("Seats on {code}").format(code=row.code)
        open_form(self.bench.shell, FormBox(words, form, save, self.tr("Keep"), summary=day_words(self.day)))

    def _give_up(self, ids: list[int]) -> None:
        self.bench.runner.write(give_up_seats, ids)

    def _stop(self, row: ShuttleRow) -> None:
        self.bench.runner.write(stop_shuttle, row.id)

    def _run(self) -> None:
        self.bench.runner.write(run_shuttles, self.day)

    def _hear(self, changes: Changes) -> None:
        if {SHUTTLE, "transport.seat", "transport.request"} & changes.touched().keys():
            self.read()


def _stops(text: str, places: Sequence[ZoneRow]) -> tuple[StopForm, ...]:
    """The timetable as it was typed: an hour, a zone's code, and where there."""
    codes = {place.code.casefold(): place.id for place in places}
    found = []
    for row in text.splitlines():
        hour, _, rest = row.strip().partition(" ")
        code, _, place = rest.strip().partition(" ")
        if not hour:
            continue
        at = hour_of(hour, "stops")
        if at is None or code.casefold() not in codes:
            raise Faults({"stops": f"“{row.strip()}”: write an hour, a zone's code, and where there."})
        found.append(StopForm(codes[code.casefold()], at.hour * 60 + at.minute, place.strip()))
    return tuple(found)
