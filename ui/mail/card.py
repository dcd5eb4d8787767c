"""The card of one item: what it is, where it is, how long it has lain, what can be done, and its whole way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QPainter, QPainterPath
from PySide6.QtWidgets import QStackedWidget, QWidget

from cbo_desk.mail import KIND, ItemCard, State
from cbo_desk.plurals import Count, Share
from cbo_desk.tags.codes import grouped
from ui.bench import Bench
from ui.kit.buttons import DeedButton, Tool
from ui.kit.cards import Deeds, Fact, Facts, ScrollCard, line, rule, stack
from ui.kit.chips import Chip, Status, Tone
from ui.kit.drawings import Drawing
from ui.kit.labels import IconLabel, Label
from ui.kit.phrases import day
from ui.kit.states import Nothing
from ui.kit.theme import colour, px
from ui.mail.chain import Chain, Next
from ui.mail.looks import class_icon, class_word, status
from ui.papers import Papers

WAITS = (State.RECEIVED, State.SHELVED, State.HELD)


@dataclass(frozen=True)
class CardDeed:
    """One thing that can be done with the shown item, as its button shows it."""

    label: str
    icon: str
    key: str
    action: str


class ItemCardView(QStackedWidget):
    """Shows one item. Its widgets are made once and change their words: a card must follow every scan at once.

    Signals: `chosen(str)` with the action id of a pressed deed; `more(QWidget)` when further deeds are asked for.
    """

    chosen = Signal(str)
    more = Signal(object)

    def __init__(self, bench: Bench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.card: ItemCard | None = None
        self.papers = Papers(bench, KIND, self)
        self._deeds: tuple[CardDeed, ...] = ()
        self._build()
        self.show_nothing()

    def show_nothing(self) -> None:
        """Say that nothing is chosen."""
        self.card = None
        self.setCurrentWidget(self._nothing)

    def show_card(self, card: ItemCard, deeds: Sequence[CardDeed]) -> None:
        """Show an item and what can be done with it."""
        self.card = card
        self._cap.setText(card.number)
        self._title.setText(" · ".join(part for part in (card.addressee, card.entity) if part) or self.tr("For whom?"))
        self._chip.show_status(self._main_status(card))
        self._accountable.setVisible(bool(card.details.accountable))
        self._missing.setVisible(bool(card.missing))
        self._missing.show_status(
            Status(self.tr("To complete: {what}").format(what=card.missing), "warn", "circle-dashed")
        )
        self._facts_shown.show_facts(self._facts(card))
        self._show_ageing(card)
        self.papers.show_record(card.id, class_icon(card.details.item_class))
        if tuple(deeds) != self._deeds:
            self._deeds = tuple(deeds)
            self._deeds_shown.offer(deeds, self._button)
        for piece in (self._whole, self.chain_words):
            piece.setVisible(not card.broken)
        self.broken.setVisible(bool(card.broken))
        self.broken.setText(card.broken)
        self.chain.show_events(card.events, self._following(card))
        self.setCurrentWidget(self._sheet)

    def _build(self) -> None:
        self._nothing = ScrollCard(self)
        words = self.tr("Choose an item, or scan it.")
        self._nothing.show_content(Nothing(self.tr("No item chosen"), words, icon="mail"), fill=True)
        self._sheet = ScrollCard(self)
        self._cap, self._title = Label("", "cap"), Label("", "h2", wrap=True)
        self._chip = Chip(status(State.RECEIVED))
        self._accountable = Chip(Status(self.tr("Accountable"), "info", "shield-check"))
        self._missing = Chip(Status("", "warn", "circle-dashed"))
        self._facts_shown = Facts(columns=2)
        self._lain, self._back = Label("", "small-strong"), Label("", "small-muted")
        self._share: tuple[int, int, Tone] = (0, 1, "idle")
        self._bar = Drawing(self._paint_bar, "")
        self._bar.setFixedHeight(px(7))
        self._ageing = QWidget()
        self._ageing.setLayout(stack(rule(), 8, self._lain, 4, self._bar, 4, self._back))
        self._deeds_shown = Deeds()
        self.chain = Chain()
        self._whole = IconLabel("link", "ok_text", 14)
        self.chain_words = Label(self.tr("chain whole"), "small-muted")
        self.broken = Label("", "fault", wrap=True)
        ellipsis = Tool("ellipsis", self.tr("More to do with this item"))
        ellipsis.clicked.connect(lambda: self.more.emit(ellipsis))
        self._sheet.show_content(
            line(self._cap, None, ellipsis),
            self._title,
            line(self._chip, self._accountable, None),
            line(self._missing, None),
            rule(),
            self._facts_shown,
            self._ageing,
            rule(),
            self._deeds_shown,
            rule(),
            line(Label(self.tr("From hand to hand"), "h3"), None, self._whole, self.chain_words),
            self.broken,
            self.chain,
            rule(),
            self.papers,
        )  # fmt: skip
        self.addWidget(self._nothing)
        self.addWidget(self._sheet)

    def _button(self, deed: CardDeed) -> DeedButton:
        return DeedButton(deed.label, deed.icon, lambda: self.chosen.emit(deed.action), deed.key)

    def _main_status(self, card: ItemCard) -> Status:
        if card.state in WAITS and card.days >= card.ageing.back - 3:
            return Status(self.tr("Return due"), "warn", "corner-up-right")
        return status(card.state)

    def _facts(self, card: ItemCard) -> list[Fact]:
        details = card.details
        weight = f"{details.weight_g / 1000:g} kg" if details.weight_g else ""
        named = class_word(details.item_class)
        service = "" if named.casefold() in details.service.casefold() else details.service
        kind = " · ".join(part for part in (named, service) if part)
        where = self.tr("shelf {code}").format(code=card.shelf) if card.shelf else card.holder
        known = [
            Fact("truck", self.tr("Carrier"), details.carrier),
            Fact("barcode", self.tr("Carrier's number"), card.carrier_number),
            Fact("map-pin", self.tr("Where now"), where),
            Fact("user", self.tr("In the hands of"), card.holder),
            Fact(class_icon(details.item_class), self.tr("Class"), kind),
            Fact("flag", self.tr("To be brought to"), card.place),
            Fact("scale", self.tr("Weight and size"), " · ".join(p for p in (weight, details.size_mm) if p)),
            Fact("qr-code", self.tr("Tag"), grouped(card.code) if card.code else ""),
            Fact("package-x", self.tr("Damage"), details.damage),
            Fact("send", self.tr("Sender"), details.sender),
            Fact("sticky-note", self.tr("Notes"), details.notes),
        ]
        return [fact for at, fact in enumerate(known) if fact.value or at < 4]

    def _show_ageing(self, card: ItemCard) -> None:
        waits = card.state in WAITS
        self._ageing.setVisible(waits)
        if not waits or card.back_on is None:
            return
        late = card.days > card.ageing.back
        tone: Tone = "bad" if late else "warn" if card.days >= card.ageing.back - 3 else "idle"
        self._share = (card.days, card.ageing.back, tone)
        words = self.tr("With us {days:working day|working days}").format(days=Share(card.days, card.ageing.back))
        self._lain.setText(words)
        self._back.setText(self.tr("back to sender {day}").format(day=day(card.back_on)))
        self._bar.setAccessibleName(words)
        self._bar.update()

    def _paint_bar(self, painter: QPainter, room: QRectF) -> None:
        """One piece a working day: filled is past."""
        done, limit, tone = self._share
        gap = 3.0
        wide = (room.width() - gap * (limit - 1)) / limit
        for at in range(limit):
            piece = QPainterPath()
            piece.addRoundedRect(QRectF(room.x() + at * (wide + gap), room.y(), wide, room.height()), 2, 2)
            token = ("muted" if tone == "idle" else f"{tone}_text") if at < done else "border"
            painter.fillPath(piece, colour(token))

    def _following(self, card: ItemCard) -> Next | None:
        """What comes by itself: the item goes back to its sender unless somebody collects it."""
        if card.state not in WAITS or card.back_on is None:
            return None
        left = card.ageing.back - card.days
        about = (
            self.tr("unless collected, in {days:working day|working days}").format(days=Count(left))
            if left > 0
            else self.tr("it is due: return it, or extend the time")
        )
        return Next(card.back_on, self.tr("Goes back to the sender"), about)
