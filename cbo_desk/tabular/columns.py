"""One column of a file on its way to one field: how its cells are read, many at a time."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from cbo_desk.tabular.cells import Cell
from cbo_desk.tabular.date_values import DateReading, read_date, spoken, survey_dates
from cbo_desk.tabular.faults import Mend, Wrong
from cbo_desk.tabular.fields import Field, Mapping
from cbo_desk.tabular.number_values import (
    Money,
    NumberReading,
    read_integer,
    read_money,
    read_number,
    survey_numbers,
)
from cbo_desk.tabular.text_values import could_run, read_boolean, read_choice, read_identifier, read_notes, read_text

_REMEMBERED = 50_000
_TEXTUAL = ("text", "notes", "identifier")
_RUNS = frozenset("=+-@")
_DIGITS = re.compile(r"[0-9]+\Z").match
#: Text that is taken as it stands: plain letters without blanks around them, nothing a spreadsheet could have spoilt.
_AS_IT_STANDS = re.compile(r"(?:[A-Za-z](?:[\x20-\x7e]*[\x21-\x7e])?|[0-9]+)\Z").match
_NUMERIC = ("number", "integer", "money")


@dataclass(frozen=True)
class Digits:
    """How long the identifiers of digits are in a column where spreadsheets may have cut leading zeros (0: no rule)."""

    length: int = 0


@dataclass(frozen=True)
class Question:
    """What a person must say about a column before its cells can be read."""

    field: str
    column: str
    kind: str
    text: str


Reading = DateReading | NumberReading | Digits | None


class Survey:
    """Looks at whole columns, so that the way each is written is found once for all its cells."""

    def __init__(self, fields: Sequence[Field], places: Sequence[int], mapping: Mapping) -> None:
        self._mapping = mapping
        self._fields = list(zip(fields, places, strict=True))
        self._seen: dict[int, set[Cell]] = {
            place: set() for one, place in self._fields if one.kind == "date" or one.kind in _NUMERIC
        }
        self._lengths: dict[int, Counter[int]] = {
            place: Counter()
            for one, place in self._fields
            if one.kind == "identifier" and one.name not in mapping.trusted
        }

        self._zeros: dict[int, Counter[int]] = {place: Counter() for place in self._lengths}

    def take(self, columns: Sequence[Sequence[Cell]]) -> None:
        """Take the next cells, column by column."""
        for place, seen in self._seen.items():
            seen.update(columns[place])
        for place, lengths in self._lengths.items():
            texts = [cell for cell in columns[place] if isinstance(cell, str)]
            digits = [cell for cell in texts if _DIGITS(cell)]
            lengths.update(map(len, digits))
            self._zeros[place].update(len(cell) for cell in digits if cell[0] == "0")

    def readings(self) -> dict[str, Reading]:
        """How each field's column is read."""
        found: dict[str, Reading] = {}
        for one, place in self._fields:
            if one.kind == "date":
                order: Any = self._mapping.dates.get(one.name)
                found[one.name] = survey_dates(self._seen[place], order)
            elif one.kind in _NUMERIC:
                style: Any = self._mapping.numbers.get(one.name)
                found[one.name] = survey_numbers(self._seen[place], style, one.kind == "money")
            elif place in self._lengths:
                found[one.name] = _digits(self._lengths[place], self._zeros[place])
        return found


def _digits(lengths: Counter[int], zeros: Counter[int]) -> Digits:
    """The common length of identifiers of digits: nine of ten have it and some begin with a zero."""
    if not lengths:
        return Digits()
    length, count = lengths.most_common(1)[0]
    if length >= 4 and count * 10 >= lengths.total() * 9 and zeros[length]:
        return Digits(length)
    return Digits()


def question(one: Field, column: str, reading: Reading) -> Question | None:
    """What must be asked about a column, if anything."""
    if isinstance(reading, DateReading) and reading.how == "asked":
        return Question(one.name, column, "dates", reading.said())
    if isinstance(reading, NumberReading) and reading.how == "asked":
        return Question(one.name, column, "numbers", reading.said())
    return None


