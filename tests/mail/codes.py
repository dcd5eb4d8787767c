"""Carriers' numbers with right check digits, made by arithmetic of their own."""

from __future__ import annotations

WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)


def s10(serial: int, service: str = "RR", country: str = "KE") -> str:
    """A postal item number of UPU S10: eight digits and one that makes the weighted sum fit."""
    digits = f"{serial:08}"
    rest = 11 - sum(weight * int(digit) for weight, digit in zip(WEIGHTS, digits, strict=True)) % 11
    return f"{service}{digits}{ {10: 0, 11: 5}.get(rest, rest) }{country}"


def sscc(serial: int) -> str:
    """A serial shipping container code: seventeen digits and one that brings the sum weighted 3, 1, 3 … to tens."""
    digits = f"3404341{serial:010}"
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(digits))
    return f"{digits}{-total % 10}"
