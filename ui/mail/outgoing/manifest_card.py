"""The card of one manifest: when it is picked up, what is on it and at which price, and who collected it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from cbo_desk.context import local
from cbo_desk.mail.outgoing import MANIFEST, ManifestCard, kg
from cbo_desk.plurals import Count
from ui.bench import Bench
from ui.kit.actions import Action
from ui.kit.buttons import DeedButton
from ui.kit.cards import Fact, Facts, ScrollCard, line, rule
from ui.kit.chips import Chip
from ui.kit.labels import Label
from ui.kit.phrases import day, money
from ui.kit.states import Nothing
from ui.loads import GoesWith
from ui.mail.outgoing.looks import deeds_in, manifest_status

LINES_SHOWN = 40
"""So many lines stand on the card: each is two widgets, and the card is made anew after every scan."""


class ManifestCardView(QStackedWidget):
    """The card of one manifest: its lines with prices. `chosen(str)` with the action of a deed."""

    chosen = Signal(str)

    def __init__(self, bench: Bench, parent: QWidget) -> None:
        super().__init__(parent)
        self._bench = bench
        self.card: ManifestCard | None = None
        self._nothing, self._sheet = ScrollCard(self), ScrollCard(self)
        words = self.tr("Choose a manifest, or begin one.")
        self._nothing.show_content(
            Nothing(self.tr("No manifest chosen"), words, icon="clipboard-list"), fill=True
        )
        self.addWidget(self._nothing)
        self.addWidget(self._sheet)

    def show_card(self, card: ManifestCard, deeds: Sequence[Action]) -> None:
        """Show a manifest and what can be done with it."""
        self.card = card
        row = card.row
        total = " + ".join(money(cents, currency) for currency, cents in card.totals.items())
        closed = (
            f"{day(local(row.closed_at).date())} {local(row.closed_at):%H:%M} · {card.closed_by}"
            if row.closed_at
            else ""
        )
        taken = ""
        if card.proof is not None:
            taken = f"{card.proof.taken_by} · {day(local(card.proof.at).date())} {local(card.proof.at):%H:%M}"
        facts = [
            Fact("clock", self.tr("Pick-up"), f"{day(local(row.pickup_at).date())} {local(row.pickup_at):%H:%M}"),
            Fact("package", self.tr("Items"), f"{row.count:,} · {kg(row.weight_g)}"),
            Fact("coins", self.tr("Price"), total),
            Fact("lock", self.tr("Closed"), closed or self.tr("not yet")),
            *([Fact("signature", self.tr("Collected by"), taken)] if taken else []),
        ]
        buttons = [DeedButton(a.label, a.icon, partial(self.chosen.emit, a.id), a.shortcut) for a in deeds]
        pieces: list[Any] = [
            line(Label(row.number, "cap"), None, Chip(manifest_status(row))),
            Label(row.carrier, "h2", wrap=True),
            rule(),
            Facts(facts, columns=2),
            self._with(row.id),
            rule(),
            deeds_in(self, buttons),
            rule(),
            Label(self.tr("Items"), "h3"),
        ]
        if card.waits:
            words = self.tr("{count:more item of this carrier waits|more items of this carrier wait} here.")
            pieces.append(Label(words.format(count=Count(len(card.waits))), "small-muted", wrap=True))
        if not card.lines:
            pieces.append(Label(self.tr("None yet. Scan items: each goes on this manifest."), "muted", wrap=True))
        # What was scanned last stands first; the paper and an export have them all.
        for one in card.lines[: -LINES_SHOWN - 1 : -1]:
            price = Label(money(one.price_cents, one.currency), "small-strong")
            pieces.append(line(Label(one.number, "small-strong"), None, price))
            about = " · ".join((one.recipient, one.country, one.entity, kg(one.weight_g)))
            pieces.append(Label(about, "small-muted", wrap=True))
        if len(card.lines) > LINES_SHOWN:
            words = self.tr("{count:earlier one|earlier ones}, all of them on the paper (P).")
            pieces.append(Label(words.format(count=Count(len(card.lines) - LINES_SHOWN)), "small-muted", wrap=True))
        self._sheet.show_content(*pieces)
        self.setCurrentWidget(self._sheet)

    def _with(self, ident: int) -> GoesWith:
        """The trip of ours that it goes with, once that is looked up."""
        self.goes_with = GoesWith(self._bench)
        self.goes_with.show_record(MANIFEST, ident)
        return self.goes_with

    def show_nothing(self) -> None:
        """Say that nothing is chosen."""
        self.card = None
        self.setCurrentWidget(self._nothing)
