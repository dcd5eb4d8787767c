"""Charges are exact, are facts, and are taken back by one further row: attacked on both engines."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from cbo_desk import audit, charges, dated
from cbo_desk.changes import Changes
from cbo_desk.charges import ChargeFilter, ChargeList, Rate, Subject, charge_totals, declare_rate, rate_on
from cbo_desk.dated import set_value
from cbo_desk.errors import Refusal
from cbo_desk.permissions import deed, reads
from cbo_desk.refusals import sentence_for
from tests.conftest import MORNING

TODAY = MORNING.date()
LETTER = Subject("mail.outgoing", 7, "O-000007")
CARD = Rate(Decimal("12.5"), "USD", "item", "mail.rate 3", "shipped rate card 2026")


@deed("mail.cause_charge", "cause charges")
def cause(session, entity_id, rate=CARD, quantity=Decimal(1), on=None, subject=LETTER):
    made = charges.charge(session, "mail", entity_id, subject, "DHL, 1.2 kg to Geneva", rate, quantity, on)
    return Changes("mail.outgoing", (subject.id,), "Charged.", also={charges.KIND: (made,)})


@deed("mail.undo_charge", "cause charges")
def take_back(session, charge_id, why="handed back"):
    made = charges.reverse(session, charge_id, why)
    return Changes(charges.KIND, (made,), "Reversed.")


@reads("mail")
def of_subject(session):
    return charges.charges_of(session, LETTER.kind, LETTER.id)


@reads("mail")
def standing(session):
    return charges.standing(session, LETTER.kind, LETTER.id)


@reads("mail")
def rate_of(session, name, day, scope=""):
    return rate_on(session, name, day, scope)


@pytest.fixture
def entities(office, desk):
    return [office.write(desk.add_entity, code).ids[0] for code in ("UNEP", "WFP")]


def made(changes):
    return changes.touched()[charges.KIND][0]


def test_a_charge_and_its_reversal(office, entities):
    first = made(office.write(cause, entities[0], quantity=Decimal("1.215")))
    [line] = office.read(of_subject)
    assert (line.entity, line.quantity, line.unit, line.rate) == ("UNEP", Decimal("1.215"), "item", Decimal("12.5"))
    assert (line.amount, line.currency) == (Decimal("15.19"), "USD")  # 15.1875, by hand
    assert (line.rate_source, line.made_by, line.charged_on) == ("shipped rate card 2026", "ada", TODAY)
    assert office.read(standing) == [first]
    office.write(take_back, first)
    lines = office.read(of_subject)
    assert [(one.amount, one.reverses_id, one.reversed, one.reason) for one in lines] == [
        (Decimal("15.19"), None, True, ""),
        (Decimal("-15.19"), first, False, "handed back"),
    ]
    assert office.read(standing) == []
    with pytest.raises(Refusal, match="The charge for O-000007 has been reversed already"):
        office.write(take_back, first)
    with pytest.raises(Refusal, match="no charge that can be reversed"):
        office.write(take_back, lines[1].id)
    assert office.read(audit.verify).bad_seq is None


def test_what_a_charge_refuses(office, entities):
    for quantity in ("0", "-1", "0.0005", "100000.001", "NaN", "Infinity"):
        with pytest.raises(Refusal, match=r"A quantity charged lies between 0\.001 and 100,000\.000"):
            office.write(cause, entities[0], quantity=Decimal(quantity))
    for rate in ("-0.01", "0.00001", "9000001"):
        with pytest.raises(Refusal, match="A rate lies between"):
            office.write(cause, entities[0], Rate(Decimal(rate), "USD", "item", "r", "s"))
    with pytest.raises(Refusal, match="which entity"):
        office.write(cause, 99)
    first = made(office.write(cause, entities[0]))
    with pytest.raises(Refusal, match="Say why"):
        office.write(take_back, first, "  ")
    assert len(office.read(of_subject)) == 1


def test_the_largest_charge_is_exact(office, entities):
    office.write(cause, entities[0], Rate(Decimal("8999999.9999"), "KES", "km", "r", "s"), Decimal("99999.999"))
    [line] = office.read(of_subject)
    exact = Fraction("8999999.9999") * Fraction("99999.999")
    assert abs(Fraction(line.amount) - exact) <= Fraction(1, 200)


@given(st.integers(1, 10**8), st.integers(0, 9 * 10**10))
def test_rounding_against_fractions(milli, e4):
    """The amount is the nearest cent, the half up; the database's own division of whole numbers says the same."""
    amount = charges.amount_of(milli * Decimal("0.001"), e4 * Decimal("0.0001"))
    exact = Fraction(milli, 1000) * Fraction(e4, 10000) * 100
    assert int(amount * 100) == int(exact + Fraction(1, 2)) == (milli * e4 + 50000) // 100000
    assert amount == amount.quantize(Decimal("0.01"), ROUND_HALF_UP)


