"""Maintenance on both engines: plans and services, repairs that follow the state, warranties that end."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text

from cbo_desk.errors import Faults, Refusal
from cbo_desk.property import State, asset_card, change_state, receive_assets
from cbo_desk.property.maintenance import (
    PLANS,
    REPAIRS,
    WARRANTIES,
    PlanForm,
    PlanList,
    RepairList,
    WarrantyList,
    WorkForm,
    change_plan,
    end_plans,
    note_repair,
    plan_service,
    record_service,
    remind_of_warranties,
    rows,
    upkeep_figures,
    upkeep_of,
)
from cbo_desk.property.maintenance.rules import days_out, months_on
from db.records import Notification
from tests.property.conftest import compound, laptop
from tests.writing import rows as read

__all__ = ["compound", "laptop"]


@pytest.fixture
def ids(office, laptop):
    """Three generators in service."""
    form = replace(laptop, description="Generator, Perkins 400 kVA", serial="", cost_cents=0)
    numbers = [f"G-{n}" for n in (1, 2, 3)]
    made = office.write(receive_assets, form, numbers).ids
    office.write(change_state, made, State.IN_SERVICE)
    return made


def undo(office, changes):
    assert changes.undo is not None
    return office.write(changes.undo.command, *changes.undo.args)


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.integers(1, 240))
def test_months_on_are_those_of_another_implementation(day, months):
    assert months_on(day, months) == day + relativedelta(months=months)


@pytest.mark.parametrize(
    ("began", "ended", "days"),
    [("2026-08-01", "2026-08-01", 0), ("2026-08-01", "2026-08-24", 23), ("2026-08-20", None, 4)],
)
def test_days_out_by_hand(began, ended, days):
    last = date.fromisoformat(ended) if ended else None
    assert days_out(date.fromisoformat(began), last, date(2026, 8, 24)) == days


def test_a_service_comes_round_again_and_is_taken_back(office, ids):
    form = PlanForm("Change oil and filters", date(2026, 9, 1), 6, "Car & General")
    planned = office.write(plan_service, ids, form)
    assert [line.row.days for line in office.read(PlanList(which="due").first)] == [8, 8, 8]
    plan_id = planned.ids[0]
    done = office.write(record_service, plan_id, date(2026, 8, 20), WorkForm("Car & General", 45_000, "KES", "Filter"))
    assert done.said == "G-1: Change oil and filters done. Due again on 20 February 2027."
    assert len(office.read(PlanList(which="due").first)) == 2
    upkeep = office.read(upkeep_of, ids[0])
    assert upkeep.cost == {"KES": 45_000}
    assert [(one.name, one.done_on, one.note) for one in upkeep.services] == [
        ("Change oil and filters", date(2026, 8, 20), "Filter")
    ]
    assert office.read(asset_card, ids[0]).events[0].said == (
        "Serviced on 20 Aug 2026 by Car & General: Change oil and filters."
    )
    undo(office, done)
    assert office.read(upkeep_of, ids[0]).services == ()
    assert [line.row.form.next_due for line in office.read(PlanList().first)] == [date(2026, 9, 1)] * 3
    undo(office, planned)
    assert office.read(PlanList().first) == []
    assert len(office.read(PlanList(which="ended").first)) == 3


def test_a_service_for_once_ends_with_being_done(office, ids):
    plan_id = office.write(plan_service, ids[:1], PlanForm("Load test", date(2026, 8, 1))).ids[0]
    (row,) = [line.row for line in office.read(PlanList(which="due").first)]
    assert row.days == -23
    assert office.read(upkeep_figures).late == 1
    later = replace(row.form, next_due=date(2026, 8, 30))
    changed = office.write(change_plan, plan_id, row.version, later)
    undo(office, changed)
    done = office.write(record_service, plan_id, date(2026, 8, 24), WorkForm())
    with pytest.raises(Refusal, match="Load test has ended"):
        office.write(record_service, plan_id, date(2026, 8, 24), WorkForm())
    undo(office, done)
    assert len(office.read(PlanList(which="due").first)) == 1
    with pytest.raises(Faults, match="still to come"):
        office.write(record_service, plan_id, date(2026, 8, 25), WorkForm())
    with pytest.raises(Faults, match="below zero"):
        office.write(record_service, plan_id, date(2026, 8, 24), WorkForm(cost_cents=-1))
    with pytest.raises(Faults, match="every 1 to 240 months"):
        office.write(plan_service, ids, PlanForm("X", date(2026, 9, 1), 0))
    office.write(end_plans, [plan_id])
    with pytest.raises(Refusal, match="ended already"):
        office.write(end_plans, [plan_id])


def test_a_repair_lasts_as_long_as_its_state(office, ids, clock):
    sent = office.write(change_state, ids[:2], State.UNDER_REPAIR, "Does not start")
    open_ones = [line.row for line in office.read(RepairList(which="open").first)]
    assert {(row.inventory_no, row.form.fault, row.days) for row in open_ones} == {
        ("G-1", "Does not start", 0),
        ("G-2", "Does not start", 0),
    }
    clock.now += timedelta(days=9)
    back = office.write(change_state, ids[:1], State.IN_SERVICE)
    (row,) = [line.row for line in office.read(RepairList(asset_id=ids[0]).first)]
    assert (row.began_on, row.ended_on, row.days) == (date(2026, 8, 24), date(2026, 9, 2), 9)
    office.write(note_repair, row.id, row.version, WorkForm("Mantrac", 1_250_00, "USD", "Starter", "Does not start"))
    assert office.read(upkeep_of, ids[0]).cost == {"USD": 125_000}
    assert office.read(upkeep_of, ids[0]).days_out == 9
    # Taken back: the same repair goes on, with what was noted of it.
    undo(office, back)
    (row,) = [line.row for line in office.read(RepairList(asset_id=ids[0]).first)]
    assert (row.ended_on, row.form.supplier) == (None, "Mantrac")
    # A second repair later is another one.
    office.write(change_state, ids[:1], State.IN_SERVICE)
    clock.now += timedelta(days=30)
    office.write(change_state, ids[:1], State.UNDER_REPAIR)
    clock.now += timedelta(days=1)
    office.write(change_state, ids[:1], State.MISSING)
    assert [line.row.days for line in office.read(RepairList(asset_id=ids[0]).first)] == [1, 9]
    assert office.read(upkeep_of, ids[0]).days_out == 10
    with pytest.raises(Refusal, match="has been changed since"):
        undo(office, sent)


def test_a_repair_that_never_was_is_gone_unless_something_was_noted(office, ids, clock):
    clock.now += timedelta(days=3)
    sent = office.write(change_state, ids[:1], State.UNDER_REPAIR)
    undo(office, sent)
    assert office.read(RepairList().first) == []
    sent = office.write(change_state, ids[:1], State.UNDER_REPAIR)
    (row,) = [line.row for line in office.read(RepairList().first)]
    office.write(note_repair, row.id, row.version, WorkForm(note="Looked at", cost_cents=100))
    undo(office, sent)
    (row,) = [line.row for line in office.read(RepairList().first)]
    assert (row.ended_on, row.days, row.form.note) == (row.began_on, 0, "Looked at")


ATTACKS = (
    ("UPDATE service_done SET cost_cents = 1", "service_done_frozen"),
    ("DELETE FROM service_done", "append-only"),
    ("UPDATE service_done SET cost_cents = -1", "service_done"),
    ("UPDATE service_plan SET every_months = 0", "rhythm"),
    ("UPDATE service_plan SET name = ''", "name_given"),
    ("UPDATE asset_repair SET cost_cents = -5", "cost_not_negative"),
    ("UPDATE asset_repair SET ended_on = '2020-01-01'", "days_in_order"),
    ("INSERT INTO asset_repair (asset_id, began_on) SELECT asset_id, began_on FROM asset_repair", "asset_repair"),
    ("DELETE FROM asset WHERE state = 'under_repair'", "(?i)foreign key"),
)


def test_the_database_keeps_what_was_done(office, ids):
    plan_id = office.write(plan_service, ids[:1], PlanForm("Load test", date(2026, 8, 1), 12)).ids[0]
    office.write(record_service, plan_id, date(2026, 8, 24), WorkForm(cost_cents=500))
    office.write(change_state, ids[:1], State.UNDER_REPAIR)
    for attack, word in ATTACKS:
        with pytest.raises(Exception, match=word), office.engine.begin() as connection:
            connection.execute(text(attack))
    # The controls: taking back goes through, and a change of state by SQL begins and ends a repair all the same.
    with office.engine.begin() as connection:
        connection.execute(text("UPDATE service_done SET taken_back = true"))
        connection.execute(
            text(f"UPDATE asset SET state = 'in_service', state_since = '2026-08-29' WHERE id = {ids[0]}")
        )
        connection.execute(text(f"UPDATE asset SET state = 'under_repair' WHERE id = {ids[1]}"))
        found = connection.execute(text("SELECT asset_id, ended_on FROM asset_repair ORDER BY id")).all()
    assert [(row[0], str(row[1])) for row in found] == [(ids[0], "2026-08-29"), (ids[1], "None")]


@pytest.fixture
def warranties(office, laptop):
    """Warranties that end around each border of the radar; today is 24 August 2026."""
    days = {"W-yesterday": -1, "W-today": 0, "W-30": 30, "W-31": 31, "W-60": 60, "W-90": 90, "W-91": 91}
    for number, ahead in days.items():
        until = date(2026, 8, 24) + timedelta(days=ahead)
        office.write(receive_assets, replace(laptop, inventory_no=number, serial=number, warranty_until=until))
    office.write(receive_assets, replace(laptop, inventory_no="W-none", serial=""))


@pytest.mark.parametrize(
    ("which", "numbers"),
    [
        ("ended", ["W-yesterday"]),
        ("30", ["W-today", "W-30"]),
        ("60", ["W-today", "W-30", "W-31", "W-60"]),
        ("90", ["W-today", "W-30", "W-31", "W-60", "W-90"]),
        ("all", ["W-yesterday", "W-today", "W-30", "W-31", "W-60", "W-90", "W-91"]),
    ],
)
def test_the_radar_knows_its_borders(office, warranties, which, numbers):
    listing = WarrantyList(which=which)
    assert [line.row.inventory_no for line in office.read(listing.first)] == numbers
    down = WarrantyList("w-3", "inventory_no", True, which)
    assert [line.row.inventory_no for line in office.read(down.first)] == sorted(
        (number for number in numbers if "W-3" in number), reverse=True
    )


def test_a_reminder_is_queued_once_a_day(office, warranties, clock):
    said = office.write(remind_of_warranties, "board@example.org", "30").said
    assert said == "A reminder of 2 warranties is queued for board@example.org."
    ((subject, body),) = read(office, select(Notification.subject, Notification.body))
    assert subject == "Warranties that end within 30 days: 2"
    assert "- 24 Aug 2026: W-today, Laptop, Dell Latitude 7450, serial W-today" in body
    with pytest.raises(Refusal, match="reminded of these today already"):
        office.write(remind_of_warranties, "board@example.org", "30")
    office.write(remind_of_warranties, "board@example.org", "ended")
    with pytest.raises(Refusal, match="is no e-mail address"):
        office.write(remind_of_warranties, "nobody", "90")
    clock.now += timedelta(days=1)
    office.write(remind_of_warranties, "board@example.org", "30")


def test_the_lists_for_a_file_have_a_cell_for_each_heading(office, ids, warranties):
    office.write(plan_service, ids, PlanForm("Change oil", date(2026, 9, 1), 6))
    office.write(change_state, ids, State.UNDER_REPAIR, "Broken")
    for columns, listing in ((PLANS, PlanList()), (REPAIRS, RepairList()), (WARRANTIES, WarrantyList(which="all"))):
        written = list(rows(office, listing))
        assert len(written) == office.read(listing.count)
        assert {len(row) for row in written} == {len(columns)}
