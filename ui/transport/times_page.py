"""Travel times: for each pair of zones and band how long, how far, and how we know; edited, filled, learnt, asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QWidget

from cbo_desk.changes import Changes
from cbo_desk.context import clock, local
from cbo_desk.errors import Faults, Refusal
from cbo_desk.progress import Progress
from cbo_desk.transport import CellForm, ZoneForm, ZoneRow, add_zones, edit_zone, fill_assumed, set_times, zones
from cbo_desk.transport.kinds import ZONE_KIND
from cbo_desk.transport.learning import learn_times
from cbo_desk.transport.routing import Way, ask_server
from cbo_desk.transport.travel_files import COLUMNS, TravelLine, file_rows, read_times, travel_lines
from cbo_desk.transport.whole_lists import TimesList
from cbo_desk.transport.zones import time_now, travel_table
from cbo_desk.versions import Unchanged
from ui.bench import Bench
from ui.kit.actions import Action
from ui.kit.buttons import Button, Tool
from ui.kit.dialogs import FormBox, open_form
from ui.kit.export import Export
from ui.kit.fields import Field
from ui.kit.files import ask_open
from ui.kit.forms import Form
from ui.kit.meeting import Save, Standing
from ui.kit.page import Page
from ui.kit.record_list import RecordList
from ui.kit.states import ProgressStrip
from ui.kit.states import State as Empty
from ui.kit.tabs import Tab
from ui.kit.worded_views import WordedViews
from ui.transport.times_columns import times_columns

Done = Callable[[], object]
Failed = Callable[[Exception], object]


class TimesPage(Page):
    """The matrix as a list; everything that fills it is an action."""

    def __init__(self, bench: Bench, parent: QWidget) -> None:
        super().__init__(self.tr("Travel times"), parent, help_page="transport")
        self.bench = bench
        self.every: Sequence[TravelLine] = ()
        tr = self.tr
        shipped = [Tab("all", tr("All")), Tab("given", tr("Given")), Tab("learnt", tr("Learnt")),
                   Tab("routed", tr("Routed")), Tab("assumed", tr("Assumed"))]  # fmt: skip
        self.views = WordedViews(bench.shell, bench.preferences, "transport.times", shipped, self.tabs, self)
        self.list = RecordList(
            bench.runner, times_columns(), self._listing, name="transport.times", title=tr("Travel times"),
            things=tr("{count:travel time|travel times}"), sort="from", empty=self._none_yet,
            preferences=bench.preferences, parent=self,
        )  # fmt: skip
        self.strip = ProgressStrip(self)
        self.export = Export(bench.runner, bench.preferences, bench.shell.toasts, self, self.strip)
        self._add_head()
        self.body.addWidget(self.strip)
        self.set_body(self.list)
        self.list.all_asked.connect(self.filter_box.clear)
        self.filtered.connect(self.list.find_words)
        self.views.narrow(self.list, self.filter_box)
        self.list.table.doubleClicked.connect(lambda _index: self.edit())
        bench.runner.changed.connect(self._hear)
        self.read()

    def read(self) -> None:
        """Read the matrix anew."""
        self.bench.runner.read(self, travel_lines, done=self.show_lines)

    def show_lines(self, lines: Sequence[TravelLine]) -> None:
        """Show the matrix."""
        self.every = lines
        for name in ("given", "learnt", "routed", "assumed"):
            self.tabs.set_count(name, sum(1 for line in lines if line.source == name))
        self.tabs.set_count("all", len(lines))
        self.say(self.tr("Every leg knows its source; what staff give is never overwritten by what is learnt."))
        self.list.refresh()

    def _listing(self, words: str, sort: str, descending: bool) -> TimesList:
        return TimesList(words, sort, descending, "" if self.views.whole() else self.views.view)

    def _none_yet(self) -> Empty:
        if not self.views.whole():
            return Empty("empty", self.tr("Nothing here"), self.tr("No travel time has this source."), icon="timer")
        words = self.tr("Add two zones with their coordinates, or import a matrix.")
        return Empty("empty", self.tr("No zones yet"), words, icon="timer")

    def _add_head(self) -> None:
        add = self.bench.shell.actions_.add
        tr = self.tr
        deeds = (
            ("zone", tr("Add a zone"), "plus", "Ctrl+N", self.new_zone, add_zones),
            ("edit", tr("Set this time"), "pencil", "E", self.edit, set_times),
            ("edit_zone", tr("Edit a zone"), "map-pin", "Z", self.ask_zone, edit_zone),
            ("fill", tr("Fill by distance"), "ruler", "", self._fill, fill_assumed),
            ("learn", tr("Learn from closed trips"), "history", "", self._learn, learn_times),
            ("route", tr("Ask a routing server"), "server", "", self.ask_server, set_times),
            ("import", tr("Import a matrix"), "upload", "", self.ask_import, set_times),
        )
        for name, label, icon, key, run, work in deeds:
            if self.bench.may(work):
                add(self, Action(f"transport.times.{name}", label, run, icon, key, "transport"))
        buttons = [Button(tr("Dispatch"), "arrow-left", "plain", partial(self.bench.shell.go, "transport"))]
        if self.bench.may(fill_assumed):
            buttons += [
                Button(tr("Fill by distance"), "ruler", "plain", self._fill),
                Button(tr("Learn"), "history", "plain", self._learn),
                Button(tr("Add a zone"), "plus", "primary", self.new_zone, "Ctrl+N"),
            ]
        self.add_buttons(*buttons)
        self.use_filter(tr("Filter travel times"))
        self.views.add_actions(self, "transport.times", "transport")
        self.add_tools(
            self.views.tool,
            Tool("server", tr("Ask a routing server"), self.ask_server),
            Tool("upload", tr("Import a matrix"), self.ask_import),
            Tool("download", tr("Export the matrix"), self.ask_export),
        )

    def _hear(self, changes: Changes) -> None:
        if {"transport.zone", "transport.band"} & changes.touched().keys():
            self.read()

    # --- deeds

    def new_zone(self) -> None:
        """Ask for a new zone."""
        self._zone(None)

    def ask_zone(self) -> None:
        """Edit the zone that the chosen line starts from."""
        line = self._line()
        if line is not None:
            self.bench.runner.read(self, zones, done=partial(self._zone_of, line.from_zone_id))

    def _zone_of(self, ident: int, known: Sequence[ZoneRow]) -> None:
        self._zone(next((row for row in known if row.id == ident), None))

    def _zone(self, row: ZoneRow | None) -> None:
        form = Form(
            [
                Field("code", self.tr("Code"), required=True, hint="JKIA"),
                Field("name", self.tr("Name"), required=True, beside=True),
                Field("latitude", self.tr("Latitude"), "number", hint="-1.3192"),
                Field("longitude", self.tr("Longitude"), "number", hint="36.9278", beside=True),
                Field("upcountry", self.tr("Upcountry: trips need a security clearance"), "yes"),
            ]
        )
        if row is not None:
            form.set_values({name: getattr(row, name) for name in form.editors})

        def saving(row: ZoneRow | None) -> Save:
            def save(values: Mapping[str, Any], done: Done, failed: Failed) -> None:
                made = _zone_of(values)
                order: tuple[Any, ...] = (add_zones, [made])
                if row is not None:
                    order = (edit_zone, row.id, row.version, made)
                self.bench.runner.write(*order, done=lambda _changes: done(), failed=failed)

            return save

        def standing(ident: int, known: Sequence[ZoneRow]) -> Standing:
            now = next((one for one in known if one.id == ident), None)
            if now is None:
                raise Refusal(self.tr("This zone is no longer there."))
            return Standing({name: getattr(now, name) for name in form.editors}, saving(now))

        edited = None
        if row is not None:
            edited = self.bench.edited(self, ZONE_KIND, row.id, zones, partial(standing, row.id), ())
        heading = self.tr("Edit {code}").format(code=row.code) if row is not None else self.tr("Add a zone")
        box = FormBox(heading, form, saving(row), self.tr("Save"), width=480, edited=edited)
        open_form(self.bench.shell, box)

    def edit(self) -> None:
        """Ask how long the chosen way takes."""
        line = self._line()
        if line is None:
            return
        form = Form(
            [
                Field("minutes", self.tr("Minutes"), "number", required=True),
                Field("km", self.tr("Kilometres"), "number", beside=True),
            ]
        )
        form.set_values({"minutes": round(line.seconds / 60), "km": round(line.metres / 1000, 1)})

        def save(values: Mapping[str, Any], done: Done, failed: Failed) -> None:
            minutes, km = float(values["minutes"]), float(values["km"] or 0)
            if not 0 <= minutes <= 1440:
                failed(Faults({"minutes": self.tr("Minutes lie between 0 and 1,440.")}))
                return
            cell = CellForm(line.from_zone_id, line.to_zone_id, line.band_id, round(minutes * 60), round(km * 1000))
            way = (line.from_zone_id, line.to_zone_id, line.band_id)
            order = Unchanged(set_times, time_now, way, (line.seconds, line.metres))
            self.bench.runner.write(order, [cell], done=lambda _changes: done(), failed=failed)

        heading = f"{line.start} → {line.end}, {line.band}"
        open_form(self.bench.shell, FormBox(heading, form, save, self.tr("Save"), width=420))

    def _line(self) -> TravelLine | None:
        line = self.list.model.row_at(self.list.table.currentIndex().row())
        return line if isinstance(line, TravelLine) else None

    def _fill(self) -> None:
        self.bench.runner.write(fill_assumed)

    def _learn(self) -> None:
        self.bench.runner.write(learn_times)

    def ask_server(self) -> None:
        """Ask for a routing server's address, and ask it for every pair; the window never waits for it."""
        form = Form([Field("address", self.tr("Address"), required=True, hint="osrm+http://localhost:5000")])

        def save(values: Mapping[str, Any], done: Done, failed: Failed) -> None:
            office = self.bench.runner.office

            def work(_progress: Progress) -> list[Way]:
                points = list(office.read(travel_table).zones.values())
                return ask_server(str(values["address"]), points)

            def told(ways: list[Way]) -> None:
                cells = self._cells(ways)
                if not cells:
                    failed(Refusal(self.tr("Every time is given or learnt: the server's change nothing.")))
                    return
                self.bench.runner.write(set_times, cells, done=lambda _changes: done(), failed=failed)

            self.bench.runner.job(self, work, done=told, failed=failed)

        words = self.tr("Times that staff gave or that were learnt stay as they are.")
        box = FormBox(self.tr("Ask a routing server"), form, save, self.tr("Ask"), summary=words, width=480)
        open_form(self.bench.shell, box)

    def _cells(self, ways: Sequence[Way]) -> list[CellForm]:
        """The server's times for every band in which nothing better is known."""
        by_pair = {(way.from_zone_id, way.to_zone_id): way for way in ways}
        found = []
        for line in self.every:
            way = by_pair.get((line.from_zone_id, line.to_zone_id))
            if way is not None and line.source in ("assumed", "routed"):
                found.append(
                    CellForm(line.from_zone_id, line.to_zone_id, line.band_id, way.seconds, way.metres, "routed")
                )
        return found

    def ask_import(self) -> None:
        """Ask for a CSV file and take its times; a file with a fault in it changes nothing."""
        kinds = (self.tr("CSV (*.csv)"),)
        ask_open(self, self.tr("Import a matrix"), kinds, "transport", self.bench.preferences, self.take)

    def take(self, path: Path) -> None:
        """Take the times of a file."""
        self.bench.runner.read(self, read_times, path, done=self._taken)

    def _taken(self, cells: list[CellForm]) -> None:
        if cells:
            self.bench.runner.write(set_times, cells)
        else:
            self.bench.shell.toasts.say(self.tr("The file says nothing new."))

    def ask_export(self) -> None:
        """Ask for a file and write the matrix there, with the source of each cell."""
        title = self.tr("Travel times {day}").format(day=f"{local(clock()):%Y-%m-%d}")
        office, listing = self.bench.runner.office, self.list.listing()
        assert isinstance(listing, TimesList)

        def rows() -> Iterable[Sequence[Any]]:
            return file_rows([line.row for line in office.read(listing.lines)])

        narrowed, total = self.list.narrowed(self.views.title()), self.list.model.rowCount()
        self.export.ask(title, COLUMNS, rows, total=total, narrowed=narrowed)


def _zone_of(values: Mapping[str, Any]) -> ZoneForm:
    spots = {n: None if values[n] is None else float(values[n]) for n in ("latitude", "longitude")}
    return ZoneForm(str(values["code"]), str(values["name"]), **spots, upcountry=bool(values["upcountry"]))
