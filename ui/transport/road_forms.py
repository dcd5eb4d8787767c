"""What happens on the road: departure and return with their readings, and incidents, in boxes that a scan can save."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from PySide6.QtCore import QObject

from cbo_desk.context import clock, local
from cbo_desk.errors import Refusal
from cbo_desk.tags import Answer, resolve
from cbo_desk.transport import TRIP, IncidentForm, depart, report_incident, return_trip
from cbo_desk.transport.incidents import KINDS
from cbo_desk.transport.readings import Readings, trip_readings
from ui.bench import Bench
from ui.kit.dialogs import FormBox, open_form
from ui.kit.fields import Field
from ui.kit.form_scans import hear_in_form
from ui.kit.forms import Form
from ui.kit.scanning.feed import Outcome, Scanned
from ui.transport.times import hour_field, instant, shown

Done = Callable[[], object]
Failed = Callable[[Exception], object]


class RoadForms(QObject):
    """Opens the boxes of the road. The one that is open is known, so that a second scan of its ticket saves it."""

    def __init__(self, bench: Bench, parent: QObject) -> None:
        super().__init__(parent)
        self._bench = bench
        self._open: tuple[int, FormBox] | None = None

    def box_of(self, trip_id: int) -> FormBox | None:
        """The open box of a trip, if there is one."""
        if self._open is not None and self._open[0] == trip_id and self._bench.shell.actions_.covered():
            return self._open[1]
        return None

    def depart(self, trip_id: int) -> None:
        """Ask for the reading at departure, the last one filled in."""
        self._bench.runner.read(self, trip_readings, trip_id, done=partial(self._depart, trip_id))

    def come_back(self, trip_id: int) -> None:
        """Ask for the reading at return, filled in from the plan."""
        self._bench.runner.read(self, trip_readings, trip_id, done=partial(self._come_back, trip_id))

    def _depart(self, trip_id: int, told: Readings) -> None:
        form = Form(
            [
                Field("km", self.tr("Odometer"), "number", required=True, hint=self.tr("kilometres")),
                Field("explained", self.tr("Why, if it differs from the last reading")),
            ]
        )
        form.set_values({"km": told.last, "explained": ""})

        def save(values: Mapping[str, Any], done: Done, failed: Failed) -> None:
            order = (depart, trip_id, int(values["km"]), str(values["explained"]))
            self._bench.runner.write(*order, done=lambda _changes: done(), failed=failed)

        words = self.tr("The last reading is filled in. Scan the ticket again to save.")
        heading = self.tr("{vehicle} leaves").format(vehicle=told.vehicle)
        self._show(trip_id, FormBox(heading, form, save, self.tr("Leaves"), summary=words, width=440))

    def _come_back(self, trip_id: int, told: Readings) -> None:
        form = Form(
            [
                Field("km", self.tr("Odometer"), "number", required=True, hint=self.tr("kilometres")),
                Field("private_km", self.tr("Of these private"), "number", beside=True),
                Field("explained", self.tr("Why, if it went backwards or jumped")),
            ]
        )
        form.set_values({"km": told.expected, "private_km": 0, "explained": ""})

        def save(values: Mapping[str, Any], done: Done, failed: Failed) -> None:
            order = (
                return_trip, trip_id, int(values["km"]), int(values["private_km"] or 0), str(values["explained"])
            )  # fmt: skip
            self._bench.runner.write(*order, done=lambda _changes: done(), failed=failed)

        words = self.tr("Left at {km} km. The planned way is filled in: read the odometer, or scan again to save.")
        heading = self.tr("{vehicle} is back").format(vehicle=told.vehicle)
        summary = words.format(km=f"{told.last:,}")
        self._show(trip_id, FormBox(heading, form, save, self.tr("Is back"), summary=summary, width=480))

    def incident(self, vehicle_id: int, driver_id: int, trip_id: int | None, called: str) -> None:
        """Ask what happened to a vehicle."""
        form = Form(
            [
                Field("kind", self.tr("Kind"), "choice", required=True, choices=list(KINDS.items())),
                Field("day", self.tr("Day"), "date", required=True, beside=True),
                hour_field("at", self.tr("At"), required=True),
                Field("place", self.tr("Where")),
                Field("what", self.tr("What happened"), "long", required=True),
                Field("police", self.tr("Police reference")),
                Field("injured", self.tr("Somebody was hurt"), "yes", beside=True),
            ],
            f"transport.incident.{vehicle_id}",
            self._bench.drafts,
        )
        now = clock()
        form.set_values({"kind": "accident", "day": local(now).date(), "at": shown(now)})

        def save(values: Mapping[str, Any], done: Done, failed: Failed) -> None:
            try:
                at = instant(dict(values), "day", "at")
            except Refusal as refusal:
                failed(refusal)
                return
            report = IncidentForm(
                vehicle_id, str(values["kind"]), at or now, str(values["what"]), str(values["place"]),
                driver_id or None,
                trip_id, bool(values["injured"]), str(values["police"]),
            )  # fmt: skip
            self._bench.runner.write(report_incident, report, done=lambda _changes: done(), failed=failed)

        heading = self.tr("Incident with {vehicle}").format(vehicle=called)
        words = self.tr("Photos are put on the report's card, on the Incidents page.")
        open_form(self._bench.shell, FormBox(heading, form, save, self.tr("Report"), summary=words, width=560))

    def _show(self, trip_id: int, box: FormBox) -> None:
        self._bench.feed.ask(box, partial(self._heard, trip_id, box))
        opened = open_form(self._bench.shell, box)
        self._open = trip_id, opened
        opened.closed.connect(self._closed)

    def _heard(self, trip_id: int, box: FormBox, scan: Scanned) -> None:
        """The ticket of the trip saves; anything else waits until its readings are noted."""

        def told(found: Answer) -> None:
            opened = found.opened
            if opened is not None and (opened.kind, opened.record_id) == (TRIP, trip_id):
                words = box.tr("{ticket}: saved").format(ticket=opened.title)
                self._bench.feed.done(scan, Outcome(True, words))
                box.save()
            else:
                hear_in_form(self._bench.feed, box.form, scan)

        def failed(error: Exception) -> None:
            self._bench.runner.failed.emit(error)
            self._bench.feed.done(scan, Outcome(False, box.tr("Nothing was looked up. Scan it again.")))

        self._bench.runner.read(self, resolve, scan.text, done=told, failed=failed)

    def _closed(self) -> None:
        self._open = None
