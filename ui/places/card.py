"""The card of one place: what it is, who has it, what stands there, what can be done, what happened."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from cbo_desk.context import clock
from cbo_desk.places import PlaceCard
from cbo_desk.tags.codes import grouped
from cbo_desk.tags.encoder import matrix
from ui.bench import Bench
from ui.kit.actions import Action
from ui.kit.buttons import DeedButton
from ui.kit.cards import Deeds, Fact, Facts, History, ScrollCard, frame, line, rule
from ui.kit.drawings import Symbol
from ui.kit.labels import Label, number_label
from ui.kit.phrases import when
from ui.kit.states import Nothing
from ui.papers import Papers
from ui.places.kinds import ICONS, kind_word

SHOWN = 8
PLACE = "places.place"


class PlaceCardView(ScrollCard):
    """Shows one place. `chosen(str)` gives the id of the action of a pressed deed."""

    chosen = Signal(str)

    def __init__(self, bench: Bench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = bench
        self.card: PlaceCard | None = None
        self.show_nothing()

    def show_nothing(self) -> None:
        """Say that no place is chosen."""
        self.card = None
        words = self.tr("Choose a place in the tree or on the map, or scan its door tag.")
        self.show_content(Nothing(self.tr("No place chosen"), words, icon="map-pin"), fill=True)

    def show_card(self, card: PlaceCard, deeds: Sequence[Action]) -> None:
        """Show a place and what can be done with it."""
        self.card = card
        now = clock()
        buttons = [self._button(action) for action in deeds]
        self.show_content(
            Label(f"{card.code} · {kind_word(card.kind)}", "cap"),
            Label(card.name, "h2", wrap=True),
            Label(card.where, "muted", wrap=True),
            self._pictures(card),
            *(
                [line(Label(self.tr("Door tag"), "small-muted"), None, number_label(grouped(card.tag), 12))]
                if card.tag
                else []
            ),
            rule(),
            Facts(self._facts(card), columns=2),
            rule(),
            Label(self.tr("What can be done"), "h3"),
            Deeds(buttons),
            rule(),
            Label(self.tr("History"), "h3"),
            History([(when(entry.at, now), entry.said) for entry in card.history[:SHOWN]])
            if card.history
            else Label(self.tr("Nothing was changed yet."), "small-muted"),
        )

    def _button(self, action: Action) -> DeedButton:
        return DeedButton(action.label, action.icon, lambda: self.chosen.emit(action.id), action.shortcut)

    def _pictures(self, card: PlaceCard) -> QWidget:
        box = QWidget()
        papers = Papers(self._bench, PLACE, box)
        papers.show_record(card.id, ICONS[card.kind])
        row = line(papers)
        row.setStretch(0, 1)
        if card.tag:
            rows = matrix(card.tag)
            modules = [[bool(row_bits >> (len(rows) - 1 - x) & 1) for x in range(len(rows))] for row_bits in rows]
            symbol = Symbol(modules, self.tr("Tag {code}").format(code=grouped(card.tag)))
            row.addWidget(frame(symbol, look="white", margins=(1, 1, 1, 1)))
        box.setLayout(row)
        return box

    def _facts(self, card: PlaceCard) -> list[Fact]:
        area = self.tr("{area} m²").format(area=f"{card.form.area_m2:,.1f}") if card.form.area_m2 else ""
        return [
            Fact("package", self.tr("Assets here and below"), f"{card.assets:,}"),
            Fact("users", self.tr("People"), f"{card.holds.get('people.person', 0):,}"),
            Fact("building-2", self.tr("Occupier"), card.occupier),
            Fact("ruler", self.tr("Area"), area),
        ]
