"""Numbers of posts, carriers and GS1, told by their form and their check digits.

Every format is data in `resources/carriers`: pattern, check digit, services, test numbers, source. This module only
reads that data; what the mail desk makes of it is in `cbo_desk.mail.carriers`.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from cbo_desk.errors import Trouble
from cbo_desk.tags.check_digits import METHODS, Method

FOLDER = Path(__file__).resolve().parents[2] / "resources" / "carriers"
_SERVICE_KNOWN = 0.5


@dataclass(frozen=True, slots=True)
class Format:
    """One form of number; `fixed` is how many characters the form prescribes, `common` how often it is met here.

    `weak` formats have neither check digit nor a telling form: they are offered only where a parcel is in hand.
    """

    id: str
    carrier: str
    what: str
    group: str  # "post", "carrier", "gs1" or "device"
    pattern: re.Pattern[str]
    length: tuple[int, int]  # shortest and longest
    check: Method | None
    source: str
    valid: tuple[str, ...]
    invalid: tuple[str, ...]
    service: str
    services: Mapping[str, str]
    accountable: frozenset[str]
    refused: frozenset[str]
    countries: Mapping[str, str]  # of an air waybill: airlines
    completed: tuple[int, str]  # of so many characters, the number lacks these in front
    fixed: float
    common: float
    weak: bool
    written: str  # how a number is looked up

    @property
    def says_itself(self) -> bool:
        """Whether letters or fixed characters speak for the form, so that a wrong check digit is worth telling."""
        return self.fixed >= 2


@dataclass(frozen=True, slots=True)
class Match:
    """A format that a number fits; `number` is the one that is printed on paper, `fault` a sentence or empty."""

    format: Format
    number: str
    service: str
    accountable: bool
    country: str
    fault: str
    strength: float

    @property
    def code(self) -> str:
        """The one writing to look up."""
        return self.format.written.format(self.number)


def matches(squeezed: str) -> list[Match]:
    """Every format that the text fits, those without a fault first, then the best proven; none for anything unknown.

    The text holds capitals and digits only, without spaces: see `cbo_desk.tags.scan.squeezed`.
    """
    found = []
    for form in _by_length().get(len(squeezed), ()):
        if fit := form.pattern.fullmatch(squeezed):
            found.append(_match(form, fit))
    if len(found) > 1:
        found.sort(key=lambda match: (match.fault != "", -match.strength))
    return found


def _match(form: Format, fit: re.Match[str]) -> Match:
    groups = fit.groupdict()
    number = groups.get("number") or fit.group().removeprefix("%")
    if len(number) == form.completed[0]:
        number = form.completed[1] + number
    letter = groups.get("service") or ""
    country = form.countries.get(groups.get("country") or "", "")
    service = form.services.get(letter, "") or form.service
    strength = form.fixed + form.common + (_SERVICE_KNOWN if letter in form.services else 0)
    if form.check:
        strength += math.log10(form.check.odds)
    if form.countries and country and not form.says_itself:
        strength += 1
    return Match(
        form, number, service, letter in form.accountable, country, _fault(form, groups, number, letter), strength
    )


def _fault(form: Format, groups: dict[str, str | Any], number: str, letter: str) -> str:
    if letter in form.refused:
        return f"No {form.what} begins with {letter}: read the first letter again."
    if form.countries and groups["country"] not in form.countries:
        return f"We know no {'country' if form.group == 'post' else 'airline'} with the code {groups['country']}."
    checked = groups.get("checked") or number
    if form.check and form.check.character(checked[:-1]) != checked[-1]:
        return f"The check digit of this {form.what} is wrong. Scan it again or compare each digit."
    return ""


@cache
def formats() -> tuple[Format, ...]:
    """All formats, in the order of their files; raises Trouble where the data cannot be read."""
    found: list[Format] = []
    for path in sorted(FOLDER.glob("*.toml")):
        try:
            data = tomllib.loads(path.read_text("utf-8"))
            found += [_format(entry, data.get("countries", {})) for entry in data["format"]]
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError, TypeError, re.error) as error:
            raise Trouble(f"The carriers' formats in {path.name} cannot be read: install the program again.") from error
    return tuple(found)


@cache
def _by_length() -> Mapping[int, tuple[Format, ...]]:
    longest = max(form.length[1] for form in formats())
    return {
        size: tuple(form for form in formats() if form.length[0] <= size <= form.length[1])
        for size in range(longest + 1)
    }


def _format(entry: dict[str, Any], countries: Mapping[str, str]) -> Format:
    completed = entry.get("completed", {"length": 0, "with": ""})
    pattern = re.compile(entry["pattern"], re.ASCII)
    length = entry["length"]
    return Format(
        id=entry["id"],
        carrier=entry["carrier"],
        what=entry["what"],
        group=entry["group"],
        pattern=pattern,
        length=(length, length) if isinstance(length, int) else (length[0], length[1]),
        check=METHODS[entry["check"]] if "check" in entry else None,
        source=entry["source"],
        valid=tuple(entry["valid"]),
        invalid=tuple(entry["invalid"]),
        service=entry.get("service", ""),
        services=entry.get("services", {}),
        accountable=frozenset(entry.get("accountable", ())),
        refused=frozenset(entry.get("refused", ())),
        countries=countries if "country" in pattern.groupindex else {},
        completed=(completed["length"], completed["with"]),
        fixed=entry.get("fixed", 0),
        common=entry.get("common", 0),
        weak=entry.get("weak", False),
        written=entry.get("written", "{}"),
    )
