"""The day, the week and the month of every room on one board; below a day, the people on the compound hour by hour."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QDate, QPoint, Qt, QTimer
from PySide6.QtWidgets import QCalendarWidget, QMenu, QSizePolicy, QWidget, QWidgetAction

from cbo_desk.changes import Changes
from cbo_desk.conference import KIND, Board, BoardBooking, Slot, add_space, board, crowd, shift_booking
from cbo_desk.conference.spaces import CLOSURE, SPACE
from cbo_desk.context import clock, local
from ui.conference.board import axis_of, bars_of, clash, columns_of, days_of, rows_of, target
from ui.conference.looks import short_day
from ui.conference.people_chart import PeopleChart
from ui.conference.view import View
from ui.kit.buttons import Button, Tool
from ui.kit.cards import frame, rule
from ui.kit.legend import Legend
from ui.kit.phrases import day as day_words
from ui.kit.states import ListOrState, State
from ui.kit.timeline import Timeline
from ui.kit.timeline_parts import Move

if TYPE_CHECKING:
    from ui.conference.page import ConferencePage

MINUTE_MS = 20_000
REREAD_MS = 60


class BoardView(View):
    """A board of some days. `days` is day, week or month."""

    days = "day"

    def __init__(self, page: ConferencePage) -> None:
        super().__init__(page)
        self.board: Board | None = None
        self.card = page.card
        self._bookings: dict[int, BoardBooking] = {}
        self.timeline = Timeline(self.tr("Rooms against time"), self, row_height=40 if self.days == "day" else 34)
        self.timeline.clash = self._clash
        self.timeline.chosen.connect(self._chosen)
        self.timeline.opened.connect(self._opened)
        self.timeline.moved.connect(self._moved)
        self.timeline.refused.connect(lambda words: self.bench.shell.toasts.say(words, tone="warn"))
        self.timeline.asked.connect(self._asked)
        self.timeline.menu_asked.connect(self._menu)
        self._tools = self._make_tools()
        self._build()
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.setInterval(REREAD_MS)
        self._again.timeout.connect(self.read)
        self._clock = QTimer(self)
        self._clock.setInterval(MINUTE_MS)
        self._clock.timeout.connect(self._tick)

    # --- what the page asks

    def tools(self) -> Sequence[QWidget]:
        """The day before, the calendar, the day after."""
        return self._tools

    def enter(self) -> None:
        """Read the days."""
        self.read()
        self._clock.start()

    def hear(self, changes: Changes) -> None:
        """Read them anew where a booking, a space or a closure changed."""
        if {KIND, SPACE, CLOSURE} & changes.touched().keys():
            self._again.start()

    def chosen_ids(self) -> list[int]:
        """The chosen booking; none while other days are on their way: what is on the card is meant then."""
        bar = self.timeline.current() if self._shows_its_days() else None
        return [bar.key] if bar is not None and isinstance(bar.key, int) else []

    def open_at(self, detail: str) -> bool:
        """Show the day of a date such as day:2026-07-14."""
        name, _, value = detail.partition(":")
        if name != "day":
            return False
        self.go_to(date.fromisoformat(value))
        return True

    def go_to(self, day: date) -> None:
        """Show the days that hold a day."""
        self.page.day = day
        self.read()

    def step(self, by: int) -> None:
        """Go on by a day, a week or a month."""
        first, days = days_of(self.days, self.page.day)
        self.go_to(first + timedelta(days=days if by > 0 else -1) if self.days == "month" else
                   self.page.day + timedelta(days=by * days))  # fmt: skip

    def read(self) -> None:
        """Read the days in front."""
        first, days = days_of(self.days, self.page.day)
        self._say_day(first, days)
        self.bench.runner.read(self, board, first, days, done=self._show)
        if self.days == "day":
            self._read_people()

    def pick_up(self) -> None:
        """Take the chosen booking in hand, to be moved by keys."""
        if not self.timeline.pick_up():
            self.bench.shell.toasts.say(self.tr("Choose a booking that can still be moved."), tone="warn")

    # --- parts

    def _build(self) -> None:
        legend = Legend(self._legend(), self)
        legend.setContentsMargins(14, 2, 8, 2)
        self.states = ListOrState(self.timeline)
        pieces: list[QWidget] = [legend, rule(), self.states]
        self.box.addWidget(frame(*pieces, margins=(1, 6, 1, 1), gap=4), 3)
        self.people: PeopleChart | None = None
        if self.days == "day":
            self.people = PeopleChart(self.timeline, self)
            self.people.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
            self.box.addWidget(frame(self.people, margins=(1, 1, 1, 1)), 1)

    def _legend(self) -> list[Any]:
        return [
            ("info", self.tr("Confirmed")),
            ("live", self.tr("In session")),
            ("idle", self.tr("Hold")),
            ("warn", self.tr("Hold ends today")),
            ("ok", self.tr("Over")),
        ]

    def _make_tools(self) -> list[QWidget]:
        before = Tool("chevron-left", self.tr("Earlier"), partial(self.step, -1), self, key="Alt+PgUp")
        self.day_button = Button("", "calendar-days", "plain", self._open_calendar, parent=self)
        after = Tool("chevron-right", self.tr("Later"), partial(self.step, 1), self, key="Alt+PgDown")
        return [before, self.day_button, after]

    def _say_day(self, first: date, days: int) -> None:
        if days == 1:
            words = f"{short_day(first)} {first:%Y}"
        elif days == 7:
            last = first + timedelta(days=6)
            words = f"{short_day(first)} – {day_words(last)}"
        else:
            words = f"{first:%B %Y}"
        self.day_button.set_words(words)

    def _open_calendar(self) -> None:
        menu = QMenu(self)
        calendar = QCalendarWidget(menu)
        calendar.setFirstDayOfWeek(Qt.DayOfWeek.Monday)
        chosen = self.page.day
        calendar.setSelectedDate(QDate(chosen.year, chosen.month, chosen.day))
        calendar.setAccessibleName(self.tr("Go to a day"))

        def go(value: QDate) -> None:
            menu.close()
            self.go_to(date(value.year(), value.month(), value.day()))

        calendar.activated.connect(go)
        calendar.clicked.connect(go)
        holder = QWidgetAction(menu)
        holder.setDefaultWidget(calendar)
        menu.addAction(holder)
        menu.popup(self.day_button.mapToGlobal(self.day_button.rect().bottomLeft()))
        calendar.setFocus()

    def _read_people(self) -> None:
        if self.board is None:
            return
        axis = axis_of(self.board)
        self.bench.runner.read(self, crowd, Slot(axis.starts, axis.ends), done=self._show_people)

    def _show_people(self, found: Any) -> None:
        if self.people is not None:
            self.people.show_day(found, clock(), self.page.booking_words())

    def _shows_its_days(self, found: Board | None = None) -> bool:
        """Whether a board, or else the one shown, is of the days in front."""
        there = found or self.board
        return there is not None and (there.first, there.days) == days_of(self.days, self.page.day)

    def _show(self, found: Board) -> None:
        if not self._shows_its_days(found):
            return  # another day was asked for meanwhile
        fresh = self.board is None or self.board.first != found.first
        self.board = found
        self._bookings = {each.row.id: each for each in found.bookings}
        if not found.rows:
            self.states.show_state(self._no_rooms())
            return
        self.states.show_content()
        self.timeline.show_board(axis_of(found), rows_of(found), bars_of(found), columns_of(found))
        self._tick()
        if self.page.booking_id is not None:
            self.timeline.choose(self.page.booking_id)
        elif fresh and found.bookings and self.days == "day" and self.in_front:
            self._choose_first(found)
        if fresh and self.days == "day":
            self._read_people()
        if self.in_front:
            self.page.say_board(found)

    def _choose_first(self, found: Board) -> None:
        """What asks for a deed is chosen first: a hold that ends soonest, else what is under way or comes next."""
        now = clock()
        held = sorted((b for b in found.bookings if b.row.hold_until), key=lambda b: b.row.hold_until or now)
        coming = [each for each in found.bookings if each.row.ends > now]
        chosen = (held or coming or list(found.bookings))[0]
        self.page.show_booking(chosen.row.id)
        self.timeline.choose(chosen.row.id)

    def _no_rooms(self) -> State:
        button = None
        if self.bench.may(add_space):
            button = Button(self.tr("Add a space"), "plus", run=self._add_space)
        return State(
            "empty", self.tr("No rooms yet"), self.tr("Enter the rooms first: their areas, layouts and seats."), button,
            icon="door-open",
        )  # fmt: skip

    def _add_space(self) -> None:
        """Go to where rooms are entered, and open the form of the first."""
        self.page.show_view("spaces")
        self.bench.shell.actions_.run("conference.add_space")

    def _tick(self) -> None:
        self.timeline.show_now(clock())

    # --- what hands do

    def _chosen(self, key: object) -> None:
        if isinstance(key, int) and self._shows_its_days():
            self.page.show_booking(key)

    def _opened(self, key: object) -> None:
        if isinstance(key, int):
            self.page.show_booking(key)
            self.bench.shell.actions_.run("conference.edit")

    def _clash(self, move: Move) -> str:
        if self.board is None or not isinstance(move.key, int) or move.key not in self._bookings:
            return ""
        if not isinstance(move.row, int):
            return self.tr("These rooms are closed then.")
        return clash(self.board, self._bookings[move.key], move, move.row)

    def _moved(self, move: Move) -> None:
        assert self.board is not None
        booking = self._bookings[int(str(move.key))]
        space = target(self.board, booking, int(str(move.row)))
        if space is None:
            self.timeline.put_back()
            return
        self.bench.runner.write(
            shift_booking, booking.row.id, booking.version, space.id, Slot(move.starts, move.ends),
            failed=self._not_moved,
        )  # fmt: skip

    def _not_moved(self, error: Exception) -> None:
        self.timeline.put_back()
        self.read()
        self.bench.runner.failed.emit(error)

    def _asked(self, row: object, starts: Any, ends: Any) -> None:
        found = next((each for each in self.board.rows if each.key == row), None) if self.board else None
        space = found.space if found is not None else None
        self.page.new_booking(space.id if space is not None else None, local(starts), local(ends))

    def _menu(self, _key: object, at: QPoint) -> None:
        self.page.deeds.menu(self).popup(at)


class DayView(BoardView):
    """One day."""


class WeekView(BoardView):
    """A week, Monday to Sunday."""

    days = "week"


class MonthView(BoardView):
    """A month."""

    days = "month"