def test_a_listing_by_entity_and_period_and_its_totals(office, entities):
    unep, wfp = entities
    for shift, entity, rate in (
        (-40, unep, "1"),
        (-3, unep, "2.25"),
        (-2, wfp, "4"),
        (-1, unep, "8.10"),
        (0, unep, "16"),
    ):
        office.write(cause, entity, Rate(Decimal(rate), "USD", "item", "r", "s"), on=TODAY + timedelta(days=shift))
    office.write(cause, unep, Rate(Decimal(300), "KES", "item", "r", "s"))
    wanted = ChargeFilter(unep, TODAY - timedelta(days=3), TODAY, "mail")
    lines = [line.row for line in office.read(ChargeList(wanted).first)]
    assert [line.amount for line in lines] == [Decimal(300), Decimal(16), Decimal("8.10"), Decimal("2.25")]
    assert office.read(ChargeList(wanted).outline).total == 4
    office.write(take_back, lines[2].id)
    totals = {(one.entity, one.currency): (one.count, one.amount) for one in office.read(charge_totals, wanted)}
    assert totals == {("UNEP", "KES"): (1, Decimal(300)), ("UNEP", "USD"): (4, Decimal("18.25"))}
    assert sum(one.amount for one in office.read(charge_totals, ChargeFilter(wfp))) == Decimal(4)


def test_a_rate_of_its_day_exact_as_text(office, monkeypatch):
    monkeypatch.setattr(dated, "DECLARED", dict(dated.DECLARED))
    declare_rate("test_per_km", "A kilometre", Decimal("0.4500"), "USD", "km", "shipped")
    office.write(set_value, "test_per_km", TODAY, Decimal("0.1"), "", "memo 4")
    rate = office.read(rate_of, "test_per_km", TODAY)
    assert (rate.amount, rate.currency, rate.unit, rate.source) == (Decimal("0.1"), "USD", "km", "memo 4")
    assert rate.row == f"test_per_km {TODAY:%Y-%m-%d}"
    before = office.read(rate_of, "test_per_km", TODAY - timedelta(days=1))
    assert (before.amount, before.row, before.confirmed) == (Decimal("0.4500"), "test_per_km shipped", False)
    for bad in (Decimal("NaN"), Decimal("Infinity"), Decimal(-1)):
        with pytest.raises(Refusal, match="A kilometre is at least 0.0 USD a km|A kilometre is at least 0 USD a km"):
            office.write(set_value, "test_per_km", TODAY, bad)
    with pytest.raises(Refusal, match="A kilometre is a number"):
        office.write(set_value, "test_per_km", TODAY, 0.1)


ATTACKS = (
    "UPDATE charge SET amount_cents = 1",
    "UPDATE charge SET entity_id = 2",
    "DELETE FROM charge",
)
COPY = (
    "INSERT INTO charge (made_at, made_by, charged_on, entity_id, entity_code, desk, subject_kind, subject_id, "
    "subject, what, quantity_milli, unit, rate_e4, rate_row, rate_source, amount_cents, currency, reason, reverses_id) "
    "SELECT made_at, made_by, charged_on, {entity}, entity_code, desk, subject_kind, subject_id, subject, what, "
    "{quantity}, unit, {rate}, rate_row, rate_source, {amount}, {currency}, 'x', {reverses} FROM charge WHERE id = {id}"
)
SOUND = {
    "entity": "entity_id", "quantity": "-quantity_milli", "rate": "rate_e4", "amount": "-amount_cents",
    "currency": "currency", "reverses": "id",
}  # fmt: skip


def attack(engine, statement):
    with engine.execution_options(writes=True).begin() as connection:
        connection.execute(text(statement))


def test_no_sql_changes_a_charge_or_reverses_it_wrongly(office, engine, entities):
    first = made(office.write(cause, entities[0]))
    for statement in ATTACKS:
        with pytest.raises(DBAPIError):
            attack(engine, statement)
    if engine.dialect.name == "sqlite":
        with pytest.raises(IntegrityError):
            attack(
                engine,
                COPY.format(**SOUND, id=first)
                .replace("INSERT", "INSERT OR REPLACE")
                .replace("(made_at", "(id, made_at")
                .replace("SELECT made_at", f"SELECT {first}, made_at"),
            )
    wrong = {
        "quantity": ("-2 * quantity_milli", "quantity_milli", "0"),
        "rate": ("rate_e4 + 10000",),
        "amount": ("-amount_cents + 1",),
        "entity": (str(entities[1]),),
        "currency": ("'KES'", "'usd'"),
        "reverses": ("id + 100", "NULL"),
    }
    for name, values in wrong.items():
        for value in values:
            with pytest.raises(IntegrityError) as refused:
                attack(engine, COPY.format(**{**SOUND, name: value}, id=first))
            assert not sentence_for(refused.value).startswith("The database refuses"), (name, value)
    # The control: the same statement without a fault is taken, once.
    attack(engine, COPY.format(**SOUND, id=first))
    with pytest.raises(IntegrityError) as refused:
        attack(engine, COPY.format(**SOUND, id=first))
    assert sentence_for(refused.value) == "This charge has been reversed already."


def test_without_its_rules_the_same_attacks_succeed(office, engine, entities):
    """The negative control: it is the triggers that refuse."""
    first = made(office.write(cause, entities[0]))
    with engine.execution_options(writes=True).begin() as connection:
        if engine.dialect.name == "sqlite":
            for name in ("no_update", "no_delete", "refuse_mirror"):
                connection.execute(text(f"DROP TRIGGER tr_charge_{name}"))
        else:
            connection.execute(text("GRANT UPDATE, DELETE ON charge TO CURRENT_USER"))
            connection.execute(text("ALTER TABLE charge DISABLE TRIGGER USER"))
        connection.execute(text(COPY.format(**{**SOUND, "entity": entities[1]}, id=first)))
        connection.execute(text(f"UPDATE charge SET charged_on = '{date(2020, 1, 1)}'"))
        connection.execute(text("DELETE FROM charge"))
