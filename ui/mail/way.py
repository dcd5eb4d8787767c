"""A round's way as its messenger sees it: the stops with how far it is, what is still aboard, what comes back."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from cbo_desk.context import local
from cbo_desk.mail import RoundCard, RoundItem, State, Stop
from cbo_desk.plurals import Share
from ui.kit.cards import frame, line, rule, stack
from ui.kit.drawings import Drawing, paint_share
from ui.kit.labels import Label
from ui.kit.tabs import Tab, Tabs
from ui.kit.theme import px
from ui.mail.touch import Line, Standing, TouchRow, empty, scrolled

STOPS, ABOARD, BACK = "stops", "aboard", "back"


class RoundWay(QWidget):
    """The left side of the messenger's window. `chosen(int)` a stop's place in the order, `asked(RoundItem)` an item.

    `tabs` stands above both sides, and chooses what is listed here in `rows`.
    """

    chosen = Signal(int)
    asked = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.card: RoundCard | None = None
        self.rows: list[TouchRow] = []
        self._seq = 0
        self._share = 0.0
        self.tabs = Tabs((), self, look="touch")
        self.tabs.chosen.connect(lambda _name: self._show_rows())
        self._done, self._aboard = Label("", "h3"), Label("", "small-muted")
        self._bar = Drawing(self._paint_bar, "", self)
        self._bar.setFixedHeight(px(8))
        self._box = QVBoxLayout()
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(0)
        head = QFrame(self)
        head.setLayout(stack(line(self._done, None, self._aboard), 8, self._bar, margins=(14, 12, 14, 12)))
        inside = frame(head, rule(), scrolled(self._box, self.tr("Stops")))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(inside)

    def show_round(self, card: RoundCard, seq: int) -> None:
        """Show how far a round is; `seq` is the stop where its messenger stands, 0 for none."""
        self.card, self._seq = card, seq
        items = card.items
        delivered = sum(item.state is State.DELIVERED for item in items)
        out = [item for stop in card.stops for item in stop.aboard]
        self._share = delivered / len(items) if items else 0.0
        self._done.setText(self.tr("{items:item|items}").format(items=Share(delivered, len(items))))
        self._aboard.setText(self.tr("{count} aboard").format(count=f"{len(out) + len(card.comes_back):,}"))
        self._bar.setAccessibleName(self._done.words())
        self._bar.update()
        self.tabs.show_tabs((
            Tab(STOPS, self.tr("Stops"), len(card.stops)),
            Tab(ABOARD, self.tr("Still aboard"), len(out)),
            Tab(BACK, self.tr("Comes back"), len(card.comes_back)),
        ))  # fmt: skip
        self._show_rows()

    def _show_rows(self) -> None:
        if self.card is None:
            return
        empty(self._box)
        if self.tabs.current() == STOPS:
            self.rows = [self._stop_row(stop, place) for place, stop in enumerate(self.card.stops)]
        else:
            back = self.tabs.current() == BACK
            items = self.card.comes_back if back else [item for stop in self.card.stops for item in stop.aboard]
            self.rows = [self._item_row(item, back) for item in items]
        for row in self.rows:
            self._box.addWidget(row)
        self._box.addStretch()

    def _stop_row(self, stop: Stop, place: int) -> TouchRow:
        assert self.card is not None
        standing, here = self._standing(stop), stop.seq == self._seq
        mark = {"over": "check", "back": "back"}.get(standing, str(stop.seq))
        stops = self.card.stops
        before: Line = "" if place == 0 else self._line(stops[place - 1])
        after: Line = "" if place == len(stops) - 1 else self._line(stop)
        count = str(len(stop.items)) if stop.items else ""
        row = TouchRow(stop.name, self._about(stop), mark, count, tone=standing, way=(before, after))
        row.setCheckable(True)
        row.setChecked(here)
        row.clicked.connect(partial(self.chosen.emit, stop.seq))
        return row

    def _line(self, stop: Stop) -> Line:
        """The way from a stop to the next one: behind the messenger, or ahead."""
        return "gone" if stop.seq < self._seq or not self._seq else "ahead"

    def _standing(self, stop: Stop) -> Standing:
        if not stop.done:
            return ""
        return "over" if all(item.state is State.DELIVERED for item in stop.items) else "back"

    def _about(self, stop: Stop) -> str:
        """What is to be done at a stop and for which entities, or what was done there and when."""
        if not stop.items:
            return self.tr("nothing to deliver")
        if not stop.done:
            entities = dict.fromkeys(item.entity for item in stop.aboard if item.entity)
            parts = [self.tr("{count} to deliver").format(count=len(stop.aboard)), ", ".join(entities)]
            return " · ".join(part for part in parts if part)
        counts = (
            (State.DELIVERED, self.tr("{count} delivered")),
            (State.REFUSED, self.tr("{count} refused")),
            (State.ATTEMPTED, self.tr("{count} not delivered")),
        )
        said = []
        for state, words in counts:
            count = sum(item.state is state for item in stop.items)
            if count:
                said.append(words.format(count=count))
        rest = len(stop.items) - sum(item.state in (one for one, _words in counts) for item in stop.items)
        if rest:
            said.append(self.tr("{count} elsewhere").format(count=rest))
        last = max(item.at for item in stop.items)
        return f"{', '.join(said)} · {local(last):%H:%M}"

    def _item_row(self, item: RoundItem, back: bool) -> TouchRow:
        about = " · ".join(part for part in (item.number, item.said if back else self._where(item)) if part)
        row = TouchRow(item.addressee or item.number, about, "back" if back else self._number(item))
        row.clicked.connect(partial(self.asked.emit, item))
        return row

    def _where(self, item: RoundItem) -> str:
        stop = self._stop_of(item)
        return stop.name if stop is not None else ""

    def _number(self, item: RoundItem) -> str:
        stop = self._stop_of(item)
        return str(stop.seq) if stop is not None else ""

    def _stop_of(self, item: RoundItem) -> Stop | None:
        stops: Sequence[Stop] = self.card.stops if self.card is not None else ()
        return next((stop for stop in stops if item in stop.items), None)

    def _paint_bar(self, painter: QPainter, room: QRectF) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        paint_share(painter, room, self._share, "info")
