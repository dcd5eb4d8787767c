"""Countries and the zones that our rate cards price them by, as data in `resources/mail/zones.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from cbo_desk.errors import Trouble
from cbo_desk.folding import fold

FILE = Path(__file__).resolve().parents[3] / "resources" / "mail" / "zones.toml"
POUCH = "pouch"
"""The zone of what goes by pouch: no carrier prices it."""


@dataclass(frozen=True)
class Country:
    """One country: its two letters, its name and the id of its zone."""

    code: str
    name: str
    zone: str


@cache
def zones() -> dict[str, str]:
    """Names of the zones by id, nearest first."""
    return {zone["id"]: zone["name"] for zone in _read()}


@cache
def countries() -> tuple[Country, ...]:
    """Every country by name. Raises Trouble where the file was spoilt."""
    found = [Country(code, name, zone["id"]) for zone in _read() for code, name in zone["countries"].items()]
    return tuple(sorted(found, key=lambda one: fold(one.name)))


def country(text: str) -> Country | None:
    """The country of two letters or a whole name, in any case and without its accents."""
    asked = fold(text)
    return next((one for one in countries() if asked in (one.code.casefold(), fold(one.name))), None)


def like(text: str, most: int = 8) -> list[Country]:
    """Countries whose code is typed, then those whose name begins with it, then those that hold it."""
    asked = fold(text)
    ranked = [
        (0 if one.code.casefold() == asked else 1 if fold(one.name).startswith(asked) else 2, one)
        for one in countries()
        if one.code.casefold() == asked or asked in fold(one.name)
    ]
    return [one for _rank, one in sorted(ranked, key=lambda pair: pair[0])][:most]


@cache
def _read() -> tuple[Any, ...]:
    try:
        return tuple(tomllib.loads(FILE.read_text(encoding="utf-8"))["zone"])
    except (OSError, KeyError, tomllib.TOMLDecodeError) as error:
        raise Trouble(f"The list of countries cannot be read: {error}. Install the program again.") from error
