"""The card of one booking: what it is, whether it can be confirmed, what can be done, and what happened to it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QStackedWidget, QWidget

from cbo_desk.conference import BookingCard, Readiness, Status
from cbo_desk.conference.asking import LANGUAGES
from cbo_desk.context import clock, local
from cbo_desk.plurals import Count
from ui.bench import Bench
from ui.conference.looks import chip_of, hours, kind_word, short_day
from ui.kit.buttons import Button, DeedButton, Tool
from ui.kit.cards import Deeds, Fact, Facts, History, ScrollCard, clear, line, rule, stack
from ui.kit.chips import Chip
from ui.kit.chips import Status as ChipStatus
from ui.kit.flow import Flow
from ui.kit.icons import put_icon
from ui.kit.labels import IconLabel, Label
from ui.kit.phrases import money, when
from ui.kit.states import Nothing

MARKS = {"ok": ("circle-check", "ok_text"), "warn": ("triangle-alert", "warn_text"), "bad": ("circle-x", "bad_text")}


@dataclass(frozen=True)
class CardDeed:
    """One thing that can be done with the shown booking, as its button shows it."""

    label: str
    icon: str
    key: str
    action: str


class Checks(QWidget):
    """One line a rule, each with its mark."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(10)
        self._grid.setVerticalSpacing(5)
        self._grid.setColumnStretch(1, 1)
        self._rows: list[tuple[IconLabel, Label]] = []

    def show_checks(self, found: Readiness) -> None:
        """Show other lines; what is there only changes its words."""
        while len(self._rows) < len(found.checks):
            mark, words = IconLabel("circle-check", "ok_text", 15), Label("", "small", wrap=True)
            self._grid.addWidget(mark, len(self._rows), 0)
            self._grid.addWidget(words, len(self._rows), 1)
            self._rows.append((mark, words))
        for number, (mark, words) in enumerate(self._rows):
            shown = number < len(found.checks)
            mark.setVisible(shown)
            words.setVisible(shown)
            if shown:
                check = found.checks[number]
                put_icon(mark, *MARKS[check.outcome], 15)
                words.setText(check.words)
        self.setAccessibleName(". ".join(check.words for check in found.checks))


