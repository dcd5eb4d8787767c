"""Value: what everything is worth on a day of one's choice, by entity, class, building or threshold."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import cast

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QTableView, QWidget

from cbo_desk.changes import Changes
from cbo_desk.context import clock, local
from cbo_desk.errors import Faults, Refusal
from cbo_desk.plurals import Count
from cbo_desk.progress import Cancelled, Progress
from cbo_desk.property import KIND
from cbo_desk.property.value import (
    POLICY,
    RATE,
    By,
    PolicyLine,
    RateLine,
    Valuation,
    rates,
    set_rate,
    set_value_policy,
    valuation,
    value_policies,
)
from cbo_desk.property.value.exporting import columns as export_columns
from cbo_desk.property.value.exporting import rows
from ui.bench import Bench
from ui.kit.actions import Action
from ui.kit.buttons import Button, Tool
from ui.kit.cards import frame, line, rule, stack
from ui.kit.cursor import choose_row
from ui.kit.export import Export
from ui.kit.fields import DateField, Field, Unclear
from ui.kit.lines import Lines
from ui.kit.list_views import ListViews
from ui.kit.page import Page
from ui.kit.phrases import day, money
from ui.kit.saved_views import SavedView
from ui.kit.states import ListOrState, ProgressStrip, State
from ui.kit.tables import RowCount, dress
from ui.kit.tabs import Tab
from ui.kit.theme import px
from ui.property.sections import VALUE, show_sections
from ui.property.value.breakdown import Breakdowns
from ui.property.value.card import ValueCard
from ui.property.value.columns import columns
from ui.property.value.forms import ValueForms

PAUSE_MS = 350
BYS = ("entity", "class", "place", "threshold")


class ValuePage(Page):
    """The totals as a table with bars, and the policies behind them."""

    def __init__(self, bench: Bench, parent: QWidget) -> None:
        super().__init__(self.tr("Value"), parent, help_page="value")
        self.bench = bench
        self.found: Valuation | None = None
        self._by: By = "entity"
        self._policies: list[PolicyLine] = []
        self._progress: Progress | None = None
        self._again = False
        self.forms = ValueForms(bench, self)
        self.card = ValueCard(self)
        self.strip = ProgressStrip(self)
        self.export = Export(bench.runner, bench.preferences, bench.shell.toasts, self)
        self.breakdowns = Breakdowns(bench, self.strip, self)
        self.day = DateField(Field("on", self.tr("Value on this day"), "date"), self)
        self.day.setMaximumWidth(px(190))
        self.day.set_value(local(clock()).date())
        self.model = Lines(columns(None), self)
        self.table = QTableView(self)
        self.table.setModel(self.model)
        looks = [column.look for column in self.model.columns]
        dress(self.table, looks, "property.value", bench.preferences, title=self.tr("Value"))
        self.states = ListOrState(self.table)
        self.foot = RowCount(self)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self.refresh)
        self._build()
        self._add_actions()
        bench.runner.changed.connect(self._hear)
        bench.runner.progressed.connect(self._report)
        self._read_policies()
        self.refresh()

    def open_at(self, detail: str) -> None:
        """Show the value by what is named, for instance "by:class"."""
        name = detail.removeprefix("by:")
        if name in BYS:
            self.views.choose(name)

    def wanted_day(self) -> date | None:
        """The day that is typed, None while it cannot be read."""
        try:
            return self.day.value()
        except (Unclear, Refusal):
            return None

    def refresh(self) -> None:
        """Work the totals out anew; one walk at a time, the last wish counts."""
        on = self.wanted_day()
        if on is None:
            return
        if self._progress is not None:
            self._again = True
            self._progress.cancel()
            return
        office, by = self.bench.runner.office, self._by
        self._progress = self.bench.runner.job(
            self, lambda progress: office.read(valuation, on, by, progress), self._show, self._failed
        )
        self.strip.begin(self.tr("Working out the value on {day}").format(day=day(on)), self._progress.cancel)

    # --- parts

    def _build(self) -> None:
        run = self.bench.shell.actions_.run
        if self.bench.may(set_rate):
            self.add_buttons(Button(self.tr("Add a rate"), "coins", "plain", partial(run, "property.value.rate")))
        if self.bench.may(set_value_policy):
            words = self.tr("Set a policy")
            self.add_buttons(Button(words, "plus", "primary", partial(run, "property.value.policy"), "Ctrl+N"))
        show_sections(self.bench, self, VALUE)
        self.add_tools(Tool("download", self.tr("Export these totals"), partial(run, "property.value.export")))
        shipped = [
            Tab("entity", self.tr("By entity")),
            Tab("class", self.tr("By class")),
            Tab("place", self.tr("By building")),
            Tab("threshold", self.tr("By threshold")),
        ]
        self.views = ListViews(self.bench.shell, self.bench.preferences, "property.value", shipped, self)
        self.views.shown.connect(self._show_by)
        self.views.taken.connect(self._take_view)
        self.views.keep_from(self._view)
        turns = [
            Button(self.tr("Today"), kind="link", run=lambda: self._go_to(local(clock()).date())),
            Button(self.tr("End of last year"), kind="link", run=lambda: self._go_to(_year_end(-1))),
            Button(self.tr("End of this year"), kind="link", run=lambda: self._go_to(_year_end(0))),
        ]
        head = line(self.day, *turns, None)
        left = QWidget(self)
        table = frame(self.states, rule(), self.foot, margins=(1, 1, 1, 7))
        whole = stack(head, self.views.row(), self.strip, table, gap=8)
        whole.setStretch(3, 1)
        left.setLayout(whole)
        self.set_body(left, self.card, preferences=self.bench.preferences, name="property.value")
        self.day.line.textChanged.connect(lambda: self._pause.start())
        self.table.activated.connect(lambda _index: self._drill())

    def _add_actions(self) -> None:
        add = self.bench.shell.actions_.add
        self.views.add_actions(self, "property.value", "property")
        add(
            self,
            Action(
                "property.value.export", self.tr("Export these totals"), self._export, "download", "Ctrl+Shift+E",
                "property",
            ),
            Action(
                "property.value.open", self.tr("Show these assets in the register"), self._drill, "package", "A",
                "property", enabled=lambda: self.table.currentIndex().isValid(),
            ),
            Action(
                "property.value.assets", self.tr("Show these assets with their value"), self._break_down, "list", "S",
                "property", enabled=lambda: self.table.currentIndex().isValid(),
            ),
            Action("property.value.day", self.tr("Choose the day"), self._ask_day, "calendar", "D", "property"),
        )  # fmt: skip
        if self.bench.may(set_value_policy):
            words = self.tr("Set a policy of value")
            add(self, Action("property.value.policy", words, self.forms.policy, "plus", "Ctrl+N", "property"))
        if self.bench.may(set_rate):
            words = self.tr("Add a rate of exchange")
            add(self, Action("property.value.rate", words, self.forms.rate, "coins", "", "property"))

    # --- what is shown

    def _show_by(self, by: str) -> None:
        self._by = cast(By, by)
        self.refresh()

    def _view(self) -> SavedView:
        """The totals as they stand; today is kept as today, whatever day that will be."""
        on = self.wanted_day()
        told = "" if on is None or on == local(clock()).date() else on.isoformat()
        return SavedView("", {"by": self._by, "on": told})

    def _take_view(self, view: SavedView) -> None:
        by, told = str(view.filters.get("by")), str(view.filters.get("on") or "")
        self._by = cast(By, by) if by in BYS else "entity"
        try:
            on = date.fromisoformat(told)
        except ValueError:
            on = local(clock()).date()
        self.day.set_value(on)
        self.refresh()

    def _go_to(self, on: date) -> None:
        self.day.set_value(on)

    def _ask_day(self) -> None:
        self.day.line.setFocus()
        self.day.line.selectAll()

    def _show(self, found: Valuation) -> None:
        self._end()
        self.found = found
        self.model.show_rows(found.lines, columns(found))
        self.card.show_value(found)
        if found.lines:
            self.states.show_content()
            choose_row(self.table, 0)
        else:
            words = self.tr("Nothing that has a day of acquisition was there on {day}.").format(day=day(found.on))
            again = Button(self.tr("Today"), run=lambda: self._go_to(local(clock()).date()))
            self.states.show_state(State("no-match", self.tr("Nothing was there yet"), words, again))
        things, how = self.tr("{count:line|lines}"), self.tr("of the greatest worth first")
        self.foot.say(len(found.lines), len(found.lines), things, how)
        whole, words = found.total, self.tr("{value} on {day} · cost {cost} · {assets:asset|assets}")
        worth, cost = money(whole.value, "USD"), money(whole.cost, "USD")
        said = words.format(value=worth, day=day(found.on), cost=cost, assets=Count(whole.assets))
        self.say(" · ".join(filter(None, (said, self.bench.age_words(valuation)))))
        if self._again:
            self._again = False
            self.refresh()

    def _failed(self, error: Exception) -> None:
        again, self._again = self._again, False
        self._end()
        if not isinstance(error, Cancelled):
            self.bench.runner.failed.emit(error)
        elif again:
            self.refresh()

    def _end(self) -> None:
        self._progress = None
        self.strip.end()

    def _report(self, done: int, total: int) -> None:
        if self._progress is not None:
            self.strip.report(done, total)

    def _read_policies(self) -> None:
        self.bench.runner.read(self, value_policies, done=self._have_policies)

    def _have_policies(self, found: list[PolicyLine]) -> None:
        self._policies = found
        self.bench.runner.read(self, rates, done=self._have_rates)

    def _have_rates(self, found: list[RateLine]) -> None:
        self.card.show_policies(self._policies, found)

    def _hear(self, changes: Changes) -> None:
        touched = set(changes.touched())
        if touched & {POLICY, RATE, "settings.dated"}:
            self._read_policies()
        if touched & {KIND, POLICY, RATE, "settings.dated"}:
            self._pause.start()

    # --- what is done

    def _drill(self) -> None:
        if self.found is not None:
            self.breakdowns.lead(self.found, self.model.rows[self.table.currentIndex().row()])

    def _break_down(self) -> None:
        if self.found is not None:
            self.breakdowns.open(self.found, self.model.rows[self.table.currentIndex().row()])

    def _export(self) -> None:
        found = self.found
        if found is None:
            raise Faults({"on": self.tr("Wait until the value is worked out.")})
        narrowed = self.tr("Value on {day} in USD, {by}").format(day=day(found.on), by=self._words(found.by))
        self.export.ask(
            self.tr("Value"), export_columns(found.by), lambda: rows(found), total=len(found.lines), narrowed=narrowed
        )

    def _words(self, by: By) -> str:
        return {
            "entity": self.tr("by entity"),
            "class": self.tr("by class"),
            "place": self.tr("by building"),
            "threshold": self.tr("by threshold"),
        }[by]


def _year_end(years: int) -> date:
    return date(local(clock()).year + years, 12, 31)
