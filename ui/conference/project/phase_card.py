"""The card of a phase: its three pairs of days, seats on the chosen day, what stands in the way, and its history."""

from __future__ import annotations

from datetime import date
from functools import partial

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from cbo_desk.conference.project import CLASSES, DayCapacity, PhaseCard
from cbo_desk.context import clock
from cbo_desk.plurals import Count
from ui.conference.project.picture import class_colour
from ui.kit.buttons import Button
from ui.kit.cards import Fact, Facts, History, Piece, ScrollCard, line, rule
from ui.kit.chips import Chip, Status
from ui.kit.drawings import Drawing
from ui.kit.flow import wrapped
from ui.kit.labels import IconLabel, Label, number_label
from ui.kit.phrases import day, when
from ui.kit.states import Nothing


class PhaseCardView(ScrollCard):
    """A phase beside the picture. `asked(str)` names a deed: relocate, effective, end, edit."""

    asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.card: PhaseCard | None = None
        self._on: DayCapacity | None = None
        self._short = 0
        self.show_nothing()

    def show_nothing(self) -> None:
        """Say that there is no phase."""
        self.card = None
        words = self.tr("Plan a phase, and see here what it closes and who has to move.")
        self.show_content(Nothing(self.tr("No phase is chosen"), words, icon="hard-hat"), fill=True)

    def show_card(self, card: PhaseCard, on: DayCapacity, short: int) -> None:
        """Show a phase, with the seats of a day; `short` are the months of the phase that lack seats."""
        self.card, self._on, self._short = card, on, short
        row = card.row
        self.show_content(
            Label(row.code, "cap"),
            Label(row.name, "h1", wrap=True),
            line(Chip(self._state()), None),
            rule(self),
            Facts(self._facts()),
            rule(self),
            self._seats(on),
            rule(self),
            *self._way(),
            rule(self),
            Label(self.tr("History"), "h3"),
            History([(when(each.at, clock()), each.said) for each in card.history[:8]]),
        )

    def show_day(self, on: DayCapacity) -> None:
        """Show the seats of another day."""
        if self.card is not None:
            at = self.area.verticalScrollBar().value()
            self.show_card(self.card, on, self._short)
            self.area.verticalScrollBar().setValue(at)

    def _state(self) -> Status:
        assert self.card is not None
        row = self.card.row
        if row.state == "over":
            return Status(self.tr("Over"), "ok", "circle-check")
        if row.late_weeks:
            words = self.tr("Forecast {count:week|weeks} late").format(count=Count(row.late_weeks))
            return Status(words, "warn", "triangle-alert")
        if row.state == "under way":
            return Status(self.tr("Under way"), "live", "hard-hat")
        return Status(self.tr("As planned"), "idle", "circle-dashed")

    def _facts(self) -> list[Fact]:
        assert self.card is not None
        card, row = self.card, self.card.row
        actual = self.tr("Not started")
        if row.actual_from is not None:
            actual = self._span(row.actual_from, row.actual_to) if row.actual_to else day(row.actual_from)
        gives = card.after.seats - card.during.seats
        back = self.tr("{count:seat|seats}").format(count=Count(max(0, gives)))
        closes = self.tr("{count:room|rooms}, {seats}").format(
            count=Count(len(row.cells)),
            seats=self.tr("{count:seat|seats}").format(count=Count(max(0, card.before.seats - card.during.seats))),
        )
        found = [
            Fact("calendar", self.tr("Planned"), self._span(row.planned.first, row.planned.last)),
            Fact("calendar-clock", self.tr("Forecast"),
                 self._span(row.forecast.first, row.forecast.last) if row.forecast else self.tr("As planned")),
            Fact("circle-play", self.tr("Actual"), actual),
            Fact("door-closed", self.tr("Closes"), closes),
            Fact("sparkles", self.tr("Gives back"), back),
        ]  # fmt: skip
        if row.contract is not None:
            allowed = self._span(row.contract.first, row.contract.last)
            found.insert(3, Fact("file-text", self.tr("Contract allows a start"), allowed))
        return found

    def _span(self, first: date, last: date) -> str:
        return self.tr("{first} to {last}").format(first=day(first), last=day(last))

    def _seats(self, on: DayCapacity) -> QWidget:
        box = QWidget()
        grid = QGridLayout(box)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        grid.addWidget(Label(self.tr("Seats on {day}").format(day=day(on.day)), "h3"), 0, 0, 1, 3)
        grid.addWidget(number_label(f"{on.seats:,}"), 0, 3)
        words = {"plenary": self.tr("Plenary"), "large": self.tr("Large"), "medium": self.tr("Medium"),
                 "small": self.tr("Small")}  # fmt: skip
        for place, (name, share) in enumerate(zip(CLASSES, on.shares, strict=True), 1):
            mark = Drawing(partial(_fill, name))
            mark.setFixedSize(10, 10)
            rooms = (
                self.tr("{count:room|rooms}").format(count=Count(share.rooms)) if share.rooms else self.tr("no room")
            )
            grid.addWidget(mark, place, 0)
            grid.addWidget(Label(words[name]), place, 1)
            grid.addWidget(Label(rooms, "muted"), place, 2)
            grid.addWidget(number_label(f"{share.seats:,}"), place, 3)
        return box

    def _way(self) -> list[Piece]:
        assert self.card is not None
        row = self.card.row
        found: list[Piece] = [Label(self.tr("What stands in the way"), "h3")]
        warnings = []
        if row.affected:
            words = self.tr("{count:booking is|bookings are} still in closing rooms")
            warnings.append(words.format(count=Count(row.affected)))
        if self._short:
            words = self.tr("{count:month is|months are} short of seats")
            warnings.append(words.format(count=Count(self._short)))
        for words in warnings:
            found.append(_marked("triangle-alert", "warn_text", words))
        if not warnings:
            found.append(_marked("circle-check", "ok_text", self.tr("Nothing")))
        edit = Button(self.tr("Edit"), "pencil", run=lambda: self.asked.emit("edit"))
        if row.state == "planned":
            relocate = Button(
                self.tr("Relocate {count}").format(count=Count(row.affected)), "arrow-right", "primary",
                lambda: self.asked.emit("relocate"),
            )  # fmt: skip
            relocate.setEnabled(row.affected > 0)
            effective = Button(self.tr("Make effective"), "hard-hat", run=lambda: self.asked.emit("effective"))
            found.append(wrapped(relocate, effective, edit))
            found.append(Label(self.tr("Made effective once none is left."), "small-muted", wrap=True))
        elif row.state == "under way":
            end = Button(self.tr("End phase"), "circle-check", run=lambda: self.asked.emit("end"))
            found.append(line(end, edit, None))
        else:
            found.append(line(edit, None))
        return found


def _fill(name: str, painter: QPainter, room: QRectF) -> None:
    painter.fillRect(room, class_colour(name))


def _marked(icon: str, token: str, words: str) -> QHBoxLayout:
    """A sentence behind its icon, as wide as the card."""
    row = line(IconLabel(icon, token, 15), Label(words, wrap=True))
    row.setStretch(1, 1)
    return row
