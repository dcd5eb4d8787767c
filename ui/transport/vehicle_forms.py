"""The forms of a vehicle: what is written about it, papers, workshop, fuel, upkeep and readings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from PySide6.QtCore import QObject

from cbo_desk.context import clock, local
from cbo_desk.errors import Refusal
from cbo_desk.transport import (
    VEHICLE,
    Fill,
    Upkeep,
    VehicleForm,
    ZoneRow,
    add_vehicles,
    edit_vehicle,
    end_outage,
    note_fuel,
    note_outage,
    note_service,
    read_odometer,
    retire_vehicles,
    zones,
)
from cbo_desk.transport.fleet_queries import VehicleCard
from ui.kit.fields import Field
from ui.kit.forms import Form
from ui.kit.meeting import Standing
from ui.transport.paper_form import ask_paper
from ui.transport.records import RecordsPage, simple_form
from ui.transport.road_forms import RoadForms
from ui.transport.times import hour_field, instant, shown


def back_on(now: datetime) -> date:
    """The day whose working hours end next, at five: what a workshop is proposed to be done by."""
    there = local(now)
    return there.date() if there.hour < 17 else there.date() + timedelta(days=1)


class VehicleForms(QObject):
    """Opens the boxes of the fleet page."""

    def __init__(self, page: RecordsPage) -> None:
        super().__init__(page)
        self._page = page
        self.road = RoadForms(page.bench, self)

    def with_zones(self, card: VehicleCard | None) -> None:
        """Open the form of a vehicle, new or known, once zones to choose from are known."""
        self._page.bench.runner.read(self, zones, done=partial(self.vehicle, card))

    def vehicle(self, card: VehicleCard | None, places: Sequence[ZoneRow]) -> None:
        """Ask what is written about a vehicle."""
        tr = self.tr
        form = Form(
            [
                Field("plate", tr("Plate"), required=True, hint="UN 071"),
                Field("make", tr("Make"), beside=True),
                Field("model", tr("Model"), beside=True),
                Field("seats", tr("Seats beside the driver's"), "number", required=True),
                Field("wheelchairs", tr("Wheelchair places"), "number", beside=True),
                Field("luggage", tr("Pieces of luggage"), "number", beside=True),
                Field("features", tr("Features"), hint="4x4 lift"),
                Field("licence", tr("Licence class it takes"), hint=tr("any, if empty"), beside=True),
                Field("driver_needs", tr("Its driver must have"), hint=tr("armoured"), beside=True),
                Field("fuel", tr("Fuel"), "choice", beside=True,
                      choices=[(f, f) for f in ("diesel", "petrol", "hybrid", "electric")]),
                Field("tank_l", tr("Tank, litres"), "number", beside=True),
                Field("home_zone_id", tr("At home in"), "choice", choices=[(z.id, z.name) for z in places]),
                Field("service_km", tr("Service every, km"), "number", beside=True),
                Field("service_days", tr("or every, days"), "number", beside=True),
                Field("day_cents", tr("Cost a day"), "money"),
                Field("km_cents", tr("Cost a kilometre"), "money", beside=True),
                Field("notes", tr("Notes"), "long"),
            ],
            f"transport.vehicle.{card.id if card else 'new'}",
            self._page.bench.drafts,
        )  # fmt: skip
        stands = card.form if card is not None else VehicleForm("", 4, home_zone_id=places[0].id if places else None)
        form.set_values(_shown(stands, form))
        heading = tr("Edit {plate}").format(plate=card.form.plate) if card is not None else tr("Add a vehicle")
        make = partial(_vehicle_of, edited=card is not None)
        if card is None:
            self._page.ask(heading, form, self._page.saves(add_vehicles, make=make), tr("Add"), width=600)
            return

        def standing(now: VehicleCard) -> Standing:
            return Standing(_shown(now.form, form), self._page.saves(edit_vehicle, now.id, now.version, make=make))

        self._page.ask(heading, form, standing(card).save, tr("Save"), width=600, standing=standing)

    def paper(self, card: VehicleCard) -> None:
        """Ask for a renewed paper."""
        ask_paper(self._page, VEHICLE, card.id, card.form.plate)

    def outage(self, card: VehicleCard) -> None:
        """Ask from when until when a vehicle cannot be used."""
        now = clock()
        today = local(now).date()
        form = simple_form(
            Field("reason", self.tr("Why"), required=True, hint=self.tr("Workshop")),
            Field("day", self.tr("From"), "date", required=True),
            hour_field("starts", self.tr("at"), required=True),
            Field("until", self.tr("Until"), "date", required=True, beside=True),
            hour_field("ends", self.tr("at"), required=True),
            reason=self.tr("Workshop"), day=today, starts=shown(now), until=back_on(now), ends="17:00",
        )  # fmt: skip

        def make(values: Mapping[str, Any]) -> tuple[Any, ...]:
            typed = dict(values)
            return instant(typed, "day", "starts"), instant(typed, "until", "ends"), str(values["reason"])

        self._page.ask(self.tr("{plate} cannot be used").format(plate=card.form.plate), form,
                 self._page.saves(note_outage, card.id, make=make), self.tr("Save"))  # fmt: skip

    def ready(self, card: VehicleCard) -> None:
        """It can be used again from now on."""
        self._page.bench.runner.write(end_outage, card.outages[0][0], clock())

    def fuel(self, card: VehicleCard) -> None:
        """Ask how much fuel went in."""
        tr = self.tr
        sources = [("ticket", tr("a fuel ticket")), ("stock", tr("our stock"))]
        form = simple_form(
            Field("litres", tr("Litres"), "number", required=True),
            Field("cost", tr("Cost"), "money", beside=True),
            Field("km", tr("Odometer"), "number", required=True, beside=True),
            Field("source", tr("From"), "choice", choices=sources),
            Field("ticket", tr("Ticket number"), beside=True),
            Field("full", tr("The tank is full now"), "yes"),
            Field("explained", tr("Why, if the reading is odd")),
            km=card.km or 0, source="ticket", full=True,
        )  # fmt: skip

        def make(values: Mapping[str, Any]) -> Fill:
            litres = round(Decimal(values["litres"] or 0) * 1000)
            cents = round(Decimal(values["cost"] or 0) * 100)
            return Fill(litres, cents, int(values["km"]), bool(values["full"]), str(values["source"]),
                        str(values["ticket"]), str(values["explained"]))  # fmt: skip

        save = self._page.saves(note_fuel, card.id, make=make)
        self._page.ask(tr("Fuel for {plate}").format(plate=card.form.plate), form, save, tr("Save"))

    def service(self, card: VehicleCard) -> None:
        """Ask what upkeep was done."""
        tr = self.tr
        kinds = [("service", tr("Service")), ("repair", tr("Repair")), ("tyres", tr("Tyres"))]
        form = simple_form(
            Field("kind", tr("What"), "choice", choices=kinds),
            Field("done_on", tr("On"), "date", required=True, beside=True),
            Field("km", tr("Odometer"), "number", required=True),
            Field("cost", tr("Cost"), "money", beside=True),
            Field("note", tr("Notes"), "long"),
            Field("explained", tr("Why, if the reading is odd")),
            kind="service", done_on=local(clock()).date(), km=card.km or 0,
        )  # fmt: skip

        def make(values: Mapping[str, Any]) -> Upkeep:
            cents = round(Decimal(values["cost"] or 0) * 100)
            return Upkeep(str(values["kind"]), values["done_on"], int(values["km"]), cents, str(values["note"]),
                          str(values["explained"]))  # fmt: skip

        self._page.ask(tr("Upkeep of {plate}").format(plate=card.form.plate), form,
                 self._page.saves(note_service, card.id, make=make), tr("Save"))  # fmt: skip

    def read_odometer(self, card: VehicleCard) -> None:
        """Ask what the odometer shows."""
        form = simple_form(
            Field("km", self.tr("Odometer"), "number", required=True),
            Field("explained", self.tr("Why, if it went backwards or jumped")),
            km=card.km or 0,
        )
        self._page.ask(self.tr("Odometer of {plate}").format(plate=card.form.plate), form,
                 self._page.saves(read_odometer, card.id, make=lambda v: (int(v["km"]), str(v["explained"]))),
                 self.tr("Save"))  # fmt: skip

    def incident(self, card: VehicleCard) -> None:
        """Ask what happened to it."""
        self.road.incident(card.id, 0, None, card.form.plate)

    def print(self, card: VehicleCard) -> None:
        """Open the print window for its tag."""
        self._page.bench.print_tags(VEHICLE, [card.id])

    def retire(self, card: VehicleCard) -> None:
        """It leaves the fleet."""
        self._page.bench.runner.write(retire_vehicles, [card.id])


def _shown(stands: VehicleForm, form: Form) -> dict[str, Any]:
    """What is written about a vehicle, as its form shows it."""
    values = {name: getattr(stands, name) for name in form.editors}
    return values | {name: Decimal(values[name]) / 100 for name in ("day_cents", "km_cents")}


def _vehicle_of(values: Mapping[str, Any], edited: bool) -> Any:
    """The form's values as a vehicle; alone for a change, in a list for a new one."""
    if not values["plate"].strip():
        raise Refusal("Give the vehicle its plate.", "plate")
    plain = ("plate", "make", "model", "features", "licence", "driver_needs", "fuel", "home_zone_id", "notes")
    parts: dict[str, Any] = {n: values[n] for n in plain}
    parts |= {n: int(values[n] or 0) for n in ("seats", "wheelchairs", "luggage", "tank_l")}
    parts |= {n: int(values[n]) if values[n] else None for n in ("service_km", "service_days")}
    parts |= {n: round(Decimal(values[n] or 0) * 100) for n in ("day_cents", "km_cents")}
    made = VehicleForm(**parts)
    return made if edited else ([made],)
