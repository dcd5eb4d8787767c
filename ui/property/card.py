"""The card of one asset: facts, then what can be done with one-letter keys, then its history in sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from cbo_desk.context import clock, local
from cbo_desk.plurals import Count
from cbo_desk.property import KIND, AssetCard
from cbo_desk.property import State as AssetState
from cbo_desk.tags.codes import grouped
from cbo_desk.tags.encoder import matrix
from ui.bench import Bench
from ui.kit.buttons import Button, DeedButton, Tool
from ui.kit.cards import Deeds, Fact, Facts, History, ScrollCard, frame, line, rule, stack
from ui.kit.chips import Chip
from ui.kit.drawings import Symbol
from ui.kit.labels import ElidedLabel, Label, number_label
from ui.kit.phrases import away, day, money, when
from ui.kit.states import Nothing
from ui.papers import Papers
from ui.property.states import status

if TYPE_CHECKING:
    from cbo_desk.property.fields import Shown
    from cbo_desk.property.value import AssetValue

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


class AssetCardView(QStackedWidget):
    """Shows one asset. Its widgets are made once and change their words: a card must follow every scan at once.

    Signals: `chosen(str)` with the action id of a pressed deed; `more(QWidget)` when further deeds are asked for.
    """

    chosen = Signal(str)
    more = Signal(object)

    def __init__(self, bench: Bench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.card: AssetCard | None = None
        self.worth: AssetValue | None = None
        self.papers = Papers(bench, KIND, self)
        self._deeds: tuple[CardDeed, ...] = ()
        self._all_events = False
        self._build()
        self.show_nothing()

    def show_nothing(self) -> None:
        """Say that nothing is chosen."""
        self.card = None
        self.setCurrentWidget(self._nothing)

    def show_card(self, card: AssetCard, deeds: Sequence[CardDeed]) -> None:
        """Show an asset and what can be done with it."""
        if self.card is None or self.card.id != card.id:
            self._all_events = False
            self.worth = None
        self.card = card
        self._cap.setText(f"{card.form.inventory_no} · {card.entity}")
        self._title.setText(card.form.description)
        self._chip.show_status(status(card.state))
        self._since.setText(self.tr("since {day}").format(day=day(card.state_since)) if card.state_since else "")
        self._show_tag(card)
        self._facts_shown.show_facts(self._facts(card))
        family = self._family(card)
        self._family_shown.show_facts(family)
        self._family_box.setVisible(bool(family))
        for piece in self._offered:  # who may only look on is promised nothing
            piece.setVisible(bool(deeds))
        if tuple(deeds) != self._deeds:
            self._deeds = tuple(deeds)
            self._deeds_shown.offer(deeds, self._button)
        self._show_history()
        self.setCurrentWidget(self._sheet)

    def show_worth(self, worth: AssetValue) -> None:
        """Show beside the cost of the shown asset what it is worth today."""
        self.worth = worth
        if self.card is not None:
            self._facts_shown.show_facts(self._facts(self.card))

    def _build(self) -> None:
        self._nothing = ScrollCard(self)
        words = self.tr("Choose an asset, or scan its tag.")
        empty = Nothing(self.tr("No asset chosen"), words, icon="package")
        self._nothing.show_content(empty, fill=True)
        self._sheet = ScrollCard(self)
        self._cap, self._title, self._since = Label("", "cap"), Label("", "h2", wrap=True), Label("", "small-muted")
        self._chip = Chip(status(AssetState.IN_STORE))
        self._symbol = Symbol([[False]], "")
        self._white = frame(self._symbol, look="white", margins=(1, 1, 1, 1))
        self._printed, self._code = ElidedLabel("", "small-muted"), number_label("", 12)
        self._facts_shown, self._family_shown = Facts(), Facts()
        self._family_box = QWidget()
        self._family_box.setLayout(stack(rule(), 8, self._family_shown))
        self._deeds_shown, self._events = Deeds(), History()
        self._offered = (rule(), Label(self.tr("What can be done"), "h3"), self._deeds_shown)
        self._all = Button("", kind="link", run=self._show_all)
        ellipsis = Tool("ellipsis", self.tr("More to do with this asset"))
        ellipsis.clicked.connect(lambda: self.more.emit(ellipsis))
        tagged = line(self._printed, self._code, gap=8)
        tagged.setStretch(0, 1)
        pictures = line(self.papers, self._white)
        pictures.setStretch(0, 1)
        self._sheet.show_content(
            line(self._cap, None, ellipsis),
            self._title,
            line(self._chip, self._since, None),
            pictures,
            tagged,
            rule(),
            self._facts_shown,
            self._family_box,
            *self._offered,
            rule(),
            line(Label(self.tr("History"), "h3"), None, self._all),
            self._events,
        )
        self.addWidget(self._nothing)
        self.addWidget(self._sheet)

    def _button(self, deed: CardDeed) -> DeedButton:
        return DeedButton(deed.label, deed.icon, lambda: self.chosen.emit(deed.action), deed.key)

    def _show_tag(self, card: AssetCard) -> None:
        words = card.form.description.lower()
        self.papers.show_record(card.id, next((icon for word, icon in _ICONS if word in words), "package"))
        self._white.setVisible(bool(card.code))
        if card.code:
            self._symbol.show_matrix(_modules(card.code), self.tr("Tag {code}").format(code=grouped(card.code)))
        printed = self.tr("Tag, never printed")
        if card.printed_at:
            printed = self.tr("Tag, printed {day}").format(day=day(local(card.printed_at).date()))
        self._printed.setText(printed)
        self._code.setText(grouped(card.code))

    def _facts(self, card: AssetCard) -> list[Fact]:
        form, today = card.form, local(clock()).date()
        holder = " · ".join(part for part in (card.custodian, card.custodian_unit) if part)
        warranty = ""
        if form.warranty_until:
            pattern = self.tr("until {day}, {away}") if form.warranty_until >= today else self.tr("ended {day}, {away}")
            warranty = pattern.format(day=day(form.warranty_until), away=away(form.warranty_until, today))
        cost = money(form.cost_cents, form.currency)
        received = form.received_on if form.received_on != form.acquired_on else None
        came = self.tr("received {day}").format(day=day(received)) if received else ""
        acquired = [part for part in (day(form.acquired_on), came, form.purchase_order) if part]
        known = [
            Fact("user", self.tr("Custodian"), holder),
            Fact("map-pin", self.tr("Place"), card.place_words or card.place),
            Fact("hash", self.tr("Serial"), " · ".join(part for part in (form.serial, form.maker, form.model) if part)),
            Fact("banknote", self.tr("Cost and value today"), " · ".join([cost, *self._worth_words()])),
            Fact("calendar", self.tr("Acquired"), " · ".join(acquired)),
            Fact("shield-check", self.tr("Warranty"), warranty),
            Fact("tag", self.tr("Category and condition"), " · ".join(self._class_words(card))),
        ]
        if card.due_on is not None:
            pattern = self.tr("{day}, {away}") if card.due_on >= today else self.tr("{day}, {away}: late")
            words = pattern.format(day=day(card.due_on), away=away(card.due_on, today))
            known.insert(1, Fact("calendar-clock", self.tr("Due back"), words))
        if card.disposed:
            known.insert(0, Fact("archive", self.tr("Disposed of"), card.disposed))
        if form.fund:
            known.append(Fact("banknote", self.tr("Fund"), form.fund))
        if card.linked:
            known.append(Fact("barcode", self.tr("Also opened by"), ", ".join(card.linked)))
        known += [Fact("list-checks", self._label(shown), shown.value) for shown in card.fields if shown.value]
        if form.notes:
            known.append(Fact("sticky-note", self.tr("Notes"), form.notes))
        return known

    def _class_words(self, card: AssetCard) -> list[str]:
        """The category, the condition, and a useful life that is the asset's own."""
        life = card.form.useful_life_months
        own = "" if life is None else self.tr("life of {count:month|months}").format(count=Count(life))
        return [part for part in (card.category, card.form.condition.capitalize(), own) if part]

    def _worth_words(self) -> list[str]:
        """What the asset is worth today, once that is read; a part of its own only where somebody can tell."""
        worth = self.worth
        if worth is None:
            return []
        return [money(worth.value, worth.currency) if worth.value is not None else self.tr("value not known")]

    def _label(self, shown: Shown) -> str:
        words = {
            "retired": self.tr("{label} (no longer asked for)"),
            "of another category": self.tr("{label} (of another category)"),
        }
        return words.get(shown.aside, "{label}").format(label=shown.label)

    def _family(self, card: AssetCard) -> list[Fact]:
        parts = []
        if card.parent:
            parts.append(Fact("boxes", self.tr("Part of"), f"{card.parent.inventory_no} · {card.parent.description}"))
        return parts + [
            Fact("box", self.tr("Holds"), f"{part.inventory_no} · {part.description}") for part in card.parts[:5]
        ]

    def _show_history(self) -> None:
        assert self.card is not None
        now = clock()
        events = [(when(event.at, now), event.said) for event in self.card.events]
        self._events.show_entries(events if self._all_events else events[:EVENTS_SHOWN])
        self._all.set_words(self.tr("All {count}").format(count=len(events)))
        self._all.setVisible(len(events) > EVENTS_SHOWN and not self._all_events)

    def _show_all(self) -> None:
        self._all_events = True
        self._show_history()


_BITS = bytes.maketrans(b"01", b"\0\1")


def _modules(code: str) -> list[bytes]:
    """The symbol's modules by rows, a byte each: taken apart as text, in a tenth of the time of shifting bits."""
    rows = matrix(code)
    return [f"{row:0{len(rows)}b}".encode().translate(_BITS) for row in rows]
