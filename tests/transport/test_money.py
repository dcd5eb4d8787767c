"""Money and fuel: parts add up exactly, statements come to the books, figures are what one reckons by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from cbo_desk.errors import Refusal
from cbo_desk.transport import (
    Fill,
    Upkeep,
    approve_requests,
    assign_request,
    cancel_fill,
    depart,
    make_requests,
    note_fuel,
    note_service,
    read_odometer,
    request_card,
    return_trip,
    take_return_back,
    vehicle_card,
)
from cbo_desk.transport.fuel_rules import Tank, between_full_tanks, odd_ones
from cbo_desk.transport.performance import performance
from cbo_desk.transport.sharing import split
from cbo_desk.transport.statement import last_day, month_totals, statement, write_statement
from tests.transport.conftest import at
from tests.transport.test_planning import form, weekly

__all__ = ["weekly"]
AMOUNTS = st.integers(0, 10**9)
WEIGHTS = st.lists(st.integers(0, 10**6), min_size=1, max_size=12)


@given(AMOUNTS, WEIGHTS)
def test_parts_add_up_and_none_is_a_cent_off(cents, weights):
    parts = split(cents, weights)
    assert sum(parts) == cents
    total = sum(weights)
    for part, weight in zip(parts, weights, strict=True):
        exact = Fraction(cents * weight, total) if total else Fraction(cents, len(weights))
        assert abs(part - exact) < 1


@given(AMOUNTS, WEIGHTS)
def test_who_travels_more_never_pays_less(cents, weights):
    parts = split(cents, weights)
    for one, other in zip(range(len(weights)), range(1, len(weights)), strict=False):
        if weights[one] >= weights[other]:
            assert parts[one] >= parts[other]


def test_what_cannot_be_split():
    for cents, weights in ((1, []), (-1, [1]), (1, [-1, 2])):
        with pytest.raises(ValueError, match="split over some shares"):
            split(cents, weights)


def trip(office, clock, fleet, day, km, **more):
    """Drive one trip there and back on a day; ids of request and trip."""
    start = at(11, day)
    asked = replace(form(fleet, **more), pickup_from=start)
    clock.now = start - timedelta(hours=3)
    [ident] = office.write(make_requests, [asked]).ids
    office.write(approve_requests, [ident])
    version = office.read(request_card, ident).version
    [trip_id] = office.write(assign_request, ident, version, fleet.vehicles[0], fleet.drivers[0]).ids
    clock.now = start
    office.write(depart, trip_id)
    clock.now = start + timedelta(hours=1)
    office.write(return_trip, trip_id, office.read(vehicle_card, fleet.vehicles[0]).km + km)
    return ident, trip_id


def test_a_statement_comes_to_the_books(office, clock, weekly, tmp_path):
    fleet = weekly
    office.write(read_odometer, fleet.vehicles[0], 1000)
    trip(office, clock, fleet, 0, 33)
    _, second = trip(office, clock, fleet, 1, 17)
    trip(office, clock, fleet, 2, 8, official=False)
    office.write(take_return_back, second)
    [total] = office.read(month_totals, date(2026, 8, 24))
    # 33 km and an hour, 8 km at full cost and an hour; the second trip was taken back.
    assert total.amount == Decimal("24.30") + Decimal("12.10")
    shown = office.read(statement, total.entity_id, date(2026, 8, 24))
    assert [line.amount for line in shown.lines] == [
        Decimal("24.30"), Decimal("14.70"), Decimal("12.10"), Decimal("-14.70"),
    ]  # fmt: skip
    assert "not official, full cost" in shown.lines[2].what
    for kind in ("xlsx", "pdf", "csv"):
        path = tmp_path / f"statement.{kind}"
        assert write_statement(shown, path) == 4
        assert path.stat().st_size > 200
    sheet = load_workbook(tmp_path / "statement.xlsx").active
    rows = list(sheet.iter_rows(min_row=2, values_only=True))
    cents = [round(Decimal(str(row[6])) * 100) for row in rows]
    assert sum(cents[:-1]) == cents[-1] == 3640
    assert office.read(month_totals, date(2026, 7, 1)) == []
    assert last_day(date(2024, 2, 3)) == date(2024, 2, 29)


def test_figures_by_hand(office, clock, weekly):
    fleet = weekly
    office.write(read_odometer, fleet.vehicles[0], 1000)
    trip(office, clock, fleet, 0, 30, people=6)
    trip(office, clock, fleet, 1, 30, people=3)
    clock.now = at(13, 1)
    office.write(note_fuel, fleet.vehicles[0], Fill(6_000, 900, 1060))
    taken_back = office.write(note_fuel, fleet.vehicles[0], Fill(9_000, 900, 1060))
    office.write(cancel_fill, taken_back.undo.args[0])
    office.write(note_service, fleet.vehicles[0], Upkeep("service", date(2026, 8, 25), 1060, 2_100))
    found = office.read(performance, date(2026, 8, 24), date(2026, 8, 25))
    assert (found.trips, found.requests, found.km, found.hours) == (2, 2, 60, 2.0)
    assert found.utilisation == pytest.approx(2 / (3 * 2 * 10))
    assert found.seats_filled == pytest.approx(9 / 24)
    assert (found.pooled, found.on_time) == (0, 1)
    assert found.cents_a_km == pytest.approx(3_000 / 60)
    assert found.grams_a_km == pytest.approx(6_000 * 2.68 / 60)
    empty = office.read(performance, date(2026, 1, 3), date(2026, 1, 4))
    assert (empty.pooled, empty.seats_filled, empty.on_time, empty.cents_a_km, empty.utilisation) == (None,) * 5


def tanks(*fills):
    start = datetime(2026, 8, 1, tzinfo=at(0).tzinfo)
    return [Tank(start + timedelta(days=n), km, ml, full) for n, (km, ml, full) in enumerate(fills)]


def test_fuel_between_full_tanks_and_what_does_not_fit():
    legs = between_full_tanks(
        tanks((0, 40_000, True), (200, 10_000, False), (400, 30_000, True), (800, 41_000, True), (1200, 39_000, True),
              (1600, 40_000, True), (2000, 90_000, True), (2000, 1_000, True), (30, 40_000, True), (430, 40_000, True)),
        3.5,
    )  # fmt: skip
    # 40 l for 400 km: a partial fill counts with the next full one; no distance and a replaced odometer tell nothing.
    assert [(leg.km, leg.millilitres, leg.odd) for leg in legs] == [
        (400, 40_000, False), (400, 41_000, False), (400, 39_000, False), (400, 40_000, False), (400, 90_000, True),
        (400, 40_000, False),
    ]  # fmt: skip
    assert odd_ones([10, 90], 3.5) == [False, False]


def test_more_than_the_tank_holds(office, fleet):
    from cbo_desk.transport import VehicleForm, edit_vehicle

    shown = office.read(vehicle_card, fleet.vehicles[0])
    form_ = VehicleForm(**{n: getattr(shown.form, n) for n in shown.form.__dataclass_fields__})
    office.write(edit_vehicle, shown.id, shown.version, replace(form_, tank_l=70))
    with pytest.raises(Refusal, match="The tank of UN 041 holds 70 l") as caught:
        office.write(note_fuel, fleet.vehicles[0], Fill(90_000, 1, 100))
    assert caught.value.field == "litres"
