"""The payload of a tag: `CBO`, a kind letter, ten random characters and a check character, fifteen in all.

Only digits and capitals: keyboard-wedge scanners mangle anything else under foreign layouts, and the alphanumeric mode
of a QR symbol stays small. Fifty random bits let a workstation that is cut off make tags without asking anybody.
"""

from __future__ import annotations

import random
import secrets
from enum import StrEnum

PREFIX = "CBO"
LENGTH = 15
RANDOM_LENGTH = 10
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford base 32: no I, L, O, U
ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"  # ISO 7064 values 0 to 35

_VALUE = {character: value for value, character in enumerate(ALPHANUMERIC)}
_RANDOM = frozenset(CROCKFORD)


class Kind(StrEnum):
    """What a tag is stuck on; the value is the fourth character of its code."""

    ASSET = "A"
    PLACE = "P"
    VEHICLE = "V"
    MAIL_ITEM = "M"
    BAG = "B"
    BADGE = "S"
    GATE_PASS = "G"
    TRIP_TICKET = "T"
    WORK_ORDER = "W"
    MANIFEST = "F"
    ROUND = "R"

    @property
    def words(self) -> str:
        """The kind as a person says it."""
        return _WORDS[self]


_WORDS = {
    Kind.ASSET: "asset",
    Kind.PLACE: "place",
    Kind.VEHICLE: "vehicle",
    Kind.MAIL_ITEM: "mail item",
    Kind.BAG: "bag",
    Kind.BADGE: "badge",
    Kind.GATE_PASS: "gate pass",
    Kind.TRIP_TICKET: "trip ticket",
    Kind.WORK_ORDER: "work order",
    Kind.MANIFEST: "manifest",
    Kind.ROUND: "round",
}
KIND_LETTERS = frozenset(kind.value for kind in Kind)


_SYSTEM = random.SystemRandom()


def _next_state(state: int, value: int) -> int:
    """One step of the hybrid system of ISO/IEC 7064: sum modulo 36 (never 0), doubled modulo 37."""
    total = (state + value) % 36 or 36
    return total * 2 % 37


def check_character(body: str) -> str:
    """Return the ISO/IEC 7064 MOD 37,36 check character of `body`, which must be of `0-9A-Z` only (else KeyError)."""
    state = 36
    for character in body:
        state = _next_state(state, _VALUE[character])
    return ALPHANUMERIC[(37 - state) % 36]


def has_tag_shape(text: str) -> bool:
    """Say whether `text` is built like a code, whatever its check character is."""
    return (
        len(text) == LENGTH
        and text.startswith(PREFIX)
        and text[3] in KIND_LETTERS
        and _RANDOM.issuperset(text[4:14])
        and text[14] in _VALUE
    )


def is_valid(text: str) -> bool:
    """Say whether `text` is a whole code, normalised, with the right check character."""
    return has_tag_shape(text) and check_character(text[:14]) == text[14]


def kind_of(code: str) -> Kind:
    """Return the kind a valid code was made for."""
    return Kind(code[3])


def grouped(code: str) -> str:
    """Return the code in three groups of five, as it is printed below the symbol to be typed from."""
    return f"{code[:5]} {code[5:10]} {code[10:]}"


def new_code(kind: str, rng: random.Random = _SYSTEM) -> str:
    """Make one new code of `kind` (a `Kind` or its letter)."""
    bits = rng.getrandbits(5 * RANDOM_LENGTH)
    body = PREFIX + kind + "".join(CROCKFORD[bits >> 5 * place & 31] for place in range(RANDOM_LENGTH))
    return body + check_character(body)


def new_codes(kind: str, count: int) -> list[str]:
    """Make `count` different new codes of `kind` (a `Kind` or its letter), a million in about a second."""
    if count == 1:  # a scan waits for it, and arrays only pay for many
        return [new_code(kind)]
    codes = dict.fromkeys(_draw_codes(kind, count))
    while len(codes) < count:  # a million of 2**50 repeats itself once in two thousand runs
        codes.update(dict.fromkeys(_draw_codes(kind, count - len(codes))))
    return list(codes)


def _draw_codes(kind: str, count: int) -> list[str]:
    """Draw `count` codes with array arithmetic: the check character of all of them, one place after the other."""
    import numpy as np

    values = np.array([_VALUE[character] for character in CROCKFORD], np.uint8)
    states = np.array([[_next_state(state, value) for value in range(36)] for state in range(37)], np.uint8)
    letters = np.frombuffer(ALPHANUMERIC.encode(), np.uint8)
    drawn = values[np.frombuffer(secrets.token_bytes(count * RANDOM_LENGTH), np.uint8).reshape(-1, RANDOM_LENGTH) & 31]
    start = 36
    for character in PREFIX + kind:
        start = _next_state(start, _VALUE[character])
    state = np.full(count, start, np.uint8)
    for place in range(RANDOM_LENGTH):
        state = states[state, drawn[:, place]]
    whole = np.empty((count, LENGTH), np.uint8)
    whole[:, :4] = np.frombuffer((PREFIX + kind).encode(), np.uint8)
    whole[:, 4:14] = letters[drawn]
    whole[:, 14] = letters[(37 - state.astype(np.int16)) % 36]
    text = whole.tobytes().decode("ascii")
    return [text[at : at + LENGTH] for at in range(0, len(text), LENGTH)]
