"""Check digits of the posts' and carriers' numbers; each method is named by the data in `resources/carriers`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from cbo_desk.tags import gs1

_S10_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)
_BASE_36 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
# A letter counts its ASCII code less 3, modulo 10; only capitals and digits come here.
_VALUES = {**{str(digit): digit for digit in range(10)}, **{letter: (ord(letter) - 3) % 10 for letter in _BASE_36[10:]}}


@dataclass(frozen=True, slots=True)
class Method:
    """A way to compute the check character of all that stands before it; one number in `odds` fits by chance."""

    character: Callable[[str], str]
    odds: int


def _s10(body: str) -> str:
    rest = 11 - sum(int(digit) * weight for digit, weight in zip(body, _S10_WEIGHTS, strict=True)) % 11
    return {10: "0", 11: "5"}.get(rest, str(rest))


def _letters_1_2(body: str) -> str:
    values = [_VALUES[character] for character in body]
    return str(-(sum(values[0::2]) + 2 * sum(values[1::2])) % 10)


def _mod_7(body: str) -> str:
    # An air waybill's check digit leaves out the airline: its data names the serial alone.
    return str(int(body) % 7)


def _weights_1_3_7(body: str) -> str:
    total = sum(int(digit) * (1, 3, 7)[place % 3] for place, digit in enumerate(reversed(body)))
    return str(total % 11 % 10)


def _luhn(body: str) -> str:
    doubled = sum(sum(divmod(2 * int(digit), 10)) for digit in body[::-1][0::2])
    return str(-(doubled + sum(int(digit) for digit in body[::-1][1::2])) % 10)


def _mod_37_36(body: str) -> str:
    carried = 36
    for character in body:
        carried = ((carried + _BASE_36.index(character)) % 36 or 36) * 2 % 37
    return _BASE_36[(37 - carried) % 36]


METHODS = {
    # UPU S10: weights 8 6 4 2 3 5 9 7, modulo 11; 10 is written 0 and 11 is written 5.
    "s10": Method(_s10, 10),
    # UPS and OnTrac: from the left, every second character counts twice.
    "letters-1-2": Method(_letters_1_2, 10),
    # DHL Express, air waybills: the number before it modulo 7.
    "mod-7": Method(_mod_7, 7),
    # FedEx Express: weights 1 3 7 from the right, modulo 11, 10 is written 0.
    "weights-1-3-7": Method(_weights_1_3_7, 10),
    # GS1, and with it USPS, Canada Post and FedEx Ground: weights 3 1 from the right, up to the next ten.
    "gs1": Method(gs1.check_digit, 10),
    "luhn": Method(_luhn, 10),  # ISO/IEC 7812
    "mod-37-36": Method(_mod_37_36, 36),  # ISO/IEC 7064
}
