"""Mail on a vehicle as both desks show it: the trip on mail's cards, what is aboard on the trip's card."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cbo_desk.context import clock, local
from cbo_desk.handoffs import Load, TripToLoad, load_of, loads_of, move_load, trips_to_load
from cbo_desk.tags import Opened
from cbo_desk.transport import TRIP
from ui.bench import Bench
from ui.kit.buttons import Tool
from ui.kit.cards import clear, line, rule, stack
from ui.kit.dialogs import FormBox, open_form
from ui.kit.fields import Field, Pick, Source
from ui.kit.forms import Form
from ui.kit.labels import IconLabel, Label
from ui.kit.phrases import when
from ui.picks import scanned


def trips(bench: Bench) -> Source:
    """Trips that mail can go with, as a pick field offers them: by number, plate, driver or way, or their ticket."""

    def suggest(typed: str, answer: Callable[[Sequence[Pick]], object]) -> None:
        told: Callable[[Any], object] = lambda found: answer([trip_pick(one) for one in found])  # noqa: E731
        bench.runner.read(bench.shell, trips_to_load, typed, done=told)

    def by_ticket(opened: Opened, answer: Callable[[Pick | None, str], object]) -> None:
        def told(found: Sequence[TripToLoad]) -> None:
            trip = next((one for one in found if one.id == opened.record_id), None)
            words = QCoreApplication.translate("loads", "{ticket} can take nothing along any more.")
            answer(*((trip_pick(trip), "") if trip else (None, words.format(ticket=opened.title))))

        bench.runner.read(bench.shell, trips_to_load, opened.title, done=told)

    return Source(suggest, scanned(bench, TRIP, by_ticket))


def trip_pick(trip: TripToLoad) -> Pick:
    """A trip as a pick field shows it."""
    return Pick(trip.id, f"{trip.reference} · {trip.plate} · {trip.driver}", f"{_leaves(trip)} · {trip.route}")


class GoesWith(QWidget):
    """On a card of mail: the trip that the thing goes with; nothing is shown where it goes with none."""

    def __init__(self, bench: Bench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = bench
        self.load: Load | None = None
        self._words, self._about = Label("", "small-strong", wrap=True), Label("", "small-muted", wrap=True)
        show = Tool("arrow-right", self.tr("Show this trip"), self.open_trip)
        self._move = Tool("repeat", self.tr("Let it go with another trip"), self.ask_move)
        texts = stack(self._words, self._about)
        row = line(IconLabel("car", "muted", 18), texts, self._move, show)
        row.setStretch(1, 1)
        self.setLayout(stack(rule(), 8, row))
        self.hide()

    def show_record(self, kind: str, ident: int) -> None:
        """Look up which trip something goes with, and show it."""
        self._bench.runner.read(self, load_of, kind, ident, done=partial(self._show, kind, ident))

    def open_trip(self) -> None:
        """Show the trip on its own desk."""
        if self.load is not None:
            self._bench.open_record(TRIP, self.load.trip.id)

    def ask_move(self) -> None:
        """Ask with which other trip it goes, and why."""
        load = self.load
        if load is None:
            return
        fields = [
            Field("trip", self.tr("With which trip"), "pick", required=True, suggest=trips(self._bench)),
            Field("why", self.tr("Why"), required=True),
        ]

        def save(values: dict[str, Any], done: Callable[[], object], failed: Callable[[Exception], object]) -> None:
            order = (move_load, load.id, values["trip"].id, values["why"])
            self._bench.runner.write(*order, done=lambda _changes: done(), failed=failed)

        heading = self.tr("{what} goes with another trip").format(what=load.number)
        words = self.tr("Now it goes with {trip}.").format(trip=load.trip.reference)
        open_form(self._bench.shell, FormBox(heading, Form(fields), save, self.tr("Move it"), summary=words))

    def _show(self, _kind: str, _ident: int, load: Load | None) -> None:
        self.load = load
        self.setVisible(load is not None)
        if load is None:
            return
        trip = load.trip
        self._words.setText(f"{trip.reference} · {trip.plate} · {trip.driver}")
        self._about.setText(f"{_stands(load)} · {trip.route}")
        self._move.setVisible(load.moves and self._bench.may(move_load))


class Aboard(QWidget):
    """On the card of a trip: the mail that it carries; nothing is shown where it carries none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.loads: Sequence[Load] = ()
        self._bench: Bench | None = None
        self._rows = QVBoxLayout()
        self._rows.setSpacing(6)
        self.setLayout(stack(rule(), 8, Label(self.tr("Mail aboard"), "h3"), 4, self._rows))
        self.hide()

    def show_trip(self, bench: Bench, trip_id: int | None) -> None:
        """Look up what a trip carries, and show it."""
        self._bench = bench
        if trip_id is None:
            self._show(())
        else:
            bench.runner.read(self, loads_of, trip_id, done=self._show)

    def _show(self, loads: Sequence[Load]) -> None:
        self.loads = loads
        clear(self._rows)
        self.setVisible(bool(loads))
        for load in loads:
            seal = self.tr("seal {seal}").format(seal=load.seal) if load.seal else ""
            what = ", ".join(part for part in (load.said, seal) if part)
            about = self.tr("{when} · {what} · by {who}").format(what=what, when=when(load.at, clock()), who=load.by)
            show = Tool("arrow-right", self.tr("Show {what}").format(what=load.number), partial(self._open, load))
            row = line(stack(Label(load.number, "small-strong"), Label(about, "small-muted", wrap=True)), show)
            row.setStretch(0, 1)
            holder = QWidget()
            holder.setLayout(row)
            self._rows.addWidget(holder)

    def _open(self, load: Load) -> None:
        if self._bench is not None:
            self._bench.open_record(load.kind, load.record_id)


def _leaves(trip: TripToLoad) -> str:
    if trip.on_road:
        return QCoreApplication.translate("loads", "on the road")
    return QCoreApplication.translate("loads", "leaves {when}").format(when=when(trip.starts, clock()))


def _stands(load: Load) -> str:
    if load.returned_at is not None:
        words = QCoreApplication.translate("loads", "brought; the vehicle came back at {time}")
        return words.format(time=f"{local(load.returned_at):%H:%M}")
    return _leaves(load.trip)
