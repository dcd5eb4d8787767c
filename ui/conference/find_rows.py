"""What was found, row by row on one scale: the spaces that fit, two rooms together, and the near misses."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QCheckBox, QFrame, QScrollArea, QVBoxLayout, QWidget

from cbo_desk.conference.asking import LANGUAGES, Request
from cbo_desk.conference.searching import Hit, Miss, Search, SplitHit
from cbo_desk.plurals import Count
from ui.conference.find_words import changed_by
from ui.conference.looks import kind_word
from ui.kit.buttons import Button
from ui.kit.cards import line, rule, stack
from ui.kit.drawings import Drawing
from ui.kit.labels import IconLabel, Label
from ui.kit.theme import colour, px
from ui.kit.timeline_ink import mixed

Result = Hit | Miss | SplitHit
MOST_COMPARED = 3


class ResultRow(QFrame):
    """One space. `tick`, where it has one, puts it beside others.

    Signals: `chosen` when it has the focus, `taken` on Enter, `stepped(int)` for the arrow keys.
    """

    chosen = Signal()
    taken = Signal()
    stepped = Signal(int)

    def __init__(self, name: str, pieces: Sequence[QWidget | None], parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("look", "plain")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(name)
        self.tick: QCheckBox | None = None
        self.setLayout(line(*pieces, margins=(14, 8, 14, 8), gap=14))

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Its card follows the focus."""
        super().focusInEvent(event)
        self.chosen.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A press chooses it."""
        super().mousePressEvent(event)
        self.setFocus(Qt.FocusReason.MouseFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows go on, Enter takes it, Space ticks it."""
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.stepped.emit(1 if event.key() == Qt.Key.Key_Down else -1)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.taken.emit()
        elif event.key() == Qt.Key.Key_Space and self.tick is not None:
            self.tick.click()
        else:
            super().keyPressEvent(event)

    def show_chosen(self, chosen: bool) -> None:
        """Show whether its card is the one shown."""
        self.setProperty("look", "chosen" if chosen else "plain")
        self.style().unpolish(self)
        self.style().polish(self)


