"""The fleet: every vehicle with its papers and readings; workshop, fuel, upkeep, papers and incidents as deeds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

from PySide6.QtWidgets import QWidget

from cbo_desk.context import local
from cbo_desk.plurals import Count
from cbo_desk.tabular import Column as FileColumn
from cbo_desk.tags.codes import grouped
from cbo_desk.transport import (
    PAPER_WORDS,
    VEHICLE,
    add_paper,
    add_vehicles,
    edit_vehicle,
    end_outage,
    note_fuel,
    note_outage,
    note_service,
    read_odometer,
    report_incident,
    retire_vehicles,
)
from cbo_desk.transport.fleet_queries import VehicleCard, VehicleLine, VehicleList, vehicle_card
from cbo_desk.transport.skills import driver_words
from ui.bench import Bench
from ui.kit.cards import rule
from ui.kit.cells import Look
from ui.kit.chips import Status
from ui.kit.columns import Column
from ui.kit.phrases import day, money
from ui.kit.states import State as Empty
from ui.transport.looks import paper_status
from ui.transport.records import RecordsPage, facts, head, section
from ui.transport.vehicle_forms import VehicleForms


def line_status(row: VehicleLine) -> Status:
    """A vehicle's chip: away, out of papers, or ready."""
    from PySide6.QtCore import QCoreApplication

    tr = QCoreApplication.translate
    if row.out:
        return Status(row.out, "warn", "wrench")
    if row.tone == "gone":
        return Status(tr("transport", "No plans"), "bad", "file-warning")
    if row.tone:
        return Status(tr("transport", "Ends {day}").format(day=day(row.ends)), "warn" if row.tone == "30" else "idle",
                      "clock-alert")  # fmt: skip
    return Status(tr("transport", "Ready"), "ok", "circle-check")


