"""What may go into the pouch, decided on plain values: what is forbidden, what is too heavy, how a bag stands."""

from __future__ import annotations

import re
from enum import StrEnum

from cbo_desk.folding import fold
from cbo_desk.mail.outgoing.rules import kg


class BagState(StrEnum):
    """How a bag stands; going out it is packed, coming in it is announced."""

    OPEN = "open"
    CERTIFIED = "certified"
    SEALED = "sealed"
    DISPATCHED = "dispatched"
    ANNOUNCED = "announced"
    ARRIVED = "arrived"
    CONFIRMED = "confirmed"


BAG_WORDS = {
    BagState.OPEN: "Being packed",
    BagState.CERTIFIED: "Certified",
    BagState.SEALED: "Sealed",
    BagState.DISPATCHED: "On its way",
    BagState.ANNOUNCED: "Announced",
    BagState.ARRIVED: "To be counted",
    BagState.CONFIRMED: "Confirmed",
}


class SealFound(StrEnum):
    """How the seal of a bag was found."""

    INTACT = "intact"
    BROKEN = "broken"
    MISSING = "missing"
    OTHER = "other"


SEAL_WORDS = {
    SealFound.INTACT: "Intact",
    SealFound.BROKEN: "Broken",
    SealFound.MISSING: "Missing",
    SealFound.OTHER: "Another seal",
}


class CaseWhat(StrEnum):
    """What a case of a bag is about."""

    SEAL_BROKEN = "seal_broken"
    SEAL_MISSING = "seal_missing"
    SEAL_OTHER = "seal_other"
    COUNT = "count"


CASE_WORDS = {
    CaseWhat.SEAL_BROKEN: "The seal is broken",
    CaseWhat.SEAL_MISSING: "The seal is missing",
    CaseWhat.SEAL_OTHER: "The seal is not the one of the way bill",
    CaseWhat.COUNT: "The count is not that of the way bill",
}
_SEAL = re.compile(r"[A-Z0-9][A-Z0-9 /.-]{2,29}")


def seal_number(typed: str) -> str:
    """A seal's number in capitals with single spaces; "" where it cannot be one."""
    read = " ".join(typed.upper().split())
    return read if _SEAL.fullmatch(read) else ""


def forbidden_in(contents: str, words: tuple[str, ...]) -> str:
    """The first forbidden thing that contents name, "" for none.

    Each is looked for as whole words, in any case and without accents; a plural of either side is the same thing.
    """
    said = " ".join(_stem(word) for word in re.findall(r"\w+", fold(contents)))
    for thing in words:
        asked = " ".join(_stem(word) for word in re.findall(r"\w+", fold(thing)))
        if asked and f" {asked} " in f" {said} ":
            return thing
    return ""


def _stem(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def too_heavy(number: str, weight_g: int, most_g: int) -> str:
    """Why a package is too heavy, "" where it is not."""
    if weight_g <= most_g:
        return ""
    return f"{number} weighs {kg(weight_g)}: the pouch carries at most {kg(most_g)} in one package (ST/AI/368)."


def too_full(bag: str, inside_g: int, weight_g: int, limit_g: int) -> str:
    """Why a bag has no room for a package, "" where it has."""
    if inside_g + weight_g <= limit_g:
        return ""
    over = kg(inside_g + weight_g - limit_g)
    return f"{bag} holds {kg(inside_g)} of {kg(limit_g)}: with this it would be {over} over. Take another bag."
