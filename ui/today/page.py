"""The Today page: what needs somebody now on every desk, the day so far, and the last scans; kept fresh by itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from cbo_desk.changes import Changes
from cbo_desk.context import clock, local
from cbo_desk.permissions import DESKS
from cbo_desk.plurals import Count
from cbo_desk.reports import NEEDS, Doings, Need, Stretch, What, doings, most_urgent_first, the_day
from cbo_desk.tags import ScanLine, TagLine, last_scans, never_printed, resolve_unknown_scan, to_reprint
from ui.bench import Bench
from ui.kit.buttons import Button, Tool
from ui.kit.cards import frame, line
from ui.kit.labels import Label
from ui.kit.page import Page, Split
from ui.kit.phrases import day
from ui.kit.states import ListOrState, State
from ui.kit.tabs import Tab
from ui.today.day_view import DayView
from ui.today.need_list import NeedList
from ui.today.resolving import Resolving
from ui.today.side import DesksCard, ScansCard
from ui.today.words import Worded, desk_title, tone_of, worded

ALL = "all"
SETTLE_MS = 120
"""Changes that come in a burst are read together."""

TICK_MS = 30_000
"""How often the times on the chips and the now-line move on."""

SCANS_SHOWN = 12

_PAGES = {
    What.MANIFEST_WAITS: ("mail/manifests", "waiting"),
    What.BAG_CUT_OFF: ("mail/pouch", "packing"),
    What.BAG_UNCOUNTED: ("mail/pouch", "counting"),
    What.BAG_CASE: ("mail/pouch", "all"),
}
"""Where several of a kind are shown, on which page of the mail desk in which view."""
_VIEWS = {What.MAIL_RETURN: "ageing", What.MAIL_INCOMPLETE: "complete"}
_KINDS = {
    What.OVERDUE_PASS: "property.gate_pass",
    What.DISPOSAL_DUE: "property.disposal_case",
    What.PHASE_DUE: "conference.phase",
    What.TRIP_LATE: "transport.request",
    What.NEEDS_VEHICLE: "transport.request",
    What.TRIP_TO_APPROVE: "transport.request",
    What.PAPER_ENDS: "transport.vehicle",
    What.DRIVER_PAPER_ENDS: "transport.driver",
    What.FLEET_SERVICE: "transport.vehicle",
    What.MANIFEST_WAITS: "mail.manifest",
    What.BAG_CUT_OFF: "mail.bag",
    What.BAG_UNCOUNTED: "mail.bag",
    What.BAG_CASE: "mail.bag",
    What.HOLD_ENDS: "conference.booking",
    What.SETUP_DUE: "conference.booking",
}
"""What the records of a line are, where they are not assets."""
_TRANSPORT = {
    What.TRIP_LATE: ("transport", "show:late"),
    What.NEEDS_VEHICLE: ("transport", "show:needs"),
    What.TRIP_TO_APPROVE: ("transport", "show:requests"),
    What.PAPER_ENDS: ("transport/fleet", ""),
    What.DRIVER_PAPER_ENDS: ("transport/drivers", ""),
    What.FLEET_SERVICE: ("transport/fleet", ""),
}
"""Where several of a kind are seen on the transport desk."""
_ROOMS = {What.HOLD_ENDS: "holds", What.SETUP_DUE: "day"}
"""The view of the conference desk where several of a kind are seen."""


class TodayPage(Page):
    """One list for all desks, most urgent first."""

    def __init__(self, bench: Bench, parent: QWidget) -> None:
        super().__init__(self.tr("Today"), parent, help_page="today")
        self.bench = bench
        self.day = local(clock()).date()
        self.resolving = Resolving(bench, self)
        self._needs: dict[Callable[..., object], list[Need]] = {}
        self._doings = Doings((), {})
        self._asked = [query for query in NEEDS if bench.may(query)]
        self._desks = [desk for desk in DESKS if any(role for name, role in self._roles() if name == desk)]
        self._build()
        self._settle = self._timer(SETTLE_MS, self.refresh, single=True)
        self._tick = self._timer(TICK_MS, self._move_on)
        self._tick.start()
        bench.runner.changed.connect(self._hear)
        self.tabs.chosen.connect(lambda _tab: self._show_needs())
        self.needs.done.connect(self.do)
        self.desks.chosen.connect(self._go)
        self.scans.chosen.connect(bench.open_record)
        self.refresh()

    def refresh(self) -> None:
        """Read everything anew."""
        runner = self.bench.runner
        for query in self._asked:
            runner.walk(self, query, done=partial(self._take_needs, query))
        if self.bench.may(last_scans):
            runner.read(self, last_scans, SCANS_SHOWN, done=self._show_scans)
            runner.walk(self, doings, done=self._take_doings)
            runner.walk(self, the_day, self.day, self._desks, done=self._show_day)

    def do(self, chosen: Worded) -> None:
        """Carry out the verb of a line."""
        need = chosen.need
        if need.what is What.UNKNOWN_SCAN:
            if self.bench.may(resolve_unknown_scan):
                self.resolving.ask(need)
        elif need.what is What.NEVER_PRINTED:
            self.bench.runner.read(self, never_printed, "property.asset", done=self._print)
        elif need.what is What.REPRINT:
            self.bench.runner.read(self, to_reprint, done=self._print)
        elif need.desk == "settings":
            self.bench.shell.go("settings", need.what.value)
        elif need.what in _PAGES and not need.record_id:
            page, view = _PAGES[need.what]
            self.bench.shell.go("mail")  # makes the pages of the desk known
            self.bench.shell.go(page, f"show:{view}")
        elif need.desk == "mail" and not need.record_id:
            self.bench.shell.go("mail", f"show:{_VIEWS.get(need.what, 'exceptions')}")
        elif need.desk == "transport" and not need.record_id:
            self.bench.shell.go(*_TRANSPORT[need.what])
        elif need.desk == "conference" and not need.record_id:
            self.bench.shell.go("conference", f"show:{_ROOMS.get(need.what, 'project')}")
        elif need.record_id:
            kind = _KINDS.get(need.what, "mail.item" if need.desk == "mail" else "property.asset")
            self.bench.open_record(kind, need.record_id)
        else:
            within = str(need.within) if need.within else ""
            self.bench.shell.go("property", f"show:{need.what.value}{within}")

    def showing(self) -> list[Worded]:
        """The lines of the chosen tab, most urgent first."""
        now = clock()
        tab = self.tabs.current()
        needs = most_urgent_first([need for found in self._needs.values() for need in found])
        return [worded(need, now) for need in needs if tab in (ALL, "", need.desk)]

    # --- parts

    def _build(self) -> None:
        self.needs = NeedList(self)
        self.states = ListOrState(self.needs)
        keys = Label(self.tr("↑↓ choose · Enter does it"), "small-muted")
        head = line(
            Label(self.tr("Needs you now"), "h3"), Label(self.tr("most urgent first"), "small-muted"), None, keys
        )
        head.setContentsMargins(16, 12, 16, 8)
        needs = frame(head, self.states, margins=(1, 1, 1, 1))
        self.day_words = Label("", "small-muted")
        self.timeline = DayView(self)
        day_head = line(Label(self.tr("The day"), "h3"), self.day_words, None)
        day_head.setContentsMargins(16, 12, 16, 4)
        the_day_card = frame(day_head, self.timeline, margins=(1, 1, 1, 6))
        left = QWidget(self)
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(needs, 3)
        column.addWidget(the_day_card, 2)
        self.desks, self.scans = DesksCard(self), ScansCard(self)
        side = QFrame(self)
        side.setProperty("look", "plain")
        right = QVBoxLayout(side)
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(10)
        right.addWidget(self.desks)
        right.addWidget(self.scans, 1)
        self.split = Split(left, side, "today", self.bench.preferences)
        self.body.addWidget(self.split, 1)
        self._back = Tool("chevron-left", self.tr("The day before"), partial(self._step, -1))
        self._present = Button(self.tr("Today"), run=lambda: self._step(0))
        self._forth = Tool("chevron-right", self.tr("The day after"), partial(self._step, 1))
        self.add_tools(self._back, self._present, self._forth)
        self.tabs.show_tabs([Tab(ALL, self.tr("All desks"), 0)])

    def _roles(self) -> Sequence[tuple[str, int]]:
        roles = self.bench.runner.office.actor.roles
        return [(desk, int(role)) for desk, role in roles.items()]

    def _timer(self, pause: int, run: Callable[[], object], *, single: bool = False) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(single)
        timer.setInterval(pause)
        timer.timeout.connect(run)
        return timer

    def _take_needs(self, query: Callable[..., object], found: list[Need]) -> None:
        self._needs[query] = found
        self._show_needs()

    def _show_needs(self) -> None:
        if len(self._needs) < len(self._asked):
            # The first answers are shown at once; what is said of the whole waits for the last.
            lines = self.showing()
            if lines:
                self.needs.show_needs(lines)
                self.states.show_content()
            return
        every = [need for found in self._needs.values() for need in found]
        counts = Counter(need.desk for need in every)
        tabs = [Tab(ALL, self.tr("All desks"), len(every))]
        tabs += [Tab(desk, desk_title(desk), counts[desk]) for desk in DESKS if counts[desk]]
        self.tabs.show_tabs(tabs)
        lines = self.showing()
        self.needs.show_needs(lines)
        if lines:
            self.states.show_content()
        else:
            words = self.tr("Unknown scans, missing things and what runs out appear here by themselves.")
            self.states.show_state(State("empty", self.tr("Nothing waits for you"), words, icon="circle-check"))
        self._say_summary(every)
        self._show_desks(every)

    def _say_summary(self, every: list[Need]) -> None:
        late = sum(1 for need in every if worded(need, clock()).status.tone == "bad")
        parts = [self.tr("{count:thing needs|things need} you").format(count=Count(len(every)))]
        if late:
            parts.append(self.tr("{count} of them lost").format(count=late))
        said = parts if every else [self.tr("Nothing needs you just now")]
        self.say(" · ".join(filter(None, (*said, self.bench.age_words(*self._asked)))))
        self.bench.shell.set_count("today", len(every), tone_of(every, clock()))

    def _show_desks(self, every: list[Need]) -> None:
        waiting: Counter[str] = Counter()
        for need in every:
            waiting[need.desk] += need.count
        self.desks.show_desks(self._desks, waiting, self._doings)

    def _take_doings(self, found: Doings) -> None:
        self._doings = found
        self._show_desks([need for needs in self._needs.values() for need in needs])

    def _show_scans(self, scans: list[ScanLine]) -> None:
        self.scans.show_scans(scans, clock())

    def _show_day(self, stretches: list[Stretch]) -> None:
        now = clock()
        today = local(now).date()
        self.timeline.show_day(stretches, now if self.day == today else None)
        deeds = sum(stretch.deeds for stretch in stretches)
        if not deeds:
            words = self.tr("no deeds yet") if self.day == today else self.tr("no deeds")
        else:
            people = len({stretch.who for stretch in stretches})
            done = self.tr("{count:deed|deeds}").format(count=Count(deeds))
            words = self.tr("{deeds} · {people} at work").format(deeds=done, people=people)
        self.day_words.setText(words if self.day == today else f"{day(self.day)} · {words}")
        self._forth.setEnabled(self.day < today)

    def _hear(self, _changes: Changes) -> None:
        """Whatever changed is a deed of the day at least."""
        self._settle.start()

    def _move_on(self) -> None:
        """Time goes on without anybody doing anything."""
        if self.isVisible():
            self.refresh()

    def _step(self, days: int) -> None:
        today = local(clock()).date()
        self.day = min(today, self.day + timedelta(days=days)) if days else today
        self.bench.runner.walk(self, the_day, self.day, self._desks, done=self._show_day)

    def _go(self, desk: str) -> None:
        if desk in self.bench.shell.desks or desk == "settings":
            self.bench.shell.go(desk)
        elif desk == "tags":
            self.bench.shell.go("property", f"show:{What.NEVER_PRINTED.value}")

    def _print(self, lines: list[TagLine]) -> None:
        """Open the print window for the tags that wait, those of one kind at a time."""
        from ui.tags.print_window import open_print_window

        if lines:
            kind = lines[0].subject_kind
            open_print_window(self.bench, kind, [line.subject_id for line in lines if line.subject_kind == kind])
