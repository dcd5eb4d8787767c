"""Bookings as lists: all of them, those held, those who wait."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from cbo_desk.conference import KIND, BookingFilter, BookingList, BookingRow, Status, import_bookings
from cbo_desk.conference.exporting import COLUMNS, rows
from cbo_desk.context import clock, local
from ui.conference.looks import chip_of, hours, kind_word, short_day, until
from ui.conference.view import View
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


class BookingsView(View):
    """A list of bookings with the card of the chosen one."""

    states: tuple[str, ...] = ()
    name = "bookings"
    sort, descending = "starts", True
    has_filter = True

    def __init__(self, page: ConferencePage) -> None:
        super().__init__(page)
        self.card = page.card
        self.within = "all"
        self.list = RecordList(
            self.bench.runner, self.columns(), self._listing, name=f"conference.{self.name}", title=self.heading(),
            things=self.tr("{count:booking|bookings}"), sort=self.sort, descending=self.descending, empty=self._nothing,
            preferences=self.bench.preferences, parent=self,
        )  # fmt: skip
        self.list.chosen.connect(self._settled)
        self.list.all_asked.connect(page.filter_box.clear)
        self.strip = ProgressStrip(self)
        self.export = Export(self.bench.runner, self.bench.preferences, self.bench.shell.toasts, self, self.strip)
        self.views = ListViews(
            self.bench.shell, self.bench.preferences, f"conference.{self.name}", self.shipped(), self
        )
        self.views.shown.connect(self._show_shipped)
        self.views.taken.connect(self._take)
        self.views.keep_from(lambda: self.list.view(within=self.within), lambda: self.list.columns)
        self.views.add_actions(self, f"conference.{self.name}", "conference")
        self.box.addLayout(self.views.row())
        self.box.addWidget(self.strip)
        self.box.addWidget(self.list, 1)

    def shipped(self) -> list[Tab]:
        """The views that every workstation has."""
        return [Tab("all", self.tr("All")), Tab("coming", self.tr("To come")), Tab("past", self.tr("Past"))]

    def _show_shipped(self, name: str) -> None:
        self.within = name
        self.list.begin_anew()

    def _take(self, view: SavedView) -> None:
        self.within = str(view.filters.get("within", "all"))
        self.page.filter_box.setText(str(view.filters.get("words", "")))
        self.list.take_view(view)

    def tools(self) -> Sequence[QWidget]:
        """Export of what is listed, and bookings brought in from a file."""
        tools: list[QWidget] = []
        if self.bench.may(import_bookings):
            bring = partial(self.bench.shell.actions_.run, "conference.bring")
            tools.append(Tool("upload", self.tr("Bring in a calendar or schedule"), bring, self))
        tools.append(Tool("download", self.tr("Export this list"), self._export, self, key="Ctrl+Shift+E"))
        return tools

    def enter(self) -> None:
        """Choose the booking on the card, where the list has it."""
        if self.page.booking_id is not None:
            self.list.model.position_of(self.page.booking_id)

    def chosen_ids(self) -> list[int]:
        """The chosen rows."""
        return self.list.chosen_ids()

    def filter_words(self, words: str) -> None:
        """Narrow the list."""
        self.list.find_words(words)

    def _settled(self, ident: int) -> None:
        """A row's booking on the card, unless another view is in front by now: what it chose is on the card then."""
        if self.in_front:
            self.page.show_booking(ident)

    def open_at(self, detail: str) -> bool:
        """Show one booking."""
        kind, _, ident = detail.partition(":")
        if kind != KIND or not ident.isdigit():
            return False
        self.list.show_record(int(ident))
        return True

    def columns(self) -> tuple[Column, ...]:
        """What the list shows; the ones of high priority hide first where there is little room."""
        return (
            Column(Look("reference", "ref", 86), self.tr("Ref"), lambda row: row.reference, sort="reference"),
            Column(Look("title", "text", 200, stretch=True), self.tr("Title"), lambda row: row.title, sort="title"),
            Column(Look("day", "date", 138), self.tr("Day"), self._day, sort="starts"),
            Column(Look("time", "muted", 98, 1), self.tr("Time"), lambda row: hours(row.starts, row.ends)),
            Column(Look("space", "text", 86, 2), self.tr("Space"), lambda row: row.space or "—"),
            Column(Look("layout", "muted", 96, 5), self.tr("Layout"), lambda row: kind_word(row.layout) or "—"),
            Column(Look("people", "num", 66, 4), self.tr("People"), lambda row: f"{row.people:,}", sort="people"),
            Column(Look("entity", "muted", 92, 6), self.tr("Entity"), lambda row: row.entity or "—"),
            *self.further(),
            Column(
                Look("state", "chip", 168, 0), self.tr("Status"), lambda row: chip_of(row, clock()).word,
                value=lambda row: chip_of(row, clock()),
            ),
        )  # fmt: skip

    def further(self) -> tuple[Column, ...]:
        """Columns of this list alone."""
        return ()

    def _day(self, row: BookingRow) -> str:
        day = local(row.starts).date()
        return f"{short_day(day)} {day:%Y}"

    def _listing(self, words: str, sort: str, descending: bool) -> BookingList:
        today = local(clock()).date()
        first = today if self.within == "coming" else None
        last = today - timedelta(days=1) if self.within == "past" else None
        wanted = BookingFilter(words=words, states=self.states, first=first, last=last)
        return BookingList(wanted, sort or self.sort, descending, today)

    def _nothing(self) -> State:
        return State(
            "empty", self.tr("No bookings yet"), self.tr("Draw one on the board, or find a space for it."),
            Button(self.tr("New booking"), "plus", run=self._new), icon="calendar-days",
        )  # fmt: skip

    def _new(self) -> None:
        self.bench.shell.actions_.run("conference.new")

    def _export(self) -> None:
        office, listing = self.bench.runner.office, self.list.listing()
        if isinstance(listing, BookingList):
            self.export.ask(self.heading(), COLUMNS, partial(rows, office, listing), total=self.list.model.rowCount())

    def heading(self) -> str:
        """The title of the list."""
        return self.tr("Bookings")


