"""The fields a desk takes from a file, declared as data, and how the columns of a file are matched to them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping as Names
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from cbo_desk.errors import Refusal
from cbo_desk.tabular.date_values import ORDERS
from cbo_desk.tabular.headings import normal_name
from cbo_desk.tabular.number_values import CURRENCY_CODES, STYLES

Kind = Literal["text", "notes", "identifier", "date", "number", "integer", "money", "boolean", "choice", "reference"]

#: The two columns that a file of bad rows carries on top; they are known again and left out when it is imported.
ROW_COLUMN, DEED_COLUMN = "Row in the file", "What to do"
_OURS = {normal_name(ROW_COLUMN), normal_name(DEED_COLUMN)}


@dataclass(frozen=True)
class Field:
    """A field that a column of a file can fill.

    `key`: it (with the other key fields) says which record a row is about. `aliases`: names that registers use for it,
    in any language. `choices`: value by name, for the kind "choice". A "reference" is resolved by the desk's lookup.
    `if_blank` is the sentence for a required field left blank on a new record. `currency_field` names the field that
    takes the currency a money cell shows. `least` is the smallest number allowed. `blank_is` is what a blank stands for
    in the register, where that is not nothing: a cell that says so changes a record without it no more than a blank.
    """

    name: str
    title: str
    kind: Kind = "text"
    required: bool = False
    key: bool = False
    aliases: tuple[str, ...] = ()
    choices: Names[str, object] = field(default_factory=dict)
    if_blank: str = ""
    currency_field: str = ""
    least: int | None = None
    longest: int = 0
    blank_is: Any = None

    @property
    def blank_sentence(self) -> str:
        """What to say where the field is required and blank."""
        return self.if_blank or f"A new row needs {_article(self.title)} {_lower(self.title)}."


def _lower(title: str) -> str:
    """A title inside a sentence."""
    return title if title[:2].isupper() else title[:1].lower() + title[1:]


def _article(word: str) -> str:
    """The article before a title."""
    return "an" if word[:1].lower() in "aeiou" else "a"


@dataclass(frozen=True)
class Mapping:
    """How a file is taken: which column fills which field, and everything that was chosen about it.

    `columns` gives the field's name for a column's name. `fixed` gives one text for every row to fields without a
    column ("entity": "UNICEF"). `dates` and `numbers` hold the order or style chosen for a field. `trusted` fields are
    read as they stand, without suspicion of lost zeros. `reasons` says why a column was taken.
    """

    columns: Names[str, str] = field(default_factory=dict)
    fixed: Names[str, str] = field(default_factory=dict)
    dates: Names[str, str] = field(default_factory=dict)
    numbers: Names[str, str] = field(default_factory=dict)
    trusted: tuple[str, ...] = ()
    reasons: Names[str, str] = field(default_factory=dict, compare=False)

    def column_of(self, name: str) -> str | None:
        """The column that fills a field."""
        return next((column for column, taken in self.columns.items() if taken == name), None)

    def left_out(self, headers: Sequence[str]) -> tuple[str, ...]:
        """The columns that fill nothing, without the two of a bad rows file."""
        return tuple(name for name in headers if name not in self.columns and normal_name(name) not in _OURS)

    def with_column(self, column: str, name: str | None) -> Mapping:
        """The mapping with another field (or none) for a column."""
        columns = {key: value for key, value in self.columns.items() if key != column}
        if name is not None:
            columns[column] = name
        return replace(self, columns=columns)

    def as_dict(self) -> dict[str, Any]:
        """The mapping for a JSON or TOML file; `mapping_from_dict` reads it back."""
        told: dict[str, Any] = {"columns": dict(self.columns)}
        for name in ("fixed", "dates", "numbers"):
            if getattr(self, name):
                told[name] = dict(getattr(self, name))
        if self.trusted:
            told["trusted"] = list(self.trusted)
        return told


def mapping_from_dict(data: object) -> Mapping:
    """A mapping out of a mapping file: tables `columns`, `fixed`, `dates`, `numbers` and the list `trusted`.

    In a file the columns are written header = "field". Dates are "dmy", "mdy" or "ymd", numbers "point" or "comma".
    Refused where something else stands there.
    """
    if not isinstance(data, dict):
        raise Refusal("The mapping file must hold a table of columns.")
    unknown = set(data) - {"columns", "fixed", "dates", "numbers", "trusted", "options"}
    if unknown:
        raise Refusal(f"The mapping file has a part “{min(map(str, unknown))}” that means nothing.")
    parts: dict[str, dict[str, str]] = {}
    for part in ("columns", "fixed", "dates", "numbers"):
        held = data.get(part, {})
        if not isinstance(held, dict) or not all(isinstance(v, str) for v in held.values()):
            raise Refusal(f'The part “{part}” of the mapping file must hold lines like name = "text".')
        parts[part] = {str(key): value for key, value in held.items()}
    for part, allowed in (("dates", set(ORDERS)), ("numbers", set(STYLES))):
        for name, value in parts[part].items():
            if value not in allowed:
                raise Refusal(f"{value[:40]} for {name} is none of {', '.join(sorted(allowed))}.")
    trusted = data.get("trusted", [])
    if not isinstance(trusted, (list, tuple)) or not all(isinstance(name, str) for name in trusted):
        raise Refusal("The part “trusted” of the mapping file must be a list of field names.")
    return Mapping(parts["columns"], parts["fixed"], parts["dates"], parts["numbers"], tuple(trusted))


def problems(mapping: Mapping, headers: Sequence[str], fields: Sequence[Field]) -> list[str]:
    """What keeps a mapping from being used, as sentences; none when it is sound."""
    known = {one.name: one for one in fields}
    said: list[str] = []
    taken: dict[str, list[str]] = {}
    for column, name in mapping.columns.items():
        if column not in headers:
            said.append(f"The file has no column “{column}”.")
        if name not in known:
            said.append(f"There is no field “{name}” for the column “{column}”.")
        taken.setdefault(name, []).append(column)
    for part in (mapping.fixed, mapping.dates, mapping.numbers):
        said += [f"There is no field “{name}”." for name in part if name not in known]
    for name, columns in taken.items():
        if len(columns) > 1 and name in known:
            both = " and ".join(f"“{column}”" for column in columns)
            said.append(f"{both} both fill {_lower(known[name].title)}. Leave one out.")
        if name in mapping.fixed and name in known:
            said.append(f"{known[name].title} is filled by “{columns[0]}” and set for every row. Keep one.")
    for one in fields:
        if one.key and one.name not in taken and one.name not in mapping.fixed:
            title = _lower(one.title).rstrip(".")  # one full stop is enough after “inventory no.”
            said.append(f"No column fills {title}. Choose the one that says which record a row is about.")
    return said


def signature(headers: Sequence[str]) -> str:
    """What tells one kind of file from another: its column names, in any order, without the two of a bad rows file."""
    names = sorted(name for name in map(normal_name, headers) if name not in _OURS)
    return hashlib.sha256("\n".join(names).encode()).hexdigest()[:32]


def suggest_mapping(
    headers: Sequence[str], fields: Sequence[Field], remembered: Names[str, Any] | None = None
) -> Mapping:
    """Match columns to fields: as remembered for such a file, or by name and alias, or by nearly the same name.

    `remembered` holds mappings as dictionaries by `signature`. Each field is suggested once; nothing is taken that is
    only vaguely alike.
    """
    held = (remembered or {}).get(signature(headers))
    if held is not None:
        known = {one.name for one in fields}
        mapping = mapping_from_dict(held)
        columns = {c: n for c, n in mapping.columns.items() if c in headers and n in known}
        return replace(mapping, columns=columns, reasons=dict.fromkeys(columns, "As last time."))
    columns, reasons, fixed = {}, {}, {}
    names = {header: normal_name(header) for header in headers if normal_name(header) not in _OURS}
    for pool, reason in (
        (_exactly, "Same name."),
        (_without_extras, "Same words."),
        (_nearly, "Nearly the same name."),
    ):
        for header, name in names.items():
            if header in columns:
                continue
            free = [one for one in fields if one.name not in columns.values()]
            found = pool(name, free)
            if found is not None:
                columns[header], reasons[header] = found.name, reason
    for header, taken in columns.items():
        one = next(one for one in fields if one.name == taken)
        code = next((word.upper() for word in names[header].split() if word.upper() in CURRENCY_CODES), "")
        if code and one.currency_field and one.currency_field not in columns.values():
            fixed[one.currency_field] = code
    return Mapping(columns, fixed, reasons=reasons)


def known_names(fields: Sequence[Field]) -> frozenset[str]:
    """All normalised names and aliases of the fields, for finding the header row."""
    return frozenset(name for one in fields for name in _spellings(one))


def _spellings(one: Field) -> list[str]:
    """The normalised names a field goes by."""
    return [normal_name(text) for text in (one.name, one.title, *one.aliases)]


def _exactly(name: str, fields: Sequence[Field]) -> Field | None:
    """The field of exactly this name."""
    return next((one for one in fields if name and name in _spellings(one)), None)


_LITTLE_WORDS = "no nr n num number numero nbr the of de du la le d l del el in usd eur kes gbp chf"
_FILLERS = frozenset(_LITTLE_WORDS.split())


def _without_extras(name: str, fields: Sequence[Field]) -> Field | None:
    """The one field whose name agrees once little words, numbers' abbreviations and currencies are taken away."""
    words = [word for word in name.split() if word not in _FILLERS]
    if not words:
        return None
    found = [
        one
        for one in fields
        if any(words == [w for w in spelling.split() if w not in _FILLERS] for spelling in _spellings(one))
    ]
    return found[0] if len(found) == 1 else None


def _nearly(name: str, fields: Sequence[Field]) -> Field | None:
    """The one field whose name is a slip of the finger away (edit similarity of at least 88 of 100)."""
    from rapidfuzz import fuzz

    if len(name) < 5:
        return None
    scores = sorted(
        ((max(fuzz.ratio(name, s) for s in _spellings(one)), one.name, one) for one in fields), reverse=True
    )
    if not scores or scores[0][0] < 88 or (len(scores) > 1 and scores[1][0] == scores[0][0]):
        return None
    return scores[0][2]
