"""Depreciation against figures computed by hand, and against a loop over half months in exact fractions."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from fractions import Fraction
from math import ceil, floor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cbo_desk.property.value.depreciation import Step, carrying, schedule, steps, value_at_disposal, value_on
from cbo_desk.property.value.rules import FirstMonth, LastMonth, Method, PolicyBook, PolicyForm, Terms, month_of

FIVE_YEARS = ((0, Terms(60)),)


def since(day: date, terms: Terms) -> tuple[int, Terms]:
    return month_of(day), terms


# --- by hand


@pytest.mark.parametrize(
    ("on", "worth"),
    [
        # 1,684.00 over 60 months is 28.0666… a month; bought in mid-month, charged for the whole of January.
        (date(2026, 1, 29), 0),  # not bought yet
        (date(2026, 1, 30), 168_400),  # January is not over
        (date(2026, 1, 31), 165_593),  # 168,400 × 1/60 = 2,806.67 -> 2,807
        (date(2026, 2, 27), 165_593),
        (date(2026, 2, 28), 162_787),  # 168,400 × 2/60 = 5,613.33 -> 5,613
        (date(2026, 12, 31), 134_720),  # 168,400 × 12/60 = 33,680
        (date(2030, 12, 30), 2_807),  # 168,400 × 59/60 = 165,593.33 -> 165,593
        (date(2030, 12, 31), 0),
        (date(2050, 6, 30), 0),
    ],
)
def test_a_laptop_bought_in_mid_month(on, worth):
    assert value_on(168_400, date(2026, 1, 30), FIVE_YEARS, on) == worth


def test_half_a_month_first_and_last():
    """12,000.00 over 12 months, half a month first: 500.00, then 1,000.00 each, the last half in the thirteenth."""
    terms = ((0, Terms(12, first=FirstMonth.HALF, last=LastMonth.HALF)),)
    months = list(schedule(1_200_000, date(2025, 3, 17), terms, date(2026, 4, 30)))
    assert [month.charge for month in months] == [50_000, *[100_000] * 11, 50_000, 0]
    assert [month.ends for month in months][:2] == [date(2025, 3, 31), date(2025, 4, 30)]
    # Disposed of on 10 June: March 500, April and May 1,000 each, half of June 500.
    assert value_at_disposal(1_200_000, date(2025, 3, 17), terms, date(2025, 6, 10)) == 1_200_000 - 300_000


def test_from_the_next_month_on():
    terms = ((0, Terms(12, first=FirstMonth.NEXT)),)
    assert value_on(120_000, date(2025, 3, 1), terms, date(2025, 3, 31)) == 120_000
    assert value_on(120_000, date(2025, 3, 1), terms, date(2025, 4, 30)) == 110_000
    assert value_on(120_000, date(2025, 3, 1), terms, date(2026, 3, 31)) == 0


@pytest.mark.parametrize(
    ("last", "left"),
    # 6,000.00 over 60 months is 100.00 a month; bought in January, disposed of in June: five, five and a half, six.
    [(LastMonth.NONE, 550_000), (LastMonth.HALF, 545_000), (LastMonth.FULL, 540_000)],
)
def test_the_month_of_disposal(last, left):
    terms = ((0, Terms(60, last=last)),)
    assert value_at_disposal(600_000, date(2026, 1, 9), terms, date(2026, 6, 20)) == left
    assert value_on(600_000, date(2026, 1, 9), terms, date(2026, 6, 20), date(2026, 6, 20)) == 0
    assert value_on(600_000, date(2026, 1, 9), terms, date(2026, 6, 19), date(2026, 6, 20)) == 550_000


def test_disposed_of_in_the_month_it_was_bought():
    assert value_at_disposal(600_000, date(2026, 6, 2), FIVE_YEARS, date(2026, 6, 20)) == 600_000


def test_a_residual_value_is_never_charged():
    """A vehicle of 40,000.00 with 25 % left after 96 months: 30,000.00 / 96 = 312.50 a month."""
    terms = ((0, Terms(96, residual_bp=2_500)),)
    assert value_on(4_000_000, date(2020, 1, 1), terms, date(2020, 1, 31)) == 4_000_000 - 31_250
    assert value_on(4_000_000, date(2020, 1, 1), terms, date(2027, 12, 31)) == 1_000_000
    assert value_on(4_000_000, date(2020, 1, 1), terms, date(2040, 12, 31)) == 1_000_000


def test_a_longer_life_spreads_what_is_left():
    """6,000.00 over 60 months, 24 months charged: 3,600.00 left. From 2026 the life is 84: 60.00 for 60 months."""
    changes = ((0, Terms(60)), since(date(2026, 1, 1), Terms(84)))
    bought = date(2024, 1, 15)
    assert value_on(600_000, bought, changes, date(2025, 12, 31)) == 360_000
    assert value_on(600_000, bought, changes, date(2026, 1, 31)) == 354_000
    assert value_on(600_000, bought, changes, date(2030, 12, 31)) == 0
    assert value_on(600_000, bought, changes, date(2030, 11, 30)) == 6_000


def test_a_life_shorter_than_what_was_used_is_charged_at_once():
    changes = ((0, Terms(60)), since(date(2026, 1, 1), Terms(24)))
    assert value_on(600_000, date(2023, 1, 15), changes, date(2025, 12, 31)) == 240_000
    assert value_on(600_000, date(2023, 1, 15), changes, date(2026, 1, 30)) == 240_000
    assert value_on(600_000, date(2023, 1, 15), changes, date(2026, 1, 31)) == 0


def test_a_new_residual_above_what_is_left_stops_the_charge():
    changes = ((0, Terms(60)), since(date(2026, 1, 1), Terms(60, residual_bp=5_000)))
    assert value_on(600_000, date(2022, 1, 1), changes, date(2026, 6, 30)) == 120_000  # 48 of 60 months charged


def test_a_class_without_life_is_charged_at_once_and_land_never():
    assert value_on(99_999, date(2026, 1, 15), ((0, Terms(0)),), date(2026, 1, 15)) == 0
    assert value_on(99_999, date(2026, 1, 15), ((0, Terms(0, residual_bp=1_000)),), date(2026, 1, 15)) == 10_000
    land = ((0, Terms(0, method=Method.NONE)),)
    assert value_on(99_999, date(1976, 1, 15), land, date(2026, 1, 15)) == 99_999


def test_a_class_that_loses_its_life_is_charged_when_that_month_begins():
    changes = ((0, Terms(60)), since(date(2026, 3, 1), Terms(0)))
    assert value_on(60_000, date(2026, 1, 5), changes, date(2026, 2, 28)) == 58_000
    assert value_on(60_000, date(2026, 1, 5), changes, date(2026, 3, 1)) == 0


def test_what_was_never_depreciated_begins_with_its_whole_life():
    changes = ((0, Terms(60, method=Method.NONE)), since(date(2026, 1, 1), Terms(10)))
    assert value_on(100_000, date(2020, 1, 1), changes, date(2025, 12, 31)) == 100_000
    assert value_on(100_000, date(2020, 1, 1), changes, date(2026, 1, 31)) == 90_000


# --- an oracle that walks


def walked(cost, acquired, changes, on, ended=None):
    """The same by walking half month by half month in exact fractions; only stretches are rounded, as the books are."""

    def terms_at(month):
        return next(terms for start, terms in reversed(changes) if start <= month)

    if on < acquired:
        return 0
    disposed = ended is not None and on >= ended
    first = 2 * month_of(acquired) + {"full": 0, "half": 1, "next": 2}[terms_at(month_of(acquired)).first]
    full = on.day == monthrange(on.year, on.month)[1]
    stop = 2 * month_of(on) + (2 if full else 0)
    if disposed:
        stop = 2 * month_of(ended) + {"none": 0, "half": 1, "full": 2}[terms_at(month_of(ended)).last]
    last_month = month_of(min(on, ended) if ended else on)
    rest, exact, used = cost, Fraction(cost), 0
    rate, under = None, None
    for half in range(2 * month_of(acquired), max(stop, 2 * last_month + 1)):
        month = half // 2
        if month > last_month and half >= stop:
            break
        terms = terms_at(min(month, last_month)) if month >= month_of(acquired) else None
        if terms is not under:  # a stretch ends: its charge is rounded, the half up
            rest = ceil(exact - Fraction(1, 2))
            exact, under, rate = Fraction(rest), terms, None
        residual = floor(Fraction(cost * terms.residual_bp, 10_000) + Fraction(1, 2))
        if terms.method == "none":
            continue
        if terms.life == 0:
            exact = min(exact, Fraction(residual)) if exact > residual else exact
        if half < first or half >= stop:
            continue
        if rate is None:
            left = max(0, 2 * terms.life - used)
            rate = max(Fraction(0), (exact - residual) / left) if left else None
            if left == 0:
                exact = min(exact, Fraction(residual)) if exact > residual else exact
                rate = Fraction(0)
        if exact > residual:
            exact = max(Fraction(residual), exact - rate)
        used += 1
    return ceil(exact - Fraction(1, 2))


DAYS = st.dates(date(2019, 1, 1), date(2033, 12, 31))
TERMS = st.builds(
    Terms,
    st.integers(0, 90),
    st.sampled_from((0, 0, 1_000, 3_333, 10_000)),
    st.sampled_from((Method.STRAIGHT_LINE,) * 4 + (Method.NONE,)),
    st.sampled_from(FirstMonth),
    st.sampled_from(LastMonth),
)


@st.composite
def histories(draw):
    found = [(0, draw(TERMS))]
    for month in sorted(draw(st.sets(st.integers(2019 * 12, 2033 * 12), max_size=3))):
        terms = draw(TERMS)
        if terms != found[-1][1]:
            found.append((month, terms))
    return tuple(found)


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 10**9), DAYS, histories(), DAYS)
def test_it_agrees_with_the_walk(cost, acquired, changes, on):
    assert value_on(cost, acquired, changes, on) == walked(cost, acquired, changes, on)


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 10**9), DAYS, histories(), st.integers(0, 4000))
def test_a_disposal_agrees_with_the_walk(cost, acquired, changes, later):
    from datetime import timedelta

    ended = acquired + timedelta(days=later)
    assert value_at_disposal(cost, acquired, changes, ended) == walked(cost, acquired, changes, ended, ended)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 10**12), DAYS, st.integers(0, 120), st.sampled_from((0, 777, 2_500)), st.sampled_from(FirstMonth))
def test_the_charges_of_a_life_add_up_to_the_cent(cost, acquired, life, residual, first):
    terms = ((0, Terms(life, residual, first=first)),)
    months = list(schedule(cost, acquired, terms, date(acquired.year + 12, 12, 31)))
    kept = (cost * residual + 5_000) // 10_000
    assert sum(month.charge for month in months) == cost - kept
    assert all(month.charge >= 0 for month in months)
    charges = [month.charge for month in months][2 : max(2, life - 1)]
    assert not charges or max(charges) - min(charges) <= 1, "even months"


def test_the_oracle_would_notice():
    """The negative control: a charge by whole months where halves are due is not what the walk says."""
    terms = ((0, Terms(12, first=FirstMonth.HALF)),)
    wrong = carrying(120_000, (Step(2, 24, 0),))
    assert wrong != walked(120_000, date(2026, 1, 10), terms, date(2026, 1, 31))
    assert steps(date(2026, 1, 10), terms, date(2026, 1, 31)) == (Step(1, 24, 0),)


# --- which policy counts


def test_the_nearest_policy_counts():
    day = date(2026, 1, 1)
    everybody = PolicyForm(day, life_months=60)
    laptops = PolicyForm(day, category_id=3, life_months=48)
    unep = PolicyForm(date(2027, 1, 1), entity_id=1, life_months=36)
    both = PolicyForm(date(2028, 6, 20), entity_id=1, category_id=3, life_months=24)
    book = PolicyBook((everybody, laptops, unep, both), {3: 72})

    def lives(entity, category, own=None):
        return [(start, terms.life) for start, terms in book.changes(entity, category, own)]

    assert lives(1, 3) == [(0, 72), (month_of(day), 48), (2027 * 12, 36), (2028 * 12 + 5, 24)]
    assert lives(2, 3) == [(0, 72), (month_of(day), 48)]
    assert lives(2, None) == [(0, 60)]
    assert lives(1, 3, own=10) == [(0, 10)], "a thing's own life goes before every policy's"