class HoldsView(BookingsView):
    """Holds, the one that ends first on top."""

    def shipped(self) -> list[Tab]:
        """What is held is to come."""
        return [Tab("all", self.tr("All"))]

    states = (Status.HOLD,)
    name = "holds"
    sort, descending = "hold_until", False

    def heading(self) -> str:
        """The title of the list."""
        return self.tr("Holds")

    def further(self) -> tuple[Column, ...]:
        """Until when each is held."""
        return (
            Column(
                Look("until", "date", 96, 1), self.tr("Held until"),
                lambda row: until(row.hold_until, clock()) if row.hold_until else "", sort="hold_until",
            ),
        )  # fmt: skip

    def _nothing(self) -> State:
        return State("empty", self.tr("Nothing is held"), self.tr("Every booking is confirmed."), icon="hourglass")


class WaitlistView(BookingsView):
    """Who waits for space, in the order in which they would be given it."""

    def shipped(self) -> list[Tab]:
        """Who waits, waits for what is to come."""
        return [Tab("all", self.tr("All"))]

    states = (Status.WAITLIST,)
    name = "waitlist"
    sort, descending = "turn", False

    def heading(self) -> str:
        """The title of the list."""
        return self.tr("Waitlist")

    def further(self) -> tuple[Column, ...]:
        """Their rank."""
        return (Column(Look("rank", "num", 60, 3), self.tr("Rank"), lambda row: str(row.rank), sort="turn"),)

    def _nothing(self) -> State:
        words = self.tr("Who finds no space can be put here, and is given it when it frees.")
        return State("empty", self.tr("Nobody waits"), words, icon="list-checks")
