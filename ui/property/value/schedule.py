"""An asset's value month by month, with the terms it follows: the box behind the value on its card."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import QCoreApplication, QEvent, QSize, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QTableView, QWidget

from cbo_desk.plurals import Count
from cbo_desk.property.value import AssetValue, Method, Month, Terms
from ui.bench import Bench
from ui.kit.buttons import Button
from ui.kit.cards import frame, line, stack
from ui.kit.cells import Look
from ui.kit.columns import Column
from ui.kit.cursor import choose_row
from ui.kit.dialogs import is_enter
from ui.kit.labels import Label
from ui.kit.lines import Lines
from ui.kit.phrases import day, money
from ui.kit.tables import dress
from ui.kit.theme import px


class ScheduleBox(QFrame):
    """The schedule of one asset; Esc, Enter and Close take it away. `closed` tells so."""

    closed = Signal()

    def __init__(self, bench: Bench, number: str, worth: AssetValue, months: Sequence[Month], parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("look", "raised")
        heading = self.tr("Value of {number}").format(number=number)
        self.setAccessibleName(heading)
        self.model = Lines(_columns(), self)
        self.model.show_rows(months)
        self.table = QTableView(self)
        self.table.setModel(self.model)
        looks = [column.look for column in self.model.columns]
        title = self.tr("Value month by month")
        dress(self.table, looks, "property.schedule", bench.preferences, title=title, sortable=False)
        whole = stack(
            Label(heading, "h2"),
            4,
            Label(said(worth), "muted", wrap=True),
            Label(_how(worth), "small-muted", wrap=True),
            10,
            frame(self.table, margins=(1, 1, 1, 1)),
            12,
            line(None, Button(self.tr("Close"), "", "primary", self.closed.emit, "Esc")),
            margins=(20, 16, 20, 16),
        )
        whole.setStretch(5, 1)
        self.setLayout(whole)
        now = next((row for row, month in enumerate(months) if month.ends >= worth.on), len(months) - 1)
        if months:
            choose_row(self.table, now)
            self.table.scrollTo(self.model.index(now, 0))

    def sizeHint(self) -> QSize:
        """Room for a year and more."""
        return QSize(px(560), px(560))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter closes: there is nothing to fill in."""
        if is_enter(event):
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """While the box is there Enter is its own."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and is_enter(event):
            event.accept()
            return True
        return super().event(event)


def said(worth: AssetValue) -> str:
    """An asset's value as a sentence, or why nobody can tell."""
    if worth.value is None:
        return worth.why
    words = QCoreApplication.translate("value", "{value} on {day}, of a cost of {cost}.")
    return words.format(
        value=money(worth.value, worth.currency), day=day(worth.on), cost=money(worth.cost, worth.currency)
    )


def last_month(worth: AssetValue) -> date:
    """Until when a schedule is asked for: the end of the year after the life that counts today."""
    begun = worth.acquired or worth.on
    return date(min(begun.year + (worth.terms.life if worth.terms else 0) // 12 + 1, 9999), 12, 31)


def charged_months(months: Sequence[Month]) -> list[Month]:
    """The months up to the last one that is charged; the first one alone where none is."""
    last = max((row for row, month in enumerate(months) if month.charge), default=0)
    return list(months[: last + 1])


def open_schedule(bench: Bench, number: str, worth: AssetValue, months: Sequence[Month]) -> ScheduleBox:
    """Put a schedule in front of the page."""
    box = ScheduleBox(bench, number, worth, months, bench.shell)
    overlay = bench.shell.open_overlay(box)
    box.closed.connect(overlay.close_it)
    box.table.setFocus()
    return box


def _how(worth: AssetValue) -> str:
    """The terms in force and their source."""
    return " ".join(part for part in (_terms(worth.terms) if worth.terms else "", worth.source) if part)


def _terms(terms: Terms) -> str:
    if terms.method is Method.NONE:
        return QCoreApplication.translate("value", "It loses no value.")
    words = QCoreApplication.translate("value", "Straight line over {count:month|months}.")
    return words.format(count=Count(terms.life))


def _columns() -> tuple[Column, ...]:
    return (
        Column(
            Look("month", "ref", 130, stretch=True, sortable=False),
            QCoreApplication.translate("value", "Until"),
            lambda month: day(month.ends),
        ),
        Column(
            Look("charge", "money", 130, sortable=False),
            QCoreApplication.translate("value", "Charged"),
            lambda month: money(month.charge),
        ),
        Column(
            Look("value", "money", 130, sortable=False),
            QCoreApplication.translate("value", "Value"),
            lambda month: money(month.value),
        ),
    )
