"""The cards of a person and of a client entity."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from cbo_desk.audit import HistoryLine
from cbo_desk.context import clock
from cbo_desk.people import EntityCard, PersonCard
from ui.bench import Bench
from ui.kit.actions import Action
from ui.kit.buttons import DeedButton
from ui.kit.cards import Deeds, Fact, Facts, History, ScrollCard, line, rule
from ui.kit.chips import Chip, Status
from ui.kit.labels import Label
from ui.kit.phrases import day, when
from ui.kit.states import Nothing
from ui.papers import Papers

SHOWN = 10


class PeopleCard(ScrollCard):
    """Shows a person or an entity. `chosen(str)` gives the id of the action of a pressed deed."""

    chosen = Signal(str)

    def __init__(self, bench: Bench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = bench
        self.person: PersonCard | None = None
        self.entity: EntityCard | None = None
        self.show_nothing()

    def show_nothing(self) -> None:
        """Say that nobody is chosen."""
        self.person = self.entity = None
        words = self.tr("Choose somebody in the list, or scan a badge.")
        self.show_content(Nothing(self.tr("Nobody chosen"), words, icon="user"), fill=True)

    def show_person(self, card: PersonCard, deeds: Sequence[Action]) -> None:
        """Show a person and what can be done."""
        self.person, self.entity = card, None
        form = card.form
        here = (
            Status(self.tr("Here"), "ok", "circle-check")
            if card.here
            else Status(self.tr("Has left"), "idle", "log-out")
        )
        days = " – ".join(part for part in (day(form.since), day(form.until)) if part)
        self.show_content(
            Label(f"{form.index_number or self.tr('no index number')} · {card.entity}", "cap"),
            Label(card.spoken, "h2", wrap=True),
            line(Chip(here), Label(days, "small-muted"), None),
            self._papers("people.person", card.id, "user"),
            rule(),
            Facts(
                [
                    Fact("briefcase", self.tr("Unit"), form.unit),
                    Fact("map-pin", self.tr("Place"), card.place),
                    Fact("phone", self.tr("Phone"), form.phone),
                    Fact("mail", self.tr("E-mail"), form.email),
                    Fact("package", self.tr("Assets in custody"), f"{card.holds.get('property.asset', 0):,}"),
                ]
            ),
            *self._foot(card.history, deeds),
        )

    def show_entity(self, card: EntityCard, deeds: Sequence[Action]) -> None:
        """Show a client entity and what can be done."""
        self.person, self.entity = None, card
        form = card.form
        days = " – ".join(part for part in (day(form.since), day(form.until)) if part)
        self.show_content(
            Label(form.code, "cap"),
            Label(form.name, "h2", wrap=True),
            *([Label(days, "small-muted")] if days else []),
            self._papers("people.entity", card.id, "building-2"),
            rule(),
            Facts(
                [
                    Fact("users", self.tr("People"), f"{card.holds.get('people.person', 0):,}"),
                    Fact("package", self.tr("Assets"), f"{card.holds.get('property.asset', 0):,}"),
                    Fact("map-pin", self.tr("Places occupied"), f"{card.holds.get('places.place', 0):,}"),
                    Fact("banknote", self.tr("Billing reference"), form.billing_reference),
                ]
            ),
            *self._foot(card.history, deeds),
        )

    def _papers(self, kind: str, record_id: int, icon: str) -> Papers:
        papers = Papers(self._bench, kind, self)
        papers.show_record(record_id, icon)
        return papers

    def _foot(self, history: Sequence[HistoryLine], deeds: Sequence[Action]) -> list[QWidget]:
        now = clock()
        buttons = [
            DeedButton(action.label, action.icon, partial(self.chosen.emit, action.id), action.shortcut)
            for action in deeds
        ]
        return [
            rule(),
            Label(self.tr("What can be done"), "h3"),
            Deeds(buttons),
            rule(),
            Label(self.tr("History"), "h3"),
            History([(when(entry.at, now), entry.said) for entry in history[:SHOWN]])
            if history
            else Label(self.tr("Nothing was changed yet."), "small-muted"),
        ]
