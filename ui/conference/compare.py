"""Two or three spaces that fit, side by side: what differs is bold, and each can be held by its number."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QWidget

from cbo_desk.conference.asking import LANGUAGES
from cbo_desk.conference.searching import Hit, Search
from cbo_desk.plurals import Count
from ui.conference.looks import hours, kind_word
from ui.kit.buttons import Button, Tool
from ui.kit.cards import ScrollCard, line, rule, stack
from ui.kit.labels import Label
from ui.kit.theme import px


class CompareBox(QFrame):
    """Stands in front of the page. Signals: `hold(Hit)`, `closed`."""

    hold = Signal(object)
    closed = Signal()

    def __init__(self, hits: Sequence[Hit], answer: Search, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "raised")
        self.hits, self._answer = list(hits), answer
        heading = self.tr("{count:space|spaces} side by side").format(count=Count(len(hits)))
        self.setAccessibleName(heading)
        self.buttons = [
            Button(self.tr("Hold {number}").format(number=number), "hourglass", "plain", partial(self._take, number))
            for number in range(1, len(hits) + 1)
        ]
        about = self.tr("What differs is bold; a digit holds a space.")
        head = line(
            stack(Label(heading, "h2"), Label(about, "muted")), None, Tool("x", self.tr("Close"), self.closed.emit)
        )
        head.setContentsMargins(20, 16, 16, 12)
        body = ScrollCard(self, look="plain")
        body.show_content(self._grid(), margins=(20, 14, 20, 14))
        whole = stack(margins=(1, 1, 1, 1))
        whole.addLayout(head)
        whole.addWidget(rule(self))
        whole.addWidget(body, 1)
        self.setLayout(whole)

    def sizeHint(self) -> QSize:
        """As wide as its columns."""
        return QSize(px(150 + 210 * len(self.hits)), px(430))

    def focus_first(self) -> None:
        """The keys go to the first space's button."""
        self.buttons[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A digit holds its space."""
        number = event.key() - Qt.Key.Key_0.value
        if 1 <= number <= len(self.hits):
            self._take(number)
            return
        super().keyPressEvent(event)

    def rows(self) -> list[tuple[str, list[str]]]:
        """What is compared: a caption, and a value for each space."""
        asked = self._answer.request
        captions: list[tuple[str, list[str]]] = [
            (self.tr("Seats"), [f"{each.offer.spare + asked.people:,}" for each in self.hits]),
            (self.tr("Stay empty"), [f"{each.offer.spare:,}" for each in self.hits]),
            (self.tr("Layout"), [kind_word(each.offer.placings[0].kind) for each in self.hits]),
            (self.tr("Blocked for you"), [self._blocked(each) for each in self.hits]),
            (self.tr("Walls"), [self.tr("are moved") if each.offer.joined else self.tr("stay") for each in self.hits]),
            (self.tr("Features"), [", ".join(sorted(each.offer.space.features)) or "–" for each in self.hits]),
            (self.tr("Fixed booths"), [str(each.offer.space.booths or "–") for each in self.hits]),
        ]
        if len(asked.languages) > 1:
            named = ", ".join(LANGUAGES[each] for each in asked.languages)
            captions.append((self.tr("Interpretation"), [named] * len(self.hits)))
        currency = self.hits[0].quote.currency
        captions.append((self.tr("Price, {currency}").format(currency=currency),
                         [f"{each.quote.total:,.0f}" for each in self.hits]))  # fmt: skip
        return captions

    def _blocked(self, hit: Hit) -> str:
        first = hit.offer.placings[0].blocks
        return hours(first.starts, first.ends)

    def _take(self, number: int) -> None:
        self.hold.emit(self.hits[number - 1])

    def _grid(self) -> QWidget:
        holder = QWidget()
        grid = QGridLayout(holder)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(18)
        grid.setVerticalSpacing(9)
        for at, hit in enumerate(self.hits, 1):
            grid.addWidget(Label(hit.offer.space.name, "h3", wrap=True), 0, at)
            grid.setColumnStretch(at, 1)
        for number, (caption, values) in enumerate(self.rows(), 1):
            grid.addWidget(Label(caption, "small-muted"), number, 0)
            look = "small-strong" if len(set(values)) > 1 else "small"
            for at, value in enumerate(values, 1):
                label = Label(value, look, wrap=True)  # type: ignore[arg-type]
                label.setAccessibleName(f"{self.hits[at - 1].offer.space.name}, {caption}: {value}")
                grid.addWidget(label, number, at)
        last = grid.rowCount()
        for at, button in enumerate(self.buttons, 1):
            grid.addWidget(button, last, at, Qt.AlignmentFlag.AlignLeft)
        grid.setRowStretch(last + 1, 1)
        return holder
