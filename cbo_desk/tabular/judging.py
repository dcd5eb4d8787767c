"""Decides what every row of a file would do: create, update, nothing, or be refused, with each fault at its cell."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any, Literal, Protocol, runtime_checkable

from cbo_desk.errors import Refusal
from cbo_desk.tabular.cells import Cell, shown, values_held
from cbo_desk.tabular.columns import ColumnReader, Question, Reading, Survey, question, wrongs
from cbo_desk.tabular.faults import Fault, Wrong
from cbo_desk.tabular.fields import Field, problems
from cbo_desk.tabular.fields import Mapping as ColumnMapping
from cbo_desk.tabular.hanging import Hanging, Hung, mend_first
from cbo_desk.tabular.number_values import Money
from cbo_desk.tabular.table import Row, Table

Outcome = Literal["create", "update", "unchanged", "refused"]
#: A change: the place of the field in `Judge.names`, its value before and after.
Change = tuple[int, Any, Any]
#: A desk's rule over a whole row: of outcome, values and values before, it makes (field, sentence) for each fault.
RowRule = Callable[[Outcome, Mapping[str, Any], Mapping[str, Any]], Iterable[tuple[str, str]]]


class Lookup(Protocol):
    """The questions a desk answers from its database, asked for thousands of rows at once."""

    def existing(self, keys: Sequence[Any], names: Sequence[str]) -> Mapping[Any, tuple[Any, ...]]:
        """The records that exist: for each key (a value, or a tuple where several fields make the key) the current
        values of the named fields in that order, None for blank, in the same types the values of a file have.
        """

    def resolve(self, name: str, texts: Sequence[str]) -> Mapping[str, Any]:
        """What the texts in a column of references mean: the value to store, or a `Wrong` with what to do."""


@runtime_checkable
class Overlooking(Protocol):
    """A lookup whose rows refer to one another: it sees the whole file before any row is judged."""

    def overlook(self, cells: Mapping[str, Sequence[Cell]]) -> None:
        """Take the next cells as they stand, by the names of their fields, side by side."""


@dataclass(frozen=True)
class Choices:
    """What an import may do. `blank_empties`: a blank cell empties its field; otherwise it changes nothing."""

    create: bool = True
    update: bool = True
    blank_empties: bool = False


@dataclass
class Judged:
    """What a batch of rows would do; the lists run side by side with the rows, the dictionaries go by place in them."""

    outcomes: list[Outcome]
    keys: list[Any]
    values: list[tuple[Any, ...]]
    changes: dict[int, tuple[Change, ...]] = field(default_factory=dict)
    faults: dict[int, list[Fault]] = field(default_factory=dict)


class Judge:
    """Judges rows batch by batch. `names` are the fields in the order of all value tuples."""

    def __init__(
        self,
        table: Table,
        mapping: ColumnMapping,
        fields: Sequence[Field],
        choices: Choices,
        lookup: Lookup,
        rules: RowRule | None = None,
    ) -> None:
        if said := problems(mapping, table.names, fields):
            raise Refusal(" ".join(said))
        self.table, self.mapping, self.choices = table, mapping, choices
        self._lookup, self._rules = lookup, rules
        mapped = {name: column for column, name in mapping.columns.items()}
        self.fields = [one for one in fields if one.name in mapped]
        self._places = [table.names.index(mapped[one.name]) for one in self.fields]
        self._columns = [mapped[one.name] for one in self.fields]
        self._fixed = [one for one in fields if one.name in mapping.fixed and one.name not in mapped]
        money = [one for one in self.fields if one.kind == "money" and one.currency_field]
        taken = set(mapped) | {one.name for one in self._fixed}
        self._derived = list(dict.fromkeys(one.currency_field for one in money if one.currency_field not in taken))
        self.names = [one.name for one in (*self.fields, *self._fixed)] + self._derived
        self._place = {name: place for place, name in enumerate(self.names)}
        self._keys = [self._place[one.name] for one in fields if one.key and one.name in self._place]
        self._required = [one for one in fields if one.required]
        self._missing = [one for one in self._required if one.name not in self._place]
        self._blanks = {self._place[one.name]: one.blank_is for one in fields if one.name in self._place}
        self._needed = _picker([self._place[one.name] for one in self._required if one.name in self._place])
        self._found: dict[str, dict[str, Any]] = {}
        self.first_row: dict[Any, int] = {}
        self.survey = Survey(self.fields, self._places, mapping)
        self._readers: list[ColumnReader] = []
        self._fixed_values: list[Any] = []

    def overlook(self, columns: Sequence[Sequence[Cell]]) -> None:
        """Take the next cells, column by column, before any row is judged."""
        self.survey.take(columns)
        if isinstance(self._lookup, Overlooking):
            seen = {one.name: columns[place] for one, place in zip(self.fields, self._places, strict=True)}
            self._lookup.overlook(seen)

    def begin(self) -> tuple[dict[str, Reading], tuple[Question, ...]]:
        """Settle how the columns are read, once the survey has seen them; gives that and what must be asked."""
        readings = self.survey.readings()
        self._readers = [ColumnReader(one, readings.get(one.name)) for one in self.fields]
        fixed = Survey(self._fixed, range(len(self._fixed)), self.mapping)
        texts: list[list[Cell]] = [[self.mapping.fixed[one.name]] for one in self._fixed]
        fixed.take(texts)
        own = fixed.readings()
        self._fixed_values = []
        for one, text in zip(self._fixed, texts, strict=True):
            value = ColumnReader(one, own.get(one.name)).one(text[0])
            if one.kind == "reference" and isinstance(value, str):
                value = self._resolve(one, [value])[0]
            if isinstance(value, Wrong):
                raise Refusal(f"{one.title} “{text[0]}”: {value.what_to_do}", one.name)
            self._fixed_values.append(value.amount if isinstance(value, Money) else value)
        asked = (
            question(one, column, readings.get(one.name))
            for one, column in zip(self.fields, self._columns, strict=True)
        )
        return readings, tuple(one for one in asked if one is not None)

    @property
    def formula_like(self) -> int:
        """How many texts read so far begin like a formula."""
        return sum(reader.formula_like for reader in self._readers)

    def judge(self, rows: Sequence[Row], trusted: frozenset[int] = frozenset()) -> Judged:
        """What the rows would do. `trusted`: places of columns a person has looked at in these rows."""
        faults: dict[int, list[Fault]] = {}
        values = self.parse(rows, faults, trusted)
        keys = self._key_column(values)
        judged = Judged(["refused"] * len(rows), keys, values, {}, faults)
        self._refuse_doubles(rows, judged)
        fresh = [key for place, key in enumerate(keys) if place not in faults]
        existing = self._lookup.existing(fresh, self.names) if fresh else {}
        plain = self.choices.create and self._rules is None and not self._missing
        needed = self._needed
        for place, (key, new) in enumerate(zip(keys, values, strict=True)):
            if place in faults:
                continue
            before = existing.get(key)
            if before is None and plain and None not in needed(new):
                judged.outcomes[place] = "create"
            elif before is None:
                self._judge_new(rows[place], place, judged)
            elif before == new:
                judged.outcomes[place] = "unchanged"
            else:
                self._judge_old(rows[place], place, before, judged)
        return judged

    @property
    def hangs(self) -> bool:
        """Whether the records of a file stand in one another."""
        return isinstance(self._lookup, Hanging)

    def hung(self, rows: Sequence[Row], judged: Judged) -> list[Hung]:
        """What these rows stand in, where the records of a file stand in one another; else nothing."""
        lookup = self._lookup
        if not isinstance(lookup, Hanging):
            return []
        found = []
        for place, (row, values) in enumerate(zip(rows, judged.values, strict=True)):
            own, above = lookup.hangs(values_held(self.names, values))
            found.append(Hung(row[0], own, above, judged.outcomes[place] == "refused"))
        return found

    def refuse_hanging(self, rows: Sequence[Row], judged: Judged, found: Mapping[int, int]) -> None:
        """Refuse those of the rows that stand in what a refused row was to make; `found` names that row by theirs."""
        lookup = self._lookup
        for place, row in enumerate(rows):
            above = found.get(row[0])
            if above is None or not isinstance(lookup, Hanging):
                continue
            judged.outcomes[place] = "refused"
            judged.changes.pop(place, None)
            columns = dict(zip((one.name for one in self.fields), self._columns, strict=True))
            name = lookup.hangs(values_held(self.names, judged.values[place]))[1]
            column = columns.get(lookup.hangs_by, "")
            self._blame(judged.faults, place, {place: row}, column, mend_first(name, above), other_row=above)

    def parse(
        self, rows: Sequence[Row], faults: dict[int, list[Fault]], trusted: frozenset[int] = frozenset()
    ) -> list[tuple[Any, ...]]:
        """The values of the rows in the order of `names`; what cannot be taken is put into `faults`."""
        width = self.table.width
        cells_of_rows: list[Sequence[Cell]] = [cells for _, cells in rows]
        broken = self.table.text.broken if self.table.text else {}
        if broken or set(map(len, cells_of_rows)) != {width}:
            for place, (number, cells) in enumerate(rows):
                if len(cells) == width and number not in broken:
                    continue
                if sentence := self.table.unevenness(number, cells):
                    self._blame(faults, place, rows, "", sentence)
                cells_of_rows[place] = [*cells, *[""] * (width - len(cells))][:width]
        file_columns = list(zip(*cells_of_rows, strict=True))
        columns: list[Sequence[Any]] = []
        for reader, place, name in zip(self._readers, self._places, self._columns, strict=True):
            column = file_columns[place] if file_columns else ()
            values = [reader.one(cell, True) for cell in column] if place in trusted else reader.read(column)
            if reader.field.kind == "reference":
                values = self._resolve(reader.field, values)
            if reader.met_wrong or reader.field.kind == "reference":
                for row, wrong in wrongs(values):
                    self._blame(faults, row, rows, name, wrong.what_to_do, wrong)
                    values[row] = None
            columns.append(values)
        columns += [[value] * len(rows) for value in self._fixed_values]
        columns += [[None] * len(rows) for _ in self._derived]
        self._split_money(columns, rows, faults)
        return list(zip(*columns, strict=True))

    def _resolve(self, one: Field, texts: Sequence[Any]) -> list[Any]:
        """The values that references mean; each text is asked once in the whole import."""
        known = self._found.setdefault(one.name, {})
        unknown = list({text for text in texts if text.__class__ is str and text not in known})
        if unknown:
            answers = self._lookup.resolve(one.name, unknown)
            for text in unknown:
                value = answers.get(text)
                known[text] = Wrong(f"There is no {one.title.lower()} “{text}”.") if value is None else value
        return [known[text] if text.__class__ is str else text for text in texts]

    def _split_money(self, columns: list[Sequence[Any]], rows: Sequence[Row], faults: dict[int, list[Fault]]) -> None:
        """Turn money into amounts; the currency goes to its own field, or is compared with what stands there."""
        for place, one in enumerate(self.fields):
            if one.kind != "money":
                continue
            moneys = columns[place]
            columns[place] = [None if money is None else money.amount for money in moneys]
            target = self._place.get(one.currency_field)
            if target is None:
                continue
            named = [(row, money) for row, money in enumerate(moneys) if money is not None and money.currency]
            if not named:
                continue
            currencies = list(columns[target])
            for row, money in named:
                if currencies[row] is None:
                    currencies[row] = money.currency
                elif str(currencies[row]).upper() != money.currency:
                    sentence = f"The cell says {money.currency}, the currency is {currencies[row]}. Keep one."
                    self._blame(faults, row, rows, self._columns[place], sentence)
            columns[target] = currencies

    def _key_column(self, values: Sequence[tuple[Any, ...]]) -> list[Any]:
        """The key of each row; None where a part of it is blank."""
        if len(self._keys) == 1:
            place = self._keys[0]
            return [row[place] for row in values]
        picked = [tuple(row[place] for place in self._keys) for row in values]
        return [None if None in key else key for key in picked]

    def _refuse_doubles(self, rows: Sequence[Row], judged: Judged) -> None:
        """Refuse rows without a key and rows whose key stood in an earlier row."""
        first_row, title = self.first_row, self._key_title()
        distinct = set(judged.keys)
        if len(distinct) == len(rows) and None not in distinct and first_row.keys().isdisjoint(distinct):
            first_row.update(zip(judged.keys, (number for number, _ in rows), strict=True))
            return
        for place, key in enumerate(judged.keys):
            number = rows[place][0]
            if key is None:
                if not any(fault.column in self._key_columns() for fault in judged.faults.get(place, ())):
                    one, column = self._blank_key(judged.values[place])
                    self._blame(judged.faults, place, rows, column, one.blank_sentence)
                continue
            first = first_row.setdefault(key, number)
            if first != number:
                column = self._key_columns()[-1] if self._key_columns() else ""
                sentence = f"The same {title} stands in row {first:,}. Keep one."
                self._blame(judged.faults, place, rows, column, sentence, other_row=first)

    def _key_title(self) -> str:
        """The last key field's title inside a sentence."""
        named = [one.title for one in (*self.fields, *self._fixed) if one.key]
        return (named[-1] if named else "key").lower()

    def _key_columns(self) -> list[str]:
        """The columns of the file that make the key."""
        return [column for one, column in zip(self.fields, self._columns, strict=True) if one.key]

    def _blank_key(self, row: tuple[Any, ...]) -> tuple[Field, str]:
        """The key field that is blank in a row, with its column."""
        for place, (one, column) in enumerate(zip(self.fields, self._columns, strict=True)):
            if one.key and row[place] is None:
                return one, column
        return next(one for one in (*self.fields, *self._fixed) if one.key), ""

    def _judge_new(self, row: Row, place: int, judged: Judged) -> None:
        """A row about something that does not exist yet."""
        values = judged.values[place]
        said: list[tuple[str, str]] = []
        if not self.choices.create:
            key = judged.keys[place]
            shown_key = key[-1] if isinstance(key, tuple) else key
            said.append((self._last_key(), f"{shown_key} is not in the register. Allow creating to add it."))
        said += [(one.name, one.blank_sentence) for one in self._missing]
        said += [
            (one.name, one.blank_sentence)
            for one in self._required
            if one.name in self._place and values[self._place[one.name]] is None
        ]
        self._settle(row, place, judged, "create", said, {})

    def _judge_old(self, row: Row, place: int, before: tuple[Any, ...], judged: Judged) -> None:
        """A row about something that exists and that may differ from it."""
        empties = self.choices.blank_empties
        changes = tuple(
            (at, old, new)
            for at, (old, new) in enumerate(zip(before, judged.values[place], strict=True))
            if old != new and (new is not None or (empties and at < len(self.fields))) and not self._alike(at, old, new)
        )
        if not changes:
            judged.outcomes[place] = "unchanged"
            return
        said: list[tuple[str, str]] = []
        if not self.choices.update:
            said.append((self._last_key(), "It is in the register already. Allow updating to change it."))
        blank = {self.names[at] for at, _, new in changes if new is None}
        said += [(one.name, f"{one.title} cannot be blank.") for one in self._required if one.name in blank]
        judged.changes[place] = changes
        self._settle(row, place, judged, "update", said, dict(zip(self.names, before, strict=True)))

    def _alike(self, at: int, old: Any, new: Any) -> bool:
        """Whether of two values one is blank and the other what a blank stands for."""
        blank = self._blanks.get(at)
        return blank is not None and (new if old is None else old if new is None else None) == blank

    def _settle(
        self,
        row: Row,
        place: int,
        judged: Judged,
        outcome: Outcome,
        said: list[tuple[str, str]],
        before: Mapping[str, Any],
    ) -> None:
        """Give a row its outcome, unless something is said against it."""
        if not said and self._rules is not None:
            held = {
                name: value for name, value in zip(self.names, judged.values[place], strict=True) if value is not None
            }
            said = list(self._rules(outcome, held, before))
        if not said:
            judged.outcomes[place] = outcome
            return
        judged.changes.pop(place, None)
        columns = dict(zip((one.name for one in self.fields), self._columns, strict=True))
        for name, sentence in said:
            self._blame(judged.faults, place, {place: row}, columns.get(name, ""), sentence)

    def _last_key(self) -> str:
        """The name of the last key field."""
        return self.names[self._keys[-1]]

    def _blame(
        self,
        faults: dict[int, list[Fault]],
        place: int,
        rows: Sequence[Row] | Mapping[int, Row],
        column: str,
        sentence: str,
        wrong: Wrong | None = None,
        other_row: int = 0,
    ) -> None:
        """Put down a fault."""
        number, cells = rows[place]
        at = self.table.names.index(column) if column else -1
        value = shown(cells[at]) if 0 <= at < len(cells) else ""
        mend, missing = (wrong.mend, wrong.missing) if wrong else (None, "")
        fault = Fault(number, column, value, sentence, mend, other_row, missing)
        faults.setdefault(place, []).append(fault)


def _picker(places: Sequence[int]) -> Callable[[tuple[Any, ...]], tuple[Any, ...]]:
    """What picks the values at some places out of a row."""
    if len(places) > 1:
        return itemgetter(*places)
    return lambda row: tuple(row[place] for place in places)
