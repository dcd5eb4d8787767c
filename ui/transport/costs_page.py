"""Costs: what each entity pays for a month, its statement as PDF or Excel, and how well the fleet does."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QWidget

from cbo_desk.changes import Changes
from cbo_desk.context import clock, local
from cbo_desk.plurals import Count
from cbo_desk.tabular import Column as FileColumn
from cbo_desk.transport.performance import Performance, performance
from cbo_desk.transport.statement import EntityTotal, last_day, month_totals, statement, write_statement
from cbo_desk.transport.whole_lists import TotalsList
from ui.bench import Bench
from ui.kit.actions import Action
from ui.kit.buttons import Button, DeedButton, Tool
from ui.kit.cards import Deeds, ScrollCard, line, rule, stack
from ui.kit.cells import Look
from ui.kit.columns import Column
from ui.kit.export import Export
from ui.kit.labels import Label, number_label
from ui.kit.page import Page
from ui.kit.phrases import money
from ui.kit.record_list import RecordList
from ui.kit.states import ProgressStrip
from ui.kit.states import State as Empty
from ui.kit.tabs import Tab
from ui.kit.worded_views import WordedViews
from ui.transport.papers import ask


class CostsPage(Page):
    """One month: totals per entity on the left, figures on the right."""

    def __init__(self, bench: Bench, parent: QWidget) -> None:
        super().__init__(self.tr("Transport costs"), parent, help_page="transport")
        self.bench = bench
        self.month: date = local(clock()).date().replace(day=1)
        self.totals: Sequence[EntityTotal] = ()
        self.figures: Performance | None = None
        self.right = ScrollCard(self)
        shipped = [Tab("all", self.tr("What each entity pays"))]
        self.views = WordedViews(bench.shell, bench.preferences, "transport.costs", shipped, self.tabs, self)
        self.list = RecordList(
            bench.runner, self.columns(), self._listing, name="transport.costs", title=self.tr("Transport costs"),
            things=self.tr("{count:entity|entities}"), sort="entity", empty=self._nothing,
            preferences=bench.preferences, parent=self,
        )  # fmt: skip
        self.strip = ProgressStrip(self)
        self.export = Export(bench.runner, bench.preferences, bench.shell.toasts, self, self.strip)
        self.use_filter(self.tr("Filter entities"))
        self.add_buttons(Button(self.tr("Dispatch"), "arrow-left", "plain", partial(bench.shell.go, "transport")))
        self.add_tools(
            Tool("chevron-left", self.tr("A month earlier"), partial(self.step, -1)),
            Tool("calendar", self.tr("This month"), self.go_now),
            Tool("chevron-right", self.tr("A month later"), partial(self.step, 1)),
            self.views.tool,
            Tool("download", self.tr("Export this list"), self.ask_export),
        )
        add = bench.shell.actions_.add
        add(self, Action("transport.costs.earlier", self.tr("A month earlier"), partial(self.step, -1), "chevron-left",
                         "Ctrl+Left", "transport"))  # fmt: skip
        add(self, Action("transport.costs.later", self.tr("A month later"), partial(self.step, 1), "chevron-right",
                         "Ctrl+Right", "transport"))  # fmt: skip
        for kind, words, icon, key in (("pdf", self.tr("Statement as PDF"), "file-text", "P"),
                                       ("xlsx", self.tr("Statement in Excel"), "table", "X")):  # fmt: skip
            add(self, Action(f"transport.costs.{kind}", words, partial(self._print_chosen, kind), icon, key,
                             "transport", enabled=lambda: self.chosen() is not None))  # fmt: skip
        self.views.add_actions(self, "transport.costs", "transport")
        self.body.addWidget(self.strip)
        self.set_body(self.list, self.right, card=380, preferences=bench.preferences, name="transport.costs")
        self.list.chosen.connect(lambda _ident: self._show_card())
        self.list.counted.connect(lambda _total: self._show_card())  # of another month, with the same entity in hand
        self.list.all_asked.connect(self.filter_box.clear)
        self.filtered.connect(self.list.find_words)
        self.views.narrow(self.list, self.filter_box)
        bench.runner.changed.connect(self._hear)
        self.read()

    def open_at(self, _detail: str) -> None:
        """Show the page: a month is chosen on it."""

    def step(self, months: int) -> None:
        """Go a month on or back."""
        self.month = (self.month + timedelta(days=31 if months > 0 else -1)).replace(day=1)
        self.read()

    def go_now(self) -> None:
        """Show the month that it is."""
        self.month = local(clock()).date().replace(day=1)
        self.read()

    def read(self) -> None:
        """Read the month."""
        self.bench.runner.read(self, month_totals, self.month, done=self.show_totals)
        until = max(self.month, min(last_day(self.month), local(clock()).date()))
        self.bench.runner.read(self, performance, self.month, until, done=self.show_figures)

    def show_totals(self, totals: Sequence[EntityTotal]) -> None:
        """Show what each entity pays."""
        self.totals = totals
        whole = sum(total.amount for total in totals)
        words = self.tr("{month} · {count:entity|entities} charged · {amount}")
        amount = f"{whole:,.2f} {totals[0].currency if totals else ''}".strip()
        self.say(words.format(month=self._month_words(), count=Count(len(totals)), amount=amount))
        self.list.refresh()

    def columns(self) -> list[Column]:
        """The columns of the list."""
        tr = self.tr
        return [
            Column(Look("entity", "ref", 104), tr("Entity"), lambda total: total.entity, sort="entity"),
            Column(Look("name", "text", 180, stretch=True), tr("Name"), lambda total: total.name, sort="name"),
            Column(Look("count", "num", 84), tr("Charges"), lambda total: f"{total.count:,}", sort="count"),
            Column(Look("amount", "num", 140), tr("Amount"), lambda total: f"{total.amount:,.2f} {total.currency}",
                   sort="amount"),
        ]  # fmt: skip

    def _listing(self, words: str, sort: str, descending: bool) -> TotalsList:
        return TotalsList(self.month, words, sort, descending)

    def _nothing(self) -> Empty:
        about = self.tr("A trip is charged when it is back, by the rates of its day on the Settings page.")
        return Empty("empty", self.tr("Nothing charged"), about, icon="banknote")

    def chosen(self) -> EntityTotal | None:
        """The entity whose row is chosen."""
        total = self.list.model.row_at(self.list.table.currentIndex().row())
        return total if isinstance(total, EntityTotal) else None

    def _print_chosen(self, kind: str) -> None:
        total = self.chosen()
        if total is not None:
            self.print_statement(total, kind)

    def ask_export(self) -> None:
        """Ask for a file and write what each entity pays there."""
        office, listing = self.bench.runner.office, self.list.listing()
        assert isinstance(listing, TotalsList)
        heads = (FileColumn("Entity"), FileColumn("Name"), FileColumn("Charges", "number"),
                 FileColumn("Amount", "number"), FileColumn("Currency"))  # fmt: skip

        def rows() -> Iterable[Sequence[Any]]:
            for each in office.read(listing.lines):
                yield each.row.entity, each.row.name, each.row.count, each.row.amount, each.row.currency

        title = self.tr("Transport costs {month}").format(month=f"{self.month:%Y-%m}")
        total = self.list.model.rowCount()
        self.export.ask(title, heads, rows, total=total, narrowed=self.list.narrowed(self._month_words()))

    def show_figures(self, found: Performance) -> None:
        """Show how well the fleet does, each figure with what it is made of."""
        self.figures = found
        self._show_card()

    def _show_card(self) -> None:
        """The chosen entity's statement, and the figures of the fleet."""
        pieces: list[QWidget] = []
        total = self.chosen()
        if total is not None:
            run = self.bench.shell.actions_.run
            known = {action.id: action for action in self.bench.shell.actions_.of("transport")}
            short = {"pdf": self.tr("As PDF"), "xlsx": self.tr("In Excel")}
            own = [(words, known[f"transport.costs.{kind}"]) for kind, words in short.items()]
            deeds = [DeedButton(words, a.icon, partial(run, a.id), a.shortcut) for words, a in own]
            amount = f"{total.entity} · {total.amount:,.2f} {total.currency}"
            heading = Label(amount, "h3")
            heading.setObjectName("statement")
            pieces += [Label(self.tr("Statement"), "cap"), heading, Deeds(deeds), rule()]
        if self.figures is not None:
            pieces += [Label(self.tr("How the fleet does"), "h3"), *self._figures(self.figures)]
        self.right.show_content(*pieces)

    def _figures(self, found: Performance) -> list[QWidget]:
        def share(value: float | None) -> str:
            return "—" if value is None else (f"{value:.0%}" if value == 0 or value >= 0.1 else f"{value:.1%}")

        cost = "—" if found.cents_a_km is None else money(round(found.cents_a_km), "USD")
        grams = "—" if found.grams_a_km is None else f"{found.grams_a_km:,.0f} g"
        trips = self.tr("{count:closed trip|closed trips}").format(count=Count(found.trips))
        known = (
            (self.tr("Utilisation"), share(found.utilisation), self.tr("{hours} h away").format(hours=found.hours)),
            (self.tr("Pooled trips"), share(found.pooled), trips),
            (self.tr("Seats filled"), share(found.seats_filled),
             self.tr("{count:request|requests}").format(count=Count(found.requests))),
            (self.tr("Picked up in time"), share(found.on_time), self.tr("by the stop, or the departure")),
            (self.tr("Cost a kilometre"), cost, self.tr("fuel and upkeep {amount} over {km} km").format(
                amount=money(found.cost_cents), km=f"{found.km:,}")),
            (self.tr("CO2 a kilometre"), grams, self.tr("{litres} l of fuel").format(litres=f"{found.litres:,.0f}")),
            (self.tr("Private"), f"{found.private_km:,} km", self.tr("of {km} km driven").format(km=f"{found.km:,}")),
        )  # fmt: skip
        pieces: list[QWidget] = []
        for caption, value, about in known:
            holder = QWidget()
            holder.setLayout(line(stack(Label(caption, "small-strong"), Label(about, "small-muted")), None,
                                  number_label(value)))  # fmt: skip
            pieces += [holder, rule()]
        return pieces

    def print_statement(self, total: EntityTotal, kind: str) -> None:
        """Ask for a file, and write an entity's statement of the month."""
        office = self.bench.runner.office

        def write(_compound: str, path: Path) -> None:
            write_statement(office.read(statement, total.entity_id, self.month), path)

        title = self.tr("Transport {entity} {month}").format(entity=total.entity, month=f"{self.month:%Y-%m}")
        ask(self.bench, self, title, write, kind)

    def _month_words(self) -> str:
        return f"{self.month:%B %Y}"

    def _hear(self, changes: Changes) -> None:
        if {"charge", "transport.vehicle", "transport.trip"} & changes.touched().keys():
            self.read()
