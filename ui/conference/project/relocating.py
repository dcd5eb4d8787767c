"""The relocation page: plans are solved beside everything else, compared, and accepted whole or booking by booking."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cbo_desk import solving
from cbo_desk.conference import ranks_now
from cbo_desk.conference.project import (
    MoveList,
    MoveRow,
    PhaseRow,
    PlanRow,
    accept_moves,
    decline_moves,
    keep_plan,
    plans,
    problem_of,
    space_names,
    unplaced,
)
from cbo_desk.conference.project.move_list import COLUMNS, rows
from cbo_desk.conference.relocating import solution
from cbo_desk.context import local
from cbo_desk.errors import Refusal
from cbo_desk.plurals import Count
from ui.conference.looks import kind_word
from ui.conference.project.comparing import GOALS, Comparison, goal_words
from ui.conference.project.move_card import MoveCardView
from ui.conference.project.terms_form import TermsForm
from ui.kit.buttons import Button
from ui.kit.cards import line
from ui.kit.cells import Look
from ui.kit.chips import Status
from ui.kit.columns import Column
from ui.kit.export import Export
from ui.kit.labels import Label
from ui.kit.record_list import RecordList
from ui.kit.states import ProgressStrip, State

if TYPE_CHECKING:
    from ui.conference.project.view import ProjectView

SECONDS = 60.0


def decision_chip(row: MoveRow) -> Status:
    """How a move stands, as a chip."""
    return {
        "proposed": Status(QCoreApplication.translate("capital", "Proposed"), "idle", "circle-dashed"),
        "accepted": Status(QCoreApplication.translate("capital", "Accepted"), "ok", "circle-check"),
        "declined": Status(QCoreApplication.translate("capital", "Declined"), "idle", "circle-slash"),
        "unplaced": Status(QCoreApplication.translate("capital", "Cannot be placed"), "bad", "circle-x"),
    }[row.decision]


class RelocationPane(QWidget):
    """Plans for the chosen phase above, the moves of one of them below. `stepped` hears of a solver's step."""

    stepped = Signal(object)

    def __init__(self, view: ProjectView) -> None:
        super().__init__(view)
        self._view, self._bench = view, view.bench
        self.phase: PhaseRow | None = None
        self.plans: list[PlanRow] = []
        self.plan_id = 0
        self._names: dict[int, str] = {}
        self._ranks: dict[int, str] = {}
        self.watch: solving.Watch | None = None
        self.card = MoveCardView(self)
        self._terms = TermsForm(self._bench, self)
        self.card.asked.connect(self._decide)
        self.comparison = Comparison(self)
        self.comparison.chosen.connect(self.show_plan)
        self.strip = ProgressStrip(self)
        self.list = RecordList(
            self._bench.runner, self._columns(), self._listing, name="conference.moves", title=self.tr("Moves"),
            things=self.tr("{count:booking|bookings}"), sort="starts", empty=self._nothing,
            preferences=self._bench.preferences, parent=self,
        )  # fmt: skip
        self.list.chosen.connect(self._show_move)
        self.list.all_asked.connect(view.page.filter_box.clear)
        self.export = Export(self._bench.runner, self._bench.preferences, self._bench.shell.toasts, self, self.strip)
        run = self._bench.shell.actions_.run
        self.heading = Label("", "h3")
        self.solve_button = Button(self.tr("Solve"), "play", run=partial(run, "conference.project.solve"), key="S")
        self.rooms_button = Button(
            self.tr("Solve, rooms first"), "play", run=partial(run, "conference.project.rooms"), key="Shift+S"
        )
        self.accept_button = Button(
            self.tr("Accept all"), "list-checks", run=partial(run, "conference.project.accept_all"), key="Ctrl+Shift+A"
        )
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(10)
        box.addWidget(self.comparison)
        box.addLayout(line(self.heading, None, self.solve_button, self.rooms_button, self.accept_button))
        box.addWidget(self.strip)
        box.addWidget(self.list, 1)
        self.stepped.connect(self._say_step)
        self._bench.runner.read(self, space_names, done=self._keep_names)
        self._bench.runner.read(self, ranks_now, done=self._keep_ranks)

    # --- what the view asks

    def show_phase(self, phase: PhaseRow | None) -> None:
        """Show the plans for a phase."""
        changed = phase is not None and (self.phase is None or phase.id != self.phase.id)
        self.phase = phase
        if changed:
            self.plan_id = 0
        if phase is not None:
            self._bench.runner.read(self, plans, phase.id, done=self._show_plans)

    def show_plan(self, plan_id: int) -> None:
        """List the moves of a plan."""
        self.plan_id = plan_id
        self._compare()
        self.list.begin_anew()

    def solve(self, first: str = "times") -> None:
        """Plan anew; the plan is kept when it is solved, or with the best so far when it is stopped."""
        if self.phase is None or self.watch is not None:
            return
        phase, office = self.phase, self._bench.runner.office
        self.watch = watch = solving.Watch(self.stepped.emit, SECONDS + 20)
        self.strip.begin(self.tr("Planning {phase}…").format(phase=phase.code), watch.stop, self.tr("Stop"))

        def work(_progress: Any) -> int:
            problem = office.read(problem_of, phase.id, phase.span, first)
            if not any(meeting.affected for meeting in problem.meetings):
                raise Refusal(f"Nobody has to move for {phase.code}.")
            found = solving.solve(watch, solution.solve, problem, SECONDS)
            if found.best.faults:
                raise AssertionError(f"a plan with faults: {found.best.faults[:3]}")
            return office.write(keep_plan, phase.id, phase.span, first, found.best).ids[0]

        self._bench.runner.job(self, work, self._solved, self._broke)

    def accept(self) -> None:
        """Accept the chosen moves, or the one on the card."""
        self._decide("accept")

    def decline(self) -> None:
        """Decline the chosen moves, or propose them again."""
        self._decide("decline")

    def accept_all(self) -> None:
        """Accept everything that is proposed: one deed, checked again, which can be taken back."""
        if self.plan_id:
            self._bench.runner.write(accept_moves, self.plan_id, done=lambda _c: self._read_again())

    def export_moves(self) -> None:
        """Write the listed moves into a file."""
        office, listing = self._bench.runner.office, self.list.listing()
        if isinstance(listing, MoveList):
            name = next((plan.name for plan in self.plans if plan.id == self.plan_id), "")
            self.export.ask(name, COLUMNS, partial(rows, office, listing), total=self.list.model.rowCount())

    def summary(self) -> str:
        """What the plan says in one line."""
        plan = next((each for each in self.plans if each.id == self.plan_id), None)
        if self.phase is None or plan is None:
            return self.phase.code if self.phase else ""
        without = plan.counts.get("unplaced", 0)
        total = sum(plan.counts.values())
        parts = [self.phase.code, self.tr("{placed} of {count:booking has|bookings have} a place").format(
            placed=total - without, count=Count(total))]  # fmt: skip
        if without:
            parts.append(self.tr("{count:needs|need} a decision").format(count=Count(without)))
        return " · ".join(parts)

    def open_count(self) -> int:
        """Moves of the shown plan that are still proposed."""
        plan = next((each for each in self.plans if each.id == self.plan_id), None)
        return plan.counts.get("proposed", 0) if plan is not None else 0

    # --- answers

    def _keep_names(self, names: dict[int, str]) -> None:
        self._names = names
        self.list.refresh()

    def _keep_ranks(self, ranks: Sequence[tuple[int, str]]) -> None:
        self._ranks = dict(ranks)
        if self.card.row is not None:
            self._show_row(self.card.row)

    def _show_row(self, row: MoveRow) -> None:
        self.card.show_move(row, self._ranks.get(row.rank, ""))

    def _show_plans(self, found: list[PlanRow]) -> None:
        self.plans = found
        ids = [plan.id for plan in found]
        changed = self.plan_id not in ids
        if changed:
            self.plan_id = ids[0] if ids else 0
        self._compare()
        if changed:
            self.list.begin_anew()
        self._view.say()

    def _compare(self) -> None:
        self.comparison.setVisible(bool(self.plans))
        code = self.phase.code if self.phase else ""
        title = self.tr("{count:plan|plans} for {phase}").format(count=Count(len(self.plans)), phase=code)
        self.comparison.show_plans(title, self.plans, self.plan_id)
        plan = next((each for each in self.plans if each.id == self.plan_id), None)
        self.heading.setText(self._counted(plan) if plan is not None else "")
        words = self.tr("Accept all {count}").format(count=Count(self.open_count()))
        self.accept_button.set_words(words, "Ctrl+Shift+A")
        self.accept_button.setVisible(self.open_count() > 0)
        self._view.say()

    def _counted(self, plan: PlanRow) -> str:
        words = {
            "accepted": self.tr("{count} accepted"), "proposed": self.tr("{count} proposed"),
            "declined": self.tr("{count} declined"), "unplaced": self.tr("{count} cannot be placed"),
        }  # fmt: skip
        parts = [words[each].format(count=Count(plan.counts[each])) for each in words if plan.counts.get(each)]
        return " · ".join([plan.name.split(" · ")[0], *parts])

    def _show_move(self, ident: int) -> None:
        place = self.list.model.row_of(ident)
        row = self.list.model.row_at(place) if place is not None else None
        if row is not None:
            self._show_row(row)
        else:
            self._bench.runner.read(self, self._listing("", "", False).among, [ident], done=self._show_line)

    def _show_line(self, lines: Sequence[Any]) -> None:
        if lines:
            self._show_row(lines[0].row)

    def _say_step(self, step: Any) -> None:
        words = self.tr("{goal}: {value}, at least {bound}")
        goal = goal_words(GOALS[min(step.stage, len(GOALS) - 1)])
        self.strip.words.setText(words.format(goal=goal, value=f"{step.value:,}", bound=f"{max(0, step.bound):,}"))
        self.strip.report(step.stage, step.stages)

    def _solved(self, plan_id: int) -> None:
        self.watch = None
        self.strip.end()
        self.plan_id = plan_id
        self.list.begin_anew()
        self._view.solved()
        # Whoever finds no place needs a decision: it comes first into hand.
        self._bench.runner.read(self, unplaced, plan_id, done=self._take_in_hand)

    def _take_in_hand(self, ids: list[int]) -> None:
        if ids:
            self.list.show_record(ids[0])

    def _broke(self, error: Exception) -> None:
        self.watch = None
        self.strip.end()
        self._bench.runner.failed.emit(error)

    def _read_again(self) -> None:
        if self.phase is not None:
            self._bench.runner.read(self, plans, self.phase.id, done=self._show_plans)
        self.list.refresh()
        if self.card.row is not None:
            self._show_move(self.card.row.id)

    def change_terms(self) -> None:
        """Ask what the booking on the card needs; the next plan heeds it."""
        if self.card.row is not None:
            self._terms.open_for(self.card.row)

    def _decide(self, what: str) -> None:
        if what == "terms":
            self.change_terms()
            return
        ids = self.list.chosen_ids() or ([self.card.row.id] if self.card.row is not None else [])
        if not ids or not self.plan_id:
            return
        orders: dict[str, Callable[..., Any]] = {"accept": accept_moves, "decline": decline_moves}
        more = ("proposed",) if what == "again" else ()
        order = orders.get(what, decline_moves)
        self._bench.runner.write(order, self.plan_id, ids, *more, done=lambda _changes: self._read_again())

    # --- the list

    def _listing(self, words: str, sort: str, descending: bool) -> MoveList:
        return MoveList(self.plan_id, self._names, words, sort or "starts", descending)

    def _columns(self) -> tuple[Column, ...]:
        return (
            Column(Look("reference", "ref", 98), self.tr("Ref"), lambda row: row.reference, sort="reference"),
            Column(Look("title", "text", 170, stretch=True), self.tr("Booking"), lambda row: row.title, sort="title"),
            Column(Look("people", "num", 62, 4), self.tr("People"), lambda row: f"{row.people:,}", sort="people"),
            Column(Look("before", "muted", 150, 3), self.tr("Before"),
                   lambda row: f"{row.from_space} · {kind_word(row.from_kind)}"),
            Column(Look("time", "muted", 132, 5), self.tr("Time before"), _time_before, sort="starts"),
            Column(Look("after", "text", 160), self.tr("After"), self._after),
            Column(Look("new", "text", 132, 2), self.tr("Time after"), self._time_after,
                   fault=lambda row: "warn" if row.to_slot and row.to_slot != row.from_slot else ""),
            Column(Look("decision", "chip", 166), self.tr("Decision"), lambda row: decision_chip(row).word,
                   value=decision_chip),
        )  # fmt: skip

    def _after(self, row: MoveRow) -> str:
        return f"{row.to_space} · {kind_word(row.to_kind)}" if row.to_slot else self.tr("No space found")

    def _time_after(self, row: MoveRow) -> str:
        if row.to_slot is None:
            return ""
        return self.tr("same time") if row.to_slot == row.from_slot else slot_words(row.to_slot)

    def _nothing(self) -> State:
        if self.phase is None:
            return State("empty", self.tr("No phase is chosen"), self.tr("Choose one on the page of capacity."))
        if self.phase.affected == 0:
            words = self.tr("{phase} displaces nobody on its days of now.").format(phase=self.phase.code)
            return State("empty", self.tr("Nobody has to move"), words, icon="circle-check")
        words = self.tr("{count:booking loses its place|bookings lose their place}. The planner finds others for them.")
        return State(
            "empty", self.tr("No plan yet"), words.format(count=Count(self.phase.affected)),
            Button(self.tr("Solve"), "play", run=self.solve), icon="arrow-left-right",
        )  # fmt: skip


def slot_words(slot: Any) -> str:
    """A time as a list shows it."""
    starts, ends = local(slot.starts), local(slot.ends)
    return f"{starts:%a %-d %b} {starts:%H:%M}–{ends:%H:%M}"


def _time_before(row: MoveRow) -> str:
    return slot_words(row.from_slot)
