"""Costs: what each entity pays for a month, its statement as PDF or Excel, and how well the fleet does."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QGridLayout, QWidget

from cbo_desk.changes import Changes
from cbo_desk.context import clock, local
from cbo_desk.plurals import Count
from cbo_desk.transport.performance import Performance, performance
from cbo_desk.transport.statement import EntityTotal, last_day, month_totals, statement, write_statement
from ui.bench import Bench
from ui.kit.actions import Action
from ui.kit.buttons import Button, Tool
from ui.kit.cards import ScrollCard, line, rule, stack
from ui.kit.labels import Label, number_label
from ui.kit.page import Page
from ui.kit.phrases import money
from ui.kit.states import State as Empty
from ui.transport.papers import ask


class CostsPage(Page):
    """One month: totals per entity on the left, figures on the right."""

    def __init__(self, bench: Bench, parent: QWidget) -> None:
        super().__init__(self.tr("Transport costs"), parent, help_page="transport")
        self.bench = bench
        self.month: date = local(clock()).date().replace(day=1)
        self.totals: Sequence[EntityTotal] = ()
        self.left, self.right = ScrollCard(self), ScrollCard(self)
        self.add_buttons(Button(self.tr("Dispatch"), "arrow-left", "plain", partial(bench.shell.go, "transport")))
        self.add_tools(
            Tool("chevron-left", self.tr("A month earlier"), partial(self.step, -1)),
            Tool("calendar", self.tr("This month"), self.go_now),
            Tool("chevron-right", self.tr("A month later"), partial(self.step, 1)),
        )
        add = bench.shell.actions_.add
        add(self, Action("transport.costs.earlier", self.tr("A month earlier"), partial(self.step, -1), "chevron-left",
                         "Ctrl+Left", "transport"))  # fmt: skip
        add(self, Action("transport.costs.later", self.tr("A month later"), partial(self.step, 1), "chevron-right",
                         "Ctrl+Right", "transport"))  # fmt: skip
        self.set_body(self.left, self.right, card=380, preferences=bench.preferences, name="transport.costs")
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
        if not totals:
            about = self.tr("A trip is charged when it is back, by the rates of its day on the Settings page.")
            self.left.show_content(Empty("empty", self.tr("Nothing charged"), about, icon="banknote"), fill=True)
            return
        grid = QGridLayout()
        grid.setHorizontalSpacing(18)
        grid.setVerticalSpacing(7)
        grid.setColumnStretch(0, 1)
        for column, head in enumerate((self.tr("Entity"), self.tr("Charges"), self.tr("Amount"), "")):
            grid.addWidget(Label(head, "cap"), 0, column)
        for at, total in enumerate(totals, 1):
            grid.addWidget(Label(f"{total.entity} · {total.name}"), at, 0)
            grid.addWidget(number_label(f"{total.count:,}"), at, 1)
            grid.addWidget(number_label(f"{total.amount:,.2f} {total.currency}"), at, 2)
            holder = QWidget()
            holder.setLayout(
                line(
                    Button(self.tr("PDF"), "file-text", "plain", partial(self.print_statement, total, "pdf")),
                    Button(self.tr("Excel"), "table", "plain", partial(self.print_statement, total, "xlsx")),
                )
            )
            grid.addWidget(holder, at, 3)
        box = QWidget()
        box.setLayout(grid)
        self.left.show_content(Label(self.tr("What each entity pays"), "h3"), box)

    def show_figures(self, found: Performance) -> None:
        """Show how well the fleet does, each figure with what it is made of."""

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
        self.right.show_content(Label(self.tr("How the fleet does"), "h3"), *pieces)

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
