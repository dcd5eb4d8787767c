"""The conference desk on the screen: its views behind tabs, the card of the chosen booking, and every deed."""

from __future__ import annotations

from datetime import date, datetime
from functools import partial

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QStackedWidget, QWidget

from cbo_desk.changes import Changes
from cbo_desk.conference import (
    KIND,
    Board,
    BookingCard,
    DeskFigures,
    DoorSign,
    booking_card,
    desk_figures,
    door_sign,
    make_bookings,
    readiness,
)
from cbo_desk.conference.project.phases import PHASE
from cbo_desk.conference.spaces import SPACE
from cbo_desk.context import clock, local
from cbo_desk.plurals import Count
from ui.bench import Bench, record_of
from ui.conference.card import BookingCardView, CardDeed
from ui.conference.days import BoardView
from ui.conference.deeds import ConferenceDeeds
from ui.conference.looks import hours, until
from ui.conference.offering import offered
from ui.conference.view import View, places
from ui.kit.buttons import Button, Tool
from ui.kit.cards import line
from ui.kit.page import Page, Split
from ui.kit.tabs import Tab

COUNT_PAUSE_MS = 200
WIDE_CARD = 372


class ConferencePage(Page):
    """The desk. `day` is the day in front, `booking_id` the booking on the card; each view reads both."""

    def __init__(self, bench: Bench, parent: QWidget) -> None:
        super().__init__(self.tr("Conference rooms"), parent, help_page="conference")
        self.bench = bench
        self.day: date = local(clock()).date()
        self.booking_id: int | None = None
        self.card = BookingCardView(bench, self)
        self.views: dict[str, View] = {}
        self._places = {place.id: place for place in places()}
        self._left, self._right = QStackedWidget(self), QStackedWidget(self)
        self._right.addWidget(self.card)
        self.deeds = ConferenceDeeds(self)
        self._summary = ""
        self._add_head()
        self.deeds.add()
        self._split = Split(self._left, self._right, "conference", bench.preferences, WIDE_CARD)
        fold = Tool("panel-right", self.tr("Show or hide the card"), self._split.toggle, self)
        self.add_tools(fold)
        self.body.addWidget(self._split, 1)
        self._recount = QTimer(self)
        self._recount.setSingleShot(True)
        self._recount.setInterval(COUNT_PAUSE_MS)
        self._recount.timeout.connect(self._count)
        self._connect()
        self.show_view("day")
        self._count()

    # --- what others ask

    @property
    def view(self) -> View:
        """The view in front."""
        return self.views[self.tabs.current()]

    def open_at(self, detail: str) -> None:
        """Show one booking, space, day or view: scans, Ctrl+K and Alt+← lead here."""
        name, _, rest = detail.partition(":")
        if name == "show":
            self.show_view(rest)
            return
        if name == "day":
            self.show_view("day")
            self.view.open_at(detail)
            return
        record = record_of(detail)
        if record is not None and record[0] == KIND:
            self.bench.runner.read(self, booking_card, record[1], done=self._open_booking)
        elif record is not None and record[0] == PHASE:
            self.show_view("project")
            self.view.open_at(detail)
        elif record is not None and record[0] == SPACE:
            self._open_space(record[1])

    def show_view(self, name: str) -> None:
        """Bring a view to the front; it is made when it is first looked at."""
        if name not in self._places:
            return
        self.tabs.choose(name)
        if name not in self.views:
            view = self._places[name].make(self)
            self.views[name] = view
            self._left.addWidget(view)
            holder = QWidget(self)
            holder.setLayout(line(*view.tools(), gap=2))
            self._holders[name] = holder
            self._tools.insertWidget(self._tools.count() - 1, holder)
        for other, holder in self._holders.items():
            holder.setVisible(other == name)
        self._name_new(name)
        view = self.views[name]
        self._left.setCurrentWidget(view)
        self.title.setText(view.heading() if view.heading_in_title else self.tr("Conference rooms"))
        self._right.setVisible(view.card is not None)
        if view.card is not None:
            if self._right.indexOf(view.card) < 0:
                self._right.addWidget(view.card)
            self._right.setCurrentWidget(view.card)
        self.filter_box.setVisible(view.has_filter)
        self.say("")  # what the view before said of itself
        view.enter()

    def show_booking(self, ident: int) -> None:
        """Read a booking and show its card."""
        self.booking_id = ident
        view = self.view
        if isinstance(view, BoardView):
            view.timeline.choose(ident)
        self.bench.read_card(self, self.card, booking_card, ident, done=self._show, failed=self._gone)

    def new_booking(
        self, space_id: int | None = None, starts: datetime | None = None, ends: datetime | None = None
    ) -> None:
        """Open the form of a new booking, filled with where and when it was drawn."""
        self.deeds.new(space_id, starts, ends)

    def _name_new(self, name: str) -> None:
        """Let Ctrl+N and the button make what the view in front is about: a phase, or else a booking."""
        actions = self.bench.shell.actions_
        known = {action.id for action in actions.of("conference")}
        phase = name == "project" and "conference.project.new" in known
        for ident, has in (("conference.new", not phase), ("conference.project.new", phase)):
            if ident in known:
                actions.give_key(ident, "Ctrl+N" if has else "")
        if self._new is not None:
            self._new.set_words(self.tr("New phase") if phase else self.tr("New booking"), "Ctrl+N")

    def _make_new(self) -> None:
        actions = self.bench.shell.actions_
        actions.run("conference.new" if actions.get("conference.new").shortcut else "conference.project.new")

    def booking_words(self) -> str:
        """The booking on the card, as a chart names it."""
        card = self.card.card
        if card is None or card.row.hold_until is None:
            return ""
        return self.tr("{number}, if confirmed").format(number=card.row.reference)

    def say_board(self, board: Board) -> None:
        """Say what the days in front hold."""
        count = len(board.bookings)
        today = board.first == local(clock()).date() and board.days == 1
        words = self.tr("{count:meeting|meetings} today") if today else self.tr("{count:meeting|meetings}")
        parts = [words.format(count=Count(count))]
        held = [each.row for each in board.bookings if each.row.hold_until is not None]
        if held:
            first = min(held, key=lambda row: row.hold_until or board.now)
            assert first.hold_until is not None
            words = self.tr("{count} held, the first until {when}")
            parts.append(words.format(count=Count(len(held)), when=until(first.hold_until, clock())))
        shut = {each.cell_id for each in board.closures}
        if shut:
            parts.append(self.tr("{count:room|rooms} closed").format(count=Count(len(shut))))
        self.say(" · ".join(parts))

    # --- head

    def _add_head(self) -> None:
        run = self.bench.shell.actions_.run
        self.add_buttons(
            Button(self.tr("Day sheet"), "printer", "plain", partial(run, "conference.day_sheet"), "Ctrl+Shift+D"),
            Button(self.tr("Find a space"), "search", "plain", partial(run, "conference.find"), "Ctrl+Shift+S"),
        )
        self._holders: dict[str, QWidget] = {}
        self._new: Button | None = None
        if self.bench.may(make_bookings):
            self._new = Button(self.tr("New booking"), "plus", "primary", self._make_new, "Ctrl+N")
            self.add_buttons(self._new)
        self.tabs.show_tabs([Tab(place.id, place.title) for place in self._places.values()], "day")
        self.use_filter(self.tr("Filter bookings"))
        self.filter_box.hide()

    def _connect(self) -> None:
        self.tabs.chosen.connect(self.show_view)
        self.filtered.connect(lambda words: self.view.filter_words(words))
        self.card.chosen.connect(self.bench.shell.actions_.run)
        self.card.more.connect(
            lambda button: self.deeds.menu(self).popup(button.mapToGlobal(button.rect().bottomLeft()))
        )
        self.bench.runner.changed.connect(self._hear)

    def _count(self) -> None:
        self.bench.runner.walk(self, desk_figures, done=self._say_figures)

    def _say_figures(self, found: DeskFigures) -> None:
        counts = {"holds": found.holds, "waitlist": found.waiting, "spaces": found.spaces}
        for name, count in counts.items():
            if name in self._places:
                self.tabs.set_count(name, count)
        self.bench.shell.set_count("conference", found.ending, "warn" if found.ending else "idle")

    def _hear(self, changes: Changes) -> None:
        touched = changes.touched()
        if not any(kind.startswith("conference.") for kind in touched):
            return
        self._recount.start()
        self.view.hear(changes)
        shown = self.card.card
        if shown is not None and (changes.everything or shown.row.id in touched.get(KIND, ())):
            self.show_booking(shown.row.id)

    def _open_space(self, ident: int) -> None:
        """The day of a room: its door tag was scanned. What is on now is chosen, or what comes next."""
        self.day = local(clock()).date()
        self.show_view("day")
        self.bench.runner.read(self, door_sign, ident, self.day, done=self._show_door)

    def _show_door(self, sign: DoorSign) -> None:
        now = clock()
        there = sign.current(now) or sign.following(now)
        if there is None:
            self.say(self.tr("{space} is free for the rest of today").format(space=sign.space))
            return
        self.show_booking(there.id)
        view = self.view
        if isinstance(view, BoardView):
            view.timeline.choose(there.id)
        words = self.tr("{space}: {title}, {hours}")
        self.say(words.format(space=sign.space, title=there.title, hours=hours(there.slot.starts, there.slot.ends)))

    # --- card

    def _open_booking(self, card: BookingCard) -> None:
        """Show a booking where it stands on its day, or in the list where it has no space."""
        ident = self.booking_id = card.row.id
        if card.space_id is None:
            self.show_view("bookings")
            self.view.open_at(f"{KIND}:{card.row.id}")
        else:
            self.day = local(card.row.starts).date()
            self.show_view("day")
        # The board may have chosen its first bar as the keys came to it.
        self.booking_id = ident
        self._show(card)

    def _show(self, card: BookingCard) -> None:
        if card.row.id != self.booking_id:
            return
        first, others = offered(card)
        known = {action.id: action for action in self.bench.shell.actions_.of("conference")}

        def named(names: list[str]) -> list[CardDeed]:
            found = [known[f"conference.{name}"] for name in names if f"conference.{name}" in known]
            return [CardDeed(action.label, action.icon, action.shortcut, action.id) for action in found]

        self.card.show_card(card, named(first), named(others))
        if card.row.space:
            self.bench.runner.read(self, readiness, card.row.id, done=self.card.show_readiness)
        self.bench.shell.note_stop("conference", f"{KIND}:{card.row.id}")

    def _gone(self, error: Exception) -> None:
        self.booking_id = None
        self.card.show_nothing()
        self.bench.runner.failed.emit(error)
