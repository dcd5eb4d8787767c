"""The card of a space that fits: layout, what is blocked, interpretation, its days, and what it costs."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QStackedWidget, QWidget

from cbo_desk.conference.asking import LANGUAGES
from cbo_desk.conference.searching import Hit, Search
from ui.conference.looks import hours, kind_word, short_day
from ui.kit.buttons import Button
from ui.kit.cards import Fact, Facts, ScrollCard, line, rule
from ui.kit.chips import Chip, Status
from ui.kit.labels import Label
from ui.kit.states import Nothing


class OfferCard(QStackedWidget):
    """Shows one hit. `hold(Hit)` when it is to be held, `compare` when it is to be put beside others."""

    hold = Signal(object)
    compare = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.hit: Hit | None = None
        self._nothing = ScrollCard(self)
        words = self.tr("Choose a space that fits to see what it blocks and costs.")
        self._nothing.show_content(Nothing(self.tr("No space chosen"), words, icon="door-open"), fill=True)
        self._sheet = ScrollCard(self)
        self.addWidget(self._nothing)
        self.addWidget(self._sheet)

    def show_nothing(self) -> None:
        """Say that nothing is chosen."""
        self.hit = None
        self.setCurrentWidget(self._nothing)

    def show_hit(self, hit: Hit, answer: Search, order: Sequence[int]) -> None:
        """Show a space that fits."""
        self.hit = hit
        offer, asked = hit.offer, answer.request
        number = order.index(offer.space.id) + 1
        cap = self.tr("Best fit of {count}") if number == 1 else self.tr("Number {number} of {count}")
        first = offer.placings[0]
        layouts = [f"{kind_word(each.kind)} {each.capacity:,}" for each in offer.space.layouts]
        facts = [
            Fact("armchair", self.tr("Layout"), " · ".join(dict.fromkeys(layouts))),
            Fact("clock", self.tr("Blocked for you"), hours(first.blocks.starts, first.blocks.ends)),
            Fact("star", self.tr("Features"), " · ".join(sorted(offer.space.features)) or "–"),
        ]
        if len(asked.languages) > 1:
            named = ", ".join(LANGUAGES[each] for each in asked.languages)
            facts.append(Fact("languages", self.tr("Interpretation"), named))
        button = Button(self.tr("Hold"), "hourglass", "primary", lambda: self.hold.emit(hit), "Enter")
        beside = Button(self.tr("Compare"), "scale", "plain", self.compare.emit, "V")
        self._sheet.show_content(
            Label(cap.format(number=number, count=len(order)), "cap"), Label(offer.space.name, "h2", wrap=True),
            line(Chip(Status(self.tr("Fits"), "ok", "circle-check")), None), rule(), Facts(facts), rule(),
            Label(self.tr("Days"), "h3"),
            *(Label(f"{short_day(each.slot.starts.date())}  {hours(each.slot.starts, each.slot.ends)}", "small")
              for each in offer.placings[:12]),
            rule(), self._quote(hit), line(button, *([beside] if len(order) > 1 else []), None),
        )  # fmt: skip
        self.setCurrentWidget(self._sheet)

    def _quote(self, hit: Hit) -> QWidget:
        holder = QWidget()
        grid = QGridLayout(holder)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(0, 1)
        for at, each in enumerate(hit.quote.lines):
            grid.addWidget(Label(each.what, "small", wrap=True), at, 0)
            grid.addWidget(Label(f"{each.quantity.normalize():f} × {each.rate.amount:,.2f}", "small-muted"), at, 1)
            grid.addWidget(Label(f"{each.amount:,.2f}", "small"), at, 2)
        last = len(hit.quote.lines)
        grid.addWidget(Label(self.tr("Quotation, {currency}").format(currency=hit.quote.currency), "h3"), last, 0)
        grid.addWidget(Label(f"{hit.quote.total:,.2f}", "h3"), last, 2)
        if not hit.quote.confirmed:
            grid.addWidget(Label(self.tr("Shipped rates, to be confirmed"), "small-muted"), last + 1, 0, 1, 3)
        return holder
