"""The board: what waits above, vehicles or drivers against time below, everything moved by mouse, menu and keys."""

from __future__ import annotations

from datetime import datetime, timedelta

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtWidgets import QWidget

from cbo_desk.context import clock, local
from cbo_desk.plurals import Count
from cbo_desk.transport import DayPicture, State, TripOfDay, TripState, VehicleOfDay, Waiting, free_at, why_unfit
from ui.kit.buttons import Tool
from ui.kit.cards import line, stack
from ui.kit.labels import ElidedLabel, Label
from ui.kit.tabs import Tab, Tabs
from ui.kit.timeline import Timeline
from ui.kit.timeline_parts import Axis, Bar, Look, Move, Row
from ui.transport.looks import bar_look

HOURS = (6, 19)
ROW = 29
NAMES = 124
"""Room for a vehicle's plate and model, in pixels at 100 %."""
TICK_MS = 30_000
Key = tuple[str, int]
"""What a bar stands for: ("request", id) in the tray, ("trip", id) on a vehicle, others stay where they are."""


class Board(QWidget):
    """The lower half of the dispatch page.

    Signals: `chosen(str, int)` a request or trip; `assigned(int, int, datetime)` a waiting request put on a vehicle at
    a start; `moved(int, int, datetime)` a trip put on another vehicle or start; `menu_asked(str, int, QPoint)`.
    """

    chosen = Signal(str, int)
    assigned = Signal(int, int, object)
    moved = Signal(int, int, object)
    menu_asked = Signal(str, int, QPoint)
    refused = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.picture: DayPicture | None = None
        self.all_vehicles = False
        self.timeline = Timeline(self.tr("Vehicles by the hour"), self, row_height=ROW)
        self.timeline.clash = self._clash
        self.heading = Label(self.tr("Vehicles today"), "h3")
        self.about = ElidedLabel("", "muted", self)
        self.clashes = Label("", "amber")
        self.views = Tabs(look="pill", parent=self)
        self.views.show_tabs(
            [Tab("vehicles", self.tr("Vehicles"), None), Tab("drivers", self.tr("Drivers"), None)], "vehicles"
        )
        self.view = "vehicles"
        self.every = Tool("sliders-horizontal", self.tr("Show every vehicle, or only those with something to do"))
        self.every.clicked.connect(self.toggle_all)
        top = line(self.heading, self.about, self.clashes, self.views, self.every, margins=(12, 7, 8, 5))
        top.setStretch(1, 1)
        self.setLayout(stack(top, self.timeline))
        self.views.chosen.connect(self.show_view)
        self.timeline.chosen.connect(self._chosen)
        self.timeline.opened.connect(self._chosen)
        self.timeline.moved.connect(self._put)
        self.timeline.refused.connect(self.refused.emit)
        self.timeline.menu_asked.connect(self._menu)
        self._tick = QTimer(self)
        self._tick.setInterval(TICK_MS)
        self._tick.timeout.connect(self._show_now)
        self._tick.start()
        self.timeline.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def show_day(self, picture: DayPicture) -> None:
        """Show a day as it stands."""
        self.picture = picture
        self._show()

    def show_view(self, view: str) -> None:
        """Show vehicles or drivers."""
        self.view = view
        self.views.choose(view)
        self._show()

    def toggle_all(self) -> None:
        """Show every vehicle, or only those with something to do."""
        self.all_vehicles = not self.all_vehicles
        self._show()

    def choose_request(self, request_id: int) -> None:
        """Lead the eye to a request's bar, wherever it is."""
        picture = self.picture
        if picture is None:
            return
        trip = next((each.id for each in picture.trips if request_id in each.requests), None)
        self.timeline.choose(("trip", trip) if trip is not None else ("request", request_id))

    def trip(self, trip_id: int) -> TripOfDay | None:
        """A trip of the day shown."""
        trips = self.picture.trips if self.picture is not None else ()
        return next((each for each in trips if each.id == trip_id), None)

    def waiting(self, request_id: int) -> Waiting | None:
        """A request that waits on the day shown."""
        found = self.picture.waiting if self.picture is not None else ()
        return next((each for each in found if each.id == request_id), None)

    # --- what is shown

    def _show(self) -> None:
        picture = self.picture
        if picture is None:
            return
        if self.view == "drivers":
            rows, bars = self._drivers(picture)
        else:
            rows, bars = self._vehicles(picture)
        lanes, waiting = self._tray(picture)
        axis = Axis(picture.day, 1, self._hours(picture))
        self.timeline.show_board(axis, [*lanes, *rows], [*waiting, *bars], (), NAMES)
        self._show_now()
        self._say(picture, len(rows))

    def _show_now(self) -> None:
        now = clock()
        same = self.picture is not None and local(now).date() == self.picture.day
        self.timeline.show_now(now if same else None)

    def _hours(self, picture: DayPicture) -> tuple[int, int]:
        """From six to seven in the evening, or as far as trips go."""
        low, high = HOURS
        for trip in picture.trips:
            before = local(trip.starts).date() != picture.day
            low = 0 if before else min(low, local(trip.starts).hour)
            over = local(trip.ends).date() != picture.day
            high = 24 if over else max(high, local(trip.ends).hour + 1)
        for each in picture.waiting:
            if (there := local(each.pickup_from)).date() == picture.day:
                low, high = min(low, there.hour), max(high, there.hour + 1)
        return low, high

    def _say(self, picture: DayPicture, shown: int) -> None:
        today = local(clock()).date() == picture.day
        words = {
            ("vehicles", True): self.tr("Vehicles today"),
            ("vehicles", False): self.tr("Vehicles that day"),
            ("drivers", True): self.tr("Drivers today"),
            ("drivers", False): self.tr("Drivers that day"),
        }
        self.heading.setText(words[self.view, today])
        everybody = len(picture.vehicles if self.view == "vehicles" else picture.drivers)
        waits = len([each for each in picture.waiting if each.state is State.APPROVED])
        self.about.setText(
            self.tr("{shown} of {all} shown · {waits} without a vehicle · drag a bar to reassign").format(
                shown=shown, all=everybody, waits=waits
            )
        )
        count = len(picture.clashes)
        self.clashes.setVisible(count > 0)
        self.clashes.setText(self.tr("{count:clash|clashes}").format(count=Count(count)))
        self.clashes.setToolTip("\n".join(each.words for each in picture.clashes))

    def _tray(self, picture: DayPicture) -> tuple[list[Row], list[Bar]]:
        """Rows of requests without a vehicle, as many as are needed for none to lie over another."""
        ends: list[datetime] = []
        bars = []
        for each in picture.waiting:
            if each.state is not State.APPROVED:
                continue
            last = max((halt.earliest for halt in each.halts), default=each.pickup_from)
            until = max(last, each.pickup_from) + timedelta(minutes=45)
            lane = next((at for at, end in enumerate(ends) if end <= each.pickup_from), len(ends))
            ends[lane : lane + 1] = [until]
            said = self.tr("{reference}, {route}, {count:person|people}, needs a vehicle").format(
                reference=each.reference, route=each.route, count=Count(each.people)
            )
            look = Look("warn", "triangle-alert", hatched=True)
            bars.append(
                Bar(("request", each.id), ("tray", lane), each.pickup_from, until, each.reference, look=look, said=said)
            )
        total = len(bars)
        names = [self.tr("Needs vehicle · {count}").format(count=total) if at == 0 else "" for at in range(len(ends))]
        return [Row(("tray", at), name) for at, name in enumerate(names)], bars

    def _vehicles(self, picture: DayPicture) -> tuple[list[Row], list[Bar]]:
        busy = {each.vehicle_id for each in picture.trips} | {each.vehicle_id for each in picture.outages}
        shown = [v for v in picture.vehicles if self.all_vehicles or v.id in busy or not busy]
        rows = [Row(("vehicle", v.id), v.name, closed=self._closed(v, busy), icon="file-warning") for v in shown]
        bars = [self._bar(trip, picture, ("vehicle", trip.vehicle_id)) for trip in picture.trips]
        for out in picture.outages:
            words = self.tr("{reason} until {hour}").format(reason=out.reason, hour=f"{local(out.ends):%H:%M}")
            look = Look("idle", "wrench", hatched=True)
            row = ("vehicle", out.vehicle_id)
            bars.append(Bar(("outage", out.id), row, out.starts, out.ends, words, look=look, movable=False, said=words))
        return rows, bars

    def _closed(self, vehicle: VehicleOfDay, busy: set[int]) -> str:
        return vehicle.barred if vehicle.barred and vehicle.id not in busy else ""

    def _drivers(self, picture: DayPicture) -> tuple[list[Row], list[Bar]]:
        """Drivers with their shifts below their trips, and when they are away."""
        busy = {each.driver_id for each in picture.trips}
        shown = [d for d in picture.drivers if self.all_vehicles or d.id in busy or d.duties]
        rows = [
            Row(("driver", d.id), d.name, closed=d.barred if d.barred and d.id not in busy else "", icon="file-warning")
            for d in shown
        ]
        bars: list[Bar] = []
        for driver in shown:
            for at, duty in enumerate(driver.duties):
                away = duty.kind != "shift"
                words = duty.note or {"leave": self.tr("On leave"), "sick": self.tr("Ill")}.get(
                    duty.kind, self.tr("On duty") if not away else self.tr("Training")
                )
                look = Look("idle", "calendar-days" if away else "", hatched=away)
                said = f"{driver.name}: {words}, {local(duty.starts):%H:%M} – {local(duty.ends):%H:%M}"
                key = ("duty", driver.id * 100 + at)
                row = ("driver", driver.id)
                title = words if away else ""
                bars.append(Bar(key, row, duty.starts, duty.ends, title, look=look, movable=False, said=said))
        bars += [self._bar(trip, picture, ("driver", trip.driver_id)) for trip in picture.trips]
        return rows, bars

    def _bar(self, trip: TripOfDay, picture: DayPicture, row: Key) -> Bar:
        broken = [each.words for each in picture.clashes if each.trip_id == trip.id]
        vehicle = next((v.name for v in picture.vehicles if v.id == trip.vehicle_id), "")
        driver = next((d.name for d in picture.drivers if d.id == trip.driver_id), "")
        times = f"{local(trip.starts):%H:%M}–{local(trip.ends):%H:%M}"
        said = "\n".join([f"{trip.title} · {times} · {vehicle} · {driver}", *broken])
        return Bar(
            ("trip", trip.id), row, trip.starts, trip.ends, trip.title, driver if self.view == "vehicles" else vehicle,
            bar_look(trip, picture.now, bool(broken)), movable=trip.state is TripState.PLANNED and not trip.locked,
            said=said,
        )  # fmt: skip

    # --- what is done

    def _chosen(self, key: Key) -> None:
        kind, ident = key
        if kind in ("request", "trip"):
            self.chosen.emit(kind, ident)

    def _menu(self, key: Key, where: QPoint) -> None:
        kind, ident = key
        if kind in ("request", "trip"):
            self.menu_asked.emit(kind, ident, where)

    def _clash(self, move: Move) -> str:
        """What stands in the way of a bar put there; answered from memory while it is dragged."""
        (kind, ident), (where, target) = _parts(move)
        if self.picture is None or where != "vehicle":
            return self.tr("Put it on a vehicle")
        vehicle = next((v for v in self.picture.vehicles if v.id == target), None)
        if vehicle is not None and vehicle.barred:
            return vehicle.barred
        why = why_unfit(self.picture, vehicle, kind, ident) if vehicle is not None else ""
        if why:
            return why
        people = self._people(kind, ident)
        if vehicle is not None and people > vehicle.seats:
            return self.tr("{vehicle} takes {seats}, not {people}").format(
                vehicle=vehicle.plate, seats=vehicle.seats, people=people
            )
        return free_at(self.picture, target, move.starts, move.ends, ident if kind == "trip" else 0)

    def _people(self, kind: str, ident: int) -> int:
        if kind == "trip":
            trip = self.trip(ident)
            return 0 if trip is None else max((s.halt.people for s in trip.stops), default=0)
        waiting = self.waiting(ident)
        return 0 if waiting is None else waiting.people

    def _put(self, move: Move) -> None:
        (kind, ident), (where, target) = _parts(move)
        if where != "vehicle":
            self.timeline.put_back()
        elif kind == "request":
            self.assigned.emit(ident, target, move.starts)
        elif kind == "trip":
            self.moved.emit(ident, target, move.starts)


def minutes_between(one: datetime, other: datetime) -> int:
    """Whole minutes from one instant to another."""
    return round((other - one).total_seconds() / 60)


def _parts(move: Move) -> tuple[Key, Key]:
    """What is moved, and onto which row."""
    assert isinstance(move.key, tuple)
    assert isinstance(move.row, tuple)
    return (str(move.key[0]), int(move.key[1])), (str(move.row[0]), int(move.row[1]))