class Results(QScrollArea):
    """The rows. Signals: `chosen(result)` as the focus moves, `taken(result)` on Enter or a row's button, `ticked` when
    other spaces are to be compared."""

    chosen = Signal(object)
    taken = Signal(object)
    ticked = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.rows: list[ResultRow] = []
        self._hits: list[Hit] = []
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def show_state(self, state: QWidget) -> None:
        """Show a state in place of rows."""
        self.rows, self._hits = [], []
        self.setWidget(state)

    def show_answer(self, answer: Search) -> None:
        """Show what was found; the first row has the focus."""
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.rows, self._hits = [], list(answer.hits)
        seats = [each.offer.spare + answer.request.people for each in answer.hits]
        seats += [each.split.main.seats + each.split.overflow.seats for each in answer.splits]
        most = max([*seats, answer.request.people]) * 1.2
        for number, hit in enumerate(answer.hits, 1):
            self._add(column, self._hit_row(inner, number, hit, answer, most), hit)
        if answer.splits:
            about = self.tr("no single space seats them: who finds no seat in the main room follows in the other")
            self._head(column, inner, self.tr("Over two rooms"), about)
        for both in answer.splits:
            self._add(column, self._split_row(inner, both, answer, most), both)
        if answer.misses:
            about = self.tr("what stands in the way, and the smallest change that would make it fit")
            self._head(column, inner, self.tr("Near misses"), about)
        for miss in answer.misses:
            self._add(column, self._miss_row(inner, miss, answer, most), miss)
        checked = self.tr("{count:space|spaces} checked").format(count=Count(answer.checked))
        column.addLayout(line(Label(checked, "small-muted"), None, margins=(16, 10, 16, 10)))
        column.addStretch(1)
        self.setWidget(inner)
        if self.rows:
            self.rows[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def compared(self) -> list[Hit]:
        """The spaces that are ticked, in the order of the list."""
        ticks = zip(self._hits, self.rows, strict=False)
        return [hit for hit, row in ticks if row.tick is not None and row.tick.isChecked()]

    def _head(self, column: QVBoxLayout, inner: QWidget, heading: str, about: str) -> None:
        words = Label(about, "muted", wrap=True)
        row = line(Label(heading, "h3"), words, margins=(16, 12, 16, 8))
        row.setStretch(1, 1)
        column.addLayout(row)
        column.addWidget(rule(inner))

    def _add(self, column: QVBoxLayout, row: ResultRow, result: Result) -> None:
        at = len(self.rows)
        self.rows.append(row)
        row.chosen.connect(partial(self._mark, at))
        row.chosen.connect(partial(self.chosen.emit, result))
        row.taken.connect(partial(self.taken.emit, result))
        row.stepped.connect(partial(self._step, at))
        column.addWidget(row)
        column.addWidget(rule(row.parentWidget()))

    def _ticked(self, box: QCheckBox) -> None:
        if len(self.compared()) > MOST_COMPARED:
            box.setChecked(False)
        self.ticked.emit()

    def _mark(self, at: int) -> None:
        for number, row in enumerate(self.rows):
            row.show_chosen(number == at)
        self.ensureWidgetVisible(self.rows[at])

    def _step(self, at: int, by: int) -> None:
        if 0 <= at + by < len(self.rows):
            self.rows[at + by].setFocus(Qt.FocusReason.OtherFocusReason)

    def _hit_row(self, parent: QWidget, number: int, hit: Hit, answer: Search, most: float) -> ResultRow:
        offer, asked = hit.offer, answer.request
        seats = offer.spare + asked.people
        same = self.tr("same room every day") if len(asked.days) > 1 else kind_word(offer.placings[0].kind)
        walls = self.tr("walls move") if offer.joined else same
        share = round(asked.people / seats * 100)
        of = self.tr("{people} of {seats} · {share} % full")
        words = of.format(people=f"{asked.people:,}", seats=f"{seats:,}", share=share)
        why = []
        if len(asked.languages) > 1:
            fixed = min(offer.space.booths, len(asked.languages))
            named = " + ".join(LANGUAGES[each] for each in asked.languages)
            why.append(
                self.tr("Teams for {languages}, {fixed} of the booths fixed").format(languages=named, fixed=fixed)
            )
        spare = self.tr("{count:seat|seats} spare").format(count=Count(offer.spare))
        why.append(" · ".join([spare, *sorted(offer.space.features)]))
        price = Label(f"{hit.quote.total:,.0f}", "small-strong")
        price.setToolTip(hit.quote.currency)
        tick = QCheckBox(str(number))
        tick.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        tick.setMinimumSize(px(40), px(24))
        tick.setAccessibleName(self.tr("Compare {space}").format(space=offer.space.name))
        tick.setToolTip(self.tr("Compare  (Space)"))
        tick.clicked.connect(lambda: self._ticked(tick))
        row = ResultRow(
            f"{number}. {offer.space.name}, {words}, {'. '.join(why)}",
            [tick, self._named(offer.space.name, walls), self._bar(asked.people, seats, most, words, fits=True),
             self._reasons(why, "check", "ok_text"), price], parent,
        )  # fmt: skip
        row.tick = tick
        return row

    def _split_row(self, parent: QWidget, both: SplitHit, answer: Search, most: float) -> ResultRow:
        main, other = both.split.main, both.split.overflow
        seats, people = main.seats + other.seats, answer.request.people
        words = self.tr("{people} of {seats}").format(people=f"{people:,}", seats=f"{seats:,}")
        why = [
            self.tr("{count} in {space}").format(count=f"{main.people:,}", space=main.space.name),
            self.tr("{count} follow in {space}").format(count=f"{other.people:,}", space=other.space.name),
        ]
        name = self.tr("{main} and {other}").format(main=main.space.name, other=other.space.name)
        run = Button(self.tr("Hold both"), "", "plain", parent=parent)
        pieces: list[QWidget | None] = [
            _pad(), self._named(name, f"{kind_word(main.placings[0].kind)} · {both.quote.total:,.0f}"),
            self._bar(people, seats, most, words, fits=True), self._reasons(why, "check", "ok_text"), run,
        ]  # fmt: skip
        row = ResultRow(f"{name}: {words}. {'. '.join(why)}", pieces, parent)
        run.clicked.connect(row.taken)
        return row

    def _miss_row(self, parent: QWidget, miss: Miss, answer: Search, most: float) -> ResultRow:
        asked = answer.request
        of = self.tr("{people} of {seats}")
        words = of.format(people=f"{asked.people:,}", seats=f"{miss.seats:,}") if miss.seats else ""
        pieces: list[QWidget | None] = [
            _pad(), self._named(miss.space.name, kind_word(asked.kind)),
            self._bar(asked.people, miss.seats, most, words, fits=False),
            self._reasons([miss.words, miss.reason], "triangle-alert", "warn_text"),
        ]  # fmt: skip
        verb = self._verb(miss, asked)
        run = Button(verb, "", "plain", parent=parent) if verb else None
        if run is not None:
            pieces.append(run)
        row = ResultRow(f"{miss.space.name}: {miss.words}. {miss.reason}", pieces, parent)
        if run is not None:
            run.clicked.connect(row.taken)
        return row

    def _verb(self, miss: Miss, asked: Request) -> str:
        """What the button of a near miss says, "" where nothing helps."""
        if miss.way == "later":
            changed = changed_by(miss, asked)
            return self.tr("Use {time}").format(time=f"{changed.starts:%H:%M}") if changed is not None else ""
        if miss.way == "kind":
            return self.tr("Use {layout}").format(layout=kind_word(miss.value).lower())
        return self.tr("Join waitlist") if miss.way == "waitlist" else ""

    def _named(self, name: str, about: str) -> QWidget:
        holder = QWidget()
        holder.setFixedWidth(px(118))
        holder.setLayout(stack(Label(name, "h3", wrap=True), Label(about, "small-muted", wrap=True), gap=2))
        return holder

    def _reasons(self, words: Sequence[str], mark: str, token: str) -> QWidget:
        holder = QWidget()
        lines = []
        for number, each in enumerate(word for word in words if word):
            row = QWidget()
            label = Label(each, "small" if number == 0 else "small-muted", wrap=True)
            row.setLayout(line(IconLabel(mark if number == 0 or mark == "check" else "dot", token, 13), label, gap=6))
            row.layout().setStretch(1, 1)  # type: ignore[union-attr]
            lines.append(row)
        holder.setLayout(stack(*lines, gap=2))
        holder.setMinimumWidth(px(100))
        return holder

    def _bar(self, people: int, seats: int, most: float, words: str, *, fits: bool) -> QWidget:
        def paint(painter: QPainter, room: QRectF) -> None:
            turned = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
            scale = room.width() / most
            painter.setPen(Qt.PenStyle.NoPen)
            whole_width = min(seats * scale, room.width())
            full = QRectF(room.left(), 2, whole_width, room.height() - 4)
            part = QRectF(room.left(), 2, min(people * scale, whole_width), room.height() - 4)
            if turned:
                full.moveRight(room.right())
                part.moveRight(room.right())
            painter.setBrush(mixed(colour("surface"), colour("accent"), 0.24) if fits else colour("border"))
            painter.drawRoundedRect(full, 2, 2)
            if fits:
                painter.setBrush(mixed(colour("surface"), colour("accent"), 0.82))
                painter.drawRoundedRect(part, 2, 2)
            at = room.left() + people * scale
            at = room.width() - at if turned else at
            painter.fillRect(QRectF(at - 1, 0, 2, room.height()), colour("text"))

        holder = QWidget()
        holder.setFixedWidth(px(136))
        bar = Drawing(paint, words)
        bar.setFixedHeight(px(15))
        holder.setLayout(stack(bar, Label(words, "small-muted", wrap=True), gap=3))
        return holder


def _pad() -> QWidget:
    """As wide as the tick of a row that has one."""
    pad = QWidget()
    pad.setFixedWidth(px(40))
    return pad
