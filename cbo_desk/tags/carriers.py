"""Barcodes of posts and carriers, told by their shape and their check digits."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from cbo_desk.tags.gs1 import has_check_digit

_S10 = re.compile(r"[A-Z]{2}\d{9}[A-Z]{2}\Z")
_UPS = re.compile(r"1Z[0-9A-Z]{16}\Z")
_DHL_PIECE = re.compile(r"J[A-Z]{1,3}\d{11,22}\Z")


@dataclass(frozen=True, slots=True)
class Barcode:
    """A reading of a foreign barcode: whose, its code in one writing, how strongly its check digits speak for it."""

    whose: str
    code: str
    checked: bool
    fault: str = ""


def s10_check_digit(serial: str) -> str:
    """Return the check digit of the eight digits of a UPU S10 identifier (weights 8 6 4 2 3 5 9 7, modulo 11)."""
    rest = 11 - sum(int(digit) * weight for digit, weight in zip(serial, (8, 6, 4, 2, 3, 5, 9, 7), strict=True)) % 11
    return {10: "0", 11: "5"}.get(rest, str(rest))


def _s10(code: str) -> Barcode:
    serial, digit = code[2:10], code[10]
    if s10_check_digit(serial) == digit:
        return Barcode("postal item (UPU S10)", code, True)
    return Barcode("postal item (UPU S10)", code, False, "The check digit of this postal item number is wrong.")


def ups_check_digit(body: str) -> str:
    """Return the check digit of the fifteen characters behind `1Z`: letters count 2 for A, 3 for B, and so on."""
    values = [int(c) if c.isdigit() else (ord(c) - 63) % 10 for c in body]
    total = sum(values[0::2]) + 2 * sum(values[1::2])
    return str(-total % 10)


def _luhn(digits: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1, 2)[place % 2]
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def _of_digits(code: str) -> Iterator[Barcode]:
    """Yield what a string of digits alone can be, by length and check digit."""
    size = len(code)
    if size == 18 and has_check_digit(code):
        yield Barcode("shipping container code (SSCC)", f"(00){code}", True)
    if size in (8, 12, 13, 14) and has_check_digit(code):
        yield Barcode("trade item number (GTIN)", f"(01){code.zfill(14)}", True)
    if size == 10 and int(code[:9]) % 7 == int(code[9]):
        yield Barcode("DHL waybill", code, True)
    if size == 12:
        total = sum(int(digit) * (3, 1, 7)[place % 3] for place, digit in enumerate(code[:11]))
        if total % 11 % 10 == int(code[11]):
            yield Barcode("FedEx tracking number", code, True)
    if size == 15 and _luhn(code):
        yield Barcode("telephone identity (IMEI)", code, True)


def barcodes(text: str) -> Iterator[Barcode]:
    """Yield every posts' or carriers' barcode that the text can be; it must hold capitals and digits only."""
    if not text.isascii():
        return
    if _S10.match(text):
        yield _s10(text)
    elif _UPS.match(text):
        right = ups_check_digit(text[2:17]) == text[17]
        yield Barcode("UPS tracking number", text, right, "" if right else "The check digit of this number is wrong.")
    elif _DHL_PIECE.match(text):
        yield Barcode("DHL piece number", text, False)
    elif text.isdigit():
        yield from _of_digits(text)
