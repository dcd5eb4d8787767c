"""The card of one round: its messenger, its stops in order with what is aboard, and the trip it goes by."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from cbo_desk.mail import ROUND, RoundCard, State
from ui.bench import Bench
from ui.kit.actions import Action
from ui.kit.buttons import DeedButton
from ui.kit.cards import Deeds, Fact, Facts, ScrollCard, line, rule
from ui.kit.chips import Chip
from ui.kit.labels import Label
from ui.kit.phrases import day, when
from ui.kit.states import Nothing
from ui.loads import GoesWith
from ui.mail.round_looks import round_status


class RoundCardView(QStackedWidget):
    """The card of one round: its stops in order with what is aboard. `chosen(str)` with the action of a deed."""

    chosen = Signal(str)

    def __init__(self, bench: Bench, parent: QWidget) -> None:
        super().__init__(parent)
        self._bench = bench
        self.card: RoundCard | None = None
        self._nothing, self._sheet = ScrollCard(self), ScrollCard(self)
        words = self.tr("Choose a round, or plan one.")
        self._nothing.show_content(Nothing(self.tr("No round chosen"), words, icon="route"), fill=True)
        self.addWidget(self._nothing)
        self.addWidget(self._sheet)

    def show_card(self, card: RoundCard, deeds: Sequence[Action]) -> None:
        """Show a round and what can be done with it."""
        self.card = card
        aboard = [item for item in card.items if item.aboard]
        left = when(card.left_at, card.left_at) if card.left_at else self.tr("not yet")
        facts = [
            Fact("user", self.tr("Messenger"), card.messenger or self.tr("nobody yet")),
            Fact("calendar", self.tr("Date"), day(card.planned_on)),
            Fact(
                "package",
                self.tr("Aboard"),
                self.tr("{aboard} of {all}").format(aboard=len(aboard), all=len(card.items)),
            ),
            Fact("footprints", self.tr("Left"), left),
        ]
        buttons = [DeedButton(a.label, a.icon, partial(self.chosen.emit, a.id), a.shortcut) for a in deeds]
        pieces: list[Any] = [
            line(Label(card.number, "cap"), None, Chip(round_status(card))),
            Label(card.name, "h2", wrap=True),
            Facts(facts, columns=2),
            self._with(card.id),
            rule(),
            Deeds(buttons),
            rule(),
            Label(self.tr("Stops"), "h3"),
        ]
        if not card.stops:
            pieces.append(Label(self.tr("None yet. Scan items: each brings its stop."), "muted", wrap=True))
        for stop in card.stops:
            delivered = sum(item.state is State.DELIVERED for item in stop.items)
            words = self.tr("{done} of {all} delivered") if stop.items else self.tr("nothing to deliver")
            about = words.format(done=delivered, all=len(stop.items))
            pieces.append(line(Label(f"{stop.seq}. {stop.name}", "small-strong"), None, Label(about, "small-muted")))
            for item in stop.items:
                said = item.said or (self.tr("aboard") if item.aboard else "")
                words = " · ".join(part for part in (item.number, item.addressee, said) if part)
                pieces.append(Label(words, "small-muted", wrap=True))
        self._sheet.show_content(*pieces)
        self.setCurrentWidget(self._sheet)

    def _with(self, ident: int) -> GoesWith:
        """The trip that it goes by, once that is looked up."""
        self.goes_with = GoesWith(self._bench)
        self.goes_with.show_record(ROUND, ident)
        return self.goes_with

    def show_nothing(self) -> None:
        """Say that nothing is chosen."""
        self.card = None
        self.setCurrentWidget(self._nothing)