class ColumnReader:
    """Reads the cells of one column; what stood there before is not parsed again.

    In the answer of `read`, a cell that cannot be taken stands as its `Wrong`. `formula_like` counts texts that a
    spreadsheet might run; they are kept as text.
    """

    def __init__(self, one: Field, reading: Reading) -> None:
        self.field = one
        self._parse = _parser(one, reading)
        self._length = reading.length if isinstance(reading, Digits) else 0
        self.takes_plain_text = (
            one.kind in ("text", "notes", "identifier", "reference") and not self._length and not one.longest
        )
        self._memo = _Memo(self)
        self.met_wrong = False
        self.formula_like = 0

    def read(self, cells: Sequence[Cell]) -> list[Any]:
        """The value of every cell."""
        memo = self._memo
        if len(memo) > _REMEMBERED:
            memo.clear()
        return [memo[cell] if cell.__class__ is str else self.one(cell) for cell in cells]

    def one(self, cell: Cell, trusted: bool = False) -> Any:
        """The value of one cell, or its `Wrong`. `trusted`: a person has looked at it, no suspicion is due."""
        try:
            value = self._parse(cell)
            if self._length and not trusted and isinstance(value, str):
                _suspect(value, self._length)
        except Wrong as wrong:
            self.met_wrong = True
            return wrong
        return value


def _parser(one: Field, reading: Reading) -> Callable[[Cell], Any]:
    """What turns a cell into a value of the field's kind, or raises `Wrong`."""
    if one.kind == "date":
        assert isinstance(reading, DateReading)
        return partial(read_date, reading=reading)
    if one.kind in _NUMERIC:
        assert isinstance(reading, NumberReading)
        read: Any = {"money": read_money, "integer": read_integer}.get(one.kind, read_number)
        parse = partial(read, reading=reading)
        return parse if one.least is None else partial(_at_least, parse, one.least)
    if one.kind == "boolean":
        return read_boolean
    if one.kind == "choice":
        return partial(read_choice, choices=one.choices, title=one.title)
    if one.kind == "identifier":
        parse = partial(read_identifier, name=one.title.lower())
    else:
        parse = partial(read_notes if one.kind == "notes" else read_text)
    return parse if not one.longest else partial(_at_most, parse, one.longest)


def _at_least(parse: Callable[[Cell], Any], least: int, cell: Cell) -> Any:
    """A number or an amount that is not below `least`."""
    value = parse(cell)
    amount = value.amount if isinstance(value, Money) else value
    if amount is not None and amount < least:
        raise Wrong(f"The smallest number allowed is {least:,}.")
    return value


def _at_most(parse: Callable[[Cell], Any], longest: int, cell: Cell) -> Any:
    """A text that is not longer than `longest` characters."""
    text = parse(cell)
    if text is not None and len(text) > longest:
        raise Wrong(f"At most {longest:,} characters fit; these are {len(text):,}. Shorten it.")
    return text


def _suspect(value: str, length: int) -> None:
    """Refuse digits that are shorter than the others of a column whose numbers begin with zeros."""
    if len(value) < length and value.isdecimal():
        whole = value.zfill(length)
        raise Wrong(
            f"Others have {length} digits: a spreadsheet may have cut the zeros. Is it {whole}?",
            Mend(f"Use {whole}", whole),
        )


class _Memo(dict[str, Any]):
    """Values of cells that were read before; reads what is missing."""

    def __init__(self, reader: ColumnReader) -> None:
        super().__init__()
        self._reader = reader
        self._plain = reader.takes_plain_text

    def __missing__(self, cell: str) -> Any:
        if self._plain and _AS_IT_STANDS(cell):
            self[cell] = cell
            return cell
        value = self._reader.one(cell)
        if cell[:1] in _RUNS and self._reader.field.kind in _TEXTUAL and could_run(cell):
            self._reader.formula_like += 1
        self[cell] = value
        return value


def told(value: object) -> str:
    """A value as people read it in a list of changes."""
    if value is None:
        return ""
    if hasattr(value, "year") and hasattr(value, "day"):
        return spoken(value)  # type: ignore[arg-type]
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def wrongs(values: Iterable[Any]) -> list[tuple[int, Wrong]]:
    """The places of the cells that cannot be taken."""
    return [(place, value) for place, value in enumerate(values) if value.__class__ is Wrong]
