"""Plan the day: one press proposes routes, checked; what would change in a list, and what of it is taken."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date
from functools import partial

from PySide6.QtCore import QCoreApplication, QModelIndex, QTimer
from PySide6.QtWidgets import QWidget

from cbo_desk.changes import Changes
from cbo_desk.context import clock, local
from cbo_desk.plurals import Count
from cbo_desk.progress import Progress
from cbo_desk.solving import Watch
from cbo_desk.transport.difference import Turn
from cbo_desk.transport.dispatch import Budget
from cbo_desk.transport.dispatch import Progress as Planning
from cbo_desk.transport.plan import Reason
from cbo_desk.transport.proposing import Choice, Taking, accept_plan, taking_of
from cbo_desk.transport.reasons import reasons
from ui.bench import Bench
from ui.kit.actions import Action
from ui.kit.buttons import Button, DeedButton, Tool
from ui.kit.cards import Deeds, ScrollCard, line, rule
from ui.kit.chips import Chip, Status
from ui.kit.labels import Label
from ui.kit.page import Page
from ui.kit.phrases import day as day_words
from ui.kit.states import Nothing, ProgressStrip
from ui.kit.states import State as Empty
from ui.kit.tabs import Tab
from ui.transport.proposal_card import head, reason_pieces, trip_pieces
from ui.transport.proposal_list import ProposalList
from ui.transport.proposal_work import Line, Planned, beside, plan_day

TOLD_MS = 250


class ProposalPage(Page):
    """The proposal of a day: the list of what changes, the card of one request, and the deeds that take it."""

    def __init__(self, bench: Bench, parent: QWidget) -> None:
        super().__init__(self.tr("Plan the day"), parent, help_page="dispatch")
        self.bench = bench
        self.day: date = local(clock()).date()
        self.budget = Budget()
        self.planned: Planned | None = None
        self.shown: Line | None = None
        self.watch: Watch | None = None
        self._so_far: Planning | None = None
        self._began = 0.0
        self.view = "changes"
        self.card = ScrollCard(self)
        self.strip = ProgressStrip(self)
        self.lines = ProposalList(bench, self.strip, self)
        self.model, self.table, self.list = self.lines.model, self.lines.table, self.lines.states
        self.stamp = Chip(Status(self.tr("Checked"), "ok", "shield-check"))
        self.stamp.hide()
        self.told = Label("", "amber", wrap=True)
        self._add_head()
        self.body.addWidget(self.strip)
        told = line(self.stamp, self.told, gap=10)
        told.setStretch(1, 1)
        self.body.addLayout(told)
        self.set_body(self.lines.holder, self.card, card=372, preferences=bench.preferences, name="transport.plan")
        self._telling = QTimer(self)
        self._telling.setInterval(TOLD_MS)
        self._telling.timeout.connect(self._tell)
        self.tabs.chosen.connect(self.show_view)
        self.filtered.connect(self._find)
        self.lines.ordered.connect(self._fill)
        self.table.selectionModel().currentRowChanged.connect(self._chosen)
        self._show_nothing()

    def open_at(self, detail: str) -> None:
        """Show the page of a day."""
        if detail.startswith("day:"):
            self.day = date.fromisoformat(detail.removeprefix("day:"))
            self._show_nothing()

    # --- head

    def _add_head(self) -> None:
        self.add_buttons(Button(self.tr("Dispatch"), "arrow-left", "plain", partial(self.bench.shell.go, "transport")))
        if self.bench.may(accept_plan):
            run = self.bench.shell.actions_.run
            self._deed("open", self.tr("Place what is open"), "circle-plus", "O", partial(self.begin, True))
            self._deed("anew", self.tr("Plan the whole day"), "sparkles", "W", partial(self.begin, False))
            self._deed(
                "stop", self.tr("Stop with the best so far"), "x", "S", self.stop, lambda: self.watch is not None
            )
            self._deed("all", self.tr("Accept all"), "check", "A", partial(self.accept, Choice()), self._may_accept)
            self._deed("vehicle", self.tr("Accept this vehicle"), "car", "V", self._accept_vehicle, self._has_route)
            self._deed("trip", self.tr("Accept this trip"), "route", "T", self._accept_trip, self._has_route)
            self.add_buttons(
                Button(self.tr("Place what is open"), "circle-plus", "plain", partial(run, "transport.plan.open"), "O"),
                Button(self.tr("Plan the whole day"), "sparkles", "primary", partial(run, "transport.plan.anew"), "W"),
            )
        self.tabs.show_tabs(self._tabs(), self.view)
        self.use_filter(self.tr("Filter requests"))
        self.add_tools(Tool("download", self.tr("Export this list"), self.ask_export))

    def ask_export(self) -> None:
        """Write the view that is shown to a file."""
        self.lines.ask_export(self.day, next(tab.title for tab in self._tabs() if tab.id == self.view))

    def _find(self, words: str) -> None:
        self.lines.words = words
        self._fill()

    def _deed(
        self, name: str, label: str, icon: str, key: str, run: Callable[[], object],
        enabled: Callable[[], bool] = lambda: True,
    ) -> None:  # fmt: skip
        action = Action(f"transport.plan.{name}", label, run, icon, key, "transport", enabled=enabled)
        self.bench.shell.actions_.add(self, action)

    def _tabs(self) -> list[Tab]:
        return self.lines.tabs(self.planned.lines if self.planned is not None else ())

    # --- planning

    def begin(self, open_only: bool) -> None:
        """Plan: anew, or only what is open."""
        if self.watch is not None:
            return
        watch, self._so_far, self._began = Watch(self._heard), None, time.monotonic()
        self.watch = watch
        office, day, budget = self.bench.runner.office, self.day, self.budget
        self.strip.begin(self.tr("Reading the day"), self.stop, self.tr("Stop"))
        self._telling.start()

        def work(_progress: Progress) -> Planned:
            return plan_day(office, day, open_only, budget, watch)

        self.destroyed.connect(watch.stop)
        if (program := QCoreApplication.instance()) is not None:
            program.aboutToQuit.connect(watch.stop)  # the window waits for what is under way
        self.bench.runner.job(self, work, self.show_plan, self._over)

    def stop(self) -> None:
        """Take the best so far, now."""
        if self.watch is not None:
            self.watch.stop()

    def _heard(self, planning: Planning) -> None:
        """Keep what the planner said; on the thread that plans, so nothing is shown here."""
        self._so_far = planning

    def _tell(self) -> None:
        told = self._so_far
        if told is not None and self.watch is not None:
            gone = time.monotonic() - self._began
            words = self.tr("{placed} of {wanted} rides placed · {km} km · {seconds} s")
            words = words.format(placed=told.placed, wanted=told.wanted, km=told.metres // 1000, seconds=int(gone))
            made = self.tr("{words} · making the planner faster, once on this computer")
            self.strip.words.setText(made.format(words=words) if told.making else words)
            self.strip.report(min(int(gone * 10), 100), 100)

    def _over(self, error: Exception | None = None) -> None:
        self.watch = None
        self._telling.stop()
        self.strip.end()
        if error is not None:
            self.bench.runner.failed.emit(error)

    def show_plan(self, planned: Planned) -> None:
        """Show a proposal beside today."""
        self._over()
        self.planned = planned
        proposal = planned.proposal
        self.say(
            self.tr(
                "{day} · {placed} of {all} rides placed · {vehicles:vehicle|vehicles} · {km} km · {seconds} s"
            ).format(
                day=day_words(self.day),
                placed=len(planned.lines) - len(proposal.unassigned),
                all=len(planned.lines),
                vehicles=Count(len({route.vehicle for route in proposal.routes})),
                km=proposal.metres // 1000,
                seconds=f"{proposal.seconds:.1f}",
            )
        )
        self.stamp.show()
        self.stamp.setToolTip(self.tr("The checker found no rule broken: times, seats, breaks, duty, promises."))
        self.told.setText(proposal.said)
        self.tabs.show_tabs(self._tabs(), self.view)
        self._fill()

    def show_view(self, view: str) -> None:
        """Show the changes, who is left over, what stays, or all."""
        self.view = view
        self._fill()

    def _fill(self) -> None:
        if self.planned is None:
            return
        wanted = {"changes": {Turn.NEW, Turn.MOVED, Turn.RETIMED}, "left": {Turn.LEFT}, "same": {Turn.SAME}}
        turns = wanted.get(self.view, set(Turn))
        rows = [each for each in self.planned.lines if each.turn in turns]
        before = self.shown.id if self.shown is not None else None
        self.lines.show_lines(rows)
        rows = self.model.rows
        self.shown = None
        if not rows:
            self.list.show_state(
                Empty("empty", self.tr("Nothing here"), self.tr("No request is in this view."), icon="circle-check")
            )
            self._show_card(None)
            return
        self.list.show_content()
        at = self.model.index(next((number for number, row in enumerate(rows) if row.id == before), 0), 0)
        self.table.setCurrentIndex(at)
        self._chosen(at)
        self.table.setFocus()

    def _show_nothing(self) -> None:
        self.planned = self.shown = None
        self.say(day_words(self.day))
        self.stamp.hide()
        self.told.setText("")
        sentence = self.tr(
            "Place what is open moves nobody. Plan the whole day may move whatever is neither frozen nor on the road; "
            "nothing is written until you accept it."
        )
        self.list.show_state(Empty("empty", self.tr("Not planned yet"), sentence, icon="route"))
        self._show_card(None)

    # --- the card

    def _chosen(self, index: QModelIndex, _before: object = None) -> None:
        row = self.model.rows[index.row()] if index.isValid() else None
        if row is not None and (self.shown is None or row.id != self.shown.id):
            self.shown = row
            self._show_card(row)

    def _show_card(self, row: Line | None) -> None:
        planned = self.planned
        if row is None or planned is None:
            self.card.show_content(
                Nothing(self.tr("Nothing chosen"), self.tr("Choose a row."), icon="route"), fill=True
            )
        elif row.vehicle is not None:
            self.card.show_content(*head(row), *trip_pieces(planned, row), rule(), self._deeds())
        else:
            words = self.tr("Looking why it goes with no vehicle")
            self.card.show_content(*head(row), Label(words, "muted", wrap=True))
            self._ask_why(planned, row)

    def _deeds(self) -> Deeds:
        known = {action.id: action for action in self.bench.shell.actions_.of("transport")}
        names = [f"transport.plan.{name}" for name in ("trip", "vehicle", "all")]
        own = [known[name] for name in names if name in known]
        run = self.bench.shell.actions_.run
        return Deeds([DeedButton(a.label, a.icon, partial(run, a.id), a.shortcut) for a in own], columns=1)

    def _ask_why(self, planned: Planned, row: Line) -> None:
        def work(_progress: Progress) -> list[Reason]:
            return reasons(planned.basis.day, planned.proposal, row.id)

        self.bench.runner.job(self, work, partial(self._show_why, row))

    def _show_why(self, row: Line, found: list[Reason]) -> None:
        if self.shown is not None and self.shown.id == row.id and self.planned is not None:
            self.card.show_content(*head(row), *reason_pieces(self.planned.basis.day, found))

    # --- taking it

    def _may_accept(self) -> bool:
        return self.planned is not None and self.watch is None

    def _has_route(self) -> bool:
        return self._may_accept() and self.shown is not None and self.shown.vehicle is not None

    def _accept_vehicle(self) -> None:
        if self.shown is not None and self.shown.vehicle is not None:
            self.accept(Choice(vehicles=(self.shown.vehicle,)))

    def _accept_trip(self) -> None:
        if self.shown is not None:
            self.accept(Choice(request=self.shown.id))

    def accept(self, choice: Choice) -> None:
        """Take the whole proposal or a part of it."""
        planned = self.planned
        if planned is None:
            return
        self.bench.runner.read(
            self, taking_of, planned.basis, planned.proposal, choice, done=partial(self._write, planned)
        )

    def _write(self, planned: Planned, taking: Taking) -> None:
        self.bench.runner.write(accept_plan, taking, done=partial(self._taken, planned), owner=self)

    def _taken(self, planned: Planned, _changes: Changes) -> None:
        office = self.bench.runner.office
        self.bench.runner.job(self, lambda _progress: beside(office, planned), self.show_plan)
