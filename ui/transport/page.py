"""The dispatch page: the day's requests above, vehicles against time below, the chosen request's card beside them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QSplitter, QWidget

from cbo_desk.changes import Changes
from cbo_desk.context import clock, local
from cbo_desk.transport import (
    DRIVER,
    REQUEST,
    TRIP,
    VEHICLE,
    DayPicture,
    RequestCard,
    RequestFilter,
    RequestList,
    Suggestion,
    TransportFigures,
    day_picture,
    figures,
    make_requests,
    pass_stop,
    request_card,
    suggestions,
    trip_requests,
)
from ui.bench import Bench, record_of
from ui.kit.buttons import Button, Tool
from ui.kit.cards import frame, rule
from ui.kit.export import Export
from ui.kit.page import Page
from ui.kit.phrases import day as day_words
from ui.kit.record_list import RecordList
from ui.kit.states import ProgressStrip, State
from ui.kit.tabs import Tab
from ui.transport.board import Board
from ui.transport.board_deeds import BoardDeeds
from ui.transport.card import RequestCardView
from ui.transport.columns import columns
from ui.transport.deeds import RequestDeeds
from ui.transport.further import FURTHER, add_further, pop_further
from ui.transport.looks import count_tone
from ui.transport.request_form import RequestForms
from ui.transport.scans import RoadScans
from ui.transport.views import RequestViews, figure_words, view_words

COUNT_PAUSE_MS = 200
MINUTE_MS = 60_000
HEARD = {REQUEST, TRIP, VEHICLE, DRIVER, "transport.outage", "transport.time", "transport.paper", "tags.tag"}


class TransportPage(Page):
    """The list, the board and the card of one day; everything that can be done is an action that Ctrl+K finds."""

    def __init__(self, bench: Bench, parent: QWidget) -> None:
        super().__init__(self.tr("Vehicle dispatch"), parent, help_page="transport")
        self.bench = bench
        self.day: date = local(clock()).date()
        self.board = Board(self)
        self.views = RequestViews(bench, self, lambda: self.board.picture)
        self.forms = RequestForms(bench, self, lambda: self.day)
        self.card = RequestCardView(self)
        self.list = RecordList(
            bench.runner,
            columns(),
            self._listing,
            name="transport.requests",
            title=self.tr("Trips"),
            things=self.tr("{count:trip|trips}"),
            sort="pickup",
            empty=self._nothing_yet,
            preferences=bench.preferences,
            parent=self,
        )
        self.strip = ProgressStrip(self)
        self.export = Export(bench.runner, bench.preferences, bench.shell.toasts, self, self.strip)
        self.scans = RoadScans(bench, self, self.card.trip_in_hand)
        self.deeds = RequestDeeds(self)
        self.hand = BoardDeeds(self)
        add_further(bench, self)
        self._add_head()
        self.deeds.add()
        self.body.addWidget(self.strip)
        self.halves = QSplitter(Qt.Orientation.Vertical, self)
        self.halves.addWidget(frame(self.views.chips, rule(), self.list, look="plain", gap=4))
        self.halves.addWidget(frame(self.board, look="card", margins=(1, 1, 1, 1)))
        self.halves.setSizes([560, 340])
        self.halves.setChildrenCollapsible(False)
        self.set_body(self.halves, self.card, card=372, preferences=bench.preferences, name="transport")
        self._recount = QTimer(self)
        self._recount.setSingleShot(True)
        self._recount.setInterval(COUNT_PAUSE_MS)
        self._recount.timeout.connect(self._count)
        # What is late becomes so by itself.
        self._minute = QTimer(self)
        self._minute.setInterval(MINUTE_MS)
        self._minute.timeout.connect(self._count)
        self._minute.start()
        self._figures: TransportFigures | None = None
        self._connect()
        self._count()

    def open_at(self, detail: str) -> None:
        """Show one request, trip or day: scans, Ctrl+K and Alt+← lead here; vehicles have a page of their own."""
        record = record_of(detail)
        if record is not None and record[0] == REQUEST:
            self.lead_to(record[1])
        elif record is not None and record[0] == TRIP:
            self.bench.runner.read(self, trip_requests, record[1], done=self._lead_to_first)
        elif record is not None and record[0] in FURTHER:
            self.bench.shell.go(FURTHER[record[0]], detail)
        elif detail.startswith("show:"):
            self.show_view(detail.removeprefix("show:"))
        elif detail.startswith("day:"):
            self.show_day(date.fromisoformat(detail.removeprefix("day:")))

    def lead_to(self, request_id: int) -> None:
        """Show a request, on its own day."""
        self.bench.runner.read(self, request_card, request_id, done=self._lead_to)

    def show_view(self, view: str, words: str = "") -> None:
        """Show one of the shipped views, narrowed to some words."""
        self.tabs.choose(view)
        self.views.view = view
        if words != self.filter_box.text():
            self.filter_box.setText(words)
        self.list.begin_anew()

    def show_day(self, day: date) -> None:
        """Show another day's requests and board."""
        self.day = day
        self.list.begin_anew()
        self._count()

    def step(self, days: int) -> None:
        """Go some days on or back."""
        self.show_day(self.day + timedelta(days=days))

    def go_today(self) -> None:
        """Show today."""
        self.show_day(local(clock()).date())

    # --- head

    def _add_head(self) -> None:
        run = self.bench.shell.actions_.run
        buttons = [Button(self.tr("Print sheets"), "printer", "plain", partial(run, "transport.sheets"))]
        buttons.append(Button(self.tr("Plan the day"), "sparkles", "plain", partial(run, "transport.plan")))
        if self.bench.may(make_requests):
            words = self.tr("New trip")
            buttons.append(Button(words, "plus", "primary", partial(run, "transport.new"), "Ctrl+N"))
        self.add_buttons(*buttons)
        self.tabs.show_tabs([Tab(name, words, 0) for name, words in view_words().items()], "all")
        self.use_filter(self.tr("Filter trips"))
        self.further = Tool("menu", self.tr("Fleet, drivers, shuttles, travel times and costs"), self._open_further)
        self.add_tools(
            Tool("chevron-left", self.tr("A day earlier"), partial(self.step, -1)),
            Tool("calendar", self.tr("Today"), self.go_today),
            Tool("chevron-right", self.tr("A day later"), partial(self.step, 1)),
            self.views.tool,
            Tool("download", self.tr("Export this view"), partial(run, "transport.export")),
            self.further,
        )

    def _open_further(self) -> None:
        pop_further(self.bench, self, self.further)

    def _connect(self) -> None:
        self.list.chosen.connect(self._read)
        self.list.counted.connect(self._compare)
        self.list.all_asked.connect(self.filter_box.clear)
        self.card.chosen.connect(self.bench.shell.actions_.run)
        self.card.more.connect(self._more)
        self.card.assign.connect(self.deeds.assign)
        self.card.passed.connect(partial(self.bench.runner.write, pass_stop))
        self.forms.made.connect(self.lead_to)
        self.tabs.chosen.connect(self.show_view)
        self.filtered.connect(self._narrow)
        self.views.opened.connect(self.show_view)
        self.views.changed.connect(self._filter)
        self.board.chosen.connect(self.hand.chosen_on_board)
        self.board.assigned.connect(self.hand.put_request)
        self.board.moved.connect(self.hand.put_trip)
        self.board.menu_asked.connect(self.hand.menu)
        self.board.refused.connect(lambda why: self.bench.shell.toasts.say(why, tone="warn"))
        self.bench.runner.changed.connect(self._hear)
        self.bench.feed.ask(self, self.scans.heard)

    def _narrow(self, words: str) -> None:
        self.views.narrow(words)
        self.list.find_words(words)

    def _filter(self, wanted: RequestFilter) -> None:
        self.filter_box.setText(wanted.words)
        self.list.begin_anew()

    def _listing(self, words: str, sort: str, descending: bool) -> RequestList:
        wanted = replace(self.views.filter, words=words, day=self.day, view=self.views.view)
        return RequestList(wanted, sort or "pickup", descending)

    def _nothing_yet(self) -> State:
        run = partial(self.bench.shell.actions_.run, "transport.new")
        button = Button(self.tr("New trip"), "plus", run=run) if self.bench.may(make_requests) else None
        if self.views.view != "all":
            return State("empty", self.tr("Nothing here"), self.tr("No trip stands so on this day."), icon="car")
        words = self.tr("Nobody asked for a trip on {day}.").format(day=day_words(self.day))
        return State("empty", self.tr("No trips"), words, button, icon="car")

    # --- what is read

    def _count(self) -> None:
        self.bench.runner.read(self, figures, self.day, done=self._say_figures)
        self.bench.runner.read(self, day_picture, self.day, done=self._show_picture)

    def _compare(self, counted: int) -> None:
        """Count anew where the list holds another number than the head says, before the feed tells why."""
        told = self._figures
        if told is not None and told.day == self.day and self.views.whole_day and counted != told.total:
            self._recount.start()

    def _say_figures(self, found: TransportFigures) -> None:
        if found.day != self.day:
            return
        self._figures = found
        for view, count in (("all", found.total), ("needs", found.needs), ("road", found.road), ("late", found.late),
                            ("requests", found.requests), ("gone", None)):  # fmt: skip
            self.tabs.set_count(view, count)
        today = self.day == local(clock()).date()
        self.say(figure_words(found, today))
        if today:
            self.bench.shell.set_count("transport", found.waiting, count_tone(found))

    def _show_picture(self, picture: DayPicture) -> None:
        if picture.day != self.day:
            return
        self.board.timeline.put_back()
        self.board.show_day(picture)
        if self.card.card is not None:
            self.board.choose_request(self.card.card.id)
            self._show_clashes(self.card.card)

    def _hear(self, changes: Changes) -> None:
        touched = changes.touched()
        if not HEARD & touched.keys():
            return
        self._recount.start()
        shown = self.card.card
        if shown is not None and (changes.everything or shown.id in touched.get(REQUEST, ()) or TRIP in touched):
            self._read(shown.id)

    # --- card

    def _read(self, ident: int) -> None:
        self.bench.read_card(self, self.card, request_card, ident, done=self._show, failed=self._gone)

    def _show(self, card: RequestCard) -> None:
        self.card.show_card(card, self.deeds.offered(card))
        self.card.aboard.show_trip(self.bench, card.row.trip_id)
        self.bench.shell.note_stop("transport", f"{REQUEST}:{card.id}")
        self.board.choose_request(card.id)
        self._show_clashes(card)
        self.bench.runner.read(self, suggestions, card.id, done=partial(self._suggest, card.id))

    def _suggest(self, ident: int, found: list[Suggestion]) -> None:
        if self.card.card is not None and self.card.card.id == ident and found:
            self.card.show_suggestions(found)

    def _show_clashes(self, card: RequestCard) -> None:
        picture = self.board.picture
        found = picture.clashes if picture is not None and card.row.trip_id is not None else ()
        self.card.show_clashes([each for each in found if each.trip_id == card.row.trip_id])

    def _gone(self, error: Exception) -> None:
        self.card.show_nothing()
        self.bench.runner.failed.emit(error)

    def _lead_to(self, card: RequestCard) -> None:
        day = local(card.form.pickup_from).date()
        if day != self.day:
            self.day = day
            self._count()
        if self.views.view != "all":
            self.show_view("all")
        self.list.refresh()
        self.list.show_record(card.id)

    def _lead_to_first(self, ids: list[int]) -> None:
        if ids:
            self.bench.runner.read(self, request_card, ids[0], done=self._lead_to)

    def _more(self, button: QWidget) -> None:
        menu = self.bench.shell.actions_.menu(self, self.deeds.more())
        menu.popup(button.mapToGlobal(button.rect().bottomLeft()))
