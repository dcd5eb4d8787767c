"""Values out of cells: worked examples, and round trips against an independent writing of the same value."""

from __future__ import annotations

import contextlib
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cbo_desk.tabular.date_values import DateReading, read_date, survey_dates
from cbo_desk.tabular.faults import Wrong
from cbo_desk.tabular.number_values import Money, NumberReading, read_integer, read_money, read_number, survey_numbers
from cbo_desk.tabular.text_values import (
    armed,
    could_run,
    disarmed,
    nearest,
    read_boolean,
    read_choice,
    read_identifier,
    read_notes,
    read_text,
)

POINT, COMMA = NumberReading("point", "found"), NumberReading("comma", "found")
DMY, MDY, OPEN = DateReading("dmy", "found"), DateReading("mdy", "found"), DateReading(None, "asked")


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2026-06-03", date(2026, 6, 3)), ("03/06/2026", date(2026, 6, 3)), ("3.6.2026", date(2026, 6, 3)),
        ("03-06-26", date(2026, 6, 3)), ("3 Jun 2026", date(2026, 6, 3)), ("3-Jun-26", date(2026, 6, 3)),
        ("June 3, 2026", date(2026, 6, 3)), ("3rd June 2026", date(2026, 6, 3)), ("1er août 2019", date(2019, 8, 1)),
        ("3 de junio de 2026", date(2026, 6, 3)), ("20260603", date(2026, 6, 3)), ("03/06/99", date(1999, 6, 3)),
        ("2026-06-03T23:59:59Z", date(2026, 6, 3)), ("03/06/2026 00:00:00", date(2026, 6, 3)), ("", None),
        ("\xa0", None),
        ("29.02.2024", date(2024, 2, 29)),
    ],
)  # fmt: skip
def test_dates_are_read(cell, day):
    assert read_date(cell, DMY) == day


@pytest.mark.parametrize(
    ("cell", "sentence", "mend"),
    [
        ("31.06.2026", "June has 30 days. Correct the date.", None),
        ("29/02/2023", "February 2023 has 28 days. Correct the date.", None),
        ("12/25/2026", "There is no month 25. Other rows are day, month, year. Correct the date.", "2026-12-25"),
        ("45123", "A spreadsheet wrote this date as a number. Is it 16 Jul 2023?", "2023-07-16"),
        ("01/01/1970", "1 Jan 1970 is where computers begin to count. Correct the date or clear the cell.", ""),
        ("00.00.0000", "A program wrote zeros for a missing date. Clear the cell.", ""),
        ("03/06/2206", "The year 2206 cannot be right. Correct the date.", None),
        ("2019", "This is only a year. Write day and month too, or clear the cell.", ""),
        ("3 Jin 2020", "There is no month called Jin. Correct the date.", None),
        ("soon", "This is no date. Write it like 3 Jun 2026.", None),
        ("#REF!", "A spreadsheet wrote an error here. Type the value, or clear the cell.", ""),
    ],
)
def test_dates_that_cannot_be_say_why(cell, sentence, mend):
    with pytest.raises(Wrong) as wrong:
        read_date(cell, DMY)
    assert wrong.value.what_to_do == sentence
    assert (wrong.value.mend.value if wrong.value.mend else None) == mend


def test_a_column_of_dates_is_never_guessed():
    assert survey_dates(["03/04/2026", "05/06/2026"]).how == "asked"
    assert survey_dates(["03/04/2026", "25/06/2026"]).order == "dmy"
    assert survey_dates(["03/04/2026", "05/25/2026"]).order == "mdy"
    mixed = survey_dates(["25/04/2026", "05/25/2026"])
    assert (mixed.order, mixed.how) == (None, "asked")
    assert "Some dates are day first" in mixed.said()
    assert survey_dates(["05/05/2026", "2026-01-02", "3 Jun 2026"]).how == "plain"
    assert survey_dates(["03/04/2026"], "mdy").how == "chosen"
    assert survey_dates(["03.04.2026", "25.06.2026"]).said() == "03.04.2026 is read as 3 Apr 2026."
    assert read_date("45123", survey_dates(["45123", "45200"])) == date(2023, 7, 16)
    with pytest.raises(Wrong, match="day first or month first"):
        read_date("03/04/2026", OPEN)
    assert read_date("13/04/2026", OPEN) == date(2026, 4, 13)
    assert read_date("05/05/2026", OPEN) == date(2026, 5, 5)


