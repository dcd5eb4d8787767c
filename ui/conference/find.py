"""The find page: what is wanted as a sentence and as fields, the spaces that fit on one scale, and the near misses."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QWidget

from cbo_desk.conference.asking import LANGUAGES, Request, read_request, said
from cbo_desk.conference.elsewhen import OtherTime
from cbo_desk.conference.searching import Hit, Miss, Search, SplitHit, search_spaces
from cbo_desk.context import ZONE, clock, local
from cbo_desk.errors import Refusal
from cbo_desk.plurals import Count
from ui.conference.compare import CompareBox
from ui.conference.find_asking import FindForms
from ui.conference.find_rows import MOST_COMPARED, Result, Results
from ui.conference.find_words import changed_by
from ui.conference.looks import days_in_words, kind_word, short_day
from ui.conference.offer_card import OfferCard
from ui.conference.view import View
from ui.kit.actions import Action
from ui.kit.buttons import Button
from ui.kit.cards import clear, frame, line
from ui.kit.flow import Flow
from ui.kit.icons import icon
from ui.kit.labels import IconLabel, Label
from ui.kit.list_views import ListViews
from ui.kit.saved_views import SavedView
from ui.kit.states import State
from ui.kit.tabs import Tab

if TYPE_CHECKING:
    from ui.conference.page import ConferencePage

EXAMPLE = "120 people, classroom, French and English, 9-12, three days from Monday"
LONGEST_SENTENCE = 500


class FindView(View):
    """The page. `request` is what is wanted as it was last asked for."""

    heading_in_title = True

    def __init__(self, page: ConferencePage) -> None:
        super().__init__(page)
        self.request = Request()
        self.answer: Search | None = None
        self.forms = FindForms(self)
        self.offer_card = OfferCard(self)
        self.offer_card.hold.connect(self.take)
        self.offer_card.compare.connect(self.compare)
        self.card = self.offer_card
        self.sentence = QLineEdit(self)
        self.sentence.setAccessibleName(self.tr("What is wanted"))
        self.sentence.setPlaceholderText(EXAMPLE)
        self.sentence.setMaxLength(LONGEST_SENTENCE)
        self.sentence.addAction(icon("search", "accent"), QLineEdit.ActionPosition.LeadingPosition)
        self.sentence.returnPressed.connect(self.ask_sentence)
        self.unread = Label("", "amber", wrap=True)
        self.fault = Label("", "fault", wrap=True)
        self._chips = QWidget(self)
        self._flow = Flow(self._chips, gap=8)
        self._add_searches()
        self.box.addLayout(self.searches.row())
        pieces = (self.sentence, self.unread, self.fault, self._chips)
        self.box.addWidget(frame(*pieces, margins=(16, 14, 16, 12), gap=10))
        self.notice = frame(look="notice", margins=(12, 8, 12, 8))
        self.notice.hide()
        self.box.addWidget(self.notice)
        self.results = Results(self)
        self.results.chosen.connect(self._choose)
        self.results.taken.connect(self.take)
        self.results.ticked.connect(self._ticked)
        self.results.waits.connect(self.wait)
        self.box.addWidget(frame(self.results, margins=(1, 1, 1, 1)), 1)
        self._add_actions()
        self._begin()

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
        notes = [self.tr("Not understood: {words}").format(words=words)] if words else []
        if self.request.days and datetime.combine(self.request.days[0], self.request.starts, ZONE) < clock():
            past = f"{short_day(self.request.days[0])} {self.request.starts:%H:%M}"
            notes.append(self.tr("{when} is past.").format(when=past))
        self.unread.setText(" ".join(notes))
        self.unread.setVisible(bool(notes))
        self.search()

    def ask_for(self, request: Request) -> None:
        """Look for spaces for another request, which the sentence says from now on."""
        self.request = request
        self.sentence.setText(said(request))
        self.unread.hide()
        self.search()

    def search(self) -> None:
        """Look for spaces for the request in force."""
        self._show_chips()
        self.fault.hide()
        self.bench.runner.read(self, search_spaces, self.request, done=self._show, failed=self._failed)

    def take(self, result: Result) -> None:
        """Hold the space or both, use what would make it fit, or wait for it: who meets is asked first."""
        if isinstance(result, Miss):
            changed = changed_by(result, self.request)
            if changed is not None:
                self.ask_for(changed)
            elif result.way == "waitlist":
                self.wait()
        elif isinstance(result, OtherTime):
            self.ask_for(result.request)
        elif isinstance(result, SplitHit):
            self.forms.hold_both(result)
        else:
            self.forms.hold(result)

    @property
    def may_wait(self) -> bool:
        """Whether nothing fits what is looked for, and something could free."""
        answer = self.answer
        return answer is not None and answer.request == self.request and answer.may_wait

    def wait(self) -> None:
        """Put what is looked for on the waitlist: who meets is asked first."""
        self.forms.wait()

    def compare(self) -> None:
        """Show the ticked spaces side by side; where fewer than two are ticked, the best ones."""
        if self.answer is None or len(self.answer.hits) < 2:
            self.bench.shell.toasts.say(self.tr("Two spaces that fit can be compared."), tone="warn")
            return
        chosen = self.results.compared()
        if len(chosen) < 2:
            others = [hit for hit in self.answer.hits if hit not in chosen]
            chosen = [*chosen, *others][: 2 if chosen else MOST_COMPARED]
        box = CompareBox(chosen, self.answer)
        overlay = self.bench.shell.open_overlay(box)

        def hold(hit: Hit) -> None:
            overlay.close_it()
            self.take(hit)

        box.closed.connect(overlay.close_it)
        box.hold.connect(hold)
        box.focus_first()

    # --- searches that are kept

    def _add_searches(self) -> None:
        shipped = [Tab("new", self.tr("New search"))]
        self.searches = ListViews(self.bench.shell, self.bench.preferences, "conference.find", shipped, self)
        self.searches.shown.connect(lambda _name: self._begin())
        self.searches.taken.connect(self._take_search)
        self.searches.keep_from(self._search_now)
        self.searches.add_actions(self, "conference.find", "conference")

    def _search_now(self) -> SavedView:
        """The sentence as it was typed, so that "from Monday" means the next Monday whenever it is asked again."""
        days = self.request.days
        kept = {"sentence": self.sentence.text() or said(self.request), "first": days[0].isoformat() if days else ""}
        return SavedView("", kept)

    def _take_search(self, view: SavedView) -> None:
        self.sentence.setText(str(view.filters.get("sentence", "")))
        self.ask_sentence()
        today = local(clock()).date()
        days = self.request.days
        if days and days[0] < today:
            # The same weekdays, from now on.
            weeks = timedelta(days=-(-(today - days[0]).days // 7) * 7)
            self.ask_for(self.request.on(tuple(day + weeks for day in days)))
            words = self.tr("Its days are past: looked for the same weekdays from {day} on.")
            self.unread.setText(words.format(day=short_day(days[0] + weeks)))
            self.unread.show()

    def _begin(self) -> None:
        self.request, self.answer = Request(), None
        self.sentence.clear()
        for label in (self.unread, self.fault):
            label.hide()
        self._show_chips()
        example = self.tr("For example: {words}.").format(words=EXAMPLE)
        self._show_state(State("empty", self.tr("What is wanted?"), example, icon="search"))

    # --- what is wanted

    def _add_actions(self) -> None:
        for name, label, run, mark, key in (
            ("compare", self.tr("Compare spaces"), self.compare, "scale", "V"),
            ("find_fields", self.tr("Change what is looked for"), self.forms.ask_fields, "sliders-horizontal", ""),
        ):
            action = Action(f"conference.{name}", label, run, mark, key, "conference")
            self.bench.shell.actions_.add(self, action)

    def _show_chips(self) -> None:
        clear(self._flow)
        asked = self.request
        chips = [
            ("users", self.tr("People"), f"{asked.people:,}" if asked.people else "–"),
            ("armchair", self.tr("Layout"), kind_word(asked.kind) if asked.kind else self.tr("Any")),
            ("languages", self.tr("Languages"), ", ".join(LANGUAGES[each] for each in asked.languages) or "–"),
            ("clock", self.tr("Time"), f"{asked.starts:%H:%M}–{asked.ends:%H:%M}"),
            ("calendar-days", self.tr("Days"), days_in_words(asked.days)),
        ]
        if asked.features:
            chips.append(("star", self.tr("Features"), ", ".join(asked.features)))
        for mark, caption, value in chips:
            self._flow.addWidget(Button(f"{caption}: {value}", mark, "plain", self.forms.ask_fields))
        self._flow.addWidget(Button(self.tr("Change fields"), "sliders-horizontal", "link", self.forms.ask_fields))
        self._flow.addWidget(Button(self.tr("Save search"), "bookmark", "link", self.searches.keep))

    # --- what was found

    def _failed(self, error: Exception) -> None:
        if not isinstance(error, Refusal):
            self.bench.runner.failed.emit(error)
            return
        self.answer = None
        self.fault.setText(str(error))
        self.fault.show()
        self._show_state(State("no-match", self.tr("Not enough to go by"), str(error)))
        self.tell(str(error))

    def _show_state(self, state: State) -> None:
        within = self.results.isAncestorOf(self.focusWidget() or self)
        self.results.show_state(state)
        if within:
            self.sentence.setFocus(Qt.FocusReason.OtherFocusReason)
        self.notice.hide()
        self.offer_card.show_nothing()

    def _say(self, answer: Search) -> None:
        fits = self.tr("{count:space fits|spaces fit} and would be accepted on saving")
        parts = [fits.format(count=Count(len(answer.hits))) if answer.hits else self.tr("No single space fits")]
        if answer.splits:
            parts.append(self.tr("two rooms together would do"))
        if answer.misses:
            parts.append(self.tr("{count:near miss|near misses}").format(count=Count(len(answer.misses))))
        if answer.other_times:
            words = self.tr("{count:other time|other times} would do")
            parts.append(words.format(count=Count(len(answer.other_times))))
        self.tell(" · ".join(parts))

    def _show(self, answer: Search) -> None:
        if answer.request != self.request:
            return  # another one was asked for meanwhile
        self.answer = answer
        self._say(answer)
        self._show_blockers(answer)
        if not answer.checked:
            words = self.tr("Enter the rooms and their layouts under Spaces first.")
            self._show_state(State("no-match", self.tr("No space can be booked yet"), words))
            return
        self.offer_card.show_nothing()
        self.results.show_answer(answer)

    def _show_blockers(self, answer: Search) -> None:
        layout = self.notice.layout()
        assert layout is not None
        clear(layout)
        self.notice.setVisible(bool(answer.blockers))
        for words in answer.blockers:
            row = QWidget(self.notice)
            row.setLayout(line(IconLabel("triangle-alert", "warn_text", 16), Label(words, "amber", wrap=True), None))
            layout.addWidget(row)

    def _choose(self, result: Result) -> None:
        if self.answer is not None and isinstance(result, Hit):
            self.offer_card.show_hit(result, self.answer, [each.offer.space.id for each in self.answer.hits])
        else:
            self.offer_card.show_nothing()

    def _ticked(self) -> None:
        count = len(self.results.compared())
        if self.answer is not None and count:
            self.tell(self.tr("{count:space|spaces} to compare: press V").format(count=Count(count)))
        elif self.answer is not None:
            self._say(self.answer)


