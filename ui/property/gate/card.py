"""The card of a gate pass: who carries what where, and where each thing is."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from cbo_desk.context import clock
from cbo_desk.property.gate import PassCard
from ui.kit.actions import Action
from ui.kit.buttons import DeedButton
from ui.kit.cards import Deeds, Fact, Facts, History, Piece, ScrollCard, line, rule, stack
from ui.kit.chips import Chip
from ui.kit.labels import Label
from ui.kit.phrases import day, when
from ui.kit.states import Nothing
from ui.property.gate.words import line_status, pass_status


class PassCardView(ScrollCard):
    """One pass. `deed(action id)` tells what is to be done with it."""

    deed = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.card: PassCard | None = None
        words = self.tr("Choose a pass, or scan the code on its paper.")
        self.show_content(Nothing(self.tr("No pass chosen"), words, icon="door-open"), fill=True)

    def show_pass(self, card: PassCard, deeds: Sequence[Action]) -> None:
        """Show a pass and what can be done with it."""
        self.card = card
        top = line(
            stack(Label(card.reference, "h2"), Label(card.bearer, "muted"), gap=2), None, Chip(pass_status(card))
        )
        facts = Facts(
            [
                Fact("map-pin", self.tr("Destination"), card.destination),
                Fact("info", self.tr("Purpose"), card.purpose),
                Fact("calendar", self.tr("May leave until"), day(card.valid_until)),
                Fact("calendar-check", self.tr("Back by"), day(card.return_on) or self.tr("does not return")),
            ],
            columns=2,
        )
        buttons = [DeedButton(one.label, one.icon, partial(self.deed.emit, one.id), one.shortcut) for one in deeds]
        pieces: list[Piece] = [top, facts, Deeds(buttons), rule()]
        if card.cancelled_why:
            pieces.append(Label(self.tr("Cancelled: {why}").format(why=card.cancelled_why), "warn", wrap=True))
        pieces.append(Label(self.tr("On this pass"), "h3"))
        for one in card.lines:
            name = one.inventory_no or self.tr("Personal property")
            about = one.description if one.count == 1 else f"{one.count:,} × {one.description}"
            row = line(stack(Label(name), Label(about, "small-muted", wrap=True)), Chip(line_status(one.state)))
            row.setStretch(0, 1)
            pieces.append(row)
        now = clock()
        told = [(when(deed.at, now), f"{deed.said} · {deed.actor}") for deed in card.deeds]
        pieces += [rule(), Label(self.tr("History"), "h3"), History(told)] if told else []
        self.show_content(*pieces, gap=8)
        self.setAccessibleName(self.tr("Gate pass {reference}").format(reference=card.reference))
