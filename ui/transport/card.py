"""The card of a request: when, who, where, for whose account; which vehicles suit it; what happened."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from cbo_desk.context import clock, local
from cbo_desk.plurals import Count
from cbo_desk.transport import Clash, RequestCard, State, Suggestion
from cbo_desk.transport.skills import asked_words
from ui.kit.buttons import Button, DeedButton, Tool
from ui.kit.cards import Deeds, Fact, Facts, History, ScrollCard, clear, frame, line, rule, stack
from ui.kit.chips import Chip, Status
from ui.kit.labels import ElidedLabel, IconLabel, Label
from ui.kit.phrases import away, day, when
from ui.kit.states import Nothing
from ui.loads import Aboard
from ui.transport.looks import event_words, status

SHOWN = 4
"""So many suggestions stand on the card; the rest is behind "all vehicles"."""
MANY = 60
"""And so many more each time that is pressed: a crowded day has hundreds, which nobody reads in one go."""


class RequestCardView(QStackedWidget):
    """Shows one request. Signals: `chosen(str)` an action's id; `more(QWidget)`; `assign(Suggestion)`."""

    chosen = Signal(str)
    more = Signal(object)
    assign = Signal(object)
    passed = Signal(int, int, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.card: RequestCard | None = None
        self.suggested: Sequence[Suggestion] = ()
        self._room = 0
        self._deeds: tuple[tuple[str, str, str, str], ...] = ()
        self._build()
        self.show_nothing()

    def show_nothing(self) -> None:
        """Say that nothing is chosen."""
        self.card = None
        self.setCurrentWidget(self._nothing)

    def show_card(self, card: RequestCard, deeds: Sequence[tuple[str, str, str, str]]) -> None:
        """Show a request and what can be done: (label, icon, key, action) each."""
        if self.card is None or self.card.id != card.id:
            self._room = 0
            self.show_suggestions(())
            self.show_clashes(())
        self.card = card
        row = card.row
        self._cap.setText(" · ".join(part for part in (row.reference, card.trip_reference) if part))
        self._title.setText(row.route)
        self._chip.show_status(status(row.state, row.late(clock())))
        self._locked.setVisible(row.locked)
        self._unreleased.setVisible(card.unreleased > 0)
        words = self.tr("{count:release form|release forms} missing").format(count=Count(card.unreleased))
        self._unreleased.show_status(Status(words, "warn", "signature"))
        self._facts.show_facts(self._facts_of(card))
        if tuple(deeds) != self._deeds:
            self._deeds = tuple(deeds)
            self._deeds_shown.show_deeds([self._button(*each) for each in deeds])
        self._show_stops(card)
        now = clock()
        entries = [(self._at(each.at, now), self._log_words(each.what, each.note, each.by)) for each in card.log]
        self._log.show_entries(entries)
        waits = row.state in (State.REQUESTED, State.APPROVED)
        self._suggestions.setVisible(waits)
        self.setCurrentWidget(self._sheet)

    def trip_in_hand(self) -> int | None:
        """The trip of the shown request, while it can take something along."""
        row = self.card.row if self.card is not None else None
        return row.trip_id if row is not None and row.state in (State.PLANNED, State.ON_ROAD) else None

    def show_suggestions(self, found: Sequence[Suggestion]) -> None:
        """Offer vehicles, the best first, one Assign each."""
        self.suggested = found
        clear(self._offers)
        fitting = [each for each in found if each.fits]
        shown = list(found[: self._room]) if self._room else [*fitting[:SHOWN], *(() if fitting else found[:2])]
        self._add_offers(shown, len(found) - len(shown))
        if not found:
            self._offers.addWidget(Label(self.tr("Looking at every vehicle …"), "muted"))

    def _add_offers(self, shown: Sequence[Suggestion], left: int) -> None:
        none_yet = not self._offers.count()
        for at, each in enumerate(shown):
            self._offers.addWidget(self._offer(each, first=none_yet and at == 0 and each.fits))
        if left > 0:
            words = self.tr("All vehicles, {count:more|more}").format(count=Count(left))
            self._offers.addWidget(Button(words, "chevron-down", "link", self._show_more))

    def show_clashes(self, found: Sequence[Clash]) -> None:
        """Say which rules its trip breaks, with the minutes."""
        clear(self._clashes)
        for each in found:
            words = Label(each.words, "fault", wrap=True)
            row = QWidget()
            row.setLayout(line(IconLabel("triangle-alert", "bad_text", 15), words))
            self._clashes.addWidget(row)

    def _build(self) -> None:
        self._nothing = ScrollCard(self)
        words = self.tr("Choose a trip of the list or the board, or scan a trip ticket.")
        self._nothing.show_content(Nothing(self.tr("No trip chosen"), words, icon="car"), fill=True)
        self._sheet = ScrollCard(self)
        self._cap, self._title = Label("", "cap"), Label("", "h2", wrap=True)
        self._chip = Chip(status(State.REQUESTED))
        self._locked = Chip(Status(self.tr("Frozen"), "info", "lock"))
        self._unreleased = Chip(Status("", "warn", "signature"))
        self._facts = Facts()
        self._deeds_shown = Deeds()
        self._offers = QVBoxLayout()
        self._offers.setSpacing(6)
        self._clashes = QVBoxLayout()
        self._stops = QVBoxLayout()
        self._stops.setSpacing(4)
        self._suggestions = QWidget()
        self._suggestions.setLayout(stack(rule(), 8, Label(self.tr("Suggested vehicles"), "h3"), 6, self._offers))
        self._stops_box = QWidget()
        self._stops_box.setLayout(stack(rule(), 8, Label(self.tr("Stops"), "h3"), 4, self._stops))
        self.aboard = Aboard()
        self._log = History()
        ellipsis = Tool("ellipsis", self.tr("More to do with this request"))
        ellipsis.clicked.connect(lambda: self.more.emit(ellipsis))
        self._sheet.show_content(
            line(self._cap, None, ellipsis),
            self._title,
            line(self._chip, self._locked, self._unreleased, None),
            self._clashes,
            rule(),
            self._facts,
            rule(),
            self._deeds_shown,
            self._suggestions,
            self.aboard,
            self._stops_box,
            rule(),
            Label(self.tr("Log"), "h3"),
            self._log,
        )
        self.addWidget(self._nothing)
        self.addWidget(self._sheet)

    def _button(self, label: str, icon: str, key: str, action: str) -> DeedButton:
        return DeedButton(label, icon, lambda: self.chosen.emit(action), key)

    def _show_more(self) -> None:
        first, self._room = self._room, self._room + MANY
        if not first:
            self.show_suggestions(self.suggested)
            return
        button = self._offers.takeAt(self._offers.count() - 1)
        if button is not None and (widget := button.widget()) is not None:
            widget.deleteLater()
        self._add_offers(self.suggested[first : self._room], len(self.suggested) - self._room)

    def _offer(self, each: Suggestion, first: bool) -> QWidget:
        words = " · ".join((*each.pros, *each.cons))
        run: Callable[[], object] = partial(self.assign.emit, each)
        verb = self.tr("Share") if each.trip_id else self.tr("Assign")
        button = Button(verb, "", "primary" if first else "plain", run)
        button.setEnabled(each.fits)
        button.setAccessibleName(f"{verb} {each.name}")
        # Of the best few the reasons stand in full; of hundreds in a line each.
        about = ElidedLabel(words, "small-muted") if self._room else Label(words, "small-muted", wrap=True)
        about.setToolTip("\n".join((*(f"+ {pro}" for pro in each.pros), *(f"− {con}" for con in each.cons))))
        row = line(stack(Label(each.name, "small-strong"), about), button, margins=(10, 6, 8, 6))
        row.setStretch(0, 1)
        holder = frame(look="card", margins=(0, 0, 0, 0))
        inner = holder.layout()
        assert isinstance(inner, QVBoxLayout)
        inner.addLayout(row)
        return holder

    def _show_stops(self, card: RequestCard) -> None:
        clear(self._stops)
        self._stops_box.setVisible(bool(card.stops))
        for stop in card.stops:
            mark = "circle-check" if stop.done_at else "circle-dot" if card.row.state is State.ON_ROAD else "circle"
            verb = self.tr("Pick up") if stop.kind == "pickup" else self.tr("Drop off")
            done = f" → {local(stop.done_at):%H:%M}" if stop.done_at else self.tr(" (by plan)") if stop.by_plan else ""
            words = Label(
                f"{local(stop.arrives):%H:%M}{done}  {verb} {stop.reference} · {stop.place}", "small", wrap=True
            )
            pieces: list[QWidget] = [IconLabel(mark, "ok_text" if stop.done_at else "faint", 14), words]
            row = QWidget()
            layout = line(*pieces)
            layout.setStretch(1, 1)
            if card.row.state is State.ON_ROAD:
                tick = Tool(
                    "undo-2" if stop.done_at else "check",
                    self.tr("Not yet") if stop.done_at else self.tr("Done now"),
                    partial(self.passed.emit, card.row.trip_id or 0, stop.seq, not stop.done_at),
                )
                layout.addWidget(tick)
            row.setLayout(layout)
            self._stops.addWidget(row)

    def _at(self, at: datetime, now: datetime) -> str:
        return f"{local(at):%H:%M}" if local(at).date() == local(now).date() else when(at, now)

    def _log_words(self, what: str, note: str, by: str) -> str:
        about = f": {note}" if note else ""
        return self.tr("{what}{about}, by {who}").format(what=event_words(what), about=about, who=by)

    def _facts_of(self, card: RequestCard) -> list[Fact]:
        form, row = card.form, card.row
        names = ", ".join(p.name + ("" if p.of_un else self.tr(" (not UN)")) for p in form.passengers)
        people = f"{form.people}" + (f" · {names}" if names else "")
        room = (
            [self.tr("{count:wheelchair|wheelchairs}").format(count=Count(form.wheelchairs))]
            if form.wheelchairs
            else []
        )
        room += [self.tr("{count:piece|pieces} of luggage").format(count=Count(form.luggage))] if form.luggage else []
        ways = {"wait": self.tr("same vehicle, which waits"), "separate": self.tr("a request of its own")}
        back = f"{local(form.return_at):%H:%M}, {ways[form.way_back]}" if form.return_at else ""
        window = f"{local(form.pickup_from):%H:%M}–{local(row.pickup_to):%H:%M}"
        meet = " · ".join(dict.fromkeys(part for part in (form.from_place, card.from_zone) if part))
        goal = " · ".join(dict.fromkeys(part for part in (form.to_place, card.to_zone) if part))
        known = [
            Fact("clock", self.tr("Pick-up"), f"{self._near(card)}, {window}"),
            Fact("corner-up-right", self.tr("Return"), back),
            Fact("flag", self.tr("There by"), f"{local(form.drop_by):%H:%M}" if form.drop_by else ""),
            Fact("users", self.tr("Passengers"), " · ".join([people, *room])),
            Fact("map-pin", self.tr("Meet at"), meet),
            Fact("map-pinned", self.tr("Goes to"), goal),
            Fact("phone", self.tr("Contact"), " · ".join(part for part in (form.requester, form.contact) if part)),
            Fact(
                "file-text", self.tr("Charge to"), " · ".join(part for part in (row.entity, form.charge_code) if part)
            ),
            Fact("briefcase", self.tr("Purpose"), form.purpose),
            Fact("sliders-horizontal", self.tr("Needs"), self._needs(card)),
            Fact("shield-check", self.tr("Security clearance"), form.clearance),
            Fact("stamp", self.tr("Waits for the word of"), card.due),
            Fact("sticky-note", self.tr("Notes"), form.notes),
        ]
        return [fact for fact in known if fact.value]

    def _needs(self, card: RequestCard) -> str:
        form = card.form
        parts = [asked_words(form.needs, form.driver_needs)]
        parts += [] if form.pooled else [self.tr("travels alone")]
        parts += [] if form.official else [self.tr("not official, at full cost")]
        parts += [self.tr("priority {n}").format(n=form.priority)] if form.priority < 3 else []
        return " · ".join(part for part in parts if part)

    def _near(self, card: RequestCard) -> str:
        """How far off the pick-up is: in 18 min, today, or the day."""
        now, at = clock(), card.form.pickup_from
        minutes = round((at - now).total_seconds() / 60)
        if card.row.state in (State.REQUESTED, State.APPROVED, State.PLANNED) and -120 <= minutes <= 180:
            return (
                self.tr("in {count} min").format(count=minutes)
                if minutes >= 0
                else self.tr("{count} min ago").format(count=-minutes)
            )
        there = local(at).date()
        return away(there, local(now).date()) if there == local(now).date() else day(there)
