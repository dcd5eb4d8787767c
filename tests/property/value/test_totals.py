"""Policies, rates and totals on both engines, against figures computed by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import IntegrityError

from cbo_desk.dated import set_value
from cbo_desk.errors import Refusal
from cbo_desk.permissions import Actor, Role
from cbo_desk.progress import Cancelled, Progress
from cbo_desk.property import add_category, receive_assets
from cbo_desk.property.value import (
    PolicyForm,
    Recognition,
    asset_schedule,
    asset_value,
    breakdown,
    rates,
    set_rate,
    set_value_policy,
    valuation,
    value_policies,
)
from cbo_desk.property.value.breakdown_file import COLUMNS as BREAKDOWN
from cbo_desk.property.value.breakdown_file import rows as breakdown_rows
from cbo_desk.property.value.exporting import columns, rows
from db.property import Asset, Category
from tests.property.conftest import compound, laptop
from tests.writing import insert

__all__ = ["compound", "laptop"]
ORDER = "ST/AI/2015/4"
RATES = "UN operational rates of exchange"


def receive(office, form, **changes):
    return office.write(receive_assets, replace(form, **changes)).ids[0]


@pytest.fixture
def stock(office, compound, laptop):
    """A laptop of 1,684.00 and one in shillings, a chair of 90.00 in another building, one thing without any date."""
    ict = office.write(add_category, "ICT", "Computers", 60).ids[0]
    chairs = office.write(add_category, "FUR", "Furniture", 120).ids[0]
    return {
        "ict": ict,
        "chairs": chairs,
        "laptop": receive(office, laptop, category_id=ict, place_id=compound.places["M-214"]),
        "shillings": receive(
            office, laptop, inventory_no="UNEP-2", serial="2", category_id=ict, currency="KES", cost_cents=13_000_000
        ),
        "chair": receive(
            office, laptop, entity_id=compound.wfp, inventory_no="C-1", serial="", category_id=chairs,
            place_id=compound.places["S1"], cost_cents=9_000, acquired_on=date(2021, 8, 1),
        ),
        "undated": receive(office, laptop, inventory_no="UNEP-3", serial="3", acquired_on=None),
    }  # fmt: skip


def test_totals_by_entity(office, stock):
    office.write(set_rate, "kes", date(2025, 1, 1), 130_000_000, RATES)
    found = office.read(valuation, date(2026, 6, 30))
    # January to June 2026: 168,400 × 54/60 = 151,560; 130,000.00 KES at 130 are 1,000.00 USD, × 54/60 = 900.00.
    # The chair: August 2021 to June 2026 are 59 of 120 months: 9,000 × 61/120 = 4,575.
    assert [(line.code, line.assets, line.cost, line.value) for line in found.lines] == [
        ("UNEP", 2, 268_400, 241_560),
        ("WFP", 1, 9_000, 4_575),
    ]
    assert (found.total.assets, found.total.cost, found.total.value) == (3, 277_400, 246_135)
    assert (found.undated, found.without_rate) == (1, {})
    told = list(rows(found))
    assert told[0] == ("UNEP", "Environment", 2, 2684.00, 268.40, 2415.60)
    assert told[-1][0] == "Total"
    assert len(told[0]) == len(columns("entity"))


def test_what_has_no_rate_is_counted_and_named(office, stock):
    found = office.read(valuation, date(2026, 6, 30))
    assert found.without_rate == {"KES": 1}
    assert found.total.assets == 2
    worth = office.read(asset_value, stock["shillings"], date(2026, 6, 30))
    assert (worth.value, worth.value_usd) == (11_700_000, None)
    assert "No rate of KES is known for 30 January 2026" in worth.why


@pytest.mark.parametrize(
    ("by", "lines"),
    [
        ("class", [("Computers", 1, 151_560), ("Furniture", 1, 4_575)]),
        ("place", [("M-214", 1, 151_560), ("S1", 1, 4_575)]),
    ],
)
def test_totals_by_class_and_place(office, stock, by, lines):
    found = office.read(valuation, date(2026, 6, 30), by)
    assert [(line.name, line.assets, line.value) for line in found.lines] == lines
    assert found.total == office.read(valuation, date(2026, 6, 30)).total


def test_totals_by_threshold(office, stock):
    insert(office, lambda s: s.execute(update(Category).where(Category.id == stock["ict"]).values(attractive=True)))
    office.write(set_rate, "KES", date(2025, 1, 1), 130_000_000, RATES)
    found = {line.code: line.assets for line in office.read(valuation, date(2026, 6, 30), "threshold").lines}
    assert found == {Recognition.TRACKED: 1, Recognition.ATTRACTIVE: 1, Recognition.BELOW: 1}
    office.write(set_value_policy, PolicyForm(date(2021, 1, 1), None, stock["chairs"], grouped=True, source=ORDER))
    office.write(set_value, "value_track_from", date(2020, 1, 1), 2000, "", ORDER)
    found = {line.code: line.assets for line in office.read(valuation, date(2026, 6, 30), "threshold").lines}
    assert found == {Recognition.ATTRACTIVE: 2, Recognition.GROUP: 1}


def test_past_and_future_and_the_disposed(office, stock, clock):
    assert office.read(valuation, date(2021, 7, 31)).total.assets == 0
    assert office.read(valuation, date(2021, 12, 31)).total.value == 8_625  # 9,000 × 115/120
    assert office.read(valuation, date(2031, 7, 31)).total.value == 0
    end = {"state": "awaiting_disposal", "state_since": date(2026, 3, 10)}
    insert(office, lambda s: s.execute(update(Asset).where(Asset.id == stock["chair"]).values(**end)))
    assert office.read(valuation, date(2026, 6, 30)).total.assets == 2, "waiting is not gone"


def test_a_policy_of_one_entity_changes_its_own_only(office, stock, compound):
    # From July 2026 UNEP's computers live 36 months: 30 are left after 6, 151,560 × 24/30 in December.
    made = office.write(
        set_value_policy, PolicyForm(date(2026, 9, 1), compound.unep, stock["ict"], life_months=36, source=ORDER)
    )
    assert made.said == "UNEP, Computers: the policy counts from 1 September 2026."
    # 8 months charged by August: 168,400 × 52/60 = 145,946.67 -> 145,947 left (22,453 charged); 28 months left.
    # September to December: 145,947 × 4/28 = 20,849.57 -> 20,850.
    found = office.read(asset_value, stock["laptop"], date(2026, 12, 31))
    assert found.value == 145_947 - 20_850
    assert found.source == ORDER
    assert office.read(valuation, date(2026, 12, 31), "class").lines[0].value == 125_097
    assert office.read(value_policies)[0].entity == "UNEP"
    office.write(made.undo.command, *made.undo.args)
    assert office.read(asset_value, stock["laptop"], date(2026, 12, 31)).value == 134_720
    assert office.read(value_policies) == []


def test_a_schedule_adds_up(office, stock):
    months = office.read(asset_schedule, stock["laptop"], date(2030, 12, 31))
    assert (len(months), sum(month.charge for month in months), months[-1].value) == (60, 168_400, 0)
    assert [month.charge for month in months[:3]] == [2_807, 2_806, 2_807]


def test_rates_are_those_of_the_day_of_acquisition(office, stock):
    office.write(set_rate, "KES", date(2025, 1, 1), 130_000_000, RATES)
    again = office.write(set_rate, "KES", date(2026, 2, 1), 100_000_000, RATES)
    assert office.read(asset_value, stock["shillings"]).cost_usd == 100_000
    assert [line.rate.per_usd_micros for line in office.read(rates)] == [100_000_000, 130_000_000]
    office.write(again.undo.command, *again.undo.args)
    assert len(office.read(rates)) == 1


def test_nonsense_is_refused_beside_its_field(office, compound):
    with pytest.raises(Refusal, match="0 and 1,200 months") as refused:
        office.write(set_value_policy, PolicyForm(date(2026, 9, 1), life_months=-1))
    assert set(refused.value.faults) == {"life_months", "source"}
    with pytest.raises(Refusal, match="three letters"):
        office.write(set_rate, "USD", date(2026, 9, 1), 1, RATES)
    with pytest.raises(Refusal, match="above zero"):
        office.write(set_rate, "KES", date(2026, 9, 1), 0, RATES)


def test_days_that_are_over_are_the_administrators(office, compound):
    office.actor = Actor("sam", "Sam", {"property": Role.SUPERVISOR})
    with pytest.raises(Refusal, match="days that are over"):
        office.write(set_rate, "KES", date(2020, 1, 1), 130_000_000, RATES)
    office.write(set_rate, "KES", date(2026, 9, 1), 130_000_000, RATES)
    office.actor = Actor("cleo", "Cleo", {"property": Role.CLERK})
    with pytest.raises(Refusal, match="You may not set policies of value"):
        office.write(set_value_policy, PolicyForm(date(2026, 9, 1), source=ORDER))


ATTACKS = (
    "UPDATE value_policy SET life_months = -1",
    "UPDATE value_policy SET residual_bp = 10001",
    "UPDATE value_policy SET method = 'guess'",
    "UPDATE value_policy SET source = ''",
    "UPDATE value_policy SET scope = '7/7'",
    "UPDATE exchange_rate SET per_usd_micros = 0",
    "INSERT INTO exchange_rate (currency, valid_from, per_usd_micros, source, version) "
    "SELECT currency, valid_from, 5, source, 1 FROM exchange_rate",
)


def test_the_database_holds_the_rules_itself(office, compound):
    office.write(set_value_policy, PolicyForm(date(2026, 9, 1), compound.unep, life_months=36, source=ORDER))
    office.write(set_rate, "KES", date(2026, 9, 1), 130_000_000, RATES)
    with office.engine.begin() as connection:
        connection.execute(text("UPDATE value_policy SET life_months = 48"))  # the control: what may be changed is
    for statement in ATTACKS:
        with pytest.raises(IntegrityError), office.engine.begin() as connection:
            connection.execute(text(statement))


def test_a_long_count_can_be_stopped(office, stock):
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        office.read(valuation, date(2026, 6, 30), "entity", progress)


@pytest.mark.parametrize("by", ["entity", "class", "place", "threshold"])
def test_every_line_is_the_sum_of_the_assets_behind_it(office, stock, by):
    office.write(set_rate, "KES", date(2026, 1, 1), 130_000_000, RATES)
    found = office.read(valuation, date(2026, 6, 30), by)
    seen = set()
    for line in found.lines:
        parts = breakdown(office, found.on, by, line)
        assert (len(parts), sum(p.cost for p in parts), sum(p.value for p in parts)) == (
            line.assets, line.cost, line.value,
        )  # fmt: skip
        assert [p.value for p in parts] == sorted((p.value for p in parts), reverse=True)
        assert {len(row) for row in breakdown_rows(parts)} == {len(BREAKDOWN)}
        seen |= {p.id for p in parts}
    assert seen == {stock["laptop"], stock["shillings"], stock["chair"]}