@given(st.dates(date(1950, 1, 1), date(2068, 12, 31)))
def test_every_date_comes_back_from_every_way_of_writing_it(day):
    if day == date(1970, 1, 1):
        return
    for reading, forms in (
        (DMY, ("%d/%m/%Y", "%d.%m.%Y", "%d-%b-%Y", "%d %B %Y", "%Y%m%d", "%Y-%m-%d")),
        (MDY, ("%m/%d/%Y", "%b %d, %Y", "%B %d %Y", "%Y/%m/%d")),
    ):
        for form in forms:
            assert read_date(day.strftime(form), reading) == day, form


@pytest.mark.parametrize(
    ("cell", "reading", "money"),
    [
        ("1,234.56", POINT, Money(Decimal("1234.56"))), ("1.234,56", COMMA, Money(Decimal("1234.56"))),
        ("1 234,56", COMMA, Money(Decimal("1234.56"))), ("1\u202f234,56", COMMA, Money(Decimal("1234.56"))),
        ("1'234.50", POINT, Money(Decimal("1234.50"))), ("USD 1,200", POINT, Money(Decimal(1200), "USD")),
        ("$1,200.50", POINT, Money(Decimal("1200.50"), "USD")), ("3.400 €", COMMA, Money(Decimal(3400), "EUR")),
        ("KSh 3,400/=", POINT, Money(Decimal(3400), "KES")), ("(1,200.00)", POINT, Money(Decimal(-1200))),
        ("-$5.00", POINT, Money(Decimal(-5), "USD")), (598, POINT, Money(Decimal(598))),
        (0.1 + 0.2, POINT, Money(Decimal("0.3"))),
        ("", POINT, None),
    ],
)  # fmt: skip
def test_money_is_read(cell, reading, money):
    assert read_money(cell, reading) == money


@pytest.mark.parametrize(
    ("cell", "reading", "sentence", "mend"),
    [
        ("18.450,00", POINT, "Other rows use 18,450.00. Write it the same way.", "18,450.00"),
        ("18,450.00", COMMA, "Other rows use 18.450,00. Write it the same way.", "18.450,00"),
        ("12.345", POINT, "An amount has two decimals. Is it 12,345.00?", "12,345.00"),
        ("1,234,56", POINT, "This is no number. Write digits only.", None),
        ("1.2E+05", POINT, "A spreadsheet shortened this number. Type it in full.", None),
        ("12 BTC", POINT, "This is no number. Write digits only.", None),
        ("9" * 30, POINT, "This number has too many digits.", None),
        ("1." + "1" * 30, POINT, "This number has too many digits.", None),
        ("$" + "9" * 400 + ",125", POINT, "This number has too many digits.", None),
        (10**40, POINT, "This number has too many digits.", None),
        (1e300, POINT, "This number has too many digits.", None),
        (
            "1.005",
            NumberReading(None, "asked"),
            "Does 1.005 have thousands or decimals? Choose it for the whole column.",
            None,
        ),
    ],
)
def test_money_that_cannot_be_says_why(cell, reading, sentence, mend):
    with pytest.raises(Wrong) as wrong:
        read_money(cell, reading)
    assert wrong.value.what_to_do == sentence
    assert (wrong.value.mend.value if wrong.value.mend else None) == mend


def test_a_column_of_both_styles_is_said_to_be_mixed_and_one_that_fits_both_to_fit_both():
    mixed = survey_numbers(["1,200.50", "900,50", "800,25"], money=True)
    assert (mixed.how, mixed.mixed) == ("asked", True)
    said = "Some numbers have a decimal point and some a decimal comma. Choose what holds for the column."
    assert mixed.said() == said
    either = survey_numbers(["1.005"])
    assert either.said() == "Does 1.005 have thousands or decimals? The column fits both."


