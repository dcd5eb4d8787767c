"""The Today page: what needs somebody now on every desk, the day by the hour, the last scans; kept fresh by itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from cbo_desk.changes import Changes
from cbo_desk.context import local
from cbo_desk.reports import (
    AGENDA,
    NEEDS,
    DayLine,
    Doings,
    Need,
    What,
    doings,
    most_urgent_first,
    next_up,
)
from cbo_desk.tags import (
    ScanLine,
    UnknownLine,
    last_scans,
    resolve_unknown_scan,
    unknown_scans,
)
from ui.bench import Bench
from ui.kit.buttons import Button, Tool
from ui.kit.cards import frame, line
from ui.kit.labels import Label
from ui.kit.page import Page, Split
from ui.kit.states import ListOrState, State
from ui.kit.tabs import Tab
from ui.today.beginning import Beginning
from ui.today.briefs import desks_now, summary
from ui.today.day_view import DayView
from ui.today.head import Head
from ui.today.leading import go_to_desk, lead_to, open_entry
from ui.today.need_list import NeedList
from ui.today.paper import of_desk, print_day
from ui.today.resolving import Resolving
from ui.today.side import UNKNOWN, DesksCard, ScansCard
from ui.today.words import Worded, desk_title, tone_of, worded

ALL = "all"
NEVER_WAITS = ("today", "people")
"""Desks of the sidebar at which nothing waits."""
SIDE = 318
"""The width of the cards at the side, in pixels at 100 %."""
SETTLE_MS = 120
"""Changes that come in a burst are read together."""

TICK_MS = 30_000
"""How often the times on the chips and the now-line move on."""

SCANS_SHOWN = 12


class TodayPage(Page):
    """One list for all desks, most urgent first."""

    def __init__(self, bench: Bench, parent: QWidget) -> None:
        super().__init__(self.tr("Today"), parent, help_page="today")
        self.bench = bench
        self.day = self._today()
        self.resolving = Resolving(bench, self)
        self._needs: dict[Callable[..., object], list[Need]] = {}
        self._doings = Doings((), {})
        self._lines: dict[Callable[..., object], list[DayLine]] = {}
        self._unknown: list[UnknownLine] = []
        self._follows = True
        self._asked = [query for query in NEEDS if bench.may(query)]
        self._agenda = [query for query in AGENDA if bench.may(query)]
        roles = bench.runner.office.actor.roles
        self._desks = [desk for desk in bench.shell.desks if desk not in NEVER_WAITS and roles.get(desk)]
        self._build()
        self._settle = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._settle.timeout.connect(self.refresh)
        self._tick = QTimer(self, interval=TICK_MS)
        self._tick.timeout.connect(self._move_on)
        self._tick.start()
        bench.runner.changed.connect(self._hear)
        self.tabs.chosen.connect(lambda _tab: self._narrow())
        self.timeline.opened.connect(partial(open_entry, bench))
        bench.shell.counted.connect(self._recount)
        self.needs.done.connect(self.do)
        self.desks.chosen.connect(partial(go_to_desk, bench))
        self.scans.chosen.connect(self._open_scan)
        self.timeline.expect(self.day, self._now())
        self._show_desks()
        Beginning(self, self.refresh).ask(bench.runner, self._asked, self._take_needs)

    def refresh(self) -> None:
        """Read everything anew."""
        runner = self.bench.runner
        for query in self._asked:
            runner.walk(self, query, done=partial(self._take_needs, query))
        if self.bench.may(last_scans):
            runner.read(self, unknown_scans, SCANS_SHOWN, done=self._take_unknown)
            runner.read(self, last_scans, SCANS_SHOWN, done=self._show_scans)
        self._read_day()
        if self.bench.may(doings):
            runner.walk(self, doings, done=self._take_doings)

    def do(self, chosen: Worded) -> None:
        """Carry out the verb of a line."""
        need = chosen.need
        if need.what is What.UNKNOWN_SCAN:
            if self.bench.may(resolve_unknown_scan):
                self.resolving.ask(need)
        else:
            lead_to(self.bench, need, self)

    def showing(self) -> list[Worded]:
        """The lines of the chosen tab, most urgent first."""
        now = self._now()
        tab = self.tabs.current()
        needs = most_urgent_first([need for found in self._needs.values() for need in found])
        return [worded(need, now) for need in needs if tab in (ALL, "", need.desk)]

    def lines(self, *, every_desk: bool = False) -> list[DayLine]:
        """The lines of the day in the order of the page: of the chosen tab where it is a desk that has any."""
        lines = [line for query in self._agenda for line in self._lines.get(query, ())]
        return of_desk(lines, "" if every_desk else self.tabs.current())

    # --- parts

    def _build(self) -> None:
        self.needs = NeedList(self)
        self.states = ListOrState(self.needs)
        keys = Label(self.tr("↑↓ choose · Enter does it"), "small-muted")
        head = line(
            Label(self.tr("Needs you now"), "h3"), Label(self.tr("most urgent first"), "small-muted"), None, keys
        )
        head.setContentsMargins(16, 10, 16, 3)
        needs = frame(head, self.states, margins=(1, 1, 1, 1))
        self.timeline = DayView(self)
        left = QWidget(self)
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(needs, 26)
        column.addWidget(self.timeline, 25)
        self.desks, self.scans = DesksCard(self), ScansCard(self)
        side = QFrame(self)
        side.setProperty("look", "plain")
        right = QVBoxLayout(side)
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(10)
        right.addWidget(self.desks)
        right.addWidget(self.scans, 1)
        self.split = Split(left, side, "today", self.bench.preferences, SIDE)
        self.body.addWidget(self.split, 1)
        self._back = Tool("chevron-left", self.tr("The day before"), partial(self._step, -1))
        self._present = Button(self.tr("Today"), run=lambda: self._step(0))
        self._forth = Tool("chevron-right", self.tr("The day after"), partial(self._step, 1))
        self.add_tools(self._back, self._present, self._forth)
        self.tabs.show_tabs([Tab(ALL, self.tr("All desks"), 0)])
        self.head = Head(self.bench, self)
        self.add_buttons(*self.head.buttons)
        self.head.printed.connect(self._print_day)

    def _print_day(self) -> None:
        print_day(self.bench, self, self.day, self._agenda, self.tabs.current())

    def _take_needs(self, query: Callable[..., object], found: list[Need]) -> bool:
        self._needs[query] = found
        self._show_needs()
        return bool(self.needs.rows)

    def _narrow(self) -> None:
        """Show the chosen tab's needs and lines."""
        self._show_needs()
        self._show_day()

    def _show_needs(self) -> None:
        if len(self._needs) < len(self._asked):
            # The first answers are shown at once; what is said of the whole waits for the last.
            lines = self.showing()
            if lines:
                self.needs.show_needs(lines)
                self.states.show_content()
            return
        every = self._every()
        counts = Counter(need.desk for need in every)
        tabs = [Tab(ALL, self.tr("All desks"), len(every))]
        order = (*self._desks, *sorted(counts.keys() - set(self._desks)))
        tabs += [Tab(desk, desk_title(desk), counts[desk]) for desk in order if counts[desk]]
        self.tabs.show_tabs(tabs)
        lines = self.showing()
        self.needs.show_needs(lines)
        if lines:
            self.states.show_content()
        else:
            words = self.tr("Unknown scans, missing things and what runs out appear here by themselves.")
            self.states.show_state(State("empty", self.tr("Nothing waits for you"), words, icon="circle-check"))
        self._say_summary()
        self._show_desks()

    def _every(self) -> list[Need]:
        return [need for found in self._needs.values() for need in found]

    def _say_summary(self) -> None:
        if len(self._needs) < len(self._asked):
            return
        every, now = self._every(), self._now()
        coming = next_up(self.lines(every_desk=True), now) if self.day == self._today() else None
        self.say(summary(every, coming, self.bench.age_words(*self._asked), now))
        self.bench.shell.set_count("today", len(every), tone_of(every, now))

    def _show_desks(self) -> None:
        open_now = {desk: self.bench.shell.sidebar.entries[desk].count for desk in self._desks}
        self.desks.show_desks(desks_now(self._desks, self._every(), open_now, self._doings, self._now()))

    def _recount(self, desk: str, _count: int) -> None:
        if desk in self._desks:
            self._show_desks()

    def _take_doings(self, found: Doings) -> None:
        self._doings = found
        self._show_desks()

    def _take_unknown(self, scans: list[UnknownLine]) -> None:
        self._unknown = scans

    def _show_scans(self, scans: list[ScanLine]) -> None:
        """What was scanned last: what it opened, and what nothing answers to yet."""
        kept = [
            ScanLine(one.id, one.at, one.text, f"{one.workstation} · {one.by}", UNKNOWN, one.id)
            for one in self._unknown
        ]
        newest = sorted([*scans, *kept], key=lambda scan: scan.at, reverse=True)
        self.scans.show_scans(newest[:SCANS_SHOWN], self._now())

    def _open_scan(self, scan: ScanLine) -> None:
        if scan.kind != UNKNOWN:
            self.bench.open_record(scan.kind, scan.record_id)
        elif self.bench.may(resolve_unknown_scan):
            self.resolving.ask(Need(What.UNKNOWN_SCAN, "tags", 1, scan.title, scan.detail, scan.record_id))

    def _read_day(self) -> None:
        for query in self._agenda:
            taken = partial(self._take_day, query, self.day)
            self.bench.runner.walk(self, query, self.day, done=taken, failed=self._miss_day)
        if not self._agenda:
            self._show_day()

    def _take_day(self, query: Callable[..., object], asked: date, found: list[DayLine]) -> None:
        if asked == self.day:
            self._lines[query] = found
            self._show_day()

    def _miss_day(self, error: Exception) -> None:
        if not self._lines:
            self.timeline.say_unknown()
        self.bench.runner.failed.emit(error)

    def _show_day(self) -> None:
        """Show what is read of the day, once all desks have answered: lines that come one after the other would jump.
        """
        if len(self._lines) == len(self._agenda):
            age = self.bench.age_words(*self._agenda)
            self.timeline.show_day(self.lines(), self.day, self._now(), age=age)
            self._say_summary()

    def _hear(self, _changes: Changes) -> None:
        """Whatever changed is a deed of the day at least."""
        self._settle.start()

    def _move_on(self) -> None:
        """Time goes on without anybody doing anything; after midnight it is another day."""
        if self._follows and self.day != self._today():
            self._go_to(self._today())
        if self.isVisible():
            self.refresh()

    def _step(self, days: int) -> None:
        self._go_to(self.day + timedelta(days=days) if days else self._today())

    def _go_to(self, day: date) -> None:
        self.day, self._follows = day, day == self._today()
        self._lines.clear()
        self.timeline.expect(day, self._now())
        self._read_day()

    def _now(self) -> datetime:
        return self.bench.runner.office.instant()

    def _today(self) -> date:
        return local(self._now()).date()
