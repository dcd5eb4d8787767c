"""The tab of the capital project: capacity, relocation and what-if, all about one chosen phase."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from cbo_desk.changes import Changes
from cbo_desk.compound import about
from cbo_desk.conference.project import (
    PHASE,
    PLAN,
    Outlook,
    PhaseCard,
    PhaseRow,
    accept_moves,
    add_phase,
    capacity_on,
    decline_moves,
    edit_phase,
    end_phase,
    forecast_phase,
    keep_plan,
    make_effective,
    outlook,
    phase_card,
    set_terms,
    write_to_clients,
)
from cbo_desk.conference.project.letters import letters_of, write_letters
from cbo_desk.context import clock, local
from cbo_desk.plurals import Count
from cbo_desk.progress import Progress
from ui.conference.project.phase_card import PhaseCardView
from ui.conference.project.phase_form import PhaseForms
from ui.conference.project.picture import CapacityPicture
from ui.conference.project.relocating import RelocationPane
from ui.conference.project.whatif import WhatIfPane
from ui.conference.view import View
from ui.kit.actions import Action
from ui.kit.buttons import Button, Tool
from ui.kit.cards import frame
from ui.kit.files import ask_save, show_folder
from ui.kit.states import ListOrState, State
from ui.kit.tabs import segments

if TYPE_CHECKING:
    from ui.conference.page import ConferencePage

MONTHS_BACK, MONTHS = 6, 36
PANES = ("capacity", "relocation", "whatif")


class ProjectView(View):
    """The three pages and the cards beside them; the phase that is chosen on the first is what the others are about."""

    heading_in_title = True

    def __init__(self, page: ConferencePage) -> None:
        super().__init__(page)
        self.outlook: Outlook | None = None
        self.phase_id = 0
        self.day: date = local(clock()).date()
        self.forms = PhaseForms(self.bench, self)
        self.picture = CapacityPicture(self)
        self.relocation = RelocationPane(self)
        self.whatif = WhatIfPane(self)
        self.phase_card = PhaseCardView(self)
        self.card: QWidget = QStackedWidget(page)
        self._cards = self.card
        self.panes = QStackedWidget(self)
        self.capacity = ListOrState(frame(self.picture))
        for pane, card in (
            (self.capacity, self.phase_card),
            (self.relocation, self.relocation.card),
            (self.whatif, self.whatif.card),
        ):
            self.panes.addWidget(pane)
            assert isinstance(self._cards, QStackedWidget)
            self._cards.addWidget(card)
        self.switch = segments(
            [("capacity", self.tr("Capacity")), ("relocation", self.tr("Relocation")), ("whatif", self.tr("What-if"))],
            self.show_pane, "capacity",
        )  # fmt: skip
        self.box.addWidget(self.panes, 1)
        self.picture.picked.connect(self._pick)
        self.picture.phase_chosen.connect(self.choose_phase)
        self.picture.opened.connect(lambda _id: self.show_pane("relocation"))
        self.phase_card.asked.connect(self._asked)
        self._add_actions()

    # --- what the page asks

    def heading(self) -> str:
        """The title."""
        return self.tr("Capital project")

    def tools(self) -> Sequence[QWidget]:
        """The three pages, and what can be done on any of them."""
        run = self.bench.shell.actions_.run
        return (
            self.switch,
            Tool("plus", self.tr("New phase"), partial(run, "conference.project.new"), self),
            Tool("play", self.tr("Solve again"), partial(run, "conference.project.solve"), self, key="S"),
            Tool("printer", self.tr("Letters to clients"), partial(run, "conference.project.letters"), self),
            Tool("download", self.tr("Export this list"), self.relocation.export_moves, self),
        )

    def enter(self) -> None:
        """Read phases and months; F1 opens the project's own help while it is in front."""
        self.page.help_page = "project"
        first = _months_before(local(clock()).date(), MONTHS_BACK)
        self.bench.runner.walk(self, outlook, first, MONTHS, done=self._show)

    def hideEvent(self, event: QHideEvent) -> None:
        """Another view comes to the front, with the desk's help."""
        self.page.help_page = "conference"
        super().hideEvent(event)

    def hear(self, changes: Changes) -> None:
        """Whatever changes bookings, rooms or phases changes this picture."""
        del changes
        self.enter()

    def open_at(self, detail: str) -> bool:
        """Show one phase."""
        kind, _, ident = detail.partition(":")
        if kind not in (PHASE, PLAN) or not ident.isdigit():
            return False
        self.phase_id = int(ident)
        self.enter()
        return True

    def filter_words(self, words: str) -> None:
        """Narrow the moves."""
        self.relocation.list.find_words(words)

    def show_pane(self, name: str) -> None:
        """Bring one of the three pages to the front."""
        place = PANES.index(name)
        self.switch.choose(name)
        self.panes.setCurrentIndex(place)
        assert isinstance(self._cards, QStackedWidget)
        self._cards.setCurrentIndex(place)
        self.page.filter_box.setVisible(name == "relocation")
        pane = self.panes.currentWidget()
        if isinstance(pane, (RelocationPane, WhatIfPane)):
            pane.show_phase(self.phase())
        target: QWidget = {"capacity": self.picture, "relocation": self.relocation.list.table,
                           "whatif": self.whatif.curves}[name]  # fmt: skip
        target.setFocus()
        self.say()

    def choose_phase(self, phase_id: int) -> None:
        """Make a phase the one that everything here is about."""
        self.phase_id = phase_id
        self._read_card()
        self.say()

    def phase(self) -> PhaseRow | None:
        """The chosen phase."""
        rows = self.outlook.phases if self.outlook is not None else ()
        return next((row for row in rows if row.id == self.phase_id), None)

    def say(self) -> None:
        """Say under the title what is in front."""
        if self.page.views.get(self.page.tabs.current()) is not self:
            return
        name = PANES[self.panes.currentIndex()]
        words = {"relocation": self.relocation.summary, "whatif": self.whatif.summary}.get(name, self._summary)()
        self.page.say(words)

    def solved(self) -> None:
        """A plan was kept: show it."""
        self.show_pane("relocation")

    # --- answers

    def _show(self, found: Outlook) -> None:
        self.outlook = found
        ids = [row.id for row in found.phases]
        if self.phase_id not in ids:
            waiting = [row.id for row in found.phases if row.affected]
            self.phase_id = (waiting or ids or [0])[0]
        self.picture.show_outlook(found, self.day, self.phase_id)
        affected = sum(row.affected for row in found.phases)
        self.page.tabs.set_count("project", affected)
        if found.phases:
            self.capacity.show_content()
        else:
            self.capacity.show_state(State(
                "empty", self.tr("No phase yet"),
                self.tr("A phase says which rooms are closed and what they seat, from when to when."),
                Button(self.tr("New phase"), "plus", run=self._new), icon="hard-hat",
            ))  # fmt: skip
        self._read_card()
        pane = self.panes.currentWidget()
        if isinstance(pane, (RelocationPane, WhatIfPane)):
            pane.show_phase(self.phase())
        self.say()

    def _read_card(self) -> None:
        if self.phase_id:
            self.bench.read_card(self, self.phase_card, phase_card, self.phase_id,
                      done=self._show_card)  # fmt: skip
        else:
            self.phase_card.show_nothing()

    def _show_card(self, card: PhaseCard) -> None:
        if card.row.id != self.phase_id or self.outlook is None:
            return
        span = card.row.span
        months = [m for m in self.outlook.months if span.first.replace(day=1) <= m.first <= span.last and m.short]
        self.phase_card.show_card(card, capacity_on(self.outlook.rooms, self.day), len(months))
        self.bench.shell.note_stop("conference", f"{PHASE}:{card.row.id}")

    def _pick(self, day: date) -> None:
        self.day = day
        if self.outlook is not None:
            self.phase_card.show_day(capacity_on(self.outlook.rooms, day))

    def _summary(self) -> str:
        if self.outlook is None:
            return ""
        parts = []
        for row in self.outlook.phases:
            if row.state == "under way":
                late = (
                    self.tr(", {count:week|weeks} late").format(count=Count(row.late_weeks)) if row.late_weeks else ""
                )
                parts.append(self.tr("{phase} under way{late}").format(phase=row.code, late=late))
        for row in self.outlook.phases:
            if row.affected:
                words = self.tr("{count:booking|bookings} to move before {phase}")
                parts.append(words.format(count=Count(row.affected), phase=row.code))
        short = sum(1 for month in self.outlook.months if month.short)
        if short:
            parts.append(self.tr("{count:month|months} short of seats").format(count=Count(short)))
        return " · ".join(parts) or self.tr("Nobody has to move")

    # --- deeds

    def _add_actions(self) -> None:
        self._action("new", self.tr("New phase"), self._new, "plus", "", add_phase)
        self._action("edit", self.tr("Edit phase"), partial(self._asked, "edit"), "pencil", "", edit_phase)
        self._action("effective", self.tr("Make phase effective"), partial(self._asked, "effective"), "hard-hat", "",
                     make_effective)  # fmt: skip
        self._action("end", self.tr("End phase"), partial(self._asked, "end"), "circle-check", "", end_phase)
        self._action("solve", self.tr("Solve again"), self._solve, "play", "S", keep_plan)
        self._action("rooms", self.tr("Solve, rooms before times"), partial(self._solve, "rooms"), "play", "Shift+S",
                     keep_plan)  # fmt: skip
        self._action("accept", self.tr("Accept move"), self.relocation.accept, "check", "A", accept_moves)
        self._action("decline", self.tr("Decline move"), self.relocation.decline, "x", "L", decline_moves)
        needs = self.relocation.change_terms
        self._action("terms", self.tr("What the meeting needs"), needs, "sliders-horizontal", "O", set_terms)
        everything = self.relocation.accept_all
        self._action("accept_all", self.tr("Accept all moves"), everything, "list-checks", "Ctrl+Shift+A", accept_moves)
        self._action("best", self.tr("Go to the least harmful start"), self.whatif.go_to_best, "target", "", None)
        self._action("adopt", self.tr("Adopt this start as forecast"), self.whatif.adopt, "calendar-clock", "",
                     forecast_phase)  # fmt: skip
        self._action("letters", self.tr("Letters to clients"), self._letters, "printer", "", None)
        self._action("write", self.tr("Send letters by e-mail"), self._write, "mail", "", write_to_clients)

    def _action(
        self, name: str, label: str, run: Callable[[], object], icon: str, key: str, work: Callable[..., Any] | None
    ) -> None:
        if work is None or self.bench.may(work):
            action = Action(
                f"conference.project.{name}", label, run, icon, key, "conference",
                enabled=lambda: self.page.tabs.current() == "project",
            )  # fmt: skip
            self.bench.shell.actions_.add(self.page, action)

    def _asked(self, deed: str) -> None:
        card = self.phase_card.card
        if card is None:
            return
        if deed == "relocate":
            self.show_pane("relocation")
            if not self.relocation.plans:
                self._solve()
        elif deed == "edit":
            self.forms.edit(card)
        elif deed == "effective":
            self.bench.runner.write(make_effective, card.row.id, card.row.version)
        elif deed == "end":
            self.bench.runner.write(end_phase, card.row.id, card.row.version)

    def _new(self) -> None:
        self.forms.new(self._made)

    def _made(self, ident: int) -> None:
        self.phase_id = ident
        self.enter()

    def _solve(self, first: str = "times") -> None:
        if PANES[self.panes.currentIndex()] == "whatif":
            self.whatif.solve()
            return
        self.relocation.show_phase(self.phase())
        self.relocation.solve(first)

    def _letters(self) -> None:
        if self.relocation.plan_id:
            self.bench.runner.read(self, letters_of, self.relocation.plan_id, done=self._print)

    def _print(self, letters: Any) -> None:
        if not letters:
            self.bench.shell.toasts.say(self.tr("No move of this plan is accepted yet."), tone="warn")
            return
        runner, title = self.bench.runner, self.tr("Letters to clients")

        def work(path: Path, _progress: Progress) -> Path:
            write_letters(str(runner.office.read(about).get("name", "")), letters, path)
            return path

        def chosen(path: Path) -> None:
            runner.job(self, partial(work, path), self._written, runner.failed.emit)

        ask_save(self, title, f"{title}.pdf", (self.tr("PDF (*.pdf)"),), "conference", self.bench.preferences, chosen)

    def _written(self, path: Path) -> None:
        words = self.tr("{file} written").format(file=path.name)
        self.bench.shell.toasts.say(words, self.tr("Open folder"), partial(show_folder, path))

    def _write(self) -> None:
        if self.relocation.plan_id:
            self.bench.runner.write(write_to_clients, self.relocation.plan_id)


def _months_before(day: date, months: int) -> date:
    number = day.year * 12 + day.month - 1 - months
    return date(number // 12, number % 12 + 1, 1)