@given(
    st.one_of(
        st.text("0123456789.,' -()E+$/=", min_size=1, max_size=70),
        st.floats(),
        st.integers(-(10**60), 10**60),
        st.lists(st.sampled_from(["9" * 40, "0", ".", ",", "-", "٣", " "]), min_size=1, max_size=6).map("".join),
    ),
    st.sampled_from([POINT, COMMA, NumberReading(None, "asked")]),
)
def test_any_number_is_read_or_refused_in_words(cell, reading):
    """Numbers longer than arithmetic is exact for once ended the whole import in a fault of ours."""
    for read in (read_money, read_number, read_integer):
        with contextlib.suppress(Wrong):
            found = read(cell, reading)
            amount = found.amount if isinstance(found, Money) else found
            assert amount is None or abs(amount) < 10**18


def test_a_column_of_numbers_shows_its_decimal_sign():
    assert survey_numbers(["1,234.56", "7"]).style == "point"
    assert survey_numbers(["1.234,56", "7"]).style == "comma"
    assert survey_numbers(["1,234"]).how == "asked"
    assert survey_numbers(["1,234", "2,500", "15,000"], money=True).style == "point"
    assert survey_numbers(["1.5", "2.5", "3.5", "18.450,00"]).style == "point"
    assert survey_numbers(["1.5", "18.450,00"]).how == "asked"
    assert survey_numbers(["5", "700"]).how == "plain"


@given(st.decimals(Decimal("-1e11"), Decimal("1e11"), places=2), st.sampled_from([",", "", " ", "'"]))
def test_every_amount_comes_back_in_both_styles(amount, group):
    if amount == 0:
        return
    text = f"{amount:,.2f}".replace(",", group)
    assert read_number(text, POINT) == amount
    comma = f"{amount:,.2f}".translate(str.maketrans(",.", ".,"))
    assert read_number(comma, COMMA) == amount
    assert survey_numbers([comma]).style == "comma"


@pytest.mark.parametrize(
    "cell", ["1.23E+15", "5.1E+14", "1,2e+10", "1E+05", 1.2e20, date(2026, 1, 14), "#N/A", "#####", "a\ufffd"]
)
def test_identifiers_spoilt_on_the_way_are_flagged(cell):
    with pytest.raises(Wrong):
        read_identifier(cell, "serial")


def test_identifiers():
    assert read_identifier(123456789012345, "serial") == "123456789012345"
    assert read_identifier(" C-204\u200b\xa0") == "C-204"
    assert read_identifier("12E10X") == "12E10X"
    with pytest.raises(Wrong) as wrong:
        read_identifier("48213.0", "serial")
    assert wrong.value.mend.value == "48213"


def test_text_yes_and_no_and_choices():
    assert read_text(" a\r\nb\tc ") == "a b c"
    assert read_notes(" a\r\nb ") == "a\nb"
    assert read_text("e\u0301") == "é"
    assert [read_boolean(cell) for cell in ("Oui", "NO", "✓", "", True, 0)] == [True, False, True, None, True, False]
    with pytest.raises(Wrong, match="yes or no"):
        read_boolean("perhaps")
    with pytest.raises(Wrong, match="whole number"):
        read_integer("2.5", POINT)
    conditions = {"Good": "good", "Under repair": "repair"}
    assert read_choice("under  REPAIR", conditions, "Condition") == "repair"
    with pytest.raises(Wrong) as wrong:
        read_choice("Godo", conditions, "Condition")
    assert wrong.value.what_to_do == "There is no condition “Godo”. Is it “Good”?"
    assert wrong.value.mend.value == "Good"
    assert nearest("C-2O4", ["C-205", "C-204"]) == "C-204"
    assert nearest("Warehouse", ["C-205", "C-204"]) is None


@given(st.text(st.characters(exclude_categories=("Cs",)), max_size=20))
def test_disarming_is_undone_exactly_and_disarms(text):
    assert armed(disarmed(text)) == text
    assert disarmed(text)[:1] not in tuple("=+-@\t\r\n")


def test_what_a_spreadsheet_could_run():
    assert [could_run(text) for text in ("=1", "@x", "+254 20 762", "-5.00", "-cmd|x", "plain")] == [
        True, True, False, False, True, False,
    ]  # fmt: skip
