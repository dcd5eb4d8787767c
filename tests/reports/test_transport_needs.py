"""What the Today page says of transport: late, without a vehicle, to approve, papers that end in 30, 60 and 90 days."""

from __future__ import annotations

from datetime import date, timedelta

from cbo_desk.reports import What, transport_needs
from cbo_desk.transport import DRIVER, VEHICLE, PaperForm, add_paper, approve_requests, make_requests
from tests.transport.conftest import at, fleet
from tests.transport.test_planning import form
from ui.today.words import worded

__all__ = ["fleet"]
TODAY = date(2026, 8, 24)


def test_trips_and_papers(office, clock, fleet):
    ids = office.write(make_requests, [form(fleet), form(fleet, hour=14), form(fleet, hour=35)]).ids
    office.write(approve_requests, ids[:2])
    renewed = {VEHICLE: fleet.vehicles, DRIVER: fleet.drivers}
    for kind, which, paper, days in (
        (VEHICLE, 0, "moss", 20), (VEHICLE, 1, "moss", 50), (VEHICLE, 2, "moss", 90), (DRIVER, 0, "permit", -1),
        (DRIVER, 1, "permit", 91),
    ):  # fmt: skip
        begins = TODAY - timedelta(days=100)
        office.write(add_paper, kind, renewed[kind][which], PaperForm(paper, begins, TODAY + timedelta(days=days)))
    clock.now = at(11.5)
    told = [(need.what, need.name, need.within) for need in office.read(transport_needs)]
    assert told == [
        (What.NEEDS_VEHICLE, "T-0001", 0),
        (What.NEEDS_VEHICLE, "T-0002", 0),
        (What.TRIP_TO_APPROVE, "T-0003", 0),
        (What.DRIVER_PAPER_ENDS, "Otieno, Joseph", 0),
        (What.PAPER_ENDS, "UN 041", 30),
        (What.PAPER_ENDS, "UN 022", 60),
        (What.PAPER_ENDS, "UN 117", 90),
    ]
    first, second = [worded(need, clock.now) for need in office.read(transport_needs)][:2]
    assert (first.title, first.verb, first.status.word, first.status.tone) == (
        "T-0001 needs a vehicle", "Assign", "Late 15 min", "bad",
    )  # fmt: skip
    assert (second.status.word, second.status.tone) == ("In 2 h 30 min", "warn")
    # Long after they have run out, it is not said that they will.
    clock.now = at(9) + timedelta(days=400)
    words = [worded(need, clock.now).title for need in office.read(transport_needs) if need.within == 0]
    assert "9 papers of the fleet have run out" in words
    assert "5 papers of drivers have run out" in words
    assert not any("runs out" in each for each in words)
