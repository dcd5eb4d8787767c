"""Reads numbers and money out of cells, in the decimal sign that a whole column shows or a person chose."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from typing import Literal, NamedTuple

from cbo_desk.tabular.cells import Cell
from cbo_desk.tabular.faults import Mend, Wrong
from cbo_desk.tabular.text_values import clean

Style = Literal["point", "comma"]
STYLES: dict[Style, str] = {"point": "1,234.56", "comma": "1.234,56"}

_PLAIN = re.compile(r"-?\d{1,18}$")
#: The two commonest ways to write an amount, read without further ado.
_CENTS: dict[str, re.Pattern[str]] = {
    "point": re.compile(r"-?\d{1,15}\.\d{1,2}$"),
    "comma": re.compile(r"-?\d{1,15},\d{1,2}$"),
}
_NUMBER = re.compile(r"([+-]?)(\d{1,3}([ ,.'])\d{3}(?:\3\d{3})*|\d+)(?:([.,])(\d+))?$")
_LEADING = re.compile(r"([.,])(\d+)$")
_SPOILT = re.compile(r"[+-]?\d(?:[.,]\d+)?E[+-]?\d+$", re.IGNORECASE)
_ACCOUNTING = re.compile(r"\((.*)\)$")
_GROUP_SPACES = re.compile("[ \u00a0\u202f\u2009]")
_MONEY = re.compile(r"^(-?)\s*([^\d\s().,+\-]+\.?)?\s*(.*?)\s*([^\d\s().,+\-]+\.?|/=|/-|=)?$", re.DOTALL)
_SYMBOLS = {
    "$": "USD", "us$": "USD", "usd$": "USD", "$us": "USD", "dollars": "USD", "dollar": "USD",
    "€": "EUR", "euro": "EUR", "euros": "EUR", "£": "GBP", "¥": "JPY", "ksh": "KES", "kshs": "KES", "sh": "KES",
    "shs": "KES", "/=": "KES", "/-": "KES", "=": "", "sfr": "CHF", "fr": "CHF", "ush": "UGX", "tsh": "TZS", "r": "ZAR",
}  # fmt: skip
_CODES_LISTED = (
    "USD EUR GBP KES CHF JPY UGX TZS RWF BIF ETB SOS SSP SDG ZAR NGN GHS XAF XOF EGP MAD TND DZD AED SAR QAR KWD INR "
    "PKR BDT LKR NPR CNY HKD SGD THB MYR IDR PHP KRW AUD NZD CAD MXN BRL ARS CLP COP PEN SEK NOK DKK PLN CZK HUF RON "
    "TRY RUB UAH ILS JOD LBP IQD AFN MWK ZMW MZN BWP NAD MGA MUR SCR DJF ERN HTG"
)
#: Codes of ISO 4217 that are taken for a currency in a cell or a header.
CURRENCY_CODES = frozenset(_CODES_LISTED.split())


@dataclass(frozen=True)
class NumberReading:
    """How the numbers of a column are read.

    `style` is None where the column leaves it open and a person must be asked. `how` is "found", "asked", "chosen" or
    "plain" (no cell depends on it). `example` is a cell that depends on it, or one that shows how the others stand.
    `mixed`: some cells prove one style and some the other.
    """

    style: Style | None
    how: Literal["found", "asked", "chosen", "plain"]
    example: str = ""
    mixed: bool = False

    def said(self) -> str:
        """The reading as a sentence."""
        if self.style is None and self.mixed:
            return "Some numbers have a decimal point and some a decimal comma. Choose what holds for the column."
        if self.style is None:
            return f"Does {self.example} have thousands or decimals? The column fits both."
        return f"Numbers are read like {STYLES[self.style]}."


MOST_DIGITS = 18
"""So many digits before the decimal sign at most: no database and no spreadsheet holds more exactly."""


class Money(NamedTuple):
    """An amount, and the currency the cell names ("" where it names none)."""

    amount: Decimal
    currency: str = ""


@dataclass(frozen=True)
class _Shape:
    """A number as it stands: its plain digits under either style, and which style it proves ("either", "none")."""

    point: str
    comma: str
    proves: Literal["point", "comma", "either", "none"]
    decimals: int


def _shape(text: str) -> _Shape | None:
    """Take a number apart; None where it is none."""
    if leading := _LEADING.match(text):
        plain = f"0.{leading.group(2)}"
        return _Shape(plain, plain, "point" if leading.group(1) == "." else "comma", len(leading.group(2)))
    found = _NUMBER.match(_GROUP_SPACES.sub(" ", text).replace("’", "'"))
    if not found:
        return None
    sign, whole, group, mark, decimals = found.groups()
    sign = sign.replace("+", "")
    if group and group == mark:
        return None
    digits = re.sub(r"\D", "", whole)
    if mark:
        plain = f"{sign}{digits}.{decimals}"
        return _Shape(plain, plain, "point" if mark == "." else "comma", len(decimals))
    if group not in (",", "."):
        return _Shape(sign + digits, sign + digits, "none", 0)
    grouped, parted = sign + digits, sign + whole.replace(group, ".")
    grouping: Style = "point" if group == "," else "comma"
    if whole.count(group) > 1:
        return _Shape(grouped, grouped, grouping, 0)
    if whole.startswith("0"):
        return _Shape(parted, parted, "comma" if group == "," else "point", 3)
    return _Shape(grouped if group == "," else parted, grouped if group == "." else parted, "either", 3)


def survey_numbers(cells: Iterable[Cell], chosen: Style | None = None, money: bool = False) -> NumberReading:
    """Find the decimal sign from the distinct cells of a column; one style wins with three times the other's cells.

    In a money column, at least three cells that all show three digits after the sign and none with two are thousands.
    """
    texts = [cell for cell in cells if isinstance(cell, str) and cell and not _PLAIN.match(cell)]
    open_ones: dict[str, int] = {}
    plain = {style: [text for text in texts if shape.match(text)] for style, shape in _CENTS.items()}
    votes = {style: len(found) for style, found in plain.items()}
    proof = {style: found[0] if found else "" for style, found in plain.items()}
    for cell in texts:
        if _CENTS["point"].match(cell) or _CENTS["comma"].match(cell):
            continue
        text = _bare(cell.strip())[0] if money else cell.strip()
        shape = _shape(text)
        if shape is None or shape.proves == "none":
            continue
        if shape.proves == "either":
            open_ones[text] = 1
        else:
            votes[shape.proves] += 1
            proof[shape.proves] = proof[shape.proves] or text
    if chosen:
        return NumberReading(chosen, "chosen", proof[chosen] or STYLES[chosen])
    for style, other in (("point", "comma"), ("comma", "point")):
        if votes[style] and votes[style] >= 3 * votes[other]:
            return NumberReading(style, "found", proof[style])  # type: ignore[arg-type]
    if votes["point"] or votes["comma"]:
        return NumberReading(None, "asked", proof["point"], mixed=True)
    marks = {"," if "," in text else "." for text in open_ones}
    if money and len(open_ones) >= 3 and len(marks) == 1:
        return NumberReading("point" if marks == {","} else "comma", "found", next(iter(open_ones)))
    if open_ones:
        return NumberReading(None, "asked", next(iter(open_ones)))
    return NumberReading("point", "plain")


def read_number(cell: Cell, reading: NumberReading) -> Decimal | None:
    """The number in a cell, None for a blank one. Raises `Wrong` in words."""
    if isinstance(cell, (bool, date, time)):
        raise Wrong("This is no number.")
    if isinstance(cell, int):
        return _fitting(Decimal(cell))
    if isinstance(cell, float):
        return _fitting(Decimal(f"{cell:.15g}"))
    if _PLAIN.match(cell):
        return _fitting(Decimal(cell))
    text = clean(cell)
    return _number(text, reading) if text else None


def _number(text: str, reading: NumberReading) -> Decimal:
    """The number in a cleaned text."""
    if inner := _ACCOUNTING.match(text):
        text = "-" + inner.group(1).strip()
    shape = _shape(text)
    if shape is None:
        if _SPOILT.match(text):
            raise Wrong("A spreadsheet shortened this number. Type it in full.")
        raise Wrong("This is no number. Write digits only.")
    _fitting(Decimal(shape.point))
    style = reading.style
    if shape.proves in ("point", "comma") and style and shape.proves != style:
        right = written(Decimal(shape.point), style, shape.decimals)
        how = f"Other rows use {right}. Write it the same way." if reading.how == "found" else f"Write {right}."
        raise Wrong(how, Mend(f"Read as {right}", right))
    if shape.proves == "either" and style is None:
        raise Wrong(f"Does {text} have thousands or decimals? Choose it for the whole column.")
    return Decimal(shape.comma if style == "comma" else shape.point)


def _fitting(number: Decimal) -> Decimal:
    """A number that can be reckoned with to the cent; more digits are no number of anything in a register."""
    if number and (not number.is_finite() or number.adjusted() >= MOST_DIGITS or len(number.as_tuple().digits) > 24):
        raise Wrong("This number has too many digits.")
    return number


def written(number: Decimal, style: Style, decimals: int) -> str:
    """A number with its thousands grouped, in a style."""
    text = f"{number:,.{decimals}f}"
    return text if style == "point" else text.translate(str.maketrans(",.", ".,"))


def read_integer(cell: Cell, reading: NumberReading) -> int | None:
    """A whole number, None for a blank cell."""
    number = read_number(cell, reading)
    if number is None:
        return None
    if number != int(number):
        raise Wrong("Write a whole number.")
    return int(number)


def read_money(cell: Cell, reading: NumberReading) -> Money | None:
    """An amount of money with at most two decimals and the currency the cell names, None for a blank cell."""
    if isinstance(cell, str) and reading.style and _CENTS[reading.style].match(cell):
        return Money(Decimal(cell.replace(",", ".")))
    if not isinstance(cell, str) or _PLAIN.match(cell):
        number = read_number(cell, reading)
        return None if number is None else Money(_cents(number, reading))
    text = clean(cell)
    if not text:
        return None
    bare, currency = _bare(text)
    if not bare:
        raise Wrong("This is no amount. Write digits only.")
    shape = _shape(bare)
    if shape and shape.proves == "either" and reading.style:
        _fitting(Decimal(shape.point))
        taken, other = (shape.point, shape.comma) if reading.style == "point" else (shape.comma, shape.point)
        if "." in taken:  # three decimals: more likely thousands in the other style
            right = written(Decimal(other), reading.style, 2)
            raise Wrong(f"An amount has two decimals. Is it {right}?", Mend(f"Use {right}", right))
    return Money(_cents(_number(bare, reading), reading), currency)


def _cents(number: Decimal, reading: NumberReading) -> Decimal:
    """An amount; one with more than two decimals that are not zeros is refused."""
    rounded = round(number, 2)
    if rounded != number:
        right = written(rounded, reading.style or "point", 2)
        raise Wrong(f"An amount has two decimals. Is it {right}?", Mend(f"Use {right}", right))
    return number


def _bare(text: str) -> tuple[str, str]:
    """An amount without its currency, and the currency's code."""
    found = _MONEY.match(text)
    if not found or not (found.group(2) or found.group(4)):
        return text, ""
    sign, before, number, after = found.groups()
    codes = [code for code in map(_currency, (before, after)) if code]
    if None in map(_currency, (before, after)) or len(set(codes)) > 1:
        return text, ""
    return sign + number, codes[0] if codes else ""


def _currency(word: str | None) -> str | None:
    """The code of a currency's name or sign, "" for none, None for a word that is no currency."""
    if not word:
        return ""
    if word.upper() in CURRENCY_CODES:
        return word.upper()
    return _SYMBOLS.get(word.lower().rstrip(".") or word)
