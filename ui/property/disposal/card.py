"""The card of a disposal case: what is in it, what was decided, and what its next step is."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cbo_desk.context import clock, local
from cbo_desk.property.disposal import CASE, CaseCard, CaseState
from ui.bench import Bench
from ui.kit.actions import Action
from ui.kit.buttons import DeedButton
from ui.kit.cards import Deeds, Fact, Facts, History, Piece, ScrollCard, frame, line, rule, stack
from ui.kit.chips import Chip
from ui.kit.labels import Label
from ui.kit.phrases import day, money, when
from ui.kit.states import Nothing
from ui.kit.theme import px
from ui.papers import Papers
from ui.property.disposal.words import case_status

_SHOWN = 60


class CaseCardView(QWidget):
    """One case. `deed(action id)` tells what is to be done; `scans` is shown while scans go into the case."""

    deed = Signal(str)

    def __init__(self, bench: Bench, parent: QWidget) -> None:
        super().__init__(parent)
        self.card: CaseCard | None = None
        self.scans = frame(
            Label(self.tr("Scan what is to go into this case"), "amber", wrap=True),
            look="notice",
            margins=(12, 8, 12, 8),
        )
        self.scans.hide()
        self.papers = Papers(bench, CASE, self)
        self.papers.setFixedHeight(px(108))
        self.papers.hide()
        self.content = ScrollCard(self)
        words = self.tr("Choose a case, or open one.")
        self.content.show_content(Nothing(self.tr("No case chosen"), words, icon="archive"), fill=True)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(8)
        box.addWidget(self.scans)
        box.addWidget(self.content, 1)
        box.addWidget(self.papers)

    def show_case(self, card: CaseCard, deeds: Sequence[Action], *, takes_scans: bool) -> None:
        """Show a case and what can be done with it."""
        self.card = card
        self.scans.setVisible(takes_scans and card.state is CaseState.OPEN)
        self.papers.show()
        self.papers.show_record(card.id, "scroll-text")
        today = local(clock()).date()
        head = line(stack(Label(card.reference, "h2"), Label(card.reason, "muted", wrap=True), gap=2))
        head.addWidget(Chip(case_status(card.state, card.due_on, today)))
        head.setStretch(0, 1)
        buttons = [DeedButton(one.label, one.icon, partial(self.deed.emit, one.id), one.shortcut) for one in deeds]
        pieces: list[Piece] = [head, self._facts(card), Deeds(buttons), rule(), Label(self.tr("In this case"), "h3")]
        pieces += [self._item(card, at) for at in range(min(len(card.items), _SHOWN))]
        if len(card.items) > _SHOWN:
            more = self.tr("and {count} more: the board pack lists them all")
            pieces.append(Label(more.format(count=len(card.items) - _SHOWN), "muted"))
        if not card.items:
            pieces.append(Label(self.tr("Nothing yet."), "muted"))
        if card.decisions:
            pieces += [rule(), Label(self.tr("Decisions"), "h3")]
            for one in card.decisions:
                words = self.tr("{decision} by {body} on {day}, minutes {minutes}")
                said = words.format(
                    decision=one.decision.capitalize(), body=one.body, day=day(one.decided_on), minutes=one.minutes
                )
                pieces.append(Label(said, wrap=True))
                if one.remarks:
                    pieces.append(Label(one.remarks, "small-muted", wrap=True))
        now = clock()
        told = [(when(deed.at, now), f"{deed.said} · {deed.actor}") for deed in card.deeds]
        pieces += [rule(), Label(self.tr("History"), "h3"), History(told)] if told else []
        self.content.show_content(*pieces, gap=8)

    def _facts(self, card: CaseCard) -> Facts:
        if card.review_from is None:
            review = self.tr("none demanded")
        elif card.needs_review:
            review = self.tr("demanded from {amount}").format(amount=money(card.review_from))
        else:
            review = self.tr("not below {amount}").format(amount=money(card.review_from))
        facts = [
            Fact("building-2", self.tr("Entity"), card.entity),
            Fact("calendar-clock", self.tr("Next step due"), day(card.due_on) or "—"),
            Fact("receipt", self.tr("Cost"), money(card.cost, "USD")),
            Fact("coins", self.tr("Value, frozen"), money(card.value, "USD")),
            Fact("scale", self.tr("Review body"), review),
        ]
        if card.state is CaseState.COMPLETE:
            how = f"{card.how.replace('_', ' ').capitalize()} · {card.recipient or card.certificate}"
            facts += [
                Fact("archive", self.tr("Carried out"), f"{day(card.done_on)} · {how}"),
                Fact("banknote", self.tr("Proceeds"), money(card.proceeds, card.currency)),
            ]
        return Facts(facts, columns=2)

    def _item(self, card: CaseCard, at: int) -> Piece:
        item = card.items[at]
        about = " · ".join(part for part in (item.description, item.condition) if part)
        worth = "—" if item.value is None else money(item.value)
        row = line(stack(Label(item.inventory_no), Label(about, "small-muted", wrap=True)), Label(worth))
        row.setStretch(0, 1)
        return row
