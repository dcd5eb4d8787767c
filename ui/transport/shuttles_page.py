"""Shuttles: their timetables, and a day's seats by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from typing import Any

from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

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
from ui.bench import Bench
from ui.kit.actions import Action
from ui.kit.buttons import Button, Tool
from ui.kit.cards import ScrollCard, clear, frame, line, rule
from ui.kit.chips import Chip, Status
from ui.kit.dialogs import FormBox, open_form
from ui.kit.fields import Field
from ui.kit.forms import Form
from ui.kit.labels import Label
from ui.kit.page import Page
from ui.kit.phrases import day as day_words
from ui.kit.states import State as Empty
from ui.transport.times import hour_of

Done = Callable[[], object]
Failed = Callable[[Exception], object]


class ShuttlesPage(Page):
    """Every service as a card: its stops, how many seats are taken on the day shown, and whose."""

    def __init__(self, bench: Bench, parent: QWidget) -> None:
        super().__init__(self.tr("Shuttles"), parent, help_page="transport")
        self.bench = bench
        self.day: date = local(clock()).date()
        self.rows: Sequence[ShuttleRow] = ()
        self.sheet = ScrollCard(self, look="plain")
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
        )
        self.body.addWidget(self.sheet, 1)
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
        if not rows:
            words = self.tr("Add one with its stops: it then comes to the day's list by itself, with as many people as "
                            "have a seat.")  # fmt: skip
            self.sheet.show_content(Empty("empty", self.tr("No shuttles yet"), words, icon="bus"), fill=True)
            return
        self.sheet.show_content(*(self._card(row) for row in rows), margins=(0, 0, 8, 8))

    def _card(self, row: ShuttleRow) -> QWidget:
        holder = frame(look="card", margins=(16, 12, 16, 12))
        inner = holder.layout()
        assert isinstance(inner, QVBoxLayout)
        clear(inner)
        free = row.seats - len(row.taken)
        chip = Status(self.tr("{count:seat|seats} free").format(count=Count(free)), "ok" if free else "warn", "users")
        runs = Status(self.tr("Does not run that day"), "idle", "circle-slash")
        listed = [Chip(Status(self.tr("On the list"), "info", "list-checks"))] if row.request_id else []
        buttons = []
        if self.bench.may(keep_seats) and row.runs:
            buttons.append(Button(self.tr("Keep seats"), "user-plus", "plain", partial(self._ask_seats, row)))
        if self.bench.may(stop_shuttle):
            buttons.append(Button(self.tr("Stop"), "x", "link", partial(self._stop, row)))
        top = line(Label(f"{row.code} · {row.name}", "h3"), Chip(chip if row.runs else runs), *listed, None, *buttons)
        inner.setSpacing(8)
        inner.addLayout(top)
        stops = " → ".join(f"{minute // 60:02}:{minute % 60:02} {place}" for place, minute in row.stops)
        inner.addWidget(Label(f"{stops} · {row.entity} · {self._days(row.weekdays)}", "muted", wrap=True))
        if row.taken:
            inner.addWidget(rule())
            inner.addLayout(self._seat_grid(row))
        return holder

    def _seat_grid(self, row: ShuttleRow) -> QGridLayout:
        """Who has which seat, three in a row, each with the way to give it up."""
        grid = QGridLayout()
        grid.setVerticalSpacing(2)
        for at, (ident, seat, name) in enumerate(row.taken):
            pieces: list[QWidget] = [Label(str(seat), "small-muted"), Label(name, "small")]
            if self.bench.may(give_up_seats):
                words = self.tr("Give up seat {seat}, {name}").format(seat=seat, name=name)
                pieces.append(Tool("x", words, partial(self._give_up, [ident])))
            grid.addLayout(line(*pieces, None), at // 3, at % 3)
        return grid

    def _days(self, weekdays: str) -> str:
        names = (self.tr("Mon"), self.tr("Tue"), self.tr("Wed"), self.tr("Thu"), self.tr("Fri"), self.tr("Sat"),
                 self.tr("Sun"))  # fmt: skip
        return " ".join(names[int(each) - 1] for each in weekdays)

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
