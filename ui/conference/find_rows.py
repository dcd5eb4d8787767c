"""What was found, row by row on one scale: the spaces that fit, two rooms together, and the near misses."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QCheckBox, QScrollArea, QVBoxLayout, QWidget

from cbo_desk.conference.asking import LANGUAGES, Request
from cbo_desk.conference.elsewhen import OtherTime
from cbo_desk.conference.searching import Hit, Miss, Search, SplitHit
from cbo_desk.plurals import Count
from ui.conference.find_words import asked_words, changed_by, refused_words
from ui.conference.looks import days_in_words, kind_word
from ui.conference.result_row import ResultRow
from ui.kit.buttons import Button, DeedButton
from ui.kit.cards import line, rule, stack
from ui.kit.drawings import Drawing
from ui.kit.labels import IconLabel, Label
from ui.kit.theme import colour, px
from ui.kit.timeline_ink import mixed

Result = Hit | Miss | SplitHit | OtherTime
MOST_COMPARED = 3


class Results(QScrollArea):
    """The rows. Signals: `chosen(result)` as the focus moves, `taken(result)` on Enter or a row's button, `ticked` when
    other spaces are to be compared, `waits` when what nothing fits is to wait."""

    chosen = Signal(object)
    taken = Signal(object)
    ticked = Signal()
    waits = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.rows: list[ResultRow] = []
        self.wait_button: DeedButton | None = None
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
        self.wait_button = None
        if not answer.hits:
            self._say_none(column, inner, answer)
        seats = [each.offer.spare + answer.request.people for each in answer.hits]
        seats += [each.split.main.seats + each.split.overflow.seats for each in answer.splits]
        seats += [each.best.spare + answer.request.people for each in answer.other_times]
        most = max([*seats, answer.request.people]) * 1.2
        for number, hit in enumerate(answer.hits, 1):
            self._add(column, self._hit_row(inner, number, hit, answer, most), hit)
        self._add_others(column, inner, answer, most)
        checked = self.tr("{count:space|spaces} checked").format(count=Count(answer.checked))
        column.addLayout(line(Label(checked, "small-muted"), None, margins=(16, 10, 16, 10)))
        column.addStretch(1)
        self.setWidget(inner)
        first = self.rows[0] if self.rows else self.wait_button
        if first is not None:
            first.setFocus(Qt.FocusReason.OtherFocusReason)

    def _say_none(self, column: QVBoxLayout, inner: QWidget, answer: Search) -> None:
        """Say what it is that nothing fits, why, and that it can wait."""
        heading = self.tr("No single space fits {asked}").format(asked=asked_words(answer.request))
        words = stack(Label(heading, "h3", wrap=True), Label(refused_words(answer), "muted", wrap=True), gap=4)
        head = line(IconLabel("search", "warn_text", 20), words, margins=(16, 12, 16, 12), gap=12)
        head.setStretch(1, 1)
        if answer.may_wait:
            self.wait_button = DeedButton(self.tr("Put on the waitlist"), "list-checks", self.waits.emit, "W")
            head.addWidget(self.wait_button)
        column.addLayout(head)
        column.addWidget(rule(inner))

    def _add_others(self, column: QVBoxLayout, inner: QWidget, answer: Search, most: float) -> None:
        """What is not simply there: two rooms together, what is near, other times, and why the other spaces do not."""
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
        if answer.other_times:
            about = self.tr("the same meeting at other hours or on other days, the nearest first")
            self._head(column, inner, self.tr("Other times that fit"), about)
        for other in answer.other_times:
            self._add(column, self._time_row(inner, other, answer, most), other)
        if answer.others:
            self._head(column, inner, self.tr("Why the others do not fit"), self.tr("the closest first"))
        for miss in answer.others:
            self._add(column, self._miss_row(inner, miss, answer, most), miss)

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

    def _time_row(self, parent: QWidget, other: OtherTime, answer: Search, most: float) -> ResultRow:
        asked, best = other.request, other.best
        seats = best.spare + asked.people
        same_days = asked.days == answer.request.days
        times = f"{asked.starts:%H:%M}–{asked.ends:%H:%M}"
        name, about = (times, days_in_words(asked.days)) if same_days else (days_in_words(asked.days), times)
        words = self.tr("{people} of {seats}").format(people=f"{asked.people:,}", seats=f"{seats:,}")
        why = [self.tr("{space} is free, {layout}").format(
            space=best.space.name, layout=kind_word(best.placings[0].kind).lower())]  # fmt: skip
        if other.count > 1:
            why.append(self.tr("{count:space fits|spaces fit} then").format(count=Count(other.count)))
        run = Button(self.tr("Look then"), "", "plain", parent=parent)
        row = ResultRow(
            f"{name}, {about}: {'. '.join(why)}",
            [_pad(), self._named(name, about), self._bar(asked.people, seats, most, words, fits=True),
             self._reasons(why, "check", "ok_text"), run], parent,
        )  # fmt: skip
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
        holder.setLayout(stack(None, *lines, None, gap=2))
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
