"""Carriers' prices on the screen: dated rows of their rate cards, which a supervisor keeps and confirms."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtWidgets import QWidget

from cbo_desk.changes import Changes
from cbo_desk.mail.outgoing import CARRIER, RATE, confirm_rate, kg, set_carrier, set_rate
from cbo_desk.mail.outgoing.exporting import RATE_COLUMNS, rate_rows_of
from cbo_desk.mail.outgoing.rate_queries import RateLine, RateList, rate_line
from cbo_desk.mail.outgoing.zones import zones
from ui.bench import Bench
from ui.kit.actions import Action
from ui.kit.buttons import Button, DeedButton, Tool
from ui.kit.cards import Deeds, Fact, Facts, ScrollCard, line, rule
from ui.kit.chips import Chip
from ui.kit.export import Export
from ui.kit.labels import Label
from ui.kit.page import Page
from ui.kit.phrases import day, money
from ui.kit.record_list import RecordList
from ui.kit.states import Nothing, ProgressStrip
from ui.kit.states import State as Empty
from ui.kit.tabs import Tab
from ui.kit.worded_views import WordedViews
from ui.mail.looks import class_word
from ui.mail.outgoing.columns import rate_columns
from ui.mail.outgoing.forms import OutgoingForms
from ui.mail.outgoing.looks import rate_status


class RatesPage(Page):
    """The list of prices with the chosen one's card."""

    def __init__(self, bench: Bench, parent: QWidget) -> None:
        super().__init__(self.tr("Prices of carriers"), parent, help_page="outgoing")
        self.bench = bench
        self.line: RateLine | None = None
        shipped = [Tab("all", self.tr("All")), Tab("confirm", self.tr("To confirm"))]
        self.views = WordedViews(bench.shell, bench.preferences, "mail.rates", shipped, self.tabs, self)
        self.forms = OutgoingForms(bench, self)
        self.card = ScrollCard(self)
        self.list = RecordList(
            bench.runner,
            rate_columns(),
            self._listing,
            name="mail.rates",
            title=self.tr("Prices"),
            things=self.tr("{count:price|prices}"),
            sort="valid_from",
            descending=True,
            empty=self._none_yet,
            preferences=bench.preferences,
            parent=self,
        )
        self.strip = ProgressStrip(self)
        self.export = Export(bench.runner, bench.preferences, bench.shell.toasts, self, self.strip)
        self._add_actions()
        run = bench.shell.actions_.run
        if bench.may(set_carrier):
            self.add_buttons(Button(self.tr("Add a carrier"), "truck", "plain", partial(run, "mail.add_carrier")))
        if bench.may(set_rate):
            new = partial(run, "mail.set_rate")
            self.add_buttons(Button(self.tr("Set a price"), "plus", "primary", new, "Ctrl+N"))
        self.use_filter(self.tr("Filter prices"))
        self.add_tools(
            self.views.tool, Tool("download", self.tr("Export this view"), partial(run, "mail.export_rates"))
        )
        self.body.addWidget(self.strip)
        self.set_body(self.list, self.card, card=380, preferences=bench.preferences, name="mail.rates")
        self.list.chosen.connect(self._read)
        self.list.all_asked.connect(self.filter_box.clear)
        self.filtered.connect(self.list.find_words)
        self.views.narrow(self.list, self.filter_box)
        bench.runner.changed.connect(self._hear)
        self.say(self.tr("A price counts from its day on; what was handed in before keeps its own."))
        self._show_nothing()

    def _listing(self, words: str, sort: str, descending: bool) -> RateList:
        return RateList(words, "" if self.views.whole() else self.views.view, sort or "valid_from", descending)

    def _none_yet(self) -> Empty:
        if not self.views.whole():
            return Empty(
                "empty", self.tr("Nothing to confirm"), self.tr("Every price has been looked at."), icon="check"
            )
        words = self.tr("Add a carrier, then its prices: by class, zone and weight.")
        return Empty("empty", self.tr("No prices yet"), words, icon="coins")

    def _show_nothing(self) -> None:
        self.line = None
        words = self.tr("Choose a price, or set one.")
        self.card.show_content(Nothing(self.tr("No price chosen"), words, icon="coins"), fill=True)

    def _read(self, ident: int) -> None:
        gone: Callable[[Exception], object] = lambda _gone: self._show_nothing()  # noqa: E731
        self.bench.read_card(self, self.card, rate_line, ident, done=self._show, failed=gone)

    def _show(self, found: RateLine) -> None:
        self.line = found
        row = found.row
        price = self.tr("not carried") if row.price_cents is None else money(row.price_cents, row.currency)
        insured = self.tr("not insured")
        if row.insured_up_to_cents:
            words = self.tr("up to {most}, {percent:g} % of the value")
            insured = words.format(most=money(row.insured_up_to_cents, "USD"), percent=row.insurance_bp / 100)
        facts = [
            Fact("flag", self.tr("Class"), class_word(row.item_class)),
            Fact("globe", self.tr("Zone"), zones().get(row.zone, row.zone)),
            Fact("scale", self.tr("Up to"), kg(row.up_to_g)),
            Fact("coins", self.tr("Price"), price),
            Fact("calendar", self.tr("Valid from"), day(row.valid_from)),
            Fact("shield-check", self.tr("Insurance"), insured),
            Fact("book-open", self.tr("Source"), row.source),
        ]
        known = {action.id: action for action in self.bench.shell.actions_.of("mail")}
        names = ["mail.change_rate", *([] if row.confirmed else ["mail.confirm_rate"])]
        run = self.bench.shell.actions_.run
        buttons = [
            DeedButton(known[name].label, known[name].icon, partial(run, name), known[name].shortcut)
            for name in names
            if name in known
        ]
        pieces: list[Any] = [
            line(Label(found.carrier, "h2", wrap=True), None, Chip(rate_status(row))),
            rule(),
            Facts(facts, columns=2),
        ]
        if buttons:
            pieces += [rule(), Deeds(buttons)]
        self.card.show_content(*pieces)

    def _hear(self, changes: Changes) -> None:
        if {RATE, CARRIER} & set(changes.touched()) and self.line is not None:
            self._read(self.line.id)

    def _add_actions(self) -> None:
        forms = self.forms
        self.views.add_actions(self, "mail.rates", "mail")
        self._action("set_rate", self.tr("Set a price"), partial(forms.set_price, None), "plus", "Ctrl+N", set_rate)
        self._action("change_rate", self.tr("New price"), self._change, "pencil", "E", set_rate)
        self._action("confirm_rate", self.tr("Confirm"), self._confirm, "check", "C", confirm_rate)
        self._action("add_carrier", self.tr("Add a carrier"), forms.add_carrier, "truck", "", set_carrier)
        self._action("export_rates", self.tr("Export this view"), self._export, "download", "Ctrl+Shift+E", rate_line)

    def _action(
        self, name: str, label: str, run: Callable[[], object], icon: str, key: str, work: Callable[..., Any]
    ) -> None:
        if self.bench.may(work):
            self.bench.shell.actions_.add(self, Action(f"mail.{name}", label, run, icon, key, "mail"))

    def _change(self) -> None:
        if self.line is not None:
            self.forms.set_price(self.line.row)

    def _confirm(self) -> None:
        if self.line is not None:
            self.bench.runner.write(confirm_rate, self.line.id)

    def _export(self) -> None:
        office, listing = self.bench.runner.office, self.list.listing()
        if isinstance(listing, RateList):
            rows = partial(rate_rows_of, office, listing)
            narrowed, total = self.list.narrowed(self.views.title()), self.list.model.rowCount()
            self.export.ask(self.tr("Prices of carriers"), RATE_COLUMNS, rows, total=total, narrowed=narrowed)