class BookingCardView(QStackedWidget):
    """Shows one booking. Signals: `chosen(str)` the action id of a pressed deed; `more(QWidget)` for further ones."""

    chosen = Signal(str)
    more = Signal(object)

    def __init__(self, bench: Bench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bench = bench
        self.card: BookingCard | None = None
        self._build()
        self.show_nothing()

    def show_nothing(self) -> None:
        """Say that nothing is chosen."""
        self.card = None
        self.setCurrentWidget(self._nothing)

    def show_card(self, card: BookingCard, first: Sequence[CardDeed], deeds: Sequence[CardDeed]) -> None:
        """Show a booking; `first` are the deeds that its state asks for, the first of them the main one."""
        self.card = card
        row, now = card.row, clock()
        self._cap.setText(row.reference)
        self._title.setText(row.title)
        self._chip.show_status(chip_of(row, now))
        self._facts.show_facts(self._known(card))
        clear(self._first)
        for number, deed in enumerate(first):
            icon = deed.icon if number == 0 else ""
            button = Button(deed.label, icon, "primary" if number == 0 else "plain", self._press(deed), deed.key)
            self._first.addWidget(button)
        self._first_row.setVisible(bool(first))
        self._deeds.show_deeds([DeedButton(each.label, each.icon, self._press(each), each.key) for each in deeds])
        self._history.show_entries((when(each.at, now), each.said) for each in card.history)
        asked = row.status in (Status.HOLD, Status.ENQUIRY, Status.WAITLIST)
        self._asking.setVisible(asked and row.space != "")
        self._lapse.setVisible(False)
        self.setCurrentWidget(self._sheet)

    def show_readiness(self, found: Readiness) -> None:
        """Say whether it could be confirmed, and who takes the space otherwise."""
        self.checks.show_checks(found)
        held = self.card is not None and self.card.row.status is Status.HOLD
        self._lapse.setVisible(held)
        nobody = self.tr("It is an enquiry again, and its space is free.")
        self.lapse_words.setText(found.next_in_line or nobody)

    def _build(self) -> None:
        self._nothing = ScrollCard(self)
        self._empty = Nothing(*self._nothing_chosen(), icon="calendar-days")
        self._nothing.show_content(self._empty, fill=True)
        self._sheet = ScrollCard(self)
        self._cap, self._title = Label("", "cap"), Label("", "h2", wrap=True)
        self._chip = Chip(ChipStatus(""))
        self._facts = Facts()
        self.checks = Checks()
        self._first_row = QWidget()
        self._first = Flow(self._first_row, gap=8)
        self._asking = QWidget()
        self._asking.setLayout(stack(rule(), 8, Label(self.tr("Ready to confirm?"), "h3"), 6, self.checks))
        self.lapse_words = Label("", "muted", wrap=True)
        self._lapse = QWidget()
        self._lapse.setLayout(stack(rule(), 8, Label(self.tr("If the hold lapses"), "h3"), 4, self.lapse_words))
        self._deeds, self._history = Deeds(), History()
        ellipsis = Tool("ellipsis", self.tr("More to do with this booking"))
        ellipsis.clicked.connect(lambda: self.more.emit(ellipsis))
        self._sheet.show_content(
            line(self._cap, None, ellipsis), self._title, line(self._chip, None), rule(), self._facts, self._asking,
            self._first_row, self._lapse, rule(), self._deeds, rule(), Label(self.tr("History"), "h3"), self._history,
        )  # fmt: skip
        self.addWidget(self._nothing)
        self.addWidget(self._sheet)

    def _nothing_chosen(self) -> tuple[str, str]:
        return self.tr("No booking chosen"), self.tr("Choose a booking, or draw a new one on the board.")

    def _press(self, deed: CardDeed) -> Callable[[], object]:
        return lambda: self.chosen.emit(deed.action)

    def _known(self, card: BookingCard) -> list[Fact]:
        row = card.row
        day = local(row.starts).date()
        today = local(clock()).date()
        named = self.tr("Today") if day == today else f"{short_day(day)} {day:%Y}"
        times = f"{named} {hours(row.starts, row.ends)}"
        if row.blocks_from < row.starts:
            times += self.tr(", set-up from {time}").format(time=f"{local(row.blocks_from):%H:%M}")
        where = " · ".join(part for part in (card.space_name, kind_word(row.layout).lower()) if part)
        if card.seats:
            where += f" {card.seats:,}"
        people = self.tr("{count} planned").format(count=f"{row.people:,}")
        if card.registered:
            people = self.tr("{registered} registered of {count} planned").format(
                registered=f"{card.registered:,}", count=f"{row.people:,}"
            )
        if card.visitors:
            people += self.tr(", {count:visitor|visitors}").format(count=Count(card.visitors))
        known = [
            Fact("clock", self.tr("When"), times),
            Fact("door-open", self.tr("Space and layout"), where),
            Fact("users", self.tr("People"), people),
            Fact("user", self.tr("Entity and contact"), " · ".join(p for p in (row.entity, card.contact) if p)),
            Fact("flag", self.tr("Rank"), card.rank),
            Fact("languages", self.tr("Languages"), language_names(card.languages)),
            Fact("monitor", self.tr("Equipment"), card.equipment),
            Fact("car", self.tr("Cars"), f"{card.cars:,}" if card.cars else ""),
            Fact("users", self.tr("Teams and sets"), ", ".join(name for _, name in card.units)),
            Fact("sticky-note", self.tr("Notes"), card.notes),
            Fact("receipt", self.tr("Charged"), self._charged(card)),
            Fact("circle-slash", self.tr("Attendance"), self.tr("Nobody came") if card.no_show else ""),
        ]
        return [fact for fact in known if fact.value]

    def _charged(self, card: BookingCard) -> str:
        """What was charged less what was taken back; nothing where that is nothing."""
        if not card.charges:
            return ""
        cents = int(sum(each.amount for each in card.charges) * 100)
        return money(cents, card.charges[0].currency) if cents else ""


def language_names(codes: str) -> str:
    """Languages by name; a code that is not known stays as it is."""
    return ", ".join(LANGUAGES.get(code, code) for code in codes.split())
