"""The card of one asset: facts, then what can be done with one-letter keys, then its history in sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from cbo_desk.context import clock, local
from cbo_desk.property import KIND, AssetCard
from cbo_desk.tags.codes import grouped
from cbo_desk.tags.encoder import matrix
from ui.bench import Bench
from ui.kit.buttons import Button, DeedButton, Tool
from ui.kit.cards import Deeds, Fact, Facts, History, ScrollCard, frame, line, rule
from ui.kit.chips import Chip
from ui.kit.drawings import Symbol
from ui.kit.labels import Label, number_label
from ui.kit.phrases import away, day, money, when
from ui.kit.states import State
from ui.papers import Papers
from ui.property.states import status

EVENTS_SHOWN = 4
_ICONS = (
    ("laptop", "laptop-minimal"),
    ("monitor", "monitor"),
    ("display", "monitor"),
    ("printer", "printer"),
    ("phone", "smartphone"),
    ("tablet", "tablet"),
    ("chair", "armchair"),
    ("camera", "camera"),
    ("projector", "projector"),
    ("generator", "zap"),
)


@dataclass(frozen=True)
class CardDeed:
    """One thing that can be done with the shown asset, as its button shows it."""

    label: str
    icon: str
    key: str
    action: str


class AssetCardView(ScrollCard):
    """Shows one asset.

    Signals: `chosen(str)` with the action id of a pressed deed; `more(QWidget)` when further deeds are asked for.
    """

    chosen = Signal(str)
    more = Signal(object)

    def __init__(self, bench: Bench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = bench
        self.card: AssetCard | None = None
        self._all_events = False
        self.show_nothing()

    def show_nothing(self) -> None:
        """Say that nothing is chosen."""
        self.card = None
        words = self.tr("Choose an asset, or scan its tag.")
        self.show_content(State("empty", self.tr("No asset chosen"), words, icon="package"), fill=True)

    def show_card(self, card: AssetCard, deeds: Sequence[CardDeed]) -> None:
        """Show an asset and what can be done with it."""
        if self.card is None or self.card.id != card.id:
            self._all_events = False
        self.card = card
        self._deeds = tuple(deeds)
        ellipsis = Tool("ellipsis", self.tr("More to do with this asset"))
        ellipsis.clicked.connect(lambda: self.more.emit(ellipsis))
        since = self.tr("since {day}").format(day=day(card.state_since)) if card.state_since else ""
        self.show_content(
            line(Label(f"{card.form.inventory_no} · {card.entity}", "cap"), None, ellipsis),
            Label(card.form.description, "h2", wrap=True),
            line(Chip(status(card.state)), Label(since, "small-muted"), None),
            self._pictures(card),
            self._tag_line(card),
            rule(),
            Facts(self._facts(card)),
            *self._family(card),
            rule(),
            Label(self.tr("What can be done"), "h3"),
            Deeds([self._button(deed) for deed in deeds]),
            rule(),
            *self._history(card),
        )

    def _button(self, deed: CardDeed) -> DeedButton:
        return DeedButton(deed.label, deed.icon, lambda: self.chosen.emit(deed.action), deed.key)

    def _pictures(self, card: AssetCard) -> QWidget:
        words = card.form.description.lower()
        icon = next((icon for word, icon in _ICONS if word in words), "package")
        self.papers = Papers(self._bench, KIND, card.id, icon)
        box = QWidget()
        row = line(self.papers)
        row.setStretch(0, 1)
        if card.code:
            symbol = Symbol(_modules(card.code), self.tr("Tag {code}").format(code=grouped(card.code)))
            row.addWidget(frame(symbol, look="white", margins=(1, 1, 1, 1)))
        box.setLayout(row)
        return box

    def _tag_line(self, card: AssetCard) -> QWidget:
        printed = (
            self.tr("Tag, printed {day}").format(day=day(local(card.printed_at).date()))
            if card.printed_at
            else self.tr("Tag, never printed")
        )
        box = QWidget()
        box.setLayout(line(Label(printed, "small-muted"), None, number_label(grouped(card.code), 12)))
        return box

    def _facts(self, card: AssetCard) -> list[Fact]:
        form, today = card.form, local(clock()).date()
        holder = " · ".join(part for part in (card.custodian, card.custodian_unit) if part)
        warranty = ""
        if form.warranty_until:
            pattern = self.tr("until {day}, {away}") if form.warranty_until >= today else self.tr("ended {day}, {away}")
            warranty = pattern.format(day=day(form.warranty_until), away=away(form.warranty_until, today))
        acquired = [part for part in (day(form.acquired_on), form.purchase_order) if part]
        known = [
            Fact("user", self.tr("Custodian"), holder),
            Fact("map-pin", self.tr("Place"), card.place_words or card.place),
            Fact("hash", self.tr("Serial"), " · ".join(part for part in (form.serial, form.maker, form.model) if part)),
            Fact("banknote", self.tr("Cost"), " · ".join([money(form.cost_cents, form.currency), *acquired])),
            Fact("shield-check", self.tr("Warranty"), warranty),
        ]
        if card.linked:
            known.append(Fact("barcode", self.tr("Also opened by"), ", ".join(card.linked)))
        if form.notes:
            known.append(Fact("sticky-note", self.tr("Notes"), form.notes))
        return known

    def _family(self, card: AssetCard) -> list[QWidget]:
        parts = []
        if card.parent:
            parts.append(Fact("boxes", self.tr("Part of"), f"{card.parent.inventory_no} · {card.parent.description}"))
        parts += [Fact("box", self.tr("Holds"), f"{part.inventory_no} · {part.description}") for part in card.parts[:5]]
        return [rule(), Facts(parts)] if parts else []

    def _history(self, card: AssetCard) -> list[QWidget]:
        now = clock()
        events = [(event.at, event.said) for event in card.events]
        shown = events if self._all_events else events[:EVENTS_SHOWN]
        box = QWidget()
        head = line(Label(self.tr("History"), "h3"), None)
        if len(events) > EVENTS_SHOWN and not self._all_events:
            words = self.tr("All {count}").format(count=len(events))
            head.addWidget(Button(words, kind="link", run=self._show_all))
        box.setLayout(head)
        return [box, History([(when(at, now), said) for at, said in shown])]

    def _show_all(self) -> None:
        self._all_events = True
        if self.card is not None:
            self.show_card(self.card, self._deeds)


def _modules(code: str) -> list[list[bool]]:
    rows = matrix(code)
    return [[bool(row >> (len(rows) - 1 - column) & 1) for column in range(len(rows))] for row in rows]
