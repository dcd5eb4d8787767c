"""Reads dates out of cells, in the order of day, month and year that a whole column shows or a person chose."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Literal

from cbo_desk.tabular.cells import Cell
from cbo_desk.tabular.faults import Mend, Wrong
from cbo_desk.tabular.headings import normal_name
from cbo_desk.tabular.text_values import clean
from cbo_desk.tabular.workbook import day_of_serial

Order = Literal["dmy", "mdy", "ymd"]
ORDERS: dict[Order, str] = {"dmy": "day, month, year", "mdy": "month, day, year", "ymd": "year, month, day"}

_TRIPLE = re.compile(r"(\d{1,4})\s?([./\-\s])\s?(\d{1,2})\s?\2\s?(\d{1,4})(?:[T\s,].*)?$")
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)$")
_SERIAL = re.compile(r"([2-6]\d{4})(?:\.\d+)?$")
_DAY_FIRST = re.compile(
    r"(?:[^\W\d]+,?\s+)?(\d{1,2})(?:st|nd|rd|th|er|º|°)?[\s\-./]*(?:de\s+)?([^\W\d]+)\.?[\s\-./,]*(?:de[l]?\s+)?'?(\d{2,4})$"
)
_MONTH_FIRST = re.compile(r"([^\W\d]+)\.?[\s\-./]*(\d{1,2})(?:st|nd|rd|th)?[\s\-./,]+'?(\d{2,4})$")
#: The names of each month in English, French and Spanish, the full English one first.
_MONTH_NAMES = (
    "january jan janvier janv enero ene",
    "february feb fevrier fevr fev febrero",
    "march mar mars marzo",
    "april apr avril avr abril abr",
    "may mai mayo",
    "june jun juin junio",
    "july jul juillet juil julio",
    "august aug aout agosto ago",
    "september sep sept septembre septiembre setiembre set",
    "october oct octobre octubre",
    "november nov novembre noviembre",
    "december dec decembre diciembre dic",
)
_MONTHS = {name: month for month, names in enumerate(_MONTH_NAMES, start=1) for name in names.split()}
_NAMES = tuple(names.split()[0].capitalize() for names in _MONTH_NAMES)
#: Where computers and spreadsheets begin to count: a date of theirs is a blank that went through a program.
_ZEROS = {date(1970, 1, 1), date(1900, 1, 1), date(1899, 12, 31), date(1899, 12, 30), date(1904, 1, 1), date(1, 1, 1)}
_CLEAR = Mend("Clear the cell", "")


@dataclass(frozen=True)
class DateReading:
    """How the dates of a column are read.

    `order` is None where the column leaves it open and a person must be asked. `how` is "found", "asked" (must be
    asked), "chosen" or "plain" (no cell depends on it). `serial`: bare day numbers of a spreadsheet are the rule here.
    `example` is a cell that depends on the order. `mixed`: some cells prove one order and some the other.
    """

    order: Order | None
    how: Literal["found", "asked", "chosen", "plain"]
    serial: bool = False
    example: str = ""
    mixed: bool = False

    def said(self) -> str:
        """The reading as a sentence with an example."""
        if self.order is None:
            if self.mixed:
                return "Some dates are day first and some month first. Choose the one that holds for the column."
            return f"Is {self.example} day first or month first? Every date of the column fits both."
        if not self.example:
            return "Every date says by itself what it means."
        try:
            return f"{self.example} is read as {spoken(read_date(self.example, self) or date.min)}."
        except Wrong:
            return f"Dates are read as {ORDERS[self.order]}."


def spoken(day: date) -> str:
    """A date as people here write it: 3 Jun 2026."""
    return f"{day.day} {_NAMES[day.month - 1][:3]} {day.year}"


def survey_dates(cells: Iterable[Cell], chosen: Order | None = None) -> DateReading:
    """Find the order of day, month and year from the distinct cells of a column, without ever guessing it."""
    day_first = month_first = year_first = open_ones = serials = dated = 0
    example = proof = ""
    for cell in cells:
        if not isinstance(cell, str) or not cell:
            continue
        text = cell.strip()
        if triple := _TRIPLE.match(text):
            dated += 1
            first, second = int(triple.group(1)), int(triple.group(3))
            if len(triple.group(1)) > 2:
                year_first += 1
            elif first > 12 >= second:
                day_first += 1
                proof = proof or text
            elif second > 12 >= first:
                month_first += 1
                proof = proof or text
            elif first != second:
                open_ones += 1
                example = example or text
        elif _SERIAL.match(text):
            serials += 1
    serial = serials > dated
    example = example or proof
    if chosen:
        return DateReading(chosen, "chosen", serial, example)
    if day_first and not month_first:
        return DateReading("dmy", "found", serial, example)
    if month_first and not day_first:
        return DateReading("mdy", "found", serial, example)
    if open_ones or (day_first and month_first):
        return DateReading(None, "asked", serial, example, bool(day_first and month_first))
    return DateReading("dmy", "plain", serial, "")


def read_date(cell: Cell, reading: DateReading) -> date | None:
    """The date in a cell, None for a blank one; the time of day is left out. Raises `Wrong` in words."""
    if isinstance(cell, datetime):
        return _plausible(cell.date())
    if isinstance(cell, date):
        return _plausible(cell)
    if isinstance(cell, (bool, time)):
        raise Wrong("This is no date. Write it like 3 Jun 2026.")
    if isinstance(cell, (int, float)):
        return _from_serial(float(cell), reading)
    text = clean(cell)
    if not text:
        return None
    if triple := _TRIPLE.match(text):
        first, _, second, third = triple.groups()
        return _from_triple(first, second, third, text, reading)
    return _from_words(text, reading)


def _from_triple(first: str, second: str, third: str, text: str, reading: DateReading) -> date:
    """A date of three numbers."""
    if len(first) > 2:
        return _make(int(first), int(second), int(third), reading)
    if len(third) == 3:
        raise Wrong(f"The year {third} is incomplete. Correct the date.")
    if reading.order == "ymd" and len(third) <= 2:
        return _make(_year(first), int(second), int(third), reading)
    is_open = reading.order not in ("dmy", "mdy")
    if is_open and int(first) <= 12 and int(second) <= 12 and int(first) != int(second):
        raise Wrong(f"Is {text} day first or month first? Choose it for the whole column.")
    month_first = reading.order == "mdy" or (is_open and int(second) > 12)
    month, day = (first, second) if month_first else (second, first)
    return _make(_year(third), int(month), int(day), reading)


def _from_words(text: str, reading: DateReading) -> date:
    """A date with the month in words, eight digits, or a bare day number."""
    if compact := _COMPACT.match(text):
        year, month, day = compact.groups()
        return _make(int(year), int(month), int(day), reading)
    if _SERIAL.match(text):
        return _from_serial(float(text), reading)
    for pattern, places in ((_DAY_FIRST, (1, 2, 3)), (_MONTH_FIRST, (2, 1, 3))):
        if found := pattern.match(text):
            day, word, year = (found.group(place) for place in places)
            month = _MONTHS.get(normal_name(word))
            if month:
                return _make(_year(year), month, int(day), reading)
            raise Wrong(f"There is no month called {word[:20]}. Correct the date.")
    if re.match(r"(19|20)\d\d$", text):
        raise Wrong("This is only a year. Write day and month too, or clear the cell.", _CLEAR)
    raise Wrong("This is no date. Write it like 3 Jun 2026.")


def _from_serial(serial: float, reading: DateReading) -> date:
    """A date that a spreadsheet wrote as its day number; a fault unless the whole column is written so."""
    day = day_of_serial(serial)
    if not isinstance(day, date) or not 1950 <= day.year <= 2100:
        raise Wrong("This is no date. Write it like 3 Jun 2026.")
    bare = day.date() if isinstance(day, datetime) else day
    if reading.serial:
        return bare
    raise Wrong(
        f"A spreadsheet wrote this date as a number. Is it {spoken(bare)}?",
        Mend(f"Use {spoken(bare)}", bare.isoformat()),
    )


def _year(digits: str) -> int:
    """A year; of two digits, 69 to 99 are of the last century (POSIX strptime %y)."""
    year = int(digits)
    if len(digits) > 2:
        return year
    return year + (1900 if year >= 69 else 2000)


def _make(year: int, month: int, day: int, reading: DateReading) -> date:
    """A date out of its numbers, or what is wrong with them."""
    if not (year or month or day):
        raise Wrong("A program wrote zeros for a missing date. Clear the cell.", _CLEAR)
    if not 1 <= month <= 12:
        turned = date(year, day, month) if 1 <= day <= 12 and 1 <= month <= 28 and 1 <= year <= 9999 else None
        other = f" Other rows are {ORDERS[reading.order]}." if reading.order else ""
        mend = Mend(f"Use {spoken(turned)}", turned.isoformat()) if turned else None
        raise Wrong(f"There is no month {month}.{other} Correct the date.", mend)
    if not 1 <= year <= 9999:
        raise Wrong(f"The year {year} cannot be right. Correct the date.")
    longest = monthrange(year, month)[1]
    if day > longest:
        of_year = f" {year}" if month == 2 else ""
        raise Wrong(f"{_NAMES[month - 1]}{of_year} has {longest} days. Correct the date.")
    if day == 0:
        raise Wrong("There is no day 0. Correct the date.")
    return _plausible(date(year, month, day))


def _plausible(day: date) -> date:
    """Refuse the zero dates of computers and years no register can hold."""
    if day in _ZEROS:
        raise Wrong(f"{spoken(day)} is where computers begin to count. Correct the date or clear the cell.", _CLEAR)
    if not 1900 <= day.year <= 2100:
        raise Wrong(f"The year {day.year} cannot be right. Correct the date.")
    return day
