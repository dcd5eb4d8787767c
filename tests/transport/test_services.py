"""Shuttles, incidents and files on both engines: capacity held by the database, every bad line told by its number."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from cbo_desk.charges import ChargeFilter, charge_totals
from cbo_desk.errors import Faults, Refusal
from cbo_desk.transport import (
    IncidentForm,
    IncidentList,
    RequestFilter,
    RequestList,
    ShuttleForm,
    StopForm,
    VehicleList,
    add_shuttle,
    assign_request,
    close_incident,
    depart,
    driver_card,
    give_up_seats,
    incident_of,
    keep_seats,
    report_incident,
    request_card,
    return_trip,
    run_shuttles,
    shuttles,
    stop_shuttle,
    vehicle_card,
)
from cbo_desk.transport.files import import_drivers, import_requests, import_vehicles, import_zones
from db.shuttles import ShuttleSeat
from db.transport import TripRequest
from tests.rows import undo
from tests.transport.conftest import at
from tests.transport.test_planning import weekly
from tests.writing import rows

__all__ = ["weekly"]
DAY = date(2026, 8, 24)


@pytest.fixture
def evening(office, weekly):
    """A shuttle of two seats from the compound to the centre on weekdays."""
    stops = (StopForm(weekly.zones["GIG"], 1050, "Gate 2"), StopForm(weekly.zones["CBD"], 1090))
    return office.write(add_shuttle, ShuttleForm("eve", "Evening", weekly.entities[0], 2, stops)).ids[0]


def test_seats_are_given_once_and_charged_each(office, clock, weekly, evening):
    fleet = weekly
    office.write(keep_seats, evening, DAY, ["Ngozi Okafor"], fleet.entities[0])
    office.write(keep_seats, evening, DAY, ["Iris Bello"], fleet.entities[1])
    for names, day, sentence in (
        (["Tom"], DAY, "EVE has 0 of 2 seats left"), ([" "], DAY, "Say who travels"),
        (["Tom"], date(2026, 8, 29), "EVE does not run on that day"),
    ):  # fmt: skip
        with pytest.raises(Refusal, match=sentence):
            office.write(keep_seats, evening, day, names, fleet.entities[0])
    [ident] = office.write(run_shuttles, DAY).ids
    with pytest.raises(Refusal, match="on the list already"):
        office.write(run_shuttles, DAY)
    [row] = office.read(shuttles, DAY)
    assert (row.request_id, [seat[2] for seat in row.taken]) == (ident, ["Ngozi Okafor", "Iris Bello"])
    office.write(assign_request, ident, office.read(request_card, ident).version, fleet.vehicles[0], fleet.drivers[0])
    trip = office.read(request_card, ident).row.trip_id
    clock.now = at(17.5)
    office.write(depart, trip, 10)
    clock.now = at(18.5)
    office.write(return_trip, trip, 40)
    totals = {each.entity: each.amount for each in office.read(charge_totals, ChargeFilter(desk="transport"))}
    assert totals == {"UNEP": Decimal("1.50"), "UNON": Decimal("1.50")}


def test_seats_given_up_and_services_stopped(office, weekly, evening):
    kept = office.write(keep_seats, evening, DAY, ["A", "B"], weekly.entities[0])
    undo(office, undo(office, kept))
    seats = rows(office, select(ShuttleSeat.id))
    office.write(give_up_seats, [seats[0][0]])
    office.write(keep_seats, evening, DAY, ["C"], weekly.entities[0])
    done = office.write(stop_shuttle, evening)
    assert office.read(shuttles, DAY) == []
    undo(office, done)
    assert [seat[2] for seat in office.read(shuttles, DAY)[0].taken] == ["C", "B"]
    for wrong, sentence in (
        (ShuttleForm("EVE", "x", weekly.entities[0], 2, ()), "Another shuttle has the code EVE"),
        (ShuttleForm("X", "x", weekly.entities[0], 0, ()), "one seat at least"),
        (ShuttleForm("X", "x", weekly.entities[0], 2, (), "8"), "numbers from 1"),
        (ShuttleForm("X", "x", weekly.entities[0], 2, ()), "two stops at least"),
    ):
        with pytest.raises(Refusal, match=sentence):
            office.write(add_shuttle, wrong)


def test_incidents(office, clock, weekly):
    vehicle, driver = weekly.vehicles[0], weekly.drivers[0]
    for wrong, sentence in (
        (IncidentForm(vehicle, "accident", at(8), " "), "Say what happened"),
        (IncidentForm(vehicle, "ufo", at(8), "x"), "Choose what kind"),
        (IncidentForm(vehicle, "accident", at(20), "x"), "still to come"),
        (IncidentForm(99, "accident", at(8), "x"), "no longer in the fleet"),
    ):
        with pytest.raises(Refusal, match=sentence):
            office.write(report_incident, wrong)
    report = IncidentForm(vehicle, "accident", at(8), "Scratch", "Gate 1", driver)
    [ident] = office.write(report_incident, report).ids
    row = office.read(incident_of, ident)
    assert (row.reference, row.vehicle, row.driver) == ("I-0001", "UN 041", "Otieno, Joseph")
    done = office.write(close_incident, ident)
    undo(office, done)
    assert office.read(incident_of, ident).closed_at is None
    assert [line.row.reference for line in office.read(IncidentList("scratch").first)] == ["I-0001"]
    assert [each.reference for each in office.read(vehicle_card, vehicle).incidents] == ["I-0001"]


def test_files_are_taken_whole_or_not_at_all(office, fleet, tmp_path):
    file = tmp_path / "x.csv"

    def write(text):
        file.write_text(text, encoding="utf-8")
        return file

    office.write(import_zones, write("Code;Name;Latitude;Longitude\nKAR;Karen;-1.319;36.707\n"))
    office.write(import_vehicles, write("Plate,Seats,Make,Home\nUN 200,7,Toyota,KAR\nUN 201,4,Nissan,\n"))
    listed = [line.row.plate for line in office.read(VehicleList().first)]
    assert listed[-2:] == ["UN 200", "UN 201"]
    office.write(import_drivers, write('Person,Classes,Days,From,To\n"Okafor, Ngozi",B,12345,07:00,15:30\n'))
    assert office.read(driver_card, 4).hours == "Mon Tue Wed Thu Fri 07:00 to 15:30"
    heads = "Entity,Requester,Purpose,From,To,Day,Pick-up,There by,Passengers\n"
    good = "UNEP,Okafor,Meeting,GIG,UH,2026-08-25,11:00,,2\n"
    office.write(import_requests, write(heads + good + good))
    assert len(office.read(RequestList(RequestFilter()).first)) == 2
    bad = (
        "UNEP,Okafor,Meeting,GIG,MARS,2026-08-25,11:00,,2\n"
        "UNEP,Okafor,Meeting,GIG,UH,2026-08-25,11:00,10:00,2\n"
        "UNEP,Okafor,Meeting,GIG,UH,2026-08-25,11:00,11:10,2\n"
        "UNEP,Okafor,Meeting,GIG,UH,2026-08-25,11:00,,60\n"
        "NOBODY,Okafor,Meeting,GIG,UH,2026-08-25,11:00,,2\n"
        "UNEP,Okafor,Meeting,GIG,UH,25th,11:00,,2\n"
    )
    with pytest.raises(Faults) as caught:
        office.write(import_requests, write(heads + good + bad))
    assert [sentence.split(":")[0] for sentence in caught.value.faults.values()] == [f"Line {n}" for n in range(3, 9)]
    told = " ".join(caught.value.faults.values())
    for words in ("no zone MARS", "comes after the pick-up", "about 30 min", "No vehicle takes 60", "entity “NOBODY”",
                  "“25th” is no day"):  # fmt: skip
        assert words in told
    assert len(rows(office, select(TripRequest.id))) == 2
    for command, text, sentence in (
        (import_vehicles, "Plate,Seats\nUN 200,7\nUN 041,x\n", "Another vehicle has the plate UN 200.*Line 3.*whole"),
        (import_drivers, "Person\nNobody\n", "is nobody on the People page"),
        (import_zones, "Code,Latitude\nX,north\n", "is no number of degrees"),
        (import_zones, "Name\nx\n", "has no column code"),
        (import_requests, heads, "holds no lines"),
    ):  # fmt: skip
        with pytest.raises(Refusal, match=sentence):
            office.write(command, write(text))
