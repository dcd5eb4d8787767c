"""The card of a campaign: how far it is, building by building, who counts, and what can be done with it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from cbo_desk.context import clock, local
from cbo_desk.property.verification import CampaignProgress
from ui.kit.actions import Action
from ui.kit.buttons import DeedButton
from ui.kit.cards import Deeds, Fact, Facts, Piece, line, rule, stack
from ui.kit.chips import Chip, Status
from ui.kit.labels import ElidedLabel, Label
from ui.kit.phrases import when
from ui.kit.states import Nothing
from ui.property.counts import words
from ui.property.counts.side import ProgressSide


class CampaignCardView(ProgressSide):
    """One campaign. `deed(action id)` tells what is to be done with it."""

    deed = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        self.name = Label("", "h2", wrap=True)
        self.reference = ElidedLabel("", "muted")
        self.chip = Chip(Status(""))
        self.facts = Facts(columns=2)
        self.deeds = Deeds()
        super().__init__(parent)
        self.area.hide()
        words = self.tr("Choose a count, or open one.")
        self.nothing = Nothing(self.tr("No count chosen"), words, icon="clipboard-check", parent=self)
        box = self.layout()
        assert box is not None
        box.addWidget(self.nothing)

    def head(self) -> list[Piece]:
        """What stands above the progress."""
        top = line(stack(self.name, self.reference, gap=2), self.chip)
        top.setStretch(0, 1)
        return [top, self.facts, self.deeds, rule()]

    def show_campaign(self, progress: CampaignProgress, deeds: Sequence[tuple[str, Action]]) -> None:
        """Show a campaign and what can be done with it."""
        card = progress.card
        self.nothing.hide()
        self.area.show()
        self.name.setText(card.line.name)
        self.reference.setText(f"{card.line.reference} · {words.frozen(card.line)}")
        self.chip.show_status(words.campaign_state(card.line))
        closed = "—"
        if card.line.closed_at is not None:
            closed = f"{when(local(card.line.closed_at), local(clock()))}, {card.line.closed_by}"
        self.facts.show_facts(
            [
                Fact("list-checks", self.tr("Expected"), f"{card.line.expected:,}"),
                Fact("circle-check", self.tr("Found"), f"{card.found:,}"),
                Fact("arrow-left-right", self.tr("Found elsewhere"), f"{card.elsewhere:,}"),
                Fact("triangle-alert", self.tr("Missing"), f"{card.missing:,}"),
                Fact("circle-plus", self.tr("Not expected"), f"{card.not_expected:,}"),
                Fact("circle-dashed", self.tr("Still to find"), f"{card.left:,}"),
                Fact("door-open", self.tr("Rooms counted"), f"{card.rooms_counted:,} / {card.rooms:,}"),
                Fact("lock", self.tr("Closed"), closed),
            ]
        )
        self.deeds.show_deeds(
            [DeedButton(word, one.icon, partial(self.deed.emit, one.id), one.shortcut) for word, one in deeds]
        )
        self.show_progress(progress)
