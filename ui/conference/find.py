"""The find page: what is wanted as a sentence and as fields, the spaces that fit on one scale, and the near misses."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QFrame, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from cbo_desk.conference.asking import FEATURES, LANGUAGES, Request, read_request
from cbo_desk.conference.booking import BookingForm, make_bookings, note_bookings
from cbo_desk.conference.rules import KINDS, Status
from cbo_desk.conference.searching import Hit, Miss, Search, search_spaces
from cbo_desk.context import clock, local
from cbo_desk.errors import Faults, Refusal
from cbo_desk.plurals import Count
from ui.conference.forms import clock_time, whole
from ui.conference.looks import hours, kind_word, short_day
from ui.conference.offer_card import OfferCard
from ui.conference.view import View
from ui.kit.buttons import Button
from ui.kit.cards import clear, frame, line, rule, stack
from ui.kit.dialogs import FormBox, open_form
from ui.kit.drawings import Drawing
from ui.kit.fields import Field
from ui.kit.flow import Flow
from ui.kit.forms import Form
from ui.kit.icons import icon
from ui.kit.labels import IconLabel, Label
from ui.kit.states import State
from ui.kit.theme import colour, px
from ui.kit.timeline_ink import mixed

if TYPE_CHECKING:
    from ui.conference.page import ConferencePage

EXAMPLE = "120 people, classroom, French and English, 9-12, three days from Monday"


class ResultRow(QFrame):
    """One space. Signals: `chosen` when it has the focus, `taken` on Enter, `stepped(int)` for the arrow keys."""

    chosen = Signal()
    taken = Signal()
    stepped = Signal(int)

    def __init__(self, name: str, pieces: Sequence[QWidget | None], parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("look", "plain")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(name)
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
        """Arrows go on, Enter takes it."""
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.stepped.emit(1 if event.key() == Qt.Key.Key_Down else -1)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.taken.emit()
        else:
            super().keyPressEvent(event)

    def show_chosen(self, chosen: bool) -> None:
        """Show whether its card is the one shown."""
        self.setProperty("look", "chosen" if chosen else "plain")
        self.style().unpolish(self)
        self.style().polish(self)


class FindView(View):
    """The page. `request` is what is wanted as it was last asked for."""

    heading_in_title = True

    def __init__(self, page: ConferencePage) -> None:
        super().__init__(page)
        self.request = Request()
        self.answer: Search | None = None
        self.offer_card = OfferCard(self)
        self.offer_card.hold.connect(self.hold)
        self.card = self.offer_card
        self._rows: list[ResultRow] = []
        self.sentence = QLineEdit(self)
        self.sentence.setAccessibleName(self.tr("What is wanted"))
        self.sentence.setPlaceholderText(EXAMPLE)
        self.sentence.addAction(icon("search", "accent"), QLineEdit.ActionPosition.LeadingPosition)
        self.sentence.returnPressed.connect(self.ask_sentence)
        self.unread = Label("", "amber", wrap=True)
        self.unread.hide()
        self._chips = QWidget(self)
        self._flow = Flow(self._chips, gap=8)
        self.box.addWidget(frame(self.sentence, self.unread, self._chips, margins=(16, 14, 16, 12), gap=10))
        self.notice = frame(look="notice", margins=(12, 8, 12, 8))
        self.notice.hide()
        self.box.addWidget(self.notice)
        self._area = QScrollArea(self)
        self._area.setWidgetResizable(True)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.box.addWidget(frame(self._area, margins=(1, 1, 1, 1)), 1)
        self._show_chips()
        example = self.tr("For example: {words}.").format(words=EXAMPLE)
        self._show_state(State("empty", self.tr("What is wanted?"), example, icon="search"))

    def heading(self) -> str:
        """The page's title."""
        return self.tr("Find a space")

    def enter(self) -> None:
        """The keys go to the sentence."""
        self.sentence.setFocus(Qt.FocusReason.OtherFocusReason)
        if self.answer is not None:
            self._say(self.answer)

    def ask_sentence(self) -> None:
        """Read the sentence and look for spaces."""
        self.request = read_request(self.sentence.text(), local(clock()).date())
        words = ", ".join(self.request.unread)
        self.unread.setText(self.tr("Not understood: {words}").format(words=words))
        self.unread.setVisible(bool(words))
        self.search()

    def search(self) -> None:
        """Look for spaces for the request in force."""
        self._show_chips()
        self.bench.runner.read(self, search_spaces, self.request, done=self._show, failed=self._failed)

    def hold(self, hit: Hit) -> None:
        """Ask who meets, and hold the space."""
        self._ask_who(
            self.tr("Hold {space}").format(space=hit.offer.space.name), self.tr("Hold"),
            lambda form: (make_bookings, (form, hit.offer.placings, Status.HOLD)), hit.offer.placings[0].kind,
        )  # fmt: skip

    def wait_for(self, _miss: Miss) -> None:
        """Ask who meets, and put them on the waitlist."""
        self._ask_who(
            self.tr("Put on the waitlist"), self.tr("Wait"),
            lambda form: (note_bookings, (form, self.request.need().times, Status.WAITLIST)), self.request.kind,
        )  # fmt: skip

    # --- what is wanted

    def _show_chips(self) -> None:
        clear(self._flow)
        asked = self.request
        chips = [
            ("users", self.tr("People"), f"{asked.people:,}" if asked.people else "–"),
            ("armchair", self.tr("Layout"), kind_word(asked.kind) if asked.kind else self.tr("Any")),
            ("languages", self.tr("Languages"), ", ".join(LANGUAGES[each] for each in asked.languages) or "–"),
            ("clock", self.tr("Time"), f"{asked.starts:%H:%M}–{asked.ends:%H:%M}"),
            ("calendar-days", self.tr("Days"), self._days_in_words()),
        ]
        if asked.features:
            chips.append(("star", self.tr("Features"), ", ".join(asked.features)))
        for mark, caption, value in chips:
            button = Button(f"{caption}: {value}", mark, "plain", partial(self._ask_fields, caption))
            self._flow.addWidget(button)
        self._flow.addWidget(
            Button(self.tr("Change fields"), "sliders-horizontal", "link", partial(self._ask_fields, ""))
        )

    def _days_in_words(self) -> str:
        days = self.request.days
        if not days:
            return "–"
        if len(days) <= 3:
            return ", ".join(short_day(day) for day in days)
        return f"{short_day(days[0])} – {short_day(days[-1])}"

    def _ask_fields(self, _caption: str) -> None:
        asked = self.request
        first = asked.days[0] if asked.days else local(clock()).date()
        kinds = [(kind, kind_word(kind)) for kind in KINDS]
        form = Form([
            Field("people", self.tr("People"), "number", required=True),
            Field("kind", self.tr("Layout"), "choice", choices=kinds, beside=True),
            Field("day", self.tr("First day"), "date", required=True),
            Field("count", self.tr("Days in a row"), "number", beside=True),
            Field("starts", self.tr("From"), required=True),
            Field("ends", self.tr("To"), required=True, beside=True),
            Field("languages", self.tr("Languages"), hint=self.tr("such as English, French")),
            Field("features", self.tr("Features"), hint=", ".join(sorted(set(FEATURES.values()))), beside=True),
            Field("cars", self.tr("Cars"), "number"),
        ])  # fmt: skip
        form.set_values({
            "people": asked.people or None, "kind": asked.kind or None, "day": first, "count": len(asked.days) or 1,
            "starts": f"{asked.starts:%H:%M}", "ends": f"{asked.ends:%H:%M}",
            "languages": ", ".join(LANGUAGES[each] for each in asked.languages), "features": ", ".join(asked.features),
            "cars": asked.cars or None,
        })  # fmt: skip

        def save(values: dict[str, Any], done: Callable[[], object], failed: Callable[[Exception], object]) -> None:
            try:
                self.request = self._of_fields(values)
            except Refusal as refusal:
                failed(refusal)
                return
            done()
            self.sentence.clear()
            self.unread.hide()
            self.search()

        open_form(self.bench.shell, FormBox(self.tr("What is wanted"), form, save, self.tr("Find")))

    def _of_fields(self, values: dict[str, Any]) -> Request:
        starts, ends = clock_time(values["starts"]), clock_time(values["ends"])
        wrong = {
            name: self.tr("Give a time such as 10:00.")
            for name, found in (("starts", starts), ("ends", ends))
            if found is None
        }
        if wrong or starts is None or ends is None:
            raise Faults(wrong)
        words = read_request(f"{values['languages']}, {values['features']}", local(clock()).date())
        count = whole(values["count"], "count") if values["count"] else 1
        if not 1 <= count <= 31:
            raise Faults({"count": self.tr("One day at least, 31 at most.")})
        first: date = values["day"]
        return replace(
            words, people=whole(values["people"], "people"), kind=values["kind"] or "", starts=starts, ends=ends,
            days=tuple(first + timedelta(days=n) for n in range(count)),
            cars=whole(values["cars"], "cars") if values["cars"] else 0,
        )  # fmt: skip

    # --- what was found

    def _failed(self, error: Exception) -> None:
        if isinstance(error, Refusal):
            self.answer = None
            self._show_state(State("no-match", self.tr("Not enough to go by"), str(error)))
            self.page.say(str(error))
        else:
            self.bench.runner.failed.emit(error)

    def _show_state(self, state: State) -> None:
        self._rows = []
        self._area.setWidget(state)
        self.notice.hide()
        self.offer_card.show_nothing()

    def _say(self, answer: Search) -> None:
        fits = self.tr("{count:space fits|spaces fit} and would be accepted on saving")
        parts = [fits.format(count=Count(len(answer.hits)))]
        if answer.misses:
            parts.append(self.tr("{count:near miss|near misses}").format(count=Count(len(answer.misses))))
        self.page.say(" · ".join(parts))

    def _show(self, answer: Search) -> None:
        self.answer = answer
        self._say(answer)
        self._show_blockers(answer)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._rows = []
        most = max([each.offer.spare + answer.request.people for each in answer.hits] + [answer.request.people]) * 1.2
        for number, hit in enumerate(answer.hits, 1):
            self._add(column, self._hit_row(inner, number, hit, answer, most), partial(self._choose, hit))
        if answer.misses:
            about = self.tr("what stands in the way, and the smallest change that would make it fit")
            head = line(Label(self.tr("Near misses"), "h3"), Label(about, "muted"), None, margins=(16, 12, 16, 8))
            column.addLayout(head)
            column.addWidget(rule(inner))
        for miss in answer.misses:
            self._add(column, self._miss_row(inner, miss, answer, most), None)
        checked = self.tr("{count:space|spaces} checked").format(count=Count(answer.checked))
        column.addLayout(line(Label(checked, "small-muted"), None, margins=(16, 10, 16, 10)))
        column.addStretch(1)
        self._area.setWidget(inner)
        if not answer.hits and not answer.misses and not answer.blockers:
            words = self.tr("No space seats so many in this layout.")
            self._show_state(State("no-match", self.tr("Nothing fits"), words))
        elif answer.hits:
            self._rows[0].setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.offer_card.show_nothing()

    def _show_blockers(self, answer: Search) -> None:
        layout = self.notice.layout()
        assert layout is not None
        clear(layout)
        self.notice.setVisible(bool(answer.blockers))
        for words in answer.blockers:
            row = QWidget(self.notice)
            row.setLayout(line(IconLabel("triangle-alert", "warn_text", 16), Label(words, "amber", wrap=True), None))
            layout.addWidget(row)

    def _add(self, column: QVBoxLayout, row: ResultRow, run: Callable[[], object] | None) -> None:
        at = len(self._rows)
        self._rows.append(row)
        row.chosen.connect(partial(self._mark, at))
        if run is not None:
            row.chosen.connect(run)
        row.stepped.connect(partial(self._step, at))
        column.addWidget(row)
        column.addWidget(rule(row.parentWidget()))

    def _mark(self, at: int) -> None:
        for number, row in enumerate(self._rows):
            row.show_chosen(number == at)
        self._area.ensureWidgetVisible(self._rows[at])

    def _step(self, at: int, by: int) -> None:
        if 0 <= at + by < len(self._rows):
            self._rows[at + by].setFocus(Qt.FocusReason.OtherFocusReason)

    def _choose(self, hit: Hit) -> None:
        if self.answer is not None:
            self.offer_card.show_hit(hit, self.answer, [each.offer.space.id for each in self.answer.hits])

    def _hit_row(self, parent: QWidget, number: int, hit: Hit, answer: Search, most: float) -> ResultRow:
        offer, asked = hit.offer, answer.request
        seats = offer.spare + asked.people
        same = self.tr("same room every day") if len(asked.days) > 1 else kind_word(offer.placings[0].kind)
        walls = self.tr("walls move") if offer.joined else same
        share = round(asked.people / seats * 100)
        words = self.tr("{people} of {seats} · {share} % full").format(people=asked.people, seats=seats, share=share)
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
        rank = Label(str(number), "small-strong")
        rank.setFixedWidth(px(18))
        row = ResultRow(
            f"{number}. {offer.space.name}, {words}, {'. '.join(why)}",
            [rank, self._named(offer.space.name, walls), self._bar(asked.people, seats, most, words, fits=True),
             self._reasons(why, "check", "ok_text"), price], parent,
        )  # fmt: skip
        row.taken.connect(partial(self.hold, hit))
        return row

    def _miss_row(self, parent: QWidget, miss: Miss, answer: Search, most: float) -> ResultRow:
        asked = answer.request
        words = self.tr("{people} of {seats}").format(people=asked.people, seats=miss.seats) if miss.seats else ""
        pad = QWidget()
        pad.setFixedWidth(px(18))
        pieces: list[QWidget | None] = [
            pad, self._named(miss.space.name, kind_word(asked.kind)),
            self._bar(asked.people, miss.seats, most, words, fits=False),
            self._reasons([miss.words, miss.reason], "triangle-alert", "warn_text"),
        ]  # fmt: skip
        run = self._way(miss)
        if run is not None:
            pieces.append(Button(self._verb(miss), "", "plain", run))
        row = ResultRow(f"{miss.space.name}: {miss.words}. {miss.reason}", pieces, parent)
        if run is not None:
            row.taken.connect(run)
        row.chosen.connect(self.offer_card.show_nothing)
        return row

    def _verb(self, miss: Miss) -> str:
        if miss.way == "later":
            return self.tr("Use {time}").format(time=f"{self.request.later(int(miss.value)).starts:%H:%M}")
        if miss.way == "kind":
            return self.tr("Use {layout}").format(layout=kind_word(miss.value).lower())
        return self.tr("Join waitlist")

    def _way(self, miss: Miss) -> Callable[[], object] | None:
        def use(request: Request) -> None:
            self.request = request
            self.search()

        if miss.way == "later":
            try:
                later = self.request.later(int(miss.value))
            except Refusal:
                return None
            return lambda: use(later)
        if miss.way == "kind":
            return lambda: use(replace(self.request, kind=miss.value))
        return (lambda: self.wait_for(miss)) if miss.way == "waitlist" else None

    def _named(self, name: str, about: str) -> QWidget:
        holder = QWidget()
        holder.setFixedWidth(px(150))
        holder.setLayout(stack(Label(name, "h3"), Label(about, "small-muted"), gap=2))
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
        holder.setMinimumWidth(px(150))
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
        holder.setFixedWidth(px(150))
        bar = Drawing(paint, words)
        bar.setFixedHeight(px(15))
        holder.setLayout(stack(bar, Label(words, "small-muted"), gap=3))
        return holder

    def _ask_who(
        self, heading: str, verb: str, order: Callable[[BookingForm], tuple[Callable[..., Any], tuple[Any, ...]]],
        kind: str,
    ) -> None:  # fmt: skip
        asked = self.request

        def opened(fields: list[Field]) -> None:
            form = Form(fields, "conference.find", self.bench.drafts)
            form.set_values({"people": asked.people, "rank": 6})

            def save(values: dict[str, Any], done: Callable[[], object], failed: Callable[[Exception], object]) -> None:
                try:
                    made = BookingForm(
                        values["title"], whole(values["people"], "people"), values["rank"], values["entity_id"],
                        values["contact"], kind, cars=asked.cars, languages=" ".join(asked.languages),
                    )  # fmt: skip
                except Faults as faults:
                    failed(faults)
                    return
                command, args = order(made)

                def saved(changes: Any) -> None:
                    done()
                    self.page.show_booking(changes.ids[0])
                    self.search()

                self.bench.runner.write(command, *args, done=saved, failed=failed)

            day = f"{short_day(asked.days[0])}, " if asked.days else ""
            need = asked.need().times[0]
            summary = day + hours(need.starts, need.ends)
            open_form(self.bench.shell, FormBox(heading, form, save, verb, summary=summary))

        self.page.deeds.forms.who_fields(opened)
