"""The custom fields of a category, on plain values: what a definition may be, and reading and checking what is typed.

The form, the import, bulk edit and the commands all ask here, so that a value is taken or refused alike everywhere. A
value is kept as JSON holds it: text and choices as text, numbers as numbers, days as 2026-07-14, yes or no as true or
false; a blank one is not kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from cbo_desk.errors import Faults
from cbo_desk.folding import fold
from cbo_desk.tabular.faults import Wrong

PREFIX = "custom."
"""Before a field's key, in the names of faults and of columns of a file."""
LONGEST_LABEL = 60
LONGEST_VALUE = 500
MOST_CHOICES = 200
MOST_DIGITS = 15
"""A number keeps so many digits exactly in every engine and every spreadsheet."""


class FieldKind(StrEnum):
    """What kind of value a field takes."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    YES_NO = "yes_no"
    CHOICE = "choice"


KIND_WORDS: Mapping[FieldKind, str] = {
    FieldKind.TEXT: "a text",
    FieldKind.NUMBER: "a number",
    FieldKind.DATE: "a day",
    FieldKind.YES_NO: "yes or no",
    FieldKind.CHOICE: "one of a list",
}


@dataclass(frozen=True)
class FieldForm:
    """What a person says about a field of a category; bounds are of a number, choices of a choice."""

    category_id: int
    label: str
    kind: FieldKind = FieldKind.TEXT
    unit: str = ""
    least: Decimal | None = None
    most: Decimal | None = None
    choices: tuple[str, ...] = ()
    required: bool = False
    position: int = 0


@dataclass(frozen=True)
class CustomField:
    """A field as it is defined; `retired`: its values are kept and shown, and new ones are no longer asked for."""

    id: int
    version: int
    key: str
    form: FieldForm
    retired: bool = False

    @property
    def title(self) -> str:
        """The label with its unit: what heads a column and stands over a line of a form."""
        return f"{self.form.label} ({self.form.unit})" if self.form.unit else self.form.label

    @property
    def name(self) -> str:
        """What its faults and its column of a file are called by."""
        return PREFIX + self.key


def key_of(label: str) -> str:
    """The key under which the values of a field are kept: its first label, in small letters and figures."""
    return re.sub(r"[^a-z0-9]+", "_", fold(label)).strip("_")[:LONGEST_LABEL]


def check_definition(form: FieldForm, taken: Iterable[str] = ()) -> None:
    """Refuse a definition with faults, each beside its field; `taken` are the headings that every asset has."""
    faults: dict[str, str] = {}
    label = form.label.strip()
    if not label or not key_of(label):
        faults["label"] = "A field needs a name of letters or figures, such as Memory."
    elif len(label) > LONGEST_LABEL:
        faults["label"] = f"A name has at most {LONGEST_LABEL} characters."
    elif key_of(label) in {key_of(word) for word in taken}:
        faults["label"] = f"Every asset has a field called {label} already. Choose another name."
    if form.unit and form.kind is not FieldKind.NUMBER:
        faults["unit"] = "Only a number has a unit."
    if form.kind is not FieldKind.NUMBER and (form.least is not None or form.most is not None):
        faults["least"] = "Only a number has a least and a most."
    elif form.least is not None and form.most is not None and form.least > form.most:
        faults["most"] = "The least number is above the most. Turn them round."
    faults |= _choice_faults(form)
    if faults:
        raise Faults(faults)


def _choice_faults(form: FieldForm) -> dict[str, str]:
    words = [choice.casefold() for choice in form.choices]
    if form.kind is not FieldKind.CHOICE:
        return {"choices": "Only a list has choices."} if words else {}
    if not words:
        return {"choices": "Write what may be chosen, one a line."}
    if len(words) > MOST_CHOICES:
        return {"choices": f"A list has at most {MOST_CHOICES} choices."}
    if len(set(words)) != len(words):
        twice = next(choice for choice in form.choices if words.count(choice.casefold()) > 1)
        return {"choices": f"{twice} stands in the list twice."}
    return {}


def read_value(form: FieldForm, typed: Any) -> Any:
    """The value to keep for what was typed, read or chosen; None for blank. Raises `Wrong` in words."""
    if typed is None or (isinstance(typed, str) and not typed.strip()):
        return None
    return _READERS[form.kind](form, typed)


def _text(form: FieldForm, typed: Any) -> str:
    text = str(typed).strip()
    if len(text) > LONGEST_VALUE:
        raise Wrong(f"{form.label} has at most {LONGEST_VALUE} characters.")
    return text


def _number(form: FieldForm, typed: Any) -> int | float:
    from cbo_desk.tabular.number_values import NumberReading, read_number, survey_numbers

    if isinstance(typed, bool):
        raise Wrong(f"{form.label} is a number.")
    if isinstance(typed, str):
        typed = read_number(typed, NumberReading(survey_numbers([typed]).style or "point", "chosen"))
    number = Decimal(str(typed))
    if not number.is_finite() or len(number.normalize().as_tuple().digits) > MOST_DIGITS or abs(number) >= 10**15:
        raise Wrong(f"{form.label} has at most {MOST_DIGITS} digits.")
    unit = f" {form.unit}" if form.unit else ""
    if form.least is not None and number < form.least:
        raise Wrong(f"{form.label} is at least {form.least:,f}{unit}.")
    if form.most is not None and number > form.most:
        raise Wrong(f"{form.label} is at most {form.most:,f}{unit}.")
    return int(number) if number == number.to_integral_value() else float(number)


def _day(form: FieldForm, typed: Any) -> str:
    from cbo_desk.tabular.date_values import DateReading, read_date

    day = typed if isinstance(typed, date) else read_date(str(typed), DateReading("dmy", "chosen"))
    assert isinstance(day, date)
    if day.year < 1900 or day.year > 2200:
        raise Wrong(f"{form.label}: check the year.")
    return date(day.year, day.month, day.day).isoformat()


def _yes_no(form: FieldForm, typed: Any) -> bool:
    from cbo_desk.tabular.text_values import read_boolean

    found = typed if isinstance(typed, bool) else read_boolean(typed)
    assert isinstance(found, bool)
    return found


def _choice(form: FieldForm, typed: Any) -> str:
    wanted = str(typed).strip().casefold()
    found = next((choice for choice in form.choices if choice.casefold() == wanted), None)
    if found is None:
        raise Wrong(f"{form.label} is one of: {', '.join(form.choices)}.")
    return found


_READERS = {
    FieldKind.TEXT: _text,
    FieldKind.NUMBER: _number,
    FieldKind.DATE: _day,
    FieldKind.YES_NO: _yes_no,
    FieldKind.CHOICE: _choice,
}


def as_kept(value: Any) -> Any:
    """A value that was read as a file's cells are, as JSON keeps it."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value.isoformat() if isinstance(value, date) else value


