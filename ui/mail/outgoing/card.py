"""The card of an outgoing item: what it is, which carriers take it and for what, what it costs, and its whole way."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from cbo_desk.mail.outgoing import OUTGOING, Offer, OutgoingCard, State, kg
from cbo_desk.mail.outgoing.zones import zones
from cbo_desk.tags.codes import grouped
from ui.bench import Bench
from ui.kit.actions import Action
from ui.kit.buttons import DeedButton
from ui.kit.cards import Fact, Facts, ScrollCard, line, rule, stack
from ui.kit.chips import Chip
from ui.kit.labels import IconLabel, KeyCap, Label
from ui.kit.phrases import money
from ui.kit.states import Nothing
from ui.mail.chain import Chain
from ui.mail.looks import class_icon, class_word
from ui.mail.outgoing.looks import deeds_in, shown, status, step_of
from ui.mail.papers import with_papers
from ui.papers import Papers

OFFERED = 9
"""So many carriers have a key of their own."""


class OutgoingCardView(QStackedWidget):
    """Shows one item. `chosen(str)` with the action of a pressed deed."""

    chosen = Signal(str)

    def __init__(self, bench: Bench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.card: OutgoingCard | None = None
        self.chain = Chain()
        self._nothing, self._sheet = ScrollCard(self), ScrollCard(self)
        self.papers = Papers(bench, OUTGOING, self)
        self._shown = with_papers(self._sheet, self.papers)
        words = self.tr("Choose an item, or scan it.")
        self._nothing.show_content(Nothing(self.tr("No item chosen"), words, icon="send"), fill=True)
        self.addWidget(self._nothing)
        self.addWidget(self._shown)

    def show_nothing(self) -> None:
        """Say that nothing is chosen."""
        self.card = None
        self.setCurrentWidget(self._nothing)

    def show_card(self, card: OutgoingCard, deeds: Sequence[Action]) -> None:
        """Show an item and what can be done with it."""
        self.card = card
        buttons = [DeedButton(a.label, a.icon, partial(self.chosen.emit, a.id), a.shortcut) for a in deeds]
        self.chain = Chain()
        self.chain.show_steps([step_of(event) for event in card.events])
        title = self.tr("Contents are need-to-know") if card.hidden else card.form.recipient
        pieces: list[Any] = [
            line(Label(card.number, "cap"), None, Chip(status(card))),
            Label(title, "h2", wrap=True),
            rule(),
            Facts(self._facts(card), columns=2),
        ]
        if card.offers:
            pieces += [rule(), Label(self.tr("Which carrier takes it"), "h3"), *self._offers(card)]
        if buttons:
            pieces += [rule(), deeds_in(self, buttons)]
        if card.charges:
            pieces += [rule(), Label(self.tr("Charged"), "h3"), *self._charges(card)]
        pieces += [rule(), *self._way_head(card), self.chain]
        self._sheet.show_content(*pieces)
        self.papers.setVisible(not card.hidden)
        if not card.hidden:
            self.papers.show_record(card.id, "briefcase" if card.way == "pouch" else class_icon(card.form.item_class))
        self.setCurrentWidget(self._shown)

    def _way_head(self, card: OutgoingCard) -> list[Any]:
        """Whether the way is whole: its steps follow from each other and lead to where the item stands."""
        heading = Label(self.tr("From hand to hand"), "h3")
        if card.broken:
            return [heading, Label(card.broken, "fault", wrap=True)]
        whole = Label(self.tr("chain whole"), "small-muted")
        return [line(heading, None, IconLabel("link", "ok_text", 14), whole)]

    def _facts(self, card: OutgoingCard) -> list[Fact]:
        form = card.form
        by_pouch = card.way == "pouch"
        where = ", ".join(part for part in (form.address, form.country) if part)
        zone = self.tr("Pouch") if by_pouch else zones().get(card.zone, card.zone)
        price = "" if card.price_cents is None else money(card.price_cents, card.currency)
        known = [
            Fact("building-2", self.tr("Entity"), shown(card.entity)),
            Fact("map-pin", self.tr("Where to"), where or zone),
            Fact("briefcase" if by_pouch else "truck", self.tr("Goes by"), self._by(card)),
            Fact("coins", self.tr("Price"), price),
            Fact(class_icon(form.item_class), self.tr("Class"), class_word(form.item_class)),
            Fact(
                "scale", self.tr("Weight and size"), " · ".join(p for p in (kg(form.weight_g or 0), form.size_mm) if p)
            ),
            Fact("user", self.tr("In the hands of"), card.holder),
            Fact("barcode", self.tr("Carrier's number"), card.carrier_number),
            Fact("flag", self.tr("Purpose"), form.purpose),
            Fact("package-open", self.tr("Contents"), form.contents),
            Fact(
                "shield-check",
                self.tr("Declared value"),
                money(form.declared_cents, "USD") if form.declared_cents else "",
            ),
            Fact("clipboard-list", self.tr("Manifest"), card.manifest),
            Fact("briefcase", self.tr("Bag"), card.bag),
            Fact("qr-code", self.tr("Tag"), grouped(card.code) if card.code else ""),
        ]
        return [fact for at, fact in enumerate(known) if fact.value or at < 4]

    def _by(self, card: OutgoingCard) -> str:
        if card.way == "pouch":
            return self.tr("pouch")
        return card.carrier or self.tr("carrier to come")

    def _offers(self, card: OutgoingCard) -> list[Any]:
        """Each carrier with its price, or in words why it does not take this."""
        return [self._offer(at, offer, offer.carrier_id == card.carrier_id) for at, offer in enumerate(card.offers)]

    def _offer(self, at: int, offer: Offer, is_chosen: bool) -> QWidget:
        row = QWidget(self)
        if offer.price_cents is None:
            row.setLayout(line(Label(offer.why_not, "small-muted", wrap=True), margins=(0, 2, 0, 2)))
            return row
        parts = [offer.source]
        if offer.insurance_cents:
            words = self.tr("with insurance {amount}")
            parts.insert(0, words.format(amount=money(offer.insurance_cents, offer.currency)))
        if not offer.confirmed:
            parts.insert(0, self.tr("to confirm"))
        if is_chosen:
            parts.insert(0, self.tr("chosen"))
        mark = IconLabel("circle-check", "ok_text", 16) if is_chosen else KeyCap(str(at + 1))
        price = Label(money(offer.price_cents, offer.currency), "small-strong")
        head = line(mark, Label(offer.carrier, "small-strong"), None, price, gap=8)
        warning: list[Any] = [] if offer.confirmed else [IconLabel("triangle-alert", "warn_text", 14)]
        about = line(*warning, Label(" · ".join(parts), "small-muted", wrap=True), gap=6)
        about.setStretch(len(warning), 1)
        row.setLayout(stack(head, about, gap=2, margins=(0, 3, 0, 3)))
        return row

    def _charges(self, card: OutgoingCard) -> list[Any]:
        rows: list[Any] = []
        for one in card.charges:
            words = self.tr("reversed: {why}").format(why=one.reason) if one.reverses_id else one.what
            amount = Label(f"{one.amount:,.2f} {one.currency}", "small-strong")
            rows += [Label(words, "small", wrap=True), line(None, amount)]
        return rows

    def offer_at(self, place: int) -> Offer | None:
        """The offer that has this key, from 1; None where no carrier has it or it does not take the item."""
        card = self.card
        if card is None or card.state is not State.HANDED_IN or not 0 < place <= len(card.offers):
            return None
        found = card.offers[place - 1]
        return found if found.price_cents is not None else None
