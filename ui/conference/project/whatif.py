"""The what-if page: starts half a year either way are solved beside everything else; the best one can be adopted."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from cbo_desk import solving
from cbo_desk.conference.project import PhaseRow, Span, basis_of, forecast_phase, titles_of, waiting
from cbo_desk.conference.relocating import whatif
from cbo_desk.conference.relocating.whatif import Start
from cbo_desk.context import clock
from cbo_desk.plurals import Count
from ui.conference.project.curves import Curves
from ui.kit.buttons import Button
from ui.kit.cards import Fact, Facts, History, Piece, ScrollCard, frame, line, rule
from ui.kit.chips import Chip, Status
from ui.kit.flow import wrapped
from ui.kit.labels import IconLabel, Label, number_label
from ui.kit.phrases import day, when
from ui.kit.states import ProgressStrip

if TYPE_CHECKING:
    from ui.conference.project.view import ProjectView

REACH = (-26, 26)
SECONDS = 30.0
MOST_NAMED = 3


class WhatIfPane(QWidget):
    """The charts of the chosen phase, with a card of the chosen start. `heard` is one start that was solved."""

    heard = Signal(object)

    def __init__(self, view: ProjectView) -> None:
        super().__init__(view)
        self._view, self._bench = view, view.bench
        self.phase: PhaseRow | None = None
        self.watch: solving.Watch | None = None
        self._known: dict[int, Start] = {}
        self._titles: dict[int, str] = {}
        self._tried: tuple[str, str] | None = None
        self.curves = Curves(self)
        self.curves.chosen.connect(lambda _weeks: self._show_card())
        self.card = ScrollCard(self)
        self.strip = ProgressStrip(self)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.strip)
        box.addWidget(frame(self.curves), 1)
        self.heard.connect(self._hear)
        self._show_card()

    def show_phase(self, phase: PhaseRow | None) -> None:
        """Show the charts of a phase; what is known of it stays until its days change."""
        before, self.phase = self.phase, phase
        if phase is None:
            return
        if before is None or (before.id, before.span) != (phase.id, phase.span):
            self._known, self._tried = {}, None
            self.curves.weeks = 0
            self.solve()
        self._show()

    def solve(self) -> None:
        """Solve every start within reach, the nearest first."""
        if self.phase is None or self.watch is not None or self.phase.state != "planned":
            return
        phase, office = self.phase, self._bench.runner.office
        self.watch = watch = solving.Watch(self.heard.emit, SECONDS + 15)
        self.strip.begin(self.tr("Trying other starts of {phase}…").format(phase=phase.code), watch.stop)
        weeks = range(REACH[0], REACH[1] + 1)

        def work(_progress: Any) -> tuple[int, Span, tuple[Start, ...], float]:
            span, began = phase.span, time.monotonic()
            basis = office.read(basis_of, phase.id, span.shifted(REACH[0]), span.shifted(REACH[1]))
            best = solving.solve(watch, whatif.solve, basis, span, weeks, SECONDS).best
            return phase.id, span, best, time.monotonic() - began

        self._bench.runner.job(self, work, self._solved, self._broke)

    def adopt(self) -> None:
        """Let the chosen start be the forecast."""
        if self.phase is not None and self.curves.weeks:
            span = self.phase.span.shifted(self.curves.weeks)
            self._bench.runner.write(forecast_phase, self.phase.id, self.phase.version, span.first, span.last)

    def go_to_best(self) -> None:
        """Choose the least harmful start."""
        best = self.curves.best()
        if best is not None:
            self.curves.choose(best)

    def summary(self) -> str:
        """What the charts say in one line."""
        if self.phase is None:
            return ""
        window, least = self.curves.least(), self._known.get(self.curves.best() or 0)
        if window is None or least is None:
            return self.phase.code
        first, last = (day(self.phase.span.shifted(each).first) for each in window)
        harm = self.tr("all placed")
        if least.unplaced:
            harm = self.tr("{count} unplaced").format(count=Count(len(least.unplaced)))
        when = self.tr("starting on {first} harms least") if first == last else self.tr(
            "starting between {first} and {last} harms least")  # fmt: skip
        here = [each.displaced for each in self._starts() if window[0] <= each.weeks <= window[1]]
        low, high = min(here), max(here)
        displaced = self.tr("{count} displaced").format(count=Count(high))
        if low != high:
            displaced = self.tr("{low} to {high} displaced").format(low=Count(low), high=Count(high))
        return f"{self.phase.code} · {when.format(first=first, last=last)}: {harm}, {displaced}"

    # --- answers

    def _starts(self) -> tuple[Start, ...]:
        return tuple(sorted(self._known.values(), key=lambda each: each.weeks))

    def _hear(self, start: Start) -> None:
        self._known[start.weeks] = start
        self.strip.report(len(self._known), REACH[1] - REACH[0] + 1)
        before = self.curves.best()
        self._show_curves()
        # The card is about three of the starts, and takes longer to lay out than the charts to paint.
        if start.weeks in (0, self.curves.weeks, before) or self.curves.best() != before:
            self._show_card()

    def _solved(self, answer: tuple[int, Span, tuple[Start, ...], float]) -> None:
        phase_id, span, starts, seconds = answer
        self.watch = None
        self.strip.end()
        if self.phase is not None and (self.phase.id, self.phase.span) == (phase_id, span):
            self._known = {each.weeks: each for each in starts}
            tried = self.tr("{count:start|starts} tried in {seconds:second|seconds}")
            words = tried.format(count=Count(len(starts)), seconds=Count(max(1, round(seconds))))
            self._tried = (when(clock(), clock()), words)
            unplaced = sorted({ident for each in starts for ident in each.unplaced})
            self._bench.runner.read(self, titles_of, unplaced, done=self._name)
            self._show()
        else:
            self.solve()

    def _broke(self, error: Exception) -> None:
        self.watch = None
        self.strip.end()
        self._bench.runner.failed.emit(error)

    def _show(self) -> None:
        self._show_curves()
        self._show_card()

    def _show_curves(self) -> None:
        if self.phase is not None:
            self.curves.show_starts(self._starts(), self.phase.span, REACH, self.phase.contract, self._marks())
        self._view.say()

    def _marks(self) -> list[tuple[str, int]]:
        """Where the phase was planned to start, and where it is expected to where that is another day."""
        assert self.phase is not None
        planned = round((self.phase.planned.first - self.phase.span.first).days / 7)
        if not planned:
            return [(self.tr("Planned"), 0)]
        return [(self.tr("Planned"), planned), (self.tr("Forecast"), 0)]

    def _differences(self, weeks: int) -> list[Piece]:
        """Who finds a place with the chosen start and has none now, and the other way round."""
        here, chosen = self._known.get(0), self._known.get(weeks)
        if here is None or chosen is None or set(here.unplaced) == set(chosen.unplaced):
            return []
        placed = [each for each in here.unplaced if each not in chosen.unplaced]
        lost = [each for each in chosen.unplaced if each not in here.unplaced]
        found: list[Piece] = [Label(self.tr("What makes the difference"), "h3")]
        for ids, icon, token, words in (
            (placed, "circle-check", "ok_text", self.tr("{title} finds a place")),
            (lost, "triangle-alert", "warn_text", self.tr("{title} finds no place")),
        ):
            for ident in ids[:MOST_NAMED]:
                title = self._titles.get(ident, "")
                sentence = Label(words.format(title=title), "small", wrap=True)
                row = line(IconLabel(icon, token, 15), sentence)
                row.setStretch(1, 1)
                found.append(row)
            if len(ids) > MOST_NAMED:
                more = self.tr("and {count} more").format(count=Count(len(ids) - MOST_NAMED))
                found.append(Label(more, "small-muted"))
        return [*found, rule(self)]

    def _name(self, titles: dict[int, str]) -> None:
        self._titles = titles
        self._show_card()

    # --- card

    def _show_card(self) -> None:
        if self.phase is None:
            self.card.show_content(Label(self.tr("No phase is chosen"), "h2"))
            return
        weeks = self.curves.weeks
        span = self.phase.span.shifted(weeks)
        state = Status(self.tr("What-if, not adopted"), "idle", "circle-dashed")
        if weeks == 0:
            state = Status(self.tr("As it is expected now"), "info", "calendar-clock")
        shift = self.tr("{count:week|weeks} later") if weeks > 0 else self.tr("{count:week|weeks} earlier")
        against = shift.format(count=Count(abs(weeks))) if weeks else self.tr("no shift")
        facts = [
            Fact("calendar-clock", self.tr("Against now"), against),
            Fact("calendar", self.tr("Would end"), day(span.last)),
            Fact("hard-hat", self.tr("Knock-on"), self._knock_on(span)),
        ]
        warning: list[Piece] = []
        if self.phase.contract is not None:
            allowed = self.phase.contract
            words = self.tr("{first} to {last}").format(first=day(allowed.first), last=day(allowed.last))
            facts.append(Fact("file-text", self.tr("Contract allows a start"), words))
            if not allowed.first <= span.first <= allowed.last:
                sentence = Label(self.tr("The contract does not allow this start."), "warn", wrap=True)
                warning = [line(IconLabel("triangle-alert", "warn_text", 15), sentence)]
        if self.phase.state != "planned":
            words = self.tr("This phase has begun: its start can no longer be another one.")
            warning = [Label(words, "muted", wrap=True)]
        best = self.curves.best()
        go = Button(self.tr("Go to the best"), "target", "plain", self.go_to_best, "End")
        go.setEnabled(best is not None and best != weeks)
        relocate = Button(self.tr("Relocation plan"), run=lambda: self._view.show_pane("relocation"))
        buttons = [go, relocate]
        if weeks and self.phase.state == "planned" and self._bench.may(forecast_phase):
            buttons.insert(0, Button(self.tr("Adopt as forecast"), "calendar-clock", "primary", self.adopt))
        self.card.show_content(
            Label(self.phase.code, "cap"),
            Label(self.tr("Start on {day}").format(day=day(span.first)), "h1", wrap=True), line(Chip(state), None),
            rule(self), Facts(facts), *warning, rule(self), self._table(weeks, best), rule(self),
            *self._differences(weeks),
            wrapped(*buttons), *self._history(),
        )  # fmt: skip

    def _knock_on(self, span: Span) -> str:
        """Which later phases would have to wait, and until when."""
        outlook = self._view.outlook
        assert self.phase is not None
        later = waiting(outlook.phases, self.phase.id, span) if outlook is not None else []
        if not later:
            return self.tr("no other phase has to wait")
        words = self.tr("{phase} from {day}, {count:week|weeks} later")
        return "\n".join(words.format(phase=w.code, day=day(w.first), count=Count(w.weeks)) for w in later)

    def _history(self) -> list[Piece]:
        """What was tried last, and what became of the phase's days before."""
        card = self._view.phase_card.card
        lines = [self._tried] if self._tried is not None else []
        if card is not None and self.phase is not None and card.row.id == self.phase.id:
            lines += [(when(each.at, clock()), each.said) for each in card.history[:4]]
        return [rule(self), Label(self.tr("History"), "h3"), History(lines)] if lines else []

    def _table(self, weeks: int, best: int | None) -> QWidget:
        box = QWidget()
        grid = QGridLayout(box)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(0, 1)
        columns = (0, weeks, best if best is not None else 0)
        for place, words in enumerate((self.tr("Now"), self.tr("Chosen"), self.tr("Least")), 1):
            grid.addWidget(Label(words, "small-strong" if place == 2 else "small-muted", at_end=True), 0, place)
        starts = [self._known.get(each) for each in columns]
        rows = (
            (self.tr("Displaced"), [f"{s.displaced:,}" if s else "—" for s in starts]),
            (self.tr("Seat-hours"), [f"{s.lost:,.0f}" if s else "—" for s in starts]),
            (self.tr("Unplaced"), [f"{len(s.unplaced):,}" if s else "—" for s in starts]),
            (self.tr("Wall moves, at most"), [f"{s.walls:,}" if s else "—" for s in starts]),
            (self.tr("Proven"), [(self.tr("yes") if s.proven else self.tr("no")) if s else "—" for s in starts]),
        )
        for row, (words, values) in enumerate(rows, 1):
            grid.addWidget(Label(words), row, 0)
            for place, value in enumerate(values, 1):
                grid.addWidget(number_label(value), row, place)
        return box
