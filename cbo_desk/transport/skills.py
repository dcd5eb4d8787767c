"""What a driver must have beside valid papers: the vehicle's licence class, languages, skills. On plain values.

A request names languages and skills ("French firstaid"), a vehicle the class of its licence and what its driver must
be trained for ("armoured"). Nobody else drives then: plan, checker, suggestions, clashes and deeds ask here.
"""

from __future__ import annotations

from collections.abc import Iterable

from cbo_desk.languages import LANGUAGES
from cbo_desk.transport.rules import features

_CODES = {name.casefold(): code for code, name in LANGUAGES.items()} | {"kiswahili": "sw"}


def skills(*typed: str) -> frozenset[str]:
    """The languages and skills that somebody typed, such as "French, VIP"; a language is its code, however written."""
    return frozenset(_CODES.get(word, word) for words in typed for word in features(words))


def classes(typed: str) -> frozenset[str]:
    """The licence classes that somebody typed, such as "B, C1"."""
    return frozenset(typed.upper().replace(",", " ").replace(";", " ").split())


def wanted(words: Iterable[str]) -> str:
    """Whom somebody needs, as one says it: a driver who speaks French and has armoured."""
    known = sorted(set(words))
    spoken = " and ".join(LANGUAGES[word] for word in known if word in LANGUAGES)
    had = ", ".join(word for word in known if word not in LANGUAGES)
    parts = [f"speaks {spoken}" if spoken else "", f"has {had}" if had else ""]
    return "a driver who " + " and ".join(part for part in parts if part)


def why_not_drive(vehicle: str, licence: str, driver_needs: str, held: str, own: frozenset[str]) -> str:
    """Why a driver with classes `held` and skills `own` may not drive a vehicle, "" where they may."""
    if licence and licence not in classes(held):
        return f"{vehicle} takes a licence of class {licence}"
    lacks = skills(driver_needs) - own
    return f"{vehicle} takes {wanted(lacks)}" if lacks else ""


def asked_words(needs: str, driver_needs: str) -> str:
    """What a request needs, on papers and cards: "4x4 · a driver who speaks French"."""
    asked = skills(driver_needs)
    return " · ".join(part for part in (" ".join(needs.split()), wanted(asked) if asked else "") if part)


def driver_words(licence: str, driver_needs: str) -> str:
    """What a vehicle asks of its driver, on its card: "class D · armoured"."""
    return " · ".join(part for part in (f"class {licence}" if licence else "", driver_needs) if part)


def known(languages: str, had: str) -> str:
    """What a driver speaks and has, as one reads it: "English, French, armoured"."""
    words = [*languages.split(), *had.split()]
    return ", ".join(LANGUAGES.get(_CODES.get(word.casefold(), word.casefold()), word) for word in words)
