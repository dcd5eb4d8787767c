"""Assigning by hand: any vehicle, any driver, any hour, in a small box; the rules answer beside the field."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from cbo_desk.changes import Changes
from cbo_desk.context import local
from cbo_desk.errors import Refusal
from cbo_desk.transport import DayPicture, RequestCard, assign_request, day_picture, move_trip
from ui.bench import Bench
from ui.kit.dialogs import FormBox, open_form
from ui.kit.fields import Field
from ui.kit.forms import Form
from ui.transport.times import hour_field, instant, shown

Done = Callable[[], object]
Failed = Callable[[Exception], object]


class HandForms(QObject):
    """Opens the boxes in which a dispatcher decides alone. `moved(int)`: this request goes on another day now."""

    moved = Signal(int)

    def __init__(self, bench: Bench, page: QWidget, parent: QObject) -> None:
        super().__init__(parent)
        self._bench, self._page = bench, page

    def assign(self, card: RequestCard) -> None:
        """Ask which vehicle and driver a request gets."""
        self._with_day(card, self._assign)

    def reassign(self, card: RequestCard) -> None:
        """Ask which other vehicle, driver or start a trip gets."""
        self._with_day(card, self._reassign)

    def _with_day(self, card: RequestCard, then: Callable[[RequestCard, DayPicture], None]) -> None:
        day: date = local(card.form.pickup_from).date()
        self._bench.runner.read(self, day_picture, day, done=partial(then, card))

    def _assign(self, card: RequestCard, picture: DayPicture) -> None:
        form = Form(self._fields(picture, self.tr("the best one that is free")))
        if picture.vehicles:
            form.set_values({"vehicle_id": picture.vehicles[0].id, "driver_id": 0})

        def save(values: Mapping[str, Any], done: Done, failed: Failed) -> None:
            order = (assign_request, card.id, card.version, values["vehicle_id"], values["driver_id"] or None)
            self._bench.runner.write(*order, done=lambda _changes: done(), failed=failed)

        self._open(self.tr("Assign {reference}").format(reference=card.row.reference), form, save)

    def _reassign(self, card: RequestCard, picture: DayPicture) -> None:
        trip = next((each for each in picture.trips if each.id == card.row.trip_id), None)
        if trip is None:
            raise Refusal(self.tr("This trip is no longer there."))
        fields = [
            *self._fields(picture),
            Field("day", self.tr("Day"), "date", required=True),
            hour_field("starts", self.tr("Leaves at"), required=True),
        ]
        form = Form(fields)
        stands = {"vehicle_id": trip.vehicle_id, "driver_id": trip.driver_id, "starts": shown(trip.starts),
                  "day": local(trip.starts).date()}  # fmt: skip
        form.set_values(stands)

        def save(values: Mapping[str, Any], done: Done, failed: Failed) -> None:
            try:
                starts = instant(dict(values), "day", "starts")
            except Refusal as refusal:
                failed(refusal)
                return
            order = (move_trip, trip.id, trip.version, values["vehicle_id"], values["driver_id"], starts or trip.starts)

            def moved(_changes: Changes) -> None:
                done()
                if starts is not None and local(starts).date() != local(trip.starts).date():
                    self.moved.emit(card.id)

            self._bench.runner.write(*order, done=moved, failed=failed)

        self._open(self.tr("Move {title}").format(title=trip.title), form, save)

    def _fields(self, picture: DayPicture, nobody: str = "") -> list[Field]:
        vehicles = [(v.id, f"{v.name} · {v.seats}" + (f" · {v.barred}" if v.barred else "")) for v in picture.vehicles]
        drivers = [(d.id, " · ".join(p for p in (d.name, d.known, d.barred) if p)) for d in picture.drivers]
        return [
            Field("vehicle_id", self.tr("Vehicle"), "choice", required=True, choices=vehicles),
            Field("driver_id", self.tr("Driver"), "choice", choices=[*([(0, nobody)] if nobody else []), *drivers]),
        ]

    def _open(self, heading: str, form: Form, save: Callable[[dict[str, Any], Done, Failed], object]) -> None:
        open_form(self._bench.shell, FormBox(heading, form, save, self.tr("Assign"), width=460))