class FleetPage(RecordsPage):
    """Vehicles: the list, and the card with its deeds."""

    kind, scope, icon = VEHICLE, "fleet", "car"

    def __init__(self, bench: Bench, parent: QWidget) -> None:
        super().__init__(bench, self.tr("Fleet"), parent)
        self.say(self.tr("Papers that run out keep a vehicle out of every plan; 30, 60 and 90 days ahead it is said."))

    def columns(self) -> Sequence[Column]:
        """The columns of the list."""
        tr = self.tr
        return (
            Column(Look("plate", "ref", 92), tr("Plate"), lambda row: row.plate, sort="plate"),
            Column(Look("called", "text", 160, stretch=True), tr("Make and model"), lambda row: row.called),
            Column(Look("seats", "num", 56), tr("Seats"), lambda row: str(row.seats), sort="seats"),
            Column(Look("features", "muted", 120, 4), tr("Features"), lambda row: row.features or "—"),
            Column(Look("fuel", "muted", 74, 5), tr("Fuel"), lambda row: row.fuel),
            Column(Look("km", "num", 92, 3), tr("Odometer"), lambda row: "—" if row.km is None else f"{row.km:,}"),
            Column(Look("ends", "muted", 124, 2), tr("First paper ends"), lambda row: day(row.ends) or "—"),
            Column(Look("state", "chip", 168, 1), tr("Status"), lambda row: line_status(row).word, value=line_status),
        )

    def listing(self, words: str, sort: str, descending: bool) -> VehicleList:
        """What is listed."""
        return VehicleList(words, sort or "plate", descending, self.gone)

    def things(self) -> str:
        """What the list counts."""
        return self.tr("{count:vehicle|vehicles}")

    def first_sort(self) -> str:
        """By plate."""
        return "plate"

    def nothing(self) -> Empty:
        """What stands in place of an empty list."""
        return Empty(
            "empty", self.tr("No vehicles yet"), self.tr("Add one, or import the fleet from a file."), icon="car"
        )

    def query(self) -> Any:
        """What reads the card."""
        return vehicle_card

    def file_columns(self) -> Sequence[FileColumn]:
        """The columns of an export."""
        names = (
            "Plate",
            "Make and model",
            "Seats",
            "Wheelchairs",
            "Features",
            "Fuel",
            "Odometer",
            "First paper ends",
        )
        kinds = ("text", "text", "number", "number", "text", "text", "number", "date")
        return tuple(FileColumn(name, kind) for name, kind in zip(names, kinds, strict=True))  # type: ignore[arg-type]

    def file_row(self, row: VehicleLine) -> Sequence[Any]:
        """One line of an export."""
        return row.plate, row.called, row.seats, row.wheelchairs, row.features, row.fuel, row.km, row.ends

    def add_deeds(self) -> None:
        """Make the page's deeds known."""
        self.forms = VehicleForms(self)
        tr = self.tr
        self.page_deed("new", tr("Add a vehicle"), "plus", "Ctrl+N", partial(self.forms.with_zones, None), add_vehicles)
        self.deed("edit", tr("Edit"), "pencil", "E", self.forms.with_zones, edit_vehicle)
        self.deed("paper", tr("Paper"), "file-check", "R", self.forms.paper, add_paper)
        self.deed("outage", tr("Workshop"), "wrench", "W", self.forms.outage, note_outage)
        self.deed("ready", tr("Ready"), "circle-check", "U", self.forms.ready, end_outage,
                  lambda card: bool(card.outages))  # fmt: skip
        self.deed("fuel", tr("Fuel"), "gauge", "F", self.forms.fuel, note_fuel)
        self.deed("service", tr("Upkeep"), "settings", "S", self.forms.service, note_service)
        self.deed("read", tr("Odometer"), "hash", "O", self.forms.read_odometer, read_odometer)
        self.deed("incident", tr("Incident"), "triangle-alert", "I", self.forms.incident, report_incident)
        self.deed("print", tr("Print tag"), "qr-code", "P", self.forms.print, vehicle_card)
        self.deed("retire", tr("Retire"), "archive", "", self.forms.retire, retire_vehicles)

    def pieces(self, card: VehicleCard) -> Iterable[Any]:
        """What the card shows."""
        form = card.form
        ready = Status(self.tr("Ready"), "ok", "circle-check")
        chips = [Status(card.barred.rstrip("."), "bad", "file-warning")] if card.barred else [ready]
        if card.service_due:
            chips.append(Status(self.tr("Service due"), "warn", "wrench"))
        burnt = card.fuel
        usual = "" if burnt.usual is None else self.tr("{rate} l for 100 km").format(rate=f"{burnt.usual:.1f}")
        room = " · ".join(
            part
            for part in (
                self.tr("{count:seat|seats}").format(count=Count(form.seats)),
                self.tr("{count:wheelchair place|wheelchair places}").format(count=Count(form.wheelchairs))
                if form.wheelchairs
                else "",
                self.tr("{n} luggage").format(n=form.luggage) if form.luggage else "",
            )
            if part
        )
        yield from head(f"{form.make} {form.model}", form.plate, *chips)
        yield facts(
            ("users", self.tr("Room"), room),
            ("star", self.tr("Features"), form.features),
            ("id-card", self.tr("Driver must have"), driver_words(form.licence, form.driver_needs)),
            ("gauge", self.tr("Odometer"), "" if card.km is None else f"{card.km:,} km"),
            ("zap", self.tr("Fuel"), " · ".join(part for part in (form.fuel, usual) if part)),
            ("wrench", self.tr("Next service"), card.service),
            ("coins", self.tr("Cost"), self.tr("{day} a day, {km} a km").format(
                day=money(form.day_cents), km=money(form.km_cents)) if form.day_cents or form.km_cents else ""),
            ("qr-code", self.tr("Tag"), grouped(card.code) if card.code else ""),
            ("sticky-note", self.tr("Notes"), form.notes),
        )  # fmt: skip
        yield rule()
        yield self.deeds()
        yield from section(
            self.tr("Papers"),
            [(day(p.expires), self._paper_words(p)) for p in card.papers],
            self.tr("No papers on record: the vehicle stays out of every plan."),
        )
        away = [
            (
                f"{local(s):%d %b %H:%M}",
                self.tr("{reason} until {end}").format(reason=r, end=f"{local(e):%d %b %H:%M}"),
            )
            for _, s, e, r in card.outages
        ]
        trips = [
            (f"{local(t.starts):%d %b %H:%M}", f"{t.whom} · {self.tr('back')} {local(t.ends):%H:%M}")
            for t in card.ahead
        ]
        yield from section(self.tr("Ahead"), [*away, *trips], self.tr("Nothing is planned with it."))
        legs = [
            (f"{local(leg.at):%d %b}", f"{leg.per_100:.1f} l / 100 km, {leg.km:,} km"
             + (self.tr(" · does not fit the others") if leg.odd else ""))
            for leg in burnt.legs[:6]
        ]  # fmt: skip
        yield from section(self.tr("Fuel"), legs, self.tr("Two full tanks tell what it burns."))
        happened = [(f"{local(i.at):%d %b}", f"{i.reference} · {i.what[:70]}") for i in card.incidents]
        if happened:
            yield from section(self.tr("Incidents"), happened, "")

    def _paper_words(self, paper: Any) -> str:
        chip = paper_status(paper.tone, PAPER_WORDS[paper.kind])
        gone = {"gone": self.tr("has run out"), "30": self.tr("ends within 30 days"), "60": self.tr("within 60 days"),
                "90": self.tr("within 90 days")}.get(paper.tone, "")  # fmt: skip
        lacks = self.tr("lacks {what}").format(what=", ".join(paper.missing)) if paper.missing else ""
        return " · ".join(part for part in (chip.word, paper.number, gone, lacks) if part)