def fits(form: FieldForm, value: Any) -> bool:
    """Whether a value that is kept could stand under another definition just as it is."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    right = {FieldKind.NUMBER: is_number, FieldKind.YES_NO: isinstance(value, bool)}
    if not right.get(form.kind, isinstance(value, str)):
        return False
    try:
        return bool(read_value(form, value) == value)
    except Wrong:
        return False


def checked(
    fields: Sequence[CustomField], typed: Mapping[str, Any], before: Mapping[str, Any], *, whole: bool = True
) -> dict[str, Any]:
    """All values of an asset once `typed` is written over what stood `before`; raises `Faults` under "custom.KEY".

    `fields` are those of the asset's category. What stood before stays where nothing is typed for it, also under a
    retired field or one of another category; None empties; a required field may not end up blank where the `whole`
    asset is written.
    """
    known = {field.key: field for field in fields}
    found, faults = dict(before), {}
    for key, value in typed.items():
        if value == before.get(key, "") or (value is None and key not in before):
            continue
        field = known.get(key)
        if field is None or field.retired:
            if value in (None, ""):
                found.pop(key, None)
            else:
                label = field.form.label if field else key.replace("_", " ").capitalize()
                longer = "no longer a field" if field else "no field"
                faults[PREFIX + key] = f"{label} is {longer} of this category."
            continue
        try:
            read = read_value(field.form, value)
        except Wrong as wrong:
            faults[field.name] = wrong.what_to_do
            continue
        found.pop(key, None)
        if read is not None:
            found[key] = read
    for field in fields:
        missing = field.form.required and not field.retired and field.key not in found
        if missing and (whole or field.key in typed):
            faults.setdefault(field.name, f"{field.form.label} is needed.")
    if faults:
        raise Faults(faults)
    return found


def told(field: CustomField | None, value: Any) -> str:
    """A value as a person reads it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        unit = f" {field.form.unit}" if field and field.form.unit else ""
        return f"{value:,}{unit}"
    if field and field.form.kind is FieldKind.DATE:
        return f"{date.fromisoformat(value):%-d %b %Y}"
    return str(value)


def words_of(custom: Mapping[str, Any]) -> tuple[str, ...]:
    """What search finds an asset by: its texts, days, choices and numbers, but no bare yes or no."""
    return tuple(str(value) for value in custom.values() if not isinstance(value, bool))
